//! Answers to requests that may come twice.

use sqlx::Row;

use super::{Kind, Result, Storage};
use crate::time::{self, Millis};

/// A request that runs for so long has died with its server.
const STALE_MS: Millis = 120_000;
/// How long answers are kept.
const KEPT_MS: Millis = 86_400_000;

/// What is known of a request with a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claim {
    /// Nothing: it is ours to serve.
    Ours,
    /// It is being served.
    Running,
    /// Another request used this key.
    OtherRequest,
    /// It was served, with this status and body.
    Served(u16, String),
}

impl Storage {
    /// Claims a key for the request of this hash.
    pub async fn claim_request(&self, user_id: &str, key: &str, request_hash: &str) -> Result<Claim> {
        let now = time::now();
        let mut tx = self.begin().await?;
        // New, or left behind by a server that died, or older than answers are kept.
        let ours = sqlx::query(
            "INSERT INTO idempotency (user_id, key, request_hash, created_at) VALUES ($1, $2, $3, $4)
             ON CONFLICT (user_id, key) DO UPDATE SET request_hash = $3, created_at = $4, status = NULL,
             answer = NULL WHERE idempotency.created_at <= $6
             OR (idempotency.status IS NULL AND idempotency.created_at <= $5
                 AND idempotency.request_hash = $3)
             RETURNING 1",
        )
        .bind(user_id)
        .bind(key)
        .bind(request_hash)
        .bind(now)
        .bind(now - STALE_MS)
        .bind(now - KEPT_MS)
        .fetch_optional(&mut *tx)
        .await?;
        if ours.is_some() {
            tx.commit().await?;
            return Ok(Claim::Ours);
        }
        let row = sqlx::query(
            "SELECT request_hash, status, answer FROM idempotency WHERE user_id = $1 AND key = $2",
        )
        .bind(user_id)
        .bind(key)
        .fetch_optional(&mut *tx)
        .await?;
        let Some(row) = row else { return Ok(Claim::Running) };
        if row.try_get::<String, _>(0)? != request_hash {
            return Ok(Claim::OtherRequest);
        }
        let status: Option<i64> = row.try_get(1)?;
        let answer: Option<String> = row.try_get(2)?;
        Ok(match (status.and_then(|status| u16::try_from(status).ok()), answer) {
            (Some(status), Some(answer)) => Claim::Served(status, answer),
            _ => Claim::Running,
        })
    }

    /// Keeps the answer of a claimed request.
    pub async fn keep_answer(&self, user_id: &str, key: &str, status: u16, answer: &str) -> Result<()> {
        let mut tx = self.begin().await?;
        sqlx::query("UPDATE idempotency SET status = $3, answer = $4 WHERE user_id = $1 AND key = $2")
            .bind(user_id)
            .bind(key)
            .bind(i64::from(status))
            .bind(answer)
            .execute(&mut *tx)
            .await?;
        Ok(tx.commit().await?)
    }

    /// Lets go of a claimed request that may be tried again.
    pub async fn release_request(&self, user_id: &str, key: &str) -> Result<()> {
        let mut tx = self.begin().await?;
        sqlx::query("DELETE FROM idempotency WHERE user_id = $1 AND key = $2 AND status IS NULL")
            .bind(user_id)
            .bind(key)
            .execute(&mut *tx)
            .await?;
        Ok(tx.commit().await?)
    }

    /// Lets go of what a server that died has left behind. Only where no other server can be: on SQLite.
    pub(crate) async fn release_left_behind(&self) -> Result<()> {
        if self.kind() != Kind::Sqlite {
            return Ok(());
        }
        let mut tx = self.begin().await?;
        sqlx::query("DELETE FROM idempotency WHERE status IS NULL").execute(&mut *tx).await?;
        tx.commit().await?;
        self.release_jobs().await?;
        self.release_reservations().await
    }

    /// Forgets a request, served or not.
    pub async fn forget_answer(&self, user_id: &str, key: &str) -> Result<()> {
        let mut tx = self.begin().await?;
        sqlx::query("DELETE FROM idempotency WHERE user_id = $1 AND key = $2")
            .bind(user_id)
            .bind(key)
            .execute(&mut *tx)
            .await?;
        Ok(tx.commit().await?)
    }

    /// Removes answers that are no longer kept; gives how many.
    pub async fn sweep_answers(&self) -> Result<u64> {
        let mut tx = self.begin().await?;
        let done = sqlx::query("DELETE FROM idempotency WHERE created_at <= $1")
            .bind(time::now() - KEPT_MS)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(done.rows_affected())
    }
}
