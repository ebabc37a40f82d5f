//! How often each person or address may ask: token buckets (GCRA), in this process or, with Redis, in all
//! servers together. While Redis is away each server counts for itself.

mod patience;

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::LazyLock;

use arc_swap::ArcSwap;
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use redis::Script;

use patience::Patience;

use crate::config::Limits;
use crate::error::Error;
use crate::storage::Redis;

/// The generic cell rate algorithm (ITU-T I.371) as one step in Redis, by Redis' own clock.
///
/// Kept is the theoretical arrival time in microseconds. Arguments: time between two calls, and how far ahead
/// of it a burst may run. Gives 0, or the microseconds to wait.
static GCRA: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "local clock = redis.call('TIME')
         local now = clock[1] * 1000000 + clock[2]
         local interval, tolerance = tonumber(ARGV[1]), tonumber(ARGV[2])
         local arrival = math.max(tonumber(redis.call('GET', KEYS[1]) or now), now)
         if arrival - tolerance > now then return arrival - tolerance - now end
         local next = arrival + interval
         redis.call('SET', KEYS[1], string.format('%.0f', next), 'PX', math.ceil((next - now) / 1000))
         return 0",
    )
});

/// The buckets of all who ask.
#[derive(Debug)]
pub(crate) struct Rates {
    redis: Option<Redis>,
    /// Replaced when the configuration changes.
    kinds: ArcSwap<Kinds>,
    patience: Patience,
}

#[derive(Debug)]
struct Kinds {
    people: Bucket,
    strangers: Bucket,
    login_addresses: Bucket,
    login_accounts: Bucket,
}

/// A limit for each key; `None`: no limit.
#[derive(Debug)]
struct Bucket {
    name: &'static str,
    limit: Option<(NonZeroU32, DefaultKeyedRateLimiter<String>)>,
}

impl Bucket {
    fn per_minute(name: &'static str, number: u32) -> Self {
        let limit =
            NonZeroU32::new(number).map(|number| (number, RateLimiter::keyed(Quota::per_minute(number))));
        Self { name, limit }
    }

    async fn take(&self, key: &str, redis: Option<&Redis>) -> Result<(), Error> {
        let Some((number, limiter)) = &self.limit else { return Ok(()) };
        if let Some(redis) = redis {
            let mut call = GCRA.key(redis.key(self.name, key));
            let interval = 60_000_000 / u64::from(number.get());
            call.arg(interval).arg(interval * u64::from(number.get() - 1));
            let wait = redis.ask(async |mut connection| call.invoke_async::<u64>(&mut connection).await);
            match wait.await {
                Some(0) => return Ok(()),
                Some(wait_us) => return Err(Error::TooMany { retry_after_s: wait_us / 1_000_000 + 1 }),
                None => {}
            }
        }
        limiter.check_key(&key.to_owned()).map_err(|until| {
            let wait = until.wait_time_from(DefaultClock::default().now());
            Error::TooMany { retry_after_s: wait.as_secs() + 1 }
        })
    }

    fn forget(&self) {
        if let Some((_, limiter)) = &self.limit {
            limiter.retain_recent();
            limiter.shrink_to_fit();
        }
    }
}

impl Kinds {
    fn new(limits: &Limits) -> Self {
        Self {
            people: Bucket::per_minute("rate-person", limits.requests_per_minute),
            strangers: Bucket::per_minute("rate-stranger", limits.requests_per_minute),
            login_addresses: Bucket::per_minute("rate-login-address", limits.logins_per_minute),
            login_accounts: Bucket::per_minute("rate-login-account", limits.logins_per_minute),
        }
    }
}

impl Rates {
    pub(crate) fn new(limits: &Limits, redis: Option<&Redis>) -> Self {
        let kinds = ArcSwap::from_pointee(Kinds::new(limits));
        Self { redis: redis.cloned(), kinds, patience: Patience::new() }
    }

    /// Takes other limits. What was counted in this process begins anew.
    pub(crate) fn change(&self, limits: &Limits) {
        self.kinds.store(Kinds::new(limits).into());
    }

    /// A request of somebody who is known.
    pub(crate) async fn person(&self, user_id: &str) -> Result<(), Error> {
        self.kinds.load_full().people.take(user_id, self.redis.as_ref()).await
    }

    /// A request of somebody who is not.
    pub(crate) async fn stranger(&self, address: IpAddr) -> Result<(), Error> {
        self.kinds.load_full().strangers.take(&network(address), self.redis.as_ref()).await
    }

    /// A try to sign in from an address.
    pub(crate) async fn login_address(&self, address: IpAddr) -> Result<(), Error> {
        self.kinds.load_full().login_addresses.take(&network(address), self.redis.as_ref()).await
    }

    /// A try to sign in to an account, whether it exists or not.
    pub(crate) async fn login_account(&self, email: &str) -> Result<(), Error> {
        self.kinds.load_full().login_accounts.take(email, self.redis.as_ref()).await
    }

    /// Whether a password for this account from this address is not too early after wrong ones.
    pub(crate) async fn password_try(&self, email: &str, address: IpAddr) -> Result<(), Error> {
        self.patience.check(&from(email, address), self.redis.as_ref()).await
    }

    /// Notes whether it was right.
    pub(crate) async fn password_was(&self, email: &str, address: IpAddr, right: bool) {
        let key = from(email, address);
        if right {
            self.patience.right(&key, self.redis.as_ref()).await;
        } else {
            self.patience.wrong(&key, self.redis.as_ref()).await;
        }
    }

    /// Lets go of who has not asked for a while.
    pub(crate) fn forget(&self) {
        let kinds = self.kinds.load_full();
        kinds.people.forget();
        kinds.strangers.forget();
        kinds.login_addresses.forget();
        kinds.login_accounts.forget();
    }
}

fn from(email: &str, address: IpAddr) -> String {
    format!("{} {email}", network(address))
}

/// Who has one IPv6 address has 2^64 of them: they count as one.
fn network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
        v4 @ IpAddr::V4(_) => v4.to_string(),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn addresses_of_one_network_count_as_one() {
        let of = |text: &str| super::network(text.parse().unwrap());
        assert_eq!(of("2001:db8:1:2:3::4"), of("2001:db8:1:2:ffff::1"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
        assert_eq!(of("::ffff:192.0.2.1"), of("192.0.2.1"));
    }
}
