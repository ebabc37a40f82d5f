//! Routes that are not orthogonal: slanted lines, and curves made of them.
//!
//! The router draws a slanted line across each gap between two layers and a level one through each layer,
//! so that no line enters a node. Here what needs no bend loses it, and for splines each slanted line
//! becomes an S that leaves and arrives with the flow. A Bézier curve stays inside the hull of its control
//! points (Farin: Curves and Surfaces for CAGD, section 4.3), so a curve enters no node either.

use spandrel_base::Point;

const EPS: f64 = 1e-6;

/// A polyline without repeated points and without bends on a straight way, slanted or not.
pub(in super::super) fn straightened(points: &[Point]) -> Vec<Point> {
    let mut kept: Vec<Point> = Vec::with_capacity(points.len());
    for &p in points {
        if kept.last().is_some_and(|l| (l.x - p.x).abs() < EPS && (l.y - p.y).abs() < EPS) {
            continue;
        }
        while let [.., a, b] = kept[..] {
            let (ux, uy, vx, vy) = (b.x - a.x, b.y - a.y, p.x - b.x, p.y - b.y);
            let turns = (ux * vy - uy * vx).abs() > 1e-4 * (ux.abs() + uy.abs()) * (vx.abs() + vy.abs());
            if turns || ux * vx + uy * vy < 0.0 {
                break;
            }
            kept.pop();
        }
        kept.push(p);
    }
    if let [single] = kept[..] {
        kept.push(single);
    }
    kept
}

/// Cubic Bézier curves along a route in internal coordinates: the start, then for every curve two control
/// points and its end. A route without a bend stays two points, a loop of three segments is one curve.
pub(crate) fn curved(points: &[Point], is_loop: bool) -> Vec<Point> {
    let points = straightened(points);
    if points.len() < 3 || is_loop && points.len() == 4 {
        return points;
    }
    let mut curve = vec![points[0]];
    for pair in points.windows(2) {
        let (a, b) = (pair[0], pair[1]);
        let level = (a.x - b.x).abs() < EPS || (a.y - b.y).abs() < EPS;
        let (c, d) = if level {
            let at = |share: f64| Point::new(a.x + (b.x - a.x) * share, a.y + (b.y - a.y) * share);
            (at(1.0 / 3.0), at(2.0 / 3.0))
        } else {
            let middle = f64::midpoint(a.x, b.x);
            (Point::new(middle, a.y), Point::new(middle, b.y))
        };
        curve.extend([c, d, b]);
    }
    curve
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bends_on_a_straight_way_go_and_turns_stay() {
        let p = Point::new;
        let way = [p(0.0, 0.0), p(10.0, 5.0), p(20.0, 10.0), p(20.0, 10.0), p(30.0, 0.0)];
        assert_eq!(straightened(&way), [p(0.0, 0.0), p(20.0, 10.0), p(30.0, 0.0)]);
        // Back over itself is a turn.
        let back = [p(0.0, 0.0), p(10.0, 0.0), p(4.0, 0.0)];
        assert_eq!(straightened(&back), back);
    }

    #[test]
    fn a_slanted_line_becomes_a_curve_with_level_ends() {
        let p = Point::new;
        let curve = curved(&[p(0.0, 0.0), p(10.0, 0.0), p(30.0, 40.0)], false);
        assert_eq!(curve.len(), 7);
        assert_eq!(curve[3..], [p(10.0, 0.0), p(20.0, 0.0), p(20.0, 40.0), p(30.0, 40.0)]);
    }
}
