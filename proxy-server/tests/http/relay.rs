//! The relay inside the server: who may use it, and that its use is booked. What it does with a misbehaving
//! upstream is tested in `relay_faults.rs`.

use axum::routing::post;
use axum::{Json, Router};
use proxy_server::llm::config::{Kind, Provider};
use reqwest::Method;
use serde_json::{Value, json};

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
