//! `spandrel fmt`: D2's canonical formatting, in place.

use std::path::Path;

use spandrel_engine::Engine;
use spandrel_engine::wire::Options;

use crate::args::Fmt;
use crate::{Exit, Failure, files, report};

pub(crate) fn run(args: &Fmt) -> Result<Exit, Failure> {
    let mut exit = Exit::Ok;
    let mut unformatted = String::new();
    for file in &args.files {
        let source = files::read(file)?;
        let engine = Engine::native();
        let formatted = engine.format(&source);
        if formatted == source {
            // Unchanged: formatted already, or too broken to be.
            let found = engine.compile(&source, &Options::default()).diagnostics;
            let syntax: Vec<_> =
                found.into_iter().filter(|d| d.severity == "error" && d.code.starts_with('S')).collect();
            if !syntax.is_empty() {
                report::diagnostics(&files::shown(file), &source, &syntax);
                exit = Exit::Found;
            }
            if files::is_std(file) && !args.check {
                files::write(file, source.as_bytes())?;
            }
        } else if args.check {
            unformatted.push_str(&files::shown(file));
            unformatted.push('\n');
            exit = Exit::Found;
        } else {
            files::write(file, formatted.as_bytes())?;
        }
    }
    if !unformatted.is_empty() {
        files::write(Path::new("-"), unformatted.as_bytes())?;
    }
    Ok(exit)
}
