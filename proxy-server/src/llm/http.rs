//! The HTTP client of the relay, and what its errors mean.

use std::time::Duration;

use reqwest::redirect::Policy;
use reqwest::retry;

use super::{Config, Failure, failure};

/// A client that goes where the configuration says and nowhere else: no redirects, no proxy of the environment.
pub(super) fn client(config: &Config) -> Result<reqwest::Client, String> {
    // Several parts of one process may install it; the first wins, and all install the same.
    drop(rustls::crypto::ring::default_provider().install_default());
    reqwest::Client::builder()
        .connect_timeout(Duration::from_millis(config.connect_timeout_ms))
        .pool_idle_timeout(Duration::from_mins(1))
        .tcp_nodelay(true)
        .redirect(Policy::none())
        .no_proxy()
        .referer(false)
        // The relay counts its attempts itself.
        .retry(retry::never())
        .user_agent(concat!("spandrel/", env!("CARGO_PKG_VERSION")))
        .build()
        .map_err(|error| format!("cannot make the client for model providers: {}", error.without_url()))
}

/// A call that brought no answer, or an answer that broke. Addresses stay in the log.
pub(super) fn failure(error: reqwest::Error, target: &str) -> Failure {
    let kind = if error.is_connect() || error.is_builder() {
        failure::Kind::Unreachable
    } else if error.is_timeout() {
        failure::Kind::TimedOut
    } else {
        failure::Kind::Broken
    };
    let error = error.without_url();
    tracing::debug!(target_name = target, error = %Chain(&error), "call to a model provider failed");
    kind.into()
}

/// An error with its causes in one line.
struct Chain<'a>(&'a dyn std::error::Error);

impl std::fmt::Display for Chain<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)?;
        let mut cause = self.0.source();
        while let Some(error) = cause {
            write!(f, ": {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}
