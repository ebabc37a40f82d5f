//! One call to one target, up to the first event that counts: until then it can fail and another can be made.

use std::collections::VecDeque;
use std::time::Duration;

use axum::http::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use bytes::{Bytes, BytesMut};
use tokio::time::{Instant, timeout_at};

use super::dialect::{self, Incoming};
use super::message::Event;
use super::scrub::scrub;
use super::source::{Piece, Source};
use super::target::Target;
use super::{Config, Failure, failure, http};

/// An error body is read so far.
const ERROR_BYTES: usize = 64 << 10;

/// A call that brought something to hand on.
#[derive(Debug)]
pub(super) struct Won {
    /// The provider's own name for the call, for its support.
    pub(super) upstream_id: Option<HeaderValue>,
    pub(super) answer: Answer,
}

#[derive(Debug)]
pub(super) enum Answer {
    /// `held` came first and is still to be handed on.
    Stream {
        source: Box<Source>,
        held: VecDeque<Piece>,
    },
    Whole {
        body: Bytes,
        events: Vec<Event>,
    },
}

/// Sends `incoming` to `target` and waits for what counts. `deadline` is that of the whole request.
pub(super) async fn call(
    client: &reqwest::Client,
    config: &Config,
    target: &Target,
    incoming: &Incoming,
    deadline: Instant,
) -> Result<Won, Failure> {
    let first = Instant::now() + Duration::from_millis(config.first_token_timeout_ms);
    // An answer that is no stream comes when all of it is written.
    let until = if incoming.stream { first.min(deadline) } else { deadline };
    let response = timeout_at(until, send(client, target, incoming))
        .await
        .map_err(|_| Failure::from(failure::Kind::TimedOut))??;
    let status = response.status();
    let headers = response.headers().clone();
    if !status.is_success() {
        return Err(refusal(target, status, &headers, response, until).await);
    }
    // Asked for none; a bomb stays packed.
    if headers.get(CONTENT_ENCODING).is_some_and(|encoding| encoding != "identity") {
        return Err(failure::Kind::BadAnswer.into());
    }
    let upstream_id = ["request-id", "x-request-id", "x-goog-request-id"]
        .iter()
        .find_map(|name| headers.get(*name))
        .filter(|value| value.len() <= 128)
        .cloned();
    let is_events =
        headers.get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/event-stream"));
    if incoming.stream && is_events {
        let mut source =
            Box::new(Source::new(response, format!("{target:?}"), target.dialect(), config, deadline));
        let held = preamble(&mut source, first, config.event_bytes).await?;
        return Ok(Won { upstream_id, answer: Answer::Stream { source, held } });
    }
    let body = body(response, config.answer_bytes, until, target).await?;
    let events = dialect::read_answer(target.dialect(), &body)?;
    if incoming.stream {
        // A whole answer, or an HTML page, where events were asked for.
        return Err(failure::Kind::BadAnswer.into());
    }
    Ok(Won { upstream_id, answer: Answer::Whole { body, events } })
}

async fn send(
    client: &reqwest::Client,
    target: &Target,
    incoming: &Incoming,
) -> Result<reqwest::Response, Failure> {
    let call = dialect::prepare(incoming, target.addressee())?;
    let mut headers = target.headers();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    let accept = if incoming.stream { "text/event-stream" } else { "application/json" };
    headers.insert(ACCEPT, HeaderValue::from_static(accept));
    if target.dialect() == dialect::Dialect::Anthropic {
        headers.insert("anthropic-version", HeaderValue::from_static("2023-06-01"));
    }
    if incoming.is_native_to(target.dialect()) {
        headers.extend(incoming.headers.iter().cloned());
    }
    let url = format!("{}{}", target.upstream.base_url, call.path);
    client
        .post(url)
        .headers(headers)
        .body(call.body)
        .send()
        .await
        .map_err(|error| http::failure(error, &format!("{target:?}")))
}

/// An answer with another status than 2xx.
async fn refusal(
    target: &Target,
    status: StatusCode,
    headers: &HeaderMap,
    response: reqwest::Response,
    until: Instant,
) -> Failure {
    // The status is the message; a body that does not come is no reason to wait.
    let soon = until.min(Instant::now() + Duration::from_secs(5));
    let body = body(response, ERROR_BYTES, soon, target).await.unwrap_or_default();
    let body = scrub(&body, &target.upstream.keys);
    let failure = Failure::from_answer(target.dialect(), status, headers, &body);
    tracing::debug!(?target, %status, kind = ?failure.kind, "a model provider refused");
    failure
}

async fn body(
    mut response: reqwest::Response,
    most: usize,
    until: Instant,
    target: &Target,
) -> Result<Bytes, Failure> {
    let mut whole = BytesMut::new();
    loop {
        let chunk = timeout_at(until, response.chunk())
            .await
            .map_err(|_| Failure::from(failure::Kind::TimedOut))?
            .map_err(|error| http::failure(error, &format!("{target:?}")))?;
        let Some(chunk) = chunk else { return Ok(whole.freeze()) };
        if whole.len() + chunk.len() > most {
            return Err(Failure::new(
                failure::Kind::BadAnswer,
                "the answer of the model's provider is too large",
            ));
        }
        whole.extend_from_slice(&chunk);
    }
}

/// Reads up to the first event that counts. Whatever fails before it, fails the call.
async fn preamble(source: &mut Source, first: Instant, most: usize) -> Result<VecDeque<Piece>, Failure> {
    let mut held = VecDeque::new();
    let mut bytes = 0;
    loop {
        let Some(piece) = source.next(Some(first)).await? else {
            // The stream was whole and said nothing that counts.
            return if held.is_empty() { Err(failure::Kind::BadAnswer.into()) } else { Ok(held) };
        };
        if let Some(failure) = piece.failure() {
            return Err(failure.clone());
        }
        if piece.is_malformed {
            return Err(failure::Kind::BadAnswer.into());
        }
        bytes += piece.raw.len();
        let counts = piece.events.iter().any(Event::counts);
        held.push_back(piece);
        if counts || bytes > most {
            return Ok(held);
        }
    }
}
