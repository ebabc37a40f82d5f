//! The ledger and the quota.

use futures_util::future::join_all;
use proxy_server::storage::usage::{Entry, Quota};
use serde_json::json;

use crate::harness::Server;
use crate::on_each_database;

on_each_database!(a_quota_is_never_overrun, the_ledger_adds_up);

async fn a_quota_is_never_overrun(server: &Server) {
    let storage = &server.running.state.storage;
    let taken = join_all((0..60).map(|_| storage.reserve_tokens("local", 100, 1000))).await;
    let days: Vec<i64> = taken.into_iter().filter_map(Result::unwrap).collect();
    assert_eq!(days.len(), 10, "a budget for ten lets ten through");
    let entry = Entry { user_id: "local".into(), input_tokens: 10, output_tokens: 5, ..Entry::default() };
    for day in days {
        storage.settle(&entry, day, 100).await.unwrap();
    }
    assert_eq!(storage.quota("local").await.unwrap(), Quota { used: 150, reserved: 0 });
    assert!(storage.reserve_tokens("local", 850, 1000).await.unwrap().is_some());
    assert!(storage.reserve_tokens("local", 1, 1000).await.unwrap().is_none());
    assert!(storage.reserve_tokens("local", 1_000_000, 0).await.unwrap().is_some(), "no limit");
}

async fn the_ledger_adds_up(server: &Server) {
    let storage = &server.running.state.storage;
    for (model, input) in [("small", 10), ("large", 20), ("small", 30)] {
        let entry = Entry {
            user_id: "local".into(),
            provider: "p".into(),
            model: model.into(),
            input_tokens: input,
            output_tokens: 1,
            ..Entry::default()
        };
        let day = storage.reserve_tokens("local", 50, 0).await.unwrap().unwrap();
        storage.settle(&entry, day, 50).await.unwrap();
    }
    let usage = server.get("/v1/usage").await;
    let small = &usage.json["data"][1];
    assert_eq!(
        (&small["model"], &small["requests"], &small["input_tokens"]),
        (&json!("small"), &json!(2), &json!(40))
    );
    let none = server.get("/v1/usage?until=2020-01-01T00:00:00Z").await;
    assert_eq!(none.json["data"], json!([]));
    server.get("/v1/usage?from=yesterday").await.is_error(422, "VALIDATION_ERROR");
    let quota = server.get("/v1/quota").await;
    assert_eq!(quota.json, json!({ "limit": null, "used": 63, "reserved": 0 }));
}
