//! `spandrel repair`: what a language model wrote, as D2.

use std::path::Path;

use serde_json::json;
use spandrel_engine::wire::{Encoding, Options};
use spandrel_engine::{Engine, canonical};

use super::print_json;
use crate::args::Repair;
use crate::clock::deadline;
use crate::{Exit, Failure, batch, files, report};

pub(crate) fn run(args: &Repair) -> Result<Exit, Failure> {
    if args.jsonl {
        return batch::run(|engine, line| {
            let made = engine.repair(batch::text(line, "text")?);
            Ok(json!({
                "canonical": canonical(&made.source, &Options::default()),
                "source": made.source,
                "ok": made.ok,
                "changes": made.changes,
            }))
        });
    }
    let text = files::read(&args.input)?;
    let late = deadline();
    let made = Engine::new(Encoding::Utf8, &late).repair(&text);
    if args.json {
        print_json(&json!({
            "source": made.source,
            "ok": made.ok,
            "changes": made.changes,
            "diagnostics": made.diagnostics,
            "prompt": made.prompt,
        }))?;
    } else {
        files::write(Path::new("-"), made.source.as_bytes())?;
        for change in &made.changes {
            report::note(change);
        }
        report::diagnostics(&files::shown(&args.input), &made.source, &made.diagnostics);
    }
    Ok(if made.ok { Exit::Ok } else { Exit::Found })
}
