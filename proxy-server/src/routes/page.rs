//! Lists: `?page&limit&sort` in, `{data, meta, links}` out.

use axum::http::Uri;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::Error;
use crate::storage::{Part, Window};

/// Entries of a page when nothing is asked.
const DEFAULT_LIMIT: u32 = 20;
/// Entries of a page at most.
const MAX_LIMIT: u32 = 100;

/// Which part of a list is wanted.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub(super) struct PageQuery {
    /// From 1.
    #[param(minimum = 1, maximum = 1_000_000)]
    page: Option<u32>,
    /// Entries of a page.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
}

impl PageQuery {
    /// The wanted window, checked.
    pub(super) fn window(&self) -> Result<Window, Error> {
        let page = self.page();
        if !(1..=1_000_000).contains(&page) {
            return Err(Error::field("page", "it counts from 1 to 1000000"));
        }
        let limit = self.limit();
        if !(1..=MAX_LIMIT).contains(&limit) {
            return Err(Error::field("limit", format!("it lies between 1 and {MAX_LIMIT}")));
        }
        Ok(Window { offset: i64::from(page - 1) * i64::from(limit), limit: i64::from(limit) })
    }

    /// The page of a part that storage gave for [`PageQuery::window`].
    pub(super) fn of_part<S, T>(&self, part: Part<S>, uri: &Uri, show: impl FnMut(S) -> T) -> Page<T> {
        Page::new(part.items.into_iter().map(show).collect(), part.total, self, uri)
    }

    /// The page of a list that is at hand as a whole.
    pub(super) fn of<T>(&self, all: Vec<T>, uri: &Uri) -> Result<Page<T>, Error> {
        let window = self.window()?;
        let (offset, limit) = (window.offset as usize, window.limit as usize);
        let total = all.len() as u64;
        Ok(Page::new(all.into_iter().skip(offset).take(limit).collect(), total, self, uri))
    }

    fn page(&self) -> u32 {
        self.page.unwrap_or(1)
    }

    fn limit(&self) -> u32 {
        self.limit.unwrap_or(DEFAULT_LIMIT)
    }
}

/// One page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Page<T> {
    data: Vec<T>,
    meta: Meta,
    links: Links,
}

/// Where the page stands.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Meta {
    page: u32,
    limit: u32,
    total: u64,
}

/// Addresses around the page, as paths.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PageLinks)]
pub(super) struct Links {
    #[serde(rename = "self")]
    this: String,
    next: Option<String>,
    prev: Option<String>,
}

impl<T> Page<T> {
    /// The page that `query` asked for at `uri`, out of `total` entries.
    fn new(data: Vec<T>, total: u64, query: &PageQuery, uri: &Uri) -> Self {
        let (page, limit) = (query.page(), query.limit());
        let more = u64::from(page) * u64::from(limit) < total;
        Self {
            data,
            meta: Meta { page, limit, total },
            links: Links {
                this: with_page(uri, page),
                next: more.then(|| with_page(uri, page + 1)),
                prev: (page > 1).then(|| with_page(uri, page - 1)),
            },
        }
    }
}

/// The same address with another page number; its other parameters stay as they came.
fn with_page(uri: &Uri, page: u32) -> String {
    let mut parameters: Vec<String> = uri
        .query()
        .unwrap_or_default()
        .split('&')
        .filter(|pair| !pair.is_empty() && pair.split('=').next() != Some("page"))
        .map(str::to_owned)
        .collect();
    parameters.push(format!("page={page}"));
    format!("{}?{}", uri.path(), parameters.join("&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_keep_the_other_parameters() {
        let uri: Uri = "/v1/projects?sort=-name&page=2&limit=5".parse().unwrap();
        let query = PageQuery { page: Some(2), limit: Some(5) };
        let page = Page::new(vec![0; 5], 11, &query, &uri);
        assert_eq!(page.links.next.as_deref(), Some("/v1/projects?sort=-name&limit=5&page=3"));
        assert_eq!(page.links.prev.as_deref(), Some("/v1/projects?sort=-name&limit=5&page=1"));
        assert!(Page::new(vec![0; 5], 10, &query, &uri).links.next.is_none());
    }

    #[test]
    fn windows_are_bounded() {
        assert!(PageQuery { page: Some(0), limit: None }.window().is_err());
        assert!(PageQuery { page: None, limit: Some(101) }.window().is_err());
        let window = PageQuery { page: Some(3), limit: Some(100) }.window().unwrap();
        assert_eq!((window.offset, window.limit), (200, 100));
    }
}
