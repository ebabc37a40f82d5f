//! People.

use sqlx::Row;
use sqlx::any::AnyRow;

use super::error::is_taken;
use super::{Part, Result, Storage, Window, count};
use crate::ids;
use crate::time::{self, Millis};

/// Id of the account of the person at the keyboard.
pub const LOCAL_ID: &str = "local";

/// A person with an account.
#[derive(Clone, Debug)]
pub struct User {
    /// Stable id.
    pub id: String,
    /// Address to sign in with, in lower case; the local account has none.
    pub email: Option<String>,
    /// Shown to others.
    pub name: String,
    /// May look after other accounts.
    pub is_admin: bool,
    /// May come in.
    pub is_active: bool,
    /// When it was made.
    pub created_at: Millis,
}

macro_rules! select {
    ($rest:literal) => {
        concat!("SELECT id, email, name, is_admin, status, created_at FROM users ", $rest)
    };
}

fn user(row: &AnyRow) -> Result<User> {
    Ok(User {
        id: row.try_get("id")?,
        email: row.try_get("email")?,
        name: row.try_get("name")?,
        is_admin: row.try_get::<i64, _>("is_admin")? != 0,
        is_active: row.try_get::<String, _>("status")? == "active",
        created_at: row.try_get("created_at")?,
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

    /// Makes an account; `None`: the address has one.
    pub async fn create_user(
        &self,
        email: &str,
        name: &str,
        password_hash: Option<&str>,
        is_admin: bool,
    ) -> Result<Option<String>> {
        let id = ids::sortable();
        let mut tx = self.begin().await?;
        let made = sqlx::query(
            "INSERT INTO users (id, email, name, password_hash, is_admin, created_at, updated_at)
             VALUES ($1, $2, $3, $4, $5, $6, $6)",
        )
        .bind(&id)
        .bind(email)
        .bind(name)
        .bind(password_hash)
        .bind(i64::from(is_admin))
        .bind(time::now())
        .execute(&mut *tx)
        .await;
        match made {
            Ok(_) => {
                tx.commit().await?;
                Ok(Some(id))
            }
            Err(error) if is_taken(&error) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// The account of this id.
    pub async fn user(&self, id: &str) -> Result<Option<User>> {
        let row = sqlx::query(select!("WHERE id = $1")).bind(id).fetch_optional(self.read()).await?;
        row.as_ref().map(user).transpose()
    }

    /// The account of this address, with its password's hash.
    pub async fn user_by_email(&self, email: &str) -> Result<Option<(User, Option<String>)>> {
        let row = sqlx::query(
            "SELECT id, email, name, is_admin, status, created_at, password_hash FROM users WHERE email = $1",
        )
        .bind(email)
        .fetch_optional(self.read())
        .await?;
        row.as_ref().map(|row| Ok((user(row)?, row.try_get("password_hash")?))).transpose()
    }

    /// The hash of an account's password.
    pub async fn password_hash(&self, id: &str) -> Result<Option<String>> {
        let row = sqlx::query("SELECT password_hash FROM users WHERE id = $1")
            .bind(id)
            .fetch_optional(self.read())
            .await?;
        row.map_or(Ok(None), |row| Ok(row.try_get(0)?))
    }

    /// All accounts, oldest first.
    pub async fn users(&self, window: Window) -> Result<Part<User>> {
        let rows = sqlx::query(select!("ORDER BY created_at, id LIMIT $1 OFFSET $2"))
            .bind(window.limit)
            .bind(window.offset)
            .fetch_all(self.read())
            .await?;
        let total = sqlx::query("SELECT COUNT(*) FROM users").fetch_one(self.read()).await?;
        Ok(Part { items: rows.iter().map(user).collect::<Result<_>>()?, total: count(&total)? })
    }

    /// Gives an account another name.
    pub async fn rename_user(&self, id: &str, name: &str) -> Result<()> {
        let mut tx = self.begin().await?;
        sqlx::query("UPDATE users SET name = $2, updated_at = $3 WHERE id = $1")
            .bind(id)
            .bind(name)
            .bind(time::now())
            .execute(&mut *tx)
            .await?;
        Ok(tx.commit().await?)
    }

    /// Gives an account another password and ends all its logins.
    pub async fn set_password(&self, id: &str, password_hash: &str) -> Result<()> {
        let now = time::now();
        let mut tx = self.begin().await?;
        sqlx::query("UPDATE users SET password_hash = $2, updated_at = $3 WHERE id = $1")
            .bind(id)
            .bind(password_hash)
            .bind(now)
            .execute(&mut *tx)
            .await?;
        sqlx::query("UPDATE logins SET revoked_at = $2 WHERE user_id = $1 AND revoked_at IS NULL")
            .bind(id)
            .bind(now)
            .execute(&mut *tx)
            .await?;
        Ok(tx.commit().await?)
    }

    /// Lets an account in or keeps it out, and makes it an admin's or not.
    pub async fn set_user_rights(&self, id: &str, is_active: bool, is_admin: bool) -> Result<()> {
        let mut tx = self.begin().await?;
        sqlx::query("UPDATE users SET status = $2, is_admin = $3, updated_at = $4 WHERE id = $1")
            .bind(id)
            .bind(if is_active { "active" } else { "disabled" })
            .bind(i64::from(is_admin))
            .bind(time::now())
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        self.keys.forget();
        Ok(())
    }

    /// Removes an account and everything that belongs to it alone.
    ///
    /// Versions in projects of others stay, without an author. A project that would be left without an owner
    /// goes to its longest-standing member of the highest role; one without other members is removed.
    pub async fn delete_user(&self, id: &str) -> Result<()> {
        let mut tx = self.begin().await?;
        sqlx::query(
            "DELETE FROM projects WHERE id IN (SELECT project_id FROM members WHERE user_id = $1)
             AND NOT EXISTS (SELECT 1 FROM members m WHERE m.project_id = projects.id AND m.user_id <> $1)",
        )
        .bind(id)
        .execute(&mut *tx)
        .await?;
        let orphans = sqlx::query(
            "SELECT project_id FROM members WHERE user_id = $1 AND role = 'owner' AND NOT EXISTS
             (SELECT 1 FROM members o WHERE o.project_id = members.project_id AND o.role = 'owner'
              AND o.user_id <> $1)",
        )
        .bind(id)
        .fetch_all(&mut *tx)
        .await?;
        for orphan in orphans {
            sqlx::query(
                "UPDATE members SET role = 'owner' WHERE project_id = $1 AND user_id = (SELECT user_id
                 FROM members WHERE project_id = $1 AND user_id <> $2
                 ORDER BY CASE role WHEN 'editor' THEN 0 ELSE 1 END, created_at, user_id LIMIT 1)",
            )
            .bind(orphan.try_get::<String, _>(0)?)
            .bind(id)
            .execute(&mut *tx)
            .await?;
        }
        sqlx::query("DELETE FROM users WHERE id = $1").bind(id).execute(&mut *tx).await?;
        tx.commit().await?;
        self.keys.forget();
        self.sessions.forget(&[id.to_owned()]).await;
        Ok(())
    }
}
