//! How good a drawing of a unit is, to choose between attempts.

use spandrel_base::Point;

use super::write_back::UnitDrawing;

/// What counts, each less is better.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Score {
    pub(super) crossings: usize,
    pub(super) bends: usize,
    pub(super) length: f64,
    pub(super) area: f64,
}

impl Score {
    /// Measures a drawing. Cost: O(S^2) for S segments.
    pub(super) fn of(drawing: &UnitDrawing) -> Self {
        let mut segments: Vec<(usize, Point, Point)> = Vec::new();
        let (mut bends, mut length) = (0, 0.0);
        for (index, (_, points)) in drawing.routes.iter().enumerate() {
            bends += points.len().saturating_sub(2);
            for pair in points.windows(2) {
                length += (pair[0].x - pair[1].x).abs() + (pair[0].y - pair[1].y).abs();
                segments.push((index, pair[0], pair[1]));
            }
        }
        let slanted = segments.iter().any(|s| (s.1.x - s.2.x).abs() > 1e-6 && (s.1.y - s.2.y).abs() > 1e-6);
        let mut crossings = 0;
        for (at, a) in segments.iter().enumerate() {
            for b in &segments[at + 1..] {
                let meets = if slanted { cross_slanted } else { cross };
                crossings += usize::from(a.0 != b.0 && meets((a.1, a.2), (b.1, b.2)));
            }
        }
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

/// Whether two slanted segments cross inside both.
fn cross_slanted(a: (Point, Point), b: (Point, Point)) -> bool {
    let side =
        |s: (Point, Point), p: Point| (s.1.x - s.0.x) * (p.y - s.0.y) - (s.1.y - s.0.y) * (p.x - s.0.x);
    let apart = |s: (Point, Point), t: (Point, Point)| side(s, t.0) * side(s, t.1) < -1e-3;
    apart(a, b) && apart(b, a)
}

/// Whether an upright and a level segment cross inside both.
fn cross(a: (Point, Point), b: (Point, Point)) -> bool {
    let upright = |s: (Point, Point)| (s.0.x - s.1.x).abs() < 1e-6;
    let (v, h) = match (upright(a), upright(b)) {
        (true, false) => (a, b),
        (false, true) => (b, a),
        _ => return false,
    };
    let between = |value: f64, p: f64, q: f64| p.min(q) + 1e-3 < value && value < p.max(q) - 1e-3;
    between(v.0.x, h.0.x, h.1.x) && between(h.0.y, v.0.y, v.1.y)
}
