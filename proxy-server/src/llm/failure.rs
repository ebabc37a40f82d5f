//! Why a call failed, and what follows from it: try again, ask elsewhere, or tell the client.

use std::time::Duration;

use axum::http::{HeaderMap, StatusCode};
use bytes::Bytes;
use serde_json::Value;

use super::{Dialect, retry};

/// One failed call, or one failed request.
#[derive(Clone, Debug)]
pub struct Failure {
    /// What kind of failure.
    pub kind: Kind,
    /// For a person; holds no key.
    pub message: String,
    /// When the upstream or the relay expects to work again.
    pub retry_after: Option<Duration>,
    /// The upstream's own error body and its dialect, scrubbed, where the client may see it.
    pub(super) original: Option<(Dialect, StatusCode, Bytes)>,
}

/// What went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The upstream says that the request is wrong; another would say so too.
    BadRequest,
    /// The request is larger than the upstream or the relay takes.
    TooLarge,
    /// No such model, here or there.
    NoModel,
    /// Too many requests or tokens for a while.
    RateLimited,
    /// The operator's quota or credit at the provider is used up.
    Quota,
    /// The provider does not accept the operator's key.
    KeyRefused,
    /// The provider has more to do than it can.
    Overloaded,
    /// The provider failed.
    ServerError,
    /// The provider cannot be reached.
    Unreachable,
    /// The connection broke before or within the answer.
    Broken,
    /// The provider was silent for too long.
    TimedOut,
    /// What came back is no answer in the provider's dialect.
    BadAnswer,
    /// No provider is configured for it.
    NoProvider,
    /// The relay has more to do than it may.
    Busy,
    /// The server is stopping.
    Stopping,
    /// The host said no.
    Denied,
}

/// What follows from a failure before the first forwarded event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// The same target may work in a moment.
    Again,
    /// Another target may work; this one is called again only if it is the last.
    ElsewhereOrAgain,
    /// Another target may work; this one will not.
    Elsewhere,
    /// No target will.
    Stop,
}

impl Failure {
    pub(super) fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), retry_after: None, original: None }
    }

    pub(super) fn next(&self) -> Next {
        match self.kind {
            Kind::RateLimited | Kind::Overloaded | Kind::ServerError | Kind::Broken => Next::Again,
            Kind::Unreachable => Next::ElsewhereOrAgain,
            Kind::Quota | Kind::KeyRefused | Kind::TimedOut | Kind::BadAnswer | Kind::NoModel => {
                Next::Elsewhere
            }
            Kind::BadRequest
            | Kind::TooLarge
            | Kind::NoProvider
            | Kind::Busy
            | Kind::Stopping
            | Kind::Denied => Next::Stop,
        }
    }

    /// Whether it says that the target is ill; a client's mistake and an honest limit do not.
    pub(super) fn is_targets_fault(&self) -> bool {
        matches!(
            self.kind,
            Kind::Overloaded
                | Kind::ServerError
                | Kind::Unreachable
                | Kind::Broken
                | Kind::TimedOut
                | Kind::BadAnswer
        )
    }

    /// For how long the target is best left alone, whatever its health.
    pub(super) fn hold(&self) -> Option<Duration> {
        const MOST: Duration = Duration::from_mins(1);
        match self.kind {
            Kind::RateLimited | Kind::Overloaded => self.retry_after.map(|wait| wait.min(MOST)),
            Kind::Quota | Kind::KeyRefused => Some(MOST),
            _ => None,
        }
    }

    /// An answer with an error status.
    pub(super) fn from_answer(
        dialect: Dialect,
        status: StatusCode,
        headers: &HeaderMap,
        body: &Bytes,
    ) -> Self {
        let value: Option<Value> = serde_json::from_slice(body).ok();
        let error = value.as_ref().map(Error::read);
        let mut failure = match error {
            Some(error) => error.into_failure(Some(status)),
            None => Self::new(by_status(status), sentence(by_status(status))),
        };
        failure.retry_after = retry::retry_after(headers).or(failure.retry_after);
        if matches!(failure.kind, Kind::BadRequest | Kind::TooLarge | Kind::NoModel) && value.is_some() {
            failure.original = Some((dialect, status, body.clone()));
        }
        failure
    }

    /// An error object inside an answer that began with 200.
    pub(super) fn from_event(error: &Value) -> Self {
        Error::read(error).into_failure(None)
    }
}

/// The parts of an error object that dialects have in common.
struct Error<'a> {
    message: &'a str,
    /// `type`, `code`, `status` and `details.error_code`, where they are texts.
    words: Vec<&'a str>,
    /// `code` where it is an HTTP status.
    status: Option<StatusCode>,
    retry_after: Option<Duration>,
    is_daily: bool,
}

impl<'a> Error<'a> {
    /// Takes the whole body or the error object alone; Gemini's may be wrapped in an array.
    fn read(value: &'a Value) -> Self {
        let value = value.get(0).unwrap_or(value);
        let error = value.get("error").filter(|error| !error.is_null()).unwrap_or(value);
        let mut words: Vec<&str> =
            ["type", "code", "status"].iter().filter_map(|name| error.get(*name)?.as_str()).collect();
        words.extend(error.pointer("/details/error_code").and_then(Value::as_str));
        let details = error.get("details").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let retry_after = details
            .iter()
            .find_map(|detail| detail.get("retryDelay")?.as_str()?.strip_suffix('s')?.parse::<f64>().ok())
            .and_then(|s| Duration::try_from_secs_f64(s).ok());
        let is_daily =
            details.iter().filter_map(|detail| detail.get("violations")?.as_array()).flatten().any(
                |violation| {
                    violation.get("quotaId").and_then(Value::as_str).is_some_and(|id| id.contains("PerDay"))
                },
            );
        let status = error.get("code").and_then(Value::as_u64).and_then(|code| u16::try_from(code).ok());
        Self {
            message: error.get("message").and_then(Value::as_str).or(error.as_str()).unwrap_or_default(),
            words,
            status: status.and_then(|code| StatusCode::from_u16(code).ok()),
            retry_after,
            is_daily,
        }
    }

    fn into_failure(self, status: Option<StatusCode>) -> Failure {
        let status = status.or(self.status);
        let kind = if self.is_quota() {
            Kind::Quota
        } else if let Some(status) = status {
            by_status(status)
        } else {
            self.by_word()
        };
        // What the request got wrong is the client's business; the rest is between operator and provider.
        let message = match kind {
            Kind::BadRequest | Kind::TooLarge | Kind::NoModel if !self.message.is_empty() => {
                self.message.to_owned()
            }
            _ => sentence(kind).to_owned(),
        };
        let retry_after = if kind == Kind::Quota { None } else { self.retry_after };
        Failure { kind, message, retry_after, original: None }
    }

    fn is_quota(&self) -> bool {
        let word = self.words.iter().any(|word| {
            matches!(
                *word,
                "insufficient_quota"
                    | "credit_balance_exhausted"
                    | "organization_usage_limit_exceeded"
                    | "billing_hard_limit_reached"
                    | "billing_not_active"
                    | "enforced_spend_limit_reached"
                    | "billing_error"
            ) || word.ends_with("_spend_limit_exceeded")
        });
        // Anthropic says this one as a 400 `invalid_request_error`.
        word || self.is_daily || self.message.starts_with("Your credit balance is too low")
    }

    fn by_word(&self) -> Kind {
        for word in &self.words {
            let kind = match *word {
                "overloaded_error" | "server_is_overloaded" | "UNAVAILABLE" | "slow_down" => Kind::Overloaded,
                "rate_limit_error" | "rate_limit_exceeded" | "RESOURCE_EXHAUSTED" | "too_many_requests" => {
                    Kind::RateLimited
                }
                "invalid_request_error"
                | "invalid_prompt"
                | "invalid_image"
                | "INVALID_ARGUMENT"
                | "context_length_exceeded" => Kind::BadRequest,
                "request_too_large" => Kind::TooLarge,
                "not_found_error" | "model_not_found" | "NOT_FOUND" => Kind::NoModel,
                "authentication_error"
                | "permission_error"
                | "invalid_api_key"
                | "PERMISSION_DENIED"
                | "UNAUTHENTICATED" => Kind::KeyRefused,
                "timeout_error" | "DEADLINE_EXCEEDED" => Kind::TimedOut,
                _ => continue,
            };
            return kind;
        }
        Kind::ServerError
    }
}

fn by_status(status: StatusCode) -> Kind {
    match status.as_u16() {
        401 | 403 => Kind::KeyRefused,
        402 => Kind::Quota,
        404 => Kind::NoModel,
        408 | 504 | 524 => Kind::TimedOut,
        409 | 425 => Kind::ServerError,
        413 => Kind::TooLarge,
        429 => Kind::RateLimited,
        503 | 529 => Kind::Overloaded,
        400..=499 => Kind::BadRequest,
        500..=599 => Kind::ServerError,
        _ => Kind::BadAnswer,
    }
}

/// What a client is told; the provider's own words about keys and accounts stay here.
fn sentence(kind: Kind) -> &'static str {
    match kind {
        Kind::BadRequest => "the model's provider refused the request",
        Kind::TooLarge => "the request is larger than the model's provider takes",
        Kind::NoModel => "the model's provider does not know this model",
        Kind::RateLimited => "the model's provider limits the rate of requests; try again later",
        Kind::Quota => "the quota of this server at the model's provider is used up",
        Kind::KeyRefused => "the model's provider does not accept this server's key",
        Kind::Overloaded => "the model's provider is overloaded; try again later",
        Kind::ServerError => "the model's provider failed",
        Kind::Unreachable => "the model's provider cannot be reached",
        Kind::Broken => "the connection to the model's provider broke",
        Kind::TimedOut => "the model's provider did not answer in time",
        Kind::BadAnswer => "the model's provider answered with something that is no answer",
        Kind::NoProvider => "no model provider is configured on this server",
        Kind::Busy => "this server has too many requests under way; try again shortly",
        Kind::Denied => "this request is not allowed",
        Kind::Stopping => "this server is stopping; try again shortly",
    }
}

impl From<Kind> for Failure {
    fn from(kind: Kind) -> Self {
        Self::new(kind, sentence(kind))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(status: u16, body: &str) -> Kind {
        let body = Bytes::copy_from_slice(body.as_bytes());
        Failure::from_answer(Dialect::Chat, StatusCode::from_u16(status).unwrap(), &HeaderMap::new(), &body)
            .kind
    }

    #[test]
    fn a_used_up_quota_is_told_from_a_rate_limit() {
        let openai = |code: &str| format!(r#"{{"error":{{"message":"m","type":"x","code":"{code}"}}}}"#);
        assert_eq!(kind(429, &openai("rate_limit_exceeded")), Kind::RateLimited);
        for code in ["insufficient_quota", "project_spend_limit_exceeded", "credit_balance_exhausted"] {
            assert_eq!(kind(429, &openai(code)), Kind::Quota, "{code}");
        }
        let anthropic = r#"{"type":"error","error":{"type":"rate_limit_error","message":"m",
            "details":{"error_code":"enforced_spend_limit_reached"}}}"#;
        assert_eq!(kind(429, anthropic), Kind::Quota);
        let low = r#"{"type":"error","error":{"type":"invalid_request_error",
            "message":"Your credit balance is too low to access the API"}}"#;
        assert_eq!(kind(400, low), Kind::Quota);
        let gemini = |id: &str| {
            format!(
                r#"[{{"error":{{"code":429,"status":"RESOURCE_EXHAUSTED","message":"m","details":[
                {{"violations":[{{"quotaId":"{id}"}}]}},{{"retryDelay":"12s"}}]}}}}]"#
            )
        };
        assert_eq!(kind(429, &gemini("RequestsPerMinute")), Kind::RateLimited);
        assert_eq!(kind(429, &gemini("RequestsPerDayPerProject")), Kind::Quota);
    }

    #[test]
    fn a_delay_in_the_body_is_read() {
        let body = Bytes::from_static(br#"{"error":{"code":429,"details":[{"retryDelay":"1.5s"}]}}"#);
        let failure =
            Failure::from_answer(Dialect::Gemini, StatusCode::TOO_MANY_REQUESTS, &HeaderMap::new(), &body);
        assert_eq!(failure.retry_after, Some(Duration::from_millis(1500)));
    }

    #[test]
    fn what_is_between_operator_and_provider_stays_there() {
        for (status, body) in [(401, r#"{"error":{"message":"bad key sk-1"}}"#), (500, "<html>trace</html>")]
        {
            let body = Bytes::from_static(body.as_bytes());
            let failure = Failure::from_answer(
                Dialect::Chat,
                StatusCode::from_u16(status).unwrap(),
                &HeaderMap::new(),
                &body,
            );
            assert!(failure.original.is_none());
            assert!(!failure.message.contains("sk-1") && !failure.message.contains("trace"));
        }
    }

    #[test]
    fn an_error_inside_a_stream_is_told_by_its_words() {
        for (error, kind) in [
            (r#"{"type":"overloaded_error","message":"m"}"#, Kind::Overloaded),
            (r#"{"code":"rate_limit_exceeded","message":"m"}"#, Kind::RateLimited),
            (r#"{"code":502,"message":"m"}"#, Kind::ServerError),
            (r#"{"message":"m"}"#, Kind::ServerError),
            (r#""just words""#, Kind::ServerError),
        ] {
            assert_eq!(Failure::from_event(&serde_json::from_str(error).unwrap()).kind, kind, "{error}");
        }
    }
}
