//! What people have used of the language models, and what they may use.

use sqlx::Row;
use sqlx::any::AnyRow;

use super::{Result, Storage};
use crate::ids;
use crate::time::{self, Millis};

const DAY_MS: Millis = 86_400_000;

/// One request to a model.
#[derive(Clone, Debug, Default)]
pub struct Entry {
    /// Who asked.
    pub user_id: String,
    /// With which API key; empty: the person themselves.
    pub key_id: String,
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
    /// From the request to its end.
    pub duration_ms: i64,
}

/// A person's use of one model.
#[derive(Clone, Debug)]
pub struct Sum {
    /// Who answered.
    pub provider: String,
    /// The model.
    pub model: String,
    /// How often.
    pub requests: i64,
    /// Tokens of the prompts.
    pub input_tokens: i64,
    /// Of these, read from the provider's cache.
    pub cache_read_tokens: i64,
    /// Tokens written.
    pub output_tokens: i64,
}

/// Tokens of one day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Quota {
    /// Spent.
    pub used: i64,
    /// Set aside for requests under way.
    pub reserved: i64,
}

/// The day of a moment, in UTC.
fn day(at: Millis) -> i64 {
    at.div_euclid(DAY_MS)
}

impl Storage {
    /// Sets `tokens` aside for today if at most `limit` (0: any number) are spent or set aside then. Gives the
    /// day, to be named when it is settled; `None`: it is too much.
    pub async fn reserve_tokens(&self, user_id: &str, tokens: i64, limit: i64) -> Result<Option<i64>> {
        let day = day(time::now());
        let mut tx = self.begin().await?;
        sqlx::query(
            "INSERT INTO quotas (user_id, day, used, reserved) VALUES ($1, $2, 0, 0)
             ON CONFLICT (user_id, day) DO NOTHING",
        )
        .bind(user_id)
        .bind(day)
        .execute(&mut *tx)
        .await?;
        // The one statement that decides: two requests at once cannot both have the last tokens.
        let done = sqlx::query(
            "UPDATE quotas SET reserved = reserved + $3
             WHERE user_id = $1 AND day = $2 AND ($4 = 0 OR used + reserved + $3 <= $4)",
        )
        .bind(user_id)
        .bind(day)
        .bind(tokens)
        .bind(limit)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok((done.rows_affected() > 0).then_some(day))
    }

    /// Writes a request into the ledger and turns what was set aside for it into what it took.
    pub async fn settle(&self, entry: &Entry, day: i64, reserved: i64) -> Result<()> {
        let mut tx = self.begin().await?;
        sqlx::query(
            "INSERT INTO usage (id, at, user_id, key_id, provider, model, outcome, input_tokens,
             cache_read_tokens, cache_write_tokens, output_tokens, reasoning_tokens, is_estimated, duration_ms)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        )
        .bind(ids::sortable())
        .bind(time::now())
        .bind(&entry.user_id)
        .bind(&entry.key_id)
        .bind(&entry.provider)
        .bind(&entry.model)
        .bind(&entry.outcome)
        .bind(entry.input_tokens)
        .bind(entry.cache_read_tokens)
        .bind(entry.cache_write_tokens)
        .bind(entry.output_tokens)
        .bind(entry.reasoning_tokens)
        .bind(i64::from(entry.is_estimated))
        .bind(entry.duration_ms)
        .execute(&mut *tx)
        .await?;
        sqlx::query(
            "UPDATE quotas SET reserved = reserved - $3, used = used + $4 WHERE user_id = $1 AND day = $2",
        )
        .bind(&entry.user_id)
        .bind(day)
        .bind(reserved)
        .bind(entry.input_tokens + entry.output_tokens)
        .execute(&mut *tx)
        .await?;
        Ok(tx.commit().await?)
    }

    /// What a person has spent and set aside today.
    pub async fn quota(&self, user_id: &str) -> Result<Quota> {
        let row = sqlx::query("SELECT used, reserved FROM quotas WHERE user_id = $1 AND day = $2")
            .bind(user_id)
            .bind(day(time::now()))
            .fetch_optional(self.read())
            .await?;
        row.map_or(Ok(Quota::default()), |row| Ok(Quota { used: row.try_get(0)?, reserved: row.try_get(1)? }))
    }

    /// A person's use from `from` to before `until`, by provider and model.
    pub async fn usage(&self, user_id: &str, from: Millis, until: Millis) -> Result<Vec<Sum>> {
        let rows = sqlx::query(
            "SELECT provider, model, COUNT(*) AS requests, CAST(SUM(input_tokens) AS BIGINT) AS input_tokens,
             CAST(SUM(cache_read_tokens) AS BIGINT) AS cache_read_tokens,
             CAST(SUM(output_tokens) AS BIGINT) AS output_tokens
             FROM usage WHERE user_id = $1 AND at >= $2 AND at < $3
             GROUP BY provider, model ORDER BY provider, model",
        )
        .bind(user_id)
        .bind(from)
        .bind(until)
        .fetch_all(self.read())
        .await?;
        let sum = |row: &AnyRow| {
            Ok(Sum {
                provider: row.try_get("provider")?,
                model: row.try_get("model")?,
                requests: row.try_get("requests")?,
                input_tokens: row.try_get("input_tokens")?,
                cache_read_tokens: row.try_get("cache_read_tokens")?,
                output_tokens: row.try_get("output_tokens")?,
            })
        };
        rows.iter().map(sum).collect()
    }

    /// Lets go of what a server that died has set aside. Only where no other server can be: on SQLite.
    pub(crate) async fn release_reservations(&self) -> Result<()> {
        let mut tx = self.begin().await?;
        sqlx::query("UPDATE quotas SET reserved = 0 WHERE reserved <> 0").execute(&mut *tx).await?;
        Ok(tx.commit().await?)
    }
}
