//! Another configuration for a running server, without a dropped request.

use crate::config::{Config, Server, Storage};
use crate::logging;
use crate::state::AppState;

/// Takes what can be taken while requests run; gives the names of what has changed and needs a restart. A
/// configuration that cannot work changes nothing and is one sentence.
pub(crate) fn reload(state: &AppState, mut next: Config) -> Result<Vec<&'static str>, String> {
    let now = state.config.clone();
    // The only part that may still refuse.
    state.relay.reload(next.llm.clone())?;
    let waiting = keep_what_is_built(&now, &mut next);
    state.rates.change(&next.limits);
    state.rebuild(&next);
    logging::set_level(next.log.level);
    state.config.replace(next);
    Ok(waiting)
}

/// Puts what sockets, pools and keys were made from back to what it is.
fn keep_what_is_built(now: &Config, next: &mut Config) -> Vec<&'static str> {
    let mut waiting = Vec::new();
    let mut keep = |differs: bool, name: &'static str| {
        if differs {
            waiting.push(name);
        }
    };
    let server = &now.server;
    keep(server.listen != next.server.listen, "server.listen");
    keep(server.max_connections != next.server.max_connections, "server.max_connections");
    keep(server.header_timeout_ms != next.server.header_timeout_ms, "server.header_timeout_ms");
    next.server = Server {
        listen: server.listen,
        max_connections: server.max_connections,
        header_timeout_ms: server.header_timeout_ms,
        ..next.server.clone()
    };
    let (is, wanted) = (&now.storage, &next.storage);
    let same = is.data_dir == wanted.data_dir
        && is.database_url.expose() == wanted.database_url.expose()
        && is.redis_url.expose() == wanted.redis_url.expose()
        && is.redis_prefix == wanted.redis_prefix
        && (is.max_connections, is.acquire_timeout_ms) == (wanted.max_connections, wanted.acquire_timeout_ms);
    keep(!same, "storage");
    next.storage = Storage::clone(is);
    let secret = &now.accounts.signing_secret;
    keep(secret.expose() != next.accounts.signing_secret.expose(), "accounts.signing_secret");
    next.accounts.signing_secret = secret.clone();
    keep(now.limits.engine_calls != next.limits.engine_calls, "limits.engine_calls");
    keep(now.limits.body_bytes != next.limits.body_bytes, "limits.body_bytes");
    next.limits.engine_calls = now.limits.engine_calls;
    next.limits.body_bytes = now.limits.body_bytes;
    keep(now.log.json != next.log.json, "log.json");
    next.log.json = now.log.json;
    keep(now.log.otlp_endpoint != next.log.otlp_endpoint, "log.otlp_endpoint");
    next.log.otlp_endpoint.clone_from(&now.log.otlp_endpoint);
    waiting
}
