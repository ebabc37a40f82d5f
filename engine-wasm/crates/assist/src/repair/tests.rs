use super::*;
use spandrel_graph::Diagram;

/// A diagram without the places where things were written, which a repair shifts.
fn meaning(source: &str) -> String {
    let compiled = compile(source, &(), &Budget::default());
    assert!(!compiled.has_errors(), "{source}\n{:?}", compiled.diagnostics);
    describe(&compiled.diagram)
}

fn describe(diagram: &Diagram) -> String {
    let mut out = String::new();
    for (path, board) in diagram.root.walk() {
        out.push_str(&format!("board {path}\n"));
        let mut lines: Vec<String> = board
            .nodes
            .iter()
            .map(|n| format!("{} {:?} {:?} {:?}", n.id, n.label, n.shape, n.attrs))
            .collect();
        lines.extend(
            board
                .edges
                .entries()
                .map(|(id, e)| format!("{} {:?} {:?}", board.edge_key(id), e.label, e.attrs)),
        );
        out.push_str(&lines.join("\n"));
    }
    out
}

type Damage = (&'static str, fn(&str) -> String);

/// What models do to a good source. Every one must come back with the same meaning.
const DAMAGES: &[Damage] = &[
    ("nothing", |s| s.to_owned()),
    ("fence", |s| format!("```d2\n{s}```")),
    ("fence without tag", |s| format!("```\n{s}```\n")),
    ("fence and prose", |s| {
        format!(
            "Sure! Here is the diagram you asked for:\n\n```d2\n{s}```\n\nThis design separates the tiers.\n- The gateway is the entry.\n"
        )
    }),
    ("open fence", |s| format!("```d2\n{s}")),
    ("two fences", |s| format!("Install it first:\n```bash\ncurl x | sh\n```\nThen:\n```d2\n{s}```\n")),
    ("prose before", |s| format!("Here is the D2 code:\n\n{s}")),
    ("prose after", |s| format!("{s}\nThis diagram shows the flow of requests through the system.\n")),
    ("prose both", |s| {
        format!("Certainly! Below is the architecture.\n\n{s}\nLet me know if you need changes!\n")
    }),
    ("language line", |s| format!("d2\n{s}")),
    ("json", |s| {
        format!("{{\"d2\": \"{}\"}}", s.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"))
    }),
    ("json with more", |s| {
        format!(
            "{{\n  \"explanation\": \"A system\",\n  \"code\": \"{}\"\n}}",
            s.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
        )
    }),
    ("json in a fence", |s| {
        format!(
            "```json\n{{\"source\": \"{}\"}}\n```",
            s.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
        )
    }),
    ("crlf", |s| s.replace('\n', "\r\n")),
    ("byte order mark", |s| format!("```d2\n\u{feff}{s}```")),
    ("zero width", |s| format!("\u{200b}{}", s.replace(" -> ", "\u{200b} -> \u{200b}"))),
    ("arrow =>", |s| s.replace(" -> ", " => ")),
    ("arrow →", |s| s.replace(" -> ", " → ")),
    ("arrow -->", |s| s.replace(" -> ", " --> ")),
    ("arrow —>", |s| s.replace(" -> ", " —> ")),
    ("smart quotes", |s| s.replace('"', "”")),
    ("no end", |s| s.trim_end().strip_suffix('}').map_or(s.to_owned(), |rest| format!("```d2\n{rest}"))),
    ("a brace too many", |s| format!("{s}}}\n")),
    ("slashes", |s| format!("// made by a model\n{s}")),
    ("half a line", |s| format!("```d2\n{s}last -> ")),
];

fn sources() -> Vec<(String, String)> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/corpus/real");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let read = |path: &std::path::PathBuf| {
        (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read_to_string(path).unwrap())
    };
    files.iter().map(read).collect()
}

#[test]
fn damaged_answers_come_back_with_their_meaning() {
    let mut failed = Vec::new();
    let mut cases = 0;
    for (name, source) in sources().iter().step_by(4) {
        let wanted = meaning(source);
        for (damage, apply) in DAMAGES {
            // In a block of code a curly quote may be meant.
            if *damage == "smart quotes" && source.contains("|json") {
                continue;
            }
            cases += 1;
            let repaired = repair(&apply(source));
            if !repaired.ok {
                failed.push(format!(
                    "{name}, {damage}: {:?} {:?}",
                    repaired.changes,
                    repaired.diagnostics.first().map(|d| &d.message)
                ));
            } else if meaning(&repaired.source) != wanted {
                failed.push(format!("{name}, {damage}: another meaning, {:?}", repaired.changes));
            }
        }
    }
    assert!(cases >= 200, "{cases}");
    assert!(failed.is_empty(), "{} of {cases}:\n{}", failed.len(), failed.join("\n"));
}

#[test]
fn single_slips_are_mended_and_named() {
    let cases: &[(&str, &str)] = &[
        ("a: DB {\n  shape: database\n}\n", "a: DB {\n  shape: cylinder\n}\n"),
        ("a.style.fill: #ff0000\n", "a.style.fill: \"#ff0000\"\n"),
        ("a -->|calls| b\n", "a -> b: calls\n"),
        ("a -> b [label=\"calls\"]\n", "a -> b: calls\n"),
        ("a: First<br/>Second\n", "a: First\\nSecond\n"),
        ("a -> style\n", "a -> style_node\n"),
        ("a: {\n  shape = circle\n}\n", "a: {\n  shape: circle\n}\n"),
        ("a: {\n  b: {\n    c\nd -> a\n", "a: {\n  b: {\n    c\n  }\n}\nd -> a\n"),
        ("a: {\n  style.fil: red\n}\n", "a: {\n  style.fill: red\n}\n"),
    ];
    for (damaged, wanted) in cases {
        let repaired = repair(damaged);
        assert!(repaired.ok, "{damaged}: {:?}", repaired.diagnostics);
        assert_eq!(meaning(&repaired.source), meaning(wanted), "{damaged}\n{}", repaired.source);
        assert!(!repaired.changes.is_empty(), "{damaged}");
    }
}

#[test]
fn what_is_not_plain_becomes_a_prompt() {
    for (text, why) in [
        ("graph TD\n  A --> B", "Mermaid"),
        ("```mermaid\nflowchart LR\n A-->B\n```", "Mermaid"),
        ("@startuml\na -> b\n@enduml", "PlantUML"),
        ("digraph G { a -> b }", "DOT"),
        ("I am sorry, I cannot help with that.", "no diagram"),
        ("", "no diagram"),
    ] {
        let repaired = repair(text);
        assert!(!repaired.ok && repaired.prompt.is_some(), "{text}");
        assert!(repaired.diagnostics[0].message.contains(why), "{text}: {:?}", repaired.diagnostics);
    }
}

#[test]
fn any_text_ends_in_an_answer() {
    let pieces = [
        "{", "}", "->", "```", "d2", "\"", ": ", "|md", "|", "\n", "  ", "shape", "a", "#", "=>", "é",
        "\u{202e}", "[", "]", "'", "<br>", ";", "$", "\\", "(", "&", "*",
    ];
    let mut state = 1_u64;
    for _ in 0..2000 {
        let mut text = String::new();
        for _ in 0..24 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            text.push_str(pieces[(state >> 33) as usize % pieces.len()]);
        }
        let repaired = repair(&text);
        assert!(!repaired.ok || errors(&repaired.source).is_empty(), "{text:?}");
    }
}
