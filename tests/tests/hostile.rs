//! Inputs made to hurt end in a diagnostic, whichever door they come through: not in a crash, not in a hang.

use spandrel_engine::wire::{Op, Options};
use spandrel_engine::{Document, Engine};

/// A source that has to be refused with `code`, by every function that takes one.
fn refused(source: &str, code: &str, options: &Options) {
    let engine = Engine::native();
    let shown = source.chars().take(60).collect::<String>();
    let has = |diagnostics: &[spandrel_engine::wire::Diagnostic]| {
        diagnostics.iter().any(|d| d.code == code && d.severity == "error")
    };
    let compiled = engine.compile(source, options);
    let codes: Vec<&str> = compiled.diagnostics.iter().map(|d| d.code.as_str()).take(5).collect();
    assert!(has(&compiled.diagnostics), "compile gives {codes:?}, not {code}: {shown}…");

    let formatted = engine.format(source);
    assert_eq!(engine.format(&formatted), formatted, "{shown}…");

    let op = Op::Set { board: None, key: "x".into(), value: Some("y".into()), tag: None };
    let edited = engine.edit(source, &op, options);
    assert!(!edited.diagnostics.is_empty(), "an edit was made in {shown}…");
    assert_eq!(edited.source, source, "{shown}…");

    let difference = engine.diff("x", source, options);
    assert!(difference.shortfall.is_some(), "steps lead to {shown}…");
    assert_eq!(apply("x", &difference.edits), source, "{shown}…");

    let mut document = Document::open(source, options);
    assert!(has(&document.diagnostics(&engine)), "the document has no {code}: {shown}…");
    document.tokens(&engine, 0, 200);
    document.outline(&engine);
    document.id_at(&engine, 2);
    document.replace(&engine, 0, source.len(), "x");
    assert!(document.diagnostics(&engine).iter().all(|d| d.severity != "error"), "{shown}…");
}

fn apply(source: &str, edits: &[spandrel_engine::wire::TextEdit]) -> String {
    let mut result = source.to_owned();
    for edit in edits.iter().rev() {
        result.replace_range(edit.from..edit.to, &edit.insert);
    }
    result
}

fn survived(source: &str) {
    let engine = Engine::native();
    let _ = engine.compile(source, &Options::default());
    let _ = engine.format(source);
    let _ = engine.diagram(source, &Options::default());
}

#[test]
fn nesting_without_end() {
    let none = Options::default();
    refused(&"a: {".repeat(100_000), "S015", &none);
    refused(&format!("a: {}", "[".repeat(100_000)), "S015", &none);
    refused(&"a.".repeat(100_000), "C002", &none);
    refused(&format!("x: {}", "${".repeat(50_000)), "S022", &none);
}

#[test]
fn signs_without_end() {
    let none = Options::default();
    refused(&"\"".repeat(100_001), "S005", &none);
    refused(&format!("x: {}", "|".repeat(200_000)), "S019", &none);
    refused(&"a -> ".repeat(1_000), "S011", &none);
}

#[test]
fn ten_megabytes_in_one_line() {
    let none = Options::default();
    refused(&"x".repeat(10 << 20), "C000", &none);
    refused(&"x -> y; ".repeat(10 << 17), "C000", &none);
    refused(&"x".repeat(500_000), "S014", &none);
}

#[test]
fn globs_that_multiply() {
    let names: String = (0..3000).map(|i| format!("n{i}\n")).collect();
    refused(&format!("{names}* -> *\n** -> **\n"), "C001", &Options::default());
    let names: String = (0..100).map(|i| format!("n{i}\n")).collect();
    survived(&format!("{names}* -> *\n* -> *\n* -> *\n"));
}

#[test]
fn substitutions_that_double() {
    let mut source = String::from("vars: {\n  v0: xxxxxxxxxx\n");
    for i in 1..60 {
        source.push_str(&format!("  v{i}: ${{v{0}}}${{v{0}}}\n", i - 1));
    }
    source.push_str("}\na: ${v59}\n");
    refused(&source, "C001", &Options::default());
}

#[test]
fn variables_that_multiply() {
    let none = Options::default();
    let doubling = |first: &str, next: fn(usize) -> String, last: &str| {
        let mut source = format!("vars: {{\n  v0: {first}\n");
        for i in 1..60 {
            source.push_str(&format!("  v{i}: {}\n", next(i - 1)));
        }
        format!("{source}}}\n{last}\n")
    };
    refused(
        &doubling("[1; 2]", |i| format!("[...${{v{i}}}; ...${{v{i}}}]"), "x.class: ${v59}"),
        "C001",
        &none,
    );
    refused(&doubling("[1; 2]", |i| format!("[${{v{i}}}; ${{v{i}}}]"), "x.class: ${v59}"), "C001", &none);
    let maps = |i| format!("{{x: {{...${{v{i}}}}}; y: {{...${{v{i}}}}}}}");
    refused(&doubling("{a: 1}", maps, "x: {...${v59}}"), "C001", &none);
}

#[test]
fn depth_that_adds_up() {
    let none = Options::default();
    let maps = format!("{}a: {{", "a.".repeat(100)).repeat(20) + "b" + &"}".repeat(20);
    refused(&maps, "C002", &none);
    let path = "a.".repeat(2_000);
    refused(&format!("{path}x -> {path}y"), "C002", &none);
    let mut vars = String::from("vars: {\n  v0: {a: 1}\n");
    for i in 1..400 {
        vars.push_str(&format!("  v{i}: {{x: ${{v{}}}}}\n", i - 1));
    }
    refused(&format!("{vars}}}\na: {{...${{v399}}}}\n"), "C002", &none);
}

#[test]
fn a_mistake_in_every_line_is_told_so_often_and_no_more() {
    let engine = Engine::native();
    for (piece, closing) in [
        ("}", "S023"),
        ("->\n", "S023"),
        ("$\n", ""),
        ("\"\n", "S023"),
        ("a: ]\n", "S023"),
        ("x.near: y\n", ""),
    ] {
        let found = engine.compile(&piece.repeat(3_000), &Options::default()).diagnostics;
        assert!(found.len() <= 2 * 200 + 2, "{piece:?} gives {} diagnostics", found.len());
        assert!(
            closing.is_empty() || found.iter().any(|d| d.code == closing),
            "{piece:?}: {:?}",
            found.last()
        );
    }
    let wrong: String = (0..1_000).map(|i| format!("n{i}.shape: nope{i}\n")).collect();
    let found = engine.compile(&wrong, &Options::default()).diagnostics;
    let closing = found.iter().find(|d| d.code == "C009").expect("the rest is told");
    assert_eq!((found.len(), closing.message.as_str()), (201, "and 800 more errors from here on"));
}

/// What the budget is for, counted in its own units: a plain diagram takes a small part of it and grows evenly.
#[test]
fn plain_diagrams_take_a_small_part_of_the_budget() {
    use spandrel_base::{Budget, Limits};
    let plain = |n: usize| -> String {
        let object = |i: usize| format!("team_{}.service_{i}", i / 6);
        let objects = (0..n).map(|i| format!("{}: Service {i}\n", object(i)));
        objects.chain((1..n).map(|i| format!("{} -> {}: call\n", object(i - 1), object(i)))).collect()
    };
    for n in [300, 3_000] {
        let budget = Budget::new(Limits { work: n as u64 * 40, ..Limits::default() });
        let output = spandrel_compile::compile(&plain(n), &(), &budget);
        assert!(output.diagnostics.is_empty(), "{n}: {:?}", output.diagnostics);
    }
    // Ten globs over a thousand objects, in front and behind.
    let globs: String = (0..5).map(|_| "**.style.opacity: 0.5\n").collect();
    let source = format!("{globs}{}{globs}", plain(1_000));
    let budget = Budget::new(Limits { work: Limits::default().work / 4, ..Limits::default() });
    assert!(spandrel_compile::compile(&source, &(), &budget).diagnostics.is_empty());
}

#[test]
fn imports_in_a_circle() {
    let files = [("a.d2", "...@b"), ("b.d2", "...@a")].map(|(path, text)| (path.to_owned(), text.to_owned()));
    let options = Options { files: files.into(), ..Options::default() };
    refused("...@a", "C021", &options);
}

#[test]
fn a_difference_of_thousands_of_objects_is_told_without_trying_each() {
    let a: String = (0..4000).map(|i| format!("a{i} -> a{}\n", i + 1)).collect();
    let b = a.replace('a', "b");
    let difference = Engine::native().diff(&a, &b, &Options::default());
    assert_eq!(difference.shortfall.as_deref(), Some("too much has changed"));
    assert_eq!(apply(&a, &difference.edits), b);
}

#[test]
fn numbers_out_of_all_bounds() {
    survived("a: {width: 99999999999999999999; height: 1e308; top: 999999999; left: 999999999}");
    survived("a: {style.font-size: 100; style.opacity: -1; style.stroke-width: 1e99}");
    survived("a: {grid-rows: 2147483647; grid-columns: 2147483647; b; c}");
}

/// What an edit costs grows with the text and not with its square: 40,000 items of a source that is not in canonical
/// format took a quarter of a minute in a release build, and much longer than a test may in this one.
#[test]
fn an_edit_in_a_source_of_many_items_is_one_line() {
    let source = "a ;\"b\" ; \"\"\"x\"\"\"\n".repeat(13_000);
    let op = Op::Create { board: None, key: "new".into(), label: None };
    let edited = Engine::native().edit(&source, &op, &Options::default());
    assert_eq!(edited.diagnostics, []);
    assert_eq!(edited.source, format!("{source}new\n"));
    assert_eq!(edited.edits.len(), 1);
}
