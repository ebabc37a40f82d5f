//! The access table: what every route asks of who calls it, and how it is bounded.
//!
//! A route without a row answers 500 and fails a test: nothing is open by forgetting.

use axum::extract::{MatchedPath, Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::Response;

use crate::accounts::{Means, Scope, authenticate, client_address, is_on_this_machine};
use crate::error::Error;
use crate::state::AppState;

/// Who may call a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Anybody.
    Nothing,
    /// Anybody, a few times a minute: tries to sign in.
    Login,
    /// A known person, by any means that has this scope.
    Scope(Scope),
    /// The person themselves: a key of theirs is not enough.
    Person,
    /// An admin, themselves.
    Admin,
    /// A program on this machine, or an admin.
    Operator,
}

use Need::{Admin, Login, Nothing, Operator, Person};
const READ: Need = Need::Scope(Scope::Read);
const WRITE: Need = Need::Scope(Scope::Write);

/// Method, path as routed, and who may call it.
pub const TABLE: &[(Method, &str, Need)] = &[
    (Method::GET, "/health", Nothing),
    (Method::GET, "/health/live", Nothing),
    (Method::GET, "/health/ready", Nothing),
    (Method::GET, "/openapi.json", Nothing),
    (Method::GET, "/metrics", Operator),
    (Method::GET, "/v1/flags", READ),
    (Method::POST, "/v1/auth/register", Login),
    (Method::POST, "/v1/auth/login", Login),
    (Method::POST, "/v1/auth/refresh", Login),
    (Method::POST, "/v1/auth/logout", Nothing),
    (Method::POST, "/v1/auth/password", Person),
    (Method::GET, "/v1/users/me", READ),
    (Method::PATCH, "/v1/users/me", Person),
    (Method::DELETE, "/v1/users/me", Person),
    (Method::GET, "/v1/users/me/export", Person),
    (Method::GET, "/v1/api-keys", Person),
    (Method::POST, "/v1/api-keys", Person),
    (Method::DELETE, "/v1/api-keys/{id}", Person),
    (Method::GET, "/v1/admin/users", Admin),
    (Method::PATCH, "/v1/admin/users/{id}", Admin),
    (Method::GET, "/v1/admin/audit", Admin),
    (Method::GET, "/v1/projects", READ),
    (Method::POST, "/v1/projects", WRITE),
    (Method::GET, "/v1/projects/{code}", READ),
    (Method::PATCH, "/v1/projects/{code}", WRITE),
    (Method::DELETE, "/v1/projects/{code}", WRITE),
    (Method::GET, "/v1/projects/{code}/members", READ),
    (Method::PATCH, "/v1/projects/{code}/members/{user_id}", Person),
    (Method::DELETE, "/v1/projects/{code}/members/{user_id}", Person),
    (Method::GET, "/v1/projects/{code}/invitations", READ),
    (Method::POST, "/v1/projects/{code}/invitations", Person),
    (Method::DELETE, "/v1/projects/{code}/invitations/{id}", Person),
    (Method::GET, "/v1/invitations", READ),
    (Method::POST, "/v1/invitations/{id}/accept", Person),
    (Method::POST, "/v1/invitations/{id}/decline", Person),
    (Method::GET, "/v1/projects/{code}/versions", READ),
    (Method::POST, "/v1/projects/{code}/versions", WRITE),
    (Method::GET, "/v1/projects/{code}/versions/{n}", READ),
    (Method::GET, "/v1/projects/{code}/versions/{a}/diff/{b}", READ),
    (Method::POST, "/v1/projects/{code}/versions/{n}/restore", WRITE),
    (Method::GET, "/v2/sessions", READ),
    (Method::POST, "/v2/sessions", WRITE),
    (Method::GET, "/v2/sessions/{id}", READ),
    (Method::PATCH, "/v2/sessions/{id}", WRITE),
    (Method::DELETE, "/v2/sessions/{id}", WRITE),
    (Method::GET, "/v1/usage", READ),
    (Method::GET, "/v1/quota", READ),
    (Method::GET, "/v1/notifications", READ),
    (Method::POST, "/v1/notifications/{id}/read", WRITE),
    (Method::POST, "/v1/ws-ticket", Person),
    // The handshake itself finds out who it is: by ticket, or as everywhere.
    (Method::GET, "/ws/notifications", Login),
    (Method::POST, "/v2/design/generate", WRITE),
    (Method::POST, "/v1/design", WRITE),
    (Method::GET, "/v1/jobs/{id}", READ),
    (Method::DELETE, "/v1/jobs/{id}", WRITE),
    (Method::GET, "/v1/jobs/{id}/events", READ),
];

/// What a route asks for; HEAD is asked as GET.
pub fn need(method: &Method, path: &str) -> Option<Need> {
    let method = if method == Method::HEAD { &Method::GET } else { method };
    TABLE.iter().find(|(m, p, _)| m == method && *p == path).map(|&(_, _, need)| need)
}

/// Whether the path has a row for any method.
fn is_known(path: &str) -> bool {
    TABLE.iter().any(|(_, p, _)| *p == path)
}

/// Finds out who calls, and lets them through to the route or not.
pub(crate) async fn layer(
    State(state): State<AppState>,
    path: MatchedPath,
    request: Request,
    next: Next,
) -> Result<Response, Error> {
    let (mut parts, body) = request.into_parts();
    let address = client_address(&parts, &state);
    parts.extensions.insert(address);
    let Some(need) = need(&parts.method, path.as_str()) else {
        if is_known(path.as_str()) {
            // The router knows the path and will say that the method is wrong.
            return Ok(next.run(Request::from_parts(parts, body)).await);
        }
        return Err(Error::internal(format!("`{}` has no row in the access table", path.as_str())));
    };
    match need {
        Nothing => {}
        Login => state.rates.login_address(address)?,
        Operator if is_on_this_machine(&parts) => {}
        Need::Scope(_) | Person | Admin | Operator => {
            let caller = match authenticate(&parts, &state).await {
                Ok(caller) => caller,
                Err(error) => {
                    // Guessing is bounded, and so is asking without a key.
                    state.rates.stranger(address)?;
                    return Err(error);
                }
            };
            // The person at the keyboard only ever waits for themselves.
            if caller.means != Means::Local {
                state.rates.person(&caller.user_id)?;
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
            parts.extensions.insert(caller);
        }
    }
    Ok(next.run(Request::from_parts(parts, body)).await)
}
