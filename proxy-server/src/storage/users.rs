//! People.

use sqlx::Row;
use sqlx::any::AnyRow;

use super::{Result, Storage};
use crate::time;

/// Id of the account of the person at the keyboard.
pub const LOCAL_ID: &str = "local";

/// A person with an account.
#[derive(Clone, Debug)]
pub struct User {
    /// Stable id.
    pub id: String,
    /// Address to sign in with; the local account has none.
    pub email: Option<String>,
    /// Shown to others.
    pub name: String,
    /// May look after other accounts.
    pub is_admin: bool,
}

fn user(row: &AnyRow) -> Result<User> {
    Ok(User {
        id: row.try_get("id")?,
        email: row.try_get("email")?,
        name: row.try_get("name")?,
        is_admin: row.try_get::<i64, _>("is_admin")? != 0,
    })
}

impl Storage {
    /// Makes the local account where it is missing.
    pub async fn ensure_local_user(&self) -> Result<()> {
        let mut tx = self.begin().await?;
        sqlx::query(
            "INSERT INTO users (id, name, is_admin, created_at, updated_at) VALUES ($1, 'You', 1, $2, $2)
             ON CONFLICT (id) DO NOTHING",
        )
        .bind(LOCAL_ID)
        .bind(time::now())
        .execute(&mut *tx)
        .await?;
        Ok(tx.commit().await?)
    }

    /// An account that may be used.
    pub async fn active_user(&self, id: &str) -> Result<Option<User>> {
        let row =
            sqlx::query("SELECT id, email, name, is_admin FROM users WHERE id = $1 AND status = 'active'")
                .bind(id)
                .fetch_optional(self.read())
                .await?;
        row.as_ref().map(user).transpose()
    }
}
