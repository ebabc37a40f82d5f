use serde::{Deserialize, Serialize};

use super::{Diagnostic, StylePack};

/// What the assistant may know beside the query.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, optional_fields))]
#[serde(default)]
pub struct AssistContext {
    /// The diagram that is open, as D2.
    pub source: Option<String>,
    /// Whether one is open; where absent, whether `source` has anything in it.
    pub has_diagram: Option<bool>,
    /// The intent of the request before.
    pub last_intent: Option<String>,
    /// How the project writes: for new drawings.
    pub style: Option<StylePack>,
}

/// A design request beside its query.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, optional_fields))]
#[serde(default)]
pub struct Request {
    /// The project it belongs to.
    pub project_code: Option<String>,
}

/// What a request asks for.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
pub struct Classified {
    /// `DSL_CREATE`, `DSL_UPDATE`, `EXPERT_QA`, `VIEW_TOGGLE`, `CLARIFY` or `OUT_OF_SCOPE`.
    #[cfg_attr(
        feature = "typescript",
        ts(
            type = "\"DSL_CREATE\" | \"DSL_UPDATE\" | \"EXPERT_QA\" | \"VIEW_TOGGLE\" | \"CLARIFY\" | \"OUT_OF_SCOPE\""
        )
    )]
    pub intent: String,
    /// 0 to 1.
    pub confidence: f64,
    /// Which stage decided.
    #[cfg_attr(feature = "typescript", ts(type = "\"pattern\" | \"vector\" | \"none\""))]
    pub source: String,
}

/// What is asked back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
pub struct Question {
    /// For the person.
    pub message: String,
    /// Requests that can be sent as they stand, the likeliest first.
    pub examples: Vec<String>,
}

/// A diagram made for a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
pub struct Generated {
    /// D2.
    pub source: String,
    /// What was done and why, for a person.
    pub message: String,
    /// What was taken for granted.
    pub assumptions: Vec<String>,
}

/// What a language model wrote, as D2.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, optional_fields))]
pub struct Repaired {
    /// D2.
    pub source: String,
    /// Whether it has no errors.
    pub ok: bool,
    /// What was changed, a sentence each.
    pub changes: Vec<String>,
    /// What is still wrong.
    pub diagnostics: Vec<Diagnostic>,
    /// What to send back to the model for another try, where that is needed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prompt: Option<String>,
}

/// An answer in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
pub struct Answered {
    /// The answer; says so where it does not know.
    pub message: String,
    /// Whether it knew.
    pub known: bool,
    /// Where it comes from.
    pub sources: Vec<String>,
}

/// Whether a source may be stored and shown.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
pub struct Checked {
    /// No errors.
    pub ok: bool,
    /// Nothing dangerous asked for.
    pub safe: bool,
    /// Everything found.
    pub diagnostics: Vec<Diagnostic>,
}

/// What the canvas is asked to do; the diagram stays as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
pub struct View {
    /// `switch`, `show`, `hide`, `only`, `highlight`, `focus`, `collapse`, `expand`, `zoom`, `fit`, `theme` or `reset`.
    pub action: String,
    /// What it is done to: ids or kinds separated by commas, a perspective, a theme, a part of the studio; empty: all.
    pub target: String,
}
