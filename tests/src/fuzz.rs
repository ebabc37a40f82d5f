//! What must hold for any input whatever: one function a target, shared by the coverage-guided fuzzer
//! (`tests/fuzz`) and the seeded runs of `cargo test`.

use spandrel_engine::Engine;
use spandrel_engine::wire::{Op, Options};

fn text(data: &[u8]) -> String {
    String::from_utf8_lossy(data).into_owned()
}

/// Splits the input at the first NUL: two texts of one input.
fn two(data: &[u8]) -> (String, String) {
    let at = data.iter().position(|&byte| byte == 0).unwrap_or(data.len());
    (text(&data[..at]), text(data.get(at + 1..).unwrap_or_default()))
}

/// Parsing ends, and every place that a diagnostic names is in the text.
pub fn parse(data: &[u8]) {
    let source = text(data);
    for diagnostic in Engine::native().compile(&source, &Options::default()).diagnostics {
        assert!(diagnostic.range.start.offset <= diagnostic.range.end.offset);
        assert!(diagnostic.path.is_some() || diagnostic.range.end.offset <= source.len());
    }
}

/// Compiling twice gives the same, and a comment in front changes nothing but places.
pub fn compile(data: &[u8]) {
    let source = text(data);
    let engine = Engine::native();
    let once = engine.compile(&source, &Options::default());
    assert_eq!(once, engine.compile(&source, &Options::default()));
    if !source.starts_with('\u{feff}') {
        let commented = engine.compile(&format!("# a comment\n\n{source}"), &Options::default());
        assert_eq!(once.graph, commented.graph);
    }
}

/// Formatting is idempotent and keeps the meaning. It brings boards to the end, as D2 does: scenarios and steps then
/// start from what stood behind them too.
pub fn format(data: &[u8]) {
    let source = text(data);
    let engine = Engine::native();
    let formatted = engine.format(&source);
    assert_eq!(engine.format(&formatted), formatted);
    let mut before = engine.compile(&source, &Options::default()).graph;
    let mut after = engine.compile(&formatted, &Options::default()).graph;
    if before != after {
        take_out_heirs(&mut before);
        take_out_heirs(&mut after);
    }
    assert_eq!(before, after);
}

/// Takes out the boards that start from others.
fn take_out_heirs(board: &mut serde_json::Value) {
    for group in ["scenarios", "steps"] {
        board[group] = serde_json::Value::Null;
    }
    for layer in board["layers"].as_array_mut().into_iter().flatten() {
        take_out_heirs(layer);
    }
}

/// An edit and its inverse give the exact bytes; a refused edit changes nothing.
pub fn edit(data: &[u8]) {
    let (source, key) = two(data);
    let engine = Engine::native();
    let board = None;
    let ops = [
        Op::Create { board: board.clone(), key: key.clone(), label: None },
        Op::Set { board: board.clone(), key: key.clone(), value: Some("new value".into()), tag: None },
        Op::Rename { board: board.clone(), key: key.clone(), new_name: "renamed".into() },
        Op::Delete { board: board.clone(), key: key.clone(), with_children: true },
        Op::Delete { board: board.clone(), key: key.clone(), with_children: false },
        Op::Move {
            board: board.clone(),
            key: key.clone(),
            new_key: "box.inner".into(),
            include_descendants: true,
        },
        Op::Pin { board: board.clone(), key: key.clone(), left: 40.0, top: 80.0 },
        Op::Unpin { board, key },
    ];
    for op in ops {
        let edited = engine.edit(&source, &op, &Options::default());
        if !edited.diagnostics.is_empty() {
            assert_eq!(edited.source, source);
        }
        assert_eq!(apply(&source, &edited.edits), edited.source);
        assert_eq!(apply(&edited.source, &edited.inverse), source);
    }
}

/// Whatever compiles can be laid out: finite numbers, parents before children.
pub fn layout(data: &[u8]) {
    let source = text(data);
    let diagram = Engine::native().diagram(&source, &Options::default());
    crate::invariants::flow_is_sound(&diagram.flow);
}

/// The difference of two texts can be told, and of a text to itself there is none.
pub fn diff(data: &[u8]) {
    let (before, after) = two(data);
    let engine = Engine::native();
    let _ = engine.diff(&before, &after, &Options::default());
    let none = engine.diff(&before, &before, &Options::default());
    assert!(none.is_empty(), "{none:?}");
}

/// What a language model wrote never breaks the repair, and what it calls whole is whole.
pub fn repair(data: &[u8]) {
    let engine = Engine::native();
    let repaired = engine.repair(&text(data));
    if repaired.ok {
        let found = engine.compile(&repaired.source, &Options::default()).diagnostics;
        assert!(found.iter().all(|d| d.severity != "error"), "{found:?}");
    }
}

fn apply(source: &str, edits: &[spandrel_engine::wire::TextEdit]) -> String {
    let mut order: Vec<_> = edits.iter().collect();
    order.sort_by_key(|edit| (edit.from, edit.to));
    let mut result = String::new();
    let mut done = 0;
    for edit in order {
        result.push_str(&source[done..edit.from]);
        result.push_str(&edit.insert);
        done = edit.to;
    }
    result + &source[done..]
}
