//! `Idempotency-Key`: a change that is sent twice happens once, and the second sender gets the first answer.
//!
//! The request runs as a task of its own, so that it ends and its answer is kept even when the client has
//! left. Answers that hold secrets and streams are not kept; versions know the key themselves, so that not
//! even a crash makes a second one.

use axum::body::{Body, to_bytes};
use axum::extract::{MatchedPath, Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

use super::request_id;
use crate::accounts::Caller;
use crate::error::Error;
use crate::sse;
use crate::state::AppState;
use crate::storage::idempotency::Claim;

const HEADER: &str = "idempotency-key";
/// Tells a kept answer from a new one.
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
/// Largest answer that is kept.
const MAX_ANSWER: usize = 4 << 20;
/// Routes whose answers hold secrets.
const SECRET: &[&str] = &["/v1/api-keys", "/v1/auth/password", "/v1/ws-ticket"];

tokio::task_local! {
    static CURRENT: String;
}

/// The key of the request that this task serves, with its person: unique on the server.
pub(crate) fn current() -> Option<String> {
    CURRENT.try_with(Clone::clone).ok()
}

pub(crate) async fn layer(
    State(state): State<AppState>,
    path: MatchedPath,
    request: Request,
    next: Next,
) -> Result<Response, Error> {
    let changes = matches!(*request.method(), Method::POST | Method::PATCH | Method::PUT | Method::DELETE);
    let key = request.headers().get(HEADER).cloned();
    let caller = request.extensions().get::<Caller>().map(|caller| caller.user_id.clone());
    let (Some(key), Some(user_id)) = (key.filter(|_| changes), caller) else {
        return Ok(next.run(request).await);
    };
    if SECRET.contains(&path.as_str()) || sse::is_wanted(request.headers()) {
        return Ok(next.run(request).await);
    }
    let key = key
        .to_str()
        .ok()
        .filter(|key| (1..=128).contains(&key.len()))
        .ok_or_else(|| Error::field(HEADER, "it has 1 to 128 printable characters"))?
        .to_owned();
    let (parts, body) = request.into_parts();
    let limit = state.config.limits.body_bytes;
    let body = to_bytes(body, limit).await.map_err(|_| {
        Error::Body(StatusCode::PAYLOAD_TOO_LARGE, format!("the body is larger than {limit} bytes"))
    })?;
    let mut hash = Sha256::new();
    hash.update(format!("{} {}\n", parts.method, parts.uri.path()));
    hash.update(&body);
    let hash = hash.finalize().iter().take(16).fold(0_u128, |sum, &byte| sum << 8 | u128::from(byte));
    match state.storage.claim_request(&user_id, &key, &format!("{hash:032x}")).await? {
        Claim::Ours => {}
        Claim::Served(status, answer) => return Ok(replay(status, answer)),
        Claim::Running => {
            return Err(Error::Conflict {
                code: "IDEMPOTENCY_IN_PROGRESS",
                message: "the same request is being served; ask again shortly".to_owned(),
                details: serde_json::json!({}),
            });
        }
        Claim::OtherRequest => return Err(Error::field(HEADER, "another request used this key")),
    }
    let request = Request::from_parts(parts, Body::from(body));
    let work = serve(state, user_id, key, request, next);
    tokio::spawn(request_id::carried(work)).await.map_err(Error::internal)?
}

/// Serves the request and keeps its answer, unless it is worth another try.
async fn serve(
    state: AppState,
    user_id: String,
    key: String,
    request: Request,
    next: Next,
) -> Result<Response, Error> {
    let response = CURRENT.scope(format!("{user_id} {key}"), next.run(request)).await;
    let (parts, body) = response.into_parts();
    let bytes = to_bytes(body, MAX_ANSWER).await.map_err(Error::internal)?;
    let text = std::str::from_utf8(&bytes).ok().filter(|_| !parts.status.is_server_error());
    let kept = match text {
        Some(text) => state.storage.keep_answer(&user_id, &key, parts.status.as_u16(), text).await,
        None => state.storage.release_request(&user_id, &key).await,
    };
    if let Err(error) = kept {
        tracing::warn!(%error, "cannot keep the answer of a request");
    }
    Ok(Response::from_parts(parts, Body::from(bytes)))
}

fn replay(status: u16, answer: String) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    let mut response = (status, answer).into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(REPLAYED, HeaderValue::from_static("true"));
    response
}
