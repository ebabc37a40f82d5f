//! A design request, phase by phase: request, session, intent, text, checks, drawing, version, answer.
//!
//! The same code serves the JSON answer, the event stream and the old address: what happens is told to an
//! [`Events`] as it happens, and the whole answer comes at the end.

use std::time::Instant;

use serde::Serialize;
use serde_json::{Value, json};
use tokio::sync::mpsc;

use super::save::{self, Save};
use crate::accounts::Caller;
use crate::engine::Drawn;
use crate::error::{Error, Field};
use crate::ids;
use crate::state::AppState;
use crate::storage::projects::{Project, Role};
use crate::storage::sessions::Message;
use crate::time;

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
}

/// What becomes of the result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// It is kept as a version.
    Commit,
    /// It is shown; accepting it is another request.
    Propose,
}

/// What is told while a request runs. The variant names the event, its fields are the data.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub(crate) enum Event {
    /// What the person wants was decided.
    Intent { intent: String, confidence: f64, source: String },
    /// More of the D2 text.
    Source { delta: String },
    /// More of the words.
    Message { delta: String },
    /// The version is kept.
    Version { version_id: i64 },
}

/// Where events go: nowhere, or to a stream that may have been left.
#[derive(Clone, Debug, Default)]
pub(crate) struct Events(Option<mpsc::Sender<Event>>);

impl Event {
    /// Its name in an event stream.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Intent { .. } => "intent",
            Self::Source { .. } => "source",
            Self::Message { .. } => "message",
            Self::Version { .. } => "version",
        }
    }
}

impl Events {
    /// Events and the end from which they are read.
    pub(crate) fn channel() -> (Self, mpsc::Receiver<Event>) {
        // Enough that a reader who is a little behind does not slow the work down.
        let (sender, receiver) = mpsc::channel(64);
        (Self(Some(sender)), receiver)
    }

    async fn tell(&self, event: Event) {
        if let Some(sender) = &self.0 {
            // Nobody listens any more: the request goes on, a version may still come of it.
            drop(sender.send(event).await);
        }
    }
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
    pub(crate) provider: &'static str,
    pub(crate) version_id: Option<i64>,
    pub(crate) d2: Option<String>,
    pub(crate) diagram_state: Option<Value>,
    pub(crate) pinned_nodes: Vec<String>,
    /// What a VIEW_TOGGLE asks the canvas to do.
    pub(crate) view: Option<Value>,
}

/// Runs a request to its end.
pub(crate) async fn run(
    state: &AppState,
    caller: &Caller,
    request: Request,
    events: &Events,
) -> Result<Answer, Error> {
    let started = Instant::now();
    check_request(state, &request).await?;
    let role = if request.mode == Mode::Commit { Role::Editor } else { Role::Viewer };
    let project = caller.project(state, &request.project_code, role).await?;
    // A retry after a crash goes on from the version before the one it has already made.
    let done = save::done_before(state, &project).await?;
    let newest = done.as_ref().map_or(project.last_version, |version| version.number - 1);
    let base = request.base_version.unwrap_or(newest);
    if base != newest && request.mode == Mode::Commit {
        let yours = request.source.as_deref().unwrap_or_default();
        return Err(save::conflict(state, &project.id, base, project.last_version, yours).await?);
    }
    let session = find_session(state, caller, &project, request.session_id.as_deref()).await?;

    let current = state.storage.version(&project.id, base).await?;
    if current.is_none() && base != 0 {
        return Err(Error::NotFound("version"));
    }
    let stored = current.as_ref().map(|version| version.source.as_str());
    let existing = request.source.as_deref().or(stored).filter(|source| !source.trim().is_empty());

    let intent =
        state.engine.classify(&request.query, existing.is_some(), session.last_intent.as_deref()).await?;
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
        provider: "offline",
        version_id: None,
        d2: existing.map(str::to_owned),
        diagram_state: None,
        pinned_nodes: Vec::new(),
        view: None,
    };
    match answer.intent.as_str() {
        "DSL_CREATE" | "DSL_UPDATE" => {
            let existing = existing.filter(|_| answer.intent == "DSL_UPDATE");
            let previous = current.as_ref().and_then(|version| version.drawing.as_deref());
            write(state, caller, &project, &request, base, existing, previous, &mut answer, events).await?;
        }
        _ => {
            in_words(state, &request, existing, &mut answer).await?;
            events.tell(Event::Message { delta: answer.message.clone() }).await;
            // A proposal has no version, whatever it is about.
            answer.version_id = (base > 0 && request.mode == Mode::Commit).then_some(base);
        }
    }
    remember(state, &request, &answer).await?;
    let stage = &answer.classification_source;
    state.metrics.design(&answer.intent, stage, answer.provider, started.elapsed());
    Ok(answer)
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

/// What the pipeline needs to know of a session.
struct Conversation {
    id: String,
    last_intent: Option<String>,
}

/// The named session, or a new one.
async fn find_session(
    state: &AppState,
    caller: &Caller,
    project: &Project,
    id: Option<&str>,
) -> Result<Conversation, Error> {
    let Some(id) = id else {
        let life = state.session_life_ms();
        let id =
            state.storage.create_session(&caller.user_id, &project.id, project.last_version, life).await?;
        return Ok(Conversation { id, last_intent: None });
    };
    let session = state.storage.session(&caller.user_id, id).await?.ok_or(Error::NotFound("session"))?;
    if session.project_id != project.id {
        return Err(Error::Conflict {
            code: "SESSION_PROJECT_MISMATCH",
            message: "this session belongs to another project".to_owned(),
            details: json!({ "session_project": session.project_code }),
        });
    }
    Ok(Conversation { id: session.id, last_intent: session.last_intent })
}

/// Phases 5 to 8 of a request that draws.
#[expect(clippy::too_many_arguments, reason = "the phases' values, each used once")]
async fn write(
    state: &AppState,
    caller: &Caller,
    project: &Project,
    request: &Request,
    base: i64,
    existing: Option<&str>,
    previous: Option<&str>,
    answer: &mut Answer,
    events: &Events,
) -> Result<(), Error> {
    let generated = state.engine.generate(&request.query, existing).await?;
    // What the generator wrote is judged as any other text.
    save::check(state, &caller.user_id, &generated.source).await?;
    for line in generated.source.split_inclusive('\n') {
        events.tell(Event::Source { delta: line.to_owned() }).await;
    }
    answer.message = generated.message;
    if !generated.assumptions.is_empty() {
        answer.message = format!("{}\n\nAssumed: {}", answer.message, generated.assumptions.join("; "));
    }
    events.tell(Event::Message { delta: answer.message.clone() }).await;
    let Drawn { diagram_state, drawing, pins } = state.engine.draw(&generated.source, previous).await?;
    if request.mode == Mode::Commit {
        let message: String = request.query.trim().chars().take(200).collect();
        let save = Save {
            source: &generated.source,
            message: &message,
            origin: answer.provider,
            author_id: &caller.user_id,
            drawing: Some(drawing),
            restored_from: None,
        };
        let version = save::save(state, project, base, save).await?;
        answer.version_id = Some(version.number);
        events.tell(Event::Version { version_id: version.number }).await;
    }
    answer.d2 = Some(generated.source);
    answer.diagram_state = request.with_diagram.then_some(diagram_state);
    answer.pinned_nodes = pins;
    Ok(())
}

/// The answer to a request that does not draw.
async fn in_words(
    state: &AppState,
    request: &Request,
    existing: Option<&str>,
    answer: &mut Answer,
) -> Result<(), Error> {
    if let Some(source) = existing {
        answer.pinned_nodes = state.engine.pins(source).await?;
    }
    let reply = state.engine.reply(&request.query, &answer.intent, existing).await?;
    answer.message = reply.message;
    answer.view = reply.view;
    Ok(())
}

/// Phase 8 for the session: what was said, what was decided, what came of it.
async fn remember(state: &AppState, request: &Request, answer: &Answer) -> Result<(), Error> {
    let now = time::now();
    let message = |role: &str, content: &str| Message {
        role: role.to_owned(),
        content: content.to_owned(),
        intent: Some(answer.intent.clone()),
        version: answer.version_id,
        created_at: now,
    };
    let messages = [message("user", request.query.trim()), message("assistant", &answer.message)];
    state
        .storage
        .use_session(
            &answer.session_id,
            Some(&answer.intent),
            answer.version_id,
            &messages,
            i64::from(state.config.limits.history_messages),
            state.session_life_ms(),
        )
        .await?;
    Ok(())
}
