//! A flat copy of the graph for phase 3: orders as one list of nodes, layer after layer, and what follows from it.

use super::super::lgraph::{Kind, LGraph};
use super::count::crossings;
use super::improve::Improve;
use crate::lists::Lists;
use spandrel_base::LeanSort;

/// The other end of a segment: its node, the attachment there, and the one at this end.
#[derive(Clone, Copy)]
pub(super) struct Far {
    pub(super) node: u32,
    port: u32,
    own: u32,
}

/// One layer of one level: a run of the order.
#[derive(Clone, Copy)]
pub(super) struct Layer {
    pub(super) level: u32,
    pub(super) from: u32,
    pub(super) to: u32,
    /// Whether another layer of the level follows.
    followed: bool,
    /// Whether it holds borders that belong to an attachment of the container outside.
    borders: bool,
}

impl Layer {
    pub(super) fn range(self) -> std::ops::Range<usize> {
        self.from as usize..self.to as usize
    }

    pub(super) fn len(self) -> usize {
        (self.to - self.from) as usize
    }
}

/// To the west, to the east.
pub(super) const SIDES: [usize; 2] = [0, 1];
const WEST: usize = 0;
const EAST: usize = 1;
pub(super) const NONE: u32 = u32::MAX;

pub(super) struct Sweeper {
    /// All nodes that stand in layers, from top to bottom, layer after layer.
    pub(super) order: Vec<u32>,
    /// Those of a level follow each other.
    pub(super) layers: Vec<Layer>,
    /// The order in which a forward sweep visits layers: a container's inside follows the layer it is in.
    pub(super) forward: Vec<u32>,
    /// By node.
    pub(super) layer_of: Vec<u32>,
    /// By node: its place in the layer.
    pos: Vec<u32>,
    /// By node: the number of attachments before its own, at each side of the layer, where they count.
    base: Vec<[u32; 2]>,
    /// By attachment: its share of the node, 0 for nodes whose attachments are free.
    share: Vec<f64>,
    /// By attachment: its number among those of its side where the order counts, else 0.
    rank: Vec<u32>,
    /// By side, by node: far ends. For borders one of the two sides lies outside, joined to the container's
    /// attachment.
    pub(super) ends: [Lists<Far>; 2],
    /// By node: number of places its attachments count for, at each side.
    places: Vec<[u32; 2]>,
    /// By node (border): the attachment outside, and the container whose it is.
    outer_port: Vec<u32>,
    owner: Vec<u32>,
    real: Vec<bool>,
    /// By node: its place in model order.
    model: Vec<u32>,
    /// By level: whether real nodes keep model order.
    pub(super) force: Vec<bool>,
    /// By layer: layers whose best order may change with that of this one, itself among them.
    near: Lists<u32>,
    /// By layer: crossings with the next, and whether that is still true.
    crossings: Vec<u64>,
    counted: Vec<bool>,
    /// By layer: whether exchanging, and whether sifting, may find something since it last found nothing.
    pub(super) awake: Vec<[bool; 2]>,
    pub(super) improve: Improve,
    tree: Vec<u32>,
    lines: Vec<(u32, u32)>,
    keyed: Vec<(f64, u32)>,
    slots: Vec<u32>,
}

impl Sweeper {
    pub(super) fn new(g: &LGraph) -> Self {
        let n = g.nodes.len();
        let number = |index: Option<usize>| index.map_or(NONE, |index| index as u32);
        let (mut order, mut layers) = (Vec::with_capacity(n), Vec::new());
        let mut layer_of = vec![NONE; n];
        for (level, l) in g.levels.iter().enumerate() {
            for (at, list) in l.layers.iter().enumerate() {
                let from = order.len() as u32;
                for &node in list {
                    layer_of[node] = layers.len() as u32;
                    order.push(node as u32);
                }
                let followed = at + 1 < l.layers.len();
                let borders = list.iter().any(|&node| g.nodes[node].outer_port.is_some());
                layers.push(Layer { level: level as u32, from, to: order.len() as u32, followed, borders });
            }
        }
        let (mut west, mut east) = (Vec::with_capacity(g.edges.len()), Vec::with_capacity(g.edges.len()));
        for edge in &g.edges {
            let (a, b) = (g.ports[edge.src].node as u32, g.ports[edge.dst].node as u32);
            let (src, dst) = (edge.src as u32, edge.dst as u32);
            let forth = Far { node: b, port: dst, own: src };
            let back = Far { node: a, port: src, own: dst };
            east.push((a, forth));
            west.push((b, back));
            if let Some(border) = g.ports[edge.src].border {
                east.push((border as u32, forth));
            }
            if let Some(border) = g.ports[edge.dst].border {
                west.push((border as u32, back));
            }
        }
        let mut sweeper = Self {
            forward: Vec::with_capacity(layers.len()),
            layer_of,
            pos: vec![0; n],
            base: vec![[0; 2]; n],
            share: vec![0.0; g.ports.len()],
            rank: vec![0; g.ports.len()],
            ends: [Lists::of(n, west.iter().copied()), Lists::of(n, east.iter().copied())],
            places: vec![[1, 1]; n],
            outer_port: g.nodes.iter().map(|n| number(n.outer_port)).collect(),
            owner: g.nodes.iter().map(|n| number(n.outer_port.map(|p| g.ports[p].node))).collect(),
            real: g.nodes.iter().map(|n| matches!(n.kind, Kind::Real(_))).collect(),
            model: g.nodes.iter().map(|n| n.order as u32).collect(),
            force: g.levels.iter().map(|l| l.force_model_order).collect(),
            crossings: vec![0; layers.len()],
            near: near(g, &layers, &order),
            counted: vec![false; layers.len()],
            awake: vec![[true; 2]; layers.len()],
            improve: Improve::default(),
            tree: Vec::new(),
            lines: Vec::new(),
            keyed: Vec::new(),
            slots: Vec::new(),
            order,
            layers,
        };
        for node in 0..g.nodes.len() {
            sweeper.rank_ports(g, node);
        }
        sweeper.schedule(g);
        sweeper.number_all();
        sweeper
    }

    /// Takes note of the order of a node's attachments, where that counts.
    fn rank_ports(&mut self, g: &LGraph, index: usize) {
        let node = &g.nodes[index];
        let tails = [&node.west, &node.east].iter().any(|s| s.iter().any(|&p| !g.ports[p].tail.is_empty()));
        if !node.fixed_order && node.inner.is_none() && !tails {
            return;
        }
        for (side, list) in [&node.west, &node.east].into_iter().enumerate() {
            let mut list = list.clone();
            if node.fixed_order || tails {
                list.lean_sort_by(|&a, &b| {
                    let key = |p: usize| g.ports[p].y.unwrap_or(node.h / 2.0);
                    key(a).total_cmp(&key(b))
                });
            }
            self.places[index][side] = list.len().max(1) as u32;
            for (place, &port) in list.iter().enumerate() {
                self.rank[port] = place as u32;
                self.share[port] = (place as f64 + 1.0) / (list.len() as f64 + 1.0) - 0.5;
            }
        }
    }

    /// Takes note that the attachments of a node have another order.
    pub(super) fn reranked(&mut self, g: &LGraph, node: usize) {
        self.rank_ports(g, node);
        let layer = self.layer_of[node];
        if layer != NONE {
            self.changed(layer);
        }
    }

    fn schedule(&mut self, g: &LGraph) {
        let mut stack = vec![0];
        while let Some(layer) = stack.pop() {
            let Some(&l) = self.layers.get(layer as usize) else { continue };
            self.forward.push(layer);
            if l.followed {
                stack.push(layer + 1);
            }
            for &node in self.order[l.range()].iter().rev() {
                stack.extend(inside(g, &self.layers, node).map(|(first, _)| first));
            }
        }
    }

    pub(super) fn number_all(&mut self) {
        for layer in 0..self.layers.len() as u32 {
            self.number(layer);
        }
    }

    /// Takes note of a layer's new order.
    pub(super) fn number(&mut self, layer: u32) {
        let mut base = [0; 2];
        for (place, &node) in self.order[self.layers[layer as usize].range()].iter().enumerate() {
            let node = node as usize;
            self.pos[node] = place as u32;
            self.base[node] = base;
            for side in SIDES {
                base[side] += self.places[node][side];
            }
        }
        self.changed(layer);
        self.number_ports(layer);
    }

    /// The crossings on both sides of a layer are no longer known.
    fn uncounted(&mut self, layer: u32) {
        self.counted[layer as usize] = false;
        if layer > 0 {
            self.counted[layer as usize - 1] = false;
        }
    }

    /// Takes note that a layer's order is another one.
    pub(super) fn changed(&mut self, layer: u32) {
        self.uncounted(layer);
        for &other in self.near.at(layer) {
            self.awake[other as usize] = [true; 2];
        }
    }

    /// Whether anything may cross on either side of a layer. Where it holds borders, what crosses outside their
    /// container counts too, and that is not known here.
    pub(super) fn is_crossed(&mut self, layer: u32) -> bool {
        let at = layer as usize;
        self.layers[at].borders
            || at > 0 && self.layers[at - 1].followed && self.crossings_after(at - 1) > 0
            || self.layers[at].followed && self.crossings_after(at) > 0
    }

    /// Takes note that nodes of a layer changed places, and how many crossings that took away on each side.
    pub(super) fn exchanged(&mut self, layer: u32, fewer: [i64; 2]) {
        let at = layer as usize;
        let sides = [at.checked_sub(1), Some(at)];
        let known = sides.map(|side| side.filter(|&s| self.layers[s].followed && self.counted[s]));
        self.changed(layer);
        if self.layers[at].borders {
            return;
        }
        for (side, fewer) in known.into_iter().zip(fewer) {
            let Some(side) = side else { continue };
            self.counted[side] = true;
            self.crossings[side] = self.crossings[side].saturating_add_signed(-fewer);
            debug_assert!(self.count_after(side) == self.crossings[side], "what went was counted");
        }
    }

    /// Where a layer consists of borders, their order is that of the container's attachments.
    fn number_ports(&mut self, layer: u32) {
        if !self.layers[layer as usize].borders {
            return;
        }
        let range = self.layers[layer as usize].range();
        let count = range.len() as f64;
        // Borders of edges that end at the container itself have no attachment outside.
        let mut rank = 0;
        for (place, at) in range.enumerate() {
            let node = self.order[at] as usize;
            let port = self.outer_port[node];
            if port != NONE {
                self.rank[port as usize] = rank;
                rank += 1;
                self.share[port as usize] = (place as f64 + 1.0) / (count + 1.0) - 0.5;
                let outside = self.layer_of[self.owner[node] as usize];
                if outside != NONE {
                    self.uncounted(outside);
                }
            }
        }
    }

    /// Exchanges the nodes at `at` and the place before it, both in `layer`, which is then to be told `changed`.
    pub(super) fn swap(&mut self, layer: u32, at: usize) {
        let (u, v) = (self.order[at - 1] as usize, self.order[at] as usize);
        self.order.swap(at - 1, at);
        self.pos.swap(u, v);
        for side in SIDES {
            let base = self.base[u][side];
            self.base[v][side] = base;
            self.base[u][side] = base + self.places[v][side];
        }
        self.number_ports(layer);
    }

    /// A whole number by which far ends to one side of a layer are ordered.
    pub(super) fn height(&self, far: Far, side: usize) -> u32 {
        self.base[far.node as usize][1 - side] + self.rank[far.port as usize]
    }

    /// Whether the order of two neighbours is given.
    pub(super) fn settled(&self, level: u32, u: u32, v: u32) -> bool {
        self.force[level as usize] && self.real[u as usize] && self.real[v as usize]
    }

    /// Crossings of all levels.
    pub(super) fn count_all(&mut self) -> u64 {
        let mut sum = 0;
        for layer in 0..self.layers.len() {
            if self.layers[layer].followed {
                sum += self.crossings_after(layer);
            }
        }
        sum
    }

    /// Crossings between a layer and the next, which there is; counted where that is not known.
    fn crossings_after(&mut self, layer: usize) -> u64 {
        if !self.counted[layer] {
            self.counted[layer] = true;
            self.crossings[layer] = self.count_after(layer);
        }
        self.crossings[layer]
    }

    /// Crossings between a layer and the next.
    fn count_after(&mut self, layer: usize) -> u64 {
        let mut lines = std::mem::take(&mut self.lines);
        lines.clear();
        // Node by node from the top, so that only the edges of one node have to be sorted.
        for &node in &self.order[self.layers[layer].range()] {
            let from = lines.len();
            for &far in self.ends[EAST].at(node) {
                let own = self.base[node as usize][EAST] + self.rank[far.own as usize];
                lines.push((own, self.height(far, EAST)));
            }
            if lines.len() > from + 1 {
                lines[from..].lean_sort();
            }
        }
        let found = crossings(&lines, &mut self.tree);
        self.lines = lines;
        found
    }

    /// One sweep over all layers.
    pub(super) fn sweep(&mut self, forward: bool, flip_ties: bool) {
        let count = self.forward.len();
        for at in 0..count {
            self.barycenter(self.forward[if forward { at } else { count - 1 - at }], forward, flip_ties);
        }
    }

    /// Sorts one layer by the mean place of the ends before it. Nodes without such ends keep their places.
    fn barycenter(&mut self, layer: u32, forward: bool, flip_ties: bool) {
        let l = self.layers[layer as usize];
        if l.len() < 2 {
            return;
        }
        let (mut keyed, mut slots) = (std::mem::take(&mut self.keyed), std::mem::take(&mut self.slots));
        keyed.clear();
        slots.clear();
        let side = if forward { WEST } else { EAST };
        for at in l.range() {
            let node = self.order[at];
            let ends = self.ends[side].at(node);
            if ends.is_empty() {
                continue;
            }
            // Where the order of the attachments counts, so does the place of the attachment: an end
            // at the node's lower attachment pulls the node up.
            let value = |far: &Far| {
                let there = f64::from(self.pos[far.node as usize]) + self.share[far.port as usize];
                there - self.own_share(node, *far)
            };
            let sum: f64 = ends.iter().map(value).sum();
            slots.push(at as u32);
            keyed.push((sum / ends.len() as f64, node));
        }
        if flip_ties {
            keyed.reverse();
        }
        keyed.lean_sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut moved = false;
        for (&slot, &(_, node)) in slots.iter().zip(&keyed) {
            moved |= self.order[slot as usize] != node;
            self.order[slot as usize] = node;
        }
        (self.keyed, self.slots) = (keyed, slots);
        if moved {
            self.restore_model_order(l);
            self.number(layer);
        }
    }

    fn own_share(&self, node: u32, far: Far) -> f64 {
        // A border's own end is the container's attachment, whose place is what we are looking for.
        if self.outer_port[node as usize] == far.own { 0.0 } else { 0.5 * self.share[far.own as usize] }
    }

    /// Puts the real nodes of a layer into model order where that is forced, in the slots that real nodes hold.
    pub(super) fn restore_model_order(&mut self, layer: Layer) {
        if !self.force[layer.level as usize] {
            return;
        }
        let list = &mut self.order[layer.range()];
        let slots: Vec<usize> = (0..list.len()).filter(|&at| self.real[list[at] as usize]).collect();
        let mut nodes: Vec<u32> = slots.iter().map(|&at| list[at]).collect();
        nodes.lean_sort_by_key(|&n| self.model[n as usize]);
        for (slot, node) in slots.into_iter().zip(nodes) {
            list[slot] = node;
        }
    }

    /// Goes back to an order.
    pub(super) fn restore(&mut self, order: &[u32]) {
        for layer in 0..self.layers.len() {
            let range = self.layers[layer].range();
            if self.order[range.clone()] != order[range.clone()] {
                self.order[range.clone()].copy_from_slice(&order[range]);
                self.number(layer as u32);
            }
        }
    }

    /// Hands the order back.
    pub(super) fn write(&self, g: &mut LGraph) {
        let mut layers = self.layers.iter();
        for level in &mut g.levels {
            for (list, layer) in level.layers.iter_mut().zip(&mut layers) {
                for (place, (slot, &node)) in list.iter_mut().zip(&self.order[layer.range()]).enumerate() {
                    *slot = node as usize;
                    g.nodes[node as usize].pos = place;
                }
            }
        }
    }
}

/// The first and the last layer inside a container, among all layers.
fn inside(g: &LGraph, layers: &[Layer], node: u32) -> Option<(u32, u32)> {
    let level = g.nodes[node as usize].inner?;
    let count = g.levels[level].layers.len();
    let first = layers.partition_point(|l| (l.level as usize) < level);
    (count > 0).then(|| (first as u32, (first + count) as u32 - 1))
}

/// By layer: those that its order bears on. These are its neighbours and the borders of the containers in them,
/// and for a layer of borders also those of the layer that its container stands in.
fn near(g: &LGraph, layers: &[Layer], order: &[u32]) -> Lists<u32> {
    let count = layers.len() as u32;
    let mut borders = Vec::new();
    for (layer, l) in layers.iter().enumerate() {
        for &node in &order[l.range()] {
            if let Some((first, last)) = inside(g, layers, node) {
                borders.extend([(layer as u32, first), (layer as u32, last)]);
            }
        }
    }
    let borders = Lists::of(layers.len(), borders.iter().copied());
    let mut near = Vec::new();
    let mut add = |to: u32, layer: u32| {
        let level = layers[layer as usize].level;
        for other in layer.saturating_sub(1)..(layer + 2).min(count) {
            if layers[other as usize].level == level {
                near.push((to, other));
                near.extend(borders.at(other).iter().map(|&border| (to, border)));
            }
        }
    };
    for layer in 0..count {
        add(layer, layer);
        for &border in borders.at(layer) {
            add(border, layer);
        }
    }
    Lists::of(layers.len(), near.iter().copied())
}
