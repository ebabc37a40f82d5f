//! Everything that must outlive the process, and the caches in front of it: one SQL text for SQLite and PostgreSQL.
//!
//! Both databases understand `$1` placeholders, `RETURNING` and `ON CONFLICT`; the `Any` driver of sqlx carries
//! texts and 64-bit integers to either. SQLite gets one writing connection, whose transactions begin with
//! `BEGIN IMMEDIATE`, and a pool of readers: under WAL nobody waits for a reader. Every commit is synced.

pub mod api_keys;
pub mod audit;
pub(crate) mod backup;
mod error;
mod flags;
pub mod idempotency;
pub mod identities;
pub mod jobs;
mod key_cache;
mod ledger;
pub mod logins;
pub mod members;
mod migrations;
pub mod notifications;
pub mod projects;
mod redis;
mod resets;
mod session_cache;
pub mod sessions;
mod styles;
pub mod usage;
pub mod users;
pub mod versions;

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use sqlx::any::{AnyConnectOptions, AnyPoolOptions, AnyRow};
use sqlx::{Any, AnyPool, Row, Transaction};

pub use error::Error;

use key_cache::KeyCache;
pub(crate) use redis::Redis;
use session_cache::SessionCache;

use crate::config;

/// What a storage call gives.
pub type Result<T> = std::result::Result<T, Error>;

/// A transaction that rolls back unless it is committed.
pub(crate) type Tx = Transaction<'static, Any>;

/// The databases that are spoken to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A file beside the server.
    Sqlite,
    /// A server of its own.
    Postgres,
}

/// Open pools. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Storage {
    kind: Kind,
    /// One connection on SQLite; the same pool as `read` on PostgreSQL.
    write: AnyPool,
    read: AnyPool,
    /// Where several servers share caches and counters.
    redis: Option<Redis>,
    sessions: SessionCache,
    keys: KeyCache,
    /// Keeps restores out of the data folder.
    _in_use: Option<Arc<backup::InUse>>,
}

impl Storage {
    /// Opens the database that `config` names, making it (SQLite) and its tables where they are missing.
    pub async fn open(config: &config::Storage) -> Result<Self> {
        sqlx::any::install_default_drivers();
        let storage = if config.database_url.is_empty() {
            Self::open_sqlite(&data_dir(config)?, config).await?
        } else {
            Self::open_postgres(config)?
        };
        Ok(storage)
    }

    async fn open_sqlite(dir: &Path, config: &config::Storage) -> Result<Self> {
        make_private_dir(dir)?;
        let in_use = Arc::new(backup::in_use(dir)?);
        let options = AnyConnectOptions::from_str(&sqlite_url(&dir.join(backup::DATABASE)))?;
        let pool = |connections: u32| {
            AnyPoolOptions::new()
                .max_connections(connections)
                .acquire_timeout(Duration::from_millis(config.acquire_timeout_ms))
                // A file does not hang up; asking it first would double the cost of a small query.
                .test_before_acquire(false)
                .after_connect(|connection, _| {
                    Box::pin(async move {
                        // FULL: under WAL, NORMAL may lose an acknowledged commit when the power fails. The cache of a
                        // connection forgets all at another's commit: half a megabyte of it is enough.
                        sqlx::raw_sql(
                            "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
                             PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA cache_size = -512;",
                        )
                        .execute(connection)
                        .await?;
                        Ok(())
                    })
                })
        };
        // Kept for good: reconnecting would only cost.
        let write = pool(1).idle_timeout(None).max_lifetime(None).connect_with(options.clone()).await?;
        let read = pool(config.max_connections).connect_lazy_with(options);
        let redis = Redis::open(config)?;
        let sessions = SessionCache::local();
        let keys = KeyCache::new();
        Ok(Self { kind: Kind::Sqlite, write, read, redis, sessions, keys, _in_use: Some(in_use) })
    }

    /// Connects lazily: the server starts while the database is away and says so in `/health/ready`.
    fn open_postgres(config: &config::Storage) -> Result<Self> {
        let options = AnyConnectOptions::from_str(config.database_url.expose())?;
        let pool = AnyPoolOptions::new()
            .max_connections(config.max_connections.max(2))
            .acquire_timeout(Duration::from_millis(config.acquire_timeout_ms))
            .test_before_acquire(true)
            .connect_lazy_with(options);
        let redis = Redis::open(config)?;
        let sessions = redis.clone().map_or_else(SessionCache::none, SessionCache::shared);
        let keys = KeyCache::new();
        Ok(Self {
            kind: Kind::Postgres,
            write: pool.clone(),
            read: pool,
            redis,
            sessions,
            keys,
            _in_use: None,
        })
    }

    /// Which database it is.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Makes the tables that are missing. Safe to run from several servers at once.
    pub async fn migrate(&self) -> Result<()> {
        migrations::run(self).await
    }

    /// Asks the database for a sign of life.
    pub async fn ping(&self) -> Result<()> {
        sqlx::query("SELECT 1").execute(&self.read).await?;
        Ok(())
    }

    /// Redis, where it is configured.
    pub(crate) fn redis(&self) -> Option<&Redis> {
        self.redis.as_ref()
    }

    /// Looks for a session that the cache answered, and that it did not.
    pub(crate) fn session_cache_counts(&self) -> (u64, u64) {
        self.sessions.counts()
    }

    /// Ends all connections after the running calls.
    pub async fn close(&self) {
        self.read.close().await;
        self.write.close().await;
    }

    /// The pool for reading outside of a transaction.
    pub(crate) fn read(&self) -> &AnyPool {
        &self.read
    }

    /// Takes the write lock at once; a lock taken later could fail half-way.
    async fn begin_sqlite(&self) -> Result<Tx> {
        const BEGIN: &str = "BEGIN IMMEDIATE";
        match self.write.begin_with(BEGIN).await {
            // SQLite ends a transaction by itself when the disk is full; the driver then counts one that is not
            // there. The connection is given up for a new one.
            Err(sqlx::Error::InvalidSavePointStatement | sqlx::Error::BeginFailed) => {
                self.write.acquire().await?.close().await?;
                Ok(self.write.begin_with(BEGIN).await?)
            }
            begun => Ok(begun?),
        }
    }

    /// Begins a transaction that may write.
    pub(crate) async fn begin(&self) -> Result<Tx> {
        Ok(match self.kind {
            Kind::Sqlite => self.begin_sqlite().await?,
            Kind::Postgres => self.write.begin().await?,
        })
    }
}

/// The address of a SQLite file; escaped, so that a `?` or `%` in a folder's name stays part of it.
fn sqlite_url(path: &Path) -> String {
    let escaped = path.to_string_lossy().replace('%', "%25").replace('?', "%3F").replace('#', "%23");
    format!("sqlite://{escaped}?mode=rwc")
}

/// The configured data folder, or the user's.
pub fn data_dir(config: &config::Storage) -> Result<PathBuf> {
    if !config.data_dir.as_os_str().is_empty() {
        return Ok(config.data_dir.clone());
    }
    let var = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let base = if cfg!(target_os = "windows") {
        var("LOCALAPPDATA")
    } else if cfg!(target_os = "macos") {
        var("HOME").map(|home| home.join("Library/Application Support"))
    } else {
        var("XDG_DATA_HOME").or_else(|| var("HOME").map(|home| home.join(".local/share")))
    };
    base.map(|base| base.join("spandrel"))
        .ok_or_else(|| Error::Other("no data folder is known: set SPANDREL_STORAGE_DATA_DIR".to_owned()))
}

/// Makes a folder that only its owner may enter.
pub(crate) fn make_private_dir(dir: &Path) -> Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
        .create(dir)
        .map_err(|cause| Error::Other(format!("cannot make the data folder `{}`: {cause}", dir.display())))
}

/// The first column of a row as a count.
fn count(row: &AnyRow) -> Result<u64> {
    Ok(u64::try_from(row.try_get::<i64, _>(0)?).unwrap_or(0))
}

/// A window into a list.
#[derive(Clone, Copy, Debug)]
pub struct Window {
    /// Entries to leave out.
    pub offset: i64,
    /// Entries to give at most.
    pub limit: i64,
}

impl Window {
    /// One more than wanted: whether it is there tells whether the list goes on.
    fn and_one(&self) -> i64 {
        self.limit.saturating_add(1)
    }

    /// How long the list is, where what was read of it with [`Window::and_one`] tells.
    fn total(&self, read: usize) -> Option<u64> {
        let is_the_end = read as i64 <= self.limit && (read > 0 || self.offset == 0);
        is_the_end.then(|| u64::try_from(self.offset).unwrap_or(0) + read as u64)
    }
}

/// A part of a list and how long the list is.
#[derive(Clone, Debug)]
pub struct Part<T> {
    /// The entries of the window.
    pub items: Vec<T>,
    /// Entries of the whole list.
    pub total: u64,
}
