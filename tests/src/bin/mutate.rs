//! A million damaged sources a minute, more or less: `mutate TARGET EXECUTIONS [SEED]`.
//!
//! Takes the project's own small sources, damages them (pieces taken out, doubled, exchanged with other sources, words of
//! the language put in) and gives them to a fuzz target. No coverage guides it, so it finds less an input than libFuzzer
//! does (`cargo xtask fuzz`); it needs nothing but the release build. What panics is written to `tests/fuzz/artifacts`
//! and counted; what takes longer than a second is named.
#![allow(clippy::print_stdout, reason = "a program speaks on standard output")]

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use spandrel_tests::fuzz;
use spandrel_tests::inputs::Random;

/// Inputs do not grow beyond this: small ones run often.
const MOST: usize = 2048;
/// So many crashes, and the run has shown what it can.
const MOST_CRASHES: usize = 20;

fn main() -> Result<(), String> {
    let mut arguments = std::env::args().skip(1);
    let name = arguments.next().unwrap_or_default();
    let executions: u64 = arguments.next().and_then(|n| n.parse().ok()).unwrap_or(100_000);
    let seed: u64 = arguments.next().and_then(|n| n.parse().ok()).unwrap_or(1);
    let target: fn(&[u8]) = match name.as_str() {
        "parse" => fuzz::parse,
        "compile" => fuzz::compile,
        "format" => fuzz::format,
        "edit" => fuzz::edit,
        "diff" => fuzz::diff,
        "layout" => fuzz::layout,
        "repair" => fuzz::repair,
        other => return Err(format!("there is no target `{other}`")),
    };
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let sources = sources(&root.join("corpus/lang"));
    let words = words(&root.join("fuzz/d2.dict"));
    let artifacts = root.join("fuzz/artifacts").join(&name);
    let two = matches!(name.as_str(), "edit" | "diff");
    let mut random = Random::new(seed);
    std::panic::set_hook(Box::new(|_| {}));
    let start = Instant::now();
    let (mut crashes, mut slowest) = (0, Duration::ZERO);
    for done in 1..=executions {
        let mut input = damaged(&sources, &words, &mut random);
        if two {
            input.push(0);
            input.extend(match random.below(3) {
                // An edit wants a key, and a difference two sources that resemble each other.
                0 => words[random.below(words.len())].clone(),
                1 => key(&input, &mut random),
                _ => damaged(&sources, &words, &mut random),
            });
        }
        let before = Instant::now();
        let outcome = catch_unwind(AssertUnwindSafe(|| target(&input)));
        let took = before.elapsed();
        if took > Duration::from_secs(1) {
            println!("{} ms: {:?}", took.as_millis(), String::from_utf8_lossy(&input));
        }
        slowest = slowest.max(took);
        if let Err(panic) = outcome {
            crashes += 1;
            let what = panic.downcast_ref::<String>().map(String::as_str);
            let what = what.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("a panic");
            let file = artifacts.join(format!("crash-{seed}-{done}"));
            let written = fs::create_dir_all(&artifacts).and_then(|()| fs::write(&file, &input));
            println!("{}: {}", file.display(), what.lines().next().unwrap_or_default());
            written.map_err(|error| format!("{}: {error}", file.display()))?;
            if crashes == MOST_CRASHES {
                break;
            }
        }
        if done % 100_000 == 0 || done == executions {
            let rate = done as f64 / start.elapsed().as_secs_f64();
            println!(
                "{name}: {done} executions, {crashes} crashes, {rate:.0} a second, slowest {slowest:.1?}"
            );
        }
    }
    if crashes == 0 { Ok(()) } else { Err(format!("{crashes} inputs break `{name}`")) }
}

/// All `.d2` files below `folder`, in order.
fn sources(folder: &Path) -> Vec<Vec<u8>> {
    let mut open = vec![folder.to_path_buf()];
    let mut paths: Vec<PathBuf> = Vec::new();
    while let Some(folder) = open.pop() {
        for path in fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()) {
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "d2") {
                paths.push(path);
            }
        }
    }
    paths.sort();
    paths.iter().filter_map(|path| fs::read(path).ok()).filter(|text| !text.is_empty()).collect()
}

/// The words of a libFuzzer dictionary: a quoted string a line, with `\xAB`, `\"` and `\\`.
fn words(file: &Path) -> Vec<Vec<u8>> {
    let text = fs::read_to_string(file).unwrap_or_default();
    let quoted = text.lines().filter_map(|line| line.strip_prefix('"')?.strip_suffix('"'));
    quoted
        .map(|word| {
            word.replace("\\x0a", "\n")
                .replace("\\x00", "\0")
                .replace("\\\"", "\"")
                .replace("\\\\", "\\")
                .into_bytes()
        })
        .collect()
}

fn damaged(sources: &[Vec<u8>], words: &[Vec<u8>], random: &mut Random) -> Vec<u8> {
    let mut text = sources[random.below(sources.len())].clone();
    for _ in 0..=random.below(6) {
        let (from, to) = range(random, text.len());
        match random.below(8) {
            0 => drop(text.drain(from..to)),
            1 => {
                let piece = text[from..to].to_vec();
                let at = random.below(text.len() + 1);
                text.splice(at..at, piece);
            }
            2 => {
                let other = &sources[random.below(sources.len())];
                let (start, end) = range(random, other.len());
                text.splice(from..to, other[start..end].iter().copied());
            }
            3 => {
                if let Some(byte) = text.get_mut(from) {
                    *byte = random.number() as u8;
                }
            }
            4 => text.truncate(to),
            // Most often a word of the language: what it does beside others is what is asked.
            _ => {
                let word = words[random.below(words.len())].iter().copied();
                text.splice(from..from, word);
            }
        }
        text.truncate(MOST);
    }
    text
}

/// A word of the source, or two of them as a connection.
fn key(source: &[u8], random: &mut Random) -> Vec<u8> {
    let text = String::from_utf8_lossy(source);
    let names: Vec<&str> = text
        .split(|c: char| !c.is_alphanumeric() && c != '_' && c != '.')
        .filter(|name| !name.is_empty())
        .collect();
    if names.is_empty() {
        return b"a".to_vec();
    }
    let [a, b] = [names[random.below(names.len())], names[random.below(names.len())]];
    if random.below(3) == 0 { format!("({a} -> {b})[0]").into_bytes() } else { a.as_bytes().to_vec() }
}

/// A part of something that is `len` long; mostly a short one.
fn range(random: &mut Random, len: usize) -> (usize, usize) {
    let from = random.below(len + 1);
    let longest = if random.below(4) == 0 { len } else { 24 };
    (from, (from + random.below(longest + 1)).min(len))
}
