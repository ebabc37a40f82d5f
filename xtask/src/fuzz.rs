//! Coverage-guided fuzzing with libFuzzer, on the stable toolchain: cargo-fuzz adds nothing to the flags below that is
//! needed here (there is no unsafe code for a sanitizer to watch), and is not asked for.

use std::fs;
use std::path::Path;

use crate::sh::{self, Outcome};

/// The targets of tests/fuzz.
pub(crate) const TARGETS: [&str; 7] = ["parse", "compile", "format", "edit", "diff", "layout", "repair"];

/// What libFuzzer needs to see where an input leads: counters on every edge, a table of them, and comparisons. Arithmetic
/// that overflows and debug assertions panic.
const FLAGS: &str = "--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1 -Cdebug-assertions -Coverflow-checks";

/// Runs one target, or each in turn, for `seconds`. New inputs go to a folder below `target`; what crashes, or takes longer
/// than ten seconds, is left in `tests/fuzz/artifacts`.
pub(crate) fn fuzz(target: Option<&str>, seconds: u32) -> Outcome {
    let root = sh::root();
    let version = sh::command("rustc").arg("-vV").read()?;
    let host =
        version.lines().find_map(|line| line.strip_prefix("host: ")).ok_or("`rustc -vV` names no host")?;
    let built = root.join("target/fuzz");
    let chosen = TARGETS.iter().filter(|name| target.is_none_or(|wanted| wanted == **name));
    let dictionary = root.join("tests/fuzz/d2.dict");
    for name in chosen {
        println!("── fuzz {name}");
        // With a target of its own the flags are not those of build scripts.
        sh::cargo()
            .args(["build", "--release", "--manifest-path", "tests/fuzz/Cargo.toml", "--target", host])
            .args(["--bin", name, "--target-dir"])
            .arg(&built)
            .env("RUSTFLAGS", FLAGS)
            .go()?;
        let corpus = built.join("corpus").join(name);
        let artifacts = root.join("tests/fuzz/artifacts").join(name);
        for folder in [&corpus, &artifacts] {
            fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        }
        seed(&root, &corpus, *name == "edit" || *name == "diff")?;
        let program = built.join(host).join("release").join(name);
        sh::command(&program.display().to_string())
            .arg(&corpus)
            .arg(format!("-dict={}", dictionary.display()))
            .arg(format!("-artifact_prefix={}/", artifacts.display()))
            .arg(format!("-max_total_time={seconds}"))
            .args([
                "-timeout=10",
                "-rss_limit_mb=4096",
                "-max_len=4096",
                "-print_final_stats=1",
                "-verbosity=0",
            ])
            .go()?;
    }
    Ok(())
}

/// Puts the project's own small sources into a corpus: an input begins where people begin. Targets that take two texts
/// get two.
fn seed(root: &Path, corpus: &Path, two: bool) -> Outcome {
    let lang = root.join("tests/corpus/lang");
    let mut open = vec![lang];
    let mut texts: Vec<(String, String)> = Vec::new();
    while let Some(folder) = open.pop() {
        let entries = fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        for path in entries.flatten().map(|entry| entry.path()) {
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "d2") {
                let name = path.strip_prefix(root).unwrap_or(&path).display().to_string().replace('/', "-");
                texts.push((name, fs::read_to_string(&path).unwrap_or_default()));
            }
        }
    }
    texts.sort();
    for (at, (name, text)) in texts.iter().enumerate() {
        let other = &texts[(at + 1) % texts.len()].1;
        let input = if two { format!("{text}\0{other}") } else { text.clone() };
        let file = corpus.join(name);
        fs::write(&file, input).map_err(|error| format!("{}: {error}", file.display()))?;
    }
    Ok(())
}
