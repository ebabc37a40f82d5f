//! OpenAI's Responses: named events that carry their `type`; no `[DONE]`.
//!
//! A stream ends with `response.completed` or `response.incomplete`; a refusal by the service arrives as
//! `response.failed` inside a 200.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::super::Usage;
use super::super::message::{Event, Finish, Format, Image, Part, Request, Role, ToolChoice};
use super::{Addressee, Failure};

/// Watches one stream.
#[derive(Debug, Default)]
pub(crate) struct Decoder {
    has_started: bool,
    /// Output item → number of its tool call.
    tools: BTreeMap<u64, u32>,
}

impl Decoder {
    pub(super) fn event(&mut self, event: &Value, out: &mut Vec<Event>) {
        let text = |name: &str| event[name].as_str().unwrap_or_default().to_owned();
        match event["type"].as_str().unwrap_or_default() {
            "response.created" | "response.queued" | "response.in_progress" if !self.has_started => {
                self.has_started = true;
                out.push(start(&event["response"]));
            }
            "response.output_text.delta" => out.push(Event::Text(text("delta"))),
            "response.refusal.delta" => out.push(Event::Refusal(text("delta"))),
            "response.reasoning_text.delta" | "response.reasoning_summary_text.delta" => {
                out.push(Event::Thinking(text("delta")));
            }
            "response.output_item.added" if event["item"]["type"] == "function_call" => {
                let index = self.tools.len() as u32;
                self.tools.insert(event["output_index"].as_u64().unwrap_or_default(), index);
                out.push(tool_start(index, &event["item"]));
            }
            "response.function_call_arguments.delta" => {
                let item = event["output_index"].as_u64().unwrap_or_default();
                if let Some(index) = self.tools.get(&item) {
                    out.push(Event::ToolArguments { index: *index, json: text("delta") });
                }
            }
            "response.completed" | "response.incomplete" => {
                end(&event["response"], !self.tools.is_empty(), out);
            }
            "response.failed" => out.push(Event::Failed(Failure::from_event(&event["response"]["error"]))),
            "error" => out.push(Event::Failed(Failure::from_event(event))),
            _ => {}
        }
    }
}

/// What a whole answer says; nothing if it is none.
pub(super) fn read_answer(body: &Value, out: &mut Vec<Event>) -> Option<()> {
    let items = body["output"].as_array()?;
    out.push(start(body));
    let mut tools = 0;
    for item in items {
        match item["type"].as_str() {
            Some("message") => {
                for part in item["content"].as_array().into_iter().flatten() {
                    if let Some(text) = part["text"].as_str() {
                        out.push(Event::Text(text.to_owned()));
                    } else if let Some(refusal) = part["refusal"].as_str() {
                        out.push(Event::Refusal(refusal.to_owned()));
                    }
                }
            }
            Some("reasoning") => {
                for part in item["summary"].as_array().into_iter().flatten() {
                    out.push(Event::Thinking(part["text"].as_str().unwrap_or_default().to_owned()));
                }
            }
            Some("function_call") => {
                out.push(tool_start(tools, item));
                let json = item["arguments"].as_str().unwrap_or_default().to_owned();
                out.push(Event::ToolArguments { index: tools, json });
                tools += 1;
            }
            _ => {}
        }
    }
    end(body, tools > 0, out);
    Some(())
}

fn start(response: &Value) -> Event {
    let text = |name: &str| response[name].as_str().unwrap_or_default().to_owned();
    Event::Start { id: text("id"), model: text("model") }
}

fn tool_start(index: u32, item: &Value) -> Event {
    let text = |name: &str| item[name].as_str().unwrap_or_default().to_owned();
    Event::ToolStart { index, id: text("call_id"), name: text("name") }
}

fn end(response: &Value, has_tools: bool, out: &mut Vec<Event>) {
    let finish = match (response["status"].as_str(), response["incomplete_details"]["reason"].as_str()) {
        (_, Some("max_output_tokens")) => Some(Finish::Length),
        (_, Some("content_filter")) => Some(Finish::Refused),
        (_, Some(other)) => Some(Finish::Other(other.to_owned())),
        (Some("completed"), None) if has_tools => Some(Finish::ToolCalls),
        (Some("completed"), None) => Some(Finish::Stop),
        _ => None,
    };
    out.extend(finish.map(Event::Finish));
    let usage = &response["usage"];
    if usage.is_object() {
        let count = |pointer: &str| usage.pointer(pointer).and_then(Value::as_u64).unwrap_or(0);
        out.push(Event::Usage(Usage {
            input: count("/input_tokens"),
            cache_read: count("/input_tokens_details/cached_tokens"),
            cache_write: 0,
            output: count("/output_tokens"),
            reasoning: count("/output_tokens_details/reasoning_tokens"),
            estimated: false,
        }));
    }
    out.push(Event::End);
}

/// The common form as a body. Nothing is kept by the provider: the conversation travels with each request.
pub(super) fn request(request: &Request, to: Addressee<'_>, stream: bool) -> Value {
    let mut input = Vec::new();
    for turn in &request.turns {
        let mut content = Vec::new();
        let kind = if turn.role == Role::User { "input_text" } else { "output_text" };
        for part in &turn.parts {
            match part {
                Part::Text(text) => content.push(json!({ "type": kind, "text": text })),
                Part::Image(image) => content.push(json!({ "type": "input_image", "image_url": url(image) })),
                Part::ToolCall { id, name, arguments } => input.push(json!({ "type": "function_call",
                    "call_id": id, "name": name, "arguments": arguments.to_string() })),
                Part::ToolResult { id, content, .. } => {
                    let words: Vec<&str> = content
                        .iter()
                        .filter_map(|part| if let Part::Text(text) = part { Some(&**text) } else { None })
                        .collect();
                    input.push(json!({ "type": "function_call_output", "call_id": id,
                        "output": words.join("\n") }));
                }
                // Another provider's seal means nothing here.
                Part::Thinking { .. } => {}
            }
        }
        if !content.is_empty() {
            let role = if turn.role == Role::User { "user" } else { "assistant" };
            input.push(json!({ "role": role, "content": content }));
        }
    }
    let mut body = json!({ "model": to.name, "input": input, "stream": stream, "store": false });
    if !request.system.is_empty() {
        body["instructions"] = json!(request.system);
    }
    if let Some(limit) = request.max_tokens {
        body["max_output_tokens"] = json!(limit);
    }
    if to.model.temperature {
        if let Some(temperature) = request.temperature {
            body["temperature"] = json!(temperature);
        }
        if let Some(top_p) = request.top_p {
            body["top_p"] = json!(top_p);
        }
    }
    if let Some(effort) = &request.effort {
        body["reasoning"] = json!({ "effort": effort });
    }
    if !request.tools.is_empty() {
        body["tools"] = request
            .tools
            .iter()
            .map(|tool| {
                json!({ "type": "function", "name": tool.name, "description": tool.description,
                    "parameters": tool.parameters, "strict": false })
            })
            .collect();
        body["tool_choice"] = match &request.tool_choice {
            None | Some(ToolChoice::Auto) => json!("auto"),
            Some(ToolChoice::None) => json!("none"),
            Some(ToolChoice::Any) => json!("required"),
            Some(ToolChoice::Tool(name)) => json!({ "type": "function", "name": name }),
        };
        if let Some(parallel) = request.parallel_tools {
            body["parallel_tool_calls"] = json!(parallel);
        }
    }
    match &request.format {
        None => {}
        Some(Format::Json) => body["text"] = json!({ "format": { "type": "json_object" } }),
        Some(Format::Schema { name, schema }) => {
            body["text"] = json!({ "format": { "type": "json_schema", "name": name, "schema": schema,
                "strict": true } });
        }
    }
    body
}

fn url(image: &Image) -> String {
    match image {
        Image::Inline { media_type, data } => format!("data:{media_type};base64,{data}"),
        Image::Url(url) => url.clone(),
    }
}
