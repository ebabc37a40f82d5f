//! The description of the HTTP face.

use axum::routing::get;
use axum::{Json, Router};
use utoipa::openapi::OpenApi;

use crate::state::AppState;

/// Serves the document at `/openapi.json`.
pub(crate) fn router(document: OpenApi) -> Router<AppState> {
    Router::new().route("/openapi.json", get(async move || Json(document.clone())))
}
