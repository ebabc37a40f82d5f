//! Local improvements of an order: neighbours are exchanged, and each node of a layer is tried at every place of it.
//!
//! Sifting: Matuszewski, Schönfeld, Molitor: Using sifting for k-layer straightline crossing minimization, 1999.
//! While one layer changes its neighbours stand still, so the crossings between the edges of two nodes
//! depend only on which of them comes first. Sifting leaves the local optima in which sweeps get stuck; it costs
//! the square of a layer's size and comes last.
//!
//! A layer is looked at again only once something near it has changed.

use spandrel_base::{Budget, LeanSort};

use super::sweep::{SIDES, Sweeper};

/// Rounds over all layers, of exchanging and of sifting.
const EXCHANGES: usize = 10;
const SIFTS: usize = 4;
/// Passes over one layer in a round of exchanging.
const PASSES: usize = 10;
/// Layers with more nodes are not sifted.
const WIDEST: usize = 1200;

/// Scratch: the heights of a layer's far ends to each side, and the layer's order by rows of these.
#[derive(Default)]
pub(super) struct Improve {
    sides: [Heights; 2],
    rows: Vec<u32>,
}

/// The heights of the far ends of a layer's nodes, node by node, sorted.
#[derive(Default)]
struct Heights {
    values: Vec<u32>,
    first: Vec<u32>,
}

impl Heights {
    fn of(&self, row: u32) -> &[u32] {
        &self.values[self.first[row as usize] as usize..self.first[row as usize + 1] as usize]
    }
}

impl Improve {
    /// Reads a layer as it is.
    fn read(&mut self, sweeper: &Sweeper, layer: u32) {
        let range = sweeper.layers[layer as usize].range();
        self.rows.clear();
        self.rows.extend(0..range.len() as u32);
        for (side, heights) in self.sides.iter_mut().enumerate() {
            heights.values.clear();
            heights.first.clear();
            heights.first.push(0);
            for &node in &sweeper.order[range.clone()] {
                // Most have one end.
                match sweeper.ends[side].at(node) {
                    [] => {}
                    &[far] => heights.values.push(sweeper.height(far, side)),
                    ends => {
                        let from = heights.values.len();
                        heights.values.extend(ends.iter().map(|&far| sweeper.height(far, side)));
                        heights.values[from..].lean_sort();
                    }
                }
                heights.first.push(heights.values.len() as u32);
            }
        }
    }

    /// By side, crossings with row `a` before row `b`, less those the other way round.
    fn balances(&self, a: u32, b: u32) -> [i64; 2] {
        SIDES.map(|side| balance(self.sides[side].of(a), self.sides[side].of(b)))
    }

    fn balance(&self, a: u32, b: u32) -> i64 {
        let [west, east] = self.balances(a, b);
        west + east
    }
}

impl Sweeper {
    /// Exchanges neighbours where that removes crossings with the layers on both sides, until nothing
    /// more is gained.
    pub(super) fn exchange(&mut self, budget: &Budget<'_>) {
        let mut improve = std::mem::take(&mut self.improve);
        for _ in 0..EXCHANGES {
            let mut gained = false;
            for at in 0..self.forward.len() {
                let layer = self.forward[at];
                let l = self.layers[layer as usize];
                if !std::mem::take(&mut self.awake[layer as usize][0])
                    || l.len() < 2
                    || !self.is_crossed(layer)
                {
                    continue;
                }
                if budget.spend(l.len() as u64).is_err() {
                    self.improve = improve;
                    return;
                }
                improve.read(self, layer);
                if let Some(fewer) = self.exchange_in(layer, &mut improve) {
                    gained = true;
                    self.exchanged(layer, fewer);
                }
            }
            if !gained {
                break;
            }
        }
        self.improve = improve;
    }

    /// Gives how many crossings went on each side, where something was exchanged.
    fn exchange_in(&mut self, layer: u32, improve: &mut Improve) -> Option<[i64; 2]> {
        let l = self.layers[layer as usize];
        let mut fewer = None;
        for _ in 0..PASSES {
            let mut again = false;
            for place in 1..l.len() {
                let at = l.from as usize + place;
                if self.settled(l.level, self.order[at - 1], self.order[at]) {
                    continue;
                }
                let [west, east] = improve.balances(improve.rows[place - 1], improve.rows[place]);
                if west + east > 0 {
                    improve.rows.swap(place - 1, place);
                    self.swap(layer, at);
                    let [w, e] = fewer.unwrap_or_default();
                    fewer = Some([w + west, e + east]);
                    again = true;
                }
            }
            if !again {
                break;
            }
        }
        fewer
    }

    /// Sifts all layers whose order is free, until nothing is gained.
    pub(super) fn sift(&mut self, budget: &Budget<'_>) {
        let mut improve = std::mem::take(&mut self.improve);
        for _ in 0..SIFTS {
            let mut gained = false;
            for at in 0..self.forward.len() {
                let layer = self.forward[at];
                let l = self.layers[layer as usize];
                let width = l.len();
                if !std::mem::take(&mut self.awake[layer as usize][1])
                    || !(3..=WIDEST).contains(&width)
                    || self.force[l.level as usize]
                    || !self.is_crossed(layer)
                {
                    continue;
                }
                if budget.spend((width * width / 4) as u64).is_err() {
                    self.improve = improve;
                    return;
                }
                improve.read(self, layer);
                gained |= self.sift_in(layer, &mut improve);
            }
            if !gained {
                break;
            }
        }
        self.improve = improve;
    }

    fn sift_in(&mut self, layer: u32, improve: &mut Improve) -> bool {
        let range = self.layers[layer as usize].range();
        let mut gained = false;
        for row in 0..range.len() as u32 {
            if improve.sides.iter().all(|side| side.of(row).is_empty()) {
                continue;
            }
            let Some(now) = improve.rows.iter().position(|&r| r == row) else { continue };
            // The price of each place against the first, walking from the top.
            let (mut price, mut own, mut best) = (0i64, 0i64, (0i64, 0usize));
            for (at, &other) in improve.rows.iter().enumerate() {
                if other == row {
                    own = price;
                    continue;
                }
                price += improve.balance(other, row);
                if price < best.0 {
                    best = (price, at + 1);
                }
            }
            if best.0 < own {
                // Places were counted with the node still there.
                let to = if best.1 > now { best.1 - 1 } else { best.1 };
                if to < now {
                    improve.rows[to..=now].rotate_right(1);
                } else {
                    improve.rows[now..=to].rotate_left(1);
                }
                gained = true;
            }
        }
        if gained {
            let before: Vec<u32> = self.order[range.clone()].to_vec();
            for (slot, &row) in self.order[range].iter_mut().zip(&improve.rows) {
                *slot = before[row as usize];
            }
            self.number(layer);
        }
        gained
    }
}

/// Crossings with `first` before `second`, less those the other way round; both sorted.
fn balance(first: &[u32], second: &[u32]) -> i64 {
    if let (&[a], &[b]) = (first, second) {
        return i64::from(a > b) - i64::from(a < b);
    }
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
        assert_eq!(balance(&[1, 2], &[3]), -2);
        assert_eq!(balance(&[3], &[1, 2]), 2);
        assert_eq!(balance(&[1, 4], &[1, 2]), -1 + 2);
        assert_eq!(balance(&[2], &[2]), 0);
    }
}
