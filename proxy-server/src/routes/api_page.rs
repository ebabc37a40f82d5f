//! `/docs`: the API, to read and to try. Swagger UI from the binary; nothing comes from elsewhere.

use std::sync::{Arc, LazyLock};

use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use utoipa_swagger_ui::Config;

use super::extract::Path;
use crate::error::{self, Error};
use crate::state::AppState;

/// Its own scripts and styles, and calls to this server. Swagger UI sets style attributes in its markup.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
     connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

static CONFIG: LazyLock<Arc<Config<'static>>> =
    LazyLock::new(|| Arc::new(Config::new(["/openapi.json"]).try_it_out_enabled(true)));

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(index)).routes(routes!(page)).routes(routes!(file))
}

/// To the page.
#[utoipa::path(get, path = "/docs", tag = "operations", responses(
    (status = 303, description = "to `/docs/`"), (status = 404, body = error::Body)))]
async fn index(State(state): State<AppState>) -> Result<Redirect, Error> {
    is_on(&state)?;
    Ok(Redirect::to("/docs/"))
}

/// This document as a page to read and to try.
#[utoipa::path(get, path = "/docs/", tag = "operations", responses(
    (status = 200, description = "the page", body = String, content_type = "text/html"),
    (status = 404, description = "switched off here", body = error::Body)))]
async fn page(State(state): State<AppState>) -> Result<Response, Error> {
    give(&state, "index.html")
}

/// A part of the page.
#[utoipa::path(get, path = "/docs/{*file}", tag = "operations",
    params(("file" = String, Path, description = "name of the part")), responses(
    (status = 200, description = "the part"), (status = 404, body = error::Body)))]
async fn file(State(state): State<AppState>, Path(file): Path<String>) -> Result<Response, Error> {
    give(&state, &file)
}

fn is_on(state: &AppState) -> Result<(), Error> {
    if state.has_api_page() { Ok(()) } else { Err(Error::NotFound("address")) }
}

fn give(state: &AppState, file: &str) -> Result<Response, Error> {
    is_on(state)?;
    let found = utoipa_swagger_ui::serve(file, Arc::clone(&CONFIG)).map_err(Error::internal)?;
    let found = found.ok_or(Error::NotFound("address"))?;
    let kind = HeaderValue::from_str(&found.content_type).map_err(Error::internal)?;
    let headers = [
        (CONTENT_TYPE, kind),
        (CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
        (CACHE_CONTROL, HeaderValue::from_static("no-cache")),
    ];
    Ok((StatusCode::OK, headers, found.bytes.into_owned()).into_response())
}
