//! Phase 3: the order of the nodes in each layer.
//!
//! Layer sweep with barycenters (Sugiyama, Tagawa, Toda 1981) over several starts, each improved by exchanging
//! neighbours and, at the end, by sifting; the best is kept. Containers are swept through: on the way forward the order in
//! which edges reach a container fixes its western borders, the sweep goes on inside, and the order found
//! at its eastern borders is what the next layer outside sees (after Spönemann, Schulze, Rüegg, von
//! Hanxleden: Counting Crossings for Layered Hypergraphs / hierarchy-aware layout in KLay, 2014).

mod count;
mod improve;
mod search;
mod sweep;
mod turn;

use spandrel_base::{Budget, LeanSort};

use super::lgraph::{Kind, LGraph};
use crate::model::{Options, Ordering};
use sweep::Sweeper;

/// Orders all layers of all levels, and the attachments of all nodes.
///
/// Requires: proper layering. Ensures: each layer is a permutation of itself.
/// Cost: O(runs * sweeps * E log E).
pub(super) fn order(
    g: &mut LGraph,
    options: &Options,
    seed: u64,
    hints: &dyn Fn(&LGraph, usize) -> Option<f64>,
    budget: &Budget<'_>,
) {
    if options.ordering == Ordering::Interactive {
        for level in 0..g.levels.len() {
            for layer in 0..g.levels[level].layers.len() {
                let mut list = g.levels[level].layers[layer].clone();
                list.lean_sort_by(|&a, &b| {
                    let key = |n: usize| hints(g, n).unwrap_or(f64::MAX);
                    key(a).total_cmp(&key(b))
                });
                g.levels[level].layers[layer] = list;
            }
        }
    }
    let mut sweeper = Sweeper::new(g);
    if options.ordering == Ordering::LayerSweep {
        let size = g.edges.len() + g.nodes.len();
        let runs = match size {
            0..400 => (options.thoroughness.min(100) * 5 / 3 + 1).min(100),
            400..2000 => options.thoroughness.clamp(1, 4),
            2000..60_000 => options.thoroughness.clamp(1, 3),
            _ => 1,
        };
        sweeper.search(g.edges.len(), runs, seed, budget);
        turn::turn(g, &mut sweeper, budget);
    }
    sweeper.write(g);
    order_ports(g);
}

/// Sorts the attachments of every node whose order is free by what they are joined to, so that edges of
/// one node do not cross at it; gives fixed places in that order.
fn order_ports(g: &mut LGraph) {
    // Rank of every attachment: by place of its node, then its own place. Two rounds, because the order
    // at one end breaks ties at the other.
    for _ in 0..2 {
        for node in 0..g.nodes.len() {
            if g.nodes[node].kind == Kind::Border {
                continue;
            }
            for east in [false, true] {
                let list = if east { g.nodes[node].east.clone() } else { g.nodes[node].west.clone() };
                if list.len() < 2 {
                    continue;
                }
                let h = g.nodes[node].h;
                let contained = g.nodes[node].inner.is_some();
                let fixed = g.nodes[node].fixed_order;
                let mut keyed: Vec<((u8, f64, f64), usize)> = list
                    .iter()
                    .map(|&p| {
                        let port = &g.ports[p];
                        let far = mean_far(g, p, east);
                        let key = match port.y {
                            Some(y) if y < 0.0 => (0, y, 0.0),
                            Some(y) if y > h && !contained => (2, y, 0.0),
                            Some(y) if fixed || port.settled => (1, y, 0.0),
                            _ if fixed => (1, rank_in_model(g, p), far),
                            _ => (1, far, 0.0),
                        };
                        (key, p)
                    })
                    .collect();
                if contained {
                    // Borders keep the order of the sweep; ends at the container itself go among them.
                    let known: Vec<f64> = list
                        .iter()
                        .map(|&p| g.ports[p].border.map_or(f64::NAN, |b| g.nodes[b].pos as f64))
                        .collect();
                    place_among(&mut keyed, &known);
                } else {
                    keyed.lean_sort_by(|a, b| {
                        a.0.0.cmp(&b.0.0).then(a.0.1.total_cmp(&b.0.1)).then(a.0.2.total_cmp(&b.0.2))
                    });
                    // Places that are given but not their order are handed out in the new order.
                    if !fixed && !list.iter().any(|&p| g.ports[p].settled) {
                        let mut ys: Vec<f64> =
                            keyed.iter().filter(|k| k.0.0 == 1).filter_map(|k| g.ports[k.1].y).collect();
                        ys.lean_sort_by(f64::total_cmp);
                        let mut next = ys.into_iter();
                        for (key, p) in &keyed {
                            if key.0 == 1 && g.ports[*p].y.is_some() {
                                g.ports[*p].y = next.next();
                            }
                        }
                    }
                }
                let sorted: Vec<usize> = keyed.into_iter().map(|(_, p)| p).collect();
                if east {
                    g.nodes[node].east = sorted;
                } else {
                    g.nodes[node].west = sorted;
                }
            }
        }
    }
}

/// Order of the attachment's port in the model's own order along the side.
fn rank_in_model(g: &LGraph, port: usize) -> f64 {
    g.ports[port].model.map_or(0.0, |m| m as f64)
}

/// Mean place of what an attachment is joined to, with the place on that node's side as the fraction.
fn mean_far(g: &LGraph, port: usize, east: bool) -> f64 {
    let edges = &g.ports[port].edges;
    if edges.is_empty() {
        return 0.0;
    }
    let sum: f64 = edges
        .iter()
        .map(|&e| {
            let far = if east { g.edges[e].dst } else { g.edges[e].src };
            let node = &g.nodes[g.ports[far].node];
            let side = if east { &node.west } else { &node.east };
            let place = side.iter().position(|&p| p == far).unwrap_or(0);
            node.pos as f64 + (place as f64 + 1.0) / (side.len() as f64 + 1.0)
        })
        .sum();
    sum / edges.len() as f64
}

/// Puts entries without a known place (NaN) where they fit best among those with one, by their key.
fn place_among(keyed: &mut Vec<((u8, f64, f64), usize)>, known: &[f64]) {
    let mut fixed: Vec<(f64, (u8, f64, f64), usize)> = Vec::new();
    let mut free = Vec::new();
    for (entry, &place) in keyed.iter().zip(known) {
        if place.is_nan() {
            free.push(*entry);
        } else {
            fixed.push((place, entry.0, entry.1));
        }
    }
    fixed.lean_sort_by(|a, b| a.0.total_cmp(&b.0));
    free.lean_sort_by(|a, b| a.0.1.total_cmp(&b.0.1));
    let mut merged = Vec::with_capacity(keyed.len());
    let mut next = free.into_iter().peekable();
    for (_, key, port) in fixed {
        while let Some(entry) = next.next_if(|entry| entry.0.1 < key.1) {
            merged.push(entry);
        }
        merged.push((key, port));
    }
    merged.extend(next);
    *keyed = merged;
}
