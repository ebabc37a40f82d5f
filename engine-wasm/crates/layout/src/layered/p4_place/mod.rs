//! Phase 4: where nodes stand across the flow.
//!
//! Each strategy gives a first placement, level by level (`sweeps`, `brandes_koepf`, `linear_segments`);
//! `simplex` brings the levels together, makes all constraints hold and, for the strategies that ask for
//! it, moves everything to the optimum; `straighten` takes out bends that are worth their pixels.

mod blocks;
mod brandes_koepf;
mod linear_segments;
mod rows;
mod simplex;
mod straighten;
mod sweeps;

use super::lgraph::{Kind, LGraph, NodeIx};
use crate::model::{Options, Placement, Spacing};
use spandrel_base::Budget;

/// The middle of a node across the flow as it was given, for the interactive strategies.
pub(super) type Hints<'a> = dyn Fn(&LGraph, usize) -> Option<f64> + 'a;

/// Places all nodes of all levels across the flow, and all attachments that may slide.
///
/// Requires: ordered layers. Ensures: nodes of a layer keep their distances, containers hold their content
/// with its padding, `LPort::y` is set for every attachment.
pub(super) fn place(
    g: &mut LGraph,
    options: &Options,
    placement: Placement,
    hints: &Hints<'_>,
    budget: &Budget<'_>,
) {
    let effort = simplex::Effort {
        optimum: matches!(placement, Placement::Best | Placement::NetworkSimplex),
        straighten: options.straighten && !matches!(placement, Placement::Simple | Placement::Interactive),
    };
    let start = sweeps::place(g, placement, hints);
    simplex::place(g, options.direction, &start, effort, budget);
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
