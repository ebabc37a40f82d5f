//! `/v1/projects`.

use axum::extract::State;
use axum::http::header::LOCATION;
use axum::http::{Extensions, HeaderValue, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::extract::{Json, Path, Query};
use super::page::{Page, PageQuery};
use crate::accounts::{Caller, audit};
use crate::error::{self, Error, Field};
use crate::state::AppState;
use crate::storage::projects::{Created, NewProject, Role, Sort};
use crate::{ids, storage, time};

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(get, update, delete))
}

/// A project as its members see it.
#[derive(Debug, Serialize, ToSchema)]
#[expect(clippy::struct_field_names, reason = "the contract's names")]
struct Project {
    project_code: String,
    name: String,
    description: String,
    /// Id that the client gave it while it was offline.
    client_id: Option<String>,
    /// Number of the newest version; 0 while there is none.
    last_version: i64,
    /// `owner`, `editor` or `viewer`: the asking member's role.
    role: &'static str,
    created_at: String,
    updated_at: String,
}

impl From<storage::projects::Project> for Project {
    fn from(project: storage::projects::Project) -> Self {
        Self {
            project_code: project.code,
            name: project.name,
            description: project.description,
            client_id: project.client_id,
            last_version: project.last_version,
            role: project.role.as_str(),
            created_at: time::show(project.created_at),
            updated_at: time::show(project.updated_at),
        }
    }
}

/// What a new project is made of.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = ProjectCreate)]
struct Create {
    /// 1 to 200 characters.
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    /// At most 2000 characters.
    #[serde(default)]
    #[schema(max_length = 2000)]
    description: String,
    /// 3 to 64 letters, digits, `-` and `_`; made when absent.
    #[schema(min_length = 3, max_length = 64)]
    project_code: Option<String>,
    /// UUID of a project that was made offline: sending it again gives the same project.
    client_id: Option<String>,
}

/// What is to change; absent fields stay.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = ProjectUpdate)]
struct Update {
    #[schema(min_length = 1, max_length = 200)]
    name: Option<String>,
    #[schema(max_length = 2000)]
    description: Option<String>,
}

/// Order and filter of the list.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
struct ListQuery {
    /// `updated_at`, `created_at` or `name`, with `-` before it for the other direction.
    sort: Option<String>,
    /// Part of the name, in any case.
    name: Option<String>,
}

fn check_name(name: &str, fields: &mut Vec<Field>) -> String {
    let name = name.trim();
    if !(1..=200).contains(&name.chars().count()) {
        fields.push(Field { field: "name".to_owned(), message: "it has 1 to 200 characters".to_owned() });
    }
    name.to_owned()
}

fn check_description(description: &str, fields: &mut Vec<Field>) {
    if description.chars().count() > 2000 {
        let message = "it has at most 2000 characters".to_owned();
        fields.push(Field { field: "description".to_owned(), message });
    }
}

/// The projects that the caller is a member of.
#[utoipa::path(get, path = "/v1/projects", tag = "projects", params(PageQuery, ListQuery), responses(
    (status = 200, description = "a page of them", body = Page<Project>),
    (status = 401, body = error::Body), (status = 422, body = error::Body)))]
async fn list(
    State(state): State<AppState>,
    caller: Caller,
    uri: Uri,
    Query(page): Query<PageQuery>,
    Query(query): Query<ListQuery>,
) -> Result<axum::Json<Page<Project>>, Error> {
    let sort = match query.sort.as_deref() {
        None | Some("-updated_at") => Sort::NewestChange,
        Some("updated_at") => Sort::OldestChange,
        Some("-created_at") => Sort::Newest,
        Some("created_at") => Sort::Oldest,
        Some("name") => Sort::Name,
        Some("-name") => Sort::NameBackwards,
        Some(_) => {
            return Err(Error::field(
                "sort",
                "it is one of updated_at, created_at, name, or one with `-` before",
            ));
        }
    };
    let name = query.name.unwrap_or_default();
    let part = state.storage.projects(&caller.user_id, name.trim(), sort, page.window()?).await?;
    Ok(axum::Json(page.of_part(part, &uri, Project::from)))
}

/// Makes a project, with the caller as its owner.
#[utoipa::path(post, path = "/v1/projects", tag = "projects", request_body = Create, responses(
    (status = 201, description = "it is made", body = Project),
    (status = 200, description = "this client id was used before: the project it made", body = Project),
    (status = 409, description = "the code is taken", body = error::Body),
    (status = 401, body = error::Body), (status = 422, body = error::Body)))]
async fn create(
    State(state): State<AppState>,
    caller: Caller,
    Json(body): Json<Create>,
) -> Result<Response, Error> {
    let mut fields = Vec::new();
    let name = check_name(&body.name, &mut fields);
    check_description(&body.description, &mut fields);
    if body.project_code.as_deref().is_some_and(|code| !ids::is_project_code(code)) {
        let message =
            "it has 3 to 64 letters, digits, `-` and `_`, and begins with a letter or digit".to_owned();
        fields.push(Field { field: "project_code".to_owned(), message });
    }
    let client_id = body.client_id.as_deref().map(uuid::Uuid::parse_str).transpose();
    if client_id.is_err() {
        fields.push(Field { field: "client_id".to_owned(), message: "it is a UUID".to_owned() });
    }
    if !fields.is_empty() {
        return Err(Error::Validation(fields));
    }
    let client_id = client_id.ok().flatten().map(|id| id.to_string());
    let new = NewProject { code: body.project_code, name, description: body.description, client_id };
    let (status, project) = match state.storage.create_project(&caller.user_id, new).await? {
        Created::New(project) => (StatusCode::CREATED, project),
        Created::Existing(project) => (StatusCode::OK, project),
        Created::CodeTaken => {
            return Err(Error::Conflict {
                code: "PROJECT_CODE_TAKEN",
                message: "this project code belongs to another project".to_owned(),
                details: json!({}),
            });
        }
    };
    let location = format!("/v1/projects/{}", project.code);
    let mut response = (status, axum::Json(Project::from(project))).into_response();
    if let Ok(value) = HeaderValue::from_str(&location) {
        response.headers_mut().insert(LOCATION, value);
    }
    Ok(response)
}

/// One project.
#[utoipa::path(get, path = "/v1/projects/{code}", tag = "projects",
    params(("code" = String, Path, description = "project code")), responses(
    (status = 200, description = "the project", body = Project),
    (status = 401, body = error::Body), (status = 404, body = error::Body)))]
async fn get(
    State(state): State<AppState>,
    caller: Caller,
    Path(code): Path<String>,
) -> Result<axum::Json<Project>, Error> {
    Ok(axum::Json(caller.project(&state, &code, Role::Viewer).await?.into()))
}

/// Changes name or description. Owners only.
#[utoipa::path(patch, path = "/v1/projects/{code}", tag = "projects", request_body = Update,
    params(("code" = String, Path, description = "project code")), responses(
    (status = 200, description = "the changed project", body = Project),
    (status = 401, body = error::Body), (status = 403, body = error::Body),
    (status = 404, body = error::Body), (status = 422, body = error::Body)))]
async fn update(
    State(state): State<AppState>,
    caller: Caller,
    Path(code): Path<String>,
    Json(body): Json<Update>,
) -> Result<axum::Json<Project>, Error> {
    let project = caller.project(&state, &code, Role::Owner).await?;
    let mut fields = Vec::new();
    let name = body.name.map(|name| check_name(&name, &mut fields));
    if let Some(description) = &body.description {
        check_description(description, &mut fields);
    }
    if !fields.is_empty() {
        return Err(Error::Validation(fields));
    }
    state.storage.update_project(&project.id, name.as_deref(), body.description.as_deref()).await?;
    Ok(axum::Json(caller.project(&state, &code, Role::Viewer).await?.into()))
}

/// Deletes a project with all its versions. Owners only.
#[utoipa::path(delete, path = "/v1/projects/{code}", tag = "projects",
    params(("code" = String, Path, description = "project code")), responses(
    (status = 204, description = "it is gone"),
    (status = 401, body = error::Body), (status = 403, body = error::Body), (status = 404, body = error::Body)))]
async fn delete(
    State(state): State<AppState>,
    caller: Caller,
    extensions: Extensions,
    Path(code): Path<String>,
) -> Result<StatusCode, Error> {
    let project = caller.project(&state, &code, Role::Owner).await?;
    state.storage.delete_project(&project.id).await?;
    audit(&state, &extensions, Some(&caller.user_id), "project.deleted", &project.code).await;
    Ok(StatusCode::NO_CONTENT)
}
