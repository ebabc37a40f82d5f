//! The extractor that every protected handler names.

use axum::extract::FromRequestParts;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;

use super::local;
use crate::error::Error;
use crate::state::AppState;
use crate::storage::projects::{Project, Role};
use crate::storage::users::LOCAL_ID;

/// A person who may come in. A handler without this argument serves anybody.
#[derive(Clone, Debug)]
pub struct Caller {
    /// Their id.
    pub user_id: String,
    /// May look after other accounts.
    pub is_admin: bool,
}

impl FromRequestParts<AppState> for Caller {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Error> {
        // Credentials that are there must be right: nobody falls back to the local account by a typing error.
        if parts.headers.contains_key(AUTHORIZATION) || parts.headers.contains_key("x-api-key") {
            return Err(Error::Unauthenticated);
        }
        if state.has_local_account() && local::is_local(parts, &state.config.server) {
            return Ok(Self { user_id: LOCAL_ID.to_owned(), is_admin: true });
        }
        Err(Error::Unauthenticated)
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
