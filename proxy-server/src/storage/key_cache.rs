//! API keys that were used lately, so that a program that calls often does not ask the database each time.
//!
//! In this process, for [`LIFE`] at most: a key that another server takes away works on here for so long, one that
//! this server takes away works no more at once. Only what the database holds is kept, hashes of secrets among it;
//! whoever uses an entry still compares the hash and the expiry.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::api_keys::ApiKey;

/// How long an entry is kept, and so how late another server's change is seen.
const LIFE: Duration = Duration::from_secs(2);
/// Uses of a key are noted so often.
const NOTE_EVERY: Duration = Duration::from_mins(1);
/// Keys that one process keeps.
const PLACES: u64 = 10_000;

/// Living keys by their id. Cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct KeyCache {
    /// With the generation in which it was read.
    entries: moka::sync::Cache<String, (u64, ApiKey)>,
    /// Keys whose use was noted lately.
    noted: moka::sync::Cache<String, ()>,
    /// Moved on by every change: what was read in an earlier one is not believed.
    generation: Arc<AtomicU64>,
}

impl KeyCache {
    pub(super) fn new() -> Self {
        let entries = moka::sync::Cache::builder().max_capacity(PLACES).time_to_live(LIFE).build();
        let noted = moka::sync::Cache::builder().max_capacity(PLACES).time_to_live(NOTE_EVERY).build();
        Self { entries, noted, generation: Arc::default() }
    }

    /// The key, or the generation under which it may be kept once it was read.
    pub(super) fn find(&self, id: &str) -> Result<ApiKey, u64> {
        let generation = self.generation.load(Ordering::SeqCst);
        self.entries
            .get(id)
            .filter(|(read_in, _)| *read_in == generation)
            .map(|(_, key)| key)
            .ok_or(generation)
    }

    /// Keeps what the database gave to a reader of this generation.
    pub(super) fn keep(&self, seen: u64, key: &ApiKey) {
        self.entries.insert(key.id.clone(), (seen, key.clone()));
    }

    /// Forgets all: some were taken away, or their person was locked out. That is rare, and reading again is cheap.
    pub(super) fn forget(&self) {
        self.generation.fetch_add(1, Ordering::SeqCst);
    }

    /// Whether this use is the one of its minute that is written down.
    pub(super) fn is_use_to_note(&self, id: &str) -> bool {
        self.noted.entry_by_ref(id).or_insert(()).is_fresh()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> ApiKey {
        ApiKey {
            id: "k".to_owned(),
            user_id: "u".to_owned(),
            name: String::new(),
            hash: String::new(),
            scopes: String::new(),
            created_at: 0,
            expires_at: None,
            last_used_at: None,
        }
    }

    #[test]
    fn a_key_that_was_read_before_a_change_is_not_kept_after_it() {
        let cache = KeyCache::new();
        let seen = cache.find("k").unwrap_err();
        cache.keep(seen, &key());
        assert_eq!(cache.find("k").unwrap().user_id, "u");
        cache.forget();
        cache.keep(seen, &key());
        let seen = cache.find("k").unwrap_err();
        cache.keep(seen, &key());
        assert!(cache.find("k").is_ok());
    }

    #[test]
    fn a_use_is_noted_once_in_its_minute() {
        let cache = KeyCache::new();
        assert_eq!(["k", "k", "l"].map(|id| cache.is_use_to_note(id)), [true, false, true]);
    }
}
