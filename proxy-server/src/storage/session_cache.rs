//! Sessions that were read lately, so that most requests of a conversation need not ask the database.
//!
//! In the process beside SQLite, where nobody else writes; in Redis beside PostgreSQL, where several servers
//! do. PostgreSQL without Redis has no cache: another server could have written.
//!
//! A reader that has missed must not store what a writer has changed meanwhile. Each person's sessions have a
//! generation that every change moves on; a reader stores only under the generation that it started with.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::Duration;

use redis::Script;

use super::redis::Redis;
use super::sessions::Session;

/// How long an entry is kept at most.
const LIFE: Duration = Duration::from_mins(10);
/// Sessions that one process keeps: a few hundred bytes each.
const PLACES: u64 = 50_000;

/// The cache, and how often it helped. Cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct SessionCache {
    place: Place,
    hits: Arc<AtomicU64>,
    misses: Arc<AtomicU64>,
}

#[derive(Clone, Debug)]
enum Place {
    None,
    Local(Arc<Local>),
    Shared(Shared),
}

/// By person and session. The lock is held around look, compare and change: never while waiting.
#[derive(Debug)]
struct Local {
    entries: moka::sync::Cache<(String, String), Session>,
    generation: Mutex<u64>,
}

/// A Redis hash for each person: a field for each session, and the generation.
#[derive(Clone, Debug)]
struct Shared {
    redis: Redis,
    /// People whose entries could not be dropped while Redis was away.
    dirty: Arc<Mutex<BTreeSet<String>>>,
}

/// What a look into the cache gave.
pub(super) enum Found {
    /// The session.
    Hit(Session),
    /// Nothing; what is read now may be stored with this.
    Miss(Ticket),
}

/// The generation in which a reader missed; `None`: nothing can be stored.
pub(super) struct Ticket(Option<u64>);

/// Stores a field if the generation is still the reader's.
static STORE: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "if (redis.call('HGET', KEYS[1], 'generation') or '0') ~= ARGV[1] then return 0 end
         redis.call('HSET', KEYS[1], ARGV[2], ARGV[3])
         redis.call('EXPIRE', KEYS[1], ARGV[4])
         return 1",
    )
});

/// Puts a session as it is after a change, unless a later change was first, and moves the generation on.
static PUT: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "redis.call('HINCRBY', KEYS[1], 'generation', 1)
         redis.call('EXPIRE', KEYS[1], ARGV[4])
         local kept = redis.call('HGET', KEYS[1], ARGV[1])
         if kept and cjson.decode(kept).updated_at > tonumber(ARGV[3]) then return 0 end
         redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
         return 1",
    )
});

/// Drops all sessions of a person and moves the generation on.
static DROP: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "local generation = redis.call('HGET', KEYS[1], 'generation') or '0'
         redis.call('DEL', KEYS[1])
         redis.call('HSET', KEYS[1], 'generation', generation + 1)
         redis.call('EXPIRE', KEYS[1], ARGV[1])
         return 1",
    )
});

impl SessionCache {
    pub(super) fn none() -> Self {
        Self::at(Place::None)
    }

    pub(super) fn local() -> Self {
        let entries = moka::sync::Cache::builder()
            .max_capacity(PLACES)
            .time_to_live(LIFE)
            .support_invalidation_closures()
            .build();
        Self::at(Place::Local(Arc::new(Local { entries, generation: Mutex::new(0) })))
    }

    pub(super) fn shared(redis: Redis) -> Self {
        Self::at(Place::Shared(Shared { redis, dirty: Arc::default() }))
    }

    fn at(place: Place) -> Self {
        Self { place, hits: Arc::default(), misses: Arc::default() }
    }

    /// Looks found and missed since the start.
    pub(super) fn counts(&self) -> (u64, u64) {
        (self.hits.load(Ordering::Relaxed), self.misses.load(Ordering::Relaxed))
    }

    /// Looks a session of this person up.
    pub(super) async fn find(&self, user_id: &str, id: &str) -> Found {
        let found = match &self.place {
            Place::None => return Found::Miss(Ticket(None)),
            Place::Local(local) => {
                let generation = local.lock();
                match local.entries.get(&(user_id.to_owned(), id.to_owned())) {
                    Some(session) => Found::Hit(session),
                    None => Found::Miss(Ticket(Some(*generation))),
                }
            }
            Place::Shared(shared) => shared.find(user_id, id).await,
        };
        let counter = if matches!(found, Found::Hit(_)) { &self.hits } else { &self.misses };
        counter.fetch_add(1, Ordering::Relaxed);
        found
    }

    /// Stores what the database gave after a miss.
    pub(super) async fn store(&self, ticket: Ticket, session: &Session) {
        let Ticket(Some(seen)) = ticket else { return };
        match &self.place {
            Place::None => {}
            Place::Local(local) => {
                let generation = local.lock();
                if *generation == seen {
                    local.entries.insert((session.user_id.clone(), session.id.clone()), session.clone());
                }
            }
            Place::Shared(shared) => shared.store(seen, session).await,
        }
    }

    /// Keeps a session as it is after a change of it.
    pub(super) async fn put(&self, session: &Session) {
        match &self.place {
            Place::None => {}
            Place::Local(local) => {
                let mut generation = local.lock();
                *generation += 1;
                let key = (session.user_id.clone(), session.id.clone());
                let is_later =
                    local.entries.get(&key).is_none_or(|kept| kept.updated_at <= session.updated_at);
                if is_later {
                    local.entries.insert(key, session.clone());
                }
            }
            Place::Shared(shared) => shared.put(session).await,
        }
    }

    /// Forgets the sessions of people whose memberships have changed, or who have ended one.
    pub(super) async fn forget(&self, user_ids: &[String]) {
        match &self.place {
            Place::None => {}
            Place::Local(local) => {
                let mut generation = local.lock();
                *generation += 1;
                let gone: BTreeSet<String> = user_ids.iter().cloned().collect();
                // Fails only where closures are not supported.
                drop(local.entries.invalidate_entries_if(move |(user_id, _), _| gone.contains(user_id)));
            }
            Place::Shared(shared) => {
                for user_id in user_ids {
                    shared.forget(user_id).await;
                }
            }
        }
    }
}

impl Local {
    fn lock(&self) -> std::sync::MutexGuard<'_, u64> {
        self.generation.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Shared {
    fn key(&self, user_id: &str) -> String {
        self.redis.key("sessions", user_id)
    }

    fn dirty(&self) -> std::sync::MutexGuard<'_, BTreeSet<String>> {
        self.dirty.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn find(&self, user_id: &str, id: &str) -> Found {
        if self.dirty().contains(user_id) && !self.forget(user_id).await {
            return Found::Miss(Ticket(None));
        }
        let key = self.key(user_id);
        let looked = self.redis.ask(async |mut connection| {
            redis::cmd("HMGET")
                .arg(&key)
                .arg(id)
                .arg("generation")
                .query_async::<(Option<String>, Option<u64>)>(&mut connection)
                .await
        });
        match looked.await {
            None => Found::Miss(Ticket(None)),
            Some((text, generation)) => match text.and_then(|text| serde_json::from_str(&text).ok()) {
                Some(session) => Found::Hit(session),
                None => Found::Miss(Ticket(Some(generation.unwrap_or(0)))),
            },
        }
    }

    async fn store(&self, seen: u64, session: &Session) {
        let Ok(text) = serde_json::to_string(session) else { return };
        let mut call = STORE.key(self.key(&session.user_id));
        call.arg(seen).arg(&session.id).arg(text).arg(LIFE.as_secs());
        // What is not stored is read again.
        let _ = self.redis.ask(async |mut connection| call.invoke_async::<i64>(&mut connection).await).await;
    }

    async fn put(&self, session: &Session) {
        let Ok(text) = serde_json::to_string(session) else { return };
        let mut call = PUT.key(self.key(&session.user_id));
        call.arg(&session.id).arg(text).arg(session.updated_at).arg(LIFE.as_secs());
        let done =
            self.redis.ask(async |mut connection| call.invoke_async::<i64>(&mut connection).await).await;
        if done.is_none() {
            self.dirty().insert(session.user_id.clone());
        }
    }

    /// Whether it was done; if not, it is done before the next look.
    async fn forget(&self, user_id: &str) -> bool {
        let mut call = DROP.key(self.key(user_id));
        call.arg(LIFE.as_secs());
        let done =
            self.redis.ask(async |mut connection| call.invoke_async::<i64>(&mut connection).await).await;
        if done.is_some() {
            self.dirty().remove(user_id);
        } else {
            self.dirty().insert(user_id.to_owned());
        }
        done.is_some()
    }
}
