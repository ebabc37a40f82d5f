//! Who may do what: every route of the access table against every kind of caller. A route without a row, or a
//! row without a route, fails.

use std::collections::BTreeSet;

use proxy_server::accounts::Scope;
use proxy_server::policy::{self, Need};
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Server, read};

/// Callers, in the order of the columns.
const CALLERS: [&str; 6] = ["nobody", "stranger", "viewer", "editor", "owner", "reading key"];

/// Method, path, and the status class that each caller gets: `-` 401, `h` hidden (404), `f` forbidden (403),
/// `.` let through (any other answer).
const MATRIX: &[(&str, &str, &str)] = &[
    ("GET", "/v1/users/me", "-....."),
    ("PATCH", "/v1/users/me", "-....f"),
    ("GET", "/v1/users/me/export", "-....f"),
    ("GET", "/v1/api-keys", "-....f"),
    ("POST", "/v1/api-keys", "-....f"),
    ("DELETE", "/v1/api-keys/{id}", "-hhhhf"),
    ("POST", "/v1/auth/password", "-....f"),
    ("GET", "/v1/admin/users", "-hhhhf"),
    ("PATCH", "/v1/admin/users/{id}", "-hhhhf"),
    ("GET", "/v1/admin/audit", "-hhhhf"),
    ("GET", "/v1/templates", "-....."),
    ("GET", "/v1/templates/{id}", "-hhhhh"),
    ("GET", "/v1/projects", "-....."),
    ("POST", "/v1/projects", "-....f"),
    ("GET", "/v1/projects/{code}", "-h...."),
    ("PATCH", "/v1/projects/{code}", "-hff.f"),
    ("GET", "/v1/projects/{code}/style", "-h...."),
    ("PUT", "/v1/projects/{code}/style", "-hff.f"),
    ("GET", "/v1/projects/{code}/members", "-h...."),
    ("PATCH", "/v1/projects/{code}/members/{user_id}", "-hff.f"),
    ("GET", "/v1/projects/{code}/invitations", "-hff.."),
    ("POST", "/v1/projects/{code}/invitations", "-hff.f"),
    ("DELETE", "/v1/projects/{code}/invitations/{id}", "-hffhf"),
    ("GET", "/v1/invitations", "-....."),
    ("POST", "/v1/invitations/{id}/accept", "-hhhhf"),
    ("POST", "/v1/invitations/{id}/decline", "-hhhhf"),
    ("GET", "/v1/projects/{code}/versions", "-h...."),
    ("POST", "/v1/projects/{code}/versions", "-hf..f"),
    ("GET", "/v1/projects/{code}/versions/{n}", "-h...."),
    ("GET", "/v1/projects/{code}/versions/{a}/diff/{b}", "-h...."),
    ("POST", "/v1/projects/{code}/versions/{n}/restore", "-hf..f"),
    ("GET", "/v1/flags", "-....."),
    ("GET", "/v2/sessions", "-....."),
    ("POST", "/v2/sessions", "-h...f"),
    ("GET", "/v2/sessions/{id}", "-hhh.."),
    ("PATCH", "/v2/sessions/{id}", "-hhh.f"),
    ("DELETE", "/v2/sessions/{id}", "-hhh.f"),
    ("GET", "/v1/usage", "-....."),
    ("GET", "/v1/quota", "-....."),
    ("GET", "/v1/notifications", "-....."),
    ("POST", "/v1/notifications/{id}/read", "-hhhhf"),
    ("POST", "/v1/ws-ticket", "-....f"),
    ("POST", "/v2/design/generate", "-hf..f"),
    ("POST", "/v1/design", "-hf..f"),
    ("POST", "/v1/llm/chat/completions", "-....f"),
    ("POST", "/v1/llm/responses", "-....f"),
    ("POST", "/v1/llm/messages", "-....f"),
    ("POST", "/v1/llm/v1/messages", "-....f"),
    ("GET", "/v1/llm/models", "-....f"),
    ("GET", "/v1/llm/models/{*id}", "-....f"),
    ("GET", "/v1/llm/v1/models", "-....f"),
    ("GET", "/v1/llm/v1/models/{*id}", "-....f"),
    ("GET", "/v1/jobs/{id}", "-hhhhh"),
    ("DELETE", "/v1/jobs/{id}", "-hhhhf"),
    ("GET", "/v1/jobs/{id}/events", "-hhhhh"),
    // Last: they take away what the others look at.
    ("DELETE", "/v1/projects/{code}/members/{user_id}", "-hff.f"),
    ("DELETE", "/v1/projects/{code}", "-hff.f"),
    ("DELETE", "/v1/users/me", "-....f"),
];

fn body(path: &str, code: &str) -> Value {
    match path {
        "/v1/api-keys" => json!({ "name": "k", "scopes": ["read"] }),
        "/v1/projects" => json!({ "name": "p" }),
        "/v1/projects/{code}/members/{user_id}" => json!({ "role": "editor" }),
        "/v1/projects/{code}/invitations" => json!({ "email": "eve@example.com", "role": "viewer" }),
        "/v1/projects/{code}/versions" => json!({ "source": "a\n", "base_version": 99 }),
        "/v2/sessions" => json!({ "project_id": code }),
        "/v2/design/generate" | "/v1/design" => json!({ "project_id": code, "query": "a web shop" }),
        "/v1/auth/password" => json!({ "current": 1 }),
        path if path.starts_with("/v1/llm/") => json!({ "model": "near/tiny", "max_tokens": 9, "input": "hi",
            "messages": [{ "role": "user", "content": "hi" }] }),
        _ => json!({}),
    }
}

#[tokio::test]
async fn s09_every_route_against_every_caller() {
    let mut config = crate::harness::config();
    // Only people with credentials here: nobody is at the keyboard.
    config.accounts.local = proxy_server::config::LocalAccount::Off;
    config.llm.providers.insert("near".to_owned(), crate::relay::provider().await);
    let server = Server::with(config).await;
    let mut keys = vec![String::new()];
    for name in ["stranger", "viewer", "editor", "owner"] {
        let tokens = server.person(&format!("{name}@example.com")).await;
        keys.push(tokens["access_token"].as_str().unwrap().to_owned());
    }
    let ask = async |key: &str, method: &str, path: &str, body: Value| {
        let method: Method = method.parse().unwrap();
        let request = server.request(method, path).json(&body);
        read(if key.is_empty() { request } else { request.bearer_auth(key) }).await
    };
    let owner = keys[4].clone();
    let made = ask(&owner, "POST", "/v1/projects", json!({ "name": "Shop" })).await;
    let code = made.json["project_code"].as_str().unwrap().to_owned();
    let versions = format!("/v1/projects/{code}/versions");
    ask(&owner, "POST", &versions, json!({ "source": "a\n", "base_version": 0 })).await.is(201);
    for (index, role) in [(2, "viewer"), (3, "editor")] {
        let invite = json!({ "email": format!("{role}@example.com"), "role": role });
        let invited = ask(&owner, "POST", &format!("/v1/projects/{code}/invitations"), invite).await;
        let accept = format!("/v1/invitations/{}/accept", invited.json["id"].as_str().unwrap());
        ask(&keys[index], "POST", &accept, json!({})).await.is(204);
    }
    let members = ask(&owner, "GET", &format!("/v1/projects/{code}/members"), json!({})).await;
    let owner_id = members.json["data"][0]["user_id"].as_str().unwrap().to_owned();
    let make_key = async |scope: &str| {
        let made = json!({ "name": "k", "scopes": [scope] });
        let made = ask(&owner, "POST", "/v1/api-keys", made).await;
        made.is(201);
        (made.json["key"].as_str().unwrap().to_owned(), made.json["id"].as_str().unwrap().to_owned())
    };
    keys.push(make_key("read").await.0);
    let scoped = [(Scope::Write, make_key("write").await.0), (Scope::Llm, make_key("llm").await.0)];
    let (revoked, id) = make_key("read").await;
    ask(&owner, "DELETE", &format!("/v1/api-keys/{id}"), json!({})).await.is(204);

    let mut wrong = Vec::new();
    for &(method, path, expected) in MATRIX {
        let need = policy::find(&method.parse().unwrap(), path).unwrap().need;
        let allowed =
            |scope: Scope| need == Need::Scope(scope) || (need == Need::Relay && scope == Scope::Llm);
        let any = path.replace("{code}", &code).replace("{*id}", "x").replace("{id}", "x");
        let any = any.replace("{n}", "1").replace("{a}", "1").replace("{b}", "1").replace("{user_id}", "x");
        for (scope, key) in &scoped {
            if !allowed(*scope) {
                let answer = ask(key, method, &any, body(path, &code)).await;
                assert_eq!(answer.status.as_u16(), 403, "{method} {path} with a key for {scope:?}");
            }
        }
        let answer = ask(&revoked, method, &any, body(path, &code)).await;
        assert_eq!(answer.status.as_u16(), 401, "{method} {path} with a key that was taken back");
        // The owner comes last: they may take away what the others look at.
        for index in [0, 1, 2, 3, 5, 4] {
            let expected = char::from(expected.as_bytes()[index]);
            let session = ask(&owner, "POST", "/v2/sessions", json!({ "project_id": code })).await;
            let session = session.json["session_id"].as_str().unwrap_or("x").to_owned();
            let concrete = path
                .replace("{code}", &code)
                .replace("{user_id}", &owner_id)
                .replace("{n}", "1")
                .replace("{a}", "1")
                .replace("{b}", "1")
                .replace("{*id}", "unknown/model")
                .replace("{id}", if path.starts_with("/v2/sessions") { &session } else { "unknown" });
            let answer = ask(&keys[index], method, &concrete, body(path, &code)).await;
            let seen = match answer.status.as_u16() {
                401 => '-',
                404 => 'h',
                403 => 'f',
                500.. => '!',
                _ => '.',
            };
            if seen != expected {
                wrong.push(format!(
                    "{method} {path} as {}: {seen} instead of {expected}: {}",
                    CALLERS[index], answer.text
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    server.end().await;
}

#[test]
fn s10_the_table_the_matrix_and_the_router_name_the_same_routes() {
    let table: BTreeSet<(String, String)> =
        policy::TABLE.iter().map(|row| (row.method.to_string(), row.path.replace("{*", "{"))).collect();
    assert_eq!(table.len(), policy::TABLE.len(), "a route has two rows");
    let document = serde_json::to_value(proxy_server::openapi()).unwrap();
    let mut routed = BTreeSet::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for method in operations.as_object().unwrap().keys() {
            routed.insert((method.to_uppercase(), path.clone()));
        }
    }
    assert_eq!(table, routed, "left: the access table, right: the router");

    let guarded: BTreeSet<(&str, &str)> = policy::TABLE
        .iter()
        .filter(|row| !matches!(row.need, Need::Probe | Need::Public | Need::Login | Need::Operator))
        .map(|row| (row.method.as_str(), row.path))
        .collect();
    let tested: BTreeSet<(&str, &str)> = MATRIX.iter().map(|&(method, path, _)| (method, path)).collect();
    assert_eq!(guarded, tested, "left: the access table, right: the matrix");
}

/// What `http-api` promises, area by area.
const PROMISED: &str = "
    POST /v1/auth/register       POST /v1/auth/login          POST /v1/auth/refresh      POST /v1/auth/logout
    POST /v1/auth/password       POST /v1/auth/password/reset
    GET /v1/users/me             PATCH /v1/users/me           DELETE /v1/users/me        GET /v1/users/me/export
    GET /v1/auth/oidc/{provider}/start                        GET /v1/auth/oidc/{provider}/callback
    GET /v1/api-keys             POST /v1/api-keys            DELETE /v1/api-keys/{id}
    GET /v1/projects             POST /v1/projects            GET /v1/projects/{code}    PATCH /v1/projects/{code}
    DELETE /v1/projects/{code}   GET /v1/templates
    GET /v1/projects/{code}/members                           PATCH /v1/projects/{code}/members/{user_id}
    DELETE /v1/projects/{code}/members/{user_id}              GET /v1/projects/{code}/invitations
    POST /v1/projects/{code}/invitations                      DELETE /v1/projects/{code}/invitations/{id}
    GET /v1/projects/{code}/versions                          POST /v1/projects/{code}/versions
    GET /v1/projects/{code}/versions/{n}                      POST /v1/projects/{code}/versions/{n}/restore
    GET /v1/projects/{code}/versions/{a}/diff/{b}
    GET /v2/sessions             POST /v2/sessions            GET /v2/sessions/{id}      PATCH /v2/sessions/{id}
    DELETE /v2/sessions/{id}     POST /v2/design/generate     POST /v1/design
    GET /v1/jobs/{id}            GET /v1/jobs/{id}/events     DELETE /v1/jobs/{id}
    POST /v1/llm/chat/completions                             POST /v1/llm/responses     GET /v1/llm/models
    POST /v1/llm/v1/messages     GET /v1/llm/v1/models        POST /v1/llm/messages
    GET /v1/usage                GET /v1/quota
    GET /v1/notifications        POST /v1/notifications/{id}/read
    POST /v1/ws-ticket           GET /ws/notifications
    GET /health                  GET /health/live             GET /health/ready          GET /metrics
    GET /v1/flags                GET /v1/admin/users          GET /v1/admin/audit        GET /openapi.json
    GET /docs";

/// What a user of such an API expects besides: the other half of something promised.
const BESIDES: &str = "
    GET /v1/auth/oidc            POST /v1/auth/password/reset/confirm
    GET /v1/invitations          POST /v1/invitations/{id}/accept        POST /v1/invitations/{id}/decline
    GET /v1/templates/{id}       PATCH /v1/admin/users/{id}
    GET /v1/projects/{code}/style                             PUT /v1/projects/{code}/style
    GET /v1/llm/models/{id}      GET /v1/llm/v1/models/{id}
    GET /docs/                   GET /docs/{file}";

#[test]
fn s25_what_is_promised_is_routed_and_nothing_else() {
    let names = |text: &'static str| -> BTreeSet<String> {
        let words: Vec<&str> = text.split_whitespace().collect();
        words.chunks(2).map(|pair| format!("{} {}", pair[0], pair[1])).collect()
    };
    let routed: BTreeSet<String> =
        policy::TABLE.iter().map(|row| format!("{} {}", row.method, row.path.replace("{*", "{"))).collect();
    let promised: BTreeSet<String> = names(PROMISED).union(&names(BESIDES)).cloned().collect();
    assert_eq!(promised, routed, "left: the contract, right: the router");
}
