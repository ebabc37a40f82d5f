//! `/v1/usage` and `/v1/quota`: what the caller has used of the language models, and what is left.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::extract::Query;
use crate::accounts::Caller;
use crate::error::{self, Error};
use crate::state::AppState;
use crate::{storage, time};

/// How far back the sums go when nothing is asked.
const DEFAULT_DAYS: i64 = 30;

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(usage)).routes(routes!(quota))
}

/// Use of one model.
#[derive(Debug, Serialize, ToSchema)]
struct Sum {
    provider: String,
    model: String,
    requests: i64,
    /// Tokens of the prompts, cached ones included.
    input_tokens: i64,
    /// Of these, read from the provider's cache.
    cache_read_tokens: i64,
    /// Tokens written.
    output_tokens: i64,
}

impl From<storage::usage::Sum> for Sum {
    fn from(sum: storage::usage::Sum) -> Self {
        Self {
            provider: sum.provider,
            model: sum.model,
            requests: sum.requests,
            input_tokens: sum.input_tokens,
            cache_read_tokens: sum.cache_read_tokens,
            output_tokens: sum.output_tokens,
        }
    }
}

/// Use by provider and model.
#[derive(Debug, Serialize, ToSchema)]
struct Usage {
    data: Vec<Sum>,
    from: String,
    until: String,
}

/// Which time is meant.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
struct UsageQuery {
    /// RFC 3339; thirty days ago when absent.
    from: Option<String>,
    /// RFC 3339; now when absent.
    until: Option<String>,
}

/// Tokens of today, in UTC.
#[derive(Debug, Serialize, ToSchema)]
struct Quota {
    /// What may be spent in a day; absent: any number.
    limit: Option<u64>,
    used: i64,
    /// Set aside for requests under way.
    reserved: i64,
}

fn moment(field: &str, text: Option<&str>) -> Result<Option<time::Millis>, Error> {
    let parse = |text: &str| text.parse::<jiff::Timestamp>().map(jiff::Timestamp::as_millisecond);
    text.map(parse).transpose().map_err(|_| Error::field(field, "it is a moment as 2026-11-21T03:04:05Z"))
}

/// What the caller has used, by provider and model.
#[utoipa::path(get, path = "/v1/usage", tag = "relay", params(UsageQuery), responses(
    (status = 200, description = "the sums", body = Usage), (status = 401, body = error::Body),
    (status = 422, body = error::Body)))]
async fn usage(
    State(state): State<AppState>,
    caller: Caller,
    Query(query): Query<UsageQuery>,
) -> Result<axum::Json<Usage>, Error> {
    let until = moment("until", query.until.as_deref())?.unwrap_or_else(|| time::now() + 1);
    let from = moment("from", query.from.as_deref())?.unwrap_or(until - DEFAULT_DAYS * 86_400_000);
    let sums = state.storage.usage(&caller.user_id, from, until).await?;
    let data = sums.into_iter().map(Sum::from).collect();
    Ok(axum::Json(Usage { data, from: time::show(from), until: time::show(until) }))
}

/// What the caller may still use today.
#[utoipa::path(get, path = "/v1/quota", tag = "relay", responses(
    (status = 200, description = "the tokens of today", body = Quota), (status = 401, body = error::Body)))]
async fn quota(State(state): State<AppState>, caller: Caller) -> Result<axum::Json<Quota>, Error> {
    let limit = state.config.limits.tokens_per_day;
    let quota = state.storage.quota(&caller.user_id).await?;
    let limit = (limit > 0).then_some(limit);
    Ok(axum::Json(Quota { limit, used: quota.used, reserved: quota.reserved }))
}
