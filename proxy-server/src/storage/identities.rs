//! People as other issuers know them.

use sqlx::Row;

use super::{Result, Storage, Tx};
use crate::ids;
use crate::time;

/// What an issuer says of a person.
#[derive(Clone, Debug)]
pub struct Identity<'a> {
    /// Who says it.
    pub issuer: &'a str,
    /// Their name for the person: never given to another one.
    pub subject: &'a str,
    /// An address that the issuer has verified, in lower case.
    pub email: Option<&'a str>,
    /// Shown to others.
    pub name: &'a str,
}

/// The account behind an identity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// Id of the account.
    pub user_id: String,
    /// May look after other accounts.
    pub is_admin: bool,
    /// May come in.
    pub is_active: bool,
}

impl Storage {
    /// The account of an identity, if it has one.
    pub async fn identity(&self, issuer: &str, subject: &str) -> Result<Option<Known>> {
        let row = sqlx::query(
            "SELECT u.id, u.is_admin, u.status FROM identities i JOIN users u ON u.id = i.user_id
             WHERE i.issuer = $1 AND i.subject = $2",
        )
        .bind(issuer)
        .bind(subject)
        .fetch_optional(self.read())
        .await?;
        row.map(|row| {
            Ok(Known {
                user_id: row.try_get(0)?,
                is_admin: row.try_get::<i64, _>(1)? != 0,
                is_active: row.try_get::<String, _>(2)? == "active",
            })
        })
        .transpose()
    }

    /// The identities of a person: issuer and subject.
    pub async fn identities(&self, user_id: &str) -> Result<Vec<(String, String)>> {
        let rows =
            sqlx::query("SELECT issuer, subject FROM identities WHERE user_id = $1 ORDER BY created_at")
                .bind(user_id)
                .fetch_all(self.read())
                .await?;
        rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
    }

    /// Gives an identity its account: that of its verified address, or a new one. Gives its id, and whether it
    /// was there before.
    ///
    /// Whoever made the account of an address never had to show that it is theirs; the issuer has seen it. So
    /// an account that is taken over this way loses its password, its logins and its keys: somebody may have
    /// made it in wait for its owner.
    pub async fn adopt(&self, identity: &Identity<'_>) -> Result<(String, bool)> {
        let now = time::now();
        let mut tx = self.begin().await?;
        let found = match identity.email {
            Some(email) => {
                sqlx::query("SELECT id FROM users WHERE email = $1")
                    .bind(email)
                    .fetch_optional(&mut *tx)
                    .await?
            }
            None => None,
        };
        let known = found.is_some();
        let user_id: String = if let Some(row) = found {
            let id: String = row.try_get(0)?;
            lock_out(&mut tx, &id).await?;
            id
        } else {
            let id = ids::sortable();
            sqlx::query(
                "INSERT INTO users (id, email, name, is_admin, created_at, updated_at)
                 VALUES ($1, $2, $3, 0, $4, $4)",
            )
            .bind(&id)
            .bind(identity.email)
            .bind(identity.name)
            .bind(now)
            .execute(&mut *tx)
            .await?;
            id
        };
        sqlx::query("INSERT INTO identities (issuer, subject, user_id, created_at) VALUES ($1, $2, $3, $4)")
            .bind(identity.issuer)
            .bind(identity.subject)
            .bind(&user_id)
            .bind(now)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        self.keys.forget();
        Ok((user_id, known))
    }
}

/// Ends every way into an account.
async fn lock_out(tx: &mut Tx, user_id: &str) -> Result<()> {
    sqlx::query("UPDATE users SET password_hash = NULL WHERE id = $1")
        .bind(user_id)
        .execute(&mut **tx)
        .await?;
    sqlx::query("UPDATE logins SET revoked_at = $2 WHERE user_id = $1 AND revoked_at IS NULL")
        .bind(user_id)
        .bind(time::now())
        .execute(&mut **tx)
        .await?;
    sqlx::query("DELETE FROM api_keys WHERE user_id = $1").bind(user_id).execute(&mut **tx).await?;
    Ok(())
}
