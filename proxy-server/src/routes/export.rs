//! `/v1/users/me/export`: everything that is kept of a person, as one JSON document. Hashes of secrets are not: they
//! say nothing to anybody.

use axum::extract::State;
use axum::http::header::CONTENT_DISPOSITION;
use axum::http::{Extensions, HeaderValue};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::users::{User, me};
use crate::accounts::{Caller, audit};
use crate::design::style;
use crate::error::{self, Error};
use crate::state::AppState;
use crate::storage::Window;
use crate::storage::projects::Sort;
use crate::storage::usage::{By, Sum};
use crate::time;

/// Entries that are read at once.
const BATCH: i64 = 100;

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(export))
}

/// Reads a list to its end, a window at a time.
macro_rules! to_its_end {
    ($window:ident => $read:expr) => {{
        let mut all = Vec::new();
        loop {
            let $window = Window { offset: all.len() as i64, limit: BATCH };
            let part = $read;
            if part.items.is_empty() {
                break all;
            }
            all.extend(part.items);
        }
    }};
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
    let (storage, user_id) = (&state.storage, caller.user_id.as_str());
    let user: User = me(&state, &caller).await?.into();
    let mut projects = Vec::new();
    for project in to_its_end!(window => storage.projects(user_id, "", Sort::Oldest, window).await?) {
        projects.push(json!({
            "project_code": project.code,
            "name": project.name,
            "description": project.description,
            "role": project.role.as_str(),
            "created_at": time::show(project.created_at),
            "style": style::of(&state, &project.id).await?,
            "versions": versions(&state, &project.id).await?,
        }));
    }
    let told = to_its_end!(window => storage.notifications(user_id, false, window).await?);
    let told = told.into_iter().map(|told| {
        json!({ "kind": told.kind, "message": told.message, "created_at": time::show(told.created_at) })
    });
    let keys = storage.api_keys(user_id).await?.into_iter().map(|key| {
        json!({ "id": key.id, "name": key.name, "scopes": key.scopes, "created_at": time::show(key.created_at) })
    });
    let identities = storage.identities(user_id).await?.into_iter();
    let identities = identities.map(|(issuer, subject)| json!({ "issuer": issuer, "subject": subject }));
    state.books.caught_up().await;
    let usage = storage.usage(user_id, 0, time::now(), By::Model).await?;
    let document = json!({
        "user": user,
        "projects": projects,
        "sessions": sessions(&state, user_id).await?,
        "api_keys": keys.collect::<Vec<_>>(),
        "identities": identities.collect::<Vec<_>>(),
        "notifications": told.collect::<Vec<_>>(),
        "flags": storage.flag_overrides(user_id).await?.into_iter().collect::<std::collections::BTreeMap<_, _>>(),
        "usage": usage.into_iter().map(used).collect::<Vec<_>>(),
    });
    audit(&state, &extensions, Some(user_id), "account.exported", user_id).await;
    let mut response = axum::Json(document).into_response();
    let disposition = HeaderValue::from_static("attachment; filename=\"spandrel-export.json\"");
    response.headers_mut().insert(CONTENT_DISPOSITION, disposition);
    Ok(response)
}

async fn versions(state: &AppState, project_id: &str) -> Result<Vec<Value>, Error> {
    let mut versions = Vec::new();
    for number in 1.. {
        let Some(version) = state.storage.version(project_id, number).await? else { break };
        versions.push(json!({
            "version_id": version.number,
            "source": version.source,
            "message": version.message,
            "author": version.author_name,
            "created_at": time::show(version.created_at),
        }));
    }
    Ok(versions)
}

async fn sessions(state: &AppState, user_id: &str) -> Result<Vec<Value>, Error> {
    let mut whole = Vec::new();
    for session in to_its_end!(window => state.storage.sessions(user_id, "", window).await?) {
        let history = state.storage.messages(&session.id, 1000).await?.into_iter().map(|message| {
            json!({ "role": message.role, "content": message.content, "created_at": time::show(message.created_at) })
        });
        whole.push(json!({
            "session_id": session.id,
            "project_code": session.project_code,
            "history": history.collect::<Vec<_>>(),
        }));
    }
    Ok(whole)
}

fn used(sum: Sum) -> Value {
    json!({
        "provider": sum.provider,
        "model": sum.model,
        "requests": sum.requests,
        "input_tokens": sum.input_tokens,
        "output_tokens": sum.output_tokens,
        "cost": sum.cost as f64 / 1e6,
    })
}
