//! Whole answers kept for the same person asking the same again, where their client says so.
//!
//! Only answers that are not streams are kept, only whole ones, and only in memory.

use std::time::Duration;

use axum::http::HeaderMap;
use bytes::Bytes;
use moka::sync;
use sha2::{Digest, Sha256};

use super::dialect::Incoming;
use super::{Caller, Config, Dialect};

/// `on`: the client takes kept answers and lets its own be kept.
pub(super) const HEADER: &str = "x-relay-cache";

/// What names a request: whose it is and every byte that could change its answer.
pub(super) type Key = [u8; 32];

/// Kept answers.
pub(super) struct Cache(Option<sync::Cache<Key, Bytes>>);

impl Cache {
    pub(super) fn new(config: &Config) -> Self {
        let cache = || {
            sync::Cache::builder()
                .max_capacity(config.cache_bytes)
                .weigher(|_: &Key, body: &Bytes| u32::try_from(body.len() + 100).unwrap_or(u32::MAX))
                .time_to_live(Duration::from_millis(config.cache_ms))
                .build()
        };
        Self((config.cache_bytes > 0).then(cache))
    }

    pub(super) fn get(&self, key: &Key) -> Option<Bytes> {
        self.0.as_ref()?.get(key)
    }

    pub(super) fn keep(&self, key: Key, body: Bytes) {
        if let Some(cache) = &self.0 {
            cache.insert(key, body);
        }
    }
}

/// The key of a request whose client takes kept answers; `None`: it does not.
pub(super) fn key(
    caller: &Caller,
    dialect: Dialect,
    headers: &HeaderMap,
    incoming: &Incoming,
    body: &[u8],
) -> Option<Key> {
    if incoming.stream || caller.scope().is_empty() || headers.get(HEADER).is_none_or(|value| value != "on") {
        return None;
    }
    let mut hash = Sha256::new();
    // Each part with its length, so that no two requests can be cut to the same bytes.
    let mut part = |bytes: &[u8]| {
        hash.update((bytes.len() as u64).to_le_bytes());
        hash.update(bytes);
    };
    part(caller.scope().as_bytes());
    part(format!("{dialect:?}").as_bytes());
    for (name, value) in &incoming.headers {
        part(name.as_str().as_bytes());
        part(value.as_bytes());
    }
    part(body);
    Some(hash.finalize().into())
}
