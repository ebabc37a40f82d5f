//! Keys for programs. Only hashes of their secrets are kept.

use sqlx::Row;
use sqlx::any::AnyRow;

use super::{Result, Storage};
use crate::time::{self, Millis};

/// A key without its secret.
#[derive(Clone, Debug)]
pub struct ApiKey {
    /// The public part.
    pub id: String,
    /// Whose.
    pub user_id: String,
    /// What it is for.
    pub name: String,
    /// Hash of the secret part, as hex.
    pub hash: String,
    /// What it may do, separated by blanks.
    pub scopes: String,
    /// When it was made.
    pub created_at: Millis,
    /// When it ends; `None`: never.
    pub expires_at: Option<Millis>,
    /// When it was last used, to the minute.
    pub last_used_at: Option<Millis>,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT k.id, k.user_id, k.name, k.hash, k.scopes, k.created_at, k.expires_at, k.last_used_at \
             FROM api_keys k JOIN users u ON u.id = k.user_id ",
            $rest
        )
    };
}

fn api_key(row: &AnyRow) -> Result<ApiKey> {
    Ok(ApiKey {
        id: row.try_get("id")?,
        user_id: row.try_get("user_id")?,
        name: row.try_get("name")?,
        hash: row.try_get("hash")?,
        scopes: row.try_get("scopes")?,
        created_at: row.try_get("created_at")?,
        expires_at: row.try_get("expires_at")?,
        last_used_at: row.try_get("last_used_at")?,
    })
}

impl Storage {
    /// Keeps a new key.
    pub async fn create_api_key(&self, key: &ApiKey) -> Result<()> {
        let mut tx = self.begin().await?;
        sqlx::query(
            "INSERT INTO api_keys (id, user_id, name, hash, scopes, created_at, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(&key.id)
        .bind(&key.user_id)
        .bind(&key.name)
        .bind(&key.hash)
        .bind(&key.scopes)
        .bind(key.created_at)
        .bind(key.expires_at)
        .execute(&mut *tx)
        .await?;
        Ok(tx.commit().await?)
    }

    /// A key that may be used, if its person may come in.
    async fn living_api_key(&self, id: &str) -> Result<Option<ApiKey>> {
        let row = sqlx::query(select!(
            "WHERE k.id = $1 AND u.status = 'active' AND (k.expires_at IS NULL OR k.expires_at > $2)"
        ))
        .bind(id)
        .bind(time::now())
        .fetch_optional(self.read())
        .await?;
        row.as_ref().map(api_key).transpose()
    }

    /// The keys of a person, newest first.
    pub async fn api_keys(&self, user_id: &str) -> Result<Vec<ApiKey>> {
        let rows = sqlx::query(select!("WHERE k.user_id = $1 ORDER BY k.created_at DESC, k.id"))
            .bind(user_id)
            .fetch_all(self.read())
            .await?;
        rows.iter().map(api_key).collect()
    }

    /// The same, as it was a moment ago at the latest: what this server changes is seen at once, what another one
    /// changes within two seconds.
    pub(crate) async fn recent_api_key(&self, id: &str) -> Result<Option<ApiKey>> {
        let seen = match self.keys.find(id) {
            Ok(key) => return Ok(Some(key).filter(|key| key.expires_at.is_none_or(|at| at > time::now()))),
            Err(seen) => seen,
        };
        let key = self.living_api_key(id).await?;
        if let Some(key) = &key {
            self.keys.keep(seen, key);
        }
        Ok(key)
    }

    /// Notes that a key is used, once a minute. Nobody waits for it, and a database that cannot write stops nobody.
    pub(crate) fn note_use_of_key(&self, id: &str) {
        if !self.keys.is_use_to_note(id) {
            return;
        }
        let (storage, id, at) = (self.clone(), id.to_owned(), time::now());
        tokio::spawn(async move {
            if let Err(error) = storage.touch_api_key(&id, at).await {
                tracing::debug!(%error, "cannot note the use of a key");
            }
        });
    }

    async fn touch_api_key(&self, id: &str, at: Millis) -> Result<()> {
        let mut tx = self.begin().await?;
        sqlx::query("UPDATE api_keys SET last_used_at = $2 WHERE id = $1")
            .bind(id)
            .bind(at)
            .execute(&mut *tx)
            .await?;
        Ok(tx.commit().await?)
    }

    /// Removes a key of this person; gives whether there was one.
    pub async fn delete_api_key(&self, user_id: &str, id: &str) -> Result<bool> {
        let mut tx = self.begin().await?;
        let done = sqlx::query("DELETE FROM api_keys WHERE id = $1 AND user_id = $2")
            .bind(id)
            .bind(user_id)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        self.keys.forget();
        Ok(done.rows_affected() > 0)
    }
}
