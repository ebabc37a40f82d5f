//! The body of a streamed answer: what comes from upstream, handed on as the client takes it.
//!
//! Nothing is read ahead, so that a slow client slows the upstream down. Dropping the body, which the server
//! does when the client leaves, drops the upstream's connection and settles the books.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use futures_util::stream;
use tokio::time::{Instant, Sleep};
use tokio_util::sync::CancellationToken;

use super::chain::{Live, Reply, Started};
use super::dialect::{Encoder, Incoming};
use super::message::Event;
use super::scrub::scrub;
use super::source::Piece;
use super::tab::Tab;
use super::target::Target;
use super::{Dialect, Failure, Future, Outcome, answer, failure};

/// The search for a target that answers.
pub(super) type Opening = Future<'static, Result<Started, Failure>>;

/// A comment: clients ignore it, middlemen see that the stream lives.
const KEEP_ALIVE: &[u8] = b": keep-alive\n\n";

/// Events that are here already are sent together, up to so many bytes.
const TOGETHER: usize = 32 << 10;

/// One streamed answer on its way to the client.
pub(super) struct Outgoing {
    phase: Phase,
    tab: Tab,
    dialect: Dialect,
    incoming: Arc<Incoming>,
    keep_alive: Duration,
    /// How long the client has heard nothing. Kept, as is `ended`: an event costs no timer.
    silence: Pin<Box<Sleep>>,
    /// Ends with the reason when the server stops or the client may not be there any more.
    ended: Future<'static, Failure>,
}

enum Phase {
    /// The flag: the client has heard nothing yet.
    Waiting(Opening, bool),
    Running(Box<Running>),
    Ended,
}

struct Running {
    live: Live,
    writer: Writer,
    target: Target,
    /// The dialect's own end was handed on.
    is_ended: bool,
}

enum Writer {
    /// The bytes as they came; `drop_usage`: but for the usage that the relay, not the client, asked for.
    Same {
        drop_usage: bool,
    },
    Translated(Box<Encoder>),
}

impl Outgoing {
    pub(super) fn new(
        dialect: Dialect,
        incoming: Arc<Incoming>,
        tab: Tab,
        keep_alive: Duration,
        stopping: CancellationToken,
        left: Future<'static, ()>,
    ) -> Self {
        let ended = Box::pin(async move {
            tokio::select! {
                () = stopping.cancelled() => failure::Kind::Stopping.into(),
                () = left => Failure::new(
                    failure::Kind::Denied,
                    "the login or key that asked for this is not good any more",
                ),
            }
        });
        let silence = Box::pin(tokio::time::sleep(keep_alive));
        Self { phase: Phase::Ended, tab, dialect, incoming, keep_alive, silence, ended }
    }

    /// An answer that has begun.
    pub(super) fn start(&mut self, started: Started) {
        self.tab.serve(&started.target);
        let Reply::Stream(live) = started.answer else { return };
        self.tab.streams();
        let writer = if self.incoming.is_native_to(started.target.dialect()) {
            Writer::Same { drop_usage: self.dialect == Dialect::Chat && !self.incoming.wants_usage() }
        } else {
            Writer::Translated(Box::new(Encoder::new(
                self.dialect,
                &self.incoming.model,
                self.incoming.wants_usage(),
            )))
        };
        self.phase =
            Phase::Running(Box::new(Running { live, writer, target: started.target, is_ended: false }));
    }

    /// An answer that is still to begin: the client hears comments until then.
    pub(super) fn wait(&mut self, opening: Opening) {
        self.phase = Phase::Waiting(opening, true);
    }

    /// No answer began.
    pub(super) fn failed(mut self) {
        self.tab.end(Outcome::Failed);
    }

    pub(super) fn into_body(self) -> Body {
        Body::from_stream(stream::unfold(self, |mut outgoing| async move {
            let bytes = outgoing.next().await?;
            Some((Ok::<_, Infallible>(bytes), outgoing))
        }))
    }

    /// The next bytes; nothing after the end.
    async fn next(&mut self) -> Option<Bytes> {
        loop {
            self.silence.as_mut().reset(Instant::now() + self.keep_alive);
            match &mut self.phase {
                Phase::Ended => return None,
                Phase::Waiting(opening, is_silent) => {
                    if std::mem::take(is_silent) {
                        return Some(Bytes::from_static(KEEP_ALIVE));
                    }
                    let opened = tokio::select! {
                        biased;
                        opened = opening => opened,
                        failure = &mut self.ended => Err(failure),
                        () = self.silence.as_mut() => return Some(Bytes::from_static(KEEP_ALIVE)),
                    };
                    match opened {
                        Ok(started) => self.start(started),
                        Err(failure) => {
                            self.phase = Phase::Ended;
                            self.tab.end(Outcome::Failed);
                            return Some(answer::in_band(self.dialect, &failure));
                        }
                    }
                }
                Phase::Running(running) => {
                    let next = tokio::select! {
                        biased;
                        next = running.live.next() => next,
                        failure = &mut self.ended => Err(failure),
                        () = self.silence.as_mut() => return Some(Bytes::from_static(KEEP_ALIVE)),
                    };
                    let bytes = self.forward(next);
                    if !bytes.is_empty() {
                        return Some(bytes);
                    }
                }
            }
        }
    }

    /// Writes `next` and what else is here already.
    fn forward(&mut self, mut next: Result<Option<Piece>, Failure>) -> Bytes {
        let Phase::Running(running) = &mut self.phase else { return Bytes::new() };
        let mut out = Vec::new();
        loop {
            let step = match next {
                Ok(Some(piece)) => {
                    self.tab.saw(&piece.events);
                    running.write(&piece, &mut out)
                }
                Ok(None) => {
                    running.end(&mut out);
                    self.tab.finished();
                    Step::Over
                }
                Err(failure) => Step::Failed(failure),
            };
            match step {
                Step::On => {}
                Step::Over => {
                    self.phase = Phase::Ended;
                    break;
                }
                Step::Failed(failure) => {
                    // After the dialect's end nothing can be cut any more.
                    if running.is_ended {
                        self.tab.finished();
                    } else {
                        tracing::debug!(target = ?running.target, kind = ?failure.kind, "a stream was cut");
                        out.extend_from_slice(&answer::in_band(self.dialect, &failure));
                        self.tab.end(Outcome::Cut);
                    }
                    self.phase = Phase::Ended;
                    break;
                }
                Step::Reported => {
                    self.tab.end(Outcome::Cut);
                    self.phase = Phase::Ended;
                    break;
                }
            }
            if out.len() >= TOGETHER {
                break;
            }
            match running.live.ready() {
                Ok(Some(piece)) => next = Ok(Some(piece)),
                Ok(None) => break,
                Err(failure) => next = Err(failure),
            }
        }
        out.into()
    }
}

enum Step {
    On,
    Over,
    Failed(Failure),
    /// The upstream's own error event was handed on.
    Reported,
}

impl Running {
    fn write(&mut self, piece: &Piece, out: &mut Vec<u8>) -> Step {
        match &mut self.writer {
            Writer::Same { drop_usage } => {
                let is_usage_only = matches!(piece.events.as_slice(), [Event::Usage(_)]);
                if piece.failure().is_some() {
                    out.extend_from_slice(&scrub(&piece.raw, &self.target.upstream.keys));
                    return Step::Reported;
                }
                if !(*drop_usage && is_usage_only) {
                    out.extend_from_slice(&piece.raw);
                }
            }
            Writer::Translated(encoder) => {
                if let Some(failure) = piece.failure() {
                    return Step::Failed(failure.clone());
                }
                // What it said is lost: the rest would pass for the whole.
                if piece.is_malformed {
                    return Step::Failed(failure::Kind::BadAnswer.into());
                }
                for event in &piece.events {
                    encoder.event(event, out);
                }
            }
        }
        self.is_ended |= piece.is_end();
        Step::On
    }

    /// The answer was whole; its end is said where the upstream did not.
    fn end(&mut self, out: &mut Vec<u8>) {
        if self.is_ended {
            return;
        }
        self.is_ended = true;
        match &mut self.writer {
            Writer::Same { .. } if self.target.dialect() == Dialect::Chat => {
                out.extend_from_slice(b"data: [DONE]\n\n");
            }
            Writer::Same { .. } => {}
            Writer::Translated(encoder) => encoder.event(&Event::End, out),
        }
    }
}
