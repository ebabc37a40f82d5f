//! A forgotten password, and the mail that helps: sent to a small SMTP server of the test's own.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use proxy_server::config::Secret;
use reqwest::Method;
use serde_json::json;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;

use crate::harness::{PASSWORD, Server, config, read};

/// Everything that was sent, as it came over the wire.
type Mails = Arc<Mutex<Vec<String>>>;

/// A server that takes every mail (RFC 5321, as little of it as a client needs).
async fn smtp() -> (u16, Mails) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let mails = Mails::default();
    let kept = Arc::clone(&mails);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let kept = Arc::clone(&kept);
            tokio::spawn(async move {
                let (reader, mut writer) = stream.into_split();
                let mut lines = BufReader::new(reader).lines();
                writer.write_all(b"220 test\r\n").await.unwrap();
                while let Ok(Some(line)) = lines.next_line().await {
                    let answer: &[u8] = match line.split(' ').next().unwrap_or_default() {
                        "DATA" => {
                            writer.write_all(b"354 go on\r\n").await.unwrap();
                            let mut mail = String::new();
                            while let Ok(Some(line)) = lines.next_line().await {
                                if line == "." {
                                    break;
                                }
                                mail.push_str(&line);
                                mail.push('\n');
                            }
                            kept.lock().unwrap().push(mail);
                            b"250 kept\r\n"
                        }
                        "QUIT" => b"221 bye\r\n",
                        _ => b"250 ok\r\n",
                    };
                    if writer.write_all(answer).await.is_err() {
                        return;
                    }
                }
            });
        }
    });
    (port, mails)
}

async fn mail(mails: &Mails, number: usize) -> String {
    for _ in 0..200 {
        if let Some(mail) = mails.lock().unwrap().get(number) {
            // Quoted-printable breaks long lines and writes `=` as `=3D`.
            return mail.replace("=\n", "").replace("=3D", "=");
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("no mail came");
}

#[tokio::test]
async fn s14_a_forgotten_password_is_replaced_by_mail() {
    let (port, mails) = smtp().await;
    let mut config = config();
    config.mail.smtp_url = Secret::new(format!("smtp://127.0.0.1:{port}"));
    config.mail.from = "Spandrel <no-reply@studio.example>".to_owned();
    config.server.public_url = "https://studio.example".to_owned();
    let server = Server::with(config).await;
    let tokens = server.person("ada@example.com").await;
    let access = tokens["access_token"].as_str().unwrap();

    // Who has an account and who has none gets the same answer.
    let ask = async |email: &str| server.post("/v1/auth/password/reset", json!({ "email": email })).await;
    let known = ask("ADA@example.com").await;
    let unknown = ask("nobody@example.com").await;
    assert_eq!((known.is(202).text.as_str(), unknown.is(202).status), (unknown.text.as_str(), known.status));
    ask("no address").await.is_error(422, "VALIDATION_ERROR");
    let first = mail(&mails, 0).await;
    assert!(first.contains("To: ada@example.com") && first.contains("From: Spandrel <no-reply@"), "{first}");
    let token = |mail: &str| {
        let (_, rest) = mail.split_once("https://studio.example/#reset=").expect(mail);
        rest.split_whitespace().next().unwrap().to_owned()
    };
    // A second mail makes the first worthless.
    ask("ada@example.com").await.is(202);
    let second = mail(&mails, 1).await;
    let confirm = async |token: &str, new: &str| {
        server.post("/v1/auth/password/reset/confirm", json!({ "token": token, "new": new })).await
    };
    confirm(&token(&first), "a much better one").await.is_error(401, "UNAUTHENTICATED");
    confirm("pr_guess", "a much better one").await.is_error(401, "UNAUTHENTICATED");
    // A refused password does not use the token up.
    confirm(&token(&second), "short").await.is_error(422, "VALIDATION_ERROR");
    confirm(&token(&second), "a much better one").await.is(204);
    confirm(&token(&second), "another good one").await.is_error(401, "UNAUTHENTICATED");

    // All logins have ended, the old password is none.
    read(server.with_key(access, Method::GET, "/v1/users/me")).await.is_error(401, "UNAUTHENTICATED");
    let login = async |password: &str| {
        server.post("/v1/auth/login", json!({ "email": "ada@example.com", "password": password })).await
    };
    login(PASSWORD).await.is_error(401, "WRONG_CREDENTIALS");
    login("a much better one").await.is(200);
    assert_eq!(mails.lock().unwrap().len(), 2, "a mail to somebody who has no account");
    server.end().await;
}

#[tokio::test]
async fn without_mail_the_operator_helps() {
    let server = Server::sqlite().await;
    let ask = server.post("/v1/auth/password/reset", json!({ "email": "ada@example.com" })).await;
    ask.is_error(404, "SWITCHED_OFF");
    server.end().await;
}
