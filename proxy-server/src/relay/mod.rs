//! The relay inside this server: who may use it, and the books that it keeps. The relay itself (`llm`) knows
//! nothing of accounts and storage.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use axum::http::request::Parts;

use crate::accounts::{self, Means, Scope};
use crate::llm::{self, Ask, Bill, Future, Gate, Meter, Outcome, Refused, Relay, Reservation};
use crate::state::AppState;
use crate::storage::usage::Entry;

/// The relay's endpoints over this server's accounts. A configuration that cannot work was refused at the start.
pub(crate) fn router(state: &AppState) -> Router<AppState> {
    let host = Arc::new(Host(state.clone()));
    match Relay::new(state.config.llm.clone(), host.clone(), host, state.shutdown.clone()) {
        Ok(relay) => llm::router(relay),
        Err(why) => {
            tracing::error!(why, "the relay is off");
            Router::new()
        }
    }
}

struct Host(AppState);

fn refused(status: StatusCode, message: &str) -> Refused {
    Refused { status, message: message.to_owned(), retry_after: None }
}

impl Gate for Host {
    fn identify<'a>(&'a self, request: &'a Parts) -> Future<'a, Result<llm::Caller, Refused>> {
        Box::pin(async move {
            let caller = accounts::authenticate(request, &self.0).await.map_err(|_| {
                refused(StatusCode::UNAUTHORIZED, "an access token or an API key of this server is needed")
            })?;
            if !caller.scopes.has(Scope::Llm) {
                return Err(refused(StatusCode::FORBIDDEN, "this key may not use language models"));
            }
            Ok(llm::Caller(Arc::new(caller)))
        })
    }
}

impl Meter for Host {
    fn reserve<'a>(
        &'a self,
        caller: &'a llm::Caller,
        ask: &'a Ask,
    ) -> Future<'a, Result<Box<dyn Reservation>, Refused>> {
        Box::pin(async move {
            let Some(caller) = caller.0.downcast_ref::<accounts::Caller>() else {
                return Err(refused(StatusCode::UNAUTHORIZED, "nobody is asking"));
            };
            let whole = |tokens: u64| i64::try_from(tokens).unwrap_or(i64::MAX);
            let tokens = whole(ask.input_tokens.saturating_add(ask.output_tokens));
            let limit = whole(self.0.config.limits.tokens_per_day);
            let day =
                self.0.storage.reserve_tokens(&caller.user_id, tokens, limit).await.map_err(|error| {
                    tracing::error!(%error, "a reservation failed");
                    let busy = refused(
                        StatusCode::SERVICE_UNAVAILABLE,
                        "the server cannot keep its books right now",
                    );
                    Refused { retry_after: Some(Duration::from_secs(2)), ..busy }
                })?;
            let Some(day) = day else {
                return Err(refused(StatusCode::PAYMENT_REQUIRED, "the tokens of today are used up"));
            };
            let key_id = if let Means::ApiKey(id) = &caller.means { id.clone() } else { String::new() };
            Ok(Box::new(Booked {
                state: self.0.clone(),
                user_id: caller.user_id.clone(),
                key_id,
                day,
                tokens,
            }) as Box<dyn Reservation>)
        })
    }
}

/// Tokens that were set aside for one request.
struct Booked {
    state: AppState,
    user_id: String,
    key_id: String,
    day: i64,
    tokens: i64,
}

impl Reservation for Booked {
    fn settle(self: Box<Self>, bill: Bill) {
        let whole = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
        let outcome = match bill.outcome {
            Outcome::Cancelled => "cancelled",
            Outcome::Finished => "finished",
            Outcome::Refused => "refused",
            Outcome::Cut => "cut",
            Outcome::Failed => "failed",
        };
        let entry = Entry {
            user_id: self.user_id,
            key_id: self.key_id,
            provider: bill.provider,
            model: bill.model,
            outcome: outcome.to_owned(),
            input_tokens: whole(bill.usage.input),
            cache_read_tokens: whole(bill.usage.cache_read),
            cache_write_tokens: whole(bill.usage.cache_write),
            output_tokens: whole(bill.usage.output),
            reasoning_tokens: whole(bill.usage.reasoning),
            is_estimated: bill.usage.estimated,
            duration_ms: i64::try_from(bill.duration.as_millis()).unwrap_or(i64::MAX),
        };
        let (state, day, tokens) = (self.state, self.day, self.tokens);
        // The request may be on its way out: the books are written beside it.
        tokio::spawn(async move {
            if let Err(error) = state.storage.settle(&entry, day, tokens).await {
                tracing::error!(%error, "usage could not be written");
            }
        });
    }
}
