//! A compiled diagram back to D2: for generators, and for what is imported from other languages.

mod sequence;

use std::fmt::Write as _;

use spandrel_graph::{
    Attrs, Block, Board, ConfigValue, Diagram, Edge, Label, Node, NodeId, Shape, Value, Visibility,
};
use spandrel_syntax::{keywords, print};

/// A diagram as D2 in canonical format. Compiled again it means the same; globs, classes and variables are
/// gone, what they brought stands where it applies.
pub fn print_diagram(diagram: &Diagram) -> String {
    let mut out = String::new();
    variables(diagram, &mut out);
    board(&diagram.root, None, 0, &mut out);
    spandrel_syntax::format(&out).unwrap_or(out)
}

/// What of a diagram is written as variables: its configuration and the legend of its root.
fn variables(diagram: &Diagram, out: &mut String) {
    if let Some(config) = &diagram.config {
        out.push_str("vars: {\nd2-config: {\n");
        for (key, value) in config {
            match value {
                ConfigValue::Text(text) => _ = writeln!(out, "{key}: {}", print::value(text)),
                ConfigValue::List(items) => _ = writeln!(out, "{key}: {}", list(items)),
            }
        }
        out.push_str("}\n}\n");
    }
    if let Some(legend) = &diagram.root.legend {
        let label = if legend.label.is_empty() { String::new() } else { print::value(&legend.label) };
        let _ = writeln!(out, "vars: {{\nd2-legend: {label} {{");
        let samples = Board { nodes: legend.nodes.clone(), edges: legend.edges.clone(), ..Board::default() };
        board(&samples, None, 0, out);
        out.push_str("}\n}\n");
    }
}

fn list(items: &[String]) -> String {
    let items: Vec<String> = items.iter().map(|item| print::value(item)).collect();
    format!("[{}]", items.join("; "))
}

/// `: type` behind the name of a row or a member; nothing where it has none.
fn member_type(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!(": {}", print::value(text)) }
}

/// `depth`: how many boards this one lies in.
fn board(board: &Board, base: Option<&Board>, depth: usize, out: &mut String) {
    if !board.root.label.is_empty() && base.is_none() {
        let _ = writeln!(out, "label: {}", print::value(&board.root.label));
    }
    if let Some(shape) = board.root.shape {
        let _ = writeln!(out, "shape: {}", shape.keyword());
    }
    attributes(&board.root.attrs, depth, out);
    // What a scenario or a step takes away of what it starts from.
    for gone in base.into_iter().flat_map(|base| base.nodes.iter()) {
        let parent_gone = gone.id.rsplit_once('.').is_some_and(|(parent, _)| {
            base.is_some_and(|base| base.node_by_id(parent).is_some()) && board.node_by_id(parent).is_none()
        });
        if board.node_by_id(&gone.id).is_none() && !parent_gone {
            let _ = writeln!(out, "{}: null", gone.id);
        }
    }
    let mut printed = vec![false; board.edges.len()];
    let is_sequence = board.root.shape == Some(Shape::SequenceDiagram);
    if is_sequence && base.is_none_or(|base| base.nodes.is_empty()) {
        sequence::inside(board, None, depth, &mut printed, out);
    } else {
        for id in board.top_level().collect::<Vec<_>>() {
            node(board, id, depth, &mut printed, out);
        }
    }
    for (id, edge) in board.edges.entries().filter(|(id, _)| !printed[usize::from(*id)]) {
        let key = board.edge_key(id);
        let inherited = base.is_some_and(|base| base.edges.ids().any(|other| base.edge_key(other) == key));
        connection(board, edge, inherited.then_some(key), None, depth, out);
    }
    let groups = [("layers", &board.layers), ("scenarios", &board.scenarios), ("steps", &board.steps)];
    for (group, boards) in groups.into_iter().filter(|(_, boards)| !boards.is_empty()) {
        let _ = writeln!(out, "{group}: {{");
        for (index, inner) in boards.iter().enumerate() {
            let base = match group {
                "layers" => None,
                "steps" if index > 0 => Some(&boards[index - 1]),
                _ => Some(board),
            };
            let label =
                if inner.root.label.is_empty() { String::new() } else { print::value(&inner.root.label) };
            let _ = writeln!(out, "{}: {label} {{", print::key_part(&inner.name));
            self::board(inner, base.or(Some(&Board::default())), depth + 1, out);
            out.push_str("}\n");
        }
        out.push_str("}\n");
    }
}

fn label(label: &Label, default: &str, out: &mut String) {
    match &label.block {
        None if label.text == default => {}
        None => out.push_str(&print::value(&label.text)),
        Some(block) => {
            let tag = match block {
                Block::Markdown => "md",
                Block::Latex => "tex",
                Block::Code(language) => language,
            };
            out.push_str(&block_text(&label.text, tag));
        }
    }
}

/// Block text exactly as it is, between fences that it does not hold.
fn block_text(text: &str, tag: &str) -> String {
    if !text.contains('\n') && text.trim() == text {
        return print::block(text, tag, 0);
    }
    let mut fence = String::new();
    while text.contains(&format!("|{fence}")) || text.contains(&format!("{fence}|")) {
        fence.push('|');
    }
    format!("|{fence}{tag}\n{text}\n{fence}|")
}

fn attributes(attrs: &Attrs, depth: usize, out: &mut String) {
    for (keyword, value) in attrs.iter() {
        let value = match value {
            Value::Text(text) => print::value(text),
            Value::List(items) => list(items),
        };
        let value = match attrs.text(keyword) {
            Some(target) if keyword == "link" => link(target, depth),
            _ => value,
        };
        let _ = writeln!(out, "{keyword}: {value}");
    }
}

/// A link to a board reads from the board on which it stands: up with `_`, then down.
fn link(target: &str, depth: usize) -> String {
    let below = if target == "root" { Some("") } else { target.strip_prefix("root.") };
    match below {
        None => print::value(target),
        Some("") => vec!["_"; depth].join("."),
        Some(below) => format!("{}{below}", "_.".repeat(depth)),
    }
}

/// One end of a connection as a key: the object, or its row.
pub(crate) fn end_key(board: &Board, node: NodeId, column: Option<u32>) -> String {
    let node = &board.nodes[node];
    match column.and_then(|at| node.columns.get(at as usize)) {
        Some(column) => format!("{}.{}", node.id, name(&column.name)),
        None => node.id.clone(),
    }
}

/// A name as a part of a key; a keyword is quoted, so that it stays a name.
pub(crate) fn name(text: &str) -> String {
    if keywords::is_reserved_any_case(text) { format!("\"{text}\"") } else { print::key_part(text) }
}

/// The path of an object.
/// `from`: the container from which it reads, `None` for the board.
fn path(board: &Board, id: NodeId, from: Option<NodeId>) -> String {
    let outer = board.ancestors(id).take_while(|&outer| Some(outer) != from);
    let mut names: Vec<String> = outer.map(|outer| name(&board.nodes[outer].name)).collect();
    names.reverse();
    names.push(name(&board.nodes[id].name));
    names.join(".")
}

fn node(board: &Board, id: NodeId, depth: usize, printed: &mut [bool], out: &mut String) {
    open(board, id, depth, out);
    if board.nodes[id].shape == Shape::SequenceDiagram {
        sequence::inside(board, Some(id), depth, printed, out);
    } else {
        for &child in &board.nodes[id].children {
            node(board, child, depth, printed, out);
        }
    }
    out.push_str("}\n");
}

/// Key, label, brace and attributes of an object.
fn open(board: &Board, id: NodeId, depth: usize, out: &mut String) {
    let this = &board.nodes[id];
    let _ = write!(out, "{}: ", name(&this.name));
    let part = matches!(this.shape, Shape::Note | Shape::Span);
    if this.shape != Shape::Span {
        label(&this.label, &this.name, out);
    }
    out.push_str(" {\n");
    let implied = this.label.block.is_some() && matches!(this.shape, Shape::Text | Shape::Code);
    let shape = !part && !implied && this.shape != Shape::Rectangle
        || this.shape == Shape::Rectangle && this.label.block.is_some();
    if shape {
        let _ = writeln!(out, "shape: {}", this.shape.keyword());
    }
    attributes(&this.attrs, depth, out);
    members(this, out);
}

/// What stands before the name of a member.
pub(crate) fn sign(visibility: Visibility) -> &'static str {
    match visibility {
        Visibility::Public => "",
        Visibility::Private => "-",
        Visibility::Protected => "#",
    }
}

fn members(node: &Node, out: &mut String) {
    for column in &node.columns {
        let _ = write!(out, "{}{}", name(&column.name), member_type(&column.data_type));
        if !column.constraints.is_empty() {
            let colon = if column.data_type.is_empty() { ":" } else { "" };
            let _ = write!(out, "{colon} {{constraint: {}}}", list(&column.constraints));
        }
        out.push('\n');
    }
    let mut member = |visibility: Visibility, name: &str, kind: &str, underline: bool| {
        let sign = sign(visibility);
        let style = match (underline, kind.is_empty()) {
            (false, _) => "",
            (true, true) => ": {style.underline: true}",
            (true, false) => " {style.underline: true}",
        };
        let _ = writeln!(out, "{}{}{style}", self::name(&format!("{sign}{name}")), member_type(kind));
    };
    for field in &node.fields {
        member(field.visibility, &field.name, &field.data_type, field.underline);
    }
    for method in &node.methods {
        let returns = if method.returns == "void" { "" } else { &method.returns };
        member(method.visibility, &method.name, returns, method.underline);
    }
}

/// `inherited`: the key of one that the board starts with; `from`: the container in whose braces it stands.
fn connection(
    board: &Board,
    edge: &Edge,
    inherited: Option<String>,
    from: Option<NodeId>,
    depth: usize,
    out: &mut String,
) {
    let end = |id: NodeId, column: Option<u32>| {
        let node = &board.nodes[id];
        match column.and_then(|at| node.columns.get(at as usize)) {
            Some(column) => format!("{}.{}", path(board, id, from), name(&column.name)),
            None => path(board, id, from),
        }
    };
    if let Some(key) = inherited {
        out.push_str(&key);
    } else {
        let (src, dst) = (end(edge.src, edge.src_column), end(edge.dst, edge.dst_column));
        let _ = write!(out, "{src} {} {dst}", edge.arrow());
    }
    out.push_str(": ");
    label(&edge.label, "", out);
    out.push_str(" {\n");
    attributes(&edge.attrs, depth, out);
    for (keyword, head) in
        [("source-arrowhead", &edge.src_arrowhead), ("target-arrowhead", &edge.dst_arrowhead)]
    {
        let Some(head) = head else { continue };
        let text = if head.label.is_empty() { String::new() } else { print::value(&head.label) };
        let _ = writeln!(out, "{keyword}: {text} {{");
        if let Some(shape) = head.shape {
            let _ = writeln!(out, "shape: {}", shape.keyword());
        }
        attributes(&head.attrs, depth, out);
        out.push_str("}\n");
    }
    out.push_str("}\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(source: &str, expected: &str) {
        let diagram = crate::index::compile("index.d2", source, &()).diagram;
        assert_eq!(print_diagram(&diagram), expected);
    }

    #[test]
    fn a_diagram_is_printed_as_one_would_write_it() {
        check(
            "*.style.fill: red\na: API {b: |md x |}\na.b -> c: reads {target-arrowhead.shape: diamond}\n",
            "a: API {\n  style.fill: red\n  b: |md x |\n}\nc: {\n  style.fill: red\n}\na.b -> c: reads {\n  target-arrowhead: {\n    shape: diamond\n  }\n}\n",
        );
    }

    #[test]
    fn rows_and_members_come_back() {
        check(
            "t: {shape: sql_table; id: int {constraint: primary_key}}\n",
            "t: {\n  shape: sql_table\n  id: int {constraint: [primary_key]}\n}\n",
        );
    }

    #[test]
    fn members_without_a_type_have_no_colon() {
        check(
            "t: {shape: sql_table; id; key: {constraint: unique}}\nc: {shape: class; a; run()}\n",
            "t: {\n  shape: sql_table\n  id\n  key: {constraint: [unique]}\n}\nc: {\n  shape: class\n  a\n  \"run()\"\n}\n",
        );
    }

    #[test]
    fn configuration_and_legend_are_variables_again() {
        let source = "vars: {\n  d2-config: {\n    layout-engine: elk\n  }\n}\nvars: {\n  d2-legend: Signs {\n    a: Service\n    b\n    a -> b: calls\n  }\n}\nx\n";
        check(source, source);
    }

    #[test]
    fn messages_stand_in_the_groups_that_hold_them() {
        let source = "shape: sequence_diagram\na\nb\na -> b: one\ng: First {\n  a -> b: two\n  h: {\n    b -> a: three\n  }\n}\na -> b: four\n";
        let diagram = crate::index::compile("index.d2", source, &()).diagram;
        let printed = print_diagram(&diagram);
        assert_eq!(
            printed,
            "shape: sequence_diagram\na\nb\na -> b: one\ng: First {\n  a -> b: two\n  h: {\n    b -> a: three\n  }\n}\na -> b: four\n"
        );
        let again = crate::index::compile("index.d2", &printed, &()).diagram;
        assert_eq!(print_diagram(&again), printed);
    }

    #[test]
    fn a_sequence_diagram_in_a_container_keeps_its_groups() {
        let source = "x: {\n  shape: sequence_diagram\n  a -> b\n  g: {\n    b -> a: back\n  }\n}\n";
        let printed = print_diagram(&crate::index::compile("index.d2", source, &()).diagram);
        assert!(printed.contains("  g: {\n    b -> a: back\n  }\n"), "{printed}");
    }
}
