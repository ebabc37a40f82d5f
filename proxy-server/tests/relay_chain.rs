//! What the relay does over several calls: fallback, breaker, keys, budget of retries, places, its end; and the
//! server's own prompts.

mod fake_upstream;
mod relay_support;

use std::sync::Arc;
use std::time::{Duration, Instant};

use fake_upstream::{Fake, Step, chunk, response, stream_head, streamed};
use futures_util::future::join_all;
use proxy_server::config::Secret;
use proxy_server::llm::config::Kind;
use proxy_server::llm::message::{Answer, Event, Finish, Request};
use proxy_server::llm::{Caller, Outcome};
use relay_support::fixture::{TEXT, chat, fixtures, gemini};
use relay_support::{Server, config, with_fallback};
use serde_json::json;

const MS: fn(u64) -> Duration = Duration::from_millis;

fn nobody() -> Caller {
    Caller::new(Arc::new(()), "")
}

#[tokio::test]
async fn a_dead_primary_is_left_alone_after_five_failures_then_probed_once() {
    let fixture = chat();
    let failing = response(500, &[], "{}");
    let whole = response(200, &[], &fixture.whole);
    let healed = whole.clone();
    let primary =
        Fake::start(move |_, n| vec![Step::Send(if n < 5 { failing.clone() } else { healed.clone() })]).await;
    let other = Fake::always(vec![Step::Send(whole)]).await;
    let mut config = config(&[("up", fixture.kind, primary.url()), ("other", fixture.kind, other.url())]);
    config.retries = 0;
    config.breaker_open_ms = 700;
    let server = Server::start(with_fallback(config, "up-model", "other-model")).await;
    for _ in 0..8 {
        let answer = server.post(fixture.path(), &fixture.body(false)).await;
        assert_eq!(answer.headers["x-relay-target"], "other/upstream-model");
    }
    assert_eq!((primary.count(), other.count()), (5, 8), "the breaker is open after five");
    tokio::time::sleep(MS(750)).await;
    let answer = server.post(fixture.path(), &fixture.body(false)).await;
    assert_eq!(answer.headers["x-relay-target"], "up/upstream-model", "the probe succeeded and closed it");
}

#[tokio::test]
async fn when_all_are_open_the_best_is_tried_anyway() {
    let fixture = chat();
    let fake = Fake::always(vec![Step::Send(response(500, &[], "{}"))]).await;
    let mut config = config(&[("up", fixture.kind, fake.url())]);
    config.retries = 0;
    let server = Server::start(config).await;
    for _ in 0..7 {
        assert_eq!(server.post(fixture.path(), &fixture.body(false)).await.status, 502);
    }
    assert_eq!(fake.count(), 7);
}

#[tokio::test]
async fn an_outage_brings_few_retries() {
    let fixture = chat();
    let fake = Fake::always(vec![Step::Send(response(503, &[], "{}"))]).await;
    let server = Server::start(config(&[("up", fixture.kind, fake.url())])).await;
    let body = fixture.body(false);
    for _ in 0..10 {
        join_all((0..20).map(|_| server.post(fixture.path(), &body))).await;
    }
    assert!(fake.count() <= 220, "{} calls for 200 requests", fake.count());
}

#[tokio::test]
async fn a_limited_key_gives_way_to_the_next_at_once() {
    let fixture = chat();
    let whole = response(200, &[], &fixture.whole);
    let limited = response(429, &[("retry-after", "30")], "{}");
    let fake = Fake::start(move |seen, _| {
        let is_first = seen.header("authorization") == Some("Bearer key-one");
        vec![Step::Send(if is_first { limited.clone() } else { whole.clone() })]
    })
    .await;
    let mut config = config(&[("up", fixture.kind, fake.url())]);
    config.providers.get_mut("up").unwrap().keys = vec![Secret::new("key-one"), Secret::new("key-two")];
    let server = Server::start(config).await;
    let started = Instant::now();
    for _ in 0..4 {
        assert_eq!(server.post(fixture.path(), &fixture.body(false)).await.status, 200);
    }
    assert!(started.elapsed() < MS(10_000));
    assert_eq!(fake.count(), 5, "the limited key is left alone for its time");
}

#[tokio::test]
async fn one_deadline_bounds_all_calls_together() {
    let fixture = chat();
    let fake = Fake::always(vec![Step::Hang]).await;
    let providers = [("up", fixture.kind, fake.url()), ("other", fixture.kind, fake.url())];
    let mut config = with_fallback(config(&providers), "up-model", "other-model");
    config.total_timeout_ms = 600;
    config.first_token_timeout_ms = 400;
    let server = Server::start(config).await;
    let started = Instant::now();
    assert_eq!(server.post(fixture.path(), &fixture.body(true)).await.status, 504);
    assert!(started.elapsed() >= MS(600), "the second call had what the first left");
    assert_eq!(fake.count(), 2);
}

#[tokio::test]
async fn a_stopping_server_ends_streams_with_a_notice() {
    for fixture in fixtures() {
        let steps = vec![Step::Send(stream_head()), Step::Send(chunk(fixture.begun(1))), Step::Hang];
        let fake = Fake::always(steps).await;
        let server = Server::start(config(&[("up", fixture.kind, fake.url())])).await;
        let stopping = server.stopping.clone();
        let stop = async {
            fake.reached(1).await;
            tokio::time::sleep(MS(100)).await;
            stopping.cancel();
        };
        let body = fixture.body(true);
        let (answer, ()) = tokio::join!(server.post(fixture.path(), &body), stop);
        assert!(answer.is_whole && fixture.is_broken_off(&answer), "{}: {}", fixture.name, answer.text());
        assert_eq!(server.post(fixture.path(), &body).await.status, 503);
    }
}

#[tokio::test]
async fn who_is_turned_away_hears_it_in_their_dialect() {
    for fixture in fixtures() {
        let fake = Fake::always(vec![Step::Hang]).await;
        let server = Server::start(config(&[("up", fixture.kind, fake.url())])).await;
        for (status, kind) in [("401", "authentication_error"), ("429", "rate_limit_error")] {
            let answer = server.send(fixture.path(), &fixture.body(true), &[("x-refuse", status)]).await;
            assert_eq!(answer.status.to_string(), status);
            assert_eq!(answer.headers["retry-after"], "7");
            assert_eq!(fixture.error_type(&answer), kind);
        }
        assert_eq!(fake.count(), 0);
    }
}

#[tokio::test]
async fn wrong_requests_are_told_why() {
    let fixture = chat();
    let fake = Fake::always(vec![Step::Hang]).await;
    let mut config = config(&[("up", fixture.kind, fake.url())]);
    config.request_bytes = 1000;
    config.models.get_mut("up-model").unwrap().fallback.clear();
    config.providers.get_mut("up").unwrap().closed = true;
    let server = Server::start(config).await;
    for (body, status) in [
        (json!([]), 400),
        (json!({ "model": 5 }), 400),
        (json!({ "model": "up-model", "stream": "yes" }), 400),
        (json!({ "model": "no-such-model" }), 404),
        (json!({ "model": "up-model", "pad": "x".repeat(2000) }), 413),
    ] {
        let answer = server.post(fixture.path(), &body).await;
        assert_eq!(answer.status, status, "{}", answer.text());
        fixture.error_type(&answer);
    }
    assert_eq!(fake.count(), 0);
}

#[tokio::test]
async fn too_many_requests_at_once_are_sent_away_at_once() {
    let fixture = chat();
    let fake = Fake::always(vec![Step::Hang]).await;
    let mut config = config(&[("up", fixture.kind, fake.url())]);
    config.max_requests = 1;
    config.first_token_timeout_ms = 1_000;
    let server = Server::start(config).await;
    let body = fixture.body(true);
    let second = async {
        fake.reached(1).await;
        server.post(fixture.path(), &body).await
    };
    let (first, second) = tokio::join!(server.post(fixture.path(), &body), second);
    assert_eq!((first.status, second.status), (504, 503));
    assert_eq!(second.headers["retry-after"], "1");
}

#[tokio::test]
async fn the_servers_own_prompt_gets_its_answer_from_every_dialect() {
    for fixture in fixtures() {
        let fake = Fake::always(vec![Step::Send(streamed(fixture.stream()))]).await;
        let server = Server::start(config(&[("up", fixture.kind, fake.url())])).await;
        let request = Request { max_tokens: Some(64), ..Request::prompt("be brief", "draw a shop") };
        let mut own = server.relay.stream(&nobody(), "up-model", request).await.unwrap();
        let mut events = Vec::new();
        while let Some(event) = own.next().await.unwrap() {
            events.push(event);
        }
        let answer: Answer = events.into_iter().collect();
        assert_eq!(answer.text(), TEXT, "{}", fixture.name);
        assert_eq!(answer.finish, Some(Finish::Stop));
        assert_eq!((answer.usage.input, answer.usage.output), (fixture.input, fixture.output));
        let sent = String::from_utf8(fake.requests()[0].body.clone()).unwrap();
        assert!(sent.contains("be brief") && sent.contains("draw a shop") && sent.contains("64"), "{sent}");
        assert_eq!(server.books.only().await.outcome, Outcome::Finished);
    }
}

#[tokio::test]
async fn a_part_of_an_own_answer_never_passes_for_the_whole() {
    for fixture in fixtures() {
        let steps = vec![Step::Send(stream_head()), Step::Send(chunk(fixture.begun(2))), Step::Close];
        let fake = Fake::always(steps).await;
        let server = Server::start(config(&[("up", fixture.kind, fake.url())])).await;
        let mut own = server.relay.stream(&nobody(), "up-model", Request::prompt("", "x")).await.unwrap();
        let mut text = String::new();
        let failure = loop {
            match own.next().await {
                Ok(Some(Event::Text(more))) => text.push_str(&more),
                Ok(Some(_)) => {}
                Ok(None) => panic!("{}: a cut stream ended like a whole one", fixture.name),
                Err(failure) => break failure,
            }
        };
        assert!(TEXT.starts_with(&text) && !text.is_empty(), "{text}");
        assert!(!failure.message.is_empty());
        assert_eq!(server.books.only().await.outcome, Outcome::Cut);
    }
}

#[tokio::test]
async fn an_own_prompt_that_is_given_up_is_cancelled_upstream() {
    let fixture = gemini();
    let steps = vec![Step::Send(stream_head()), Step::Send(chunk(fixture.begun(1))), Step::Hang];
    let fake = Fake::always(steps).await;
    let server = Server::start(config(&[("up", fixture.kind, fake.url())])).await;
    let own = server.relay.stream(&nobody(), "up-model", Request::prompt("", "x")).await.unwrap();
    drop(own);
    assert!(fake.peer_closed(MS(1000)).await.is_some());
    assert_eq!(server.books.only().await.outcome, Outcome::Cancelled);
}

#[tokio::test]
async fn another_configuration_takes_over_without_a_pause() {
    let fixture = chat();
    let old = Fake::always(vec![Step::Pause(MS(300)), Step::Send(response(200, &[], &fixture.whole))]).await;
    let new = Fake::always(vec![Step::Send(response(200, &[], &fixture.whole))]).await;
    let server = Server::start(config(&[("up", fixture.kind, old.url())])).await;
    let body = fixture.body(false);
    let reload = async {
        old.reached(1).await;
        let mut wrong = config(&[("up", Kind::OpenaiCompatible, "ftp://x".into())]);
        wrong.keep_alive_ms = 1;
        assert!(server.relay.reload(wrong).is_err(), "a wrong one changes nothing");
        server.relay.reload(config(&[("up", fixture.kind, new.url())])).unwrap();
        server.post(fixture.path(), &body).await
    };
    let (before, after) = tokio::join!(server.post(fixture.path(), &body), reload);
    assert_eq!((before.status, after.status), (200, 200));
    assert_eq!((old.count(), new.count()), (1, 1));
}

#[tokio::test]
async fn models_are_listed_in_both_shapes() {
    let server = Server::start(config(&[("up", Kind::Ollama, String::new())])).await;
    let get = |path: &str| server.client.get(format!("http://{}{path}", server.address)).send();
    let list: serde_json::Value = get("/v1/llm/models").await.unwrap().json().await.unwrap();
    assert_eq!(list["data"][0]["id"], "up-model");
    assert_eq!(list["object"], "list");
    let list: serde_json::Value = get("/v1/llm/v1/models").await.unwrap().json().await.unwrap();
    assert_eq!((&list["data"][0]["type"], &list["first_id"]), (&json!("model"), &json!("up-model")));
    assert_eq!(get("/v1/llm/models/up-model").await.unwrap().status(), 200);
    assert_eq!(get("/v1/llm/v1/models/up%2F..%2Fx").await.unwrap().status(), 404);
}
