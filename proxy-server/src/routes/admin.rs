//! `/v1/admin`: for those who look after the server. Others do not even learn that it exists.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::{Extensions, Uri};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::extract::{Json, Path, Query};
use super::page::{Page, PageQuery};
use super::users::User;
use crate::accounts::{Caller, audit};
use crate::config::Flags;
use crate::error::{self, Error};
use crate::state::AppState;
use crate::{flags, storage, time};

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(users)).routes(routes!(update)).routes(routes!(log))
}

/// What is to change; absent fields stay.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = UserUpdate)]
struct Update {
    is_active: Option<bool>,
    is_admin: Option<bool>,
    /// Switches for this person alone, by name; null: as for everybody.
    #[serde(default)]
    flags: BTreeMap<String, Option<bool>>,
    /// What they may spend on language models in all, in the currency of the price table, what is spent already
    /// included; `null` takes the bound away.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<f64>, minimum = 0)]
    credit: Option<Credit>,
}

/// What a person may spend in all.
#[derive(Debug)]
enum Credit {
    Any,
    UpTo(f64),
}

/// Tells a field that is `null` from one that is absent.
fn given<'de, D: Deserializer<'de>>(value: D) -> Result<Option<Credit>, D::Error> {
    Ok(Some(Option::deserialize(value)?.map_or(Credit::Any, Credit::UpTo)))
}

/// An account with the switches that hold for it.
#[derive(Serialize, ToSchema)]
#[schema(as = UserWithFlags)]
struct Whole {
    #[serde(flatten)]
    user: User,
    #[schema(value_type = Object)]
    flags: Flags,
}

/// One thing that happened.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AuditEntry)]
struct Entry {
    at: String,
    /// Who did it; absent where nobody was known.
    actor_id: Option<String>,
    /// What, as `login.failed`.
    action: String,
    /// To whom or what.
    subject: String,
    request_id: String,
    address: String,
}

impl From<storage::audit::Entry> for Entry {
    fn from(entry: storage::audit::Entry) -> Self {
        Self {
            at: time::show(entry.at),
            actor_id: entry.actor_id,
            action: entry.action,
            subject: entry.subject,
            request_id: entry.request_id,
            address: entry.address,
        }
    }
}

/// All accounts, oldest first.
#[utoipa::path(get, path = "/v1/admin/users", tag = "operations", params(PageQuery), responses(
    (status = 200, description = "a page of them", body = Page<User>), (status = 401, body = error::Body),
    (status = 403, body = error::Body), (status = 404, body = error::Body), (status = 422, body = error::Body)))]
async fn users(
    State(state): State<AppState>,
    uri: Uri,
    Query(page): Query<PageQuery>,
) -> Result<axum::Json<Page<User>>, Error> {
    let part = state.storage.users(page.window()?).await?;
    Ok(axum::Json(page.of_part(part, &uri, User::from)))
}

/// Lets an account in or keeps it out, makes it an admin's or not, and sets switches for it alone.
#[utoipa::path(patch, path = "/v1/admin/users/{id}", tag = "operations", request_body = Update,
    params(("id" = String, Path, description = "the account")), responses(
    (status = 200, description = "the changed account", body = Whole), (status = 401, body = error::Body),
    (status = 403, body = error::Body), (status = 404, body = error::Body), (status = 422, body = error::Body)))]
async fn update(
    State(state): State<AppState>,
    caller: Caller,
    extensions: Extensions,
    Path(id): Path<String>,
    Json(body): Json<Update>,
) -> Result<axum::Json<Whole>, Error> {
    let mut user = state.storage.user(&id).await?.ok_or(Error::NotFound("account"))?;
    if let Some(name) = body.flags.keys().find(|name| !flags::NAMES.contains(&name.as_str())) {
        return Err(Error::field(
            format!("flags.{name}"),
            format!("it is none of {}", flags::NAMES.join(", ")),
        ));
    }
    if body.is_active.is_some() || body.is_admin.is_some() {
        if user.id == caller.user_id {
            return Err(Error::NotAllowed("another admin must change your rights"));
        }
        user.is_active = body.is_active.unwrap_or(user.is_active);
        user.is_admin = body.is_admin.unwrap_or(user.is_admin);
        state.storage.set_user_rights(&id, user.is_active, user.is_admin).await?;
        audit(&state, &extensions, Some(&caller.user_id), "account.rights", &id).await;
    }
    for (name, is_on) in &body.flags {
        state.override_flag(&id, name, *is_on).await?;
        audit(&state, &extensions, Some(&caller.user_id), "flags.changed", &format!("{id} {name}")).await;
    }
    if let Some(credit) = body.credit {
        let granted = match credit {
            Credit::Any => None,
            Credit::UpTo(credit) if (0.0..=1e9).contains(&credit) => Some((credit * 1e6).round() as i64),
            Credit::UpTo(_) => {
                return Err(Error::field("credit", "it is an amount of money from 0 to 1,000,000,000"));
            }
        };
        state.books.grant(&id, granted).await?;
        audit(&state, &extensions, Some(&caller.user_id), "account.credit", &id).await;
    }
    Ok(axum::Json(Whole { user: user.into(), flags: state.flags(&id).await? }))
}

/// What happened to accounts and rights, newest first.
#[utoipa::path(get, path = "/v1/admin/audit", tag = "operations", params(PageQuery), responses(
    (status = 200, description = "a page of it", body = Page<Entry>), (status = 401, body = error::Body),
    (status = 403, body = error::Body), (status = 404, body = error::Body), (status = 422, body = error::Body)))]
async fn log(
    State(state): State<AppState>,
    uri: Uri,
    Query(page): Query<PageQuery>,
) -> Result<axum::Json<Page<Entry>>, Error> {
    let part = state.storage.audit(page.window()?).await?;
    Ok(axum::Json(page.of_part(part, &uri, Entry::from)))
}
