//! A name for each request: kept where the caller brings a well-formed one, made otherwise.

use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use uuid::Uuid;

/// The header that carries it, both ways.
pub(crate) const HEADER: HeaderName = HeaderName::from_static("x-request-id");

tokio::task_local! {
    static CURRENT: String;
}

/// The id of the request that this task serves; empty outside of one.
pub(crate) fn current() -> String {
    CURRENT.try_with(Clone::clone).unwrap_or_default()
}

/// Runs `future` as a part of the request `id`: for tasks that outlive their handler.
pub(crate) async fn within<F: Future>(id: String, future: F) -> F::Output {
    CURRENT.scope(id, future).await
}

/// Names the request, logs one line for it and names the answer.
pub(crate) async fn layer(request: Request, next: Next) -> Response {
    let id = request
        .headers()
        .get(HEADER)
        .and_then(|value| value.to_str().ok())
        .filter(|value| well_formed(value))
        .map_or_else(|| Uuid::now_v7().to_string(), str::to_owned);
    let method = request.method().clone();
    // The path alone: a query may hold what does not belong in a log.
    let path = request.uri().path().to_owned();
    let started = std::time::Instant::now();
    let mut response = within(id.clone(), next.run(request)).await;
    let elapsed_ms = started.elapsed().as_millis() as u64;
    tracing::info!(request_id = %id, %method, path, status = response.status().as_u16(), elapsed_ms, "request");
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(HEADER, value);
    }
    response
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
