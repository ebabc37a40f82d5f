//! Telling people: kept in the database, handed to whoever is there.
//!
//! What is told is first written down, then handed from memory to the sockets of its people, written out as JSON
//! once for all sockets of a person. A socket keeps no queue of its own: it sees the last [`KEPT`] calls of its
//! person, and where it was too slow for them it reads from the database what is new since what it has sent. So a slow
//! reader costs no memory, and a reconnecting one says where it was. Where another server may have written
//! (PostgreSQL), Redis carries the bell across; without it sockets look now and then by themselves.

mod talk;

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::extract::ws::Utf8Bytes;
use serde::Serialize;
use serde_json::Value;
use tokio::sync::{broadcast, mpsc};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::state::AppState;
use crate::storage::projects::Project;
use crate::time::Millis;
use crate::{ids, storage, time};

pub(crate) use talk::talk;

/// Sockets of one person at most.
const MAX_SOCKETS: usize = 10;
/// Calls that a person's sockets may be behind before they read the database instead.
const KEPT: usize = 16;

/// What is told while so much waits to be handed out is read from the database instead.
const POSTS: usize = 256;
/// After so many sockets the one who hands out lets requests go first: news may take a moment, a person who
/// waits for an answer should not wait for a thousand sockets.
const AT_ONCE: usize = 20;
const BREATH: Duration = Duration::from_millis(1);

/// Where servers ring for each other: the name of the one that rings and ids of people, with blanks between.
const CHANNEL: &str = "notifications";
/// After the connection broke.
const LISTEN_AGAIN: Duration = Duration::from_secs(1);

/// One thing that a person should know.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Notification {
    id: String,
    /// What it is about, as `version.saved`.
    kind: String,
    message: String,
    #[schema(value_type = Object)]
    data: Value,
    created_at: String,
    is_read: bool,
}

impl From<storage::notifications::Notification> for Notification {
    fn from(kept: storage::notifications::Notification) -> Self {
        Self {
            id: kept.id,
            kind: kept.kind,
            message: kept.message,
            data: serde_json::from_str(&kept.data).unwrap_or_default(),
            created_at: time::show(kept.created_at),
            is_read: kept.read_at.is_some(),
        }
    }
}

/// A notification on its way to one person's sockets.
#[derive(Clone, Debug)]
struct News {
    id: Uuid,
    created_at: Millis,
    /// As it is sent; shared.
    text: Utf8Bytes,
}

impl News {
    /// `None`: it has no id of ours.
    fn new(created_at: Millis, told: &Notification) -> Option<Self> {
        let text = serde_json::to_string(told).ok()?;
        Some(Self { id: Uuid::parse_str(&told.id).ok()?, created_at, text: text.into() })
    }
}

/// What a person's sockets hear.
#[derive(Clone, Debug)]
enum Call {
    /// This is new.
    News(News),
    /// Something is new, and stands in the database.
    Look,
}

/// One thing to be told to several people, written down already.
#[derive(Debug)]
struct Post {
    /// Ids of the people, and of what is kept for each.
    to: Vec<(String, String)>,
    kind: String,
    message: String,
    data: Value,
    created_at: Millis,
}

impl Post {
    fn news(&self, id: &str) -> Option<News> {
        let told = Notification {
            id: id.to_owned(),
            kind: self.kind.clone(),
            message: self.message.clone(),
            data: self.data.clone(),
            created_at: time::show(self.created_at),
            is_read: false,
        };
        News::new(self.created_at, &told)
    }
}

/// The people who are there.
#[derive(Debug, Default)]
struct People(Mutex<HashMap<String, Listeners>>);

#[derive(Debug)]
struct Listeners {
    calls: broadcast::Sender<Call>,
    sockets: usize,
}

impl People {
    fn sit_down(&self, user_id: &str) -> Option<broadcast::Receiver<Call>> {
        let mut people = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let listeners = people
            .entry(user_id.to_owned())
            .or_insert_with(|| Listeners { calls: broadcast::Sender::new(KEPT), sockets: 0 });
        if listeners.sockets >= MAX_SOCKETS {
            return None;
        }
        listeners.sockets += 1;
        Some(listeners.calls.subscribe())
    }

    fn stand_up(&self, user_id: &str) {
        let mut people = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(listeners) = people.get_mut(user_id) {
            listeners.sockets -= 1;
            if listeners.sockets == 0 {
                people.remove(user_id);
            }
        }
    }

    /// The way to a person's sockets; `None`: they are not there.
    fn calls(&self, user_id: &str) -> Option<broadcast::Sender<Call>> {
        let people = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        people.get(user_id).map(|listeners| listeners.calls.clone())
    }

    /// Tells a person's sockets to read the database.
    fn ring(&self, user_id: &str) {
        if let Some(calls) = self.calls(user_id) {
            // Fails when the last one leaves right now.
            let _ = calls.send(Call::Look);
        }
    }
}

/// One socket's place among its person's, for as long as it lives.
#[derive(Debug)]
pub(crate) struct Seat {
    people: Arc<People>,
    user_id: String,
    calls: broadcast::Receiver<Call>,
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.people.stand_up(&self.user_id);
    }
}

/// Hands out what is told on this server.
#[derive(Debug)]
pub(crate) struct Hub {
    /// Tells this server's own bells from those of others.
    name: String,
    people: Arc<People>,
    posts: mpsc::Sender<Post>,
    /// Whether other servers' bells are heard.
    hears: AtomicBool,
}

impl Hub {
    /// Begins to hand out; ends with what is returned.
    pub(crate) fn open() -> Self {
        let (posts, waiting) = mpsc::channel(POSTS);
        let people = Arc::<People>::default();
        tokio::spawn(hand_out(Arc::clone(&people), waiting));
        Self { name: ids::opaque(), people, posts, hears: AtomicBool::new(false) }
    }

    /// A place for one more socket; `None`: this person has enough. What is told from now on is heard there.
    pub(crate) fn seat(&self, user_id: &str) -> Option<Seat> {
        let calls = self.people.sit_down(user_id)?;
        Some(Seat { people: Arc::clone(&self.people), user_id: user_id.to_owned(), calls })
    }

    /// Whether other servers' bells are heard here now.
    fn is_connected(&self) -> bool {
        self.hears.load(Ordering::Relaxed)
    }

    fn hears(&self, hears: bool) {
        self.hears.store(hears, Ordering::Relaxed);
    }

    /// Never waits.
    fn post(&self, post: Post) {
        if let Err(mpsc::error::TrySendError::Full(post)) = self.posts.try_send(post) {
            post.to.iter().for_each(|(user_id, _)| self.people.ring(user_id));
        }
    }

    /// What another server says on the channel.
    fn heard(&self, text: &str) {
        let mut words = text.split(' ');
        if words.next() != Some(&*self.name) {
            words.for_each(|user_id| self.people.ring(user_id));
        }
    }
}

/// Hands out in the order in which it was told.
async fn hand_out(people: Arc<People>, mut posts: mpsc::Receiver<Post>) {
    while let Some(post) = posts.recv().await {
        let mut reached = 0;
        for (user_id, id) in &post.to {
            let Some(calls) = people.calls(user_id) else { continue };
            let call = post.news(id).map_or(Call::Look, Call::News);
            reached += calls.send(call).unwrap_or_default();
            if reached >= AT_ONCE {
                reached = 0;
                if posts.is_empty() {
                    tokio::time::sleep(BREATH).await;
                } else {
                    tokio::task::yield_now().await;
                }
            }
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
    if wanted.is_empty() {
        return;
    }
    let bell = state.storage.redis().map(|redis| (redis, format!("{} {}", state.hub.name, wanted.join(" "))));
    let (created_at, kept) = match state.storage.notify(&wanted, kind, message, &data.to_string()).await {
        Ok(kept) => kept,
        Err(error) => {
            tracing::warn!(%error, kind, "cannot keep a notification");
            return;
        }
    };
    state.hub.post(Post {
        to: wanted.into_iter().zip(kept).collect(),
        kind: kind.to_owned(),
        message: message.to_owned(),
        data: data.clone(),
        created_at,
    });
    if let Some((redis, bell)) = bell {
        redis.publish(CHANNEL, &bell).await;
    }
}

/// Rings for what other servers have written, as long as this one runs.
pub(crate) async fn listen(state: AppState) {
    let Some(redis) = state.storage.redis().cloned() else { return };
    loop {
        let listening = redis.listen(CHANNEL, || state.hub.hears(true), |text| state.hub.heard(text));
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

#[cfg(test)]
mod tests {
    use super::*;

    fn post(n: usize, people: &[&str]) -> Post {
        let to = people.iter().map(|person| ((*person).to_owned(), ids::sortable())).collect();
        Post { to, kind: "k".to_owned(), message: n.to_string(), data: Value::Null, created_at: 0 }
    }

    async fn heard(seat: &mut Seat) -> String {
        match seat.calls.recv().await.unwrap() {
            Call::News(news) => {
                let told: Value = serde_json::from_str(&news.text).unwrap();
                told["message"].as_str().unwrap().to_owned()
            }
            Call::Look => "look".to_owned(),
        }
    }

    #[tokio::test]
    async fn news_reach_all_sockets_of_their_people_in_order_and_nobody_else() {
        let hub = Hub::open();
        let mut seats = [hub.seat("a").unwrap(), hub.seat("a").unwrap(), hub.seat("b").unwrap()];
        let mut other = hub.seat("c").unwrap();
        for n in 0..KEPT {
            hub.post(post(n, &["a", "nobody", "b"]));
        }
        hub.post(post(99, &["c"]));
        for seat in &mut seats {
            for n in 0..KEPT {
                assert_eq!(heard(seat).await, n.to_string());
            }
        }
        assert_eq!(heard(&mut other).await, "99");
    }

    #[tokio::test]
    async fn who_is_too_slow_is_told_so_and_others_do_not_wait() {
        let hub = Hub::open();
        let mut seat = hub.seat("a").unwrap();
        for n in 0..3 * KEPT {
            hub.post(post(n, &["a"]));
        }
        hub.post(post(7, &["b"]));
        let mut last = hub.seat("b").unwrap();
        assert_eq!(heard(&mut last).await, "7");
        assert!(matches!(seat.calls.recv().await, Err(broadcast::error::RecvError::Lagged(_))));
    }

    #[tokio::test]
    async fn what_finds_no_room_is_looked_for_in_the_database() {
        let hub = Hub::open();
        let mut seat = hub.seat("a").unwrap();
        // The one who hands out has no turn in between.
        for n in 0..POSTS {
            hub.post(post(n, &["nobody"]));
        }
        hub.post(post(0, &["a"]));
        assert_eq!(heard(&mut seat).await, "look");
    }

    #[tokio::test]
    async fn a_server_does_not_hear_its_own_bell() {
        let hub = Hub::open();
        let mut seat = hub.seat("a").unwrap();
        hub.heard(&format!("{} a", hub.name));
        hub.heard("another a b");
        assert_eq!(heard(&mut seat).await, "look");
        assert!(seat.calls.try_recv().is_err());
    }

    #[tokio::test]
    async fn a_place_is_free_again_when_its_socket_has_gone() {
        let hub = Hub::open();
        let seats: Vec<_> = (0..MAX_SOCKETS).map(|_| hub.seat("a").unwrap()).collect();
        assert!(hub.seat("a").is_none());
        drop(seats);
        assert!(hub.people.calls("a").is_none());
        assert!(hub.seat("a").is_some());
    }
}
