//! Which way around its node an edge takes to a port on the far side of it.
//!
//! Above or below: both are as long, but one may cross fewer edges. The search orders the layers as the rows
//! lie at first; here rows are turned to the other side one by one where that leaves fewer crossings, in the
//! layers or at the node, and the order is improved again.

use spandrel_base::Budget;

use super::super::between::rows;
use super::super::lgraph::{LGraph, PortIx};
use super::sweep::Sweeper;
use crate::Side;

/// Rounds over all rows.
const ROUNDS: usize = 4;

/// In graphs with more segments, and at nodes with more attachments, rows stay where they are: each attempt counts
/// the crossings of two layers and of all pairs at the node.
const LARGE: usize = 4000;
const MOST: usize = 100;

/// Turns rows while that removes crossings.
pub(super) fn turn(g: &mut LGraph, sweeper: &mut Sweeper, budget: &Budget<'_>) {
    if g.edges.len() > LARGE {
        return;
    }
    let looped = g.looped();
    // Loops lie outside of the rows, as these are.
    let inverted = |port: &PortIx| {
        let side = g.ports[*port].around.map(|around| around.side);
        let node = g.ports[*port].node;
        let few = g.nodes[node].west.len() + g.nodes[node].east.len() <= MOST;
        matches!(side, Some(Side::West | Side::East)) && !looped[node] && few
    };
    let all: Vec<PortIx> = (0..g.ports.len()).filter(inverted).collect();
    let mut crossings = if all.is_empty() { 0 } else { sweeper.count_all() };
    for _ in 0..ROUNDS {
        let mut gained = false;
        for &port in &all {
            let node = g.ports[port].node;
            if budget.spend(16).is_err() {
                return;
            }
            let before = crossings + rows::crossings(g, node);
            flip(g, sweeper, port);
            let turned = sweeper.count_all();
            if turned + rows::crossings(g, node) < before {
                crossings = turned;
                gained = true;
            } else {
                flip(g, sweeper, port);
            }
        }
        if !gained {
            return;
        }
        sweeper.exchange(budget);
        sweeper.sift(budget);
        crossings = sweeper.count_all();
    }
}

/// Leads an attachment around the other way.
fn flip(g: &mut LGraph, sweeper: &mut Sweeper, port: PortIx) {
    let node = g.ports[port].node;
    if let Some(around) = &mut g.ports[port].around {
        around.below = !around.below;
    }
    rows::lay(g, node);
    sweeper.reranked(g, node);
}
