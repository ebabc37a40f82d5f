//! ELK JSON in and out: the face by which programs written for elkjs use the layout engine.
//!
//! [`layout`] takes a graph as elkjs takes it and gives it back with coordinates; every member it does
//! not know stays as it is. Options are named in `options.rs` and `other_options.rs`.

mod bag;
mod error;
mod keys;
mod known;
mod labels;
mod options;
mod other_options;
mod read;
mod values;
mod write;

use serde_json::Value;
use spandrel_base::Budget;

pub use error::Error;
pub use keys::option_ids;
pub use known::known;

/// Lays out a graph given as JSON text; `options_json` holds options for every element that does not set
/// them itself (`""` for none).
pub fn layout(json: &str, options_json: &str, budget: &Budget<'_>) -> Result<String, Error> {
    lay_out(json, options_json, budget, false)
}

/// The same, and what there is to say about the options goes into the root's `logging`: a list of texts,
/// absent where there is nothing to say.
pub fn layout_logged(json: &str, options_json: &str, budget: &Budget<'_>) -> Result<String, Error> {
    lay_out(json, options_json, budget, true)
}

fn lay_out(json: &str, options_json: &str, budget: &Budget<'_>, logged: bool) -> Result<String, Error> {
    check_depth(json)?;
    let mut graph = parse(json)?;
    let defaults = if options_json.trim().is_empty() { Value::Null } else { parse(options_json)? };
    let mut notes = layout_value(&mut graph, &defaults, budget)?;
    if budget.is_over() {
        notes.push("The time or the steps allowed ran out: the drawing is complete but plainer.".to_owned());
    }
    if let Value::Object(root) = &mut graph
        && logged
    {
        root.remove("logging");
        if !notes.is_empty() {
            root.insert("logging".to_owned(), notes.into());
        }
    }
    // Not its `to_string`, which goes through a formatter.
    serde_json::to_string(&graph).map_err(|e| Error::plain(format!("The drawing is no JSON: {e}")))
}

/// Lays out a graph in place. Gives notes about options that were not understood or change nothing.
pub fn layout_value(graph: &mut Value, defaults: &Value, budget: &Budget<'_>) -> Result<Vec<String>, Error> {
    let read = read::read(graph, defaults)?;
    let placed = spandrel_layout::lay_out_graph(&read.graph, budget);
    write::write(graph, &read, &placed);
    Ok(read.warnings)
}

/// Nesting of JSON that is accepted: 500 levels of containers and some more.
const DEPTH: usize = 1200;

fn parse(json: &str) -> Result<Value, Error> {
    use serde::de::Deserialize;
    let mut reader = serde_json::Deserializer::from_str(json);
    reader.disable_recursion_limit();
    Value::deserialize(&mut reader).map_err(|e| Error::plain(format!("The graph is not JSON: {e}")))
}

/// The parser's recursion is bounded here, where the answer can name the limit.
fn check_depth(json: &str) -> Result<(), Error> {
    let (mut depth, mut quoted, mut escaped) = (0usize, false, false);
    for byte in json.bytes() {
        if quoted {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => quoted = false,
                _ => {}
            }
            continue;
        }
        match byte {
            b'"' => quoted = true,
            b'{' | b'[' => {
                depth += 1;
                if depth > DEPTH {
                    return Err(Error::plain(format!(
                        "The graph is nested deeper than {} levels.",
                        DEPTH / 2
                    )));
                }
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    Ok(())
}
