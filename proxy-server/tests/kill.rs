//! Killed at any moment under twenty writers, the server loses no version that it has acknowledged, leaves no
//! hole, and makes no second version of a request that is sent again. On SQLite and, where one is reachable, on
//! PostgreSQL, which lives on.
//!
//! 20 kills; 200 with `SPANDREL_TEST_LONG=1`.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};

const WRITERS: usize = 20;

/// What was acknowledged: source by version number.
type Journal = Arc<Mutex<BTreeMap<i64, String>>>;

struct Server {
    child: Child,
    url: String,
}

impl Server {
    /// With the data folder `dir`, on PostgreSQL where a `database` is given.
    fn start(dir: &PathBuf, database: Option<&str>) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_proxy-server"));
        command.env_remove("DATABASE_URL").env_remove("REDIS_URL");
        if let Some(url) = database {
            command.env("DATABASE_URL", url);
        }
        let mut child = command
            .env("SPANDREL_STORAGE_DATA_DIR", dir)
            .env("SPANDREL_LISTEN", "127.0.0.1:0")
            .env("SPANDREL_LOG_LEVEL", "error")
            .env("SPANDREL_LIMITS_REQUESTS_PER_MINUTE", "0")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let url = line.trim().strip_prefix("Spandrel listens on ").expect(&line).to_owned();
        Self { child, url }
    }

    fn kill(mut self) {
        // SIGKILL on Unix: nothing of the server's own runs any more.
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

async fn save(
    client: &reqwest::Client,
    url: &str,
    key: &str,
    source: &str,
    base: i64,
) -> Option<(u16, Value)> {
    let request = client
        .post(format!("{url}/v1/projects/killed/versions"))
        .header("idempotency-key", key)
        .json(&json!({ "source": source, "base_version": base, "drawing": {} }));
    let response = request.send().await.ok()?;
    let status = response.status().as_u16();
    Some((status, response.json().await.ok()?))
}

/// Saves until the server is gone; gives the key, source and base of the save that got no answer.
async fn write(
    client: reqwest::Client,
    url: String,
    name: String,
    newest: Arc<AtomicI64>,
    journal: Journal,
) -> Option<(String, String, i64)> {
    for turn in 0.. {
        let (key, source) = (format!("{name} {turn}"), format!("# {name} {turn}\na -> b\n"));
        let base = newest.load(Ordering::Relaxed);
        match save(&client, &url, &key, &source, base).await {
            None => return Some((key, source, base)),
            Some((201, version)) => {
                let number = version["version_id"].as_i64().unwrap();
                newest.fetch_max(number, Ordering::Relaxed);
                let before = journal.lock().unwrap().insert(number, source);
                assert_eq!(before, None, "version {number} was acknowledged twice");
            }
            Some((409, error)) => {
                let number = error["details"]["current_version"].as_i64().unwrap_or(0);
                newest.fetch_max(number, Ordering::Relaxed);
            }
            Some((status, error)) => panic!("{status}: {error}"),
        }
    }
    None
}

async fn versions(client: &reqwest::Client, url: &str) -> BTreeMap<i64, String> {
    let mut all = BTreeMap::new();
    for number in 1.. {
        let response =
            client.get(format!("{url}/v1/projects/killed/versions/{number}")).send().await.unwrap();
        if response.status().as_u16() == 404 {
            break;
        }
        let version: Value = response.json().await.unwrap();
        all.insert(number, version["source"].as_str().unwrap().to_owned());
    }
    all
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r01_a_killed_server_loses_nothing() {
    let dir = std::env::temp_dir().join(format!("spandrel-kill-{}", std::process::id()));
    kill_again_and_again(dir, None).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r01_a_killed_server_loses_nothing_on_postgresql() {
    sqlx::any::install_default_drivers();
    let url = std::env::var("SPANDREL_TEST_POSTGRES")
        .unwrap_or_else(|_| "postgres://postgres@127.0.0.1:5432/postgres".to_owned());
    let connection = match sqlx::AnyPool::connect(&url).await {
        Ok(connection) => connection,
        Err(error) => {
            let all = std::env::var_os("SPANDREL_TEST_REQUIRE_ALL").is_some_and(|value| value == "1");
            assert!(!all, "PostgreSQL is required and cannot be reached: {error}");
            println!("skipped: PostgreSQL cannot be reached ({error})");
            return;
        }
    };
    let schema = format!("spandrel_kill_{}", std::process::id());
    let run = async |statement: String| {
        sqlx::query(sqlx::AssertSqlSafe(statement)).execute(&connection).await.unwrap();
    };
    run(format!("CREATE SCHEMA {schema}")).await;
    let joint = if url.contains('?') { '&' } else { '?' };
    let database = format!("{url}{joint}options=-csearch_path%3D{schema}");
    let dir = std::env::temp_dir().join(format!("spandrel-kill-pg-{}", std::process::id()));
    kill_again_and_again(dir, Some(&database)).await;
    run(format!("DROP SCHEMA {schema} CASCADE")).await;
}

async fn kill_again_and_again(dir: PathBuf, database: Option<&str>) {
    drop(rustls::crypto::ring::default_provider().install_default());
    let long = std::env::var("SPANDREL_TEST_LONG").is_ok_and(|value| value == "1");
    let kills = if long { 200 } else { 20 };
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let mut server = Server::start(&dir, database);
    let body = json!({ "name": "Killed", "project_code": "killed" });
    let made = client.post(format!("{}/v1/projects", server.url)).json(&body).send().await.unwrap();
    assert_eq!(made.status().as_u16(), 201);

    let journal = Journal::default();
    let newest = Arc::new(AtomicI64::new(0));
    for kill in 0..kills {
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let name = format!("k{kill} w{writer}");
                let (url, newest, journal) = (server.url.clone(), Arc::clone(&newest), Arc::clone(&journal));
                tokio::spawn(write(client.clone(), url, name, newest, journal))
            })
            .collect();
        // Once they are at it, at moments spread over a tenth of a second and more, without a random number: 37 has
        // no factor in common.
        let before = journal.lock().unwrap().len();
        for _ in 0..2_000 {
            if journal.lock().unwrap().len() > before {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        tokio::time::sleep(Duration::from_millis(kill * 37 % 150)).await;
        server.kill();
        let mut unanswered = Vec::new();
        for writer in writers {
            unanswered.extend(writer.await.unwrap());
        }
        server = Server::start(&dir, database);
        // Whoever got no answer asks again, with the same key.
        for (key, source, base) in unanswered {
            let (status, answer) = save(&client, &server.url, &key, &source, base).await.unwrap();
            match status {
                201 => {
                    let number = answer["version_id"].as_i64().unwrap();
                    newest.fetch_max(number, Ordering::Relaxed);
                    journal.lock().unwrap().insert(number, source);
                }
                409 => {}
                _ => panic!("{status}: {answer}"),
            }
        }
    }
    let kept = versions(&client, &server.url).await;
    let journal = std::mem::take(&mut *journal.lock().unwrap());
    for (number, source) in &journal {
        assert_eq!(kept.get(number), Some(source), "version {number} was acknowledged");
    }
    let project = client.get(format!("{}/v1/projects/killed", server.url)).send().await.unwrap();
    let project: Value = project.json().await.unwrap();
    assert_eq!(project["last_version"].as_i64(), kept.keys().max().copied(), "no hole");
    let mut sources: Vec<&String> = kept.values().collect();
    sources.sort_unstable();
    sources.dedup();
    assert_eq!(sources.len(), kept.len(), "no request made two versions");
    assert!(kept.len() > usize::try_from(kills).unwrap(), "hardly anything was written: {}", kept.len());
    server.kill();
    drop(std::fs::remove_dir_all(&dir));
}
