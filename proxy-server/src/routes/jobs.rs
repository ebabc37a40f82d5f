//! `/v1/jobs`: requests that go on without their client.

use std::convert::Infallible;
use std::time::{Duration, Instant};

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use axum::response::sse::Event;
use futures_util::{Stream, stream};
use serde::Serialize;
use serde_json::Value;
use serde_json::value::RawValue;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::extract::Path;
use crate::accounts::{self, Caller};
use crate::design::jobs;
use crate::error::{self, Error};
use crate::state::AppState;
use crate::storage::jobs::{self as stored, Status};
use crate::{sse, time};

/// How often a follower looks for more.
const LOOK: Duration = Duration::from_millis(200);
/// A stream ends this soon after the login of its person.
const LOOK_FOR_LOGIN: Duration = Duration::from_secs(4);

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(job, cancel)).routes(routes!(events))
}

/// A request that goes on without its client.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Job {
    #[serde(rename = "job_id")]
    id: String,
    /// Code of the project.
    project_id: String,
    /// `running`, `done`, `failed` or `cancelled`.
    status: &'static str,
    created_at: String,
    updated_at: String,
    /// What the request would have answered, once it is done.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    result: Option<Box<RawValue>>,
    /// Why it failed, in the shape of errors.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    error: Option<Value>,
    links: Links,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = JobLinks)]
struct Links {
    #[serde(rename = "self")]
    this: String,
    /// Its events, from the beginning or after `Last-Event-ID`.
    events: String,
}

impl From<stored::Job> for Job {
    fn from(job: stored::Job) -> Self {
        let outcome = job.outcome.unwrap_or_default();
        let is_done = job.status == Status::Done;
        let this = format!("/v1/jobs/{}", job.id);
        Self {
            links: Links { events: format!("{this}/events"), this },
            id: job.id,
            project_id: job.project_code,
            status: job.status.as_str(),
            created_at: time::show(job.created_at),
            updated_at: time::show(job.updated_at),
            error: (!is_done).then(|| serde_json::from_str(&outcome).ok()).flatten(),
            result: is_done.then(|| RawValue::from_string(outcome).ok()).flatten(),
        }
    }
}

/// Where a job stands, and what came of it.
#[utoipa::path(get, path = "/v1/jobs/{id}", tag = "design",
    params(("id" = String, Path, description = "the job")), responses(
    (status = 200, description = "the job", body = Job), (status = 401, body = error::Body),
    (status = 404, body = error::Body)))]
async fn job(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<axum::Json<Job>, Error> {
    Ok(axum::Json(jobs::find(&state, &caller, &id).await?.into()))
}

/// Takes a job back. What it had made before stays.
#[utoipa::path(delete, path = "/v1/jobs/{id}", tag = "design",
    params(("id" = String, Path, description = "the job")), responses(
    (status = 204, description = "it does not go on"), (status = 401, body = error::Body),
    (status = 403, body = error::Body), (status = 404, body = error::Body)))]
async fn cancel(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, Error> {
    jobs::cancel(&state, &caller, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What a job tells, as it tells it: the events of `/v2/design/generate`, each with its number. A client that was cut
/// off goes on where it was by `Last-Event-ID`.
#[utoipa::path(get, path = "/v1/jobs/{id}/events", tag = "design",
    params(("id" = String, Path, description = "the job"),
        ("last-event-id" = Option<i64>, Header, description = "number of the last event that was seen")), responses(
    (status = 200, description = "its events", body = Object, content_type = "text/event-stream"),
    (status = 401, body = error::Body), (status = 404, body = error::Body), (status = 422, body = error::Body)))]
async fn events(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let after = match headers.get("last-event-id") {
        None => 0,
        Some(value) => value
            .to_str()
            .ok()
            .and_then(|text| text.trim().parse::<i64>().ok())
            .filter(|number| *number >= 0)
            .ok_or_else(|| Error::field("last-event-id", "it is the number of an event"))?,
    };
    let job = jobs::find(&state, &caller, &id).await?;
    Ok(sse::respond(follow(state, caller, job.id, after)))
}

/// The events of a job after number `after`, until it has ended.
fn follow(
    state: AppState,
    caller: Caller,
    id: String,
    after: i64,
) -> impl Stream<Item = Result<Event, Infallible>> + Send + 'static {
    struct Place {
        state: AppState,
        caller: Caller,
        id: String,
        after: i64,
        ready: std::vec::IntoIter<stored::Event>,
        /// When the login was last looked for.
        looked: Instant,
        has_ended: bool,
    }
    let (ready, looked) = (Vec::new().into_iter(), Instant::now());
    let place = Place { state, caller, id, after, ready, looked, has_ended: false };
    stream::unfold(place, async |mut place| {
        loop {
            if let Some(event) = place.ready.next() {
                place.after = event.number;
                let told = Event::default().id(event.number.to_string()).event(event.name).data(event.data);
                return Some((Ok(told), place));
            }
            if place.has_ended {
                return None;
            }
            if place.looked.elapsed() >= LOOK_FOR_LOGIN {
                place.looked = Instant::now();
                if !accounts::still_in(&place.state, &place.caller).await {
                    place.has_ended = true;
                    return Some((Ok(sse::error(&Error::Unauthenticated)), place));
                }
            }
            // In this order: what was told before the end is there once the end is seen.
            let job = jobs::find(&place.state, &place.caller, &place.id).await;
            let events = match &job {
                Ok(_) => place.state.storage.job_events(&place.id, place.after).await.map_err(Error::from),
                Err(_) => Ok(Vec::new()),
            };
            let error = match (job, events) {
                (Ok(job), Ok(events)) => {
                    place.has_ended = job.status != Status::Running && events.is_empty();
                    if events.is_empty() && !place.has_ended {
                        tokio::select! {
                            () = place.state.shutdown.cancelled() => {
                                let cause = "the server is stopping".to_owned();
                                Error::Unavailable { retry_after_s: 2, cause }
                            }
                            () = tokio::time::sleep(LOOK) => continue,
                        }
                    } else {
                        place.ready = events.into_iter();
                        continue;
                    }
                }
                (Err(error), _) | (_, Err(error)) => error,
            };
            // Without a number: who comes back goes on where they were.
            place.has_ended = true;
            return Some((Ok(sse::error(&error)), place));
        }
    })
}
