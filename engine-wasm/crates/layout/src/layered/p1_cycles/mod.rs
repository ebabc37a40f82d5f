//! Phase 1: which edges run against the flow.
//!
//! Every level is made acyclic on its own, from the outermost inwards; the parts of an edge inside the
//! containers it leaves and enters follow its direction outside, so that an edge has one direction on its
//! whole way.

use spandrel_base::LeanSort;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::import::{ABSENT, Unit, hint};
use super::lgraph::{Kind, LGraph, LevelIx};
use crate::model::{CycleBreaking, LayerConstraint};

/// Marks the pieces of `level` that must be turned. Only pieces between two nodes of the level count;
/// those at borders have the direction of the level above.
///
/// Ensures: following every piece of the level in its (possibly turned) direction never closes a cycle.
pub(super) fn break_cycles(g: &mut LGraph, unit: &Unit<'_>, level: LevelIx, strategy: CycleBreaking) {
    let nodes = g.levels[level].nodes.clone();
    let mut arcs: Vec<(usize, usize, usize, i64)> = Vec::new();
    for &piece in &g.levels[level].pieces {
        let p = &g.pieces[piece];
        let at_border = |end: usize| end == ABSENT || g.nodes[end].kind == Kind::Border;
        if at_border(p.src) || at_border(p.dst) {
            continue;
        }
        let (a, b) = (g.nodes[p.src].order, g.nodes[p.dst].order);
        let weight = 1 + unit.graph.edges[g.links[p.link].edge].direction_priority.max(0);
        arcs.push((piece, a, b, weight));
    }
    let options = &unit.graph.nodes[unit.container].inner;
    let rank = match strategy {
        CycleBreaking::Greedy => greedy(nodes.len(), &arcs),
        CycleBreaking::DepthFirst => depth_first(nodes.len(), &arcs),
        CycleBreaking::ModelOrder => (0..nodes.len()).collect(),
        CycleBreaking::Interactive => {
            let mut order: Vec<usize> = (0..nodes.len()).collect();
            let at = |n: usize| hint(unit, g, nodes[n]).map_or(0.0, |p| p.x);
            order.lean_sort_by(|&a, &b| at(a).total_cmp(&at(b)));
            let mut rank = vec![0; nodes.len()];
            for (place, node) in order.into_iter().enumerate() {
                rank[node] = place;
            }
            rank
        }
    };
    // Layer constraints and partitions come before any order: first before the rest, last after it.
    let class = |n: usize| -> i64 {
        let Kind::Real(model) = g.nodes[nodes[n]].kind else { return 0 };
        let node = &unit.graph.nodes[model];
        match node.layer_constraint {
            LayerConstraint::FirstSeparate => i64::MIN,
            LayerConstraint::First => i64::MIN + 1,
            LayerConstraint::LastSeparate => i64::MAX,
            LayerConstraint::Last => i64::MAX - 1,
            LayerConstraint::None if options.partitioning => node.partition.unwrap_or(0),
            LayerConstraint::None => 0,
        }
    };
    let keys: Vec<(i64, usize)> = (0..nodes.len()).map(|n| (class(n), rank[n])).collect();
    for (piece, a, b, _) in arcs {
        g.pieces[piece].reversed = keys[a] > keys[b];
    }
}

/// Classes of nodes in the order in which they are taken.
const SOURCE: u64 = 0;
const SINK: u64 = 1;
const OTHER: i64 = 1 << 60;

/// A linear order with few arcs against it.
///
/// Eades, Lin, Smyth: A fast and effective heuristic for the feedback arc set problem, 1993. Ties go to
/// the node that comes first in the model, so that an order without a reason is the order of the text.
/// Cost: O((V + E) log V).
pub(super) fn greedy(count: usize, arcs: &[(usize, usize, usize, i64)]) -> Vec<usize> {
    let mut outgoing = vec![Vec::new(); count];
    let mut incoming = vec![Vec::new(); count];
    let (mut out, mut into) = (vec![0i64; count], vec![0i64; count]);
    for &(_, a, b, weight) in arcs {
        outgoing[a].push((b, weight));
        incoming[b].push((a, weight));
        out[a] += weight;
        into[b] += weight;
    }
    // Sources first, then sinks, then the largest surplus of outgoing arcs; then model order.
    let key = |n: usize, out: &[i64], into: &[i64]| -> (u64, u32) {
        let class = match (into[n], out[n]) {
            (0, _) => SOURCE,
            (_, 0) => SINK,
            (into, out) => (OTHER + into - out).max(SINK as i64 + 1) as u64,
        };
        (class, n as u32)
    };
    // Entries that a later change made untrue stay in the heap and are passed over.
    let mut open: BinaryHeap<Reverse<(u64, u32)>> =
        (0..count).map(|n| Reverse(key(n, &out, &into))).collect();
    let (mut head, mut tail) = (0, count);
    let mut rank = vec![0; count];
    let mut done = vec![false; count];
    while let Some(Reverse(entry)) = open.pop() {
        let (class, n) = (entry.0, entry.1 as usize);
        if done[n] || entry != key(n, &out, &into) {
            continue;
        }
        done[n] = true;
        if class == SINK {
            tail -= 1;
            rank[n] = tail;
        } else {
            rank[n] = head;
            head += 1;
        }
        for &(m, weight) in &outgoing[n] {
            if !done[m] {
                into[m] -= weight;
                open.push(Reverse(key(m, &out, &into)));
            }
        }
        for &(m, weight) in &incoming[n] {
            if !done[m] {
                out[m] -= weight;
                open.push(Reverse(key(m, &out, &into)));
            }
        }
    }
    rank
}

/// Reverse postorder of a depth-first search from the sources, then from the rest in model order: exactly
/// the back edges run against it.
fn depth_first(count: usize, arcs: &[(usize, usize, usize, i64)]) -> Vec<usize> {
    let mut outgoing = vec![Vec::new(); count];
    let mut has_in = vec![false; count];
    for &(_, a, b, _) in arcs {
        outgoing[a].push(b);
        has_in[b] = true;
    }
    let mut seen = vec![false; count];
    let mut rank = vec![0; count];
    let mut next = count;
    let roots = (0..count).filter(|&n| !has_in[n]).chain((0..count).filter(|&n| has_in[n]));
    for root in roots {
        if seen[root] {
            continue;
        }
        seen[root] = true;
        let mut stack = vec![(root, 0)];
        while let Some(last) = stack.last_mut() {
            let n = last.0;
            if let Some(&m) = outgoing[n].get(last.1) {
                last.1 += 1;
                if !seen[m] {
                    seen[m] = true;
                    stack.push((m, 0));
                }
            } else {
                next -= 1;
                rank[n] = next;
                stack.pop();
            }
        }
    }
    rank
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cycle_is_cut_at_its_closing_edge_in_model_order() {
        let arcs = [(0, 0, 1, 1), (1, 1, 2, 1), (2, 2, 0, 1)];
        for rank in [greedy(3, &arcs), depth_first(3, &arcs)] {
            let against: Vec<usize> = arcs.iter().filter(|a| rank[a.1] > rank[a.2]).map(|a| a.0).collect();
            assert_eq!(against, [2]);
        }
    }

    #[test]
    fn an_acyclic_graph_loses_no_edge() {
        let arcs = [(0, 3, 1, 1), (1, 1, 0, 1), (2, 3, 2, 1), (3, 2, 0, 1)];
        for rank in [greedy(4, &arcs), depth_first(4, &arcs)] {
            assert!(arcs.iter().all(|a| rank[a.1] < rank[a.2]));
        }
    }
}
