//! The relay inside the server: who may use it, and that its use is booked. What it does with a misbehaving
//! upstream is tested in `relay_faults.rs`.

use axum::routing::post;
use axum::{Json, Router};
use proxy_server::llm::config::{Kind, Provider};
use reqwest::Method;
use serde_json::{Value, json};

use crate::fake_upstream::{Fake, Step, chunk, response, stream_head};
use crate::harness::{Server, config, read};

/// An upstream that answers every prompt with one word and says what it cost.
async fn upstream() -> String {
    let answer = json!({
        "id": "c1", "object": "chat.completion", "created": 1, "model": "tiny",
        "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "Hello"}}],
        "usage": {"prompt_tokens": 7, "completion_tokens": 2, "total_tokens": 9}
    });
    let app = Router::new().route("/v1/chat/completions", post(move || async move { Json(answer) }));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/v1", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, app).await });
    url
}

/// That upstream, as the configuration names it.
pub(crate) async fn provider() -> Provider {
    Provider { kind: Kind::OpenaiCompatible, base_url: upstream().await, ..Provider::default() }
}

fn prompt() -> Value {
    json!({"model": "near/tiny", "max_tokens": 20, "messages": [{"role": "user", "content": "Say hello"}]})
}

#[tokio::test]
async fn an_answer_is_relayed_and_booked() {
    let mut config = config();
    config.llm.providers.insert("near".to_owned(), provider().await);
    let server = Server::with(config).await;
    let answer = server.post("/v1/llm/chat/completions", prompt()).await;
    assert_eq!(answer.is(200).json["choices"][0]["message"]["content"], "Hello");
    // The books are written beside the answer.
    let mut usage = Value::Null;
    for _ in 0..100 {
        usage = server.get("/v1/usage").await.json["data"].clone();
        if usage[0]["input_tokens"] == 7 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert_eq!((&usage[0]["provider"], &usage[0]["output_tokens"]), (&json!("near"), &json!(2)), "{usage}");
    server.end().await;
}

/// Headers that an answer of the relay may have.
const KNOWN: &[&str] = &[
    "access-control-expose-headers",
    "cache-control",
    "content-length",
    "content-security-policy",
    "content-type",
    "cross-origin-opener-policy",
    "cross-origin-resource-policy",
    "date",
    "permissions-policy",
    "referrer-policy",
    "retry-after",
    "transfer-encoding",
    "vary",
    "x-accel-buffering",
    "x-content-type-options",
    "x-relay-target",
    "x-request-id",
    "x-should-retry",
    "x-upstream-request-id",
];

#[tokio::test]
async fn s26_of_an_upstreams_headers_only_known_ones_are_handed_on() {
    let evil = [
        ("set-cookie", "session=stolen; Path=/"),
        ("server", "upstream/1.0"),
        ("x-powered-by", "upstream"),
        ("access-control-allow-origin", "*"),
        ("content-security-policy", "default-src *"),
        ("location", "http://evil.example/"),
        ("refresh", "0; url=http://evil.example/"),
        ("link", "<http://evil.example/>; rel=preload"),
        ("connection", "keep-alive, x-secret"),
        ("x-secret", "of the upstream"),
        ("alt-svc", "h3=\":443\""),
        ("www-authenticate", "Basic realm=upstream"),
    ];
    let stream = "data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hi\"},\"finish_reason\":\"stop\"}]}\n\n\
                  data: [DONE]\n\n";
    let whole = json!({ "id": "c", "object": "chat.completion", "choices": [{ "index": 0, "finish_reason": "stop",
        "message": { "role": "assistant", "content": "Hi" } }] });
    let fake = Fake::start(move |seen, _| {
        let request = seen.json();
        let events = ("content-type", "text/event-stream");
        let headers: Vec<_> = evil.into_iter().chain((request["stream"] == true).then_some(events)).collect();
        vec![Step::Send(match request["model"].as_str() {
            Some("bad") => {
                response(400, &headers, r#"{"error":{"message":"no","type":"invalid_request_error"}}"#)
            }
            _ if request["stream"] == true => response(200, &headers, stream),
            _ => response(200, &headers, &whole.to_string()),
        })]
    })
    .await;
    let mut config = config();
    let provider = Provider { base_url: fake.url(), ..provider().await };
    config.llm.providers.insert("near".to_owned(), provider);
    let server = Server::with(config).await;
    for path in ["/v1/llm/chat/completions", "/v1/llm/v1/messages"] {
        for (model, stream) in [("near/good", false), ("near/good", true), ("near/bad", false)] {
            let prompt = json!({ "model": model, "max_tokens": 20, "stream": stream,
                "messages": [{ "role": "user", "content": "Say hello" }] });
            let answer = server.post(path, prompt).await;
            assert_eq!(answer.status == 200, model == "near/good", "{}", answer.text);
            for (name, value) in &answer.headers {
                assert!(KNOWN.contains(&name.as_str()), "{name} is handed on: {value:?}");
                let is_evil = evil.iter().any(|(evil, bad)| name == evil && value == bad);
                assert!(!is_evil, "{name}: {value:?} is the upstream's");
            }
        }
    }
    server.end().await;
}

#[tokio::test]
async fn s05_a_stream_ends_with_the_key_or_the_login_that_asked_for_it() {
    let begun = chunk("data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hi\"}}]}\n\n");
    let fake = Fake::always(vec![Step::Send(stream_head()), Step::Send(begun), Step::Hang]).await;
    let mut config = config();
    let provider = Provider { base_url: fake.url(), ..provider().await };
    config.llm.providers.insert("near".to_owned(), provider);
    let server = Server::with(config).await;
    for (path, end) in [("/v1/llm/chat/completions", "[DONE]"), ("/v1/llm/v1/messages", "message_stop")] {
        let tokens = server.person(&format!("{}@example.com", end.len())).await;
        let access = tokens["access_token"].as_str().unwrap();
        let new = json!({ "name": "k", "scopes": ["llm"] });
        let made = read(server.with_key(access, Method::POST, "/v1/api-keys").json(&new)).await;
        let key = made.json["key"].as_str().unwrap();
        let mut prompt = prompt();
        prompt["stream"] = json!(true);
        let mut streams = Vec::new();
        for credential in [key, access] {
            let asked = server.with_key(credential, Method::POST, path).json(&prompt).send().await.unwrap();
            assert_eq!(asked.status(), 200);
            streams.push(asked);
        }
        let of_login = streams.pop().unwrap();
        let id = format!("/v1/api-keys/{}", made.json["id"].as_str().unwrap());
        read(server.with_key(access, Method::DELETE, &id)).await.is(204);
        let mut texts = vec![cut(streams.pop().unwrap()).await];
        server.post("/v1/auth/logout", json!({ "refresh_token": tokens["refresh_token"] })).await.is(204);
        texts.push(cut(of_login).await);
        for text in texts {
            assert!(text.contains("Hi") && text.contains("not good any more"), "{text}");
            assert!(text.contains("permission") && !text.contains(end), "{text}");
        }
    }
    server.end().await;
}

/// What came of a stream, which ends soon.
async fn cut(stream: reqwest::Response) -> String {
    let text = tokio::time::timeout(std::time::Duration::from_secs(20), stream.text()).await;
    text.expect("the stream is still open").unwrap()
}

#[tokio::test]
async fn strangers_and_missing_providers_are_answered_in_the_callers_dialect() {
    let server = Server::sqlite().await;
    let none = server.post("/v1/llm/chat/completions", prompt()).await;
    assert!(none.status.as_u16() >= 400 && none.json["error"]["message"].is_string(), "{:?}", none.json);
    let stranger =
        read(server.with_key("sp_nobody_wrong", Method::POST, "/v1/llm/v1/messages").json(&json!({
            "model": "near/tiny", "max_tokens": 20, "messages": [{"role": "user", "content": "hi"}]
        })))
        .await;
    assert_eq!(
        (stranger.status.as_u16(), &stranger.json["type"]),
        (401, &json!("error")),
        "{:?}",
        stranger.json
    );
    server.end().await;
}
