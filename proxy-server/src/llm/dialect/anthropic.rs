//! Anthropic's Messages.
//!
//! Events are named and typed; an answer is blocks of text, thinking and tool calls, and ends with
//! `message_stop`. Usage is cumulative: of each count the last value holds, the two events are never added.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::super::Usage;
use super::super::message::{
    Answer, Block, Event, Finish, Format, Image, Part, Request, Role, Tool, ToolChoice, Turn,
};
use super::{Addressee, Failure, refused};

/// Watches one stream.
#[derive(Debug, Default)]
pub(crate) struct Decoder {
    /// The counts as they came, by their names.
    counts: Counts,
    /// Block → number of its tool call.
    tools: BTreeMap<u64, u32>,
}

#[derive(Debug, Default)]
struct Counts {
    input: u64,
    cache_read: u64,
    cache_write: u64,
    output: u64,
}

impl Counts {
    /// Takes the counts that `usage` names.
    fn take(&mut self, usage: &Value) -> Option<Event> {
        if !usage.is_object() {
            return None;
        }
        let set = |count: &mut u64, name: &str| {
            if let Some(value) = usage[name].as_u64() {
                *count = value;
            }
        };
        set(&mut self.input, "input_tokens");
        set(&mut self.cache_read, "cache_read_input_tokens");
        set(&mut self.cache_write, "cache_creation_input_tokens");
        set(&mut self.output, "output_tokens");
        Some(Event::Usage(Usage {
            // The provider counts cached tokens beside the others.
            input: self.input + self.cache_read + self.cache_write,
            cache_read: self.cache_read,
            cache_write: self.cache_write,
            output: self.output,
            reasoning: 0,
            estimated: false,
        }))
    }
}

impl Decoder {
    pub(super) fn event(&mut self, event: &Value, out: &mut Vec<Event>) {
        match event["type"].as_str() {
            Some("message_start") => {
                let message = &event["message"];
                out.push(start(message));
                out.extend(self.counts.take(&message["usage"]));
            }
            Some("content_block_start") => {
                block(&event["content_block"], event["index"].as_u64(), &mut self.tools, out);
            }
            Some("content_block_delta") => {
                let delta = &event["delta"];
                match delta["type"].as_str() {
                    Some("text_delta") => out.push(Event::Text(text(&delta["text"]))),
                    Some("thinking_delta") => out.push(Event::Thinking(text(&delta["thinking"]))),
                    Some("signature_delta") => out.push(Event::Signature(text(&delta["signature"]))),
                    Some("input_json_delta") => {
                        let index = event["index"].as_u64().and_then(|block| self.tools.get(&block)).copied();
                        let json = text(&delta["partial_json"]);
                        if let Some(index) = index.filter(|_| !json.is_empty()) {
                            out.push(Event::ToolArguments { index, json });
                        }
                    }
                    _ => {}
                }
            }
            Some("message_delta") => {
                out.extend(finish(&event["delta"]["stop_reason"]));
                out.extend(self.counts.take(&event["usage"]));
            }
            Some("message_stop") => out.push(Event::End),
            Some("error") => out.push(Event::Failed(Failure::from_event(&event["error"]))),
            // `ping`, `content_block_stop`, and what a later version may bring.
            _ => {}
        }
    }
}

/// What a whole answer says; nothing if it is none.
pub(super) fn read_answer(body: &Value, out: &mut Vec<Event>) -> Option<()> {
    let blocks = body["content"].as_array()?;
    body["role"].as_str()?;
    out.push(start(body));
    let mut tools = BTreeMap::new();
    for (i, content) in blocks.iter().enumerate() {
        block(content, Some(i as u64), &mut tools, out);
    }
    out.extend(finish(&body["stop_reason"]));
    out.extend(Counts::default().take(&body["usage"]));
    out.push(Event::End);
    Some(())
}

/// A block that begins in a stream, mostly empty, or stands whole in an answer.
fn block(block: &Value, position: Option<u64>, tools: &mut BTreeMap<u64, u32>, out: &mut Vec<Event>) {
    match block["type"].as_str() {
        Some("text") if block["text"] != "" => out.push(Event::Text(text(&block["text"]))),
        Some("thinking") => {
            if block["thinking"].as_str().is_some_and(|text| !text.is_empty()) {
                out.push(Event::Thinking(text(&block["thinking"])));
            }
            if block["signature"].as_str().is_some_and(|text| !text.is_empty()) {
                out.push(Event::Signature(text(&block["signature"])));
            }
        }
        Some("tool_use") => {
            let index = tools.len() as u32;
            tools.insert(position.unwrap_or_default(), index);
            out.push(Event::ToolStart { index, id: text(&block["id"]), name: text(&block["name"]) });
            if block["input"].as_object().is_some_and(|input| !input.is_empty()) {
                out.push(Event::ToolArguments { index, json: block["input"].to_string() });
            }
        }
        _ => {}
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn start(message: &Value) -> Event {
    Event::Start { id: text(&message["id"]), model: text(&message["model"]) }
}

fn finish(reason: &Value) -> Option<Event> {
    let finish = match reason.as_str()? {
        "end_turn" | "stop_sequence" => Finish::Stop,
        "max_tokens" => Finish::Length,
        "tool_use" => Finish::ToolCalls,
        "refusal" => Finish::Refused,
        other => Finish::Other(other.to_owned()),
    };
    Some(Event::Finish(finish))
}

/// The common form as a body. A limit is demanded here: without one the model's own is sent.
pub(super) fn request(request: &Request, to: Addressee<'_>, stream: bool) -> Result<Value, Failure> {
    if request.format.is_some() {
        // Sent without it the answer might not be JSON, which the client could not tell.
        if let Some(Format::Schema { .. } | Format::Json) = &request.format {
            return Err(refused("`response_format` is not offered by this model's provider"));
        }
    }
    let messages: Vec<Value> = request
        .turns
        .iter()
        .map(|turn| {
            let role = if turn.role == Role::User { "user" } else { "assistant" };
            json!({ "role": role, "content": turn.parts.iter().map(part).collect::<Vec<_>>() })
        })
        .collect();
    let mut body = json!({ "model": to.name, "messages": messages, "stream": stream,
        "max_tokens": request.max_tokens.unwrap_or(to.model.max_output_tokens) });
    if !request.system.is_empty() {
        body["system"] = json!(request.system);
    }
    if to.model.temperature {
        if let Some(temperature) = request.temperature {
            // The other side's scale goes to 2.
            body["temperature"] = json!(temperature.clamp(0.0, 1.0));
        } else if let Some(top_p) = request.top_p {
            body["top_p"] = json!(top_p);
        }
    }
    if !request.stop.is_empty() {
        body["stop_sequences"] = json!(request.stop);
    }
    if !request.tools.is_empty() {
        body["tools"] = request
            .tools
            .iter()
            .map(|tool| {
                json!({ "name": tool.name, "description": tool.description, "input_schema": tool.parameters })
            })
            .collect();
        let mut choice = match &request.tool_choice {
            None | Some(ToolChoice::Auto) => json!({ "type": "auto" }),
            Some(ToolChoice::None) => json!({ "type": "none" }),
            Some(ToolChoice::Any) => json!({ "type": "any" }),
            Some(ToolChoice::Tool(name)) => json!({ "type": "tool", "name": name }),
        };
        if request.parallel_tools == Some(false) && request.tool_choice != Some(ToolChoice::None) {
            choice["disable_parallel_tool_use"] = json!(true);
        }
        body["tool_choice"] = choice;
    }
    Ok(body)
}

fn part(part: &Part) -> Value {
    match part {
        Part::Text(text) => json!({ "type": "text", "text": text }),
        Part::Image(Image::Inline { media_type, data }) => {
            json!({ "type": "image", "source": { "type": "base64", "media_type": media_type, "data": data } })
        }
        Part::Image(Image::Url(url)) => json!({ "type": "image", "source": { "type": "url", "url": url } }),
        Part::ToolCall { id, name, arguments } => {
            json!({ "type": "tool_use", "id": id, "name": name, "input": arguments })
        }
        Part::ToolResult { id, content, is_error } => json!({ "type": "tool_result", "tool_use_id": id,
            "content": content.iter().map(self::part).collect::<Vec<_>>(), "is_error": is_error }),
        Part::Thinking { text, signature } => {
            json!({ "type": "thinking", "thinking": text, "signature": signature })
        }
    }
}

/// A client's body in the common form; what has no place in it is refused, never dropped in silence.
pub(super) fn read_request(body: &Value) -> Result<Request, Failure> {
    let mut request = Request {
        system: match &body["system"] {
            Value::String(system) => system.clone(),
            blocks => list(blocks).iter().map(|block| text(&block["text"])).collect::<Vec<_>>().join("\n\n"),
        },
        max_tokens: body["max_tokens"].as_u64().map(|limit| u32::try_from(limit).unwrap_or(u32::MAX)),
        temperature: body["temperature"].as_f64(),
        top_p: body["top_p"].as_f64(),
        stop: list(&body["stop_sequences"]).iter().map(text).collect(),
        parallel_tools: body["tool_choice"]["disable_parallel_tool_use"].as_bool().map(|disabled| !disabled),
        ..Request::default()
    };
    for message in body["messages"].as_array().ok_or_else(|| refused("`messages` must be an array"))? {
        let role = match message["role"].as_str() {
            Some("user") => Role::User,
            Some("assistant") => Role::Assistant,
            _ => return Err(refused(format!("unknown role {} in `messages`", message["role"]))),
        };
        request.turns.push(Turn { role, parts: read_content(&message["content"])? });
    }
    for tool in list(&body["tools"]) {
        if !tool["input_schema"].is_object() {
            return Err(refused(format!(
                "tools of type {} are not offered by this model's provider",
                tool["type"]
            )));
        }
        request.tools.push(Tool {
            name: text(&tool["name"]),
            description: text(&tool["description"]),
            parameters: tool["input_schema"].clone(),
        });
    }
    request.tool_choice = match body["tool_choice"]["type"].as_str() {
        Some("auto") => Some(ToolChoice::Auto),
        Some("none") => Some(ToolChoice::None),
        Some("any") => Some(ToolChoice::Any),
        Some("tool") => Some(ToolChoice::Tool(text(&body["tool_choice"]["name"]))),
        _ => None,
    };
    Ok(request)
}

fn read_content(content: &Value) -> Result<Vec<Part>, Failure> {
    match content {
        Value::Null => Ok(Vec::new()),
        Value::String(text) => Ok(vec![Part::Text(text.clone())]),
        Value::Array(blocks) => blocks.iter().map(read_block).collect(),
        _ => Err(refused("`content` must be a text or an array of blocks")),
    }
}

fn read_block(block: &Value) -> Result<Part, Failure> {
    match block["type"].as_str() {
        Some("text") => Ok(Part::Text(text(&block["text"]))),
        Some("image") => match block["source"]["type"].as_str() {
            Some("base64") => Ok(Part::Image(Image::Inline {
                media_type: text(&block["source"]["media_type"]),
                data: text(&block["source"]["data"]),
            })),
            Some("url") => Ok(Part::Image(Image::Url(text(&block["source"]["url"])))),
            _ => Err(refused("images of this source are not offered by this model's provider")),
        },
        Some("tool_use") => Ok(Part::ToolCall {
            id: text(&block["id"]),
            name: text(&block["name"]),
            arguments: block["input"].clone(),
        }),
        Some("tool_result") => {
            // Results hold no results: the depth of what a client sends is bounded.
            let content = match &block["content"] {
                Value::Array(inner) if inner.iter().any(|block| block["type"] == "tool_result") => {
                    return Err(refused("a tool's result cannot hold another"));
                }
                content => read_content(content)?,
            };
            Ok(Part::ToolResult {
                id: text(&block["tool_use_id"]),
                content,
                is_error: block["is_error"].as_bool().unwrap_or(false),
            })
        }
        Some("thinking") => {
            Ok(Part::Thinking { text: text(&block["thinking"]), signature: text(&block["signature"]) })
        }
        _ => {
            Err(refused(format!("blocks of type {} are not offered by this model's provider", block["type"])))
        }
    }
}

/// Writes one stream.
#[derive(Debug)]
pub(crate) struct Encoder {
    id: String,
    model: String,
    has_started: bool,
    /// Number of the next block.
    next: u32,
    open: Option<Open>,
    finish: Option<Finish>,
    usage: Usage,
}

/// The block being written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Open {
    Text,
    Thinking,
    Tool(u32),
}

impl Encoder {
    pub(super) fn new(model: &str) -> Self {
        Self {
            id: String::new(),
            model: model.to_owned(),
            has_started: false,
            next: 0,
            open: None,
            finish: None,
            usage: Usage::default(),
        }
    }

    pub(super) fn event(&mut self, event: &Event, out: &mut Vec<u8>) {
        match event {
            Event::Start { id, model } => {
                self.id.clone_from(id);
                if !model.is_empty() {
                    self.model.clone_from(model);
                }
            }
            Event::Text(text) | Event::Refusal(text) => {
                self.open(Open::Text, &json!({ "type": "text", "text": "" }), out);
                self.delta(&json!({ "type": "text_delta", "text": text }), out);
            }
            Event::Thinking(text) => {
                self.open(
                    Open::Thinking,
                    &json!({ "type": "thinking", "thinking": "", "signature": "" }),
                    out,
                );
                self.delta(&json!({ "type": "thinking_delta", "thinking": text }), out);
            }
            Event::Signature(text) => {
                self.open(
                    Open::Thinking,
                    &json!({ "type": "thinking", "thinking": "", "signature": "" }),
                    out,
                );
                self.delta(&json!({ "type": "signature_delta", "signature": text }), out);
            }
            Event::ToolStart { index, id, name } => self.open(
                Open::Tool(*index),
                &json!({ "type": "tool_use", "id": id, "name": name, "input": {} }),
                out,
            ),
            Event::ToolArguments { index, json } => {
                // Blocks follow each other here: a fragment for another call than the open one has no place.
                if self.open == Some(Open::Tool(*index)) {
                    self.delta(&json!({ "type": "input_json_delta", "partial_json": json }), out);
                }
            }
            Event::Finish(finish) => self.finish = Some(finish.clone()),
            Event::Usage(usage) => self.usage = *usage,
            Event::End => {
                self.start(out);
                self.close(out);
                let reason = self.finish.as_ref().map(stop_reason);
                let delta = json!({ "stop_reason": reason, "stop_sequence": null });
                write("message_delta", json!({ "delta": delta, "usage": usage_value(&self.usage) }), out);
                write("message_stop", json!({}), out);
            }
            Event::Failed(_) => {}
        }
    }

    fn start(&mut self, out: &mut Vec<u8>) {
        if self.has_started {
            return;
        }
        self.has_started = true;
        let id = if self.id.is_empty() { "msg_relay" } else { &self.id };
        let message = json!({ "id": id, "type": "message", "role": "assistant", "model": self.model,
            "content": [], "stop_reason": null, "stop_sequence": null, "usage": usage_value(&self.usage) });
        write("message_start", json!({ "message": message }), out);
    }

    fn open(&mut self, kind: Open, block: &Value, out: &mut Vec<u8>) {
        self.start(out);
        if self.open == Some(kind) {
            return;
        }
        self.close(out);
        self.open = Some(kind);
        write("content_block_start", json!({ "index": self.next, "content_block": block }), out);
    }

    fn delta(&self, delta: &Value, out: &mut Vec<u8>) {
        write("content_block_delta", json!({ "index": self.next, "delta": delta }), out);
    }

    fn close(&mut self, out: &mut Vec<u8>) {
        if self.open.take().is_some() {
            write("content_block_stop", json!({ "index": self.next }), out);
            self.next += 1;
        }
    }
}

fn write(name: &str, mut value: Value, out: &mut Vec<u8>) {
    value["type"] = json!(name);
    out.extend_from_slice(format!("event: {name}\ndata: {value}\n\n").as_bytes());
}

fn stop_reason(finish: &Finish) -> &str {
    match finish {
        Finish::Stop => "end_turn",
        Finish::Length => "max_tokens",
        Finish::ToolCalls => "tool_use",
        Finish::Refused => "refusal",
        Finish::Other(word) => word,
    }
}

fn usage_value(usage: &Usage) -> Value {
    json!({
        "input_tokens": usage.input.saturating_sub(usage.cache_read + usage.cache_write),
        "cache_read_input_tokens": usage.cache_read,
        "cache_creation_input_tokens": usage.cache_write,
        "output_tokens": usage.output,
    })
}

/// A whole answer.
pub(super) fn write_answer(answer: &Answer, model: &str) -> Value {
    let content: Vec<Value> = answer
        .blocks
        .iter()
        .map(|block| match block {
            Block::Text(text) | Block::Refusal(text) => json!({ "type": "text", "text": text }),
            Block::Thinking { text, signature } => {
                json!({ "type": "thinking", "thinking": text, "signature": signature })
            }
            Block::ToolCall { id, name, arguments, .. } => {
                json!({ "type": "tool_use", "id": id, "name": name,
                "input": serde_json::from_str::<Value>(arguments).unwrap_or_else(|_| json!({})) })
            }
        })
        .collect();
    json!({
        "id": if answer.id.is_empty() { "msg_relay" } else { &answer.id },
        "type": "message", "role": "assistant",
        "model": if answer.model.is_empty() { model } else { &answer.model },
        "content": content,
        "stop_reason": answer.finish.as_ref().map(stop_reason), "stop_sequence": null,
        "usage": usage_value(&answer.usage),
    })
}
