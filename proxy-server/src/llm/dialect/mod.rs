//! The dialects of the providers, a file each: requests out, answers in, and both the other way for clients.
//!
//! To add one: a variant of [`Dialect`], a file with `request` and a `Decoder`, and its arms below. Where the
//! client speaks the same dialect nothing is translated: `relayed` changes the members that routing needs, and
//! the decoder only watches.

mod anthropic;
mod chat;
mod gemini;
mod responses;

use axum::http::{HeaderName, HeaderValue};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::config::{Kind, Model};
use super::message::{Answer, Event, Part, Request};
use super::raw::RawObject;
use super::{Failure, failure};

/// A wire format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dialect {
    /// OpenAI's Chat Completions.
    Chat,
    /// OpenAI's Responses.
    Responses,
    /// Anthropic's Messages.
    Anthropic,
    /// Google's Gemini.
    Gemini,
}

/// A request as it came in.
#[derive(Clone, Debug)]
pub(super) struct Incoming {
    /// The model's name as the client has it.
    pub(super) model: String,
    /// Whether the answer comes in events.
    pub(super) stream: bool,
    pub(super) body: Body,
    /// Headers of the client that an upstream of the same dialect gets.
    pub(super) headers: Vec<(HeaderName, HeaderValue)>,
}

/// What it says.
#[derive(Clone, Debug)]
pub(super) enum Body {
    /// A client's, in its dialect.
    Raw(Dialect, RawObject),
    /// The server's own.
    Own(Box<Request>),
}

/// The model that a call goes to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Addressee<'a> {
    pub(super) kind: Kind,
    /// The model's name upstream.
    pub(super) name: &'a str,
    pub(super) model: &'a Model,
}

/// A call ready to be sent: path after the base URL, and body.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) path: String,
    pub(super) body: Vec<u8>,
}

/// An event whose data is not what the dialect says.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Malformed;

impl Incoming {
    /// Whether an upstream of this dialect gets and gives the client's own bytes.
    pub(super) fn is_native_to(&self, dialect: Dialect) -> bool {
        matches!(self.body, Body::Raw(own, _) if own == dialect)
    }

    /// Tokens of the prompt, at a quarter of its bytes, and the tokens that the client allows.
    pub(super) fn estimate(&self) -> (u64, Option<u64>) {
        match &self.body {
            Body::Raw(_, body) => {
                let limit = ["max_completion_tokens", "max_output_tokens", "max_tokens"]
                    .iter()
                    .find_map(|name| body.get(name)?.as_u64());
                (body.len() as u64 / 4, limit)
            }
            Body::Own(request) => {
                let bytes = request.system.len()
                    + request.turns.iter().flat_map(|turn| &turn.parts).map(Part::len).sum::<usize>();
                (bytes as u64 / 4, request.max_tokens.map(u64::from))
            }
        }
    }

    /// Whether the client asked for the extra usage event of Chat Completions.
    pub(super) fn wants_usage(&self) -> bool {
        match &self.body {
            Body::Raw(Dialect::Chat, body) => {
                body.get("stream_options").is_some_and(|options| options["include_usage"] == true)
            }
            _ => false,
        }
    }
}

/// Writes `incoming` for its addressee.
pub(super) fn prepare(incoming: &Incoming, to: Addressee<'_>) -> Result<Call, Failure> {
    let dialect = to.kind.dialect();
    let path = path(dialect, to.name, incoming.stream);
    let translated;
    let request = match &incoming.body {
        Body::Raw(own, body) if *own == dialect => {
            return Ok(Call { path, body: relayed(body.clone(), incoming, to).to_bytes() });
        }
        Body::Raw(own, body) => {
            let body =
                body.to_value().map_err(|error| refused(format!("the body cannot be read: {error}")))?;
            translated = request_from(*own, &body)?;
            &translated
        }
        Body::Own(request) => request,
    };
    let value = request_for(dialect, request, to, incoming.stream)?;
    Ok(Call { path, body: value.to_string().into_bytes() })
}

fn refused(message: impl Into<String>) -> Failure {
    Failure::new(failure::Kind::BadRequest, message)
}

/// The model's name was checked when it was looked up: it cannot leave its place in a path.
fn path(dialect: Dialect, model: &str, stream: bool) -> String {
    match dialect {
        Dialect::Chat => "/chat/completions".into(),
        Dialect::Responses => "/responses".into(),
        Dialect::Anthropic => "/messages".into(),
        Dialect::Gemini if stream => format!("/models/{model}:streamGenerateContent?alt=sse"),
        Dialect::Gemini => format!("/models/{model}:generateContent"),
    }
}

/// The client's own body with what routing and the model's abilities demand.
fn relayed(mut body: RawObject, incoming: &Incoming, to: Addressee<'_>) -> RawObject {
    body.set("model", &json!(to.name));
    if !to.model.temperature {
        body.remove("temperature");
        body.remove("top_p");
    }
    if to.kind.dialect() == Dialect::Chat {
        match to.model.old_limit_field {
            Some(true) => body.rename("max_completion_tokens", "max_tokens"),
            Some(false) => body.rename("max_tokens", "max_completion_tokens"),
            None if to.kind == Kind::OpenaiChat => body.rename("max_tokens", "max_completion_tokens"),
            None => {}
        }
        if incoming.stream && to.model.stream_usage {
            let mut options =
                body.get("stream_options").filter(Value::is_object).unwrap_or_else(|| json!({}));
            options["include_usage"] = json!(true);
            body.set("stream_options", &options);
        }
    }
    body
}

/// A client's body in the common form.
fn request_from(dialect: Dialect, body: &Value) -> Result<Request, Failure> {
    match dialect {
        Dialect::Chat => chat::read_request(body),
        Dialect::Anthropic => anthropic::read_request(body),
        Dialect::Responses | Dialect::Gemini => {
            Err(refused("this model's provider does not speak this dialect; ask by Chat Completions"))
        }
    }
}

/// The common form as a body for the addressee.
fn request_for(
    dialect: Dialect,
    request: &Request,
    to: Addressee<'_>,
    stream: bool,
) -> Result<Value, Failure> {
    match dialect {
        Dialect::Chat => Ok(chat::request(request, to, stream)),
        Dialect::Anthropic => anthropic::request(request, to, stream),
        Dialect::Responses => Ok(responses::request(request, to, stream)),
        Dialect::Gemini => gemini::request(request, to),
    }
}

/// Reads the events of one stream.
#[derive(Debug)]
pub(super) enum Decoder {
    Chat(chat::Decoder),
    Anthropic(anthropic::Decoder),
    Responses(responses::Decoder),
    Gemini(gemini::Decoder),
}

impl Decoder {
    pub(super) fn new(dialect: Dialect) -> Self {
        match dialect {
            Dialect::Anthropic => Self::Anthropic(anthropic::Decoder::default()),
            Dialect::Chat => Self::Chat(chat::Decoder::default()),
            Dialect::Responses => Self::Responses(responses::Decoder::default()),
            Dialect::Gemini => Self::Gemini(gemini::Decoder::default()),
        }
    }

    /// What one server-sent event says. Unknown events say nothing.
    pub(super) fn event(&mut self, data: &[u8], out: &mut Vec<Event>) -> Result<(), Malformed> {
        if data.is_empty() {
            return Ok(());
        }
        if matches!(self, Self::Chat(_)) && data == b"[DONE]" {
            out.push(Event::End);
            return Ok(());
        }
        let data = value(data)?;
        match self {
            Self::Chat(decoder) => decoder.event(&data, out),
            Self::Anthropic(decoder) => decoder.event(&data, out),
            Self::Responses(decoder) => decoder.event(&data, out),
            Self::Gemini(decoder) => decoder.event(&data, out),
        }
        Ok(())
    }

    /// Whether a body that ends here, in good order, was whole although its dialect's end did not come.
    pub(super) fn may_end(&self) -> bool {
        match self {
            Self::Chat(decoder) => decoder.may_end(),
            // Their ends always come.
            Self::Anthropic(_) | Self::Responses(_) => false,
            Self::Gemini(decoder) => decoder.may_end(),
        }
    }
}

/// Bytes that are no UTF-8 are replaced, not refused: one bad byte must not cost an answer.
fn value(data: &[u8]) -> Result<Value, Malformed> {
    serde_json::from_slice(data)
        .or_else(|_| serde_json::from_str(&String::from_utf8_lossy(data)))
        .map_err(|_| Malformed)
}

/// What a whole answer says; an error object in it is the failure.
pub(super) fn read_answer(dialect: Dialect, body: &[u8]) -> Result<Vec<Event>, Failure> {
    let body = value(body).map_err(|Malformed| Failure::from(failure::Kind::BadAnswer))?;
    let error = body.get("error").or_else(|| body.pointer("/0/error"));
    if let Some(error) = error.filter(|error| !error.is_null()) {
        return Err(Failure::from_event(error));
    }
    let mut events = Vec::new();
    let known = match dialect {
        Dialect::Chat => chat::read_answer(&body, &mut events),
        Dialect::Anthropic => anthropic::read_answer(&body, &mut events),
        Dialect::Responses => responses::read_answer(&body, &mut events),
        Dialect::Gemini => gemini::read_answer(&body, &mut events),
    };
    known.map(|()| events).ok_or_else(|| failure::Kind::BadAnswer.into())
}

/// Writes the events of one stream in a client's dialect.
#[derive(Debug)]
pub(super) enum Encoder {
    Chat(chat::Encoder),
    Anthropic(anthropic::Encoder),
}

impl Encoder {
    /// `model` is its name as the client has it; `wants_usage`: see [`Incoming::wants_usage`].
    pub(super) fn new(dialect: Dialect, model: &str, wants_usage: bool) -> Self {
        match dialect {
            Dialect::Anthropic => Self::Anthropic(anthropic::Encoder::new(model)),
            Dialect::Chat | Dialect::Responses | Dialect::Gemini => {
                Self::Chat(chat::Encoder::new(model, wants_usage))
            }
        }
    }

    pub(super) fn event(&mut self, event: &Event, out: &mut Vec<u8>) {
        match self {
            Self::Chat(encoder) => encoder.event(event, out),
            Self::Anthropic(encoder) => encoder.event(event, out),
        }
    }
}

/// A whole answer in a client's dialect.
pub(super) fn write_answer(dialect: Dialect, answer: &Answer, model: &str) -> Value {
    match dialect {
        Dialect::Anthropic => anthropic::write_answer(answer, model),
        Dialect::Chat | Dialect::Responses | Dialect::Gemini => chat::write_answer(answer, model),
    }
}

fn unix_seconds() -> u64 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |since| since.as_secs())
}
