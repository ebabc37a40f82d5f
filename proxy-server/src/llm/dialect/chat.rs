//! OpenAI's Chat Completions, as OpenAI and the many servers that imitate it speak it.
//!
//! Events are unnamed, the end is `data: [DONE]`. Imitators leave out `[DONE]`, usage or `index`, send
//! `choices: null`, give contents as arrays, and put reasoning under a name of their own.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::super::Usage;
use super::super::config::Kind;
use super::super::message::{
    Answer, Block, Event, Finish, Format, Image, Part, Request, Role, Tool, ToolChoice, Turn,
};
use super::{Addressee, Failure, refused, unix_seconds};

/// Watches one stream.
#[derive(Debug, Default)]
pub(crate) struct Decoder {
    started: bool,
    /// Choice → whether its finish reason came.
    choices: BTreeMap<u64, bool>,
    /// Tool calls that began.
    tools: Vec<u32>,
}

impl Decoder {
    pub(super) fn event(&mut self, chunk: &Value, out: &mut Vec<Event>) {
        if let Some(error) = chunk.get("error").filter(|error| !error.is_null()) {
            out.push(Event::Failed(Failure::from_event(error)));
            return;
        }
        if !self.started {
            self.started = true;
            out.push(start(chunk));
        }
        for choice in list(&chunk["choices"]) {
            let finished = self.choices.entry(choice["index"].as_u64().unwrap_or(0)).or_default();
            *finished |= choice["finish_reason"].is_string();
            message(&choice["delta"], &mut self.tools, out);
            out.extend(finish(&choice["finish_reason"]));
        }
        out.extend(usage(&chunk["usage"]));
    }

    pub(super) fn may_end(&self) -> bool {
        !self.choices.is_empty() && self.choices.values().all(|finished| *finished)
    }
}

/// What a whole answer says; nothing if it is none.
pub(super) fn read_answer(body: &Value, out: &mut Vec<Event>) -> Option<()> {
    let choice = body["choices"].as_array()?.first()?;
    out.push(start(body));
    message(choice.get("message")?, &mut Vec::new(), out);
    out.extend(finish(&choice["finish_reason"]));
    out.extend(usage(&body["usage"]));
    out.push(Event::End);
    Some(())
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn start(chunk: &Value) -> Event {
    Event::Start { id: text(&chunk["id"]), model: text(&chunk["model"]) }
}

/// A `delta` or a `message`: they have the same members.
fn message(delta: &Value, tools: &mut Vec<u32>, out: &mut Vec<Event>) {
    // `reasoning_content`: DeepSeek, vLLM; `reasoning`: OpenRouter, Ollama.
    let thinking = delta["reasoning_content"].as_str().or(delta["reasoning"].as_str());
    if let Some(thinking) = thinking.filter(|text| !text.is_empty()) {
        out.push(Event::Thinking(thinking.to_owned()));
    }
    match &delta["content"] {
        Value::String(text) if !text.is_empty() => out.push(Event::Text(text.clone())),
        Value::Array(parts) => {
            for part in parts.iter().filter_map(|part| part["text"].as_str()) {
                out.push(Event::Text(part.to_owned()));
            }
        }
        _ => {}
    }
    if let Some(refusal) = delta["refusal"].as_str().filter(|text| !text.is_empty()) {
        out.push(Event::Refusal(refusal.to_owned()));
    }
    for (position, call) in list(&delta["tool_calls"]).iter().enumerate() {
        let index = call["index"].as_u64().map_or(position as u32, |index| index as u32);
        tool(index, &call["id"], &call["function"], tools, out);
    }
    if delta["function_call"].is_object() {
        tool(0, &Value::Null, &delta["function_call"], tools, out);
    }
}

fn tool(index: u32, id: &Value, function: &Value, tools: &mut Vec<u32>, out: &mut Vec<Event>) {
    if !tools.contains(&index) {
        tools.push(index);
        out.push(Event::ToolStart { index, id: text(id), name: text(&function["name"]) });
    }
    let json = match &function["arguments"] {
        // Some imitators give the object itself.
        arguments @ Value::Object(_) => arguments.to_string(),
        arguments => text(arguments),
    };
    if !json.is_empty() {
        out.push(Event::ToolArguments { index, json });
    }
}

fn finish(reason: &Value) -> Option<Event> {
    let finish = match reason.as_str()? {
        "stop" => Finish::Stop,
        "length" => Finish::Length,
        "tool_calls" | "function_call" => Finish::ToolCalls,
        "content_filter" => Finish::Refused,
        other => Finish::Other(other.to_owned()),
    };
    Some(Event::Finish(finish))
}

fn usage(usage: &Value) -> Option<Event> {
    let count = |pointer: &str| usage.pointer(pointer).and_then(Value::as_u64).unwrap_or(0);
    usage.is_object().then(|| {
        Event::Usage(Usage {
            input: count("/prompt_tokens"),
            cache_read: count("/prompt_tokens_details/cached_tokens"),
            cache_write: 0,
            output: count("/completion_tokens"),
            reasoning: count("/completion_tokens_details/reasoning_tokens"),
            estimated: false,
        })
    })
}

/// The common form as a body.
pub(super) fn request(request: &Request, to: Addressee<'_>, stream: bool) -> Value {
    let mut messages = Vec::new();
    if !request.system.is_empty() {
        messages.push(json!({ "role": "system", "content": request.system }));
    }
    for turn in &request.turns {
        match turn.role {
            Role::User => user(&turn.parts, &mut messages),
            Role::Assistant => messages.push(assistant(&turn.parts)),
        }
    }
    let mut body = json!({ "model": to.name, "messages": messages, "stream": stream });
    if stream && to.model.stream_usage {
        body["stream_options"] = json!({ "include_usage": true });
    }
    if let Some(limit) = request.max_tokens {
        let old = to.model.old_limit_field.unwrap_or(to.kind != Kind::OpenaiChat);
        body[if old { "max_tokens" } else { "max_completion_tokens" }] = json!(limit);
    }
    if to.model.temperature {
        if let Some(temperature) = request.temperature {
            body["temperature"] = json!(temperature);
        }
        if let Some(top_p) = request.top_p {
            body["top_p"] = json!(top_p);
        }
    }
    if !request.stop.is_empty() {
        body["stop"] = json!(request.stop);
    }
    if let Some(effort) = &request.effort {
        body["reasoning_effort"] = json!(effort);
    }
    if !request.tools.is_empty() {
        body["tools"] = request
            .tools
            .iter()
            .map(|tool| {
                json!({ "type": "function", "function": {
                    "name": tool.name, "description": tool.description, "parameters": tool.parameters } })
            })
            .collect();
    }
    match &request.tool_choice {
        None => {}
        Some(ToolChoice::Auto) => body["tool_choice"] = json!("auto"),
        Some(ToolChoice::None) => body["tool_choice"] = json!("none"),
        Some(ToolChoice::Any) => body["tool_choice"] = json!("required"),
        Some(ToolChoice::Tool(name)) => {
            body["tool_choice"] = json!({ "type": "function", "function": { "name": name } });
        }
    }
    if let Some(parallel) = request.parallel_tools.filter(|_| !request.tools.is_empty()) {
        body["parallel_tool_calls"] = json!(parallel);
    }
    match &request.format {
        None => {}
        Some(Format::Json) => body["response_format"] = json!({ "type": "json_object" }),
        Some(Format::Schema { name, schema }) => {
            body["response_format"] = json!({ "type": "json_schema", "json_schema": { "name": name, "schema": schema, "strict": true } });
        }
    }
    body
}

/// Tool results are messages of their own here, and come before the person's words.
fn user(parts: &[Part], messages: &mut Vec<Value>) {
    let mut content = Vec::new();
    for part in parts {
        match part {
            Part::ToolResult { id, content, .. } => messages.push(json!({
                "role": "tool", "tool_call_id": id, "content": words(content) })),
            Part::Text(text) => content.push(json!({ "type": "text", "text": text })),
            Part::Image(image) => {
                content.push(json!({ "type": "image_url", "image_url": { "url": image_url(image) } }));
            }
            Part::ToolCall { .. } | Part::Thinking { .. } => {}
        }
    }
    // A tool's pictures have no place in its message; they follow as the person's.
    for part in parts {
        if let Part::ToolResult { content: inner, .. } = part {
            content.extend(inner.iter().filter_map(|part| match part {
                Part::Image(image) => {
                    Some(json!({ "type": "image_url", "image_url": { "url": image_url(image) } }))
                }
                _ => None,
            }));
        }
    }
    match content.as_slice() {
        [] => {}
        [only] if only["type"] == "text" => messages.push(json!({ "role": "user", "content": only["text"] })),
        _ => messages.push(json!({ "role": "user", "content": content })),
    }
}

fn words(parts: &[Part]) -> String {
    let texts: Vec<&str> = parts
        .iter()
        .filter_map(|part| if let Part::Text(text) = part { Some(&**text) } else { None })
        .collect();
    texts.join("\n")
}

fn image_url(image: &Image) -> String {
    match image {
        Image::Inline { media_type, data } => format!("data:{media_type};base64,{data}"),
        Image::Url(url) => url.clone(),
    }
}

fn assistant(parts: &[Part]) -> Value {
    let mut message = Map::new();
    message.insert("role".into(), json!("assistant"));
    let text = words(parts);
    message.insert("content".into(), if text.is_empty() { Value::Null } else { json!(text) });
    let calls: Vec<Value> = parts
        .iter()
        .filter_map(|part| match part {
            Part::ToolCall { id, name, arguments } => Some(json!({ "id": id, "type": "function",
                "function": { "name": name, "arguments": arguments.to_string() } })),
            _ => None,
        })
        .collect();
    if !calls.is_empty() {
        message.insert("tool_calls".into(), Value::Array(calls));
    }
    Value::Object(message)
}

/// A client's body in the common form; what has no place in it is refused, never dropped in silence.
pub(super) fn read_request(body: &Value) -> Result<Request, Failure> {
    if body["n"].as_u64().is_some_and(|n| n > 1) {
        return Err(refused("`n` above 1 is not offered by this model's provider"));
    }
    let mut request = Request {
        max_tokens: ["max_completion_tokens", "max_tokens"]
            .iter()
            .find_map(|name| body[*name].as_u64())
            .map(|limit| u32::try_from(limit).unwrap_or(u32::MAX)),
        temperature: body["temperature"].as_f64(),
        top_p: body["top_p"].as_f64(),
        parallel_tools: body["parallel_tool_calls"].as_bool(),
        effort: body["reasoning_effort"].as_str().map(str::to_owned),
        stop: match &body["stop"] {
            Value::String(stop) => vec![stop.clone()],
            stops => list(stops).iter().map(text).collect(),
        },
        ..Request::default()
    };
    for message in body["messages"].as_array().ok_or_else(|| refused("`messages` must be an array"))? {
        read_message(message, &mut request)?;
    }
    for tool in list(&body["tools"]) {
        let function = &tool["function"];
        if !function.is_object() {
            return Err(refused(format!(
                "tools of type {} are not offered by this model's provider",
                tool["type"]
            )));
        }
        request.tools.push(Tool {
            name: text(&function["name"]),
            description: text(&function["description"]),
            parameters: match &function["parameters"] {
                Value::Null => json!({ "type": "object", "properties": {} }),
                parameters => parameters.clone(),
            },
        });
    }
    request.tool_choice = match &body["tool_choice"] {
        Value::String(word) => match word.as_str() {
            "none" => Some(ToolChoice::None),
            "required" => Some(ToolChoice::Any),
            _ => Some(ToolChoice::Auto),
        },
        choice => choice["function"]["name"].as_str().map(|name| ToolChoice::Tool(name.to_owned())),
    };
    request.format = match body["response_format"]["type"].as_str() {
        Some("json_object") => Some(Format::Json),
        Some("json_schema") => {
            let schema = &body["response_format"]["json_schema"];
            Some(Format::Schema { name: text(&schema["name"]), schema: schema["schema"].clone() })
        }
        _ => None,
    };
    Ok(request)
}

fn read_message(message: &Value, request: &mut Request) -> Result<(), Failure> {
    let mut parts = read_content(&message["content"])?;
    let role = match message["role"].as_str() {
        Some("system" | "developer") => {
            if !request.system.is_empty() {
                request.system.push_str("\n\n");
            }
            request.system.push_str(&words(&parts));
            return Ok(());
        }
        Some("user") => Role::User,
        Some("tool" | "function") => {
            parts = vec![Part::ToolResult {
                id: text(&message["tool_call_id"]),
                content: parts,
                is_error: false,
            }];
            Role::User
        }
        Some("assistant") => {
            for call in list(&message["tool_calls"]) {
                let arguments = call["function"]["arguments"].as_str().unwrap_or("{}");
                let arguments = if arguments.trim().is_empty() { "{}" } else { arguments };
                parts.push(Part::ToolCall {
                    id: text(&call["id"]),
                    name: text(&call["function"]["name"]),
                    arguments: serde_json::from_str(arguments)
                        .map_err(|_| refused("`function.arguments` of a tool call must be JSON"))?,
                });
            }
            Role::Assistant
        }
        _ => return Err(refused(format!("unknown role {} in `messages`", message["role"]))),
    };
    match request.turns.last_mut() {
        // The other dialects want sides to take turns: what one side says in a row is one turn.
        Some(last) if last.role == role => last.parts.append(&mut parts),
        _ => request.turns.push(Turn { role, parts }),
    }
    Ok(())
}

fn read_content(content: &Value) -> Result<Vec<Part>, Failure> {
    match content {
        Value::Null => Ok(Vec::new()),
        Value::String(text) if text.is_empty() => Ok(Vec::new()),
        Value::String(text) => Ok(vec![Part::Text(text.clone())]),
        Value::Array(parts) => parts.iter().map(read_part).collect(),
        _ => Err(refused("`content` must be a text or an array of parts")),
    }
}

fn read_part(part: &Value) -> Result<Part, Failure> {
    match part["type"].as_str() {
        Some("text") => Ok(Part::Text(text(&part["text"]))),
        Some("refusal") => Ok(Part::Text(text(&part["refusal"]))),
        Some("image_url") => {
            let url =
                part["image_url"]["url"].as_str().ok_or_else(|| refused("`image_url.url` is missing"))?;
            Ok(Part::Image(match url.strip_prefix("data:").and_then(|rest| rest.split_once(";base64,")) {
                Some((media_type, data)) => {
                    Image::Inline { media_type: media_type.to_owned(), data: data.to_owned() }
                }
                None => Image::Url(url.to_owned()),
            }))
        }
        _ => Err(refused(format!("parts of type {} are not offered by this model's provider", part["type"]))),
    }
}

/// Writes one stream.
#[derive(Debug)]
pub(crate) struct Encoder {
    id: String,
    model: String,
    created: u64,
    wants_usage: bool,
    usage: Option<Usage>,
    greeted: bool,
}

impl Encoder {
    pub(super) fn new(model: &str, wants_usage: bool) -> Self {
        let created = unix_seconds();
        Self { id: String::new(), model: model.to_owned(), created, wants_usage, usage: None, greeted: false }
    }

    pub(super) fn event(&mut self, event: &Event, out: &mut Vec<u8>) {
        let delta = match event {
            Event::Start { id, model } => {
                self.id = if id.is_empty() { "chatcmpl-relay".to_owned() } else { id.clone() };
                if !model.is_empty() {
                    self.model.clone_from(model);
                }
                return;
            }
            Event::Text(text) => json!({ "content": text }),
            Event::Thinking(text) => json!({ "reasoning_content": text }),
            Event::Refusal(text) => json!({ "refusal": text }),
            Event::ToolStart { index, id, name } => json!({ "tool_calls": [{ "index": index, "id": id,
                "type": "function", "function": { "name": name, "arguments": "" } }] }),
            Event::ToolArguments { index, json } => {
                json!({ "tool_calls": [{ "index": index, "function": { "arguments": json } }] })
            }
            Event::Finish(reason) => {
                let choice = json!([{ "index": 0, "delta": {}, "finish_reason": finish_word(reason) }]);
                return self.chunk(choice, out);
            }
            Event::Usage(usage) => {
                self.usage = Some(*usage);
                return;
            }
            Event::End => {
                if let Some(usage) = self.usage.filter(|_| self.wants_usage) {
                    let mut chunk = self.value(json!([]));
                    chunk["usage"] = usage_value(&usage);
                    data(&chunk, out);
                }
                out.extend_from_slice(b"data: [DONE]\n\n");
                return;
            }
            Event::Signature(_) | Event::Failed(_) => return,
        };
        let mut delta = delta;
        if !self.greeted {
            self.greeted = true;
            delta["role"] = json!("assistant");
        }
        self.chunk(json!([{ "index": 0, "delta": delta, "finish_reason": null }]), out);
    }

    fn value(&self, choices: Value) -> Value {
        json!({ "id": self.id, "object": "chat.completion.chunk", "created": self.created, "model": self.model,
            "choices": choices })
    }

    fn chunk(&self, choices: Value, out: &mut Vec<u8>) {
        data(&self.value(choices), out);
    }
}

fn data(value: &Value, out: &mut Vec<u8>) {
    out.extend_from_slice(b"data: ");
    out.extend_from_slice(value.to_string().as_bytes());
    out.extend_from_slice(b"\n\n");
}

fn finish_word(finish: &Finish) -> &str {
    match finish {
        Finish::Stop => "stop",
        Finish::Length => "length",
        Finish::ToolCalls => "tool_calls",
        Finish::Refused => "content_filter",
        Finish::Other(word) => word,
    }
}

fn usage_value(usage: &Usage) -> Value {
    json!({
        "prompt_tokens": usage.input,
        "completion_tokens": usage.output,
        "total_tokens": usage.input + usage.output,
        "prompt_tokens_details": { "cached_tokens": usage.cache_read },
        "completion_tokens_details": { "reasoning_tokens": usage.reasoning },
    })
}

/// A whole answer.
pub(super) fn write_answer(answer: &Answer, model: &str) -> Value {
    let mut message = json!({ "role": "assistant", "content": null, "refusal": null });
    let mut calls = Vec::new();
    let mut append = |name: &str, more: &str| {
        let joined = message[name].as_str().unwrap_or_default().to_owned() + more;
        message[name] = json!(joined);
    };
    for block in &answer.blocks {
        match block {
            Block::Text(text) => append("content", text),
            Block::Thinking { text, .. } => append("reasoning_content", text),
            Block::Refusal(text) => append("refusal", text),
            Block::ToolCall { id, name, arguments, .. } => calls.push(json!({ "id": id, "type": "function",
                "function": { "name": name, "arguments": arguments } })),
        }
    }
    if !calls.is_empty() {
        message["tool_calls"] = Value::Array(calls);
    }
    json!({
        "id": if answer.id.is_empty() { "chatcmpl-relay" } else { &answer.id },
        "object": "chat.completion",
        "created": unix_seconds(),
        "model": if answer.model.is_empty() { model } else { &answer.model },
        "choices": [{ "index": 0, "message": message, "logprobs": null,
            "finish_reason": answer.finish.as_ref().map(finish_word) }],
        "usage": usage_value(&answer.usage),
    })
}
