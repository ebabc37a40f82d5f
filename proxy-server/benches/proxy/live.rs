//! L6: a thousand people at work at once, each with a socket on which news arrive.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::StreamExt;
use reqwest::{Client, Method};
use serde_json::{Value, json};
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

use crate::measure::{heading, line, note, quantile};
use crate::servers::{Server, client, stamp, upstream};

/// People, and sockets of each: a person may have ten.
const PEOPLE: usize = 100;
const SOCKETS: usize = 10;
/// Seconds of each part.
const SECONDS: u64 = 20;
/// Saves that everybody hears of, in a second.
const NEWS: u64 = 10;

#[derive(Clone)]
struct Person {
    client: Client,
    url: String,
    /// Empty: the person at the keyboard.
    token: String,
}

impl Person {
    fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let request = self.client.request(method, format!("{}{path}", self.url));
        if self.token.is_empty() { request } else { request.bearer_auth(&self.token) }
    }

    async fn post(&self, path: &str, body: Value) -> Value {
        let response = self.request(Method::POST, path).json(&body).send().await.unwrap();
        assert!(response.status().is_success(), "{path}: {}", response.text().await.unwrap());
        response.json().await.unwrap_or_default()
    }
}

/// Somebody who was invited to the project and is in.
async fn member(owner: &Person, code: &str, number: usize) -> Person {
    let email = format!("p{number}@example.com");
    let account = json!({ "email": email, "password": "correct horse battery" });
    owner.post("/v1/auth/register", account.clone()).await;
    let tokens = owner.post("/v1/auth/login", account).await;
    let person = Person { token: tokens["access_token"].as_str().unwrap().to_owned(), ..owner.clone() };
    let invite = json!({ "email": email, "role": "editor" });
    let invited = owner.post(&format!("/v1/projects/{code}/invitations"), invite).await;
    let invited = invited["id"].as_str().unwrap();
    person.post(&format!("/v1/invitations/{invited}/accept"), json!({})).await;
    person
}

/// What a socket hears of.
#[derive(Default)]
struct News {
    /// When each version was sent.
    sent: Mutex<HashMap<i64, u64>>,
    /// Microseconds from sending to hearing.
    heard: Mutex<Vec<f64>>,
    open: AtomicUsize,
}

async fn listen(person: Person, news: Arc<News>) {
    let url = format!("{}/ws/notifications", person.url.replacen("http", "ws", 1));
    let mut request = url.into_client_request().unwrap();
    let bearer = format!("Bearer {}", person.token);
    request.headers_mut().insert("authorization", bearer.parse().unwrap());
    let (mut socket, _) = connect_async(request).await.unwrap();
    news.open.fetch_add(1, Ordering::Relaxed);
    while let Some(Ok(message)) = socket.next().await {
        let Message::Text(text) = message else { continue };
        let told: Value = serde_json::from_str(&text).unwrap();
        let Some(version) = told["data"]["version_id"].as_i64() else { continue };
        let sent = news.sent.lock().unwrap().get(&version).copied();
        if let Some(sent) = sent {
            news.heard.lock().unwrap().push((stamp() - sent) as f64);
        }
    }
}

/// The random thing that a person does next; the number chooses.
fn action(person: &Person, code: &str, session: &str, number: usize) -> reqwest::RequestBuilder {
    match number % 4 {
        0 => person.request(Method::GET, &format!("/v1/projects/{code}")),
        1 => person.request(Method::GET, &format!("/v2/sessions/{session}")),
        2 => person.request(Method::GET, &format!("/v1/projects/{code}/versions?limit=5")),
        _ => person.request(Method::GET, "/v1/projects?limit=20"),
    }
}

pub(crate) async fn run() {
    heading("A thousand at work at once");
    let server = Server::start(upstream().await, false).await;
    let owner = Person { client: client(), url: server.url.clone(), token: String::new() };
    let made = owner.post("/v1/projects", json!({ "name": "Bench" })).await;
    let code = made["project_code"].as_str().unwrap().to_owned();
    let mut people = Vec::new();
    for number in 0..PEOPLE {
        let person = member(&owner, &code, number).await;
        let session = person.post("/v2/sessions", json!({ "project_id": code })).await;
        people.push((person, session["session_id"].as_str().unwrap().to_owned()));
    }
    // One at a time, with nothing else going on.
    let mut idle = Vec::new();
    for number in 0..1_000 {
        let (person, session) = &people[number % PEOPLE];
        let begun = stamp();
        let answer = action(person, &code, session, number / PEOPLE + number).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        answer.bytes().await.unwrap();
        idle.push((stamp() - begun) as f64);
    }
    let idle = quantile(&mut idle, 0.95);

    let news = Arc::new(News::default());
    let mut sockets = Vec::new();
    for (person, _) in &people {
        for _ in 0..SOCKETS {
            sockets.push(tokio::spawn(listen(person.clone(), Arc::clone(&news))));
        }
    }
    while news.open.load(Ordering::Relaxed) < PEOPLE * SOCKETS {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let begun = stamp();
    let end = begun + SECONDS * 1_000_000;
    let errors = Arc::new(AtomicUsize::new(0));
    let workers: Vec<_> = (0..PEOPLE * SOCKETS)
        .map(|number| {
            let (person, session) = people[number % PEOPLE].clone();
            let (code, errors) = (code.clone(), Arc::clone(&errors));
            tokio::spawn(async move {
                let mut took = Vec::new();
                // Spread over the second, one action in each.
                tokio::time::sleep(Duration::from_micros(number as u64 * 1_000)).await;
                for turn in 0..SECONDS as usize {
                    let due = begun + (turn as u64) * 1_000_000 + number as u64 * 1_000;
                    tokio::time::sleep(Duration::from_micros(due.saturating_sub(stamp()))).await;
                    if stamp() > end {
                        break;
                    }
                    // From when it was due: a server that stalls cannot hide it.
                    let answer = action(&person, &code, &session, number + turn).send().await;
                    let is_ok = match answer {
                        Ok(answer) => answer.status() == 200 && answer.bytes().await.is_ok(),
                        Err(_) => false,
                    };
                    errors.fetch_add(usize::from(!is_ok), Ordering::Relaxed);
                    took.push((stamp() - due) as f64);
                }
                took
            })
        })
        .collect();
    let mut base = 0;
    while stamp() < end {
        news.sent.lock().unwrap().insert(base + 1, stamp());
        let save = json!({ "source": format!("a -> b: {base}\n"), "base_version": base, "drawing": {} });
        owner.post(&format!("/v1/projects/{code}/versions"), save).await;
        base += 1;
        let due = begun + base as u64 * 1_000_000 / NEWS;
        tokio::time::sleep(Duration::from_micros(due.saturating_sub(stamp()))).await;
    }
    let mut took = Vec::new();
    for worker in workers {
        took.extend(worker.await.unwrap());
    }
    // What was sent last has a second to arrive.
    tokio::time::sleep(Duration::from_secs(1)).await;
    let mut heard = std::mem::take(&mut *news.heard.lock().unwrap());
    let wanted = base as usize * PEOPLE * SOCKETS;
    let actions = took.len();
    let busy = quantile(&mut took, 0.95);
    note("p95 of a request, µs: one at a time, at work", format!("{idle:.0}, {busy:.0}"));
    note(
        "actions, saves told, news heard of as many as there should be, p50 and p99 of their way in ms",
        format!(
            "{actions}, {base}, {} of {wanted}, {:.0}, {:.0}",
            heard.len(),
            quantile(&mut heard, 0.5) / 1e3,
            quantile(&mut heard, 0.99) / 1e3
        ),
    );
    let errors = errors.load(Ordering::Relaxed);
    line("L6", "failed requests, share", errors as f64 / actions as f64, "≤", 0.0);
    line("L6", "p95 of a request at work / one at a time", busy / idle, "≤", 4.0);
    let soon = heard.iter().filter(|took| **took <= 1e6).count();
    line("L6", "news heard within a second, share", soon as f64 / wanted as f64, "≥", 1.0);
    for socket in sockets {
        socket.abort();
    }
    server.end().await;
}
