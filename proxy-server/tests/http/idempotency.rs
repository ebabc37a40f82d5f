//! `Idempotency-Key`.

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Answer, Server, read};
use crate::on_each_database;

on_each_database!(
    a_change_that_is_sent_twice_happens_once,
    the_same_request_many_times_at_once,
    a_key_belongs_to_one_request,
    a_version_knows_its_request,
);

async fn post(server: &Server, key: &str, path: &str, body: &Value) -> Answer {
    read(server.request(Method::POST, path).header("idempotency-key", key).json(body)).await
}

async fn a_change_that_is_sent_twice_happens_once(server: &Server) {
    let body = json!({ "name": "Shop" });
    let first = post(server, "key-1", "/v1/projects", &body).await;
    first.is(201);
    let again = post(server, "key-1", "/v1/projects", &body).await;
    again.is(201);
    assert_eq!((&again.json, again.header("idempotency-replayed")), (&first.json, "true"));
    assert_eq!(server.get("/v1/projects").await.json["meta"]["total"], 1);
    // What was refused is refused again, as it was.
    let wrong = post(server, "key-2", "/v1/projects", &json!({ "name": "" })).await;
    let again = post(server, "key-2", "/v1/projects", &json!({ "name": "" })).await;
    assert_eq!((again.status, &again.json["details"]), (wrong.status, &wrong.json["details"]));
}

async fn the_same_request_many_times_at_once(server: &Server) {
    let code = server.project().await;
    let path = format!("/v1/projects/{code}/versions");
    let body = json!({ "source": "a -> b\n", "base_version": 0 });
    let answers = join_all((0..10).map(|_| post(server, "save-1", &path, &body))).await;
    for answer in &answers {
        if answer.status.as_u16() == 409 {
            answer.is_error(409, "IDEMPOTENCY_IN_PROGRESS");
        } else {
            assert_eq!(answer.is(201).json["version_id"], 1);
        }
    }
    assert_eq!(post(server, "save-1", &path, &body).await.json["version_id"], 1);
    assert_eq!(server.get(&path).await.json["meta"]["total"], 1);
}

async fn a_key_belongs_to_one_request(server: &Server) {
    post(server, "key", "/v1/projects", &json!({ "name": "one" })).await.is(201);
    let other = post(server, "key", "/v1/projects", &json!({ "name": "two" })).await;
    assert_eq!(other.is_error(422, "VALIDATION_ERROR").fields(), ["idempotency-key"]);
    let long = "x".repeat(129);
    post(server, &long, "/v1/projects", &json!({ "name": "one" })).await.is_error(422, "VALIDATION_ERROR");
}

/// As after a crash between the version and the note that the request was served.
async fn a_version_knows_its_request(server: &Server) {
    let code = server.project().await;
    let path = format!("/v1/projects/{code}/versions");
    let save = json!({ "source": "a -> b\n", "base_version": 0 });
    let wish = json!({ "project_id": code, "query": "add a cache", "base_version": 1 });
    for (path, body, number) in [(path.as_str(), &save, 1), ("/v2/design/generate", &wish, 2)] {
        let key = format!("key {number}");
        post(server, &key, path, body).await.is(if number == 1 { 201 } else { 200 });
        let storage = &server.running.state.storage;
        storage.forget_answer("local", &key).await.unwrap();
        let again = post(server, &key, path, body).await;
        assert!(again.status.is_success(), "{}", again.text);
        assert_eq!(again.header("idempotency-replayed"), "", "it was served anew");
        let project = server.get(&format!("/v1/projects/{code}")).await;
        assert_eq!(project.json["last_version"], number, "and made no second version");
    }
}
