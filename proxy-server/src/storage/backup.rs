//! Snapshots of the SQLite database: taken while the server runs, brought back while it does not.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::{AnyPool, Row};

use super::{Error, Result, Storage, data_dir, make_private_dir, migrations};
use crate::config;
use crate::time;

pub(super) const DATABASE: &str = "spandrel.db";
const LOCK: &str = "spandrel.lock";

/// Held by every server on a data folder; a restore needs it alone.
#[derive(Debug)]
pub(super) struct InUse(#[expect(dead_code, reason = "held, not read")] File);

fn lock_file(dir: &Path) -> std::io::Result<File> {
    File::options().create(true).truncate(false).write(true).open(dir.join(LOCK))
}

fn other(what: &str, error: impl std::fmt::Display) -> Error {
    Error::Other(format!("{what}: {error}"))
}

/// Notes that a server uses the folder, for as long as the value lives.
pub(super) fn in_use(dir: &Path) -> Result<InUse> {
    let file = lock_file(dir).map_err(|error| other("cannot open the data folder's lock", error))?;
    match file.try_lock_shared() {
        Ok(()) => Ok(InUse(file)),
        Err(fs::TryLockError::WouldBlock) => {
            Err(Error::Other("a backup is just being restored into this data folder".to_owned()))
        }
        // A file system without locks: nothing is gained by refusing to run.
        Err(fs::TryLockError::Error(_)) => Ok(InUse(file)),
    }
}

/// Writes a consistent snapshot to `target`, which must not exist. Gives its size in bytes.
pub(crate) async fn write(storage: &Storage, target: &Path) -> Result<u64> {
    if target.exists() {
        return Err(Error::Other(format!("`{}` exists; name a new file", target.display())));
    }
    let part = target.with_extension("part");
    drop(fs::remove_file(&part));
    sqlx::query("VACUUM INTO $1").bind(part.to_string_lossy().into_owned()).execute(storage.read()).await?;
    let finish = || {
        let file = File::open(&part)?;
        file.sync_all()?;
        let size = file.metadata()?.len();
        fs::rename(&part, target)?;
        Ok::<u64, std::io::Error>(size)
    };
    finish().map_err(|error| other("cannot finish the snapshot", error))
}

/// Puts a snapshot in the place of the database, whose former files are kept beside it.
pub(crate) async fn restore(config: &config::Storage, snapshot: &Path) -> Result<Option<PathBuf>> {
    sqlx::any::install_default_drivers();
    let dir = data_dir(config)?;
    make_private_dir(&dir)?;
    let lock = lock_file(&dir).map_err(|error| other("cannot open the data folder's lock", error))?;
    if let Err(fs::TryLockError::WouldBlock) = lock.try_lock() {
        return Err(Error::Other("a server uses this data folder: stop it first".to_owned()));
    }
    // A copy is judged, so that nothing is written into the snapshot itself.
    let incoming = dir.join("incoming.db");
    remove_database(&incoming);
    fs::copy(snapshot, &incoming)
        .map_err(|error| other(&format!("cannot read `{}`", snapshot.display()), error))?;
    if let Err(error) = judge(&incoming).await {
        remove_database(&incoming);
        return Err(error);
    }
    let swap = || {
        File::open(&incoming)?.sync_all()?;
        let database = dir.join(DATABASE);
        let mut kept = None;
        if database.exists() {
            let former = dir.join(format!("spandrel-before-restore-{}.db", time::now()));
            for ending in ["-wal", "-shm"] {
                let side = with_ending(&database, ending);
                if side.exists() {
                    fs::rename(&side, with_ending(&former, ending))?;
                }
            }
            fs::rename(&database, &former)?;
            kept = Some(former);
        }
        fs::rename(&incoming, &database)?;
        Ok::<_, std::io::Error>(kept)
    };
    swap().map_err(|error| other("cannot put the snapshot in place", error))
}

/// Refuses what is damaged, no database of ours, or of a newer server.
async fn judge(path: &Path) -> Result<()> {
    let refuse = |why: &str| Error::Other(format!("this is not a usable snapshot: {why}"));
    let pool = open(path).await.map_err(|_| refuse("it is no SQLite database"))?;
    let check = sqlx::query("PRAGMA integrity_check").fetch_one(&pool).await;
    let verdict: String = check.and_then(|row| row.try_get(0)).map_err(|_| refuse("it is damaged"))?;
    let newest = sqlx::query("SELECT COALESCE(MAX(version), 0) FROM _sqlx_migrations").fetch_one(&pool).await;
    pool.close().await;
    if verdict != "ok" {
        return Err(refuse("it is damaged"));
    }
    let newest: i64 =
        newest.and_then(|row| row.try_get(0)).map_err(|_| refuse("it has no Spandrel tables"))?;
    if newest > migrations::newest() {
        return Err(refuse("it comes from a newer version of Spandrel"));
    }
    Ok(())
}

async fn open(path: &Path) -> sqlx::Result<AnyPool> {
    let options = AnyConnectOptions::from_str(&super::sqlite_url(path))?;
    AnyPoolOptions::new().max_connections(1).connect_with(options).await
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

fn remove_database(path: &Path) {
    for ending in ["", "-wal", "-shm", "-journal"] {
        drop(fs::remove_file(with_ending(path, ending)));
    }
}
