//! Switches of the service that an admin has set otherwise for one person.

use sqlx::Row;

use super::{Result, Storage};

impl Storage {
    /// What was set for a person: name of the flag, and whether it is on.
    pub async fn flag_overrides(&self, user_id: &str) -> Result<Vec<(String, bool)>> {
        let rows = sqlx::query("SELECT flag, is_on FROM flag_overrides WHERE user_id = $1 ORDER BY flag")
            .bind(user_id)
            .fetch_all(self.read())
            .await?;
        rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get::<i64, _>(1)? != 0))).collect()
    }

    /// Sets a flag for a person; `None`: as for everybody.
    pub async fn override_flag(&self, user_id: &str, flag: &str, is_on: Option<bool>) -> Result<()> {
        let mut tx = self.begin().await?;
        match is_on {
            None => {
                sqlx::query("DELETE FROM flag_overrides WHERE user_id = $1 AND flag = $2")
                    .bind(user_id)
                    .bind(flag)
                    .execute(&mut *tx)
                    .await?;
            }
            Some(is_on) => {
                sqlx::query(
                    "INSERT INTO flag_overrides (user_id, flag, is_on) VALUES ($1, $2, $3)
                     ON CONFLICT (user_id, flag) DO UPDATE SET is_on = $3",
                )
                .bind(user_id)
                .bind(flag)
                .bind(i64::from(is_on))
                .execute(&mut *tx)
                .await?;
            }
        }
        Ok(tx.commit().await?)
    }
}
