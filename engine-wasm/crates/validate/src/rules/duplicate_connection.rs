//! L005 `duplicate-connection`: the same connection with the same label, twice.
//!
//! Why: D2 draws both, one beside the other, which is rarely meant.
//! What to do: take one out, or give the two different labels. Sequence diagrams repeat on purpose and are left alone.

use std::collections::BTreeMap;

use spandrel_base::{Diagnostic, Severity, TextEdit};
use spandrel_graph::{Board, Edge, Shape};

use crate::Context;
use crate::context::at;

pub(super) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for (_, board) in &context.boards {
        let mut first: BTreeMap<_, &Edge> = BTreeMap::new();
        for edge in &board.edges {
            if in_sequence(board, edge) {
                continue;
            }
            let columns = (edge.src_column, edge.dst_column);
            let key = (edge.src, edge.dst, edge.src_arrow, edge.dst_arrow, columns, edge.label.text.as_str());
            let Some(original) = first.get(&key) else {
                first.insert(key, edge);
                continue;
            };
            let (src, dst) = (&board.nodes[edge.src].id, &board.nodes[edge.dst].id);
            let message = format!("`{src} {} {dst}` is there twice with the same label", edge.arrow());
            let mut diagnostic = at(&edge.origins, Severity::Warning, "L005", message)
                .help("take one out, or label them differently");
            if let Some(origin) = original.origins.iter().find(|origin| origin.path == diagnostic.path) {
                diagnostic = diagnostic.related(origin.key, "the first one");
            }
            // Only a connection that is a line of its own can be taken out without touching another.
            if let [origin] = &*edge.origins
                && origin.path.is_none()
                && let Some(line) = whole_line(context.source, origin.whole)
            {
                diagnostic = diagnostic.fix("take this one out", vec![TextEdit::delete(line)]);
            }
            found.push(diagnostic);
        }
    }
}

fn in_sequence(board: &Board, edge: &Edge) -> bool {
    let inside = |shape: Shape| shape == Shape::SequenceDiagram;
    board.root.shape.is_some_and(inside)
        || board.ancestors(edge.src).any(|ancestor| inside(board.nodes[ancestor].shape))
}

/// A connection this far into its line is not alone on it.
const LONG_LINE: usize = 4096;

/// The lines of a span with their line break, where nothing else stands on them.
fn whole_line(source: &str, span: spandrel_base::Span) -> Option<spandrel_base::Span> {
    let range = span.range();
    let before = source.get(..range.start)?;
    let after = source.get(range.end..)?;
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    if range.start - start > LONG_LINE {
        return None;
    }
    let end = after.find('\n').map_or(source.len(), |at| range.end + at + 1);
    let alone = before[start..].trim().is_empty() && source[range.end..end].trim().is_empty();
    alone.then(|| spandrel_base::Span::new(start, end))
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{edge, found, node};
    use spandrel_graph::{Diagram, Shape};

    #[test]
    fn the_same_connection_twice_is_named_once() {
        let source = "a -> b\na -> b\na -> b: other\nb -> a\n";
        let mut diagram = Diagram::default();
        let a = node(&mut diagram, source, "a", "a", None);
        let b = node(&mut diagram, source, "b", "b", None);
        edge(&mut diagram, a, b, "", 0);
        edge(&mut diagram, a, b, "", 7);
        edge(&mut diagram, a, b, "other", 14);
        edge(&mut diagram, b, a, "", 28);
        assert_eq!(found(&diagram, source, "L005").len(), 1);
        diagram.root.root.shape = Some(Shape::SequenceDiagram);
        assert!(found(&diagram, source, "L005").is_empty());
    }
}
