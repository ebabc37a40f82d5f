//! `/v1/auth`: signing up, in and out.
//!
//! The refresh token comes in the answer's body, or, where the login asks for it, in a cookie that scripts
//! cannot read; the routes that take the cookie refuse pages of other origins.

use std::net::IpAddr;

use axum::extract::State;
use axum::http::header::{COOKIE, ORIGIN, SET_COOKIE, USER_AGENT};
use axum::http::{Extensions, HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::extract::Json;
use crate::accounts::{self, Caller, Pair, Refreshed, audit, check_password};
use crate::error::{self, Error, Field};
use crate::state::AppState;

/// Name of the refresh cookie; the prefix makes browsers insist on `Secure` and the whole host.
const COOKIE_NAME: &str = "__Host-spandrel-refresh";

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(register))
        .routes(routes!(login))
        .routes(routes!(refresh))
        .routes(routes!(logout))
        .routes(routes!(password))
}

/// A new account.
#[derive(Deserialize, ToSchema)]
struct Register {
    email: String,
    /// 10 to 128 characters that are hard to guess.
    #[schema(min_length = 10, max_length = 128)]
    password: String,
    /// Shown to others; the part before the `@` when absent.
    #[schema(max_length = 100)]
    name: Option<String>,
}

/// Who wants to come in.
#[derive(Deserialize, ToSchema)]
struct Login {
    email: String,
    password: String,
    /// Give the refresh token in a cookie instead of the body.
    #[serde(default)]
    cookie: bool,
}

/// The token to renew or to end; from the cookie when absent.
#[derive(Default, Deserialize, ToSchema)]
struct RefreshToken {
    refresh_token: Option<String>,
}

/// Another password.
#[derive(Deserialize, ToSchema)]
struct Password {
    current: String,
    /// 10 to 128 characters that are hard to guess.
    #[schema(min_length = 10, max_length = 128)]
    new: String,
}

/// What a login gives.
#[derive(Serialize, ToSchema)]
struct Tokens {
    access_token: String,
    /// `Bearer`.
    token_type: &'static str,
    /// Life of the access token in seconds.
    expires_in: u64,
    /// Works once; absent where it is in the cookie.
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
}

/// What became of a registration.
#[derive(Serialize, ToSchema)]
struct Registered {
    message: &'static str,
}

/// Makes an account. The answer is the same whether the address was free or not.
#[utoipa::path(post, path = "/v1/auth/register", tag = "accounts", request_body = Register, responses(
    (status = 202, description = "if the address was free, the account is there now", body = Registered),
    (status = 404, description = "registration is switched off", body = error::Body),
    (status = 422, body = error::Body), (status = 429, body = error::Body)))]
async fn register(
    State(state): State<AppState>,
    extensions: Extensions,
    Json(body): Json<Register>,
) -> Result<(StatusCode, axum::Json<Registered>), Error> {
    if !state.config.accounts.registration {
        return Err(Error::SwitchedOff("registration"));
    }
    let mut fields = Vec::new();
    let wrong = |field: &str, message: &str| Field { field: field.to_owned(), message: message.to_owned() };
    let email = accounts::email(&body.email);
    if email.is_none() {
        fields.push(wrong("email", "it is not an address"));
    }
    let email = email.unwrap_or_default();
    if let Some(message) = check_password(&body.password, &email) {
        fields.push(wrong("password", message));
    }
    let name = body.name.as_deref().map(str::trim).filter(|name| !name.is_empty());
    if name.is_some_and(|name| name.chars().count() > 100) {
        fields.push(wrong("name", "it has at most 100 characters"));
    }
    if !fields.is_empty() {
        return Err(Error::Validation(fields));
    }
    // Hashed in either case: the time tells nothing.
    let hash = state.passwords.hash(&body.password).await?;
    let name = name.unwrap_or_else(|| email.split('@').next().unwrap_or_default());
    if let Some(id) = state.storage.create_user(&email, name, Some(&hash), false).await? {
        audit(&state, &extensions, Some(&id), "account.made", &id).await;
    }
    let message = "if the address was free, the account is there now: sign in";
    Ok((StatusCode::ACCEPTED, axum::Json(Registered { message })))
}

/// Signs in.
#[utoipa::path(post, path = "/v1/auth/login", tag = "accounts", request_body = Login, responses(
    (status = 200, description = "the tokens", body = Tokens),
    (status = 401, description = "address and password do not belong together", body = error::Body),
    (status = 422, body = error::Body), (status = 429, body = error::Body)))]
async fn login(
    State(state): State<AppState>,
    headers: HeaderMap,
    extensions: Extensions,
    Json(body): Json<Login>,
) -> Result<Response, Error> {
    if body.cookie {
        same_origin(&headers)?;
    }
    let email = accounts::email(&body.email).unwrap_or_default();
    state.rates.login_account(&email).await?;
    let address = extensions.get::<IpAddr>().copied().unwrap_or(IpAddr::from([0, 0, 0, 0]));
    state.rates.password_try(&email, address).await?;
    let found = state.storage.user_by_email(&email).await?;
    let hash = found.as_ref().and_then(|(_, hash)| hash.as_deref());
    let fits = state.passwords.verify(&body.password, hash).await?;
    state.rates.password_was(&email, address, fits).await;
    match found {
        Some((user, _)) if fits && user.is_active => {
            let pair = accounts::login(&state, &user.id).await?;
            audit(&state, &extensions, Some(&user.id), "login", &user.id).await;
            answer(pair, body.cookie)
        }
        _ => {
            audit(&state, &extensions, None, "login.failed", &email).await;
            Err(Error::WrongCredentials)
        }
    }
}

/// Changes a refresh token for new tokens. Using one twice ends the login.
#[utoipa::path(post, path = "/v1/auth/refresh", tag = "accounts", request_body = RefreshToken, responses(
    (status = 200, description = "the next tokens", body = Tokens),
    (status = 401, description = "the token is unknown, over or used", body = error::Body),
    (status = 422, body = error::Body), (status = 429, body = error::Body)))]
async fn refresh(
    State(state): State<AppState>,
    headers: HeaderMap,
    extensions: Extensions,
    Json(body): Json<RefreshToken>,
) -> Result<Response, Error> {
    let (token, from_cookie) = token(&headers, body)?;
    let agent = headers.get(USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let address = extensions.get::<IpAddr>().map(ToString::to_string).unwrap_or_default();
    match accounts::refresh(&state, &token, &format!("{address} {agent}")).await? {
        Refreshed::Pair(pair) => answer(pair, from_cookie),
        Refreshed::Reused { user_id } => {
            tracing::warn!(user_id, "a refresh token was used twice; its login has ended");
            audit(&state, &extensions, Some(&user_id), "token.reused", &user_id).await;
            Err(Error::Unauthenticated)
        }
    }
}

/// Ends a login: its refresh token and its access tokens stop working.
#[utoipa::path(post, path = "/v1/auth/logout", tag = "accounts", request_body = RefreshToken, responses(
    (status = 204, description = "it has ended, or there was none"),
    (status = 401, description = "no token was sent", body = error::Body),
    (status = 422, body = error::Body)))]
async fn logout(
    State(state): State<AppState>,
    headers: HeaderMap,
    Json(body): Json<RefreshToken>,
) -> Result<Response, Error> {
    let (token, _) = token(&headers, body)?;
    accounts::ended(&state, &token).await?;
    let mut response = StatusCode::NO_CONTENT.into_response();
    set_cookie(&mut response, "", 0)?;
    Ok(response)
}

/// Changes the caller's password and ends all their logins; the answer begins a new one.
#[utoipa::path(post, path = "/v1/auth/password", tag = "accounts", request_body = Password, responses(
    (status = 200, description = "the tokens of a new login", body = Tokens),
    (status = 401, description = "the current password is wrong", body = error::Body),
    (status = 403, body = error::Body), (status = 422, body = error::Body), (status = 429, body = error::Body)))]
async fn password(
    State(state): State<AppState>,
    caller: Caller,
    extensions: Extensions,
    Json(body): Json<Password>,
) -> Result<Response, Error> {
    let user = state.storage.user(&caller.user_id).await?.ok_or(Error::Unauthenticated)?;
    let Some(email) = user.email else {
        return Err(Error::NotAllowed("the local account has no password"));
    };
    // A stolen token must not be good for guessing.
    state.rates.login_account(&email).await?;
    let hash = state.storage.password_hash(&user.id).await?;
    if !state.passwords.verify(&body.current, hash.as_deref()).await? {
        return Err(Error::WrongCredentials);
    }
    if let Some(message) = check_password(&body.new, &email) {
        return Err(Error::field("new", message));
    }
    let hash = state.passwords.hash(&body.new).await?;
    state.storage.set_password(&user.id, &hash).await?;
    audit(&state, &extensions, Some(&user.id), "password.changed", &user.id).await;
    answer(accounts::login(&state, &user.id).await?, false)
}

fn answer(pair: Pair, in_cookie: bool) -> Result<Response, Error> {
    let Pair { access_token, expires_in, refresh_token } = pair;
    let shown = (!in_cookie).then(|| refresh_token.clone());
    let body = Tokens { access_token, token_type: "Bearer", expires_in, refresh_token: shown };
    let mut response = axum::Json(body).into_response();
    if in_cookie {
        set_refresh_cookie(&mut response, &refresh_token)?;
    }
    Ok(response)
}

/// Gives a browser its refresh token.
pub(super) fn set_refresh_cookie(response: &mut Response, token: &str) -> Result<(), Error> {
    // The token itself knows when it ends; the cookie may stay a year.
    set_cookie(response, token, 31_536_000)
}

fn set_cookie(response: &mut Response, value: &str, max_age_s: u32) -> Result<(), Error> {
    let cookie =
        format!("{COOKIE_NAME}={value}; Path=/; Max-Age={max_age_s}; Secure; HttpOnly; SameSite=Strict");
    let mut value = HeaderValue::from_str(&cookie).map_err(Error::internal)?;
    value.set_sensitive(true);
    response.headers_mut().append(SET_COOKIE, value);
    Ok(())
}

/// The token of the body, or of the cookie; and whether it was the cookie's.
fn token(headers: &HeaderMap, body: RefreshToken) -> Result<(String, bool), Error> {
    if let Some(token) = body.refresh_token {
        return Ok((token, false));
    }
    let cookie = headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .find_map(|pair| pair.trim().strip_prefix(COOKIE_NAME)?.strip_prefix('='))
        .filter(|token| !token.is_empty())
        .ok_or(Error::Unauthenticated)?;
    same_origin(headers)?;
    Ok((cookie.to_owned(), true))
}

/// Refuses requests that a page of another origin has sent. The body's JSON type keeps plain forms out.
fn same_origin(headers: &HeaderMap) -> Result<(), Error> {
    let foreign_site = headers
        .get("sec-fetch-site")
        .is_some_and(|site| !matches!(site.as_bytes(), b"same-origin" | b"none"));
    let host = headers.get("host").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let foreign_origin = headers.get(ORIGIN).is_some_and(|origin| {
        origin.to_str().ok().and_then(|origin| origin.split_once("://")).is_none_or(|(_, own)| own != host)
    });
    if foreign_site || foreign_origin {
        return Err(Error::NotAllowed("pages of other origins cannot use this cookie"));
    }
    Ok(())
}
