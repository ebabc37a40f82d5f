//! What every handler shares, built once at the start.

use std::net::SocketAddr;
use std::ops::Deref;
use std::sync::{Arc, Weak};

use arc_swap::ArcSwapOption;
use tokio_util::sync::CancellationToken;

use crate::accounts::oidc::Issuers;
use crate::accounts::{AccessTokens, OutsideTokens, Passwords, signing_secret};
use crate::config::{ApiPage, Config, Live, LocalAccount, Secret};
use crate::design::jobs;
use crate::engine::Engine;
use crate::flags::{self, Overrides};
use crate::llm::Relay;
use crate::mail::Mail;
use crate::metrics::Metrics;
use crate::notifications::Hub;
use crate::rates::Rates;
use crate::relay::{Books, Host};
use crate::storage::{self, Storage};
use crate::traces::Traces;

/// The parts of a running server. Cheap to clone.
#[derive(Clone, Debug)]
pub struct AppState(Arc<Shared>);

/// What [`AppState`] points to.
#[derive(Debug)]
pub struct Shared {
    /// As loaded last.
    pub config: Live,
    /// The database.
    pub storage: Storage,
    /// The engine, a few calls at a time.
    pub engine: Engine,
    /// Signs what only this service may read.
    pub(crate) signing_secret: Secret,
    /// Access tokens.
    pub(crate) tokens: AccessTokens,
    /// Access tokens of another issuer, where one is configured.
    outside: ArcSwapOption<OutsideTokens>,
    /// Issuers that people sign in with.
    pub(crate) issuers: Issuers,
    /// Mail, where it is sent.
    mail: ArcSwapOption<Mail>,
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
    /// Switches that were set for single people.
    pub(crate) overrides: Overrides,
    /// What is counted.
    pub(crate) metrics: Metrics,
    /// What is traced.
    pub(crate) traces: Traces,
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
            outside: OutsideTokens::new(&config.jwt).map(Arc::new).into(),
            issuers: Issuers::default(),
            mail: Mail::new(&config.mail).map(Arc::new).into(),
            passwords: Passwords::new(),
            hub: Hub::open(),
            overrides: flags::overrides(),
            metrics: Metrics::default(),
            traces: Traces::new(&config.log.otlp_endpoint),
            rates: Rates::new(&config.limits, storage.redis()),
            signing_secret,
            listen,
            relay,
            books: Books::open(storage.clone()),
            jobs: jobs::Running::default(),
            storage,
            shutdown,
            config: Live::new(config),
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

    /// Whether `/docs` shows the API.
    pub(crate) fn has_api_page(&self) -> bool {
        match self.config.server.api_page {
            ApiPage::On => true,
            ApiPage::Off => false,
            ApiPage::Auto => self.listen.ip().is_loopback(),
        }
    }

    /// Where people reach this server, without a slash at the end.
    pub(crate) fn public_url(&self) -> String {
        match self.config.server.public_url.as_str() {
            "" => format!("http://{}", self.listen),
            url => url.to_owned(),
        }
    }

    /// Sends mail; `None`: this server does not.
    pub(crate) fn mail(&self) -> Option<Arc<Mail>> {
        self.mail.load_full()
    }

    /// Checks tokens of another issuer; `None`: there is none.
    pub(crate) fn outside(&self) -> Option<Arc<OutsideTokens>> {
        self.outside.load_full()
    }

    /// Makes anew what was made from a part of the configuration that may change.
    pub(crate) fn rebuild(&self, config: &Config) {
        self.outside.store(OutsideTokens::new(&config.jwt).map(Arc::new));
        self.mail.store(Mail::new(&config.mail).map(Arc::new));
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
