//! `/v1/users/me`: the caller's own account.

use axum::extract::State;
use axum::http::header::CONTENT_DISPOSITION;
use axum::http::{Extensions, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::extract::Json;
use crate::accounts::{Caller, Means, audit};
use crate::error::{self, Error};
use crate::state::AppState;
use crate::storage::Window;
use crate::storage::projects::Sort;
use crate::{storage, time};

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(get, update, delete)).routes(routes!(export))
}

/// An account.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct User {
    id: String,
    /// Absent for the local account.
    email: Option<String>,
    name: String,
    is_admin: bool,
    is_active: bool,
    /// Whether it is the keyless account of the person at the keyboard.
    is_local: bool,
    created_at: String,
}

impl From<storage::users::User> for User {
    fn from(user: storage::users::User) -> Self {
        Self {
            is_local: user.id == storage::users::LOCAL_ID,
            id: user.id,
            email: user.email,
            name: user.name,
            is_admin: user.is_admin,
            is_active: user.is_active,
            created_at: time::show(user.created_at),
        }
    }
}

/// What is to change; absent fields stay.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = ProfileUpdate)]
struct Update {
    #[schema(min_length = 1, max_length = 100)]
    name: Option<String>,
}

async fn me(state: &AppState, caller: &Caller) -> Result<storage::users::User, Error> {
    state.storage.user(&caller.user_id).await?.ok_or(Error::Unauthenticated)
}

/// The caller's account.
#[utoipa::path(get, path = "/v1/users/me", tag = "accounts", responses(
    (status = 200, description = "the account", body = User), (status = 401, body = error::Body)))]
async fn get(State(state): State<AppState>, caller: Caller) -> Result<axum::Json<User>, Error> {
    Ok(axum::Json(me(&state, &caller).await?.into()))
}

/// Changes the caller's name.
#[utoipa::path(patch, path = "/v1/users/me", tag = "accounts", request_body = Update, responses(
    (status = 200, description = "the changed account", body = User), (status = 401, body = error::Body),
    (status = 403, body = error::Body), (status = 422, body = error::Body)))]
async fn update(
    State(state): State<AppState>,
    caller: Caller,
    Json(body): Json<Update>,
) -> Result<axum::Json<User>, Error> {
    if let Some(name) = body.name {
        let name = name.trim();
        if !(1..=100).contains(&name.chars().count()) {
            return Err(Error::field("name", "it has 1 to 100 characters"));
        }
        state.storage.rename_user(&caller.user_id, name).await?;
    }
    Ok(axum::Json(me(&state, &caller).await?.into()))
}

/// Deletes the caller's account with everything that belongs to it alone. Their versions in projects of
/// others stay, without an author.
#[utoipa::path(delete, path = "/v1/users/me", tag = "accounts", responses(
    (status = 204, description = "it is gone"), (status = 401, body = error::Body),
    (status = 403, body = error::Body)))]
async fn delete(
    State(state): State<AppState>,
    caller: Caller,
    extensions: Extensions,
) -> Result<StatusCode, Error> {
    if caller.means == Means::Local {
        return Err(Error::NotAllowed("the local account belongs to this machine; remove its data folder"));
    }
    state.storage.delete_user(&caller.user_id).await?;
    audit(&state, &extensions, Some(&caller.user_id), "account.deleted", &caller.user_id).await;
    Ok(StatusCode::NO_CONTENT)
}

/// Everything that is kept of the caller, as one JSON document.
#[utoipa::path(get, path = "/v1/users/me/export", tag = "accounts", responses(
    (status = 200, description = "the document", body = Object), (status = 401, body = error::Body),
    (status = 403, body = error::Body)))]
async fn export(
    State(state): State<AppState>,
    caller: Caller,
    extensions: Extensions,
) -> Result<Response, Error> {
    let user: User = me(&state, &caller).await?.into();
    let mut projects = Vec::new();
    for offset in (0..).step_by(100) {
        let window = Window { offset, limit: 100 };
        let part = state.storage.projects(&caller.user_id, "", Sort::Oldest, window).await?;
        if part.items.is_empty() {
            break;
        }
        for project in part.items {
            let versions = versions(&state, &project.id).await?;
            projects.push(json!({
                "project_code": project.code,
                "name": project.name,
                "description": project.description,
                "role": project.role.as_str(),
                "created_at": time::show(project.created_at),
                "versions": versions,
            }));
        }
    }
    let sessions = sessions(&state, &caller.user_id).await?;
    audit(&state, &extensions, Some(&caller.user_id), "account.exported", &caller.user_id).await;
    let document = json!({ "user": user, "projects": projects, "sessions": sessions });
    let mut response = axum::Json(document).into_response();
    let disposition = HeaderValue::from_static("attachment; filename=\"spandrel-export.json\"");
    response.headers_mut().insert(CONTENT_DISPOSITION, disposition);
    Ok(response)
}

async fn versions(state: &AppState, project_id: &str) -> Result<Vec<Value>, Error> {
    let mut all = Vec::new();
    for number in 1.. {
        let Some(version) = state.storage.version(project_id, number).await? else { break };
        all.push(json!({
            "version_id": version.number,
            "source": version.source,
            "message": version.message,
            "author": version.author_name,
            "created_at": time::show(version.created_at),
        }));
    }
    Ok(all)
}

async fn sessions(state: &AppState, user_id: &str) -> Result<Vec<Value>, Error> {
    let part = state.storage.sessions(user_id, "", Window { offset: 0, limit: 1000 }).await?;
    let mut all = Vec::new();
    for session in part.items {
        let messages = state.storage.messages(&session.id, 1000).await?;
        let history = messages.iter().map(|message| {
            json!({ "role": message.role, "content": message.content, "created_at": time::show(message.created_at) })
        });
        all.push(json!({
            "session_id": session.id,
            "project_code": session.project_code,
            "history": history.collect::<Vec<_>>(),
        }));
    }
    Ok(all)
}
