//! Logins: an access token for minutes, a refresh token for weeks that is changed at every use.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::hmac;
use sha2::{Digest, Sha256};

use super::jwt::LIFE_S;
use super::signing;
use crate::error::Error;
use crate::state::AppState;
use crate::storage::logins::Rotation;

/// What a login gives and every refresh renews.
#[derive(Clone, Debug)]
pub(crate) struct Pair {
    pub(crate) access_token: String,
    /// Life of the access token in seconds.
    pub(crate) expires_in: u64,
    pub(crate) refresh_token: String,
}

/// Begins a login of a person who has shown who they are.
pub(crate) async fn login(state: &AppState, user_id: &str) -> Result<Pair, Error> {
    let refresh_token = format!("sr_{}", signing::random());
    let life = state.refresh_life_ms();
    let login_id = state.storage.create_login(user_id, &hash(&refresh_token), life).await?;
    pair(state, user_id, &login_id, refresh_token)
}

/// Changes a refresh token for the next pair. `client` tells two clients apart that hold the same token.
pub(crate) async fn refresh(state: &AppState, token: &str, client: &str) -> Result<Refreshed, Error> {
    if !token.starts_with("sr_") || token.len() > 128 {
        return Err(Error::Unauthenticated);
    }
    let next = successor(state, token);
    let client = hash(client);
    match state.storage.rotate(&hash(token), &hash(&next), &client, state.refresh_life_ms()).await? {
        Rotation::Next { user_id, login_id } => {
            // The person may have been locked out since.
            if state.storage.living_login(&login_id, &user_id).await?.is_none() {
                return Err(Error::Unauthenticated);
            }
            Ok(Refreshed::Pair(pair(state, &user_id, &login_id, next)?))
        }
        Rotation::Refused => Err(Error::Unauthenticated),
        Rotation::Reused { user_id } => Ok(Refreshed::Reused { user_id }),
    }
}

/// What came of a refresh token.
#[derive(Clone, Debug)]
pub(crate) enum Refreshed {
    Pair(Pair),
    /// It was used before: the login has ended, and someone should be told.
    Reused {
        user_id: String,
    },
}

/// The login that a refresh token belongs to has ended: by the token alone, so that logging out works with an
/// expired access token too.
pub(crate) async fn ended(state: &AppState, token: &str) -> Result<(), Error> {
    Ok(state.storage.revoke_login_of(&hash(token)).await?)
}

fn pair(state: &AppState, user_id: &str, login_id: &str, refresh_token: String) -> Result<Pair, Error> {
    let access_token = state.tokens.issue(user_id, login_id)?;
    Ok(Pair { access_token, expires_in: LIFE_S, refresh_token })
}

/// The token after `token`: computed, not drawn, so that a lost answer can be given again without keeping the
/// token itself.
fn successor(state: &AppState, token: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, state.signing_secret.expose().as_bytes());
    let tag = hmac::sign(&key, format!("refresh token after {token}").as_bytes());
    format!("sr_{}", URL_SAFE_NO_PAD.encode(tag))
}

/// A secret of 256 bits that begins with `prefix`, and its hash, which is what is kept.
pub(crate) fn new_secret(prefix: &str) -> (String, String) {
    let secret = format!("{prefix}{}", signing::random());
    let hash = hash(&secret);
    (secret, hash)
}

/// What is kept of a token: 256 random bits need no slow hash.
pub(crate) fn hash(token: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(token.as_bytes()))
}
