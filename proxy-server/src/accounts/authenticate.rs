//! From a request's credentials to a person.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use axum::extract::ConnectInfo;
use axum::http::Extensions;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;

use super::caller::{Caller, Means, Scope, Scopes};
use super::{api_key, local};
use crate::error::Error;
use crate::middleware::request_id;
use crate::state::AppState;
use crate::storage::identities::{Identity, Known};
use crate::storage::users::LOCAL_ID;
use crate::time;

/// The person behind a request; `Unauthenticated` where nobody is known.
pub(crate) async fn authenticate(parts: &Parts, state: &AppState) -> Result<Caller, Error> {
    // Credentials that are there must be right: nobody falls back to the local account by a typing error.
    if let Some(credential) = credential(parts)? {
        return if credential.starts_with("sp_") {
            by_api_key(state, credential).await
        } else {
            by_token(parts, state, credential).await
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

async fn by_token(parts: &Parts, state: &AppState, token: &str) -> Result<Caller, Error> {
    let Some(claims) = state.tokens.check(token) else {
        return by_outside_token(parts, state, token).await;
    };
    // The login is asked for each time: logging out and locking out work at once.
    let is_admin =
        state.storage.living_login(&claims.sid, &claims.sub).await?.ok_or(Error::Unauthenticated)?;
    Ok(Caller { user_id: claims.sub, is_admin, means: Means::Login(claims.sid), scopes: Scopes::ALL })
}

async fn by_outside_token(parts: &Parts, state: &AppState, token: &str) -> Result<Caller, Error> {
    let outside = state.outside().ok_or(Error::Unauthenticated)?;
    let outsider = outside.check(token).await?;
    let identity = Identity {
        issuer: &outsider.issuer,
        subject: &outsider.subject,
        email: outsider.email.as_deref(),
        name: outsider.name.as_deref().unwrap_or_default(),
    };
    let known = account_of(state, &parts.extensions, &identity).await?;
    if !known.is_active {
        return Err(Error::Unauthenticated);
    }
    let means = Means::Outside(outsider.until_s);
    Ok(Caller { user_id: known.user_id, is_admin: known.is_admin, means, scopes: Scopes::ALL })
}

/// The account of an identity that its issuer has vouched for; made where it is new here.
pub(crate) async fn account_of(
    state: &AppState,
    extensions: &Extensions,
    identity: &Identity<'_>,
) -> Result<Known, Error> {
    if let Some(known) = state.storage.identity(identity.issuer, identity.subject).await? {
        return Ok(known);
    }
    let from_email = || identity.email.and_then(|email| email.split('@').next()).unwrap_or("Somebody");
    let name: String = identity.name.trim().chars().filter(|c| !c.is_control()).take(100).collect();
    let name = if name.is_empty() { from_email() } else { &name };
    let adopted = state.storage.adopt(&Identity { name, ..identity.clone() }).await;
    if let Ok((user_id, was_there)) = &adopted {
        let action = if *was_there { "account.adopted" } else { "account.made" };
        audit(state, extensions, Some(user_id), action, &format!("{user_id} by {}", identity.issuer)).await;
    }
    match (state.storage.identity(identity.issuer, identity.subject).await?, adopted) {
        // Of two first requests at once one fails, and finds what the other has made.
        (Some(known), _) => Ok(known),
        (None, Err(error)) => Err(error.into()),
        (None, Ok(_)) => Err(Error::internal("an identity got no account")),
    }
}

async fn by_api_key(state: &AppState, text: &str) -> Result<Caller, Error> {
    let key = api_key::find(state, text).await?.ok_or(Error::Unauthenticated)?;
    let scopes = key.scopes.split(' ').filter_map(Scope::from_name).collect();
    // An admin's key works on their projects; looking after accounts needs the person.
    Ok(Caller { user_id: key.user_id, is_admin: false, means: Means::ApiKey(key.id), scopes })
}

/// How often long answers and sockets look whether their person may still be there.
const LOOK_EVERY: Duration = Duration::from_secs(3);

/// Whether the caller could come in now as they did.
pub(crate) async fn still_in(state: &AppState, caller: &Caller) -> bool {
    let living = match &caller.means {
        Means::Local => return true,
        Means::Login(login) => state.storage.living_login(login, &caller.user_id).await.map(|l| l.is_some()),
        Means::Outside(until_s) if time::now() / 1000 > i64::try_from(*until_s).unwrap_or(0) => return false,
        Means::Outside(_) => {
            state.storage.user(&caller.user_id).await.map(|u| u.is_some_and(|u| u.is_active))
        }
        Means::ApiKey(id) => state.storage.recent_api_key(id).await.map(|key| key.is_some()),
    };
    // A database that is away throws nobody out.
    living.unwrap_or(true)
}

/// Ends once the caller may not be there any more.
pub(crate) async fn login_ended(state: AppState, caller: Caller) {
    loop {
        tokio::time::sleep(LOOK_EVERY).await;
        if !still_in(&state, &caller).await {
            return;
        }
    }
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
