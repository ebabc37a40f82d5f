//! Forty wishes on five diagrams: what changed in each is kept as a snapshot, and everything else stays byte for byte.

use std::fmt::Write as _;

use spandrel_assist::{Data, generate};
use spandrel_base::Budget;

fn read(name: &str) -> String {
    let path = format!("{}/../../../tests/assistant/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn a_wish_changes_what_it_names_and_nothing_else() {
    let data = Data::embedded();
    let mut shown = String::new();
    for line in read("edits.txt").lines().filter(|line| !line.starts_with('#')) {
        let (name, wish) = line.split_once(" | ").expect("diagram | wish");
        let before = read(&format!("diagrams/{name}.d2"));
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
        // What stays, stays in its order.
        let kept: Vec<&&str> = old
            .iter()
            .filter(|line| new.contains(line) && line.trim().len() > 1 && !line.contains("shape"))
            .collect();
        let mut rest = new.iter();
        assert!(
            kept.iter().all(|line| rest.any(|other| other == *line)),
            "{wish}: the order changed\n{}",
            made.source
        );
    }
    insta::assert_snapshot!("edits", shown);
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
