//! L001 `id-style`: keys are snake_case, ASCII, at most 30 characters, or as the project's style pack says.
//!
//! Why: keys are typed by people and by models, and appear in links, diffs and exports; one spelling for all
//! keeps them short to write and impossible to confuse.
//! What to do: write the readable name as the label (`order_service: Order Service`).

use spandrel_base::{Diagnostic, Severity};
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
        let most = context.style.id_max;
        let plain = context.style.id_style.accepts(name);
        if plain && length <= most {
            continue;
        }
        let style = context.style.id_style.name();
        let (what, expected) = if plain {
            (format!("the key `{name}` has {length} characters"), format!("at most {most} characters"))
        } else {
            (format!("the key `{name}` is not in {style}"), format!("{style}, ASCII"))
        };
        let mut diagnostic =
            at(&node.origins, Severity::Warning, "L001", what).expected(expected, name.clone());
        let better = context.style.id_style.of(name, most);
        if !better.is_empty() && better != *name {
            diagnostic = diagnostic.help(format!("write `{better}: {}`", node.label.text.replace('\n', " ")));
        }
        found.push(diagnostic);
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{found, node};
    use spandrel_catalog::{IdStyle, StylePack};
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

    #[test]
    fn the_projects_style_pack_decides() {
        let mut diagram = Diagram::default();
        let source = "order-service\norder_service";
        for name in ["order-service", "order_service"] {
            node(&mut diagram, source, name, name, None);
        }
        let style = StylePack { id_style: IdStyle::Kebab, ..StylePack::default() };
        let options = crate::Options { style, ..crate::Options::default() };
        let found = crate::validate(&diagram, source, &options);
        let keys: Vec<_> = found.iter().filter(|d| d.code == "L001").map(|d| d.span.of(source)).collect();
        assert_eq!(keys, ["order_service"]);
        assert_eq!(found[0].help.as_deref(), Some("write `order-service: order_service`"));
    }
}
