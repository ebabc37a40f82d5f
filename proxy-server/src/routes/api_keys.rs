//! `/v1/api-keys`: keys for the caller's programs.

use axum::extract::State;
use axum::http::{Extensions, StatusCode, Uri};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::extract::{Json, Path, Query};
use super::page::{Page, PageQuery};
use crate::accounts::{Caller, NewKey, Scope, audit};
use crate::error::{self, Error, Field};
use crate::state::AppState;
use crate::{storage, time};

/// Keys of one person at most.
const MAX_KEYS: usize = 50;

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(delete))
}

/// A key without its secret.
#[derive(Debug, Serialize, ToSchema)]
struct ApiKey {
    /// The public part, as in `sp_<id>_…`.
    id: String,
    name: String,
    /// `read`, `write`, `llm`.
    scopes: Vec<String>,
    created_at: String,
    expires_at: Option<String>,
    last_used_at: Option<String>,
}

/// A key with its secret, shown this once.
#[derive(Serialize, ToSchema)]
struct Made {
    #[serde(flatten)]
    entry: ApiKey,
    /// The whole key.
    key: String,
}

/// What a new key is for.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = ApiKeyCreate)]
struct Create {
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    /// Any of `read`, `write`, `llm`.
    #[schema(min_items = 1)]
    scopes: Vec<String>,
    /// 1 to 3650; never when absent.
    #[schema(minimum = 1, maximum = 3650)]
    expires_in_days: Option<i64>,
}

impl From<storage::api_keys::ApiKey> for ApiKey {
    fn from(key: storage::api_keys::ApiKey) -> Self {
        Self {
            id: key.id,
            name: key.name,
            scopes: key.scopes.split(' ').map(str::to_owned).collect(),
            created_at: time::show(key.created_at),
            expires_at: key.expires_at.map(time::show),
            last_used_at: key.last_used_at.map(time::show),
        }
    }
}

/// The caller's keys.
#[utoipa::path(get, path = "/v1/api-keys", tag = "accounts", params(PageQuery), responses(
    (status = 200, description = "a page of them", body = Page<ApiKey>), (status = 401, body = error::Body),
    (status = 403, body = error::Body), (status = 422, body = error::Body)))]
async fn list(
    State(state): State<AppState>,
    caller: Caller,
    uri: Uri,
    Query(page): Query<PageQuery>,
) -> Result<axum::Json<Page<ApiKey>>, Error> {
    let keys = state.storage.api_keys(&caller.user_id).await?;
    Ok(axum::Json(page.of(keys.into_iter().map(ApiKey::from).collect(), &uri)?))
}

/// Makes a key. Its secret is shown in this answer and never again.
#[utoipa::path(post, path = "/v1/api-keys", tag = "accounts", request_body = Create, responses(
    (status = 201, description = "the key", body = Made), (status = 401, body = error::Body),
    (status = 403, body = error::Body), (status = 409, description = "too many keys", body = error::Body),
    (status = 422, body = error::Body)))]
async fn create(
    State(state): State<AppState>,
    caller: Caller,
    extensions: Extensions,
    Json(body): Json<Create>,
) -> Result<(StatusCode, axum::Json<Made>), Error> {
    let mut fields = Vec::new();
    let wrong = |field: &str, message: &str| Field { field: field.to_owned(), message: message.to_owned() };
    let name = body.name.trim();
    if !(1..=100).contains(&name.chars().count()) {
        fields.push(wrong("name", "it has 1 to 100 characters"));
    }
    let mut scopes: Vec<&str> = Vec::new();
    for scope in &body.scopes {
        match Scope::from_name(scope) {
            Some(scope) if !scopes.contains(&scope.as_str()) => scopes.push(scope.as_str()),
            Some(_) => {}
            None => fields.push(wrong("scopes", "each is one of read, write, llm")),
        }
    }
    if body.scopes.is_empty() {
        fields.push(wrong("scopes", "there is at least one"));
    }
    if body.expires_in_days.is_some_and(|days| !(1..=3650).contains(&days)) {
        fields.push(wrong("expires_in_days", "it lies between 1 and 3650"));
    }
    if !fields.is_empty() {
        return Err(Error::Validation(fields));
    }
    if state.storage.api_keys(&caller.user_id).await?.len() >= MAX_KEYS {
        return Err(Error::Conflict {
            code: "TOO_MANY_KEYS",
            message: format!("you have {MAX_KEYS} keys; delete one first"),
            details: serde_json::json!({}),
        });
    }
    let made = NewKey::make();
    let now = time::now();
    let kept = storage::api_keys::ApiKey {
        id: made.id,
        user_id: caller.user_id.clone(),
        name: name.to_owned(),
        hash: made.hash,
        scopes: scopes.join(" "),
        created_at: now,
        expires_at: body.expires_in_days.map(|days| now + days * 86_400_000),
        last_used_at: None,
    };
    state.storage.create_api_key(&kept).await?;
    audit(&state, &extensions, Some(&caller.user_id), "key.made", &kept.id).await;
    Ok((StatusCode::CREATED, axum::Json(Made { entry: kept.into(), key: made.key })))
}

/// Deletes a key; it stops working at once.
#[utoipa::path(delete, path = "/v1/api-keys/{id}", tag = "accounts",
    params(("id" = String, Path, description = "the key's id")), responses(
    (status = 204, description = "it is gone"), (status = 401, body = error::Body),
    (status = 403, body = error::Body), (status = 404, body = error::Body)))]
async fn delete(
    State(state): State<AppState>,
    caller: Caller,
    extensions: Extensions,
    Path(id): Path<String>,
) -> Result<StatusCode, Error> {
    if !state.storage.delete_api_key(&caller.user_id, &id).await? {
        return Err(Error::NotFound("key"));
    }
    audit(&state, &extensions, Some(&caller.user_id), "key.deleted", &id).await;
    Ok(StatusCode::NO_CONTENT)
}
