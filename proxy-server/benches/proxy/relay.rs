//! L1 to L3: what the relay adds to a call, to the first event and to each event.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::measure::{heading, line, median, note, one_by_one, quantile, rate};
use crate::servers::{Server, bare_relay, client, stamp, upstream};

const ROUNDS: usize = 5;

/// One way to the upstream.
#[derive(Clone)]
struct Way {
    url: String,
    key: String,
    /// What stands before the model's name.
    prefix: &'static str,
    client: reqwest::Client,
}

impl Way {
    fn request(&self, model: &str, stream: bool) -> reqwest::RequestBuilder {
        let body = json!({ "model": format!("{}{model}", self.prefix), "stream": stream,
            "messages": [{ "role": "user", "content": "word ".repeat(180) }] });
        let request =
            self.client.post(&self.url).header("content-type", "application/json").body(body.to_string());
        if self.key.is_empty() { request } else { request.bearer_auth(&self.key) }
    }

    async fn call(&self) {
        let response = self.request("plain", false).send().await.unwrap();
        assert_eq!(response.status(), 200);
        response.bytes().await.unwrap();
    }

    /// Runs a stream; for each of its events when it was sent and when it came, in microseconds.
    async fn stream(&self, model: &str) -> Vec<(u64, u64)> {
        let mut response = self.request(model, true).send().await.unwrap();
        assert_eq!(response.status(), 200);
        let (mut text, mut seen) = (String::new(), Vec::new());
        while let Some(chunk) = response.chunk().await.unwrap() {
            let now = stamp();
            text.push_str(std::str::from_utf8(&chunk).unwrap());
            while let Some(end) = text.find("\n\n") {
                if let Some(sent) = sent(&text[..end]) {
                    seen.push((sent, now));
                }
                text.drain(..end + 2);
            }
        }
        seen
    }
}

/// When an event was sent.
fn sent(event: &str) -> Option<u64> {
    let value: Value = serde_json::from_str(event.strip_prefix("data: ")?).ok()?;
    value["choices"][0]["delta"]["content"].as_str()?.trim().parse().ok()
}

pub(crate) async fn run() {
    let upstream = upstream().await;
    let bare = bare_relay(upstream).await;
    let server = Server::start(upstream, false).await;
    let way = |url: String, key: &str, prefix| Way { url, key: key.to_owned(), prefix, client: client() };
    let ways = [
        way(format!("http://{upstream}/v1/chat/completions"), "", ""),
        way(format!("http://{bare}/v1/chat/completions"), "", ""),
        way(format!("{}/v1/llm/chat/completions", server.url), &server.key, "near/"),
    ];
    for way in &ways {
        // First calls pay for connections.
        one_by_one(300, || way.call()).await;
        for _ in 0..20 {
            way.stream("e60p0").await;
        }
    }
    calls(&ways).await;
    first_events(&ways).await;
    events(&ways).await;
    server.end().await;
}

/// Figures of the three ways, medians of the rounds, which take turns.
async fn rounds<F: Future<Output = f64>>(ways: &[Way; 3], mut measure: impl FnMut(Way) -> F) -> [f64; 3] {
    let mut all = [vec![], vec![], vec![]];
    for _ in 0..ROUNDS {
        for (way, values) in ways.iter().zip(&mut all) {
            values.push(measure(way.clone()).await);
        }
    }
    all.map(|mut values| median(&mut values))
}

async fn calls(ways: &[Way; 3]) {
    heading("Whole answers (1 KB there and back)");
    let rates = rounds(ways, |way| async move {
        rate(16, Duration::from_millis(1_500), move || {
            let way = way.clone();
            async move { way.call().await }
        })
        .await
    })
    .await;
    note(
        "calls a second at 16 clients: direct, bare relay, ours",
        format!("{:.0}, {:.0}, {:.0}", rates[0], rates[1], rates[2]),
    );
    line("L1", "ours / bare relay, calls a second", rates[2] / rates[1], "≥", 0.6);
    for (name, share, limit) in [("p50", 0.5, 3.0), ("p99", 0.99, 5.0)] {
        let took = rounds(ways, |way| async move {
            let mut took = one_by_one(600, || way.call()).await;
            quantile(&mut took, share)
        })
        .await;
        note(
            &format!("{name} at one client, µs: direct, bare relay, ours"),
            format!("{:.0}, {:.0}, {:.0}", took[0], took[1], took[2]),
        );
        let added = (took[2] - took[0]) / (took[1] - took[0]).max(1.0);
        line("L1", &format!("{name}: added by ours / added by the bare relay"), added, "≤", limit);
    }
}

async fn first_events(ways: &[Way; 3]) {
    heading("First event, and events on their way");
    let took = rounds(ways, |way| async move {
        let mut took = Vec::new();
        for _ in 0..100 {
            let start = stamp();
            let seen = way.stream("e3p0").await;
            took.push((seen[0].1 - start) as f64);
        }
        median(&mut took)
    })
    .await;
    note(
        "first event at one client, µs: direct, bare relay, ours",
        format!("{:.0}, {:.0}, {:.0}", took[0], took[1], took[2]),
    );
    line(
        "L2",
        "added by ours / added by the bare relay",
        (took[2] - took[0]) / (took[1] - took[0]).max(1.0),
        "≤",
        4.0,
    );
    let mut delays = Vec::new();
    for _ in 0..20 {
        delays
            .extend(ways[2].stream("e60p5").await.into_iter().map(|(sent, came)| came.saturating_sub(sent)));
    }
    let plateau = delays.iter().filter(|delay| (35_000..=60_000).contains(*delay)).count();
    line(
        "L2",
        "share of events that come 35 to 60 ms late",
        plateau as f64 / delays.len() as f64,
        "≤",
        0.001,
    );
}

async fn events(ways: &[Way; 3]) {
    heading("Every event");
    let rates = rounds(ways, |way| async move {
        let start = Instant::now();
        let streams = (0..16).map(|_| {
            let way = way.clone();
            tokio::spawn(async move { way.stream("e600p0").await.len() })
        });
        let counts = futures_util::future::join_all(streams).await;
        counts.into_iter().map(|count| count.unwrap() as f64).sum::<f64>() / start.elapsed().as_secs_f64()
    })
    .await;
    note(
        "events a second at 16 streams: direct, bare relay, ours",
        format!("{:.0}, {:.0}, {:.0}", rates[0], rates[1], rates[2]),
    );
    line("L3", "ours / bare relay, events a second", rates[2] / rates[1], "≥", 0.5);
    for (name, share) in [("p50", 0.5), ("p90", 0.9)] {
        let gaps = rounds(ways, |way| async move {
            let seen = way.stream("e120p10").await;
            let mut gaps: Vec<f64> = seen.windows(2).map(|pair| (pair[1].1 - pair[0].1) as f64).collect();
            quantile(&mut gaps, share)
        })
        .await;
        line(
            "L3",
            &format!("gap between events 10 ms apart, {name}: |ours / direct - 1|"),
            (gaps[2] / gaps[0] - 1.0).abs(),
            "≤",
            0.1,
        );
    }
}
