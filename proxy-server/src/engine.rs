//! The only door to the diagram engine: every decision about D2 is one call in here.
//!
//! Engine calls are pure and bounded, but they occupy a processor: they run on the blocking threads, a few at
//! a time, so that a large diagram cannot keep small requests waiting.

use std::sync::Arc;
use std::thread::available_parallelism;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use spandrel_engine::Document;
/// What language models are asked.
pub(crate) use spandrel_engine::prompts;
use spandrel_engine::wire::{AssistContext, Diagnostic, Encoding, Options, Request, StylePack};
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
    /// Which stage decided: `pattern`, `vector`, `llm` or `none`.
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

/// What a language model wrote, as D2.
#[derive(Clone, Debug)]
pub struct Mended {
    /// It compiles.
    pub ok: bool,
    /// D2.
    pub source: String,
    /// What to tell the model where it does not.
    pub problem: String,
}

/// What the canvas is asked to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// `switch`, `show`, `hide`, …
    pub action: String,
    /// Ids, kinds, or a part of the studio; empty: the whole canvas.
    pub target: String,
}

/// Code of the diagnostic that a request's words are not fit to print.
pub const PROFANITY: &str = "R005";
/// Code of the diagnostic that a project code is none.
pub const BAD_PROJECT_CODE: &str = "R006";

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
        spandrel_engine::VERSION
    }

    /// What a new diagram can begin with.
    pub fn templates() -> &'static [spandrel_engine::Template] {
        spandrel_engine::templates()
    }

    /// A source as an SVG picture, laid out near to `previous` where that is given.
    pub async fn svg(&self, source: &str, title: &str, previous: Option<&str>) -> Result<String, Error> {
        let (source, title) = (source.to_owned(), title.to_owned());
        let previous = previous.map(str::to_owned);
        let drawn = self.run(move || {
            let options = Options { title: Some(title), ..options(false, previous.as_deref()) };
            with(|engine| engine.render(&source, &options))
        });
        drawn.await?.map_err(Error::internal)
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
        let query = query.to_owned();
        let request = Request { project_code: Some(project_code.to_owned()) };
        self.run(move || with(|engine| to_json(&engine.check_request(&query, &request)))).await
    }

    /// What `query` asks for.
    pub async fn classify(
        &self,
        query: &str,
        has_diagram: bool,
        last_intent: Option<&str>,
    ) -> Result<Intent, Error> {
        let query = query.to_owned();
        let last_intent = last_intent.map(str::to_owned);
        let context =
            AssistContext { has_diagram: Some(has_diagram), last_intent, ..AssistContext::default() };
        let found = self.run(move || with(|engine| engine.classify(&query, &context))).await?;
        Ok(Intent { label: found.intent, confidence: found.confidence, source: found.source })
    }

    /// D2 for `query`, from nothing, in the project's own style, or from `existing`.
    pub async fn generate(
        &self,
        query: &str,
        existing: Option<&str>,
        style: StylePack,
    ) -> Result<Generated, Error> {
        let query = query.to_owned();
        let source = existing.map(str::to_owned);
        let context = AssistContext { source, style: Some(style), ..AssistContext::default() };
        let made = self.run(move || with(|engine| engine.generate(&query, &context))).await?;
        Ok(Generated { source: made.source, message: made.message, assumptions: made.assumptions })
    }

    /// Whether a source may be kept.
    pub async fn check(&self, source: &str, strict: bool) -> Result<Checked, Error> {
        let source = source.to_owned();
        let checked = self.run(move || with(|engine| engine.check(&source, &options(strict, None)))).await?;
        Ok(Checked { ok: checked.ok, safe: checked.safe, diagnostics: to_json(&checked.diagnostics) })
    }

    /// Lays a source out, near to `previous` where that is given.
    pub async fn draw(&self, source: &str, previous: Option<&str>) -> Result<Drawn, Error> {
        let (source, previous) = (source.to_owned(), previous.map(str::to_owned));
        let drawn = self.run(move || {
            let options = options(false, previous.as_deref());
            let mut document = Document::open(&source, &options);
            with(|engine| {
                let diagram = document.diagram(&engine);
                let flow = json!({
                    "nodes": diagram.flow.nodes,
                    "edges": diagram.flow.edges,
                    "bounds": diagram.flow.bounds,
                });
                let drawing = serde_json::to_value(document.drawing(&engine)).unwrap_or_default();
                Drawn { diagram_state: flow, drawing, pins: engine.pins(&source, &options) }
            })
        });
        drawn.await
    }

    /// What a language model wrote, as D2.
    pub async fn repair(&self, text: &str) -> Result<Mended, Error> {
        let text = text.to_owned();
        let repaired = self.run(move || with(|engine| engine.repair(&text))).await?;
        let problem = repaired.prompt.unwrap_or_default();
        Ok(Mended { ok: repaired.ok, source: repaired.source, problem })
    }

    /// `before` changed into what `after` means, by small edits.
    pub async fn revise(&self, before: &str, after: &str) -> Result<String, Error> {
        let (before, after) = (before.to_owned(), after.to_owned());
        self.run(move || with(|engine| engine.revise(&before, &after, &Options::default()))).await
    }

    /// An answer from the knowledge base and from the open diagram.
    pub async fn answer(&self, query: &str, existing: Option<&str>) -> Result<String, Error> {
        let query = query.to_owned();
        let context = AssistContext { source: existing.map(str::to_owned), ..AssistContext::default() };
        self.run(move || with(|engine| engine.answer(&query, &context).message)).await
    }

    /// What to ask back where a request cannot be acted on, with requests that would be understood.
    pub async fn clarify(&self, query: &str, existing: Option<&str>) -> Result<String, Error> {
        let query = query.to_owned();
        let context = AssistContext { source: existing.map(str::to_owned), ..AssistContext::default() };
        let asked = self.run(move || with(|engine| engine.clarify(&query, &context))).await?;
        Ok(format!("{}\n\n{}", asked.message, asked.examples.join("\n")))
    }

    /// What a request to see the diagram otherwise asks the canvas to do.
    pub async fn view(&self, query: &str, existing: Option<&str>) -> Result<View, Error> {
        let query = query.to_owned();
        let context = AssistContext { source: existing.map(str::to_owned), ..AssistContext::default() };
        let view = self.run(move || with(|engine| engine.view(&query, &context))).await?;
        Ok(View { action: view.action, target: view.target })
    }

    /// What changed between two sources, in the engine's JSON form: objects, and the edits that lead there.
    pub async fn diff(&self, before: &str, after: &str) -> Result<Value, Error> {
        let (before, after) = (before.to_owned(), after.to_owned());
        let diff = self.run(move || with(|engine| engine.diff(&before, &after, &Options::default()))).await?;
        serde_json::to_value(diff).map_err(Error::internal)
    }

    /// Ids of the nodes that a source gives a fixed place.
    pub async fn pins(&self, source: &str) -> Result<Vec<String>, Error> {
        let source = source.to_owned();
        self.run(move || with(|engine| engine.pins(&source, &Options::default()))).await
    }
}

/// Longest time for one call; the engine's own limits usually end it long before.
const PATIENCE: Duration = Duration::from_secs(20);

/// Calls the façade with the server's clock.
fn with<T>(call: impl FnOnce(spandrel_engine::Engine<'_>) -> T) -> T {
    let end = Instant::now() + PATIENCE;
    let late = || Instant::now() >= end;
    call(spandrel_engine::Engine::new(Encoding::Utf8, &late))
}

fn to_json(diagnostics: &[Diagnostic]) -> Vec<Value> {
    // Structs of texts and numbers: they always serialise.
    diagnostics.iter().filter_map(|diagnostic| serde_json::to_value(diagnostic).ok()).collect()
}

fn options(strict: bool, previous: Option<&str>) -> Options {
    // A drawing that an older engine kept and this one cannot read is none.
    let previous = previous.and_then(|text| serde_json::from_str(text).ok());
    Options { strict, previous, ..Options::default() }
}
