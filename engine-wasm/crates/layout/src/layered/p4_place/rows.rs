//! Rows: where an edge that leads around its node runs above or below it.
//!
//! A row begins as near to its node as the other rows there allow. Here it gets a height of its own, so that
//! it may lie further out, in line with what its edge is joined to: what the dummies for ports to the north
//! and south are in Schulze, Spönemann, von Hanxleden: Drawing layered graphs with port constraints, 2014.

use super::super::lgraph::{LGraph, NodeIx, PortIx};
use super::simplex::{NONE, Variables, below};
use crate::simplex::Simplex;
use spandrel_base::LeanSort;

/// Price of a pixel between a node and a row: a row moves out where that saves bends nearby, not to widen a drawing.
const LEG: f64 = 8.0;
/// Rows nearer than this to each other are at the same height.
const SAME: f64 = 1e-6;

/// The outermost rows of every node that has rows with a height of their own.
pub(super) struct Rows {
    /// By node, above and below; empty where no node has any.
    outermost: Vec<[Vec<PortIx>; 2]>,
}

/// Gives every row that may move a variable.
///
/// Not those of nodes with self-loops: these lie outside the rows and stand still.
pub(super) fn variables(g: &LGraph, of: &mut [u32], problem: &mut Simplex) {
    let looped = g.looped();
    for (port, p) in g.ports.iter().enumerate() {
        if !p.tail.is_empty() && !looped[p.node] {
            of[port] = problem.variable();
        }
    }
}

impl Rows {
    /// Adds what keeps rows in their order, from the node outwards.
    pub(super) fn of(g: &LGraph, v: &Variables, problem: &mut Simplex) -> Self {
        let is_row = |p: PortIx| !g.ports[p].tail.is_empty() && v.port[p] != NONE;
        let mut rows = Self { outermost: Vec::new() };
        if !(0..g.ports.len()).any(is_row) {
            return rows;
        }
        rows.outermost.resize_with(g.nodes.len(), Default::default);
        let height = |p: PortIx| g.ports[p].y.unwrap_or(0.0);
        for (node, n) in g.nodes.iter().enumerate() {
            for south in [false, true] {
                let here = |&p: &PortIx| is_row(p) && (height(p) > 0.0) == south;
                let mut list: Vec<PortIx> = n.west.iter().chain(&n.east).copied().filter(here).collect();
                list.lean_sort_by(|&a, &b| height(a).abs().total_cmp(&height(b).abs()));
                // Rows at the same height lie beside each other; all of one height keep away from the last.
                let mut inner: Vec<PortIx> = Vec::new();
                for group in list.chunk_by(|&a, &b| (height(a) - height(b)).abs() < SAME) {
                    for &row in group {
                        let (from, off) = (v.top[node], height(row));
                        if south {
                            problem.arc(from, v.port[row], off, if inner.is_empty() { LEG } else { 0.0 });
                        } else {
                            problem.arc(v.port[row], from, -off, if inner.is_empty() { LEG } else { 0.0 });
                        }
                        for &last in &inner {
                            let step = (off - height(last)).abs();
                            let ends = if south { (last, row) } else { (row, last) };
                            problem.arc(v.port[ends.0], v.port[ends.1], step, LEG / inner.len() as f64);
                        }
                    }
                    inner = group.to_vec();
                }
                rows.outermost[node][usize::from(south)] = inner;
            }
        }
        rows
    }

    /// The margins above and below a node; of one whose rows move, without these.
    pub(super) fn margins(&self, g: &LGraph, node: NodeIx) -> [f64; 2] {
        let n = &g.nodes[node];
        let full = [n.margin.top, n.margin.bottom];
        let Some(rows) = self.outermost.get(node) else { return full };
        let bare = [n.without_rows.top, n.without_rows.bottom];
        let of = |side: usize| if rows[side].is_empty() { full[side] } else { bare[side] };
        [of(0), of(1)]
    }

    /// Adds what keeps rows away from the neighbours of their nodes, and inside the container.
    pub(super) fn layer(
        &self,
        g: &LGraph,
        v: &Variables,
        problem: &mut Simplex,
        list: &[NodeIx],
        top: u32,
        bottom: Option<u32>,
    ) {
        if self.outermost.is_empty() {
            return;
        }
        let mut before: Option<NodeIx> = None;
        for &node in list {
            let l = &g.levels[g.nodes[node].level];
            let (edge_edge, north) = (l.spacing.edge_edge, &self.outermost[node][0]);
            for &row in north {
                match before {
                    None => problem.arc(top, v.port[row], l.padding.top, 0.0),
                    Some(above) => {
                        let apart = if g.is_dummy(above) { edge_edge } else { l.spacing.edge_node };
                        below(problem, g, v, above, v.port[row], apart + self.margins(g, above)[1]);
                    }
                }
            }
            for &row in before.iter().flat_map(|&above| &self.outermost[above][1]) {
                let apart = if g.is_dummy(node) { edge_edge } else { l.spacing.edge_node };
                problem.arc(v.port[row], v.top[node], apart + self.margins(g, node)[0], 0.0);
                for &other in north {
                    problem.arc(v.port[row], v.port[other], edge_edge, 0.0);
                }
            }
            before = Some(node);
        }
        if let (Some(last), Some(bottom)) = (before, bottom) {
            for &row in &self.outermost[last][1] {
                problem.arc(v.port[row], bottom, g.levels[g.nodes[last].level].padding.bottom, 0.0);
            }
        }
    }
}
