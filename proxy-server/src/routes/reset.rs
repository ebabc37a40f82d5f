//! `/v1/auth/password/reset`: a new password for who has forgotten the old one, by mail.

use axum::extract::State;
use axum::http::{Extensions, StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::extract::Json;
use crate::accounts::{self, audit, check_password, new_secret};
use crate::error::{self, Error};
use crate::middleware::request_id;
use crate::state::AppState;

/// Life of a leave to choose a new password.
const LIFE_MS: i64 = 30 * 60_000;

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(ask)).routes(routes!(confirm))
}

/// Whose password was forgotten.
#[derive(Deserialize, ToSchema)]
struct Ask {
    email: String,
}

/// A new password, with the token of the mail.
#[derive(Deserialize, ToSchema)]
struct Confirm {
    token: String,
    /// 10 to 128 characters that are hard to guess.
    #[schema(min_length = 10, max_length = 128)]
    new: String,
}

/// What became of it.
#[derive(Serialize, ToSchema)]
struct Asked {
    message: &'static str,
}

/// Sends a mail with a token. The answer is the same whether the address has an account or not. Where no mail is
/// sent from this server its operator helps: `spandrel user password`.
#[utoipa::path(post, path = "/v1/auth/password/reset", tag = "accounts", request_body = Ask, responses(
    (status = 202, description = "if the address has an account, a mail is on its way", body = Asked),
    (status = 404, description = "this server sends no mail", body = error::Body),
    (status = 422, body = error::Body), (status = 429, body = error::Body)))]
async fn ask(
    State(state): State<AppState>,
    extensions: Extensions,
    Json(body): Json<Ask>,
) -> Result<(StatusCode, axum::Json<Asked>), Error> {
    let Some(mail) = state.mail() else {
        return Err(Error::SwitchedOff("password reset by mail"));
    };
    let email = accounts::email(&body.email).ok_or_else(|| Error::field("email", "it is not an address"))?;
    // Nobody's mailbox is to be filled.
    state.rates.login_account(&email).await?;
    let task = {
        let (state, extensions) = (state.clone(), extensions.clone());
        async move {
            let found = match state.storage.user_by_email(&email).await {
                Ok(found) => found.filter(|(user, _)| user.is_active),
                Err(error) => return tracing::error!(%error, "a password reset could not begin"),
            };
            let Some((user, _)) = found else { return };
            let (token, hash) = new_secret("pr_");
            if let Err(error) = state.storage.create_reset(&hash, &user.id, LIFE_MS).await {
                return tracing::error!(%error, "a password reset could not begin");
            }
            audit(&state, &extensions, Some(&user.id), "password.reset.asked", &user.id).await;
            // Behind `#`: neither a server's log nor the next page's referrer sees it.
            let link = format!("{}/#reset={token}", state.public_url());
            let text = format!(
                "Somebody, probably you, asked for a new password for Spandrel.\n\nChoose it here, within half \
                 an hour:\n\n{link}\n\nIf it was not you, do nothing: your password stays as it is.\n"
            );
            mail.send(&email, "A new password for Spandrel", text).await;
        }
    };
    // Beside the answer: its time tells nothing.
    tokio::spawn(request_id::carried(task));
    let message = "if the address has an account, a mail is on its way";
    Ok((StatusCode::ACCEPTED, axum::Json(Asked { message })))
}

/// Sets a new password and ends all logins of the account.
#[utoipa::path(post, path = "/v1/auth/password/reset/confirm", tag = "accounts", request_body = Confirm,
    responses((status = 204, description = "the password is the new one; sign in with it"),
    (status = 401, description = "the token is unknown, over or used", body = error::Body),
    (status = 422, body = error::Body), (status = 429, body = error::Body)))]
async fn confirm(
    State(state): State<AppState>,
    extensions: Extensions,
    Json(body): Json<Confirm>,
) -> Result<StatusCode, Error> {
    let hash = accounts::hash(&body.token);
    let user_id = state.storage.reset_of(&hash).await?.ok_or(Error::Unauthenticated)?;
    let user = state.storage.user(&user_id).await?.filter(|user| user.is_active);
    let user = user.ok_or(Error::Unauthenticated)?;
    if let Some(message) = check_password(&body.new, user.email.as_deref().unwrap_or_default()) {
        return Err(Error::field("new", message));
    }
    let password = state.passwords.hash(&body.new).await?;
    if !state.storage.take_reset(&hash).await? {
        return Err(Error::Unauthenticated);
    }
    state.storage.set_password(&user_id, &password).await?;
    audit(&state, &extensions, Some(&user_id), "password.reset", &user_id).await;
    Ok(StatusCode::NO_CONTENT)
}
