//! What a person wants to happen next: six labels, decided in stages.
//!
//! First precise patterns, then the vector stage; between these and the end stands, where a server has a key,
//! the language model (with a prompt from here). Who decides nothing is asked back: CLARIFY at 0.4.

pub mod features;
mod model;
mod patterns;

pub(crate) use model::Model;

use crate::Data;

/// The six labels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Intent {
    /// A new diagram.
    DslCreate,
    /// The open diagram's content changed.
    DslUpdate,
    /// Knowledge, advice or analysis in words.
    ExpertQa,
    /// The same content shown in another way.
    ViewToggle,
    /// Cannot be acted on without asking back.
    Clarify,
    /// Not about software, system or security architecture.
    OutOfScope,
}

impl Intent {
    /// All six, in the order of the labelling rules.
    pub const ALL: [Self; 6] =
        [Self::DslCreate, Self::DslUpdate, Self::ExpertQa, Self::ViewToggle, Self::Clarify, Self::OutOfScope];

    /// The label on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::DslCreate => "DSL_CREATE",
            Self::DslUpdate => "DSL_UPDATE",
            Self::ExpertQa => "EXPERT_QA",
            Self::ViewToggle => "VIEW_TOGGLE",
            Self::Clarify => "CLARIFY",
            Self::OutOfScope => "OUT_OF_SCOPE",
        }
    }

    /// The label of the wire's spelling.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|intent| intent.as_str() == name)
    }
}

/// What is known besides the words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Context {
    /// Whether a diagram is open.
    pub has_diagram: bool,
    /// What the request before this one was.
    pub last_intent: Option<Intent>,
}

/// Which stage decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// A precise pattern.
    Pattern,
    /// The vector stage.
    Vector,
    /// None: the safe answer at the end.
    None,
}

impl Source {
    /// The word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pattern => "pattern",
            Self::Vector => "vector",
            Self::None => "none",
        }
    }
}

/// What a request means.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Classification {
    /// The label.
    pub intent: Intent,
    /// 0 to 1: how often such an answer is right.
    pub confidence: f64,
    /// Who says so.
    pub source: Source,
}

/// Below this probability the vector stage does not decide.
const LEAST: f64 = 0.34;

/// Classifies a request.
pub fn classify(data: &Data, query: &str, context: Context) -> Classification {
    if let Some((intent, confidence)) = patterns::decide(&data.words, query, context) {
        return Classification { intent, confidence, source: Source::Pattern };
    }
    match data.intents.decide(&data.words, query, context) {
        Some((intent, confidence)) if confidence >= LEAST => {
            Classification { intent, confidence, source: Source::Vector }
        }
        _ => Classification { intent: Intent::Clarify, confidence: 0.4, source: Source::None },
    }
}

#[cfg(all(test, feature = "embedded-data"))]
mod tests {
    use super::*;

    #[test]
    fn plain_requests_get_their_label() {
        let data = Data::embedded();
        let cases = [
            ("secure web app with database and authentication", false, Intent::DslCreate),
            ("Draw a microservices shop", false, Intent::DslCreate),
            ("add a cache between the API and the database", true, Intent::DslUpdate),
            ("rename the gateway to edge", false, Intent::Clarify),
            ("should I add Redis?", true, Intent::ExpertQa),
            ("zoom in on the payment part", true, Intent::ViewToggle),
            ("hide the databases", true, Intent::ViewToggle),
            ("hello", false, Intent::Clarify),
            ("connect Sell to Return", true, Intent::DslUpdate),
            ("rename Alpha to Zebra", true, Intent::DslUpdate),
            ("disconnect it from that", true, Intent::Clarify),
            ("thanks a lot", true, Intent::Clarify),
            ("give me a checklist for moving the database to Kubernetes", false, Intent::ExpertQa),
            ("asdfgh", false, Intent::Clarify),
        ];
        for (query, has_diagram, expected) in cases {
            let found = classify(&data, query, Context { has_diagram, last_intent: None });
            assert_eq!(found.intent, expected, "{query}");
        }
    }
}
