//! What is laid out as ever once every special inside is one box.

use std::collections::BTreeMap;

use spandrel_base::{IdVec, Size};
use spandrel_graph::{Board, Edge, EdgeId, NodeId, Shape};

use crate::measured::{Measured, MeasuredEdge, MeasuredNode};

/// A part of a board as a board of its own, with insides that are laid out already as leaves.
pub(super) struct Reduced {
    pub(super) board: Board,
    pub(super) measured: Measured,
    /// The node of the whole board for each node here.
    pub(super) nodes: Vec<NodeId>,
    /// The edge of the whole board for each edge here.
    pub(super) edges: Vec<EdgeId>,
}

impl Reduced {
    pub(super) fn of(
        board: &Board,
        measured: &Measured,
        roots: &[NodeId],
        sizes: &BTreeMap<NodeId, Size>,
    ) -> Self {
        // For each node of the board: which node here stands for it.
        let mut here: IdVec<NodeId, Option<NodeId>> = IdVec::from_fn(board.nodes.len(), |_| None);
        let mut reduced = Self {
            board: Board::default(),
            measured: Measured::default(),
            nodes: Vec::new(),
            edges: Vec::new(),
        };
        reduced.board.root = board.root.clone();
        for (id, node) in board.nodes.entries() {
            let is_root = roots.contains(&id);
            let parent = node.parent.filter(|_| !is_root);
            if let Some(inside) = parent.and_then(|parent| here[parent].map(|found| (parent, found))) {
                // Below a box everything is the box.
                if sizes.contains_key(&reduced.nodes[usize::from(inside.1)]) {
                    here[id] = Some(inside.1);
                    continue;
                }
            } else if !is_root {
                continue;
            }
            let mut copy = node.clone();
            copy.parent = parent.and_then(|parent| here[parent]);
            copy.children.clear();
            let mut size: MeasuredNode = measured.nodes[id].clone();
            if let Some(fixed) = sizes.get(&id) {
                size.size = *fixed;
                // Neither rows nor padding matter for a box.
                copy.shape = match measured.nodes[id].drawn(node.shape) {
                    shape if shape.is_rectangular() => Shape::Rectangle,
                    shape => shape,
                };
            }
            let new = reduced.board.nodes.push(copy);
            reduced.measured.nodes.push(size);
            reduced.nodes.push(id);
            if let Some(parent) = reduced.board.nodes[new].parent {
                reduced.board.nodes[parent].children.push(new);
            }
            here[id] = Some(new);
        }
        if let [only] = roots
            && let Some(direction) =
                board.ancestors(*only).find_map(|ancestor| board.nodes[ancestor].attrs.text("direction"))
        {
            reduced.board.root.attrs.set_text("direction", direction);
        }
        for (id, edge) in board.edges.entries() {
            let (Some(src), Some(dst)) = (here[edge.src], here[edge.dst]) else { continue };
            let lifted = |end: NodeId, at: NodeId| reduced.nodes[usize::from(at)] != end;
            let (lifted_src, lifted_dst) = (lifted(edge.src, src), lifted(edge.dst, dst));
            // Within one box, or between a box and its own inside: not an edge of this board.
            if src == dst && (lifted_src || lifted_dst) {
                continue;
            }
            let copy = Edge {
                src,
                dst,
                src_column: edge.src_column.filter(|_| !lifted_src),
                dst_column: edge.dst_column.filter(|_| !lifted_dst),
                ..edge.clone()
            };
            reduced.board.edges.push(copy);
            let sizes: MeasuredEdge = measured.edges[id].clone();
            reduced.measured.edges.push(sizes);
            reduced.edges.push(id);
        }
        reduced
    }
}
