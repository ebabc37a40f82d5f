//! Signing up, in and out; tokens, keys, members.

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{PASSWORD, Server, config, read};
use crate::on_each_database;

on_each_database!(
    a_person_comes_and_goes,
    s04_a_refresh_token_works_once,
    s04_many_refreshes_at_once_give_one_successor,
    s05_a_new_password_ends_all_logins,
    s21_keys_do_what_their_scopes_say,
    members_do_what_their_roles_say,
    a_deleted_person_leaves_their_versions,
);

fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value[name].as_str().unwrap_or_else(|| panic!("no {name} in {value}"))
}

async fn a_person_comes_and_goes(server: &Server) {
    let tokens = server.person("Ada@Example.com ").await;
    let access = text(&tokens, "access_token");
    let me = read(server.with_key(access, Method::GET, "/v1/users/me")).await;
    me.is(200);
    assert_eq!((text(&me.json, "email"), text(&me.json, "name")), ("ada@example.com", "ada"));
    assert_eq!(me.json["is_admin"], false);

    // The second registration of an address changes nothing and says nothing.
    let body = json!({ "email": "ada@example.com", "password": "another good password" });
    server.post("/v1/auth/register", body.clone()).await.is(202);
    server.post("/v1/auth/login", body).await.is_error(401, "WRONG_CREDENTIALS");
    let unknown = json!({ "email": "nobody@example.com", "password": PASSWORD });
    server.post("/v1/auth/login", unknown).await.is_error(401, "WRONG_CREDENTIALS");
    let weak = server.post("/v1/auth/register", json!({ "email": "x", "password": "short" })).await;
    assert_eq!(weak.is_error(422, "VALIDATION_ERROR").fields(), ["email", "password"]);

    let body = json!({ "refresh_token": tokens["refresh_token"] });
    server.post("/v1/auth/logout", body.clone()).await.is(204);
    // The access token ends with its login, at once.
    read(server.with_key(access, Method::GET, "/v1/users/me")).await.is_error(401, "UNAUTHENTICATED");
    server.post("/v1/auth/refresh", body).await.is_error(401, "UNAUTHENTICATED");
}

async fn s04_a_refresh_token_works_once(server: &Server) {
    let first = server.person("ada@example.com").await;
    let refresh = async |agent: &str, tokens: &Value| {
        let body = json!({ "refresh_token": tokens["refresh_token"] });
        read(server.request(Method::POST, "/v1/auth/refresh").header("user-agent", agent).json(&body)).await
    };
    let second = refresh("one", &first).await;
    second.is(200);
    assert_ne!(second.json["refresh_token"], first["refresh_token"]);
    // The answer got lost: the same client gets the same successor.
    let again = refresh("one", &first).await;
    again.is(200);
    assert_eq!(again.json["refresh_token"], second.json["refresh_token"]);
    let third = refresh("one", &second.json).await;
    third.is(200);
    // The grandparent is no lost answer any more: somebody else holds it.
    refresh("one", &first).await.is_error(401, "UNAUTHENTICATED");
    refresh("one", &third.json).await.is_error(401, "UNAUTHENTICATED");
    let access = text(&third.json, "access_token");
    read(server.with_key(access, Method::GET, "/v1/users/me")).await.is_error(401, "UNAUTHENTICATED");

    // Another client with a used token ends the login too, grace or not.
    let first = server.person("ada@example.com").await;
    let second = refresh("one", &first).await;
    second.is(200);
    refresh("two", &first).await.is_error(401, "UNAUTHENTICATED");
    refresh("one", &second.json).await.is_error(401, "UNAUTHENTICATED");

    // An access token is no refresh token, nor the other way round.
    let tokens = server.person("ada@example.com").await;
    refresh("one", &json!({ "refresh_token": tokens["access_token"] }))
        .await
        .is_error(401, "UNAUTHENTICATED");
    let swapped = text(&tokens, "refresh_token");
    read(server.with_key(swapped, Method::GET, "/v1/users/me")).await.is_error(401, "UNAUTHENTICATED");
    let audit = server.get("/v1/admin/audit").await;
    assert!(audit.text.contains("token.reused"), "{}", audit.text);
}

async fn s04_many_refreshes_at_once_give_one_successor(server: &Server) {
    let tokens = server.person("ada@example.com").await;
    let body = json!({ "refresh_token": tokens["refresh_token"] });
    let answers = join_all((0..40).map(|_| server.post("/v1/auth/refresh", body.clone()))).await;
    let mut successors: Vec<&str> =
        answers.iter().map(|answer| text(&answer.is(200).json, "refresh_token")).collect();
    successors.dedup();
    assert_eq!(successors.len(), 1);
}

async fn s05_a_new_password_ends_all_logins(server: &Server) {
    let one = server.person("ada@example.com").await;
    let two = server.person("ada@example.com").await;
    let change = async |current: &str, new: &str| {
        let request = server.with_key(text(&one, "access_token"), Method::POST, "/v1/auth/password");
        read(request.json(&json!({ "current": current, "new": new }))).await
    };
    change("wrong password!", "a much better one").await.is_error(401, "WRONG_CREDENTIALS");
    change(PASSWORD, "short").await.is_error(422, "VALIDATION_ERROR");
    let changed = change(PASSWORD, "a much better one").await;
    changed.is(200);
    for old in [&one, &two] {
        let access = text(old, "access_token");
        read(server.with_key(access, Method::GET, "/v1/users/me")).await.is_error(401, "UNAUTHENTICATED");
    }
    let access = text(&changed.json, "access_token");
    read(server.with_key(access, Method::GET, "/v1/users/me")).await.is(200);
    let old = json!({ "email": "ada@example.com", "password": PASSWORD });
    server.post("/v1/auth/login", old).await.is_error(401, "WRONG_CREDENTIALS");
}

async fn s21_keys_do_what_their_scopes_say(server: &Server) {
    let tokens = server.person("ada@example.com").await;
    let access = text(&tokens, "access_token");
    let make = async |scopes: Value| {
        let request = server.with_key(access, Method::POST, "/v1/api-keys");
        read(request.json(&json!({ "name": "ci", "scopes": scopes }))).await
    };
    let reader = make(json!(["read"])).await;
    reader.is(201);
    let key = text(&reader.json, "key");
    assert!(key.starts_with(&format!("sp_{}_", text(&reader.json, "id"))), "{key}");
    read(server.with_key(key, Method::GET, "/v1/projects")).await.is(200);
    read(server.request(Method::GET, "/v1/projects").header("x-api-key", key)).await.is(200);
    let new = json!({ "name": "p" });
    read(server.with_key(key, Method::POST, "/v1/projects").json(&new)).await.is_error(403, "FORBIDDEN");
    // A key cannot make keys.
    read(server.with_key(key, Method::GET, "/v1/api-keys")).await.is_error(403, "FORBIDDEN");
    let writer = make(json!(["read", "write"])).await;
    let writing = text(&writer.json, "key");
    read(server.with_key(writing, Method::POST, "/v1/projects").json(&new)).await.is(201);

    make(json!(["everything"])).await.is_error(422, "VALIDATION_ERROR");
    make(json!([])).await.is_error(422, "VALIDATION_ERROR");
    let forged = format!("{}x", &key[..key.len() - 1]);
    for wrong in [forged.as_str(), "sp__", "sp_1_2", "sp_0000000000000000_", "sk-anything"] {
        read(server.with_key(wrong, Method::GET, "/v1/projects")).await.is_error(401, "UNAUTHENTICATED");
    }

    let list = read(server.with_key(access, Method::GET, "/v1/api-keys")).await;
    assert_eq!(list.json["data"].as_array().unwrap().len(), 2);
    assert!(!list.text.contains(key) && !list.text.contains("hash"), "{}", list.text);
    let path = format!("/v1/api-keys/{}", text(&reader.json, "id"));
    // What was looked up a moment ago does not outlive a change: of the key, of its person.
    let works = async |key: &str| read(server.with_key(key, Method::GET, "/v1/projects")).await.status == 200;
    assert!(works(key).await && works(writing).await);
    read(server.with_key(access, Method::DELETE, &path)).await.is(204);
    read(server.with_key(key, Method::GET, "/v1/projects")).await.is_error(401, "UNAUTHENTICATED");
    let another = make(json!(["read"])).await;
    let another = text(&another.json, "key");
    let me = read(server.with_key(access, Method::GET, "/v1/users/me")).await;
    let rights = format!("/v1/admin/users/{}", text(&me.json, "id"));
    for is_active in [true, false, true] {
        server.patch(&rights, json!({ "is_active": is_active })).await.is(200);
        assert_eq!(works(another).await, is_active);
    }
    // Its use is noted beside the answer.
    let used = async || {
        let list = read(server.with_key(access, Method::GET, "/v1/api-keys")).await;
        list.is(200).json["data"].as_array().unwrap().iter().all(|key| key["last_used_at"].is_string())
    };
    for _ in 0..100 {
        if used().await {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("nothing says that the keys were used");
}

async fn members_do_what_their_roles_say(server: &Server) {
    let (ada, bob) = (server.person("ada@example.com").await, server.person("bob@example.com").await);
    let (ada, bob) = (text(&ada, "access_token"), text(&bob, "access_token"));
    let ask = async |key: &str, method: Method, path: &str, body: Value| {
        read(server.with_key(key, method, path).json(&body)).await
    };
    let made = ask(ada, Method::POST, "/v1/projects", json!({ "name": "Shop" })).await;
    let code = text(&made.json, "project_code");
    let path = format!("/v1/projects/{code}");
    // Nobody else learns that it exists.
    let foreign = ask(bob, Method::GET, &path, json!({})).await;
    let unknown = ask(bob, Method::GET, "/v1/projects/NOTHING", json!({})).await;
    assert_eq!(foreign.is_error(404, "NOT_FOUND").json["message"], unknown.json["message"]);

    let invite = json!({ "email": "BOB@example.com", "role": "viewer" });
    ask(bob, Method::POST, &format!("{path}/invitations"), invite.clone()).await.is_error(404, "NOT_FOUND");
    ask(ada, Method::POST, &format!("{path}/invitations"), invite).await.is(201);
    let waiting = ask(bob, Method::GET, "/v1/invitations", json!({})).await;
    let id = text(&waiting.json["data"][0], "id");
    // An invitation is for one address.
    let accept = format!("/v1/invitations/{id}/accept");
    ask(ada, Method::POST, &accept, json!({})).await.is_error(404, "NOT_FOUND");
    ask(bob, Method::POST, &accept, json!({})).await.is(204);
    ask(bob, Method::POST, &accept, json!({})).await.is_error(404, "NOT_FOUND");

    let seen = ask(bob, Method::GET, &path, json!({})).await;
    assert_eq!(seen.is(200).json["role"], "viewer");
    let save = json!({ "source": "a\n", "base_version": 0 });
    let versions = format!("{path}/versions");
    ask(bob, Method::POST, &versions, save.clone()).await.is_error(403, "FORBIDDEN");
    let generate = json!({ "project_id": code, "query": "a web shop" });
    ask(bob, Method::POST, "/v2/design/generate", generate).await.is_error(403, "FORBIDDEN");

    let members = ask(ada, Method::GET, &format!("{path}/members"), json!({})).await;
    let bob_id = text(&members.json["data"][1], "user_id");
    let ada_id = text(&members.json["data"][0], "user_id");
    let member = |id: &str| format!("{path}/members/{id}");
    ask(ada, Method::PATCH, &member(bob_id), json!({ "role": "editor" })).await.is(204);
    ask(bob, Method::POST, &versions, save).await.is(201);
    ask(bob, Method::DELETE, &path, json!({})).await.is_error(403, "FORBIDDEN");
    ask(bob, Method::PATCH, &member(bob_id), json!({ "role": "owner" })).await.is_error(403, "FORBIDDEN");
    ask(ada, Method::PATCH, &member(ada_id), json!({ "role": "viewer" })).await.is_error(409, "LAST_OWNER");
    ask(ada, Method::DELETE, &member(ada_id), json!({})).await.is_error(409, "LAST_OWNER");
    // Everybody may leave.
    ask(bob, Method::DELETE, &member(bob_id), json!({})).await.is(204);
    ask(bob, Method::GET, &path, json!({})).await.is_error(404, "NOT_FOUND");
}

async fn a_deleted_person_leaves_their_versions(server: &Server) {
    let (ada, bob) = (server.person("ada@example.com").await, server.person("bob@example.com").await);
    let (ada, bob) = (text(&ada, "access_token"), text(&bob, "access_token"));
    let ask = async |key: &str, method: Method, path: &str, body: Value| {
        read(server.with_key(key, method, path).json(&body)).await
    };
    let shared = ask(ada, Method::POST, "/v1/projects", json!({ "name": "shared" })).await;
    let shared = format!("/v1/projects/{}", text(&shared.json, "project_code"));
    let invite = json!({ "email": "bob@example.com", "role": "editor" });
    let invited = ask(ada, Method::POST, &format!("{shared}/invitations"), invite).await;
    let accept = format!("/v1/invitations/{}/accept", text(&invited.json, "id"));
    ask(bob, Method::POST, &accept, json!({})).await.is(204);
    let save = json!({ "source": "a\n", "base_version": 0 });
    ask(ada, Method::POST, &format!("{shared}/versions"), save).await.is(201);

    let export = ask(ada, Method::GET, "/v1/users/me/export", json!({})).await;
    assert_eq!(export.is(200).json["projects"][0]["versions"][0]["source"], "a\n");
    for part in ["sessions", "api_keys", "identities", "notifications", "usage"] {
        assert!(export.json[part].is_array(), "{part} is missing");
    }
    assert_eq!(export.json["user"]["email"], "ada@example.com");
    ask(ada, Method::DELETE, "/v1/users/me", json!({})).await.is(204);
    ask(ada, Method::GET, "/v1/users/me", json!({})).await.is_error(401, "UNAUTHENTICATED");

    let version = ask(bob, Method::GET, &format!("{shared}/versions/1"), json!({})).await;
    assert_eq!(version.is(200).json["author"], json!(null));
    // Somebody must own it.
    assert_eq!(ask(bob, Method::GET, &shared, json!({})).await.json["role"], "owner");
}

#[tokio::test]
async fn s14_guessing_is_slowed_down() {
    let mut config = config();
    config.limits.logins_per_minute = 3;
    let server = Server::with(config).await;
    let body = json!({ "email": "ada@example.com", "password": "guess" });
    for _ in 0..3 {
        server.post("/v1/auth/login", body.clone()).await.is_error(401, "WRONG_CREDENTIALS");
    }
    let answer = server.post("/v1/auth/login", body).await;
    answer.is_error(429, "RATE_LIMITED");
    assert!(answer.header("retry-after").parse::<u64>().is_ok_and(|s| (1..=60).contains(&s)));
    server.end().await;
}

#[tokio::test]
async fn s13_requests_are_limited_by_person() {
    let mut config = config();
    config.limits.requests_per_minute = 5;
    let server = Server::with(config).await;
    let tokens = server.person("ada@example.com").await;
    let access = text(&tokens, "access_token");
    for _ in 0..5 {
        read(server.with_key(access, Method::GET, "/v1/projects")).await.is(200);
    }
    read(server.with_key(access, Method::GET, "/v1/projects")).await.is_error(429, "RATE_LIMITED");
    // Strangers are counted by address: a spoofed header makes no new one.
    for number in 0..6 {
        let request = server.with_key("wrong", Method::GET, "/v1/projects");
        let answer = read(request.header("x-forwarded-for", format!("203.0.113.{number}"))).await;
        assert_eq!(answer.status.as_u16(), if number < 5 { 401 } else { 429 });
    }
    server.get("/v1/projects").await.is(200);
    server.end().await;
}

#[tokio::test]
async fn s06_the_refresh_cookie_is_for_our_own_pages() {
    let server = Server::sqlite().await;
    server.person("ada@example.com").await;
    let body = json!({ "email": "ada@example.com", "password": PASSWORD, "cookie": true });
    let login = server.post("/v1/auth/login", body).await;
    login.is(200);
    assert!(login.json.get("refresh_token").is_none());
    let cookie = login.header("set-cookie");
    for part in ["__Host-spandrel-refresh=sr_", "Path=/", "Secure", "HttpOnly", "SameSite=Strict"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    let pair = cookie.split(';').next().unwrap();
    let refresh = |name: &'static str, value: String| {
        let request = server.request(Method::POST, "/v1/auth/refresh").header("cookie", pair);
        read(request.header(name, value).json(&json!({})))
    };
    refresh("origin", "https://evil.example".to_owned()).await.is_error(403, "FORBIDDEN");
    refresh("origin", "null".to_owned()).await.is_error(403, "FORBIDDEN");
    refresh("sec-fetch-site", "cross-site".to_owned()).await.is_error(403, "FORBIDDEN");
    let renewed = refresh("origin", server.running.url()).await;
    renewed.is(200);
    assert!(renewed.header("set-cookie").starts_with("__Host-spandrel-refresh=sr_"));
    server.end().await;
}
