//! Signing in with another issuer: a real one (`oidc-provider`, in `tests/oidc`) on this machine.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;

use proxy_server::config::{OidcProvider, Secret};
use reqwest::header::{HeaderMap, LOCATION, SET_COOKIE};
use reqwest::{Method, StatusCode, Url};
use serde_json::json;

use crate::harness::{PASSWORD, Server, config, read, skipped};
use crate::process::free_port;

struct Issuer {
    port: u16,
    child: Child,
}

impl Drop for Issuer {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

impl Issuer {
    /// For a server at `public_url`; `None` where Node or the package is not to be had.
    fn start(public_url: &str) -> Option<Self> {
        // One test installs, the others wait.
        static INSTALLING: Mutex<()> = Mutex::new(());
        let installing = INSTALLING.lock();
        let dir = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/oidc");
        if !dir.join("node_modules/oidc-provider").is_dir() {
            let install = Command::new("npm").args(["install", "--no-save"]).current_dir(&dir).output();
            match install {
                Ok(output) if output.status.success() => {}
                Ok(output) => {
                    skipped("oidc-provider", &String::from_utf8_lossy(&output.stderr));
                    return None;
                }
                Err(error) => {
                    skipped("npm", &error);
                    return None;
                }
            }
        }
        drop(installing);
        let callback = format!("{public_url}/v1/auth/oidc/near/callback");
        // Between looking for a free port and listening at it another test may have taken it.
        let issuer = (0..3).find_map(|_| Self::listen(&dir, free_port(), &callback));
        Some(issuer.expect("the issuer starts"))
    }

    fn listen(dir: &Path, port: u16, callback: &str) -> Option<Self> {
        let mut child = Command::new("node")
            .args(["issuer.mjs", &port.to_string(), callback])
            .current_dir(dir)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        lines.any(|line| line == "ready").then_some(Self { port, child })
    }

    fn provider(&self) -> OidcProvider {
        OidcProvider {
            title: "Near".to_owned(),
            issuer: format!("http://127.0.0.1:{}", self.port),
            client_id: "spandrel".to_owned(),
            client_secret: Secret::new("a secret of the test"),
            private_network: true,
        }
    }
}

/// A browser, as far as signing in needs one: it follows redirects and keeps cookies by host and port.
struct Browser {
    client: reqwest::Client,
    cookies: BTreeMap<(u16, String), String>,
}

impl Browser {
    fn new() -> Self {
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()
            .unwrap();
        Self { client, cookies: BTreeMap::new() }
    }

    /// One request.
    async fn visit(&mut self, url: &Url) -> (StatusCode, HeaderMap, String) {
        let port = url.port().unwrap();
        let mine = self.cookies.iter().filter(|((of, _), _)| *of == port);
        let cookies: Vec<String> = mine.map(|((_, name), value)| format!("{name}={value}")).collect();
        let answer = self.client.get(url.clone()).header("cookie", cookies.join("; ")).send().await.unwrap();
        for cookie in answer.headers().get_all(SET_COOKIE) {
            let (name, rest) = cookie.to_str().unwrap().split_once('=').unwrap();
            let value = rest.split(';').next().unwrap();
            if value.is_empty() {
                self.cookies.remove(&(port, name.to_owned()));
            } else {
                self.cookies.insert((port, name.to_owned()), value.to_owned());
            }
        }
        (answer.status(), answer.headers().clone(), answer.text().await.unwrap())
    }

    /// Follows redirects until there is an answer, or until one leads to `stop`.
    async fn go(&mut self, from: &str, stop: &str) -> (StatusCode, Url, String) {
        let mut url = Url::parse(from).unwrap();
        for _ in 0..12 {
            let (status, headers, text) = self.visit(&url).await;
            let Some(next) = headers.get(LOCATION) else { return (status, url, text) };
            url = url.join(next.to_str().unwrap()).unwrap();
            if url.path() == stop {
                return (status, url, text);
            }
        }
        panic!("no end of redirects at {url}");
    }
}

async fn server_and_issuer() -> Option<(Server, Issuer)> {
    let mut config = config();
    config.server.listen = format!("127.0.0.1:{}", free_port()).parse().unwrap();
    config.accounts.local = proxy_server::config::LocalAccount::Off;
    let issuer = Issuer::start(&format!("http://{}", config.server.listen))?;
    config.oidc.insert("near".to_owned(), issuer.provider());
    // The same issuer, but not allowed to be on this machine.
    config.oidc.insert("far".to_owned(), OidcProvider { private_network: false, ..issuer.provider() });
    Some((Server::with(config).await, issuer))
}

/// Signs in; gives the browser's refresh cookie changed for an access token.
async fn sign_in(server: &Server, browser: &mut Browser) -> String {
    let start = format!("{}/v1/auth/oidc/near/start?return_to=/projects/x", server.running.url());
    let (status, url, text) = browser.go(&start, "/projects/x").await;
    assert_eq!((status, url.path()), (StatusCode::SEE_OTHER, "/projects/x"), "{text}");
    let port = server.running.state.listen.port();
    let name = "__Host-spandrel-refresh";
    let refresh = &browser.cookies[&(port, name.to_owned())];
    assert!(!browser.cookies.contains_key(&(port, "__Host-spandrel-oidc".to_owned())), "it is used up");
    let request =
        server.request(Method::POST, "/v1/auth/refresh").header("cookie", format!("{name}={refresh}"));
    let tokens = read(request.json(&json!({}))).await;
    tokens.is(200).json["access_token"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_person_signs_in_with_another_issuer() {
    let Some((server, issuer)) = server_and_issuer().await else { return };
    let providers = server.get("/v1/auth/oidc").await;
    assert_eq!(providers.json["data"][1], json!({ "name": "near", "title": "Near" }));

    // Somebody has made an account of that address in wait for its owner.
    let waiting = server.person("ada@example.com").await;
    let waiting = waiting["access_token"].as_str().unwrap();
    let made = json!({ "name": "k", "scopes": ["read"] });
    let made = read(server.with_key(waiting, Method::POST, "/v1/api-keys").json(&made)).await;
    let kept_key = made.json["key"].as_str().unwrap().to_owned();

    let mut browser = Browser::new();
    let key = sign_in(&server, &mut browser).await;
    let me = read(server.with_key(&key, Method::GET, "/v1/users/me")).await;
    assert_eq!(me.is(200).json["email"], "ada@example.com");
    // The owner has the account now, alone.
    for old in [waiting, &kept_key] {
        read(server.with_key(old, Method::GET, "/v1/users/me")).await.is_error(401, "UNAUTHENTICATED");
    }
    let login = json!({ "email": "ada@example.com", "password": PASSWORD });
    server.post("/v1/auth/login", login).await.is_error(401, "WRONG_CREDENTIALS");
    // The second time it is the same account.
    let again = sign_in(&server, &mut Browser::new()).await;
    let same = read(server.with_key(&again, Method::GET, "/v1/users/me")).await;
    assert_eq!(same.json["id"], me.json["id"]);

    // An address that the issuer has not verified is nobody's.
    server.client.post(format!("http://127.0.0.1:{}/next/eve", issuer.port)).send().await.unwrap();
    let eve = sign_in(&server, &mut Browser::new()).await;
    let eve = read(server.with_key(&eve, Method::GET, "/v1/users/me")).await;
    assert_eq!((&eve.json["email"], &eve.json["name"]), (&json!(null), &json!("Eve")));
    assert_ne!(eve.json["id"], me.json["id"]);
    server.end().await;
}

#[tokio::test]
async fn s06_the_way_back_is_for_the_browser_that_left_and_for_once() {
    let Some((server, _issuer)) = server_and_issuer().await else { return };
    let callback = "/v1/auth/oidc/near/callback";
    let start = format!("{}/v1/auth/oidc/near/start?return_to=//evil.example", server.running.url());
    let mut browser = Browser::new();
    let (_, back, _) = browser.go(&start, callback).await;
    // Somebody else's browser, with the whole address.
    let (status, _, text) = Browser::new().visit(&back).await;
    assert_eq!(status, 400, "{text}");
    // The right browser with another state.
    let forged = {
        let mut forged = back.clone();
        let pairs: Vec<(String, String)> = back.query_pairs().into_owned().collect();
        forged.query_pairs_mut().clear().extend_pairs(
            pairs.iter().map(|(name, value)| (name, if name == "state" { "other" } else { value })),
        );
        forged
    };
    let cookies = browser.cookies.clone();
    assert_eq!(browser.visit(&forged).await.0, 400);
    browser.cookies = cookies.clone();
    // As it should be; where it leads is ours whatever was asked for.
    let (status, headers, _) = browser.visit(&back).await;
    assert_eq!((status.as_u16(), headers[LOCATION].to_str().unwrap()), (303, "/"));
    // Once more with everything: the issuer's code is used up.
    browser.cookies = cookies;
    assert_eq!(browser.visit(&back).await.0, 400);
    // A cookie of our own making.
    let port = server.running.state.listen.port();
    browser.cookies.insert((port, "__Host-spandrel-oidc".to_owned()), "e30.AAAA".to_owned());
    assert_eq!(browser.visit(&back).await.0, 400);

    server.get("/v1/auth/oidc/unknown/start").await.is_error(404, "NOT_FOUND");
    // S2: an issuer on a private network that was not allowed there.
    server.get("/v1/auth/oidc/far/start").await.is_error(503, "UNAVAILABLE");
    server.end().await;
}
