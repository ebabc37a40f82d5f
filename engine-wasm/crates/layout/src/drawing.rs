//! What the layout stage gives: absolute rectangles, routed edges, placed labels.

use spandrel_base::{IdVec, Point, Rect};
use spandrel_graph::{EdgeId, NodeId};

/// A laid-out board. All coordinates are absolute CSS pixels, y down, finite; the board's origin is 0,0.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Drawing {
    /// By node of the board.
    pub nodes: IdVec<NodeId, PlacedNode>,
    /// By edge of the board.
    pub edges: IdVec<EdgeId, PlacedEdge>,
    /// Lines and bars that belong to no single object: lifelines of a sequence diagram.
    pub marks: Vec<Mark>,
    /// The smallest rectangle that holds all of it.
    pub bounds: Rect,
}

/// Where a node stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PlacedNode {
    /// Its border.
    pub rect: Rect,
    /// Where the measured label goes (the block's own size); `None` where there is no label.
    pub label: Option<Rect>,
    /// Where the icon goes.
    pub icon: Option<Rect>,
    /// Whether the source pins it (`top` and `left`).
    pub pinned: bool,
}

/// Where an edge runs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PlacedEdge {
    /// The line.
    pub route: Route,
    /// Where the label in the middle goes.
    pub label: Option<Rect>,
    /// Where the label of the source's arrowhead goes.
    pub src_label: Option<Rect>,
    /// Where the label of the target's arrowhead goes.
    pub dst_label: Option<Rect>,
}

/// A line from the border of its source to the border of its target.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Route {
    /// At least two points, source to target, the ends on the shapes' outlines. Orthogonal routes have
    /// only horizontal and vertical segments; for splines the points are cubic Bézier control points,
    /// 3n + 1 of them.
    pub points: Vec<Point>,
    /// Whether the points are Bézier control points.
    pub spline: bool,
    /// The side of the source's rectangle at which it leaves.
    pub src_side: Side,
    /// The side of the target's rectangle at which it arrives.
    pub dst_side: Side,
}

/// A side of a rectangle.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Side {
    /// Top.
    North,
    /// Right.
    #[default]
    East,
    /// Bottom.
    South,
    /// Left.
    West,
}

/// A stroke that belongs to a node but lies outside its rectangle.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// The node it belongs to.
    pub node: NodeId,
    /// Start of the stroke.
    pub from: Point,
    /// End of the stroke.
    pub to: Point,
}

impl Side {
    /// The side of `rect` at which a line ends that comes from `outside` and ends at `end`.
    ///
    /// The way the line runs decides, for the end may lie on an outline deep inside the rectangle; only for
    /// lines that come from within, or slanted ones, the nearest side does.
    pub fn of_end(rect: Rect, outside: Point, end: Point) -> Self {
        let inner = rect.inflate(-0.01);
        if !inner.contains(outside) {
            let same = |a: f64, b: f64| (a - b).abs() < 1e-6;
            if same(outside.y, end.y) && !same(outside.x, end.x) {
                return if outside.x < end.x { Self::West } else { Self::East };
            }
            if same(outside.x, end.x) && !same(outside.y, end.y) {
                return if outside.y < end.y { Self::North } else { Self::South };
            }
        }
        let distances = [
            ((end.x - rect.x).abs(), Self::West),
            ((end.x - rect.right()).abs(), Self::East),
            ((end.y - rect.y).abs(), Self::North),
            ((end.y - rect.bottom()).abs(), Self::South),
        ];
        distances
            .into_iter()
            .reduce(|best, next| if next.0 < best.0 { next } else { best })
            .map_or(Self::East, |d| d.1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_a_line_runs_tells_its_side() {
        let rect = Rect::new(0.0, 0.0, 100.0, 40.0);
        let side = |outside: (f64, f64), end: (f64, f64)| {
            Side::of_end(rect, Point::new(outside.0, outside.1), Point::new(end.0, end.1))
        };
        // Deep inside, nearer to the top than to the left.
        assert_eq!(side((-50.0, 5.0), (20.0, 5.0)), Side::West);
        assert_eq!(side((50.0, 90.0), (50.0, 40.0)), Side::South);
        // From within a container to its own border.
        assert_eq!(side((30.0, 20.0), (0.0, 20.0)), Side::West);
        // Slanted.
        assert_eq!(side((150.0, 30.0), (100.0, 20.0)), Side::East);
    }
}
