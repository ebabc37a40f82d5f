//! `spandrel check`: what is wrong with a source.

use serde_json::json;
use spandrel_engine::Engine;
use spandrel_engine::wire::{Checked, Encoding, Options};

use super::print_json;
use crate::args::Check;
use crate::clock::deadline;
use crate::{Exit, Failure, batch, files, report};

pub(crate) fn run(args: &Check) -> Result<Exit, Failure> {
    let strict = args.strict;
    if args.jsonl {
        return batch::run(|engine, line| {
            let options = Options { strict, ..Options::default() };
            let Checked { ok, safe, diagnostics } = engine.check(batch::text(line, "source")?, &options);
            Ok(json!({ "ok": ok, "safe": safe, "diagnostics": diagnostics }))
        });
    }
    let (mut errors, mut warnings) = (0, 0);
    for file in &args.files {
        let source = files::read(file)?;
        let name = files::shown(file);
        let late = deadline();
        let options = Options { strict, files: files::imports(file, &source), ..Options::default() };
        let checked = Engine::new(Encoding::Utf8, &late).check(&source, &options);
        errors += checked.diagnostics.iter().filter(|d| d.severity == "error").count();
        warnings += checked.diagnostics.iter().filter(|d| d.severity == "warning").count();
        if args.json {
            let Checked { ok, safe, diagnostics } = checked;
            print_json(&json!({ "path": name, "ok": ok, "safe": safe, "diagnostics": diagnostics }))?;
        } else {
            report::diagnostics(&name, &source, &checked.diagnostics);
        }
    }
    if !args.json && (errors > 0 || warnings > 0) {
        report::summary(errors, warnings, args.files.len());
    }
    Ok(if errors > 0 { Exit::Found } else { Exit::Ok })
}
