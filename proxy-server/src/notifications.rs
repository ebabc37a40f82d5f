//! Telling people: kept in the database, pushed to whoever is there.
//!
//! A socket keeps no queue. It is woken, reads from the database what is new since what it has sent, and
//! sends it: a slow reader costs no memory, a reconnecting one says where it was. Where another server may have
//! written (PostgreSQL), Redis carries the bell across; without it sockets look now and then by themselves.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::Value;
use tokio::sync::Notify;

use crate::state::AppState;
use crate::storage::projects::Project;

/// Sockets of one person at most.
const MAX_SOCKETS: usize = 10;

/// Where servers ring for each other: ids of people, with blanks between.
const CHANNEL: &str = "notifications";
/// After the connection broke.
const LISTEN_AGAIN: Duration = Duration::from_secs(1);

/// The people who are there.
#[derive(Debug, Default)]
pub(crate) struct Hub {
    people: Mutex<HashMap<String, Listeners>>,
    /// Whether other servers' bells are heard.
    hears: AtomicBool,
}

#[derive(Debug, Default)]
struct Listeners {
    bell: Arc<Notify>,
    sockets: usize,
}

/// One socket's place in the hub, for as long as it lives.
#[derive(Debug)]
pub(crate) struct Seat {
    state: AppState,
    user_id: String,
    /// Rings when there is something new.
    pub(crate) bell: Arc<Notify>,
}

impl Seat {
    /// A place for one more socket; `None`: this person has enough.
    pub(crate) fn take(state: &AppState, user_id: &str) -> Option<Self> {
        let mut people = state.hub.people.lock().unwrap_or_else(PoisonError::into_inner);
        let listeners = people.entry(user_id.to_owned()).or_default();
        if listeners.sockets >= MAX_SOCKETS {
            return None;
        }
        listeners.sockets += 1;
        let bell = Arc::clone(&listeners.bell);
        Some(Self { state: state.clone(), user_id: user_id.to_owned(), bell })
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut people = self.state.hub.people.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(listeners) = people.get_mut(&self.user_id) {
            listeners.sockets -= 1;
            if listeners.sockets == 0 {
                people.remove(&self.user_id);
            }
        }
    }
}

impl Hub {
    /// Whether other servers' bells are heard here now.
    pub(crate) fn is_connected(&self) -> bool {
        self.hears.load(Ordering::Relaxed)
    }

    fn hears(&self, hears: bool) {
        self.hears.store(hears, Ordering::Relaxed);
    }

    fn ring(&self, user_id: &str) {
        let people = self.people.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(listeners) = people.get(user_id) {
            listeners.bell.notify_waiters();
        }
    }
}

/// Tells people something. It is news, not part of what happened: where it fails, that stands.
pub(crate) async fn tell(state: &AppState, user_ids: &[String], kind: &str, message: &str, data: &Value) {
    let mut wanted = Vec::with_capacity(user_ids.len());
    for user_id in user_ids {
        // Where it cannot be known, nobody is left out.
        if state.flags(user_id).await.is_ok_and(|flags| !flags.enable_notifications) {
            continue;
        }
        wanted.push(user_id.clone());
    }
    let user_ids = wanted.as_slice();
    if user_ids.is_empty() {
        return;
    }
    if let Err(error) = state.storage.notify(user_ids, kind, message, &data.to_string()).await {
        tracing::warn!(%error, kind, "cannot keep a notification");
        return;
    }
    for user_id in user_ids {
        state.hub.ring(user_id);
    }
    if let Some(redis) = state.storage.redis() {
        redis.publish(CHANNEL, &user_ids.join(" ")).await;
    }
}

/// Rings for what other servers have written, as long as this one runs.
pub(crate) async fn listen(state: AppState) {
    let Some(redis) = state.storage.redis().cloned() else { return };
    loop {
        let listening = redis.listen(
            CHANNEL,
            || state.hub.hears(true),
            |user_ids| user_ids.split(' ').for_each(|user_id| state.hub.ring(user_id)),
        );
        tokio::select! {
            () = listening => {}
            () = state.shutdown.cancelled() => return,
        }
        state.hub.hears(false);
        tokio::time::sleep(LISTEN_AGAIN).await;
    }
}

/// Tells the other members of a project.
pub(crate) async fn tell_others(
    state: &AppState,
    project: &Project,
    actor_id: &str,
    kind: &str,
    message: &str,
    data: &Value,
) {
    match state.storage.members(&project.id).await {
        Ok(members) => {
            let others: Vec<String> =
                members.into_iter().map(|member| member.user_id).filter(|id| id != actor_id).collect();
            tell(state, &others, kind, message, data).await;
        }
        Err(error) => tracing::warn!(%error, kind, "cannot read a project's members"),
    }
}
