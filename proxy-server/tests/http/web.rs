//! The web app's files, and what stays JSON.

use reqwest::Method;

use crate::harness::{Answer, Server, config, read};

async fn with_files(test: impl AsyncFnOnce(&Server)) {
    let mut config = config();
    let web = config.storage.data_dir.join("web");
    std::fs::create_dir_all(web.join("assets")).unwrap();
    for (name, text) in [
        ("index.html", "<!doctype html><title>app</title>"),
        ("assets/app-1a2b.js", "export {}"),
        ("assets/engine-1a2b.wasm", "\0asm"),
        ("assets/engine-1a2b.wasm.br", "compressed"),
        (".secret", "no"),
    ] {
        std::fs::write(web.join(name), text).unwrap();
    }
    config.server.web_dir = web;
    let server = Server::with(config).await;
    test(&server).await;
    server.end().await;
}

async fn page(server: &Server, path: &str) -> Answer {
    read(server.request(Method::GET, path).header("accept", "text/html,*/*;q=0.8")).await
}

#[tokio::test]
async fn s22_pages_are_the_app_and_programs_get_json() {
    with_files(async |server| {
        for path in ["/", "/projects/PW6VSKR", "/index.html"] {
            let answer = page(server, path).await;
            answer.is(200);
            assert!(answer.text.contains("<title>app"), "{path}");
            assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
            assert_eq!(answer.header("cache-control"), "no-cache");
            let policy = answer.header("content-security-policy");
            assert!(policy.contains("'wasm-unsafe-eval'") && !policy.contains("unsafe-inline"), "{policy}");
        }
        // Whoever knocks without saying what they want, as `curl` does, sees the same.
        for accept in ["*/*", "application/json"] {
            let knock = read(server.request(Method::GET, "/").header("accept", accept)).await;
            assert!(knock.is(200).text.contains("<title>app"), "{accept}");
        }
        read(server.request(Method::GET, "/projects/x").header("accept", "*/*"))
            .await
            .is_error(404, "NOT_FOUND");
        for path in ["/v1/nothing", "/v2", "/health/nothing", "/ws/x", "/metrics/x"] {
            page(server, path).await.is_error(404, "NOT_FOUND");
        }
        // What does not ask for a page gets none: a missing script is an error, not HTML.
        server.get("/assets/missing.js").await.is_error(404, "NOT_FOUND");
        read(server.request(Method::POST, "/projects/x").header("accept", "text/html"))
            .await
            .is_error(404, "NOT_FOUND");
    })
    .await;
}

#[tokio::test]
async fn files_are_cached_by_their_content() {
    with_files(async |server| {
        let path = "/assets/app-1a2b.js";
        let first = server.get(path).await;
        first.is(200);
        assert_eq!(first.header("content-type"), "text/javascript; charset=utf-8");
        assert!(first.header("cache-control").contains("immutable"));
        let etag = first.header("etag");
        assert!(etag.starts_with('"') && etag.len() > 30, "{etag}");
        let again = read(server.request(Method::GET, path).header("if-none-match", etag)).await;
        again.is(304);
        assert!(again.text.is_empty());
        let head = read(server.request(Method::HEAD, path)).await;
        head.is(200);
        assert!(head.text.is_empty());
        assert_eq!(head.header("content-length"), "9");

        let wasm = "/assets/engine-1a2b.wasm";
        let plain = server.get(wasm).await;
        assert_eq!((plain.text.as_str(), plain.header("content-type")), ("\0asm", "application/wasm"));
        let packed = read(server.request(Method::GET, wasm).header("accept-encoding", "gzip, br")).await;
        assert_eq!((packed.text.as_str(), packed.header("content-encoding")), ("compressed", "br"));
        assert_eq!(packed.header("vary"), "accept-encoding");
        assert_ne!(packed.header("etag"), plain.header("etag"));
    })
    .await;
}

#[tokio::test]
async fn no_path_leaves_the_folder() {
    with_files(async |server| {
        for path in ["/.secret", "/%2e%2e/spandrel.db", "/assets/..%2f..%2fspandrel.db", "/assets%5c..%5cx"] {
            server.get(path).await.is_error(404, "NOT_FOUND");
        }
    })
    .await;
}

#[tokio::test]
async fn a_server_without_the_app_says_how_to_get_it() {
    let server = Server::sqlite().await;
    let answer = page(&server, "/").await;
    answer.is(200);
    assert!(answer.text.contains("cargo xtask run"), "{}", answer.text);
    assert_eq!(server.get("/").await.is(200).text, answer.text);
    server.end().await;
}
