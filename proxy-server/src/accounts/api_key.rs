//! `sp_<id>_<secret>`: a public id to find the key by, and a secret of 256 bits of which a hash is kept.

use subtle::ConstantTimeEq;

use super::signing;
use super::tokens::hash;
use crate::error::Error;
use crate::state::AppState;
use crate::storage::api_keys::ApiKey;

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
    let Some(key) = state.storage.recent_api_key(id).await? else { return Ok(None) };
    if !bool::from(key.hash.as_bytes().ct_eq(hash(secret).as_bytes())) {
        return Ok(None);
    }
    state.storage.note_use_of_key(id);
    Ok(Some(key))
}
