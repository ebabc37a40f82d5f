//! What the objects of a sequence diagram are.

use spandrel_base::IdVec;
use spandrel_graph::{Board, NodeId, Origin, Shape};

/// What an object is in the sequence diagram around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A box at the top with a lifeline.
    Actor,
    /// A bar on a lifeline.
    Span,
    /// A note on a lifeline.
    Note,
    /// A frame around messages.
    Group,
}

/// The role of every node that lies in a sequence diagram; `None` for all others, the diagram included.
pub fn roles(board: &Board) -> IdVec<NodeId, Option<Role>> {
    let mut roles: IdVec<NodeId, Option<Role>> = IdVec::from_fn(board.nodes.len(), |_| None);
    let root = board.root.shape == Some(Shape::SequenceDiagram);
    if !root && !board.nodes.iter().any(|node| node.shape == Shape::SequenceDiagram) {
        return roles;
    }
    // Whether a node, or anything below it, is an end of a message or a note: then it is no group.
    let mut takes_part: IdVec<NodeId, bool> = IdVec::from_fn(board.nodes.len(), |_| false);
    let mut mark = |id: NodeId| {
        let mut at = Some(id);
        while let Some(id) = at.filter(|id| !takes_part[*id]) {
            takes_part[id] = true;
            at = board.nodes[id].parent;
        }
    };
    for edge in &board.edges {
        mark(edge.src);
        mark(edge.dst);
    }
    for (id, node) in board.nodes.entries() {
        if matches!(node.shape, Shape::Note | Shape::Span) {
            mark(id);
        }
    }
    for (id, node) in board.nodes.entries() {
        let above = node.parent.and_then(|parent| roles[parent]);
        let in_diagram = match node.parent {
            None => root,
            Some(parent) => board.nodes[parent].shape == Shape::SequenceDiagram && above.is_none(),
        };
        roles[id] = match (in_diagram, above) {
            (true, _) | (_, Some(Role::Group)) => {
                let group = !takes_part[id] && holds_something(board, id);
                Some(if group { Role::Group } else { Role::Actor })
            }
            (_, Some(_)) => Some(if node.shape == Shape::Note { Role::Note } else { Role::Span }),
            (false, None) => None,
        };
    }
    roles
}

/// Whether messages or other objects are written inside the braces of a node.
fn holds_something(board: &Board, id: NodeId) -> bool {
    !board.nodes[id].children.is_empty()
        || board.edges.iter().any(|edge| edge.origins.iter().any(|origin| is_written_in(board, origin, id)))
}

/// Whether `origin` stands inside the braces of `node`.
pub(super) fn is_written_in(board: &Board, origin: &Origin, node: NodeId) -> bool {
    board.nodes[node].origins.iter().any(|around| {
        around.path == origin.path && around.whole.contains(origin.whole) && around.whole != origin.whole
    })
}
