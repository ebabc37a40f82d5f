//! Reading a request: each part once, with errors in our shape.

use axum::extract::rejection::JsonRejection;
use axum::extract::{FromRequest, FromRequestParts, OptionalFromRequest, Request};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use crate::error::{Error, Field};
use crate::state::AppState;

/// A JSON body.
pub(crate) struct Json<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest<AppState> for Json<T> {
    type Rejection = Error;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, Error> {
        match <axum::Json<T> as FromRequest<AppState>>::from_request(request, state).await {
            Ok(axum::Json(value)) => Ok(Self(value)),
            Err(JsonRejection::JsonDataError(error)) => {
                // serde's words name the field and what was expected; the path is the part before the colon.
                let text = error.body_text();
                let text = text.split_once(": ").map_or(text.as_str(), |(_, rest)| rest);
                let (field, message) = text.split_once(": ").unwrap_or(("body", text));
                let (field, message) = if field.contains(' ') { ("body", text) } else { (field, message) };
                Err(Error::Validation(vec![Field { field: field.to_owned(), message: message.to_owned() }]))
            }
            Err(JsonRejection::JsonSyntaxError(_)) => {
                Err(Error::Body(StatusCode::BAD_REQUEST, "the body is not valid JSON".to_owned()))
            }
            Err(JsonRejection::MissingJsonContentType(_)) => Err(Error::Body(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "send JSON, with `content-type: application/json`".to_owned(),
            )),
            Err(other) if other.status() == StatusCode::PAYLOAD_TOO_LARGE => {
                let limit = state.config.limits.body_bytes;
                Err(Error::Body(other.status(), format!("the body is larger than {limit} bytes")))
            }
            Err(other) => Err(Error::Body(other.status(), "the body cannot be read".to_owned())),
        }
    }
}

/// A JSON body that may be left out: with its content type.
impl<T: DeserializeOwned> OptionalFromRequest<AppState> for Json<T> {
    type Rejection = Error;

    async fn from_request(request: Request, state: &AppState) -> Result<Option<Self>, Error> {
        if !request.headers().contains_key(CONTENT_TYPE) {
            return Ok(None);
        }
        <Self as FromRequest<AppState>>::from_request(request, state).await.map(Some)
    }
}

/// Parts of the path. What does not fit (a version that is no number) does not exist.
pub(crate) struct Path<T>(pub(crate) T);

impl<T: DeserializeOwned + Send> FromRequestParts<AppState> for Path<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Error> {
        match axum::extract::Path::<T>::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(value)) => Ok(Self(value)),
            Err(_) => Err(Error::NotFound("address")),
        }
    }
}

/// The query string.
pub(crate) struct Query<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequestParts<AppState> for Query<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Error> {
        match axum::extract::Query::<T>::from_request_parts(parts, state).await {
            Ok(axum::extract::Query(value)) => Ok(Self(value)),
            Err(error) => {
                let text = error.body_text();
                let text = text.rsplit_once("string: ").map_or(text.as_str(), |(_, rest)| rest);
                Err(Error::field("query", text))
            }
        }
    }
}
