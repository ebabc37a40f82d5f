//! The tables, built step by step. A released step never changes: its checksum is kept with the data.

use std::borrow::Cow;

use sqlx::SqlSafeStr;
use sqlx::migrate::{Migration, MigrationType, Migrator};

use super::{Error, Kind, Result, Storage};

macro_rules! step {
    ($number:literal, $name:literal) => {
        (
            $number,
            $name,
            include_str!(concat!("../../migrations/sqlite/", $name, ".sql")),
            include_str!(concat!("../../migrations/postgres/", $name, ".sql")),
        )
    };
}

/// Number, file, and its text for SQLite and PostgreSQL.
const STEPS: &[(i64, &str, &str, &str)] = &[
    step!(1, "0001_first"),
    step!(2, "0002_accounts"),
    step!(3, "0003_idempotency"),
    step!(4, "0004_notifications"),
    step!(5, "0005_usage"),
    step!(100, "0100_outside_accounts"),
    step!(200, "0200_metering"),
    step!(201, "0201_jobs"),
    step!(300, "0300_project_style"),
    step!(400, "0400_usage_days"),
];

/// Number of the last step.
pub(super) fn newest() -> i64 {
    STEPS.iter().map(|step| step.0).max().unwrap_or(0)
}

/// Runs the steps that this database has not seen. PostgreSQL's advisory lock keeps two servers apart.
pub(super) async fn run(storage: &Storage) -> Result<()> {
    let steps: Vec<Migration> = STEPS
        .iter()
        .map(|&(number, name, sqlite, postgres)| {
            let text = if storage.kind == Kind::Sqlite { sqlite } else { postgres };
            Migration::new(number, Cow::Borrowed(name), MigrationType::Simple, text.into_sql_str(), false)
        })
        .collect();
    let migrator = Migrator { migrations: Cow::Owned(steps), ..Migrator::DEFAULT };
    migrator.run(&storage.write).await.map_err(|error| match error {
        sqlx::migrate::MigrateError::Execute(error) => Error::from(error),
        other => Error::Other(format!("cannot bring the tables up to date: {other}")),
    })
}
