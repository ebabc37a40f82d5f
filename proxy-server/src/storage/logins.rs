//! Logins and their refresh tokens: each token works once, and a second use of an old one ends the login.
//!
//! RFC 9700, section 4.14.2, with one grace: an answer may get lost on its way. The same client may present
//! the token it has just used again within ten seconds and gets the same successor, as long as that one was
//! not used. Any other second use means that two parties hold the login: it ends for both.

use sqlx::Row;

use super::{Result, Storage};
use crate::ids;
use crate::time::{self, Millis};

/// How long the same client may ask again.
const GRACE_MS: Millis = 10_000;

/// What came of presenting a refresh token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rotation {
    /// The next token is valid from now on.
    Next {
        /// Whose login it is.
        user_id: String,
        /// The login.
        login_id: String,
    },
    /// Unknown, ended or expired.
    Refused,
    /// Used before: the login has ended now.
    Reused {
        /// Whose login it was.
        user_id: String,
    },
}

impl Storage {
    /// Begins a login whose first refresh token has this hash; gives its id.
    pub async fn create_login(&self, user_id: &str, hash: &str, life_ms: Millis) -> Result<String> {
        let id = ids::opaque();
        let now = time::now();
        let mut tx = self.begin().await?;
        sqlx::query("INSERT INTO logins (id, user_id, created_at) VALUES ($1, $2, $3)")
            .bind(&id)
            .bind(user_id)
            .bind(now)
            .execute(&mut *tx)
            .await?;
        sqlx::query(
            "INSERT INTO refresh_tokens (hash, login_id, created_at, expires_at) VALUES ($1, $2, $3, $4)",
        )
        .bind(hash)
        .bind(&id)
        .bind(now)
        .bind(now + life_ms)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Uses up the token `hash` for `client`; its successor will be `next`.
    pub async fn rotate(&self, hash: &str, next: &str, client: &str, life_ms: Millis) -> Result<Rotation> {
        let now = time::now();
        let mut tx = self.begin().await?;
        // The one statement that decides who was first.
        let used = sqlx::query(
            "UPDATE refresh_tokens SET used_at = $2, used_by = $3, successor = $4
             WHERE hash = $1 AND used_at IS NULL AND expires_at > $2 AND EXISTS
             (SELECT 1 FROM logins l WHERE l.id = refresh_tokens.login_id AND l.revoked_at IS NULL)
             RETURNING login_id",
        )
        .bind(hash)
        .bind(now)
        .bind(client)
        .bind(next)
        .fetch_optional(&mut *tx)
        .await?;
        if let Some(row) = used {
            let login_id: String = row.try_get(0)?;
            sqlx::query(
                "INSERT INTO refresh_tokens (hash, login_id, created_at, expires_at) VALUES ($1, $2, $3, $4)",
            )
            .bind(next)
            .bind(&login_id)
            .bind(now)
            .bind(now + life_ms)
            .execute(&mut *tx)
            .await?;
            let row = sqlx::query("SELECT user_id FROM logins WHERE id = $1")
                .bind(&login_id)
                .fetch_one(&mut *tx)
                .await?;
            let user_id = row.try_get(0)?;
            tx.commit().await?;
            return Ok(Rotation::Next { user_id, login_id });
        }
        let known = sqlx::query(
            "SELECT t.login_id, l.user_id, l.revoked_at, t.used_at, t.used_by, s.used_at AS successor_used_at
             FROM refresh_tokens t JOIN logins l ON l.id = t.login_id
             LEFT JOIN refresh_tokens s ON s.hash = t.successor WHERE t.hash = $1",
        )
        .bind(hash)
        .fetch_optional(&mut *tx)
        .await?;
        let Some(row) = known else { return Ok(Rotation::Refused) };
        let (login_id, user_id): (String, String) = (row.try_get(0)?, row.try_get(1)?);
        let revoked_at: Option<Millis> = row.try_get(2)?;
        let used_at: Option<Millis> = row.try_get(3)?;
        let used_by: Option<String> = row.try_get(4)?;
        let successor_used_at: Option<Millis> = row.try_get(5)?;
        let Some(used_at) = used_at.filter(|_| revoked_at.is_none()) else { return Ok(Rotation::Refused) };
        let again = now - used_at <= GRACE_MS && used_by.as_deref() == Some(client);
        if again && successor_used_at.is_none() {
            return Ok(Rotation::Next { user_id, login_id });
        }
        sqlx::query("UPDATE logins SET revoked_at = $2 WHERE id = $1")
            .bind(&login_id)
            .bind(now)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(Rotation::Reused { user_id })
    }

    /// Ends a login.
    pub async fn revoke_login(&self, id: &str) -> Result<()> {
        let mut tx = self.begin().await?;
        sqlx::query("UPDATE logins SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL")
            .bind(id)
            .bind(time::now())
            .execute(&mut *tx)
            .await?;
        Ok(tx.commit().await?)
    }

    /// Ends the login that a refresh token belongs to, if there is one.
    pub async fn revoke_login_of(&self, hash: &str) -> Result<()> {
        let mut tx = self.begin().await?;
        sqlx::query(
            "UPDATE logins SET revoked_at = $2 WHERE revoked_at IS NULL AND id =
             (SELECT login_id FROM refresh_tokens WHERE hash = $1)",
        )
        .bind(hash)
        .bind(time::now())
        .execute(&mut *tx)
        .await?;
        Ok(tx.commit().await?)
    }

    /// Whether a login of this person goes on and the person may come in: `Some(is_admin)`.
    pub async fn living_login(&self, login_id: &str, user_id: &str) -> Result<Option<bool>> {
        let row = sqlx::query(
            "SELECT u.is_admin FROM logins l JOIN users u ON u.id = l.user_id
             WHERE l.id = $1 AND l.user_id = $2 AND l.revoked_at IS NULL AND u.status = 'active'",
        )
        .bind(login_id)
        .bind(user_id)
        .fetch_optional(self.read())
        .await?;
        row.map(|row| Ok(row.try_get::<i64, _>(0)? != 0)).transpose()
    }

    /// Removes tokens that have expired and logins that have none left; gives how many tokens.
    pub async fn sweep_logins(&self) -> Result<u64> {
        let mut tx = self.begin().await?;
        let done = sqlx::query("DELETE FROM refresh_tokens WHERE expires_at <= $1")
            .bind(time::now())
            .execute(&mut *tx)
            .await?;
        sqlx::query(
            "DELETE FROM logins WHERE NOT EXISTS
             (SELECT 1 FROM refresh_tokens t WHERE t.login_id = logins.id)",
        )
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(done.rows_affected())
    }
}
