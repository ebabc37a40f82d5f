//! `/v1/templates`: what a new diagram can begin with. The same list as in the engine's npm package.

use axum::http::Uri;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::extract::{Path, Query};
use super::page::{Page, PageQuery};
use crate::engine::Engine;
use crate::error::{self, Error};
use crate::state::AppState;

pub(crate) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(get))
}

/// A template, as the gallery shows it.
#[derive(Serialize, ToSchema)]
struct Template {
    id: &'static str,
    title: &'static str,
    /// Where it stands in the gallery.
    category: &'static str,
    /// What it shows, in one line.
    description: &'static str,
}

/// A template with its text.
#[derive(Serialize, ToSchema)]
#[schema(as = TemplateWithSource)]
struct Whole {
    #[serde(flatten)]
    template: Template,
    /// D2.
    source: &'static str,
}

impl From<&'static spandrel_engine::Template> for Template {
    fn from(template: &'static spandrel_engine::Template) -> Self {
        let spandrel_engine::Template { id, title, category, description, .. } = template;
        Self { id, title, category, description }
    }
}

/// Filter of the list.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
struct ListQuery {
    /// Only those of this category.
    category: Option<String>,
}

/// All templates, in the order of the gallery.
#[utoipa::path(get, path = "/v1/templates", tag = "projects", params(PageQuery, ListQuery), responses(
    (status = 200, description = "a page of them", body = Page<Template>),
    (status = 401, body = error::Body), (status = 422, body = error::Body)))]
async fn list(
    uri: Uri,
    Query(page): Query<PageQuery>,
    Query(query): Query<ListQuery>,
) -> Result<axum::Json<Page<Template>>, Error> {
    let wanted = |template: &&spandrel_engine::Template| {
        query.category.as_deref().is_none_or(|category| category.eq_ignore_ascii_case(template.category))
    };
    let all: Vec<Template> = Engine::templates().iter().filter(wanted).map(Template::from).collect();
    Ok(axum::Json(page.of(all, &uri)?))
}

/// One template with its D2.
#[utoipa::path(get, path = "/v1/templates/{id}", tag = "projects",
    params(("id" = String, Path, description = "the template")), responses(
    (status = 200, description = "the template", body = Whole),
    (status = 401, body = error::Body), (status = 404, body = error::Body)))]
async fn get(Path(id): Path<String>) -> Result<axum::Json<Whole>, Error> {
    let found = Engine::templates().iter().find(|template| template.id == id);
    let template = found.ok_or(Error::NotFound("template"))?;
    Ok(axum::Json(Whole { template: template.into(), source: template.source }))
}
