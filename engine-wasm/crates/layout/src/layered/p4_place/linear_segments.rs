//! Placement by linear segments.
//!
//! After Sander: A fast heuristic for hierarchical Manhattan layout, 1996: the dummies of a long edge are
//! one straight segment, every other node a segment of its own. From a packed start the segments swing like
//! pendulums towards the mean of what they are joined to, to the west and to the east in turn, as far as
//! their neighbours leave room.

use super::super::lgraph::{Kind, LGraph, LevelIx};
use super::blocks::{Blocks, neighbours};
use super::sweeps::Heights;
use spandrel_base::LeanSort;

const SWINGS: usize = 60;

/// Tops of the nodes of a level, by place in `Level::nodes`. `damping` is the share of each swing that is
/// held back at the end, when segments should come to rest.
pub(super) fn place(g: &LGraph, level: LevelIx, heights: &Heights, damping: f64) -> Vec<f64> {
    let l = &g.levels[level];
    let mut blocks = Blocks::single(l.nodes.len());
    for list in &l.layers {
        for &node in list {
            if g.nodes[node].kind != Kind::Long {
                continue;
            }
            // A trunk of shared edges goes on in one dummy and branches to others.
            let before = neighbours(g, heights, node, true);
            if let [(other, below)] = before[..]
                && g.nodes[other].kind == Kind::Long
            {
                let (u, v) = (heights.local[other], heights.local[node]);
                blocks.root[v] = blocks.root[u];
                blocks.offset[v] = blocks.offset[u] - below;
            }
        }
    }
    let meetings = blocks.meetings(g, level, heights);
    let mut y = blocks.packed(&meetings, true);
    if meetings.iter().any(|m| y[m.below] < y[m.above] + m.length - 1e-6) {
        // Long edges that cross each other cannot all be straight: then none is bound to be.
        blocks = Blocks::single(l.nodes.len());
        let meetings = blocks.meetings(g, level, heights);
        y = blocks.packed(&meetings, true);
        swing(g, level, heights, &blocks, &meetings, &mut y, damping);
        return blocks.tops(&y);
    }
    swing(g, level, heights, &blocks, &meetings, &mut y, damping);
    blocks.tops(&y)
}

fn swing(
    g: &LGraph,
    level: LevelIx,
    heights: &Heights,
    blocks: &Blocks,
    meetings: &[super::blocks::Meeting],
    y: &mut [f64],
    damping: f64,
) {
    let l = &g.levels[level];
    let count = blocks.root.len();
    let mut order: Vec<usize> = (0..count).filter(|&b| blocks.root[b] == b).collect();
    let mut by_block: Vec<Vec<usize>> = vec![Vec::new(); count];
    for (index, m) in meetings.iter().enumerate() {
        by_block[m.above].push(index);
        by_block[m.below].push(index);
    }
    for turn in 0..SWINGS {
        // Where each segment is drawn to: the mean over all edges at one end of it.
        let (mut pull, mut edges) = (vec![0.0; count], vec![0.0f64; count]);
        for (n, &node) in l.nodes.iter().enumerate() {
            for to_west in [true, false] {
                // West and east by turns, both at the end.
                if turn + 10 < SWINGS && to_west != (turn % 2 == 0) {
                    continue;
                }
                for (other, below) in neighbours(g, heights, node, to_west) {
                    let o = heights.local[other];
                    if blocks.root[o] != blocks.root[n] {
                        let (own, far) =
                            (y[blocks.root[n]] + blocks.offset[n], y[blocks.root[o]] + blocks.offset[o]);
                        pull[blocks.root[n]] += far - below - own;
                        edges[blocks.root[n]] += 1.0;
                    }
                }
            }
        }
        let share = if turn + 10 < SWINGS { 1.0 } else { 1.0 - damping };
        let (mut up, mut down) = (vec![f64::NEG_INFINITY; count], vec![f64::INFINITY; count]);
        // Who wants down goes first from the bottom, who wants up from the top: room opens before it is used.
        order.lean_sort_by(|&a, &b| y[a].total_cmp(&y[b]).then(a.cmp(&b)));
        for from_top in [true, false] {
            up.fill(f64::NEG_INFINITY);
            down.fill(f64::INFINITY);
            for step in 0..order.len() {
                let block = order[if from_top { step } else { order.len() - 1 - step }];
                if edges[block] == 0.0 || (pull[block] < 0.0) != from_top {
                    continue;
                }
                for &index in &by_block[block] {
                    let m = &meetings[index];
                    if m.below == block {
                        up[block] = up[block].max(y[m.above] + m.length);
                    } else {
                        down[block] = down[block].min(y[m.below] - m.length);
                    }
                }
                let wanted = y[block] + share * pull[block] / edges[block];
                y[block] = if from_top {
                    wanted.max(up[block].min(y[block]))
                } else {
                    wanted.min(down[block].max(y[block]))
                };
            }
        }
    }
}
