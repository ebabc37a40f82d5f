//! What every handler shares, built once at the start.

use std::net::SocketAddr;
use std::ops::Deref;
use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use crate::accounts::oidc::Issuers;
use crate::accounts::{AccessTokens, OutsideTokens, Passwords, signing_secret};
use crate::config::{Config, LocalAccount, Secret};
use crate::engine::Engine;
use crate::flags::{self, Overrides};
use crate::mail::Mail;
use crate::metrics::Metrics;
use crate::notifications::Hub;
use crate::rates::Rates;
use crate::storage::{self, Storage};

/// The parts of a running server. Cheap to clone.
#[derive(Clone, Debug)]
pub struct AppState(Arc<Shared>);

/// What [`AppState`] points to.
#[derive(Debug)]
pub struct Shared {
    /// As loaded.
    pub config: Config,
    /// The database.
    pub storage: Storage,
    /// The engine, a few calls at a time.
    pub engine: Engine,
    /// Signs what only this service may read.
    pub(crate) signing_secret: Secret,
    /// Access tokens.
    pub(crate) tokens: AccessTokens,
    /// Access tokens of another issuer, where one is configured.
    pub(crate) outside: Option<OutsideTokens>,
    /// Issuers that people sign in with.
    pub(crate) issuers: Issuers,
    /// Mail, where it is sent.
    mail: Option<Mail>,
    /// Passwords.
    pub passwords: Passwords,
    /// How often each may ask.
    pub(crate) rates: Rates,
    /// Who is there to be told.
    pub(crate) hub: Hub,
    /// Switches that were set for single people.
    pub(crate) overrides: Overrides,
    /// What is counted.
    pub(crate) metrics: Metrics,
    /// Where the server really listens (a configured port 0 is a real one here).
    pub listen: SocketAddr,
    /// Cancelled when the server is told to stop: streams end, readiness turns false.
    pub shutdown: CancellationToken,
}

impl AppState {
    /// Puts the parts together. `listen` is the bound address.
    pub fn new(config: Config, storage: Storage, listen: SocketAddr) -> storage::Result<Self> {
        let signing_secret = signing_secret(&config)?;
        Ok(Self(Arc::new(Shared {
            engine: Engine::new(config.limits.engine_calls),
            tokens: AccessTokens::new(&signing_secret),
            outside: OutsideTokens::new(&config.jwt),
            issuers: Issuers::default(),
            mail: Mail::new(&config.mail),
            passwords: Passwords::new(),
            hub: Hub::default(),
            overrides: flags::overrides(),
            metrics: Metrics::default(),
            rates: Rates::new(&config.limits, storage.redis()),
            signing_secret,
            storage,
            listen,
            shutdown: CancellationToken::new(),
            config,
        })))
    }

    /// Brings the tables up to date and makes the local account where there is one.
    pub async fn prepare(&self) -> storage::Result<()> {
        self.storage.migrate().await?;
        self.storage.release_left_behind().await?;
        if self.has_local_account() {
            self.storage.ensure_local_user().await?;
        }
        Ok(())
    }

    /// Whether the person at the keyboard needs no key: never on an address that others can reach.
    pub fn has_local_account(&self) -> bool {
        self.config.accounts.local == LocalAccount::Auto && self.listen.ip().is_loopback()
    }

    /// Where people reach this server, without a slash at the end.
    pub(crate) fn public_url(&self) -> String {
        match self.config.server.public_url.as_str() {
            "" => format!("http://{}", self.listen),
            url => url.to_owned(),
        }
    }

    /// Sends mail; `None`: this server does not.
    pub(crate) fn mail(&self) -> Option<Mail> {
        self.mail.clone()
    }

    /// Life of a refresh token.
    pub(crate) fn refresh_life_ms(&self) -> i64 {
        i64::from(self.config.accounts.login_days) * 86_400_000
    }

    /// Life of a session after its last use.
    pub fn session_life_ms(&self) -> i64 {
        i64::from(self.config.limits.session_hours) * 3_600_000
    }
}

impl Deref for AppState {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}
