//! Wishes for a change: forty on five small diagrams, a hundred on real ones, forty on
//! eight that others drew. What changed in each is kept as a snapshot, and
//! everything else stays byte for byte.

use std::fmt::Write as _;

use spandrel_assist::{Data, generate};
use spandrel_base::Budget;

fn read(name: &str) -> String {
    let path = format!("{}/../../../tests/assistant/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn a_wish_changes_what_it_names_and_nothing_else() {
    insta::assert_snapshot!("edits", changes("edits.txt", "diagrams"));
}

#[test]
fn a_wish_for_a_real_diagram_changes_what_it_names_and_nothing_else() {
    insta::assert_snapshot!("edits_real", changes("edits-2.txt", "../corpus/real"));
}

#[test]
fn a_wish_for_a_strangers_diagram_changes_what_it_names_and_nothing_else() {
    insta::assert_snapshot!("edits_3", changes("edits-3.txt", "diagrams"));
}

/// What each wish of a file changes, checked for what must stay.
fn changes(wishes: &str, folder: &str) -> String {
    let data = Data::embedded();
    let mut shown = String::new();
    for line in read(wishes).lines().filter(|line| !line.starts_with('#')) {
        let (name, wish) = line.split_once(" | ").expect("diagram | wish");
        let before = read(&format!("{folder}/{name}.d2"));
        let made = generate(&data, wish, Some(&before));
        let compiled = spandrel_compile::compile(&made.source, &(), &Budget::default());
        assert!(!compiled.has_errors(), "{wish}\n{}", made.source);
        let comments = before.lines().filter_map(|line| line.split_once("# ").map(|(_, comment)| comment));
        for comment in comments {
            assert!(made.source.contains(comment), "{wish}: the comment `{comment}` is gone");
        }
        let (old, new): (Vec<&str>, Vec<&str>) = (before.lines().collect(), made.source.lines().collect());
        let _ = writeln!(shown, "{name}: {wish}\n  {}", made.message.replace('\n', " "));
        let gone = old.iter().filter(|line| !new.contains(line)).map(|line| format!("  - {line}\n"));
        let added = new.iter().filter(|line| !old.contains(line)).map(|line| format!("  + {line}\n"));
        shown.extend(gone.chain(added));
        shown.push('\n');
        // What stays, stays in its order; what is moved does not stay.
        if made.message.contains("Moved ") || made.message.contains("Put ") {
            continue;
        }
        let kept: Vec<&&str> = old
            .iter()
            // Of two lines alike one may change.
            .filter(|line| old.iter().filter(|other| other == line).count() == 1)
            .filter(|line| new.contains(line) && line.trim().len() > 1 && !line.contains("shape"))
            .collect();
        let mut rest = new.iter();
        assert!(
            kept.iter().all(|line| rest.any(|other| other == *line)),
            "{wish}: the order changed\n{}",
            made.source
        );
    }
    shown
}

/// The part of `before` that is not in `after`: what is between the longest common beginning and end.
fn replaced<'t>(before: &'t str, after: &str) -> &'t str {
    let start = before.bytes().zip(after.bytes()).take_while(|(a, b)| a == b).count();
    let most = before.len().min(after.len()) - start;
    let end = before.bytes().rev().zip(after.bytes().rev()).take(most).take_while(|(a, b)| a == b).count();
    let bytes = &before.as_bytes()[start..before.len() - end];
    std::str::from_utf8(bytes).unwrap_or("\n")
}

#[test]
fn a_change_of_one_part_stays_within_one_line_of_the_old_text() {
    let data = Data::embedded();
    let folder = format!("{}/../../../tests/corpus/real", env!("CARGO_MANIFEST_DIR"));
    let mut files: Vec<_> =
        std::fs::read_dir(folder).expect("corpus").map(|e| e.expect("entry").path()).collect();
    files.sort();
    let (mut tried, mut changed) = (0, 0);
    for file in files.iter().filter(|file| file.extension().is_some_and(|e| e == "d2")) {
        let before = std::fs::read_to_string(file).expect("readable");
        let board = spandrel_compile::compile(&before, &(), &Budget::default()).diagram.root;
        let labels: Vec<&str> = board.nodes.iter().map(|node| node.label.text.as_str()).collect();
        let plain = |label: &&&str| {
            let words = label.chars().all(|c| c.is_ascii_alphanumeric() || c == ' ');
            words && !label.is_empty() && labels.iter().filter(|other| *other == *label).count() == 1
        };
        let parts: Vec<&str> = labels.iter().filter(plain).copied().step_by(3).take(4).collect();
        for (index, part) in parts.iter().enumerate() {
            let other = parts[(index + 1) % parts.len()];
            for wish in [
                format!("rename {part} to Zebra"),
                format!("make {part} blue"),
                format!("connect {part} to {other}"),
            ] {
                let after = generate(&data, &wish, Some(&before)).source;
                tried += 1;
                changed += usize::from(after != before);
                let gone = replaced(&before, &after);
                assert!(!gone.contains('\n'), "{}: {wish}\nreplaced:\n{gone}\nin:\n{after}", file.display());
            }
        }
    }
    assert!(tried > 200 && changed * 10 > tried * 8, "{changed} of {tried} wishes changed anything");
}

#[test]
fn what_cannot_be_done_leaves_every_byte() {
    let data = Data::embedded();
    let source = read("diagrams/shop.d2");
    for wish in [
        "remove the mainframe",
        "rename the teleporter to gate",
        "disconnect stripe from the mailer",
        "make it pop",
        "",
    ] {
        let made = generate(&data, wish, Some(&source));
        assert_eq!(made.source, source, "{wish}");
        assert!(!made.message.is_empty(), "{wish}");
    }
}
