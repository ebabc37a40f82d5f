//! The person behind a request, and what their credentials allow.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use crate::error::Error;
use crate::state::AppState;
use crate::storage::projects::{Project, Role};

/// A person who was let in. Handlers name it to know who asks; whether one is needed stands in `policy`.
#[derive(Clone, Debug)]
pub struct Caller {
    /// Their id.
    pub user_id: String,
    /// May look after other accounts.
    pub is_admin: bool,
    /// How they showed who they are.
    pub means: Means,
    /// What that allows.
    pub scopes: Scopes,
}

/// How a caller showed who they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Means {
    /// By sitting at the keyboard.
    Local,
    /// By an access token of this login.
    Login(String),
    /// By an API key of this id.
    ApiKey(String),
    /// By a token of another issuer, which ends then (seconds since 1970).
    Outside(u64),
}

/// One thing that credentials may allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Look at projects and sessions.
    Read,
    /// Change them, ask for designs.
    Write,
    /// Use the relay.
    Llm,
}

impl Scope {
    /// As stored and shown.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Llm => "llm",
        }
    }

    /// From its name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Read, Self::Write, Self::Llm].into_iter().find(|scope| scope.as_str() == name)
    }
}

/// A set of scopes. Writing does not include reading.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scopes(u8);

impl Scopes {
    /// Everything.
    pub const ALL: Self = Self(0b111);

    /// Whether `scope` is among them.
    pub fn has(self, scope: Scope) -> bool {
        self.0 & 1 << scope as u8 != 0
    }
}

impl FromIterator<Scope> for Scopes {
    fn from_iter<I: IntoIterator<Item = Scope>>(scopes: I) -> Self {
        Self(scopes.into_iter().fold(0, |set, scope| set | 1 << scope as u8))
    }
}

impl FromRequestParts<AppState> for Caller {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &AppState) -> Result<Self, Error> {
        // Put there by `policy`. A handler that names a caller on a public route is a mistake of ours that
        // must not let anybody in.
        parts.extensions.get::<Self>().cloned().ok_or(Error::Unauthenticated)
    }
}

impl Caller {
    /// The project of this code, which the caller must be able to see (404) and use as `role` (403).
    pub(crate) async fn project(&self, state: &AppState, code: &str, role: Role) -> Result<Project, Error> {
        let project = state.storage.project(&self.user_id, code).await?.ok_or(Error::NotFound("project"))?;
        if project.role < role {
            return Err(Error::Forbidden);
        }
        Ok(project)
    }
}
