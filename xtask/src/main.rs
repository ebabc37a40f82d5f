//! Every chore of the project: `cargo xtask <chore>`. Needs nothing installed beyond Rust and Node.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command speaks on standard output")]

mod bench;
mod build;
mod elkjs;
mod fuzz;
mod machine;
mod run;
mod sh;
mod size;
mod test;
mod types;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Spandrel's chores.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Build the npm packages (engine as WebAssembly, TypeScript) and the web app; prints the sizes.
    Build {
        /// Only the npm packages.
        #[arg(long)]
        pkg_only: bool,
    },
    /// Build what is missing and start the studio on a loopback port.
    Run {
        /// The port; 0 takes a free one.
        #[arg(long, default_value_t = 7777)]
        port: u16,
    },
    /// Run all tests.
    Test {
        /// Also what takes long: many seeds, fuzzing for minutes, kill tests, load.
        #[arg(long)]
        long: bool,
        /// Only these steps (`--only web` runs every step whose name contains "web").
        #[arg(long)]
        only: Option<String>,
    },
    /// Format, clippy and the TypeScript checks, without tests.
    Lint,
    /// Generate the TypeScript types from the Rust structs; with `--check`, fail where they differ.
    Types {
        /// Change nothing.
        #[arg(long)]
        check: bool,
    },
    /// Run D2 conformance cases: IN.jsonl OUT.jsonl.
    Conformance {
        /// Cases.
        input: String,
        /// Results.
        output: String,
    },
    /// Accept the changed snapshots of all crates, after reading them.
    Golden,
    /// Print the sizes of the built packages; with `--write`, update the committed table.
    Size {
        /// Update docs/sizes.md.
        #[arg(long)]
        write: bool,
    },
    /// Measure: against peers `layout`, `quality`, `pipeline`, `proxy`; `assist`, `hostile`, `studio`; or all but the last.
    Bench {
        /// What to measure.
        what: Option<String>,
    },
    /// Fuzz a target for some seconds with libFuzzer.
    Fuzz {
        /// The target, all of them when absent.
        target: Option<String>,
        /// Seconds a target.
        #[arg(long, default_value_t = 60)]
        seconds: u32,
    },
    /// Run elkjs's own tests against our replacement of it.
    Elkjs {
        /// A git checkout of elkjs.
        checkout: String,
    },
    /// Measure the offline intent classifier; `train` trains it anew, `wrong SET` lists what it gets wrong.
    Intents {
        /// Nothing, `train`, or `wrong` and the name of a set.
        what: Vec<String>,
    },
}

fn main() -> ExitCode {
    let result = match Cli::parse().chore {
        Chore::Build { pkg_only } => build::build(!pkg_only),
        Chore::Run { port } => run::run(port),
        Chore::Test { long, only } => test::test(long, only.as_deref()),
        Chore::Lint => test::lint(),
        Chore::Types { check: true } => types::check(types::tests()),
        Chore::Types { check: false } => types::write(),
        Chore::Conformance { input, output } => sh::cargo()
            .args(["run", "--quiet", "--release", "-p", "spandrel-tests", "--bin", "conformance", "--"])
            .args([input, output])
            .go(),
        Chore::Golden => golden(),
        Chore::Size { write } => size::size(write),
        Chore::Bench { what } => bench::bench(what.as_deref()),
        Chore::Fuzz { target, seconds } => fuzz::fuzz(target.as_deref(), seconds),
        Chore::Elkjs { checkout } => elkjs::elkjs(&checkout),
        Chore::Intents { what } => sh::cargo()
            .args(["run", "--quiet", "--release", "-p", "spandrel-assist", "--features", "embedded-data"])
            .args(["--example", "intents", "--"])
            .args(what)
            .go(),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}

/// insta writes every snapshot anew; what changed is then for `git diff` to show.
fn golden() -> sh::Outcome {
    sh::cargo().env("INSTA_UPDATE", "always").args(["test", "--workspace"]).args(test::NATIVE_ONLY).go()?;
    sh::command("git").args(["--no-pager", "diff", "--stat", "--", "*.snap"]).go()
}
