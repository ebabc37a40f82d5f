//! One socket's conversation: what is told, what is said, and when it ends.

use std::collections::VecDeque;
use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, WebSocket, close_code};
use serde::Deserialize;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{Instant, MissedTickBehavior, interval, timeout};
use uuid::Uuid;

use super::{Call, News, Notification, Seat};
use crate::accounts::{self, Caller};
use crate::ids;
use crate::state::AppState;
use crate::storage::{self, Kind};
use crate::time::{self, Millis};

/// A client that is silent for so long, without even a pong, is gone.
const IDLE: Duration = Duration::from_mins(1);
const PING_EVERY: Duration = Duration::from_secs(20);
/// A login that has ended ends its sockets within this time.
const CHECK_EVERY: Duration = Duration::from_secs(4);
/// Another server on the same database may have written, and no bell is heard from there.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// The same where bells are heard: one may get lost.
const LOOK_ANYWAY: Duration = Duration::from_secs(15);
/// A message that the client does not take in this time is the last one.
const SEND_LIMIT: Duration = Duration::from_secs(10);
/// So far is looked back: servers' clocks differ, and transactions end out of order.
const OVERLAP_MS: Millis = 10_000;
/// So far the clock of an id and that of its notification may be apart.
const CLOCK_MS: Millis = 1_000;
/// Notifications read at once.
const BATCH: i64 = 100;
/// Ids that are remembered of the time that is looked back on.
const REMEMBERED: usize = 400;

/// What a client may say.
#[derive(Deserialize)]
struct Said {
    since: String,
}

/// Why a socket ends: a code and a sentence for the client; `None`: nobody is there to be told.
type End = Option<(u16, &'static str)>;

struct Talk {
    state: AppState,
    caller: Caller,
    socket: WebSocket,
    /// The youngest that was sent was made then.
    since: Millis,
    /// What was sent of the time that is looked back on.
    sent: VecDeque<(Millis, Uuid)>,
    /// The database could not be read: until it was, nothing newer is told either.
    is_behind: bool,
    heard: Instant,
}

/// Tells a person what is new for as long as the socket is open and they may be there.
pub(crate) async fn talk(state: AppState, caller: Caller, seat: Seat, socket: WebSocket) {
    let mut talk = Talk {
        state,
        caller,
        socket,
        // What came while the client was on its way here is told as well: so far is looked back.
        since: time::now(),
        sent: VecDeque::new(),
        is_behind: true,
        heard: Instant::now(),
    };
    if let Err(Some((code, reason))) = talk.go_on(seat).await {
        let frame = CloseFrame { code, reason: reason.into() };
        // The other side may be gone already.
        let _ = talk.send(Message::Close(Some(frame))).await;
    }
}

impl Talk {
    /// Until it ends; why.
    async fn go_on(&mut self, mut seat: Seat) -> Result<(), End> {
        let (mut ping, mut check, mut look) =
            (interval(PING_EVERY), interval(CHECK_EVERY), interval(LOOK_EVERY));
        // It may not be asked for long; one look then is enough.
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let several = self.state.storage.kind() == Kind::Postgres;
        let shutdown = self.state.shutdown.clone();
        let mut looked = Instant::now();
        self.catch_up().await?;
        loop {
            tokio::select! {
                call = seat.calls.recv() => match call {
                    // It stands in the database too, in its place.
                    Ok(Call::News(_)) if self.is_behind => {}
                    Ok(Call::News(news)) => self.tell(news).await?,
                    Ok(Call::Look) | Err(RecvError::Lagged(_)) => self.catch_up().await?,
                    Err(RecvError::Closed) => return Err(Some((close_code::AWAY, "the server is stopping"))),
                },
                _ = look.tick(), if several || self.is_behind => {
                    let is_time = !self.state.hub.is_connected() || looked.elapsed() > LOOK_ANYWAY;
                    if self.is_behind || is_time {
                        looked = Instant::now();
                        self.catch_up().await?;
                    }
                }
                () = shutdown.cancelled() => return Err(Some((close_code::AWAY, "the server is stopping"))),
                _ = ping.tick() => {
                    if self.heard.elapsed() > IDLE {
                        return Err(Some((close_code::NORMAL, "nobody is there")));
                    }
                    self.send(Message::Ping(Vec::new().into())).await?;
                }
                _ = check.tick() => {
                    if !accounts::still_in(&self.state, &self.caller).await {
                        return Err(Some((close_code::POLICY, "the login has ended")));
                    }
                }
                said = self.socket.recv() => self.hear(said).await?,
            }
        }
    }

    async fn hear(&mut self, said: Option<Result<Message, axum::Error>>) -> Result<(), End> {
        self.heard = Instant::now();
        match said {
            Some(Ok(Message::Text(text))) => {
                let Ok(said) = serde_json::from_str::<Said>(&text) else {
                    return Err(Some((close_code::POLICY, "this is not understood")));
                };
                let Ok(at) = said.since.parse::<jiff::Timestamp>() else {
                    return Err(Some((close_code::POLICY, "`since` is not a moment")));
                };
                self.since = at.as_millisecond().saturating_add(OVERLAP_MS);
                self.sent.clear();
                self.catch_up().await
            }
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => Ok(()),
            Some(Ok(Message::Binary(_))) => Err(Some((close_code::UNSUPPORTED, "texts only"))),
            Some(Ok(Message::Close(_)) | Err(_)) | None => Err(None),
        }
    }

    /// Tells what the database has and was not told yet.
    async fn catch_up(&mut self) -> Result<(), End> {
        let from = self.since.saturating_sub(OVERLAP_MS);
        // An id is made with its moment; a clock may be set back a little in between.
        let mut after = ids::first_of(from.saturating_sub(CLOCK_MS));
        loop {
            let read =
                self.state.storage.notifications_since(&self.caller.user_id, from, &after, BATCH).await;
            let news = match read {
                Ok(news) => news,
                Err(error) => {
                    tracing::debug!(%error, "cannot read notifications");
                    self.is_behind = true;
                    return Ok(());
                }
            };
            let is_all = (news.len() as i64) < BATCH;
            if let Some(last) = news.last() {
                after.clone_from(&last.id);
            }
            for kept in news {
                self.tell_kept(kept).await?;
            }
            if is_all {
                self.is_behind = false;
                return Ok(());
            }
        }
    }

    async fn tell_kept(&mut self, kept: storage::notifications::Notification) -> Result<(), End> {
        let created_at = kept.created_at;
        match News::new(created_at, &Notification::from(kept)) {
            Some(news) => self.tell(news).await,
            None => Ok(()),
        }
    }

    /// Sends it, unless it was.
    async fn tell(&mut self, news: News) -> Result<(), End> {
        if self.sent.iter().rev().any(|(_, id)| *id == news.id) {
            return Ok(());
        }
        self.since = self.since.max(news.created_at);
        while self.sent.len() >= REMEMBERED
            || self.sent.front().is_some_and(|(at, _)| *at < self.since - OVERLAP_MS)
        {
            self.sent.pop_front();
        }
        self.sent.push_back((news.created_at, news.id));
        self.send(Message::Text(news.text)).await
    }

    async fn send(&mut self, message: Message) -> Result<(), End> {
        match timeout(SEND_LIMIT, self.socket.send(message)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(None),
        }
    }
}
