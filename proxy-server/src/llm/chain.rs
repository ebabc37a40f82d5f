//! The way of one request over its targets.

use std::collections::VecDeque;
use std::fmt;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use axum::http::HeaderValue;
use bytes::Bytes;
use tokio::sync::Semaphore;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::attempt::{self, Won};
use super::breaker::Permit;
use super::cache::Cache;
use super::dialect::Incoming;
use super::failure::Next;
use super::message::Event;
use super::retry::{self, Budget};
use super::source::{Piece, Source};
use super::tab::Tab;
use super::target::{Target, Targets};
use super::{Ask, Caller, Config, Failure, Gate, Meter, Refused, Usage, failure, http};

/// The relay. Cheap to clone.
#[derive(Clone)]
pub struct Relay(Arc<Shared>);

struct Shared {
    current: RwLock<Arc<Current>>,
    gate: Arc<dyn Gate>,
    meter: Arc<dyn Meter>,
    budget: Budget,
    stopping: CancellationToken,
}

/// What a configuration amounts to.
pub(super) struct Current {
    pub(super) config: Config,
    pub(super) targets: Targets,
    pub(super) cache: Cache,
    client: reqwest::Client,
    places: Arc<Semaphore>,
}

impl fmt::Debug for Relay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Relay").field("config", &self.current().config).finish_non_exhaustive()
    }
}

/// An answer that has begun.
#[derive(Debug)]
pub struct Started {
    /// Who gives it.
    pub(super) target: Target,
    pub(super) upstream_id: Option<HeaderValue>,
    /// It.
    pub(super) answer: Reply,
}

#[derive(Debug)]
pub(super) enum Reply {
    Stream(Live),
    Whole(Whole),
}

/// A whole answer.
#[derive(Debug)]
pub struct Whole {
    pub(super) body: Bytes,
    pub(super) events: Vec<Event>,
}

/// An answer that is still being written.
#[derive(Debug)]
pub struct Live {
    source: Box<Source>,
    held: VecDeque<Piece>,
    permit: Option<Permit>,
}

impl Current {
    fn new(config: Config) -> Result<Self, String> {
        Ok(Self {
            targets: Targets::new(&config)?,
            client: http::client(&config)?,
            places: Arc::new(Semaphore::new(config.max_requests)),
            cache: Cache::new(&config),
            config,
        })
    }
}

impl Relay {
    /// A relay by `config`; one sentence if that is wrong. Once `stopping` is cancelled, streams end with a notice.
    pub fn new(
        config: Config,
        gate: Arc<dyn Gate>,
        meter: Arc<dyn Meter>,
        stopping: CancellationToken,
    ) -> Result<Self, String> {
        let current = RwLock::new(Arc::new(Current::new(config)?));
        Ok(Self(Arc::new(Shared { current, gate, meter, budget: Budget::new(), stopping })))
    }

    /// Takes another configuration; requests under way go on with theirs. A wrong one changes nothing.
    pub fn reload(&self, config: Config) -> Result<(), String> {
        let next = Current::new(config)?;
        next.targets.inherit(&self.current().targets);
        *self.0.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(next);
        Ok(())
    }

    /// Whether there is any provider to ask.
    pub fn has_providers(&self) -> bool {
        !self.current().config.providers.is_empty()
    }

    /// The model for a prompt of about `tokens` tokens, by the configured tiers.
    pub fn model_for(&self, tokens: u32) -> Option<String> {
        self.current().config.model_for(tokens).map(str::to_owned)
    }

    /// The listed model that `wish` names, with or without its provider before it.
    pub fn find_model(&self, wish: &str) -> Option<String> {
        self.current().targets.find(wish).map(str::to_owned)
    }

    pub(super) fn current(&self) -> Arc<Current> {
        Arc::clone(&self.0.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn gate(&self) -> &dyn Gate {
        &*self.0.gate
    }

    pub(super) fn stopping(&self) -> &CancellationToken {
        &self.0.stopping
    }

    /// Opens the books for a request: reserves what it may cost and a place among those under way.
    pub(super) async fn admit(&self, caller: &Caller, incoming: &Incoming) -> Result<Tab, Denied> {
        let current = self.current();
        if self.0.stopping.is_cancelled() {
            return Err(Denied::Failed(failure::Kind::Stopping.into()));
        }
        let place = Arc::clone(&current.places).try_acquire_owned().map_err(|_| {
            let mut busy = Failure::from(failure::Kind::Busy);
            busy.retry_after = Some(Duration::from_secs(1));
            Denied::Failed(busy)
        })?;
        let (input, output) = incoming.estimate();
        let output = output.unwrap_or_else(|| {
            u64::from(
                current.config.models.get(&incoming.model).map_or(4096, |model| model.max_output_tokens),
            )
        });
        let price = current.config.models.get(&incoming.model).map(|model| model.price).unwrap_or_default();
        let cost = price.of(&Usage { input, output, ..Usage::default() });
        let ask = Ask { model: incoming.model.clone(), input_tokens: input, output_tokens: output, cost };
        let reservation = self.0.meter.reserve(caller, &ask).await.map_err(Denied::Refused)?;
        Ok(Tab::new(ask, reservation, place))
    }

    /// Walks the targets until one begins to answer. Nothing of a failed call is seen by anybody.
    pub(super) async fn open(&self, incoming: &Incoming, attempts: &AtomicU32) -> Result<Started, Failure> {
        let current = self.current();
        let config = &current.config;
        let deadline = Instant::now() + Duration::from_millis(config.total_timeout_ms);
        let plan = current.targets.plan(&incoming.model)?;
        self.0.budget.earn();
        let walk = Walk { relay: self, current: &current, incoming, attempts, deadline };
        let mut failed: Option<Failure> = None;
        let mut asked = false;
        for (i, target) in plan.iter().enumerate() {
            let Some(permit) = target.breaker.acquire(Instant::now()) else { continue };
            asked = true;
            match walk.target(target, permit, &plan[i + 1..]).await {
                Ok(started) => return Ok(started),
                Err(failure) if failure.next() == Next::Stop => return Err(failure),
                Err(failure) => failed = Some(worse(failed, failure)),
            }
            if Instant::now() >= deadline {
                break;
            }
        }
        if !asked {
            // All are to be left alone: the one that comes back first is still better than none.
            let now = Instant::now();
            if let Some(best) = plan.iter().min_by_key(|target| target.breaker.reopens(now)) {
                match walk.once(best, best.breaker.force()).await {
                    Ok(started) => return Ok(started),
                    Err(failure) => failed = Some(failure),
                }
            }
        }
        Err(failed.unwrap_or_else(|| failure::Kind::NoProvider.into()))
    }
}

/// Prefers the failure that tells the client when to come back.
fn worse(before: Option<Failure>, after: Failure) -> Failure {
    match before {
        Some(before) if before.retry_after.is_some() && after.retry_after.is_none() => before,
        _ => after,
    }
}

/// What the calls of one request share.
struct Walk<'a> {
    relay: &'a Relay,
    current: &'a Current,
    incoming: &'a Incoming,
    attempts: &'a AtomicU32,
    deadline: Instant,
}

impl Walk<'_> {
    /// Calls one target, again where that is sensible.
    async fn target(&self, target: &Target, permit: Permit, others: &[Target]) -> Result<Started, Failure> {
        let config = &self.current.config;
        let mut permit = permit;
        for step in 0.. {
            let failure = match self.once(target, permit).await {
                Ok(started) => return Ok(started),
                Err(failure) => failure,
            };
            let now = Instant::now();
            let another_key = || others.iter().any(|other| target.differs_in_key(other));
            let again = match failure.next() {
                // A limit of one key is not that of the next.
                Next::Again => failure.kind != failure::Kind::RateLimited || !another_key(),
                Next::ElsewhereOrAgain => others.is_empty(),
                Next::Elsewhere | Next::Stop => false,
            };
            let base = Duration::from_millis(config.backoff_ms);
            let cap = Duration::from_millis(config.backoff_cap_ms);
            let wait = retry::wait(step, base, cap, failure.retry_after);
            if !again || step >= config.retries || wait > cap || now + wait >= self.deadline {
                return Err(failure);
            }
            if !self.relay.0.budget.spend() {
                return Err(failure);
            }
            tracing::debug!(?target, kind = ?failure.kind, ?wait, "calling again");
            tokio::time::sleep(wait).await;
            match target.breaker.acquire(Instant::now()) {
                Some(next) => permit = next,
                None => return Err(failure),
            }
        }
        Err(failure::Kind::ServerError.into())
    }

    /// One call, and what the breaker learns from it.
    async fn once(&self, target: &Target, permit: Permit) -> Result<Started, Failure> {
        self.attempts.fetch_add(1, Ordering::Relaxed);
        let called =
            attempt::call(&self.current.client, &self.current.config, target, self.incoming, self.deadline)
                .await;
        match called {
            Ok(Won { upstream_id, answer }) => {
                let answer = match answer {
                    attempt::Answer::Whole { body, events } => {
                        permit.succeeded();
                        Reply::Whole(Whole { body, events })
                    }
                    attempt::Answer::Stream { source, held } => {
                        Reply::Stream(Live { source, held, permit: Some(permit.began()) })
                    }
                };
                Ok(Started { target: target.clone(), upstream_id, answer })
            }
            Err(failure) => {
                let now = Instant::now();
                if let Some(hold) = failure.hold() {
                    target.breaker.hold(now + hold);
                }
                if matches!(failure.kind, failure::Kind::Quota | failure::Kind::KeyRefused) {
                    tracing::error!(?target, kind = ?failure.kind, "a model provider needs its operator");
                }
                if failure.is_targets_fault() {
                    permit.failed(now);
                }
                Err(failure)
            }
        }
    }
}

impl Live {
    /// The next event; `None` at the end of a whole answer.
    pub(super) async fn next(&mut self) -> Result<Option<Piece>, Failure> {
        if let Some(piece) = self.held.pop_front() {
            return Ok(Some(piece));
        }
        let next = self.source.next(None).await;
        self.learn(&next);
        next
    }

    /// An event that is here already.
    pub(super) fn ready(&mut self) -> Result<Option<Piece>, Failure> {
        if let Some(piece) = self.held.pop_front() {
            return Ok(Some(piece));
        }
        self.source.ready()
    }

    /// A stream's outcome is known at its end.
    fn learn(&mut self, next: &Result<Option<Piece>, Failure>) {
        let failure = match next {
            Ok(Some(piece)) => match piece.failure() {
                Some(failure) => failure,
                None => return,
            },
            Ok(None) => {
                if let Some(permit) = self.permit.take() {
                    permit.succeeded();
                }
                return;
            }
            Err(failure) => failure,
        };
        if let Some(permit) = self.permit.take()
            && failure.is_targets_fault()
        {
            permit.failed(Instant::now());
        }
    }
}

/// Why a request did not get as far as a call.
#[derive(Debug)]
pub(super) enum Denied {
    /// By the host.
    Refused(Refused),
    /// By the relay.
    Failed(Failure),
}

impl Denied {
    pub(super) fn into_failure(self) -> Failure {
        match self {
            Self::Failed(failure) => failure,
            Self::Refused(refused) => {
                let mut failure = Failure::new(failure::Kind::Denied, refused.message);
                failure.retry_after = refused.retry_after;
                failure
            }
        }
    }
}
