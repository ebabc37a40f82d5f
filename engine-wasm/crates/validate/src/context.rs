use spandrel_base::{Diagnostic, Severity, Span};
use spandrel_catalog::StylePack;
use spandrel_graph::{Attrs, Board, Diagram, Edge, Label, Node, Origin};

/// What rules look at.
pub struct Context<'a> {
    /// The whole diagram.
    pub diagram: &'a Diagram,
    /// The main text.
    pub source: &'a str,
    /// How the project writes.
    pub style: &'a StylePack,
    /// All boards with their paths, the root first.
    pub boards: Vec<(String, &'a Board)>,
}

/// A node or an edge, as far as safety is concerned.
pub struct Shown<'a> {
    /// What is written on it.
    pub label: &'a Label,
    /// What is set on it.
    pub attrs: &'a Attrs,
    /// Where it came into being.
    pub origins: &'a [Origin],
}

impl<'a> Context<'a> {
    /// Looks at `diagram`, which was compiled from `source`.
    pub fn new(diagram: &'a Diagram, source: &'a str, style: &'a StylePack) -> Self {
        Self { diagram, source, style, boards: diagram.root.walk() }
    }

    /// All nodes of all boards.
    pub fn nodes(&self) -> impl Iterator<Item = (&'a Board, &'a Node)> + '_ {
        self.boards.iter().flat_map(|(_, board)| board.nodes.iter().map(move |node| (*board, node)))
    }

    /// All edges of all boards.
    pub fn edges(&self) -> impl Iterator<Item = (&'a Board, &'a Edge)> + '_ {
        self.boards.iter().flat_map(|(_, board)| board.edges.iter().map(move |edge| (*board, edge)))
    }

    /// Everything that is shown, legends included: labels, attributes and where each came into being.
    pub fn shown(&self) -> impl Iterator<Item = Shown<'a>> + '_ {
        let node = |node: &'a Node| Shown { label: &node.label, attrs: &node.attrs, origins: &node.origins };
        let edge = |edge: &'a Edge| Shown { label: &edge.label, attrs: &edge.attrs, origins: &edge.origins };
        self.boards.iter().flat_map(move |(_, board)| {
            let legend = board.legend.iter();
            let legend = legend.flat_map(move |l| l.nodes.iter().map(node).chain(l.edges.iter().map(edge)));
            board.nodes.iter().map(node).chain(board.edges.iter().map(edge)).chain(legend)
        })
    }

    /// The text of a place of the main source.
    pub fn text(&self, span: Span) -> &'a str {
        span.of(self.source)
    }
}

/// A finding at the place where something came into being.
pub(crate) fn at(origins: &[Origin], severity: Severity, code: &'static str, message: String) -> Diagnostic {
    let origin = origins.iter().find(|origin| origin.path.is_none()).or(origins.first());
    let mut diagnostic = Diagnostic::new(severity, code, origin.map_or(Span::default(), |o| o.key), message);
    diagnostic.path = origin.and_then(|origin| origin.path.clone());
    diagnostic
}
