//! `spandrel generate`: a diagram for a sentence, from the offline generator.

use std::path::Path;

use serde_json::{Value, json};
use spandrel_engine::wire::{AssistContext, Encoding, Generated, Options};
use spandrel_engine::{Engine, canonical};

use super::print_json;
use crate::args::Generate;
use crate::clock::deadline;
use crate::{Exit, Failure, batch, files, report};

pub(crate) fn run(args: &Generate) -> Result<Exit, Failure> {
    if args.jsonl {
        return batch::run(|engine, line| {
            let source = line.get("existing").and_then(Value::as_str).map(str::to_owned);
            let context = AssistContext { source, ..AssistContext::default() };
            let made = engine.generate(batch::text(line, "query")?, &context);
            Ok(json!({
                "canonical": canonical(&made.source, &Options::default()),
                "source": made.source,
                "message": made.message,
            }))
        });
    }
    let source = args.existing.as_deref().map(files::read).transpose()?;
    let late = deadline();
    let engine = Engine::new(Encoding::Utf8, &late);
    let context = AssistContext { source, ..AssistContext::default() };
    let made = engine.generate(args.query.as_deref().unwrap_or_default(), &context);
    let Generated { source, message, assumptions } = made;
    if args.json {
        print_json(&json!({ "source": source, "message": message, "assumptions": assumptions }))?;
    } else {
        files::write(Path::new("-"), source.as_bytes())?;
        report::note(&message);
        for assumption in &assumptions {
            report::note(&format!("assumed: {assumption}"));
        }
    }
    Ok(Exit::Ok)
}
