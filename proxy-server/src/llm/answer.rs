//! What a client is told when there is no answer, in its own dialect: as a response, or inside a stream.

use std::time::Duration;

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use bytes::Bytes;
use serde_json::{Value, json};

use super::chain::Denied;
use super::failure::Kind;
use super::{Dialect, Failure};

/// The official clients of both dialects obey it.
const SHOULD_RETRY: HeaderName = HeaderName::from_static("x-should-retry");

/// A request that was turned away.
pub(super) fn denied(dialect: Dialect, denied: &Denied) -> Response {
    match denied {
        Denied::Failed(failure) => response(dialect, failure),
        Denied::Refused(refused) => {
            let words = match refused.status.as_u16() {
                401 => Words { kind: "authentication_error", code: "invalid_api_key" },
                402 => Words { kind: "billing_error", code: "insufficient_quota" },
                403 => Words { kind: "permission_error", code: "permission_denied" },
                404 => Words { kind: "not_found_error", code: "not_found" },
                429 => Words { kind: "rate_limit_error", code: "rate_limit_exceeded" },
                _ => Words { kind: "api_error", code: "unavailable" },
            };
            let body = error(dialect, &refused.message, words).to_string();
            built(refused.status, body.into(), refused.retry_after, refused.status == 402)
        }
    }
}

/// A request that failed before anything was sent.
pub(super) fn response(dialect: Dialect, failure: &Failure) -> Response {
    if let Some((own, status, body)) = failure.original.as_ref().filter(|(own, ..)| *own == dialect) {
        debug_assert_eq!(*own, dialect);
        return built(*status, body.clone(), failure.retry_after, false);
    }
    let status = status(dialect, failure.kind);
    let retry_after = failure.retry_after.or(match failure.kind {
        Kind::RateLimited | Kind::Overloaded | Kind::Busy | Kind::Stopping => Some(Duration::from_secs(5)),
        Kind::Quota | Kind::NoProvider => Some(Duration::from_mins(1)),
        _ => None,
    });
    let is_final = matches!(failure.kind, Kind::Quota | Kind::KeyRefused | Kind::NoProvider);
    built(
        status,
        error(dialect, &failure.message, words(failure.kind)).to_string().into(),
        retry_after,
        is_final,
    )
}

/// A failure after something was sent: one event, after which nothing follows. Never an end of an answer.
pub(super) fn in_band(dialect: Dialect, failure: &Failure) -> Bytes {
    let words = words(failure.kind);
    let text = match dialect {
        Dialect::Anthropic => format!("event: error\ndata: {}\n\n", error(dialect, &failure.message, words)),
        Dialect::Responses => {
            let value =
                json!({ "type": "error", "code": words.code, "message": failure.message, "param": null });
            format!("event: error\ndata: {value}\n\n")
        }
        Dialect::Chat | Dialect::Gemini => format!("data: {}\n\n", error(dialect, &failure.message, words)),
    };
    text.into()
}

fn built(status: StatusCode, body: Bytes, retry_after: Option<Duration>, is_final: bool) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if let Some(wait) = retry_after {
        // A year is no time that anybody waits; the client shall ask again tomorrow at the latest.
        let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        headers.insert(RETRY_AFTER, HeaderValue::from(seconds.min(86_400)));
    }
    if is_final {
        headers.insert(SHOULD_RETRY, HeaderValue::from_static("false"));
    }
    response
}

/// What programs read.
#[derive(Clone, Copy)]
struct Words {
    /// `type`, in Anthropic's words.
    kind: &'static str,
    /// `code`, in OpenAI's.
    code: &'static str,
}

fn words(kind: Kind) -> Words {
    let (kind, code) = match kind {
        Kind::BadRequest => ("invalid_request_error", "invalid_request"),
        Kind::TooLarge => ("request_too_large", "request_too_large"),
        Kind::NoModel => ("not_found_error", "model_not_found"),
        Kind::RateLimited => ("rate_limit_error", "rate_limit_exceeded"),
        Kind::Quota => ("api_error", "upstream_quota_exhausted"),
        Kind::KeyRefused => ("api_error", "upstream_key_refused"),
        Kind::Overloaded => ("overloaded_error", "server_is_overloaded"),
        Kind::ServerError => ("api_error", "upstream_error"),
        Kind::Unreachable => ("api_error", "upstream_unreachable"),
        Kind::Broken => ("api_error", "upstream_connection_broken"),
        Kind::TimedOut => ("timeout_error", "upstream_timeout"),
        Kind::BadAnswer => ("api_error", "upstream_bad_answer"),
        Kind::NoProvider => ("api_error", "no_provider"),
        Kind::Busy => ("overloaded_error", "busy"),
        Kind::Stopping => ("overloaded_error", "stopping"),
        Kind::Denied => ("permission_error", "permission_denied"),
    };
    Words { kind, code }
}

fn status(dialect: Dialect, kind: Kind) -> StatusCode {
    match kind {
        Kind::BadRequest => StatusCode::BAD_REQUEST,
        Kind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Kind::NoModel => StatusCode::NOT_FOUND,
        Kind::RateLimited => StatusCode::TOO_MANY_REQUESTS,
        Kind::Overloaded if dialect == Dialect::Anthropic => {
            StatusCode::from_u16(529).unwrap_or(StatusCode::SERVICE_UNAVAILABLE)
        }
        Kind::Overloaded | Kind::Quota | Kind::NoProvider | Kind::Busy | Kind::Stopping => {
            StatusCode::SERVICE_UNAVAILABLE
        }
        Kind::TimedOut => StatusCode::GATEWAY_TIMEOUT,
        Kind::Denied => StatusCode::FORBIDDEN,
        // A key that the provider refuses is the server's: never the client's 401.
        Kind::KeyRefused | Kind::ServerError | Kind::Unreachable | Kind::Broken | Kind::BadAnswer => {
            StatusCode::BAD_GATEWAY
        }
    }
}

fn error(dialect: Dialect, message: &str, words: Words) -> Value {
    if dialect == Dialect::Anthropic {
        return json!({ "type": "error", "error": { "type": words.kind, "message": message } });
    }
    let kind = match words.kind {
        kind @ ("authentication_error" | "permission_error" | "rate_limit_error") => kind,
        "invalid_request_error" | "not_found_error" | "request_too_large" => "invalid_request_error",
        "billing_error" => "insufficient_quota",
        _ => "server_error",
    };
    json!({ "error": { "message": message, "type": kind, "param": null, "code": words.code } })
}
