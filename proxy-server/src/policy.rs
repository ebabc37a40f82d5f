//! The access table: what every route asks of who calls it, how it is bounded, and what it writes into the
//! audit log.
//!
//! A route without a row answers 500 and fails a test: nothing is open, unlimited or unbounded by forgetting.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::LazyLock;
use std::time::Duration;

use axum::extract::{MatchedPath, Request, State};
use axum::http::Method;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::Response;

use crate::accounts::{Caller, Means, Scope, authenticate, client_address, is_on_this_machine};
use crate::config::Config;
use crate::error::Error;
use crate::state::AppState;

/// Who may call a route, and by what their calls are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Anybody, as often as they like: signs of life, asked by machines.
    Probe,
    /// Anybody; counted by address.
    Public,
    /// Anybody, a few times a minute: tries to sign in.
    Login,
    /// A known person, by any means that has this scope; counted by person.
    Scope(Scope),
    /// The same, found out and answered by the relay in its caller's dialect ([`admit`] is asked there).
    Relay,
    /// The person themselves: a key of theirs is not enough.
    Person,
    /// An admin, themselves.
    Admin,
    /// A program on this machine, or an admin.
    Operator,
}

/// How large a request may be and how long it may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// `limits.body_bytes`, and the head of the answer within `server.request_timeout_ms`.
    Answer,
    /// The same size; a language model may be asked, so the relay's deadline for a whole request is added.
    Model,
    /// The relay's own sizes and deadlines (`llm.request_bytes`, `llm.total_timeout_ms`).
    Relay,
    /// A WebSocket: 64 KiB a message, a minute of silence, ten for each person.
    Socket,
}

/// What the table says of one route.
#[derive(Clone, Debug)]
pub struct Row {
    /// HEAD is asked as GET.
    pub method: Method,
    /// As routed.
    pub path: &'static str,
    /// Who may call it.
    pub need: Need,
    /// How it is bounded.
    pub bound: Bound,
    /// What it notes in the audit log when it has changed something there; empty: nothing.
    pub audit: &'static [&'static str],
}

use Bound::{Answer, Model, Socket};
use Need::{Admin, Login, Operator, Person, Probe, Public, Relay};
const READ: Need = Need::Scope(Scope::Read);
const WRITE: Need = Need::Scope(Scope::Write);

const fn row(
    method: Method,
    path: &'static str,
    need: Need,
    bound: Bound,
    audit: &'static [&'static str],
) -> Row {
    Row { method, path, need, bound, audit }
}

/// Every route.
pub const TABLE: &[Row] = &[
    row(Method::GET, "/health", Probe, Answer, &[]),
    row(Method::GET, "/health/live", Probe, Answer, &[]),
    row(Method::GET, "/health/ready", Probe, Answer, &[]),
    row(Method::GET, "/openapi.json", Public, Answer, &[]),
    row(Method::GET, "/docs", Public, Answer, &[]),
    row(Method::GET, "/docs/", Public, Answer, &[]),
    row(Method::GET, "/docs/{*file}", Public, Answer, &[]),
    row(Method::GET, "/metrics", Operator, Answer, &[]),
    row(Method::GET, "/v1/flags", READ, Answer, &[]),
    row(Method::POST, "/v1/auth/register", Login, Answer, &["account.made"]),
    row(Method::POST, "/v1/auth/login", Login, Answer, &["login", "login.failed"]),
    row(Method::POST, "/v1/auth/refresh", Login, Answer, &["token.reused"]),
    row(Method::POST, "/v1/auth/logout", Login, Answer, &[]),
    row(Method::POST, "/v1/auth/password", Person, Answer, &["password.changed"]),
    row(Method::POST, "/v1/auth/password/reset", Login, Answer, &["password.reset.asked"]),
    row(Method::POST, "/v1/auth/password/reset/confirm", Login, Answer, &["password.reset"]),
    row(Method::GET, "/v1/auth/oidc", Public, Answer, &[]),
    row(Method::GET, "/v1/auth/oidc/{provider}/start", Login, Answer, &[]),
    row(
        Method::GET,
        "/v1/auth/oidc/{provider}/callback",
        Login,
        Answer,
        &["account.made", "account.adopted"],
    ),
    row(Method::GET, "/v1/users/me", READ, Answer, &[]),
    row(Method::PATCH, "/v1/users/me", Person, Answer, &[]),
    row(Method::DELETE, "/v1/users/me", Person, Answer, &["account.deleted"]),
    row(Method::GET, "/v1/users/me/export", Person, Answer, &["account.exported"]),
    row(Method::GET, "/v1/api-keys", Person, Answer, &[]),
    row(Method::POST, "/v1/api-keys", Person, Answer, &["key.made"]),
    row(Method::DELETE, "/v1/api-keys/{id}", Person, Answer, &["key.deleted"]),
    row(Method::GET, "/v1/admin/users", Admin, Answer, &[]),
    row(
        Method::PATCH,
        "/v1/admin/users/{id}",
        Admin,
        Answer,
        &["account.rights", "account.credit", "flags.changed"],
    ),
    row(Method::GET, "/v1/admin/audit", Admin, Answer, &[]),
    row(Method::GET, "/v1/templates", READ, Answer, &[]),
    row(Method::GET, "/v1/templates/{id}", READ, Answer, &[]),
    row(Method::GET, "/v1/projects", READ, Answer, &[]),
    row(Method::POST, "/v1/projects", WRITE, Answer, &[]),
    row(Method::GET, "/v1/projects/{code}", READ, Answer, &[]),
    row(Method::PATCH, "/v1/projects/{code}", WRITE, Answer, &[]),
    row(Method::DELETE, "/v1/projects/{code}", WRITE, Answer, &["project.deleted"]),
    row(Method::GET, "/v1/projects/{code}/style", READ, Answer, &[]),
    row(Method::PUT, "/v1/projects/{code}/style", WRITE, Answer, &[]),
    row(Method::GET, "/v1/projects/{code}/members", READ, Answer, &[]),
    row(Method::PATCH, "/v1/projects/{code}/members/{user_id}", Person, Answer, &["member.role"]),
    row(Method::DELETE, "/v1/projects/{code}/members/{user_id}", Person, Answer, &["member.removed"]),
    row(Method::GET, "/v1/projects/{code}/invitations", READ, Answer, &[]),
    row(Method::POST, "/v1/projects/{code}/invitations", Person, Answer, &["member.invited"]),
    row(Method::DELETE, "/v1/projects/{code}/invitations/{id}", Person, Answer, &[]),
    row(Method::GET, "/v1/invitations", READ, Answer, &[]),
    row(Method::POST, "/v1/invitations/{id}/accept", Person, Answer, &["member.joined"]),
    row(Method::POST, "/v1/invitations/{id}/decline", Person, Answer, &["member.declined"]),
    row(Method::GET, "/v1/projects/{code}/versions", READ, Answer, &[]),
    row(Method::POST, "/v1/projects/{code}/versions", WRITE, Answer, &[]),
    row(Method::GET, "/v1/projects/{code}/versions/{n}", READ, Answer, &[]),
    row(Method::GET, "/v1/projects/{code}/versions/{a}/diff/{b}", READ, Answer, &[]),
    row(Method::POST, "/v1/projects/{code}/versions/{n}/restore", WRITE, Answer, &["version.restored"]),
    row(Method::GET, "/v2/sessions", READ, Answer, &[]),
    row(Method::POST, "/v2/sessions", WRITE, Answer, &[]),
    row(Method::GET, "/v2/sessions/{id}", READ, Answer, &[]),
    row(Method::PATCH, "/v2/sessions/{id}", WRITE, Answer, &[]),
    row(Method::DELETE, "/v2/sessions/{id}", WRITE, Answer, &[]),
    row(Method::GET, "/v1/usage", READ, Answer, &[]),
    row(Method::GET, "/v1/quota", READ, Answer, &[]),
    row(Method::GET, "/v1/notifications", READ, Answer, &[]),
    row(Method::POST, "/v1/notifications/{id}/read", WRITE, Answer, &[]),
    row(Method::POST, "/v1/ws-ticket", Person, Answer, &[]),
    // The handshake itself finds out who it is: by ticket, or as everywhere.
    row(Method::GET, "/ws/notifications", Login, Socket, &[]),
    row(Method::POST, "/v2/design/generate", WRITE, Model, &[]),
    row(Method::POST, "/v1/design", WRITE, Model, &[]),
    row(Method::GET, "/v1/jobs/{id}", READ, Answer, &[]),
    row(Method::DELETE, "/v1/jobs/{id}", WRITE, Answer, &[]),
    row(Method::GET, "/v1/jobs/{id}/events", READ, Answer, &[]),
    row(Method::POST, "/v1/llm/chat/completions", Relay, Bound::Relay, &[]),
    row(Method::POST, "/v1/llm/responses", Relay, Bound::Relay, &[]),
    row(Method::POST, "/v1/llm/messages", Relay, Bound::Relay, &[]),
    row(Method::POST, "/v1/llm/v1/messages", Relay, Bound::Relay, &[]),
    row(Method::GET, "/v1/llm/models", Relay, Bound::Relay, &[]),
    row(Method::GET, "/v1/llm/models/{*id}", Relay, Bound::Relay, &[]),
    row(Method::GET, "/v1/llm/v1/models", Relay, Bound::Relay, &[]),
    row(Method::GET, "/v1/llm/v1/models/{*id}", Relay, Bound::Relay, &[]),
];

/// The rows by path: a request looks its own up twice.
static BY_PATH: LazyLock<HashMap<&'static str, Vec<&'static Row>>> = LazyLock::new(|| {
    let mut paths: HashMap<_, Vec<_>> = HashMap::new();
    for row in TABLE {
        paths.entry(row.path).or_default().push(row);
    }
    paths
});

/// The row of a route; HEAD is asked as GET.
pub fn find(method: &Method, path: &str) -> Option<&'static Row> {
    let method = if method == Method::HEAD { &Method::GET } else { method };
    BY_PATH.get(path)?.iter().find(|row| row.method == method).copied()
}

/// The path as the table has it, where it has a row for any method.
pub(crate) fn known(path: &str) -> Option<&'static str> {
    BY_PATH.get_key_value(path).map(|(path, _)| *path)
}

/// Until when a request must have the head of its answer; `None`: the route times itself.
pub(crate) fn time_limit(method: &Method, path: Option<&MatchedPath>, config: &Config) -> Option<Duration> {
    let answer = Duration::from_millis(config.server.request_timeout_ms);
    let bound = path.and_then(|path| find(method, path.as_str())).map_or(Answer, |row| row.bound);
    match bound {
        Answer => Some(answer),
        Model => Some(answer + Duration::from_millis(config.llm.total_timeout_ms)),
        Bound::Relay | Socket => None,
    }
}

/// Finds out who calls and whether they may; `None` where nobody needs to be known. Every call is counted here.
pub(crate) async fn admit(parts: &Parts, state: &AppState, need: Need) -> Result<Option<Caller>, Error> {
    let address = match parts.extensions.get::<IpAddr>() {
        Some(address) => *address,
        None => client_address(parts, state),
    };
    let need = match need {
        Probe => return Ok(None),
        Public => return state.rates.stranger(address).await.map(|()| None),
        Login => return state.rates.login_address(address).await.map(|()| None),
        Operator if is_on_this_machine(parts) => return Ok(None),
        Relay => Need::Scope(Scope::Llm),
        need => need,
    };
    let caller = match authenticate(parts, state).await {
        Ok(caller) => caller,
        Err(error) => {
            // Guessing is bounded, and so is asking without a key.
            state.rates.stranger(address).await?;
            return Err(error);
        }
    };
    // The person at the keyboard only ever waits for themselves.
    if caller.means != Means::Local {
        state.rates.person(&caller.user_id).await?;
    }
    match need {
        Need::Scope(scope) if !caller.scopes.has(scope) => {
            return Err(Error::NotAllowed("this API key does not have the scope for it"));
        }
        Person | Admin | Operator if matches!(caller.means, Means::ApiKey(_)) => {
            return Err(Error::NotAllowed("an API key cannot do this; sign in"));
        }
        // Not even its existence is for others.
        Admin | Operator if !caller.is_admin => return Err(Error::NotFound("address")),
        _ => {}
    }
    Ok(Some(caller))
}

/// Lets a request through to its route or not.
pub(crate) async fn layer(
    State(state): State<AppState>,
    path: MatchedPath,
    request: Request,
    next: Next,
) -> Result<Response, Error> {
    let (mut parts, body) = request.into_parts();
    parts.extensions.insert(client_address(&parts, &state));
    let Some(row) = find(&parts.method, path.as_str()) else {
        if known(path.as_str()).is_some() {
            // The router knows the path and will say that the method is wrong.
            return Ok(next.run(Request::from_parts(parts, body)).await);
        }
        return Err(Error::internal(format!("`{}` has no row in the access table", path.as_str())));
    };
    if row.need != Relay
        && let Some(caller) = admit(&parts, &state, row.need).await?
    {
        parts.extensions.insert(caller);
    }
    Ok(next.run(Request::from_parts(parts, body)).await)
}
