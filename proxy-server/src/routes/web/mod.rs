//! The web app: built files from the binary or from a folder, and the app's page for every address that a
//! person could have typed. Addresses of the API that do not exist stay JSON.

mod files;

use axum::body::Body;
use axum::extract::State;
use axum::http::header::{
    ACCEPT, ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG,
    IF_NONE_MATCH, VARY,
};
use axum::http::{HeaderMap, HeaderValue, Method, Request, StatusCode};
use axum::response::{IntoResponse, Response};

use crate::error::Error;
use crate::middleware::security_headers;
use crate::state::AppState;
use files::File;

/// First parts of the paths that belong to programs.
const API: &[&str] = &["v1", "v2", "ws", "health", "metrics", "openapi.json", "docs"];

/// Shown where no web app is built in and no folder is given.
const NO_APP: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Spandrel</title>\
     <p>The server runs, but this binary carries no web app: build it with <code>cargo xtask run</code>, or \
     name the folder of a built one in <code>SPANDREL_SERVER_WEB_DIR</code>.</p></html>";

/// Answers whatever no route has answered.
pub(crate) async fn serve(State(state): State<AppState>, request: Request<Body>) -> Response {
    let path = request.uri().path();
    let is_front_door = path == "/";
    let first = path.trim_start_matches('/').split('/').next().unwrap_or_default();
    if API.contains(&first) {
        return Error::NotFound("address").into_response();
    }
    if request.method() != Method::GET && request.method() != Method::HEAD {
        return Error::NotFound("address").into_response();
    }
    let web_dir = &state.config.server.web_dir;
    let headers = request.headers();
    if let Some(name) = files::name(path)
        && !name.is_empty()
        && let Some(file) = files::find(web_dir, &name, brotli(headers)).await
    {
        return answer(file, &name, headers);
    }
    // A missing script must not come back as a page: only what asks for a page gets one, and who knocks at the front
    // door, as `curl` does without saying what it wants.
    if !is_front_door && !wants_html(headers) {
        return Error::NotFound("address").into_response();
    }
    match files::find(web_dir, "index.html", brotli(headers)).await {
        Some(file) => answer(file, "index.html", headers),
        None => page(NO_APP),
    }
}

/// Answers a known address that was asked with a wrong method.
pub(crate) async fn method_not_allowed() -> Error {
    Error::MethodNotAllowed
}

fn wants_html(headers: &HeaderMap) -> bool {
    headers
        .get_all(ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .any(|value| value.contains("text/html"))
}

/// Whether brotli is accepted: named, and not with weight 0.
fn brotli(headers: &HeaderMap) -> bool {
    headers.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok()).any(|value| {
        value.split(',').any(|coding| {
            let mut parts = coding.split(';').map(str::trim);
            parts.next() == Some("br")
                && !parts.any(|part| matches!(part, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
        })
    })
}

fn page(html: &'static str) -> Response {
    let mut response = Response::new(Body::from(html));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(security_headers::APP));
    response
}

fn answer(file: File, name: &str, request: &HeaderMap) -> Response {
    let mut response = Response::new(Body::empty());
    let headers = response.headers_mut();
    headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(security_headers::APP));
    // The build puts a hash of the content into the names below `assets/`; all else is asked for again.
    let cache = if name.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(cache));
    if let Ok(value) = HeaderValue::from_str(&file.etag) {
        headers.insert(ETAG, value);
    }
    let known = request
        .get_all(IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .any(|value| value.split(',').any(|tag| tag.trim() == file.etag || tag.trim() == "*"));
    if known {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        return response;
    }
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type(name)));
    if file.brotli {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static("br"));
    }
    *response.body_mut() = Body::from(file.bytes);
    response
}

/// The type of a file by its ending. The build makes no others.
fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map_or("", |(_, ending)| ending) {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "ttf" => "font/ttf",
        "txt" | "d2" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brotli_is_used_only_where_it_is_accepted() {
        for (value, accepted) in
            [("gzip, deflate, br", true), ("br;q=0.5", true), ("br;q=0", false), ("gzip", false), ("", false)]
        {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_ENCODING, HeaderValue::from_static(value));
            assert_eq!(brotli(&headers), accepted, "{value}");
        }
    }
}
