//! What the relay asks of its host: who is calling, may they, and here is what it cost.

use std::any::Any;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::http::StatusCode;
use axum::http::request::Parts;

/// A boxed future of a hook.
pub type Future<'a, T> = Pin<Box<dyn std::future::Future<Output = T> + Send + 'a>>;

/// Somebody who may call, as the host knows them. The relay only carries it.
#[derive(Clone)]
pub struct Caller {
    who: Arc<dyn Any + Send + Sync>,
    scope: String,
}

impl Caller {
    /// `scope` names those who may share kept answers: one person, usually.
    pub fn new(who: Arc<dyn Any + Send + Sync>, scope: impl Into<String>) -> Self {
        Self { who, scope: scope.into() }
    }

    /// What the host knows.
    pub fn who(&self) -> &(dyn Any + Send + Sync) {
        &*self.who
    }

    /// Whose kept answers are also theirs.
    pub(super) fn scope(&self) -> &str {
        &self.scope
    }
}

impl fmt::Debug for Caller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Caller")
    }
}

/// Knows callers by the head of their request.
pub trait Gate: Send + Sync + 'static {
    /// Who is asking, or why they may not come in (401, 403, 429).
    fn identify<'a>(&'a self, request: &'a Parts) -> Future<'a, Result<Caller, Refused>>;

    /// Ends when the caller may not be there any more: their streams are cut then.
    fn left(&self, caller: &Caller) -> Future<'static, ()> {
        let _ = caller;
        Box::pin(std::future::pending())
    }
}

/// Keeps the books.
pub trait Meter: Send + Sync + 'static {
    /// Sets aside what `ask` may cost, or says no (402, 429, 503).
    fn reserve<'a>(
        &'a self,
        caller: &'a Caller,
        ask: &'a Ask,
    ) -> Future<'a, Result<Box<dyn Reservation>, Refused>>;
}

/// Something set aside for one request.
pub trait Reservation: Send + Sync {
    /// Called exactly once, whatever happened, also when the client left. Must not block: it may run while the
    /// request is being dropped.
    fn settle(self: Box<Self>, bill: Bill);
}

/// What a request may cost, before it is made.
#[derive(Clone, Debug)]
pub struct Ask {
    /// The model's name as the client has it.
    pub model: String,
    /// Tokens of the prompt, estimated (a quarter of its bytes).
    pub input_tokens: u64,
    /// Tokens that may be written: what the client allows, or the model's own limit.
    pub output_tokens: u64,
    /// What that may cost, in millionths of the price table's currency.
    pub cost: u64,
}

/// What it did cost.
#[derive(Clone, Debug, Default)]
pub struct Bill {
    /// The provider that answered; empty: none.
    pub provider: String,
    /// The model's name in the configuration, or as the client has it.
    pub model: String,
    /// What the provider reported.
    pub usage: Usage,
    /// What that costs, in millionths of the price table's currency.
    pub cost: u64,
    /// How it ended.
    pub outcome: Outcome,
    /// Calls that were made upstream.
    pub attempts: u32,
    /// From the request to the first event of a stream; `None`: the answer was none.
    pub first_token: Option<Duration>,
    /// From the request to its end.
    pub duration: Duration,
}

/// How a request ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Outcome {
    /// The client left.
    #[default]
    Cancelled,
    /// A whole answer.
    Finished,
    /// A whole answer, which is a refusal or was filtered.
    Refused,
    /// The stream broke after something was forwarded.
    Cut,
    /// No answer.
    Failed,
    /// A kept answer to the same request.
    Cached,
}

/// Tokens. `input` and `output` count everything of their side; the others say what part of it was special.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Tokens of the prompt, cached ones included.
    pub input: u64,
    /// Of these, read from the provider's cache.
    pub cache_read: u64,
    /// Of these, written to the provider's cache.
    pub cache_write: u64,
    /// Tokens written, reasoning included.
    pub output: u64,
    /// Of these, reasoning.
    pub reasoning: u64,
    /// The provider did not say: counted from the bytes that passed.
    pub estimated: bool,
}

/// Why a caller was turned away.
#[derive(Clone, Debug)]
pub struct Refused {
    /// 401, 402, 403, 429 or 503.
    pub status: StatusCode,
    /// For a person.
    pub message: String,
    /// When it may work.
    pub retry_after: Option<Duration>,
}
