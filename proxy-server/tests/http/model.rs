//! A language model that says what a test wants, in any provider's words.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use proxy_server::config::{Config, Secret};
use proxy_server::llm::config::{Kind, Model, Provider, Tier};
use serde_json::{Value, json};

use crate::fake_upstream::{Fake, Seen, Step, chunk, response, stream_head, streamed};

/// Every provider's wire format.
pub(crate) const KINDS: [Kind; 5] =
    [Kind::Anthropic, Kind::OpenaiChat, Kind::OpenaiResponses, Kind::Gemini, Kind::Ollama];

/// What is asked of the model, by the words of the server's prompts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Task {
    Classify,
    Create,
    Update,
    Explain,
    Expert,
}

/// One answer.
#[derive(Clone, Debug)]
pub(crate) enum Say {
    /// A whole one.
    Text(String),
    /// It stops at its limit.
    Limit(String),
    /// It will not.
    Refusal,
    /// The connection ends after this text.
    Cut(String),
    /// This text, and then nothing.
    Stall(String),
    /// An answer without any.
    Status(u16),
}

impl Say {
    pub(crate) fn text(text: &str) -> Self {
        Self::Text(text.to_owned())
    }

    fn steps(&self, kind: Kind) -> Vec<Step> {
        let begun = |text: &str| {
            let events = stream(kind, text, "stop");
            vec![
                Step::Send(stream_head()),
                Step::Send(chunk(events[..events.len() - end_events(kind)].concat())),
            ]
        };
        let one = |step: Step, mut steps: Vec<Step>| {
            steps.push(step);
            steps
        };
        match self {
            // A few bytes at a time: events are cut anywhere.
            Self::Text(text) => {
                vec![Step::Drip(streamed(stream(kind, text, "stop").concat()), 37, std::time::Duration::ZERO)]
            }
            Self::Limit(text) => vec![Step::Send(streamed(stream(kind, text, "length").concat()))],
            Self::Refusal => vec![Step::Send(streamed(stream(kind, "", "refusal").concat()))],
            Self::Cut(text) => one(Step::Close, begun(text)),
            Self::Stall(text) => one(Step::Hang, begun(text)),
            Self::Status(status) => {
                vec![Step::Send(response(*status, &[], "{\"error\":{\"message\":\"no\"}}"))]
            }
        }
    }
}

/// Events of a stream, the text in a few pieces; the last ones say the end.
fn stream(kind: Kind, text: &str, end: &str) -> Vec<String> {
    let named = |data: Value| format!("event: {}\ndata: {data}\n\n", data["type"].as_str().unwrap());
    let data = |data: Value| format!("data: {data}\n\n");
    let chars: Vec<char> = text.chars().collect();
    let pieces = chars.chunks(chars.len().div_ceil(4).max(1)).map(|piece| piece.iter().collect::<String>());
    match kind {
        Kind::Anthropic => {
            let reason = match end {
                "length" => "max_tokens",
                "refusal" => "refusal",
                _ => "end_turn",
            };
            let mut events = vec![
                named(
                    json!({ "type": "message_start", "message": { "id": "m", "type": "message", "role": "assistant",
                    "model": "m", "content": [], "stop_reason": null,
                    "usage": { "input_tokens": 100, "output_tokens": 1 } } }),
                ),
                named(json!({ "type": "content_block_start", "index": 0,
                    "content_block": { "type": "text", "text": "" } })),
            ];
            events.extend(pieces.map(|piece| {
                named(json!({ "type": "content_block_delta", "index": 0,
                    "delta": { "type": "text_delta", "text": piece } }))
            }));
            events.push(named(json!({ "type": "content_block_stop", "index": 0 })));
            events.push(named(json!({ "type": "message_delta", "delta": { "stop_reason": reason },
                "usage": { "output_tokens": 20 } })));
            events.push(named(json!({ "type": "message_stop" })));
            events
        }
        Kind::OpenaiResponses => {
            let begun =
                json!({ "id": "r", "model": "m", "status": "in_progress", "output": [], "error": null });
            let usage = json!({ "input_tokens": 100, "output_tokens": 20, "total_tokens": 120 });
            let mut events = vec![named(json!({ "type": "response.created", "response": begun }))];
            if end == "refusal" {
                events.push(named(
                    json!({ "type": "response.refusal.delta", "delta": "I will not", "output_index": 0 }),
                ));
            }
            events.extend(pieces.map(|piece| {
                named(json!({ "type": "response.output_text.delta", "output_index": 0, "content_index": 0,
                    "item_id": "i", "delta": piece }))
            }));
            let item = json!({ "type": "message", "role": "assistant",
                "content": [{ "type": "output_text", "text": text }] });
            let (name, status, why) = if end == "length" {
                ("response.incomplete", "incomplete", json!({ "reason": "max_output_tokens" }))
            } else {
                ("response.completed", "completed", Value::Null)
            };
            events
                .push(named(json!({ "type": name, "response": { "id": "r", "model": "m", "status": status,
                "error": null, "incomplete_details": why, "output": [item], "usage": usage } })));
            events
        }
        Kind::Gemini => {
            let frame = |text: &str| {
                json!({ "responseId": "g", "modelVersion": "m",
                    "candidates": [{ "index": 0, "content": { "role": "model", "parts": [{ "text": text }] } }],
                    "usageMetadata": { "promptTokenCount": 100, "candidatesTokenCount": 1 } })
            };
            let reason = match end {
                "length" => "MAX_TOKENS",
                "refusal" => "SAFETY",
                _ => "STOP",
            };
            let mut events: Vec<String> = pieces.map(|piece| data(frame(&piece))).collect();
            let mut last = frame("");
            last["candidates"][0]["finishReason"] = json!(reason);
            last["usageMetadata"] = json!({ "promptTokenCount": 100, "candidatesTokenCount": 20 });
            events.push(data(last));
            events
        }
        _ => {
            let part = |delta: Value, finish: Value| {
                data(json!({ "id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m",
                    "choices": [{ "index": 0, "delta": delta, "finish_reason": finish }] }))
            };
            let reason = match end {
                "length" => "length",
                "refusal" => "content_filter",
                _ => "stop",
            };
            let mut events = vec![part(json!({ "role": "assistant", "content": "" }), Value::Null)];
            events.extend(pieces.map(|piece| part(json!({ "content": piece }), Value::Null)));
            events.push(part(json!({}), json!(reason)));
            events.push(data(json!({ "id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m",
                "choices": [], "usage": { "prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120 } })));
            events.push("data: [DONE]\n\n".to_owned());
            events
        }
    }
}

/// How many of the events say the end.
fn end_events(kind: Kind) -> usize {
    match kind {
        Kind::OpenaiResponses | Kind::Gemini => 1,
        _ => 3,
    }
}

/// The text of all that the model was told.
pub(crate) fn asked(seen: &Seen) -> String {
    String::from_utf8_lossy(&seen.body).replace("\\n", "\n").replace("\\\"", "\"")
}

pub(crate) fn task(seen: &Seen) -> Task {
    let text = asked(seen);
    if text.contains("Label the request") {
        Task::Classify
    } else if text.contains("Draw the system") {
        Task::Create
    } else if text.contains("Change the diagram") {
        Task::Update
    } else if text.contains("Answer as an experienced") {
        Task::Expert
    } else {
        Task::Explain
    }
}

/// A model that answers by its script: for each task the answers in turn, the last one for ever. Without a script for
/// a task it explains.
pub(crate) async fn model(kind: Kind, script: &[(Task, &[Say])]) -> Fake {
    let script: HashMap<Task, Vec<Say>> = script.iter().map(|(task, says)| (*task, says.to_vec())).collect();
    let turns: Arc<Mutex<HashMap<Task, usize>>> = Arc::default();
    Fake::start(move |seen, _| {
        let task = task(seen);
        let turn = {
            let mut turns = turns.lock().unwrap();
            let turn = turns.entry(task).or_default();
            *turn += 1;
            *turn - 1
        };
        let words = [Say::text("Here is why it is so.")];
        let says = script.get(&task).map_or(&words[..], Vec::as_slice);
        says[turn.min(says.len() - 1)].steps(kind)
    })
    .await
}

/// What the model was asked for `task`.
pub(crate) fn tasks(fake: &Fake, wanted: Task) -> Vec<Seen> {
    fake.requests().into_iter().filter(|seen| task(seen) == wanted).collect()
}

/// `config` with this model in all three sizes, as `small`, `middle` and `large`.
pub(crate) fn with_model(mut config: Config, name: &str, kind: Kind, fake: &Fake) -> Config {
    let provider = Provider {
        kind,
        base_url: fake.url(),
        keys: vec![Secret::new("sk-test-0123456789")],
        ..Provider::default()
    };
    config.llm.providers.insert(name.to_owned(), provider);
    for (prompt_tokens, size) in [(800, "small"), (2_000, "middle"), (0, "large")] {
        let upstream = format!("up-{size}");
        let model = Model { provider: name.to_owned(), upstream, ..Model::default() };
        config.llm.models.insert(size.to_owned(), model);
        config.llm.tiers.push(Tier { prompt_tokens, model: size.to_owned() });
    }
    config.llm.backoff_ms = 5;
    config.llm.retries = 0;
    config
}
