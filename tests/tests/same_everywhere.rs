//! The same drawing natively and in WebAssembly: fingerprints of drawings, made here and kept as a snapshot, which
//! `pkg/test/drawings.test.ts` compares with what the built packages draw.

use std::fmt::Write;
use std::path::PathBuf;

use spandrel_engine::Engine;
use spandrel_engine::wire::Options;

/// FNV-1a over the bytes of a text: enough to tell drawings apart, and three lines in any language.
fn fingerprint(text: &str) -> u64 {
    text.bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3))
}

fn files(folder: &str, extension: &str) -> Vec<(String, String)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("corpus").join(folder);
    let mut found: Vec<_> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ext| ext == extension))
        .map(|path| {
            (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read_to_string(path).unwrap())
        })
        .collect();
    found.sort();
    found
}

#[test]
fn drawings_have_their_fingerprints() {
    let engine = Engine::native();
    let mut page = String::new();
    for (name, source) in files("real", "d2") {
        let svg = engine.render(&source, &Options::default()).unwrap();
        let _ = writeln!(page, "{name} {:016x}", fingerprint(&svg));
    }
    for (name, graph) in files("elk", "json") {
        let drawn = engine.layout(&graph, "{}").unwrap();
        let _ = writeln!(page, "{name} {:016x}", fingerprint(&drawn));
    }
    insta::assert_snapshot!("drawings", page);
}
