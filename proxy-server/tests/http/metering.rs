//! The books of the relay: exact under faults and departures, and bounds that many calls at once cannot overrun.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::future::join_all;
use proxy_server::config::Config;
use proxy_server::llm::config::{Kind, Price};
use reqwest::Method;
use serde_json::{Value, json};

use crate::fake_upstream::{Fake, Step, chunk, response, stream_head, streamed};
use crate::harness::{Server, config, read};
use crate::model::with_model;

const CHAT: &str = "/v1/llm/chat/completions";
const MESSAGES: &str = "/v1/llm/v1/messages";

fn chat(model: &str, input: i64, output: i64) -> Vec<u8> {
    let body = json!({ "id": "c", "object": "chat.completion", "created": 1, "model": model,
        "choices": [{ "index": 0, "finish_reason": "stop", "message": { "role": "assistant", "content": "Hello" } }],
        "usage": { "prompt_tokens": input, "completion_tokens": output, "total_tokens": input + output } });
    response(200, &[], &body.to_string())
}

fn prompt(model: &str) -> Value {
    json!({ "model": model, "max_tokens": 20, "messages": [{ "role": "user", "content": "Say hello" }] })
}

async fn quota(server: &Server) -> Value {
    server.get("/v1/quota").await.json
}

/// The caller's use once so many requests are booked.
async fn usage(server: &Server, requests: i64) -> Value {
    let mut seen = Value::Null;
    for _ in 0..500 {
        seen = server.get("/v1/usage").await.json["data"].clone();
        let sum: i64 = seen.as_array().unwrap().iter().map(|sum| sum["requests"].as_i64().unwrap()).sum();
        if sum == requests {
            return seen;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("not {requests} requests: {seen}");
}

/// What one such request sets aside.
async fn estimate() -> i64 {
    let fake = Fake::always(vec![Step::Hang]).await;
    let mut config = with_model(config(), "thinker", Kind::OpenaiChat, &fake);
    config.limits.tokens_per_day = 1_000_000;
    let server = Server::with(config).await;
    let request = server.request(Method::POST, CHAT).json(&prompt("small"));
    let asking = tokio::spawn(request.send());
    fake.reached(1).await;
    let reserved = quota(&server).await["reserved"].as_i64().unwrap();
    asking.abort();
    server.end().await;
    reserved
}

async fn exactly_ten(config: impl Fn(&Fake, i64) -> Config) {
    let estimate = estimate().await;
    assert!(estimate > 20);
    // It takes just what was set aside for it, so that the order of things does not matter.
    let answer = chat("m", estimate - 20, 20);
    let fake =
        Fake::start(move |_, _| vec![Step::Pause(Duration::from_millis(20)), Step::Send(answer.clone())])
            .await;
    let server = Server::with(config(&fake, estimate)).await;
    let answers = join_all((0..200).map(|_| server.post(CHAT, prompt("small")))).await;
    let served = answers.iter().filter(|answer| answer.status == 200).count();
    assert_eq!((served, fake.count()), (10, 10), "a budget for ten");
    for turned_away in answers.iter().filter(|answer| answer.status != 200) {
        assert_eq!(turned_away.status, 402, "{}", turned_away.text);
        assert_eq!(turned_away.json["error"]["code"], "insufficient_quota");
    }
    let sums = usage(&server, 10).await;
    assert_eq!(sums[0]["input_tokens"], 10 * (estimate - 20));
    let left = quota(&server).await;
    assert_eq!((&left["used"], &left["reserved"]), (&json!(10 * estimate), &json!(0)));
    server.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn s15_a_budget_of_tokens_for_ten_lets_ten_of_200_through() {
    exactly_ten(|fake, estimate| {
        let mut config = with_model(config(), "thinker", Kind::OpenaiChat, fake);
        config.limits.tokens_per_day = 10 * estimate as u64;
        config
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn s15_a_budget_of_money_for_ten_lets_ten_of_200_through() {
    exactly_ten(|fake, estimate| {
        let mut config = with_model(config(), "thinker", Kind::OpenaiChat, fake);
        config.llm.models.get_mut("small").unwrap().price =
            Price { input: 2.0, output: 2.0, ..Price::default() };
        config.limits.cost_per_day = 20 * estimate as u64;
        config
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_grants_a_credit_that_many_calls_cannot_overrun() {
    let fake = Fake::start(|_, _| vec![Step::Send(chat("m", 1_000, 500))]).await;
    let mut config = with_model(config(), "thinker", Kind::OpenaiChat, &fake);
    config.llm.models.get_mut("small").unwrap().price = Price { input: 1.0, output: 2.0, ..Price::default() };
    let server = Server::with(config).await;
    let person = server.person("ada@example.com").await;
    let key = person["access_token"].as_str().unwrap();
    let me = read(server.with_key(key, Method::GET, "/v1/users/me")).await;
    let id = me.json["id"].as_str().unwrap();
    let grant = async |credit: Value| {
        server.patch(&format!("/v1/admin/users/{id}"), json!({ "credit": credit })).await
    };
    assert_eq!(grant(json!(-1)).await.is_error(422, "VALIDATION_ERROR").fields(), ["credit"]);
    // Each call costs 0.002: the third begins while there is still something, the fourth does not.
    grant(json!(0.005)).await.is(200);
    let ask =
        async || read(server.with_key(key, Method::POST, CHAT).json(&prompt("small"))).await.status.as_u16();
    let mut seen = Vec::new();
    for _ in 0..4 {
        seen.push(ask().await);
        tokio::time::sleep(Duration::from_millis(150)).await;
    }
    assert_eq!(seen, [200, 200, 200, 402]);
    let quota = read(server.with_key(key, Method::GET, "/v1/quota")).await;
    assert_eq!(quota.json["credit"], json!({ "limit": 0.005, "used": 0.006, "reserved": 0.0 }));
    grant(Value::Null).await.is(200);
    assert_eq!(ask().await, 200);
    let log = server.get("/v1/admin/audit").await;
    assert!(log.text.contains("account.credit"), "{}", log.text);
    server.end().await;
}

/// The events of an answer in Anthropic's words; the first two of them say what the prompt took.
fn message_events(input: i64, output: i64) -> [String; 5] {
    let named = |data: Value| format!("event: {}\ndata: {data}\n\n", data["type"].as_str().unwrap());
    [
        named(
            json!({ "type": "message_start", "message": { "id": "m", "type": "message", "role": "assistant",
            "model": "m", "content": [], "stop_reason": null,
            "usage": { "input_tokens": input, "output_tokens": 1 } } }),
        ),
        named(
            json!({ "type": "content_block_start", "index": 0, "content_block": { "type": "text", "text": "" } }),
        ),
        named(
            json!({ "type": "content_block_delta", "index": 0, "delta": { "type": "text_delta", "text": "Hello" } }),
        ),
        named(json!({ "type": "message_delta", "delta": { "stop_reason": "end_turn" },
            "usage": { "output_tokens": output } })),
        named(json!({ "type": "message_stop" })),
    ]
}

/// R10. One call in twenty fails or is cut, and in one of twenty the client leaves.
#[tokio::test(flavor = "multi_thread")]
async fn r10_the_ledger_is_what_the_provider_reported() {
    let calls: usize = if std::env::var_os("SPANDREL_TEST_LONG").is_some() { 10_000 } else { 600 };
    let reported: Arc<[AtomicI64; 2]> = Arc::default();
    let fake = Fake::start({
        let reported = Arc::clone(&reported);
        move |seen, _| {
            let number: i64 = seen.json()["metadata"]["user_id"].as_str().unwrap().parse().unwrap();
            let (input, output) = (10 + number % 7, 3 + number % 5);
            let report = |input: i64, output: i64| {
                reported[0].fetch_add(input, Ordering::Relaxed);
                reported[1].fetch_add(output, Ordering::Relaxed);
            };
            let events = message_events(input, output);
            let begun = vec![Step::Send(stream_head()), Step::Send(chunk(events[..3].concat()))];
            match number % 40 {
                // Overloaded.
                0 => vec![Step::Send(response(529, &[], "{}"))],
                // Cut in the middle, and a client that leaves there.
                1 => {
                    report(input, 1);
                    [begun, vec![Step::Close]].concat()
                }
                2 | 3 => {
                    report(input, 1);
                    [begun, vec![Step::Hang]].concat()
                }
                _ if number % 2 == 0 => {
                    report(input, output);
                    vec![Step::Send(streamed(events.concat()))]
                }
                _ => {
                    report(input, output);
                    let body = json!({ "id": "m", "type": "message", "role": "assistant", "model": "m",
                        "content": [{ "type": "text", "text": "Hello" }], "stop_reason": "end_turn",
                        "usage": { "input_tokens": input, "output_tokens": output } });
                    vec![Step::Send(response(200, &[], &body.to_string()))]
                }
            }
        }
    })
    .await;
    let mut config = with_model(config(), "thinker", Kind::Anthropic, &fake);
    config.llm.models.get_mut("small").unwrap().price =
        Price { input: 3.0, output: 15.0, ..Price::default() };
    config.llm.breaker_failures = u32::MAX;
    // Bounds are on, so that every call is set aside and settled.
    config.limits.tokens_per_day = 1_000_000_000;
    let server = Server::with(config).await;
    let call = async |number: usize| {
        let is_stream = matches!(number % 40, 1..=3) || number.is_multiple_of(2);
        let body = json!({ "model": "small", "max_tokens": 50, "stream": is_stream,
            "metadata": { "user_id": number.to_string() }, "messages": [{ "role": "user", "content": "hi" }] });
        let mut response = server.request(Method::POST, MESSAGES).json(&body).send().await.unwrap();
        let mut text = Vec::new();
        while let Ok(Some(more)) = response.chunk().await {
            text.extend_from_slice(&more);
            if matches!(number % 40, 2 | 3) && String::from_utf8_lossy(&text).contains("Hello") {
                // The client leaves.
                return;
            }
        }
        assert_eq!(
            response.status() == 200,
            !number.is_multiple_of(40),
            "{}",
            String::from_utf8_lossy(&text)
        );
    };
    futures_util::stream::iter(0..calls).for_each_concurrent(24, call).await;
    let sums = usage(&server, calls as i64).await;
    let total =
        |name: &str| -> i64 { sums.as_array().unwrap().iter().map(|sum| sum[name].as_i64().unwrap()).sum() };
    let [input, output] = [0, 1].map(|side| reported[side].load(Ordering::Relaxed));
    assert_eq!((total("input_tokens"), total("output_tokens")), (input, output), "{sums}");
    let cost: f64 = sums.as_array().unwrap().iter().map(|sum| sum["cost"].as_f64().unwrap()).sum();
    assert_eq!((cost * 1e6).round() as i64, 3 * input + 15 * output);
    let quota = quota(&server).await;
    assert_eq!((&quota["used"], &quota["reserved"]), (&json!(input + output), &json!(0)));
    assert_eq!(fake.count(), calls);
    server.end().await;
}

#[tokio::test]
async fn use_is_booked_to_key_and_project() {
    let fake = Fake::always(vec![Step::Send(chat("m", 7, 2))]).await;
    let server = Server::with(with_model(config(), "thinker", Kind::OpenaiChat, &fake)).await;
    let code = server.project().await;
    let made = server.post("/v1/api-keys", json!({ "name": "k", "scopes": ["llm", "read"] })).await;
    let key = made.json["key"].as_str().unwrap();
    let ask = async |project: &str| {
        let request = server.with_key(key, Method::POST, CHAT).header("x-spandrel-project", project);
        read(request.json(&prompt("small"))).await
    };
    ask(&code).await.is(200);
    assert_eq!(ask("SOMEONES").await.is(404).json["error"]["type"], "invalid_request_error");
    usage(&server, 1).await;
    let by = async |by: &str| server.get(&format!("/v1/usage?by={by}")).await.json["data"][0].clone();
    assert_eq!(by("key").await["key_id"], made.json["id"]);
    assert_eq!(by("project").await["project_id"], json!(code));
    assert_eq!((&by("model").await["model"], fake.count()), (&json!("small"), 1));
    server.end().await;
}

#[tokio::test]
async fn the_books_outlive_an_end_of_the_server_in_the_middle() {
    let events = message_events(11, 5);
    let steps = vec![Step::Send(stream_head()), Step::Send(chunk(events[..3].concat())), Step::Hang];
    let fake = Fake::always(steps).await;
    let config = with_model(config(), "thinker", Kind::Anthropic, &fake);
    let dir = config.storage.data_dir.clone();
    let server = Server::with(config.clone()).await;
    let body = json!({ "model": "small", "max_tokens": 50, "stream": true,
        "messages": [{ "role": "user", "content": "hi" }] });
    let mut response = server.request(Method::POST, MESSAGES).json(&body).send().await.unwrap();
    assert!(response.chunk().await.unwrap().is_some());
    server.running.stop().await;
    let again = Server::with(config).await;
    let sums = usage(&again, 1).await;
    assert_eq!((&sums[0]["input_tokens"], &sums[0]["output_tokens"]), (&json!(11), &json!(1)));
    again.end().await;
    assert!(!dir.exists());
}

#[tokio::test]
async fn kept_answers_are_for_the_same_person_only_and_only_where_asked_for() {
    let fake = Fake::start(|_, n| vec![Step::Send(chat(&format!("m{n}"), 7, 2))]).await;
    let server = Server::with(with_model(config(), "thinker", Kind::OpenaiChat, &fake)).await;
    let ada = server.person("ada@example.com").await["access_token"].as_str().unwrap().to_owned();
    let eve = server.person("eve@example.com").await["access_token"].as_str().unwrap().to_owned();
    let ask = async |key: &str, cache: &str, body: &Value| {
        let request = server.with_key(key, Method::POST, CHAT).json(body);
        let request = if cache.is_empty() { request } else { request.header("x-relay-cache", cache) };
        let answer = read(request).await;
        answer.is(200);
        (answer.header("x-relay-cache").to_owned(), answer.json["model"].as_str().unwrap().to_owned())
    };
    let (body, other) = (prompt("small"), prompt("middle"));
    let pair = |cache: &str, model: &str| (cache.to_owned(), model.to_owned());
    assert_eq!(ask(&ada, "on", &body).await, pair("miss", "m0"));
    assert_eq!(ask(&ada, "on", &body).await, pair("hit", "m0"));
    assert_eq!(ask(&eve, "on", &body).await, pair("miss", "m1"), "never across people");
    assert_eq!(ask(&ada, "", &body).await, pair("", "m2"), "not asked for");
    assert_eq!(ask(&ada, "on", &other).await, pair("miss", "m3"));
    assert_eq!(fake.count(), 4);
    // A kept answer costs nothing, and is counted.
    let mut mine = Value::Null;
    for _ in 0..500 {
        mine = read(server.with_key(&ada, Method::GET, "/v1/usage")).await.json["data"].clone();
        if mine.as_array().unwrap().iter().map(|sum| sum["requests"].as_i64().unwrap()).sum::<i64>() == 4 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let input: i64 = mine.as_array().unwrap().iter().map(|sum| sum["input_tokens"].as_i64().unwrap()).sum();
    assert_eq!(input, 21, "{mine}");
    server.end().await;
}
