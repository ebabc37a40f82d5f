//! Answers that come as server-sent events.
//!
//! The work runs inside the answer's own stream: when the client leaves, hyper drops the stream and the work
//! stops at its next step. Comments keep a silent connection alive.

use std::convert::Infallible;
use std::time::Duration;

use axum::http::HeaderMap;
use axum::http::header::{ACCEPT, CACHE_CONTROL, HeaderName, HeaderValue};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::{Stream, stream};
use serde::Serialize;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::design::events;
use crate::error::Error;

/// Silence after which a comment is sent.
const KEEP_ALIVE: Duration = Duration::from_secs(10);

/// Whether the client asks for an event stream.
pub(crate) fn is_wanted(headers: &HeaderMap) -> bool {
    headers
        .get_all(ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .any(|value| value.split(',').any(|kind| kind.trim().starts_with("text/event-stream")))
}

/// One event with a JSON value.
pub(crate) fn event(name: &'static str, data: &impl Serialize) -> Event {
    Event::default()
        .event(name)
        .json_data(data)
        .unwrap_or_else(|_| Event::default().event("error").data("{}"))
}

/// The event of an error, in the shape that other answers have.
pub(crate) fn error(error: &Error) -> Event {
    error.log();
    event("error", &error.body())
}

/// Where a stream stands.
enum Step<W, L> {
    /// Events come, the work runs, until the server stops or its person has gone.
    Working(mpsc::Receiver<events::Event>, W, CancellationToken, L),
    /// The work is done: what it told last, then its last event.
    Ending(mpsc::Receiver<events::Event>, Event),
    Ended,
}

/// Streams what `work` tells through `events`, then the event that it ends with. Once `login_ended` has ended so
/// does the stream.
pub(crate) fn answer(
    events: mpsc::Receiver<events::Event>,
    work: impl Future<Output = Event> + Send + 'static,
    shutdown: CancellationToken,
    login_ended: impl Future<Output = ()> + Send + 'static,
) -> Response {
    let first = Step::Working(events, Box::pin(work), shutdown, Box::pin(login_ended));
    let events = stream::unfold(first, async |mut step| {
        loop {
            step = match step {
                Step::Working(mut events, mut work, shutdown, mut login_ended) => tokio::select! {
                    biased;
                    Some(told) = events.recv() => {
                        let next = Step::Working(events, work, shutdown, login_ended);
                        return Some((ok(event(told.name(), &told)), next));
                    }
                    last = &mut work => Step::Ending(events, last),
                    () = shutdown.cancelled() => {
                        let cause = "the server is stopping".to_owned();
                        Step::Ending(events, error(&Error::Unavailable { retry_after_s: 2, cause }))
                    }
                    () = &mut login_ended => Step::Ending(events, error(&Error::Unauthenticated)),
                },
                Step::Ending(mut events, last) => match events.try_recv() {
                    Ok(told) => return Some((ok(event(told.name(), &told)), Step::Ending(events, last))),
                    Err(_) => return Some((ok(last), Step::Ended)),
                },
                Step::Ended => return None,
            };
        }
    });
    respond(events)
}

/// Answers with events; comments keep a silent connection alive.
pub(crate) fn respond(events: impl Stream<Item = Result<Event, Infallible>> + Send + 'static) -> Response {
    let mut response = Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE)).into_response();
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    // nginx would hold the events back.
    headers.insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    response
}

fn ok(event: Event) -> Result<Event, Infallible> {
    Ok(event)
}
