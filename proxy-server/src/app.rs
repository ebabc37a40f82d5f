//! All routes, and the one place that says what happens around them.

use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, LOCATION, RETRY_AFTER};
use axum::http::{HeaderName, HeaderValue, Method};
use axum::middleware::{from_fn, from_fn_with_state};
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::cors::{AllowOrigin, CorsLayer};
use utoipa::OpenApi;
use utoipa::openapi::path::Operation;
use utoipa::openapi::{ContentBuilder, Ref, ResponseBuilder};
use utoipa_axum::router::OpenApiRouter;

use crate::middleware::{guard, idempotency, request_id, security_headers};
use crate::routes;
use crate::state::AppState;
use crate::{llm, metrics, policy, relay};

/// The document's own words; the paths come from the handlers.
#[derive(OpenApi)]
#[openapi(info(
    title = "Spandrel",
    description = "Projects, versions, design requests and sessions of the Spandrel studio.",
    license(name = "MIT OR Apache-2.0")
))]
struct Document;

/// All that is asked of who calls and what is counted; the probe is apart.
fn api() -> OpenApiRouter<AppState> {
    OpenApiRouter::with_openapi(Document::openapi())
        .merge(routes::health::router())
        .merge(routes::auth::router())
        .merge(routes::oidc::router())
        .merge(routes::reset::router())
        .merge(routes::users::router())
        .merge(routes::export::router())
        .merge(routes::api_keys::router())
        .merge(routes::admin::router())
        .merge(routes::projects::router())
        .merge(routes::style::router())
        .merge(routes::members::router())
        .merge(routes::templates::router())
        .merge(routes::versions::router())
        .merge(routes::sessions::router())
        .merge(routes::design::router())
        .merge(routes::jobs::router())
        .merge(routes::notifications::router())
        .merge(routes::usage::router())
        .merge(routes::openapi::router())
        .merge(routes::api_page::router())
}

/// The OpenAPI document of exactly the routes that [`app`] serves.
pub fn openapi() -> utoipa::openapi::OpenApi {
    let mut document = api().merge(routes::health::probe()).into_openapi();
    document.merge(llm::documented().into_openapi());
    // A router's wildcard is an ordinary parameter to whoever reads the document.
    let paths = std::mem::take(&mut document.paths.paths);
    document.paths.paths = paths.into_iter().map(|(path, item)| (path.replace("{*", "{"), item)).collect();
    for (path, item) in &mut document.paths.paths {
        let operations = [
            ("get", &mut item.get),
            ("post", &mut item.post),
            ("put", &mut item.put),
            ("patch", &mut item.patch),
            ("delete", &mut item.delete),
        ];
        for (method, operation) in operations {
            if let Some(operation) = operation {
                // Handlers of different files share names; these are one of a kind: `get_v1_projects_code`.
                let words = path.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
                operation.operation_id =
                    Some([method].into_iter().chain(words).collect::<Vec<_>>().join("_"));
                // The relay answers in its callers' dialects.
                if !path.starts_with("/v1/llm") {
                    add_common_errors(operation);
                }
            }
        }
    }
    document
}

/// What any operation may answer, in the shape of all errors.
fn add_common_errors(operation: &mut Operation) {
    let always =
        [("429", "too many requests"), ("500", "a fault of the server"), ("503", "a dependency is away")];
    let with_body = [
        ("400", "the body is not JSON"),
        ("413", "the body is too large"),
        ("415", "the body is said to be something else than JSON"),
        ("422", "a value is not valid"),
    ];
    let with_body = with_body.into_iter().filter(|_| operation.request_body.is_some());
    for (status, description) in always.into_iter().chain(with_body) {
        operation.responses.responses.entry(status.to_owned()).or_insert_with(|| {
            let body = ContentBuilder::new().schema(Some(Ref::from_schema_name("Body"))).build();
            ResponseBuilder::new().description(description).content("application/json", body).build().into()
        });
    }
}

/// For pages of the origins that the configuration lists, and for no others. Without such, browsers get no
/// leave at all.
fn cors(state: &AppState) -> CorsLayer {
    let state = state.clone();
    let is_listed = move |origin: &HeaderValue, _: &_| {
        state.config.server.origins().any(|listed| listed.as_bytes() == origin.as_bytes())
    };
    CorsLayer::new()
        .allow_origin(AllowOrigin::predicate(is_listed))
        .allow_methods([Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE])
        .allow_headers([
            AUTHORIZATION,
            CONTENT_TYPE,
            request_id::HEADER,
            HeaderName::from_static("idempotency-key"),
            HeaderName::from_static("x-api-key"),
        ])
        .expose_headers([request_id::HEADER, RETRY_AFTER, LOCATION])
        .max_age(Duration::from_mins(10))
}

/// The whole HTTP face.
pub fn app(state: AppState) -> Router {
    let router: Router<AppState> = api().into();
    let probe: Router<AppState> = routes::health::probe().into();
    router
        .merge(relay::router(&state))
        // The layer named last runs first: who it is, then whether it was asked before.
        .route_layer(from_fn_with_state(state.clone(), idempotency::layer))
        .route_layer(from_fn_with_state(state.clone(), policy::layer))
        .route_layer(from_fn_with_state(state.clone(), metrics::layer))
        .fallback(routes::web::serve)
        .method_not_allowed_fallback(routes::web::method_not_allowed)
        // From the outside in: name and log, headers, nets, limits.
        .layer(
            ServiceBuilder::new()
                .layer(from_fn_with_state(state.clone(), request_id::layer))
                .layer(from_fn(security_headers::layer))
                .layer(cors(&state))
                .layer(CatchPanicLayer::custom(guard::panicked))
                .layer(from_fn_with_state(state.clone(), guard::timeout))
                .layer(DefaultBodyLimit::max(state.config.limits.body_bytes)),
        )
        // Asked every few seconds by whoever watches the server, and nothing to refuse, count or wait for.
        .merge(
            probe.method_not_allowed_fallback(routes::web::method_not_allowed).layer(
                ServiceBuilder::new()
                    .layer(from_fn(request_id::quiet))
                    .layer(from_fn(security_headers::layer))
                    .layer(cors(&state)),
            ),
        )
        .with_state(state)
}
