//! `/v1/notifications`, and the socket on which they are pushed.

use std::collections::VecDeque;
use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade, close_code};
use axum::extract::{FromRequestParts, Request, State};
use axum::http::header::{ORIGIN, SEC_WEBSOCKET_PROTOCOL};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::time::{Instant, interval, timeout};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::extract::{Path, Query};
use super::page::{Page, PageQuery};
use crate::accounts::{self, Caller, authenticate, new_ticket, take_ticket};
use crate::error::{self, Error};
use crate::notifications::Seat;
use crate::state::AppState;
use crate::storage::Kind;
use crate::{storage, time};

/// The sub-protocol that both sides must name.
const PROTOCOL: &str = "spandrel.v1";
/// Largest message of a client.
const MAX_MESSAGE: usize = 64 << 10;
/// A client that is silent for so long, without even a pong, is gone.
const IDLE: Duration = Duration::from_mins(1);
const PING_EVERY: Duration = Duration::from_secs(20);
/// A login that has ended ends its sockets within this time.
const CHECK_EVERY: Duration = Duration::from_secs(4);
/// Another server on the same database may have written, and no bell is heard from there.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// The same where bells are heard: one may get lost.
const LOOK_ANYWAY: Duration = Duration::from_secs(15);
/// A message that the client does not take in this time is the last one.
const SEND_LIMIT: Duration = Duration::from_secs(10);
/// So far is looked back where several servers write: their clocks differ, and transactions end out of order.
const OVERLAP_MS: i64 = 10_000;
/// The same on SQLite, whose one writer writes in order: a clock that is set back a little is all that can happen.
const OVERLAP_ALONE_MS: i64 = 100;
/// Notifications read at once.
const BATCH: i64 = 100;

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(read))
        .routes(routes!(ticket))
        .routes(routes!(socket))
}

/// One thing that a person should know.
#[derive(Debug, Serialize, ToSchema)]
struct Notification {
    id: String,
    /// What it is about, as `version.saved`.
    kind: String,
    message: String,
    #[schema(value_type = Object)]
    data: Value,
    created_at: String,
    is_read: bool,
}

impl From<storage::notifications::Notification> for Notification {
    fn from(kept: storage::notifications::Notification) -> Self {
        Self {
            id: kept.id,
            kind: kept.kind,
            message: kept.message,
            data: serde_json::from_str(&kept.data).unwrap_or_default(),
            created_at: time::show(kept.created_at),
            is_read: kept.read_at.is_some(),
        }
    }
}

/// Filter of the list.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
struct ListQuery {
    /// Only what was not read.
    unread: Option<bool>,
}

/// The caller's notifications, newest first.
#[utoipa::path(get, path = "/v1/notifications", tag = "notifications", params(PageQuery, ListQuery), responses(
    (status = 200, description = "a page of them", body = Page<Notification>),
    (status = 401, body = error::Body), (status = 422, body = error::Body)))]
async fn list(
    State(state): State<AppState>,
    caller: Caller,
    uri: Uri,
    Query(page): Query<PageQuery>,
    Query(query): Query<ListQuery>,
) -> Result<axum::Json<Page<Notification>>, Error> {
    let unread = query.unread.unwrap_or(false);
    let part = state.storage.notifications(&caller.user_id, unread, page.window()?).await?;
    Ok(axum::Json(page.of_part(part, &uri, Notification::from)))
}

/// Notes that a notification was read.
#[utoipa::path(post, path = "/v1/notifications/{id}/read", tag = "notifications",
    params(("id" = String, Path, description = "the notification")), responses(
    (status = 204, description = "noted"), (status = 401, body = error::Body),
    (status = 403, body = error::Body), (status = 404, body = error::Body)))]
async fn read(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, Error> {
    if state.storage.mark_read(&caller.user_id, &id).await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(Error::NotFound("notification"))
    }
}

/// Lets a browser open a socket.
#[derive(Serialize, ToSchema)]
struct Ticket {
    /// To be sent as the sub-protocol `ticket.<ticket>`.
    ticket: String,
    /// Seconds.
    expires_in: u64,
}

/// A ticket for one socket, for half a minute.
#[utoipa::path(post, path = "/v1/ws-ticket", tag = "notifications", responses(
    (status = 201, description = "the ticket", body = Ticket), (status = 401, body = error::Body),
    (status = 403, body = error::Body)))]
async fn ticket(
    State(state): State<AppState>,
    caller: Caller,
) -> Result<(StatusCode, axum::Json<Ticket>), Error> {
    let (ticket, expires_in) = new_ticket(&state, &caller).await?;
    Ok((StatusCode::CREATED, axum::Json(Ticket { ticket, expires_in })))
}

/// A WebSocket that tells notifications as they come, as JSON texts.
///
/// The client names the sub-protocols `spandrel.v1` and `ticket.<ticket>` (a program may send its token or key
/// in the usual headers instead), and may send `{"since": "<RFC 3339>"}` to be told again what it missed.
#[utoipa::path(get, path = "/ws/notifications", tag = "notifications", responses(
    (status = 101, description = "the socket is open"),
    (status = 401, body = error::Body), (status = 403, description = "a foreign origin", body = error::Body),
    (status = 429, description = "too many sockets", body = error::Body)))]
async fn socket(State(state): State<AppState>, request: Request) -> Result<Response, Error> {
    let (mut parts, _) = request.into_parts();
    check_origin(&parts.headers, &state)?;
    let presented =
        protocols(&parts.headers).find_map(|name| name.strip_prefix("ticket.")).map(str::to_owned);
    let caller = match presented {
        Some(ticket) => take_ticket(&state, &ticket).await?.ok_or(Error::Unauthenticated)?,
        None => authenticate(&parts, &state).await?,
    };
    if !state.flags(&caller.user_id).await?.enable_notifications {
        return Err(Error::SwitchedOff("notifications"));
    }
    let seat = Seat::take(&state, &caller.user_id).ok_or(Error::TooMany { retry_after_s: 10 })?;
    let upgrade = WebSocketUpgrade::from_request_parts(&mut parts, &state)
        .await
        .map_err(|_| Error::Body(StatusCode::UPGRADE_REQUIRED, "this address speaks WebSocket".to_owned()))?;
    let upgrade = upgrade.protocols([PROTOCOL]).max_message_size(MAX_MESSAGE).max_frame_size(MAX_MESSAGE);
    Ok(upgrade.on_upgrade(async move |socket| talk(state, caller, seat, socket).await))
}

fn protocols(headers: &HeaderMap) -> impl Iterator<Item = &str> {
    let values = headers.get_all(SEC_WEBSOCKET_PROTOCOL).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).map(str::trim)
}

/// Browsers let any page open a socket to anywhere, and always name the page's origin.
fn check_origin(headers: &HeaderMap, state: &AppState) -> Result<(), Error> {
    let Some(origin) = headers.get(ORIGIN) else { return Ok(()) };
    let origin = origin.to_str().unwrap_or_default();
    let host = headers.get("host").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let own = origin.split_once("://").is_some_and(|(_, of)| of.eq_ignore_ascii_case(host));
    let allowed = state.config.server.origins().any(|allowed| allowed.eq_ignore_ascii_case(origin));
    if own || allowed { Ok(()) } else { Err(Error::NotAllowed("pages of this origin are not allowed here")) }
}

/// What a client may say.
#[derive(Deserialize)]
struct Said {
    since: String,
}

async fn talk(state: AppState, caller: Caller, seat: Seat, mut socket: WebSocket) {
    // Ids that were sent, of the time that is looked back on.
    let mut sent: VecDeque<String> = VecDeque::new();
    let mut heard = Instant::now();
    let (mut ping, mut check, mut look) = (interval(PING_EVERY), interval(CHECK_EVERY), interval(LOOK_EVERY));
    let several = state.storage.kind() == Kind::Postgres;
    let overlap = if several { OVERLAP_MS } else { OVERLAP_ALONE_MS };
    // What came while the client was on its way here is told as well.
    let mut since = time::now() - OVERLAP_MS + overlap;
    let mut looked = Instant::now();
    let reason = 'open: loop {
        // Before reading, so that nothing is missed between reading and waiting.
        let bell = seat.bell.notified();
        tokio::pin!(bell);
        bell.as_mut().enable();
        let news = match state.storage.notifications_since(&caller.user_id, since - overlap, BATCH).await {
            Ok(news) => news,
            Err(error) => {
                tracing::debug!(%error, "cannot read notifications");
                Vec::new()
            }
        };
        let full = news.len() as i64 == BATCH;
        for kept in news {
            if sent.contains(&kept.id) {
                continue;
            }
            since = since.max(kept.created_at);
            sent.push_back(kept.id.clone());
            if sent.len() > 4 * BATCH as usize {
                sent.pop_front();
            }
            let Ok(text) = serde_json::to_string(&Notification::from(kept)) else { continue };
            if !matches!(timeout(SEND_LIMIT, socket.send(Message::Text(text.into()))).await, Ok(Ok(()))) {
                return;
            }
        }
        if full {
            // More than one reading: go on from the last.
            since += overlap;
            continue;
        }
        loop {
            tokio::select! {
                () = &mut bell => break,
                _ = look.tick(), if several => {
                    if !state.hub.is_connected() || looked.elapsed() > LOOK_ANYWAY {
                        looked = Instant::now();
                        break;
                    }
                }
                () = state.shutdown.cancelled() => break 'open (close_code::AWAY, "the server is stopping"),
                _ = ping.tick() => {
                    if heard.elapsed() > IDLE {
                        break 'open (close_code::NORMAL, "nobody is there");
                    }
                    if !matches!(timeout(SEND_LIMIT, socket.send(Message::Ping(Vec::new().into()))).await, Ok(Ok(()))) {
                        return;
                    }
                }
                _ = check.tick() => {
                    if !accounts::still_in(&state, &caller).await {
                        break 'open (close_code::POLICY, "the login has ended");
                    }
                }
                said = socket.recv() => {
                    heard = Instant::now();
                    match said {
                        Some(Ok(Message::Text(text))) => match serde_json::from_str::<Said>(&text) {
                            Ok(said) => {
                                let Ok(at) = said.since.parse::<jiff::Timestamp>() else {
                                    break 'open (close_code::POLICY, "`since` is not a moment");
                                };
                                since = at.as_millisecond() + overlap;
                                sent.clear();
                                break;
                            }
                            Err(_) => break 'open (close_code::POLICY, "this is not understood"),
                        },
                        Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                        Some(Ok(Message::Binary(_))) => break 'open (close_code::UNSUPPORTED, "texts only"),
                        Some(Ok(Message::Close(_)) | Err(_)) | None => return,
                    }
                }
            }
        }
    };
    let frame = CloseFrame { code: reason.0, reason: reason.1.into() };
    // The other side may be gone already.
    drop(timeout(SEND_LIMIT, socket.send(Message::Close(Some(frame)))).await);
}
