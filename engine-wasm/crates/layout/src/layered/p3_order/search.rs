//! The search for an order: several starts, each swept until that gains nothing more, and the best is kept.

use spandrel_base::{Budget, LeanSort};

use super::sweep::{NONE, SIDES, Sweeper};
use crate::random::Random;

/// With more segments than this there are fewer sweeps and no exchanges.
const LARGE: usize = 60_000;
/// Sweeps in a row that gain nothing, before a start is given up.
const PATIENCE: usize = 4;
/// Starts in a row that gain nothing, before the search ends.
const FRUITLESS: u32 = 5;

impl Sweeper {
    /// Tries several starts and keeps the best order.
    pub(super) fn search(&mut self, edges: usize, runs: u32, seed: u64, budget: &Budget<'_>) {
        let mut random = Random::new(seed);
        let start = self.order.clone();
        let mut best = self.order.clone();
        let mut least = if self.force.iter().any(|&f| f) { u64::MAX } else { self.count_all() };
        let sweeps = if edges > LARGE { 8 } else { 24 };
        let mut kept = Vec::new();
        let mut fruitless = 0;
        // Orders that a start came to: another one that comes to the same would only repeat the rest.
        let mut seen: Vec<u64> = Vec::new();
        for run in 0..runs.max(1) as usize {
            if least == 0 {
                break;
            }
            if run > 0 {
                self.restart(&start, run, &mut random);
            }
            let earlier = seen.len();
            let (mut idle, mut own) = (0, u64::MAX);
            for turn in 0..sweeps {
                // Where sweeps gain nothing more, equal nodes change places: another order of the same price.
                self.sweep((turn + run) % 2 == 0, idle > 0 && run > 0 && turn % 4 < 2);
                if edges < LARGE {
                    self.exchange(budget);
                }
                let name = self.fingerprint();
                if seen[..earlier].contains(&name) {
                    break;
                }
                seen.push(name);
                let count = self.count_all();
                if count < own {
                    own = count;
                    kept.clone_from(&self.order);
                    idle = 0;
                } else {
                    idle += 1;
                }
                if count == 0 || idle >= PATIENCE || budget.spend(edges as u64).is_err() {
                    break;
                }
            }
            if own > 0 && own <= near(least) && edges < LARGE {
                self.restore(&kept);
                self.sift(budget);
                let count = self.count_all();
                if count < own {
                    own = count;
                    kept.clone_from(&self.order);
                }
            }
            fruitless += 1;
            if own < least {
                fruitless = 0;
                least = own;
                best.clone_from(&kept);
            }
            if fruitless == FRUITLESS || budget.is_over() {
                break;
            }
        }
        self.restore(&best);
    }

    /// A start: the first two as searches over the edges meet the nodes, all others at random.
    fn restart(&mut self, start: &[u32], run: usize, random: &mut Random) {
        self.order.copy_from_slice(start);
        match run {
            1 => self.by_search(true),
            2 => self.by_search(false),
            _ => {
                for layer in 0..self.layers.len() {
                    let range = self.layers[layer].range();
                    random.shuffle(&mut self.order[range]);
                }
            }
        }
        self.number_all();
    }

    /// Orders every layer as a search over the edges meets its nodes, depth first or breadth first, from the
    /// first layers on: what belongs together starts side by side.
    fn by_search(&mut self, depth_first: bool) {
        let mut met = vec![NONE; self.layer_of.len()];
        let mut count = 0;
        let mut open = std::collections::VecDeque::new();
        for at in 0..self.forward.len() {
            for place in self.layers[self.forward[at] as usize].range() {
                open.push_back(self.order[place]);
                while let Some(node) = if depth_first { open.pop_back() } else { open.pop_front() } {
                    if met[node as usize] != NONE {
                        continue;
                    }
                    met[node as usize] = count;
                    count += 1;
                    for side in SIDES.into_iter().rev() {
                        open.extend(self.ends[side].at(node).iter().map(|far| far.node));
                    }
                }
            }
        }
        for at in 0..self.layers.len() {
            let layer = self.layers[at];
            self.order[layer.range()].lean_sort_by_key(|&node| met[node as usize]);
            self.restore_model_order(layer);
        }
    }

    /// A number that two orders share only by a rare accident (Fowler, Noll, Vo: FNV-1a, by words).
    fn fingerprint(&self) -> u64 {
        self.order.iter().fold(0xcbf2_9ce4_8422_2325, |hash, &node| {
            (hash ^ u64::from(node)).wrapping_mul(0x0000_0100_0000_01b3)
        })
    }
}

/// So many crossings are few enough for sifting: not all too many more than the best start came to.
fn near(least: u64) -> u64 {
    least.saturating_add(least / 10 + 1)
}
