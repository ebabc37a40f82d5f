//! R11: another configuration for a running process, under load, without a failed request; and its end.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use futures_util::StreamExt;
use serde_json::{Value, json};

use crate::process::Process;

#[tokio::test]
async fn r11_the_configuration_changes_under_load_without_a_failed_request() {
    let process = Process::start("[flags]\nstrict_validation = false\n");
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let (ends, served) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
    let load: Vec<_> = (0..4)
        .map(|_| {
            let (client, url) = (client.clone(), format!("{}/v1/projects", process.url));
            let (ends, served) = (Arc::clone(&ends), Arc::clone(&served));
            tokio::spawn(async move {
                while !ends.load(Ordering::Relaxed) {
                    let answer = client.get(&url).send().await.unwrap();
                    assert_eq!(answer.status(), 200);
                    served.fetch_add(1, Ordering::Relaxed);
                }
            })
        })
        .collect();
    let flag = async || {
        let answer = client.get(format!("{}/v1/flags", process.url)).send().await.unwrap();
        answer.json::<Value>().await.unwrap()["strict_validation"].clone()
    };
    for turn in 1..=5 {
        let is_on = turn % 2 == 1;
        process.configure(&format!("[flags]\nstrict_validation = {is_on}\n"));
        process.logs("the configuration was read anew", turn).await;
        assert_eq!(flag().await, json!(is_on));
    }
    // Wrong ones are said and change nothing.
    for (number, wrong) in
        ["not toml", "[flags]\nstrict = 1\n", "[server]\npublic_url = \"here\"\n"].iter().enumerate()
    {
        process.configure(wrong);
        process.logs("the configuration stays as it was", number + 1).await;
        assert_eq!(flag().await, json!(true));
    }
    // What cannot change while requests run is named.
    process.configure("[server]\nmax_connections = 5\n");
    process.logs("server.max_connections", 1).await;
    let before = served.load(Ordering::Relaxed);
    while served.load(Ordering::Relaxed) < before + 20 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    ends.store(true, Ordering::Relaxed);
    for task in load {
        task.await.unwrap();
    }
}

#[tokio::test]
async fn told_to_stop_it_ends_its_streams_with_a_notice() {
    let mut process = Process::start("[log]\nlevel = \"info\"\n");
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let url = process.url.clone();
    let post = |path: &str, body: Value| client.post(format!("{url}{path}")).json(&body);
    let made = post("/v1/projects", json!({ "name": "Shop" })).send().await.unwrap();
    let code = made.json::<Value>().await.unwrap()["project_code"].clone();
    // A job whose events are followed: its stream lasts as long as somebody listens.
    let socket = format!("{}/ws/notifications", url.replace("http", "ws"));
    let (mut socket, _) = tokio_tungstenite::connect_async(socket).await.unwrap();
    let body = json!({ "project_id": code, "query": "a web shop with a database" });
    let stream =
        post("/v2/design/generate", body).header("accept", "text/event-stream").send().await.unwrap();
    process.signal("TERM");
    let text = stream.text().await.unwrap();
    // Either it was done before, or it says that it was not.
    assert!(text.contains("event: done") || text.contains("event: error"), "{text}");
    let end = loop {
        match socket.next().await {
            Some(Ok(tokio_tungstenite::tungstenite::Message::Close(Some(frame)))) => break frame,
            Some(Ok(_)) => {}
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(u16::from(end.code), 1001, "going away");
    for _ in 0..400 {
        if let Some(status) = process.ended() {
            assert!(status.success(), "{status}");
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("it has not ended");
}
