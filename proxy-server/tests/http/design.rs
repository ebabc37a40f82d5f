//! `/v2/design/generate` and `/v1/design`.

use reqwest::Method;
use serde_json::json;

use crate::harness::{Server, read};
use crate::on_each_database;

on_each_database!(
    a_wish_becomes_a_version,
    a_proposal_keeps_nothing,
    a_wish_changes_what_is_there,
    questions_are_answered_in_words,
    wrong_requests_are_refused,
    sessions_stay_with_their_project,
    the_old_address_answers,
    events_tell_the_story,
);

pub(crate) const WISH: &str = "secure web app with database and authentication";

async fn a_wish_becomes_a_version(server: &Server) {
    let code = server.project().await;
    let answer = server.post("/v2/design/generate", json!({ "project_id": code, "query": WISH })).await;
    answer.is(200);
    let response = &answer.json["response"];
    assert_eq!(response["intent"], "DSL_CREATE", "{}", answer.text);
    assert_eq!(response["provider"], "offline");
    assert!(response["confidence"].as_f64().is_some_and(|c| (0.0..=1.0).contains(&c)));
    assert!(!response["message"].as_str().unwrap().is_empty());
    assert_eq!(response["session_id"].as_str().unwrap().len(), 36);
    let payload = &response["payload"];
    assert_eq!(payload["version_id"], 1);
    assert!(!payload["diagram_state"]["nodes"].as_array().unwrap().is_empty());
    assert!(payload["diagram_state"]["edges"].is_array());
    assert_eq!(payload["pinned_nodes"], json!([]));

    let version = server.get(&format!("/v1/projects/{code}/versions/1")).await;
    assert_eq!(version.json["source"], payload["d2"]);
    assert_eq!(version.json["origin"], "offline");
    assert!(version.json["drawing"].is_object());

    let session = server.get(&format!("/v2/sessions/{}", response["session_id"].as_str().unwrap())).await;
    assert_eq!(session.json["last_version_id"], 1);
    assert_eq!(session.json["last_intent"], "DSL_CREATE");
    assert_eq!(session.json["history"][0]["content"], WISH);
    assert_eq!(session.json["history"][1]["version_id"], 1);
}

async fn a_proposal_keeps_nothing(server: &Server) {
    let code = server.project().await;
    let body = json!({ "project_id": code, "query": WISH, "mode": "propose", "include": [] });
    let answer = server.post("/v2/design/generate", body).await;
    answer.is(200);
    let payload = &answer.json["response"]["payload"];
    assert_eq!(payload["version_id"], json!(null));
    assert_eq!(payload["diagram_state"], json!(null));
    assert_eq!(server.get(&format!("/v1/projects/{code}")).await.json["last_version"], 0);
    // Accepting it is a save.
    server.save(&code, 0, payload["d2"].as_str().unwrap()).await.is(201);
}

async fn a_wish_changes_what_is_there(server: &Server) {
    let code = server.project().await;
    server.save(&code, 0, "# mine\nshop -> payments\n").await.is(201);
    let body = json!({ "project_id": code, "query": "add a cache called redis", "base_version": 1 });
    let answer = server.post("/v2/design/generate", body.clone()).await;
    answer.is(200);
    assert_eq!(answer.json["response"]["intent"], "DSL_UPDATE", "{}", answer.text);
    assert_eq!(answer.json["response"]["payload"]["version_id"], 2);
    let d2 = answer.json["response"]["payload"]["d2"].as_str().unwrap();
    assert!(d2.contains("# mine") && d2.contains("shop -> payments"), "the person's text stays: {d2}");
    assert!(d2.to_lowercase().contains("redis"), "{d2}");
    // The same base again: someone (we) was first.
    server.post("/v2/design/generate", body).await.is_error(409, "VERSION_CONFLICT");
}

async fn questions_are_answered_in_words(server: &Server) {
    let code = server.project().await;
    server.save(&code, 0, "shop -> payments\n").await.is(201);
    let body = json!({ "project_id": code, "query": "what is the difference between a queue and a topic?" });
    let answer = server.post("/v2/design/generate", body).await;
    answer.is(200);
    let response = &answer.json["response"];
    assert_eq!(response["intent"], "EXPERT_QA", "{}", answer.text);
    assert!(!response["message"].as_str().unwrap().is_empty());
    assert_eq!(response["payload"]["version_id"], 1);
    assert_eq!(response["payload"]["d2"], "shop -> payments\n");
    assert_eq!(response["payload"]["diagram_state"], json!(null));
    assert_eq!(server.get(&format!("/v1/projects/{code}")).await.json["last_version"], 1);
}

async fn wrong_requests_are_refused(server: &Server) {
    let code = server.project().await;
    let ask = async |body| server.post("/v2/design/generate", body).await;
    for (query, fits) in [("é".repeat(512), true), ("x".repeat(513), false), ("  ".to_owned(), false)] {
        let answer = ask(json!({ "project_id": code, "query": query, "mode": "propose" })).await;
        if fits {
            answer.is(200);
        } else {
            assert_eq!(answer.is_error(422, "VALIDATION_ERROR").fields(), ["query"]);
        }
    }
    let answer = ask(json!({ "project_id": "x", "query": "", "session_id": "short" })).await;
    answer.is_error(422, "VALIDATION_ERROR");
    let mut fields = answer.fields();
    fields.sort_unstable();
    assert_eq!(fields, ["project_id", "query", "session_id"]);
    ask(json!({ "project_id": "UNKNOWN", "query": WISH })).await.is_error(404, "NOT_FOUND");
    ask(json!({ "project_id": code })).await.is_error(422, "VALIDATION_ERROR");
    ask(json!({ "project_id": code, "query": WISH, "mode": "guess" }))
        .await
        .is_error(422, "VALIDATION_ERROR");
    let stranger = "0b3ce3c4-7a4a-4a6b-9d9e-3b5d5a1f2c11";
    ask(json!({ "project_id": code, "query": WISH, "session_id": stranger }))
        .await
        .is_error(404, "NOT_FOUND");
}

async fn sessions_stay_with_their_project(server: &Server) {
    let (one, two) = (server.project().await, server.project().await);
    let session = server.post("/v2/sessions", json!({ "project_id": one })).await;
    let id = &session.json["session_id"];
    let body = json!({ "project_id": two, "query": WISH, "session_id": id });
    server.post("/v2/design/generate", body).await.is_error(409, "SESSION_PROJECT_MISMATCH");
}

async fn the_old_address_answers(server: &Server) {
    let code = server.project().await;
    let answer = server.post("/v1/design", json!({ "project_id": code, "query": WISH })).await;
    answer.is(200);
    assert_eq!(answer.json["intent"], "DSL_CREATE");
    assert_eq!(answer.json["version_id"], 1);
    assert!(!answer.json["nodes"].as_array().unwrap().is_empty());
    assert!(answer.json["edges"].is_array());
    assert!(answer.header("deprecation").starts_with('@'));
    assert!(answer.header("sunset").ends_with("GMT"));
}

/// Names and data of the events of a stream.
pub(crate) fn events(text: &str) -> Vec<(String, serde_json::Value)> {
    text.split("\n\n")
        .filter(|block| block.contains("event: "))
        .map(|block| {
            let line = |name: &str| {
                block.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default().to_owned()
            };
            (line("event: "), serde_json::from_str(&line("data: ")).unwrap())
        })
        .collect()
}

async fn events_tell_the_story(server: &Server) {
    let code = server.project().await;
    let ask = async |body: serde_json::Value| {
        let request = server.request(Method::POST, "/v2/design/generate");
        let answer = read(request.header("accept", "text/event-stream").json(&body)).await;
        answer.is(200);
        assert_eq!(answer.header("content-type"), "text/event-stream");
        assert_eq!(answer.header("x-accel-buffering"), "no");
        events(&answer.text)
    };
    let told = ask(json!({ "project_id": code, "query": WISH })).await;
    let mut names: Vec<&str> = told.iter().map(|(name, _)| name.as_str()).collect();
    names.dedup();
    assert_eq!(names, ["intent", "source", "message", "version", "done"]);
    assert_eq!(told[0].1["intent"], "DSL_CREATE");
    let written: String = told
        .iter()
        .filter(|(name, _)| name == "source")
        .map(|(_, data)| data["delta"].as_str().unwrap())
        .collect();
    let done = &told.last().unwrap().1["response"];
    assert_eq!(done["payload"]["d2"], written, "the deltas are the text");
    assert_eq!(done["payload"]["version_id"], 1);
    assert_eq!(told[told.len() - 2].1, json!({ "version_id": 1 }));

    let told = ask(json!({ "project_id": code, "query": WISH, "base_version": 9 })).await;
    assert_eq!(told.len(), 1);
    assert_eq!((told[0].0.as_str(), &told[0].1["error_code"]), ("error", &json!("VERSION_CONFLICT")));
    assert_eq!(told[0].1["request_id"].as_str().unwrap().len(), 36);
}
