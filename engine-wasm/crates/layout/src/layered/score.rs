//! How good a drawing of a unit is, to choose between attempts.

use spandrel_base::{LeanSort, Point};

use super::write_back::UnitDrawing;

/// What counts, each less is better.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Score {
    pub(super) crossings: usize,
    pub(super) bends: usize,
    pub(super) length: f64,
    pub(super) area: f64,
}

/// A segment of a route, with the number of the route.
type Segment = (usize, Point, Point);

impl Score {
    /// Measures a drawing. Cost: O(S log S + S * M) for S segments, M of them at the heights of one.
    pub(super) fn of(drawing: &UnitDrawing) -> Self {
        let mut segments: Vec<Segment> = Vec::new();
        let (mut bends, mut length) = (0, 0.0);
        for (index, (_, points)) in drawing.routes.iter().enumerate() {
            bends += points.len().saturating_sub(2);
            for pair in points.windows(2) {
                length += (pair[0].x - pair[1].x).abs() + (pair[0].y - pair[1].y).abs();
                segments.push((index, pair[0], pair[1]));
            }
        }
        let slanted = segments.iter().any(|s| (s.1.x - s.2.x).abs() > 1e-6 && (s.1.y - s.2.y).abs() > 1e-6);
        let crossings = if slanted { crossings_slanted(&segments) } else { crossings(&segments) };
        Self { crossings, bends, length, area: drawing.width * drawing.height }
    }

    /// One number: a drawing with half the crossings is as much better as one with half the area.
    pub(super) fn price(self, turned: usize) -> f64 {
        (2.0 + turned as f64)
            * (1.0 + self.crossings as f64)
            * (1.0 + self.bends as f64)
            * self.length.max(1.0)
            * self.area.max(1.0)
    }
}

/// Crossings of upright with level segments of other edges, inside both.
fn crossings(segments: &[Segment]) -> usize {
    const INSIDE: f64 = 1e-3;
    let is_upright = |s: &Segment| (s.1.x - s.2.x).abs() < 1e-6;
    let (upright, mut level): (Vec<&Segment>, Vec<&Segment>) = segments.iter().partition(|s| is_upright(s));
    level.lean_sort_by(|a, b| a.1.y.total_cmp(&b.1.y));
    let mut found = 0;
    for &(edge, p, q) in upright {
        let (top, bottom) = (p.y.min(q.y) + INSIDE, p.y.max(q.y) - INSIDE);
        let from = level.partition_point(|s| s.1.y <= top);
        let met = level[from..].iter().take_while(|s| s.1.y < bottom);
        let inside = |a: f64, b: f64| a.min(b) + INSIDE < p.x && p.x < a.max(b) - INSIDE;
        found += met.filter(|s| s.0 != edge && inside(s.1.x, s.2.x)).count();
    }
    found
}

fn crossings_slanted(segments: &[Segment]) -> usize {
    let mut found = 0;
    for (at, a) in segments.iter().enumerate() {
        let others = segments[at + 1..].iter().filter(|b| a.0 != b.0);
        found += others.filter(|b| cross_slanted((a.1, a.2), (b.1, b.2))).count();
    }
    found
}

/// Whether two slanted segments cross inside both.
fn cross_slanted(a: (Point, Point), b: (Point, Point)) -> bool {
    let side =
        |s: (Point, Point), p: Point| (s.1.x - s.0.x) * (p.y - s.0.y) - (s.1.y - s.0.y) * (p.x - s.0.x);
    let apart = |s: (Point, Point), t: (Point, Point)| side(s, t.0) * side(s, t.1) < -1e-3;
    apart(a, b) && apart(b, a)
}
