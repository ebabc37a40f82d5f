//! `spandrel classify`: what a sentence asks for.

use serde_json::{Value, json};
use spandrel_engine::Engine;
use spandrel_engine::wire::{AssistContext, Classified};

use super::print_json;
use crate::args::Classify;
use crate::{Exit, Failure, batch};

pub(crate) fn run(args: &Classify) -> Result<Exit, Failure> {
    let classify = |engine: &Engine<'_>, query: &str, has_diagram: bool| {
        let context = AssistContext { has_diagram: Some(has_diagram), ..AssistContext::default() };
        let Classified { intent, confidence, source } = engine.classify(query, &context);
        json!({ "intent": intent, "confidence": confidence, "source": source })
    };
    if args.jsonl {
        return batch::run(|engine, line| {
            let has_diagram = line.get("has_diagram").and_then(Value::as_bool).unwrap_or(false);
            Ok(classify(engine, batch::text(line, "query")?, has_diagram))
        });
    }
    let query = args.query.as_deref().unwrap_or_default();
    print_json(&classify(&Engine::native(), query, args.has_diagram))?;
    Ok(Exit::Ok)
}
