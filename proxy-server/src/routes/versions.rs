//! `/v1/projects/{code}/versions`.

use std::time::Duration;

use axum::extract::State;
use axum::http::header::{ACCEPT, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{Extensions, HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use similar::TextDiff;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::extract::{Json, Path, Query};
use super::page::{Page, PageQuery};
use crate::accounts::{Caller, audit};
use crate::design::save::{self, Save};
use crate::error::{self, Error};
use crate::state::AppState;
use crate::storage::projects::Role;
use crate::{storage, time};

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(get))
        .routes(routes!(restore))
        .routes(routes!(diff))
}

/// A version without its text: an entry of the list.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = VersionEntry)]
pub(crate) struct Entry {
    /// From 1, without holes.
    version_id: i64,
    /// What was done.
    message: String,
    /// How it came to be: `edit`, `restore`, or the provider that wrote it.
    origin: String,
    /// Name of who made it; absent when the account is gone.
    author: Option<String>,
    /// The version that it brings back.
    restored_from: Option<i64>,
    /// Which engine drew it.
    engine_version: String,
    created_at: String,
}

/// A version.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Version {
    #[serde(flatten)]
    entry: Entry,
    /// D2.
    source: String,
    /// Positions by id: given back to the engine it draws the same picture.
    #[schema(value_type = Option<Object>)]
    drawing: Option<Value>,
}

impl From<storage::versions::Version> for Entry {
    fn from(version: storage::versions::Version) -> Self {
        Self {
            version_id: version.number,
            message: version.message,
            origin: version.origin,
            author: version.author_name,
            restored_from: version.restored_from,
            engine_version: version.engine_version,
            created_at: time::show(version.created_at),
        }
    }
}

impl From<storage::versions::Version> for Version {
    fn from(mut version: storage::versions::Version) -> Self {
        let source = std::mem::take(&mut version.source);
        // Only JSON is ever stored there.
        let drawing = version.drawing.take().and_then(|text| serde_json::from_str(&text).ok());
        Self { entry: version.into(), source, drawing }
    }
}

/// What a new version is made of.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = VersionsCreate)]
struct Create {
    /// D2 without errors.
    source: String,
    /// The version that was changed; 0 for the first.
    #[schema(minimum = 0)]
    base_version: i64,
    /// What was done; at most 500 characters.
    #[serde(default)]
    #[schema(max_length = 500)]
    message: String,
    /// Positions by id as the client's engine drew them; drawn here when absent.
    #[schema(value_type = Option<Object>)]
    drawing: Option<Value>,
}

/// What a restore goes on.
#[derive(Debug, Default, Deserialize, ToSchema)]
struct Restore {
    /// The newest version that the caller knows; the newest there is when absent.
    #[schema(minimum = 0)]
    base_version: Option<i64>,
}

/// Order of the list.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
struct ListQuery {
    /// `-version_id` (newest first) or `version_id`.
    sort: Option<String>,
}

/// The versions of a project, without their texts.
#[utoipa::path(get, path = "/v1/projects/{code}/versions", tag = "versions",
    params(("code" = String, Path, description = "project code"), PageQuery, ListQuery), responses(
    (status = 200, description = "a page of them", body = Page<Entry>),
    (status = 401, body = error::Body), (status = 404, body = error::Body), (status = 422, body = error::Body)))]
async fn list(
    State(state): State<AppState>,
    caller: Caller,
    uri: Uri,
    Path(code): Path<String>,
    Query(page): Query<PageQuery>,
    Query(query): Query<ListQuery>,
) -> Result<axum::Json<Page<Entry>>, Error> {
    let newest_first = match query.sort.as_deref() {
        None | Some("-version_id" | "-created_at") => true,
        Some("version_id" | "created_at") => false,
        Some(_) => return Err(Error::field("sort", "it is version_id, created_at, or one with `-` before")),
    };
    let project = caller.project(&state, &code, Role::Viewer).await?;
    let part = state.storage.versions(&project.id, newest_first, page.window()?).await?;
    Ok(axum::Json(page.of_part(part, &uri, Entry::from)))
}

/// Adds a version after the one it was made from.
#[utoipa::path(post, path = "/v1/projects/{code}/versions", tag = "versions", request_body = Create,
    params(("code" = String, Path, description = "project code")), responses(
    (status = 201, description = "it is kept", body = Version),
    (status = 409, description = "someone was first: both sides are in the details", body = error::Body),
    (status = 401, body = error::Body), (status = 403, body = error::Body), (status = 404, body = error::Body),
    (status = 422, description = "the D2 has errors or asks for something dangerous", body = error::Body)))]
async fn create(
    State(state): State<AppState>,
    caller: Caller,
    Path(code): Path<String>,
    Json(body): Json<Create>,
) -> Result<(StatusCode, axum::Json<Version>), Error> {
    let project = caller.project(&state, &code, Role::Editor).await?;
    if body.base_version < 0 {
        return Err(Error::field("base_version", "it counts from 0"));
    }
    let message = body.message.trim();
    if message.chars().count() > 500 {
        return Err(Error::field("message", "it has at most 500 characters"));
    }
    let drawing = body.drawing.filter(|drawing| !drawing.is_null());
    if drawing.as_ref().is_some_and(|drawing| !drawing.is_object()) {
        return Err(Error::field("drawing", "it is an object: positions by id"));
    }
    let save = Save {
        source: &body.source,
        message: if message.is_empty() { "Edited" } else { message },
        origin: "edit",
        author_id: &caller.user_id,
        drawing,
        restored_from: None,
    };
    let version = save::save(&state, &project, body.base_version, save).await?;
    Ok((StatusCode::CREATED, axum::Json(version.into())))
}

/// One version; `latest` names the newest. With `Accept: image/svg+xml` its picture.
#[utoipa::path(get, path = "/v1/projects/{code}/versions/{n}", tag = "versions",
    params(("code" = String, Path, description = "project code"),
           ("n" = String, Path, description = "number, or `latest`")), responses(
    (status = 200, description = "the version", content(
        (Version = "application/json"), (String = "image/svg+xml"))),
    (status = 401, body = error::Body), (status = 404, body = error::Body)))]
async fn get(
    State(state): State<AppState>,
    caller: Caller,
    headers: HeaderMap,
    Path((code, n)): Path<(String, String)>,
) -> Result<Response, Error> {
    let project = caller.project(&state, &code, Role::Viewer).await?;
    let number = if n == "latest" { Some(project.last_version) } else { n.parse().ok() };
    let number = number.ok_or(Error::NotFound("version"))?;
    let version = state.storage.version(&project.id, number).await?.ok_or(Error::NotFound("version"))?;
    if is_picture(&headers) {
        return picture(&state, &caller, &project.name, version).await;
    }
    Ok(axum::Json(Version::from(version)).into_response())
}

fn is_picture(headers: &HeaderMap) -> bool {
    let accept = headers.get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    accept.split(',').any(|kind| kind.trim().starts_with("image/svg+xml"))
}

/// The version as an SVG file: to be kept, not to be opened as a page of ours (the usual headers forbid its
/// scripts, if it had any).
async fn picture(
    state: &AppState,
    caller: &Caller,
    title: &str,
    version: storage::versions::Version,
) -> Result<Response, Error> {
    if !state.flags(&caller.user_id).await?.enable_svg_export {
        return Err(Error::SwitchedOff("SVG export"));
    }
    let svg = state.engine.svg(&version.source, title, version.drawing.as_deref()).await?;
    let headers = [
        (CONTENT_TYPE, "image/svg+xml; charset=utf-8"),
        (CONTENT_DISPOSITION, "attachment; filename=\"diagram.svg\""),
    ];
    Ok((headers, svg).into_response())
}

/// What changed between two versions.
#[derive(Debug, Serialize, ToSchema)]
struct Diff {
    from: i64,
    to: i64,
    /// By objects and connections, with the edits that lead from the first to the second.
    #[schema(value_type = Object)]
    structural: Value,
    /// By lines, as a unified diff.
    textual: String,
}

/// Longest time for comparing lines; a coarser difference is given then.
const TEXT_DIFF_LIMIT: Duration = Duration::from_millis(500);

/// What changed between two versions, by objects and by lines.
#[utoipa::path(get, path = "/v1/projects/{code}/versions/{a}/diff/{b}", tag = "versions",
    params(("code" = String, Path, description = "project code"), ("a" = i64, Path, description = "from"),
           ("b" = i64, Path, description = "to")), responses(
    (status = 200, description = "the difference", body = Diff),
    (status = 401, body = error::Body), (status = 404, body = error::Body)))]
async fn diff(
    State(state): State<AppState>,
    caller: Caller,
    Path((code, a, b)): Path<(String, i64, i64)>,
) -> Result<axum::Json<Diff>, Error> {
    let project = caller.project(&state, &code, Role::Viewer).await?;
    let before = state.storage.version(&project.id, a).await?.ok_or(Error::NotFound("version"))?.source;
    let after = state.storage.version(&project.id, b).await?.ok_or(Error::NotFound("version"))?.source;
    let structural = state.engine.diff(&before, &after).await?;
    let textual = tokio::task::spawn_blocking(move || {
        let lines = TextDiff::configure().timeout(TEXT_DIFF_LIMIT).diff_lines(&before, &after);
        lines.unified_diff().header(&format!("version {a}"), &format!("version {b}")).to_string()
    });
    let textual = textual.await.map_err(Error::internal)?;
    Ok(axum::Json(Diff { from: a, to: b, structural, textual }))
}

/// Brings an old version back as a new one.
#[utoipa::path(post, path = "/v1/projects/{code}/versions/{n}/restore", tag = "versions",
    request_body = Option<Restore>,
    params(("code" = String, Path, description = "project code"), ("n" = i64, Path, description = "number")),
    responses(
    (status = 201, description = "the new version", body = Version),
    (status = 409, description = "there is a newer version than the named one", body = error::Body),
    (status = 401, body = error::Body), (status = 403, body = error::Body), (status = 404, body = error::Body)))]
async fn restore(
    State(state): State<AppState>,
    caller: Caller,
    extensions: Extensions,
    Path((code, n)): Path<(String, i64)>,
    body: Option<Json<Restore>>,
) -> Result<(StatusCode, axum::Json<Version>), Error> {
    let project = caller.project(&state, &code, Role::Editor).await?;
    let old = state.storage.version(&project.id, n).await?.ok_or(Error::NotFound("version"))?;
    let base = body.and_then(|Json(body)| body.base_version).unwrap_or(project.last_version);
    let version = save::restore(&state, &project, base, &old, &caller.user_id).await?;
    audit(&state, &extensions, Some(&caller.user_id), "version.restored", &format!("{code} {n}")).await;
    Ok((StatusCode::CREATED, axum::Json(version.into())))
}
