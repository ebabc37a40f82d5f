//! A misbehaving upstream on raw TCP: what it answers, and how, is a script per request.
//!
//! It speaks just enough HTTP/1.1 to read a request; every byte it sends, and when, is the test's. It keeps what it
//! saw: requests with their times, the connection they came on, and when the peer closed.

#![allow(dead_code, reason = "each test binary uses a part of it")]

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// One step of an answer.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// Sends these bytes in one write.
    Send(Vec<u8>),
    /// Sends these bytes so many at a time, with a pause between.
    Drip(Vec<u8>, usize, Duration),
    /// Does nothing for a while; ends early when the peer closes.
    Pause(Duration),
    /// Closes in good order.
    Close,
    /// Resets the connection.
    Reset,
    /// Waits until the peer closes.
    Hang,
}

/// A request as it came.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    /// When its body was read.
    pub(crate) at: Instant,
    /// Number of its connection, from 0.
    pub(crate) connection: usize,
    /// Method and path.
    pub(crate) line: String,
    /// Lower-case names.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Seen {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| &**value)
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

/// What happened so far.
#[derive(Debug, Default)]
pub(crate) struct Log {
    pub(crate) requests: Vec<Seen>,
    /// Connection and time: the peer closed while an answer was under way.
    pub(crate) closed: Vec<(usize, Instant)>,
    pub(crate) connections: usize,
    /// Bytes that the peer's system took.
    pub(crate) sent: usize,
}

/// A running upstream; ends when dropped.
pub(crate) struct Fake {
    pub(crate) address: SocketAddr,
    log: Arc<Mutex<Log>>,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for Fake {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Fake {
    /// Answers each request by `script`, which gets the request and its number from 0.
    pub(crate) async fn start(script: impl Fn(&Seen, usize) -> Vec<Step> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let log = Arc::new(Mutex::new(Log::default()));
        let script: Script = Arc::new(script);
        let task = tokio::spawn({
            let log = Arc::clone(&log);
            async move {
                while let Ok((stream, _)) = listener.accept().await {
                    stream.set_nodelay(true).unwrap();
                    let number = {
                        let mut log = log.lock().unwrap();
                        log.connections += 1;
                        log.connections - 1
                    };
                    tokio::spawn(connection(stream, number, Arc::clone(&script), Arc::clone(&log)));
                }
            }
        });
        Self { address, log, task }
    }

    /// The same steps for every request.
    pub(crate) async fn always(steps: Vec<Step>) -> Self {
        Self::start(move |_, _| steps.clone()).await
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    pub(crate) fn requests(&self) -> Vec<Seen> {
        self.log.lock().unwrap().requests.clone()
    }

    pub(crate) fn count(&self) -> usize {
        self.log.lock().unwrap().requests.len()
    }

    pub(crate) fn connections(&self) -> usize {
        self.log.lock().unwrap().connections
    }

    pub(crate) fn sent(&self) -> usize {
        self.log.lock().unwrap().sent
    }

    /// Waits until the peer has closed a connection in the middle of an answer.
    pub(crate) async fn peer_closed(&self, within: Duration) -> Option<Instant> {
        let end = Instant::now() + within;
        loop {
            if let Some((_, at)) = self.log.lock().unwrap().closed.first() {
                return Some(*at);
            }
            if Instant::now() > end {
                return None;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Waits until so many requests have come.
    pub(crate) async fn reached(&self, requests: usize) {
        for _ in 0..1000 {
            if self.count() >= requests {
                return;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        panic!("the upstream saw {} requests, not {requests}", self.count());
    }
}

type Script = Arc<dyn Fn(&Seen, usize) -> Vec<Step> + Send + Sync>;

async fn connection(mut stream: TcpStream, number: usize, script: Script, log: Arc<Mutex<Log>>) {
    let mut buffer = Vec::new();
    while let Some(seen) = request(&mut stream, &mut buffer, number).await {
        let nth = {
            let mut log = log.lock().unwrap();
            log.requests.push(seen.clone());
            log.requests.len() - 1
        };
        for step in script(&seen, nth) {
            match act(&mut stream, step, &log).await {
                After::Go => {}
                After::Closed => return,
                After::PeerClosed => {
                    log.lock().unwrap().closed.push((number, Instant::now()));
                    return;
                }
            }
        }
    }
}

enum After {
    Go,
    Closed,
    PeerClosed,
}

async fn act(stream: &mut TcpStream, step: Step, log: &Mutex<Log>) -> After {
    match step {
        Step::Send(bytes) => send(stream, &bytes, log).await,
        Step::Drip(bytes, size, pause) => {
            for part in bytes.chunks(size) {
                if let After::PeerClosed = send(stream, part, log).await {
                    return After::PeerClosed;
                }
                if pause > Duration::ZERO {
                    if let After::PeerClosed = wait(stream, Some(pause)).await {
                        return After::PeerClosed;
                    }
                } else {
                    tokio::task::yield_now().await;
                }
            }
            After::Go
        }
        Step::Pause(time) => wait(stream, Some(time)).await,
        Step::Hang => wait(stream, None).await,
        Step::Close => {
            drop(stream.shutdown().await);
            After::Closed
        }
        Step::Reset => {
            stream.set_zero_linger().unwrap();
            After::Closed
        }
    }
}

async fn send(stream: &mut TcpStream, bytes: &[u8], log: &Mutex<Log>) -> After {
    for part in bytes.chunks(64 << 10) {
        if stream.write_all(part).await.is_err() {
            return After::PeerClosed;
        }
        log.lock().unwrap().sent += part.len();
    }
    After::Go
}

/// Waits for a time, or for ever, while it listens for the peer's end.
async fn wait(stream: &mut TcpStream, time: Option<Duration>) -> After {
    let mut byte = [0; 1];
    let until = async {
        match time {
            Some(time) => tokio::time::sleep(time).await,
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        () = until => After::Go,
        // A peer that waits for an answer sends nothing: any reading is its end.
        _ = stream.peek(&mut byte) => After::PeerClosed,
    }
}

async fn request(stream: &mut TcpStream, buffer: &mut Vec<u8>, connection: usize) -> Option<Seen> {
    let head_end = loop {
        if let Some(i) = buffer.windows(4).position(|window| window == b"\r\n\r\n") {
            break i + 4;
        }
        // 0x16 begins a TLS handshake, which this server does not know.
        if stream.read_buf(buffer).await.ok()? == 0 || buffer[0] == 0x16 {
            return None;
        }
    };
    let head = String::from_utf8_lossy(&buffer[..head_end]).into_owned();
    let mut lines = head.lines();
    let line = lines.next()?.trim_end_matches(" HTTP/1.1").to_owned();
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let length: usize = headers
        .iter()
        .find(|(name, _)| name == "content-length")
        .map_or(0, |(_, value)| value.parse().unwrap());
    while buffer.len() < head_end + length {
        if stream.read_buf(buffer).await.ok()? == 0 {
            return None;
        }
    }
    let body = buffer[head_end..head_end + length].to_vec();
    buffer.drain(..head_end + length);
    Some(Seen { at: Instant::now(), connection, line, headers, body })
}

/// A whole response with its length.
pub(crate) fn response(status: u16, headers: &[(&str, &str)], body: &str) -> Vec<u8> {
    let mut head = format!("HTTP/1.1 {status} Status\r\ncontent-length: {}\r\n", body.len());
    if !headers.iter().any(|(name, _)| *name == "content-type") {
        head.push_str("content-type: application/json\r\n");
    }
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    format!("{head}\r\n{body}").into_bytes()
}

/// The head of a chunked event stream.
pub(crate) fn stream_head() -> Vec<u8> {
    b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\nrequest-id: up-1\r\n\r\n"
        .to_vec()
}

/// The head of an event stream that ends with its connection.
pub(crate) fn open_head() -> Vec<u8> {
    b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n".to_vec()
}

/// One chunk of a chunked body.
pub(crate) fn chunk(bytes: impl AsRef<[u8]>) -> Vec<u8> {
    let bytes = bytes.as_ref();
    let mut out = format!("{:x}\r\n", bytes.len()).into_bytes();
    out.extend_from_slice(bytes);
    out.extend_from_slice(b"\r\n");
    out
}

/// The end of a chunked body.
pub(crate) const LAST_CHUNK: &[u8] = b"0\r\n\r\n";

/// A whole stream in good order, in one write.
pub(crate) fn streamed(body: impl AsRef<[u8]>) -> Vec<u8> {
    let mut out = stream_head();
    out.extend(chunk(body));
    out.extend_from_slice(LAST_CHUNK);
    out
}
