//! L4: thousands of streams at once, and the memory of the process that holds them.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::json;

use crate::child::Process;
use crate::measure::{heading, line, note};
use crate::servers::{client, key, upstream};

pub(crate) async fn run() {
    let seconds: u64 = std::env::var("SPANDREL_BENCH_HOLD_S").ok().and_then(|s| s.parse().ok()).unwrap_or(60);
    heading(&format!("Streams held for {seconds} s, an event a second"));
    let upstream = upstream().await.to_string();
    for (count, limit) in [(1_000_usize, None), (5_000, Some(64.0))] {
        let server = Process::start(&upstream);
        let key = key(&server.url).await;
        tokio::time::sleep(Duration::from_millis(500)).await;
        let idle = server.memory("VmRSS");
        if count == 1_000 {
            line("L4", "memory at rest, MB", idle, "≤", 40.0);
        }
        let (client, open, errors) = (client(), Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let whole = Arc::new(AtomicUsize::new(0));
        let mut streams = Vec::new();
        for n in 0..count {
            let body = json!({ "model": format!("near/e{seconds}p1000"), "stream": true,
                "messages": [{ "role": "user", "content": "hold" }] });
            let request =
                client.post(format!("{}/v1/llm/chat/completions", server.url)).bearer_auth(&key).json(&body);
            let (open, errors, whole) = (Arc::clone(&open), Arc::clone(&errors), Arc::clone(&whole));
            streams.push(tokio::spawn(async move {
                let Ok(mut response) = request.send().await else {
                    errors.fetch_add(1, Ordering::Relaxed);
                    return;
                };
                open.fetch_add(1, Ordering::Relaxed);
                let mut end = Vec::new();
                loop {
                    match response.chunk().await {
                        Ok(Some(chunk)) => {
                            end.extend_from_slice(&chunk);
                            let keep = end.len().saturating_sub(64);
                            end.drain(..keep);
                        }
                        Ok(None) if end.ends_with(b"data: [DONE]\n\n") => {
                            whole.fetch_add(1, Ordering::Relaxed);
                            return;
                        }
                        Ok(None) | Err(_) => {
                            errors.fetch_add(1, Ordering::Relaxed);
                            return;
                        }
                    }
                }
            }));
            if n % 50 == 49 {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
        let mut most = 0.0_f64;
        while streams.iter().any(|stream| !stream.is_finished()) {
            most = most.max(server.memory("VmRSS"));
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
        let (errors, whole) = (errors.load(Ordering::Relaxed), whole.load(Ordering::Relaxed));
        note(
            &format!("{count} streams: opened, whole, errors"),
            format!("{}, {whole}, {errors}", open.load(Ordering::Relaxed)),
        );
        line("L4", &format!("{count} streams: errors"), errors as f64, "≤", 0.0);
        if let Some(limit) = limit {
            line(
                "L4",
                &format!("{count} streams: KiB each"),
                (most - idle) * 1024.0 / count as f64,
                "≤",
                limit,
            );
            line("L4", &format!("{count} streams: memory in all, MB"), server.memory("VmHWM"), "≤", 512.0);
        } else {
            note(
                &format!("{count} streams: KiB each"),
                format!("{:.1}", (most - idle) * 1024.0 / count as f64),
            );
            line("L4", &format!("{count} streams: memory in all, MB"), server.memory("VmHWM"), "≤", 128.0);
        }
    }
}
