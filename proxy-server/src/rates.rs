//! How often each person or address may ask: token buckets (GCRA), in this process.

use std::hash::Hash;
use std::net::IpAddr;
use std::num::NonZeroU32;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use crate::config::Limits;
use crate::error::Error;

/// The buckets of all who ask.
#[derive(Debug)]
pub(crate) struct Rates {
    people: Bucket<String>,
    strangers: Bucket<IpAddr>,
    login_addresses: Bucket<IpAddr>,
    login_accounts: Bucket<String>,
}

/// A limit for each key; `None`: no limit.
#[derive(Debug)]
struct Bucket<K: Hash + Eq + Clone>(Option<DefaultKeyedRateLimiter<K>>);

impl<K: Hash + Eq + Clone> Bucket<K> {
    fn per_minute(number: u32) -> Self {
        Self(NonZeroU32::new(number).map(|number| RateLimiter::keyed(Quota::per_minute(number))))
    }

    fn take(&self, key: &K) -> Result<(), Error> {
        let Some(limiter) = &self.0 else { return Ok(()) };
        limiter.check_key(key).map_err(|until| {
            let wait = until.wait_time_from(DefaultClock::default().now());
            Error::TooMany { retry_after_s: wait.as_secs() + 1 }
        })
    }

    fn forget(&self) {
        if let Some(limiter) = &self.0 {
            limiter.retain_recent();
            limiter.shrink_to_fit();
        }
    }
}

impl Rates {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            people: Bucket::per_minute(limits.requests_per_minute),
            strangers: Bucket::per_minute(limits.requests_per_minute),
            login_addresses: Bucket::per_minute(limits.logins_per_minute),
            login_accounts: Bucket::per_minute(limits.logins_per_minute),
        }
    }

    /// A request of somebody who is known.
    pub(crate) fn person(&self, user_id: &str) -> Result<(), Error> {
        self.people.take(&user_id.to_owned())
    }

    /// A request of somebody who is not.
    pub(crate) fn stranger(&self, address: IpAddr) -> Result<(), Error> {
        self.strangers.take(&network(address))
    }

    /// A try to sign in from an address.
    pub(crate) fn login_address(&self, address: IpAddr) -> Result<(), Error> {
        self.login_addresses.take(&network(address))
    }

    /// A try to sign in to an account, whether it exists or not.
    pub(crate) fn login_account(&self, email: &str) -> Result<(), Error> {
        self.login_accounts.take(&email.to_owned())
    }

    /// Lets go of who has not asked for a while.
    pub(crate) fn forget(&self) {
        self.people.forget();
        self.strangers.forget();
        self.login_addresses.forget();
        self.login_accounts.forget();
    }
}

/// Who has one IPv6 address has 2^64 of them: they count as one.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::from([a, b, c, d, 0, 0, 0, 0])
        }
        v4 @ IpAddr::V4(_) => v4,
    }
}
