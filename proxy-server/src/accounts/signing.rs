//! The secret that signs access tokens: configured, or made once and kept beside the database.

use std::io::Write;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::config::{Config, Secret};
use crate::storage::{self, data_dir, make_private_dir};

const FILE: &str = "signing-secret";

/// The configured secret, the kept one, or a new one that is kept from now on.
pub(crate) fn signing_secret(config: &Config) -> storage::Result<Secret> {
    if !config.accounts.signing_secret.is_empty() {
        return Ok(config.accounts.signing_secret.clone());
    }
    let dir = data_dir(&config.storage)?;
    make_private_dir(&dir)?;
    let path = dir.join(FILE);
    let cannot = |cause: std::io::Error| {
        storage::Error::Other(format!("cannot keep the signing secret in `{}`: {cause}", path.display()))
    };
    if let Some(kept) = read(&path).map_err(cannot)? {
        return Ok(kept);
    }
    let secret = random();
    match write(&path, &secret) {
        Ok(()) => Ok(Secret::new(secret)),
        // Another server on the same folder was first.
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => read(&path)
            .map_err(cannot)?
            .ok_or_else(|| storage::Error::Other(format!("`{}` is empty", path.display()))),
        Err(error) => Err(cannot(error)),
    }
}

/// 256 random bits as text.
pub(super) fn random() -> String {
    URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>())
}

fn read(path: &Path) -> std::io::Result<Option<Secret>> {
    match std::fs::read_to_string(path) {
        Ok(text) if text.trim().len() >= 32 => Ok(Some(Secret::new(text.trim()))),
        Ok(_) => Ok(None),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn write(path: &Path, secret: &str) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(secret.as_bytes())?;
    file.sync_all()
}
