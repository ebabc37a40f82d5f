//! All routes, and the one place that says what happens around them.

use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;

use crate::middleware::{guard, request_id, security_headers};
use crate::policy;
use crate::routes;
use crate::state::AppState;

/// The document's own words; the paths come from the handlers.
#[derive(OpenApi)]
#[openapi(info(
    title = "Spandrel",
    description = "Projects, versions, design requests and sessions of the Spandrel studio.",
    license(name = "MIT OR Apache-2.0")
))]
struct Document;

fn api() -> OpenApiRouter<AppState> {
    OpenApiRouter::with_openapi(Document::openapi())
        .merge(routes::health::router())
        .merge(routes::auth::router())
        .merge(routes::users::router())
        .merge(routes::api_keys::router())
        .merge(routes::admin::router())
        .merge(routes::projects::router())
        .merge(routes::members::router())
        .merge(routes::versions::router())
        .merge(routes::sessions::router())
        .merge(routes::design::router())
}

/// The OpenAPI document of exactly the routes that [`app`] serves.
pub fn openapi() -> utoipa::openapi::OpenApi {
    api().into_openapi()
}

/// The whole HTTP face.
pub fn app(state: AppState) -> Router {
    let (router, document) = api().split_for_parts();
    let timeout = Duration::from_millis(state.config.server.request_timeout_ms);
    router
        .merge(routes::openapi::router(document))
        .route_layer(from_fn_with_state(state.clone(), policy::layer))
        .fallback(routes::web::serve)
        .method_not_allowed_fallback(routes::web::method_not_allowed)
        // From the outside in: name and log, headers, nets, limits.
        .layer(
            ServiceBuilder::new()
                .layer(from_fn(request_id::layer))
                .layer(from_fn(security_headers::layer))
                .layer(CatchPanicLayer::custom(guard::panicked))
                .layer(from_fn_with_state(timeout, guard::timeout))
                .layer(DefaultBodyLimit::max(state.config.limits.body_bytes)),
        )
        .with_state(state)
}
