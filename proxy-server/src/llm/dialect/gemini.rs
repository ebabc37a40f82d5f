//! Google's Gemini, as server-sent events (`alt=sse`).
//!
//! There is no event that ends a stream: a body that ends in good order after a `finishReason` was whole, one
//! without it was cut. A blocked prompt has no candidates at all.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::super::Usage;
use super::super::message::{Event, Finish, Format, Image, Part, Request, Role, ToolChoice};
use super::{Addressee, Failure, refused};

/// Watches one stream.
#[derive(Debug, Default)]
pub(crate) struct Decoder {
    has_started: bool,
    is_finished: bool,
    tools: u32,
}

impl Decoder {
    pub(super) fn event(&mut self, frame: &Value, out: &mut Vec<Event>) {
        if let Some(error) = frame.get("error").or_else(|| frame.pointer("/0/error")) {
            out.push(Event::Failed(Failure::from_event(error)));
            return;
        }
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        if !self.has_started {
            self.has_started = true;
            out.push(Event::Start { id: text(&frame["responseId"]), model: text(&frame["modelVersion"]) });
        }
        let candidate = &frame["candidates"][0];
        for part in candidate["content"]["parts"].as_array().into_iter().flatten() {
            if let Some(call) = part.get("functionCall") {
                let index = self.tools;
                self.tools += 1;
                // Calls have no names of their own in older versions.
                let id = call["id"].as_str().map_or_else(|| format!("call_{index}"), str::to_owned);
                out.push(Event::ToolStart { index, id, name: text(&call["name"]) });
                let arguments = call.get("args").cloned().unwrap_or_else(|| json!({}));
                out.push(Event::ToolArguments { index, json: arguments.to_string() });
            } else if let Some(words) = part["text"].as_str() {
                let words = words.to_owned();
                out.push(if part["thought"] == true { Event::Thinking(words) } else { Event::Text(words) });
            }
        }
        let is_blocked = frame["promptFeedback"]["blockReason"].is_string() && candidate.is_null();
        let finish = match candidate["finishReason"].as_str() {
            _ if is_blocked => Some(Finish::Refused),
            None => None,
            Some("STOP") if self.tools > 0 => Some(Finish::ToolCalls),
            Some("STOP") => Some(Finish::Stop),
            Some("MAX_TOKENS") => Some(Finish::Length),
            Some(
                "SAFETY" | "RECITATION" | "BLOCKLIST" | "PROHIBITED_CONTENT" | "SPII" | "IMAGE_SAFETY"
                | "LANGUAGE",
            ) => Some(Finish::Refused),
            Some(other) => Some(Finish::Other(other.to_lowercase())),
        };
        self.is_finished |= finish.is_some();
        out.extend(finish.map(Event::Finish));
        let usage = &frame["usageMetadata"];
        if usage.is_object() {
            let count = |name: &str| usage[name].as_u64().unwrap_or(0);
            out.push(Event::Usage(Usage {
                input: count("promptTokenCount") + count("toolUsePromptTokenCount"),
                cache_read: count("cachedContentTokenCount"),
                cache_write: 0,
                // Reasoning is counted beside the answer here.
                output: count("candidatesTokenCount") + count("thoughtsTokenCount"),
                reasoning: count("thoughtsTokenCount"),
                estimated: false,
            }));
        }
    }

    pub(super) fn may_end(&self) -> bool {
        self.is_finished
    }
}

/// What a whole answer says; nothing if it is none.
pub(super) fn read_answer(body: &Value, out: &mut Vec<Event>) -> Option<()> {
    let mut decoder = Decoder::default();
    decoder.event(body, out);
    out.push(Event::End);
    (decoder.is_finished || body["candidates"][0]["content"].is_object()).then_some(())
}

/// The common form as a body.
pub(super) fn request(request: &Request, to: Addressee<'_>) -> Result<Value, Failure> {
    // Results are told by the tool's name here, not by the call's.
    let mut names: BTreeMap<&str, &str> = BTreeMap::new();
    let mut contents = Vec::new();
    for turn in &request.turns {
        let mut parts = Vec::new();
        for part in &turn.parts {
            if let Part::ToolCall { id, name, .. } = part {
                names.insert(id, name);
            }
            parts.extend(write_part(part, &names)?);
        }
        let role = if turn.role == Role::User { "user" } else { "model" };
        contents.push(json!({ "role": role, "parts": parts }));
    }
    let mut body = json!({ "contents": contents });
    if !request.system.is_empty() {
        body["systemInstruction"] = json!({ "parts": [{ "text": request.system }] });
    }
    let mut options = json!({});
    if let Some(limit) = request.max_tokens {
        options["maxOutputTokens"] = json!(limit);
    }
    if to.model.temperature {
        if let Some(temperature) = request.temperature {
            options["temperature"] = json!(temperature);
        }
        if let Some(top_p) = request.top_p {
            options["topP"] = json!(top_p);
        }
    }
    if !request.stop.is_empty() {
        options["stopSequences"] = json!(request.stop);
    }
    if let Some(format) = &request.format {
        options["responseMimeType"] = json!("application/json");
        if let Format::Schema { schema, .. } = format {
            options["responseJsonSchema"] = schema.clone();
        }
    }
    body["generationConfig"] = options;
    if !request.tools.is_empty() {
        let tools: Vec<Value> = request
            .tools
            .iter()
            .map(|tool| {
                json!({ "name": tool.name, "description": tool.description,
                    "parametersJsonSchema": tool.parameters })
            })
            .collect();
        body["tools"] = json!([{ "functionDeclarations": tools }]);
        let calling = match &request.tool_choice {
            None | Some(ToolChoice::Auto) => json!({ "mode": "AUTO" }),
            Some(ToolChoice::None) => json!({ "mode": "NONE" }),
            Some(ToolChoice::Any) => json!({ "mode": "ANY" }),
            Some(ToolChoice::Tool(name)) => json!({ "mode": "ANY", "allowedFunctionNames": [name] }),
        };
        body["toolConfig"] = json!({ "functionCallingConfig": calling });
    }
    Ok(body)
}

fn write_part(part: &Part, names: &BTreeMap<&str, &str>) -> Result<Option<Value>, Failure> {
    Ok(Some(match part {
        Part::Text(text) => json!({ "text": text }),
        Part::Image(Image::Inline { media_type, data }) => {
            json!({ "inlineData": { "mimeType": media_type, "data": data } })
        }
        Part::Image(Image::Url(_)) => {
            return Err(refused(
                "images by address are not offered by this model's provider; send the image itself",
            ));
        }
        Part::ToolCall { name, arguments, .. } => {
            json!({ "functionCall": { "name": name, "args": arguments } })
        }
        Part::ToolResult { id, content, is_error } => {
            let words: Vec<&str> = content
                .iter()
                .filter_map(|part| if let Part::Text(text) = part { Some(&**text) } else { None })
                .collect();
            let key = if *is_error { "error" } else { "output" };
            let name = names.get(id.as_str()).copied().unwrap_or(id);
            json!({ "functionResponse": { "name": name, "response": { key: words.join("\n") } } })
        }
        // Another provider's seal means nothing here.
        Part::Thinking { .. } => return Ok(None),
    }))
}
