//! S2: no address of a private network is called, however it is written.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::*;

/// A listener on this machine that counts who comes, and answers with `answer`.
async fn listener(answer: String) -> (u16, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let came = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&came);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            counter.fetch_add(1, Ordering::SeqCst);
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                match stream.read_u8().await {
                    Ok(byte) => head.push(byte),
                    Err(_) => break,
                }
            }
            drop(stream.write_all(answer.as_bytes()).await);
        }
    });
    (port, came)
}

#[tokio::test]
async fn s02_private_addresses_are_not_called_however_they_are_written() {
    let (port, came) = listener("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n".to_owned()).await;
    let outbound = Outbound::new(false);
    for host in [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "0177.0.0.1",
        "0",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "169.254.169.254",
        "[fd00:ec2::254]",
        "[fe80::1]",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "localhost",
        "LOCALHOST.",
        "user@127.0.0.1",
    ] {
        for scheme in ["http", "https"] {
            let answer = outbound.get(&format!("{scheme}://{host}:{port}/")).await;
            assert!(answer.is_err(), "{scheme}://{host}");
        }
    }
    for url in ["file:///etc/passwd", "gopher://127.0.0.1/", "//127.0.0.1", ""] {
        assert!(matches!(outbound.get(url).await, Err(Error::Forbidden(..))), "{url}");
    }
    assert_eq!(came.load(Ordering::SeqCst), 0, "connections");
}

#[tokio::test]
async fn s02_redirects_are_not_followed_and_answers_are_bounded() {
    let (secret, came) = listener("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n".to_owned()).await;
    let moved =
        format!("HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:{secret}/\r\ncontent-length: 0\r\n\r\n");
    let (port, _) = listener(moved).await;
    // The operator has allowed this machine: the redirect is still not followed.
    let outbound = Outbound::new(true);
    let answer = outbound.get(&format!("http://127.0.0.1:{port}/")).await.unwrap();
    assert_eq!((answer.status.as_u16(), came.load(Ordering::SeqCst)), (302, 0));

    let large = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{}", MOST + 1, "x".repeat(MOST + 1));
    let (port, _) = listener(large).await;
    assert!(matches!(outbound.get(&format!("http://127.0.0.1:{port}/")).await, Err(Error::TooLarge)));
}

#[test]
fn s02_public_addresses_are_told_from_others() {
    for address in ["8.8.8.8", "1.1.1.1", "2606:4700::1111", "2a00:1450::1", "64:ff9b::808:808"] {
        assert!(is_public(address.parse().unwrap()), "{address}");
    }
    for address in ["0.0.0.0", "224.0.0.1", "255.255.255.255", "198.18.0.1", "192.0.2.1", "::", "ff02::1"] {
        assert!(!is_public(address.parse().unwrap()), "{address}");
    }
}
