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

/// Use of one model, project or key; what the sums are not made by is empty.
#[derive(Debug, Serialize, ToSchema)]
struct Sum {
    provider: String,
    model: String,
    /// Code of the project; empty: none was named, or it is gone.
    project_id: String,
    /// Id of the API key; empty: without one.
    key_id: String,
    requests: i64,
    /// Tokens of the prompts, cached ones included.
    input_tokens: i64,
    /// Of these, read from the provider's cache.
    cache_read_tokens: i64,
    /// Of these, written to the provider's cache.
    cache_write_tokens: i64,
    /// Tokens written.
    output_tokens: i64,
    /// Of these, reasoning.
    reasoning_tokens: i64,
    /// In the currency of the operator's price table.
    cost: f64,
}

/// Millionths as money.
fn money(millionths: i64) -> f64 {
    millionths as f64 / 1e6
}

impl From<storage::usage::Sum> for Sum {
    fn from(sum: storage::usage::Sum) -> Self {
        Self {
            provider: sum.provider,
            model: sum.model,
            project_id: sum.project_code,
            key_id: sum.key_id,
            requests: sum.requests,
            input_tokens: sum.input_tokens,
            cache_read_tokens: sum.cache_read_tokens,
            cache_write_tokens: sum.cache_write_tokens,
            output_tokens: sum.output_tokens,
            reasoning_tokens: sum.reasoning_tokens,
            cost: money(sum.cost),
        }
    }
}

/// Sums of use.
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
    /// What the sums are made by.
    by: By,
}

#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum By {
    #[default]
    Model,
    Project,
    Key,
}

/// Tokens of today, in UTC.
#[derive(Debug, Serialize, ToSchema)]
struct Quota {
    /// What may be spent in a day; absent: any number.
    limit: Option<u64>,
    used: i64,
    /// Set aside for requests under way. Nothing is, while nothing bounds the caller.
    reserved: i64,
    /// Money of today.
    cost: Money,
    /// Money in all, where an admin has granted some and so set a bound.
    credit: Option<Money>,
}

/// In the currency of the operator's price table.
#[derive(Debug, Serialize, ToSchema)]
struct Money {
    /// Absent: any.
    limit: Option<f64>,
    used: f64,
    /// Set aside for requests under way.
    reserved: f64,
}

fn moment(field: &str, text: Option<&str>) -> Result<Option<time::Millis>, Error> {
    let parse = |text: &str| text.parse::<jiff::Timestamp>().map(jiff::Timestamp::as_millisecond);
    text.map(parse).transpose().map_err(|_| Error::field(field, "it is a moment as 2026-11-21T03:04:05Z"))
}

/// What the caller has used, by provider and model, by project, or by API key.
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
    let by = match query.by {
        By::Model => storage::usage::By::Model,
        By::Project => storage::usage::By::Project,
        By::Key => storage::usage::By::Key,
    };
    state.books.caught_up().await;
    let sums = state.storage.usage(&caller.user_id, from, until, by).await?;
    let data = sums.into_iter().map(Sum::from).collect();
    Ok(axum::Json(Usage { data, from: time::show(from), until: time::show(until) }))
}

/// What the caller may still use today.
#[utoipa::path(get, path = "/v1/quota", tag = "relay", responses(
    (status = 200, description = "the tokens of today", body = Quota), (status = 401, body = error::Body)))]
async fn quota(State(state): State<AppState>, caller: Caller) -> Result<axum::Json<Quota>, Error> {
    let limits = &state.config.limits;
    state.books.caught_up().await;
    let (quota, credit) =
        tokio::try_join!(state.storage.quota(&caller.user_id), state.storage.credit(&caller.user_id))?;
    let bound = |limit: u64| (limit > 0).then_some(limit);
    let cost = Money {
        limit: bound(limits.cost_per_day).map(|limit| limit as f64 / 1e6),
        used: money(quota.cost_used),
        reserved: money(quota.cost_reserved),
    };
    let credit = credit.map(|credit| Money {
        limit: Some(money(credit.granted)),
        used: money(credit.used),
        reserved: money(credit.reserved),
    });
    let limit = bound(limits.tokens_per_day);
    Ok(axum::Json(Quota { limit, used: quota.used, reserved: quota.reserved, cost, credit }))
}
