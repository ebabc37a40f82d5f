//! `/v2/sessions`.

use serde_json::json;

use crate::harness::Server;
use crate::on_each_database;

on_each_database!(a_session_lives, unknown_sessions_are_not_found, history_is_bounded);

async fn a_session_lives(server: &Server) {
    let code = server.project().await;
    let made = server.post("/v2/sessions", json!({ "project_id": code })).await;
    made.is(201);
    let id = made.json["session_id"].as_str().unwrap();
    assert_eq!(id.len(), 36);
    assert_eq!(made.json["project_id"], code);
    assert_eq!(made.json["history"], json!([]));

    server.save(&code, 0, "a\n").await.is(201);
    let path = format!("/v2/sessions/{id}");
    let changed = server.patch(&path, json!({ "last_version_id": 1 })).await;
    changed.is(200);
    assert_eq!(changed.json["last_version_id"], 1);
    let wrong = server.patch(&path, json!({ "last_version_id": 2 })).await;
    wrong.is_error(422, "VALIDATION_ERROR");

    let list = server.get(&format!("/v2/sessions?project_id={code}")).await;
    assert_eq!(list.json["data"][0]["session_id"], id);
    assert_eq!(list.json["meta"]["total"], 1);
    server.delete(&path).await.is(204);
    server.get(&path).await.is_error(404, "NOT_FOUND");
}

async fn unknown_sessions_are_not_found(server: &Server) {
    server.get("/v2/sessions/0b3ce3c4-7a4a-4a6b-9d9e-3b5d5a1f2c11").await.is_error(404, "NOT_FOUND");
    server.get("/v2/sessions/x").await.is_error(404, "NOT_FOUND");
    server.post("/v2/sessions", json!({ "project_id": "NOPE" })).await.is_error(404, "NOT_FOUND");
}

async fn history_is_bounded(server: &Server) {
    let code = server.project().await;
    let made = server.post("/v2/sessions", json!({ "project_id": code })).await;
    let id = made.json["session_id"].as_str().unwrap();
    for number in 0..27 {
        let body = json!({ "project_id": code, "session_id": id, "mode": "propose", "include": [],
            "query": format!("what is a cache, part {number}?") });
        server.post("/v2/design/generate", body).await.is(200);
    }
    let session = server.get(&format!("/v2/sessions/{id}")).await;
    let history = session.json["history"].as_array().unwrap();
    assert_eq!(history.len(), 50);
    assert_eq!(history[0]["content"], "what is a cache, part 2?");
    assert_eq!(history[48]["content"], "what is a cache, part 26?");
    assert_eq!(history[49]["role"], "assistant");
}
