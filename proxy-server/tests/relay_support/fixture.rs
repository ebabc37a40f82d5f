//! One recorded conversation per dialect, so that every fault is tried on each of them.

use proxy_server::llm::config::Kind;
use serde_json::{Value, json};

use super::Answer;

/// What the client speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Client {
    Chat,
    Anthropic,
    Responses,
}

/// A provider with its recorded answer, and the client that asks it.
#[derive(Clone)]
pub(crate) struct Fixture {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    pub(crate) client: Client,
    /// The streamed answer, one text per event.
    pub(crate) events: Vec<String>,
    /// How many of them come before the first that counts.
    pub(crate) preamble: usize,
    /// The answer in one piece.
    pub(crate) whole: String,
    /// An error inside a stream.
    pub(crate) error: String,
    /// An error body for a status.
    pub(crate) error_body: fn(&str) -> String,
    pub(crate) input: u64,
    pub(crate) output: u64,
}

/// What every fixture says.
pub(crate) const TEXT: &str = "Gr\u{fc}\u{df}e \u{1f600} x -> y";

impl Fixture {
    pub(crate) fn path(&self) -> &'static str {
        match self.client {
            Client::Chat => "/v1/llm/chat/completions",
            Client::Anthropic => "/v1/llm/v1/messages",
            Client::Responses => "/v1/llm/responses",
        }
    }

    pub(crate) fn body(&self, stream: bool) -> Value {
        match self.client {
            Client::Chat => json!({ "model": "up-model", "stream": stream,
                "stream_options": { "include_usage": true },
                "messages": [{ "role": "user", "content": "hi" }] }),
            Client::Anthropic => json!({ "model": "up-model", "stream": stream, "max_tokens": 50,
                "messages": [{ "role": "user", "content": "hi" }] }),
            Client::Responses => json!({ "model": "up-model", "stream": stream, "input": "hi" }),
        }
    }

    /// The whole stream.
    pub(crate) fn stream(&self) -> String {
        self.events.concat()
    }

    /// The stream up to and with the first `n` events that count.
    pub(crate) fn begun(&self, n: usize) -> String {
        self.events[..self.preamble + n].concat()
    }

    /// Whether the bytes are handed on as they are.
    pub(crate) fn is_native(&self) -> bool {
        match self.kind {
            Kind::Anthropic => self.client == Client::Anthropic,
            Kind::OpenaiResponses => self.client == Client::Responses,
            Kind::Gemini => false,
            _ => self.client == Client::Chat,
        }
    }

    /// The words that the client got, in a stream or in one piece.
    pub(crate) fn text(&self, answer: &Answer) -> String {
        let text = |value: &Value| -> String {
            let pick = |pointers: &[&str]| {
                pointers
                    .iter()
                    .find_map(|pointer| value.pointer(pointer)?.as_str())
                    .unwrap_or_default()
                    .to_owned()
            };
            match self.client {
                Client::Chat => pick(&["/choices/0/delta/content", "/choices/0/message/content"]),
                Client::Anthropic if value["delta"]["type"] == "text_delta" => pick(&["/delta/text"]),
                Client::Anthropic => pick(&["/content/0/text"]),
                Client::Responses if value["type"] == "response.output_text.delta" => pick(&["/delta"]),
                Client::Responses => pick(&["/output/0/content/0/text"]),
            }
        };
        if answer.headers["content-type"] == "application/json" {
            return text(&answer.json());
        }
        answer
            .data()
            .iter()
            .filter_map(|data| serde_json::from_str(data).ok())
            .map(|value| text(&value))
            .collect()
    }

    /// Whether the stream ends as a whole answer does.
    pub(crate) fn is_finished(&self, answer: &Answer) -> bool {
        let end = match self.client {
            Client::Chat => "[DONE]",
            Client::Anthropic => "\"message_stop\"",
            Client::Responses => "\"response.completed\"",
        };
        answer.data().last().is_some_and(|data| data.contains(end))
    }

    /// Whether any end of a whole answer is in it, at whatever place.
    pub(crate) fn has_end(answer: &Answer) -> bool {
        ["[DONE]", "\"message_stop\"", "\"response.completed\""].iter().any(|end| answer.text().contains(end))
    }

    /// Whether the stream ends with an error in the client's dialect.
    pub(crate) fn is_broken_off(&self, answer: &Answer) -> bool {
        let Some(last) = answer.data().pop() else { return false };
        let Ok(last) = serde_json::from_str::<Value>(&last) else { return false };
        match self.client {
            Client::Chat => last["error"]["message"].is_string(),
            Client::Anthropic => last["type"] == "error" && last["error"]["type"].is_string(),
            Client::Responses => last["type"] == "error" || last["type"] == "response.failed",
        }
    }

    /// The `type` of an error response, which must have the client's shape.
    pub(crate) fn error_type(&self, answer: &Answer) -> String {
        let body = answer.json();
        if self.client == Client::Anthropic {
            assert_eq!(body["type"], "error", "{body}");
        }
        assert!(body["error"]["message"].is_string(), "{body}");
        body["error"]["type"].as_str().unwrap().to_owned()
    }
}

/// Every dialect.
pub(crate) fn fixtures() -> Vec<Fixture> {
    vec![
        chat(),
        anthropic(),
        // The client speaks one dialect, the upstream the other.
        Fixture { name: "chat to anthropic", client: Client::Chat, ..anthropic() },
        Fixture { name: "anthropic to chat", client: Client::Anthropic, ..chat() },
        responses(),
        Fixture { name: "chat to responses", client: Client::Chat, ..responses() },
        Fixture { name: "anthropic to responses", client: Client::Anthropic, ..responses() },
        gemini(),
        Fixture { name: "anthropic to gemini", client: Client::Anthropic, ..gemini() },
        Fixture { name: "ollama", kind: Kind::Ollama, ..chat() },
    ]
}

fn data(value: Value) -> String {
    format!("data: {value}\n\n")
}

fn openai_error(message: &str) -> String {
    json!({ "error": { "message": message, "type": "server_error", "code": null } }).to_string()
}

pub(crate) fn chat() -> Fixture {
    let chunk = |choices: Value| {
        json!({ "id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "m-1", "choices": choices,
            "usage": null })
    };
    let delta = |delta: Value| data(chunk(json!([{ "index": 0, "delta": delta, "finish_reason": null }])));
    let usage = json!({ "prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18 });
    let mut last = chunk(json!([]));
    last["usage"] = usage.clone();
    Fixture {
        name: "chat",
        kind: Kind::OpenaiCompatible,
        client: Client::Chat,
        events: vec![
            delta(json!({ "role": "assistant", "content": "" })),
            delta(json!({ "content": "Gr\u{fc}\u{df}e " })),
            delta(json!({ "content": "\u{1f600} x" })),
            delta(json!({ "content": " -> y" })),
            data(chunk(json!([{ "index": 0, "delta": {}, "finish_reason": "stop" }]))),
            data(last),
            "data: [DONE]\n\n".into(),
        ],
        preamble: 1,
        whole: json!({ "id": "c1", "object": "chat.completion", "created": 1, "model": "m-1",
            "choices": [{ "index": 0, "message": { "role": "assistant", "content": TEXT },
                "finish_reason": "stop" }], "usage": usage })
        .to_string(),
        error: data(
            json!({ "error": { "message": "worn out", "type": "server_error", "code": "overloaded" } }),
        ),
        error_body: openai_error,
        input: 11,
        output: 7,
    }
}

fn anthropic_error(message: &str) -> String {
    json!({ "type": "error", "error": { "type": "api_error", "message": message }, "request_id": "req_1" })
        .to_string()
}

pub(crate) fn anthropic() -> Fixture {
    let event = |value: Value| format!("event: {}\ndata: {value}\n\n", value["type"].as_str().unwrap());
    let delta = |text: &str| {
        event(
            json!({ "type": "content_block_delta", "index": 0, "delta": { "type": "text_delta", "text": text } }),
        )
    };
    Fixture {
        name: "anthropic",
        kind: Kind::Anthropic,
        client: Client::Anthropic,
        events: vec![
            event(json!({ "type": "message_start", "message": { "id": "msg_1", "type": "message",
                "role": "assistant", "model": "m-1", "content": [], "stop_reason": null, "stop_sequence": null,
                "usage": { "input_tokens": 8, "cache_read_input_tokens": 2, "cache_creation_input_tokens": 1,
                    "output_tokens": 1 } } })),
            event(json!({ "type": "content_block_start", "index": 0,
                "content_block": { "type": "text", "text": "" } })),
            event(json!({ "type": "ping" })),
            delta("Gr\u{fc}\u{df}e "),
            delta("\u{1f600} x"),
            delta(" -> y"),
            event(json!({ "type": "content_block_stop", "index": 0 })),
            event(
                json!({ "type": "message_delta", "delta": { "stop_reason": "end_turn", "stop_sequence": null },
                "usage": { "output_tokens": 7 } }),
            ),
            event(json!({ "type": "message_stop" })),
        ],
        preamble: 3,
        whole: json!({ "id": "msg_1", "type": "message", "role": "assistant", "model": "m-1",
            "content": [{ "type": "text", "text": TEXT }], "stop_reason": "end_turn", "stop_sequence": null,
            "usage": { "input_tokens": 8, "cache_read_input_tokens": 2, "cache_creation_input_tokens": 1,
                "output_tokens": 7 } })
        .to_string(),
        error: event(
            json!({ "type": "error", "error": { "type": "overloaded_error", "message": "worn out" } }),
        ),
        error_body: anthropic_error,
        input: 11,
        output: 7,
    }
}

pub(crate) fn responses() -> Fixture {
    let event = |value: Value| format!("event: {}\ndata: {value}\n\n", value["type"].as_str().unwrap());
    let delta = |text: &str| {
        event(
            json!({ "type": "response.output_text.delta", "output_index": 0, "content_index": 0, "delta": text }),
        )
    };
    let item = json!({ "type": "message", "role": "assistant", "content": [{ "type": "output_text", "text": TEXT }] });
    let usage = json!({ "input_tokens": 11, "output_tokens": 7, "total_tokens": 18 });
    let done = json!({ "id": "resp_1", "object": "response", "model": "m-1", "status": "completed", "error": null,
        "incomplete_details": null, "output": [item], "usage": usage });
    let begun =
        json!({ "id": "resp_1", "model": "m-1", "status": "in_progress", "output": [], "error": null });
    Fixture {
        name: "responses",
        kind: Kind::OpenaiResponses,
        client: Client::Responses,
        events: vec![
            event(json!({ "type": "response.created", "response": begun })),
            event(json!({ "type": "response.in_progress", "response": begun })),
            delta("Gr\u{fc}\u{df}e "),
            delta("\u{1f600} x"),
            delta(" -> y"),
            event(json!({ "type": "response.completed", "response": done })),
        ],
        preamble: 2,
        whole: done.to_string(),
        error: event(json!({ "type": "response.failed", "response": { "id": "resp_1", "status": "failed",
            "error": { "code": "server_error", "message": "worn out" } } })),
        error_body: openai_error,
        input: 11,
        output: 7,
    }
}

pub(crate) fn gemini() -> Fixture {
    let frame = |text: &str| {
        json!({ "responseId": "g1", "modelVersion": "m-1",
            "candidates": [{ "index": 0, "content": { "role": "model", "parts": [{ "text": text }] } }],
            "usageMetadata": { "promptTokenCount": 11, "candidatesTokenCount": 1 } })
    };
    let finished = |text: &str| {
        let mut last = frame(text);
        last["candidates"][0]["finishReason"] = json!("STOP");
        last["usageMetadata"] =
            json!({ "promptTokenCount": 11, "candidatesTokenCount": 5, "thoughtsTokenCount": 2 });
        last
    };
    Fixture {
        name: "chat to gemini",
        kind: Kind::Gemini,
        client: Client::Chat,
        events: vec![data(frame("Gr\u{fc}\u{df}e ")), data(frame("\u{1f600} x")), data(finished(" -> y"))],
        preamble: 0,
        whole: finished(TEXT).to_string(),
        error: data(json!({ "error": { "code": 503, "status": "UNAVAILABLE", "message": "worn out" } })),
        error_body: |message| {
            json!({ "error": { "code": 500, "status": "INTERNAL", "message": message } }).to_string()
        },
        input: 11,
        output: 7,
    }
}
