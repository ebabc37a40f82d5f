//! L004 `near-duplicate`: something that is mentioned once, as the end of a connection, and is spelled almost
//! like something else.
//!
//! Why: D2 creates what a connection mentions, so a slip of the finger makes a second box instead of an error.
//! What to do: use the name that exists; or declare the new one, if it is meant.

use std::collections::BTreeMap;

use spandrel_base::{Diagnostic, Severity, TextEdit};
use spandrel_graph::{Board, Node, NodeId};

use crate::Context;
use crate::context::at;

pub(super) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for (_, board) in &context.boards {
        let bare = bare_ends(board);
        // Two words are one slip apart only if taking at most one letter out of each can make them equal:
        // an index of such forms finds the candidates without comparing every pair.
        let mut forms: BTreeMap<(Option<NodeId>, String), NodeId> = BTreeMap::new();
        for (id, node) in board.nodes.entries().filter(|(id, _)| !bare[usize::from(*id)]) {
            for form in shortened(&node.name) {
                forms.entry((node.parent, form)).or_insert(id);
            }
        }
        for (_, node) in board.nodes.entries().filter(|(id, _)| bare[usize::from(*id)]) {
            let candidates =
                shortened(&node.name).into_iter().filter_map(|form| forms.get(&(node.parent, form)));
            let similar =
                candidates.map(|&id| &board.nodes[id]).find(|other| are_close(&node.name, &other.name));
            let Some(similar) = similar else { continue };
            let message =
                format!("`{}` is mentioned only here and is spelled almost like `{}`", node.id, similar.id);
            let mut diagnostic = at(&node.origins, Severity::Warning, "L004", message)
                .expected(similar.name.clone(), node.name.clone())
                .help(format!("did you mean `{}`?", similar.name));
            let span = diagnostic.span;
            if let Some(written) = diagnostic.path.is_none().then(|| context.text(span))
                && written.ends_with(&node.name)
                && similar.id.ends_with(&similar.name)
            {
                let start = span.end as usize - node.name.len();
                let edit =
                    TextEdit::replace(spandrel_base::Span::new(start, span.end as usize), &similar.name);
                diagnostic = diagnostic.fix(format!("use `{}`", similar.name), vec![edit]);
            }
            found.push(diagnostic);
        }
    }
}

/// For each node: mentioned once, by one connection, and nothing else is said about it.
fn bare_ends(board: &Board) -> Vec<bool> {
    let mut degree = vec![0_u32; board.nodes.len()];
    for edge in &board.edges {
        degree[usize::from(edge.src)] += 1;
        degree[usize::from(edge.dst)] += 1;
    }
    let says_nothing =
        |node: &Node| node.children.is_empty() && node.attrs.is_empty() && node.label.text == node.name;
    board
        .nodes
        .entries()
        .map(|(id, node)| degree[usize::from(id)] == 1 && node.origins.len() == 1 && says_nothing(node))
        .collect()
}

/// A word in lower case, and that word with each one of its letters taken out. Nothing for words that are too
/// short for a slip to be told from a name, or so long that they are no names.
fn shortened(word: &str) -> Vec<String> {
    let letters: Vec<char> = word.to_lowercase().chars().collect();
    if !(4..=60).contains(&letters.len()) {
        return Vec::new();
    }
    let without =
        |out: usize| letters.iter().enumerate().filter(|(at, _)| *at != out).map(|(_, c)| *c).collect();
    (0..=letters.len()).map(without).collect()
}

/// One slip apart (a letter more, less, other, or two swapped), in words long enough for that to mean something.
/// Names that differ in digits are a series ("web1", "web2"), not a slip.
fn are_close(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) =
        (a.to_lowercase().chars().collect(), b.to_lowercase().chars().collect());
    let (short, long) = if a.len() <= b.len() { (&a, &b) } else { (&b, &a) };
    if short.len() < 4 || long.len() - short.len() > 1 || a == b {
        return false;
    }
    let digits = |word: &[char]| word.iter().filter(|c| c.is_ascii_digit()).collect::<String>();
    if digits(&a) != digits(&b) {
        return false;
    }
    let head = short.iter().zip(long.iter()).take_while(|(x, y)| x == y).count();
    if short.len() < long.len() {
        return short[head..] == long[head + 1..];
    }
    let swapped = head + 1 < short.len()
        && short[head] == long[head + 1]
        && short[head + 1] == long[head]
        && short[head + 2..] == long[head + 2..];
    swapped || short[head + 1..] == long[head + 1..]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{edge, found, node};
    use spandrel_base::apply_edits;
    use spandrel_graph::Diagram;

    #[test]
    fn a_slip_of_the_finger_is_noticed_and_mended() {
        let source = "postgres: DB\napi -> postgrse\nweb_1 -> api\nweb_2 -> api\n";
        let mut diagram = Diagram::default();
        node(&mut diagram, source, "postgres", "DB", None);
        let api = node(&mut diagram, source, "api", "api", None);
        let slip = node(&mut diagram, source, "postgrse", "postgrse", None);
        let web = ["web_1", "web_2"].map(|name| node(&mut diagram, source, name, name, None));
        edge(&mut diagram, api, slip, "", 20);
        for end in web {
            edge(&mut diagram, end, api, "", 40);
        }
        let found = found(&diagram, source, "L004");
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(apply_edits(source, &found[0].fixes[0].edits).contains("api -> postgres\n"));
    }

    #[test]
    fn closeness() {
        for (a, b, expected) in [
            ("orders", "order", true),
            ("cache", "cahce", true),
            ("queue", "quene", true),
            ("web_1", "web_2", false),
            ("api", "app", false),
            ("gateway", "database", false),
            ("users", "users", false),
        ] {
            assert_eq!(are_close(a, b), expected, "{a} {b}");
        }
    }
}
