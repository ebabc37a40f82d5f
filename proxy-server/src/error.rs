//! The one error of the HTTP face, and its one JSON shape.

use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Value, json};

use crate::middleware::request_id;
use crate::storage;

/// Why a request was not served. Causes are logged here and never returned.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A field of the request is wrong: name and reason of each.
    #[error("the request is not valid")]
    Validation(Vec<Field>),
    /// The body is not JSON, or not of this type.
    #[error("{1}")]
    Body(StatusCode, String),
    /// Nobody is known to be asking.
    #[error("sign in first: this address needs a token or an API key")]
    Unauthenticated,
    /// Address and password do not belong together.
    #[error("address and password do not belong together")]
    WrongCredentials,
    /// Signing in elsewhere came to nothing.
    #[error("the sign-in was not completed; begin again")]
    SignInBroken,
    /// Too much was asked.
    #[error("too many requests; try again in {retry_after_s} s")]
    TooMany {
        /// Seconds after which to try again.
        retry_after_s: u64,
    },
    /// The credentials do not allow it.
    #[error("{0}")]
    NotAllowed(&'static str),
    /// What is asked for may be seen but not changed by this caller.
    #[error("your role in this project does not allow it")]
    Forbidden,
    /// It does not exist, or the caller may not know that it does.
    #[error("{0} not found")]
    NotFound(&'static str),
    /// The path exists, the method does not.
    #[error("this address does not answer to this method")]
    MethodNotAllowed,
    /// Something else is in the way.
    #[error("{message}")]
    Conflict {
        /// `VERSION_CONFLICT`, `SESSION_PROJECT_MISMATCH`, …
        code: &'static str,
        /// For a person.
        message: String,
        /// For a program.
        details: Value,
    },
    /// The engine refused the text.
    #[error("{message}")]
    Refused {
        /// `DSL_PARSING_FAILED`, `UNSAFE_CONTENT`, `PROFANITY`.
        code: &'static str,
        /// For a person.
        message: String,
        /// For a program: place, what was expected, diagnostics.
        details: Value,
    },
    /// A part of the service is switched off.
    #[error("{0} is switched off on this server")]
    SwitchedOff(&'static str),
    /// A dependency does not answer; trying again is sensible.
    #[error("the service is busy or a part of it is away; try again shortly")]
    Unavailable {
        /// Seconds after which to try again.
        retry_after_s: u64,
        /// For the log.
        cause: String,
    },
    /// There is no room left to write.
    #[error("the server has no room left to store this")]
    StorageFull,
    /// The request took too long.
    #[error("the request took too long")]
    Timeout,
    /// A fault of ours.
    #[error("something went wrong on the server; the request id helps to find it")]
    Internal(String),
}

/// One wrong field.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Field {
    /// Its name, with dots into objects.
    pub field: String,
    /// What is wrong with it.
    pub message: String,
}

/// The shape of every error outside the relay.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Body {
    /// `UPPER_SNAKE`; stable.
    pub error_code: String,
    /// For a person.
    pub message: String,
    /// For a program; an object.
    #[schema(value_type = Object)]
    pub details: Value,
    /// As in the header `x-request-id`.
    pub request_id: String,
}

impl Error {
    /// One wrong field.
    pub fn field(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Validation(vec![Field { field: field.into(), message: message.into() }])
    }

    /// A fault of ours; `cause` goes to the log only.
    pub fn internal(cause: impl std::fmt::Display) -> Self {
        Self::Internal(cause.to_string())
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Validation(_) | Self::Refused { .. } => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Body(status, _) => *status,
            Self::Unauthenticated | Self::WrongCredentials => StatusCode::UNAUTHORIZED,
            Self::SignInBroken => StatusCode::BAD_REQUEST,
            Self::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::Forbidden | Self::NotAllowed(_) => StatusCode::FORBIDDEN,
            Self::NotFound(_) | Self::SwitchedOff(_) => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::Conflict { .. } => StatusCode::CONFLICT,
            Self::Unavailable { .. } => StatusCode::SERVICE_UNAVAILABLE,
            Self::StorageFull => StatusCode::INSUFFICIENT_STORAGE,
            Self::Timeout => StatusCode::GATEWAY_TIMEOUT,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Validation(_) => "VALIDATION_ERROR",
            Self::Body(StatusCode::PAYLOAD_TOO_LARGE, _) => "PAYLOAD_TOO_LARGE",
            Self::Body(StatusCode::UNSUPPORTED_MEDIA_TYPE, _) => "UNSUPPORTED_MEDIA_TYPE",
            Self::Body(StatusCode::UNPROCESSABLE_ENTITY, _) => "VALIDATION_ERROR",
            Self::Body(..) => "MALFORMED_JSON",
            Self::Unauthenticated => "UNAUTHENTICATED",
            Self::WrongCredentials => "WRONG_CREDENTIALS",
            Self::SignInBroken => "SIGN_IN_FAILED",
            Self::TooMany { .. } => "RATE_LIMITED",
            Self::Forbidden | Self::NotAllowed(_) => "FORBIDDEN",
            Self::NotFound(_) => "NOT_FOUND",
            Self::MethodNotAllowed => "METHOD_NOT_ALLOWED",
            Self::Conflict { code, .. } | Self::Refused { code, .. } => code,
            Self::SwitchedOff(_) => "SWITCHED_OFF",
            Self::Unavailable { .. } => "UNAVAILABLE",
            Self::StorageFull => "STORAGE_FULL",
            Self::Timeout => "TIMEOUT",
            Self::Internal(_) => "INTERNAL",
        }
    }

    /// Writes down what the caller is not told.
    pub(crate) fn log(&self) {
        let request_id = request_id::current();
        match self {
            Self::Internal(cause) => tracing::error!(request_id, %cause, "request failed"),
            Self::Unavailable { cause, .. } => tracing::warn!(request_id, %cause, "a dependency is away"),
            Self::StorageFull => tracing::error!(request_id, "no room left in the storage"),
            _ => {}
        }
    }

    /// The JSON shape, with the id of the request that is being served.
    pub fn body(&self) -> Body {
        let details = match self {
            Self::Validation(fields) => json!({ "fields": fields }),
            Self::Conflict { details, .. } | Self::Refused { details, .. } => details.clone(),
            _ => json!({}),
        };
        Body {
            error_code: self.code().to_owned(),
            message: self.to_string(),
            details,
            request_id: request_id::current(),
        }
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        self.log();
        let mut response = (self.status(), axum::Json(self.body())).into_response();
        if let Self::Unavailable { retry_after_s, .. } | Self::TooMany { retry_after_s } = self {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(retry_after_s));
        }
        response
    }
}

impl From<storage::Error> for Error {
    fn from(error: storage::Error) -> Self {
        match error {
            storage::Error::Away(cause) => Self::Unavailable { retry_after_s: 2, cause },
            storage::Error::Full(_) => Self::StorageFull,
            storage::Error::Other(cause) => Self::Internal(cause),
        }
    }
}
