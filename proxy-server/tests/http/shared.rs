//! Several servers on one PostgreSQL and Redis, and services that go away and come back.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::future::join_all;
use proxy_server::config::Secret;
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Answer, Server, config, read};
use crate::process::{Postgres, Redis};

/// A second server on the same database and Redis.
async fn second(first: &Server) -> Server {
    let mut config = first.running.state.config.clone();
    config.server.listen = "127.0.0.1:0".parse().unwrap();
    Server::with(config).await
}

/// The value of a counter in `/metrics`.
async fn counter(server: &Server, name: &str) -> u64 {
    let metrics = server.get("/metrics").await;
    let line = metrics.text.lines().find(|line| line.starts_with(name));
    line.and_then(|line| line.rsplit(' ').next()?.parse().ok()).unwrap_or(0)
}

#[tokio::test]
async fn r12_two_servers_count_together() {
    let Some(server) = Server::postgres_and_redis().await else { return };
    let tokens = server.person("ada@example.com").await;
    let key = tokens["access_token"].as_str().unwrap();
    let mut limited = server.running.state.config.clone();
    limited.server.listen = "127.0.0.1:0".parse().unwrap();
    limited.limits.requests_per_minute = 10;
    let (one, two) = (Server::with(limited.clone()).await, Server::with(limited).await);
    let ask = async |number: usize| {
        let server = if number.is_multiple_of(2) { &one } else { &two };
        read(server.with_key(key, Method::GET, "/v1/projects")).await
    };
    let answers = join_all((0..40).map(ask)).await;
    let served = answers.iter().filter(|answer| answer.status == 200).count();
    // A bucket of ten, which gets one more every six seconds.
    assert!((10..=12).contains(&served), "{served}");
    for answer in answers.iter().filter(|answer| answer.status != 200) {
        answer.is_error(429, "RATE_LIMITED");
        assert!(answer.header("retry-after").parse::<u64>().is_ok_and(|s| (1..=60).contains(&s)));
    }
    one.running.stop().await;
    two.running.stop().await;
    server.end().await;
}

#[tokio::test]
async fn s21_a_key_that_another_server_took_back_is_good_for_seconds_at_most() {
    let Some(one) = Server::postgres_and_redis().await else { return };
    let two = second(&one).await;
    let tokens = one.person("ada@example.com").await;
    let access = tokens["access_token"].as_str().unwrap();
    let new = json!({ "name": "k", "scopes": ["read"] });
    let made = read(one.with_key(access, Method::POST, "/v1/api-keys").json(&new)).await;
    let key = made.json["key"].as_str().unwrap();
    let asked = async |server: &Server| read(server.with_key(key, Method::GET, "/v1/projects")).await;
    asked(&two).await.is(200);
    let path = format!("/v1/api-keys/{}", made.json["id"].as_str().unwrap());
    read(one.with_key(access, Method::DELETE, &path)).await.is(204);
    asked(&one).await.is_error(401, "UNAUTHENTICATED");
    tokio::time::sleep(Duration::from_secs(3)).await;
    asked(&two).await.is_error(401, "UNAUTHENTICATED");
    two.running.stop().await;
    one.end().await;
}

#[tokio::test]
async fn r12_two_servers_share_sessions_without_showing_old_ones() {
    let Some(one) = Server::postgres_and_redis().await else { return };
    let two = second(&one).await;
    let code = one.project().await;
    one.save(&code, 0, "a\n").await.is(201);
    one.save(&code, 1, "b\n").await.is(201);
    let made = one.post("/v2/sessions", json!({ "project_id": code })).await;
    let path = format!("/v2/sessions/{}", made.json["session_id"].as_str().unwrap());
    for number in [1, 2, 1, 2, 1] {
        let (writer, reader) = if number == 1 { (&one, &two) } else { (&two, &one) };
        reader.get(&path).await.is(200);
        writer.patch(&path, json!({ "last_version_id": number })).await.is(200);
        assert_eq!(reader.get(&path).await.json["last_version_id"], number);
    }
    for server in [&one, &two] {
        let hits = counter(server, "spandrel_session_cache_total{outcome=\"hit\"}").await;
        let misses = counter(server, "spandrel_session_cache_total{outcome=\"miss\"}").await;
        assert!(hits >= 5 && misses <= 1, "{hits} hits, {misses} misses");
    }
    two.delete(&path).await.is(204);
    one.get(&path).await.is_error(404, "NOT_FOUND");
    two.running.stop().await;
    one.end().await;
}

#[tokio::test]
async fn r03_r04_redis_comes_and_goes_and_the_service_stays() {
    let Some(mut redis) = Redis::new() else { return };
    let mut config = config();
    config.storage.redis_url = Secret::new(format!("redis://127.0.0.1:{}", redis.port));
    config.limits.requests_per_minute = 100_000;
    // Down at the start.
    let server = Server::with(config).await;
    let state = async || server.get("/health").await.is(200).json["services"]["redis"].clone();
    let works = async || {
        let tokens = server.person("ada@example.com").await;
        let key = tokens["access_token"].as_str().unwrap().to_owned();
        read(server.with_key(&key, Method::GET, "/v1/projects")).await.is(200);
    };
    let becomes = async |wanted: &str| {
        for _ in 0..100 {
            if state().await == wanted {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("Redis did not become {wanted}");
    };
    assert_eq!(server.get("/health").await.json["status"], "degraded");
    server.get("/health/ready").await.is(200);
    works().await;
    redis.start().await;
    becomes("healthy").await;
    assert_eq!(server.get("/health").await.json["status"], "healthy");
    works().await;
    redis.kill();
    works().await;
    becomes("unhealthy").await;
    works().await;
    redis.start().await;
    becomes("healthy").await;
    works().await;
    server.end().await;
}

#[tokio::test]
async fn r02_redis_dies_under_load_and_nobody_notices() {
    let Some(mut redis) = Redis::new() else { return };
    redis.start().await;
    let mut config = config();
    config.storage.redis_url = Secret::new(format!("redis://127.0.0.1:{}", redis.port));
    config.limits.requests_per_minute = 1_000_000;
    let server = Arc::new(Server::with(config).await);
    let tokens = server.person("ada@example.com").await;
    let key = tokens["access_token"].as_str().unwrap().to_owned();
    let ends = Arc::new(AtomicBool::new(false));
    let client = |_| {
        let (server, key, ends) = (Arc::clone(&server), key.clone(), Arc::clone(&ends));
        tokio::spawn(async move {
            let mut served = 0;
            while !ends.load(Ordering::Relaxed) {
                read(server.with_key(&key, Method::GET, "/v1/projects")).await.is(200);
                served += 1;
            }
            served
        })
    };
    let clients: Vec<_> = (0..4).map(client).collect();
    let is = async |wanted: &str| {
        for _ in 0..200 {
            if server.get("/health").await.is(200).json["services"]["redis"] == wanted {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("Redis did not become {wanted}");
    };
    for _ in 0..2 {
        is("healthy").await;
        redis.kill();
        is("unhealthy").await;
        redis.start().await;
    }
    is("healthy").await;
    ends.store(true, Ordering::Relaxed);
    for client in clients {
        assert!(client.await.unwrap() > 0);
    }
    let Ok(server) = Arc::try_unwrap(server) else { panic!("a client is left") };
    server.end().await;
}

/// An answer that a client may get while the database is away: served, or told to come back soon.
fn is_honest(answer: &Answer) -> bool {
    answer.status.is_success()
        || (answer.status == 503 && answer.header("retry-after").parse::<u64>().is_ok_and(|s| s <= 2))
}

#[tokio::test]
async fn r02_postgresql_crashes_under_load_and_everything_heals() {
    let Some(postgres) = Postgres::new() else { return };
    let mut config = config();
    config.storage.database_url = Secret::new(postgres.url());
    config.storage.acquire_timeout_ms = 1000;
    // R3: down at the start. Alive, not ready, and ready without a restart once it is there.
    let server = Arc::new(Server::with(config).await);
    server.get("/health/live").await.is(200);
    server.get("/health/ready").await.is_error(503, "UNAVAILABLE");
    postgres.start().await;
    let ready = async |wanted: u16| {
        for _ in 0..300 {
            if server.get("/health/ready").await.status == wanted {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("`/health/ready` did not become {wanted}");
    };
    ready(200).await;
    // The tables are made beside it.
    let mut code = Value::Null;
    for _ in 0..100 {
        let made = server.post("/v1/projects", json!({ "name": "Shop" })).await;
        if made.status == 201 {
            code = made.json["project_code"].clone();
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let code = code.as_str().expect("no project could be made").to_owned();

    let ends = Arc::new(AtomicBool::new(false));
    let client = |number: usize| {
        let (server, code, ends) = (Arc::clone(&server), code.clone(), Arc::clone(&ends));
        tokio::spawn(async move {
            let (mut bad, mut away, mut served) = (Vec::new(), 0, 0);
            while !ends.load(Ordering::Relaxed) {
                let answer = if number.is_multiple_of(2) {
                    server.get(&format!("/v1/projects/{code}")).await
                } else {
                    server.post("/v2/sessions", json!({ "project_id": code })).await
                };
                match answer.status.as_u16() {
                    503 => away += 1,
                    _ => served += 1,
                }
                if !is_honest(&answer) {
                    bad.push(answer.text);
                }
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            (bad, away, served)
        })
    };
    let clients: Vec<_> = (0..6).map(client).collect();
    tokio::time::sleep(Duration::from_millis(500)).await;
    for _ in 0..2 {
        postgres.crash();
        ready(503).await;
        server.get("/health/live").await.is(200);
        postgres.start().await;
        ready(200).await;
    }
    tokio::time::sleep(Duration::from_millis(500)).await;
    ends.store(true, Ordering::Relaxed);
    let results = join_all(clients).await;
    let (mut away, mut served) = (0, 0);
    for result in results {
        let (bad, a, s) = result.unwrap();
        assert!(bad.is_empty(), "{} wrong answers, the first: {}", bad.len(), bad[0]);
        away += a;
        served += s;
    }
    assert!(away > 0 && served > 0, "{away} told to come back, {served} served");
    server.get(&format!("/v1/projects/{code}")).await.is(200);
    let Ok(server) = Arc::try_unwrap(server) else { panic!("a client is left") };
    server.end().await;
}
