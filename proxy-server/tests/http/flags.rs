//! The five switches: each changes what the service does, for everybody or for one person; and the templates.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Answer, Server, config, read};
use crate::on_each_database;

on_each_database!(a_switch_is_set_for_one_person, templates_are_listed_and_given);

async fn ask(server: &Server, key: &str, method: Method, path: &str, body: Value) -> Answer {
    read(server.with_key(key, method, path).json(&body)).await
}

/// A person with a project: their key, their id and the project's code.
async fn person(server: &Server, name: &str) -> (String, String, String) {
    let tokens = server.person(&format!("{name}@example.com")).await;
    let key = tokens["access_token"].as_str().unwrap().to_owned();
    let me = ask(server, &key, Method::GET, "/v1/users/me", json!({})).await;
    let made = ask(server, &key, Method::POST, "/v1/projects", json!({ "name": "Shop" })).await;
    let code = made.json["project_code"].as_str().unwrap().to_owned();
    (key, me.json["id"].as_str().unwrap().to_owned(), code)
}

/// As the person at the keyboard, who is an admin.
async fn set(server: &Server, user_id: &str, flag: &str, is_on: Value) -> Answer {
    server.patch(&format!("/v1/admin/users/{user_id}"), json!({ "flags": { flag: is_on } })).await
}

/// D2 that only strict validation refuses: a key that is not as the style pack wants keys.
const UNSTYLED: &str = "WebShop: Shop\n";

async fn save(server: &Server, key: &str, code: &str, base: i64, source: &str) -> Answer {
    let body = json!({ "source": source, "base_version": base });
    ask(server, key, Method::POST, &format!("/v1/projects/{code}/versions"), body).await
}

async fn picture(server: &Server, key: &str, code: &str) -> Answer {
    let path = format!("/v1/projects/{code}/versions/latest");
    read(server.with_key(key, Method::GET, &path).header("accept", "image/svg+xml")).await
}

async fn a_switch_is_set_for_one_person(server: &Server) {
    let (ada, ada_id, shop) = person(server, "ada").await;
    let (bob, _, other) = person(server, "bob").await;
    let design = |code: &str| json!({ "project_id": code, "query": "a web shop", "mode": "propose" });

    // use_v2_service
    ask(server, &ada, Method::POST, "/v2/design/generate", design(&shop)).await.is(200);
    let changed = set(server, &ada_id, "use_v2_service", json!(false)).await;
    assert_eq!(changed.is(200).json["flags"]["use_v2_service"], false);
    let off = ask(server, &ada, Method::POST, "/v2/design/generate", design(&shop)).await;
    off.is_error(404, "SWITCHED_OFF");
    ask(server, &ada, Method::POST, "/v1/design", design(&shop)).await.is(200);
    ask(server, &bob, Method::POST, "/v2/design/generate", design(&other)).await.is(200);
    let flags = ask(server, &ada, Method::GET, "/v1/flags", json!({})).await;
    assert_eq!(
        (&flags.json["use_v2_service"], &flags.json["enable_svg_export"]),
        (&json!(false), &json!(true))
    );

    // strict_validation
    save(server, &ada, &shop, 0, UNSTYLED).await.is(201);
    set(server, &ada_id, "strict_validation", json!(true)).await.is(200);
    save(server, &ada, &shop, 1, UNSTYLED).await.is_error(422, "DSL_PARSING_FAILED");
    save(server, &bob, &other, 0, UNSTYLED).await.is(201);

    // enable_svg_export
    let svg = picture(server, &ada, &shop).await;
    assert!(svg.is(200).text.starts_with("<svg"), "{}", &svg.text[..80]);
    assert_eq!(svg.header("content-type"), "image/svg+xml; charset=utf-8");
    assert_eq!(svg.header("x-content-type-options"), "nosniff");
    set(server, &ada_id, "enable_svg_export", json!(false)).await.is(200);
    picture(server, &ada, &shop).await.is_error(404, "SWITCHED_OFF");
    picture(server, &bob, &other).await.is(200);

    // enable_notifications
    let invite = json!({ "email": "ada@example.com", "role": "viewer" });
    let path = format!("/v1/projects/{other}/invitations");
    let told = async || {
        let news = ask(server, &ada, Method::GET, "/v1/notifications", json!({})).await;
        news.json["meta"]["total"].as_u64().unwrap()
    };
    set(server, &ada_id, "enable_notifications", json!(false)).await.is(200);
    ask(server, &bob, Method::POST, &path, invite.clone()).await.is(201);
    assert_eq!(told().await, 0);
    set(server, &ada_id, "enable_notifications", Value::Null).await.is(200);
    ask(server, &bob, Method::POST, &path, invite).await.is(201);
    assert_eq!(told().await, 1);

    set(server, &ada_id, "everything", json!(true)).await.is_error(422, "VALIDATION_ERROR");
    set(server, "nobody", "use_v2_service", json!(true)).await.is_error(404, "NOT_FOUND");
    let audit = server.get("/v1/admin/audit").await;
    assert!(audit.text.contains("flags.changed"), "{}", audit.text);
}

async fn templates_are_listed_and_given(server: &Server) {
    let list = server.get("/v1/templates?limit=100").await;
    let all = list.is(200).json["data"].as_array().unwrap();
    assert!(all.len() >= 24, "only {}", all.len());
    let code = server.project().await;
    for (number, template) in all.iter().enumerate() {
        let whole = server.get(&format!("/v1/templates/{}", template["id"].as_str().unwrap())).await;
        assert_eq!(whole.is(200).json["title"], template["title"]);
        // Every one can be saved as it is.
        server.save(&code, number as i64, whole.json["source"].as_str().unwrap()).await.is(201);
    }
    let web = server.get("/v1/templates?category=web&limit=2").await;
    assert_eq!(web.json["data"].as_array().unwrap().len(), 2);
    assert!(web.json["links"]["next"].as_str().unwrap().contains("category=web"));
    server.get("/v1/templates/unknown").await.is_error(404, "NOT_FOUND");
}

#[tokio::test]
async fn switches_of_the_configuration_hold_for_everybody() {
    let mut config = config();
    config.flags.enable_svg_export = false;
    config.flags.use_v2_service = false;
    config.flags.enable_notifications = false;
    config.flags.strict_validation = true;
    let server = Server::with(config).await;
    let code = server.project().await;
    server.save(&code, 0, UNSTYLED).await.is_error(422, "DSL_PARSING_FAILED");
    server.save(&code, 0, "a -> b\na: A\nb: B\n").await.is(201);
    let path = format!("/v1/projects/{code}/versions/1");
    let picture = read(server.request(Method::GET, &path).header("accept", "image/svg+xml")).await;
    picture.is_error(404, "SWITCHED_OFF");
    let design = json!({ "project_id": code, "query": "a web shop" });
    server.post("/v2/design/generate", design).await.is_error(404, "SWITCHED_OFF");
    server.end().await;
}
