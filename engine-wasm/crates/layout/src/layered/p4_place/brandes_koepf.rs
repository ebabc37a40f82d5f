//! Placement by four alignments.
//!
//! Brandes, Köpf: Fast and simple horizontal coordinate assignment, 2002, with the offsets for sizes and
//! attachments of Rüegg, Schulze, Carstens, von Hanxleden: Size- and port-aware horizontal node coordinate
//! assignment, 2015. Each node is aligned with the median of its neighbours in the layer before it, edges
//! between dummies first; aligned nodes are blocks, and blocks are packed. Four directions give four
//! drawings: one of them is taken, or of every node the mean of its two middle places.

use super::super::lgraph::{LGraph, LevelIx};
use super::blocks::{Blocks, neighbours};
use super::sweeps::Heights;
use crate::model::Alignment;
use spandrel_base::LeanSort;

/// Tops of the nodes of a level, by place in `Level::nodes`.
pub(super) fn place(g: &LGraph, level: LevelIx, heights: &Heights, alignment: Alignment) -> Vec<f64> {
    let barred = conflicts(g, level, heights);
    let one = |forward, from_top| {
        let blocks = align(g, level, heights, &barred, forward, from_top);
        blocks.tops(&blocks.packed(&blocks.meetings(g, level, heights), from_top))
    };
    match alignment {
        Alignment::RightDown => return one(true, true),
        Alignment::RightUp => return one(true, false),
        Alignment::LeftDown => return one(false, true),
        Alignment::LeftUp => return one(false, false),
        Alignment::Smallest | Alignment::Balanced => {}
    }
    let mut four = [one(true, true), one(true, false), one(false, true), one(false, false)];
    let extents: Vec<(f64, f64)> = four.iter().map(|y| extent(g, level, heights, y)).collect();
    let mut narrowest = 0;
    for at in 1..4 {
        if extents[at].1 - extents[at].0 < extents[narrowest].1 - extents[narrowest].0 - 1e-6 {
            narrowest = at;
        }
    }
    if alignment == Alignment::Smallest {
        return std::mem::take(&mut four[narrowest]);
    }
    // Those packed to the top are laid against the top of the narrowest, the others against its bottom.
    let (top, bottom) = extents[narrowest];
    for (at, y) in four.iter_mut().enumerate() {
        let shift = if at % 2 == 0 { top - extents[at].0 } else { bottom - extents[at].1 };
        for y in y {
            *y += shift;
        }
    }
    (0..four[0].len())
        .map(|n| {
            let mut places = [four[0][n], four[1][n], four[2][n], four[3][n]];
            places.lean_sort_by(f64::total_cmp);
            f64::midpoint(places[1], places[2])
        })
        .collect()
}

/// Upper and lower end of a drawing.
fn extent(g: &LGraph, level: LevelIx, heights: &Heights, y: &[f64]) -> (f64, f64) {
    g.levels[level].nodes.iter().zip(y).fold((f64::INFINITY, f64::NEG_INFINITY), |(top, bottom), (&n, &y)| {
        (top.min(y), bottom.max(y + heights.h[n]))
    })
}

/// Edges that cross an edge between two dummies (type 1 conflicts), as (layer's node, neighbour before it):
/// they are not straightened, so that long edges are.
fn conflicts(g: &LGraph, level: LevelIx, heights: &Heights) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let layers = &g.levels[level].layers;
    for pair in layers.windows(2) {
        let last = pair[0].len().saturating_sub(1);
        let (mut low, mut next) = (0, 0);
        for (place, &node) in pair[1].iter().enumerate() {
            let inner = if g.is_dummy(node) {
                neighbours(g, heights, node, true).first().map(|n| n.0).filter(|&n| g.is_dummy(n))
            } else {
                None
            };
            if inner.is_none() && place + 1 < pair[1].len() {
                continue;
            }
            let high = inner.map_or(last, |n| g.nodes[n].pos);
            while next <= place {
                let other = pair[1][next];
                for (far, _) in neighbours(g, heights, other, true) {
                    let pos = g.nodes[far].pos;
                    if pos < low || pos > high {
                        found.push((other, far));
                    }
                }
                next += 1;
            }
            low = high;
        }
    }
    found.lean_sort();
    found
}

/// Blocks of nodes aligned with their median neighbours, going through layers forward or backward and
/// through each from its top or its bottom.
fn align(
    g: &LGraph,
    level: LevelIx,
    heights: &Heights,
    barred: &[(usize, usize)],
    forward: bool,
    from_top: bool,
) -> Blocks {
    let l = &g.levels[level];
    let mut blocks = Blocks::single(l.nodes.len());
    let count = l.layers.len();
    for at in 1..count {
        let list = &l.layers[if forward { at } else { count - 1 - at }];
        // How far into the layer before it this one is aligned already.
        let mut limit: Option<usize> = None;
        for step in 0..list.len() {
            let node = list[if from_top { step } else { list.len() - 1 - step }];
            let near = neighbours(g, heights, node, forward);
            if near.is_empty() {
                continue;
            }
            let (lower, upper) = ((near.len() - 1) / 2, near.len() / 2);
            for median in if from_top { [lower, upper] } else { [upper, lower] } {
                let (other, below) = near[median];
                let pos = g.nodes[other].pos;
                let key = if forward { (node, other) } else { (other, node) };
                let free = limit.is_none_or(|limit| if from_top { pos > limit } else { pos < limit });
                if !free || barred.binary_search(&key).is_ok() {
                    continue;
                }
                let (u, v) = (heights.local[other], heights.local[node]);
                blocks.root[v] = blocks.root[u];
                blocks.offset[v] = blocks.offset[u] - below;
                limit = Some(pos);
                break;
            }
        }
    }
    blocks
}
