//! Line jumps: where two lines must cross, the horizontal one hops over the vertical one.
//!
//! Only clean crossings hop: well inside both segments, so that no hop meets a bend, an end or another hop.

use spandrel_base::LeanSort;
use std::fmt::Write as _;

use spandrel_base::Point;

use super::path::{BEND, rounded, write_bend};
use super::xml::number;

/// Radius of a hop, pixels.
const RADIUS: f64 = 4.0;
/// What a crossing keeps from the ends of both segments.
const CLEAR: f64 = BEND + RADIUS + 1.0;
/// Beyond this many pairs of segments hops are not worth their time.
const MOST_PAIRS: usize = 4_000_000;

/// A hop over another line at `x` on the segment that begins with point number `segment`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Hop {
    segment: usize,
    x: f64,
}

/// The hops of each route, in order along it. Empty routes have none.
pub(crate) fn find(routes: &[&[Point]]) -> Vec<Vec<Hop>> {
    let mut verticals: Vec<(f64, f64, f64, usize)> = Vec::new();
    let mut horizontals = 0;
    for (index, route) in routes.iter().enumerate() {
        for pair in route.windows(2) {
            if pair[0].x == pair[1].x {
                let (top, bottom) = (pair[0].y.min(pair[1].y), pair[0].y.max(pair[1].y));
                verticals.push((pair[0].x, top, bottom, index));
            } else if pair[0].y == pair[1].y {
                horizontals += 1;
            }
        }
    }
    let mut hops = vec![Vec::new(); routes.len()];
    if verticals.len().saturating_mul(horizontals) > MOST_PAIRS {
        return hops;
    }
    verticals.lean_sort_by(|a, b| a.0.total_cmp(&b.0));
    for (index, route) in routes.iter().enumerate() {
        for (segment, pair) in route.windows(2).enumerate() {
            let (a, b) = (pair[0], pair[1]);
            if a.y != b.y {
                continue;
            }
            let (left, right) = (a.x.min(b.x) + CLEAR, a.x.max(b.x) - CLEAR);
            let from = verticals.partition_point(|vertical| vertical.0 < left);
            let mut found: Vec<f64> = Vec::new();
            for &(x, top, bottom, other) in
                verticals[from..].iter().take_while(|vertical| vertical.0 <= right)
            {
                let clear = top + CLEAR <= a.y && a.y <= bottom - CLEAR;
                let apart = found.last().is_none_or(|last| x - last > 2.0 * RADIUS + 1.0);
                if other != index && clear && apart {
                    found.push(x);
                }
            }
            if a.x > b.x {
                found.reverse();
            }
            hops[index].extend(found.into_iter().map(|x| Hop { segment, x }));
        }
    }
    hops
}

/// A line through `points` with rounded bends and `hops`.
pub(crate) fn path(points: &[Point], hops: &[Hop]) -> String {
    if hops.is_empty() {
        return rounded(points);
    }
    let mut d = String::new();
    let Some(first) = points.first() else { return d };
    let _ = write!(d, "M{} {}", number(first.x), number(first.y));
    for (segment, pair) in points.windows(2).enumerate() {
        let right = pair[1].x > pair[0].x;
        let step = if right { RADIUS } else { -RADIUS };
        for hop in hops.iter().filter(|hop| hop.segment == segment) {
            // Always over the top, whichever way the line runs.
            let _ = write!(
                d,
                "L{} {y}A{RADIUS} {RADIUS} 0 0 {} {} {y}",
                number(hop.x - step),
                u8::from(right),
                number(hop.x + step),
                y = number(pair[0].y)
            );
        }
        match points.get(segment + 2) {
            Some(&after) => write_bend(&mut d, pair[0], pair[1], after),
            None => {
                let _ = write!(d, "L{} {}", number(pair[1].x), number(pair[1].y));
            }
        }
    }
    d
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clean_crossing_hops_and_a_touch_does_not() {
        let across = [Point::new(0.0, 50.0), Point::new(100.0, 50.0)];
        let down = [Point::new(40.0, 0.0), Point::new(40.0, 100.0)];
        let touch = [Point::new(70.0, 0.0), Point::new(70.0, 50.0)];
        let hops = find(&[&across, &down, &touch]);
        assert_eq!(hops[0], [Hop { segment: 0, x: 40.0 }]);
        assert!(hops[1].is_empty() && hops[2].is_empty());
        assert_eq!(path(&across, &hops[0]), "M0 50L36 50A4 4 0 0 1 44 50L100 50");
    }
}
