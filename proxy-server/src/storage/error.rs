//! What may go wrong with a database, as far as a caller can do something about it.

/// Why a storage call failed. Texts are for the log, not for callers.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database does not answer; it may come back.
    #[error("the database does not answer: {0}")]
    Away(String),
    /// The disk is full or read-only.
    #[error("the database cannot write: {0}")]
    Full(String),
    /// Anything else.
    #[error("{0}")]
    Other(String),
}

/// SQLite's primary result codes for a disk that takes no more.
const SQLITE_FULL: u32 = 13;
const SQLITE_READONLY: u32 = 8;
const SQLITE_IOERR: u32 = 10;
/// … and for a lock that was not given in time.
const SQLITE_BUSY: u32 = 5;

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        let text = error.to_string();
        match &error {
            sqlx::Error::Io(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::Tls(_)
            | sqlx::Error::PoolClosed => Self::Away(text),
            sqlx::Error::Database(database) => {
                let code = database.code().unwrap_or_default().into_owned();
                // Numbers are SQLite's extended result codes, the primary one in the low byte.
                let primary = code.parse::<u32>().map(|code| code & 0xff).ok().filter(|_| code.len() < 5);
                match (code.as_str(), primary) {
                    // PostgreSQL: connection trouble, shutting down, starting up, too many clients.
                    (code, _) if code.starts_with("08") || code.starts_with("57P") || code == "53300" => {
                        Self::Away(text)
                    }
                    // PostgreSQL: disk full, read-only transaction.
                    ("53100" | "25006", _) => Self::Full(text),
                    (_, Some(SQLITE_BUSY)) => Self::Away(text),
                    (_, Some(SQLITE_FULL | SQLITE_READONLY | SQLITE_IOERR)) => Self::Full(text),
                    _ => Self::Other(text),
                }
            }
            _ => Self::Other(text),
        }
    }
}

/// Whether a call failed because a unique value was taken.
pub(super) fn is_taken(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(sqlx::error::DatabaseError::is_unique_violation)
}
