//! What each node of a board is: the catalogue's kinds as the exporters need them.

use spandrel_base::IdVec;
use spandrel_graph::{Board, Node, NodeId};

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
    board.nodes.iter().map(look).collect()
}

/// Whether a card gets an icon although its source names none: its kind is known. To be handed to
/// `layout::measure_with`, so that measured and drawn agree.
pub fn has_icon(node: &Node) -> bool {
    !node.is_container() && look(node).accent.is_some()
}

/// The icon of nodes of no known kind.
const DEFAULT_ICON: &str = "mdi:application";

/// The look of one node.
pub fn look(node: &Node) -> Look {
    let _ = node;
    Look { kind: if node.is_container() { "group" } else { "default" }, icon: DEFAULT_ICON, accent: None }
}
