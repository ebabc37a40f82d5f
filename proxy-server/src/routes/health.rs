//! Whether the server lives, and whether it can work.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::accounts::Caller;
use crate::config::Flags;
use crate::error::{self, Error};
use crate::state::AppState;
use crate::time;

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(health))
        .routes(routes!(ready))
        .routes(routes!(metrics))
        .routes(routes!(flags))
}

/// The sign of life, which goes past everything that other routes go through.
pub(crate) fn probe() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(live))
}

/// The server and what it leans on.
#[derive(Debug, Serialize, ToSchema)]
struct Health {
    /// `healthy`, `degraded` (works with less) or `unhealthy`.
    status: &'static str,
    /// Now, RFC 3339.
    timestamp: String,
    /// The server's version.
    version: &'static str,
    /// State of each dependency: `healthy`, `unhealthy`, `disabled` or `offline`.
    services: BTreeMap<&'static str, &'static str>,
}

/// State of the server and of each of its dependencies.
#[utoipa::path(get, path = "/health", tag = "operations", responses(
    (status = 200, description = "it works, perhaps with less", body = Health),
    (status = 503, description = "it cannot work", body = Health)))]
async fn health(State(state): State<AppState>) -> Response {
    let database = state.storage.ping().await;
    if let Err(error) = &database {
        tracing::warn!(%error, "health: the database does not answer");
    }
    let mut services = BTreeMap::new();
    services.insert("database", if database.is_ok() { "healthy" } else { "unhealthy" });
    let redis = match state.storage.redis() {
        None => "disabled",
        Some(redis) if redis.ping().await => "healthy",
        Some(_) => "unhealthy",
    };
    services.insert("redis", redis);
    // Whether models answer is known call by call; whether there are any, from the configuration.
    let has_models = !state.config.llm.providers.is_empty();
    services.insert("llm", if has_models { "healthy" } else { "offline" });
    let (code, status) = match database {
        Ok(()) if redis == "unhealthy" => (StatusCode::OK, "degraded"),
        Ok(()) => (StatusCode::OK, "healthy"),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "unhealthy"),
    };
    let body =
        Health { status, timestamp: time::show(time::now()), version: env!("CARGO_PKG_VERSION"), services };
    (code, Json(body)).into_response()
}

/// What the server counts, for Prometheus. For programs on this machine and for admins.
#[utoipa::path(get, path = "/metrics", tag = "operations", responses(
    (status = 200, description = "the metrics", body = String, content_type = "text/plain"),
    (status = 401, body = error::Body)))]
async fn metrics(State(state): State<AppState>) -> Response {
    let text = state.metrics.render(state.storage.session_cache_counts());
    ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response()
}

/// Which parts of the service are switched on for the caller.
#[utoipa::path(get, path = "/v1/flags", tag = "operations", responses(
    (status = 200, description = "the flags by name", body = Object), (status = 401, body = error::Body)))]
async fn flags(State(state): State<AppState>, caller: Caller) -> Result<Json<Flags>, Error> {
    Ok(Json(state.flags(&caller.user_id).await?))
}

/// A sign of life.
#[derive(Debug, Serialize, ToSchema)]
struct Sign {
    status: &'static str,
}

/// Whether the process runs. Asks nothing else.
#[utoipa::path(get, path = "/health/live", tag = "operations", responses(
    (status = 200, description = "it runs", body = Sign)))]
async fn live() -> Json<Sign> {
    Json(Sign { status: "alive" })
}

/// Whether requests should be sent here: the database answers and the server is not ending.
#[utoipa::path(get, path = "/health/ready", tag = "operations", responses(
    (status = 200, description = "it is ready", body = Sign),
    (status = 503, description = "not now", body = error::Body)))]
async fn ready(State(state): State<AppState>) -> Result<Json<Sign>, Error> {
    if state.shutdown.is_cancelled() {
        return Err(Error::Unavailable { retry_after_s: 2, cause: "the server is stopping".to_owned() });
    }
    state
        .storage
        .ping()
        .await
        .map_err(|error| Error::Unavailable { retry_after_s: 2, cause: error.to_string() })?;
    Ok(Json(Sign { status: "ready" }))
}
