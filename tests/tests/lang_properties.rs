//! What holds for every source: the tree loses nothing, the formatter changes no meaning, an edit can be
//! undone, and nothing panics on half-written text.

use std::collections::BTreeMap;

use proptest::prelude::*;
use spandrel_base::{Budget, Limits, apply_edits};
use spandrel_edit::{Op, Place};

/// The compiled diagram without places, so that sources that mean the same compare equal.
fn meaning(source: &str) -> serde_json::Value {
    let output = spandrel_compile::compile(source, &(), &small());
    let mut diagram = spandrel_export::canonical::diagram(&output.diagram);
    // Where boards stand in a map does not matter, but their order among themselves does.
    sort(&mut diagram);
    diagram
}

fn sort(board: &mut serde_json::Value) {
    for list in ["objects", "edges"] {
        if let Some(items) = board[list].as_array_mut() {
            items.sort_by_key(ToString::to_string);
        }
    }
    for list in ["layers", "scenarios", "steps"] {
        for inner in board[list].as_array_mut().into_iter().flatten() {
            sort(inner);
        }
    }
}

fn small<'a>() -> Budget<'a> {
    Budget::new(Limits { objects: 2_000, steps: 500_000, ..Limits::default() })
}

/// Checks all that holds for any text at all.
fn check_any(source: &str) {
    let tree = spandrel_syntax::parse(source);
    let mut end = 0;
    for token in tree.tokens() {
        assert_eq!(token.span.start as usize, end, "tokens leave a gap in {source:?}");
        end = token.span.end as usize;
    }
    assert_eq!(end, source.len(), "tokens end early in {source:?}");
    for diagnostic in tree.diagnostics() {
        assert!(diagnostic.span.end as usize <= source.len());
        assert!(
            source.get(diagnostic.span.range()).is_some(),
            "{diagnostic:?} cuts a character of {source:?}"
        );
    }
    let output = spandrel_compile::compile(source, &(), &small());
    for diagnostic in &output.diagnostics {
        assert!(source.get(diagnostic.span.range()).is_some(), "{diagnostic:?} leaves {source:?}");
    }
    let Some(formatted) = spandrel_syntax::format(source) else { return };
    let again = spandrel_syntax::format(&formatted);
    assert_eq!(again.as_deref(), Some(formatted.as_str()), "not idempotent: {source:?}");
    if !output.has_errors() {
        assert_eq!(meaning(source), meaning(&formatted), "formatting changed the meaning of {source:?}");
    }
}

/// Checks that an edit can be undone to the byte, and that it gives a source that compiles.
fn check_edit(source: &str, op: &Op) {
    let Ok(edited) = spandrel_edit::edit(source, Place::default(), op) else { return };
    assert_eq!(apply_edits(source, &edited.edits), edited.source, "{op:?} on {source:?}");
    assert_eq!(apply_edits(&edited.source, &edited.inverse), source, "{op:?} on {source:?}");
    let output = spandrel_compile::compile(&edited.source, &(), &small());
    assert!(!output.has_errors(), "{op:?} broke {source:?}: {}", edited.source);
}

/// Fragments that put together give sources with and without mistakes.
fn fragment() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "a",
        "b",
        "c",
        "a.b",
        "b.c",
        "_",
        "_.x",
        "*",
        "**",
        "***",
        "\"q d\"",
        "'s''q'",
        "style",
        "style.fill",
        "shape",
        "label",
        "icon",
        "near",
        "width",
        "vars",
        "classes",
        "class",
        "layers",
        "scenarios",
        "steps",
        "x-y",
        "x--",
        "red",
        "circle",
        "sql_table",
        "sequence_diagram",
        "null",
        "suspend",
        "true",
        "12",
        "${a}",
        "...${a}",
        "...@x",
        "@x",
        "top-left",
        "é",
        "🦀",
        "\\",
        "$",
    ]);
    let signs = prop::sample::select(vec![
        ": ",
        " -> ",
        " <- ",
        " -- ",
        " <-> ",
        "\n",
        "; ",
        " {\n",
        "}\n",
        "[",
        "]",
        "(",
        ")",
        "[0]",
        "[*]",
        ".",
        "&",
        "!&",
        "# c\n",
        "|md x |",
        "|||go\n y\n|||",
        "\"\"\" c \"\"\"\n",
        " ",
        "\r\n",
        "\t",
        "'",
        "\"",
        "|",
    ]);
    prop::collection::vec(prop_oneof![words, signs], 0..40).prop_map(|parts| parts.concat())
}

/// Sources without mistakes: objects, containers, connections, labels and a few attributes.
fn diagram() -> impl Strategy<Value = String> {
    let name = prop::sample::select(vec!["a", "b", "c", "d", "a.b", "a.c", "b.x.y", "\"q d\"", "a.b.c"]);
    let line = (name.clone(), name, 0..9_u8).prop_map(|(a, b, kind)| match kind {
        0 => format!("{a}\n"),
        1 => format!("{a}: Label of it\n"),
        2 | 3 => format!("{a} -> {b}\n"),
        4 => format!("{a} <-> {b}: text # why\n"),
        5 => format!("{a} -> {b} -> {a}\n"),
        6 => format!("{a}.style.fill:   red\n"),
        7 => format!("{a}: {{\n    inner: x {{shape: circle}}\n    # note\n    inner -> other\n}}\n"),
        _ => "\n# a comment\n\n".to_owned(),
    });
    prop::collection::vec(line, 1..10).prop_map(|lines| lines.concat())
}

/// Some of these, in any order, joined.
fn some_of(all: Vec<&'static str>, joint: &'static str) -> impl Strategy<Value = String> {
    let count = 0..=all.len();
    prop::sample::subsequence(all, count).prop_shuffle().prop_map(move |some| some.join(joint))
}

/// What only some objects have: rows, members, connections of rows, classes and what globs bring.
fn rich() -> impl Strategy<Value = String> {
    let rows = some_of(
        vec!["id: int", "id2", "name: text", "key: int {constraint: unique}", "\"label\": x"],
        "\n  ",
    );
    let members = some_of(
        vec![
            "+id: int",
            "-key: text",
            "name",
            "\"close()\": bool",
            "\"open(a)\"",
            "\"#n\": int {style.underline: true}",
        ],
        "; ",
    );
    let extras = some_of(
        vec![
            "t.id -> u.id\n",
            "t.id -> u.key: to # why\n",
            "t -> u\n",
            "u.id2 -- c\n",
            "*.style.fill: red\n",
            "a.class: hot\nclasses.hot.style.stroke: blue\n",
            "(* -> *)[*].style.opacity: 0.5\n",
            "a.b: |md x |\n",
        ],
        "",
    );
    let declared = some_of(
        vec![
            "classes: {\n  hot: {style.fill: orange}\n  # why\n  cold: {shape: circle; style.bold: true}\n}\n",
            "classes.cold.style.fill: blue\n",
            "b.class: [hot; cold]\nd.class: cold\n",
            "vars: {\n  word: Hello; color: red # mine\n}\n",
            "vars.word: Servus\nb: ${word} you {style.stroke: ${color}}\nvars.color: green\n",
            "vars: {d2-config: {theme-id: 3; pad: 5}}\n",
            "vars: {d2-legend: {x: What x means; x -> y: and so}}\n",
            "**: {&shape: circle; style.stroke-width: 3}\n",
            "a.*.style.opacity: 0.4\n",
            "* -> d: all\n",
        ],
        "",
    );
    let table = (prop::sample::select(vec!["t", "u", "a.t"]), rows)
        .prop_map(|(name, rows)| format!("{name}: {{\n  shape: sql_table\n  # rows\n  {rows}\n}}\n"));
    let class = members.prop_map(|members| format!("c: Class {{shape: class; {members}}}\n"));
    (diagram(), prop::collection::vec(table, 0..3), class, extras, declared).prop_map(
        |(plain, tables, class, extras, declared)| {
            format!("{plain}{}{class}{extras}{declared}", tables.concat())
        },
    )
}

/// Sources with boards.
fn boards() -> impl Strategy<Value = String> {
    let inner = prop::collection::vec((prop::sample::select(vec!["x", "y", "z w"]), rich()), 0..3);
    let group =
        (prop::sample::select(vec!["layers", "scenarios", "steps"]), inner).prop_map(|(group, boards)| {
            let mut names = Vec::new();
            let mut text = format!("{group}: {{\n");
            for (name, inside) in boards {
                if !names.contains(&name) {
                    names.push(name);
                    text += &format!("  {name}: {{\n{inside}  }}\n");
                }
            }
            text + "}\n"
        });
    (rich(), prop::collection::vec(group, 0..3)).prop_map(|(root, groups)| root + &groups.concat())
}

fn op() -> impl Strategy<Value = Op> {
    let name =
        prop::sample::select(vec!["a", "b", "c", "a.b", "a.c", "b.x", "b.x.y", "a.inner", "\"q d\"", "z"]);
    let edge = prop::sample::select(vec![
        "(a -> b)[0]",
        "(a -> c)[0]",
        "(a <-> b)[0]",
        "(b -> a)[0]",
        "a.(b -> c)[0]",
    ]);
    (name.clone(), name, edge, 0..11_u8).prop_map(|(key, other, edge, kind)| {
        let (key, other, edge) = (key.to_owned(), other.to_owned(), edge.to_owned());
        match kind {
            0 => Op::Create { key },
            1 => Op::Create { key: format!("{key} -> {other}") },
            2 => Op::Set { key, value: Some("new: label".into()), tag: None },
            3 => Op::Set { key: format!("{key}.style.opacity"), value: Some("0.5".into()), tag: None },
            4 => Op::Rename { key, new_name: "renamed".into() },
            5 => Op::Delete { key, with_children: false },
            6 => Op::Delete { key, with_children: true },
            7 => Op::Reconnect { key: edge, new_src: Some(key), new_dst: None },
            8 => Op::Delete { key: edge, with_children: false },
            9 => Op::Pin { key, left: 10, top: 20 },
            _ => Op::Move { key, new_key: format!("{other}.moved"), include_descendants: true },
        }
    })
}

/// How many sources each property is tried on; `PROPTEST_CASES` for a longer run.
fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|count| count.parse().ok()).unwrap_or(300)
}

/// A source with the steps of a difference applied one by one, as a person accepts them.
fn stepwise(source: &str, difference: &spandrel_edit::Diff) -> String {
    let mut text = source.to_owned();
    for step in &difference.steps {
        let names: Vec<String> = step.board.split('.').skip(1).step_by(2).map(str::to_owned).collect();
        let place = Place { board: &names, ..Place::default() };
        text = spandrel_edit::edit(&text, place, &step.op).expect("a step is refused").source;
    }
    text
}

/// Checks that a difference applied to one source, at once and step by step, gives the graph of the other.
fn check_difference(a: &str, b: &str) -> Result<(), TestCaseError> {
    if [a, b].iter().any(|source| spandrel_compile::compile(source, &(), &small()).has_errors()) {
        return Ok(());
    }
    let difference = spandrel_edit::diff(a, b, Place::default());
    let result = spandrel_edit::apply(a, &difference);
    prop_assert_eq!(meaning(&result), meaning(b), "{:?}\n{}", difference, result);
    if difference.shortfall.is_none() {
        prop_assert_eq!(meaning(&stepwise(a, &difference)), meaning(b), "{:?}", difference);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read_without_loss(source in fragment()) {
        check_any(&source);
    }

    #[test]
    fn any_diagram_formats_to_the_same_meaning(source in diagram()) {
        check_any(&source);
    }

    #[test]
    fn any_edit_can_be_undone(source in diagram(), op in op()) {
        check_edit(&source, &op);
    }

    #[test]
    fn what_is_printed_means_the_same(source in diagram()) {
        let output = spandrel_compile::compile(&source, &(), &small());
        let printed = spandrel_edit::print_diagram(&output.diagram);
        prop_assert_eq!(meaning(&printed), meaning(&source), "{}", printed);
    }

    #[test]
    fn a_comment_changes_nothing(source in diagram()) {
        let commented: String = source.lines().map(|line| format!("{line}\n# remark\n")).collect();
        prop_assert_eq!(meaning(&source), meaning(&commented));
    }

    #[test]
    fn applying_a_difference_gives_the_other_graph(a in diagram(), b in diagram()) {
        check_difference(&a, &b)?;
    }
}

proptest! {
    // Each is a hundred edits.
    #![proptest_config(ProptestConfig { cases: cases() / 10, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_difference_knows_classes_variables_and_globs(a in rich(), b in rich()) {
        check_difference(&a, &b)?;
    }

    #[test]
    fn a_difference_knows_rows_members_and_boards(a in boards(), b in boards()) {
        check_difference(&a, &b)?;
    }
}

/// The recorded cases of D2's behaviour, where they are at hand: whole and cut off at many places.
#[test]
fn recorded_sources_cut_short_are_read_without_loss() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpus/d2/dev.jsonl");
    let Ok(cases) = std::fs::read_to_string(&path) else {
        println!("skipped: {} is not there", path.display());
        return;
    };
    for line in cases.lines().step_by(9) {
        let Ok(case) = serde_json::from_str::<serde_json::Value>(line) else { continue };
        let files: BTreeMap<String, String> =
            serde_json::from_value(case["files"].clone()).unwrap_or_default();
        for source in files.values().filter(|source| source.len() < 3_000) {
            check_tokens_and_format(source);
            let cuts: Vec<usize> =
                source.char_indices().map(|(at, _)| at).step_by(source.len() / 7 + 1).collect();
            for cut in cuts {
                let tree = spandrel_syntax::parse(&source[..cut]);
                assert_eq!(tree.tokens().last().map_or(0, |t| t.span.end as usize), cut);
                let _ = spandrel_compile::compile(&source[..cut], &files, &small());
            }
        }
    }
}

fn check_tokens_and_format(source: &str) {
    let tree = spandrel_syntax::parse(source);
    assert_eq!(tree.tokens().iter().map(|t| t.span.of(source)).collect::<String>(), source);
    if let Some(formatted) = spandrel_syntax::format(source) {
        assert_eq!(spandrel_syntax::format(&formatted).as_deref(), Some(formatted.as_str()), "{source}");
    }
}
