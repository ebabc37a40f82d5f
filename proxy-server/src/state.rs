//! What every handler shares, built once at the start.

use std::net::SocketAddr;
use std::ops::Deref;
use std::sync::{Arc, Weak};

use tokio_util::sync::CancellationToken;

use crate::accounts::{AccessTokens, Passwords, signing_secret};
use crate::config::{Config, LocalAccount, Secret};
use crate::design::jobs;
use crate::engine::Engine;
use crate::llm::Relay;
use crate::metrics::Metrics;
use crate::notifications::Hub;
use crate::rates::Rates;
use crate::relay::{Books, Host};
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
    /// Passwords.
    pub passwords: Passwords,
    /// The language models.
    pub(crate) relay: Relay,
    /// What they cost.
    pub(crate) books: Books,
    /// Requests that go on without their client.
    pub(crate) jobs: jobs::Running,
    /// How often each may ask.
    pub(crate) rates: Rates,
    /// Who is there to be told.
    pub(crate) hub: Hub,
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
        let shutdown = CancellationToken::new();
        let host = Host::default();
        let relay =
            Relay::new(config.llm.clone(), Arc::new(host.clone()), Arc::new(host.clone()), shutdown.clone())
                .map_err(storage::Error::Other)?;
        let state = Self(Arc::new(Shared {
            engine: Engine::new(config.limits.engine_calls),
            tokens: AccessTokens::new(&signing_secret),
            passwords: Passwords::new(),
            hub: Hub::default(),
            metrics: Metrics::default(),
            rates: Rates::new(&config.limits),
            signing_secret,
            listen,
            relay,
            books: Books::open(storage.clone()),
            jobs: jobs::Running::default(),
            storage,
            shutdown,
            config,
        }));
        host.serves(&state);
        Ok(state)
    }

    /// Itself, without keeping it alive.
    pub(crate) fn downgrade(&self) -> Weak<Shared> {
        Arc::downgrade(&self.0)
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

    /// Life of a refresh token.
    pub(crate) fn refresh_life_ms(&self) -> i64 {
        i64::from(self.config.accounts.login_days) * 86_400_000
    }

    /// Life of a session after its last use.
    pub fn session_life_ms(&self) -> i64 {
        i64::from(self.config.limits.session_hours) * 3_600_000
    }
}

impl From<Arc<Shared>> for AppState {
    fn from(shared: Arc<Shared>) -> Self {
        Self(shared)
    }
}

impl Deref for AppState {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}
