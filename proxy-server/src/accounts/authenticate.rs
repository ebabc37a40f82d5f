//! From a request's credentials to a person.

use std::net::{IpAddr, SocketAddr};

use axum::extract::ConnectInfo;
use axum::http::Extensions;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;

use super::caller::{Caller, Means, Scope, Scopes};
use super::{api_key, local};
use crate::error::Error;
use crate::middleware::request_id;
use crate::state::AppState;
use crate::storage::users::LOCAL_ID;

/// The person behind a request; `Unauthenticated` where nobody is known.
pub(crate) async fn authenticate(parts: &Parts, state: &AppState) -> Result<Caller, Error> {
    // Credentials that are there must be right: nobody falls back to the local account by a typing error.
    if let Some(credential) = credential(parts)? {
        return if credential.starts_with("sp_") {
            by_api_key(state, credential).await
        } else {
            by_access_token(state, credential).await
        };
    }
    if state.has_local_account() && local::is_local(parts, &state.config.server) {
        return Ok(Caller {
            user_id: LOCAL_ID.to_owned(),
            is_admin: true,
            means: Means::Local,
            scopes: Scopes::ALL,
        });
    }
    Err(Error::Unauthenticated)
}

/// What follows `Bearer`, or the value of `x-api-key`; not both, and neither twice.
fn credential(parts: &Parts) -> Result<Option<&str>, Error> {
    let mut values = parts.headers.get_all(AUTHORIZATION).iter().chain(parts.headers.get_all("x-api-key"));
    let Some(value) = values.next() else { return Ok(None) };
    if values.next().is_some() {
        return Err(Error::Unauthenticated);
    }
    let text = value.to_str().map_err(|_| Error::Unauthenticated)?;
    if !parts.headers.contains_key(AUTHORIZATION) {
        return Ok(Some(text));
    }
    let (scheme, credential) = text.split_once(' ').ok_or(Error::Unauthenticated)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(Error::Unauthenticated);
    }
    Ok(Some(credential.trim()))
}

async fn by_access_token(state: &AppState, token: &str) -> Result<Caller, Error> {
    let claims = state.tokens.check(token).ok_or(Error::Unauthenticated)?;
    // The login is asked for each time: logging out and locking out work at once.
    let is_admin =
        state.storage.living_login(&claims.sid, &claims.sub).await?.ok_or(Error::Unauthenticated)?;
    Ok(Caller { user_id: claims.sub, is_admin, means: Means::Login(claims.sid), scopes: Scopes::ALL })
}

async fn by_api_key(state: &AppState, text: &str) -> Result<Caller, Error> {
    let key = api_key::find(state, text).await?.ok_or(Error::Unauthenticated)?;
    let scopes = key.scopes.split(' ').filter_map(Scope::from_name).collect();
    // An admin's key works on their projects; looking after accounts needs the person.
    Ok(Caller { user_id: key.user_id, is_admin: false, means: Means::ApiKey(key.id), scopes })
}

/// The address that a request came from: of the socket, or the one that the outermost trusted proxy saw.
pub(crate) fn client_address(parts: &Parts, state: &AppState) -> IpAddr {
    let peer = parts
        .extensions
        .get::<ConnectInfo<SocketAddr>>()
        .map_or(IpAddr::from([0, 0, 0, 0]), |ConnectInfo(peer)| peer.ip());
    let hops = state.config.server.trusted_proxies as usize;
    if hops == 0 {
        return peer;
    }
    // Each proxy adds at the right what it saw: the one that counts is `hops` from there. What stands further
    // left was written by the client.
    let seen: Vec<&str> = parts
        .headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .collect();
    seen.len().checked_sub(hops).and_then(|index| seen[index].parse().ok()).unwrap_or(peer)
}

/// Writes down what happened to an account; a log that cannot be written stops nothing.
pub(crate) async fn audit(
    state: &AppState,
    extensions: &Extensions,
    actor: Option<&str>,
    action: &str,
    subject: &str,
) {
    let address = extensions.get::<IpAddr>().map(ToString::to_string).unwrap_or_default();
    // A subject may be what somebody typed: no line breaks, not too long.
    let subject: String = subject.chars().filter(|c| !c.is_control()).take(200).collect();
    let noted = state.storage.note(actor, action, &subject, &request_id::current(), &address).await;
    if let Err(error) = noted {
        tracing::error!(%error, action, "cannot write the audit log");
    }
}
