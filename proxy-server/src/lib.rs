//! The server: a thin layer over the engine that knows people, keeps projects and versions, and serves the
//! web app.
//!
//! Thin means: no diagram logic. Every decision about D2 is one call in [`engine`]. Accounts, storage and the
//! design pipeline are modules of their own; `app` puts them behind one router, `server` puts that behind a
//! socket. Read `app` first.

pub mod accounts;
mod app;
pub mod config;
mod design;
pub mod engine;
pub mod error;
mod flags;
mod ids;
pub mod llm;
pub mod logging;
mod mail;
mod metrics;
mod middleware;
mod notifications;
pub mod operator;
mod outbound;
pub mod policy;
mod rates;
mod relay;
mod reload;
mod routes;
mod server;
mod sse;
mod state;
pub mod storage;
pub mod time;
mod traces;

pub use app::{app, openapi};
pub use config::Config;
pub use server::{Running, ServeError, serve, start};
pub use state::AppState;

/// Nearly twice the calls a second of the system's allocator at 16 clients (docs/performance.md, L1).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;
