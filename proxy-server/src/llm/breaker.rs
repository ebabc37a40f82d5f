//! The circuit breaker: after failures in a row a target is left alone for a while, then tried with one call.
//!
//! ```text
//! closed ──failures in a row──▶ open ──time──▶ half-open (one probe) ──success──▶ closed
//!                                ▲                     └──────failure──────▶ open
//! ```
//!
//! A stream's outcome is known long after its call returned, so that a breaker hands out a [`Permit`] that is
//! told later. Time is handed in.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// The breaker of one target.
#[derive(Debug)]
pub(super) struct Breaker {
    failures_to_open: u32,
    open_for: Duration,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// In a row.
    failures: u32,
    /// Not before then; a past instant means that a probe is due.
    open_until: Option<Instant>,
    /// The upstream asked to be left alone (`Retry-After`, quota); says nothing about its health.
    hold_until: Option<Instant>,
    /// The number of the probe under way.
    probe: Option<u64>,
    next: u64,
}

/// Leave to make one call. Dropped untold, it counts neither way.
#[derive(Debug)]
pub(super) struct Permit {
    breaker: Arc<Breaker>,
    probe: Option<u64>,
}

impl Breaker {
    pub(super) fn new(failures_to_open: u32, open_for: Duration) -> Arc<Self> {
        Arc::new(Self { failures_to_open, open_for, state: Mutex::default() })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // No code panics while it holds the lock; a poisoned state is still a sound one.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Leave to call now, unless the target is to be left alone.
    pub(super) fn acquire(self: &Arc<Self>, now: Instant) -> Option<Permit> {
        let mut state = self.state();
        if state.hold_until.is_some_and(|until| now < until) {
            return None;
        }
        let probe = match state.open_until {
            None => None,
            Some(until) if now < until => return None,
            Some(_) if state.probe.is_some() => return None,
            Some(_) => {
                state.next += 1;
                state.probe = Some(state.next);
                state.probe
            }
        };
        Some(Permit { breaker: Arc::clone(self), probe })
    }

    /// Leave to call although the target is to be left alone: for the best target when none is free.
    pub(super) fn force(self: &Arc<Self>) -> Permit {
        Permit { breaker: Arc::clone(self), probe: None }
    }

    /// When it may be called again; `None`: now.
    pub(super) fn reopens(&self, now: Instant) -> Option<Instant> {
        let state = self.state();
        let open =
            state.open_until.map(|until| if state.probe.is_some() { now + self.open_for } else { until });
        open.max(state.hold_until).filter(|until| now < *until)
    }

    /// Leaves the target alone until then, whatever its health.
    pub(super) fn hold(&self, until: Instant) {
        let mut state = self.state();
        state.hold_until = state.hold_until.max(Some(until));
    }
}

impl Permit {
    /// The target answered as it should.
    pub(super) fn succeeded(self) {
        let mut state = self.breaker.state();
        *state = State { next: state.next, ..State::default() };
    }

    /// The target began to answer: a probe is over, the rest of the answer counts by itself.
    pub(super) fn began(self) -> Self {
        let breaker = Arc::clone(&self.breaker);
        if self.probe.is_some() {
            self.succeeded();
        }
        breaker.force()
    }

    /// The target failed by its own fault.
    pub(super) fn failed(self, now: Instant) {
        let mut state = self.breaker.state();
        state.failures = state.failures.saturating_add(1);
        let probed = self.probe.is_some() && state.probe == self.probe;
        if probed || state.failures >= self.breaker.failures_to_open {
            state.open_until = Some(now + self.breaker.open_for);
        }
        if probed {
            state.probe = None;
        }
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        if self.probe.is_some() {
            let mut state = self.breaker.state();
            if state.probe == self.probe {
                state.probe = None;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const OPEN: Duration = Duration::from_mins(1);

    fn breaker() -> (Arc<Breaker>, Instant) {
        (Breaker::new(5, OPEN), Instant::now())
    }

    fn open(breaker: &Arc<Breaker>, now: Instant) {
        for _ in 0..5 {
            breaker.acquire(now).unwrap().failed(now);
        }
    }

    #[test]
    fn five_failures_in_a_row_open_it_for_a_minute() {
        let (breaker, now) = breaker();
        for _ in 0..4 {
            breaker.acquire(now).unwrap().failed(now);
        }
        breaker.acquire(now).unwrap().succeeded();
        open(&breaker, now);
        assert!(breaker.acquire(now).is_none());
        assert_eq!(breaker.reopens(now), Some(now + OPEN));
        assert!(breaker.acquire(now + OPEN - Duration::from_millis(1)).is_none());
        assert!(breaker.acquire(now + OPEN).is_some());
    }

    #[test]
    fn half_open_lets_one_probe_through() {
        let (breaker, now) = breaker();
        open(&breaker, now);
        let later = now + OPEN;
        let probe = breaker.acquire(later).unwrap();
        assert!(breaker.acquire(later).is_none());
        probe.succeeded();
        assert!(breaker.acquire(later).is_some() && breaker.acquire(later).is_some());
    }

    #[test]
    fn a_failed_probe_opens_it_again() {
        let (breaker, now) = breaker();
        open(&breaker, now);
        let later = now + OPEN;
        breaker.acquire(later).unwrap().failed(later);
        assert!(breaker.acquire(later + OPEN / 2).is_none());
        assert!(breaker.acquire(later + OPEN).is_some());
    }

    #[test]
    fn a_probe_that_was_given_up_makes_room_for_the_next() {
        let (breaker, now) = breaker();
        open(&breaker, now);
        drop(breaker.acquire(now + OPEN).unwrap());
        assert!(breaker.acquire(now + OPEN).is_some());
    }

    #[test]
    fn a_hold_does_not_count_as_a_failure() {
        let (breaker, now) = breaker();
        breaker.hold(now + Duration::from_secs(3));
        assert!(breaker.acquire(now).is_none());
        assert!(breaker.acquire(now + Duration::from_secs(3)).is_some());
    }

    #[derive(Clone, Debug)]
    enum Act {
        Acquire,
        Force,
        Succeed(usize),
        Fail(usize),
        Drop(usize),
        Wait(u64),
    }

    fn act() -> impl Strategy<Value = Act> {
        prop_oneof![
            4 => Just(Act::Acquire),
            1 => Just(Act::Force),
            1 => (0..8usize).prop_map(Act::Succeed),
            4 => (0..8usize).prop_map(Act::Fail),
            1 => (0..8usize).prop_map(Act::Drop),
            2 => (1..90u64).prop_map(Act::Wait),
        ]
    }

    proptest! {
        /// Whatever happens: never two probes at once, never a call while it is open, and it always reopens.
        #[test]
        fn it_keeps_its_promises(acts in prop::collection::vec(act(), 1..200)) {
            let (breaker, mut now) = breaker();
            let mut held: Vec<Permit> = Vec::new();
            for act in acts {
                match act {
                    Act::Acquire => {
                        let open = breaker.state().open_until.is_some_and(|until| now < until);
                        let permit = breaker.acquire(now);
                        prop_assert!(!(open && permit.is_some()));
                        held.extend(permit);
                    }
                    Act::Force => held.push(breaker.force()),
                    Act::Succeed(i) if i < held.len() => held.swap_remove(i).succeeded(),
                    Act::Fail(i) if i < held.len() => held.swap_remove(i).failed(now),
                    Act::Drop(i) if i < held.len() => drop(held.swap_remove(i)),
                    Act::Wait(s) => now += Duration::from_secs(s),
                    _ => {}
                }
                let current = breaker.state().probe;
                let probes = held.iter().filter(|permit| permit.probe.is_some() && permit.probe == current).count();
                prop_assert_eq!(probes, usize::from(current.is_some()));
            }
            held.clear();
            prop_assert!(breaker.acquire(now + OPEN).is_some());
        }
    }
}
