//! `/v1/users/me`: the caller's own account.

use axum::extract::State;
use axum::http::{Extensions, StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::extract::Json;
use crate::accounts::{Caller, Means, audit};
use crate::error::{self, Error};
use crate::state::AppState;
use crate::{storage, time};

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(get, update, delete))
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

pub(super) async fn me(state: &AppState, caller: &Caller) -> Result<storage::users::User, Error> {
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
