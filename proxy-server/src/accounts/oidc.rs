//! Signing in with an OpenID Connect issuer: authorization code with PKCE, state and nonce.
//!
//! Between leaving and coming back, what must be remembered is in a cookie of the browser that left, signed by
//! us: any server of the installation can go on, and nobody else's browser can.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::http::HeaderMap;
use axum::http::header::COOKIE;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openidconnect::core::{CoreAuthenticationFlow, CoreClient, CoreProviderMetadata};
use openidconnect::{
    AuthorizationCode, ClientId, ClientSecret, CsrfToken, HttpRequest, HttpResponse, IssuerUrl, Nonce,
    PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope, TokenResponse,
};
use ring::hmac;
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;
use tokio::sync::Mutex;

use crate::config::OidcProvider;
use crate::error::Error;
use crate::outbound::{self, Outbound};
use crate::state::AppState;
use crate::time;

/// The prefix makes browsers insist on `Secure` and the whole host. `Lax`: the way back begins elsewhere.
pub(crate) const COOKIE_NAME: &str = "__Host-spandrel-oidc";
/// How long somebody may take at the issuer's.
pub(crate) const LIFE_S: u32 = 600;
/// An issuer's description and keys are good for so long,
const FRESH: Duration = Duration::from_mins(10);
/// and are asked for again because of an unknown key no sooner than this.
const ASK_AGAIN: Duration = Duration::from_secs(30);

/// What is remembered of the issuers, by the configuration that led there. Kept by the server's state.
#[derive(Debug, Default)]
pub(crate) struct Issuers(Mutex<HashMap<String, (Instant, Arc<CoreProviderMetadata>)>>);

/// What a browser remembers until it comes back.
#[derive(Serialize, Deserialize)]
struct Journey {
    provider: String,
    state: String,
    nonce: String,
    verifier: String,
    return_to: String,
    until: i64,
}

/// Where to send the browser, and the cookie that it takes along.
pub(crate) struct Departure {
    pub(crate) url: String,
    pub(crate) cookie: String,
}

/// Who came back.
pub(crate) struct Arrival {
    pub(crate) issuer: String,
    pub(crate) subject: String,
    /// Verified by the issuer.
    pub(crate) email: Option<String>,
    pub(crate) name: Option<String>,
    /// A path of ours.
    pub(crate) return_to: String,
}

/// Sends somebody to the issuer.
pub(crate) async fn depart(state: &AppState, name: &str, return_to: &str) -> Result<Departure, Error> {
    let provider = provider(state, name)?;
    let metadata = metadata(state, name, provider, false).await?;
    let client = CoreClient::from_provider_metadata(
        (*metadata).clone(),
        ClientId::new(provider.client_id.clone()),
        secret(provider),
    )
    .set_redirect_uri(redirect_url(state, name)?);
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let (url, csrf, nonce) = client
        .authorize_url(CoreAuthenticationFlow::AuthorizationCode, CsrfToken::new_random, Nonce::new_random)
        .add_scope(Scope::new("email".to_owned()))
        .add_scope(Scope::new("profile".to_owned()))
        .set_pkce_challenge(challenge)
        .url();
    let journey = Journey {
        provider: name.to_owned(),
        state: csrf.secret().clone(),
        nonce: nonce.secret().clone(),
        verifier: verifier.secret().clone(),
        return_to: our_path(return_to).to_owned(),
        until: time::now() + i64::from(LIFE_S) * 1000,
    };
    Ok(Departure { url: url.into(), cookie: seal(state, &journey)? })
}

/// Takes in somebody who comes back with a code.
pub(crate) async fn arrive(
    state: &AppState,
    name: &str,
    headers: &HeaderMap,
    code: &str,
    csrf: &str,
) -> Result<Arrival, Error> {
    let provider = provider(state, name)?;
    let journey = cookie(headers).and_then(|value| open(state, value)).ok_or(Error::SignInBroken)?;
    let is_ours = journey.provider == name
        && journey.until > time::now()
        && bool::from(journey.state.as_bytes().ct_eq(csrf.as_bytes()));
    if !is_ours {
        return Err(Error::SignInBroken);
    }
    let known = metadata(state, name, provider, false).await?;
    let client = CoreClient::from_provider_metadata(
        (*known).clone(),
        ClientId::new(provider.client_id.clone()),
        secret(provider),
    )
    .set_redirect_uri(redirect_url(state, name)?);
    let outbound = Outbound::new(provider.private_network);
    let http = |request: HttpRequest| fetch(outbound.clone(), request);
    let tokens = client
        .exchange_code(AuthorizationCode::new(code.to_owned()))
        .map_err(Error::internal)?
        .set_pkce_verifier(PkceCodeVerifier::new(journey.verifier))
        .request_async(&http)
        .await
        .map_err(|error| {
            tracing::info!(%error, provider = name, "a sign-in code was not accepted");
            Error::SignInBroken
        })?;
    let token = tokens.id_token().ok_or(Error::SignInBroken)?;
    let nonce = Nonce::new(journey.nonce);
    let claims = if let Ok(claims) = token.claims(&client.id_token_verifier(), &nonce) {
        claims.clone()
    } else {
        // The issuer may have changed its keys since we looked.
        let renewed = metadata(state, name, provider, true).await?;
        let id = ClientId::new(provider.client_id.clone());
        let client = CoreClient::from_provider_metadata((*renewed).clone(), id, secret(provider));
        let claims = token.claims(&client.id_token_verifier(), &nonce).map_err(|error| {
            tracing::warn!(%error, provider = name, "an identity token was refused");
            Error::SignInBroken
        });
        claims?.clone()
    };
    let verified = claims.email_verified() == Some(true);
    let name = claims.name().and_then(|names| names.get(None)).map(|name| name.as_str().to_owned());
    Ok(Arrival {
        issuer: provider.issuer.clone(),
        subject: claims.subject().as_str().to_owned(),
        email: claims.email().filter(|_| verified).and_then(|email| super::email(email.as_str())),
        name,
        return_to: journey.return_to,
    })
}

fn provider<'s>(state: &'s AppState, name: &str) -> Result<&'s OidcProvider, Error> {
    state.config.oidc.get(name).ok_or(Error::NotFound("provider"))
}

fn secret(provider: &OidcProvider) -> Option<ClientSecret> {
    let secret = &provider.client_secret;
    (!secret.is_empty()).then(|| ClientSecret::new(secret.expose().to_owned()))
}

fn redirect_url(state: &AppState, name: &str) -> Result<RedirectUrl, Error> {
    RedirectUrl::new(format!("{}/v1/auth/oidc/{name}/callback", state.public_url())).map_err(Error::internal)
}

/// What an issuer says of itself, with its keys; `anew`: whatever is remembered is not good enough.
async fn metadata(
    state: &AppState,
    name: &str,
    provider: &OidcProvider,
    anew: bool,
) -> Result<Arc<CoreProviderMetadata>, Error> {
    let key = format!("{name} {} {}", provider.issuer, provider.private_network);
    // One asks, the others wait for what it gets.
    let mut kept = state.issuers.0.lock().await;
    let age = if anew { ASK_AGAIN } else { FRESH };
    if let Some((at, metadata)) = kept.get(&key)
        && at.elapsed() < age
    {
        return Ok(Arc::clone(metadata));
    }
    let issuer = IssuerUrl::new(provider.issuer.clone()).map_err(Error::internal)?;
    let outbound = Outbound::new(provider.private_network);
    let http = |request: HttpRequest| fetch(outbound.clone(), request);
    match CoreProviderMetadata::discover_async(issuer, &http).await {
        Ok(metadata) => {
            let metadata = Arc::new(metadata);
            kept.insert(key, (Instant::now(), Arc::clone(&metadata)));
            Ok(metadata)
        }
        // What was known before is better than nothing.
        Err(error) => match kept.get(&key) {
            Some((_, metadata)) => Ok(Arc::clone(metadata)),
            None => Err(Error::Unavailable { retry_after_s: 5, cause: format!("issuer `{name}`: {error}") }),
        },
    }
}

async fn fetch(outbound: Outbound, request: HttpRequest) -> Result<HttpResponse, outbound::Error> {
    let cannot = |error: &dyn std::fmt::Display| outbound::Error::NoAnswer(error.to_string());
    let request = reqwest::Request::try_from(request).map_err(|error| cannot(&error))?;
    let answer = outbound.send(request).await?;
    let mut response = axum::http::Response::builder().status(answer.status);
    if let Some(headers) = response.headers_mut() {
        *headers = answer.headers;
    }
    response.body(answer.body.to_vec()).map_err(|error| cannot(&error))
}

/// A path of ours to go to afterwards; anything else becomes the front page.
fn our_path(path: &str) -> &str {
    let is_path = path.starts_with('/')
        && !path.starts_with("//")
        && !path.contains('\\')
        && path.len() <= 512
        && path.chars().all(|c| c.is_ascii_graphic());
    if is_path { path } else { "/" }
}

fn key(state: &AppState) -> hmac::Key {
    let secret = format!("oidc journey {}", state.signing_secret.expose());
    hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes())
}

fn seal(state: &AppState, journey: &Journey) -> Result<String, Error> {
    let text = URL_SAFE_NO_PAD.encode(serde_json::to_vec(journey).map_err(Error::internal)?);
    let tag = hmac::sign(&key(state), text.as_bytes());
    Ok(format!("{text}.{}", URL_SAFE_NO_PAD.encode(tag)))
}

fn open(state: &AppState, value: &str) -> Option<Journey> {
    let (text, tag) = value.split_once('.')?;
    let tag = URL_SAFE_NO_PAD.decode(tag).ok()?;
    hmac::verify(&key(state), text.as_bytes(), &tag).ok()?;
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).ok()?).ok()
}

fn cookie(headers: &HeaderMap) -> Option<&str> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .find_map(|pair| pair.trim().strip_prefix(COOKIE_NAME)?.strip_prefix('='))
}

#[cfg(test)]
mod tests {
    use super::our_path;

    #[test]
    fn only_our_own_paths_are_returned_to() {
        assert_eq!(our_path("/projects/ABC?x=1#y"), "/projects/ABC?x=1#y");
        for other in ["", "x", "//evil.example", "/\\evil.example", "https://evil.example", "/a\r\nb: c"] {
            assert_eq!(our_path(other), "/", "{other}");
        }
    }
}
