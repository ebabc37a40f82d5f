//! What is said in one dialect arrives in the other: tools, images, reasoning, reasons to stop, usage.

mod fake_upstream;
mod relay_support;

use fake_upstream::{Fake, Step, response, streamed};
use proxy_server::llm::config::Kind;
use relay_support::{Server, config};
use serde_json::{Value, json};

async fn server(kind: Kind, answer: Vec<u8>) -> (Server, Fake) {
    let fake = Fake::always(vec![Step::Send(answer)]).await;
    (Server::start(config(&[("up", kind, fake.url())])).await, fake)
}

fn events(list: &[Value]) -> String {
    let event =
        |value: &Value| format!("event: {}\ndata: {value}\n\n", value["type"].as_str().unwrap_or("x"));
    list.iter().map(event).collect::<Vec<_>>().concat()
}

/// A conversation with a picture, a tool call and its result, in OpenAI's words.
fn chat_request() -> Value {
    json!({ "model": "up-model", "max_completion_tokens": 99, "temperature": 1.5, "stop": "END",
        "parallel_tool_calls": false, "tool_choice": "required",
        "messages": [
            { "role": "developer", "content": "be brief" },
            { "role": "user", "content": [{ "type": "text", "text": "what is it?" },
                { "type": "image_url", "image_url": { "url": "data:image/png;base64,AAAA" } }] },
            { "role": "assistant", "content": null, "tool_calls": [{ "id": "t1", "type": "function",
                "function": { "name": "look", "arguments": "{\"x\":1}" } }] },
            { "role": "tool", "tool_call_id": "t1", "content": "a cat" },
            { "role": "user", "content": "sure?" }],
        "tools": [{ "type": "function", "function": { "name": "look", "description": "looks",
            "parameters": { "type": "object", "properties": { "x": { "type": "integer" } } } } }] })
}

/// The same in Anthropic's.
fn anthropic_request() -> Value {
    json!({ "model": "up-model", "max_tokens": 99, "temperature": 1.0, "stop_sequences": ["END"],
        "tool_choice": { "type": "any", "disable_parallel_tool_use": true }, "system": "be brief",
        "messages": [
            { "role": "user", "content": [{ "type": "text", "text": "what is it?" },
                { "type": "image", "source": { "type": "base64", "media_type": "image/png", "data": "AAAA" } }] },
            { "role": "assistant", "content": [
                { "type": "tool_use", "id": "t1", "name": "look", "input": { "x": 1 } }] },
            { "role": "user", "content": [
                { "type": "tool_result", "tool_use_id": "t1", "content": [{ "type": "text", "text": "a cat" }],
                    "is_error": false },
                { "type": "text", "text": "sure?" }] }],
        "tools": [{ "name": "look", "description": "looks",
            "input_schema": { "type": "object", "properties": { "x": { "type": "integer" } } } }] })
}

#[tokio::test]
async fn a_request_in_openais_words_reaches_anthropic_in_its_own() {
    let whole = relay_support::fixture::anthropic().whole;
    let (server, fake) = server(Kind::Anthropic, response(200, &[], &whole)).await;
    let answer = server.post("/v1/llm/chat/completions", &chat_request()).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let mut sent = fake.requests()[0].json();
    assert_eq!(fake.requests()[0].line, "POST /v1/messages");
    assert_eq!(fake.requests()[0].header("anthropic-version"), Some("2023-06-01"));
    sent.as_object_mut().unwrap().remove("stream");
    let mut expected = anthropic_request();
    expected["model"] = json!("upstream-model");
    assert_eq!(sent, expected);
}

#[tokio::test]
async fn a_request_in_anthropics_words_reaches_openai_in_its_own() {
    let whole = relay_support::fixture::chat().whole;
    let (server, fake) = server(Kind::OpenaiChat, response(200, &[], &whole)).await;
    let answer = server.post("/v1/llm/v1/messages", &anthropic_request()).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let mut sent = fake.requests()[0].json();
    sent.as_object_mut().unwrap().remove("stream");
    let mut expected = chat_request();
    expected["model"] = json!("upstream-model");
    expected["temperature"] = json!(1.0);
    expected["stop"] = json!(["END"]);
    expected["messages"][0]["role"] = json!("system");
    assert_eq!(sent, expected);
}

#[tokio::test]
async fn an_answer_with_reasoning_and_a_tool_call_reaches_openais_client() {
    let stream = events(&[
        json!({ "type": "message_start", "message": { "id": "msg_1", "model": "m", "role": "assistant",
            "usage": { "input_tokens": 3, "output_tokens": 1 } } }),
        json!({ "type": "content_block_start", "index": 0, "content_block": { "type": "thinking", "thinking": "" } }),
        json!({ "type": "content_block_delta", "index": 0, "delta": { "type": "thinking_delta", "thinking": "hm" } }),
        json!({ "type": "content_block_start", "index": 1, "content_block": {
            "type": "tool_use", "id": "t1", "name": "look", "input": {} } }),
        json!({ "type": "content_block_delta", "index": 1, "delta": {
            "type": "input_json_delta", "partial_json": "{\"x\"" } }),
        json!({ "type": "content_block_delta", "index": 1, "delta": {
            "type": "input_json_delta", "partial_json": ":1}" } }),
        json!({ "type": "message_delta", "delta": { "stop_reason": "tool_use" }, "usage": { "output_tokens": 9 } }),
        json!({ "type": "message_stop" }),
    ]);
    let (server, _fake) = server(Kind::Anthropic, streamed(stream)).await;
    let mut body = chat_request();
    body["stream"] = json!(true);
    body["stream_options"] = json!({ "include_usage": true });
    let answer = server.post("/v1/llm/chat/completions", &body).await;
    let data = answer.data();
    assert_eq!(data.last().unwrap(), "[DONE]");
    let chunks: Vec<Value> =
        data[..data.len() - 1].iter().map(|text| serde_json::from_str(text).unwrap()).collect();
    let delta = |i: usize| &chunks[i]["choices"][0]["delta"];
    assert_eq!(delta(0)["reasoning_content"], "hm");
    assert_eq!(delta(0)["role"], "assistant");
    assert_eq!(delta(1)["tool_calls"][0]["function"]["name"], "look");
    let arguments: String = chunks
        .iter()
        .filter_map(|chunk| chunk.pointer("/choices/0/delta/tool_calls/0/function/arguments")?.as_str())
        .collect();
    assert_eq!(arguments, "{\"x\":1}");
    assert_eq!(chunks[4]["choices"][0]["finish_reason"], "tool_calls");
    assert_eq!(chunks[5]["usage"]["total_tokens"], 12);
}

#[tokio::test]
async fn an_answer_with_a_tool_call_reaches_anthropics_client() {
    let chunk = |delta: Value, finish: Value| {
        format!(
            "data: {}\n\n",
            json!({ "id": "c1", "model": "m",
            "choices": [{ "index": 0, "delta": delta, "finish_reason": finish }] })
        )
    };
    let call =
        |arguments: &str| json!({ "tool_calls": [{ "index": 0, "function": { "arguments": arguments } }] });
    let stream = chunk(json!({ "content": "let me see" }), Value::Null)
        + &chunk(
            json!({ "tool_calls": [{ "index": 0, "id": "t1", "type": "function",
            "function": { "name": "look", "arguments": "" } }] }),
            Value::Null,
        )
        + &chunk(call("{\"x\""), Value::Null)
        + &chunk(call(":1}"), Value::Null)
        + &chunk(json!({}), json!("tool_calls"))
        + "data: [DONE]\n\n";
    let (server, _fake) = server(Kind::OpenaiCompatible, streamed(stream)).await;
    let mut body = anthropic_request();
    body["stream"] = json!(true);
    let answer = server.post("/v1/llm/messages", &body).await;
    let events: Vec<Value> = answer.data().iter().map(|data| serde_json::from_str(data).unwrap()).collect();
    let kinds: Vec<&str> = events.iter().map(|event| event["type"].as_str().unwrap()).collect();
    assert_eq!(
        kinds,
        [
            "message_start",
            "content_block_start",
            "content_block_delta",
            "content_block_stop",
            "content_block_start",
            "content_block_delta",
            "content_block_delta",
            "content_block_stop",
            "message_delta",
            "message_stop"
        ]
    );
    assert_eq!(events[4]["content_block"]["name"], "look");
    assert_eq!(events[4]["index"], 1);
    assert_eq!(events[8]["delta"]["stop_reason"], "tool_use");
}

#[tokio::test]
async fn a_refusal_inside_a_200_is_told_and_counted() {
    let whole = json!({ "id": "m", "type": "message", "role": "assistant", "model": "m", "content": [],
        "stop_reason": "refusal", "usage": { "input_tokens": 3, "output_tokens": 0 } });
    let (server, _fake) = server(Kind::Anthropic, response(200, &[], &whole.to_string())).await;
    let mut body = chat_request();
    body["stream"] = json!(false);
    let answer = server.post("/v1/llm/chat/completions", &body).await;
    assert_eq!(answer.json()["choices"][0]["finish_reason"], "content_filter");
    assert_eq!(server.books.only().await.outcome, proxy_server::llm::Outcome::Refused);
}
