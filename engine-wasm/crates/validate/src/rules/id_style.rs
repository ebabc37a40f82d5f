//! L001 `id-style`: keys are snake_case, ASCII, at most 30 characters.
//!
//! Why: keys are typed by people and by models, and appear in links, diffs and exports; one spelling for all
//! keeps them short to write and impossible to confuse.
//! What to do: write the readable name as the label (`order_service: Order Service`).

use spandrel_base::{Diagnostic, Severity};
use spandrel_catalog::ID_MAX;
use spandrel_graph::Shape;

use crate::Context;
use crate::context::at;

pub(super) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for (_, node) in context.nodes() {
        // Rows and members are names of another world; notes and spans belong to the sequence diagram.
        if matches!(node.shape, Shape::Note | Shape::Span | Shape::Class) {
            continue;
        }
        let name = &node.name;
        let length = name.chars().count();
        let plain = name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
        if plain && length <= ID_MAX {
            continue;
        }
        let (what, expected) = if plain {
            (format!("the key `{name}` has {length} characters"), format!("at most {ID_MAX} characters"))
        } else {
            (format!("the key `{name}` is not in snake_case"), "snake_case, ASCII".to_owned())
        };
        let mut diagnostic =
            at(&node.origins, Severity::Warning, "L001", what).expected(expected, name.clone());
        let better = snake_case(name);
        if !better.is_empty() && better != *name {
            diagnostic = diagnostic.help(format!("write `{better}: {}`", node.label.text.replace('\n', " ")));
        }
        found.push(diagnostic);
    }
}

/// The nearest key in snake_case, at most [`ID_MAX`] characters; `""` where nothing is left.
fn snake_case(name: &str) -> String {
    let mut key = String::new();
    let mut before = '_';
    for c in name.chars() {
        if c.is_ascii_uppercase() && before.is_ascii_lowercase() {
            key.push('_');
        }
        if c.is_ascii_alphanumeric() {
            key.push(c.to_ascii_lowercase());
        } else if !key.ends_with('_') && !key.is_empty() {
            key.push('_');
        }
        before = c;
    }
    key.truncate(ID_MAX);
    key.trim_end_matches('_').to_owned()
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{found, node};
    use spandrel_graph::Diagram;

    #[test]
    fn keys_are_snake_case_and_short() {
        let mut diagram = Diagram::default();
        let long = "a".repeat(31);
        let source = format!("OrderService\norder_service\nPayment system\n{long}");
        for name in ["OrderService", "order_service", "Payment system", &long] {
            node(&mut diagram, &source, name, name, None);
        }
        let found = found(&diagram, &source, "L001");
        let helps: Vec<_> = found.iter().filter_map(|d| d.help.as_deref()).collect();
        assert_eq!(found.len(), 3);
        assert_eq!(helps[0], "write `order_service: OrderService`");
        assert_eq!(helps[1], "write `payment_system: Payment system`");
        assert_eq!(found[0].span.of(&source), "OrderService");
    }
}
