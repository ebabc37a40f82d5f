//! A server of its own for each test, on a free port, with a database of its own.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use proxy_server::config::{Config, Secret};
use proxy_server::{Running, start};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use sqlx::AnyPool;

/// A running server and a client of it.
pub(crate) struct Server {
    pub(crate) running: Running,
    pub(crate) client: reqwest::Client,
    dir: PathBuf,
    schema: Option<String>,
}

/// An answer, read whole.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) json: Value,
    pub(crate) text: String,
}

/// How often a server that is busy is asked again, a second apart.
const PATIENCE: u32 = 20;

/// The password of everybody here.
pub(crate) const PASSWORD: &str = "correct horse battery";

static COUNTER: AtomicU32 = AtomicU32::new(0);

pub(crate) fn unique(what: &str) -> String {
    format!("{what}_{}_{}", std::process::id(), COUNTER.fetch_add(1, Ordering::Relaxed))
}

fn postgres_url() -> String {
    std::env::var("SPANDREL_TEST_POSTGRES")
        .unwrap_or_else(|_| "postgres://postgres@127.0.0.1:5432/postgres".to_owned())
}

fn redis_url() -> String {
    std::env::var("SPANDREL_TEST_REDIS").unwrap_or_else(|_| "redis://127.0.0.1:6379".to_owned())
}

/// Says that a suite is left out, or fails where nothing may be.
#[expect(clippy::print_stdout, reason = "a skipped suite is to be seen")]
pub(crate) fn skipped(what: &str, why: &dyn std::fmt::Display) {
    let all = std::env::var_os("SPANDREL_TEST_REQUIRE_ALL").is_some_and(|value| value == "1");
    assert!(!all, "{what} is required and cannot be reached: {why}");
    println!("skipped: {what} cannot be reached ({why})");
}

/// A configuration with a schema of its own on PostgreSQL, and the schema's name.
async fn postgres_config() -> Option<(Config, String)> {
    let schema = unique("spandrel_test");
    match postgres_schema(&schema).await {
        Ok(url) => {
            let mut config = config();
            config.storage.database_url = url;
            Some((config, schema))
        }
        Err(error) => {
            skipped("PostgreSQL", &error);
            None
        }
    }
}

/// The address of a schema, which is made where it is missing.
async fn postgres_schema(schema: &str) -> Result<Secret, sqlx::Error> {
    sqlx::any::install_default_drivers();
    let url = postgres_url();
    let connection = AnyPool::connect(&url).await?;
    let make = format!("CREATE SCHEMA IF NOT EXISTS {schema}");
    sqlx::query(sqlx::AssertSqlSafe(make)).execute(&connection).await?;
    connection.close().await;
    let joint = if url.contains('?') { '&' } else { '?' };
    Ok(Secret::new(format!("{url}{joint}options=-csearch_path%3D{schema}")))
}

/// Where servers keep things whose tests do not name a database: in SQLite when absent, or by
/// `SPANDREL_TEST_DATABASE` in `postgres` or in `postgres+redis`.
pub(crate) fn database() -> Option<String> {
    std::env::var("SPANDREL_TEST_DATABASE").ok().filter(|name| !name.is_empty())
}

/// Gives a configuration without a database the one that this run is about; gives the schema's name.
async fn choose_database(config: &mut Config) -> Option<String> {
    let wanted = database().filter(|_| config.storage.database_url.is_empty())?;
    // The same folder again is the same database again.
    let folder = config.storage.data_dir.file_name().unwrap().to_str().unwrap();
    let schema = format!("on_{folder}");
    config.storage.database_url = postgres_schema(&schema).await.unwrap();
    match wanted.as_str() {
        "postgres" => {}
        "postgres+redis" if config.storage.redis_url.is_empty() => {
            config.storage.redis_url = Secret::new(redis_url());
            config.storage.redis_prefix.clone_from(&schema);
        }
        "postgres+redis" => {}
        other => panic!("SPANDREL_TEST_DATABASE: `{other}` is none"),
    }
    Some(schema)
}

/// The configuration that tests start from: a free port, a folder of its own, quick limits.
pub(crate) fn config() -> Config {
    let mut config = Config::default();
    config.server.listen = "127.0.0.1:0".parse().unwrap();
    config.storage.data_dir = std::env::temp_dir().join(unique("spandrel_test"));
    config.storage.max_connections = 4;
    config.limits.requests_per_minute = 0;
    config.limits.logins_per_minute = 0;
    config
}

impl Server {
    /// As configured; on SQLite unless the run is about another [`database`].
    pub(crate) async fn with(mut config: Config) -> Self {
        let schema = choose_database(&mut config).await;
        let dir = config.storage.data_dir.clone();
        // A second install only says that one is there.
        drop(rustls::crypto::ring::default_provider().install_default());
        let running = start(config).await.unwrap();
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        Self { running, client, dir, schema }
    }

    /// The same with nothing configured.
    pub(crate) async fn sqlite() -> Self {
        Self::with(config()).await
    }

    /// On PostgreSQL, in a schema of its own; `None` where none is reachable.
    pub(crate) async fn postgres() -> Option<Self> {
        let (config, schema) = postgres_config().await?;
        let mut server = Self::with(config).await;
        server.schema = Some(schema);
        Some(server)
    }

    /// The same with Redis, under keys of its own; `None` where either is not reachable.
    pub(crate) async fn postgres_and_redis() -> Option<Self> {
        let address = redis_url();
        let host = address.trim_start_matches("redis://").trim_end_matches('/');
        if let Err(error) = tokio::net::TcpStream::connect(host).await {
            skipped("Redis", &error);
            return None;
        }
        let (mut config, schema) = postgres_config().await?;
        config.storage.redis_url = Secret::new(address);
        config.storage.redis_prefix = unique("spandrel_test");
        let mut server = Self::with(config).await;
        server.schema = Some(schema);
        Some(server)
    }

    /// Stops the server and removes what it kept.
    pub(crate) async fn end(self) {
        self.running.stop().await;
        drop(std::fs::remove_dir_all(&self.dir));
        if let Some(schema) = self.schema {
            let connection = AnyPool::connect(&postgres_url()).await.unwrap();
            sqlx::query(sqlx::AssertSqlSafe(format!("DROP SCHEMA IF EXISTS {schema} CASCADE")))
                .execute(&connection)
                .await
                .unwrap();
        }
    }

    /// A request to a path of this server.
    pub(crate) fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        self.client.request(method, format!("{}{path}", self.running.url()))
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        read(self.request(Method::GET, path)).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        read(self.request(Method::POST, path).json(&body)).await
    }

    pub(crate) async fn patch(&self, path: &str, body: Value) -> Answer {
        read(self.request(Method::PATCH, path).json(&body)).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        read(self.request(Method::DELETE, path)).await
    }

    /// Makes an account and signs in; gives the tokens.
    pub(crate) async fn person(&self, email: &str) -> Value {
        let body = json!({ "email": email, "password": PASSWORD });
        self.post("/v1/auth/register", body.clone()).await.is(202);
        // A machine with much else to do may have no turn for a password within the server's patience.
        for _ in 0..PATIENCE {
            let answer = self.post("/v1/auth/login", body.clone()).await;
            if answer.status != 503 {
                answer.is(200);
                return answer.json;
            }
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        panic!("nobody can sign in: the server is busy all the time");
    }

    /// A request with a token or an API key.
    pub(crate) fn with_key(&self, key: &str, method: Method, path: &str) -> reqwest::RequestBuilder {
        self.request(method, path).bearer_auth(key)
    }

    /// Makes a project and gives its code.
    pub(crate) async fn project(&self) -> String {
        let answer = self.post("/v1/projects", json!({ "name": "Shop" })).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
        answer.json["project_code"].as_str().unwrap().to_owned()
    }

    /// Saves `source` on top of version `base` and gives the answer.
    pub(crate) async fn save(&self, code: &str, base: i64, source: &str) -> Answer {
        self.post(&format!("/v1/projects/{code}/versions"), json!({ "source": source, "base_version": base }))
            .await
    }
}

/// Sends a request and reads the answer.
pub(crate) async fn read(request: reqwest::RequestBuilder) -> Answer {
    let response = request.send().await.unwrap();
    let (status, headers) = (response.status(), response.headers().clone());
    let text = response.text().await.unwrap();
    let json = serde_json::from_str(&text).unwrap_or(Value::Null);
    Answer { status, headers, json, text }
}

impl Answer {
    /// Asserts status and code of an error, and that it has the contract's shape.
    #[track_caller]
    pub(crate) fn is_error(&self, status: u16, code: &str) -> &Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        assert_eq!(self.json["error_code"], code, "{}", self.text);
        assert!(self.json["message"].as_str().is_some_and(|message| !message.is_empty()), "{}", self.text);
        assert!(self.json["details"].is_object(), "{}", self.text);
        assert_eq!(self.json["request_id"].as_str().unwrap(), self.header("x-request-id"), "{}", self.text);
        self
    }

    #[track_caller]
    pub(crate) fn is(&self, status: u16) -> &Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        self
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Names of the fields that a validation error complains of.
    pub(crate) fn fields(&self) -> Vec<&str> {
        let fields = self.json["details"]["fields"].as_array().map_or(&[][..], Vec::as_slice);
        fields.iter().map(|field| field["field"].as_str().unwrap()).collect()
    }
}

/// Makes each named `async fn(&Server)` a test on every database.
#[macro_export]
macro_rules! on_each_database {
    ($($name:ident),* $(,)?) => {
        mod sqlite {
            $(#[tokio::test]
            async fn $name() {
                let server = $crate::harness::Server::sqlite().await;
                super::$name(&server).await;
                server.end().await;
            })*
        }
        mod postgres {
            $(#[tokio::test]
            async fn $name() {
                if let Some(server) = $crate::harness::Server::postgres().await {
                    super::$name(&server).await;
                    server.end().await;
                }
            })*
        }
        mod postgres_and_redis {
            $(#[tokio::test]
            async fn $name() {
                if let Some(server) = $crate::harness::Server::postgres_and_redis().await {
                    super::$name(&server).await;
                    server.end().await;
                }
            })*
        }
    };
}
