//! L003 `label-case`: labels of objects are in Title Case, unless the project's style pack leaves it open.
//!
//! Why: one way of writing makes a drawing look like one person drew it.
//! Judged leniently: only labels that are written (not those that are the key), only plain words; short words
//! ("of", "and"), names with digits, dots or capitals of their own ("orders.v2", "iOS") and other scripts are fine.

use spandrel_base::{Diagnostic, Severity};
use spandrel_catalog::LabelCase;
use spandrel_graph::Shape;

use crate::Context;
use crate::context::at;

pub(super) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    if context.style.label_case != LabelCase::Title {
        return;
    }
    for (_, node) in context.nodes() {
        let written = node.label.text != node.name && node.label.block.is_none();
        let names = !matches!(
            node.shape,
            Shape::Text | Shape::Code | Shape::Class | Shape::SqlTable | Shape::Note | Shape::Span
        );
        if !written || !names {
            continue;
        }
        let label = &node.label.text;
        if let Some(word) =
            label.split_whitespace().enumerate().find_map(|(i, word)| is_lower(word, i).then_some(word))
        {
            let message = format!("the label `{label}` is not in Title Case: `{word}`");
            found.push(
                at(&node.origins, Severity::Warning, "L003", message)
                    .help(format!("write `{}`", title(label))),
            );
        }
    }
}

fn is_lower(word: &str, index: usize) -> bool {
    let plain = word.chars().all(|c| c.is_ascii_lowercase());
    plain && word.len() > 1 && (index == 0 || !SMALL.contains(&word))
}

fn title(label: &str) -> String {
    let words = label.split_whitespace().enumerate().map(|(index, word)| {
        let mut letters = word.chars();
        match letters.next() {
            Some(first) if is_lower(word, index) => first.to_uppercase().chain(letters).collect(),
            _ => word.to_owned(),
        }
    });
    words.collect::<Vec<String>>().join(" ")
}

const SMALL: &[&str] = &[
    "a", "an", "and", "as", "at", "but", "by", "for", "from", "in", "into", "of", "off", "on", "or", "over",
    "per", "the", "to", "up", "via", "vs", "with", "without", "is",
];

#[cfg(test)]
mod tests {
    use crate::rules::testing::{found, node};
    use spandrel_graph::Diagram;

    #[test]
    fn only_written_plain_words_are_judged() {
        let mut diagram = Diagram::default();
        let source = "k1 k2 k3 k4 k5 k6";
        let labels = ["Payment system", "Bank of England", "orders.v2", "iOS App", "данные клиента", "k6"];
        for (index, label) in labels.iter().enumerate() {
            node(&mut diagram, source, &format!("k{}", index + 1), label, None);
        }
        let found = found(&diagram, source, "L003");
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].help.as_deref(), Some("write `Payment System`"));
    }
}
