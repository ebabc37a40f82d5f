//! Sifting: each node of a layer is tried at every place of it.
//!
//! Matuszewski, Schönfeld, Molitor: Using sifting for k-layer straightline crossing minimization, 1999.
//! While one layer changes its neighbours stand still, so the crossings between the edges of two nodes
//! depend only on which of them comes first. Sifting leaves the local optima in which sweeps get stuck; it costs
//! the square of a layer's size and comes last.

use spandrel_base::{Budget, LeanSort};

use super::sweep::Sweeper;

/// Rounds over all layers.
const ROUNDS: usize = 4;
/// Layers with more nodes are left as they are.
const WIDEST: usize = 1200;

/// The values of a layer's far ends, node by node, sorted.
#[derive(Default)]
struct Ends {
    values: Vec<f64>,
    first: Vec<usize>,
}

impl Ends {
    fn of(&self, node: usize) -> &[f64] {
        &self.values[self.first[node]..self.first[node + 1]]
    }
}

impl Sweeper {
    /// Sifts all layers whose order is free, until nothing is gained.
    pub(super) fn sift(&mut self, budget: &Budget<'_>) {
        for _ in 0..ROUNDS {
            let mut gained = false;
            for at in 0..self.forward.len() {
                let (level, layer) = (self.forward[at].level as usize, self.forward[at].layer as usize);
                let width = self.layers[level][layer].len();
                if !(3..=WIDEST).contains(&width) || self.force[level] {
                    continue;
                }
                if budget.spend((width * width / 4) as u64).is_err() {
                    return;
                }
                gained |= self.sift_layer(level, layer);
            }
            if !gained {
                return;
            }
        }
    }

    fn sift_layer(&mut self, level: usize, layer: usize) -> bool {
        let list = self.layers[level][layer].clone();
        let sides = [self.ends(&list, true), self.ends(&list, false)];
        let mut order: Vec<usize> = (0..list.len()).collect();
        let mut gained = false;
        for node in 0..list.len() {
            if sides.iter().all(|side| side.of(node).is_empty()) {
                continue;
            }
            let Some(now) = order.iter().position(|&n| n == node) else { continue };
            // The price of each place against the first, walking from the top.
            let (mut price, mut own, mut best) = (0i64, 0i64, (0i64, 0usize));
            let mut place = 0;
            for (at, &other) in order.iter().enumerate() {
                if other == node {
                    own = price;
                    continue;
                }
                for side in &sides {
                    let (a, b) = (side.of(node), side.of(other));
                    if !a.is_empty() && !b.is_empty() {
                        price += balance(b, a);
                    }
                }
                place = at + 1;
                if price < best.0 {
                    best = (price, place);
                }
            }
            debug_assert!(place <= order.len());
            if best.0 < own {
                order.remove(now);
                // Places were counted with the node still there.
                order.insert(if best.1 > now { best.1 - 1 } else { best.1 }, node);
                gained = true;
            }
        }
        if gained {
            self.layers[level][layer] = order.into_iter().map(|n| list[n]).collect();
            self.number(level, layer);
        }
        gained
    }

    fn ends(&self, list: &[u32], west: bool) -> Ends {
        let mut ends = Ends { values: Vec::new(), first: vec![0] };
        for &node in list {
            let from = ends.values.len();
            let far = if west { &self.west[node as usize] } else { &self.east[node as usize] };
            ends.values.extend(far.iter().map(|&far| self.value(far)));
            ends.values[from..].lean_sort_by(f64::total_cmp);
            ends.first.push(ends.values.len());
        }
        ends
    }
}

/// Crossings with `first` before `second`, less those the other way round; both sorted.
fn balance(first: &[f64], second: &[f64]) -> i64 {
    // Of the pairs (a, b), those with a > b less those with a < b.
    let (mut below, mut not_above, mut sum) = (0, 0, 0i64);
    for &a in first {
        while below < second.len() && second[below] < a {
            below += 1;
        }
        not_above = not_above.max(below);
        while not_above < second.len() && second[not_above] <= a {
            not_above += 1;
        }
        sum += below as i64 - (second.len() - not_above) as i64;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::balance;

    #[test]
    fn pairs_are_weighed_against_each_other() {
        assert_eq!(balance(&[1.0, 2.0], &[3.0]), -2);
        assert_eq!(balance(&[3.0], &[1.0, 2.0]), 2);
        assert_eq!(balance(&[1.0, 4.0], &[1.0, 2.0]), -1 + 2);
        assert_eq!(balance(&[2.0], &[2.0]), 0);
    }
}
