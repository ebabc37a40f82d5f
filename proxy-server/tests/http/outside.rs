//! Access tokens of another issuer, and the attacks that are known on such tokens (RFC 8725).

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::routing::get;
use axum::{Json, Router};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use proxy_server::config::{OutsideJwt, Secret};
use reqwest::Method;
use ring::rand::SystemRandom;
use ring::rsa::PublicKeyComponents;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256,
    RSA_PKCS1_SHA512, RsaKeyPair,
};
use serde_json::{Value, json};

use crate::harness::{Answer, Server, config, read};

const ISSUER: &str = "https://issuer.example";
const AUDIENCE: &str = "spandrel";
const SECRET: &str = "a secret that the other issuer signs with";

/// The issuer's keys.
struct Keys {
    rsa: RsaKeyPair,
    ec: EcdsaKeyPair,
    ed: Ed25519KeyPair,
}

impl Keys {
    fn new() -> Self {
        let random = SystemRandom::new();
        let ec = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
        let ed = Ed25519KeyPair::generate_pkcs8(&random).unwrap();
        Self {
            rsa: RsaKeyPair::from_pkcs8(include_bytes!("keys/rsa.pk8")).unwrap(),
            ec: EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, ec.as_ref(), &random).unwrap(),
            ed: Ed25519KeyPair::from_pkcs8(ed.as_ref()).unwrap(),
        }
    }

    fn rsa_jwk(&self, kid: &str) -> Value {
        let public: PublicKeyComponents<Vec<u8>> = self.rsa.public().into();
        json!({ "kty": "RSA", "kid": kid, "alg": "RS256", "use": "sig", "n": text(&public.n), "e": text(&public.e) })
    }

    fn published(&self) -> Value {
        let point = self.ec.public_key().as_ref();
        json!({ "keys": [
            self.rsa_jwk("rsa"),
            { "kty": "EC", "crv": "P-256", "kid": "ec", "use": "sig",
              "x": text(&point[1..33]), "y": text(&point[33..]) },
            { "kty": "OKP", "crv": "Ed25519", "kid": "ed", "x": text(self.ed.public_key().as_ref()) },
        ] })
    }

    /// A signed token.
    fn sign(&self, header: &Value, claims: &Value) -> String {
        let message = message(header, claims);
        let random = SystemRandom::new();
        let rsa = |padding: &'static dyn ring::signature::RsaEncoding| {
            let mut signature = vec![0; self.rsa.public().modulus_len()];
            self.rsa.sign(padding, &random, message.as_bytes(), &mut signature).unwrap();
            signature
        };
        let signature = match header["alg"].as_str().unwrap() {
            "RS256" => rsa(&RSA_PKCS1_SHA256),
            "RS512" => rsa(&RSA_PKCS1_SHA512),
            "ES256" => self.ec.sign(&random, message.as_bytes()).unwrap().as_ref().to_vec(),
            "EdDSA" => self.ed.sign(message.as_bytes()).as_ref().to_vec(),
            other => panic!("no key for {other}"),
        };
        format!("{message}.{}", text(&signature))
    }
}

fn text(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn message(header: &Value, claims: &Value) -> String {
    format!("{}.{}", text(header.to_string().as_bytes()), text(claims.to_string().as_bytes()))
}

fn hmac(header: &Value, claims: &Value, secret: &[u8]) -> String {
    let message = message(header, claims);
    let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, secret);
    format!("{message}.{}", text(ring::hmac::sign(&key, message.as_bytes()).as_ref()))
}

fn now() -> i64 {
    proxy_server::time::now() / 1000
}

fn claims() -> Value {
    json!({ "iss": ISSUER, "aud": AUDIENCE, "sub": "u1", "exp": now() + 300, "email": "ada@example.com",
        "email_verified": true, "name": "Ada" })
}

fn with(name: &str, value: Value) -> Value {
    let mut claims = claims();
    claims[name] = value;
    claims
}

fn without(name: &str) -> Value {
    let mut claims = claims();
    claims.as_object_mut().unwrap().remove(name);
    claims
}

/// What is wrong with claims whoever signs them.
fn bad_claims() -> Vec<(&'static str, Value)> {
    vec![
        ("wrong iss", with("iss", json!("https://evil.example"))),
        ("wrong aud", with("aud", json!("another service"))),
        ("aud in a list without us", with("aud", json!(["one", "two"]))),
        ("no iss", without("iss")),
        ("no aud", without("aud")),
        ("no exp", without("exp")),
        ("no sub", without("sub")),
        ("empty sub", with("sub", json!(""))),
        ("over", with("exp", json!(now() - 60))),
        ("exp as text", with("exp", json!("tomorrow"))),
        ("not yet", with("nbf", json!(now() + 600))),
        ("identity token", with("nonce", json!("n"))),
        ("identity token of another flow", with("at_hash", json!("h"))),
    ]
}

/// Publishes `keys`; gives the address and counts who asks.
async fn publish(keys: Value) -> (String, Arc<AtomicUsize>) {
    let asked = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&asked);
    let answer = move || {
        counter.fetch_add(1, Ordering::SeqCst);
        let keys = keys.clone();
        async move { Json(keys) }
    };
    let app = Router::new().route("/keys", get(answer));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/keys", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, app).await });
    (url, asked)
}

async fn server(jwt: OutsideJwt) -> Server {
    let mut config = config();
    config.accounts.local = proxy_server::config::LocalAccount::Off;
    config.jwt =
        OutsideJwt { issuer: ISSUER.to_owned(), audience: AUDIENCE.to_owned(), private_network: true, ..jwt };
    Server::with(config).await
}

async fn me(server: &Server, token: &str) -> Answer {
    read(server.with_key(token, Method::GET, "/v1/users/me")).await
}

async fn refused(server: &Server, what: &str, token: &str) {
    let answer = me(server, token).await;
    assert_eq!(answer.status.as_u16(), 401, "{what}: {}", answer.text);
}

#[tokio::test]
async fn people_of_an_issuer_with_a_secret_come_in() {
    let server = server(OutsideJwt { secret: Secret::new(SECRET), ..OutsideJwt::default() }).await;
    let header = json!({ "alg": "HS256", "typ": "JWT" });
    let sign = |claims: &Value| hmac(&header, claims, SECRET.as_bytes());
    let ada = me(&server, &sign(&claims())).await;
    assert_eq!((&ada.is(200).json["email"], &ada.json["name"]), (&json!("ada@example.com"), &json!("Ada")));
    let again = me(&server, &sign(&claims())).await;
    assert_eq!(again.json["id"], ada.json["id"]);
    // As Supabase has it.
    let mut supabase = with("user_metadata", json!({ "email_verified": true, "name": "Bob" }));
    supabase["sub"] = json!("u2");
    supabase["email"] = json!("bob@example.com");
    for name in ["email_verified", "name"] {
        supabase.as_object_mut().unwrap().remove(name);
    }
    assert_eq!(me(&server, &sign(&supabase)).await.is(200).json["email"], "bob@example.com");
    // An address that nobody has verified is not theirs.
    let mut eve = with("email_verified", json!(false));
    eve["sub"] = json!("u3");
    let eve = me(&server, &sign(&eve)).await;
    assert_eq!(eve.is(200).json["email"], Value::Null);
    assert_ne!(eve.json["id"], ada.json["id"]);
    // They work like everybody: projects, keys, tickets.
    let token = sign(&claims());
    read(server.with_key(&token, Method::POST, "/v1/projects").json(&json!({ "name": "Shop" })))
        .await
        .is(201);
    read(server.with_key(&token, Method::POST, "/v1/ws-ticket")).await.is(201);

    for (what, claims) in bad_claims() {
        refused(&server, what, &sign(&claims)).await;
    }
    refused(
        &server,
        "another secret",
        &hmac(&header, &claims(), b"another secret of the same length......."),
    )
    .await;
    refused(&server, "no secret", &hmac(&header, &claims(), b"")).await;
    for alg in ["none", "None", "HS384", "RS256"] {
        refused(&server, alg, &hmac(&json!({ "alg": alg }), &claims(), SECRET.as_bytes())).await;
    }
    server.end().await;
}

#[tokio::test]
async fn s03_attacks_on_tokens_with_published_keys_are_refused() {
    let keys = Keys::new();
    let (jwks_url, asked) = publish(keys.published()).await;
    let server = server(OutsideJwt { jwks_url, ..OutsideJwt::default() }).await;
    let rs256 = json!({ "alg": "RS256", "typ": "JWT", "kid": "rsa" });
    for header in
        [&rs256, &json!({ "alg": "ES256", "kid": "ec" }), &json!({ "alg": "EdDSA", "typ": "at+jwt" })]
    {
        me(&server, &keys.sign(header, &claims())).await.is(200);
    }

    for (what, claims) in bad_claims() {
        refused(&server, what, &keys.sign(&rs256, &claims)).await;
    }
    let unsigned = message(&json!({ "alg": "none" }), &claims());
    refused(&server, "none", &format!("{unsigned}.")).await;
    refused(&server, "none in other letters", &format!("{}.", message(&json!({ "alg": "nOnE" }), &claims())))
        .await;
    let stripped = keys.sign(&rs256, &claims());
    refused(&server, "no signature", &format!("{}.", stripped.rsplit_once('.').unwrap().0)).await;

    // The public key taken for a secret, in every form in which somebody might hold it.
    let der = keys.rsa.public_key().as_ref().to_vec();
    let body = STANDARD.encode(&der);
    let pem = format!("-----BEGIN RSA PUBLIC KEY-----\n{body}\n-----END RSA PUBLIC KEY-----\n");
    let jwk = keys.rsa_jwk("rsa");
    let modulus = URL_SAFE_NO_PAD.decode(jwk["n"].as_str().unwrap()).unwrap();
    for secret in [der.as_slice(), pem.as_bytes(), modulus.as_slice(), jwk["n"].as_str().unwrap().as_bytes()]
    {
        for header in [json!({ "alg": "HS256", "kid": "rsa" }), json!({ "alg": "HS256" })] {
            refused(&server, "HS256 with the public key", &hmac(&header, &claims(), secret)).await;
        }
    }
    // A token that brings the key it wants to be checked with.
    let strange = Keys::new();
    let (evil, fetched) = publish(strange.published()).await;
    let x5c = json!([STANDARD.encode("certificate")]);
    let own = json!({ "kty": "OKP", "crv": "Ed25519", "x": text(strange.ed.public_key().as_ref()) });
    for (name, value) in [("jku", json!(evil)), ("jwk", own), ("x5u", json!(evil)), ("x5c", x5c)] {
        for kid in ["ed", "other"] {
            let mut header = json!({ "alg": "EdDSA", "kid": kid });
            header[name] = value.clone();
            refused(&server, name, &strange.sign(&header, &claims())).await;
            // Not even beside a good signature.
            refused(&server, name, &keys.sign(&header, &claims())).await;
        }
    }
    assert_eq!(fetched.load(Ordering::SeqCst), 0, "a token made the server call somebody");
    refused(&server, "crit", &keys.sign(&json!({ "alg": "EdDSA", "kid": "ed", "crit": ["exp"] }), &claims()))
        .await;
    refused(
        &server,
        "typ",
        &keys.sign(&json!({ "alg": "EdDSA", "kid": "ed", "typ": "logout+jwt" }), &claims()),
    )
    .await;
    for kid in ["unknown", "../../../../dev/null", "/etc/passwd", "ed' OR '1'='1", "ed\u{0}", ""] {
        refused(&server, kid, &keys.sign(&json!({ "alg": "EdDSA", "kid": kid }), &claims())).await;
    }
    refused(
        &server,
        "a key of another family",
        &keys.sign(&json!({ "alg": "EdDSA", "kid": "rsa" }), &claims()),
    )
    .await;
    refused(&server, "another algorithm", &keys.sign(&json!({ "alg": "RS512", "kid": "rsa" }), &claims()))
        .await;
    refused(
        &server,
        "somebody else's key",
        &strange.sign(&json!({ "alg": "ES256", "kid": "ec" }), &claims()),
    )
    .await;
    for broken in ["", ".", "..", "a.b.c", "e30.e30.", "not a token"] {
        refused(&server, broken, &format!("x{broken}")).await;
    }
    // A megabyte is not even read: the head of a request is bounded.
    let large = keys.sign(&rs256, &with("x", json!("x".repeat(1 << 20))));
    let answer = server.with_key(&large, Method::GET, "/v1/users/me").send().await;
    assert!(answer.is_err() || answer.is_ok_and(|a| matches!(a.status().as_u16(), 401 | 431)));
    let large = keys.sign(&rs256, &with("x", json!("x".repeat(20 << 10))));
    refused(&server, "20 kB", &large).await;
    // Unknown names of keys do not make the server ask again and again.
    assert_eq!(asked.load(Ordering::SeqCst), 1, "fetches of the keys");
    server.end().await;
}

#[tokio::test]
async fn keys_that_cannot_be_had_are_no_bad_tokens() {
    let jwks_url = format!("http://127.0.0.1:{}/keys", crate::process::free_port());
    let server = server(OutsideJwt { jwks_url, ..OutsideJwt::default() }).await;
    let token = Keys::new().sign(&json!({ "alg": "EdDSA", "kid": "ed" }), &claims());
    me(&server, &token).await.is_error(503, "UNAVAILABLE");
    server.end().await;
}
