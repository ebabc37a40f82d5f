//! What all dialects say, in one form: the request and the events of its answer.
//!
//! Used where client and upstream speak differently, and for the server's own prompts.

use serde_json::Value;

use super::{Failure, Usage};

/// A request to a model.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// What stands above the conversation.
    pub system: String,
    /// The conversation, oldest first.
    pub turns: Vec<Turn>,
    /// What the model may call.
    pub tools: Vec<Tool>,
    /// Whether it must.
    pub tool_choice: Option<ToolChoice>,
    /// `false`: at most one tool call in an answer.
    pub parallel_tools: Option<bool>,
    /// Tokens it may write.
    pub max_tokens: Option<u32>,
    /// Left out for models that do not take it.
    pub temperature: Option<f64>,
    /// Left out for models that do not take it.
    pub top_p: Option<f64>,
    /// Texts that end the answer.
    pub stop: Vec<String>,
    /// How the answer must look.
    pub format: Option<Format>,
    /// How much reasoning: `low`, `medium`, `high`, …
    pub effort: Option<String>,
}

/// One side's contribution.
#[derive(Clone, Debug)]
pub struct Turn {
    /// Whose.
    pub role: Role,
    /// In order.
    pub parts: Vec<Part>,
}

/// Who speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The person, or a tool's result.
    User,
    /// The model.
    Assistant,
}

/// A piece of a turn.
#[derive(Clone, Debug)]
pub enum Part {
    /// Words.
    Text(String),
    /// A picture.
    Image(Image),
    /// The model calls a tool.
    ToolCall {
        /// Names this call.
        id: String,
        /// The tool.
        name: String,
        /// A JSON object.
        arguments: Value,
    },
    /// What the tool said.
    ToolResult {
        /// Of the call.
        id: String,
        /// Text and images.
        content: Vec<Part>,
        /// Whether the tool failed.
        is_error: bool,
    },
    /// The model's reasoning, with the provider's seal.
    Thinking {
        /// What it thought.
        text: String,
        /// Needed to hand it back.
        signature: String,
    },
}

/// A picture.
#[derive(Clone, Debug)]
pub enum Image {
    /// In the request.
    Inline {
        /// Such as `image/png`.
        media_type: String,
        /// Base64.
        data: String,
    },
    /// Fetched by the provider, never by the relay.
    Url(String),
}

/// Something the model may call.
#[derive(Clone, Debug)]
pub struct Tool {
    /// Its name.
    pub name: String,
    /// For the model.
    pub description: String,
    /// A JSON schema.
    pub parameters: Value,
}

/// Whether a tool is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ToolChoice {
    /// As the model likes.
    Auto,
    /// None.
    None,
    /// At least one.
    Any,
    /// This one.
    Tool(String),
}

/// How an answer must look.
#[derive(Clone, Debug)]
pub enum Format {
    /// Any JSON object.
    Json,
    /// JSON by a schema.
    Schema {
        /// The schema's name.
        name: String,
        /// The schema.
        schema: Value,
    },
}

/// One step of an answer.
#[derive(Clone, Debug)]
pub enum Event {
    /// It began; either may be empty.
    Start {
        /// The provider's name for the answer.
        id: String,
        /// The provider's name of the model.
        model: String,
    },
    /// Words to append.
    Text(String),
    /// Reasoning to append.
    Thinking(String),
    /// The provider's seal of the reasoning.
    Signature(String),
    /// Words to append to a refusal.
    Refusal(String),
    /// A tool call begins.
    ToolStart {
        /// Of the call within the answer, from 0.
        index: u32,
        /// Names the call.
        id: String,
        /// The tool.
        name: String,
    },
    /// JSON text to append to a call's arguments.
    ToolArguments {
        /// Of the call.
        index: u32,
        /// A fragment.
        json: String,
    },
    /// Why the model stopped.
    Finish(Finish),
    /// Tokens so far; replaces what came before.
    Usage(Usage),
    /// The provider reports an error inside the answer.
    Failed(Failure),
    /// The dialect's own end of an answer.
    End,
}

/// Why the model stopped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finish {
    /// It had said everything, or met a stop text.
    Stop,
    /// The limit of tokens.
    Length,
    /// It wants a tool's result.
    ToolCalls,
    /// It refuses, or a filter stopped it.
    Refused,
    /// Something the relay does not know, in the provider's word.
    Other(String),
}

impl Request {
    /// A system text and one question.
    pub fn prompt(system: impl Into<String>, question: impl Into<String>) -> Self {
        let turn = Turn { role: Role::User, parts: vec![Part::Text(question.into())] };
        Self { system: system.into(), turns: vec![turn], ..Self::default() }
    }
}

impl Part {
    /// Bytes that a model reads.
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Text(text) | Self::Thinking { text, .. } => text.len(),
            Self::Image(_) => 4096,
            Self::ToolCall { arguments, .. } => arguments.to_string().len(),
            Self::ToolResult { content, .. } => content.iter().map(Self::len).sum(),
        }
    }
}

impl Event {
    /// Whether a client that saw it would notice that another answer begins after it.
    pub(super) fn counts(&self) -> bool {
        match self {
            Self::Text(text) | Self::Thinking(text) | Self::Refusal(text) => !text.is_empty(),
            Self::ToolStart { .. } | Self::ToolArguments { .. } | Self::Finish(_) | Self::End => true,
            Self::Start { .. } | Self::Usage(_) | Self::Failed(_) | Self::Signature(_) => false,
        }
    }

    /// Bytes that the model wrote.
    pub(super) fn written(&self) -> usize {
        match self {
            Self::Text(text) | Self::Thinking(text) | Self::Refusal(text) => text.len(),
            Self::ToolArguments { json, .. } => json.len(),
            _ => 0,
        }
    }
}

/// A whole answer.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// The provider's name for it.
    pub id: String,
    /// The provider's name of the model.
    pub model: String,
    /// In the order in which they were written.
    pub blocks: Vec<Block>,
    /// Why the model stopped, where the provider said so.
    pub finish: Option<Finish>,
    /// Tokens.
    pub usage: Usage,
}

/// A piece of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// Words.
    Text(String),
    /// Reasoning.
    Thinking {
        /// What it thought.
        text: String,
        /// The provider's seal.
        signature: String,
    },
    /// Why it will not.
    Refusal(String),
    /// A tool call.
    ToolCall {
        /// Within the answer.
        index: u32,
        /// Names the call.
        id: String,
        /// The tool.
        name: String,
        /// JSON text.
        arguments: String,
    },
}

impl Answer {
    /// All words, without reasoning.
    pub fn text(&self) -> String {
        self.blocks
            .iter()
            .filter_map(|block| if let Block::Text(text) = block { Some(&**text) } else { None })
            .collect()
    }

    /// Takes one step in.
    pub(super) fn push(&mut self, event: &Event) {
        match event {
            Event::Start { id, model } => {
                self.id.clone_from(id);
                self.model.clone_from(model);
            }
            Event::Text(more) => match self.blocks.last_mut() {
                Some(Block::Text(text)) => text.push_str(more),
                _ => self.blocks.push(Block::Text(more.clone())),
            },
            Event::Thinking(more) => match self.blocks.last_mut() {
                Some(Block::Thinking { text, .. }) => text.push_str(more),
                _ => self.blocks.push(Block::Thinking { text: more.clone(), signature: String::new() }),
            },
            Event::Signature(more) => match self.blocks.last_mut() {
                Some(Block::Thinking { signature, .. }) => signature.push_str(more),
                _ => self.blocks.push(Block::Thinking { text: String::new(), signature: more.clone() }),
            },
            Event::Refusal(more) => match self.blocks.last_mut() {
                Some(Block::Refusal(text)) => text.push_str(more),
                _ => self.blocks.push(Block::Refusal(more.clone())),
            },
            Event::ToolStart { index, id, name } => self.blocks.push(Block::ToolCall {
                index: *index,
                id: id.clone(),
                name: name.clone(),
                arguments: String::new(),
            }),
            Event::ToolArguments { index: wanted, json } => {
                let call = self.blocks.iter_mut().rev().find_map(|block| match block {
                    Block::ToolCall { index, arguments, .. } if index == wanted => Some(arguments),
                    _ => None,
                });
                if let Some(arguments) = call {
                    arguments.push_str(json);
                }
            }
            Event::Finish(finish) => self.finish = Some(finish.clone()),
            Event::Usage(usage) => self.usage = *usage,
            Event::Failed(_) | Event::End => {}
        }
    }
}

impl FromIterator<Event> for Answer {
    fn from_iter<T: IntoIterator<Item = Event>>(events: T) -> Self {
        let mut answer = Self::default();
        for event in events {
            answer.push(&event);
        }
        answer
    }
}
