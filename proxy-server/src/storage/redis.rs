//! Redis, where several servers share what need not outlive them: cached sessions, counters, bells.
//!
//! It is never a condition. When it is away, whoever asks gets `None` at once and does without; one call a
//! second finds out whether it is back. The connection mends itself.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;

use futures_util::StreamExt;
use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{AsyncCommands, Client, RedisResult};

use super::{Error, Result};
use crate::config;
use crate::time::{self, Millis};

/// A call that takes longer is no help any more.
const PATIENCE: Duration = Duration::from_millis(300);
/// How long nobody asks after a failure.
const PAUSE_MS: Millis = 1_000;

/// A connection shared by all of this server. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Redis(Arc<Inner>);

struct Inner {
    client: Client,
    connection: ConnectionManager,
    prefix: String,
    /// Nobody asks before; moved on by the one who does.
    ask_from: AtomicI64,
    is_away: AtomicBool,
}

impl std::fmt::Debug for Redis {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Redis").field("prefix", &self.0.prefix).finish_non_exhaustive()
    }
}

impl Redis {
    /// The configured one; `None`: there is none. Connects at the first call: the server starts without it.
    pub(super) fn open(config: &config::Storage) -> Result<Option<Self>> {
        let url = config.redis_url.expose();
        if url.is_empty() {
            return Ok(None);
        }
        let cannot =
            |error: redis::RedisError| Error::Other(format!("`storage.redis_url`: {:?}", error.kind()));
        let client = Client::open(url).map_err(cannot)?;
        let manager = ConnectionManagerConfig::new()
            .set_response_timeout(Some(PATIENCE))
            .set_connection_timeout(Some(PATIENCE))
            .set_number_of_retries(1)
            .set_max_delay(PATIENCE);
        let connection = ConnectionManager::new_lazy_with_config(client.clone(), manager).map_err(cannot)?;
        Ok(Some(Self(Arc::new(Inner {
            client,
            connection,
            prefix: config.redis_prefix.clone(),
            ask_from: AtomicI64::new(0),
            is_away: AtomicBool::new(false),
        }))))
    }

    /// The key of one thing of a kind, below this installation's prefix.
    pub(crate) fn key(&self, kind: &str, name: &str) -> String {
        format!("{}:{kind}:{name}", self.0.prefix)
    }

    /// Whether the last call got no answer.
    pub(crate) fn is_away(&self) -> bool {
        self.0.is_away.load(Ordering::Relaxed)
    }

    /// Whether it answers now.
    pub(crate) async fn ping(&self) -> bool {
        self.ask(async |mut connection| connection.ping::<String>().await).await.is_some()
    }

    /// Makes one call; `None`: Redis is away.
    pub(crate) async fn ask<T>(
        &self,
        call: impl AsyncFnOnce(ConnectionManager) -> RedisResult<T>,
    ) -> Option<T> {
        if self.is_away() {
            let (now, from) = (time::now(), self.0.ask_from.load(Ordering::Relaxed));
            let next = now + PAUSE_MS;
            // One caller moves the mark and asks; the others do without.
            let is_first = now >= from
                && self.0.ask_from.compare_exchange(from, next, Ordering::Relaxed, Ordering::Relaxed).is_ok();
            if !is_first {
                return None;
            }
        }
        let cause = match tokio::time::timeout(PATIENCE * 2, call(self.0.connection.clone())).await {
            Ok(Ok(answer)) => {
                if self.0.is_away.swap(false, Ordering::Relaxed) {
                    tracing::info!("Redis answers again");
                }
                return Some(answer);
            }
            Ok(Err(error)) => format!("{:?}", error.kind()),
            Err(_) => "no answer in time".to_owned(),
        };
        self.0.ask_from.store(time::now() + PAUSE_MS, Ordering::Relaxed);
        if !self.0.is_away.swap(true, Ordering::Relaxed) {
            tracing::warn!(cause, "Redis is away: this server goes on without it");
        }
        None
    }

    /// Says `text` to all servers that listen.
    pub(crate) async fn publish(&self, channel: &str, text: &str) {
        let channel = self.key("channel", channel);
        // Whoever is not told looks into the database now and then.
        let _ = self.ask(async |mut connection| connection.publish::<_, _, ()>(channel, text).await).await;
    }

    /// Hears what any server says, for as long as the connection lasts; ends when it breaks. `ready` is called
    /// once nothing more is missed.
    pub(crate) async fn listen(&self, channel: &str, ready: impl FnOnce(), mut heard: impl FnMut(&str)) {
        let Ok(mut connection) = self.0.client.get_async_pubsub().await else { return };
        if connection.subscribe(self.key("channel", channel)).await.is_err() {
            return;
        }
        ready();
        let mut messages = connection.on_message();
        while let Some(message) = messages.next().await {
            if let Ok(text) = message.get_payload::<String>() {
                heard(&text);
            }
        }
    }
}
