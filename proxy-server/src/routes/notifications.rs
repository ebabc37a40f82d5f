//! `/v1/notifications`, and the socket on which they are pushed.

use axum::extract::ws::WebSocketUpgrade;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::header::{ORIGIN, SEC_WEBSOCKET_PROTOCOL};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::extract::{Path, Query};
use super::page::{Page, PageQuery};
use crate::accounts::{Caller, authenticate, new_ticket, take_ticket};
use crate::error::{self, Error};
use crate::notifications::{Notification, talk};
use crate::state::AppState;

/// The sub-protocol that both sides must name.
const PROTOCOL: &str = "spandrel.v1";
/// Largest message of a client.
const MAX_MESSAGE: usize = 64 << 10;

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(read))
        .routes(routes!(ticket))
        .routes(routes!(socket))
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
    let seat = state.hub.seat(&caller.user_id).ok_or(Error::TooMany { retry_after_s: 10 })?;
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
