//! The fake upstream, the bare relay, and the server.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::Response;
use axum::routing::{get, post};
use axum::serve::ListenerExt;
use proxy_server::config::{Config, Log, Secret};
use proxy_server::llm::config::{Kind, Provider, Tier};
use proxy_server::{Running, start};
use serde_json::{Value, json};

/// The clock of all stamps.
static ORIGIN: LazyLock<Instant> = LazyLock::new(Instant::now);

/// Microseconds since the first call.
pub(crate) fn stamp() -> u64 {
    ORIGIN.elapsed().as_micros() as u64
}

async fn listen(app: Router) -> SocketAddr {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let listener = listener.tap_io(|stream| {
        stream.set_nodelay(true).unwrap();
    });
    tokio::spawn(async move { axum::serve(listener, app).await });
    address
}

/// A provider that answers at once. Its model's name says how a stream looks: `e60p10` has 60 events, 10 ms apart.
pub(crate) async fn upstream() -> SocketAddr {
    listen(Router::new().route("/v1/chat/completions", post(completion)).route("/", get(async || "ok"))).await
}

async fn completion(body: Bytes) -> Response {
    let request: Value = serde_json::from_slice(&body).unwrap();
    let model = request["model"].as_str().unwrap();
    if request["stream"] != true {
        let answer = json!({ "id": "c", "object": "chat.completion", "created": 1, "model": model,
            "choices": [{ "index": 0, "finish_reason": "stop",
                "message": { "role": "assistant", "content": "word ".repeat(160) } }],
            "usage": { "prompt_tokens": 200, "completion_tokens": 160, "total_tokens": 360 } });
        return json_response(answer.to_string());
    }
    let question = request["messages"].to_string();
    if question.contains("Draw the system") {
        return sse(futures_util::stream::iter(drawing().into_iter().map(Ok::<_, Infallible>)));
    }
    let (events, pace) = model
        .rsplit('/')
        .next()
        .and_then(|name| name.strip_prefix('e')?.split_once('p'))
        .map_or((20, 0), |(events, pace)| (events.parse().unwrap(), pace.parse().unwrap()));
    sse(futures_util::stream::unfold(0_u64, move |n| async move {
        if n > events + 1 {
            return None;
        }
        if pace > 0 && n > 0 {
            tokio::time::sleep(Duration::from_millis(pace)).await;
        }
        let text = match n.cmp(&events) {
            std::cmp::Ordering::Less => event(&format!("{} ", stamp()), Value::Null),
            std::cmp::Ordering::Equal => event("", json!("stop")),
            std::cmp::Ordering::Greater => last(),
        };
        Some((Ok::<_, Infallible>(Bytes::from(text)), n + 1))
    }))
}

fn event(content: &str, finish: Value) -> String {
    let chunk = json!({ "id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m",
        "choices": [{ "index": 0, "delta": { "content": content }, "finish_reason": finish }] });
    format!("data: {chunk}\n\n")
}

fn last() -> String {
    let usage = json!({ "id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [],
        "usage": { "prompt_tokens": 200, "completion_tokens": 60, "total_tokens": 260 } });
    format!("data: {usage}\n\ndata: [DONE]\n\n")
}

fn drawing() -> Vec<Bytes> {
    const D2: &str = "client: Client {\n  browser: Browser\n}\nedge: Edge {\n  cdn: CDN\n  waf: WAF\n}\n\
                      app: Application {\n  web: Web App\n  auth: Auth Service\n  api: Orders API\n}\n\
                      data: Data {\n  db: Orders {shape: cylinder}\n  cache: Redis {shape: cylinder}\n}\n\
                      client.browser -> edge.cdn: HTTPS\nedge.cdn -> edge.waf\nedge.waf -> app.web\n\
                      app.web -> app.auth: OIDC\napp.web -> app.api: REST\napp.api -> data.db: SQL\n\
                      app.api -> data.cache: lookups\n";
    let mut events: Vec<Bytes> =
        D2.split_inclusive('\n').map(|line| event(line, Value::Null).into()).collect();
    events.push(event("", json!("stop")).into());
    events.push(last().into());
    events
}

fn json_response(body: String) -> Response {
    Response::builder().header(CONTENT_TYPE, "application/json").body(Body::from(body)).unwrap()
}

fn sse(events: impl futures_util::Stream<Item = Result<Bytes, Infallible>> + Send + 'static) -> Response {
    Response::builder().header(CONTENT_TYPE, "text/event-stream").body(Body::from_stream(events)).unwrap()
}

/// axum and reqwest, nothing else: what any relay in this language costs.
pub(crate) async fn bare_relay(upstream: SocketAddr) -> SocketAddr {
    let client = client();
    let url = format!("http://{upstream}/v1/chat/completions");
    let relay = async |State((client, url)): State<(reqwest::Client, String)>, body: Bytes| {
        let response =
            client.post(url).header(CONTENT_TYPE, "application/json").body(body).send().await.unwrap();
        let kind = response.headers()[CONTENT_TYPE].clone();
        Response::builder()
            .header(CONTENT_TYPE, kind)
            .body(Body::from_stream(response.bytes_stream()))
            .unwrap()
    };
    listen(
        Router::new()
            .route("/v1/chat/completions", post(relay))
            .route("/", get(async || "ok"))
            .with_state((client, url)),
    )
    .await
}

pub(crate) fn client() -> reqwest::Client {
    // A second install only says that one is there.
    drop(rustls::crypto::ring::default_provider().install_default());
    reqwest::Client::builder().no_proxy().tcp_nodelay(true).pool_max_idle_per_host(10_000).build().unwrap()
}

/// As in service: accounts, limits, metering and logging are on.
fn config(upstream: &str, dir: &std::path::Path, draws: bool) -> Config {
    let mut config = Config::default();
    config.server.listen = "127.0.0.1:0".parse().unwrap();
    config.server.max_connections = 16_000;
    dir.clone_into(&mut config.storage.data_dir);
    config.limits.requests_per_minute = u32::MAX;
    // A thousand sockets are opened from one address.
    config.limits.logins_per_minute = 0;
    let provider = Provider {
        kind: Kind::OpenaiCompatible,
        base_url: format!("http://{upstream}/v1"),
        keys: vec![Secret::new("sk-bench")],
        ..Provider::default()
    };
    config.llm.providers.insert("near".to_owned(), provider);
    config.llm.max_requests = 12_000;
    if draws {
        config.llm.tiers.push(Tier { prompt_tokens: 0, model: "near/e20p0".to_owned() });
    }
    config
}

/// The server, and a key for it.
pub(crate) struct Server {
    pub(crate) running: Running,
    pub(crate) url: String,
    pub(crate) key: String,
    dir: std::path::PathBuf,
}

impl Server {
    /// `draws`: design requests are drawn by the upstream's model, else offline.
    pub(crate) async fn start(upstream: SocketAddr, draws: bool) -> Self {
        let dir = std::env::temp_dir().join(format!("spandrel-bench-{}-{}", std::process::id(), stamp()));
        let running = start(config(&upstream.to_string(), &dir, draws)).await.unwrap();
        let url = running.url();
        let key = key(&url).await;
        Self { running, url, key, dir }
    }

    pub(crate) async fn end(self) {
        self.running.stop().await;
        drop(std::fs::remove_dir_all(self.dir));
    }
}

/// An API key that may do everything.
pub(crate) async fn key(url: &str) -> String {
    let body = json!({ "name": "bench", "scopes": ["read", "write", "llm"] });
    let made: Value =
        client().post(format!("{url}/v1/api-keys")).json(&body).send().await.unwrap().json().await.unwrap();
    made["key"].as_str().unwrap().to_owned()
}

/// Serves until standard input ends; prints its address.
pub(crate) async fn serve_child(upstream: &str) {
    let dir = std::env::temp_dir().join(format!("spandrel-bench-child-{}", std::process::id()));
    let config = Config {
        log: Log { level: proxy_server::config::Level::Error, json: true, ..Log::default() },
        ..config(upstream, &dir, false)
    };
    let running = start(config).await.unwrap();
    println!("{}", running.url());
    tokio::task::spawn_blocking(|| std::io::read_to_string(std::io::stdin())).await.unwrap().unwrap();
    running.stop().await;
    drop(std::fs::remove_dir_all(dir));
}
