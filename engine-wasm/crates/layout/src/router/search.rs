//! A* on the grid: states are crossings with the axis of the last step, so that bends have a price.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use spandrel_base::Point;

use super::grid::Grid;
use super::{BEND, Gate};
use crate::Side;

const NONE: u32 = u32::MAX;

/// The cheapest way from one of `from` to one of `to`, ends included.
pub(super) fn search(grid: &Grid, from: &[Gate], to: &[Gate]) -> Option<Vec<Point>> {
    let count = grid.xs.len() * grid.ys.len();
    let mut best = vec![f64::INFINITY; 2 * count];
    let mut back = vec![NONE; 2 * count];
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
        let p = gate.stub();
        (x0, y0, x1, y1) = (x0.min(p.x), y0.min(p.y), x1.max(p.x), y1.max(p.y));
    }
    let rest = |at: usize| {
        let (x, y) = (grid.xs[at % grid.xs.len()], grid.ys[at / grid.xs.len()]);
        (x0 - x).max(x - x1).max(0.0) + (y0 - y).max(y - y1).max(0.0)
    };
    let key = |value: f64| (value * 256.0) as u64;
    for gate in from {
        let Some(at) = place(grid, gate) else { continue };
        let state = 2 * at + axis(gate.side);
        if gate.price < best[state] {
            best[state] = gate.price;
            heap.push(Reverse((key(gate.price + rest(at)), state as u32)));
        }
    }
    let mut done = vec![false; 2 * count];
    let mut found: Option<(f64, u32, usize)> = None;
    while let Some(Reverse((estimate, state))) = heap.pop() {
        let state = state as usize;
        if done[state] {
            continue;
        }
        done[state] = true;
        if found.is_some_and(|(price, ..)| key(price) <= estimate) {
            break;
        }
        let (at, along) = (state / 2, state % 2);
        for &(goal, place, goal_axis) in &goals {
            if place == at {
                let price = best[state] + to[goal].price + if goal_axis == along { 0.0 } else { BEND };
                if found.is_none_or(|(least, ..)| price < least) {
                    found = Some((price, state as u32, goal));
                }
            }
        }
        let (i, j) = (at % grid.xs.len(), at / grid.xs.len());
        let mut step = |next: usize, next_axis: usize, length: f64, price: f32| {
            if !price.is_finite() {
                return;
            }
            let bend = if next_axis == along { 0.0 } else { BEND };
            let total = best[state] + length + f64::from(price) + bend;
            let next_state = 2 * next + next_axis;
            if total + 1e-9 < best[next_state] {
                best[next_state] = total;
                back[next_state] = state as u32;
                heap.push(Reverse((key(total + rest(next)), next_state as u32)));
            }
        };
        let width = grid.xs.len();
        if i + 1 < width {
            step(at + 1, 0, grid.xs[i + 1] - grid.xs[i], grid.right[at]);
        }
        if i > 0 {
            step(at - 1, 0, grid.xs[i] - grid.xs[i - 1], grid.right[at - 1]);
        }
        if j + 1 < grid.ys.len() {
            step(at + width, 1, grid.ys[j + 1] - grid.ys[j], grid.down[at]);
        }
        if j > 0 {
            step(at - width, 1, grid.ys[j] - grid.ys[j - 1], grid.down[at - width]);
        }
    }
    let (_, state, goal) = found?;
    let mut points = vec![to[goal].at];
    let mut walk = state;
    let mut first = state;
    while walk != NONE {
        let at = walk as usize / 2;
        points.push(Point::new(grid.xs[at % grid.xs.len()], grid.ys[at / grid.xs.len()]));
        first = walk;
        walk = back[walk as usize];
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
    let p = gate.stub();
    let find = |lines: &[f64], v: f64| {
        let i = lines.partition_point(|&x| x < v - 1e-5);
        (i < lines.len() && (lines[i] - v).abs() < 1e-4).then_some(i)
    };
    Some(grid.at(find(&grid.xs, p.x)?, find(&grid.ys, p.y)?))
}
