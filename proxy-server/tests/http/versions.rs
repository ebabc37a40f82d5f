//! `/v1/projects/{code}/versions`.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use serde_json::json;

use crate::harness::Server;
use crate::on_each_database;

on_each_database!(
    versions_are_numbered_from_one,
    who_comes_second_gets_both_sides,
    the_drawing_comes_back_as_it_was,
    a_restore_is_a_new_version,
    versions_are_compared,
    broken_and_dangerous_texts_are_refused,
    many_writers_leave_no_hole,
);

async fn versions_are_numbered_from_one(server: &Server) {
    let code = server.project().await;
    for number in 1..=3 {
        let saved = server.save(&code, number - 1, &format!("a{number} -> b\n")).await;
        saved.is(201);
        assert_eq!(saved.json["version_id"], number);
        assert_eq!(saved.json["author"], "You");
    }
    let list = server.get(&format!("/v1/projects/{code}/versions?limit=2")).await;
    let numbers: Vec<i64> =
        list.json["data"].as_array().unwrap().iter().map(|v| v["version_id"].as_i64().unwrap()).collect();
    assert_eq!(numbers, [3, 2]);
    assert_eq!(list.json["meta"]["total"], 3);
    assert!(list.json["data"][0].get("source").is_none(), "a list carries no texts");

    let one = server.get(&format!("/v1/projects/{code}/versions/1")).await;
    assert_eq!(one.json["source"], "a1 -> b\n");
    let latest = server.get(&format!("/v1/projects/{code}/versions/latest")).await;
    assert_eq!(latest.json["version_id"], 3);
    for n in ["0", "4", "-1", "x", "99999999999999999999"] {
        server.get(&format!("/v1/projects/{code}/versions/{n}")).await.is_error(404, "NOT_FOUND");
    }
}

async fn who_comes_second_gets_both_sides(server: &Server) {
    let code = server.project().await;
    server.save(&code, 0, "a -> b\n").await.is(201);
    server.save(&code, 1, "a -> c\n").await.is(201);
    let late = server.save(&code, 1, "a -> d\n").await;
    late.is_error(409, "VERSION_CONFLICT");
    let details = &late.json["details"];
    assert_eq!(details["base_version"], 1);
    assert_eq!(details["current_version"], 2);
    assert_eq!(details["base"]["source"], "a -> b\n");
    assert_eq!(details["current"]["source"], "a -> c\n");
    assert_eq!(details["yours"]["source"], "a -> d\n");
    assert_eq!(server.get(&format!("/v1/projects/{code}")).await.json["last_version"], 2);
    // A number from the future is as wrong.
    server.save(&code, 7, "a\n").await.is_error(409, "VERSION_CONFLICT");
}

async fn the_drawing_comes_back_as_it_was(server: &Server) {
    let code = server.project().await;
    let drawing = json!({ "nodes": { "a": { "x": 12.5, "y": -0.1, "w": 1e-3, "h": 66.0 } }, "edges": {} });
    let body = json!({ "source": "a\n", "base_version": 0, "message": "Moved a", "drawing": drawing });
    server.post(&format!("/v1/projects/{code}/versions"), body).await.is(201);
    let version = server.get(&format!("/v1/projects/{code}/versions/1")).await;
    assert_eq!(version.json["drawing"], drawing);
    assert_eq!(version.json["message"], "Moved a");

    // Without one, the server's own engine draws.
    server.save(&code, 1, "a -> b\n").await.is(201);
    let version = server.get(&format!("/v1/projects/{code}/versions/2")).await;
    assert!(version.json["drawing"].is_object(), "{}", version.text);

    let body = json!({ "source": "a\n", "base_version": 2, "drawing": [1] });
    let answer = server.post(&format!("/v1/projects/{code}/versions"), body).await;
    answer.is_error(422, "VALIDATION_ERROR");
}

async fn a_restore_is_a_new_version(server: &Server) {
    let code = server.project().await;
    let path = format!("/v1/projects/{code}/versions");
    let first = server.save(&code, 0, "a -> b\n").await;
    server.save(&code, 1, "z\n").await.is(201);
    let restored = server.post(&format!("{path}/1/restore"), json!({ "base_version": 2 })).await;
    restored.is(201);
    assert_eq!(restored.json["version_id"], 3);
    assert_eq!(restored.json["restored_from"], 1);
    assert_eq!(restored.json["source"], "a -> b\n");
    assert_eq!(restored.json["drawing"], first.json["drawing"], "the picture comes back with the text");
    let late = server.post(&format!("{path}/1/restore"), json!({ "base_version": 2 })).await;
    late.is_error(409, "VERSION_CONFLICT");
    // A body may be left out.
    let request = server.request(reqwest::Method::POST, &format!("{path}/2/restore"));
    let bare = crate::harness::read(request).await;
    bare.is(201);
    assert_eq!(bare.json["version_id"], 4);
    server.post(&format!("{path}/99/restore"), json!({})).await.is_error(404, "NOT_FOUND");
}

async fn versions_are_compared(server: &Server) {
    let code = server.project().await;
    server.save(&code, 0, "# mine\nshop -> payments\n").await.is(201);
    server.save(&code, 1, "# mine\nshop -> payments\ncache\n").await.is(201);
    let path = format!("/v1/projects/{code}/versions");
    let diff = server.get(&format!("{path}/1/diff/2")).await;
    diff.is(200);
    assert!(diff.json["structural"]["added"].to_string().contains("cache"), "{}", diff.text);
    assert!(diff.json["textual"].as_str().unwrap().contains("\n+cache\n"), "{}", diff.text);
    server.get(&format!("{path}/1/diff/3")).await.is_error(404, "NOT_FOUND");
}

async fn broken_and_dangerous_texts_are_refused(server: &Server) {
    let code = server.project().await;
    let broken = server.save(&code, 0, "a: {\n").await;
    broken.is_error(422, "DSL_PARSING_FAILED");
    let details = &broken.json["details"];
    assert!(details["line"].is_u64() && details["column"].is_u64(), "{}", broken.text);
    assert!(details.get("expected").is_some() && details.get("actual").is_some(), "{}", broken.text);
    assert!(!details["diagnostics"].as_array().unwrap().is_empty());
    let unsafe_text = server.save(&code, 0, "a: { icon: file:///etc/passwd }\n").await;
    unsafe_text.is_error(422, "UNSAFE_CONTENT");
    server.save(&code, 0, "a\0b\n").await.is_error(422, "VALIDATION_ERROR");
    let long = format!("# {}\na\n", "x".repeat(600 << 10));
    server.save(&code, 0, &long).await.is_error(422, "VALIDATION_ERROR");
    assert_eq!(server.get(&format!("/v1/projects/{code}")).await.json["last_version"], 0);
    // Words are no danger.
    server.save(&code, 0, "payment system -> executive import: http://\n").await.is(201);
}

async fn many_writers_leave_no_hole(server: &Server) {
    let code = server.project().await;
    let writers = (0..8).map(|writer| {
        let code = &code;
        async move {
            let mut saved = Vec::new();
            let mut base = 0;
            while saved.len() < 5 {
                let answer = server.save(code, base, &format!("w{writer} -> n{}\n", saved.len())).await;
                match answer.status.as_u16() {
                    201 => {
                        base = answer.json["version_id"].as_i64().unwrap();
                        saved.push(base);
                    }
                    409 => base = answer.json["details"]["current_version"].as_i64().unwrap(),
                    _ => panic!("{}", answer.text),
                }
            }
            saved
        }
    });
    let numbers: Vec<i64> = join_all(writers).await.concat();
    let distinct: BTreeSet<i64> = numbers.iter().copied().collect();
    assert_eq!(distinct.len(), 40, "no number was given twice");
    assert_eq!(distinct, (1..=40).collect());
}
