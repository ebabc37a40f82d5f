//! Access tokens: signed, short-lived, for this service and for nothing else.

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde::{Deserialize, Serialize};

use super::jwt_crypto;
use crate::config::Secret;
use crate::error::Error;
use crate::{ids, time};

/// Who signs, and for whom.
const ISSUER: &str = "spandrel";
const AUDIENCE: &str = "spandrel-api";
/// What it is for: no other token may be used in its place.
const KIND: &str = "access";

/// Life of a token.
pub(super) const LIFE_S: u64 = 15 * 60;

/// Longest token that is looked at.
const MAX_LENGTH: usize = 4096;

/// What a token says.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Claims {
    iss: String,
    aud: String,
    /// The person.
    pub(crate) sub: String,
    /// The login it belongs to: it ends with it.
    pub(crate) sid: String,
    kind: String,
    jti: String,
    iat: u64,
    nbf: u64,
    exp: u64,
}

/// Makes and checks access tokens.
#[derive(Clone)]
pub(crate) struct AccessTokens {
    sign: EncodingKey,
    check: DecodingKey,
    validation: Validation,
}

impl std::fmt::Debug for AccessTokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AccessTokens(***)")
    }
}

impl AccessTokens {
    pub(crate) fn new(secret: &Secret) -> Self {
        jwt_crypto::install();
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["exp", "nbf", "iss", "aud", "sub"]);
        validation.validate_nbf = true;
        // Our own clock signs; a little is left for several servers.
        validation.leeway = 5;
        let bytes = secret.expose().as_bytes();
        Self { sign: EncodingKey::from_secret(bytes), check: DecodingKey::from_secret(bytes), validation }
    }

    /// A token for a person's login.
    pub(crate) fn issue(&self, user_id: &str, login_id: &str) -> Result<String, Error> {
        let now = time::now().unsigned_abs() / 1000;
        let claims = Claims {
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            sub: user_id.to_owned(),
            sid: login_id.to_owned(),
            kind: KIND.to_owned(),
            jti: ids::opaque(),
            iat: now,
            nbf: now,
            exp: now + LIFE_S,
        };
        encode(&Header::new(Algorithm::HS256), &claims, &self.sign).map_err(Error::internal)
    }

    /// What a token says, if it is one of ours and not over.
    pub(crate) fn check(&self, token: &str) -> Option<Claims> {
        if token.len() > MAX_LENGTH {
            return None;
        }
        let claims = decode::<Claims>(token, &self.check, &self.validation).ok()?.claims;
        (claims.kind == KIND).then_some(claims)
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use serde_json::{Value, json};

    use super::*;

    fn tokens() -> AccessTokens {
        AccessTokens::new(&Secret::new("0123456789abcdef0123456789abcdef"))
    }

    fn signed(header: Value, claims: Value, secret: &[u8]) -> String {
        let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let message = format!("{}.{}", part(header), part(claims));
        let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, secret);
        let tag = ring::hmac::sign(&key, message.as_bytes());
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(tag))
    }

    fn claims() -> Value {
        let now = time::now() / 1000;
        json!({ "iss": ISSUER, "aud": AUDIENCE, "sub": "u", "sid": "l", "kind": KIND, "jti": "j",
                "iat": now, "nbf": now, "exp": now + 60 })
    }

    const SECRET: &[u8] = b"0123456789abcdef0123456789abcdef";

    #[test]
    fn s03_our_own_token_is_taken() {
        let token = tokens().issue("u", "l").unwrap();
        assert_eq!(tokens().check(&token).unwrap().sub, "u");
        let by_hand = signed(json!({ "alg": "HS256", "typ": "JWT" }), claims(), SECRET);
        assert!(tokens().check(&by_hand).is_some(), "the forger of these tests works");
    }

    #[test]
    fn s03_forged_tokens_are_refused() {
        let good = json!({ "alg": "HS256", "typ": "JWT" });
        let with = |name: &str, value: Value| {
            let mut claims = claims();
            claims[name] = value;
            claims
        };
        let without = |name: &str| {
            let mut claims = claims();
            claims.as_object_mut().unwrap().remove(name);
            claims
        };
        let now = time::now() / 1000;
        let mut forged = vec![
            ("other secret", signed(good.clone(), claims(), b"another secret of the same kind.")),
            ("alg none", signed(json!({ "alg": "none" }), claims(), SECRET)),
            ("alg HS512 named", signed(json!({ "alg": "HS512" }), claims(), SECRET)),
            ("alg RS256 named", signed(json!({ "alg": "RS256" }), claims(), SECRET)),
            ("expired", signed(good.clone(), with("exp", json!(now - 60)), SECRET)),
            ("not yet", signed(good.clone(), with("nbf", json!(now + 600)), SECRET)),
            ("other issuer", signed(good.clone(), with("iss", json!("x")), SECRET)),
            ("other audience", signed(good.clone(), with("aud", json!("x")), SECRET)),
            ("refresh kind", signed(good.clone(), with("kind", json!("refresh")), SECRET)),
        ];
        for name in ["exp", "nbf", "iss", "aud", "sub", "kind"] {
            forged.push((name, signed(good.clone(), without(name), SECRET)));
        }
        let own = tokens().issue("u", "l").unwrap();
        let mut parts = own.split('.');
        let (head, body) = (parts.next().unwrap(), parts.next().unwrap());
        forged.push(("no signature", format!("{head}.{body}.")));
        forged.push(("two parts", format!("{head}.{body}")));
        forged.push(("a megabyte", format!("{own}{}", "A".repeat(1 << 20))));
        forged.push(("nothing", String::new()));
        for (name, token) in forged {
            assert!(tokens().check(&token).is_none(), "{name}");
        }
    }

    #[test]
    fn a_key_named_in_the_token_is_not_used() {
        let header = json!({ "alg": "HS256", "kid": "../../dev/null",
            "jwk": { "kty": "oct", "k": URL_SAFE_NO_PAD.encode("chosen by the attacker..........") } });
        assert!(tokens().check(&signed(header, claims(), b"chosen by the attacker..........")).is_none());
    }
}
