//! Reading and writing, `-` being standard input and output.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use crate::Failure;

/// Files looked at for imports at most, and how deep.
const MAX_IMPORT_FILES: usize = 1000;
const MAX_IMPORT_DEPTH: usize = 8;

pub(crate) fn is_std(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// How a file is called in messages.
pub(crate) fn shown(path: &Path) -> String {
    if is_std(path) { "<stdin>".to_owned() } else { path.display().to_string() }
}

/// The text of a file or of standard input.
pub(crate) fn read(path: &Path) -> Result<String, Failure> {
    let bytes = if is_std(path) {
        let mut bytes = Vec::new();
        std::io::stdin().read_to_end(&mut bytes).map(|_| bytes)
    } else {
        std::fs::read(path)
    };
    let bytes = bytes.map_err(|error| format!("cannot read `{}`: {error}", shown(path)))?;
    String::from_utf8(bytes).map_err(|_| format!("`{}` is not UTF-8 text", shown(path)))
}

/// Writes a file whole or not at all, or to standard output.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let done = if is_std(path) {
        let mut out = std::io::stdout().lock();
        out.write_all(bytes).and_then(|()| out.flush())
    } else {
        write_whole(path, bytes)
    };
    done.map_err(|error| format!("cannot write `{}`: {error}", path.display()))
}

/// Beside the target first, then in its place: who reads it never sees a half.
fn write_whole(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    // Devices and pipes cannot be replaced.
    if path.exists() && !path.is_file() {
        return std::fs::write(path, bytes);
    }
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.tmp", std::process::id()));
    let beside = path.with_file_name(name);
    let permissions = std::fs::metadata(path).map(|data| data.permissions());
    let written = std::fs::write(&beside, bytes)
        .and_then(|()| permissions.map_or(Ok(()), |p| std::fs::set_permissions(&beside, p)))
        .and_then(|()| std::fs::rename(&beside, path));
    if written.is_err() {
        drop(std::fs::remove_file(&beside));
    }
    written
}

/// The D2 files around `main` that it may import, by path relative to its folder. Empty where the text has no
/// `@`, without which there is no import.
pub(crate) fn imports(main: &Path, source: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    if is_std(main) || !source.contains('@') {
        return found;
    }
    let root = main.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    collect(root, &PathBuf::new(), 0, &mut found);
    found
}

fn collect(root: &Path, below: &Path, depth: usize, found: &mut BTreeMap<String, String>) {
    let Ok(entries) = std::fs::read_dir(root.join(below)) else { return };
    for entry in entries.flatten() {
        let Ok(kind) = entry.file_type() else { continue };
        let path = below.join(entry.file_name());
        let hidden = entry.file_name().to_string_lossy().starts_with('.');
        if found.len() >= MAX_IMPORT_FILES {
            return;
        }
        if kind.is_dir() && depth < MAX_IMPORT_DEPTH && !hidden {
            collect(root, &path, depth + 1, found);
        } else if kind.is_file() && path.extension().is_some_and(|ending| ending == "d2") {
            // A file that cannot be read is a file that is not there: the import says so.
            if let Ok(text) = std::fs::read_to_string(root.join(&path)) {
                let name: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
                found.insert(name.join("/"), text);
            }
        }
    }
}
