//! The keyless account: for the person at the keyboard and for nobody else.

use reqwest::Method;

use crate::harness::{Server, config, read};

#[tokio::test]
async fn s27_rebound_names_and_foreign_pages_stay_out() {
    let server = Server::sqlite().await;
    server.get("/v1/projects").await.is(200);
    for (name, value) in [
        ("host", "evil.example"),
        ("host", "evil.example:8787"),
        ("origin", "http://evil.example"),
        ("origin", "null"),
        ("sec-fetch-site", "cross-site"),
        ("x-forwarded-for", "127.0.0.1"),
        ("authorization", "Bearer nonsense"),
        ("x-api-key", "sp_1_2"),
    ] {
        let answer = read(server.request(Method::GET, "/v1/projects").header(name, value)).await;
        answer.is_error(401, "UNAUTHENTICATED");
    }
    let own = server.running.url();
    read(server.request(Method::GET, "/v1/projects").header("origin", own)).await.is(200);
    server.end().await;
}

#[tokio::test]
async fn s27_no_account_is_open_on_a_public_address() {
    let mut config = config();
    config.server.listen = "0.0.0.0:0".parse().unwrap();
    let server = Server::with(config).await;
    let port = server.running.state.listen.port();
    let url = format!("http://127.0.0.1:{port}/v1/projects");
    read(server.client.get(url)).await.is_error(401, "UNAUTHENTICATED");
    server.end().await;
}

#[tokio::test]
async fn s27_the_local_account_can_be_switched_off() {
    let mut config = config();
    config.accounts.local = proxy_server::config::LocalAccount::Off;
    let server = Server::with(config).await;
    server.get("/v1/projects").await.is_error(401, "UNAUTHENTICATED");
    server.end().await;
}
