//! L006 `empty-container`: braces with nothing in them.
//!
//! Why: something was meant to go in, or the braces can go.

use spandrel_base::{Diagnostic, Severity, Span, TextEdit};

use crate::Context;
use crate::context::at;

pub(super) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for (_, node) in context.nodes() {
        if !node.children.is_empty() {
            continue;
        }
        for origin in node.origins.iter().filter(|origin| origin.path.is_none()) {
            let Some(braces) = empty_braces(context.text(origin.whole)) else { continue };
            let start = origin.whole.start as usize + braces;
            let message = format!("`{}` has braces with nothing in them", node.id);
            let diagnostic = at(std::slice::from_ref(origin), Severity::Warning, "L006", message)
                .help("put something in, or take the braces out")
                .fix(
                    "take the braces out",
                    vec![TextEdit::delete(Span::new(start, origin.whole.end as usize))],
                );
            found.push(diagnostic);
        }
    }
}

/// Where ` {` begins in a declaration that ends with braces around white space; a colon that only
/// introduced them goes along.
fn empty_braces(declaration: &str) -> Option<usize> {
    let open = declaration.trim_end().strip_suffix('}')?.trim_end().strip_suffix('{')?;
    let head = open.trim_end();
    Some(head.strip_suffix(':').map_or(head, str::trim_end).len())
}

#[cfg(test)]
mod tests {
    use super::empty_braces;
    use crate::rules::testing::{found, node};
    use spandrel_base::apply_edits;
    use spandrel_graph::Diagram;

    #[test]
    fn braces_with_nothing_in_them() {
        assert_eq!(empty_braces("x: Zone {}"), Some(7));
        assert_eq!(empty_braces("x: {\n}"), Some(1));
        assert_eq!(empty_braces("x {a}"), None);
        assert_eq!(empty_braces("x"), None);
        let source = "x: Zone {}\n";
        let mut diagram = Diagram::default();
        node(&mut diagram, source, "x", "Zone", None);
        let found = found(&diagram, source, "L006");
        assert_eq!(apply_edits(source, &found[0].fixes[0].edits), "x: Zone\n");
    }
}
