//! `/v2/sessions`: conversations. Unknown, foreign and ended ones are all 404.

use axum::extract::State;
use axum::http::{StatusCode, Uri};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::extract::{Json, Path, Query};
use super::page::{Page, PageQuery};
use crate::accounts::Caller;
use crate::error::{self, Error};
use crate::state::AppState;
use crate::storage::projects::Role;
use crate::{storage, time};

/// A use this long after the last one is noted.
const RENEW_AFTER_MS: i64 = 60_000;

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(get, update, delete))
}

/// A conversation about a project.
#[derive(Debug, Serialize, ToSchema)]
#[expect(clippy::struct_field_names, reason = "the contract's names")]
struct Session {
    #[schema(min_length = 36, max_length = 36)]
    session_id: String,
    /// Code of the project.
    project_id: String,
    /// Number of the version that it last led to or saw; 0: none.
    last_version_id: i64,
    last_intent: Option<String>,
    created_at: String,
    last_updated: String,
    /// When it ends unless it is used again.
    expires_at: String,
}

/// A conversation with what was said.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SessionWithHistory)]
struct Whole {
    #[serde(flatten)]
    session: Session,
    /// Ids of the nodes with a fixed place in the project's newest version.
    pinned_nodes: Vec<String>,
    /// What was said, oldest first.
    history: Vec<Message>,
}

/// One message.
#[derive(Debug, Serialize, ToSchema)]
struct Message {
    /// `user` or `assistant`.
    role: String,
    content: String,
    intent: Option<String>,
    version_id: Option<i64>,
    created_at: String,
}

impl From<storage::sessions::Session> for Session {
    fn from(session: storage::sessions::Session) -> Self {
        Self {
            session_id: session.id,
            project_id: session.project_code,
            last_version_id: session.last_version,
            last_intent: session.last_intent,
            created_at: time::show(session.created_at),
            last_updated: time::show(session.updated_at),
            expires_at: time::show(session.expires_at),
        }
    }
}

/// What a new session is about.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = SessionCreate)]
struct Create {
    /// Code of the project.
    project_id: String,
}

/// What is to change; absent fields stay.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = SessionUpdate)]
struct Update {
    /// The version that the person looks at now.
    #[schema(minimum = 0)]
    last_version_id: Option<i64>,
}

/// Filter of the list.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
struct ListQuery {
    /// Code of a project.
    project_id: Option<String>,
}

/// The caller's living sessions, last used first.
#[utoipa::path(get, path = "/v2/sessions", tag = "sessions", params(PageQuery, ListQuery), responses(
    (status = 200, description = "a page of them", body = Page<Session>),
    (status = 401, body = error::Body), (status = 404, body = error::Body), (status = 422, body = error::Body)))]
async fn list(
    State(state): State<AppState>,
    caller: Caller,
    uri: Uri,
    Query(page): Query<PageQuery>,
    Query(query): Query<ListQuery>,
) -> Result<axum::Json<Page<Session>>, Error> {
    let window = page.window()?;
    let project_id = match query.project_id.as_deref() {
        Some(code) => caller.project(&state, code, Role::Viewer).await?.id,
        None => String::new(),
    };
    let part = state.storage.sessions(&caller.user_id, &project_id, window).await?;
    Ok(axum::Json(page.of_part(part, &uri, Session::from)))
}

/// Begins a session.
#[utoipa::path(post, path = "/v2/sessions", tag = "sessions", request_body = Create, responses(
    (status = 201, description = "it has begun", body = Whole),
    (status = 401, body = error::Body), (status = 404, body = error::Body), (status = 422, body = error::Body)))]
async fn create(
    State(state): State<AppState>,
    caller: Caller,
    Json(body): Json<Create>,
) -> Result<(StatusCode, axum::Json<Whole>), Error> {
    let project = caller.project(&state, body.project_id.trim(), Role::Viewer).await?;
    let life = state.session_life_ms();
    let id = state.storage.create_session(&caller.user_id, &project.id, project.last_version, life).await?;
    Ok((StatusCode::CREATED, axum::Json(whole(&state, find(&state, &caller, &id).await?).await?)))
}

/// One session with its conversation. Reading it is a use: it lives on for its whole life.
#[utoipa::path(get, path = "/v2/sessions/{id}", tag = "sessions",
    params(("id" = String, Path, description = "session id")), responses(
    (status = 200, description = "the session", body = Whole),
    (status = 401, body = error::Body), (status = 404, body = error::Body)))]
async fn get(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<axum::Json<Whole>, Error> {
    let session = find(&state, &caller, &id).await?;
    // A life of hours is not renewed by the second: reading stays reading.
    if time::now() - session.updated_at > RENEW_AFTER_MS {
        state.storage.use_session(&id, None, None, &[], 0, state.session_life_ms()).await?;
    }
    Ok(axum::Json(whole(&state, session).await?))
}

/// Notes which version the person looks at.
#[utoipa::path(patch, path = "/v2/sessions/{id}", tag = "sessions", request_body = Update,
    params(("id" = String, Path, description = "session id")), responses(
    (status = 200, description = "the changed session", body = Whole),
    (status = 401, body = error::Body), (status = 404, body = error::Body), (status = 422, body = error::Body)))]
async fn update(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
    Json(body): Json<Update>,
) -> Result<axum::Json<Whole>, Error> {
    let session = find(&state, &caller, &id).await?;
    if let Some(number) = body.last_version_id {
        let known = number == 0 || state.storage.version(&session.project_id, number).await?.is_some();
        if !known {
            return Err(Error::field("last_version_id", "the project has no such version"));
        }
    }
    let life = state.session_life_ms();
    state.storage.use_session(&id, None, body.last_version_id, &[], 0, life).await?;
    Ok(axum::Json(whole(&state, find(&state, &caller, &id).await?).await?))
}

/// Ends a session.
#[utoipa::path(delete, path = "/v2/sessions/{id}", tag = "sessions",
    params(("id" = String, Path, description = "session id")), responses(
    (status = 204, description = "it has ended"),
    (status = 401, body = error::Body), (status = 404, body = error::Body)))]
async fn delete(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, Error> {
    find(&state, &caller, &id).await?;
    state.storage.delete_session(&id).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn find(state: &AppState, caller: &Caller, id: &str) -> Result<storage::sessions::Session, Error> {
    state.storage.session(&caller.user_id, id).await?.ok_or(Error::NotFound("session"))
}

async fn whole(state: &AppState, session: storage::sessions::Session) -> Result<Whole, Error> {
    let limit = i64::from(state.config.limits.history_messages);
    let history = state.storage.messages(&session.id, limit).await?;
    let project = state.storage.project_by_id(&session.user_id, &session.project_id).await?;
    let newest = project.ok_or(Error::NotFound("session"))?.last_version;
    let pinned_nodes = match state.storage.version(&session.project_id, newest).await? {
        Some(version) => state.engine.pins(&version.source).await?,
        None => Vec::new(),
    };
    let history = history
        .into_iter()
        .map(|message| Message {
            role: message.role,
            content: message.content,
            intent: message.intent,
            version_id: message.version,
            created_at: time::show(message.created_at),
        })
        .collect();
    Ok(Whole { session: session.into(), pinned_nodes, history })
}
