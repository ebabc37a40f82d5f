//! One JSON object a line in, one a line out: in order, and one for every line whatever happens to it.

use std::io::{BufRead, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};

use serde_json::{Map, Value, json};

use crate::clock::deadline;
use crate::{Exit, Failure};
use spandrel_engine::Engine;
use spandrel_engine::wire::Encoding;

/// Longest line in bytes; a longer one gets an error of its own.
const MAX_LINE: usize = 16 << 20;

/// Reads standard input line by line and writes what `answer` makes of each object, with its `id`.
///
/// Blank lines are left out. What is no JSON object, has a wrong field, or makes the engine fail, becomes
/// `{"id","error"}`.
pub(crate) fn run(
    answer: impl Fn(&Engine<'_>, &Map<String, Value>) -> Result<Value, String>,
) -> Result<Exit, Failure> {
    // A panic of one line is that line's result, not a message on the terminal.
    std::panic::set_hook(Box::new(|_| {}));
    let mut input = std::io::stdin().lock();
    let mut output = std::io::stdout().lock();
    let mut line = Vec::new();
    loop {
        line.clear();
        let read = input.read_until(b'\n', &mut line).map_err(|error| format!("cannot read: {error}"))?;
        if read == 0 {
            break;
        }
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        let result = one(&line, &answer);
        // Serde writes no line breaks; one write a line, so that a reader can follow.
        let mut text = result.to_string();
        text.push('\n');
        let written = output.write_all(text.as_bytes()).and_then(|()| output.flush());
        written.map_err(|error| format!("cannot write: {error}"))?;
    }
    Ok(Exit::Ok)
}

fn one(line: &[u8], answer: &impl Fn(&Engine<'_>, &Map<String, Value>) -> Result<Value, String>) -> Value {
    if line.len() > MAX_LINE {
        return json!({ "id": null, "error": format!("the line is longer than {MAX_LINE} bytes") });
    }
    let object = match serde_json::from_slice::<Value>(line) {
        Ok(Value::Object(object)) => object,
        Ok(_) => return json!({ "id": null, "error": "the line is not a JSON object" }),
        Err(error) => return json!({ "id": null, "error": format!("the line is not JSON: {error}") }),
    };
    let id = object.get("id").cloned().unwrap_or(Value::Null);
    let late = deadline();
    let engine = Engine::new(Encoding::Utf8, &late);
    let result = catch_unwind(AssertUnwindSafe(|| answer(&engine, &object)))
        .unwrap_or_else(|_| Err("the engine failed on this line".to_owned()));
    match result {
        Ok(Value::Object(fields)) => {
            let mut whole = Map::new();
            whole.insert("id".to_owned(), id);
            whole.extend(fields);
            Value::Object(whole)
        }
        Ok(other) => json!({ "id": id, "result": other }),
        Err(error) => json!({ "id": id, "error": error }),
    }
}

/// A text field that must be there.
pub(crate) fn text<'o>(object: &'o Map<String, Value>, name: &str) -> Result<&'o str, String> {
    object.get(name).and_then(Value::as_str).ok_or_else(|| format!("`{name}` is missing or not a text"))
}
