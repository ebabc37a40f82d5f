//! Health, request ids, errors at the door, the server's own behaviour.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use proxy_server::llm::config::{Model, Provider};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::harness::{Server, config, read};
use crate::on_each_database;
use crate::process::free_port;

on_each_database!(health_tells, what_was_acknowledged_is_there_at_once);

async fn health_tells(server: &Server) {
    let health = server.get("/health").await;
    health.is(200);
    assert_eq!(health.json["status"], "healthy");
    assert_eq!(health.json["services"]["database"], "healthy");
    assert!(health.json["timestamp"].as_str().unwrap().ends_with('Z'));
    server.get("/health/live").await.is(200);
    server.get("/health/ready").await.is(200);
}

async fn what_was_acknowledged_is_there_at_once(server: &Server) {
    let code = server.project().await;
    server.save(&code, 0, "a -> b\n").await.is(201);
    // A second server on the same data: what was acknowledged is there at once.
    let mut config = server.running.state.config.clone();
    config.server.listen = "127.0.0.1:0".parse().unwrap();
    let second = Server::with(config).await;
    let version = second.get(&format!("/v1/projects/{code}/versions/1")).await;
    assert_eq!(version.json["source"], "a -> b\n");
    second.save(&code, 1, "a -> c\n").await.is(201);
    server.save(&code, 1, "a -> d\n").await.is_error(409, "VERSION_CONFLICT");
    second.running.stop().await;
}

#[tokio::test]
async fn requests_have_names() {
    let server = Server::sqlite().await;
    let made = server.get("/health/live").await;
    assert_eq!(made.header("x-request-id").len(), 36);
    let named =
        |id: &'static str| read(server.request(Method::GET, "/v1/nothing").header("x-request-id", id));
    let kept = named("my-request-0001").await;
    kept.is_error(404, "NOT_FOUND");
    assert_eq!(kept.header("x-request-id"), "my-request-0001");
    assert_ne!(named("a b").await.header("x-request-id"), "a b");
    server.end().await;
}

#[tokio::test]
async fn s11_wrong_bodies_get_the_error_shape() {
    let server = Server::sqlite().await;
    let post = |body: &'static str, kind: &'static str| {
        read(server.request(Method::POST, "/v1/projects").header("content-type", kind).body(body))
    };
    post("{", "application/json").await.is_error(400, "MALFORMED_JSON");
    post("{\"name\": \"x\"} trailing", "application/json").await.is_error(400, "MALFORMED_JSON");
    post("name=x", "application/x-www-form-urlencoded").await.is_error(415, "UNSUPPORTED_MEDIA_TYPE");
    read(server.request(Method::PUT, "/v1/projects")).await.is_error(405, "METHOD_NOT_ALLOWED");
    let code = server.project().await;
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let deep = format!("{{\"source\": \"a\", \"base_version\": 0, \"drawing\": {deep}}}");
    let request = server.request(Method::POST, &format!("/v1/projects/{code}/versions"));
    let request = request.header("content-type", "application/json").body(deep);
    read(request).await.is_error(400, "MALFORMED_JSON");
    let large = json!({ "name": "x".repeat(3 << 20) });
    server.post("/v1/projects", large).await.is_error(413, "PAYLOAD_TOO_LARGE");
    server.end().await;
}

#[tokio::test]
async fn s19_answers_carry_their_policies() {
    let server = Server::sqlite().await;
    let answer = server.get("/v1/projects").await;
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert!(answer.header("content-security-policy").starts_with("default-src 'none'"));
    assert_eq!(answer.header("server"), "");
    server.end().await;
}

#[tokio::test]
async fn s25_metrics_are_for_the_operator() {
    let server = Server::sqlite().await;
    let code = server.project().await;
    server
        .post("/v2/design/generate", json!({ "project_id": code, "query": "a web shop with a database" }))
        .await;
    let metrics = server.get("/metrics").await;
    metrics.is(200);
    for part in [
        "http_requests_total{method=\"POST\",route=\"/v1/projects\",status=\"2xx\"} 1",
        "http_request_duration_seconds_bucket{route=\"/v1/projects\",le=\"10\"} 1",
        "spandrel_design_requests_total{intent=\"DSL_CREATE\"",
    ] {
        assert!(metrics.text.contains(part), "{part}: {}", metrics.text);
    }
    assert!(!metrics.text.contains(&code), "no label names a project");
    let strange = server.request(Method::GET, "/metrics").header("host", "spandrel.example");
    read(strange).await.is_error(401, "UNAUTHENTICATED");
    let handed_on = server.request(Method::GET, "/metrics").header("x-forwarded-for", "127.0.0.1");
    read(handed_on).await.is_error(401, "UNAUTHENTICATED");
    server.end().await;
}

#[tokio::test]
async fn s07_only_listed_origins_may_call() {
    let mut config = config();
    config.server.allowed_origins = "https://studio.example, https://other.example".to_owned();
    let server = Server::with(config).await;
    let preflight = |origin: &'static str| {
        let request = server.request(Method::OPTIONS, "/v1/projects").header("origin", origin);
        let request = request.header("access-control-request-method", "POST");
        read(request.header("access-control-request-headers", "authorization,content-type"))
    };
    let listed = preflight("https://studio.example").await;
    assert_eq!(listed.header("access-control-allow-origin"), "https://studio.example");
    assert!(listed.header("access-control-allow-headers").contains("authorization"));
    assert!(listed.header("vary").contains("origin"));
    assert_eq!(listed.header("access-control-allow-credentials"), "");
    for foreign in ["https://evil.example", "null", "https://studio.example.evil.example"] {
        assert_eq!(preflight(foreign).await.header("access-control-allow-origin"), "", "{foreign}");
    }
    server.end().await;
    let server = Server::sqlite().await;
    let answer = read(server.request(Method::GET, "/health").header("origin", "https://evil.example")).await;
    assert_eq!(answer.header("access-control-allow-origin"), "");
    server.end().await;
}

#[tokio::test]
async fn s12_slow_headers_are_cut_off() {
    let mut config = config();
    config.server.header_timeout_ms = 200;
    let server = Server::with(config).await;
    let mut stream = TcpStream::connect(server.running.state.listen).await.unwrap();
    stream.write_all(b"GET /health/live HTTP/1.1\r\nHost: x\r\nX-Slow: ").await.unwrap();
    let mut rest = Vec::new();
    let read = tokio::time::timeout(Duration::from_secs(5), stream.read_to_end(&mut rest)).await;
    assert!(read.is_ok(), "the connection is still open");
    server.end().await;
}

#[tokio::test]
async fn s25_the_document_and_the_router_agree() {
    let server = Server::sqlite().await;
    let document = server.get("/openapi.json").await;
    document.is(200);
    assert_eq!(document.json, serde_json::to_value(proxy_server::openapi()).unwrap());
    let paths = document.json["paths"].as_object().unwrap();
    assert!(paths.contains_key("/v2/design/generate"));
    // Every documented operation is routed: it never answers "no such address" or "no such method".
    for (path, operations) in paths {
        for method in operations.as_object().unwrap().keys() {
            let method: Method = method.to_uppercase().parse().unwrap();
            let path = path
                .replace("{code}", "NOPE")
                .replace("{n}", "1")
                .replace("{a}", "1")
                .replace("{b}", "1")
                .replace("{id}", "x")
                .replace("{user_id}", "x")
                .replace("{provider}", "x")
                .replace("{file}", "index.css");
            let answer = read(server.request(method.clone(), &path)).await;
            assert_ne!(answer.status.as_u16(), 405, "{method} {path}");
            assert_ne!(answer.json["message"], "address not found", "{method} {path}");
        }
    }
    server.end().await;
}

#[tokio::test]
async fn s25_the_apis_page_needs_nothing_from_elsewhere() {
    let server = Server::sqlite().await;
    let page = server.get("/docs").await;
    assert!(page.is(200).text.contains("swagger-ui"), "{}", page.text);
    assert_eq!(page.header("content-type"), "text/html");
    let policy = page.header("content-security-policy");
    assert!(policy.contains("script-src 'self';") && policy.starts_with("default-src 'none'"), "{policy}");
    let mut parts = 0;
    let is_part = |text: &&str| matches!(text.rsplit_once('.'), Some((_, "js" | "css")));
    for address in page.text.split(['"', '\'']).filter(is_part) {
        assert!(!address.contains("//"), "{address}");
        server.get(&format!("/docs/{}", address.trim_start_matches("./"))).await.is(200);
        parts += 1;
    }
    assert!(parts >= 3, "{parts} parts");
    let script = server.get("/docs/swagger-initializer.js").await;
    assert!(script.is(200).text.contains("/openapi.json"), "{}", script.text);
    server.get("/docs/nothing.js").await.is_error(404, "NOT_FOUND");
    server.end().await;

    let mut config = config();
    config.server.listen = "0.0.0.0:0".parse().unwrap();
    let server = Server::with(config).await;
    let port = server.running.state.listen.port();
    let url = format!("http://127.0.0.1:{port}/docs/");
    read(server.client.get(url)).await.is_error(404, "NOT_FOUND");
    server.end().await;
}

#[tokio::test]
async fn models_are_measured_by_the_names_of_the_conventions() {
    let mut config = config();
    config.llm.providers.insert("near".to_owned(), crate::relay::provider().await);
    let model = Model { provider: "near".to_owned(), upstream: "tiny".to_owned(), ..Model::default() };
    config.llm.models.insert("quick".to_owned(), model);
    let nobody = Provider { base_url: format!("http://127.0.0.1:{}/v1", free_port()), ..Provider::default() };
    config.llm.providers.insert("away".to_owned(), nobody);
    config.llm.retries = 0;
    let server = Server::with(config).await;
    for model in ["quick", "near/made-up-by-a-client", "away/x"] {
        let prompt = json!({ "model": model, "messages": [{ "role": "user", "content": "hi" }] });
        server.post("/v1/llm/chat/completions", prompt).await;
    }
    let of = |model: &str| {
        format!(
            "gen_ai_operation_name=\"chat\",gen_ai_provider_name=\"near\",gen_ai_request_model=\"{model}\""
        )
    };
    let lines = [
        format!(
            "gen_ai_client_token_usage_bucket{{{},gen_ai_token_type=\"input\",le=\"16\"}} 1",
            of("quick")
        ),
        format!("gen_ai_client_token_usage_sum{{{},gen_ai_token_type=\"input\"}} 7", of("quick")),
        format!("gen_ai_client_token_usage_sum{{{},gen_ai_token_type=\"output\"}} 2", of("other")),
        format!("gen_ai_client_operation_duration_seconds_bucket{{{},le=\"81.92\"}} 1", of("quick")),
        "error_type=\"failed\"} 1".to_owned(),
    ];
    let metrics = server.get("/metrics").await;
    for line in lines {
        assert!(metrics.text.contains(&line), "{line}\n{}", metrics.text);
    }
    assert!(!metrics.text.contains("made-up"), "{}", metrics.text);
    assert!(!metrics.text.contains("time_to_first_chunk"), "no stream was asked for: {}", metrics.text);
    server.end().await;
}

/// A collector of traces, and the spans that it was sent.
async fn collector() -> (String, Arc<Mutex<Vec<Value>>>) {
    let spans: Arc<Mutex<Vec<Value>>> = Arc::default();
    let kept = Arc::clone(&spans);
    let take = move |body: axum::Json<Value>| async move {
        let spans = body["resourceSpans"][0]["scopeSpans"][0]["spans"].as_array().unwrap().clone();
        kept.lock().unwrap().extend(spans);
        axum::Json(json!({}))
    };
    let app = axum::Router::new().route("/v1/traces", axum::routing::post(take));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, app).await });
    (url, spans)
}

#[tokio::test]
async fn requests_and_models_are_traced_where_there_is_a_collector() {
    let (url, spans) = collector().await;
    let mut config = config();
    config.log.otlp_endpoint = url;
    config.llm.providers.insert("near".to_owned(), crate::relay::provider().await);
    let server = Server::with(config).await;
    let code = server.project().await;
    let (trace, caller) = ("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331");
    let prompt = json!({ "model": "near/tiny", "max_tokens": 9,
        "messages": [{ "role": "user", "content": "a very private question" }] });
    for sampled in ["01", "00"] {
        let request = server
            .request(Method::POST, "/v1/llm/chat/completions")
            .header("traceparent", format!("00-{trace}-{caller}-{sampled}"));
        read(request.json(&prompt)).await.is(200);
    }
    server.get(&format!("/v1/projects/{code}")).await.is(200);
    let seen = || spans.lock().unwrap().clone();
    for _ in 0..200 {
        if seen().len() >= 4 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let seen = seen();
    let named = |name: &str| -> Vec<&Value> { seen.iter().filter(|span| span["name"] == name).collect() };
    let attribute = |span: &Value, key: &str| {
        let all = span["attributes"].as_array().unwrap();
        all.iter().find(|one| one["key"] == key).map(|one| one["value"].clone()).unwrap_or_default()
    };
    let asked = named("POST /v1/llm/chat/completions");
    assert_eq!(asked.len(), 1, "the one that its caller traces: {seen:?}");
    assert_eq!((&asked[0]["traceId"], &asked[0]["parentSpanId"]), (&json!(trace), &json!(caller)));
    assert_eq!(attribute(asked[0], "http.response.status_code"), json!({ "intValue": "200" }));
    let told = named("chat near/tiny");
    assert_eq!(told.len(), 1);
    assert_eq!((&told[0]["traceId"], &told[0]["parentSpanId"]), (&json!(trace), &asked[0]["spanId"]));
    assert_eq!(attribute(told[0], "gen_ai.usage.input_tokens"), json!({ "intValue": "7" }));
    assert_eq!(attribute(told[0], "gen_ai.provider.name"), json!({ "stringValue": "near" }));
    let project = named("GET /v1/projects/{code}");
    assert_eq!(project.len(), 1);
    assert_eq!(project[0]["parentSpanId"], Value::Null);
    let time = |span: &Value, name: &str| span[name].as_str().unwrap().parse::<u128>().unwrap();
    assert!(seen.iter().all(|span| time(span, "startTimeUnixNano") <= time(span, "endTimeUnixNano")));
    let text = format!("{seen:?}");
    assert!(!text.contains(&code) && !text.contains("private"), "{text}");
    server.end().await;
}
