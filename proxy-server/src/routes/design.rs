//! `/v2/design/generate`, and `/v1/design` on the same code.

use axum::extract::State;
use axum::http::header::LOCATION;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::extract::{Json, Query};
use super::jobs::Job;
use crate::accounts::{self, Caller};
use crate::design::events::Events;
use crate::design::jobs;
use crate::design::pipeline::{self, Answer, Mode, Request};
use crate::error::{self, Error};
use crate::middleware::request_id;
use crate::sse;
use crate::state::AppState;

/// When the old address goes away (RFC 8594).
const SUNSET: HeaderValue = HeaderValue::from_static("Fri, 31 Dec 2027 23:59:59 GMT");
/// Since when it is deprecated (RFC 9745): 2026-11-01.
const DEPRECATION: HeaderValue = HeaderValue::from_static("@1793491200");

#[expect(deprecated, reason = "the old address is served all the same")]
pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(generate)).routes(routes!(generate_v1))
}

/// A wish in words.
#[derive(Debug, Deserialize, ToSchema)]
struct Generate {
    /// Code of the project.
    #[schema(min_length = 3, max_length = 64)]
    project_id: String,
    /// The wish: 1 to 512 characters.
    #[schema(min_length = 1, max_length = 512)]
    query: String,
    /// The conversation that this belongs to; a new one when absent.
    #[schema(min_length = 36, max_length = 36)]
    session_id: Option<String>,
    /// The version that the person sees; the newest when absent.
    #[schema(minimum = 0)]
    base_version: Option<i64>,
    /// The person's text where it differs from that version.
    source: Option<String>,
    /// `commit` (the result becomes a version) or `propose` (nothing is kept).
    #[serde(default)]
    mode: GenerateMode,
    /// What the answer carries besides: `["diagram_state"]` when absent, `[]` for callers that lay out
    /// themselves.
    include: Option<Vec<Include>>,
    /// The language model to ask, as `/v1/llm/models` lists it or as `provider/name`; the server chooses when absent.
    #[schema(max_length = 200)]
    model: Option<String>,
}

#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum GenerateMode {
    #[default]
    Commit,
    Propose,
}

#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Include {
    DiagramState,
}

impl From<Generate> for Request {
    fn from(body: Generate) -> Self {
        Self {
            // Typed by people: blanks around it are not meant.
            project_code: body.project_id.trim().to_owned(),
            query: body.query,
            session_id: body.session_id,
            base_version: body.base_version,
            source: body.source,
            mode: match body.mode {
                GenerateMode::Commit => Mode::Commit,
                GenerateMode::Propose => Mode::Propose,
            },
            with_diagram: body.include.is_none_or(|include| !include.is_empty()),
            model: body.model,
        }
    }
}

/// The answer of `/v2/design/generate`.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Generated {
    response: GeneratedResponse,
}

#[derive(Debug, Serialize, ToSchema)]
struct GeneratedResponse {
    /// `DSL_CREATE`, `DSL_UPDATE`, `VIEW_TOGGLE`, `EXPERT_QA`, `CLARIFY` or `OUT_OF_SCOPE`.
    intent: String,
    /// For the person.
    message: String,
    /// How sure the classification is, 0 to 1.
    confidence: f64,
    /// To be sent with the next request of this conversation.
    session_id: String,
    /// Which stage decided: `pattern`, `vector`, `llm` or `none`.
    classification_source: String,
    /// Who wrote the text: `offline`, or a model's provider.
    provider: String,
    /// Why it was written offline although there is a language model.
    #[serde(skip_serializing_if = "Option::is_none")]
    fallback: Option<Fallback>,
    payload: Payload,
}

/// Why no language model answered.
#[derive(Debug, Serialize, ToSchema)]
struct Fallback {
    /// `BUDGET_EXCEEDED`, `LLM_BUSY`, `LLM_TIMEOUT`, `LLM_REFUSED`, `LLM_UNUSABLE` or `LLM_UNAVAILABLE`.
    error_code: &'static str,
    message: String,
}

#[derive(Debug, Serialize, ToSchema)]
struct Payload {
    /// The version; null for a proposal.
    version_id: Option<i64>,
    /// D2 of the result, or of the current version where nothing was drawn.
    d2: Option<String>,
    /// React Flow nodes and edges.
    #[schema(value_type = Option<Object>)]
    diagram_state: Option<Value>,
    /// Ids of the nodes with a fixed place.
    pinned_nodes: Vec<String>,
    /// What the canvas is asked to do, for a VIEW_TOGGLE: `{action, target}`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    view: Option<Value>,
}

impl From<Answer> for Generated {
    fn from(answer: Answer) -> Self {
        Self {
            response: GeneratedResponse {
                intent: answer.intent,
                message: answer.message,
                confidence: answer.confidence,
                session_id: answer.session_id,
                classification_source: answer.classification_source,
                provider: answer.provider,
                fallback: answer.fallback.map(|why| Fallback { error_code: why.code, message: why.message }),
                payload: Payload {
                    version_id: answer.version_id,
                    d2: answer.d2,
                    diagram_state: answer.diagram_state,
                    pinned_nodes: answer.pinned_nodes,
                    view: answer.view,
                },
            },
        }
    }
}

/// How a wish is served.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
struct GenerateQuery {
    /// As a job: the answer is its name, and it goes on when the client leaves.
    job: bool,
}

/// Turns a wish into a version, a proposal or an answer in words.
///
/// With `Accept: text/event-stream` the answer comes as events: `intent`, `source` (`{delta}`, or `{reset:true}` where
/// the text begins anew), `message`, `version`, and at the end `done` with the whole answer or `error`. With
/// `?job=true` the request goes on without its client.
#[utoipa::path(post, path = "/v2/design/generate", tag = "design", params(GenerateQuery),
    request_body = Generate, responses(
    (status = 202, description = "the job that serves the request", body = Job),
    (status = 429, description = "too many jobs at once", body = error::Body),
    (status = 200, description = "what came of it", content(
        (Generated = "application/json"), (Object = "text/event-stream"))),
    (status = 401, body = error::Body), (status = 403, body = error::Body), (status = 404, body = error::Body),
    (status = 409, description = "a newer version, or a session of another project", body = error::Body),
    (status = 422, description = "the request cannot be served as it is", body = error::Body)))]
async fn generate(
    State(state): State<AppState>,
    caller: Caller,
    headers: HeaderMap,
    Query(query): Query<GenerateQuery>,
    Json(body): Json<Generate>,
) -> Result<Response, Error> {
    if !state.flags(&caller.user_id).await?.use_v2_service {
        return Err(Error::SwitchedOff("this service"));
    }
    if query.job {
        let job = jobs::start(&state, &caller, body.into()).await?;
        let place = format!("/v1/jobs/{}", job.id);
        return Ok((StatusCode::ACCEPTED, [(LOCATION, place)], axum::Json(Job::from(job))).into_response());
    }
    if sse::is_wanted(&headers) {
        return Ok(stream(state, caller, body.into()));
    }
    let answer = pipeline::run(&state, &caller, body.into(), &Events::default()).await?;
    Ok(axum::Json(Generated::from(answer)).into_response())
}

/// Runs the request as a task of its own and tells its events: `intent`, `source`, `message`, `version`, and
/// `done` with the whole answer or `error` with the error shape. When the client leaves, the task ends too.
fn stream(state: AppState, caller: Caller, request: Request) -> Response {
    let (events, receiver) = Events::channel();
    let shutdown = state.shutdown.clone();
    let login_ended = accounts::login_ended(state.clone(), caller.clone());
    let work = async move {
        match pipeline::run(&state, &caller, request, &events).await {
            Ok(answer) => sse::event("done", &Generated::from(answer)),
            Err(error) => sse::error(&error),
        }
    };
    sse::answer(receiver, request_id::carried(work), shutdown, login_ended)
}

/// The answer of the old address.
#[derive(Debug, Serialize, ToSchema)]
struct GeneratedV1 {
    intent: String,
    message: String,
    session_id: String,
    version_id: Option<i64>,
    /// React Flow nodes.
    #[schema(value_type = Vec<Object>)]
    nodes: Value,
    /// React Flow edges.
    #[schema(value_type = Vec<Object>)]
    edges: Value,
}

/// The old address of the same service.
#[utoipa::path(post, path = "/v1/design", tag = "design", request_body = Generate, responses(
    (status = 200, description = "what came of it", body = GeneratedV1),
    (status = 401, body = error::Body), (status = 403, body = error::Body), (status = 404, body = error::Body),
    (status = 409, body = error::Body), (status = 422, body = error::Body)))]
#[deprecated = "the address is; `/v2/design/generate` says more"]
async fn generate_v1(
    State(state): State<AppState>,
    caller: Caller,
    Json(body): Json<Generate>,
) -> Result<Response, Error> {
    let answer = pipeline::run(&state, &caller, body.into(), &Events::default()).await?;
    let mut diagram = answer.diagram_state.unwrap_or_default();
    let mut take = |name: &str| match diagram.get_mut(name).map(Value::take) {
        Some(list @ Value::Array(_)) => list,
        _ => Value::Array(Vec::new()),
    };
    let body = GeneratedV1 {
        nodes: take("nodes"),
        edges: take("edges"),
        intent: answer.intent,
        message: answer.message,
        session_id: answer.session_id,
        version_id: answer.version_id,
    };
    let mut response = axum::Json(body).into_response();
    let headers = response.headers_mut();
    headers.insert(HeaderName::from_static("deprecation"), DEPRECATION);
    headers.insert(HeaderName::from_static("sunset"), SUNSET);
    Ok(response)
}
