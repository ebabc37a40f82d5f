//! Growing patience with who guesses a password: after five wrong ones for one account from one network, each
//! further one makes the next try wait twice as long. Somebody else's guessing keeps nobody out of their account.

use std::time::{Duration, Instant};

use redis::AsyncCommands;

use crate::error::Error;
use crate::storage::Redis;

/// Wrong ones without a wait.
const FREE: u32 = 5;
/// Longest wait, and how long wrong ones are remembered.
const MOST: Duration = Duration::from_mins(15);
/// Pairs of account and network that one process remembers.
const PLACES: u64 = 100_000;

/// Wrong passwords by account and network: in this process or, with Redis, in all servers together.
#[derive(Debug)]
pub(super) struct Patience(moka::sync::Cache<String, (u32, Instant)>);

impl Patience {
    pub(super) fn new() -> Self {
        Self(moka::sync::Cache::builder().max_capacity(PLACES).time_to_live(MOST).build())
    }

    /// Whether a try is not too early.
    pub(super) async fn check(&self, key: &str, redis: Option<&Redis>) -> Result<(), Error> {
        let mut wait = self
            .0
            .get(key)
            .map_or(Duration::ZERO, |(_, until)| until.saturating_duration_since(Instant::now()));
        if let Some(redis) = redis {
            let name = redis.key("login-wait", key);
            let left = redis.ask(async |mut connection| connection.pttl::<_, i64>(name).await).await;
            // Negative: there is no such key.
            let left = left.and_then(|left| u64::try_from(left).ok()).unwrap_or(0);
            wait = wait.max(Duration::from_millis(left));
        }
        if wait.is_zero() { Ok(()) } else { Err(Error::TooMany { retry_after_s: wait.as_secs() + 1 }) }
    }

    /// Notes a wrong one.
    pub(super) async fn wrong(&self, key: &str, redis: Option<&Redis>) {
        let mut number = self.0.get(key).map_or(0, |(number, _)| number) + 1;
        if let Some(redis) = redis {
            let name = redis.key("login-wrong", key);
            let life = MOST.as_secs() as i64;
            let counted = redis.ask(async |mut connection| {
                let number: u32 = connection.incr(&name, 1).await?;
                connection.expire::<_, ()>(&name, life).await?;
                Ok(number)
            });
            number = number.max(counted.await.unwrap_or(0));
        }
        let wait = wait_after(number);
        self.0.insert(key.to_owned(), (number, Instant::now() + wait));
        if let Some(redis) = redis.filter(|_| !wait.is_zero()) {
            let name = redis.key("login-wait", key);
            let life_ms = wait.as_millis() as u64;
            let _ = redis
                .ask(async |mut connection| connection.pset_ex::<_, _, ()>(name, 1, life_ms).await)
                .await;
        }
    }

    /// Forgets the wrong ones: the right one was typed.
    pub(super) async fn right(&self, key: &str, redis: Option<&Redis>) {
        if self.0.remove(key).is_none() && redis.is_none() {
            return;
        }
        if let Some(redis) = redis {
            let names = [redis.key("login-wrong", key), redis.key("login-wait", key)];
            let _ = redis.ask(async |mut connection| connection.del::<_, ()>(&names[..]).await).await;
        }
    }
}

/// How long the try after the `number`th wrong one waits.
fn wait_after(number: u32) -> Duration {
    match number.checked_sub(FREE) {
        None | Some(0) => Duration::ZERO,
        Some(more) => Duration::from_secs(2 << more.min(10)).min(MOST),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s14_each_wrong_one_doubles_the_wait_up_to_a_bound() {
        let waits: Vec<u64> = (1..=9).map(|number| wait_after(number).as_secs()).collect();
        assert_eq!(waits, [0, 0, 0, 0, 0, 4, 8, 16, 32]);
        assert_eq!(wait_after(1_000), MOST);
    }
}
