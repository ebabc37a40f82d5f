//! The security table, as far as its rows have no file of their own: S9 and S10 stand in `matrix`, S3 in
//! `outside` and beside the tokens, S2 in `outbound`, S15 in `metering`, S26 in the relay's tests.

use std::collections::BTreeSet;

use proxy_server::policy;
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Answer, PASSWORD, Server, config, read};
use crate::on_each_database;
use crate::process::{Process, free_port};

/// What must never be seen anywhere, by the place where it is configured.
const CANARIES: [(&str, &str); 6] = [
    ("the provider's key", "sk-canary-provider-1f0a9c"),
    ("the signing secret", "canary-signing-secret-of-32-bytes-or-more"),
    ("the mail server's password", "canary-mail-77c1"),
    ("Redis' password", "canary-redis-2b44"),
    ("the other issuer's secret", "canary-outside-secret-of-32-bytes-or-more"),
    ("the issuer's client secret", "canary-client-5d3e"),
];

/// An upstream that says back everything it was told, in every way that is wrong.
async fn echo(port: u16) {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await.unwrap();
    let answer = async |request: axum::extract::Request| {
        let headers = format!("{:?}", request.headers()).replace("Sensitive", "");
        let key = request.headers().get("authorization").map(|v| v.to_str().unwrap().to_owned());
        let key = key.unwrap_or_default();
        let status = match request.uri().path().len() % 4 {
            0 => 500,
            1 => 401,
            2 => 400,
            _ => 429,
        };
        let body = json!({ "error": { "message": format!("bad key {key}: {headers}"), "type": "x" } });
        let mut response = axum::response::Response::new(axum::body::Body::from(body.to_string()));
        *response.status_mut() = axum::http::StatusCode::from_u16(status).unwrap();
        response.headers_mut().insert("x-key", key.parse().unwrap());
        response
    };
    let app = axum::Router::new().fallback(answer);
    tokio::spawn(async move { axum::serve(listener, app).await });
}

#[tokio::test]
async fn s01_no_secret_is_seen_at_the_highest_log_level() {
    let upstream = free_port();
    echo(upstream).await;
    let [provider, signing, mail, redis, outside, client] = CANARIES.map(|(_, canary)| canary);
    let nowhere = free_port();
    let process = Process::start(&format!(
        r#"
        [log]
        level = "trace"
        [accounts]
        signing_secret = "{signing}"
        [storage]
        redis_url = "redis://:{redis}@127.0.0.1:{nowhere}"
        [mail]
        smtp_url = "smtp://user:{mail}@127.0.0.1:{nowhere}"
        from = "Spandrel <no-reply@studio.example>"
        [jwt]
        issuer = "https://issuer.example"
        audience = "spandrel"
        secret = "{outside}"
        [oidc.near]
        issuer = "http://127.0.0.1:{nowhere}"
        client_id = "spandrel"
        client_secret = "{client}"
        private_network = true
        [llm]
        retries = 0
        [llm.providers.near]
        kind = "openai-compatible"
        base_url = "http://127.0.0.1:{upstream}/v1"
        keys = ["{provider}"]
        [llm.providers.other]
        kind = "anthropic"
        base_url = "http://127.0.0.1:{upstream}/v12"
        keys = ["{provider}"]
        "#
    ));
    let http = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build();
    let http = http.unwrap();
    let mut seen = String::new();
    let mut ask = async |method: Method, path: &str, body: Value| {
        let request = http.request(method, format!("{}{path}", process.url)).json(&body);
        let response = request.send().await.unwrap();
        seen.push_str(&format!("{:?}", response.headers()).replace("Sensitive", ""));
        let text = response.text().await.unwrap();
        seen.push_str(&text);
        serde_json::from_str::<Value>(&text).unwrap_or_default()
    };
    let made = ask(Method::POST, "/v1/projects", json!({ "name": "Shop" })).await;
    let code = made["project_code"].clone();
    let account = json!({ "email": "ada@example.com", "password": PASSWORD });
    ask(Method::POST, "/v1/auth/register", account.clone()).await;
    ask(Method::POST, "/v1/auth/login", account).await;
    ask(Method::POST, "/v1/auth/password/reset", json!({ "email": "ada@example.com" })).await;
    ask(Method::GET, "/v1/auth/oidc/near/start", json!({})).await;
    ask(Method::GET, "/v1/auth/oidc/near/callback?code=1&state=2", json!({})).await;
    for model in ["near/tiny", "other/claude"] {
        for path in ["/v1/llm/chat/completions", "/v1/llm/v1/messages", "/v1/llm/responses"] {
            for stream in [false, true] {
                let prompt = json!({ "model": model, "max_tokens": 9, "input": "hi", "stream": stream,
                    "messages": [{ "role": "user", "content": "hi" }] });
                ask(Method::POST, path, prompt).await;
            }
        }
    }
    for query in ["a web shop", "what is a cache?", "hmm"] {
        ask(Method::POST, "/v2/design/generate", json!({ "project_id": code, "query": query })).await;
    }
    for path in [
        "/health",
        "/metrics",
        "/v1/flags",
        "/openapi.json",
        "/v1/admin/audit",
        "/v1/admin/users",
        "/v1/users/me/export",
        "/v1/usage",
        "/v1/llm/models",
        "/v1/nothing",
    ] {
        ask(Method::GET, path, json!({})).await;
    }
    process.configure("[llm]\nretries = \"wrong\"\n");
    process.logs("the configuration stays as it was", 1).await;
    let database = String::from_utf8_lossy(&process.read("spandrel.db")).into_owned()
        + &String::from_utf8_lossy(&process.read("spandrel.db-wal"));
    let log = process.log();
    assert!(log.contains("request") && database.contains("account.made"), "something was written");
    for (what, canary) in CANARIES {
        for (place, text) in [("an answer", &seen), ("the log", &log), ("the database", &database)] {
            assert!(!text.contains(canary), "{what} is in {place}");
        }
    }
    assert!(!log.contains(PASSWORD) && !database.contains(PASSWORD), "a password is written somewhere");
    assert!(!log.contains("a web shop"), "a prompt is in the log");
}

#[tokio::test]
async fn s07_s20_hostile_texts_are_texts() {
    let server = Server::sqlite().await;
    let code = server.project().await;
    let payloads = [
        "'",
        "''--",
        "' OR '1'='1",
        "1; DROP TABLE users--",
        "x' UNION SELECT password_hash FROM users--",
        "\\",
        "%27",
        "$1",
        "\"",
        "(SELECT 1)",
        "name; DELETE FROM projects",
        "-created_at,(SELECT 1)",
    ];
    for payload in payloads {
        let query = |name: &str| url(&[(name, payload)]);
        server.get(&format!("/v1/projects?{}", query("sort"))).await.is_error(422, "VALIDATION_ERROR");
        for (path, name) in [("/v1/projects", "name"), ("/v1/templates", "category")] {
            let answer = server.get(&format!("{path}?{}", query(name))).await;
            assert_eq!(answer.is(200).json["data"], json!([]), "{payload}");
        }
        let foreign = server.get(&format!("/v2/sessions?{}", query("project_id"))).await;
        foreign.is_error(404, "NOT_FOUND");
        for name in ["page", "limit"] {
            server.get(&format!("/v1/projects?{}", query(name))).await.is(422);
        }
        let key = read(server.request(Method::GET, "/v1/projects").header("x-api-key", payload)).await;
        key.is_error(401, "UNAUTHENTICATED");
        let made = format!("sp_0123456789abcdef_{payload:A<43}");
        read(server.with_key(&made, Method::GET, "/v1/projects")).await.is_error(401, "UNAUTHENTICATED");
        let login = json!({ "email": payload, "password": payload });
        let answer = server.post("/v1/auth/login", login).await;
        // What is no address at all counts as one account: it is soon asked to wait.
        assert!(matches!(answer.status.as_u16(), 401 | 429), "{}", answer.text);
        let path = format!("/v1/projects/{}", percent(payload));
        server.get(&path).await.is_error(404, "NOT_FOUND");
        // Kept as it came.
        let named = server.post("/v1/projects", json!({ "name": payload })).await;
        assert_eq!(named.is(201).json["name"], payload);
    }
    server.get(&format!("/v1/projects/{code}")).await.is(200);
    server.end().await;
}

fn percent(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

fn url(pairs: &[(&str, &str)]) -> String {
    let pairs: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={}", percent(value))).collect();
    pairs.join("&")
}

#[tokio::test]
async fn s11_every_size_has_an_end() {
    let mut config = config();
    config.limits.source_bytes = 10_000;
    config.limits.body_bytes = 40_000;
    let server = Server::with(config).await;
    let code = server.project().await;
    let source = |bytes: usize| format!("a: \"{}\"\n", "x".repeat(bytes - 6));
    server.save(&code, 0, &source(10_000)).await.is(201);
    server.save(&code, 1, &source(10_001)).await.is_error(422, "VALIDATION_ERROR");
    server.save(&code, 1, &source(10_000_000)).await.is_error(413, "PAYLOAD_TOO_LARGE");
    let design =
        |query: String| json!({ "project_id": code, "query": query, "mode": "propose", "include": [] });
    let ask = async |length: usize| {
        let query: String = "draw a web shop with a cache ".chars().cycle().take(length).collect();
        server.post("/v2/design/generate", design(query)).await
    };
    ask(512).await.is(200);
    for length in [513, 5_000] {
        ask(length).await.is_error(422, "VALIDATION_ERROR");
    }
    ask(512_000).await.is_error(413, "PAYLOAD_TOO_LARGE");
    let project = async |name: usize| server.post("/v1/projects", json!({ "name": "n".repeat(name) })).await;
    let most = 200;
    project(most).await.is(201);
    project(most + 1).await.is_error(422, "VALIDATION_ERROR");
    let page = async |limit: &str| server.get(&format!("/v1/projects?limit={limit}")).await;
    page("100").await.is(200);
    for limit in ["101", "100000", "-1", "0"] {
        page(limit).await.is(422);
    }
    // JSON that is only depth.
    for depth in [200, 9_000] {
        let deep = format!("{{\"name\":{}{}}}", "[".repeat(depth), "]".repeat(depth));
        let request = server.request(Method::POST, "/v1/projects").header("content-type", "application/json");
        let status = read(request.body(deep)).await.status.as_u16();
        assert!((400..500).contains(&status), "{status} at depth {depth}");
    }
    // A head that does not end.
    let large =
        server.request(Method::GET, "/v1/projects").header("x-large", "x".repeat(200_000)).send().await;
    assert!(large.is_err() || large.is_ok_and(|answer| answer.status() == 431));
    // A source that is small and wants to be large.
    let grown = "a: { b: { c: { d } } }\n".repeat(40) + "*: { **: { shape: circle } }\n";
    let status = server.save(&code, 1, &grown).await.status.as_u16();
    assert!(matches!(status, 201 | 422), "{status}");
    server.end().await;
}

#[tokio::test]
async fn s12_slow_clients_are_let_go_and_others_are_served() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let mut config = config();
    config.server.header_timeout_ms = 2_000;
    config.server.request_timeout_ms = 2_000;
    let server = Server::with(config).await;
    let address = server.running.state.listen;
    let open = async |head: &'static str| {
        let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
        stream.write_all(head.as_bytes()).await.unwrap();
        stream
    };
    let mut slow = Vec::new();
    for _ in 0..400 {
        slow.push(open("GET /health/live HTTP/1.1\r\nhost: 127.0.0.1\r\nx-slow: ").await);
    }
    // A body that does not come.
    let body = "POST /v1/projects HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n\
                content-length: 100\r\n\r\n{\"name\": ";
    for _ in 0..20 {
        slow.push(open(body).await);
    }
    for _ in 0..20 {
        server.get("/v1/projects").await.is(200);
    }
    for mut stream in slow {
        // Closed, perhaps with a word before: reading comes to an end.
        let end = async {
            let mut rest = Vec::new();
            let _ = stream.read_to_end(&mut rest).await;
            rest
        };
        let rest = tokio::time::timeout(std::time::Duration::from_secs(20), end).await;
        let rest = rest.expect("a slow connection is still open");
        assert!(!rest.starts_with(b"HTTP/1.1 2"), "{}", String::from_utf8_lossy(&rest));
    }
    server.get("/v1/projects").await.is(200);
    server.end().await;
}

#[tokio::test]
async fn s13_the_clients_address_is_read_from_the_right() {
    let mut config = config();
    config.limits.requests_per_minute = 3;
    config.server.trusted_proxies = 1;
    config.accounts.local = proxy_server::config::LocalAccount::Off;
    let server = Server::with(config).await;
    let from = async |forwarded: &str| {
        let request = server.request(Method::GET, "/v1/projects").header("x-forwarded-for", forwarded);
        read(request).await.status.as_u16()
    };
    // What the client wrote stands left of what the proxy saw.
    for number in 0..5 {
        let expected = if number < 3 { 401 } else { 429 };
        assert_eq!(from(&format!("198.51.100.{number}, 203.0.113.7")).await, expected);
    }
    assert_eq!(from("203.0.113.8").await, 401, "another client");
    // Addresses of one IPv6 network are one client.
    for number in 0..5 {
        let expected = if number < 3 { 401 } else { 429 };
        assert_eq!(from(&format!("2001:db8:1:1::{number}")).await, expected);
    }
    server.end().await;
}

#[tokio::test]
async fn s14_nobody_learns_who_has_an_account() {
    let server = Server::sqlite().await;
    server.person("ada@example.com").await;
    let login = async |email: &str| {
        server.post("/v1/auth/login", json!({ "email": email, "password": "not the password" })).await
    };
    let register = async |email: &str| {
        server.post("/v1/auth/register", json!({ "email": email, "password": PASSWORD })).await
    };
    let same = |one: &Answer, two: &Answer| {
        let mut one = one.json.clone();
        let mut two = two.json.clone();
        for body in [&mut one, &mut two] {
            if let Some(object) = body.as_object_mut() {
                object.remove("request_id");
            }
        }
        assert_eq!(one, two);
    };
    let (known, unknown) = (login("ada@example.com").await, login("bob@example.com").await);
    assert_eq!(known.status, unknown.status);
    same(&known, &unknown);
    let (taken, free) = (register("ada@example.com").await, register("bob@example.com").await);
    assert_eq!(taken.status, free.status);
    same(&taken, &free);
    server.end().await;
}

on_each_database!(s14_who_guesses_waits_longer_and_longer);

async fn s14_who_guesses_waits_longer_and_longer(server: &Server) {
    for name in ["ada", "bob"] {
        server.person(&format!("{name}@example.com")).await;
    }
    let login = async |email: &str, password: &str| {
        server.post("/v1/auth/login", json!({ "email": email, "password": password })).await
    };
    // A right one in between forgets what was wrong before.
    for _ in 0..4 {
        login("ada@example.com", "a wrong password").await.is_error(401, "WRONG_CREDENTIALS");
    }
    login("ada@example.com", PASSWORD).await.is(200);
    for _ in 0..6 {
        login("ada@example.com", "a wrong password").await.is_error(401, "WRONG_CREDENTIALS");
    }
    // Not even the right one is looked at now.
    let early = login("ada@example.com", PASSWORD).await;
    early.is_error(429, "RATE_LIMITED");
    assert!(early.header("retry-after").parse::<u64>().is_ok_and(|s| (1..=5).contains(&s)));
    // Others of this network are not kept out, and an account that is not there looks the same.
    login("bob@example.com", PASSWORD).await.is(200);
    for _ in 0..6 {
        login("nobody@example.com", PASSWORD).await.is_error(401, "WRONG_CREDENTIALS");
    }
    login("nobody@example.com", PASSWORD).await.is_error(429, "RATE_LIMITED");
}

#[tokio::test]
async fn s22_errors_tell_nothing_of_the_inside() {
    let mut config = config();
    // A database that does not answer.
    config.storage.database_url =
        proxy_server::config::Secret::new(format!("postgres://u:hidden@127.0.0.1:{}/db", free_port()));
    config.storage.acquire_timeout_ms = 300;
    let server = Server::with(config).await;
    for path in ["/v1/projects", "/v1/users/me", "/health/ready", "/v1/admin/users"] {
        let answer = server.get(path).await;
        answer.is_error(503, "UNAVAILABLE");
        assert_eq!(answer.header("retry-after"), "2");
        assert_eq!(answer.header("server"), "");
        for inside in ["postgres", "sqlx", "SELECT", "hidden", "127.0.0.1", ".rs", "panicked", "pool", "/tmp"]
        {
            assert!(!answer.text.contains(inside), "{path}: {inside} in {}", answer.text);
        }
    }
    server.get("/health/live").await.is(200);
    server.end().await;
}

#[tokio::test]
async fn s23_what_the_table_says_is_in_the_audit_log() {
    let server = Server::sqlite().await;
    let ask = async |key: &str, method: Method, path: &str, body: Value| {
        read(server.with_key(key, method, path).json(&body)).await
    };
    let key = |tokens: &Value| tokens["access_token"].as_str().unwrap().to_owned();
    let ada_tokens = server.person("ada@example.com").await;
    let (ada, bob) = (key(&ada_tokens), key(&server.person("bob@example.com").await));
    let wrong = json!({ "email": "ada@example.com\r\nadmin did it", "password": "wrong password" });
    server.post("/v1/auth/login", wrong).await.is(401);
    let id = async |key: &str| {
        let me = ask(key, Method::GET, "/v1/users/me", json!({})).await;
        me.json["id"].as_str().unwrap().to_owned()
    };
    let (ada_id, bob_id) = (id(&ada).await, id(&bob).await);
    // The person at the keyboard is the admin here.
    let rights = json!({ "is_admin": false, "flags": { "enable_svg_export": true }, "credit": 5.0 });
    server.patch(&format!("/v1/admin/users/{bob_id}"), rights).await.is(200);
    let made = ask(&ada, Method::POST, "/v1/projects", json!({ "name": "Shop" })).await;
    let path = format!("/v1/projects/{}", made.json["project_code"].as_str().unwrap());
    let save = json!({ "source": "a\n", "base_version": 0 });
    ask(&ada, Method::POST, &format!("{path}/versions"), save).await.is(201);
    ask(&ada, Method::POST, &format!("{path}/versions/1/restore"), json!({})).await.is(201);
    for answer in ["decline", "accept"] {
        let invite = json!({ "email": "bob@example.com", "role": "viewer" });
        let invited = ask(&ada, Method::POST, &format!("{path}/invitations"), invite).await;
        let invited = invited.json["id"].as_str().unwrap();
        ask(&bob, Method::POST, &format!("/v1/invitations/{invited}/{answer}"), json!({})).await.is(204);
    }
    let member = format!("{path}/members/{bob_id}");
    ask(&ada, Method::PATCH, &member, json!({ "role": "editor" })).await.is(204);
    ask(&ada, Method::DELETE, &member, json!({})).await.is(204);
    let made = ask(&ada, Method::POST, "/v1/api-keys", json!({ "name": "k", "scopes": ["read"] })).await;
    let path_of_key = format!("/v1/api-keys/{}", made.json["id"].as_str().unwrap());
    ask(&ada, Method::DELETE, &path_of_key, json!({})).await.is(204);
    ask(&ada, Method::DELETE, &path, json!({})).await.is(204);
    ask(&bob, Method::GET, "/v1/users/me/export", json!({})).await.is(200);
    ask(&bob, Method::DELETE, "/v1/users/me", json!({})).await.is(204);
    let change = json!({ "current": PASSWORD, "new": "a much better one" });
    ask(&ada, Method::POST, "/v1/auth/password", change).await.is(200);
    let login = json!({ "email": "ada@example.com", "password": "a much better one" });
    let tokens = server.post("/v1/auth/login", login).await;
    let reuse = json!({ "refresh_token": tokens.json["refresh_token"] });
    for agent in ["one", "two"] {
        let request = server.request(Method::POST, "/v1/auth/refresh").header("user-agent", agent);
        read(request.json(&reuse)).await;
    }

    let log = server.get("/v1/admin/audit?limit=100").await;
    let entries = log.is(200).json["data"].as_array().unwrap();
    let seen: BTreeSet<&str> = entries.iter().map(|entry| entry["action"].as_str().unwrap()).collect();
    let declared: BTreeSet<&str> = policy::TABLE.iter().flat_map(|row| row.audit).copied().collect();
    // These need an issuer or a mail server: their own tests look for them.
    let elsewhere = BTreeSet::from(["account.adopted", "password.reset", "password.reset.asked"]);
    let missing: Vec<&&str> =
        declared.iter().filter(|a| !seen.contains(*a) && !elsewhere.contains(*a)).collect();
    assert!(missing.is_empty(), "declared and not written: {missing:?}");
    let undeclared: Vec<&&str> = seen.iter().filter(|action| !declared.contains(*action)).collect();
    assert!(undeclared.is_empty(), "written and not declared: {undeclared:?}");
    for entry in entries {
        assert!(entry["request_id"].as_str().is_some_and(|id| id.len() >= 8), "{entry}");
        assert_eq!(entry["address"], "127.0.0.1", "{entry}");
        let subject = entry["subject"].as_str().unwrap();
        assert!(!subject.contains(['\r', '\n']), "{entry}");
    }
    assert!(entries.iter().any(|entry| entry["actor_id"] == json!(ada_id)));
    assert!(
        !log.text.contains(PASSWORD) && !log.text.contains("sr_") && !log.text.contains("sp_"),
        "{}",
        log.text
    );
    server.end().await;
}

/// What `cargo deny check` (`deny.toml`) asks beyond this, advisories and licences, needs the tool and its data.
#[test]
fn s24_every_crate_is_pinned_from_the_registry_and_one_library_does_the_cryptography() {
    let lock = include_str!("../../../Cargo.lock").parse::<toml::Table>().unwrap();
    let packages = lock["package"].as_array().unwrap();
    assert!(packages.len() > 300, "{} packages", packages.len());
    let mut sources = BTreeSet::new();
    for package in packages {
        let name = package["name"].as_str().unwrap();
        // Without a source it is one of ours.
        if let Some(source) = package.get("source").and_then(toml::Value::as_str) {
            assert!(source.starts_with("registry+"), "{name} comes from elsewhere: {source}");
            sources.insert(source);
            assert!(package.get("checksum").is_some_and(toml::Value::is_str), "{name} has no checksum");
        }
        assert!(
            !["openssl-sys", "native-tls", "aws-lc-sys", "boring-sys"].contains(&name),
            "{name} beside ring: a second library of cryptography"
        );
    }
    assert_eq!(sources.len(), 1, "{sources:?}");
    let manifest = include_str!("../../../Cargo.toml").parse::<toml::Table>().unwrap();
    let page = &manifest["workspace"]["dependencies"]["utoipa-swagger-ui"]["features"];
    let features = page.as_array().unwrap();
    assert!(
        features.iter().any(|f| f.as_str() == Some("vendored")),
        "else it is downloaded while it is built"
    );
}

#[tokio::test]
async fn s05_a_logout_ends_an_answer_that_is_still_being_written() {
    // A model that takes every call and says nothing.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base_url = format!("http://{}/v1", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let mut kept = Vec::new();
        while let Ok((stream, _)) = listener.accept().await {
            kept.push(stream);
        }
    });
    let mut config = config();
    let provider = crate::relay::provider().await;
    let provider = proxy_server::llm::config::Provider { base_url, ..provider };
    config.llm.providers.insert("silent".to_owned(), provider);
    config.llm.tiers =
        vec![proxy_server::llm::config::Tier { model: "silent/tiny".to_owned(), ..Default::default() }];
    let server = Server::with(config).await;
    let tokens = server.person("ada@example.com").await;
    let key = tokens["access_token"].as_str().unwrap();
    let made =
        read(server.with_key(key, Method::POST, "/v1/projects").json(&json!({ "name": "Shop" }))).await;
    let body = json!({ "project_id": made.json["project_code"], "query": "a web shop with a database" });
    let request = server.with_key(key, Method::POST, "/v2/design/generate").json(&body);
    let stream = request.header("accept", "text/event-stream").send().await.unwrap();
    assert_eq!(stream.status(), 200);
    server.post("/v1/auth/logout", json!({ "refresh_token": tokens["refresh_token"] })).await.is(204);
    let rest = tokio::time::timeout(std::time::Duration::from_secs(20), stream.text()).await;
    let rest = rest.expect("the stream is still open").unwrap();
    assert!(rest.contains("event: error") && rest.contains("UNAUTHENTICATED"), "{rest}");
    assert!(!rest.contains("event: done"), "{rest}");
    server.end().await;
}
