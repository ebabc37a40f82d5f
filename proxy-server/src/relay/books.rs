//! The books are written by one task, in batches: requests that come together share one commit, and a database
//! that is away for a while costs no line of the ledger.
//!
//! Lines that somebody waits for are written at once. A line of the ledger that nobody waits for is written within
//! [`GATHER`]: so much of the ledger is lost when the process is killed, and nothing when it is told to stop.

use std::sync::Arc;
use std::time::Duration;

use moka::sync;
use tokio::sync::{Notify, mpsc, oneshot};

use crate::storage::usage::{Claim, Claimed, Entry, Order, may_heal};
use crate::storage::{Error, Result, Storage};

/// Lines in one transaction.
const BATCH: usize = 256;
/// Lines that nobody waits for wait so long for others.
const GATHER: Duration = Duration::from_millis(50);
/// How long whoever reads the ledger waits for what is not written yet.
const READERS_PATIENCE: Duration = Duration::from_secs(1);
/// Lines that may wait for a database that is away; then the oldest are written to the log instead.
const MOST_WAITING: usize = 100_000;
const FIRST_WAIT: Duration = Duration::from_millis(100);
const LONGEST_WAIT: Duration = Duration::from_secs(4);

/// How long it is remembered whether somebody has a credit: a bound set on another server works after this.
const CREDIT_TIME: Duration = Duration::from_secs(10);

/// The way to the books. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Books {
    lines: mpsc::UnboundedSender<Line>,
    /// Told when somebody waits for a line.
    hurry: Arc<Notify>,
    storage: Storage,
    /// Whether a person's spending is bound by a credit.
    credits: sync::Cache<String, bool>,
}

#[derive(Debug)]
enum Line {
    Claim(Claim, oneshot::Sender<Result<Claimed>>),
    Settle(Entry, Option<String>),
    /// Answered when all lines before it are written.
    Written(oneshot::Sender<()>),
}

impl Books {
    /// Opens the books. Their task ends when the last clone is gone.
    pub(crate) fn open(storage: Storage) -> Self {
        let (sender, lines) = mpsc::unbounded_channel();
        let hurry = Arc::new(Notify::new());
        tokio::spawn(write(storage.clone(), lines, Arc::clone(&hurry)));
        let credits = sync::Cache::builder().max_capacity(100_000).time_to_live(CREDIT_TIME).build();
        Self { lines: sender, hurry, storage, credits }
    }

    /// Whether an admin has set a bound to what this person may spend.
    pub(crate) async fn has_credit(&self, user_id: &str) -> Result<bool> {
        if let Some(known) = self.credits.get(user_id) {
            return Ok(known);
        }
        let has = self.storage.credit(user_id).await?.is_some();
        self.credits.insert(user_id.to_owned(), has);
        Ok(has)
    }

    /// Lets a person spend so much in all, in millionths; `None`: without a bound.
    pub(crate) async fn grant(&self, user_id: &str, granted: Option<i64>) -> Result<()> {
        self.storage.grant_credit(user_id, granted).await?;
        self.credits.invalidate(user_id);
        Ok(())
    }

    /// Sets aside what a request may take.
    pub(crate) async fn claim(&self, claim: Claim) -> Result<Claimed> {
        let (answer, claimed) = oneshot::channel();
        let closed = || Error::Away("the books are closed".to_owned());
        self.lines.send(Line::Claim(claim, answer)).map_err(|_| closed())?;
        self.hurry.notify_one();
        claimed.await.map_err(|_| closed())?
    }

    /// Writes down what a request took; never waits.
    pub(crate) fn settle(&self, entry: Entry, reservation: Option<String>) {
        // Only fails once the server has ended.
        drop(self.lines.send(Line::Settle(entry, reservation)));
    }

    /// Waits until everything so far is written.
    pub(crate) async fn written(&self) {
        let (answer, written) = oneshot::channel();
        if self.lines.send(Line::Written(answer)).is_ok() {
            self.hurry.notify_one();
            drop(written.await);
        }
    }

    /// For whoever reads the ledger: waits until everything so far is written, if that is soon.
    pub(crate) async fn caught_up(&self) {
        // A database that is away is for the reader to find out.
        drop(tokio::time::timeout(READERS_PATIENCE, self.written()).await);
    }
}

async fn write(storage: Storage, mut lines: mpsc::UnboundedReceiver<Line>, hurry: Arc<Notify>) {
    // Settled while the database was away, oldest first.
    let mut late: Vec<Order> = Vec::new();
    let mut wait = FIRST_WAIT;
    loop {
        let first = if late.is_empty() {
            lines.recv().await
        } else {
            let Ok(line) = tokio::time::timeout(wait, lines.recv()).await else {
                wait = again(&storage, &mut late, wait).await;
                continue;
            };
            line
        };
        let Some(first) = first else {
            again(&storage, &mut late, wait).await;
            return;
        };
        if matches!(first, Line::Settle(..)) {
            tokio::select! {
                () = tokio::time::sleep(GATHER) => {}
                () = hurry.notified() => {}
            }
        }
        let mut batch = vec![first];
        while batch.len() < BATCH
            && let Ok(line) = lines.try_recv()
        {
            batch.push(line);
        }
        one(&storage, batch, &mut late).await;
    }
}

/// Writes what is late; gives how long to wait for the next try.
async fn again(storage: &Storage, late: &mut Vec<Order>, wait: Duration) -> Duration {
    while !late.is_empty() {
        let count = late.len().min(BATCH);
        if let Err(error) = book(storage, &late[..count]).await {
            tracing::warn!(%error, waiting = late.len(), "the ledger waits for the database");
            return (wait * 2).min(LONGEST_WAIT);
        }
        late.drain(..count);
    }
    FIRST_WAIT
}

/// Writes one batch and answers those who wait for it.
async fn one(storage: &Storage, batch: Vec<Line>, late: &mut Vec<Order>) {
    let (mut orders, mut waiting, mut written) = (Vec::new(), Vec::new(), Vec::new());
    for line in batch {
        match line {
            Line::Claim(claim, answer) => {
                orders.push(Order::Claim(claim));
                waiting.push(answer);
            }
            Line::Settle(entry, reservation) => orders.push(Order::Settle(entry, reservation)),
            Line::Written(answer) => written.push(answer),
        }
    }
    match book(storage, &orders).await {
        Ok(claimed) => {
            for (answer, claimed) in waiting.into_iter().zip(claimed) {
                // Who has left gets it back when it expires.
                drop(answer.send(claimed));
            }
            // The database is there again.
            again(storage, late, FIRST_WAIT).await;
        }
        Err(error) => {
            tracing::warn!(%error, "the books cannot be written");
            for answer in waiting {
                drop(answer.send(Err(Error::Away(error.to_string()))));
            }
            late.extend(orders.into_iter().filter(|order| matches!(order, Order::Settle(..))));
            while late.len() > MOST_WAITING {
                let lost = late.remove(0);
                tracing::error!(?lost, "a line of the ledger is only in this log");
            }
        }
    }
    if !written.is_empty() {
        again(storage, late, FIRST_WAIT).await;
    }
    for answer in written {
        // Who has left does not mind.
        let _ = answer.send(());
    }
}

/// Writes the orders together or, where one of them spoils the batch (its person was deleted meanwhile), each alone.
async fn book(storage: &Storage, orders: &[Order]) -> Result<Vec<Result<Claimed>>> {
    if orders.is_empty() {
        return Ok(Vec::new());
    }
    match storage.book(orders).await {
        Ok(claimed) => return Ok(claimed.into_iter().map(Ok).collect()),
        Err(error) if may_heal(&error) => return Err(error),
        Err(error) => tracing::debug!(%error, "a batch of the books is written line by line"),
    }
    let mut claimed = Vec::new();
    for order in orders {
        match (storage.book(std::slice::from_ref(order)).await, order) {
            (Ok(one), _) => claimed.extend(one.into_iter().map(Ok)),
            (Err(error), Order::Claim(_)) => claimed.push(Err(error)),
            (Err(error), Order::Settle(entry, _)) => {
                tracing::error!(%error, ?entry, "a line of the ledger cannot be written");
            }
        }
    }
    Ok(claimed)
}
