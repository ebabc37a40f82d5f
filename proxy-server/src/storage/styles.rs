//! What a project adds to the style pack: a text that this module does not look into.

use sqlx::Row;

use super::{Result, Storage};
use crate::time;

impl Storage {
    /// What this project adds; `None`: nothing.
    pub async fn style(&self, project_id: &str) -> Result<Option<String>> {
        let row = sqlx::query("SELECT style FROM projects WHERE id = $1")
            .bind(project_id)
            .fetch_optional(self.read())
            .await?;
        row.map_or(Ok(None), |row| Ok(row.try_get(0)?))
    }

    /// Replaces what this project adds; `None`: it adds nothing any more.
    pub async fn set_style(&self, project_id: &str, style: Option<&str>) -> Result<()> {
        let mut tx = self.begin().await?;
        sqlx::query("UPDATE projects SET style = $2, updated_at = $3 WHERE id = $1")
            .bind(project_id)
            .bind(style)
            .bind(time::now())
            .execute(&mut *tx)
            .await?;
        Ok(tx.commit().await?)
    }
}
