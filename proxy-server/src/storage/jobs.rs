//! Long requests that go on without their client: what they told, and what came of them.
//!
//! Their events stand in the database, so that they can be followed again after a broken connection and from any
//! server. A job's server says now and then that it lives; a job that is silent for too long has died with it.

use sqlx::Row;
use sqlx::any::AnyRow;

use super::{Kind, Result, Storage, count};
use crate::ids;
use crate::time::{self, Millis};

/// A job whose server has not been heard of for so long is lost.
const SILENCE_MS: Millis = 20_000;

/// Where a job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It is being served.
    Running,
    /// It has its answer.
    Done,
    /// It ended with an error.
    Failed,
    /// Its person took it back.
    Cancelled,
}

impl Status {
    /// As stored and shown.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    fn from_stored(text: &str) -> Self {
        match text {
            "running" => Self::Running,
            "done" => Self::Done,
            "cancelled" => Self::Cancelled,
            _ => Self::Failed,
        }
    }
}

/// A job as its person sees it.
#[derive(Clone, Debug)]
pub struct Job {
    /// Its name.
    pub id: String,
    /// Code of the project that it is for.
    pub project_code: String,
    /// Where it stands.
    pub status: Status,
    /// JSON: the answer, or the error; `None` while it runs.
    pub outcome: Option<String>,
    /// When it began.
    pub created_at: Millis,
    /// When it was last heard of.
    pub updated_at: Millis,
}

/// Something that a job told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// From 1, without holes.
    pub number: i64,
    /// As in an event stream.
    pub name: String,
    /// JSON.
    pub data: String,
}

fn job(row: &AnyRow) -> Result<Job> {
    Ok(Job {
        id: row.try_get("id")?,
        project_code: row.try_get("project_code")?,
        status: Status::from_stored(row.try_get("status")?),
        outcome: row.try_get("outcome")?,
        created_at: row.try_get("created_at")?,
        updated_at: row.try_get("updated_at")?,
    })
}

impl Storage {
    /// Notes a new job, unless the person has `most` running already.
    pub async fn create_job(
        &self,
        user_id: &str,
        project_id: &str,
        most: u32,
        life_ms: Millis,
    ) -> Result<Option<String>> {
        let (id, now) = (ids::opaque(), time::now());
        let mut tx = self.begin().await?;
        let running = sqlx::query("SELECT COUNT(*) FROM jobs WHERE user_id = $1 AND status = 'running'")
            .bind(user_id)
            .fetch_one(&mut *tx)
            .await?;
        if count(&running)? >= u64::from(most) {
            return Ok(None);
        }
        sqlx::query(
            "INSERT INTO jobs (id, user_id, project_id, status, created_at, updated_at, alive_until, expires_at)
             VALUES ($1, $2, $3, 'running', $4, $4, $5, $6)",
        )
        .bind(&id)
        .bind(user_id)
        .bind(project_id)
        .bind(now)
        .bind(now + SILENCE_MS)
        .bind(now + life_ms)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(Some(id))
    }

    /// A job of this person.
    pub async fn job(&self, user_id: &str, id: &str) -> Result<Option<Job>> {
        let row = sqlx::query(
            "SELECT j.id, p.code AS project_code, j.status, j.outcome, j.created_at, j.updated_at
             FROM jobs j JOIN projects p ON p.id = j.project_id WHERE j.id = $1 AND j.user_id = $2",
        )
        .bind(id)
        .bind(user_id)
        .fetch_optional(self.read())
        .await?;
        row.as_ref().map(job).transpose()
    }

    /// What a job has told after event number `after`, at most a few hundred events.
    pub async fn job_events(&self, id: &str, after: i64) -> Result<Vec<Event>> {
        let rows = sqlx::query(
            "SELECT number, name, data FROM job_events WHERE job_id = $1 AND number > $2
             ORDER BY number LIMIT 500",
        )
        .bind(id)
        .bind(after)
        .fetch_all(self.read())
        .await?;
        let event = |row: &AnyRow| {
            Ok(Event { number: row.try_get(0)?, name: row.try_get(1)?, data: row.try_get(2)? })
        };
        rows.iter().map(event).collect()
    }

    /// Keeps what a job told, and that it lives. `false`: it has been taken back, or has ended.
    pub async fn job_told(&self, id: &str, events: &[Event]) -> Result<bool> {
        let now = time::now();
        let mut tx = self.begin().await?;
        let living = sqlx::query(
            "UPDATE jobs SET updated_at = $2, alive_until = $3 WHERE id = $1 AND status = 'running'",
        )
        .bind(id)
        .bind(now)
        .bind(now + SILENCE_MS)
        .execute(&mut *tx)
        .await?;
        if living.rows_affected() == 0 {
            return Ok(false);
        }
        for event in events {
            sqlx::query("INSERT INTO job_events (job_id, number, name, data) VALUES ($1, $2, $3, $4)")
                .bind(id)
                .bind(event.number)
                .bind(&event.name)
                .bind(&event.data)
                .execute(&mut *tx)
                .await?;
        }
        tx.commit().await?;
        Ok(true)
    }

    /// Ends a job that runs, with a last event. `false`: it had ended before.
    pub async fn end_job(&self, id: &str, status: Status, name: &str, data: &str) -> Result<bool> {
        let mut tx = self.begin().await?;
        let ended = sqlx::query(
            "UPDATE jobs SET status = $2, outcome = $3, updated_at = $4 WHERE id = $1 AND status = 'running'",
        )
        .bind(id)
        .bind(status.as_str())
        .bind(data)
        .bind(time::now())
        .execute(&mut *tx)
        .await?;
        if ended.rows_affected() == 0 {
            return Ok(false);
        }
        sqlx::query(
            "INSERT INTO job_events (job_id, number, name, data)
             SELECT $1, COALESCE(MAX(number), 0) + 1, $2, $3 FROM job_events WHERE job_id = $1",
        )
        .bind(id)
        .bind(name)
        .bind(data)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Takes a job's server for dead: it has not been heard of for too long.
    pub async fn silence_job(&self, id: &str) -> Result<()> {
        let mut tx = self.begin().await?;
        sqlx::query("UPDATE jobs SET alive_until = 0 WHERE id = $1").bind(id).execute(&mut *tx).await?;
        Ok(tx.commit().await?)
    }

    /// Names of jobs that died with their server.
    pub async fn dead_jobs(&self) -> Result<Vec<String>> {
        let rows = sqlx::query("SELECT id FROM jobs WHERE status = 'running' AND alive_until < $1")
            .bind(time::now())
            .fetch_all(self.read())
            .await?;
        rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
    }

    /// Tells that no server of before lives any more. Only where no other server can be: on SQLite.
    pub(crate) async fn release_jobs(&self) -> Result<()> {
        if self.kind() != Kind::Sqlite {
            return Ok(());
        }
        let mut tx = self.begin().await?;
        sqlx::query("UPDATE jobs SET alive_until = 0 WHERE status = 'running'").execute(&mut *tx).await?;
        Ok(tx.commit().await?)
    }

    /// Removes jobs that are no longer kept; gives how many.
    pub async fn sweep_jobs(&self) -> Result<u64> {
        let mut tx = self.begin().await?;
        let done = sqlx::query("DELETE FROM jobs WHERE expires_at <= $1 AND status <> 'running'")
            .bind(time::now())
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(done.rows_affected())
    }
}
