//! Leave to choose a new password without knowing the old one.

use sqlx::Row;

use super::{Result, Storage};
use crate::time::{self, Millis};

impl Storage {
    /// Keeps the hash of a new leave. Earlier ones of the same person end.
    pub async fn create_reset(&self, hash: &str, user_id: &str, life_ms: Millis) -> Result<()> {
        let now = time::now();
        let mut tx = self.begin().await?;
        sqlx::query("DELETE FROM password_resets WHERE user_id = $1 OR expires_at <= $2")
            .bind(user_id)
            .bind(now)
            .execute(&mut *tx)
            .await?;
        sqlx::query("INSERT INTO password_resets (hash, user_id, expires_at) VALUES ($1, $2, $3)")
            .bind(hash)
            .bind(user_id)
            .bind(now + life_ms)
            .execute(&mut *tx)
            .await?;
        Ok(tx.commit().await?)
    }

    /// Whose leave it is, while it is good. It stays good: the new password may still be refused.
    pub async fn reset_of(&self, hash: &str) -> Result<Option<String>> {
        let row = sqlx::query("SELECT user_id FROM password_resets WHERE hash = $1 AND expires_at > $2")
            .bind(hash)
            .bind(time::now())
            .fetch_optional(self.read())
            .await?;
        row.map(|row| Ok(row.try_get(0)?)).transpose()
    }

    /// Uses a leave up; whether it was good. Of many who try at once, one is told yes.
    pub async fn take_reset(&self, hash: &str) -> Result<bool> {
        let mut tx = self.begin().await?;
        let done = sqlx::query("DELETE FROM password_resets WHERE hash = $1 AND expires_at > $2")
            .bind(hash)
            .bind(time::now())
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(done.rows_affected() == 1)
    }
}
