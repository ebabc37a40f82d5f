//! L007 `contradictory-pins`: pins that cannot hold as they stand.
//!
//! A pin is D2's `top` and `left`. One without the other holds a node in one direction only; two neighbours
//! pinned to one place lie on top of each other.

use std::collections::BTreeMap;

use spandrel_base::{Diagnostic, Severity};

use crate::Context;
use crate::context::at;

pub(super) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for (_, board) in &context.boards {
        let mut places: BTreeMap<_, &str> = BTreeMap::new();
        for node in &board.nodes {
            let (top, left) = (node.attrs.text("top"), node.attrs.text("left"));
            let half = match (top, left) {
                (Some(_), None) => Some(("top", "left")),
                (None, Some(_)) => Some(("left", "top")),
                _ => None,
            };
            if let Some((has, lacks)) = half {
                let message = format!(
                    "`{}` has `{has}` but no `{lacks}`, so it is held in one direction only",
                    node.id
                );
                found.push(
                    at(&node.origins, Severity::Warning, "L007", message)
                        .help(format!("set `{lacks}` too, or remove `{has}`")),
                );
            }
            let (Some(top), Some(left)) = (node.attrs.number("top"), node.attrs.number("left")) else {
                continue;
            };
            let place = (node.parent, top as i64, left as i64);
            if let Some(other) = places.get(&place) {
                let message = format!("`{}` is pinned to the same place as `{other}`", node.id);
                found.push(
                    at(&node.origins, Severity::Warning, "L007", message)
                        .help("move one of them, or unpin it"),
                );
            } else {
                places.insert(place, &node.id);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{found, node};
    use spandrel_graph::Diagram;

    #[test]
    fn half_pins_and_shared_places() {
        let source = "a b c d";
        let mut diagram = Diagram::default();
        for (name, top, left) in [("a", "10", "20"), ("b", "10", "20"), ("c", "10", ""), ("d", "10", "30")] {
            let id = node(&mut diagram, source, name, name, None);
            for (keyword, value) in
                [("top", top), ("left", left)].iter().filter(|(_, value)| !value.is_empty())
            {
                diagram.root.nodes[id].attrs.set_text(*keyword, *value);
            }
        }
        let found = found(&diagram, source, "L007");
        let texts: Vec<&str> = found.iter().map(|d| d.span.of(source)).collect();
        assert_eq!(texts, ["b", "c"]);
    }
}
