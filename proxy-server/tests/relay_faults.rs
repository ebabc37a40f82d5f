//! What upstreams do wrong, F1 to F33, each tried on every dialect.
//!
//! The upstream is scripted byte by byte (`fake_upstream`). Where a test waits, it waits for an event or for the
//! short deadlines of the test's own configuration.

mod fake_upstream;
mod relay_support;

use std::time::{Duration, Instant};

use fake_upstream::{Fake, LAST_CHUNK, Step, chunk, open_head, response, stream_head, streamed};
use futures_util::future::join_all;
use proxy_server::llm::{Config, Outcome};
use relay_support::fixture::{Client, Fixture, TEXT, chat, fixtures};
use relay_support::{Answer, CANARY, Server, config, with_fallback};
use serde_json::json;

use Step::{Close, Drip, Hang, Pause, Reset, Send};

const MS: fn(u64) -> Duration = Duration::from_millis;

fn settings(fixture: &Fixture, fake: &Fake) -> Config {
    let mut config = config(&[("up", fixture.kind, fake.url())]);
    config.retries = 0;
    config
}

async fn server(fixture: &Fixture, fake: &Fake) -> Server {
    Server::start(settings(fixture, fake)).await
}

/// Asks for a stream from an upstream that takes these steps.
async fn stream(fixture: &Fixture, steps: Vec<Step>) -> (Answer, Server, Fake) {
    let fake = Fake::always(steps).await;
    let server = server(fixture, &fake).await;
    let answer = server.post(fixture.path(), &fixture.body(true)).await;
    (answer, server, fake)
}

/// The same, with little patience for the first event or for all after it.
async fn impatient(fixture: &Fixture, steps: Vec<Step>, with_first: bool) -> (Answer, Server, Fake) {
    let fake = Fake::always(steps).await;
    let mut config = settings(fixture, &fake);
    let patience = if with_first { &mut config.first_token_timeout_ms } else { &mut config.idle_timeout_ms };
    *patience = 400;
    let server = Server::start(config).await;
    let answer = server.post(fixture.path(), &fixture.body(true)).await;
    (answer, server, fake)
}

/// Asks for a whole answer from an upstream that takes these steps.
async fn whole(fixture: &Fixture, steps: Vec<Step>) -> (Answer, Server, Fake) {
    let fake = Fake::always(steps).await;
    let server = server(fixture, &fake).await;
    let answer = server.post(fixture.path(), &fixture.body(false)).await;
    (answer, server, fake)
}

fn assert_finished(fixture: &Fixture, answer: &Answer) {
    assert_eq!(answer.status, 200, "{}: {}", fixture.name, answer.text());
    assert!(answer.is_whole && fixture.is_finished(answer), "{}: {}", fixture.name, answer.text());
    assert_eq!(fixture.text(answer), TEXT, "{}: {}", fixture.name, answer.text());
}

/// A stream that broke: an error in its dialect, the body in good order, and no end of a whole answer.
fn assert_cut(fixture: &Fixture, answer: &Answer) {
    assert_eq!(answer.status, 200, "{}: {}", fixture.name, answer.text());
    assert!(answer.is_whole, "{}", fixture.name);
    assert!(fixture.is_broken_off(answer), "{}: {}", fixture.name, answer.text());
    assert!(!Fixture::has_end(answer), "{}: {}", fixture.name, answer.text());
}

#[tokio::test]
async fn whole_answers_and_streams_pass_and_are_counted() {
    for fixture in fixtures() {
        for (answer, server, _fake) in [
            stream(&fixture, vec![Send(streamed(fixture.stream()))]).await,
            whole(&fixture, vec![Send(response(200, &[], &fixture.whole))]).await,
        ] {
            assert_eq!(answer.status, 200, "{}: {}", fixture.name, answer.text());
            assert_eq!(fixture.text(&answer), TEXT, "{}", fixture.name);
            let bill = server.books.only().await;
            assert_eq!((bill.outcome, bill.attempts), (Outcome::Finished, 1), "{}", fixture.name);
            assert_eq!(
                (bill.usage.input, bill.usage.output),
                (fixture.input, fixture.output),
                "{}",
                fixture.name
            );
            assert!(!bill.usage.estimated);
        }
    }
}

#[tokio::test]
async fn a_stream_has_the_headers_that_middlemen_need() {
    let fixture = chat();
    let (answer, _server, fake) = stream(&fixture, vec![Send(streamed(fixture.stream()))]).await;
    assert_eq!(answer.headers["content-type"], "text/event-stream");
    assert_eq!(answer.headers["cache-control"], "no-cache");
    assert_eq!(answer.headers["x-accel-buffering"], "no");
    assert_eq!(answer.headers["x-relay-target"], "up/upstream-model");
    assert_eq!(answer.headers["x-upstream-request-id"], "up-1");
    assert!(!answer.headers.contains_key("request-id") && !answer.headers.contains_key("set-cookie"));
    let seen = &fake.requests()[0];
    assert_eq!(seen.json()["model"], "upstream-model");
    assert!(seen.headers.iter().any(|(_, value)| value.contains(CANARY)), "the key stands in a header");
}

#[tokio::test]
async fn f1_every_cut_between_two_bytes_gives_the_same_answer() {
    for fixture in fixtures() {
        let bytes = streamed(fixture.stream());
        let head = stream_head().len();
        let (reference, ..) = stream(&fixture, vec![Send(bytes.clone())]).await;
        assert_finished(&fixture, &reference);
        if fixture.is_native() {
            assert_eq!(reference.text(), fixture.stream(), "{}: bytes as they came", fixture.name);
        }
        let parts = bytes.clone();
        let fake = Fake::start(move |seen, _| {
            let cut: usize = seen.header("x-cut").unwrap_or_default().parse().unwrap_or(0);
            vec![Send(parts[..cut].to_vec()), Pause(MS(1)), Send(parts[cut..].to_vec())]
        })
        .await;
        // One provider per cut would be slow: the cut travels in a header of the provider's own.
        let cuts: Vec<usize> = (head..bytes.len()).collect();
        for batch in cuts.chunks(64) {
            let mut all = settings(&fixture, &fake);
            let provider = all.providers["up"].clone();
            let model = all.models["up-model"].clone();
            for cut in batch {
                let mut provider = provider.clone();
                provider.headers.insert("x-cut".into(), cut.to_string());
                all.providers.insert(format!("p{cut}"), provider);
                let mut model = model.clone();
                model.provider = format!("p{cut}");
                all.models.insert(format!("m{cut}"), model);
            }
            let server = Server::start(all).await;
            let answers = join_all(batch.iter().map(|cut| {
                let mut body = fixture.body(true);
                body["model"] = json!(format!("m{cut}"));
                let server = &server;
                let path = fixture.path();
                async move { server.post(path, &body).await }
            }))
            .await;
            for (cut, answer) in batch.iter().zip(answers) {
                if fixture.is_native() {
                    assert_eq!(answer.body, reference.body, "{}: cut at {cut}", fixture.name);
                } else {
                    assert_finished(&fixture, &answer);
                }
            }
        }
    }
}

#[tokio::test]
async fn f2_many_events_in_one_segment_and_an_immediate_close() {
    for fixture in fixtures() {
        let mut bytes = open_head();
        bytes.extend(fixture.stream().into_bytes());
        let (answer, ..) = stream(&fixture, vec![Send(bytes), Close]).await;
        assert_finished(&fixture, &answer);
    }
}

#[tokio::test]
async fn f3_one_byte_at_a_time() {
    for fixture in fixtures() {
        let (answer, ..) = stream(
            &fixture,
            vec![
                Send(stream_head()),
                Drip(chunk(fixture.stream()), 1, Duration::ZERO),
                Drip(LAST_CHUNK.to_vec(), 1, MS(1)),
            ],
        )
        .await;
        assert_finished(&fixture, &answer);
    }
}

#[tokio::test]
async fn f4_a_slow_first_byte_is_waited_for_with_comments() {
    for fixture in fixtures() {
        let fake = Fake::always(vec![Pause(MS(900)), Send(streamed(fixture.stream()))]).await;
        let mut config = settings(&fixture, &fake);
        config.keep_alive_ms = 60;
        let server = Server::start(config).await;
        let answer = server.post(fixture.path(), &fixture.body(true)).await;
        assert_finished(&fixture, &answer);
        assert!(answer.text().starts_with(": keep-alive\n\n"), "{}", answer.text());
    }
}

#[tokio::test]
async fn f4_a_first_byte_that_is_too_slow_is_a_time_out() {
    for fixture in fixtures() {
        let (answer, server, fake) = impatient(&fixture, vec![Hang], true).await;
        assert_eq!(answer.status, 504, "{}", answer.text());
        fixture.error_type(&answer);
        assert_eq!(server.books.only().await.outcome, Outcome::Failed);
        assert!(fake.peer_closed(MS(1000)).await.is_some(), "the call was cancelled");
    }
}

#[tokio::test]
async fn f5_a_head_and_then_silence() {
    for fixture in fixtures() {
        let (answer, ..) = impatient(&fixture, vec![Send(stream_head()), Hang], true).await;
        assert_eq!(answer.status, 504, "{}: {}", fixture.name, answer.text());
        if fixture.preamble == 0 {
            continue;
        }
        // The first event that counts is what is waited for, not the head, not the preamble.
        let mut bytes = stream_head();
        bytes.extend(chunk(fixture.begun(0)));
        let (answer, ..) = impatient(&fixture, vec![Send(bytes), Hang], true).await;
        assert_eq!(answer.status, 504, "{}: {}", fixture.name, answer.text());
    }
}

#[tokio::test]
async fn f6_a_stall_after_some_events() {
    for fixture in fixtures() {
        let mut bytes = stream_head();
        bytes.extend(chunk(fixture.begun(2)));
        let (answer, server, fake) = impatient(&fixture, vec![Send(bytes), Hang], false).await;
        assert_cut(&fixture, &answer);
        assert!(fake.peer_closed(MS(1000)).await.is_some());
        assert_eq!(server.books.only().await.outcome, Outcome::Cut);
    }
}

#[tokio::test]
async fn f7_the_connection_ends_within_an_event() {
    for fixture in fixtures() {
        let text = fixture.begun(2);
        for lost in [2, 3, 20] {
            let mut bytes = open_head();
            bytes.extend(&text.as_bytes()[..text.len() - lost]);
            let (answer, ..) = stream(&fixture, vec![Send(bytes), Close]).await;
            assert_cut(&fixture, &answer);
        }
    }
}

#[tokio::test]
async fn f8_a_reset_within_a_stream() {
    for fixture in fixtures() {
        let mut bytes = stream_head();
        bytes.extend(chunk(fixture.begun(2)));
        let (answer, server, _fake) = stream(&fixture, vec![Send(bytes), Pause(MS(50)), Reset]).await;
        assert_cut(&fixture, &answer);
        let bill = server.books.only().await;
        assert_eq!(bill.outcome, Outcome::Cut);
        assert!(bill.usage.output > 0, "what was written is counted: {bill:?}");
    }
}

#[tokio::test]
async fn f9_a_chunked_body_without_its_last_chunk() {
    for fixture in fixtures() {
        let mut bytes = stream_head();
        bytes.extend(chunk(fixture.begun(2)));
        let (answer, ..) = stream(&fixture, vec![Send(bytes), Close]).await;
        assert_cut(&fixture, &answer);
    }
}

#[tokio::test]
async fn f10_a_content_length_that_is_wrong() {
    for fixture in fixtures() {
        for difference in [-30_isize, 30] {
            let body = fixture.stream();
            let length = body.len().strict_add_signed(difference);
            let head = format!(
                "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-length: {length}\r\n\r\n"
            );
            let (answer, ..) =
                stream(&fixture, vec![Send([head.as_bytes(), body.as_bytes()].concat()), Close]).await;
            // What came before the dialect's end decides: a body that is cut before it was no whole answer.
            if difference > 0 && Fixture::has_end(&answer) {
                assert_finished(&fixture, &answer);
            } else if !fixture.is_finished(&answer) {
                assert_cut(&fixture, &answer);
            }
            let head = format!(
                "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
                fixture.whole.len().strict_add_signed(difference)
            );
            let bytes = [head.as_bytes(), fixture.whole.as_bytes()].concat();
            let (answer, ..) = whole(&fixture, vec![Send(bytes), Close]).await;
            assert_eq!(answer.status, 502, "{}: {}", fixture.name, answer.text());
        }
    }
}

#[tokio::test]
async fn f11_an_error_before_any_content_lets_another_answer() {
    for fixture in fixtures() {
        let text = fixture.begun(0) + &fixture.error;
        let bad = Fake::always(vec![Send(streamed(&text))]).await;
        let good = Fake::always(vec![Send(streamed(fixture.stream()))]).await;
        let mut config = config(&[("up", fixture.kind, bad.url()), ("other", fixture.kind, good.url())]);
        config.retries = 0;
        let server = Server::start(with_fallback(config, "up-model", "other-model")).await;
        let answer = server.post(fixture.path(), &fixture.body(true)).await;
        assert_finished(&fixture, &answer);
        assert_eq!(answer.headers["x-relay-target"], "other/upstream-model");
        assert_eq!(server.books.only().await.attempts, 2);

        let (answer, ..) = stream(&fixture, vec![Send(streamed(text))]).await;
        assert!(answer.status >= 500, "{}: {}", fixture.name, answer.text());
        fixture.error_type(&answer);
    }
}

#[tokio::test]
async fn f12_an_error_after_content_ends_the_stream_and_asks_nobody_else() {
    for fixture in fixtures() {
        // Whatever follows an error is not handed on, least of all an end.
        let text = fixture.begun(2) + &fixture.error + fixture.events.last().unwrap();
        let bad = Fake::always(vec![Send(streamed(&text))]).await;
        let good = Fake::always(vec![Send(streamed(fixture.stream()))]).await;
        let config = config(&[("up", fixture.kind, bad.url()), ("other", fixture.kind, good.url())]);
        let server = Server::start(with_fallback(config, "up-model", "other-model")).await;
        let answer = server.post(fixture.path(), &fixture.body(true)).await;
        assert_cut(&fixture, &answer);
        assert_eq!(good.count(), 0);
        let bill = server.books.only().await;
        assert_eq!((bill.outcome, bill.attempts), (Outcome::Cut, 1));
    }
}

#[tokio::test]
async fn f13_a_malformed_event_among_good_ones() {
    for fixture in fixtures() {
        let text = fixture.begun(1)
            + "data: {\"choices\":[{\"del\n\n"
            + &fixture.events[fixture.preamble + 1..].concat();
        let (answer, ..) = stream(&fixture, vec![Send(streamed(&text))]).await;
        if fixture.is_native() {
            // The client gets what the upstream sent; the events after it are not lost.
            assert_eq!(answer.text(), text);
        } else {
            assert_cut(&fixture, &answer);
        }
    }
}

#[tokio::test]
async fn f14_a_byte_that_is_no_utf8() {
    for fixture in fixtures() {
        let mut bytes = fixture.stream().into_bytes();
        let at = bytes.windows(4).position(|window| window == "\u{1f600}".as_bytes()).unwrap();
        bytes[at] = 0xff;
        let (answer, ..) = stream(&fixture, vec![Send(streamed(&bytes))]).await;
        if fixture.is_native() {
            assert_eq!(answer.body, bytes);
        }
        assert!(fixture.is_finished(&answer), "{}: {}", fixture.name, answer.text());
        assert!(fixture.text(&answer).ends_with(" x -> y"), "{}", answer.text());
    }
}

#[tokio::test]
async fn f15_unknown_events_and_fields() {
    for fixture in fixtures() {
        let mut events = fixture.events.clone();
        let unknown =
            "event: brand_new\ndata: {\"type\":\"brand_new\",\"x\":[1,{\"y\":null}]}\n\n".to_owned();
        events.insert(fixture.preamble + 1, unknown.clone());
        events.insert(0, unknown);
        let text = events.concat();
        let (answer, ..) = stream(&fixture, vec![Send(streamed(&text))]).await;
        assert_finished(&fixture, &answer);
        if fixture.is_native() {
            assert_eq!(answer.text(), text);
        }
    }
}

#[tokio::test]
async fn f16_other_ways_to_write_events() {
    for fixture in fixtures() {
        let comments = format!("\u{feff}: hello\n\n:\n\n{}", fixture.events.join(": ping\n\n"));
        let tight = fixture.stream().replace("data: ", "data:");
        let crlf = fixture.stream().replace('\n', "\r\n");
        let open = fixture.stream().trim_end().to_owned();
        for text in [comments, tight, crlf, open] {
            let (answer, ..) = stream(&fixture, vec![Send(streamed(&text))]).await;
            assert_finished(&fixture, &answer);
            if fixture.is_native() {
                assert_eq!(answer.text().trim_end(), text.trim_end());
            }
        }
    }
}

#[tokio::test]
async fn f17_what_imitators_leave_out() {
    let fixture = chat();
    let event = |value: serde_json::Value| format!("data: {value}\n\n");
    let content = event(json!({ "choices": [{ "delta": { "content": TEXT } }] }));
    let finish = event(json!({ "choices": [{ "delta": {}, "finish_reason": "stop" }] }));
    let nothing = event(json!({ "choices": null, "usage": null }));
    // No `[DONE]`, no usage, no index, no id: whole, since its finish reason came. The end is added.
    let (answer, server, _fake) =
        stream(&fixture, vec![Send(streamed(format!("{nothing}{content}{nothing}{finish}")))]).await;
    assert_finished(&fixture, &answer);
    let bill = server.books.only().await;
    assert!(bill.usage.estimated && bill.usage.output == TEXT.len().div_ceil(4) as u64, "{bill:?}");
    // No finish reason either: nobody knows whether that was all.
    let (answer, ..) = stream(&fixture, vec![Send(streamed(content))]).await;
    assert_cut(&fixture, &answer);
}

#[tokio::test]
async fn f18_an_endless_event_and_an_endless_body() {
    for fixture in fixtures() {
        let line = format!("data: {}\n", "x".repeat(60_000));
        let mut steps = vec![Send(stream_head()), Send(chunk(fixture.begun(1)))];
        steps.extend((0..900).map(|_| Send(chunk(&line))));
        let (answer, _server, fake) = stream(&fixture, steps).await;
        assert_cut(&fixture, &answer);
        assert!(fake.sent() < 40_000_000, "the upstream was cut off after {} bytes", fake.sent());

        let event = fixture.events[fixture.preamble].clone();
        let many = event.repeat(60_000 / event.len() + 1);
        let mut steps = vec![Send(stream_head()), Send(chunk(fixture.begun(1)))];
        steps.extend((0..900).map(|_| Send(chunk(&many))));
        let (answer, ..) = stream(&fixture, steps).await;
        assert_cut(&fixture, &answer);
        assert!(answer.body.len() < 8_000_000);

        let body = format!("{{\"pad\":\"{}\"}}", "x".repeat(50 << 20));
        let (answer, ..) = whole(&fixture, vec![Send(response(200, &[], &body))]).await;
        assert_eq!(answer.status, 502, "{}", fixture.name);
    }
}

#[tokio::test]
async fn f19_every_form_of_retry_after() {
    // Of two seconds after it was asked for; a date has no parts of a second.
    let date = || {
        let then = jiff::Timestamp::now() + jiff::SignedDuration::from_secs(2);
        then.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
    };
    for fixture in fixtures() {
        for (header, value, wait) in [
            ("retry-after", None, 900),
            ("retry-after", Some("1"), 1000),
            ("retry-after-ms", Some("300"), 300),
            ("x-none", Some(""), 0),
        ] {
            let body = (fixture.error_body)("slow");
            let good = streamed(fixture.stream());
            let refusal = move || {
                let value = value.map_or_else(date, str::to_owned);
                response(429, &[(header, &value)], &body)
            };
            let fake =
                Fake::start(move |_, n| vec![Send(if n == 0 { refusal() } else { good.clone() })]).await;
            let server = Server::start(config(&[("up", fixture.kind, fake.url())])).await;
            let answer = server.post(fixture.path(), &fixture.body(true)).await;
            assert_finished(&fixture, &answer);
            let seen = fake.requests();
            let spacing = seen[1].at - seen[0].at;
            assert!(spacing >= MS(wait), "{header}: {value:?}: {spacing:?}");
        }
        // Nobody waits a year: the client is told to.
        let refusal = response(429, &[("retry-after", "31536000")], &(fixture.error_body)("slow"));
        let fake = Fake::always(vec![Send(refusal)]).await;
        let server = Server::start(config(&[("up", fixture.kind, fake.url())])).await;
        let answer = server.post(fixture.path(), &fixture.body(true)).await;
        assert_eq!((answer.status, fake.count()), (429, 1), "{}", answer.text());
        assert_eq!(answer.headers["retry-after"], "86400");
        assert_eq!(fixture.error_type(&answer), "rate_limit_error");
    }
}

#[tokio::test]
async fn f20_a_used_up_quota_is_not_asked_again() {
    let body = json!({ "error": { "message": "You exceeded your current quota, see billing of org-7",
        "type": "insufficient_quota", "code": "insufficient_quota" } });
    for fixture in fixtures() {
        let fake = Fake::always(vec![Send(response(429, &[], &body.to_string()))]).await;
        let server = Server::start(config(&[("up", fixture.kind, fake.url())])).await;
        let answer = server.post(fixture.path(), &fixture.body(true)).await;
        assert_eq!((answer.status, fake.count()), (503, 1), "{}", answer.text());
        assert_eq!(answer.headers["x-should-retry"], "false");
        assert!(answer.headers.contains_key("retry-after"));
        assert!(!answer.text().contains("org-7"), "the operator's account is not the client's business");
    }
}

#[tokio::test]
async fn f21_a_provider_that_fails_is_tried_again_then_named() {
    for fixture in fixtures() {
        for (status, body) in [
            (529, (fixture.error_body)("busy")),
            (503, (fixture.error_body)("busy")),
            (500, (fixture.error_body)("oops at /srv/app.py:12")),
            (502, "<html><h1>502 Bad Gateway</h1>nginx/1.2</html>".to_owned()),
        ] {
            let fake = Fake::always(vec![Send(response(status, &[], &body))]).await;
            let server = Server::start(config(&[("up", fixture.kind, fake.url())])).await;
            let answer = server.post(fixture.path(), &fixture.body(true)).await;
            let expected = match (status, fixture.client) {
                (503 | 529, Client::Anthropic) => 529,
                (503 | 529, _) => 503,
                _ => 502,
            };
            assert_eq!((answer.status, fake.count()), (expected, 3), "{}", answer.text());
            assert_eq!(answer.headers.contains_key("retry-after"), expected != 502);
            fixture.error_type(&answer);
            for inside in ["app.py", "nginx", "<html>"] {
                assert!(!answer.text().contains(inside), "{}", answer.text());
            }
        }
    }
}

#[tokio::test]
async fn f22_a_refused_key_is_the_servers_and_not_the_clients() {
    for fixture in fixtures() {
        for status in [401, 403] {
            let body = (fixture.error_body)(&format!("bad key {CANARY}"));
            let (answer, _server, fake) = stream(&fixture, vec![Send(response(status, &[], &body))]).await;
            assert_eq!((answer.status, fake.count()), (502, 1), "{}", answer.text());
            assert_eq!(answer.headers["x-should-retry"], "false");
        }
    }
}

#[tokio::test]
async fn f23_a_request_that_is_too_large_there() {
    for fixture in fixtures() {
        for body in [(fixture.error_body)("too large"), "<html>413</html>".to_owned()] {
            let (answer, _server, fake) = stream(&fixture, vec![Send(response(413, &[], &body))]).await;
            assert_eq!((answer.status, fake.count()), (413, 1), "{}", answer.text());
            fixture.error_type(&answer);
        }
    }
}

#[tokio::test]
async fn f24_a_redirect_is_not_followed() {
    for fixture in fixtures() {
        let other = Fake::always(vec![Send(streamed(fixture.stream()))]).await;
        for status in [301, 302, 307, 308] {
            let location = other.url();
            let (answer, ..) =
                stream(&fixture, vec![Send(response(status, &[("location", &location)], ""))]).await;
            assert_eq!(answer.status, 502, "{}", answer.text());
        }
        assert_eq!(other.connections(), 0);
    }
}

#[tokio::test]
async fn f25_packed_answers_are_not_unpacked() {
    for fixture in fixtures() {
        let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-encoding: gzip\r\nconnection: close\r\n\r\n";
        // The first bytes of any gzip file; what would follow, a bomb or not, is never looked at.
        let bytes = [head.as_bytes(), &[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]].concat();
        let (answer, _server, fake) = stream(&fixture, vec![Send(bytes), Hang]).await;
        assert_eq!(answer.status, 502, "{}", answer.text());
        assert_eq!(fake.requests()[0].header("accept-encoding"), Some("identity"));
    }
}

#[tokio::test]
async fn f26_a_provider_that_cannot_be_reached() {
    for fixture in fixtures() {
        let plain = Fake::always(vec![Send(streamed(fixture.stream()))]).await;
        let closed = {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            listener.local_addr().unwrap()
        };
        for url in [
            format!("http://{closed}/v1"),
            "http://no-such-host.invalid/v1".to_owned(),
            format!("https://{}/v1", plain.address),
        ] {
            let good = Fake::always(vec![Send(streamed(fixture.stream()))]).await;
            let config = config(&[("up", fixture.kind, url.clone()), ("other", fixture.kind, good.url())]);
            let server = Server::start(with_fallback(config.clone(), "up-model", "other-model")).await;
            let answer = server.post(fixture.path(), &fixture.body(true)).await;
            assert_finished(&fixture, &answer);
            assert_eq!(server.books.only().await.attempts, 2, "one call to the dead one: {url}");

            let mut alone = config;
            alone.retries = 0;
            let server = Server::start(alone).await;
            let answer = server.post(fixture.path(), &fixture.body(true)).await;
            assert_eq!(answer.status, 502, "{}", answer.text());
            assert!(
                !answer.text().contains("127.0.0.1") && !answer.text().contains("invalid/"),
                "{}",
                answer.text()
            );
        }
    }
}

#[tokio::test]
async fn f27_a_connection_that_was_closed_between_requests() {
    for fixture in fixtures() {
        let good = streamed(fixture.stream());
        let fake = Fake::start(move |_, _| vec![Send(good.clone()), Pause(MS(60)), Close]).await;
        let server = Server::start(config(&[("up", fixture.kind, fake.url())])).await;
        for wait in [0, 55, 60, 65, 120] {
            let answer = server.post(fixture.path(), &fixture.body(true)).await;
            assert_finished(&fixture, &answer);
            tokio::time::sleep(MS(wait)).await;
        }
    }
}

#[tokio::test]
async fn f28_a_slow_reader_slows_the_upstream_down() {
    for fixture in fixtures() {
        let event = fixture.events[fixture.preamble].clone();
        let many = event.repeat(60_000 / event.len() + 1);
        let mut steps = vec![Send(stream_head()), Send(chunk(fixture.begun(1)))];
        // 120 MB: more than all buffers between here and there hold.
        steps.extend((0..2000).map(|_| Send(chunk(&many))));
        let fake = Fake::always(steps).await;
        let mut config = settings(&fixture, &fake);
        config.stream_bytes = 1 << 30;
        config.total_timeout_ms = 60_000;
        let server = Server::start(config).await;
        let client = server.client.post(format!("http://{}{}", server.address, fixture.path()));
        let mut answer = client.body(fixture.body(true).to_string()).send().await.unwrap();
        answer.chunk().await.unwrap();
        let mut before = usize::MAX;
        for _ in 0..100 {
            tokio::time::sleep(MS(100)).await;
            let now = fake.sent();
            if now == before {
                break;
            }
            before = now;
        }
        assert!(
            before < 60_000_000,
            "{}: {before} bytes were taken for a client that does not read",
            fixture.name
        );
        drop(answer);
        assert!(fake.peer_closed(MS(1000)).await.is_some());
    }
}

#[tokio::test]
async fn f29_a_client_that_leaves_takes_the_upstream_with_it() {
    for fixture in fixtures() {
        let phases = [
            ("before the head", vec![Hang]),
            ("after the head", vec![Send(stream_head()), Hang]),
            ("within the preamble", vec![Send(stream_head()), Send(chunk(fixture.begun(0))), Hang]),
            ("within the text", vec![Send(stream_head()), Send(chunk(fixture.begun(2))), Hang]),
            ("while it flows", vec![Send(stream_head()), Send(chunk(fixture.begun(1))), flood(&fixture)]),
        ];
        for keep_alive_ms in [30, 5_000] {
            for (phase, steps) in &phases {
                if *phase == "within the preamble" && fixture.preamble == 0 {
                    continue;
                }
                let fake = Fake::always(steps.clone()).await;
                let mut config = settings(&fixture, &fake);
                config.keep_alive_ms = keep_alive_ms;
                let server = Server::start(config).await;
                let client = server.client.post(format!("http://{}{}", server.address, fixture.path()));
                let body = fixture.body(true).to_string();
                let call = tokio::spawn(async move {
                    let mut answer = client.body(body).send().await.unwrap();
                    while answer.chunk().await.unwrap().is_some() {}
                });
                fake.reached(1).await;
                tokio::time::sleep(MS(80)).await;
                let left = Instant::now();
                call.abort();
                let closed = fake.peer_closed(MS(2000)).await;
                let closed = closed.unwrap_or_else(|| panic!("{}: {phase}: never closed", fixture.name));
                assert!(closed.saturating_duration_since(left) < MS(1000), "{}: {phase}", fixture.name);
                assert_eq!(
                    server.books.only().await.outcome,
                    Outcome::Cancelled,
                    "{}: {phase}",
                    fixture.name
                );
            }
        }
    }
}

fn flood(fixture: &Fixture) -> Step {
    Drip(chunk(fixture.events[fixture.preamble].repeat(10_000)), 500, MS(2))
}

#[tokio::test]
async fn f30_something_else_than_events() {
    for fixture in fixtures() {
        for (kind, body) in [
            ("text/html", "<html>Sign in to the hotel's network</html>".to_owned()),
            ("application/json", (fixture.error_body)("not today")),
            ("application/json", fixture.whole.clone()),
            ("application/json", String::new()),
        ] {
            let (answer, ..) =
                stream(&fixture, vec![Send(response(200, &[("content-type", kind)], &body))]).await;
            assert_eq!(answer.status, 502, "{}: {}", fixture.name, answer.text());
            fixture.error_type(&answer);
        }
        for body in ["<html></html>", "", "{}", "[]", "null", "{\"choices\":[]}"] {
            let (answer, ..) = whole(&fixture, vec![Send(response(200, &[], body))]).await;
            assert_eq!(answer.status, 502, "{}: {body}: {}", fixture.name, answer.text());
        }
    }
}

#[tokio::test]
async fn f31_a_flood_of_headers() {
    for fixture in fixtures() {
        let long = "x".repeat(1 << 20);
        let (answer, ..) = stream(&fixture, vec![Send(response(200, &[("x-long", &long)], ""))]).await;
        assert_eq!(answer.status, 502, "{}", answer.text());
        let many: Vec<String> = (0..5000).map(|i| format!("x-{i}")).collect();
        let many: Vec<(&str, &str)> = many.iter().map(|name| (name.as_str(), "1")).collect();
        let (answer, ..) = stream(&fixture, vec![Send(response(200, &many, ""))]).await;
        assert_eq!(answer.status, 502, "{}", answer.text());
    }
}

#[tokio::test]
async fn f32_a_key_that_comes_back_is_taken_out() {
    for fixture in fixtures() {
        let body = (fixture.error_body)(&format!("unknown field; you sent Bearer {CANARY}"));
        // `Server::post` asserts that the key is nowhere in the answer.
        let (answer, ..) = stream(&fixture, vec![Send(response(400, &[], &body))]).await;
        assert_eq!(answer.status, 400);
        assert!(answer.text().contains("unknown field; you sent Bearer ***"), "{}", answer.text());
        let error = fixture.error.replace("worn out", CANARY);
        let (answer, ..) = stream(&fixture, vec![Send(streamed(fixture.begun(1) + &error))]).await;
        assert_cut(&fixture, &answer);
    }
}

#[tokio::test]
async fn f33_failures_then_success() {
    for fixture in fixtures() {
        for (failures, succeeds) in [(1, true), (2, true), (3, false)] {
            let (bad, good) = (response(500, &[], "{}"), streamed(fixture.stream()));
            let fake =
                Fake::start(move |_, n| vec![Send(if n < failures { bad.clone() } else { good.clone() })])
                    .await;
            let mut config = config(&[("up", fixture.kind, fake.url())]);
            config.backoff_ms = 100;
            let server = Server::start(config).await;
            let answer = server.post(fixture.path(), &fixture.body(true)).await;
            assert_eq!(answer.status == 200, succeeds, "{}", answer.text());
            assert_eq!(fake.count(), failures.min(2) + 1);
            assert_eq!(server.books.only().await.attempts as usize, fake.count());
            let seen = fake.requests();
            for (step, pair) in seen.windows(2).enumerate() {
                // Full jitter: anything up to the step's bound, and never beyond it.
                assert!(pair[1].at - pair[0].at < MS((100 << step) + 300));
            }
        }
    }
}
