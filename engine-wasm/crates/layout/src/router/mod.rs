//! Routes edges between nodes that stand already: for held and pinned drawings, and for `route only`.
//!
//! A shortest-path search on a sparse grid: its lines run beside obstacles, beside lines that are there
//! already, and through the places where the edge may attach. Bends, crossings, titles and lines too close
//! to others cost; what is a node of somebody else is closed. (After Wybrow, Marriott, Stuckey: Orthogonal
//! connector routing, 2009, with costs on a grid in place of their nudging pass.)

mod grid;
mod labels;
mod search;

use spandrel_base::{Budget, Point, Rect};

use crate::Side;
use crate::layered::{curved, simplify};
use crate::model::{Direction, Graph, PortConstraint, Routing};
use crate::places::limit;
use grid::Grid;

/// Distance that lines keep from nodes and from each other, and the prices of what is not wanted, in
/// pixels of detour.
pub(crate) const CLEAR: f64 = 12.0;
const APART: f64 = 10.0;
const BEND: f64 = 30.0;
const CROSSING: f64 = 45.0;
const TITLE: f64 = 120.0;
const TAKEN: f64 = 60.0;
const SIDEWAYS: f64 = 25.0;
const AGAINST: f64 = 70.0;

/// What a line runs among.
pub(crate) struct Space<'a> {
    /// Boxes that it may not touch, those of its ends among them.
    pub(crate) obstacles: &'a [Rect],
    /// Boxes that it should avoid.
    pub(crate) soft: &'a [Rect],
    /// Axis-parallel segments of lines that are there.
    pub(crate) segments: &'a [(Point, Point)],
    /// How far from obstacles lines run, in pixels.
    pub(crate) clear: f64,
}

impl Space<'_> {
    /// The cheapest orthogonal line inside `window` from one of `from` to one of `to`; `None` where there is
    /// none, or where looking for it would cost too much.
    pub(crate) fn line(&self, window: Rect, from: &[Gate], to: &[Gate]) -> Option<Vec<Point>> {
        let mut grid = Grid::new(self, window, from, to)?;
        search::search(&mut grid, from, to).map(simplify)
    }
}

/// A drawing in which edges are routed one after the other.
pub(crate) struct Router<'a> {
    graph: &'a Graph,
    rects: &'a [Rect],
    ports: &'a [Vec<Rect>],
    /// Lines that are there, as axis-parallel segments with the edge they belong to.
    segments: Vec<(Point, Point)>,
    /// Ends of lines that are there.
    ends: Vec<Point>,
    /// Boxes that lines should avoid: titles and labels.
    soft: Vec<Rect>,
}

/// A place where an edge may leave or reach a node.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Gate {
    /// On the border.
    pub(crate) at: Point,
    /// The end of the first step away from the border.
    pub(crate) front: Point,
    pub(crate) side: Side,
    /// What it costs to use it.
    pub(crate) price: f64,
}

impl Gate {
    /// At a border, with a first step of `clear` pixels at right angles to it; negative where the line leads
    /// into the node instead of out of it.
    pub(crate) fn new(at: Point, side: Side, clear: f64, price: f64) -> Self {
        let front = match side {
            Side::North => at.offset(0.0, -clear),
            Side::South => at.offset(0.0, clear),
            Side::West => at.offset(-clear, 0.0),
            Side::East => at.offset(clear, 0.0),
        };
        Self { at, front, side, price }
    }
}

impl<'a> Router<'a> {
    /// A drawing without lines.
    pub(crate) fn new(graph: &'a Graph, rects: &'a [Rect], ports: &'a [Vec<Rect>]) -> Self {
        let mut soft = Vec::new();
        for (node, rect) in graph.nodes.iter().zip(rects) {
            if let Some(title) = node.title.filter(|_| !node.children.is_empty()) {
                let x = rect.x + (rect.width - title.size.width) * title.align;
                soft.push(Rect::new(x, rect.y, title.size.width, title.size.height + 8.0));
            }
        }
        Self { graph, rects, ports, segments: Vec::new(), ends: Vec::new(), soft }
    }

    /// Enters a line.
    pub(crate) fn add_line(&mut self, points: &[Point]) {
        for pair in points.windows(2) {
            self.segments.push((pair[0], pair[1]));
        }
        self.ends.extend(points.first());
        self.ends.extend(points.last());
    }

    /// Enters a box to avoid.
    pub(crate) fn add_box(&mut self, rect: Rect) {
        self.soft.push(rect);
    }

    /// A route for an edge of the graph: at least two points, orthogonal (as a chain of straight curves where
    /// splines are asked for), source to target, leaving and arriving on `side` where that is given. Once the
    /// budget is spent it is a plain one that looks at nothing.
    fn route(&self, edge: usize, side: Option<Side>, budget: &Budget<'_>) -> Vec<Point> {
        let parent = self.graph.nodes[self.graph.edges[edge].src.node].parent.unwrap_or(0);
        let points = self.orthogonal(edge, side, budget);
        if self.graph.nodes[parent].inner.routing == Routing::Splines {
            curved(&points, false)
        } else {
            points
        }
    }

    fn orthogonal(&self, edge: usize, side: Option<Side>, budget: &Budget<'_>) -> Vec<Point> {
        let e = &self.graph.edges[edge];
        let (src, dst) = (e.src.node, e.dst.node);
        if src == dst {
            return self.self_loop(src);
        }
        let outer = |inside: usize, holder: usize| self.graph.ancestors(inside).any(|a| a == holder);
        let mut from = self.gates(edge, true, outer(dst, src));
        let mut to = self.gates(edge, false, outer(src, dst));
        for gates in [&mut from, &mut to] {
            if gates.iter().any(|gate| Some(gate.side) == side) {
                gates.retain(|gate| Some(gate.side) == side);
            }
        }
        let span = self.rects[src].union(self.rects[dst]);
        let obstacles = self.obstacles(src, dst);
        let space = Space { obstacles: &obstacles, soft: &self.soft, segments: &self.segments, clear: CLEAR };
        for margin in [90.0, 500.0] {
            if budget.spend(1000).is_err() {
                break;
            }
            if let Some(points) = space.line(span.inflate(margin), &from, &to) {
                return points;
            }
        }
        direct(&from, &to)
    }

    /// Nodes that the edge may not run through: all but the containers of its ends. Of a foreign container
    /// its border is enough.
    fn obstacles(&self, src: usize, dst: usize) -> Vec<Rect> {
        let mut open = vec![false; self.graph.nodes.len()];
        open[0] = true;
        for end in [src, dst] {
            for ancestor in self.graph.ancestors(end) {
                open[ancestor] = true;
            }
        }
        let mut found = Vec::new();
        let mut stack = vec![0];
        while let Some(container) = stack.pop() {
            for &child in &self.graph.nodes[container].children {
                if open[child] {
                    stack.push(child);
                } else {
                    found.push(self.rects[child]);
                }
            }
        }
        found
    }

    /// Where an edge may attach at its source or target.
    fn gates(&self, edge: usize, at_src: bool, inwards: bool) -> Vec<Gate> {
        let e = &self.graph.edges[edge];
        let (end, other) = if at_src { (e.src, e.dst) } else { (e.dst, e.src) };
        let node = &self.graph.nodes[end.node];
        let (rect, far) = (self.rects[end.node], self.rects[other.node]);
        let parent = node.parent.unwrap_or(0);
        let direction = self.graph.nodes[parent].inner.direction;
        if let Some(port) = end.port.and_then(|p| node.ports.get(p)) {
            let place = end.port.and_then(|p| self.ports.get(end.node)?.get(p)).copied();
            let place = place.unwrap_or(Rect::at(port.position.offset(rect.x, rect.y), port.size));
            let sides = match (port.row, port.side) {
                (Some(_), _) => vec![Side::West, Side::East],
                // A port that was laid out before has its side; one of a caller that gives none may have any.
                (None, None)
                    if place == rect
                        || port.position == Point::default() && place.origin() == rect.origin() =>
                {
                    vec![Side::North, Side::East, Side::South, Side::West]
                }
                (None, None) => vec![nearest_side(rect, place.center())],
                (None, Some(_)) if node.port_constraint == PortConstraint::Free => {
                    vec![nearest_side(rect, place.center())]
                }
                (None, Some(side)) => vec![side],
            };
            let c = place.center();
            return sides
                .into_iter()
                .map(|side| {
                    let y = limit(port.row.map_or(c.y, |row| rect.y + row), rect.y, rect.bottom());
                    let x = limit(c.x, rect.x, rect.right());
                    // A port that sticks out is met at its outer side.
                    let at = match side {
                        Side::North => Point::new(x, rect.y.min(place.y)),
                        Side::South => Point::new(x, rect.bottom().max(place.bottom())),
                        Side::West => Point::new(rect.x.min(place.x), y),
                        Side::East => Point::new(rect.right().max(place.right()), y),
                    };
                    Gate::new(at, side, if inwards { -CLEAR } else { CLEAR }, 0.0)
                })
                .collect();
        }
        let mut gates = Vec::new();
        for side in [Side::North, Side::East, Side::South, Side::West] {
            let price = side_price(direction, side, at_src != inwards);
            let (low, high, far_low, far_high) = match side {
                Side::North | Side::South => (rect.x, rect.right(), far.x, far.right()),
                Side::East | Side::West => (rect.y, rect.bottom(), far.y, far.bottom()),
            };
            let extent = high - low;
            let middle = f64::midpoint(low, high);
            let inset = (extent / 4.0).min(10.0);
            let mut places = vec![(middle, 0.0)];
            // Straight across, where the two nodes overlap along this side.
            let (shared_low, shared_high) = (low.max(far_low) + inset, high.min(far_high) - inset);
            if shared_low <= shared_high {
                places.push((f64::midpoint(shared_low, shared_high), 2.0));
            }
            if extent > 30.0 {
                places.push((low + extent / 4.0, 6.0));
                places.push((high - extent / 4.0, 6.0));
            }
            for (place, extra) in places {
                let at = match side {
                    Side::North => Point::new(place, rect.y),
                    Side::South => Point::new(place, rect.bottom()),
                    Side::West => Point::new(rect.x, place),
                    Side::East => Point::new(rect.right(), place),
                };
                let taken = self.ends.iter().any(|p| (p.x - at.x).abs() + (p.y - at.y).abs() < APART * 0.8);
                let price = price + extra + if taken { TAKEN } else { 0.0 };
                gates.push(Gate::new(at, side, if inwards { -CLEAR } else { CLEAR }, price));
            }
        }
        gates
    }

    /// A loop at the top right corner.
    fn self_loop(&self, node: usize) -> Vec<Point> {
        let r = self.rects[node];
        let out = 16.0;
        let (x, y) = (r.right() - (r.width / 4.0).min(24.0), r.y + (r.height / 4.0).min(16.0));
        vec![
            Point::new(r.right(), y),
            Point::new(r.right() + out, y),
            Point::new(r.right() + out, r.y - out),
            Point::new(x, r.y - out),
            Point::new(x, r.y),
        ]
    }
}

/// The side of a box that a point is nearest to.
fn nearest_side(rect: Rect, p: Point) -> Side {
    let distances = [
        ((p.x - rect.x).abs(), Side::West),
        ((rect.right() - p.x).abs(), Side::East),
        ((p.y - rect.y).abs(), Side::North),
        ((rect.bottom() - p.y).abs(), Side::South),
    ];
    let mut best = distances[0];
    for d in distances {
        if d.0 < best.0 {
            best = d;
        }
    }
    best.1
}

/// Edges leave with the flow and arrive from where the flow comes.
fn side_price(direction: Direction, side: Side, leaves: bool) -> f64 {
    let ahead = match direction {
        Direction::Right => Side::East,
        Direction::Left => Side::West,
        Direction::Down => Side::South,
        Direction::Up => Side::North,
    };
    let behind = match ahead {
        Side::East => Side::West,
        Side::West => Side::East,
        Side::South => Side::North,
        Side::North => Side::South,
    };
    let (wanted, unwanted) = if leaves { (ahead, behind) } else { (behind, ahead) };
    if side == wanted {
        0.0
    } else if side == unwanted {
        AGAINST
    } else {
        SIDEWAYS
    }
}

/// The plain way where no way is free: out, across, in.
fn direct(from: &[Gate], to: &[Gate]) -> Vec<Point> {
    let (Some(a), Some(b)) = (from.first(), to.first()) else { return Vec::new() };
    let vertical = |g: &Gate| matches!(g.side, Side::North | Side::South);
    let (p, q) = (a.at, b.at);
    let points = match (vertical(a), vertical(b)) {
        (true, true) => {
            let y = f64::midpoint(p.y, q.y);
            vec![p, Point::new(p.x, y), Point::new(q.x, y), q]
        }
        (false, false) => {
            let x = f64::midpoint(p.x, q.x);
            vec![p, Point::new(x, p.y), Point::new(x, q.y), q]
        }
        (true, false) => vec![p, Point::new(p.x, q.y), q],
        (false, true) => vec![p, Point::new(q.x, p.y), q],
    };
    simplify(points)
}
