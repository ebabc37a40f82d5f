//! The only door to the diagram engine: every decision about D2 is one call in here.
//!
//! Engine calls are pure and bounded, but they occupy a processor: they run on the blocking threads, a few at
//! a time, so that a large diagram cannot keep small requests waiting.

use std::sync::Arc;
use std::thread::available_parallelism;

use serde_json::Value;
use tokio::sync::Semaphore;

use crate::error::Error;

/// The engine, a few calls at a time.
#[derive(Clone, Debug)]
pub struct Engine {
    permits: Arc<Semaphore>,
}

/// What the engine thinks of a source.
#[derive(Clone, Debug)]
pub struct Checked {
    /// No errors.
    pub ok: bool,
    /// Nothing dangerous in it.
    pub safe: bool,
    /// All there is to say, in the engine's JSON form.
    pub diagnostics: Vec<Value>,
}

/// What a person wants to happen.
#[derive(Clone, Debug)]
pub struct Intent {
    /// `DSL_CREATE`, `DSL_UPDATE`, `VIEW_TOGGLE`, `EXPERT_QA`, `CLARIFY` or `OUT_OF_SCOPE`.
    pub label: String,
    /// 0 to 1.
    pub confidence: f64,
    /// Which stage decided: `pattern`, `vector` or `none`.
    pub source: String,
}

/// What the offline generator made of a request.
#[derive(Clone, Debug)]
pub struct Generated {
    /// D2.
    pub source: String,
    /// What was done, in words.
    pub message: String,
    /// What was taken for granted.
    pub assumptions: Vec<String>,
}

/// The answer to a request that draws nothing.
#[derive(Clone, Debug)]
pub struct Reply {
    /// In words.
    pub message: String,
    /// What the canvas is asked to do, for a VIEW_TOGGLE: `{action, target}`.
    pub view: Option<Value>,
}

/// Code of the diagnostic that a request's words are not fit to print.
pub const PROFANITY: &str = "R003";
/// Code of the diagnostic that a project code is none.
pub const BAD_PROJECT_CODE: &str = "R002";

/// A laid-out diagram.
#[derive(Clone, Debug)]
pub struct Drawn {
    /// React Flow nodes and edges.
    pub diagram_state: Value,
    /// Positions by id, for keeping.
    pub drawing: Value,
    /// Ids of the nodes with a fixed place.
    pub pins: Vec<String>,
}

impl Engine {
    /// At most `calls` at once; 0: one per processor.
    pub fn new(calls: usize) -> Self {
        let calls = if calls == 0 { available_parallelism().map_or(1, usize::from) } else { calls };
        Self { permits: Arc::new(Semaphore::new(calls)) }
    }

    /// Which engine draws.
    pub fn version() -> &'static str {
        env!("CARGO_PKG_VERSION")
    }

    async fn run<T: Send + 'static>(&self, call: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
        let permit = Arc::clone(&self.permits).acquire_owned().await.map_err(Error::internal)?;
        tokio::task::spawn_blocking(move || {
            let result = call();
            drop(permit);
            result
        })
        .await
        .map_err(Error::internal)
    }

    /// What is wrong with a design request: diagnostics, most important first.
    pub async fn check_request(&self, query: &str, project_code: &str) -> Result<Vec<Value>, Error> {
        let (query, code) = (query.to_owned(), project_code.to_owned());
        self.run(move || provisional::check_request(&query, &code)).await
    }

    /// What `query` asks for.
    pub async fn classify(
        &self,
        query: &str,
        has_diagram: bool,
        last_intent: Option<&str>,
    ) -> Result<Intent, Error> {
        let (query, last_intent) = (query.to_owned(), last_intent.map(str::to_owned));
        self.run(move || provisional::classify(&query, has_diagram, last_intent.as_deref())).await
    }

    /// D2 for `query`, from nothing or from `existing`.
    pub async fn generate(&self, query: &str, existing: Option<&str>) -> Result<Generated, Error> {
        let (query, existing) = (query.to_owned(), existing.map(str::to_owned));
        self.run(move || provisional::generate(&query, existing.as_deref())).await
    }

    /// Whether a source may be kept.
    pub async fn check(&self, source: &str, strict: bool) -> Result<Checked, Error> {
        let source = source.to_owned();
        self.run(move || provisional::check(&source, strict)).await
    }

    /// Lays a source out, near to `previous` where that is given.
    pub async fn draw(&self, source: &str, previous: Option<&str>) -> Result<Drawn, Error> {
        let (source, previous) = (source.to_owned(), previous.map(str::to_owned));
        self.run(move || provisional::draw(&source, previous.as_deref())).await
    }

    /// The words that answer `query` where its intent draws nothing.
    pub async fn reply(&self, query: &str, intent: &str, existing: Option<&str>) -> Result<Reply, Error> {
        let (query, intent) = (query.to_owned(), intent.to_owned());
        let existing = existing.map(str::to_owned);
        self.run(move || provisional::reply(&query, &intent, existing.as_deref())).await
    }

    /// Ids of the nodes that a source gives a fixed place.
    pub async fn pins(&self, source: &str) -> Result<Vec<String>, Error> {
        let source = source.to_owned();
        self.run(move || provisional::pins(&source)).await
    }
}

/// In the place of the façade until it is there.
mod provisional {
    use serde_json::{Value, json};

    use super::{Checked, Drawn, Generated, Intent, Reply};

    pub(super) fn check_request(query: &str, _code: &str) -> Vec<Value> {
        let length = query.trim().chars().count();
        if (1..=512).contains(&length) {
            Vec::new()
        } else {
            vec![
                json!({"code": "R001", "severity": "error", "message": "the query must have 1 to 512 characters"}),
            ]
        }
    }

    pub(super) fn classify(query: &str, has_diagram: bool, _last: Option<&str>) -> Intent {
        let label = if query.ends_with('?') {
            "EXPERT_QA"
        } else if has_diagram {
            "DSL_UPDATE"
        } else {
            "DSL_CREATE"
        };
        Intent { label: label.into(), confidence: 0.9, source: "pattern".into() }
    }

    pub(super) fn generate(query: &str, existing: Option<&str>) -> Generated {
        let source = format!("{}web -> api: {}\n", existing.unwrap_or_default(), query.len());
        Generated { source, message: "Drawn.".into(), assumptions: Vec::new() }
    }

    pub(super) fn check(source: &str, _strict: bool) -> Checked {
        let ok = source.matches('{').count() == source.matches('}').count();
        let diagnostics = if ok {
            Vec::new()
        } else {
            vec![
                json!({"code": "S001", "severity": "error", "message": "unclosed map", "expected": "`}`", "found": "end of file", "range": {"start": {"line": 1, "column": 1, "offset": 0}, "end": {"line": 1, "column": 1, "offset": 0}}}),
            ]
        };
        Checked { ok, safe: !source.contains("file://"), diagnostics }
    }

    pub(super) fn draw(source: &str, _previous: Option<&str>) -> Drawn {
        Drawn {
            diagram_state: json!({"nodes": source.lines().collect::<Vec<_>>(), "edges": []}),
            drawing: json!({}),
            pins: Vec::new(),
        }
    }

    pub(super) fn reply(query: &str, intent: &str, _existing: Option<&str>) -> Reply {
        Reply { message: format!("{intent}: {query}"), view: None }
    }

    pub(super) fn pins(_source: &str) -> Vec<String> {
        Vec::new()
    }
}
