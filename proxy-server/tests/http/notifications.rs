//! `/v1/notifications` and the socket.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::harness::{Server, read};
use crate::on_each_database;

on_each_database!(
    members_are_told,
    who_does_not_listen_misses_nothing_and_hears_nothing_twice,
    who_was_taken_out_hears_no_more,
    s08_a_ticket_opens_one_socket,
    s05_a_logout_closes_the_socket,
    s08_sockets_obey_their_rules,
    another_server_is_heard,
);

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

async fn open(server: &Server, headers: &[(&'static str, String)]) -> Result<Socket, u16> {
    let url = format!("ws://{}/ws/notifications", server.running.state.listen);
    let mut request = url.into_client_request().unwrap();
    for (name, value) in headers {
        request.headers_mut().insert(*name, HeaderValue::from_str(value).unwrap());
    }
    match connect_async(request).await {
        Ok((socket, _)) => Ok(socket),
        Err(Error::Http(response)) => Err(response.status().as_u16()),
        Err(error) => panic!("{error}"),
    }
}

/// The next text; pings are answered by the library.
async fn told(socket: &mut Socket) -> Value {
    let next = async {
        loop {
            match socket.next().await.unwrap().unwrap() {
                Message::Text(text) => return serde_json::from_str(&text).unwrap(),
                Message::Ping(_) => {}
                other => panic!("{other:?}"),
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(5), next).await.expect("nothing was told")
}

/// Waits for the end; gives its code.
async fn closed(socket: &mut Socket, within: Duration) -> u16 {
    let end = async {
        loop {
            match socket.next().await {
                Some(Ok(Message::Close(Some(frame)))) => return u16::from(frame.code),
                Some(Ok(Message::Ping(_) | Message::Text(_))) => {}
                other => panic!("{other:?}"),
            }
        }
    };
    tokio::time::timeout(within, end).await.expect("the socket is still open")
}

fn key(tokens: &Value) -> String {
    tokens["access_token"].as_str().unwrap().to_owned()
}

fn bearer(key: &str) -> (&'static str, String) {
    ("authorization", format!("Bearer {key}"))
}

async fn ask(server: &Server, key: &str, method: Method, path: &str, body: Value) -> Value {
    let answer = read(server.with_key(key, method, path).json(&body)).await;
    assert!(answer.status.is_success(), "{}", answer.text);
    answer.json
}

/// Ada's project with Bob as an editor; gives its path.
async fn shared(server: &Server, ada: &str, bob: &str) -> String {
    let made = ask(server, ada, Method::POST, "/v1/projects", json!({ "name": "Shop" })).await;
    let path = format!("/v1/projects/{}", made["project_code"].as_str().unwrap());
    let invite = json!({ "email": "bob@example.com", "role": "editor" });
    let invited = ask(server, ada, Method::POST, &format!("{path}/invitations"), invite).await;
    let accept = format!("/v1/invitations/{}/accept", invited["id"].as_str().unwrap());
    ask(server, bob, Method::POST, &accept, json!({})).await;
    path
}

async fn members_are_told(server: &Server) {
    let ada = key(&server.person("ada@example.com").await);
    let bob = key(&server.person("bob@example.com").await);
    let path = shared(server, &ada, &bob).await;
    let mut socket = open(server, &[bearer(&bob)]).await.unwrap();
    assert_eq!(told(&mut socket).await["kind"], "invitation", "what has just happened is told again");
    let save = |base: i64| json!({ "source": "a\n", "base_version": base });
    let versions = format!("{path}/versions");
    ask(server, &ada, Method::POST, &versions, save(0)).await;
    let news = told(&mut socket).await;
    assert_eq!((&news["kind"], &news["data"]["version_id"]), (&json!("version.saved"), &json!(1)));
    assert_eq!(news["message"], "ada saved version 1 of Shop");
    drop(socket);

    // What happens while nobody is there waits.
    let before = news["created_at"].as_str().unwrap().to_owned();
    ask(server, &ada, Method::POST, &versions, save(1)).await;
    let mut socket = open(server, &[bearer(&bob)]).await.unwrap();
    socket.send(Message::text(json!({ "since": before }).to_string())).await.unwrap();
    loop {
        if told(&mut socket).await["data"]["version_id"] == 2 {
            break;
        }
    }

    let list = ask(server, &bob, Method::GET, "/v1/notifications?unread=true", json!({})).await;
    assert_eq!(list["meta"]["total"], 3);
    let id = list["data"][0]["id"].as_str().unwrap();
    ask(server, &bob, Method::POST, &format!("/v1/notifications/{id}/read"), json!({})).await;
    let list = ask(server, &bob, Method::GET, "/v1/notifications?unread=true", json!({})).await;
    assert_eq!(list["meta"]["total"], 2);
    // Who did it is not told, and nobody reads another's news.
    assert_eq!(ask(server, &ada, Method::GET, "/v1/notifications", json!({})).await["meta"]["total"], 0);
    let foreign = read(server.with_key(&ada, Method::POST, &format!("/v1/notifications/{id}/read"))).await;
    foreign.is_error(404, "NOT_FOUND");
}

async fn who_does_not_listen_misses_nothing_and_hears_nothing_twice(server: &Server) {
    let ada = key(&server.person("ada@example.com").await);
    let bob = key(&server.person("bob@example.com").await);
    let versions = format!("{}/versions", shared(server, &ada, &bob).await);
    let mut sockets = Vec::new();
    for _ in 0..3 {
        let mut socket = open(server, &[bearer(&bob)]).await.unwrap();
        assert_eq!(told(&mut socket).await["kind"], "invitation");
        sockets.push(socket);
    }
    // More than is kept in memory for one who does not take it, and more than is read at once.
    let saves = 120;
    for base in 0..saves {
        ask(server, &ada, Method::POST, &versions, json!({ "source": "a\n", "base_version": base })).await;
    }
    for socket in &mut sockets {
        for number in 1..=saves {
            assert_eq!(told(socket).await["data"]["version_id"], number);
        }
        let more = tokio::time::timeout(Duration::from_millis(300), told(socket)).await;
        assert!(more.is_err(), "{more:?}");
    }
    // Who comes later is told all of it again, in order.
    let mut socket = open(server, &[bearer(&bob)]).await.unwrap();
    socket.send(Message::text(json!({ "since": "2020-01-01T00:00:00Z" }).to_string())).await.unwrap();
    let all: Vec<i64> = (1..=saves).collect();
    let mut seen: Vec<i64> = Vec::new();
    while !seen.ends_with(&all) {
        seen.extend(told(&mut socket).await["data"]["version_id"].as_i64());
    }
}

async fn who_was_taken_out_hears_no_more(server: &Server) {
    let ada = key(&server.person("ada@example.com").await);
    let bob = key(&server.person("bob@example.com").await);
    let path = shared(server, &ada, &bob).await;
    let mut socket = open(server, &[bearer(&bob)]).await.unwrap();
    assert_eq!(told(&mut socket).await["kind"], "invitation");
    let save = |base: i64| json!({ "source": "a\n", "base_version": base });
    ask(server, &ada, Method::POST, &format!("{path}/versions"), save(0)).await;
    assert_eq!(told(&mut socket).await["data"]["version_id"], 1);
    let me = ask(server, &bob, Method::GET, "/v1/users/me", json!({})).await;
    let member = format!("{path}/members/{}", me["id"].as_str().unwrap());
    read(server.with_key(&ada, Method::DELETE, &member)).await.is(204);
    ask(server, &ada, Method::POST, &format!("{path}/versions"), save(1)).await;
    let more = tokio::time::timeout(Duration::from_millis(500), told(&mut socket)).await;
    assert!(more.is_err(), "{more:?}");
}

async fn s08_a_ticket_opens_one_socket(server: &Server) {
    let ada = key(&server.person("ada@example.com").await);
    let ticket = ask(server, &ada, Method::POST, "/v1/ws-ticket", json!({})).await;
    let protocols = format!("spandrel.v1, ticket.{}", ticket["ticket"].as_str().unwrap());
    let present = [("sec-websocket-protocol", protocols)];
    let socket = open(server, &present).await;
    assert!(socket.is_ok());
    assert_eq!(open(server, &present).await.err(), Some(401));
}

async fn s05_a_logout_closes_the_socket(server: &Server) {
    let tokens = server.person("ada@example.com").await;
    let mut socket = open(server, &[bearer(&key(&tokens))]).await.unwrap();
    let body = json!({ "refresh_token": tokens["refresh_token"] });
    server.post("/v1/auth/logout", body).await.is(204);
    assert_eq!(closed(&mut socket, Duration::from_secs(5)).await, 1008);
}

async fn s08_sockets_obey_their_rules(server: &Server) {
    let ada = key(&server.person("ada@example.com").await);
    let foreign = [bearer(&ada), ("origin", "https://evil.example".to_owned())];
    assert_eq!(open(server, &foreign).await.err(), Some(403));
    assert_eq!(open(server, &[bearer("nonsense")]).await.err(), Some(401));
    let own = [bearer(&ada), ("origin", server.running.url())];
    let mut socket = open(server, &own).await.unwrap();
    socket.send(Message::text("nonsense")).await.unwrap();
    assert_eq!(closed(&mut socket, Duration::from_secs(2)).await, 1008);

    let mut socket = open(server, &own).await.unwrap();
    socket.send(Message::text("x".repeat(70 << 10))).await.unwrap();
    let end = tokio::time::timeout(Duration::from_secs(2), async {
        while let Some(Ok(message)) = socket.next().await {
            if message.is_close() {
                break;
            }
        }
    });
    assert!(end.await.is_ok(), "a large message ends the socket");

    let mut sockets = Vec::new();
    for _ in 0..10 {
        sockets.push(open(server, &own).await.unwrap());
    }
    assert_eq!(open(server, &own).await.err(), Some(429));
    // A plain request is told what this is.
    read(server.request(Method::GET, "/ws/notifications")).await.is(426);
}

async fn another_server_is_heard(server: &Server) {
    // SQLite has one server.
    if server.running.state.storage.kind() == proxy_server::storage::Kind::Sqlite {
        return;
    }
    let mut config = server.running.state.config.clone();
    config.server.listen = "127.0.0.1:0".parse().unwrap();
    let other = Server::with(config).await;
    let (ada, bob) =
        (key(&server.person("ada@example.com").await), key(&server.person("bob@example.com").await));
    let project = ask(server, &ada, Method::POST, "/v1/projects", json!({ "name": "Shop" })).await;
    let code = project["project_code"].as_str().unwrap();
    // With Redis the bell crosses over; without it, sockets look by themselves.
    let mut socket = open(&other, &[bearer(&bob)]).await.unwrap();
    tokio::time::sleep(Duration::from_millis(200)).await;
    let path = format!("/v1/projects/{code}/invitations");
    ask(server, &ada, Method::POST, &path, json!({ "email": "bob@example.com", "role": "viewer" })).await;
    assert_eq!(told(&mut socket).await["kind"], "invitation");
    drop(socket);
    other.running.stop().await;
}
