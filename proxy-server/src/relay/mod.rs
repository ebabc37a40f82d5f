//! The relay inside this server: who may use it, and the books that it keeps. The relay itself (`llm`) knows
//! nothing of accounts and storage.

mod books;

use std::sync::{Arc, OnceLock, Weak};
use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use axum::http::request::Parts;
use serde_json::json;

use crate::accounts::{self, Means};
use crate::error::Error;
use crate::llm::{self, Ask, Bill, Future, Gate, Meter, Outcome, Refused, Reservation};
use crate::middleware::request_id;
use crate::policy::{self, Need};
use crate::state::{AppState, Shared};
use crate::storage::usage::{Claim, Entry, UsedUp};
use crate::traces::{Kind, Place, Span};

pub(crate) use books::Books;

/// Names the project that a request is booked to, by its code.
const PROJECT: &str = "x-spandrel-project";
/// A reservation outlives the longest request by this.
const GRACE_MS: i64 = 60_000;

/// The relay's endpoints over this server's accounts.
pub(crate) fn router(state: &AppState) -> Router<AppState> {
    llm::router(state.relay.clone())
}

/// Somebody who uses the relay, and the project they do it for.
#[derive(Clone, Debug)]
pub(crate) struct Client {
    pub(crate) caller: accounts::Caller,
    /// Inner id; empty: none.
    pub(crate) project_id: String,
}

impl From<Client> for llm::Caller {
    fn from(client: Client) -> Self {
        // Answers are only ever shared between requests of one person.
        let scope = client.caller.user_id.clone();
        Self::new(Arc::new(client), scope)
    }
}

/// The server as the relay sees it. The server owns the relay, so that this side is a weak one.
#[derive(Clone, Default)]
pub(crate) struct Host(Arc<OnceLock<Weak<Shared>>>);

impl Host {
    /// From now on `state` answers.
    pub(crate) fn serves(&self, state: &AppState) {
        // Called once, by the one who made it.
        let _ = self.0.set(state.downgrade());
    }

    fn state(&self) -> Result<AppState, Refused> {
        let state = self.0.get().and_then(Weak::upgrade);
        state
            .map(AppState::from)
            .ok_or_else(|| refused(StatusCode::SERVICE_UNAVAILABLE, "the server is stopping"))
    }
}

fn refused(status: StatusCode, message: &str) -> Refused {
    Refused { status, message: message.to_owned(), retry_after: None }
}

fn busy() -> Refused {
    let busy = refused(StatusCode::SERVICE_UNAVAILABLE, "the server cannot keep its books right now");
    Refused { retry_after: Some(Duration::from_secs(2)), ..busy }
}

/// The same refusal as elsewhere, for the relay to say in its caller's dialect.
fn denied(error: &Error) -> Refused {
    error.log();
    let retry_after = match error {
        Error::TooMany { retry_after_s } | Error::Unavailable { retry_after_s, .. } => Some(*retry_after_s),
        _ => None,
    };
    Refused {
        status: error.status(),
        message: error.to_string(),
        retry_after: retry_after.map(Duration::from_secs),
    }
}

impl Gate for Host {
    fn identify<'a>(&'a self, request: &'a Parts) -> Future<'a, Result<llm::Caller, Refused>> {
        Box::pin(async move {
            let state = self.state()?;
            let admitted = policy::admit(request, &state, Need::Relay).await;
            let nobody = || refused(StatusCode::UNAUTHORIZED, "nobody is asking");
            let caller = admitted.map_err(|error| denied(&error))?.ok_or_else(nobody)?;
            let project_id =
                match request.headers.get(PROJECT).map(|value| value.to_str().unwrap_or_default()) {
                    None => String::new(),
                    Some(code) => {
                        let project =
                            state.storage.project(&caller.user_id, code).await.map_err(|_| busy())?;
                        project.ok_or_else(|| refused(StatusCode::NOT_FOUND, "project not found"))?.id
                    }
                };
            Ok(Client { caller, project_id }.into())
        })
    }

    fn left(&self, caller: &llm::Caller) -> Future<'static, ()> {
        match (self.state(), Self::client(caller)) {
            (Ok(state), Some(client)) => Box::pin(accounts::login_ended(state, client.caller.clone())),
            // The server is going: its streams end by themselves.
            _ => Box::pin(std::future::pending()),
        }
    }
}

impl Host {
    /// What this server knows of a caller that it let in.
    fn client(caller: &llm::Caller) -> Option<&Client> {
        caller.who().downcast_ref()
    }
}

impl Meter for Host {
    fn reserve<'a>(
        &'a self,
        caller: &'a llm::Caller,
        ask: &'a Ask,
    ) -> Future<'a, Result<Box<dyn Reservation>, Refused>> {
        Box::pin(async move {
            let state = self.state()?;
            let Some(client) = Self::client(caller) else {
                return Err(refused(StatusCode::UNAUTHORIZED, "nobody is asking"));
            };
            let limits = &state.config.limits;
            let booked = |reservation| {
                Box::new(Booked {
                    state: state.clone(),
                    client: client.clone(),
                    request_id: request_id::current(),
                    traced: request_id::place().map(Place::below),
                    reservation,
                }) as Box<dyn Reservation>
            };
            let has_credit = state.books.has_credit(&client.caller.user_id).await.map_err(|_| busy())?;
            if limits.tokens_per_day == 0 && limits.cost_per_day == 0 && !has_credit {
                // Nothing bounds them: nothing need be set aside.
                return Ok(booked(None));
            }
            let claim = Claim {
                user_id: client.caller.user_id.clone(),
                tokens: whole(ask.input_tokens.saturating_add(ask.output_tokens)),
                cost: whole(ask.cost),
                tokens_per_day: whole(limits.tokens_per_day),
                cost_per_day: whole(limits.cost_per_day),
                life_ms: whole(state.config.llm.total_timeout_ms).saturating_add(GRACE_MS),
            };
            let claimed = state.books.claim(claim).await.map_err(|error| {
                tracing::warn!(%error, "a reservation failed");
                busy()
            })?;
            let reservation = claimed.map_err(|why| {
                let message = match why {
                    UsedUp::Today => "what may be used in a day is used up; it begins anew at midnight UTC",
                    UsedUp::Credit => "the credit is used up; an admin can grant more",
                };
                refused(StatusCode::PAYMENT_REQUIRED, message)
            })?;
            Ok(booked(Some(reservation)))
        })
    }
}

fn whole(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// What is traced of an answer, by the semantic conventions for generative AI.
fn span(place: Place, bill: &Bill, outcome: &'static str) -> Span {
    let has_failed = matches!(bill.outcome, Outcome::Failed | Outcome::Cut);
    // A name that nobody answered to may be anything.
    let model = if bill.provider.is_empty() { "" } else { bill.model.as_str() };
    let mut attributes = vec![
        ("gen_ai.operation.name", json!("chat")),
        ("gen_ai.provider.name", json!(bill.provider)),
        ("gen_ai.request.model", json!(model)),
        ("gen_ai.usage.input_tokens", json!(bill.usage.input)),
        ("gen_ai.usage.output_tokens", json!(bill.usage.output)),
        ("spandrel.outcome", json!(outcome)),
        ("spandrel.attempts", json!(bill.attempts)),
    ];
    if has_failed {
        attributes.push(("error.type", json!(outcome)));
    }
    let name = format!("chat {model}").trim_end().to_owned();
    Span { place, name, kind: Kind::Client, took: bill.duration, attributes, has_failed }
}

/// What was set aside for one request.
struct Booked {
    state: AppState,
    client: Client,
    request_id: String,
    /// Where its answer is traced.
    traced: Option<Place>,
    reservation: Option<String>,
}

impl Reservation for Booked {
    fn settle(self: Box<Self>, bill: Bill) {
        let outcome = match bill.outcome {
            Outcome::Cancelled => "cancelled",
            Outcome::Finished => "finished",
            Outcome::Refused => "refused",
            Outcome::Cut => "cut",
            Outcome::Failed => "failed",
            Outcome::Cached => "cached",
        };
        if bill.outcome != Outcome::Cached {
            // Clients choose names that no table has: as labels they would be without a bound.
            let is_listed = self.state.relay.find_model(&bill.model).is_some();
            let model = if is_listed { bill.model.as_str() } else { "other" };
            let has_failed = matches!(bill.outcome, Outcome::Failed | Outcome::Cut);
            self.state.metrics.model(&bill, model, has_failed.then_some(outcome));
        }
        if let Some(place) = self.traced {
            self.state.traces.end(span(place, &bill, outcome));
        }
        let caller = self.client.caller;
        let entry = Entry {
            key_id: if let Means::ApiKey(id) = &caller.means { id.clone() } else { String::new() },
            user_id: caller.user_id,
            project_id: self.client.project_id,
            request_id: self.request_id,
            provider: bill.provider,
            model: bill.model,
            outcome: outcome.to_owned(),
            input_tokens: whole(bill.usage.input),
            cache_read_tokens: whole(bill.usage.cache_read),
            cache_write_tokens: whole(bill.usage.cache_write),
            output_tokens: whole(bill.usage.output),
            reasoning_tokens: whole(bill.usage.reasoning),
            is_estimated: bill.usage.estimated,
            cost: whole(bill.cost),
            duration_ms: i64::try_from(bill.duration.as_millis()).unwrap_or(i64::MAX),
        };
        self.state.books.settle(entry, self.reservation);
    }
}
