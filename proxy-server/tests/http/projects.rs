//! `/v1/projects`.

use serde_json::json;

use crate::harness::Server;
use crate::on_each_database;

on_each_database!(
    a_project_lives_from_making_to_deleting,
    codes_are_made_and_kept,
    an_offline_project_is_made_once,
    lists_are_paged_sorted_and_filtered,
    wrong_fields_are_named,
);

async fn a_project_lives_from_making_to_deleting(server: &Server) {
    let made = server.post("/v1/projects", json!({ "name": " Shop ", "description": "sells" })).await;
    made.is(201);
    let code = made.json["project_code"].as_str().unwrap();
    assert_eq!(made.header("location"), format!("/v1/projects/{code}"));
    assert_eq!(made.json["name"], "Shop");
    assert_eq!(made.json["role"], "owner");
    assert_eq!(made.json["last_version"], 0);

    let path = format!("/v1/projects/{code}");
    let changed = server.patch(&path, json!({ "name": "Bazaar" })).await;
    changed.is(200);
    assert_eq!(changed.json["name"], "Bazaar");
    assert_eq!(changed.json["description"], "sells");
    assert_eq!(server.get(&path).await.json, changed.json);

    server.save(code, 0, "a -> b\n").await.is(201);
    server.delete(&path).await.is(204);
    server.get(&path).await.is_error(404, "NOT_FOUND");
    server.get(&format!("{path}/versions/1")).await.is_error(404, "NOT_FOUND");
    server.delete(&path).await.is_error(404, "NOT_FOUND");
}

async fn codes_are_made_and_kept(server: &Server) {
    let made = server.project().await;
    assert_eq!(made.len(), 7);
    let wished = server.post("/v1/projects", json!({ "name": "a", "project_code": "my-shop_2" })).await;
    wished.is(201);
    assert_eq!(wished.json["project_code"], "my-shop_2");
    let again = server.post("/v1/projects", json!({ "name": "a", "project_code": "my-shop_2" })).await;
    again.is_error(409, "PROJECT_CODE_TAKEN");
    for code in ["ab", &"x".repeat(65), "../x", "a b"] {
        let answer = server.post("/v1/projects", json!({ "name": "a", "project_code": code })).await;
        answer.is_error(422, "VALIDATION_ERROR");
        assert_eq!(answer.fields(), ["project_code"]);
    }
}

async fn an_offline_project_is_made_once(server: &Server) {
    let body = json!({ "name": "Offline", "client_id": "0b3ce3c4-7a4a-4a6b-9d9e-3b5d5a1f2c11" });
    let first = server.post("/v1/projects", body.clone()).await;
    first.is(201);
    let second = server.post("/v1/projects", body).await;
    second.is(200);
    assert_eq!(first.json["project_code"], second.json["project_code"]);
    assert_eq!(server.get("/v1/projects").await.json["meta"]["total"], 1);
}

async fn lists_are_paged_sorted_and_filtered(server: &Server) {
    for name in ["beta", "Alpha 100%", "gamma", "delta", "epsilon"] {
        server.post("/v1/projects", json!({ "name": name })).await.is(201);
    }
    let page = server.get("/v1/projects?limit=2&sort=-name").await;
    page.is(200);
    let names = |json: &serde_json::Value| -> Vec<String> {
        let data = json["data"].as_array().unwrap();
        data.iter().map(|project| project["name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names(&page.json), ["gamma", "epsilon"]);
    assert_eq!(page.json["meta"], json!({ "page": 1, "limit": 2, "total": 5 }));
    assert_eq!(page.json["links"]["prev"], json!(null));

    let mut seen = names(&page.json);
    let mut next = page.json["links"]["next"].as_str().map(str::to_owned);
    while let Some(path) = next {
        let page = server.get(&path).await;
        seen.extend(names(&page.json));
        next = page.json["links"]["next"].as_str().map(str::to_owned);
    }
    assert_eq!(seen.len(), 5);

    let found = server.get("/v1/projects?name=LPH").await;
    assert_eq!(names(&found.json), ["Alpha 100%"]);
    // A wildcard of the database is a plain character here.
    assert_eq!(server.get("/v1/projects?name=%25").await.json["meta"]["total"], 1);

    for wrong in ["page=0", "limit=0", "limit=101", "page=x", "sort=password_hash", "sort=name;drop"] {
        server.get(&format!("/v1/projects?{wrong}")).await.is_error(422, "VALIDATION_ERROR");
    }
}

async fn wrong_fields_are_named(server: &Server) {
    let answer = server
        .post("/v1/projects", json!({ "name": " ", "description": "x".repeat(2001), "client_id": "1" }))
        .await;
    answer.is_error(422, "VALIDATION_ERROR");
    assert_eq!(answer.fields(), ["name", "description", "client_id"]);
    let answer = server.post("/v1/projects", json!({ "name": 7 })).await;
    answer.is_error(422, "VALIDATION_ERROR");
    assert_eq!(answer.fields(), ["name"]);
    server.post("/v1/projects", json!([])).await.is_error(422, "VALIDATION_ERROR");
}
