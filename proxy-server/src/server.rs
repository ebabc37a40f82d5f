//! The socket: accepts connections, bounds them, and ends well.
//!
//! hyper is driven by hand because `axum::serve` leaves Nagle's algorithm on (a stream of small events would
//! wait 40 ms for each) and has no timer for request headers.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use hyper::Request;
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;
use tokio::time::{Instant, interval_at};
use tower::Service;

use crate::app::app;
use crate::config::Config;
use crate::reload::reload;
use crate::state::AppState;
use crate::storage::{self, Storage};
use crate::{notifications, time};

/// How long the end waits for the ledger.
const BOOKS_TIME: Duration = Duration::from_secs(5);

/// How often measured times become counts: they wait in memory until then, whether anybody asks for them or not.
const UPKEEP: Duration = Duration::from_secs(5);

/// Why a server did not start or ended.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The address is taken or not ours.
    #[error("cannot listen on {address}: {cause}")]
    Listen {
        /// The configured address.
        address: SocketAddr,
        /// What the system said.
        cause: std::io::Error,
    },
    /// The database cannot be opened.
    #[error("cannot open the storage: {0}")]
    Storage(#[from] storage::Error),
}

/// A server that is listening.
#[derive(Debug)]
pub struct Running {
    /// What its handlers share; `listen` is its real address.
    pub state: AppState,
    task: JoinHandle<()>,
}

impl Running {
    /// `http://address:port`.
    pub fn url(&self) -> String {
        format!("http://{}", self.state.listen)
    }

    /// Takes another configuration without a dropped request; gives the names of what has changed and needs a
    /// restart. One that cannot work changes nothing and is one sentence.
    pub fn reload(&self, config: Config) -> Result<Vec<&'static str>, String> {
        reload(&self.state, config)
    }

    /// Stops accepting, lets running requests end and closes the storage.
    pub async fn stop(self) {
        self.state.shutdown.cancel();
        self.ended().await;
    }

    /// Waits until the server has ended, for whatever reason.
    pub async fn ended(self) {
        // The task neither panics nor is aborted.
        drop(self.task.await);
        // Streams that ended with the server have their use still to be written.
        if tokio::time::timeout(BOOKS_TIME, self.state.books.written()).await.is_err() {
            tracing::error!("the ledger could not be written to its end");
        }
        self.state.storage.close().await;
    }
}

/// Serves until the process is told to stop (Ctrl-C, or SIGTERM on Unix). On SIGHUP `again` gives the
/// configuration anew. `listening` is called once with the address, as `http://…`.
pub async fn serve(
    config: Config,
    again: impl Fn() -> Result<Config, String> + Send + 'static,
    listening: impl FnOnce(&str),
) -> Result<(), ServeError> {
    let running = start(config).await?;
    tokio::spawn(reload_when_told(running.state.clone(), again));
    let shutdown = running.state.shutdown.clone();
    tokio::spawn(async move {
        told_to_stop().await;
        tracing::info!("stopping");
        shutdown.cancel();
    });
    listening(&running.url());
    running.ended().await;
    Ok(())
}

/// Binds the address, opens the storage and serves in the background.
pub async fn start(config: Config) -> Result<Running, ServeError> {
    let address = config.server.listen;
    let cannot = |cause| ServeError::Listen { address, cause };
    let listener = TcpListener::bind(address).await.map_err(cannot)?;
    let listen = listener.local_addr().map_err(cannot)?;
    let storage = Storage::open(&config.storage).await?;
    let state = AppState::new(config, storage, listen)?;
    match state.prepare().await {
        Ok(()) => {}
        // A database that is away may come back; `/health/ready` says no until then.
        Err(storage::Error::Away(cause)) => {
            tracing::warn!(%cause, "the database does not answer yet; trying again in the background");
            tokio::spawn(prepare_later(state.clone()));
        }
        Err(error) => return Err(error.into()),
    }
    tokio::spawn(sweep(state.clone()));
    tokio::spawn(notifications::listen(state.clone()));
    let task = tokio::spawn(accept(listener, app(state.clone()), state.clone()));
    Ok(Running { state, task })
}

async fn prepare_later(state: AppState) {
    let mut wait = Duration::from_millis(250);
    while !state.shutdown.is_cancelled() {
        tokio::time::sleep(wait).await;
        match state.prepare().await {
            Ok(()) => {
                tracing::info!("the database answers");
                return;
            }
            Err(cause) => tracing::warn!(%cause, "the database does not answer yet"),
        }
        wait = (wait * 2).min(Duration::from_secs(4));
    }
}

/// Removes what has ended, now and then; the first time when the start is over.
async fn sweep(state: AppState) {
    let mut sweeps = interval_at(Instant::now() + Duration::from_mins(1), Duration::from_mins(10));
    let mut upkeeps = interval_at(Instant::now() + UPKEEP, UPKEEP);
    loop {
        tokio::select! {
            () = state.shutdown.cancelled() => return,
            _ = upkeeps.tick() => {
                state.metrics.keep_up();
                continue;
            }
            _ = sweeps.tick() => {}
        }
        let swept = async {
            state.storage.sweep_sessions().await?;
            state.storage.sweep_logins().await?;
            state.storage.sweep_answers().await?;
            state.storage.sweep_reservations().await?;
            state.storage.sweep_jobs().await?;
            let kept_ms = i64::from(state.config.limits.notification_days) * 86_400_000;
            state.storage.sweep_notifications(time::now() - kept_ms).await
        };
        if let Err(error) = swept.await {
            tracing::debug!(%error, "could not remove what has ended");
        }
        state.rates.forget();
    }
}

async fn accept(listener: TcpListener, app: Router, state: AppState) {
    let server = &state.config.server;
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(Duration::from_millis(server.header_timeout_ms))
        .max_buf_size(64 << 10);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(128)
        .max_header_list_size(64 << 10)
        .keep_alive_interval(Duration::from_secs(30));
    let builder = Arc::new(builder);
    let places = Arc::new(Semaphore::new(server.max_connections));
    let graceful = GracefulShutdown::new();
    loop {
        // A place first: without one, new connections wait in the system's queue.
        let place = tokio::select! {
            () = state.shutdown.cancelled() => break,
            place = Arc::clone(&places).acquire_owned() => place,
        };
        let accepted = tokio::select! {
            () = state.shutdown.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // Out of file descriptors, or a connection that died on the way: breathe, go on.
                tracing::warn!(%error, "cannot accept a connection");
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "cannot set TCP_NODELAY");
        }
        let app = app.clone();
        let service = hyper::service::service_fn(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(ConnectInfo(peer));
            app.clone().call(request)
        });
        let connection = builder.serve_connection_with_upgrades(TokioIo::new(stream), service).into_owned();
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            // Broken connections are the client's business.
            drop(connection.await);
            drop(place);
        });
    }
    drop(listener);
    let limit = Duration::from_millis(server.shutdown_timeout_ms);
    if tokio::time::timeout(limit, graceful.shutdown()).await.is_err() {
        tracing::warn!("some requests did not end in time");
    }
}

/// Reads the configuration anew on SIGHUP. A wrong one is one line in the log, and the old one stays.
#[cfg(unix)]
async fn reload_when_told(state: AppState, again: impl Fn() -> Result<Config, String> + Send + 'static) {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut told) = signal(SignalKind::hangup()) else { return };
    loop {
        tokio::select! {
            () = state.shutdown.cancelled() => return,
            _ = told.recv() => {}
        }
        match again().and_then(|config| reload(&state, config)) {
            Ok(waiting) => {
                tracing::info!("the configuration was read anew");
                if !waiting.is_empty() {
                    tracing::warn!(settings = waiting.join(", "), "these need a restart");
                }
                if let Err(error) = state.storage.note(Some("operator"), "config.reloaded", "", "", "").await
                {
                    tracing::error!(%error, "cannot write the audit log");
                }
            }
            Err(why) => tracing::error!(why, "the configuration stays as it was"),
        }
    }
}

#[cfg(not(unix))]
async fn reload_when_told(_: AppState, _: impl Fn() -> Result<Config, String> + Send + 'static) {}

/// Waits for Ctrl-C, or SIGTERM on Unix.
async fn told_to_stop() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
            return;
        }
    }
    drop(tokio::signal::ctrl_c().await);
}
