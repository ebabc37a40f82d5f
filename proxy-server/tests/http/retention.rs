//! What is kept until when: sessions, answers, tokens, news and jobs go, the versions of a living project stay.

use reqwest::Method;
use serde_json::json;

use crate::harness::{Server, read};
use crate::on_each_database;

on_each_database!(what_is_over_goes_and_versions_stay, a_session_lives_from_use_to_use);

const DAY_MS: i64 = 86_400_000;

fn now() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}

async fn what_is_over_goes_and_versions_stay(server: &Server) {
    let storage = &server.running.state.storage;
    let code = server.project().await;
    server.save(&code, 0, "a -> b\n").await.is(201);
    let project = storage.project("local", &code).await.unwrap().unwrap();

    let over = storage.create_session("local", &project.id, 1, -1).await.unwrap();
    let living = storage.create_session("local", &project.id, 1, DAY_MS).await.unwrap();
    storage.notify(&["local".to_owned()], "test", "news", "{}").await.unwrap();
    let made = server.request(Method::POST, "/v1/projects").header("idempotency-key", "k");
    read(made.json(&json!({ "name": "Kept" }))).await.is(201);

    assert_eq!(storage.sweep_sessions().await.unwrap(), 1);
    server.get(&format!("/v2/sessions/{over}")).await.is_error(404, "NOT_FOUND");
    server.get(&format!("/v2/sessions/{living}")).await.is(200);
    assert_eq!(storage.sweep_notifications(now() - DAY_MS).await.unwrap(), 0, "they are of today");
    assert_eq!(storage.sweep_notifications(now() + DAY_MS).await.unwrap(), 1);
    assert_eq!(storage.sweep_answers().await.unwrap(), 0, "it is of today");
    server.person("ada@example.com").await;
    assert_eq!(storage.sweep_logins().await.unwrap(), 0, "they are of today");
    assert_eq!(storage.sweep_jobs().await.unwrap(), 0);

    let version = server.get(&format!("/v1/projects/{code}/versions/1")).await;
    assert_eq!(version.is(200).json["source"], "a -> b\n");
}

async fn a_session_lives_from_use_to_use(server: &Server) {
    let storage = &server.running.state.storage;
    let code = server.project().await;
    let made = server.post("/v2/sessions", json!({ "project_id": code })).await;
    let id = made.is(201).json["session_id"].as_str().unwrap();
    let ends = async || storage.session("local", id).await.unwrap().unwrap().expires_at;
    let first = ends().await;
    assert!((first - now() - DAY_MS).abs() < 60_000, "24 hours");
    // As if it had been made long ago.
    storage.use_session(id, None, None, &[], 50, 60_000).await.unwrap();
    assert!(ends().await < now() + 61_000);
    let body = json!({ "project_id": code, "session_id": id, "mode": "propose", "include": [],
        "query": "what is a cache?" });
    server.post("/v2/design/generate", body).await.is(200);
    assert!(ends().await >= first, "used, it lives for another day");
    // Another server of the same database, whose cache has never seen it.
    if storage.kind() == proxy_server::storage::Kind::Postgres {
        let mut config = server.running.state.config.clone();
        config.server.listen = "127.0.0.1:0".parse().unwrap();
        let other = Server::with(config).await;
        let session = other.get(&format!("/v2/sessions/{id}")).await;
        assert_eq!(session.is(200).json["history"][0]["content"], "what is a cache?");
        other.running.stop().await;
    }
}
