//! What language models really write around and into D2: 240 damaged answers, each of which comes back with the meaning
//! that it had.
//!
//! `tests/assistant/damaged.txt`: cases apart by lines of `=== body, wrapping, slip`; the bodies stand first, under
//! `=== body NAME`. Control characters and the like are written as in Rust (`\r`, `\u{200b}`), a backslash doubled.

use std::collections::BTreeMap;

use spandrel_assist::repair;
use spandrel_base::Budget;

/// Names, shapes, labels and connections, without the places where they were written.
fn meaning(source: &str) -> String {
    let compiled = spandrel_compile::compile(source, &(), &Budget::default());
    assert!(!compiled.has_errors(), "{source}\n{:?}", compiled.diagnostics);
    let mut out = String::new();
    for (path, board) in compiled.diagram.root.walk() {
        out.push_str(&format!("board {path}\n"));
        for node in &board.nodes {
            out.push_str(&format!("{} {:?} {:?} {:?}\n", node.id, node.label, node.shape, node.attrs));
        }
        for (id, edge) in board.edges.entries() {
            out.push_str(&format!("{} {:?} {:?}\n", board.edge_key(id), edge.label, edge.attrs));
        }
    }
    out
}

fn unescaped(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        let code = &rest[at + 1..];
        let length = match code.chars().next() {
            Some('u') => {
                let end = code.find('}').expect("\\u{…}");
                let number = u32::from_str_radix(&code[2..end], 16).expect("a code point");
                out.extend(char::from_u32(number));
                end + 1
            }
            Some('r') => {
                out.push('\r');
                1
            }
            Some('t') => {
                out.push('\t');
                1
            }
            _ => {
                out.push('\\');
                1
            }
        };
        rest = &code[length..];
    }
    out + rest
}

#[test]
fn damaged_answers_come_back_with_their_meaning() {
    let path = format!("{}/../../../tests/assistant/damaged.txt", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).expect("damaged.txt");
    let mut bodies = BTreeMap::new();
    let mut failed = Vec::new();
    let mut cases = 0;
    for case in text.split("\n=== ").skip(1) {
        let (name, damaged) = case.split_once('\n').expect("a name and a text");
        let damaged = unescaped(damaged);
        if let Some(body) = name.strip_prefix("body ") {
            bodies.insert(body.to_owned(), meaning(&damaged));
            continue;
        }
        cases += 1;
        let body = name.split(", ").next().unwrap_or_default();
        let repaired = repair(&damaged);
        if !repaired.ok {
            failed.push(format!(
                "{name}: {:?} {:?}",
                repaired.changes,
                repaired.diagnostics.first().map(|d| &d.message)
            ));
        } else if meaning(&repaired.source) != bodies[body] {
            failed.push(format!("{name}: another meaning, {:?}\n{}", repaired.changes, repaired.source));
        }
    }
    assert!(cases >= 200, "only {cases} cases");
    assert!(failed.is_empty(), "{} of {cases}:\n{}", failed.len(), failed.join("\n"));
}

/// `tests/assistant/damaged-2.txt`: cases apart by lines of `=== NAME`; after `--- d2` what is expected, letter for letter but
/// for white space at the ends, or `--- again` where another try is asked for.
#[test]
fn what_was_damaged_in_other_ways_comes_back_as_it_was_meant() {
    let path = format!("{}/../../../tests/assistant/damaged-2.txt", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).expect("damaged-2.txt");
    let mut failed = Vec::new();
    for case in text.split("\n=== ").skip(1) {
        let (name, body) = case.split_once('\n').expect("a name and a text");
        let (damaged, expected) = body.split_once("\n--- ").expect("what is expected");
        let repaired = repair(&unescaped(damaged));
        let right = match expected.split_once('\n') {
            Some(("d2", source)) => {
                let same = unescaped(source).trim() == repaired.source.trim();
                repaired.ok && same
            }
            _ => !repaired.ok && repaired.prompt.is_some(),
        };
        if !right {
            failed.push(format!("{name}: {:?}\n{}", repaired.changes, repaired.source));
        }
    }
    assert!(failed.is_empty(), "{}:\n{}", failed.len(), failed.join("\n"));
}
