//! A name for each request: kept where the caller brings a well-formed one, made otherwise.

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use uuid::Uuid;

use crate::state::AppState;
use crate::traces::Place;

/// The header that carries it, both ways.
pub(crate) const HEADER: HeaderName = HeaderName::from_static("x-request-id");

#[derive(Clone, Default)]
struct Current {
    id: String,
    place: Option<Place>,
}

tokio::task_local! {
    static CURRENT: Current;
}

/// The id of the request that this task serves; empty outside of one.
pub(crate) fn current() -> String {
    CURRENT.try_with(|current| current.id.clone()).unwrap_or_default()
}

/// Its place in a trace; `None`: it is not traced.
pub(crate) fn place() -> Option<Place> {
    CURRENT.try_with(|current| current.place).unwrap_or_default()
}

/// `future` as a part of the request that this task serves: for work that outlives its handler.
pub(crate) fn carried<F: Future>(future: F) -> impl Future<Output = F::Output> {
    CURRENT.scope(CURRENT.try_with(Clone::clone).unwrap_or_default(), future)
}

/// The request's own name where it is a good one, or a new one.
fn named(request: &Request) -> String {
    request
        .headers()
        .get(HEADER)
        .and_then(|value| value.to_str().ok())
        .filter(|value| well_formed(value))
        .map_or_else(|| Uuid::now_v7().to_string(), str::to_owned)
}

fn name(mut response: Response, id: String) -> Response {
    if let Ok(value) = HeaderValue::try_from(id) {
        response.headers_mut().insert(HEADER, value);
    }
    response
}

/// Names the request, logs one line for it and names the answer.
pub(crate) async fn layer(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let id = named(&request);
    let method = request.method().clone();
    // The path alone: a query may hold what does not belong in a log.
    let path = request.uri().path().to_owned();
    let started = std::time::Instant::now();
    let current = Current { id: id.clone(), place: state.traces.place(request.headers()) };
    let response = CURRENT.scope(current, next.run(request)).await;
    let elapsed_ms = started.elapsed().as_millis() as u64;
    tracing::info!(request_id = %id, %method, path, status = response.status().as_u16(), elapsed_ms, "request");
    name(response, id)
}

/// The same for a request of which no log needs to tell.
pub(crate) async fn quiet(request: Request, next: Next) -> Response {
    let id = named(&request);
    let current = Current { id: id.clone(), place: None };
    let response = CURRENT.scope(current, next.run(request)).await;
    name(response, id)
}

/// 8 to 128 letters, digits, `-`, `_` and `.`: nothing that could break a log line.
fn well_formed(id: &str) -> bool {
    (8..=128).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_that_could_break_a_log_are_not_kept() {
        assert!(well_formed("0190b2f4-aaaa-7000-8000-000000000000"));
        for id in ["short", "with space in it", "newline\nin it", &"x".repeat(129)] {
            assert!(!well_formed(id), "{id}");
        }
    }
}
