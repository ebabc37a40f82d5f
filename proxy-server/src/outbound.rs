//! Calls to services that are not language models: issuers of identities and the keys they publish.
//!
//! Where such a call goes stands in the configuration, but what it finds there (an issuer's own description)
//! names further addresses. So every address is judged: the host's name is resolved once, every address that
//! it has must be a public one, and the connection goes to one of those that were judged. Redirects are not
//! followed, answers are bounded, nothing is taken from proxy variables.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::StreamExt;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::redirect::Policy;
use url::{Host, Url};

/// For a whole call.
const PATIENCE: Duration = Duration::from_secs(5);
/// Bytes of an answer.
const MOST: usize = 1 << 20;

/// Why there is no answer. Texts are for the log: they name no secrets.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// The address is none that may be called.
    #[error("`{0}` may not be called: {1}")]
    Forbidden(String, &'static str),
    /// Nobody answered, or not in time.
    #[error("no answer: {0}")]
    NoAnswer(String),
    /// The answer is larger than it may be.
    #[error("the answer is larger than {MOST} bytes")]
    TooLarge,
}

/// A client for such calls. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Outbound {
    client: reqwest::Client,
    private: bool,
}

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: reqwest::StatusCode,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) body: Bytes,
}

impl Outbound {
    /// `private`: private networks and this machine may be called, and without TLS.
    pub(crate) fn new(private: bool) -> Self {
        // rustls wants one provider in the process; a second install only says that one is there.
        drop(rustls::crypto::ring::default_provider().install_default());
        let client = reqwest::Client::builder()
            .redirect(Policy::none())
            .no_proxy()
            .connect_timeout(PATIENCE)
            .timeout(PATIENCE)
            .dns_resolver(Arc::new(Judged { private }))
            .build()
            // Fails where TLS has no roots; then every call fails, and says so.
            .unwrap_or_default();
        Self { client, private }
    }

    /// Makes a call.
    pub(crate) async fn send(&self, mut request: reqwest::Request) -> Result<Answer, Error> {
        self.judge(request.url())?;
        *request.timeout_mut() = Some(PATIENCE);
        let no_answer = |error: reqwest::Error| {
            let error = error.without_url();
            // The outermost text says only that something failed.
            let mut text = error.to_string();
            let mut cause = std::error::Error::source(&error);
            while let Some(inner) = cause {
                text = format!("{text}: {inner}");
                cause = inner.source();
            }
            Error::NoAnswer(text)
        };
        let response = self.client.execute(request).await.map_err(no_answer)?;
        let (status, headers) = (response.status(), response.headers().clone());
        let mut body = Vec::new();
        let mut pieces = response.bytes_stream();
        while let Some(piece) = pieces.next().await {
            let piece = piece.map_err(no_answer)?;
            if body.len() + piece.len() > MOST {
                return Err(Error::TooLarge);
            }
            body.extend_from_slice(&piece);
        }
        Ok(Answer { status, headers, body: body.into() })
    }

    /// Fetches a document.
    pub(crate) async fn get(&self, url: &str) -> Result<Answer, Error> {
        let url = Url::parse(url).map_err(|_| Error::Forbidden(url.to_owned(), "it is no address"))?;
        self.send(reqwest::Request::new(reqwest::Method::GET, url)).await
    }

    /// What can be judged before a name is resolved. Numbers in any notation are addresses by now.
    fn judge(&self, url: &Url) -> Result<(), Error> {
        let forbidden = |why| Err(Error::Forbidden(url.host_str().unwrap_or_default().to_owned(), why));
        match url.scheme() {
            "https" => {}
            "http" if self.private => {}
            _ => return forbidden("it is not https"),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return forbidden("it names a user");
        }
        let is_fine = match url.host() {
            Some(Host::Ipv4(address)) => self.private || is_public(address.into()),
            Some(Host::Ipv6(address)) => self.private || is_public(address.into()),
            Some(Host::Domain(_)) => true,
            None => false,
        };
        if is_fine { Ok(()) } else { forbidden("it is not on the public network") }
    }
}

/// Resolves names to addresses that may be called.
struct Judged {
    private: bool,
}

impl Resolve for Judged {
    fn resolve(&self, name: Name) -> Resolving {
        let private = self.private;
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            // One bad address among good ones is enough: the name is not what it says.
            if !private && !found.iter().all(|address| is_public(address.ip())) {
                return Err("the name leads to a private network".into());
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

/// Whether an address belongs to the public network, as far as its number says (IANA's special-purpose
/// registries). Addresses that carry an IPv4 address are judged by that one.
pub(crate) fn is_public(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => is_public_v6(v6),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_broadcast()
        || address.is_documentation()
        || address.is_multicast()
        || a == 0
        || a >= 240
        // Carriers' own networks, protocol assignments, relays to IPv6, benchmarks.
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (18..20).contains(&b));
    !special
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let segments = address.segments();
    let v4 = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        Ipv4Addr::new(a, b, c, d)
    };
    match segments {
        // NAT64 and 6to4 lead to the IPv4 address inside.
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => is_public_v4(v4(high, low)),
        [0x2002, high, low, ..] => is_public_v4(v4(high, low)),
        // Teredo, ORCHID, documentation.
        [0x2001, second, ..] if second < 0x200 || second == 0xdb8 => false,
        // Only 2000::/3 is given out.
        [first, ..] => (0x2000..0x4000).contains(&first),
    }
}

#[cfg(test)]
mod tests;
