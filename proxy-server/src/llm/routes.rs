//! The relay's endpoints.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body as HttpBody, to_bytes};
use axum::extract::{Path, Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::Response;
use bytes::Bytes;
use serde_json::{Value, json};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::chain::{Denied, Relay, Reply, Started};
use super::dialect::{self, Body, Incoming};
use super::raw::RawObject;
use super::stream::{Opening, Outgoing};
use super::tab::Tab;
use super::{Dialect, Failure, Outcome, answer, cache, failure, message};

/// A client must have sent its whole request by then.
const BODY_TIME: Duration = Duration::from_mins(1);

const TARGET: HeaderName = HeaderName::from_static("x-relay-target");
const UPSTREAM_ID: HeaderName = HeaderName::from_static("x-upstream-request-id");
/// `hit` or `miss` where the client asked for kept answers.
const CACHE: HeaderName = HeaderName::from_static(cache::HEADER);
const ACCEL: HeaderName = HeaderName::from_static("x-accel-buffering");

/// All endpoints of the relay. Bodies are bounded here; a host must not time these routes as wholes.
pub fn router<S>(relay: Relay) -> Router<S> {
    documented().with_state(relay).into()
}

/// The endpoints with their description, before there is a relay behind them.
pub(crate) fn documented() -> OpenApiRouter<Relay> {
    OpenApiRouter::new()
        .routes(routes!(chat))
        .routes(routes!(responses))
        .routes(routes!(messages))
        .routes(routes!(messages_of_sdk))
        .routes(routes!(models))
        .routes(routes!(model))
        .routes(routes!(anthropic_models))
        .routes(routes!(anthropic_model))
}

/// OpenAI's Chat Completions.
#[utoipa::path(post, path = "/v1/llm/chat/completions", tag = "relay", request_body = Object, responses(
    (status = 200, description = "the answer, whole or as events", content(
        (Object = "application/json"), (Object = "text/event-stream"))),
    (status = "4XX", description = "an error in the caller's dialect", body = Object),
    (status = "5XX", description = "an error in the caller's dialect", body = Object)))]
async fn chat(State(relay): State<Relay>, request: Request) -> Response {
    relayed(relay, Dialect::Chat, request).await
}

/// OpenAI's Responses, for models whose upstream speaks them.
#[utoipa::path(post, path = "/v1/llm/responses", tag = "relay", request_body = Object, responses(
    (status = 200, description = "the answer, whole or as events", content(
        (Object = "application/json"), (Object = "text/event-stream"))),
    (status = "4XX", description = "an error in the caller's dialect", body = Object),
    (status = "5XX", description = "an error in the caller's dialect", body = Object)))]
async fn responses(State(relay): State<Relay>, request: Request) -> Response {
    relayed(relay, Dialect::Responses, request).await
}

/// Anthropic's Messages.
#[utoipa::path(post, path = "/v1/llm/messages", tag = "relay", request_body = Object, responses(
    (status = 200, description = "the answer, whole or as events", content(
        (Object = "application/json"), (Object = "text/event-stream"))),
    (status = "4XX", description = "an error in the caller's dialect", body = Object),
    (status = "5XX", description = "an error in the caller's dialect", body = Object)))]
async fn messages(State(relay): State<Relay>, request: Request) -> Response {
    relayed(relay, Dialect::Anthropic, request).await
}

/// Anthropic's Messages, where Anthropic's clients look for them.
#[utoipa::path(post, path = "/v1/llm/v1/messages", tag = "relay", request_body = Object, responses(
    (status = 200, description = "the answer, whole or as events", content(
        (Object = "application/json"), (Object = "text/event-stream"))),
    (status = "4XX", description = "an error in the caller's dialect", body = Object),
    (status = "5XX", description = "an error in the caller's dialect", body = Object)))]
async fn messages_of_sdk(State(relay): State<Relay>, request: Request) -> Response {
    relayed(relay, Dialect::Anthropic, request).await
}

async fn relayed(relay: Relay, dialect: Dialect, request: Request) -> Response {
    match serve(relay, dialect, request).await {
        Ok(response) => response,
        Err(denied) => answer::denied(dialect, &denied),
    }
}

async fn serve(relay: Relay, dialect: Dialect, request: Request) -> Result<Response, Denied> {
    let (parts, body) = request.into_parts();
    let caller = relay.gate().identify(&parts).await.map_err(Denied::Refused)?;
    let current = relay.current();
    let body = read(body, current.config.request_bytes).await.map_err(Denied::Failed)?;
    let incoming = Arc::new(incoming(dialect, &parts.headers, &body).map_err(Denied::Failed)?);
    let mut tab = relay.admit(&caller, &incoming).await?;
    let key = cache::key(&caller, dialect, &parts.headers, &incoming, &body);
    if let Some(kept) = key.as_ref().and_then(|key| current.cache.get(key)) {
        tab.end(Outcome::Cached);
        return Ok(kept_response(kept));
    }
    let mut opening: Opening = {
        let (relay, incoming, attempts) = (relay.clone(), Arc::clone(&incoming), tab.attempts());
        Box::pin(async move { relay.open(&incoming, &attempts).await })
    };
    if !incoming.stream {
        return match opening.await {
            Ok(started) => {
                tab.serve(&started.target);
                let (mut response, body) =
                    whole(dialect, &incoming, started, &mut tab).map_err(Denied::Failed)?;
                if let Some(key) = key {
                    response.headers_mut().insert(CACHE, HeaderValue::from_static("miss"));
                    // A refusal or a filtered answer may be better luck next time.
                    if tab.is_whole() {
                        current.cache.keep(key, body.clone());
                    }
                }
                *response.body_mut() = HttpBody::from(body);
                Ok(response)
            }
            Err(failure) => {
                tab.end(Outcome::Failed);
                Err(Denied::Failed(failure))
            }
        };
    }
    let keep_alive = Duration::from_millis(current.config.keep_alive_ms);
    let left = relay.gate().left(&caller);
    let mut outgoing = Outgoing::new(dialect, incoming, tab, keep_alive, relay.stopping().clone(), left);
    // An answer that begins soon, or fails soon, still has a status to tell it by.
    let mut response = tokio::select! {
        biased;
        opened = &mut opening => match opened {
            Ok(started) => {
                let mut response = Response::default();
                name(&mut response, &started);
                outgoing.start(started);
                response
            }
            Err(failure) => {
                outgoing.failed();
                return Err(Denied::Failed(failure));
            }
        },
        () = tokio::time::sleep(keep_alive) => {
            outgoing.wait(opening);
            Response::default()
        }
    };
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.insert(ACCEL, HeaderValue::from_static("no"));
    *response.body_mut() = outgoing.into_body();
    Ok(response)
}

/// A whole answer, as it came or in the client's dialect.
fn whole(
    dialect: Dialect,
    incoming: &Incoming,
    started: Started,
    tab: &mut Tab,
) -> Result<(Response, Bytes), Failure> {
    let mut response = Response::default();
    name(&mut response, &started);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let Reply::Whole(whole) = started.answer else { return Err(failure::Kind::BadAnswer.into()) };
    tab.saw(&whole.events);
    tab.finished();
    let body = if incoming.is_native_to(started.target.dialect()) {
        whole.body
    } else {
        let answer: message::Answer = whole.events.into_iter().collect();
        dialect::write_answer(dialect, &answer, &incoming.model).to_string().into()
    };
    Ok((response, body))
}

/// An answer that was kept.
fn kept_response(body: Bytes) -> Response {
    let mut response = Response::new(HttpBody::from(body));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(CACHE, HeaderValue::from_static("hit"));
    response
}

/// Says who answers. Of the upstream's own headers nothing else is handed on.
fn name(response: &mut Response, started: &Started) {
    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(&format!("{:?}", started.target)) {
        headers.insert(TARGET, value);
    }
    if let Some(id) = &started.upstream_id {
        headers.insert(UPSTREAM_ID, id.clone());
    }
}

async fn read(body: HttpBody, most: usize) -> Result<Bytes, Failure> {
    let read = tokio::time::timeout(BODY_TIME, to_bytes(body, most)).await;
    match read {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(error)) if is_too_long(&error) => {
            Err(Failure::new(failure::Kind::TooLarge, format!("the request is larger than {most} bytes")))
        }
        Ok(Err(_)) => Err(bad("the request's body broke off")),
        Err(_) => Err(bad("the request's body did not come in time")),
    }
}

fn is_too_long(error: &axum::Error) -> bool {
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        if error.is::<http_body_util::LengthLimitError>() {
            return true;
        }
        cause = error.source();
    }
    false
}

fn bad(message: &str) -> Failure {
    Failure::new(failure::Kind::BadRequest, message)
}

/// Reads what routing needs to know; the rest stays as it came.
fn incoming(dialect: Dialect, headers: &HeaderMap, body: &[u8]) -> Result<Incoming, Failure> {
    let body =
        RawObject::parse(body).map_err(|error| bad(&format!("the body is not a JSON object: {error}")))?;
    let Some(Value::String(model)) = body.get("model") else { return Err(bad("`model` must be a text")) };
    let stream = match body.get("stream") {
        None | Some(Value::Null) => false,
        Some(Value::Bool(stream)) => stream,
        Some(_) => return Err(bad("`stream` must be true or false")),
    };
    let relayed = ["anthropic-version", "anthropic-beta"];
    let headers = relayed
        .iter()
        .filter(|_| dialect == Dialect::Anthropic)
        .filter_map(|name| Some((HeaderName::from_static(name), headers.get(*name)?.clone())))
        .collect();
    Ok(Incoming { model, stream, body: Body::Raw(dialect, body), headers })
}

/// The models that may be asked for.
#[utoipa::path(get, path = "/v1/llm/models", tag = "relay", responses(
    (status = 200, description = "as the provider would say it", body = Object),
    (status = "4XX", description = "an error in the caller's dialect", body = Object)))]
async fn models(State(relay): State<Relay>, request: Request) -> Response {
    // Anthropic's clients say so, whichever of the two addresses they were given.
    let dialect =
        if request.headers().contains_key("anthropic-version") { Dialect::Anthropic } else { Dialect::Chat };
    list(relay, dialect, request).await
}

/// The models that may be asked for, where Anthropic's clients look for them.
#[utoipa::path(get, path = "/v1/llm/v1/models", tag = "relay", responses(
    (status = 200, description = "as the provider would say it", body = Object),
    (status = "4XX", description = "an error in the caller's dialect", body = Object)))]
async fn anthropic_models(State(relay): State<Relay>, request: Request) -> Response {
    list(relay, Dialect::Anthropic, request).await
}

/// One model.
#[utoipa::path(get, path = "/v1/llm/models/{*id}", tag = "relay",
    params(("id" = String, Path, description = "name of the model; it may hold slashes")), responses(
    (status = 200, description = "as the provider would say it", body = Object),
    (status = "4XX", description = "an error in the caller's dialect", body = Object)))]
async fn model(State(relay): State<Relay>, Path(id): Path<String>, request: Request) -> Response {
    one(relay, Dialect::Chat, &id, request).await
}

/// One model, where Anthropic's clients look for it.
#[utoipa::path(get, path = "/v1/llm/v1/models/{*id}", tag = "relay",
    params(("id" = String, Path, description = "name of the model; it may hold slashes")), responses(
    (status = 200, description = "as the provider would say it", body = Object),
    (status = "4XX", description = "an error in the caller's dialect", body = Object)))]
async fn anthropic_model(State(relay): State<Relay>, Path(id): Path<String>, request: Request) -> Response {
    one(relay, Dialect::Anthropic, &id, request).await
}

async fn list(relay: Relay, dialect: Dialect, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    if let Err(refused) = relay.gate().identify(&parts).await {
        return answer::denied(dialect, &Denied::Refused(refused));
    }
    let current = relay.current();
    let listed = current.targets.listed();
    let entries: Vec<Value> = listed.iter().map(|(name, owner)| entry(dialect, name, owner)).collect();
    json_response(&match dialect {
        Dialect::Anthropic => json!({ "data": entries, "has_more": false,
            "first_id": listed.keys().next(), "last_id": listed.keys().next_back() }),
        _ => json!({ "object": "list", "data": entries }),
    })
}

async fn one(relay: Relay, dialect: Dialect, id: &str, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    if let Err(refused) = relay.gate().identify(&parts).await {
        return answer::denied(dialect, &Denied::Refused(refused));
    }
    match relay.current().targets.provider(id) {
        Ok(owner) => json_response(&entry(dialect, id, &owner)),
        Err(failure) => answer::response(dialect, &failure),
    }
}

/// `owned_by` is the provider's name in the configuration.
fn entry(dialect: Dialect, name: &str, owner: &str) -> Value {
    match dialect {
        Dialect::Anthropic => json!({ "type": "model", "id": name, "display_name": name,
            "created_at": "1970-01-01T00:00:00Z" }),
        _ => json!({ "id": name, "object": "model", "created": 0, "owned_by": owner }),
    }
}

fn json_response(value: &Value) -> Response {
    let mut response = Response::new(HttpBody::from(value.to_string()));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}
