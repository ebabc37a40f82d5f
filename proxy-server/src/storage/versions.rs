//! Versions: added at the end, numbered from 1 without holes, never changed.
//!
//! The number comes from the project's row, raised by `UPDATE … WHERE last_version = base` in the transaction
//! that adds the version. That one statement decides who was first, on either database.

use sqlx::Row;
use sqlx::any::AnyRow;

use super::{Part, Result, Storage, Tx, Window, count};
use crate::time::{self, Millis};

/// One kept state of a diagram.
#[derive(Clone, Debug)]
pub struct Version {
    /// From 1.
    pub number: i64,
    /// D2.
    pub source: String,
    /// What was done, in a sentence.
    pub message: String,
    /// How it came to be: `edit`, `offline`, a provider's name, `restore`.
    pub origin: String,
    /// Who made it; `None`: an account that is gone.
    pub author_id: Option<String>,
    /// The author's present name.
    pub author_name: Option<String>,
    /// Positions by id, as JSON.
    pub drawing: Option<String>,
    /// Which engine drew it.
    pub engine_version: String,
    /// The version that it brings back.
    pub restored_from: Option<i64>,
    /// When.
    pub created_at: Millis,
}

/// What a new version is made of.
#[derive(Clone, Debug)]
pub struct NewVersion<'a> {
    /// D2.
    pub source: &'a str,
    /// What was done.
    pub message: &'a str,
    /// As in [`Version::origin`].
    pub origin: &'a str,
    /// Who made it.
    pub author_id: &'a str,
    /// Positions by id, as JSON.
    pub drawing: Option<&'a str>,
    /// Which engine drew it.
    pub engine_version: &'a str,
    /// The version that it brings back.
    pub restored_from: Option<i64>,
    /// Names the request that makes it: a second one of this name finds the first one's version.
    pub request_key: Option<&'a str>,
}

/// What came of adding a version.
#[derive(Clone, Debug)]
pub enum Appended {
    /// It is there.
    New(Added),
    /// The request of this name has made it before, under this number.
    Before(i64),
    /// Another was first: the newest number.
    Conflict(i64),
    /// The project is gone.
    NoProject,
}

/// A version that was added, and what was seen while it was.
#[derive(Clone, Debug)]
pub struct Added {
    /// Its number.
    pub number: i64,
    /// When.
    pub created_at: Millis,
    /// The author's present name.
    pub author_name: Option<String>,
    /// Whether the project has more than one member.
    pub is_shared: bool,
}

fn version(row: &AnyRow) -> Result<Version> {
    Ok(Version {
        number: row.try_get("number")?,
        source: row.try_get("source")?,
        message: row.try_get("message")?,
        origin: row.try_get("origin")?,
        author_id: row.try_get("author_id")?,
        author_name: row.try_get("author_name")?,
        drawing: row.try_get("drawing")?,
        engine_version: row.try_get("engine_version")?,
        restored_from: row.try_get("restored_from")?,
        created_at: row.try_get("created_at")?,
    })
}

async fn number_by_request(tx: &mut Tx, project_id: &str, key: &str) -> Result<Option<i64>> {
    let row = sqlx::query("SELECT number FROM versions WHERE project_id = $1 AND request_key = $2")
        .bind(project_id)
        .bind(key)
        .fetch_optional(&mut **tx)
        .await?;
    row.map(|row| Ok(row.try_get(0)?)).transpose()
}

impl Storage {
    /// Adds a version after number `base`, if that is still the newest.
    pub async fn append_version(
        &self,
        project_id: &str,
        base: i64,
        new: &NewVersion<'_>,
    ) -> Result<Appended> {
        let mut tx = self.begin().await?;
        let now = time::now();
        if let Some(key) = new.request_key
            && let Some(number) = number_by_request(&mut tx, project_id, key).await?
        {
            return Ok(Appended::Before(number));
        }
        let raised = sqlx::query(
            "UPDATE projects SET last_version = last_version + 1, updated_at = $3
             WHERE id = $1 AND last_version = $2
             RETURNING last_version, (SELECT name FROM users WHERE id = $4) AS author_name,
             (SELECT COUNT(*) FROM members WHERE project_id = $1) AS members",
        )
        .bind(project_id)
        .bind(base)
        .bind(now)
        .bind(new.author_id)
        .fetch_optional(&mut *tx)
        .await?;
        let Some(row) = raised else {
            let row = sqlx::query("SELECT last_version FROM projects WHERE id = $1")
                .bind(project_id)
                .fetch_optional(&mut *tx)
                .await?;
            tx.rollback().await?;
            return Ok(match row {
                Some(row) => Appended::Conflict(row.try_get(0)?),
                None => Appended::NoProject,
            });
        };
        let number: i64 = row.try_get(0)?;
        let author_name = row.try_get("author_name")?;
        let is_shared = row.try_get::<i64, _>("members")? > 1;
        sqlx::query(
            "INSERT INTO versions (project_id, number, source, message, origin, author_id, drawing,
             engine_version, restored_from, created_at, request_key)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        )
        .bind(project_id)
        .bind(number)
        .bind(new.source)
        .bind(new.message)
        .bind(new.origin)
        .bind(new.author_id)
        .bind(new.drawing)
        .bind(new.engine_version)
        .bind(new.restored_from)
        .bind(now)
        .bind(new.request_key)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(Appended::New(Added { number, created_at: now, author_name, is_shared }))
    }

    /// The version that the request of this name has made.
    pub async fn version_by_request(&self, project_id: &str, request_key: &str) -> Result<Option<Version>> {
        let row = sqlx::query("SELECT number FROM versions WHERE project_id = $1 AND request_key = $2")
            .bind(project_id)
            .bind(request_key)
            .fetch_optional(self.read())
            .await?;
        match row {
            Some(row) => self.version(project_id, row.try_get(0)?).await,
            None => Ok(None),
        }
    }

    /// One version.
    pub async fn version(&self, project_id: &str, number: i64) -> Result<Option<Version>> {
        let row = sqlx::query(
            "SELECT v.number, v.source, v.message, v.origin, v.author_id, u.name AS author_name, v.drawing,
             v.engine_version, v.restored_from, v.created_at
             FROM versions v LEFT JOIN users u ON u.id = v.author_id
             WHERE v.project_id = $1 AND v.number = $2",
        )
        .bind(project_id)
        .bind(number)
        .fetch_optional(self.read())
        .await?;
        row.as_ref().map(version).transpose()
    }

    /// The versions of a project without their texts and drawings (both empty in what is given).
    pub async fn versions(
        &self,
        project_id: &str,
        newest_first: bool,
        window: Window,
    ) -> Result<Part<Version>> {
        macro_rules! list {
            ($order:literal) => {
                concat!(
                    "SELECT v.number, '' AS source, v.message, v.origin, v.author_id, u.name AS author_name, \
                     CAST(NULL AS TEXT) AS drawing, v.engine_version, v.restored_from, v.created_at \
                     FROM versions v LEFT JOIN users u ON u.id = v.author_id \
                     WHERE v.project_id = $1 ORDER BY v.number ",
                    $order,
                    " LIMIT $2 OFFSET $3"
                )
            };
        }
        let sql: &'static str = if newest_first { list!("DESC") } else { list!("ASC") };
        let rows = sqlx::query(sql)
            .bind(project_id)
            .bind(window.limit)
            .bind(window.offset)
            .fetch_all(self.read())
            .await?;
        let total = sqlx::query("SELECT COUNT(*) FROM versions WHERE project_id = $1")
            .bind(project_id)
            .fetch_one(self.read())
            .await?;
        Ok(Part { items: rows.iter().map(version).collect::<Result<_>>()?, total: count(&total)? })
    }
}
