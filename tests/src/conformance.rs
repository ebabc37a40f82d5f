//! One conformance case: what to do is in `shared/corpus/d2/README.md`.

use std::collections::BTreeMap;
use std::sync::mpsc;
use std::time::Duration;

use serde_json::{Value, json};
use spandrel_base::{Budget, Diagnostic, LineIndex};
use spandrel_edit::Op;

/// Longer than this no case may take.
const TIME_LIMIT: Duration = Duration::from_secs(10);

/// The answer to one line of cases, as one line.
pub fn answer(line: &str) -> String {
    let Ok(case) = serde_json::from_str::<Value>(line) else {
        return json!({"crash": "the case is no JSON"}).to_string();
    };
    let mut answer = json!({"name": case["name"], "suite": case["suite"], "kind": case["kind"]});
    let (sender, receiver) = mpsc::channel();
    let worker = std::thread::Builder::new().stack_size(8 << 20).spawn(move || {
        let result = std::panic::catch_unwind(|| solve(&case));
        let _ = sender.send(result);
    });
    let result = match worker {
        Err(error) => json!({"crash": error.to_string()}),
        Ok(_) => match receiver.recv_timeout(TIME_LIMIT) {
            Ok(Ok(result)) => result,
            Ok(Err(panic)) => {
                let text = panic.downcast_ref::<String>().cloned();
                let text = text.or_else(|| panic.downcast_ref::<&str>().map(|&s| s.to_owned()));
                json!({"crash": text.unwrap_or_else(|| "a panic".to_owned())})
            }
            Err(mpsc::RecvTimeoutError::Timeout) => json!({"timeout": TIME_LIMIT.as_secs()}),
            Err(mpsc::RecvTimeoutError::Disconnected) => json!({"crash": "the case ended its thread"}),
        },
    };
    if let (Some(answer), Value::Object(result)) = (answer.as_object_mut(), result) {
        answer.extend(result);
    }
    answer.to_string()
}

fn solve(case: &Value) -> Value {
    let files: BTreeMap<String, String> = case["files"]
        .as_object()
        .map(|files| {
            files.iter().map(|(path, text)| (path.clone(), text.as_str().unwrap_or("").to_owned())).collect()
        })
        .unwrap_or_default();
    let main = case["main"].as_str().unwrap_or("index.d2");
    let source = files.get(main).cloned().unwrap_or_default();
    match case["kind"].as_str() {
        Some("compile") => {
            let output = spandrel_compile::compile_at(main, &source, &files, &Budget::default());
            if output.has_errors() {
                return errors(&output.diagnostics, &source, &files);
            }
            json!({"canonical": spandrel_export::canonical::diagram(&output.diagram)})
        }
        Some("parse") => {
            let tree = spandrel_syntax::parse(&source);
            if tree.diagnostics().is_empty() {
                return json!({"ok": true});
            }
            errors(tree.diagnostics(), &source, &files)
        }
        Some("format") => {
            let text = spandrel_syntax::format(&source).unwrap_or(source);
            json!({"text": text})
        }
        Some("edit") => edit(&case["op"], main, &source, &files),
        _ => json!({"crash": "no such kind of case"}),
    }
}

fn edit(op: &Value, main: &str, source: &str, files: &BTreeMap<String, String>) -> Value {
    let board: Vec<String> = op["board"]
        .as_array()
        .map(|names| names.iter().filter_map(|name| name.as_str().map(str::to_owned)).collect())
        .unwrap_or_default();
    let Some(parsed) = read_op(op) else { return json!({"crash": "no such operation"}) };
    let place = spandrel_edit::Place { path: main, files, board: &board };
    match spandrel_edit::edit(source, place, &parsed) {
        Err(diagnostic) => errors(&[diagnostic], source, files),
        Ok(edited) => {
            // The edit itself is minimal; what is compared is its result in canonical format.
            let text = spandrel_syntax::format(&edited.source).unwrap_or(edited.source);
            json!({"text": text, "key": edited.key})
        }
    }
}

/// An operation in the corpus's spelling.
fn read_op(op: &Value) -> Option<Op> {
    let text = |field: &str| op[field].as_str().map(str::to_owned);
    let key = text("key").unwrap_or_default();
    Some(match op["op"].as_str()? {
        "create" => Op::Create { key },
        "set" => Op::Set { key, value: text("value"), tag: text("tag") },
        "rename" => Op::Rename { key, new_name: text("new_name").unwrap_or_default() },
        "move" => Op::Move {
            key,
            new_key: text("new_key")?,
            include_descendants: op["include_descendants"].as_bool().unwrap_or(false),
        },
        "delete" => Op::Delete { key, with_children: false },
        "reconnect" => Op::Reconnect { key, new_src: text("new_src"), new_dst: text("new_dst") },
        "update_import" => Op::UpdateImport { path: text("path")?, new_path: text("new_path") },
        _ => return None,
    })
}

fn errors(diagnostics: &[Diagnostic], source: &str, files: &BTreeMap<String, String>) -> Value {
    let error = |d: &Diagnostic| {
        let text = d.path.as_ref().and_then(|path| files.get(path)).map_or(source, String::as_str);
        let at = LineIndex::new(text).line_column(text, d.told_at.unwrap_or(d.span).start as usize);
        let mut error = json!({"line": at.line, "column": at.column, "message": d.message});
        if let Some(path) = &d.path {
            error["file"] = json!(path);
        }
        error
    };
    json!({"errors": diagnostics.iter().filter(|d| d.is_error()).map(error).collect::<Vec<_>>()})
}
