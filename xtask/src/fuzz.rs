//! Fuzzing: coverage-guided where a nightly toolchain and cargo-fuzz are at hand.

use crate::sh::{self, Outcome};

/// The targets of tests/fuzz.
pub(crate) const TARGETS: [&str; 7] = ["parse", "compile", "format", "edit", "diff", "layout", "repair"];

/// Runs one target, or each in turn, for `seconds`.
pub(crate) fn fuzz(target: Option<&str>, seconds: u32) -> Outcome {
    let nightly = sh::command("rustup").args(["run", "nightly", "cargo", "--version"]).read().is_ok();
    let installed = sh::command("cargo").args(["fuzz", "--version"]).read().is_ok();
    if !nightly || !installed {
        println!("skipped: fuzzing needs a nightly toolchain and cargo-fuzz (`cargo install cargo-fuzz`)");
        return Ok(());
    }
    for name in TARGETS.iter().filter(|name| target.is_none_or(|wanted| wanted == **name)) {
        println!("── fuzz {name}");
        sh::command("rustup")
            .without_env("CARGO")
            .without_env("RUSTUP_TOOLCHAIN")
            .args(["run", "nightly", "cargo", "fuzz", "run", "--fuzz-dir", "tests/fuzz", name, "--"])
            .args([
                format!("-max_total_time={seconds}"),
                "-timeout=10".to_owned(),
                "-max_len=65536".to_owned(),
            ])
            .go()?;
    }
    Ok(())
}
