//! The sweeps of phase 3 on a flat copy of the graph.

use super::super::lgraph::{Kind, LGraph};
use super::count::crossings;
use crate::random::Random;
use spandrel_base::{Budget, LeanSort};

/// The other end of a segment: its node, the attachment there, and the one at this end.
#[derive(Clone, Copy)]
pub(super) struct Far {
    node: u32,
    port: u32,
    own: u32,
}

/// One layer of one level.
#[derive(Clone, Copy)]
pub(super) struct Step {
    pub(super) level: u32,
    pub(super) layer: u32,
}

pub(super) struct Sweeper {
    /// By level and layer.
    pub(super) layers: Vec<Vec<Vec<u32>>>,
    /// By node.
    pos: Vec<u32>,
    /// By attachment: its share of the node, 0 for nodes whose attachments are free.
    share: Vec<f64>,
    /// By attachment: its number among those of its side where the order counts, else 0.
    rank: Vec<u32>,
    /// By node: far ends to the west and to the east. For borders one of the two lies outside, joined to
    /// the container's attachment.
    pub(super) west: Vec<Vec<Far>>,
    pub(super) east: Vec<Vec<Far>>,
    /// By node: number of places its attachments count for, at each side.
    places: Vec<[u32; 2]>,
    /// By node (border): the attachment outside.
    outer_port: Vec<u32>,
    inner: Vec<u32>,
    real: Vec<bool>,
    order: Vec<u32>,
    pub(super) forward: Vec<Step>,
    pub(super) force: Vec<bool>,
    tree: Vec<u32>,
    ends: Vec<(u32, u32)>,
    base: Vec<u32>,
}

const NONE: u32 = u32::MAX;
/// With more segments than this there are fewer sweeps and no exchanges.
const LARGE: usize = 60_000;

impl Sweeper {
    pub(super) fn new(g: &LGraph) -> Self {
        let n = g.nodes.len();
        let mut sweeper = Self {
            layers: g
                .levels
                .iter()
                .map(|l| l.layers.iter().map(|list| list.iter().map(|&n| n as u32).collect()).collect())
                .collect(),
            pos: vec![0; n],
            share: vec![0.0; g.ports.len()],
            rank: vec![0; g.ports.len()],
            west: vec![Vec::new(); n],
            east: vec![Vec::new(); n],
            places: vec![[1, 1]; n],
            outer_port: g.nodes.iter().map(|n| n.outer_port.map_or(NONE, |p| p as u32)).collect(),
            inner: g.nodes.iter().map(|n| n.inner.map_or(NONE, |l| l as u32)).collect(),
            real: g.nodes.iter().map(|n| matches!(n.kind, Kind::Real(_))).collect(),
            order: g.nodes.iter().map(|n| n.order as u32).collect(),
            forward: Vec::new(),
            force: vec![false; g.levels.len()],
            tree: Vec::new(),
            ends: Vec::new(),
            base: Vec::new(),
        };
        for edge in &g.edges {
            let (a, b) = (g.ports[edge.src].node, g.ports[edge.dst].node);
            let (src, dst) = (edge.src as u32, edge.dst as u32);
            sweeper.east[a].push(Far { node: b as u32, port: dst, own: src });
            sweeper.west[b].push(Far { node: a as u32, port: src, own: dst });
            if let Some(border) = g.ports[edge.src].border {
                sweeper.east[border].push(Far { node: b as u32, port: dst, own: src });
            }
            if let Some(border) = g.ports[edge.dst].border {
                sweeper.west[border].push(Far { node: a as u32, port: src, own: dst });
            }
        }
        for (index, node) in g.nodes.iter().enumerate() {
            let tails =
                [&node.west, &node.east].iter().any(|s| s.iter().any(|&p| !g.ports[p].tail.is_empty()));
            if node.fixed_order || node.inner.is_some() || tails {
                for (side, list) in [&node.west, &node.east].into_iter().enumerate() {
                    let mut list = list.clone();
                    if node.fixed_order || tails {
                        list.lean_sort_by(|&a, &b| {
                            let key = |p: usize| g.ports[p].y.unwrap_or(node.h / 2.0);
                            key(a).total_cmp(&key(b))
                        });
                    }
                    sweeper.places[index][side] = list.len().max(1) as u32;
                    for (place, &port) in list.iter().enumerate() {
                        sweeper.rank[port] = place as u32;
                        sweeper.share[port] = (place as f64 + 1.0) / (list.len() as f64 + 1.0) - 0.5;
                    }
                }
            }
        }
        sweeper.schedule();
        sweeper.number_all();
        sweeper
    }

    /// The order in which a forward sweep visits layers: a container's inside follows the layer it is in.
    fn schedule(&mut self) {
        let mut stack = vec![Step { level: 0, layer: 0 }];
        while let Some(step) = stack.pop() {
            let layers = &self.layers[step.level as usize];
            let Some(list) = layers.get(step.layer as usize) else { continue };
            self.forward.push(step);
            stack.push(Step { level: step.level, layer: step.layer + 1 });
            for &node in list.iter().rev() {
                if self.inner[node as usize] != NONE {
                    stack.push(Step { level: self.inner[node as usize], layer: 0 });
                }
            }
        }
    }

    fn number_all(&mut self) {
        for level in 0..self.layers.len() {
            for layer in 0..self.layers[level].len() {
                self.number(level, layer);
            }
        }
    }

    pub(super) fn number(&mut self, level: usize, layer: usize) {
        for (place, &node) in self.layers[level][layer].iter().enumerate() {
            self.pos[node as usize] = place as u32;
        }
        self.number_ports(level, layer);
    }

    /// Where a layer consists of borders, their order is that of the container's attachments.
    fn number_ports(&mut self, level: usize, layer: usize) {
        let list = &self.layers[level][layer];
        let count = list.len() as f64;
        for (place, &node) in list.iter().enumerate() {
            let port = self.outer_port[node as usize];
            if port != NONE {
                self.rank[port as usize] = place as u32;
                self.share[port as usize] = (place as f64 + 1.0) / (count + 1.0) - 0.5;
            }
        }
    }

    pub(super) fn value(&self, far: Far) -> f64 {
        f64::from(self.pos[far.node as usize]) + self.share[far.port as usize]
    }

    /// Crossings of all levels.
    fn count_all(&mut self) -> u64 {
        let mut sum = 0;
        for level in 0..self.layers.len() {
            for layer in 1..self.layers[level].len() {
                sum += self.count_between(level, layer - 1);
            }
        }
        sum
    }

    fn count_between(&mut self, level: usize, layer: usize) -> u64 {
        // First place of every node of the right layer.
        let mut next = 0;
        self.base.resize(self.pos.len(), 0);
        for &node in &self.layers[level][layer + 1] {
            self.base[node as usize] = next;
            next += self.places[node as usize][0];
        }
        let mut next = 0;
        let mut ends = std::mem::take(&mut self.ends);
        ends.clear();
        for &node in &self.layers[level][layer] {
            self.base[node as usize] = next;
            next += self.places[node as usize][1];
        }
        for &node in &self.layers[level][layer + 1] {
            for far in &self.west[node as usize] {
                let a = self.base[far.node as usize] + self.rank[far.port as usize];
                let b = self.base[node as usize] + self.rank[far.own as usize];
                ends.push((a, b));
            }
        }
        let found = crossings(&mut ends, &mut self.tree);
        self.ends = ends;
        found
    }

    /// Tries several starts and keeps the best order.
    pub(super) fn search(&mut self, g: &LGraph, runs: u32, seed: u64, budget: &Budget<'_>) {
        let edges = g.edges.len();
        let mut random = Random::new(seed);
        let start = self.layers.clone();
        let mut best = self.layers.clone();
        let mut least = if self.force.iter().any(|&f| f) { u64::MAX } else { self.count_all() };
        let sweeps = if edges > LARGE { 8 } else { 24 };
        for run in 0..runs.max(1) {
            if least == 0 {
                break;
            }
            if run > 0 {
                self.layers.clone_from(&start);
                match run {
                    1 => self.by_search(true),
                    2 => self.by_search(false),
                    _ => self.layers.iter_mut().flatten().for_each(|layer| random.shuffle(layer)),
                }
                self.number_all();
            }
            let mut idle = 0;
            let mut own = u64::MAX;
            let mut kept = Vec::new();
            for turn in 0..sweeps {
                // Where sweeps gain nothing more, equal nodes change places: another order of the same price.
                self.sweep((turn + run) % 2 == 0, idle > 0 && run > 0 && turn % 4 < 2);
                if edges < LARGE {
                    self.exchange(budget);
                }
                let count = self.count_all();
                if count < own {
                    own = count;
                    kept.clone_from(&self.layers);
                    idle = 0;
                } else {
                    idle += 1;
                }
                if count == 0 || idle >= 4 || budget.spend(edges as u64).is_err() {
                    break;
                }
            }
            if own > 0 && edges < LARGE {
                self.layers.clone_from(&kept);
                self.number_all();
                self.sift(budget);
                let count = self.count_all();
                if count < own {
                    own = count;
                    kept.clone_from(&self.layers);
                }
            }
            if own < least {
                least = own;
                best = kept;
            }
            if budget.is_over() {
                break;
            }
        }
        self.layers = best;
        self.number_all();
    }

    /// Orders every layer as a search over the edges meets its nodes, depth first or breadth first, from the
    /// first layers on: what belongs together starts side by side.
    fn by_search(&mut self, depth_first: bool) {
        let mut met = vec![NONE; self.pos.len()];
        let mut count = 0;
        let mut open = std::collections::VecDeque::new();
        for at in 0..self.forward.len() {
            let Step { level, layer } = self.forward[at];
            for place in 0..self.layers[level as usize][layer as usize].len() {
                open.push_back(self.layers[level as usize][layer as usize][place]);
                while let Some(node) = if depth_first { open.pop_back() } else { open.pop_front() } {
                    if met[node as usize] != NONE {
                        continue;
                    }
                    met[node as usize] = count;
                    count += 1;
                    let ends = [&self.east[node as usize], &self.west[node as usize]];
                    open.extend(ends.into_iter().flatten().map(|far| far.node));
                }
            }
        }
        for layer in self.layers.iter_mut().flatten() {
            layer.lean_sort_by_key(|&node| met[node as usize]);
        }
        for level in 0..self.layers.len() {
            if self.force[level] {
                for layer in 0..self.layers[level].len() {
                    let mut list = std::mem::take(&mut self.layers[level][layer]);
                    self.restore_model_order(&mut list);
                    self.layers[level][layer] = list;
                }
            }
        }
    }

    /// One sweep over all layers.
    fn sweep(&mut self, forward: bool, flip_ties: bool) {
        let count = self.forward.len();
        for at in 0..count {
            let step = self.forward[if forward { at } else { count - 1 - at }];
            self.barycenter(step.level as usize, step.layer as usize, forward, flip_ties);
        }
    }

    /// Sorts one layer by the mean place of the ends before it. Nodes without such ends keep their places.
    fn barycenter(&mut self, level: usize, layer: usize, forward: bool, flip_ties: bool) {
        let mut list = std::mem::take(&mut self.layers[level][layer]);
        if list.len() > 1 {
            let mut slots: Vec<usize> = Vec::with_capacity(list.len());
            let mut keyed: Vec<(f64, u32)> = Vec::with_capacity(list.len());
            for (place, &node) in list.iter().enumerate() {
                let ends = if forward { &self.west[node as usize] } else { &self.east[node as usize] };
                if ends.is_empty() {
                    continue;
                }
                // Where the order of the attachments counts, so does the place of the attachment: an end
                // at the node's lower attachment pulls the node up.
                let sum: f64 = ends.iter().map(|&far| self.value(far) - self.own_share(node, far)).sum();
                slots.push(place);
                keyed.push((sum / ends.len() as f64, node));
            }
            if flip_ties {
                keyed.reverse();
            }
            keyed.lean_sort_by(|a, b| a.0.total_cmp(&b.0));
            for (slot, (_, node)) in slots.into_iter().zip(keyed) {
                list[slot] = node;
            }
            if self.force[level] {
                self.restore_model_order(&mut list);
            }
        }
        self.layers[level][layer] = list;
        self.number(level, layer);
    }

    fn own_share(&self, node: u32, far: Far) -> f64 {
        // A border's own end is the container's attachment, whose place is what we are looking for.
        if self.outer_port[node as usize] == far.own { 0.0 } else { 0.5 * self.share[far.own as usize] }
    }

    /// Puts the real nodes of a layer into model order, in the slots that real nodes hold.
    fn restore_model_order(&self, list: &mut [u32]) {
        let slots: Vec<usize> = (0..list.len()).filter(|&at| self.real[list[at] as usize]).collect();
        let mut nodes: Vec<u32> = slots.iter().map(|&at| list[at]).collect();
        nodes.lean_sort_by_key(|&n| self.order[n as usize]);
        for (slot, node) in slots.into_iter().zip(nodes) {
            list[slot] = node;
        }
    }

    /// Exchanges neighbours where that removes crossings with the layers on both sides, until nothing
    /// more is gained.
    fn exchange(&mut self, budget: &Budget<'_>) {
        let mut first: Vec<f64> = Vec::new();
        let mut second: Vec<f64> = Vec::new();
        for _ in 0..10 {
            let mut gained = false;
            for at in 0..self.forward.len() {
                let Step { level, layer } = self.forward[at];
                let (level, layer) = (level as usize, layer as usize);
                let len = self.layers[level][layer].len();
                if budget.spend(len as u64).is_err() {
                    return;
                }
                for place in 1..len {
                    let (u, v) = (self.layers[level][layer][place - 1], self.layers[level][layer][place]);
                    if self.force[level] && self.real[u as usize] && self.real[v as usize] {
                        continue;
                    }
                    let mut gain = 0i64;
                    for side in 0..2 {
                        let of = |s: &Self, n: u32, values: &mut Vec<f64>| {
                            values.clear();
                            let ends = if side == 0 { &s.west[n as usize] } else { &s.east[n as usize] };
                            values.extend(ends.iter().map(|&far| s.value(far)));
                            values.lean_sort_by(f64::total_cmp);
                        };
                        of(self, u, &mut first);
                        of(self, v, &mut second);
                        gain += inversions(&first, &second) - inversions(&second, &first);
                    }
                    if gain > 0 {
                        self.layers[level][layer].swap(place - 1, place);
                        self.pos[u as usize] = place as u32;
                        self.pos[v as usize] = place as u32 - 1;
                        gained = true;
                        if self.outer_port[u as usize] != NONE || self.outer_port[v as usize] != NONE {
                            self.number_ports(level, layer);
                        }
                    }
                }
            }
            if !gained {
                break;
            }
        }
    }

    /// Hands the order back.
    pub(super) fn write(&self, g: &mut LGraph) {
        for (level, layers) in self.layers.iter().enumerate() {
            for (layer, list) in layers.iter().enumerate() {
                g.levels[level].layers[layer] = list.iter().map(|&n| n as usize).collect();
                for (place, &node) in list.iter().enumerate() {
                    g.nodes[node as usize].pos = place;
                }
            }
        }
    }
}

/// Pairs (a of `first`, b of `second`) with a > b; both sorted.
fn inversions(first: &[f64], second: &[f64]) -> i64 {
    let mut sum = 0;
    let mut below = 0;
    for &a in first {
        while below < second.len() && second[below] < a {
            below += 1;
        }
        sum += below as i64;
    }
    sum
}
