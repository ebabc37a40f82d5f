//! L5: memory under a mixed load, in which a tenth of all calls is left by its client half-way, and what is left open.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use reqwest::{Client, Method};
use serde_json::{Value, json};

use crate::child::Process;
use crate::measure::{heading, line, note};
use crate::servers::{client, key, upstream};

/// Callers at once.
const CALLERS: u64 = 16;
/// What is taken for the start: pools, caches and the allocator fill.
const START: f64 = 1.0 / 6.0;

struct Load {
    client: Client,
    url: String,
    key: String,
    code: String,
    version: tokio::sync::Mutex<i64>,
    calls: AtomicU64,
    left: AtomicU64,
    failed: AtomicU64,
}

impl Load {
    fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        self.client.request(method, format!("{}{path}", self.url)).bearer_auth(&self.key)
    }

    /// One call of the mix; the number chooses which.
    async fn call(&self, number: u64) -> Result<(), reqwest::Error> {
        let chat = |stream: bool| {
            let body = json!({ "model": "near/e20p5", "stream": stream,
                "messages": [{ "role": "user", "content": "word ".repeat(100) }] });
            self.request(Method::POST, "/v1/llm/chat/completions").json(&body)
        };
        let project = format!("/v1/projects/{}", self.code);
        let request = match number % 10 {
            0..4 => {
                let mut answer = chat(true).send().await?.error_for_status()?;
                if number.is_multiple_of(10) {
                    answer.chunk().await?;
                    self.left.fetch_add(1, Ordering::Relaxed);
                    return Ok(());
                }
                while answer.chunk().await?.is_some() {}
                return Ok(());
            }
            4..6 => chat(false),
            6 => self.request(Method::GET, "/v1/projects?limit=20"),
            7 => self.request(Method::GET, &format!("{project}/versions?limit=5")),
            8 => self.request(Method::GET, "/v1/usage"),
            _ => {
                let mut version = self.version.lock().await;
                let save = json!({ "source": format!("a -> b: {version}\n"), "base_version": *version, "drawing": {} });
                let path = format!("{project}/versions");
                self.request(Method::POST, &path).json(&save).send().await?.error_for_status()?;
                *version += 1;
                return Ok(());
            }
        };
        request.send().await?.error_for_status()?.bytes().await?;
        Ok(())
    }
}

pub(crate) async fn run() {
    let seconds: u64 =
        std::env::var("SPANDREL_BENCH_FLAT_S").ok().and_then(|s| s.parse().ok()).unwrap_or(180);
    heading(&format!("Memory under a mixed load of {seconds} s"));
    let server = Process::start(&upstream().await.to_string());
    let quiet = server.sockets();
    let (client, key) = (client(), key(&server.url).await);
    let made = client.post(format!("{}/v1/projects", server.url)).json(&json!({ "name": "Bench" }));
    let made: Value = made.send().await.unwrap().json().await.unwrap();
    let code = made["project_code"].as_str().unwrap().to_owned();
    let load = Arc::new(Load {
        client,
        url: server.url.clone(),
        key,
        code,
        version: tokio::sync::Mutex::new(0),
        calls: AtomicU64::new(0),
        left: AtomicU64::new(0),
        failed: AtomicU64::new(0),
    });
    let start = Instant::now();
    let end = Duration::from_secs(seconds);
    let callers: Vec<_> = (0..CALLERS)
        .map(|_| {
            let load = Arc::clone(&load);
            tokio::spawn(async move {
                while start.elapsed() < end {
                    let number = load.calls.fetch_add(1, Ordering::Relaxed);
                    if let Err(error) = load.call(number).await {
                        // The first is told, all are counted: a busy machine must not end half an hour's run.
                        if load.failed.fetch_add(1, Ordering::Relaxed) == 0 {
                            note("the first call that failed", format!("{error:?}"));
                        }
                    }
                }
            })
        })
        .collect();
    let mut seen = Vec::new();
    while start.elapsed() < end {
        tokio::time::sleep(Duration::from_millis(500)).await;
        seen.push((start.elapsed().as_secs_f64(), server.memory("VmRSS")));
    }
    for caller in callers {
        caller.await.unwrap();
    }
    let after: Vec<(f64, f64)> =
        seen.iter().copied().filter(|(at, _)| *at > seconds as f64 * START).collect();
    note(
        "calls, calls that failed, streams left by their client, memory at the end in MB",
        format!(
            "{}, {}, {}, {:.0}",
            load.calls.load(Ordering::Relaxed),
            load.failed.load(Ordering::Relaxed),
            load.left.load(Ordering::Relaxed),
            server.memory("VmRSS")
        ),
    );
    line(
        "L5",
        "growth of the memory after the first sixth, MB in ten minutes",
        slope(&after) * 600.0,
        "≤",
        1.0,
    );
    // The callers' own connections go with their client; those to the provider are kept for a minute, and looked through
    // once a minute.
    drop(load);
    let mut open = server.sockets();
    for _ in 0..300 {
        if open <= quiet {
            break;
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
        open = server.sockets();
    }
    line("L5", "connections still open 150 s after the load", open.saturating_sub(quiet) as f64, "≤", 0.0);
}

/// Of the line that fits best, by least squares.
fn slope(points: &[(f64, f64)]) -> f64 {
    let count = points.len() as f64;
    let (x, y) = points.iter().fold((0.0, 0.0), |sum, point| (sum.0 + point.0, sum.1 + point.1));
    let (x, y) = (x / count, y / count);
    let (up, along) = points.iter().fold((0.0, 0.0), |sum, point| {
        let off = point.0 - x;
        (sum.0 + off * (point.1 - y), sum.1 + off * off)
    });
    up / along
}
