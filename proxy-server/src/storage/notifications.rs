//! What people should know, and tickets for the sockets on which they are told.

use std::sync::LazyLock;

use sqlx::Row;
use sqlx::any::AnyRow;

use super::{Part, Result, Storage, Window, count};
use crate::ids;
use crate::time::{self, Millis};

/// One thing that a person should know.
#[derive(Clone, Debug)]
pub struct Notification {
    /// Sorts by the time it was made.
    pub id: String,
    /// What it is about, as `version.saved`.
    pub kind: String,
    /// For the person.
    pub message: String,
    /// For a program, as JSON.
    pub data: String,
    /// When.
    pub created_at: Millis,
    /// When it was read.
    pub read_at: Option<Millis>,
}

macro_rules! select {
    ($rest:literal) => {
        concat!("SELECT id, kind, message, data, created_at, read_at FROM notifications ", $rest)
    };
}

/// People whose lines one statement writes where there are so many.
const LINES: usize = 32;
static KEEP_ONE: LazyLock<String> = LazyLock::new(|| keep_text(1));
static KEEP_MANY: LazyLock<String> = LazyLock::new(|| keep_text(LINES));

/// What is the same for all comes first, then an id and a person for each line.
fn keep_text(lines: usize) -> String {
    let lines: Vec<String> =
        (0..lines).map(|line| format!("(${}, ${}, $1, $2, $3, $4)", 2 * line + 5, 2 * line + 6)).collect();
    format!(
        "INSERT INTO notifications (id, user_id, kind, message, data, created_at) VALUES {}",
        lines.join(", ")
    )
}

fn notification(row: &AnyRow) -> Result<Notification> {
    Ok(Notification {
        id: row.try_get("id")?,
        kind: row.try_get("kind")?,
        message: row.try_get("message")?,
        data: row.try_get("data")?,
        created_at: row.try_get("created_at")?,
        read_at: row.try_get("read_at")?,
    })
}

impl Storage {
    /// Keeps the same notification for each of `user_ids`; gives when it was made and the ids, in their order.
    pub async fn notify(
        &self,
        user_ids: &[String],
        kind: &str,
        message: &str,
        data: &str,
    ) -> Result<(Millis, Vec<String>)> {
        let mut tx = self.begin().await?;
        // First the moment, then the ids: who looks for what was made since then looks at ids as well.
        let now = time::now();
        let ids: Vec<String> = user_ids.iter().map(|_| ids::sortable()).collect();
        let (mut users, mut named) = (user_ids, &*ids);
        while !users.is_empty() {
            // Two texts, so that both stay prepared.
            let lines = if users.len() >= LINES { LINES } else { 1 };
            let text: &'static str = if lines == 1 { &KEEP_ONE } else { &KEEP_MANY };
            let mut query = sqlx::query(text).bind(kind).bind(message).bind(data).bind(now);
            for (user_id, id) in users.iter().zip(named).take(lines) {
                query = query.bind(id).bind(user_id);
            }
            query.execute(&mut *tx).await?;
            (users, named) = (&users[lines..], &named[lines..]);
        }
        tx.commit().await?;
        Ok((now, ids))
    }

    /// A person's notifications, newest first.
    pub async fn notifications(
        &self,
        user_id: &str,
        unread_only: bool,
        window: Window,
    ) -> Result<Part<Notification>> {
        let rows = sqlx::query(select!(
            "WHERE user_id = $1 AND ($2 = 0 OR read_at IS NULL) ORDER BY id DESC LIMIT $3 OFFSET $4"
        ))
        .bind(user_id)
        .bind(i64::from(unread_only))
        .bind(window.limit)
        .bind(window.offset)
        .fetch_all(self.read())
        .await?;
        let total = sqlx::query(
            "SELECT COUNT(*) FROM notifications WHERE user_id = $1 AND ($2 = 0 OR read_at IS NULL)",
        )
        .bind(user_id)
        .bind(i64::from(unread_only))
        .fetch_one(self.read())
        .await?;
        Ok(Part { items: rows.iter().map(notification).collect::<Result<_>>()?, total: count(&total)? })
    }

    /// The first `limit` notifications of a person that were made at `since` or later and come after the id
    /// `after`, oldest first.
    pub async fn notifications_since(
        &self,
        user_id: &str,
        since: Millis,
        after: &str,
        limit: i64,
    ) -> Result<Vec<Notification>> {
        let sql = select!("WHERE user_id = $1 AND id > $2 AND created_at >= $3 ORDER BY id LIMIT $4");
        let rows =
            sqlx::query(sql).bind(user_id).bind(after).bind(since).bind(limit).fetch_all(self.read()).await?;
        rows.iter().map(notification).collect()
    }

    /// Notes that a person has read a notification; gives whether it is one of theirs.
    pub async fn mark_read(&self, user_id: &str, id: &str) -> Result<bool> {
        let mut tx = self.begin().await?;
        let done = sqlx::query(
            "UPDATE notifications SET read_at = COALESCE(read_at, $3) WHERE id = $1 AND user_id = $2",
        )
        .bind(id)
        .bind(user_id)
        .bind(time::now())
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(done.rows_affected() > 0)
    }

    /// Removes notifications made before `until`, and tickets that are over; gives how many notifications.
    pub async fn sweep_notifications(&self, until: Millis) -> Result<u64> {
        let mut tx = self.begin().await?;
        let done = sqlx::query("DELETE FROM notifications WHERE created_at < $1")
            .bind(until)
            .execute(&mut *tx)
            .await?;
        sqlx::query("DELETE FROM ws_tickets WHERE expires_at <= $1")
            .bind(time::now())
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(done.rows_affected())
    }

    /// Keeps a ticket.
    pub async fn create_ticket(&self, hash: &str, user_id: &str, login: &str, life_ms: Millis) -> Result<()> {
        let mut tx = self.begin().await?;
        sqlx::query("INSERT INTO ws_tickets (hash, user_id, login_id, expires_at) VALUES ($1, $2, $3, $4)")
            .bind(hash)
            .bind(user_id)
            .bind(login)
            .bind(time::now() + life_ms)
            .execute(&mut *tx)
            .await?;
        Ok(tx.commit().await?)
    }

    /// Uses a ticket up: whose it is, and of which login.
    pub async fn take_ticket(&self, hash: &str) -> Result<Option<(String, String)>> {
        let mut tx = self.begin().await?;
        let row = sqlx::query(
            "DELETE FROM ws_tickets WHERE hash = $1 AND expires_at > $2 RETURNING user_id, login_id",
        )
        .bind(hash)
        .bind(time::now())
        .fetch_optional(&mut *tx)
        .await?;
        tx.commit().await?;
        row.map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).transpose()
    }
}
