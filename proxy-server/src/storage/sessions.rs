//! Sessions: one person's conversation about one project. They live for a day after their last use.

use serde::{Deserialize, Serialize};
use sqlx::Row;
use sqlx::any::AnyRow;

use super::session_cache::Found;
use super::{Part, Result, Storage, Window, count};
use crate::ids;
use crate::time::{self, Millis};

/// A conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// 36 characters.
    pub id: String,
    /// Whose.
    pub user_id: String,
    /// Inner id of the project.
    pub project_id: String,
    /// Public code of the project.
    pub project_code: String,
    /// Number of the version that was last made or seen in it.
    pub last_version: i64,
    /// The last intent that was decided.
    pub last_intent: Option<String>,
    /// When it began.
    pub created_at: Millis,
    /// When it was last used.
    pub updated_at: Millis,
    /// When it ends unless it is used again.
    pub expires_at: Millis,
}

/// One message of a conversation.
#[derive(Clone, Debug)]
pub struct Message {
    /// `user` or `assistant`.
    pub role: String,
    /// Text.
    pub content: String,
    /// The intent that was decided for it.
    pub intent: Option<String>,
    /// The version it led to.
    pub version: Option<i64>,
    /// When.
    pub created_at: Millis,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT s.id, s.user_id, s.project_id, p.code AS project_code, s.last_version, s.last_intent, \
             s.created_at, s.updated_at, s.expires_at FROM sessions s JOIN projects p ON p.id = s.project_id \
             JOIN members m ON m.project_id = s.project_id AND m.user_id = s.user_id ",
            $rest
        )
    };
}

fn session(row: &AnyRow) -> Result<Session> {
    Ok(Session {
        id: row.try_get("id")?,
        user_id: row.try_get("user_id")?,
        project_id: row.try_get("project_id")?,
        project_code: row.try_get("project_code")?,
        last_version: row.try_get("last_version")?,
        last_intent: row.try_get("last_intent")?,
        created_at: row.try_get("created_at")?,
        updated_at: row.try_get("updated_at")?,
        expires_at: row.try_get("expires_at")?,
    })
}

impl Storage {
    /// Begins a conversation.
    pub async fn create_session(
        &self,
        user_id: &str,
        project_id: &str,
        last_version: i64,
        life_ms: Millis,
    ) -> Result<String> {
        let id = ids::opaque();
        let now = time::now();
        let mut tx = self.begin().await?;
        sqlx::query(
            "INSERT INTO sessions (id, user_id, project_id, last_version, created_at, updated_at, expires_at)
             VALUES ($1, $2, $3, $4, $5, $5, $6)",
        )
        .bind(&id)
        .bind(user_id)
        .bind(project_id)
        .bind(last_version)
        .bind(now)
        .bind(now + life_ms)
        .execute(&mut *tx)
        .await?;
        // Whoever began it asks for it next.
        let row = sqlx::query(select!("WHERE s.id = $1")).bind(&id).fetch_optional(&mut *tx).await?;
        let made = row.as_ref().map(session).transpose()?;
        tx.commit().await?;
        if let Some(made) = made {
            self.sessions.put(&made).await;
        }
        Ok(id)
    }

    /// A living session of this person, while they are a member of its project.
    pub async fn session(&self, user_id: &str, id: &str) -> Result<Option<Session>> {
        let ticket = match self.sessions.find(user_id, id).await {
            Found::Hit(session) if session.expires_at > time::now() => return Ok(Some(session)),
            Found::Hit(_) => return Ok(None),
            Found::Miss(ticket) => ticket,
        };
        let row = sqlx::query(select!("WHERE s.id = $1 AND s.user_id = $2 AND s.expires_at > $3"))
            .bind(id)
            .bind(user_id)
            .bind(time::now())
            .fetch_optional(self.read())
            .await?;
        let found = row.as_ref().map(session).transpose()?;
        if let Some(found) = &found {
            self.sessions.store(ticket, found).await;
        }
        Ok(found)
    }

    /// The living sessions of a person, last used first; `project_id` narrows them (empty: all).
    pub async fn sessions(&self, user_id: &str, project_id: &str, window: Window) -> Result<Part<Session>> {
        let now = time::now();
        let rows = sqlx::query(select!(
            "WHERE s.user_id = $1 AND s.expires_at > $2 AND ($3 = '' OR s.project_id = $3)
             ORDER BY s.updated_at DESC, s.id LIMIT $4 OFFSET $5"
        ))
        .bind(user_id)
        .bind(now)
        .bind(project_id)
        .bind(window.limit)
        .bind(window.offset)
        .fetch_all(self.read())
        .await?;
        let total = sqlx::query(
            "SELECT COUNT(*) FROM sessions s
             JOIN members m ON m.project_id = s.project_id AND m.user_id = s.user_id
             WHERE s.user_id = $1 AND s.expires_at > $2 AND ($3 = '' OR s.project_id = $3)",
        )
        .bind(user_id)
        .bind(now)
        .bind(project_id)
        .fetch_one(self.read())
        .await?;
        Ok(Part { items: rows.iter().map(session).collect::<Result<_>>()?, total: count(&total)? })
    }

    /// Notes what happened in a session, with its messages, and lets it live on. Of the messages only the
    /// last `keep` stay.
    pub async fn use_session(
        &self,
        id: &str,
        intent: Option<&str>,
        version: Option<i64>,
        messages: &[Message],
        keep: i64,
        life_ms: Millis,
    ) -> Result<()> {
        let now = time::now();
        let mut tx = self.begin().await?;
        sqlx::query(
            "UPDATE sessions SET last_intent = COALESCE($2, last_intent),
             last_version = COALESCE($3, last_version), updated_at = $4, expires_at = $5 WHERE id = $1",
        )
        .bind(id)
        .bind(intent)
        .bind(version)
        .bind(now)
        .bind(now + life_ms)
        .execute(&mut *tx)
        .await?;
        for message in messages {
            sqlx::query(
                "INSERT INTO messages (session_id, id, role, content, intent, version, created_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7)",
            )
            .bind(id)
            .bind(ids::sortable())
            .bind(&message.role)
            .bind(&message.content)
            .bind(message.intent.as_deref())
            .bind(message.version)
            .bind(message.created_at)
            .execute(&mut *tx)
            .await?;
        }
        if !messages.is_empty() {
            sqlx::query(
                "DELETE FROM messages WHERE session_id = $1 AND id NOT IN
                 (SELECT id FROM messages WHERE session_id = $1 ORDER BY id DESC LIMIT $2)",
            )
            .bind(id)
            .bind(keep)
            .execute(&mut *tx)
            .await?;
        }
        let row = sqlx::query(select!("WHERE s.id = $1")).bind(id).fetch_optional(&mut *tx).await?;
        let changed = row.as_ref().map(session).transpose()?;
        tx.commit().await?;
        if let Some(changed) = changed {
            self.sessions.put(&changed).await;
        }
        Ok(())
    }

    /// The last `limit` messages of a session, oldest first.
    pub async fn messages(&self, session_id: &str, limit: i64) -> Result<Vec<Message>> {
        let rows = sqlx::query(
            "SELECT role, content, intent, version, created_at FROM messages WHERE session_id = $1
             ORDER BY id DESC LIMIT $2",
        )
        .bind(session_id)
        .bind(limit)
        .fetch_all(self.read())
        .await?;
        rows.iter()
            .rev()
            .map(|row| {
                Ok(Message {
                    role: row.try_get("role")?,
                    content: row.try_get("content")?,
                    intent: row.try_get("intent")?,
                    version: row.try_get("version")?,
                    created_at: row.try_get("created_at")?,
                })
            })
            .collect()
    }

    /// Ends a session.
    pub async fn delete_session(&self, id: &str) -> Result<()> {
        let mut tx = self.begin().await?;
        let row = sqlx::query("DELETE FROM sessions WHERE id = $1 RETURNING user_id")
            .bind(id)
            .fetch_optional(&mut *tx)
            .await?;
        tx.commit().await?;
        if let Some(row) = row {
            self.sessions.forget(&[row.try_get(0)?]).await;
        }
        Ok(())
    }

    /// Removes what has ended; gives how many.
    pub async fn sweep_sessions(&self) -> Result<u64> {
        let mut tx = self.begin().await?;
        let done = sqlx::query("DELETE FROM sessions WHERE expires_at <= $1")
            .bind(time::now())
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(done.rows_affected())
    }
}
