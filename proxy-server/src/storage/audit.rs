//! What was done to accounts and rights: who, what, when. Only ever added to.

use sqlx::Row;

use super::{Part, Result, Storage, Window, count};
use crate::ids;
use crate::time::{self, Millis};

/// One thing that happened.
#[derive(Clone, Debug)]
pub struct Entry {
    /// When.
    pub at: Millis,
    /// Who did it; `None`: nobody who was known.
    pub actor_id: Option<String>,
    /// What, as `login.failed`.
    pub action: String,
    /// To whom or what.
    pub subject: String,
    /// In which request.
    pub request_id: String,
    /// From which address.
    pub address: String,
}

impl Storage {
    /// Writes down that something happened.
    pub async fn note(
        &self,
        actor_id: Option<&str>,
        action: &str,
        subject: &str,
        request_id: &str,
        address: &str,
    ) -> Result<()> {
        let mut tx = self.begin().await?;
        sqlx::query(
            "INSERT INTO audit (id, at, actor_id, action, subject, request_id, address)
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(ids::sortable())
        .bind(time::now())
        .bind(actor_id)
        .bind(action)
        .bind(subject)
        .bind(request_id)
        .bind(address)
        .execute(&mut *tx)
        .await?;
        Ok(tx.commit().await?)
    }

    /// What happened, newest first.
    pub async fn audit(&self, window: Window) -> Result<Part<Entry>> {
        let rows = sqlx::query(
            "SELECT at, actor_id, action, subject, request_id, address FROM audit
             ORDER BY id DESC LIMIT $1 OFFSET $2",
        )
        .bind(window.limit)
        .bind(window.offset)
        .fetch_all(self.read())
        .await?;
        let total = sqlx::query("SELECT COUNT(*) FROM audit").fetch_one(self.read()).await?;
        let entry = |row: &sqlx::any::AnyRow| {
            Ok(Entry {
                at: row.try_get("at")?,
                actor_id: row.try_get("actor_id")?,
                action: row.try_get("action")?,
                subject: row.try_get("subject")?,
                request_id: row.try_get("request_id")?,
                address: row.try_get("address")?,
            })
        };
        Ok(Part { items: rows.iter().map(entry).collect::<Result<_>>()?, total: count(&total)? })
    }
}
