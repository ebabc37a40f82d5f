//! Everything an operator can choose, in one typed structure.
//!
//! Values come from the defaults below, then a TOML file, then the environment (`load`). In this structure an
//! empty text means "not set", so that every setting has a default and a name that the environment can carry.

mod live;
mod load;
mod secret;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

pub use live::Live;
pub use load::{Error, load};
pub use secret::Secret;

/// The whole configuration.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Where and how the server listens.
    pub server: Server,
    /// Where data is kept.
    pub storage: Storage,
    /// Who may come in.
    pub accounts: Accounts,
    /// Issuers that people sign in with, by the name in their address: `google`, `microsoft`, …
    pub oidc: BTreeMap<String, OidcProvider>,
    /// Another service whose access tokens are good here too.
    pub jwt: OutsideJwt,
    /// How mail is sent.
    pub mail: Mail,
    /// What one request or one person may cost.
    pub limits: Limits,
    /// What is logged, and how.
    pub log: Log,
    /// Switches for parts of the service.
    pub flags: Flags,
    /// Language models: providers, models, patience.
    pub llm: crate::llm::Config,
}

/// Where and how the server listens.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Server {
    /// Address and port; port 0 takes any free one.
    pub listen: SocketAddr,
    /// Where people reach this server (`https://studio.example`), for links in mail and for sign-in elsewhere;
    /// empty: the address that it listens on.
    pub public_url: String,
    /// Whether `/docs` shows the API.
    pub api_page: ApiPage,
    /// Folder of the built web app, for a binary that does not carry it.
    pub web_dir: PathBuf,
    /// Origins (`https://host[:port]`) besides its own whose pages may call the API, separated by commas.
    pub allowed_origins: String,
    /// Reverse proxies in front of this server, whose `X-Forwarded-For` is believed; 0: none.
    pub trusted_proxies: u32,
    /// Connections held at once; more wait in the system's queue.
    pub max_connections: usize,
    /// A client must have sent its request's headers by then.
    pub header_timeout_ms: u64,
    /// A request that is not a stream must be answered by then.
    pub request_timeout_ms: u64,
    /// How long running requests may take to end once the server was told to stop.
    pub shutdown_timeout_ms: u64,
}

/// Where data is kept.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Storage {
    /// Folder of the database and the signing secret; empty: the user's data folder.
    pub data_dir: PathBuf,
    /// `postgres://…` for PostgreSQL; empty: SQLite in `data_dir`.
    pub database_url: Secret,
    /// `redis://…`, shared by several servers; empty: each server keeps its own cache.
    pub redis_url: Secret,
    /// What this installation's keys in Redis begin with.
    pub redis_prefix: String,
    /// Connections to the database for reading (SQLite) or for everything (PostgreSQL).
    pub max_connections: u32,
    /// How long a request waits for a connection.
    pub acquire_timeout_ms: u64,
}

/// Who may come in.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Accounts {
    /// Whether the person at the keyboard is in without a key, on a loopback address.
    pub local: LocalAccount,
    /// Signs access tokens; empty: generated once and kept in the data folder.
    pub signing_secret: Secret,
    /// Whether strangers may make an account.
    pub registration: bool,
    /// A login that is not used for so long ends.
    pub login_days: u32,
}

/// An OpenID Connect issuer that people sign in with.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OidcProvider {
    /// For people; empty: the name in the address.
    pub title: String,
    /// As it names itself: `https://accounts.google.com`.
    pub issuer: String,
    /// As registered there.
    pub client_id: String,
    /// As registered there; empty for a public client. Also `SPANDREL_OIDC_<NAME>_CLIENT_SECRET`.
    pub client_secret: Secret,
    /// Whether it may be on a private network or on this machine.
    pub private_network: bool,
}

/// A service whose access tokens are good here too, such as Supabase. Without an issuer there is none.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OutsideJwt {
    /// What its tokens say in `iss`.
    pub issuer: String,
    /// What they must say in `aud`.
    pub audience: String,
    /// The secret that it signs with (HS256); empty: it publishes keys.
    pub secret: Secret,
    /// Where it publishes its keys (JWKS).
    pub jwks_url: String,
    /// Whether it may be on a private network or on this machine.
    pub private_network: bool,
}

/// How mail is sent. Without an address of a server none is.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Mail {
    /// `smtps://user:password@host:465`, or `smtp://…?tls=required`.
    pub smtp_url: Secret,
    /// Who writes: `Spandrel <no-reply@studio.example>`.
    pub from: String,
}

/// When the keyless local account exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LocalAccount {
    /// While the server listens on a loopback address, and only then.
    Auto,
    /// Never.
    Off,
}

/// When the API's page is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ApiPage {
    /// While the server listens on a loopback address.
    Auto,
    /// Always.
    On,
    /// Never.
    Off,
}

/// What one request or one person may cost.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Requests of one person (or, of strangers, one address) in a minute; 0: any number.
    pub requests_per_minute: u32,
    /// Tries to sign in of one address, and for one account, in a minute; 0: any number.
    pub logins_per_minute: u32,
    /// Tokens of language models, prompts and answers together, of one person in a day (UTC); 0: any number.
    pub tokens_per_day: u64,
    /// Money for language models of one person in a day (UTC), in millionths of the price table's currency; 0: any.
    pub cost_per_day: u64,
    /// Bytes of a JSON body.
    pub body_bytes: usize,
    /// Bytes of the D2 source of one version.
    pub source_bytes: usize,
    /// Life of a session since its last use.
    pub session_hours: u32,
    /// Requests of one person that may go on without their client at once.
    pub jobs_at_once: u32,
    /// Hours for which such a request and its answer are kept.
    pub job_hours: u32,
    /// Days for which notifications are kept.
    pub notification_days: u32,
    /// Messages kept of a session's conversation.
    pub history_messages: u32,
    /// Engine calls that may run at once; 0: one per processor.
    pub engine_calls: usize,
}

/// What is logged, and how.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Log {
    /// `error`, `warn`, `info`, `debug` or `trace`.
    pub level: Level,
    /// One JSON object a line instead of text.
    pub json: bool,
    /// Collector of OpenTelemetry traces, by OTLP over HTTP (`http://127.0.0.1:4318`); empty: nothing is traced.
    pub otlp_endpoint: String,
}

/// How much is logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// What needs an operator.
    Error,
    /// What may need one.
    Warn,
    /// One line a request.
    Info,
    /// What the parts do.
    Debug,
    /// Everything.
    Trace,
}

/// The five switches of the design service, by their names there.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Flags {
    /// `/v2/design/generate` answers; off: only the old `/v1/design` does.
    pub use_v2_service: bool,
    /// SVG export is offered.
    pub enable_svg_export: bool,
    /// A model may be asked where patterns and vectors do not decide.
    pub use_llm_fallback: bool,
    /// Notifications are kept and pushed.
    pub enable_notifications: bool,
    /// Style problems of a source are errors instead of warnings.
    pub strict_validation: bool,
}

impl Default for Server {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8787)),
            public_url: String::new(),
            api_page: ApiPage::Auto,
            web_dir: PathBuf::new(),
            allowed_origins: String::new(),
            trusted_proxies: 0,
            max_connections: 8192,
            header_timeout_ms: 10_000,
            request_timeout_ms: 30_000,
            shutdown_timeout_ms: 10_000,
        }
    }
}

impl Server {
    /// The listed origins, without blanks.
    pub fn origins(&self) -> impl Iterator<Item = &str> {
        self.allowed_origins.split(',').map(str::trim).filter(|origin| !origin.is_empty())
    }
}

impl Default for Storage {
    fn default() -> Self {
        Self {
            data_dir: PathBuf::new(),
            database_url: Secret::default(),
            redis_url: Secret::default(),
            redis_prefix: "spandrel".to_owned(),
            max_connections: 8,
            acquire_timeout_ms: 5_000,
        }
    }
}

impl Default for Accounts {
    fn default() -> Self {
        Self {
            local: LocalAccount::Auto,
            signing_secret: Secret::default(),
            registration: true,
            login_days: 30,
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            requests_per_minute: 100,
            logins_per_minute: 10,
            tokens_per_day: 0,
            cost_per_day: 0,
            body_bytes: 2 << 20,
            source_bytes: 512 << 10,
            session_hours: 24,
            jobs_at_once: 8,
            job_hours: 24,
            notification_days: 90,
            history_messages: 50,
            engine_calls: 0,
        }
    }
}

impl Default for Log {
    fn default() -> Self {
        Self { level: Level::Info, json: false, otlp_endpoint: String::new() }
    }
}

impl Default for Flags {
    fn default() -> Self {
        Self {
            use_v2_service: true,
            enable_svg_export: true,
            use_llm_fallback: true,
            enable_notifications: true,
            strict_validation: false,
        }
    }
}
