//! A design request, phase by phase: request, session, intent, text, checks, drawing, version, answer.
//!
//! The same code serves the JSON answer, the event stream and the old address: what happens is told to an
//! [`Events`] as it happens, and the whole answer comes at the end.

use std::time::Instant;

use serde_json::{Value, json};

use super::draw::{self, Wish};
use super::events::{Event, Events};
use super::mind::{Mind, Silence};
use super::save::{self, Save};
use super::{conversation, style};
use crate::accounts::Caller;
use crate::engine::{Drawn, Intent, View, prompts};
use crate::error::{Error, Field};
use crate::ids;
use crate::state::AppState;
use crate::storage::projects::{Project, Role};
use crate::storage::versions::Version;

/// Confidence from which on vectors decide although there is a model to ask.
const SURE: f64 = 0.6;

/// Who writes where no language model does.
const OFFLINE: &str = "offline";

/// A request as it was read.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) project_code: String,
    pub(crate) query: String,
    pub(crate) session_id: Option<String>,
    /// The version that the person sees; the newest when absent.
    pub(crate) base_version: Option<i64>,
    /// The person's text where it is not (yet) a version.
    pub(crate) source: Option<String>,
    pub(crate) mode: Mode,
    pub(crate) with_diagram: bool,
    /// The language model that the person chose; the server chooses when absent.
    pub(crate) model: Option<String>,
}

/// What becomes of the result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// It is kept as a version.
    Commit,
    /// It is shown; accepting it is another request.
    Propose,
}

/// A whole answer.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) intent: String,
    pub(crate) message: String,
    pub(crate) confidence: f64,
    pub(crate) session_id: String,
    /// Which stage decided the intent.
    pub(crate) classification_source: String,
    /// Who wrote the text.
    pub(crate) provider: String,
    /// Why that was no language model although there is one.
    pub(crate) fallback: Option<Silence>,
    pub(crate) version_id: Option<i64>,
    pub(crate) d2: Option<String>,
    pub(crate) diagram_state: Option<Value>,
    pub(crate) pinned_nodes: Vec<String>,
    /// What a VIEW_TOGGLE asks the canvas to do.
    pub(crate) view: Option<Value>,
}

/// Whether a request may begin: its form, and the caller's part in the project.
pub(crate) async fn admit(state: &AppState, caller: &Caller, request: &Request) -> Result<Project, Error> {
    check_request(state, request).await?;
    let role = if request.mode == Mode::Commit { Role::Editor } else { Role::Viewer };
    caller.project(state, &request.project_code, role).await
}

/// Runs a request to its end.
pub(crate) async fn run(
    state: &AppState,
    caller: &Caller,
    request: Request,
    events: &Events,
) -> Result<Answer, Error> {
    let started = Instant::now();
    let project = admit(state, caller, &request).await?;
    // A retry after a crash goes on from the version before the one it has already made.
    let done = save::done_before(state, &project).await?;
    let newest = done.as_ref().map_or(project.last_version, |version| version.number - 1);
    let base = request.base_version.unwrap_or(newest);
    if base != newest && request.mode == Mode::Commit {
        let yours = request.source.as_deref().unwrap_or_default();
        return Err(save::conflict(state, &project.id, base, project.last_version, yours).await?);
    }
    let session = conversation::find(state, caller, &project, request.session_id.as_deref()).await?;

    let current = state.storage.version(&project.id, base).await?;
    if current.is_none() && base != 0 {
        return Err(Error::NotFound("version"));
    }
    let stored = current.as_ref().map(|version| version.source.as_str());
    let existing = request.source.as_deref().or(stored).filter(|source| !source.trim().is_empty());

    let mind = Mind::new(state, caller, &project.id, request.model.as_deref());
    let intent =
        decide(state, caller, &mind, &request, existing.is_some(), session.last_intent.as_deref()).await?;
    events
        .tell(Event::Intent {
            intent: intent.label.clone(),
            confidence: intent.confidence,
            source: intent.source.clone(),
        })
        .await;

    let mut answer = Answer {
        intent: intent.label,
        message: String::new(),
        confidence: intent.confidence,
        session_id: session.id,
        classification_source: intent.source,
        provider: OFFLINE.to_owned(),
        fallback: None,
        version_id: None,
        d2: existing.map(str::to_owned),
        diagram_state: None,
        pinned_nodes: Vec::new(),
        view: None,
    };
    let case = Case {
        state,
        caller,
        project: &project,
        request: &request,
        base,
        existing,
        current: current.as_ref(),
        history: &session.history,
        mind: &mind,
        events,
    };
    match answer.intent.as_str() {
        "DSL_CREATE" | "DSL_UPDATE" => case.draw(&mut answer).await?,
        _ => {
            case.answer(&mut answer).await?;
            // A proposal has no version, whatever it is about.
            answer.version_id = (base > 0 && request.mode == Mode::Commit).then_some(base);
        }
    }
    conversation::remember(state, &request, &answer).await?;
    let stage = &answer.classification_source;
    state.metrics.design(&answer.intent, stage, &answer.provider, started.elapsed());
    Ok(answer)
}

/// What the person wants: by patterns, by vectors, and by a model where neither knows.
async fn decide(
    state: &AppState,
    caller: &Caller,
    mind: &Mind<'_>,
    request: &Request,
    has_diagram: bool,
    last_intent: Option<&str>,
) -> Result<Intent, Error> {
    let intent = state.engine.classify(&request.query, has_diagram, last_intent).await?;
    // Patterns are written to be sure; vectors always have something to say.
    let flags = state.flags(&caller.user_id).await?;
    let is_sure = intent.source == "pattern" || (intent.source == "vector" && intent.confidence >= SURE);
    if is_sure || !flags.use_llm_fallback || !mind.is_there() {
        return Ok(intent);
    }
    Ok(mind.classify(&request.query, has_diagram).await.unwrap_or(intent))
}

/// The limits and filters of phase 1, all wrong fields at once.
async fn check_request(state: &AppState, request: &Request) -> Result<(), Error> {
    let mut fields = Vec::new();
    if !ids::is_project_code(&request.project_code) {
        let message = "it has 3 to 64 letters, digits, `-` and `_`".to_owned();
        fields.push(Field { field: "project_id".to_owned(), message });
    }
    if request.session_id.as_ref().is_some_and(|id| id.chars().count() != 36) {
        fields.push(Field { field: "session_id".to_owned(), message: "it has 36 characters".to_owned() });
    }
    if request.base_version.is_some_and(|base| base < 0) {
        fields.push(Field { field: "base_version".to_owned(), message: "it counts from 0".to_owned() });
    }
    let limit = state.config.limits.source_bytes;
    if request.source.as_ref().is_some_and(|source| source.len() > limit) {
        let message = format!("it is longer than {limit} bytes");
        fields.push(Field { field: "source".to_owned(), message });
    }
    if request.model.as_ref().is_some_and(|model| state.relay.find_model(model).is_none()) {
        let message = "no such model is configured; `/v1/llm/models` lists those that are".to_owned();
        fields.push(Field { field: "model".to_owned(), message });
    }
    let problems = state.engine.check_request(&request.query, &request.project_code).await?;
    for problem in &problems {
        if problem["severity"] != "error" {
            continue;
        }
        let message = problem["message"].as_str().unwrap_or_default().to_owned();
        if problem["code"] == crate::engine::PROFANITY {
            return Err(Error::Refused {
                code: "PROFANITY",
                message,
                details: json!({ "diagnostics": problems }),
            });
        }
        if problem["code"] != crate::engine::BAD_PROJECT_CODE {
            fields.push(Field { field: "query".to_owned(), message });
        }
    }
    if fields.is_empty() { Ok(()) } else { Err(Error::Validation(fields)) }
}

/// A request with all that was found for it.
struct Case<'a> {
    state: &'a AppState,
    caller: &'a Caller,
    project: &'a Project,
    request: &'a Request,
    base: i64,
    /// The person's text; `None`: there is no diagram yet.
    existing: Option<&'a str>,
    /// The version of number `base`.
    current: Option<&'a Version>,
    history: &'a [prompts::Message],
    mind: &'a Mind<'a>,
    events: &'a Events,
}

impl Case<'_> {
    /// Phases 5 to 8 of a request that draws.
    async fn draw(&self, answer: &mut Answer) -> Result<(), Error> {
        let (state, query) = (self.state, self.request.query.as_str());
        let existing = self.existing.filter(|_| answer.intent == "DSL_UPDATE");
        let source = match self.by_model(existing, answer).await? {
            Some(source) => source,
            None => self.offline(existing, answer).await?,
        };
        let previous = self.current.and_then(|version| version.drawing.as_deref());
        let Drawn { diagram_state, drawing, pins } = state.engine.draw(&source, previous).await?;
        let is_kept_already = self.current.is_some_and(|version| version.source == source);
        if self.request.mode == Mode::Commit && is_kept_already {
            // Nothing changed: a version that says the same would only be in the way.
            answer.version_id = Some(self.base);
        } else if self.request.mode == Mode::Commit {
            let message: String = query.trim().chars().take(200).collect();
            let save = Save {
                source: &source,
                message: &message,
                origin: &answer.provider,
                author_id: &self.caller.user_id,
                drawing: Some(drawing),
                restored_from: None,
            };
            let version = save::save(state, self.project, self.base, save).await?;
            answer.version_id = Some(version.number);
            self.events.tell(Event::Version { version_id: version.number }).await;
        }
        answer.d2 = Some(source);
        answer.diagram_state = self.request.with_diagram.then_some(diagram_state);
        answer.pinned_nodes = pins;
        Ok(())
    }

    /// A diagram of a language model, and its explanation; `None`: there is no model, or none that did it.
    async fn by_model(&self, existing: Option<&str>, answer: &mut Answer) -> Result<Option<String>, Error> {
        if !self.mind.is_there() {
            return Ok(None);
        }
        let query = self.request.query.as_str();
        let style = style::of(self.state, &self.project.id).await?.of_prompts();
        let wish =
            Wish { user_id: &self.caller.user_id, query, existing, history: self.history, style: &style };
        let said = match draw::draw(self.state, self.mind, &wish, self.events).await? {
            Ok(said) => said,
            Err(silence) => {
                tracing::warn!(
                    code = silence.code,
                    why = silence.message,
                    "the offline generator takes over"
                );
                answer.fallback = Some(silence);
                return Ok(None);
            }
        };
        answer.provider = said.provider;
        let prompt = match existing {
            Some(before) => prompts::explain_update(query, before, &said.text),
            None => prompts::explain_create(query, &said.text),
        };
        answer.message = if let Ok(words) = self.mind.say(&prompt, self.events).await {
            words.text.trim().to_owned()
        } else {
            let words = summary(self.state, existing.unwrap_or_default(), &said.text).await?;
            self.events.tell(Event::Message { delta: words.clone() }).await;
            words
        };
        Ok(Some(said.text))
    }

    /// A diagram of the offline generator, which says so where a model should have drawn it.
    async fn offline(&self, existing: Option<&str>, answer: &mut Answer) -> Result<String, Error> {
        let style = style::of(self.state, &self.project.id).await?.of_drawings();
        let generated = self.state.engine.generate(&self.request.query, existing, style).await?;
        // What the generator wrote is judged as any other text.
        save::check(self.state, &self.caller.user_id, &generated.source).await?;
        for line in generated.source.split_inclusive('\n') {
            self.events.tell(Event::Source { delta: line.to_owned() }).await;
        }
        answer.message = generated.message;
        if !generated.assumptions.is_empty() {
            answer.message = format!("{}\n\nAssumed: {}", answer.message, generated.assumptions.join("; "));
        }
        say_who(answer);
        self.events.tell(Event::Message { delta: answer.message.clone() }).await;
        Ok(generated.source)
    }

    /// The answer to a request that does not draw.
    async fn answer(&self, answer: &mut Answer) -> Result<(), Error> {
        let (state, query) = (self.state, self.request.query.as_str());
        if let Some(source) = self.existing {
            answer.pinned_nodes = state.engine.pins(source).await?;
        }
        if answer.intent == "EXPERT_QA" && self.mind.is_there() {
            let prompt = prompts::expert(query, self.existing, self.history);
            match self.mind.say(&prompt, self.events).await {
                Ok(said) => {
                    said.text.trim().clone_into(&mut answer.message);
                    answer.provider = said.provider;
                    return Ok(());
                }
                Err(silence) => answer.fallback = Some(silence),
            }
        }
        answer.message = match answer.intent.as_str() {
            "EXPERT_QA" => state.engine.answer(query, self.existing).await?,
            "VIEW_TOGGLE" => {
                let view = state.engine.view(query, self.existing).await?;
                let words =
                    format!("Done on the canvas ({}). The diagram itself is unchanged.", order(&view));
                answer.view = Some(json!({ "action": view.action, "target": view.target }));
                words
            }
            "OUT_OF_SCOPE" => {
                "I draw and discuss software and system architectures; this is something else.".to_owned()
            }
            _ => state.engine.clarify(query, self.existing).await?,
        };
        say_who(answer);
        self.events.tell(Event::Message { delta: answer.message.clone() }).await;
        Ok(())
    }
}

/// Adds to the message why no model answered, where one should have.
fn say_who(answer: &mut Answer) {
    if let Some(silence) = &answer.fallback {
        answer.message =
            format!("{}\n\n(Answered without a language model: {}.)", answer.message, silence.message);
    }
}

/// An order to the canvas in words.
fn order(view: &View) -> String {
    let order = format!("{} {}", view.action, view.target.replace('_', " "));
    order.trim().to_owned()
}

/// What changed, where no model says it: by the names of the parts.
async fn summary(state: &AppState, before: &str, after: &str) -> Result<String, Error> {
    let diff = state.engine.diff(before, after).await?;
    let names = |list: &str| {
        let parts = diff[list].as_array().into_iter().flatten().filter_map(|part| part["key"].as_str());
        let names: Vec<&str> = parts.filter(|key| !key.is_empty()).take(12).collect();
        names.join(", ")
    };
    let told: Vec<String> = [("Added", "added"), ("Removed", "removed"), ("Changed", "changed")]
        .into_iter()
        .map(|(word, list)| (word, names(list)))
        .filter(|(_, names)| !names.is_empty())
        .map(|(word, names)| format!("{word}: {names}."))
        .collect();
    Ok(if told.is_empty() { "The diagram already says this.".to_owned() } else { told.join(" ") })
}
