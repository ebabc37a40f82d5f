//! `/v1/projects/{code}/style`: what a project adds to the style pack that its diagrams keep to.

use axum::extract::State;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::extract::{Json, Path};
use crate::accounts::Caller;
use crate::design::style::{self, Style};
use crate::error::{self, Error};
use crate::state::AppState;
use crate::storage::projects::Role;

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(get, replace))
}

/// What this project adds to the style pack.
#[utoipa::path(get, path = "/v1/projects/{code}/style", tag = "projects",
    params(("code" = String, Path, description = "project code")), responses(
    (status = 200, description = "all empty: nothing", body = Style),
    (status = 401, body = error::Body), (status = 404, body = error::Body)))]
async fn get(
    State(state): State<AppState>,
    caller: Caller,
    Path(code): Path<String>,
) -> Result<axum::Json<Style>, Error> {
    let project = caller.project(&state, &code, Role::Viewer).await?;
    Ok(axum::Json(style::of(&state, &project.id).await?))
}

/// Replaces it as a whole. Owners only.
#[utoipa::path(put, path = "/v1/projects/{code}/style", tag = "projects", request_body = Style,
    params(("code" = String, Path, description = "project code")), responses(
    (status = 200, description = "as it is now", body = Style),
    (status = 401, body = error::Body), (status = 403, body = error::Body),
    (status = 404, body = error::Body), (status = 422, body = error::Body)))]
async fn replace(
    State(state): State<AppState>,
    caller: Caller,
    Path(code): Path<String>,
    Json(body): Json<Style>,
) -> Result<axum::Json<Style>, Error> {
    let project = caller.project(&state, &code, Role::Owner).await?;
    style::replace(&state, &project.id, &body).await?;
    Ok(axum::Json(body))
}
