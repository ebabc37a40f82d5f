//! Tickets: what a page presents when it opens a socket, where it can send no header.

use super::caller::{Caller, Means, Scopes};
use super::signing;
use super::tokens::hash;
use crate::error::Error;
use crate::state::AppState;
use crate::storage::users::LOCAL_ID;

/// Life of a ticket.
const LIFE_S: u64 = 30;

/// In the place of a login: until when the other issuer's token is good. No login's id begins like this.
const OUTSIDE: &str = "outside until ";

/// A ticket for one socket of `caller`, and its life in seconds.
pub(crate) async fn new_ticket(state: &AppState, caller: &Caller) -> Result<(String, u64), Error> {
    let login = match &caller.means {
        Means::Local => String::new(),
        Means::Login(login) => login.clone(),
        Means::Outside(until_s) => format!("{OUTSIDE}{until_s}"),
        Means::ApiKey(_) => return Err(Error::NotAllowed("an API key needs no ticket: send it in a header")),
    };
    let ticket = signing::random();
    let life_ms = i64::try_from(LIFE_S * 1000).unwrap_or(0);
    state.storage.create_ticket(&hash(&ticket), &caller.user_id, &login, life_ms).await?;
    Ok((ticket, LIFE_S))
}

/// The caller that a ticket was made for, if it is good; it is not afterwards.
pub(crate) async fn take_ticket(state: &AppState, ticket: &str) -> Result<Option<Caller>, Error> {
    let Some((user_id, login)) = state.storage.take_ticket(&hash(ticket)).await? else { return Ok(None) };
    if login.is_empty() {
        // Got by the person at the keyboard: good while there is one.
        let local = state.has_local_account() && user_id == LOCAL_ID;
        return Ok(local.then_some(Caller {
            user_id,
            is_admin: true,
            means: Means::Local,
            scopes: Scopes::ALL,
        }));
    }
    if let Some(until_s) = login.strip_prefix(OUTSIDE).and_then(|until_s| until_s.parse().ok()) {
        let user = state.storage.user(&user_id).await?.filter(|user| user.is_active);
        let means = Means::Outside(until_s);
        return Ok(user.map(|user| Caller { user_id, is_admin: user.is_admin, means, scopes: Scopes::ALL }));
    }
    let Some(is_admin) = state.storage.living_login(&login, &user_id).await? else { return Ok(None) };
    Ok(Some(Caller { user_id, is_admin, means: Means::Login(login), scopes: Scopes::ALL }))
}
