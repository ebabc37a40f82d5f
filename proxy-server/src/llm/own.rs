//! Answers to prompts of the server's own.

use std::collections::VecDeque;

use tokio_util::sync::CancellationToken;

use super::chain::{Denied, Live, Relay, Reply};
use super::dialect::{Body, Incoming};
use super::message::{Event, Request};
use super::tab::Tab;
use super::{Caller, Failure, Outcome, failure};

impl Relay {
    /// Asks for the answer to a prompt of the server's own, `model` by its name in the configuration.
    ///
    /// The answer comes in events through [`Own::next`]; dropping it, at any time, cancels the call upstream.
    pub async fn stream(&self, caller: &Caller, model: &str, request: Request) -> Result<Own, Failure> {
        let incoming = Incoming {
            model: model.to_owned(),
            stream: true,
            body: Body::Own(Box::new(request)),
            headers: Vec::new(),
        };
        let mut tab = self.admit(caller, &incoming).await.map_err(Denied::into_failure)?;
        let attempts = tab.attempts();
        let started = match self.open(&incoming, &attempts).await {
            Ok(started) => started,
            Err(failure) => {
                tab.end(Outcome::Failed);
                return Err(failure);
            }
        };
        tab.serve(&started.target);
        match started.answer {
            Reply::Stream(live) => {
                tab.streams();
                Ok(Own { live, tab, waiting: VecDeque::new(), stopping: self.stopping().clone() })
            }
            Reply::Whole(_) => Err(failure::Kind::BadAnswer.into()),
        }
    }
}

/// The answer to a prompt of the server's own, as it is written.
#[derive(Debug)]
pub struct Own {
    live: Live,
    tab: Tab,
    waiting: VecDeque<Event>,
    stopping: CancellationToken,
}

impl Own {
    /// The next step; `None` after the end of a whole answer. After a failure nothing follows: what came before it
    /// is a part of an answer and must not pass for a whole one.
    pub async fn next(&mut self) -> Result<Option<Event>, Failure> {
        loop {
            if let Some(event) = self.waiting.pop_front() {
                return Ok(Some(event));
            }
            let next = tokio::select! {
                next = self.live.next() => next,
                () = self.stopping.cancelled() => Err(failure::Kind::Stopping.into()),
            };
            let next = next.and_then(|piece| match piece {
                Some(piece) if piece.is_malformed => Err(failure::Kind::BadAnswer.into()),
                Some(piece) => match piece.failure() {
                    Some(failure) => Err(failure.clone()),
                    None => Ok(Some(piece)),
                },
                None => Ok(None),
            });
            match next {
                Ok(Some(piece)) => {
                    self.tab.saw(&piece.events);
                    self.waiting.extend(piece.events);
                }
                Ok(None) => {
                    self.tab.finished();
                    return Ok(None);
                }
                Err(failure) => {
                    self.tab.end(Outcome::Cut);
                    return Err(failure);
                }
            }
        }
    }

    /// `provider/model` of who answers.
    pub fn target(&self) -> (&str, &str) {
        self.tab.target()
    }
}
