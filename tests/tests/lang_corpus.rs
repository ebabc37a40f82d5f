//! The project's own sources, one idea each (`corpus/lang/FEATURE/NAME.d2`), with what the engine makes of
//! them: a golden text a feature, made for reading.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use spandrel_base::{Budget, Diagnostic, LineIndex};
use spandrel_graph::{Attrs, Board, Value};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/lang")
}

/// All `.d2` below a folder by path, with slashes.
fn sources(folder: &Path, prefix: &str, found: &mut BTreeMap<String, String>) {
    for entry in std::fs::read_dir(folder).expect("the corpus is there") {
        let path = entry.expect("the corpus is readable").path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            sources(&path, &format!("{prefix}{name}/"), found);
        } else if name.ends_with(".d2") {
            found.insert(format!("{prefix}{name}"), std::fs::read_to_string(&path).expect("text"));
        }
    }
}

/// A board as a person would note it down.
fn describe(board: &Board, indent: usize, out: &mut String) {
    let pad = "  ".repeat(indent);
    let root = attrs(&board.root.attrs);
    let shape = board.root.shape.map(|s| format!(" {}", s.keyword())).unwrap_or_default();
    if !root.is_empty() || !board.root.label.is_empty() || !shape.is_empty() {
        let _ = writeln!(out, "{pad}board {:?}{shape}{root}", board.root.label);
    }
    for node in &board.nodes {
        let language = node.label.block.as_ref().map(|b| format!(" as {}", b.language())).unwrap_or_default();
        let label =
            if node.label.text == node.name { String::new() } else { format!(" {:?}", node.label.text) };
        let _ = writeln!(
            out,
            "{pad}{}: {}{label}{language}{}",
            node.id,
            node.shape.keyword(),
            attrs(&node.attrs)
        );
        for column in &node.columns {
            let _ =
                writeln!(out, "{pad}  row {} {:?} {:?}", column.name, column.data_type, column.constraints);
        }
        for field in &node.fields {
            let _ = writeln!(out, "{pad}  field {:?} {} {:?}", field.visibility, field.name, field.data_type);
        }
        for method in &node.methods {
            let _ =
                writeln!(out, "{pad}  method {:?} {} {:?}", method.visibility, method.name, method.returns);
        }
    }
    for (id, edge) in board.edges.entries() {
        let label =
            if edge.label.text.is_empty() { String::new() } else { format!(" {:?}", edge.label.text) };
        let _ = write!(out, "{pad}{}{label}{}", board.edge_key(id), attrs(&edge.attrs));
        for (end, head) in [("source", &edge.src_arrowhead), ("target", &edge.dst_arrowhead)] {
            if let Some(head) = head {
                let shape = head.shape.map_or("", |s| s.keyword());
                let _ = write!(out, ", {end} head {shape} {:?}{}", head.label, attrs(&head.attrs));
            }
        }
        let columns = [("from row", edge.src_column), ("to row", edge.dst_column)];
        for (word, column) in columns.iter().filter_map(|(word, c)| Some((word, (*c)?))) {
            let _ = write!(out, ", {word} {column}");
        }
        out.push('\n');
    }
    if let Some(legend) = &board.legend {
        let names: Vec<&str> = legend.nodes.iter().map(|n| n.label.text.as_str()).collect();
        let _ = writeln!(out, "{pad}legend {:?} {names:?}, {} connections", legend.label, legend.edges.len());
    }
    for inner in board.layers.iter().chain(&board.scenarios).chain(&board.steps) {
        let _ = writeln!(out, "{pad}{} {}", inner.kind.as_str(), inner.name);
        describe(inner, indent + 1, out);
    }
}

fn attrs(attrs: &Attrs) -> String {
    attrs
        .iter()
        .map(|(key, value)| match value {
            Value::Text(text) => format!(", {key}={text}"),
            Value::List(items) => format!(", {key}={items:?}"),
        })
        .collect()
}

fn place(diagnostic: &Diagnostic, source: &str, files: &BTreeMap<String, String>) -> String {
    let text = diagnostic.path.as_ref().and_then(|path| files.get(path)).map_or(source, String::as_str);
    let at = LineIndex::new(text).line_column(text, diagnostic.span.start as usize);
    let path = diagnostic.path.as_ref().map(|path| format!("{path}:")).unwrap_or_default();
    let help = diagnostic.help.as_ref().map(|help| format!(" ({help})")).unwrap_or_default();
    format!(
        "{} {path}{}:{} {}: {}{help}",
        diagnostic.severity.as_str(),
        at.line,
        at.column,
        diagnostic.code,
        diagnostic.message
    )
}

/// What the engine makes of one source.
fn golden(name: &str, source: &str, files: &BTreeMap<String, String>) -> String {
    let mut out = format!("== {name}\n");
    let shown = if source.len() > 200 { &source[..40] } else { source };
    for line in shown.lines() {
        let _ = writeln!(out, "| {line}");
    }
    match spandrel_syntax::format(source) {
        Some(formatted) if formatted != source && source.len() <= 200 => {
            for line in formatted.lines() {
                let _ = writeln!(out, "> {line}");
            }
        }
        _ => {}
    }
    let output = spandrel_compile::compile(source, files, &Budget::default());
    describe(&output.diagram.root, 0, &mut out);
    for (key, value) in output.diagram.config.iter().flatten() {
        let _ = writeln!(out, "config {key} = {value:?}");
    }
    for diagnostic in &output.diagnostics {
        let _ = writeln!(out, "{}", place(diagnostic, source, files));
    }
    out
}

fn features() -> BTreeMap<String, BTreeMap<String, String>> {
    let mut all = BTreeMap::new();
    sources(&root(), "", &mut all);
    let mut features: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    for (path, source) in all {
        let (feature, rest) = path.split_once('/').expect("every source belongs to a feature");
        features.entry(feature.to_owned()).or_default().insert(rest.to_owned(), source);
    }
    features
}

#[test]
fn there_are_enough_of_them() {
    let count: usize = features().values().map(BTreeMap::len).sum();
    assert!(count >= 300, "{count}");
}

#[test]
fn every_source_means_what_it_meant() {
    insta::with_settings!({snapshot_path => "../corpus/lang/goldens", prepend_module_to_snapshot => false, omit_expression => true}, {
        for (feature, files) in features() {
            let texts: Vec<String> = files
                .iter()
                .filter(|(name, _)| !name.starts_with("lib/"))
                .map(|(name, source)| golden(name, source, &files))
                .collect();
            insta::assert_snapshot!(feature, texts.join("\n"));
        }
    });
}

/// A mistake is told once, has a code, and points into its text.
#[test]
fn every_mistake_is_told_well() {
    for (feature, files) in features() {
        for (name, source) in &files {
            let output = spandrel_compile::compile(source, &files, &Budget::default());
            let mut seen = Vec::new();
            for d in &output.diagnostics {
                let text = d.path.as_ref().and_then(|path| files.get(path)).unwrap_or(source);
                assert!(text.get(d.span.range()).is_some(), "{feature}/{name}: {d:?}");
                assert!(!d.message.ends_with('.') && d.code.len() == 4, "{feature}/{name}: {d:?}");
                let key = (d.code, d.span, d.path.clone());
                assert!(!seen.contains(&key), "{feature}/{name}: told twice: {d:?}");
                seen.push(key);
            }
        }
    }
}
