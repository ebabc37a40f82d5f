//! Diagrams for the tests of rules, put together by hand so that a rule's test needs no compiler.

use spandrel_base::{Diagnostic, Span};
use spandrel_graph::{Attrs, Diagram, Edge, Label, Node, NodeId, Origin, Shape, Style};

/// A node at the top (or in `parent`), mentioned where `name` first stands in `source`.
pub(crate) fn node(
    diagram: &mut Diagram,
    source: &str,
    name: &str,
    label: &str,
    parent: Option<NodeId>,
) -> NodeId {
    let start = source.find(name).unwrap_or(0);
    let key = Span::new(start, start + name.len());
    let line_end = source[start..].find('\n').map_or(source.len(), |end| start + end);
    let id = parent.map_or(name.to_owned(), |p| format!("{}.{name}", diagram.root.nodes[p].id));
    let made = diagram.root.nodes.push(Node {
        id,
        name: name.to_owned(),
        parent,
        children: Vec::new(),
        label: Label::plain(label),
        shape: Shape::default(),
        attrs: Attrs::default(),
        style: Style::default(),
        columns: Vec::new(),
        fields: Vec::new(),
        methods: Vec::new(),
        origins: spandrel_base::Few::One(Origin { path: None, key, whole: Span::new(start, line_end) }),
    });
    if let Some(parent) = parent {
        diagram.root.nodes[parent].children.push(made);
    }
    made
}

/// An edge with an arrow at its end, mentioned at byte `at`.
pub(crate) fn edge(diagram: &mut Diagram, src: NodeId, dst: NodeId, label: &str, at: usize) {
    let span = Span::new(at, at + 1);
    diagram.root.edges.push(Edge {
        src,
        dst,
        src_arrow: false,
        dst_arrow: true,
        index: 0,
        label: Label::plain(label),
        attrs: Attrs::default(),
        style: Style::default(),
        src_arrowhead: None,
        dst_arrowhead: None,
        src_column: None,
        dst_column: None,
        origins: spandrel_base::Few::One(Origin { path: None, key: span, whole: span }),
    });
}

/// What a rule of the crate finds, as `code: message`.
pub(crate) fn found(diagram: &Diagram, source: &str, code: &str) -> Vec<Diagnostic> {
    let all = crate::validate(diagram, source, &crate::Options::default());
    all.into_iter().filter(|diagnostic| diagnostic.code == code).collect()
}
