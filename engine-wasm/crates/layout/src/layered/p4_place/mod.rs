//! Phase 4: where nodes stand across the flow.

mod simplex;
mod straighten;
mod sweeps;

use super::lgraph::{Kind, LGraph, NodeIx};
use crate::model::{Direction, Spacing};
use spandrel_base::Budget;

/// Places all nodes of all levels across the flow, and all attachments that may slide.
///
/// Requires: ordered layers. Ensures: nodes of a layer keep their distances, containers hold their content
/// with its padding, `LPort::y` is set for every attachment.
pub(super) fn place(g: &mut LGraph, direction: Direction, budget: &Budget<'_>) {
    simplex::place(g, direction, budget);
}

/// Least distance between two neighbours of a layer, without their margins.
fn distance(g: &LGraph, spacing: &Spacing, above: NodeIx, below: NodeIx) -> f64 {
    let kind = |n: NodeIx| match g.nodes[n].kind {
        Kind::Real(_) => 2,
        Kind::Label(_) => 1,
        Kind::Long | Kind::Border => 0,
    };
    match (kind(above), kind(below)) {
        (2, 2) => spacing.node_node,
        (2, _) | (_, 2) => spacing.edge_node,
        _ => spacing.edge_edge,
    }
}
