//! L002 `label-length`: labels have at most 60 characters, or what the project's style pack says.
//!
//! Why: a longer label makes a box that pushes everything else away, and is not read.
//! What to do: keep the name in the label and put the rest into a `tooltip` or a Markdown text.

use spandrel_base::{Diagnostic, Severity};

use crate::Context;
use crate::context::at;

pub(super) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let most = context.style.label_max;
    let nodes = context.nodes().map(|(_, node)| (&node.label, &node.origins));
    let edges = context.edges().map(|(_, edge)| (&edge.label, &edge.origins));
    for (label, origins) in nodes.chain(edges) {
        let length = label.text.chars().count();
        if label.block.is_none() && length > most {
            let diagnostic = at(
                origins,
                Severity::Warning,
                "L002",
                format!("the label has {length} characters, {most} are readable"),
            )
            .expected(format!("at most {most} characters"), format!("{length} characters"))
            .help("keep the name, and put the rest into `tooltip`");
            found.push(diagnostic);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{found, node};
    use spandrel_graph::{Block, Diagram};

    #[test]
    fn long_labels_are_named_and_long_texts_are_not() {
        let mut diagram = Diagram::default();
        let source = "a\nb\nc";
        node(&mut diagram, source, "a", &"é".repeat(60), None);
        node(&mut diagram, source, "b", &"é".repeat(61), None);
        let text = node(&mut diagram, source, "c", &"x".repeat(99), None);
        diagram.root.nodes[text].label.block = Some(Block::Markdown);
        let found = found(&diagram, source, "L002");
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].span.of(source), "b");
    }
}
