//! The ledger and the quota.

use futures_util::future::join_all;
use proxy_server::storage::usage::{Claim, Claimed, Credit, Entry, Order, Quota, UsedUp};
use proxy_server::storage::{Result, Storage};
use proxy_server::time;
use serde_json::json;

use crate::harness::Server;
use crate::on_each_database;

on_each_database!(
    a_quota_is_never_overrun,
    money_and_credit_are_bounds_too,
    what_a_dead_server_set_aside_comes_back,
    lines_that_come_together_are_all_written,
    the_ledger_adds_up,
);

fn claim(tokens: i64, limit: i64) -> Claim {
    Claim { user_id: "local".into(), tokens, tokens_per_day: limit, life_ms: 60_000, ..Claim::default() }
}

async fn one(storage: &Storage, claim: Claim) -> Result<Claimed> {
    Ok(storage.book(&[Order::Claim(claim)]).await?.remove(0))
}

async fn a_quota_is_never_overrun(server: &Server) {
    let storage = &server.running.state.storage;
    let taken = join_all((0..60).map(|_| one(storage, claim(100, 1000)))).await;
    let names: Vec<String> = taken.into_iter().filter_map(|taken| taken.unwrap().ok()).collect();
    assert_eq!(names.len(), 10, "a budget for ten lets ten through");
    assert_eq!(one(storage, claim(1, 1000)).await.unwrap(), Err(UsedUp::Today));
    let entry = Entry { user_id: "local".into(), input_tokens: 10, output_tokens: 5, ..Entry::default() };
    let settled: Vec<Order> =
        names.iter().map(|name| Order::Settle(entry.clone(), Some(name.clone()))).collect();
    storage.book(&settled).await.unwrap();
    // A second settlement of the same reservation gives nothing back again.
    storage
        .book(&[Order::Settle(Entry { user_id: "local".into(), ..Entry::default() }, Some(names[0].clone()))])
        .await
        .unwrap();
    assert_eq!(storage.quota("local").await.unwrap(), Quota { used: 150, ..Quota::default() });
    assert!(one(storage, claim(850, 1000)).await.unwrap().is_ok());
    assert!(one(storage, claim(1, 1000)).await.unwrap().is_err());
    assert!(one(storage, claim(1_000_000, 0)).await.unwrap().is_ok(), "no limit");
}

async fn money_and_credit_are_bounds_too(server: &Server) {
    let storage = &server.running.state.storage;
    let money = |cost, cost_per_day| Claim { cost, cost_per_day, ..claim(1, 0) };
    assert_eq!(one(storage, money(600, 500)).await.unwrap(), Err(UsedUp::Today));
    storage.grant_credit("local", Some(1_000)).await.unwrap();
    let taken = join_all((0..20).map(|_| one(storage, money(300, 0)))).await;
    let results: Vec<Claimed> = taken.into_iter().map(Result::unwrap).collect();
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 3);
    assert!(results.iter().all(|result| matches!(result, Ok(_) | Err(UsedUp::Credit))));
    let quota = storage.quota("local").await.unwrap();
    assert_eq!((quota.reserved, quota.cost_reserved), (3, 900), "who got no credit holds no quota");
    let entry = Entry { user_id: "local".into(), input_tokens: 1, cost: 250, ..Entry::default() };
    let name = results.into_iter().find_map(std::result::Result::ok).unwrap();
    storage.book(&[Order::Settle(entry, Some(name))]).await.unwrap();
    let credit = storage.credit("local").await.unwrap();
    assert_eq!(credit, Some(Credit { granted: 1_000, used: 250, reserved: 600 }));
    storage.grant_credit("local", None).await.unwrap();
    assert!(one(storage, money(1_000_000, 0)).await.unwrap().is_ok());
}

async fn what_a_dead_server_set_aside_comes_back(server: &Server) {
    let storage = &server.running.state.storage;
    storage.grant_credit("local", Some(100)).await.unwrap();
    let claimed = Claim { cost: 100, life_ms: -1, ..claim(70, 100) };
    let name = one(storage, claimed).await.unwrap().unwrap();
    assert!(one(storage, claim(70, 100)).await.unwrap().is_err());
    assert_eq!(storage.sweep_reservations().await.unwrap(), 1);
    assert_eq!(storage.quota("local").await.unwrap(), Quota::default());
    assert_eq!(storage.credit("local").await.unwrap().unwrap().reserved, 0);
    // It lived after all: what it took is counted, and nothing is given back twice.
    let entry = Entry { user_id: "local".into(), input_tokens: 60, cost: 80, ..Entry::default() };
    storage.book(&[Order::Settle(entry, Some(name))]).await.unwrap();
    let quota = Quota { used: 60, cost_used: 80, ..Quota::default() };
    assert_eq!(storage.quota("local").await.unwrap(), quota);
    let credit = Credit { granted: 100, used: 80, reserved: 0 };
    assert_eq!(storage.credit("local").await.unwrap(), Some(credit));
}

async fn lines_that_come_together_are_all_written(server: &Server) {
    let storage = &server.running.state.storage;
    let line = |number: i64| {
        let entry = Entry {
            user_id: "local".into(),
            provider: "p".into(),
            model: format!("m{}", number % 3),
            input_tokens: number,
            output_tokens: 1,
            ..Entry::default()
        };
        Order::Settle(entry, None)
    };
    // More than one statement's worth, and some that fill none.
    let lines: Vec<Order> = (1..=100).map(line).collect();
    storage.book(&lines).await.unwrap();
    let usage = server.get("/v1/usage").await;
    let sums: Vec<(i64, i64)> = usage.json["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|sum| (sum["requests"].as_i64().unwrap(), sum["input_tokens"].as_i64().unwrap()))
        .collect();
    assert_eq!(sums, [(33, 1_683), (34, 1_717), (33, 1_650)]);
    assert_eq!(storage.quota("local").await.unwrap().used, 5_050 + 100);
}

async fn the_ledger_adds_up(server: &Server) {
    let storage = &server.running.state.storage;
    let code = server.project().await;
    let project_id = storage.project("local", &code).await.unwrap().unwrap().id;
    for (model, input, key) in [("small", 10, ""), ("large", 20, "k1"), ("small", 30, "k1")] {
        let entry = Entry {
            user_id: "local".into(),
            key_id: key.into(),
            project_id: if model == "small" { project_id.clone() } else { String::new() },
            provider: "p".into(),
            model: model.into(),
            input_tokens: input,
            output_tokens: 1,
            cost: input * 1_000,
            ..Entry::default()
        };
        storage.book(&[Order::Settle(entry, None)]).await.unwrap();
    }
    let usage = server.get("/v1/usage").await;
    let small = &usage.json["data"][1];
    assert_eq!(
        (&small["model"], &small["requests"], &small["input_tokens"], &small["cost"]),
        (&json!("small"), &json!(2), &json!(40), &json!(0.04))
    );
    let sums = async |by: &str, name: &str| {
        let usage = server.get(&format!("/v1/usage?by={by}")).await.json;
        let data = usage["data"].as_array().unwrap().clone();
        data.into_iter().map(|sum| (sum[name].clone(), sum["input_tokens"].clone())).collect::<Vec<_>>()
    };
    assert_eq!(sums("key", "key_id").await, [(json!(""), json!(10)), (json!("k1"), json!(50))]);
    assert_eq!(sums("project", "project_id").await, [(json!(""), json!(20)), (json!(code), json!(40))]);
    // From lines where a span cuts a day, from days where it does not: the same.
    let recently = time::show(time::now() - 60_000);
    for from in ["2020-01-01T00:00:00Z", "2020-01-01T10:30:00Z", &recently] {
        let sums = server.get(&format!("/v1/usage?from={from}")).await;
        assert_eq!(sums.json["data"], usage.json["data"], "{from}");
    }
    let over = server.get(&format!("/v1/usage?from=2020-01-01T10:30:00Z&until={recently}")).await;
    assert_eq!(over.json["data"], json!([]));
    server.get("/v1/usage?by=colour").await.is_error(422, "VALIDATION_ERROR");
    let none = server.get("/v1/usage?until=2020-01-01T00:00:00Z").await;
    assert_eq!(none.json["data"], json!([]));
    server.get("/v1/usage?from=yesterday").await.is_error(422, "VALIDATION_ERROR");
    let quota = server.get("/v1/quota").await;
    let cost = json!({ "limit": null, "used": 0.06, "reserved": 0.0 });
    assert_eq!(quota.json, json!({ "limit": null, "used": 63, "reserved": 0, "cost": cost, "credit": null }));
}
