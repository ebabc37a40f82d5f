//! `sp_<id>_<secret>`: a public id to find the key by, and a secret of 256 bits of which a hash is kept.

use subtle::ConstantTimeEq;

use super::signing;
use super::tokens::hash;
use crate::error::Error;
use crate::state::AppState;
use crate::storage::api_keys::ApiKey;
use crate::time;

/// Uses of a key are noted once a minute.
const TOUCH_EVERY_MS: i64 = 60_000;

/// A key as it is shown once.
pub(crate) struct NewKey {
    pub(crate) id: String,
    /// The whole key.
    pub(crate) key: String,
    /// What is kept.
    pub(crate) hash: String,
}

impl NewKey {
    pub(crate) fn make() -> Self {
        // The id must not hold the separator.
        let id = format!("{:016x}", rand::random::<u64>());
        let secret = signing::random();
        Self { key: format!("sp_{id}_{secret}"), hash: hash(&secret), id }
    }
}

/// The living key that `text` is.
pub(super) async fn find(state: &AppState, text: &str) -> Result<Option<ApiKey>, Error> {
    let Some((id, secret)) = text.strip_prefix("sp_").and_then(|rest| rest.split_once('_')) else {
        return Ok(None);
    };
    if id.len() != 16 || secret.len() != 43 {
        return Ok(None);
    }
    let Some(key) = state.storage.living_api_key(id).await? else { return Ok(None) };
    if !bool::from(key.hash.as_bytes().ct_eq(hash(secret).as_bytes())) {
        return Ok(None);
    }
    let now = time::now();
    if key.last_used_at.is_none_or(|at| now - at > TOUCH_EVERY_MS) {
        // A note, not a condition: a database that cannot write serves reads on.
        if let Err(error) = state.storage.touch_api_key(id).await {
            tracing::debug!(%error, "cannot note the use of a key");
        }
    }
    Ok(Some(key))
}
