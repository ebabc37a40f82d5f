//! A first placement in near-linear time, level by level from the inside out.
//!
//! Each layer in turn is drawn to where its neighbours are: every node wants the weighted median of the
//! heights its edges come from, and the layer takes the positions nearest to all wishes that keep order
//! and distances, by pooling adjacent violators (isotonic regression; Ayer et al. 1955). Segments between
//! dummies weigh most, so long edges run straight.
//!
//! The simplex starts from here; the largest graphs keep what it gives.

use super::super::lgraph::{Kind, LGraph, LevelIx, NodeIx};
use super::{Hints, brandes_koepf, distance, linear_segments};
use crate::model::Placement;
use spandrel_base::LeanSort;

/// Sweeps over all layers of a level.
const SWEEPS: usize = 10;

/// Sets `y` of all nodes (from the unit's top), `h` of containers and `y` of attachments that may slide,
/// as well as it can without regard to titles and to ends at containers themselves.
pub(super) fn place(g: &LGraph, placement: Placement, hints: &Hints<'_>) -> Heights {
    let mut heights = Heights {
        y: vec![0.0; g.nodes.len()],
        h: g.nodes.iter().map(|n| n.h).collect(),
        port: g.ports.iter().map(|p| p.y.unwrap_or(f64::NAN)).collect(),
        local: vec![0; g.nodes.len()],
    };
    for node in 0..g.nodes.len() {
        if g.nodes[node].inner.is_none() {
            heights.spread(g, node);
        }
    }
    for level in (0..g.levels.len()).rev() {
        heights.level(g, level, placement, hints);
    }
    // From the outside in, heights within levels become heights within the unit.
    for level in 1..g.levels.len() {
        let Some(owner) = g.levels[level].owner else { continue };
        let top = heights.y[owner];
        for &node in &g.levels[level].nodes {
            heights.y[node] += top;
        }
    }
    heights
}

/// Where everything is.
pub(super) struct Heights {
    /// Top of every node.
    pub(super) y: Vec<f64>,
    /// Height of every node.
    pub(super) h: Vec<f64>,
    /// Every attachment, from its node's top.
    pub(super) port: Vec<f64>,
    /// Place of every node in its level's list.
    pub(super) local: Vec<usize>,
}

impl Heights {
    /// Spreads the attachments of a node that may slide evenly along its sides.
    fn spread(&mut self, g: &LGraph, node: NodeIx) {
        let n = &g.nodes[node];
        for side in [&n.west, &n.east] {
            let free = side.iter().copied().filter(|&p| g.ports[p].y.is_none());
            let count = free.clone().count() as f64;
            for (place, port) in free.enumerate() {
                self.port[port] = n.h * (place as f64 + 1.0) / (count + 1.0);
            }
        }
    }

    fn level(&mut self, g: &LGraph, level: LevelIx, placement: Placement, hints: &Hints<'_>) {
        let l = &g.levels[level];
        for (place, &node) in l.nodes.iter().enumerate() {
            self.local[node] = place;
        }
        for list in &l.layers {
            let mut y = 0.0;
            let mut before: Option<NodeIx> = None;
            for &node in list {
                y += before.map_or(0.0, |above| self.apart(g, level, above, node));
                self.y[node] = y;
                before = Some(node);
            }
        }
        match placement {
            Placement::BrandesKoepf(alignment) => {
                let y = brandes_koepf::place(g, level, self, alignment);
                self.take(g, level, &y);
            }
            Placement::LinearSegments { damping } => {
                let y = linear_segments::place(g, level, self, damping);
                self.take(g, level, &y);
            }
            Placement::Simple => self.centred(g, level),
            Placement::Interactive => self.as_given(g, level, hints),
            Placement::Best | Placement::NetworkSimplex => self.sweep(g, level),
        }
        self.frame(g, level);
    }

    fn take(&mut self, g: &LGraph, level: LevelIx, y: &[f64]) {
        for (&node, &y) in g.levels[level].nodes.iter().zip(y) {
            self.y[node] = y;
        }
    }

    /// Every layer packed, all around one middle line.
    fn centred(&mut self, g: &LGraph, level: LevelIx) {
        for list in &g.levels[level].layers {
            let Some(&last) = list.last() else { continue };
            let half = f64::midpoint(self.y[last], self.h[last]);
            for &node in list {
                self.y[node] -= half;
            }
        }
    }

    /// Nodes at the heights that they were given, edges between them, all pushed down as far as they
    /// must be.
    fn as_given(&mut self, g: &LGraph, level: LevelIx, hints: &Hints<'_>) {
        for list in &g.levels[level].layers {
            let mut least = f64::NEG_INFINITY;
            for (place, &node) in list.iter().enumerate() {
                let wish = hints(g, node).map(|middle| middle - self.h[node] / 2.0).or_else(|| {
                    let mut wishes = Vec::new();
                    self.wishes(g, node, false, &mut wishes);
                    (!wishes.is_empty()).then(|| median(&mut wishes).0)
                });
                self.y[node] = wish.unwrap_or(self.y[node]).max(least);
                if let Some(&next) = list.get(place + 1) {
                    least = self.y[node] + self.apart(g, level, node, next);
                }
            }
        }
    }

    fn sweep(&mut self, g: &LGraph, level: LevelIx) {
        let l = &g.levels[level];
        let mut scratch = Scratch::default();
        for sweep in 0..SWEEPS {
            let count = l.layers.len();
            for at in 0..count {
                let layer = if sweep % 2 == 0 { at } else { count - 1 - at };
                // The last two sweeps look both ways.
                self.layer(
                    g,
                    level,
                    layer,
                    sweep % 2 == 0 || sweep >= SWEEPS - 2,
                    sweep % 2 == 1 || sweep >= SWEEPS - 2,
                    &mut scratch,
                );
            }
        }
    }

    /// Lets the level begin at its padding, and its container end after the last node.
    fn frame(&mut self, g: &LGraph, level: LevelIx) {
        let l = &g.levels[level];
        let (mut top, mut bottom) = (f64::INFINITY, f64::NEG_INFINITY);
        for &node in &l.nodes {
            let n = &g.nodes[node];
            let border = n.kind == Kind::Border;
            let (above, below) = if border {
                (l.spacing.edge_node, l.spacing.edge_node)
            } else {
                (l.padding.top + n.margin.top, l.padding.bottom + n.margin.bottom)
            };
            top = top.min(self.y[node] - above);
            bottom = bottom.max(self.y[node] + self.h[node] + below);
        }
        if !top.is_finite() {
            (top, bottom) = (0.0, l.padding.top + l.padding.bottom);
        }
        for &node in &l.nodes {
            self.y[node] -= top;
        }
        let Some(owner) = l.owner else { return };
        self.h[owner] = (bottom - top).max(l.min_h);
        for side in [&g.nodes[owner].west, &g.nodes[owner].east] {
            let mut y = 0.0;
            for &port in side {
                y = g.ports[port].border.map_or(y + l.spacing.edge_edge, |b| self.y[b]);
                self.port[port] = y;
            }
        }
    }

    /// From the top of one node to the top of the next in its layer.
    pub(super) fn apart(&self, g: &LGraph, level: LevelIx, above: NodeIx, below: NodeIx) -> f64 {
        let gap = distance(g, &g.levels[level].spacing, above, below);
        self.h[above] + g.nodes[above].margin.bottom + gap + g.nodes[below].margin.top
    }

    /// Draws one layer to its neighbours.
    fn layer(
        &mut self,
        g: &LGraph,
        level: LevelIx,
        layer: usize,
        to_west: bool,
        to_east: bool,
        scratch: &mut Scratch,
    ) {
        let list = &g.levels[level].layers[layer];
        let Scratch { blocks, offset, wishes } = scratch;
        blocks.clear();
        offset.clear();
        let mut at = 0.0;
        for (place, &node) in list.iter().enumerate() {
            if place > 0 {
                at += self.apart(g, level, list[place - 1], node);
            }
            offset.push(at);
            wishes.clear();
            if to_west {
                self.wishes(g, node, false, wishes);
            }
            if to_east {
                self.wishes(g, node, true, wishes);
            }
            let (wish, weight) = if wishes.is_empty() { (self.y[node], 0.05) } else { median(wishes) };
            let mut block = ((wish - at) * weight, weight, place);
            while let Some(last) = blocks.last() {
                if last.0 / last.1 < block.0 / block.1 {
                    break;
                }
                block = (last.0 + block.0, last.1 + block.1, last.2);
                blocks.pop();
            }
            blocks.push(block);
        }
        for (index, block) in blocks.iter().enumerate() {
            let end = blocks.get(index + 1).map_or(list.len(), |next| next.2);
            for place in block.2..end {
                self.y[list[place]] = block.0 / block.1 + offset[place];
            }
        }
    }

    /// Heights at which the node would be straight with its neighbours on one side, with weights.
    fn wishes(&self, g: &LGraph, node: NodeIx, east: bool, found: &mut Vec<(f64, f64)>) {
        let list = if east { &g.nodes[node].east } else { &g.nodes[node].west };
        for &port in list {
            for &edge in &g.ports[port].edges {
                let far = if east { g.edges[edge].dst } else { g.edges[edge].src };
                let other = g.ports[far].node;
                let dummies = usize::from(g.is_dummy(node)) + usize::from(g.is_dummy(other));
                let weight = [1.0, 2.0, 8.0][dummies] * g.edges[edge].straight;
                found.push((self.y[other] + self.port[far] - self.port[port], weight));
            }
        }
    }
}

/// What drawing one layer needs for a while.
#[derive(Default)]
struct Scratch {
    /// Blocks of nodes that touch: (sum of weighted wishes, weight, first node); wishes are relative to
    /// where the node stands when all of the layer are packed.
    blocks: Vec<(f64, f64, usize)>,
    /// By place in the layer: where the node stands when all are packed.
    offset: Vec<f64>,
    wishes: Vec<(f64, f64)>,
}

/// The weighted median, and the sum of the weights.
fn median(wishes: &mut [(f64, f64)]) -> (f64, f64) {
    wishes.lean_sort_by(|a, b| a.0.total_cmp(&b.0));
    let total: f64 = wishes.iter().map(|w| w.1).sum();
    let mut sum = 0.0;
    for (index, &(wish, weight)) in wishes.iter().enumerate() {
        sum += weight;
        if (sum - total / 2.0).abs() < 1e-9 && index + 1 < wishes.len() {
            return (f64::midpoint(wish, wishes[index + 1].0), total);
        }
        if sum > total / 2.0 {
            return (wish, total);
        }
    }
    (wishes.last().map_or(0.0, |w| w.0), total)
}
