//! Requests that go on without their client.

use std::time::Duration;

use proxy_server::llm::config::Kind;
use proxy_server::storage::jobs::{Event, Status};
use reqwest::Method;
use serde_json::{Value, json};

use crate::design::WISH;
use crate::harness::{Answer, Server, config, read};
use crate::model::{Say, Task, model, with_model};
use crate::on_each_database;

on_each_database!(
    a_job_ends_with_the_answer_of_its_request,
    what_it_told_is_told_again_from_any_event,
    wrong_requests_make_no_job,
    a_job_of_a_server_that_died_is_failed,
    jobs_are_their_persons_own,
);

/// Number, name and data of the events of a stream.
fn numbered(text: &str) -> Vec<(i64, String, Value)> {
    text.split("\n\n")
        .filter(|block| block.contains("event: "))
        .map(|block| {
            let line =
                |name: &str| block.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
            (
                line("id: ").parse().unwrap(),
                line("event: ").to_owned(),
                serde_json::from_str(line("data: ")).unwrap(),
            )
        })
        .collect()
}

async fn start(server: &Server, code: &str) -> String {
    let body = json!({ "project_id": code, "query": WISH });
    let answer = server.post("/v2/design/generate?job=true", body).await;
    let id = answer.is(202).json["job_id"].as_str().unwrap().to_owned();
    assert_eq!(answer.header("location"), format!("/v1/jobs/{id}"));
    assert_eq!(answer.json["status"], "running");
    id
}

/// The job once it has ended.
async fn ended(server: &Server, id: &str) -> Answer {
    for _ in 0..500 {
        let job = server.get(&format!("/v1/jobs/{id}")).await;
        if job.is(200).json["status"] != "running" {
            return job;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("it does not end");
}

async fn a_job_ends_with_the_answer_of_its_request(server: &Server) {
    let code = server.project().await;
    let id = start(server, &code).await;
    let job = ended(server, &id).await;
    assert_eq!(job.json["status"], "done", "{}", job.text);
    let response = &job.json["result"]["response"];
    assert_eq!((&response["intent"], &response["payload"]["version_id"]), (&json!("DSL_CREATE"), &json!(1)));
    let version = server.get(&format!("/v1/projects/{code}/versions/1")).await;
    assert_eq!(version.json["source"], response["payload"]["d2"]);
    // Taking back what has ended changes nothing.
    server.delete(&format!("/v1/jobs/{id}")).await.is(204);
    assert_eq!(ended(server, &id).await.json["status"], "done");
}

async fn what_it_told_is_told_again_from_any_event(server: &Server) {
    let code = server.project().await;
    let id = start(server, &code).await;
    // Followed while it runs, or after: the same story.
    let first = server.get(&format!("/v1/jobs/{id}/events")).await;
    assert_eq!(first.header("content-type"), "text/event-stream");
    let told = numbered(&first.text);
    let numbers: Vec<i64> = told.iter().map(|(number, ..)| *number).collect();
    assert_eq!(numbers, (1..=told.len() as i64).collect::<Vec<_>>());
    let names: Vec<&str> = told.iter().map(|(_, name, _)| name.as_str()).collect();
    assert_eq!((names[0], names[names.len() - 2], names[names.len() - 1]), ("intent", "version", "done"));
    let written: String = told.iter().filter_map(|(_, _, data)| data["delta"].as_str()).collect();
    let last = &told.last().unwrap().2["response"];
    assert!(written.starts_with(last["payload"]["d2"].as_str().unwrap()), "{written}");
    for after in 0..=told.len() {
        let request = server.request(Method::GET, &format!("/v1/jobs/{id}/events"));
        let rest = read(request.header("last-event-id", after.to_string())).await;
        assert_eq!(numbered(&rest.text), told[after..], "after {after}");
    }
    let request = server.request(Method::GET, &format!("/v1/jobs/{id}/events"));
    read(request.header("last-event-id", "x")).await.is_error(422, "VALIDATION_ERROR");
}

async fn wrong_requests_make_no_job(server: &Server) {
    let code = server.project().await;
    let ask = async |body| server.post("/v2/design/generate?job=true", body).await;
    ask(json!({ "project_id": "UNKNOWN", "query": WISH })).await.is_error(404, "NOT_FOUND");
    ask(json!({ "project_id": code, "query": "" })).await.is_error(422, "VALIDATION_ERROR");
    // What only shows while it runs is the job's own end.
    let answer = ask(json!({ "project_id": code, "query": WISH, "base_version": 7 })).await;
    let job = ended(server, answer.is(202).json["job_id"].as_str().unwrap()).await;
    assert_eq!(
        (&job.json["status"], &job.json["error"]["error_code"]),
        (&json!("failed"), &json!("VERSION_CONFLICT"))
    );
    assert_eq!(job.json["result"], Value::Null);
}

async fn a_job_of_a_server_that_died_is_failed(server: &Server) {
    let storage = &server.running.state.storage;
    let code = server.project().await;
    let project = storage.project("local", &code).await.unwrap().unwrap();
    let id = storage.create_job("local", &project.id, 9, 60_000).await.unwrap().unwrap();
    let event = Event { number: 1, name: "intent".into(), data: "{}".into() };
    assert!(storage.job_told(&id, std::slice::from_ref(&event)).await.unwrap());
    assert_eq!(
        server.get(&format!("/v1/jobs/{id}")).await.json["status"],
        "running",
        "it may live elsewhere"
    );
    storage.silence_job(&id).await.unwrap();
    let told = numbered(&server.get(&format!("/v1/jobs/{id}/events")).await.text);
    assert_eq!(
        (told.len(), told[1].1.as_str(), &told[1].2["error_code"]),
        (2, "error", &json!("UNAVAILABLE"))
    );
    assert_eq!(server.get(&format!("/v1/jobs/{id}")).await.json["status"], "failed");
    // What it still has to say comes too late.
    assert!(!storage.job_told(&id, &[]).await.unwrap());
    assert!(!storage.end_job(&id, Status::Done, "done", "{}").await.unwrap());
}

async fn jobs_are_their_persons_own(server: &Server) {
    let code = server.project().await;
    let id = start(server, &code).await;
    let eve = server.person("eve@example.com").await;
    let eve = eve["access_token"].as_str().unwrap();
    for (method, path) in [(Method::GET, ""), (Method::DELETE, ""), (Method::GET, "/events")] {
        read(server.with_key(eve, method, &format!("/v1/jobs/{id}{path}"))).await.is_error(404, "NOT_FOUND");
    }
    assert_eq!(ended(server, &id).await.json["status"], "done");
}

#[tokio::test]
async fn a_job_goes_on_when_its_client_leaves_and_ends_when_it_is_taken_back() {
    let fake = model(Kind::Anthropic, &[(Task::Create, &[Say::Stall("web -> api\n".to_owned())])]).await;
    let mut config = with_model(config(), "thinker", Kind::Anthropic, &fake);
    config.limits.jobs_at_once = 1;
    let server = Server::with(config).await;
    let code = server.project().await;
    let id = start(&server, &code).await;
    fake.reached(1).await;
    // A follower that leaves ends nothing.
    let mut follower = server.request(Method::GET, &format!("/v1/jobs/{id}/events")).send().await.unwrap();
    assert!(follower.chunk().await.unwrap().is_some());
    drop(follower);
    assert!(fake.peer_closed(Duration::from_millis(700)).await.is_none());
    let body = json!({ "project_id": code, "query": WISH });
    let second = server.post("/v2/design/generate?job=true", body).await;
    assert!(!second.is_error(429, "RATE_LIMITED").header("retry-after").is_empty());
    server.delete(&format!("/v1/jobs/{id}")).await.is(204);
    assert!(fake.peer_closed(Duration::from_secs(2)).await.is_some(), "the model's work ends");
    let job = server.get(&format!("/v1/jobs/{id}")).await;
    assert_eq!(
        (&job.json["status"], &job.json["error"]["error_code"]),
        (&json!("cancelled"), &json!("CANCELLED"))
    );
    let told = numbered(&server.get(&format!("/v1/jobs/{id}/events")).await.text);
    assert_eq!(told.last().unwrap().1, "error");
    assert_eq!(server.get(&format!("/v1/projects/{code}")).await.json["last_version"], 0);
    server.end().await;
}

#[tokio::test]
async fn old_jobs_are_removed() {
    let server = Server::sqlite().await;
    let storage = &server.running.state.storage;
    let code = server.project().await;
    let project = storage.project("local", &code).await.unwrap().unwrap();
    let id = storage.create_job("local", &project.id, 9, -1).await.unwrap().unwrap();
    assert_eq!(storage.sweep_jobs().await.unwrap(), 0, "it runs");
    assert!(storage.end_job(&id, Status::Done, "done", "{}").await.unwrap());
    assert_eq!(storage.sweep_jobs().await.unwrap(), 1);
    server.get(&format!("/v1/jobs/{id}")).await.is_error(404, "NOT_FOUND");
    server.end().await;
}
