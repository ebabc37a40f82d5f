//! Stress, and how it is lowered.
//!
//! stress(X) = Σ w_ij (|x_i − x_j| − d_ij)² over pairs of nodes, w_ij = 1 / d_ij². Small graphs take all
//! pairs. Large ones take neighbours, and pivots that stand for the nodes around them (Ortmann, Klimenta,
//! Brandes, "A sparse stress model", 2016), so that time and memory stay near-linear.

use spandrel_base::{Budget, LeanSort, Point};

use super::{Dimension, Options};
use crate::other::distances::Paths;

/// Most nodes for which all pairs are taken.
const ALL_PAIRS: usize = 500;

/// Pivots of a large graph.
const PIVOTS: usize = 60;

/// Bound on iterations where the options name none; small changes end it much earlier.
const MOST_ITERATIONS: usize = 300;

/// Which distances are asked for.
pub(super) struct Terms {
    /// By node: the other node, the distance, and its weight.
    by_node: Vec<Vec<(usize, f64, f64)>>,
    /// Pivots with their distances to all nodes; for a first drawing.
    pub(super) pivots: Vec<(usize, Vec<f64>)>,
}

impl Terms {
    /// The terms of a graph. Nodes without a path between them are asked to be as far apart as a graph of
    /// that many nodes is wide, edges being `length` long.
    pub(super) fn of(paths: &Paths, length: f64) -> Self {
        let n = paths.neighbours.len();
        let apart = length * (n as f64).sqrt();
        let reach = |distance: f64| if distance.is_finite() { distance } else { apart };
        let mut pivots = paths.pivots(PIVOTS);
        for (_, distances) in &mut pivots {
            for distance in distances.iter_mut() {
                *distance = reach(*distance);
            }
        }
        let weight = |distance: f64| 1.0 / (distance * distance);
        let mut by_node = Vec::with_capacity(n);
        if n <= ALL_PAIRS {
            for node in 0..n {
                let distances = paths.from(node);
                let others = (0..n).filter(|&other| other != node);
                by_node.push(
                    others
                        .map(|other| (other, reach(distances[other]), weight(reach(distances[other]))))
                        .collect(),
                );
            }
            return Self { by_node, pivots };
        }
        let regions = regions(&pivots, n);
        for node in 0..n {
            let mut terms: Vec<(usize, f64, f64)> = paths.neighbours[node]
                .iter()
                .map(|&(other, distance)| (other, distance, weight(distance)))
                .collect();
            for ((pivot, distances), region) in pivots.iter().zip(&regions) {
                let distance = distances[node];
                let is_neighbour = paths.neighbours[node].iter().any(|&(other, _)| other == *pivot);
                if *pivot != node && !is_neighbour {
                    // The pivot stands for those of its region nearer to it than half the way.
                    let stands_for = region.partition_point(|&inner| inner <= distance / 2.0).max(1);
                    terms.push((*pivot, distance, weight(distance) * stands_for as f64));
                }
            }
            by_node.push(terms);
        }
        Self { by_node, pivots }
    }

    fn count(&self) -> u64 {
        self.by_node.iter().map(|terms| terms.len() as u64).sum()
    }
}

/// By pivot: the distances of the nodes that are nearest to it, ascending.
fn regions(pivots: &[(usize, Vec<f64>)], n: usize) -> Vec<Vec<f64>> {
    let mut regions = vec![Vec::new(); pivots.len()];
    for node in 0..n {
        let nearest = (0..pivots.len())
            .min_by(|&a, &b| pivots[a].1[node].total_cmp(&pivots[b].1[node]).then(a.cmp(&b)));
        if let Some(pivot) = nearest {
            regions[pivot].push(pivots[pivot].1[node]);
        }
    }
    for region in &mut regions {
        region.lean_sort_by(f64::total_cmp);
    }
    regions
}

/// Moves the centres of free nodes until the stress falls no more.
///
/// Node by node, each to the weighted mean of where its terms would have it: the local form of the
/// majorization (section 2.3 of the paper), which never raises the stress of all pairs.
pub(super) fn run(
    terms: &Terms,
    centres: &mut [Point],
    free: &[bool],
    options: &Options,
    budget: &Budget<'_>,
) {
    let rounds = options.iteration_limit.unwrap_or(MOST_ITERATIONS).min(10_000);
    let epsilon = if options.epsilon.is_finite() { options.epsilon.max(0.0) } else { 0.001 };
    let cost = terms.count();
    let mut before = stress(terms, centres);
    for _ in 0..rounds {
        if budget.spend(cost).is_err() {
            return;
        }
        for node in (0..centres.len()).filter(|&node| free[node]) {
            let (mut x, mut y, mut total) = (0.0, 0.0, 0.0);
            let own = centres[node];
            for &(other, distance, weight) in &terms.by_node[node] {
                let at = centres[other];
                let (dx, dy) = (own.x - at.x, own.y - at.y);
                let actual = (dx * dx + dy * dy).sqrt();
                let stretch = if actual > 1e-9 { distance / actual } else { 0.0 };
                x += weight * (at.x + dx * stretch);
                y += weight * (at.y + dy * stretch);
                total += weight;
            }
            if total <= 0.0 || !total.is_finite() {
                continue;
            }
            let at = &mut centres[node];
            if options.dimension != Dimension::Y {
                at.x = x / total;
            }
            if options.dimension != Dimension::X {
                at.y = y / total;
            }
        }
        let after = stress(terms, centres);
        let falls = before - after > epsilon * before;
        if !falls && options.iteration_limit.is_none() {
            return;
        }
        before = after;
    }
}

fn stress(terms: &Terms, centres: &[Point]) -> f64 {
    let mut sum = 0.0;
    for (own, terms) in centres.iter().zip(&terms.by_node) {
        for &(other, distance, weight) in terms {
            let (dx, dy) = (own.x - centres[other].x, own.y - centres[other].y);
            let off = (dx * dx + dy * dy).sqrt() - distance;
            sum += weight * off * off;
        }
    }
    sum
}
