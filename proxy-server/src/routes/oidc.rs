//! `/v1/auth/oidc`: signing in with another issuer. These are pages for browsers: they answer with redirects.

use axum::extract::State;
use axum::http::header::{ACCEPT, CACHE_CONTROL, LOCATION, SET_COOKIE};
use axum::http::{Extensions, HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::auth;
use super::extract::{Path, Query};
use crate::accounts::{self, audit, oidc};
use crate::error::{self, Error};
use crate::state::AppState;
use crate::storage::identities::Identity;

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(start)).routes(routes!(callback))
}

/// An issuer that people can sign in with.
#[derive(Serialize, ToSchema)]
struct Provider {
    /// As in the addresses.
    name: String,
    /// For people.
    title: String,
}

/// The issuers of this server.
#[derive(Serialize, ToSchema)]
struct Providers {
    data: Vec<Provider>,
}

#[derive(Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
struct Start {
    /// Path of the page to come back to.
    return_to: Option<String>,
}

#[derive(Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
struct Callback {
    code: Option<String>,
    state: Option<String>,
    /// What the issuer says where nothing came of it.
    error: Option<String>,
}

/// The issuers that people can sign in with here.
#[utoipa::path(get, path = "/v1/auth/oidc", tag = "accounts", responses(
    (status = 200, description = "perhaps none", body = Providers), (status = 429, body = error::Body)))]
async fn list(State(state): State<AppState>) -> axum::Json<Providers> {
    let title = |name: &String, title: &String| if title.is_empty() { name.clone() } else { title.clone() };
    let provider = |(name, provider): (&String, &crate::config::OidcProvider)| Provider {
        name: name.clone(),
        title: title(name, &provider.title),
    };
    axum::Json(Providers { data: state.config.oidc.iter().map(provider).collect() })
}

/// Sends the browser to the issuer.
#[utoipa::path(get, path = "/v1/auth/oidc/{provider}/start", tag = "accounts",
    params(("provider" = String, Path, description = "name of the issuer"), Start), responses(
    (status = 303, description = "to the issuer"), (status = 404, body = error::Body),
    (status = 422, body = error::Body), (status = 429, body = error::Body),
    (status = 503, description = "the issuer does not answer", body = error::Body)))]
async fn start(
    State(state): State<AppState>,
    Path(name): Path<String>,
    Query(query): Query<Start>,
) -> Result<Response, Error> {
    let departure = oidc::depart(&state, &name, query.return_to.as_deref().unwrap_or("/")).await?;
    let mut response = to(&departure.url)?;
    remember(&mut response, &departure.cookie, oidc::LIFE_S)?;
    Ok(response)
}

/// Where the issuer sends the browser back to. The refresh token comes in a cookie; the page that follows asks
/// `/v1/auth/refresh` for an access token.
#[utoipa::path(get, path = "/v1/auth/oidc/{provider}/callback", tag = "accounts",
    params(("provider" = String, Path, description = "name of the issuer"), Callback), responses(
    (status = 303, description = "signed in; to the page where it began"),
    (status = 400, description = "the sign-in was not completed", body = error::Body),
    (status = 404, body = error::Body), (status = 422, body = error::Body), (status = 429, body = error::Body),
    (status = 503, description = "the issuer does not answer", body = error::Body)))]
async fn callback(
    State(state): State<AppState>,
    headers: HeaderMap,
    extensions: Extensions,
    Path(name): Path<String>,
    Query(query): Query<Callback>,
) -> Result<Response, Error> {
    let mut response = match finish(&state, &headers, &extensions, &name, query).await {
        Ok(response) => response,
        // A person sees the app say it, a program the usual shape.
        Err(Error::SignInBroken) if is_page(&headers) => to("/?sign_in=failed")?,
        Err(error) => error.into_response(),
    };
    remember(&mut response, "", 0)?;
    Ok(response)
}

async fn finish(
    state: &AppState,
    headers: &HeaderMap,
    extensions: &Extensions,
    name: &str,
    query: Callback,
) -> Result<Response, Error> {
    if query.error.is_some() {
        return Err(Error::SignInBroken);
    }
    let (Some(code), Some(csrf)) = (query.code, query.state) else { return Err(Error::SignInBroken) };
    let arrival = oidc::arrive(state, name, headers, &code, &csrf).await?;
    let user_id = account(state, extensions, &arrival).await?;
    let pair = accounts::login(state, &user_id).await?;
    audit(state, extensions, Some(&user_id), "login", &format!("{user_id} with {name}")).await;
    let mut response = to(&arrival.return_to)?;
    auth::set_refresh_cookie(&mut response, &pair.refresh_token)?;
    Ok(response)
}

/// The account of who arrived, made or found at the first time.
async fn account(
    state: &AppState,
    extensions: &Extensions,
    arrival: &oidc::Arrival,
) -> Result<String, Error> {
    let name = arrival.name.as_deref().unwrap_or_default();
    let identity = Identity {
        issuer: &arrival.issuer,
        subject: &arrival.subject,
        email: arrival.email.as_deref(),
        name,
    };
    let known = accounts::account_of(state, extensions, &identity).await?;
    if known.is_active { Ok(known.user_id) } else { Err(Error::SignInBroken) }
}

fn is_page(headers: &HeaderMap) -> bool {
    headers.get(ACCEPT).and_then(|value| value.to_str().ok()).is_some_and(|value| value.contains("text/html"))
}

fn to(url: &str) -> Result<Response, Error> {
    let mut response = StatusCode::SEE_OTHER.into_response();
    let headers = response.headers_mut();
    headers.insert(LOCATION, HeaderValue::from_str(url).map_err(Error::internal)?);
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

fn remember(response: &mut Response, value: &str, max_age_s: u32) -> Result<(), Error> {
    let name = oidc::COOKIE_NAME;
    let cookie = format!("{name}={value}; Path=/; Max-Age={max_age_s}; Secure; HttpOnly; SameSite=Lax");
    let mut value = HeaderValue::from_str(&cookie).map_err(Error::internal)?;
    value.set_sensitive(true);
    response.headers_mut().append(SET_COOKIE, value);
    Ok(())
}
