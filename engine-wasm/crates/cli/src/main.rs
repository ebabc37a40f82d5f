//! `spandrel`: the engine on the command line, and the server.
//!
//! Every command is a thin skin over the façade: it reads, calls, prints. `args` names the commands and their
//! exit codes, `commands` holds a file for each, `batch` the forms that read one JSON object a line.

mod args;
mod batch;
mod clock;
mod commands;
mod files;
mod report;

use std::process::ExitCode;

use args::{Args, Command};
use clap::Parser as _;

/// How a command ended, as an exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Exit {
    /// Done.
    Ok = 0,
    /// Done, and something was found: errors in a source, files that are not formatted.
    Found = 1,
    // 2 is clap's: a wrong command line.
    /// Not done: a file cannot be read or written, the server cannot start.
    Failed = 3,
}

/// What a command could not do, in one sentence.
type Failure = String;

fn main() -> ExitCode {
    let outcome = match Args::parse().command {
        Command::Render(args) => commands::render::run(&args),
        Command::Fmt(args) => commands::fmt::run(&args),
        Command::Check(args) => commands::check::run(&args),
        Command::Layout(args) => commands::layout::run(&args),
        Command::Generate(args) => commands::generate::run(&args),
        Command::Classify(args) => commands::classify::run(&args),
        Command::Repair(args) => commands::repair::run(&args),
        #[cfg(feature = "serve")]
        Command::Serve(args) => commands::serve::run(args),
        #[cfg(feature = "serve")]
        Command::User(args) => commands::operate::user(&args),
        #[cfg(feature = "serve")]
        Command::Backup(args) => commands::operate::backup(&args),
        #[cfg(feature = "serve")]
        Command::Restore(args) => commands::operate::restore(&args),
    };
    let exit = outcome.unwrap_or_else(|sentence| {
        report::failure(&sentence);
        Exit::Failed
    });
    ExitCode::from(exit as u8)
}
