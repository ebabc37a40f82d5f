//! The last nets: a panic becomes a 500 in our shape, a request that hangs becomes a 504.

use std::any::Any;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::error::Error;
use crate::policy;
use crate::state::AppState;

/// Called with what a handler panicked with; the text goes to the log only.
pub(crate) fn panicked(panic: Box<dyn Any + Send>) -> Response {
    let text = panic
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_default();
    Error::internal(format!("a handler panicked: {text}")).into_response()
}

/// Ends a request that has no answer by the time that its route may take. What follows an answer's head (a
/// stream) is not timed.
pub(crate) async fn timeout(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let path = request.extensions().get::<MatchedPath>();
    match policy::time_limit(request.method(), path, &state.config) {
        None => next.run(request).await,
        Some(limit) => match tokio::time::timeout(limit, next.run(request)).await {
            Ok(response) => response,
            Err(_) => Error::Timeout.into_response(),
        },
    }
}
