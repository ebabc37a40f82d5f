//! One line for each thing that happened: text for people, JSON for machines. Never prompts, bodies or keys.

use std::sync::OnceLock;

use tracing::level_filters::LevelFilter;
use tracing_subscriber::Registry;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::reload::{self, Handle};
use tracing_subscriber::util::SubscriberInitExt;

use crate::config::{Level, Log};

/// Changes what is logged, once there is a log.
static FILTER: OnceLock<Handle<Targets, Registry>> = OnceLock::new();

/// Sends the log to standard error. The first call wins; later ones change nothing.
pub fn init(config: &Log) {
    let (filter, handle) = reload::Layer::new(targets(config.level));
    let registry = tracing_subscriber::registry().with(filter);
    let layer = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_target(false);
    let done = if config.json {
        registry.with(layer.json().flatten_event(true)).try_init()
    } else {
        registry.with(layer).try_init()
    };
    // A subscriber that is already there belongs to whoever embeds the server.
    if done.is_ok() {
        drop(FILTER.set(handle));
    }
}

/// Logs more or less from now on.
pub(crate) fn set_level(level: Level) {
    if let Some(handle) = FILTER.get() {
        // Fails only when the log is gone.
        drop(handle.reload(targets(level)));
    }
}

fn targets(level: Level) -> Targets {
    let level = match level {
        Level::Error => LevelFilter::ERROR,
        Level::Warn => LevelFilter::WARN,
        Level::Info => LevelFilter::INFO,
        Level::Debug => LevelFilter::DEBUG,
        Level::Trace => LevelFilter::TRACE,
    };
    // The libraries below us log statements and header values; they stay at warnings whatever is asked.
    Targets::new().with_default(LevelFilter::WARN.min(level)).with_target("proxy_server", level)
}
