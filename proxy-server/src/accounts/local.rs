//! The keyless account of the person at the keyboard.
//!
//! Three things could pretend to be that person: another machine (the listener is on loopback), a web page in
//! their browser (its `Origin` or `Sec-Fetch-Site` gives it away), and a web page whose name was pointed at
//! 127.0.0.1 after it was loaded (DNS rebinding: its `Host` is not a loopback name). A reverse proxy on the
//! same machine would make the world look local; it is known by the headers it adds.

use std::net::{IpAddr, SocketAddr};

use axum::extract::ConnectInfo;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};

use crate::config;

/// What a proxy adds to the requests it hands on.
const PROXY_HEADERS: &[&str] = &["forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip"];

/// Whether a request came straight from a program on this machine, under a loopback name.
pub(crate) fn is_on_this_machine(parts: &Parts) -> bool {
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
    let direct = !PROXY_HEADERS.iter().any(|name| parts.headers.contains_key(*name));
    let by_name = single(&parts.headers, "host").is_some_and(is_loopback_authority);
    direct && by_name && peer.is_some_and(|ConnectInfo(peer)| peer.ip().is_loopback())
}

/// Whether a request that came in on a loopback listener is the local person's own.
pub(super) fn is_local(parts: &Parts, config: &config::Server) -> bool {
    let headers = &parts.headers;
    if PROXY_HEADERS.iter().any(|name| headers.contains_key(*name)) {
        return false;
    }
    let Some(host) = single(headers, "host") else { return false };
    if !is_loopback_authority(host) {
        return false;
    }
    if headers.contains_key(header::ORIGIN) {
        let Some(origin) = single(headers, "origin") else { return false };
        let own = origin.strip_prefix("http://").is_some_and(|rest| rest.eq_ignore_ascii_case(host));
        return own || config.origins().any(|allowed| allowed.eq_ignore_ascii_case(origin));
    }
    // Without an origin: the address bar (`none`), our own page, or a program that is no browser (absent).
    match headers.get("sec-fetch-site").map(axum::http::HeaderValue::as_bytes) {
        None | Some(b"none" | b"same-origin") => true,
        Some(_) => false,
    }
}

/// The value of a header that is there exactly once and is text.
fn single<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?;
    if values.next().is_some() { None } else { value.to_str().ok() }
}

/// Whether `host[:port]` names this machine: `localhost`, `127.0.0.0/8` or `[::1]`.
fn is_loopback_authority(authority: &str) -> bool {
    let (name, port) = match authority.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((name, rest)) => (name, rest.strip_prefix(':')),
        None => authority.split_once(':').map_or((authority, None), |(name, port)| (name, Some(port))),
    };
    if port.is_some_and(|port| port.parse::<u16>().is_err()) {
        return false;
    }
    name.eq_ignore_ascii_case("localhost") || name.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    fn local(headers: &[(&str, &str)]) -> bool {
        let mut request = Request::builder();
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let config = config::Server {
            allowed_origins: "http://localhost:5173".to_owned(),
            ..config::Server::default()
        };
        is_local(&request.body(()).unwrap().into_parts().0, &config)
    }

    #[test]
    fn the_person_at_the_keyboard_is_in() {
        for host in ["127.0.0.1:8787", "localhost:8787", "LOCALHOST", "[::1]:8787", "127.1.2.3:80"] {
            assert!(local(&[("host", host)]), "{host}");
        }
        let host = ("host", "127.0.0.1:8787");
        assert!(local(&[host, ("origin", "http://127.0.0.1:8787")]));
        assert!(local(&[host, ("origin", "http://localhost:5173"), ("sec-fetch-site", "same-site")]));
        assert!(local(&[host, ("sec-fetch-site", "none")]));
    }

    #[test]
    fn a_rebound_name_is_not() {
        for host in ["evil.example:8787", "localhost.evil.example", "127.0.0.1.evil.example", "", "[::1"] {
            assert!(!local(&[("host", host)]), "{host}");
        }
        assert!(!local(&[]));
    }

    #[test]
    fn a_foreign_page_is_not() {
        let host = ("host", "127.0.0.1:8787");
        for origin in ["http://evil.example", "null", "https://127.0.0.1:8787", "http://127.0.0.1:9999"] {
            assert!(!local(&[host, ("origin", origin)]), "{origin}");
        }
        assert!(!local(&[host, ("sec-fetch-site", "cross-site")]));
        assert!(!local(&[host, ("sec-fetch-site", "same-site")]));
    }

    #[test]
    fn what_a_proxy_hands_on_is_not() {
        assert!(!local(&[("host", "127.0.0.1:8787"), ("x-forwarded-for", "203.0.113.9")]));
    }
}
