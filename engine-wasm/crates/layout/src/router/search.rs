//! A* on the grid: states are crossings with the axis of the last step, so that bends have a price.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use spandrel_base::Point;

use super::grid::Grid;
use super::{BEND, Gate};
use crate::Side;

const NONE: u32 = u32::MAX;

/// What is known of a crossing: by the axis of the last step, the price of the cheapest way to it, where
/// that comes from, and whether it is final.
#[derive(Clone, Copy)]
struct Reached {
    best: [f64; 2],
    back: [u32; 2],
    done: [bool; 2],
}

/// By row; rows that the search has not come to are empty.
struct Known {
    rows: Vec<Vec<Reached>>,
    width: usize,
}

impl Known {
    fn at(&mut self, crossing: usize) -> &mut Reached {
        let row = &mut self.rows[crossing / self.width];
        if row.is_empty() {
            let new = Reached { best: [f64::INFINITY; 2], back: [NONE; 2], done: [false; 2] };
            row.resize(self.width, new);
        }
        &mut row[crossing % self.width]
    }
}

/// The cheapest way from one of `from` to one of `to`, ends included.
pub(super) fn search(grid: &mut Grid, from: &[Gate], to: &[Gate]) -> Option<Vec<Point>> {
    let (width, height) = (grid.xs.len(), grid.ys.len());
    let mut known = Known { rows: vec![Vec::new(); height], width };
    let mut heap: BinaryHeap<Reverse<(u64, u32)>> = BinaryHeap::new();
    // Where each goal is entered, and along which axis.
    let goals: Vec<(usize, usize, usize)> = to
        .iter()
        .enumerate()
        .filter_map(|(index, gate)| Some((index, place(grid, gate)?, axis(gate.side))))
        .collect();
    if goals.is_empty() {
        return None;
    }
    // Never more than the real rest: the distance to the box around all goals.
    let (mut x0, mut y0, mut x1, mut y1) =
        (f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY);
    for gate in to {
        let p = gate.front;
        (x0, y0, x1, y1) = (x0.min(p.x), y0.min(p.y), x1.max(p.x), y1.max(p.y));
    }
    let rest = |grid: &Grid, at: usize| {
        let (x, y) = (grid.xs[at % width], grid.ys[at / width]);
        (x0 - x).max(x - x1).max(0.0) + (y0 - y).max(y - y1).max(0.0)
    };
    let key = |value: f64| (value * 256.0) as u64;
    for gate in from {
        let Some(at) = place(grid, gate) else { continue };
        let best = &mut known.at(at).best[axis(gate.side)];
        if gate.price < *best {
            *best = gate.price;
            let state = 2 * at + axis(gate.side);
            heap.push(Reverse((key(gate.price + rest(grid, at)), state as u32)));
        }
    }
    let mut found: Option<(f64, u32, usize)> = None;
    while let Some(Reverse((estimate, state))) = heap.pop() {
        let (at, along) = (state as usize / 2, state as usize % 2);
        let here = known.at(at);
        if std::mem::replace(&mut here.done[along], true) {
            continue;
        }
        let so_far = here.best[along];
        if found.is_some_and(|(price, ..)| key(price) <= estimate) {
            break;
        }
        for &(goal, place, goal_axis) in &goals {
            if place == at {
                let price = so_far + to[goal].price + if goal_axis == along { 0.0 } else { BEND };
                if found.is_none_or(|(least, ..)| price < least) {
                    found = Some((price, state, goal));
                }
            }
        }
        let (i, j) = (at % width, at / width);
        let mut step = |grid: &Grid, next: usize, next_axis: usize, length: f64, price: f32| {
            if !price.is_finite() {
                return;
            }
            let bend = if next_axis == along { 0.0 } else { BEND };
            let total = so_far + length + f64::from(price) + bend;
            let there = known.at(next);
            if total + 1e-9 < there.best[next_axis] {
                there.best[next_axis] = total;
                there.back[next_axis] = state;
                let state = 2 * next + next_axis;
                heap.push(Reverse((key(total + rest(grid, next)), state as u32)));
            }
        };
        let row = grid.row(j);
        let (right, left) = (row[i], row[i.saturating_sub(1)]);
        let column = grid.column(i);
        let (down, up) = (column[j], column[j.saturating_sub(1)]);
        if i + 1 < width {
            step(grid, at + 1, 0, grid.xs[i + 1] - grid.xs[i], right);
        }
        if i > 0 {
            step(grid, at - 1, 0, grid.xs[i] - grid.xs[i - 1], left);
        }
        if j + 1 < height {
            step(grid, at + width, 1, grid.ys[j + 1] - grid.ys[j], down);
        }
        if j > 0 {
            step(grid, at - width, 1, grid.ys[j] - grid.ys[j - 1], up);
        }
    }
    let (_, state, goal) = found?;
    let mut points = vec![to[goal].at];
    let mut walk = state;
    let mut first = state;
    while walk != NONE {
        let at = walk as usize / 2;
        points.push(Point::new(grid.xs[at % width], grid.ys[at / width]));
        first = walk;
        walk = known.at(at).back[walk as usize % 2];
    }
    let start = first as usize;
    let gate = from
        .iter()
        .filter(|g| place(grid, g) == Some(start / 2) && axis(g.side) == start % 2)
        .min_by(|a, b| a.price.total_cmp(&b.price))?;
    points.push(gate.at);
    points.reverse();
    Some(points)
}

/// 0 for horizontal steps, 1 for vertical ones.
fn axis(side: Side) -> usize {
    usize::from(matches!(side, Side::North | Side::South))
}

/// The crossing at which a gate's first step ends.
fn place(grid: &Grid, gate: &Gate) -> Option<usize> {
    let p = gate.front;
    let find = |lines: &[f64], v: f64| {
        let i = lines.partition_point(|&x| x < v - 1e-5);
        (i < lines.len() && (lines[i] - v).abs() < 1e-4).then_some(i)
    };
    Some(grid.at(find(&grid.xs, p.x)?, find(&grid.ys, p.y)?))
}
