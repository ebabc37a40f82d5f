//! Access tokens of another service (Supabase, an identity provider): checked with its secret or its published
//! keys, and only ever as access tokens for this service.
//!
//! RFC 8725: which algorithms are good follows from the configured kind of key and never from the token alone;
//! keys come from the configured place, never from one that the token names.

use std::sync::Arc;
use std::time::{Duration, Instant};

use jsonwebtoken::jwk::{AlgorithmParameters, Jwk, JwkSet, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey, Header, Validation, decode, decode_header};
use serde::Deserialize;
use tokio::sync::Mutex;

use super::jwt_crypto;
use crate::config::OutsideJwt;
use crate::error::Error;
use crate::outbound::Outbound;

/// Longest token that is looked at.
const MAX_LENGTH: usize = 8 << 10;
/// How far the issuer's clock may be from ours.
const LEEWAY_S: u64 = 30;
/// Published keys are good for so long,
const FRESH: Duration = Duration::from_mins(10);
/// and no unknown key id makes us ask again before.
const ASK_AGAIN: Duration = Duration::from_secs(30);
/// Until they were got once.
const TRY_AGAIN: Duration = Duration::from_secs(2);

/// Of published keys; HMAC is not among them: a public key is no secret.
const PUBLIC: &[Algorithm] = &[
    Algorithm::RS256,
    Algorithm::RS384,
    Algorithm::RS512,
    Algorithm::PS256,
    Algorithm::PS384,
    Algorithm::PS512,
    Algorithm::ES256,
    Algorithm::ES384,
    Algorithm::EdDSA,
];

/// What a good token says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Outsider {
    pub(crate) issuer: String,
    pub(crate) subject: String,
    /// An address that the issuer has verified.
    pub(crate) email: Option<String>,
    pub(crate) name: Option<String>,
    /// When the token ends, in seconds since 1970.
    pub(crate) until_s: u64,
}

/// Checks tokens of one issuer. Cheap to clone.
#[derive(Clone)]
pub(crate) struct OutsideTokens(Arc<Inner>);

struct Inner {
    issuer: String,
    audience: String,
    keys: Keys,
}

enum Keys {
    Secret(DecodingKey),
    Published { url: String, outbound: Outbound, kept: Mutex<Kept> },
}

/// The keys as they were last seen.
#[derive(Default)]
struct Kept {
    keys: Vec<Jwk>,
    asked: Option<Instant>,
    got: Option<Instant>,
}

#[derive(Deserialize)]
struct Claims {
    sub: String,
    exp: u64,
    email: Option<String>,
    email_verified: Option<bool>,
    name: Option<String>,
    #[serde(default)]
    user_metadata: Metadata,
    /// Only in tokens that say who somebody is, which are not for opening doors.
    nonce: Option<String>,
    at_hash: Option<String>,
    c_hash: Option<String>,
}

/// Where Supabase keeps what its users have.
#[derive(Default, Deserialize)]
struct Metadata {
    email_verified: Option<bool>,
    name: Option<String>,
}

impl std::fmt::Debug for OutsideTokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("OutsideTokens").field(&self.0.issuer).finish()
    }
}

impl OutsideTokens {
    /// For the configured issuer; `None`: there is none.
    pub(crate) fn new(config: &OutsideJwt) -> Option<Self> {
        if config.issuer.is_empty() {
            return None;
        }
        jwt_crypto::install();
        let keys = if config.secret.is_empty() {
            Keys::Published {
                url: config.jwks_url.clone(),
                outbound: Outbound::new(config.private_network),
                kept: Mutex::default(),
            }
        } else {
            Keys::Secret(DecodingKey::from_secret(config.secret.expose().as_bytes()))
        };
        let (issuer, audience) = (config.issuer.clone(), config.audience.clone());
        Some(Self(Arc::new(Inner { issuer, audience, keys })))
    }

    /// What a token says, if it is good. A token that cannot be judged is not bad: `Unavailable`.
    pub(crate) async fn check(&self, token: &str) -> Result<Outsider, Error> {
        if token.len() > MAX_LENGTH {
            return Err(Error::Unauthenticated);
        }
        let header = decode_header(token).ok().filter(is_plain).ok_or(Error::Unauthenticated)?;
        let key = match &self.0.keys {
            Keys::Secret(key) if header.alg == Algorithm::HS256 => key.clone(),
            Keys::Published { .. } if PUBLIC.contains(&header.alg) => self.published(&header).await?,
            _ => return Err(Error::Unauthenticated),
        };
        self.read(token, header.alg, &key).ok_or(Error::Unauthenticated)
    }

    /// What a token says, if this key has signed it and it is for us and for now.
    fn read(&self, token: &str, algorithm: Algorithm, key: &DecodingKey) -> Option<Outsider> {
        let mut validation = Validation::new(algorithm);
        validation.set_issuer(&[&self.0.issuer]);
        validation.set_audience(&[&self.0.audience]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        validation.validate_nbf = true;
        validation.leeway = LEEWAY_S;
        let claims = decode::<Claims>(token, key, &validation).ok()?.claims;
        let is_identity = claims.nonce.is_some() || claims.at_hash.is_some() || claims.c_hash.is_some();
        if is_identity || claims.sub.is_empty() || claims.sub.len() > 255 {
            return None;
        }
        let verified = claims.email_verified.or(claims.user_metadata.email_verified).unwrap_or(false);
        Some(Outsider {
            issuer: self.0.issuer.clone(),
            subject: claims.sub,
            email: claims.email.filter(|_| verified).and_then(|email| super::email(&email)),
            name: claims.name.or(claims.user_metadata.name),
            until_s: claims.exp,
        })
    }

    /// The published key that a header means.
    async fn published(&self, header: &Header) -> Result<DecodingKey, Error> {
        let Keys::Published { url, outbound, kept } = &self.0.keys else {
            return Err(Error::Unauthenticated);
        };
        // One asks, the others wait for what it gets.
        let mut kept = kept.lock().await;
        let is_fresh = kept.got.is_some_and(|at| at.elapsed() < FRESH);
        if is_fresh && let Some(key) = find(&kept.keys, header) {
            return Ok(key);
        }
        let pause = if kept.got.is_some() { ASK_AGAIN } else { TRY_AGAIN };
        if kept.asked.is_none_or(|at| at.elapsed() >= pause) {
            kept.asked = Some(Instant::now());
            match fetch(outbound, url).await {
                Ok(keys) => {
                    kept.keys = keys;
                    kept.got = Some(Instant::now());
                }
                Err(cause) => tracing::warn!(%cause, "the keys of the outside issuer cannot be fetched"),
            }
        }
        // Keys that cannot be renewed are still keys.
        match find(&kept.keys, header) {
            Some(key) => Ok(key),
            None if kept.got.is_some() => Err(Error::Unauthenticated),
            None => Err(Error::Unavailable {
                retry_after_s: TRY_AGAIN.as_secs(),
                cause: "the outside issuer's keys are not known yet".to_owned(),
            }),
        }
    }
}

/// A token that brings its own keys, or asks for extensions, is not for us. Neither is one for another purpose.
fn is_plain(header: &Header) -> bool {
    let kind = header.typ.as_deref().unwrap_or("JWT").to_ascii_lowercase();
    matches!(kind.trim_start_matches("application/"), "jwt" | "at+jwt")
        && header.jku.is_none()
        && header.jwk.is_none()
        && header.x5u.is_none()
        && header.x5c.is_none()
        && header.crit.is_none()
        && header.enc.is_none()
        && header.zip.is_none()
}

async fn fetch(outbound: &Outbound, url: &str) -> Result<Vec<Jwk>, String> {
    let answer = outbound.get(url).await.map_err(|error| error.to_string())?;
    if !answer.status.is_success() {
        return Err(format!("the answer's status is {}", answer.status));
    }
    let set: JwkSet = serde_json::from_slice(&answer.body).map_err(|error| error.to_string())?;
    Ok(set.keys)
}

/// The key of this name that is for signing and of the algorithm's family. Without a name: the only such key.
fn find(keys: &[Jwk], header: &Header) -> Option<DecodingKey> {
    let mut fitting = keys.iter().filter(|key| {
        let kind = match header.alg {
            Algorithm::ES256 | Algorithm::ES384 => {
                matches!(key.algorithm, AlgorithmParameters::EllipticCurve(_))
            }
            Algorithm::EdDSA => matches!(key.algorithm, AlgorithmParameters::OctetKeyPair(_)),
            _ => matches!(key.algorithm, AlgorithmParameters::RSA(_)),
        };
        let named = header.kid.is_none() || key.common.key_id == header.kid;
        let meant = key.common.key_algorithm.map(|algorithm| algorithm.to_string());
        kind && named
            && meant.is_none_or(|algorithm| algorithm == format!("{:?}", header.alg))
            && !matches!(key.common.public_key_use, Some(PublicKeyUse::Encryption))
    });
    let key = fitting.next()?;
    // Several fit: the token must say which.
    if fitting.next().is_some() {
        return None;
    }
    DecodingKey::from_jwk(key).ok()
}
