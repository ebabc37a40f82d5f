//! The session that a design request belongs to: what was said before, and what is added to it.

use serde_json::json;

use super::pipeline::{Answer, Request};
use crate::accounts::Caller;
use crate::engine::prompts;
use crate::error::Error;
use crate::state::AppState;
use crate::storage::projects::Project;
use crate::storage::sessions::Message;
use crate::time;

/// What the pipeline needs to know of a session.
pub(super) struct Conversation {
    pub(super) id: String,
    pub(super) last_intent: Option<String>,
    /// The last messages, oldest first.
    pub(super) history: Vec<prompts::Message>,
}

/// The named session, or a new one.
pub(super) async fn find(
    state: &AppState,
    caller: &Caller,
    project: &Project,
    id: Option<&str>,
) -> Result<Conversation, Error> {
    let Some(id) = id else {
        let life = state.session_life_ms();
        let id =
            state.storage.create_session(&caller.user_id, &project.id, project.last_version, life).await?;
        return Ok(Conversation { id, last_intent: None, history: Vec::new() });
    };
    let session = state.storage.session(&caller.user_id, id).await?.ok_or(Error::NotFound("session"))?;
    if session.project_id != project.id {
        return Err(Error::Conflict {
            code: "SESSION_PROJECT_MISMATCH",
            message: "this session belongs to another project".to_owned(),
            details: json!({ "session_project": session.project_code }),
        });
    }
    let history = state.storage.messages(&session.id, prompts::HISTORY as i64).await?;
    let history =
        history.into_iter().map(|m| prompts::Message { role: m.role, content: m.content }).collect();
    Ok(Conversation { id: session.id, last_intent: session.last_intent, history })
}

/// Phase 8 for the session: what was said, what was decided, what came of it.
pub(super) async fn remember(state: &AppState, request: &Request, answer: &Answer) -> Result<(), Error> {
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
