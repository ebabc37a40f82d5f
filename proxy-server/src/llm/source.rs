//! The events of one upstream stream, with its deadlines and bounds.

use std::pin::Pin;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use tokio::time::{Instant, Sleep, timeout_at};

use super::dialect::{Decoder, Dialect};
use super::message::Event;
use super::{Config, Failure, failure, http, sse};

/// A stream being read.
#[derive(Debug)]
pub(super) struct Source {
    response: reqwest::Response,
    target: String,
    splitter: sse::Splitter,
    decoder: Decoder,
    idle: Duration,
    deadline: Instant,
    /// Rings at the end of what may be waited for; kept, so that an event costs no timer.
    alarm: Pin<Box<Sleep>>,
    /// Bytes that may still come.
    left: usize,
    state: State,
    /// An event that the end of the body ended.
    last: Option<Piece>,
}

#[derive(Debug, PartialEq, Eq)]
enum State {
    Open,
    /// The dialect's end came; what follows is of no interest.
    Done,
    /// Nothing follows.
    Closed,
}

/// One server-sent event: its bytes, and what they say.
#[derive(Debug)]
pub(super) struct Piece {
    pub(super) raw: Bytes,
    pub(super) events: Vec<Event>,
    /// Its data are not what the dialect says.
    pub(super) is_malformed: bool,
}

impl Piece {
    pub(super) fn failure(&self) -> Option<&Failure> {
        self.events
            .iter()
            .find_map(|event| if let Event::Failed(failure) = event { Some(failure) } else { None })
    }

    pub(super) fn is_end(&self) -> bool {
        self.events.iter().any(|event| matches!(event, Event::End))
    }
}

impl Source {
    pub(super) fn new(
        response: reqwest::Response,
        target: String,
        dialect: Dialect,
        config: &Config,
        deadline: Instant,
    ) -> Self {
        Self {
            response,
            target,
            splitter: sse::Splitter::new(config.event_bytes),
            decoder: Decoder::new(dialect),
            idle: Duration::from_millis(config.idle_timeout_ms),
            deadline,
            alarm: Box::pin(tokio::time::sleep_until(deadline)),
            left: config.stream_bytes,
            state: State::Open,
            last: None,
        }
    }

    /// The next event; `None` after the end of a whole answer. A stream that ends before is a failure.
    ///
    /// Nothing is lost when the future is dropped.
    pub(super) async fn next(&mut self, until: Option<Instant>) -> Result<Option<Piece>, Failure> {
        loop {
            if let Some(piece) = self.ready()? {
                return Ok(Some(piece));
            }
            match self.state {
                State::Open => self.read(until).await?,
                State::Done => {
                    self.drain().await;
                    return Ok(None);
                }
                State::Closed => return Ok(None),
            }
        }
    }

    /// An event that is here already.
    pub(super) fn ready(&mut self) -> Result<Option<Piece>, Failure> {
        if self.state != State::Open {
            return Ok(self.last.take());
        }
        match self.splitter.next() {
            Ok(Some(raw)) => Ok(Some(self.piece(raw))),
            Ok(None) => Ok(None),
            Err(sse::TooLarge) => {
                Err(Failure::new(failure::Kind::BadAnswer, "an event of the model's provider is too large"))
            }
        }
    }

    fn piece(&mut self, raw: Bytes) -> Piece {
        let mut events = Vec::new();
        let read = match sse::data(&raw) {
            Some(data) => self.decoder.event(&data, &mut events),
            None => Ok(()),
        };
        let piece = Piece { events, is_malformed: read.is_err(), raw };
        if piece.is_end() || piece.failure().is_some() {
            self.state = State::Done;
        }
        piece
    }

    async fn read(&mut self, until: Option<Instant>) -> Result<(), Failure> {
        let limit = (Instant::now() + self.idle).min(self.deadline);
        let limit = until.map_or(limit, |until| until.min(limit));
        self.alarm.as_mut().reset(limit);
        let chunk = tokio::select! {
            biased;
            chunk = self.response.chunk() => chunk.map_err(|error| http::failure(error, &self.target))?,
            () = self.alarm.as_mut() => return Err(failure::Kind::TimedOut.into()),
        };
        match chunk {
            Some(chunk) => {
                self.left = self.left.checked_sub(chunk.len()).ok_or_else(|| {
                    Failure::new(failure::Kind::BadAnswer, "the answer of the model's provider is too large")
                })?;
                self.splitter.push(&chunk);
            }
            None => self.close()?,
        }
        Ok(())
    }

    /// The body ended in good order; whether the answer did, the dialect knows.
    fn close(&mut self) -> Result<(), Failure> {
        let rest = self.splitter.rest();
        if !rest.is_empty() {
            // Some servers do not end their last event. Half an event would not be readable.
            let mut whole = BytesMut::from(&rest[..]);
            whole.extend_from_slice(b"\n\n");
            let piece = self.piece(whole.freeze());
            if piece.is_malformed {
                return Err(failure::Kind::Broken.into());
            }
            self.last = Some(piece);
        }
        let is_whole = self.state == State::Done || self.decoder.may_end();
        self.state = State::Closed;
        if is_whole { Ok(()) } else { Err(failure::Kind::Broken.into()) }
    }

    /// Reads the little that follows the end, so that the connection can serve again.
    async fn drain(&mut self) {
        self.state = State::Closed;
        let soon = Instant::now() + Duration::from_millis(100);
        while let Ok(Ok(Some(_))) = timeout_at(soon, self.response.chunk()).await {}
    }
}
