//! Where the web app's files come from: the binary (feature `embed-web`) or a folder.

use std::borrow::Cow;
use std::path::Path;

use axum::body::Bytes;
use sha2::{Digest, Sha256};

/// The built web app, in the binary.
#[cfg(feature = "embed-web")]
#[derive(rust_embed::RustEmbed)]
#[folder = "../web/dist"]
struct Embedded;

/// One file, ready to be sent.
pub(super) struct File {
    pub(super) bytes: Bytes,
    /// Strong, quoted; of the bytes as sent.
    pub(super) etag: String,
    /// The bytes are compressed.
    pub(super) brotli: bool,
}

/// The file that a path names: decoded, without a leading slash; `None` for a path that could leave the
/// folder or names a hidden file.
pub(super) fn name(path: &str) -> Option<String> {
    let decoded = decode(path.trim_start_matches('/'))?;
    let plain = !decoded.contains(['\\', '\0', ':'])
        && decoded.split('/').all(|part| !part.starts_with('.') && (!part.is_empty() || decoded.is_empty()));
    plain.then_some(decoded)
}

/// Percent-decoding; `None` where it is broken or not UTF-8.
fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let (high, low) =
                (char::from(rest.next()?).to_digit(16)?, char::from(rest.next()?).to_digit(16)?);
            bytes.push((high * 16 + low) as u8);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

/// The file of this name: from `web_dir` where that is set, else from the binary. With `brotli` a neighbour
/// `<name>.br`, which the build may have made, is preferred.
pub(super) async fn find(web_dir: &Path, name: &str, brotli: bool) -> Option<File> {
    if brotli && let Some(bytes) = read(web_dir, &format!("{name}.br")).await {
        return Some(file(bytes, true));
    }
    Some(file(read(web_dir, name).await?, false))
}

async fn read(web_dir: &Path, name: &str) -> Option<Cow<'static, [u8]>> {
    if web_dir.as_os_str().is_empty() {
        return embedded(name);
    }
    tokio::fs::read(web_dir.join(name)).await.ok().map(Cow::Owned)
}

#[cfg(feature = "embed-web")]
fn embedded(name: &str) -> Option<Cow<'static, [u8]>> {
    Embedded::get(name).map(|file| file.data)
}

#[cfg(not(feature = "embed-web"))]
fn embedded(_name: &str) -> Option<Cow<'static, [u8]>> {
    None
}

fn file(bytes: Cow<'static, [u8]>, brotli: bool) -> File {
    let digest = Sha256::digest(&bytes);
    let half = digest.iter().take(16).fold(0_u128, |sum, &byte| sum << 8 | u128::from(byte));
    let etag = format!("\"{half:032x}\"");
    let bytes = match bytes {
        Cow::Borrowed(bytes) => Bytes::from_static(bytes),
        Cow::Owned(bytes) => Bytes::from(bytes),
    };
    File { bytes, etag, brotli }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_path_leaves_the_folder() {
        assert_eq!(name("/assets/a%20b.js").as_deref(), Some("assets/a b.js"));
        assert_eq!(name("/").as_deref(), Some(""));
        for bad in
            ["/../x", "/a/%2e%2e/x", "/a/..%2fx", "/.env", "/a//b", "/%", "/%ff", "/c:/x", "/a%5c..%5cx"]
        {
            assert_eq!(name(bad), None, "{bad}");
        }
    }
}
