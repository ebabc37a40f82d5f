//! Blocks: nodes of a level that keep their places relative to each other, and how blocks are packed.

use super::super::lgraph::{LGraph, LevelIx, NodeIx};
use super::sweeps::Heights;
use spandrel_base::LeanSort;

/// Which block every node of a level belongs to.
pub(super) struct Blocks {
    /// By node (place in `Level::nodes`): the block, named by one of its nodes.
    pub(super) root: Vec<usize>,
    /// By node: its top, from the block's.
    pub(super) offset: Vec<f64>,
}

/// Two blocks that meet in a layer: the second's top lies at least `length` below the first's.
pub(super) struct Meeting {
    pub(super) above: usize,
    pub(super) below: usize,
    pub(super) length: f64,
}

impl Blocks {
    /// Every node a block.
    pub(super) fn single(count: usize) -> Self {
        Self { root: (0..count).collect(), offset: vec![0.0; count] }
    }

    /// All pairs of blocks that are neighbours in a layer.
    pub(super) fn meetings(&self, g: &LGraph, level: LevelIx, heights: &Heights) -> Vec<Meeting> {
        let mut found = Vec::new();
        for list in &g.levels[level].layers {
            for pair in list.windows(2) {
                let (u, v) = (heights.local[pair[0]], heights.local[pair[1]]);
                if self.root[u] != self.root[v] {
                    let apart = heights.apart(g, level, pair[0], pair[1]);
                    let length = self.offset[u] + apart - self.offset[v];
                    found.push(Meeting { above: self.root[u], below: self.root[v], length });
                }
            }
        }
        found
    }

    /// Packs blocks towards the top (or the bottom), then draws each as near as it may to what lies on its
    /// other side, so that no gap is wider than it must be. Gives tops by block.
    ///
    /// The compaction of Brandes and Köpf without their classes, whose shifts can overlap (Brandes, Walter,
    /// Zink: Erratum, 2020): a longest path through the graph of blocks does the same.
    pub(super) fn packed(&self, meetings: &[Meeting], from_top: bool) -> Vec<f64> {
        let count = self.root.len();
        let mut out: Vec<Vec<(usize, f64)>> = vec![Vec::new(); count];
        let mut open = vec![0usize; count];
        for m in meetings {
            let (from, to) = if from_top { (m.above, m.below) } else { (m.below, m.above) };
            out[from].push((to, m.length));
            open[to] += 1;
        }
        let mut order: Vec<usize> = (0..count).filter(|&b| self.root[b] == b && open[b] == 0).collect();
        let mut at = 0;
        let mut y = vec![0.0f64; count];
        while let Some(&block) = order.get(at) {
            at += 1;
            for &(to, length) in &out[block] {
                y[to] = y[to].max(y[block] + length);
                open[to] -= 1;
                if open[to] == 0 {
                    order.push(to);
                }
            }
        }
        for &block in order.iter().rev() {
            let room = out[block].iter().map(|&(to, length)| y[to] - length).fold(f64::INFINITY, f64::min);
            if room.is_finite() {
                y[block] = y[block].max(room);
            }
        }
        if !from_top {
            for y in &mut y {
                *y = -*y;
            }
        }
        y
    }

    /// Tops of all nodes from those of their blocks.
    pub(super) fn tops(&self, y: &[f64]) -> Vec<f64> {
        (0..self.root.len()).map(|n| y[self.root[n]] + self.offset[n]).collect()
    }
}

/// The neighbours of a node in the layer before (or after) it: node and how far its top lies below that of
/// `node` when the edge between them is straight, from the top down.
pub(super) fn neighbours(g: &LGraph, heights: &Heights, node: NodeIx, to_west: bool) -> Vec<(NodeIx, f64)> {
    let list = if to_west { &g.nodes[node].west } else { &g.nodes[node].east };
    let mut found = Vec::new();
    for &port in list {
        for &edge in &g.ports[port].edges {
            let far = if to_west { g.edges[edge].src } else { g.edges[edge].dst };
            found.push((g.ports[far].node, heights.port[port] - heights.port[far]));
        }
    }
    // Stable: edges to one node stay in the order of their attachments.
    found.lean_sort_by_key(|&(n, _)| g.nodes[n].pos);
    found
}
