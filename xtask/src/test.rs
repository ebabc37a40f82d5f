//! `cargo xtask test`: everything, step by step, with one closing line.

use std::path::{Path, PathBuf};

use crate::build::{build, npm_install};
use crate::sh::{self, Cmd, Outcome};
use crate::{fuzz, machine, types};

/// The boundary crates only make sense on wasm32: native commands leave them out.
pub(crate) const NATIVE_ONLY: [&str; 4] = ["--exclude", "engine-wasm", "--exclude", "engine-wasm-elk"];

/// Makes every optional part mandatory: what would be skipped fails. Set by `.ci/run`.
const REQUIRE_ALL: &str = "SPANDREL_TEST_REQUIRE_ALL";

const POSTGRES: &str = "127.0.0.1:5432";
const REDIS: &str = "127.0.0.1:6379";

#[derive(Default)]
struct Tally {
    passed: u32,
    failed: u32,
    failures: Vec<String>,
    only: Option<String>,
}

impl Tally {
    /// Runs a step and counts the tests that its output tells of; a step that tells of none counts as one.
    fn step(&mut self, name: &str, work: impl FnOnce() -> Outcome<(bool, String)>) {
        if self.only.as_deref().is_some_and(|only| !name.contains(only)) {
            return;
        }
        println!("\n══ {name}");
        let start = std::time::Instant::now();
        let (ok, output) = work().unwrap_or_else(|message| (false, message));
        let (passed, failed) = count(&output);
        if !ok {
            println!("failed: {name}: {}", output.lines().last().unwrap_or_default());
            self.failures.push(name.to_owned());
        }
        self.passed += if ok { passed.max(1) } else { passed };
        self.failed += if ok { failed } else { failed.max(1) };
        println!("── {name}: {:.0} s", start.elapsed().as_secs_f64());
    }

    fn simple(&mut self, name: &str, work: impl FnOnce() -> Outcome) {
        self.step(name, || work().map(|()| (true, String::new())));
    }
}

/// Runs all tests; the last line is `N passed, N failed`.
pub(crate) fn test(long: bool, only: Option<&str>) -> Outcome {
    let strict = std::env::var(REQUIRE_ALL).is_ok_and(|value| value == "1");
    let mut tally = Tally { only: only.map(str::to_owned), ..Tally::default() };
    tally.simple("format", || sh::cargo().args(["fmt", "--all", "--check"]).go());
    tally.simple("clippy", clippy);
    if sh::cargo().args(["deny", "--version"]).read().is_ok() {
        // Advisories come over the network, and change while nothing here does: they are asked for by hand.
        let offline = ["bans", "licenses", "sources"];
        tally.simple("dependencies", || sh::cargo().args(["deny", "--locked", "check"]).args(offline).go());
    } else {
        println!("skipped: licences and sources of dependencies: cargo-deny is not installed");
    }
    tally.step("native tests", || {
        let mut cmd = native().arg("--no-fail-fast").env(types::FOLDER_VARIABLE, types::folder());
        for (name, address) in [("PostgreSQL", POSTGRES), ("Redis", REDIS)] {
            if !machine::answers(address) {
                if strict {
                    return Err(format!("{name} does not answer at {address} and {REQUIRE_ALL} is set"));
                }
                println!("skipped: the suites that need {name}, which does not answer at {address}");
            }
        }
        // The same cases on every run, so that a red test means a change; many more, and new ones, with --long.
        cmd =
            if long { cmd.env("SPANDREL_TEST_LONG", "1") } else { cmd.env("PROPTEST_RNG_SEED", "20261121") };
        cmd.tee()
    });
    // What the native tests tried on SQLite, on the other databases.
    if machine::answers(POSTGRES) {
        tally.step("server on PostgreSQL, without and with Redis", || {
            // Side by side: they mostly wait, for restarts and for what ends by itself.
            let alone = std::thread::spawn(|| on_database("postgres").tee());
            let with = if machine::answers(REDIS) {
                on_database("postgres+redis").tee()?
            } else {
                (true, String::new())
            };
            let alone = alone.join().map_err(|_| "a test run broke off".to_owned())??;
            Ok((alone.0 && with.0, alone.1 + &with.1))
        });
    }
    tally.simple("types", || types::check(native().arg("--lib")));
    tally.simple("build", || build(true));
    // As `cargo xtask run` builds it; the tests have the files beside the server.
    tally.simple("server with the web app inside", || {
        let feature = ["--features", "proxy-server/embed-web"];
        sh::cargo().args(["check", "--workspace"]).args(NATIVE_ONLY).args(feature).go()
    });
    tally.step("package tests in Node", || sh::npm("pkg").args(["run", "test"]).tee());
    tally.simple("package checks", || sh::npm("pkg").args(["run", "check"]).go());
    tally.simple("web checks", || sh::npm("web").args(["run", "check"]).go());
    tally.step("web unit tests", || sh::npm("web").args(["run", "test"]).tee());
    match machine::chromium() {
        Ok(chromium) => {
            tally.step("browser tests", || {
                npm_install("tests/e2e")?;
                sh::npm("tests/e2e")
                    .args(["run", "test"])
                    .env("SPANDREL_CHROMIUM", &chromium)
                    .env("SPANDREL_SERVER", native_program("proxy-server")?)
                    .tee()
            });
            tally.step("package in a stranger's app", || {
                sh::npm("tests/consumer").args(["run", "test"]).env("SPANDREL_CHROMIUM", &chromium).tee()
            });
        }
        Err(why) if strict => tally.step("browser tests", || Err(why)),
        Err(why) => println!("skipped: browser tests: {why}"),
    }
    conformance(&mut tally);
    if long {
        for target in fuzz::TARGETS {
            tally.simple(&format!("fuzz {target}"), || fuzz::fuzz(Some(target), 120));
        }
    }
    for failure in &tally.failures {
        println!("failed: {failure}");
    }
    println!("\n{} passed, {} failed", tally.passed, tally.failed);
    if tally.failed == 0 { Ok(()) } else { Err(format!("{} step(s) failed", tally.failures.len())) }
}

/// `cargo test` over everything that is not for wasm32, always with the same features, so that nothing is built twice.
fn native() -> Cmd {
    sh::cargo().args(["test", "--workspace", "--features", types::FEATURE]).args(NATIVE_ONLY)
}

/// A program as the native tests built it; built now where they did not run.
fn native_program(name: &str) -> Outcome<PathBuf> {
    native().args(["--no-run", "--quiet"]).go()?;
    Ok(sh::target().join("debug").join(name))
}

/// The tests of the HTTP face that do not try every database by themselves, on this one.
fn on_database(name: &str) -> Cmd {
    native()
        .args(["--test", "http", "--"])
        .args(["--skip", "sqlite::", "--skip", "postgres::", "--skip", "postgres_and_redis::"])
        .env("SPANDREL_TEST_DATABASE", name)
}

/// Format, clippy and the checks of the TypeScript.
pub(crate) fn lint() -> Outcome {
    sh::cargo().args(["fmt", "--all", "--check"]).go()?;
    clippy()?;
    for folder in ["pkg", "web"] {
        npm_install(folder)?;
        sh::npm(folder).args(["run", "check"]).go()?;
    }
    Ok(())
}

fn clippy() -> Outcome {
    let deny = ["--", "-D", "warnings"];
    sh::cargo().args(["clippy", "--workspace", "--all-targets"]).args(NATIVE_ONLY).args(deny).go()?;
    machine::wasm_cargo()?
        .args(["clippy", "--target", "wasm32-unknown-unknown", "-p", "engine-wasm", "-p", "engine-wasm-elk"])
        .args(deny)
        .go()
}

/// The recorded D2 cases are large and not part of the project; where they are at hand they are run.
fn conformance(tally: &mut Tally) {
    let cases = sh::root().join("../shared/corpus/d2/dev.jsonl");
    if !cases.is_file() {
        println!("skipped: D2 conformance: no recorded cases beside the project");
        return;
    }
    let score = sh::root().join("../shared/tools/d2-score/compare.py");
    let out = sh::target().join("conformance.jsonl");
    tally.simple("D2 conformance", || {
        let program = native_program("conformance")?;
        sh::command(&program.display().to_string()).arg(&cases).arg(&out).go()?;
        if Path::new(&score).is_file() {
            sh::command("python3").arg(&score).arg(&cases).arg(&out).go()
        } else {
            Ok(())
        }
    });
}

/// Sums what the runners say: cargo (`test result: ok. 3 passed; 0 failed`), node (`# pass 3`), vitest
/// (`Tests  3 passed`) and Playwright (`3 passed (4s)`).
fn count(output: &str) -> (u32, u32) {
    let (mut passed, mut failed) = (0, 0);
    for line in output.lines() {
        let line = plain(line);
        let words: Vec<&str> = line.split([' ', ';', '.', '(']).filter(|word| !word.is_empty()).collect();
        let number_before = |what: &str| {
            words
                .windows(2)
                .find(|pair| pair[1] == what)
                .and_then(|pair| pair[0].parse::<u32>().ok())
                .unwrap_or(0)
        };
        match words.as_slice() {
            ["test", "result:", ..] | ["Tests", ..] => {
                passed += number_before("passed");
                failed += number_before("failed");
            }
            ["#" | "ℹ", "pass", n] => passed += n.parse().unwrap_or(0),
            ["#" | "ℹ", "fail", n] => failed += n.parse().unwrap_or(0),
            [n, "passed", ..] if line.contains(" passed (") => passed += n.parse().unwrap_or(0),
            [n, "failed"] => failed += n.parse().unwrap_or(0),
            _ => {}
        }
    }
    (passed, failed)
}

/// A line without colour codes.
fn plain(line: &str) -> String {
    let mut parts = line.split('\u{1b}');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + part.split_once('m').map_or("", |(_, rest)| rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runners_are_understood() {
        let output = "test result: ok. 3 passed; 1 failed; 0 ignored\n# pass 4\nℹ fail 2\n\
                      \u{1b}[2m      Tests \u{1b}[22m \u{1b}[32m5 passed\u{1b}[39m (5)\n  6 passed (4.2s)\n 7 passed in words";
        assert_eq!(count(output), (3 + 4 + 5 + 6, 1 + 2));
    }
}
