//! A relay before a fake upstream, and a client before it.

#![allow(dead_code, reason = "each test binary uses a part of it")]

pub(crate) mod fixture;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::http::request::Parts;
use proxy_server::config::Secret;
use proxy_server::llm::config::{Kind, Model, Provider};
use proxy_server::llm::{
    Ask, Bill, Caller, Config, Future, Gate, Meter, Refused, Relay, Reservation, router,
};
use tokio_util::sync::CancellationToken;

/// A key that must never be seen outside of its header.
pub(crate) const CANARY: &str = "sk-canary-0123456789abcdef";

/// Lets everybody in and keeps every bill.
#[derive(Clone, Default)]
pub(crate) struct Books(pub(crate) Arc<Mutex<Vec<Bill>>>);

impl Gate for Books {
    fn identify<'a>(&'a self, request: &'a Parts) -> Future<'a, Result<Caller, Refused>> {
        let refused = request.headers.get("x-refuse").map(|value| Refused {
            status: value.to_str().unwrap().parse::<u16>().unwrap().try_into().unwrap(),
            message: "not you".into(),
            retry_after: Some(Duration::from_secs(7)),
        });
        let scope = request.headers.get("x-person").map_or("", |value| value.to_str().unwrap()).to_owned();
        let caller = Caller::new(Arc::new(()), scope);
        Box::pin(async move { refused.map_or_else(|| Ok(caller), Err) })
    }
}

impl Meter for Books {
    fn reserve<'a>(&'a self, _: &'a Caller, _: &'a Ask) -> Future<'a, Result<Box<dyn Reservation>, Refused>> {
        let books = self.clone();
        Box::pin(async move { Ok(Box::new(books) as Box<dyn Reservation>) })
    }
}

impl Reservation for Books {
    fn settle(self: Box<Self>, bill: Bill) {
        self.0.lock().unwrap().push(bill);
    }
}

impl Books {
    /// The only bill; waits a little for it, since a client may see the end before the server does.
    pub(crate) async fn only(&self) -> Bill {
        for _ in 0..300 {
            let bills = self.0.lock().unwrap().clone();
            match bills.as_slice() {
                [] => tokio::time::sleep(Duration::from_millis(5)).await,
                [bill] => return bill.clone(),
                more => panic!("{} bills for one request", more.len()),
            }
        }
        panic!("no bill");
    }
}

/// Long times for what should come, so that a busy machine changes no result; tests of deadlines set their own.
pub(crate) fn config(providers: &[(&str, Kind, String)]) -> Config {
    let mut config = Config {
        connect_timeout_ms: 500,
        first_token_timeout_ms: 20_000,
        idle_timeout_ms: 20_000,
        total_timeout_ms: 40_000,
        keep_alive_ms: 2_000,
        backoff_ms: 10,
        backoff_cap_ms: 2_000,
        event_bytes: 256 << 10,
        answer_bytes: 1 << 20,
        stream_bytes: 4 << 20,
        ..Config::default()
    };
    for (name, kind, base_url) in providers {
        config.providers.insert(
            (*name).to_owned(),
            Provider {
                kind: *kind,
                base_url: base_url.clone(),
                keys: vec![Secret::new(CANARY)],
                ..Provider::default()
            },
        );
        config.models.insert(
            format!("{name}-model"),
            Model { provider: (*name).to_owned(), upstream: "upstream-model".into(), ..Model::default() },
        );
    }
    config
}

/// Makes the second model the fallback of the first.
pub(crate) fn with_fallback(mut config: Config, first: &str, second: &str) -> Config {
    config.models.get_mut(first).unwrap().fallback.push(second.to_owned());
    config
}

/// A relay on a port of its own.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    pub(crate) books: Books,
    pub(crate) relay: Relay,
    pub(crate) stopping: CancellationToken,
    pub(crate) client: reqwest::Client,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Server {
    pub(crate) async fn start(config: Config) -> Self {
        let books = Books::default();
        let stopping = CancellationToken::new();
        let relay =
            Relay::new(config, Arc::new(books.clone()), Arc::new(books.clone()), stopping.clone()).unwrap();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let app = router::<()>(relay.clone());
        let task = tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        Self { address, books, relay, stopping, client, task }
    }

    pub(crate) async fn post(&self, path: &str, body: &serde_json::Value) -> Answer {
        self.send(path, body, &[]).await
    }

    pub(crate) async fn send(
        &self,
        path: &str,
        body: &serde_json::Value,
        headers: &[(&str, &str)],
    ) -> Answer {
        let mut request = self.client.post(format!("http://{}{path}", self.address)).body(body.to_string());
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut response = request.send().await.unwrap();
        let status = response.status().as_u16();
        let headers = response
            .headers()
            .iter()
            .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
            .collect();
        let mut body = Vec::new();
        let mut is_whole = true;
        loop {
            match response.chunk().await {
                Ok(Some(chunk)) => body.extend_from_slice(&chunk),
                Ok(None) => break,
                Err(_) => {
                    is_whole = false;
                    break;
                }
            }
        }
        let answer = Answer { status, headers, body, is_whole };
        assert!(!answer.text().contains(CANARY), "a key reached the client");
        answer
    }
}

/// What a client got.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Vec<u8>,
    /// The body ended in good order.
    pub(crate) is_whole: bool,
}

impl Answer {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("no JSON: {}", self.text()))
    }

    /// The `data` of every event.
    pub(crate) fn data(&self) -> Vec<String> {
        self.text()
            .lines()
            .filter_map(|line| line.strip_prefix("data:"))
            .map(|data| data.trim().to_owned())
            .collect()
    }
}
