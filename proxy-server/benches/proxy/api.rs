//! L7 to L9 and the design service's own figures, without the time of a model.

use std::str::FromStr;
use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::{Value, json};
use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::{AnyPool, Row};

use crate::measure::{heading, line, mean, median, note, one_by_one, rate};
use crate::servers::{Server, client, upstream};

const SOURCE: &str =
    "web: Web Shop\napi: Orders API\ndb: Orders {shape: cylinder}\nweb -> api: HTTPS\napi -> db: SQL\n";
const WISH: &str = "secure web app with database and authentication";
const ROUNDS: usize = 5;

struct Api {
    server: Server,
    client: reqwest::Client,
}

impl Api {
    fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        self.client.request(method, format!("{}{path}", self.server.url)).bearer_auth(&self.server.key)
    }

    async fn json(&self, request: reqwest::RequestBuilder) -> Value {
        let response = request.send().await.unwrap();
        assert!(response.status().is_success(), "{}", response.text().await.unwrap());
        response.json().await.unwrap()
    }

    async fn post(&self, path: &str, body: &Value) -> Value {
        self.json(self.request(Method::POST, path).json(body)).await
    }

    async fn project(&self) -> String {
        let made = self.post("/v1/projects", &json!({ "name": "Bench" })).await;
        made["project_code"].as_str().unwrap().to_owned()
    }
}

pub(crate) async fn run() {
    let upstream = upstream().await;
    let api = Api { server: Server::start(upstream, false).await, client: client() };
    reading(&api, &format!("http://{upstream}/")).await;
    writing(&api).await;
    let drawing = Api { server: Server::start(upstream, true).await, client: client() };
    design(&api, &drawing).await;
    drawing.server.end().await;
    api.server.end().await;
}

async fn reading(api: &Api, bare: &str) {
    heading("Reading");
    let code = api.project().await;
    for _ in 0..19 {
        api.project().await;
    }
    let url = |path: &str| format!("{}{path}", api.server.url);
    let targets = [
        ("", bare.to_owned(), 0.0),
        ("/health/live", url("/health/live"), 0.8),
        ("a project, with its key", url(&format!("/v1/projects/{code}")), 0.25),
        ("a list of 20, with its key", url("/v1/projects?limit=20"), 0.15),
    ];
    let mut all = [vec![], vec![], vec![], vec![]];
    for _ in 0..ROUNDS {
        for ((_, url, _), values) in targets.iter().zip(&mut all) {
            let (client, key) = (api.client.clone(), api.server.key.clone());
            let url = url.clone();
            let call = move || {
                let request = client.get(&url);
                let request = if url.contains("/v1/") { request.bearer_auth(&key) } else { request };
                async move {
                    let response = request.send().await.unwrap();
                    assert_eq!(response.status(), 200);
                    response.bytes().await.unwrap();
                }
            };
            values.push(rate(16, Duration::from_millis(1_200), call).await);
        }
    }
    let rates = all.map(|mut values| median(&mut values));
    note(
        "calls a second at 16 clients: bare GET, then the three below",
        rates.map(|rate| format!("{rate:.0}")).join(", "),
    );
    for ((name, _, limit), rate) in targets.iter().zip(rates).skip(1) {
        line("L7", &format!("{name} / bare GET"), rate / rates[0], "≥", *limit);
    }
}

/// A database of its own with the same pragmas, and one table.
async fn bare_database() -> (AnyPool, std::path::PathBuf) {
    sqlx::any::install_default_drivers();
    let path = std::env::temp_dir().join(format!("spandrel-bench-bare-{}.db", std::process::id()));
    let options = AnyConnectOptions::from_str(&format!("sqlite://{}?mode=rwc", path.display())).unwrap();
    let pool = AnyPoolOptions::new().max_connections(1).connect_with(options).await.unwrap();
    for sql in [
        "PRAGMA journal_mode = WAL",
        "PRAGMA synchronous = FULL",
        "CREATE TABLE rows (id INTEGER PRIMARY KEY, text TEXT NOT NULL)",
    ] {
        sqlx::query(sql).execute(&pool).await.unwrap();
    }
    (pool, path)
}

async fn insert(pool: &AnyPool) {
    let mut tx = pool.begin_with("BEGIN IMMEDIATE").await.unwrap();
    sqlx::query("INSERT INTO rows (text) VALUES ($1)").bind(SOURCE).execute(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
}

async fn writing(api: &Api) {
    heading("Writing");
    let (bare, path) = bare_database().await;
    let storage = &api.server.running.state.storage;
    let code = api.project().await;
    let project = storage.project("local", &code).await.unwrap().unwrap();
    let mut base = 0;
    let (mut inserts, mut saves, mut sessions, mut cached, mut reads) =
        (vec![], vec![], vec![], vec![], vec![]);
    let session = storage.create_session("local", &project.id, 0, 86_400_000).await.unwrap();
    for _ in 0..ROUNDS {
        inserts.push(mean(&one_by_one(60, || insert(&bare)).await));
        let start = Instant::now();
        for _ in 0..60 {
            let body = json!({ "source": SOURCE, "base_version": base, "drawing": {} });
            api.post(&format!("/v1/projects/{code}/versions"), &body).await;
            base += 1;
        }
        saves.push(start.elapsed().as_secs_f64() * 1e6 / 60.0);
        let create = || async {
            storage.create_session("local", &project.id, 0, 86_400_000).await.unwrap();
        };
        sessions.push(mean(&one_by_one(60, create).await));
        let read = || async {
            storage.session("local", &session).await.unwrap().unwrap();
        };
        cached.push(median(&mut one_by_one(300, read).await));
        let read = || async {
            let row = sqlx::query("SELECT text FROM rows WHERE id = $1")
                .bind(7_i64)
                .fetch_one(&bare)
                .await
                .unwrap();
            assert!(!row.try_get::<String, _>(0).unwrap().is_empty());
        };
        reads.push(median(&mut one_by_one(300, read).await));
    }
    let [insert, save, session, cached, read] =
        [&mut inserts, &mut saves, &mut sessions, &mut cached, &mut reads].map(|values| median(values));
    note(
        "µs: bare insert, saved version over HTTP, new session",
        format!("{insert:.0}, {save:.0}, {session:.0}"),
    );
    line("L8", "saved versions a second / bare inserts a second", insert / save, "≥", 0.5);
    line("L9", "new session / bare insert", session / insert, "≤", 2.0);
    note("µs: session read, one read of the database", format!("{cached:.1}, {read:.1}"));
    line("L9", "session read again / one read of the database", cached / read, "≤", 0.2);
    bare.close().await;
    for suffix in ["", "-wal", "-shm"] {
        drop(std::fs::remove_file(format!("{}{suffix}", path.display())));
    }
}

/// Milliseconds of forty drawings, and how many failed.
async fn drawings(api: &Api, provider: &str) -> (Vec<f64>, usize) {
    let (mut took, mut errors) = (Vec::new(), 0);
    for _ in 0..40 {
        let body = json!({ "project_id": api.project().await, "query": WISH });
        let start = Instant::now();
        let response = api.request(Method::POST, "/v2/design/generate").json(&body).send().await.unwrap();
        errors += usize::from(!response.status().is_success());
        let answer: Value = response.json().await.unwrap_or_default();
        took.push(start.elapsed().as_secs_f64() * 1e3);
        assert_eq!(answer["response"]["provider"], provider, "{answer}");
    }
    (took, errors)
}

/// One person's mix: a session that is used again and again, versions, projects. Gives calls and errors.
async fn mix(api: &Api) -> (usize, usize) {
    let code = api.project().await;
    let session = api.post("/v2/sessions", &json!({ "project_id": code })).await;
    let session = format!("/v2/sessions/{}", session["session_id"].as_str().unwrap());
    let project = format!("/v1/projects/{code}");
    let (mut calls, mut errors) = (0, 0);
    for round in 0..10 {
        let save = json!({ "source": SOURCE, "base_version": round, "drawing": {} });
        let requests = [
            api.request(Method::POST, &format!("{project}/versions")).json(&save),
            api.request(Method::GET, &session),
            api.request(Method::GET, &project),
            api.request(Method::GET, &session),
            api.request(Method::GET, &format!("{project}/versions?limit=5")),
            api.request(Method::GET, &session),
        ];
        for request in requests {
            calls += 1;
            let is_ok = request.send().await.is_ok_and(|response| response.status().is_success());
            errors += usize::from(!is_ok);
        }
    }
    (calls, errors)
}

async fn design(api: &Api, drawing: &Api) {
    heading("The design service's own figures, without the time of a model");
    let (by_model, model_errors) = drawings(drawing, "near").await;
    let (offline, offline_errors) = drawings(api, "offline").await;
    let mut sessions = Vec::new();
    for _ in 0..100 {
        let body = json!({ "project_id": api.project().await });
        let start = Instant::now();
        api.post("/v2/sessions", &body).await;
        sessions.push(start.elapsed().as_secs_f64() * 1e3);
    }
    let mixed = futures_util::future::join_all((0..8).map(|_| mix(api))).await;
    let (calls, errors) = mixed
        .into_iter()
        .fold((80, model_errors + offline_errors), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    let storage = &api.server.running.state.storage;
    let code = api.project().await;
    let project = storage.project("local", &code).await.unwrap().unwrap();
    let read = || async {
        storage.project("local", &project.code).await.unwrap().unwrap();
    };
    let database = mean(&one_by_one(300, read).await) / 1e3;
    line("seed", "a drawing through a model that answers at once, mean ms", mean(&by_model), "≤", 2_000.0);
    line("seed", "a drawing of the offline generator, mean ms", mean(&offline), "≤", 2_000.0);
    line("seed", "a new session, mean ms", mean(&sessions), "≤", 100.0);
    line("seed", "a query of the database, mean ms", database, "≤", 50.0);
    line("seed", "errors, share", errors as f64 / calls as f64, "≤", 0.02);
    let metrics =
        api.client.get(format!("{}/metrics", api.server.url)).send().await.unwrap().text().await.unwrap();
    let counted = |outcome: &str| -> f64 {
        let is_it = |line: &&str| line.starts_with("spandrel_session_cache") && line.contains(outcome);
        let values =
            metrics.lines().filter(is_it).filter_map(|line| line.rsplit(' ').next()?.parse::<f64>().ok());
        values.sum()
    };
    let (hits, misses) = (counted("hit"), counted("miss"));
    if hits + misses > 0.0 {
        line("seed", "sessions found in the cache, share", hits / (hits + misses), "≥", 0.95);
    }
}
