//! What people may use of the language models, and the door to the books: who writes a line into the ledger
//! (`ledger`) counts it here.
//!
//! Money is counted in millionths of the currency that the price table of the configuration has. What a request
//! may cost is set aside before it runs and turned into what it did cost after it; both come in batches, so that
//! many requests at once share one commit (`books`).

use std::collections::BTreeMap;

use sqlx::Row;

use super::ledger::{day, enter};
use super::{Error, Result, Storage, Tx};
use crate::ids;
use crate::time::{self, Millis};

pub use super::ledger::{By, Sum};

/// One request to a model.
#[derive(Clone, Debug, Default)]
pub struct Entry {
    /// Who asked.
    pub user_id: String,
    /// With which API key; empty: the person themselves.
    pub key_id: String,
    /// For which project (inner id); empty: none was named.
    pub project_id: String,
    /// In which request.
    pub request_id: String,
    /// Who answered; empty: nobody.
    pub provider: String,
    /// The model's name as it was asked for.
    pub model: String,
    /// How it ended.
    pub outcome: String,
    /// Tokens of the prompt, cached ones included.
    pub input_tokens: i64,
    /// Of these, read from the provider's cache.
    pub cache_read_tokens: i64,
    /// Of these, written to the provider's cache.
    pub cache_write_tokens: i64,
    /// Tokens written, reasoning included.
    pub output_tokens: i64,
    /// Of these, reasoning.
    pub reasoning_tokens: i64,
    /// The provider did not say.
    pub is_estimated: bool,
    /// What it cost, in millionths.
    pub cost: i64,
    /// From the request to its end.
    pub duration_ms: i64,
}

/// What a request may take, to be set aside.
#[derive(Clone, Debug, Default)]
pub struct Claim {
    /// Who asks.
    pub user_id: String,
    /// Tokens, both sides together.
    pub tokens: i64,
    /// Cost in millionths.
    pub cost: i64,
    /// Tokens of a day; 0: any number.
    pub tokens_per_day: i64,
    /// Cost of a day; 0: any.
    pub cost_per_day: i64,
    /// When it is given back although nobody settled: the server died.
    pub life_ms: Millis,
}

/// Why nothing was set aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UsedUp {
    /// The tokens or the money of today.
    Today,
    /// The credit that an admin granted.
    Credit,
}

/// What is set aside, by its name, or why not.
pub type Claimed = std::result::Result<String, UsedUp>;

/// One line for the books.
#[derive(Clone, Debug)]
pub enum Order {
    /// Set aside.
    Claim(Claim),
    /// Write down, and give back what was set aside under this name.
    Settle(Entry, Option<String>),
}

/// Tokens and money of one day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Quota {
    /// Tokens spent.
    pub used: i64,
    /// Tokens set aside for requests under way.
    pub reserved: i64,
    /// Money spent, in millionths.
    pub cost_used: i64,
    /// Money set aside, in millionths.
    pub cost_reserved: i64,
}

/// What an admin lets a person spend in all, in millionths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Credit {
    /// Granted so far.
    pub granted: i64,
    /// Spent of it.
    pub used: i64,
    /// Set aside of it.
    pub reserved: i64,
}

impl Storage {
    /// Writes a batch of lines into the books in one transaction; gives what came of each claim, in order.
    ///
    /// A line that cannot be written fails the whole batch: nothing of it is kept then.
    pub async fn book(&self, orders: &[Order]) -> Result<Vec<Claimed>> {
        let mut tx = self.begin().await?;
        let (mut claimed, mut spent, mut entries) = (Vec::new(), BTreeMap::new(), Vec::new());
        for order in orders {
            match order {
                Order::Claim(claim) => {
                    // A claim is weighed against all that was spent before it.
                    spend(&mut tx, std::mem::take(&mut spent)).await?;
                    claimed.push(set_aside(&mut tx, claim).await?);
                }
                Order::Settle(entry, reservation) => {
                    entries.push(entry);
                    if let Some(id) = reservation {
                        give_back(&mut tx, id).await?;
                    }
                    let (tokens, cost) = spent.entry(&*entry.user_id).or_default();
                    *tokens += entry.input_tokens + entry.output_tokens;
                    *cost += entry.cost;
                }
            }
        }
        spend(&mut tx, spent).await?;
        enter(&mut tx, self.kind, &entries).await?;
        tx.commit().await?;
        Ok(claimed)
    }

    /// What a person has spent and set aside today.
    pub async fn quota(&self, user_id: &str) -> Result<Quota> {
        let row = sqlx::query(
            "SELECT used, reserved, cost_used, cost_reserved FROM quotas WHERE user_id = $1 AND day = $2",
        )
        .bind(user_id)
        .bind(day(time::now()))
        .fetch_optional(self.read())
        .await?;
        row.map_or(Ok(Quota::default()), |row| {
            Ok(Quota {
                used: row.try_get(0)?,
                reserved: row.try_get(1)?,
                cost_used: row.try_get(2)?,
                cost_reserved: row.try_get(3)?,
            })
        })
    }

    /// What a person may spend in all; `None`: nobody set a bound.
    pub async fn credit(&self, user_id: &str) -> Result<Option<Credit>> {
        let row = sqlx::query("SELECT granted, used, reserved FROM credits WHERE user_id = $1")
            .bind(user_id)
            .fetch_optional(self.read())
            .await?;
        row.map(|row| {
            Ok(Credit { granted: row.try_get(0)?, used: row.try_get(1)?, reserved: row.try_get(2)? })
        })
        .transpose()
    }

    /// Lets a person spend `granted` in all, what they have spent so far included; `None` takes the bound away.
    pub async fn grant_credit(&self, user_id: &str, granted: Option<i64>) -> Result<()> {
        let mut tx = self.begin().await?;
        match granted {
            Some(granted) => {
                sqlx::query(
                    "INSERT INTO credits (user_id, granted) VALUES ($1, $2)
                     ON CONFLICT (user_id) DO UPDATE SET granted = $2",
                )
                .bind(user_id)
                .bind(granted)
                .execute(&mut *tx)
                .await?;
            }
            None => {
                sqlx::query("DELETE FROM credits WHERE user_id = $1").bind(user_id).execute(&mut *tx).await?;
            }
        }
        Ok(tx.commit().await?)
    }

    /// Gives back what servers that died have set aside.
    pub async fn sweep_reservations(&self) -> Result<u64> {
        self.release(time::now()).await
    }

    /// Lets go of what a server that died has set aside. Only where no other server can be: on SQLite.
    pub(crate) async fn release_reservations(&self) -> Result<()> {
        self.release(Millis::MAX).await?;
        let mut tx = self.begin().await?;
        sqlx::query(
            "UPDATE quotas SET reserved = 0, cost_reserved = 0 WHERE reserved <> 0 OR cost_reserved <> 0",
        )
        .execute(&mut *tx)
        .await?;
        Ok(tx.commit().await?)
    }

    async fn release(&self, until: Millis) -> Result<u64> {
        let mut tx = self.begin().await?;
        let rows = sqlx::query("SELECT id FROM reservations WHERE expires_at <= $1 LIMIT 10000")
            .bind(until)
            .fetch_all(&mut *tx)
            .await?;
        for row in &rows {
            give_back(&mut tx, row.try_get(0)?).await?;
        }
        tx.commit().await?;
        Ok(rows.len() as u64)
    }
}

/// Sets aside, or tells why not. Each bound is one conditional statement: two requests at once cannot both have
/// the last of it.
async fn set_aside(tx: &mut Tx, claim: &Claim) -> Result<Claimed> {
    let day = day(time::now());
    sqlx::query(
        "INSERT INTO quotas (user_id, day, used, reserved) VALUES ($1, $2, 0, 0)
         ON CONFLICT (user_id, day) DO NOTHING",
    )
    .bind(&claim.user_id)
    .bind(day)
    .execute(&mut **tx)
    .await?;
    let today = sqlx::query(
        "UPDATE quotas SET reserved = reserved + $3, cost_reserved = cost_reserved + $4
         WHERE user_id = $1 AND day = $2 AND ($5 = 0 OR used + reserved + $3 <= $5)
         AND ($6 = 0 OR cost_used + cost_reserved + $4 <= $6)",
    )
    .bind(&claim.user_id)
    .bind(day)
    .bind(claim.tokens)
    .bind(claim.cost)
    .bind(claim.tokens_per_day)
    .bind(claim.cost_per_day)
    .execute(&mut **tx)
    .await?;
    if today.rows_affected() == 0 {
        return Ok(Err(UsedUp::Today));
    }
    let credit = sqlx::query(
        "UPDATE credits SET reserved = reserved + $2 WHERE user_id = $1 AND used + reserved + $2 <= granted",
    )
    .bind(&claim.user_id)
    .bind(claim.cost)
    .execute(&mut **tx)
    .await?;
    if credit.rows_affected() == 0 {
        let bound = sqlx::query("SELECT 1 FROM credits WHERE user_id = $1")
            .bind(&claim.user_id)
            .fetch_optional(&mut **tx)
            .await?;
        if bound.is_some() {
            let entry = (claim.user_id.as_str(), day, claim.tokens, claim.cost);
            take_from_quota(tx, entry).await?;
            return Ok(Err(UsedUp::Credit));
        }
    }
    let id = ids::sortable();
    sqlx::query(
        "INSERT INTO reservations (id, user_id, day, tokens, cost, expires_at) VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(&id)
    .bind(&claim.user_id)
    .bind(day)
    .bind(claim.tokens)
    .bind(claim.cost)
    .bind(time::now() + claim.life_ms)
    .execute(&mut **tx)
    .await?;
    Ok(Ok(id))
}

async fn take_from_quota(tx: &mut Tx, (user_id, day, tokens, cost): (&str, i64, i64, i64)) -> Result<()> {
    sqlx::query(
        "UPDATE quotas SET reserved = reserved - $3, cost_reserved = cost_reserved - $4
         WHERE user_id = $1 AND day = $2",
    )
    .bind(user_id)
    .bind(day)
    .bind(tokens)
    .bind(cost)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Gives back what is set aside under this name, once.
async fn give_back(tx: &mut Tx, id: &str) -> Result<()> {
    let row = sqlx::query("DELETE FROM reservations WHERE id = $1 RETURNING user_id, day, tokens, cost")
        .bind(id)
        .fetch_optional(&mut **tx)
        .await?;
    // It had expired: the sweep has given it back.
    let Some(row) = row else { return Ok(()) };
    let user_id: String = row.try_get(0)?;
    let (day, tokens, cost) = (row.try_get(1)?, row.try_get(2)?, row.try_get(3)?);
    take_from_quota(tx, (&user_id, day, tokens, cost)).await?;
    sqlx::query("UPDATE credits SET reserved = reserved - $2 WHERE user_id = $1")
        .bind(&user_id)
        .bind(cost)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Counts tokens and money of people.
async fn spend(tx: &mut Tx, spent: BTreeMap<&str, (i64, i64)>) -> Result<()> {
    for (user_id, (tokens, cost)) in spent {
        if tokens == 0 && cost == 0 {
            continue;
        }
        sqlx::query(
            "INSERT INTO quotas (user_id, day, used, reserved, cost_used) VALUES ($1, $2, $3, 0, $4)
             ON CONFLICT (user_id, day) DO UPDATE
             SET used = quotas.used + $3, cost_used = quotas.cost_used + $4",
        )
        .bind(user_id)
        .bind(day(time::now()))
        .bind(tokens)
        .bind(cost)
        .execute(&mut **tx)
        .await?;
        if cost > 0 {
            sqlx::query("UPDATE credits SET used = used + $2 WHERE user_id = $1")
                .bind(user_id)
                .bind(cost)
                .execute(&mut **tx)
                .await?;
        }
    }
    Ok(())
}

/// Whether trying again later may help.
pub(crate) fn may_heal(error: &Error) -> bool {
    matches!(error, Error::Away(_) | Error::Full(_))
}
