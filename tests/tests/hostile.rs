//! Inputs made to hurt end in a diagnostic, not in a crash or a hang.

use spandrel_engine::Engine;
use spandrel_engine::wire::Options;

fn refused(source: &str) {
    let compiled = Engine::native().compile(source, &Options::default());
    assert!(
        compiled.diagnostics.iter().any(|d| d.severity == "error"),
        "accepted: {}…",
        &source[..source.len().min(60)]
    );
}

fn survived(source: &str) {
    let engine = Engine::native();
    let _ = engine.compile(source, &Options::default());
    let _ = engine.format(source);
    let _ = engine.diagram(source, &Options::default());
}

#[test]
fn nesting_without_end() {
    refused(&"a: {".repeat(100_000));
    survived(&"a.".repeat(100_000));
    survived(&"[".repeat(100_000));
    survived(&format!("x: {}", "${".repeat(50_000)));
}

#[test]
fn one_very_long_line() {
    refused(&"x".repeat(10 << 20));
    let _ = Engine::native().compile(&"a -> ".repeat(20_000), &Options::default());
}

#[test]
fn globs_that_multiply() {
    let names: String = (0..150).map(|i| format!("n{i}\n")).collect();
    survived(&format!("{names}* -> *\n* -> *\n* -> *\n"));
}

#[test]
fn substitutions_that_double() {
    let mut source = String::from("vars: {\n  v0: xxxxxxxxxx\n");
    for i in 1..60 {
        source.push_str(&format!("  v{i}: ${{v{0}}}${{v{0}}}\n", i - 1));
    }
    source.push_str("}\na: ${v59}\n");
    refused(&source);
}

#[test]
fn imports_in_a_circle() {
    let files = [("a.d2", "...@b"), ("b.d2", "...@a")].map(|(path, text)| (path.to_owned(), text.to_owned()));
    let options = Options { files: files.into(), ..Options::default() };
    let compiled = Engine::native().compile("...@a", &options);
    assert!(compiled.diagnostics.iter().any(|d| d.severity == "error"));
}

#[test]
fn numbers_out_of_all_bounds() {
    survived("a: {width: 99999999999999999999; height: 1e308; top: 999999999; left: 999999999}");
    survived("a: {style.font-size: 100; style.opacity: -1; style.stroke-width: 1e99}");
    survived("a: {grid-rows: 2147483647; grid-columns: 2147483647; b; c}");
}
