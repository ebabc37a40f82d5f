//! What each node of a board is: the catalogue's kinds as the exporters need them.

use spandrel_base::IdVec;
use spandrel_graph::{Board, Node, NodeId, Shape};

use crate::svg::theme::Pair;

/// Kind, icon and accent of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// `data.nodeType`: `database`, `queue`, … or `default`.
    pub kind: &'static str,
    /// `data.iconifyId`: `set:glyph`.
    pub icon: &'static str,
    /// Accent on light and dark ground; `None` where the kind says nothing.
    pub(crate) accent: Option<Pair>,
}

/// The looks of all nodes of `board`.
pub fn looks(board: &Board) -> IdVec<NodeId, Look> {
    board.nodes.ids().map(|id| look(board, id)).collect()
}

/// Whether a card gets an icon although its source names none: its kind is known. To be handed to
/// `layout::measure_with`, so that measured and drawn agree.
pub fn has_icon(board: &Board, id: NodeId) -> bool {
    !is_group(board, &board.nodes[id]) && look(board, id).accent.is_some()
}

/// Whether a node is there for what is in it: actors with spans and notes are not.
fn is_group(board: &Board, node: &Node) -> bool {
    node.children.iter().any(|child| !matches!(board.nodes[*child].shape, Shape::Span | Shape::Note))
}

/// The look of one node.
pub fn look(board: &Board, id: NodeId) -> Look {
    let node = &board.nodes[id];
    let classes = node.attrs.list("class");
    let icon = node.attrs.text("icon");
    let inferred = if is_group(board, node) {
        spandrel_catalog::infer_container(classes, icon)
    } else {
        spandrel_catalog::infer(node.shape.keyword(), classes, &node.label.text, icon)
    };
    let kind = inferred.kind;
    // Groups and things unknown stay neutral: colour is for what means something.
    let plain = matches!(kind.name, "default" | "group");
    Look {
        kind: kind.name,
        icon: inferred.icon,
        accent: (!plain).then_some(Pair(kind.colour, kind.colour_dark)),
    }
}
