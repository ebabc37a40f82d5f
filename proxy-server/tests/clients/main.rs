//! The official clients work with only base URL and key set: streaming and not, with tools, and with errors that they
//! understand; in front of providers of their own dialect and of others.
//!
//! And schemathesis, which asks the server everything that its own description allows and much that it does not, finds
//! no 5xx and no answer that the description does not have.
//!
//! With `SPANDREL_TEST_LONG=1`: the clients are installed from their registries into `target/clients`.
#![expect(clippy::print_stdout, reason = "a skipped suite is to be seen")]

#[path = "../fake_upstream/mod.rs"]
mod fake_upstream;

use std::path::{Path, PathBuf};
use std::process::Command;

use fake_upstream::{Fake, Seen, Step, response, streamed};
use proxy_server::config::{Config, Secret};
use proxy_server::llm::config::{Kind, Model, Provider};
use proxy_server::{Running, start};
use serde_json::{Value, json};

const WORDS: [&str; 3] = ["Hello", " from the", " model \u{1f600}"];

/// What a model of this kind answers: a tool call where there are tools and no result yet, else words.
fn answer(kind: Kind, seen: &Seen) -> Vec<Step> {
    let request = seen.json();
    let text = request.to_string();
    let is_done =
        ["\"tool_result\"", "\"role\":\"tool\"", "\"functionResponse\"", "\"function_call_output\""];
    let calls = request["tools"].is_array() && !is_done.iter().any(|mark| text.contains(mark));
    let is_stream = request["stream"] == true || seen.line.contains("streamGenerateContent");
    let events = match kind {
        Kind::Anthropic => anthropic(calls),
        Kind::OpenaiResponses => responses(),
        Kind::Gemini => gemini(calls),
        _ => chat(calls),
    };
    if is_stream {
        return vec![Step::Drip(streamed(events.0), 61, std::time::Duration::ZERO)];
    }
    vec![Step::Send(response(200, &[], &events.1.to_string()))]
}

fn named(data: &Value) -> String {
    format!("event: {}\ndata: {data}\n\n", data["type"].as_str().unwrap())
}

/// The stream, and the same in one piece.
fn anthropic(calls: bool) -> (String, Value) {
    let mut events = vec![json!({ "type": "message_start", "message": { "id": "msg_1", "type": "message",
        "role": "assistant", "model": "m", "content": [], "stop_reason": null, "stop_sequence": null,
        "usage": { "input_tokens": 12, "output_tokens": 1 } } })];
    let (block, deltas, whole, reason) = if calls {
        (
            json!({ "type": "tool_use", "id": "toolu_1", "name": "get_weather", "input": {} }),
            ["{\"city\":", "\"Par", "is\"}"]
                .map(|part| json!({ "type": "input_json_delta", "partial_json": part })),
            json!({ "type": "tool_use", "id": "toolu_1", "name": "get_weather", "input": { "city": "Paris" } }),
            "tool_use",
        )
    } else {
        (
            json!({ "type": "text", "text": "" }),
            WORDS.map(|part| json!({ "type": "text_delta", "text": part })),
            json!({ "type": "text", "text": WORDS.concat() }),
            "end_turn",
        )
    };
    events.push(json!({ "type": "content_block_start", "index": 0, "content_block": block }));
    events.extend(
        deltas.into_iter().map(|delta| json!({ "type": "content_block_delta", "index": 0, "delta": delta })),
    );
    events.push(json!({ "type": "content_block_stop", "index": 0 }));
    events.push(json!({ "type": "message_delta", "delta": { "stop_reason": reason, "stop_sequence": null },
        "usage": { "output_tokens": 9 } }));
    events.push(json!({ "type": "message_stop" }));
    let body = json!({ "id": "msg_1", "type": "message", "role": "assistant", "model": "m", "content": [whole],
        "stop_reason": reason, "stop_sequence": null, "usage": { "input_tokens": 12, "output_tokens": 9 } });
    (events.iter().map(named).collect(), body)
}

fn chat(calls: bool) -> (String, Value) {
    let chunk = |delta: Value, finish: Value| {
        json!({ "id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "m",
            "choices": [{ "index": 0, "delta": delta, "finish_reason": finish }] })
    };
    let call = |arguments: &str| json!({ "id": "call_1", "type": "function", "function": { "name": "get_weather", "arguments": arguments } });
    let mut events = vec![chunk(json!({ "role": "assistant", "content": "" }), Value::Null)];
    let (message, reason) = if calls {
        let mut first = call("");
        first["index"] = json!(0);
        events.push(chunk(json!({ "tool_calls": [first] }), Value::Null));
        for part in ["{\"city\":", "\"Paris\"}"] {
            let more = json!({ "index": 0, "function": { "arguments": part } });
            events.push(chunk(json!({ "tool_calls": [more] }), Value::Null));
        }
        (
            json!({ "role": "assistant", "content": null, "tool_calls": [call("{\"city\":\"Paris\"}")] }),
            "tool_calls",
        )
    } else {
        events.extend(WORDS.map(|part| chunk(json!({ "content": part }), Value::Null)));
        (json!({ "role": "assistant", "content": WORDS.concat() }), "stop")
    };
    events.push(chunk(json!({}), json!(reason)));
    let usage = json!({ "prompt_tokens": 12, "completion_tokens": 9, "total_tokens": 21 });
    events.push(
        json!({ "id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [],
        "usage": usage }),
    );
    let body = json!({ "id": "c1", "object": "chat.completion", "created": 1, "model": "m", "usage": usage,
        "choices": [{ "index": 0, "message": message, "finish_reason": reason, "logprobs": null }] });
    let text: String = events.iter().map(|event| format!("data: {event}\n\n")).collect();
    (format!("{text}data: [DONE]\n\n"), body)
}

fn gemini(calls: bool) -> (String, Value) {
    let frame = |part: Value, finish: Value| {
        json!({ "responseId": "g1", "modelVersion": "m", "candidates": [{ "index": 0,
            "content": { "role": "model", "parts": [part] }, "finishReason": finish }],
            "usageMetadata": { "promptTokenCount": 12, "candidatesTokenCount": 9 } })
    };
    if calls {
        let body = frame(
            json!({ "functionCall": { "name": "get_weather", "args": { "city": "Paris" } } }),
            json!("STOP"),
        );
        return (format!("data: {body}\n\n"), body);
    }
    let events: String = WORDS
        .iter()
        .enumerate()
        .map(|(n, part)| frame(json!({ "text": part }), if n == 2 { json!("STOP") } else { Value::Null }))
        .map(|event| format!("data: {event}\n\n"))
        .collect();
    (events, frame(json!({ "text": WORDS.concat() }), json!("STOP")))
}

fn responses() -> (String, Value) {
    let response = |status: &str, output: Value| {
        json!({ "id": "resp_1", "object": "response", "created_at": 1, "model": "m", "status": status, "error": null,
            "incomplete_details": null, "instructions": null, "metadata": {}, "output": output,
            "parallel_tool_calls": true, "temperature": 1.0, "tool_choice": "auto", "tools": [], "top_p": 1.0,
            "usage": { "input_tokens": 12, "input_tokens_details": { "cached_tokens": 0 }, "output_tokens": 9,
                "output_tokens_details": { "reasoning_tokens": 0 }, "total_tokens": 21 } })
    };
    let text = json!({ "type": "output_text", "text": WORDS.concat(), "annotations": [] });
    let item = |status: &str, content: Value| json!({ "type": "message", "id": "item_1", "status": status, "role": "assistant", "content": content });
    let whole = response("completed", json!([item("completed", json!([text]))]));
    let mut events = vec![
        json!({ "type": "response.created", "response": response("in_progress", json!([])) }),
        json!({ "type": "response.output_item.added", "output_index": 0, "item": item("in_progress", json!([])) }),
        json!({ "type": "response.content_part.added", "item_id": "item_1", "output_index": 0, "content_index": 0,
            "part": { "type": "output_text", "text": "", "annotations": [] } }),
    ];
    events.extend(WORDS.map(|part| {
        json!({ "type": "response.output_text.delta", "item_id": "item_1", "output_index": 0, "content_index": 0,
            "delta": part, "logprobs": [] })
    }));
    events.push(json!({ "type": "response.output_text.done", "item_id": "item_1", "output_index": 0,
        "content_index": 0, "text": WORDS.concat(), "logprobs": [] }));
    events.push(json!({ "type": "response.output_item.done", "output_index": 0, "item": item("completed", json!([text])) }));
    events.push(json!({ "type": "response.completed", "response": whole }));
    let numbered = events.iter().enumerate().map(|(n, event)| {
        let mut event = event.clone();
        event["sequence_number"] = json!(n);
        named(&event)
    });
    (numbered.collect(), whole)
}

/// A server in front of one provider of each kind, each with a model of its name.
async fn server(name: &str) -> (Running, Vec<Fake>, PathBuf, String) {
    drop(rustls::crypto::ring::default_provider().install_default());
    let dir = std::env::temp_dir().join(format!("spandrel-clients-{}-{name}", std::process::id()));
    let mut config = Config::default();
    config.server.listen = "127.0.0.1:0".parse().unwrap();
    config.storage.data_dir.clone_from(&dir);
    config.limits.requests_per_minute = 0;
    config.limits.logins_per_minute = 0;
    // A disk that is busy with something else is not what is looked for.
    config.storage.acquire_timeout_ms = 60_000;
    config.server.request_timeout_ms = 90_000;
    let mut fakes = Vec::new();
    for (name, kind) in [
        ("chat", Kind::OpenaiChat),
        ("anthropic", Kind::Anthropic),
        ("responses", Kind::OpenaiResponses),
        ("gemini", Kind::Gemini),
        ("ollama", Kind::Ollama),
    ] {
        let fake = Fake::start(move |seen, _| answer(kind, seen)).await;
        let keys = vec![Secret::new("sk-upstream-0123456789")];
        let provider = Provider { kind, base_url: fake.url(), keys, ..Provider::default() };
        config.llm.providers.insert(name.to_owned(), provider);
        let model = Model { provider: name.to_owned(), upstream: "m".to_owned(), ..Model::default() };
        config.llm.models.insert(format!("{name}-model"), model);
        fakes.push(fake);
    }
    let running = start(config).await.unwrap();
    let made: Value = reqwest::Client::builder()
        .no_proxy()
        .build()
        .unwrap()
        .post(format!("{}/v1/api-keys", running.url()))
        .json(&json!({ "name": "sdk", "scopes": ["llm"] }))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let key = made["key"].as_str().unwrap().to_owned();
    (running, fakes, dir, key)
}

fn run(command: &mut Command) {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(
        output.status.success(),
        "{command:?}\n{}\n{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

/// The Python with the clients, and the folder with those for Node; `None`: not this time.
fn installed() -> Option<(PathBuf, PathBuf)> {
    if std::env::var_os("SPANDREL_TEST_LONG").is_none() {
        println!("skipped: the official clients are installed and run with SPANDREL_TEST_LONG=1");
        return None;
    }
    // Two tests of this file may begin at once.
    static ONE: std::sync::Mutex<()> = std::sync::Mutex::new(());
    let _one = ONE.lock().unwrap();
    let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/clients");
    std::fs::create_dir_all(&target).unwrap();
    let python = target.join("venv/bin/python");
    if !target.join("venv/bin/schemathesis").exists() {
        run(Command::new("python3").args(["-m", "venv"]).arg(target.join("venv")));
        let packages = ["openai", "anthropic", "schemathesis"];
        run(Command::new(&python).args(["-m", "pip", "install", "--quiet"]).args(packages));
    }
    if !target.join("node_modules/openai").exists() {
        std::fs::write(target.join("package.json"), "{\"private\": true, \"type\": \"module\"}").unwrap();
        let install = ["install", "--no-fund", "--no-audit", "openai", "@anthropic-ai/sdk"];
        run(Command::new("npm").args(install).current_dir(&target));
    }
    Some((python, target))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_official_clients_need_only_base_url_and_key() {
    let Some((python, target)) = installed() else { return };
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients");
    let (running, fakes, dir, key) = server("sdk").await;
    let relay = format!("{}/v1/llm", running.url());
    for (script, is_python) in [
        ("openai_sdk.py", true),
        ("anthropic_sdk.py", true),
        ("openai_sdk.mjs", false),
        ("anthropic_sdk.mjs", false),
    ] {
        let mut command = if is_python {
            let mut command = Command::new(&python);
            command.arg(here.join(script));
            command
        } else {
            // Beside the modules that it imports.
            std::fs::copy(here.join(script), target.join(script)).unwrap();
            let mut command = Command::new("node");
            command.arg(target.join(script));
            command
        };
        command.env("RELAY", &relay).env("RELAY_KEY", &key).env("NO_PROXY", "127.0.0.1");
        tokio::task::spawn_blocking(move || run(&mut command)).await.unwrap();
    }
    for fake in &fakes {
        assert!(fake.count() > 0, "every provider was asked");
        for seen in fake.requests() {
            assert!(
                !String::from_utf8_lossy(&seen.body).contains(&key)
                    && !format!("{:?}", seen.headers).contains(&key)
            );
        }
    }
    running.stop().await;
    drop(std::fs::remove_dir_all(dir));
}

#[tokio::test(flavor = "multi_thread")]
async fn schemathesis_finds_no_5xx_and_no_schema_violation() {
    let Some((python, target)) = installed() else { return };
    let (running, _fakes, dir, _) = server("schema").await;
    let checks =
        "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance";
    let mut command = Command::new(python.with_file_name("schemathesis"));
    command
        .args([
            "run",
            &format!("{}/openapi.json", running.url()),
            "--checks",
            checks,
            "--continue-on-failure",
        ])
        // Whoever takes the account away sees nothing of the rest; a socket is no answer to be judged.
        .args(["--exclude-operation-id", "delete_v1_users_me", "--exclude-path", "/ws/notifications"])
        .args(["--generation-deterministic", "--max-examples", "40", "--phases", "examples,coverage,fuzzing"])
        // One worker: with more, the parser of some Pythons stumbles over itself (`recursion depth mismatch`).
        .args(["--no-color", "--warnings", "off", "--workers", "1"])
        .current_dir(target);
    tokio::task::spawn_blocking(move || run(&mut command)).await.unwrap();
    running.stop().await;
    drop(std::fs::remove_dir_all(dir));
}
