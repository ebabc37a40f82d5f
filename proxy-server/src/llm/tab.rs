//! What is kept of one request for the books.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use tokio::sync::OwnedSemaphorePermit;
use tokio::time::Instant;

use super::message::{Event, Finish};
use super::target::Target;
use super::{Ask, Bill, Outcome, Reservation, Usage};

/// The books of one request: settled exactly once, when it ends or is dropped.
pub(super) struct Tab {
    bill: Bill,
    ask: Ask,
    reservation: Option<Box<dyn Reservation>>,
    started: Instant,
    attempts: Arc<AtomicU32>,
    /// Who answers: knows the price.
    target: Option<Target>,
    /// Bytes that the model wrote.
    written: usize,
    reported: bool,
    refused: bool,
    #[expect(dead_code, reason = "given back when the request is over")]
    place: OwnedSemaphorePermit,
}

impl fmt::Debug for Tab {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tab").field("bill", &self.bill).finish_non_exhaustive()
    }
}

impl Tab {
    pub(super) fn new(ask: Ask, reservation: Box<dyn Reservation>, place: OwnedSemaphorePermit) -> Self {
        Self {
            bill: Bill { model: ask.model.clone(), ..Bill::default() },
            ask,
            reservation: Some(reservation),
            started: Instant::now(),
            attempts: Arc::default(),
            target: None,
            written: 0,
            reported: false,
            refused: false,
            place,
        }
    }

    /// Counts the calls.
    pub(super) fn attempts(&self) -> Arc<AtomicU32> {
        Arc::clone(&self.attempts)
    }

    /// `target` answers.
    pub(super) fn serve(&mut self, target: &Target) {
        self.bill.provider.clone_from(&target.upstream.name);
        self.bill.model.clone_from(&target.label);
        self.target = Some(target.clone());
    }

    /// The first event of a stream is here.
    pub(super) fn streams(&mut self) {
        self.bill.first_token = Some(self.started.elapsed());
    }

    /// `provider/model` of who answers.
    pub(super) fn target(&self) -> (&str, &str) {
        (&self.bill.provider, &self.bill.model)
    }

    /// Takes in what passed.
    pub(super) fn saw(&mut self, events: &[Event]) {
        for event in events {
            self.written += event.written();
            match event {
                Event::Usage(usage) => {
                    self.bill.usage = *usage;
                    self.reported = true;
                }
                Event::Refusal(_) | Event::Finish(Finish::Refused) => self.refused = true,
                _ => {}
            }
        }
    }

    /// Whether a whole answer was given that says what was asked for.
    pub(super) fn is_whole(&self) -> bool {
        self.reservation.is_none() && !self.refused
    }

    /// The answer was whole.
    pub(super) fn finished(&mut self) {
        self.end(if self.refused { Outcome::Refused } else { Outcome::Finished });
    }

    /// Settles; later calls do nothing.
    pub(super) fn end(&mut self, outcome: Outcome) {
        let Some(reservation) = self.reservation.take() else { return };
        let mut bill = self.bill.clone();
        bill.outcome = outcome;
        bill.attempts = self.attempts.load(Ordering::Relaxed);
        bill.duration = self.started.elapsed();
        // Nobody counted: a provider served it, so that it did cost something.
        if !self.reported && !bill.provider.is_empty() {
            bill.usage = Usage {
                input: self.ask.input_tokens,
                output: (self.written as u64).div_ceil(4),
                estimated: true,
                ..Usage::default()
            };
        }
        bill.cost = self.target.as_ref().map_or(0, |target| target.cost(&bill.usage));
        reservation.settle(bill);
    }
}

impl Drop for Tab {
    fn drop(&mut self) {
        self.end(Outcome::Cancelled);
    }
}
