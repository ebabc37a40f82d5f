//! Shortest paths, and a first drawing from them.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use spandrel_base::{LeanSort, Point};

use super::FlatGraph;
use crate::random::Random;

/// A graph as weighted neighbour lists; lengths positive.
pub(super) struct Paths {
    pub(super) neighbours: Vec<Vec<(usize, f64)>>,
}

/// A finite, not negative number that can be ordered.
#[derive(Clone, Copy, PartialEq)]
struct Length(f64);

impl Eq for Length {}

impl PartialOrd for Length {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Length {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.total_cmp(&other.0)
    }
}

impl Paths {
    /// Neighbours with `length` for each edge (by index); the shortest of parallel edges counts.
    pub(super) fn of(graph: &FlatGraph, length: impl Fn(usize) -> f64) -> Self {
        let mut neighbours: Vec<Vec<(usize, f64)>> = vec![Vec::new(); graph.nodes.len()];
        for (index, edge) in graph.edges.iter().enumerate() {
            if graph.is_whole(edge) && edge.source != edge.target {
                neighbours[edge.source].push((edge.target, length(index)));
                neighbours[edge.target].push((edge.source, length(index)));
            }
        }
        for list in &mut neighbours {
            list.lean_sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
            list.dedup_by_key(|neighbour| neighbour.0);
        }
        Self { neighbours }
    }

    /// Distances from one node to all (Dijkstra 1959); infinite where there is no path.
    pub(super) fn from(&self, start: usize) -> Vec<f64> {
        let mut distance = vec![f64::INFINITY; self.neighbours.len()];
        distance[start] = 0.0;
        let mut open = BinaryHeap::from([(Reverse(Length(0.0)), Reverse(start))]);
        while let Some((Reverse(Length(so_far)), Reverse(node))) = open.pop() {
            if so_far > distance[node] {
                continue;
            }
            for &(other, length) in &self.neighbours[node] {
                let through = so_far + length;
                if through < distance[other] {
                    distance[other] = through;
                    open.push((Reverse(Length(through)), Reverse(other)));
                }
            }
        }
        distance
    }

    /// Up to `count` nodes far from each other, the first node first, each with its distances to all: each
    /// next pivot is the node farthest from all before it.
    pub(super) fn pivots(&self, count: usize) -> Vec<(usize, Vec<f64>)> {
        let n = self.neighbours.len();
        let mut pivots: Vec<(usize, Vec<f64>)> = Vec::new();
        let mut nearest = vec![f64::INFINITY; n];
        let mut next = 0;
        while pivots.len() < count.min(n) {
            let distances = self.from(next);
            for (least, &distance) in nearest.iter_mut().zip(&distances) {
                *least = least.min(distance);
            }
            pivots.push((next, distances));
            let Some(farthest) = (0..n).max_by(|&a, &b| nearest[a].total_cmp(&nearest[b]).then(b.cmp(&a)))
            else {
                break;
            };
            if nearest[farthest] <= 0.0 {
                break;
            }
            next = farthest;
        }
        pivots
    }
}

/// A first drawing of a connected graph in which distances on the plane resemble those in the graph.
///
/// Pivot MDS (Brandes, Pich, "Eigensolver methods for progressive multidimensional scaling of large data",
/// 2006): two leading eigenvectors of the doubly centred squared distances to the pivots, by power
/// iteration. O(n · pivots²). Nodes that it cannot tell apart are moved by up to `jitter` each way.
pub(super) fn pivot_mds(pivots: &[(usize, Vec<f64>)], n: usize, jitter: f64, rng: &mut Random) -> Vec<Point> {
    let k = pivots.len();
    let square = |column: usize, row: usize| pivots[column].1[row] * pivots[column].1[row];
    let mut rows = vec![vec![0.0; k]; n];
    let column_means: Vec<f64> =
        (0..k).map(|c| (0..n).map(|row| square(c, row)).sum::<f64>() / n as f64).collect();
    let mean = column_means.iter().sum::<f64>() / k.max(1) as f64;
    for (index, row) in rows.iter_mut().enumerate() {
        let row_mean = (0..k).map(|c| square(c, index)).sum::<f64>() / k.max(1) as f64;
        for (c, value) in row.iter_mut().enumerate() {
            *value = -0.5 * (square(c, index) - row_mean - column_means[c] + mean);
        }
    }
    let mut axes: Vec<Vec<f64>> = Vec::new();
    for axis in 0..2 {
        let mut vector: Vec<f64> = (0..k).map(|c| ((c + axis) % 2) as f64 - 0.5 + c as f64 * 0.01).collect();
        for _ in 0..60 {
            for found in &axes {
                let along: f64 = vector.iter().zip(found).map(|(a, b)| a * b).sum();
                vector.iter_mut().zip(found).for_each(|(a, b)| *a -= along * b);
            }
            // Multiplied by the transposed matrix times the matrix.
            let image: Vec<f64> =
                rows.iter().map(|row| row.iter().zip(&vector).map(|(a, b)| a * b).sum()).collect();
            let mut next = vec![0.0; k];
            for (row, value) in rows.iter().zip(&image) {
                next.iter_mut().zip(row).for_each(|(sum, entry)| *sum += entry * value);
            }
            let norm = next.iter().map(|value| value * value).sum::<f64>().sqrt();
            if norm < 1e-12 || !norm.is_finite() {
                break;
            }
            vector = next.into_iter().map(|value| value / norm).collect();
        }
        axes.push(vector);
    }
    let coordinates: Vec<(f64, f64)> = rows
        .iter()
        .map(|row| {
            let along = |axis: &[f64]| row.iter().zip(axis).map(|(a, b)| a * b).sum::<f64>();
            (along(&axes[0]), along(&axes[1]))
        })
        .collect();
    // The images carry the scale of the distances times that of the pivots; both axes are brought to the
    // first pivot's mean distance.
    let spread = coordinates.iter().map(|&(x, y)| x * x + y * y).sum::<f64>() / n.max(1) as f64;
    let wanted = pivots.first().map_or(0.0, |pivot| pivot.1.iter().sum::<f64>() / n.max(1) as f64);
    let scale = if spread > 1e-12 { wanted / spread.sqrt() } else { 0.0 };
    coordinates
        .into_iter()
        .map(|(x, y)| {
            let (dx, dy) = ((rng.unit() - 0.5) * 2.0 * jitter, (rng.unit() - 0.5) * 2.0 * jitter);
            Point::new(x * scale + dx, y * scale + dy)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::other::{FlatEdge, FlatNode};

    #[test]
    fn a_path_is_drawn_as_a_line() {
        let graph = FlatGraph {
            nodes: vec![FlatNode::default(); 6],
            edges: (1..6).map(|i| FlatEdge::between(i - 1, i)).collect(),
        };
        let paths = Paths::of(&graph, |_| 10.0);
        assert_eq!(paths.from(0), [0.0, 10.0, 20.0, 30.0, 40.0, 50.0]);
        let pivots = paths.pivots(3);
        assert_eq!((pivots[0].0, pivots[1].0), (0, 5));
        let drawn = pivot_mds(&pivots, 6, 0.0, &mut Random::new(1));
        let steps: Vec<f64> = drawn.windows(2).map(|pair| pair[1].x - pair[0].x).collect();
        assert!(steps.iter().all(|step| step * steps[0] > 0.0), "in order: {steps:?}");
    }
}
