//! Fewer bends after the simplex.
//!
//! The simplex minimises deviation; where two places cost the same it does not know that one of them
//! needs fewer bends, and it will not pay a few pixels for one. Here every bent segment is tried: one of
//! its ends is moved until it is straight, together with all that is tied to that end (what is joined
//! straight to it moves along, what it pushes against gives way), and the move stays where bends saved
//! outweigh the length added.

use super::simplex::Deviation;
use crate::lists::Lists;
use crate::simplex::Arc;
use spandrel_base::Budget;

/// What a pixel of length must save in bends: a bend is worth this many pixels.
const BEND: f64 = 64.0;
/// A segment this straight is straight.
const STRAIGHT: f64 = 1e-6;
/// Variables that one move may carry along.
const LARGEST: usize = 160;
const ROUNDS: usize = 6;
/// Variables that all moves together may look at.
const WORK: usize = 4_000_000;

pub(super) struct Straightener<'a> {
    arcs: &'a [Arc],
    deviations: &'a [Deviation],
    /// By variable: constraints and deviations at it, as flat lists.
    arcs_at: Lists<u32>,
    deviations_at: Lists<u32>,
    stamp: Vec<u32>,
    now: u32,
    moved: Vec<u32>,
    work: usize,
}

impl<'a> Straightener<'a> {
    /// `arcs` are the constraints between the first `count` variables; later variables are helpers of the
    /// simplex and left out.
    pub(super) fn new(arcs: &'a [Arc], deviations: &'a [Deviation], count: usize) -> Self {
        let both = |index: usize, a: u32, b: u32| [(a, index as u32), (b, index as u32)];
        let inner = |arc: &&Arc| (arc.tail as usize) < count && (arc.head as usize) < count;
        let ends = arcs.iter().enumerate().filter(|(_, arc)| inner(arc));
        let arcs_at = Lists::of(count, ends.flat_map(|(index, arc)| both(index, arc.tail, arc.head)));
        let ends = deviations.iter().enumerate();
        let deviations_at = Lists::of(count, ends.flat_map(|(index, d)| both(index, d.a.0, d.b.0)));
        Self {
            arcs,
            deviations,
            arcs_at,
            deviations_at,
            stamp: vec![0; count],
            now: 0,
            moved: Vec::new(),
            work: 0,
        }
    }

    /// Moves variables of `y` until no single move helps.
    pub(super) fn run(&mut self, y: &mut [f64], budget: &Budget<'_>) {
        // Where nothing was gained since a deviation was last tried, trying it again gains nothing either.
        let mut last = self.deviations.len();
        for _ in 0..ROUNDS {
            let mut gained = None;
            for index in 0..self.deviations.len() {
                if gained.is_none() && index > last {
                    return;
                }
                let d = self.deviations[index];
                if d.bends == 0.0 || self.work > WORK {
                    continue;
                }
                if budget.spend(16).is_err() {
                    return;
                }
                let off = d.offset(y);
                if off.abs() < STRAIGHT {
                    continue;
                }
                // Move `a` by -off or `b` by +off; with everything that is straight at it, or alone.
                for (start, shift) in [(d.a.0, -off), (d.b.0, off)] {
                    if [true, false].into_iter().any(|carry| self.try_move(y, index, start, shift, carry)) {
                        gained = Some(index);
                        break;
                    }
                }
            }
            let Some(index) = gained else { return };
            last = index;
        }
    }

    fn try_move(&mut self, y: &mut [f64], target: usize, start: u32, shift: f64, carry: bool) -> bool {
        self.now += 1;
        self.moved.clear();
        self.moved.push(start);
        self.stamp[start as usize] = self.now;
        let d = self.deviations[target];
        let other = if d.a.0 == start { d.b.0 } else { d.a.0 };
        let mut at = 0;
        while at < self.moved.len() {
            let v = self.moved[at];
            at += 1;
            self.work += 1;
            if carry {
                for &index in self.deviations_at.at(v) {
                    let d = &self.deviations[index as usize];
                    if index as usize != target && d.bends > 0.0 && d.offset(y).abs() < STRAIGHT {
                        let far = if d.a.0 == v { d.b.0 } else { d.a.0 };
                        if self.stamp[far as usize] != self.now {
                            self.stamp[far as usize] = self.now;
                            self.moved.push(far);
                        }
                    }
                }
            }
            for &index in self.arcs_at.at(v) {
                let arc = &self.arcs[index as usize];
                // Only an end that moves towards the other can break the constraint.
                let (pushes, far) =
                    if arc.tail == v { (shift > 0.0, arc.head) } else { (shift < 0.0, arc.tail) };
                if !pushes || self.stamp[far as usize] == self.now {
                    continue;
                }
                let slack = y[arc.head as usize] - y[arc.tail as usize] - arc.length;
                if slack < shift.abs() - 1e-9 {
                    self.stamp[far as usize] = self.now;
                    self.moved.push(far);
                }
            }
            // The origin stands, and the other end of what is to be straightened must stay behind.
            if self.stamp[0] == self.now
                || self.stamp[other as usize] == self.now
                || self.moved.len() > LARGEST
            {
                return false;
            }
        }
        if self.gain(y, shift) <= 1e-6 {
            return false;
        }
        for &v in &self.moved {
            y[v as usize] += shift;
        }
        true
    }

    /// Bends saved less length added, in pixels.
    fn gain(&self, y: &[f64], shift: f64) -> f64 {
        let mut gain = 0.0;
        for &v in &self.moved {
            for &index in self.deviations_at.at(v) {
                let d = &self.deviations[index as usize];
                let (a, b) = (self.stamp[d.a.0 as usize] == self.now, self.stamp[d.b.0 as usize] == self.now);
                if a && b {
                    continue;
                }
                let before = d.offset(y);
                let after = before + if a { shift } else { -shift };
                let bent = |off: f64| if off.abs() < STRAIGHT { 0.0 } else { d.bends };
                gain += BEND * (bent(before) - bent(after)) + d.length * (before.abs() - after.abs());
            }
            for &index in self.arcs_at.at(v) {
                let arc = &self.arcs[index as usize];
                if arc.weight == 0.0 {
                    continue;
                }
                let (a, b) =
                    (self.stamp[arc.tail as usize] == self.now, self.stamp[arc.head as usize] == self.now);
                if a != b {
                    // What stretches a container costs its other side too.
                    gain -= if b { shift } else { -shift } * arc.weight / 2.0;
                }
            }
        }
        gain
    }
}
