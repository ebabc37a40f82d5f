//! Design requests that go on when their client leaves.
//!
//! A job runs as a task of its own. What it tells is kept in the database in small batches; whoever follows it reads
//! from there, from any event on and on any server.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::json;
use tokio_util::sync::CancellationToken;

use super::events::{self, Events};
use super::pipeline::{self, Request};
use crate::accounts::Caller;
use crate::error::Error;
use crate::middleware::request_id;
use crate::routes::design::Generated;
use crate::state::AppState;
use crate::storage::jobs::{Event, Job, Status};

/// How often what was told is kept.
const KEEP: Duration = Duration::from_millis(200);
/// How often a silent job looks whether it was taken back, and says that it lives.
const LOOK: u32 = 5;

/// The jobs that run in this process, so that they can be taken back at once.
#[derive(Clone, Debug, Default)]
pub(crate) struct Running(Arc<Mutex<HashMap<String, CancellationToken>>>);

impl Running {
    fn add(&self, id: &str) -> CancellationToken {
        let token = CancellationToken::new();
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(id.to_owned(), token.clone());
        token
    }

    fn take(&self, id: &str) -> Option<CancellationToken> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(id)
    }
}

/// Begins a job; what is wrong with the request is told at once.
pub(crate) async fn start(state: &AppState, caller: &Caller, request: Request) -> Result<Job, Error> {
    let project = pipeline::admit(state, caller, &request).await?;
    let limits = &state.config.limits;
    let life_ms = i64::from(limits.job_hours) * 3_600_000;
    let made = state.storage.create_job(&caller.user_id, &project.id, limits.jobs_at_once, life_ms).await?;
    let id = made.ok_or(Error::TooMany { retry_after_s: 5 })?;
    let job = state.storage.job(&caller.user_id, &id).await?.ok_or(Error::NotFound("job"))?;
    let work = run(state.clone(), caller.clone(), request, id.clone(), state.jobs.add(&id));
    tokio::spawn(request_id::carried(work));
    Ok(job)
}

/// A job of the caller's. One whose server died is told so first.
pub(crate) async fn find(state: &AppState, caller: &Caller, id: &str) -> Result<Job, Error> {
    bury(state).await?;
    state.storage.job(&caller.user_id, id).await?.ok_or(Error::NotFound("job"))
}

/// Takes a job back; one that has ended stays as it is.
pub(crate) async fn cancel(state: &AppState, caller: &Caller, id: &str) -> Result<(), Error> {
    let job = state.storage.job(&caller.user_id, id).await?.ok_or(Error::NotFound("job"))?;
    let error =
        Error::Conflict { code: "CANCELLED", message: "it was taken back".to_owned(), details: json!({}) };
    end(state, &job.id, Status::Cancelled, Err(&error)).await;
    if let Some(token) = state.jobs.take(id) {
        token.cancel();
    }
    Ok(())
}

/// Ends the jobs of servers that died.
pub(crate) async fn bury(state: &AppState) -> Result<(), Error> {
    for id in state.storage.dead_jobs().await? {
        let cause = "the server that served it has ended".to_owned();
        end(state, &id, Status::Failed, Err(&Error::Unavailable { retry_after_s: 1, cause })).await;
    }
    Ok(())
}

async fn run(state: AppState, caller: Caller, request: Request, id: String, taken_back: CancellationToken) {
    let (events, mut receiver) = Events::channel();
    let work = pipeline::run(&state, &caller, request, &events);
    tokio::pin!(work);
    let mut told = Told::default();
    let mut ticks = tokio::time::interval(KEEP);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut silent = 0;
    let outcome = loop {
        tokio::select! {
            () = taken_back.cancelled() => break None,
            () = state.shutdown.cancelled() => {
                let cause = "the server is stopping".to_owned();
                break Some(Err(Error::Unavailable { retry_after_s: 2, cause }));
            }
            Some(event) = receiver.recv() => told.push(&event),
            outcome = &mut work => {
                while let Ok(event) = receiver.try_recv() {
                    told.push(&event);
                }
                break Some(outcome);
            }
            _ = ticks.tick() => {
                silent += 1;
                if told.fresh.is_empty() && silent < LOOK {
                    continue;
                }
                silent = 0;
                match state.storage.job_told(&id, &told.fresh).await {
                    Ok(true) => told.fresh.clear(),
                    Ok(false) => break None,
                    // Kept with the next batch: the work is worth more than its tale.
                    Err(error) => tracing::warn!(%error, "what a job told cannot be kept"),
                }
            }
        }
    };
    state.jobs.take(&id);
    let Some(outcome) = outcome else { return };
    if !told.fresh.is_empty()
        && let Err(error) = state.storage.job_told(&id, &told.fresh).await
    {
        tracing::warn!(%error, "what a job told cannot be kept");
    }
    match outcome {
        Ok(answer) => end(&state, &id, Status::Done, Ok(&Generated::from(answer))).await,
        Err(error) => end(&state, &id, Status::Failed, Err(&error)).await,
    }
}

async fn end(state: &AppState, id: &str, status: Status, outcome: Result<&Generated, &Error>) {
    let (name, data) = match outcome {
        Ok(answer) => ("done", serde_json::to_string(answer)),
        Err(error) => {
            error.log();
            ("error", serde_json::to_string(&error.body()))
        }
    };
    if let Err(error) = state.storage.end_job(id, status, name, &data.unwrap_or_default()).await {
        tracing::error!(%error, job = id, "the end of a job cannot be kept");
    }
}

/// What a job told since it was last kept. Pieces of one text become one.
#[derive(Default)]
struct Told {
    fresh: Vec<Event>,
    /// Number of the last event.
    last: i64,
    /// The text of the last fresh event, where it is a piece.
    piece: String,
}

impl Told {
    fn push(&mut self, event: &events::Event) {
        let delta = match event {
            events::Event::Source { delta } | events::Event::Message { delta } => Some(delta),
            _ => None,
        };
        let name = event.name();
        if let (Some(delta), Some(before)) = (delta, self.fresh.last_mut())
            && before.name == name
            && !self.piece.is_empty()
        {
            self.piece.push_str(delta);
            before.data = json!({ "delta": self.piece }).to_string();
            return;
        }
        self.last += 1;
        self.piece = delta.cloned().unwrap_or_default();
        let data = serde_json::to_string(event).unwrap_or_default();
        self.fresh.push(Event { number: self.last, name: name.to_owned(), data });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_become_one_and_numbers_have_no_holes() {
        use events::Event as E;
        let mut told = Told::default();
        let source = |delta: &str| E::Source { delta: delta.to_owned() };
        for event in [source("a"), source("b"), E::Reset { reset: true }, source("c"), source("d")] {
            told.push(&event);
        }
        told.fresh.clear();
        told.push(&source("e"));
        told.push(&E::Message { delta: "m".to_owned() });
        let seen: Vec<(i64, &str, &str)> =
            told.fresh.iter().map(|event| (event.number, event.name.as_str(), event.data.as_str())).collect();
        assert_eq!(seen, [(4, "source", "{\"delta\":\"e\"}"), (5, "message", "{\"delta\":\"m\"}")]);
    }
}
