//! Packs the readable tables of `data/` into one file, `assist.bin`: what `Data::load` reads (see `src/data.rs`
//! for the format). The library embeds it where the feature `embedded-data` asks for it.

use std::path::{Path, PathBuf};
use std::{env, fs};

use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Patterns {
    pattern: Vec<Pattern>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pattern {
    id: String,
    title: String,
    words: Vec<String>,
    groups: Vec<String>,
    nodes: Vec<String>,
    edges: Vec<String>,
    #[serde(default)]
    services: String,
    /// Below 1 for patterns whose words are common: a special pattern wins over them.
    weight: Option<f64>,
    #[serde(default)]
    story: Vec<String>,
    #[serde(default)]
    why: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entries {
    entry: std::collections::BTreeMap<String, Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    words: Vec<String>,
    text: String,
    source: String,
}

const RECORD: &str = "\u{1e}";
const FIELD: &str = "\u{1f}";
const ITEM: &str = "\u{1d}";

fn main() {
    println!("cargo::rerun-if-changed=data");
    println!("cargo::rerun-if-changed=build.rs");
    let data = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it")).join("data");
    let mut out: Vec<u8> = b"SPDA\x01".to_vec();
    section(&mut out, *b"PATT", patterns(&data.join("patterns")).as_bytes());
    section(&mut out, *b"KNOW", knowledge(&data.join("knowledge")).as_bytes());
    // Written by `cargo run -p spandrel-assist --example intents -- train`; without it there is no vector stage.
    if let Ok(model) = fs::read(data.join("intents.bin")) {
        section(&mut out, *b"INTM", &model);
    }
    let target = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it")).join("assist.bin");
    fs::write(target, out).expect("the build folder can be written");
}

fn section(out: &mut Vec<u8>, tag: [u8; 4], payload: &[u8]) {
    out.extend_from_slice(&tag);
    out.extend_from_slice(&u32::try_from(payload.len()).expect("a section is small").to_le_bytes());
    out.extend_from_slice(payload);
}

fn patterns(folder: &Path) -> String {
    let mut records = Vec::new();
    for file in toml_files(folder) {
        for p in read::<Patterns>(&file).pattern {
            let lists =
                [&p.words, &p.groups, &p.nodes, &p.edges, &p.story, &p.why].map(|list| list.join(ITEM));
            records.push(
                [&[p.id, p.title, p.services, p.weight.unwrap_or(1.0).to_string()][..], &lists[..]]
                    .concat()
                    .join(FIELD),
            );
        }
    }
    records.join(RECORD)
}

fn knowledge(folder: &Path) -> String {
    let mut records = Vec::new();
    for file in toml_files(folder) {
        for (id, e) in read::<Entries>(&file).entry {
            records.push([id, e.words.join(ITEM), e.text, e.source].join(FIELD));
        }
    }
    records.join(RECORD)
}

fn toml_files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("readable").path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    files.sort();
    files
}

fn read<T: serde::de::DeserializeOwned>(path: &Path) -> T {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
