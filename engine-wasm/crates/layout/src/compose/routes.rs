//! Edges between boxes of different insides: kept, led on to their real ends, or routed anew around what stands there.

use std::collections::BTreeMap;

use spandrel_base::{Budget, IdVec, LeanSort, Point, Rect, Size};
use spandrel_graph::{Board, Edge, EdgeId, NodeId};

use crate::around::{End, Taken, elbow, route};
use crate::drawing::{Drawing, PlacedEdge, Route, Side};
use crate::grid::Spec;
use crate::layered::simplify;
use crate::measured::{Measured, TextBlock};
use crate::stored::StoredDrawing;

/// More obstacles than this are thinned out to those near the route.
const NEARBY: usize = 300;

/// Gives every edge its final route.
pub(super) struct Router<'a> {
    pub(super) board: &'a Board,
    pub(super) measured: &'a Measured,
    pub(super) sizes: &'a BTreeMap<NodeId, Size>,
    pub(super) budget: &'a Budget<'a>,
    pub(super) taken: Taken,
}

impl Router<'_> {
    pub(super) fn finish(
        mut self,
        drawing: &mut Drawing,
        mut edges: IdVec<EdgeId, Option<PlacedEdge>>,
        previous: Option<&StoredDrawing>,
    ) {
        for placed in edges.iter().flatten() {
            self.taken.add(&placed.route.points);
        }
        for id in self.board.edges.ids() {
            let edge = &self.board.edges[id];
            if let Some(kept) = previous.and_then(|previous| self.kept(drawing, id, previous)) {
                drawing.edges.push(kept);
                continue;
            }
            let placed = match edges[id].take() {
                Some(placed) => match self.led_on(drawing, edge, &placed) {
                    Some(led) => led,
                    None => self.between(drawing, id),
                },
                None => self.between(drawing, id),
            };
            drawing.edges.push(placed);
        }
    }

    /// The route that an edge had, where its ends have not moved and nothing stands in its way now.
    fn kept(&self, drawing: &Drawing, id: EdgeId, previous: &StoredDrawing) -> Option<PlacedEdge> {
        let edge = &self.board.edges[id];
        let stored = previous.edges.get(&self.board.edge_key(id))?;
        let finite = stored.points.iter().all(|point| point.x.is_finite() && point.y.is_finite());
        if stored.points.len() < 2 || !finite {
            return None;
        }
        let unmoved = |end: NodeId| {
            let (now, then) = (drawing.nodes[end].rect, previous.nodes.get(&self.board.nodes[end].id));
            then.is_some_and(|then| near_rect(now, *then))
        };
        if !unmoved(edge.src) || !unmoved(edge.dst) {
            return None;
        }
        let around = self.board.common_ancestor(edge.src, edge.dst);
        let obstacles = self.obstacles(drawing, around, &[edge.src, edge.dst]);
        let hits = |pair: &[Point]| {
            let [a, b] = [pair[0], pair[1]].map(|point| Rect::new(point.x, point.y, 0.0, 0.0));
            obstacles.iter().any(|other| other.inflate(-0.5).overlaps(a.union(b).inflate(0.01)))
        };
        if stored.points.windows(2).any(hits) {
            return None;
        }
        let sizes = &self.measured.edges[id];
        let at = |corner: Option<Point>, block: Option<&TextBlock>| Some(Rect::at(corner?, block?.size));
        let last = stored.points.len() - 1;
        let (src, dst) = (drawing.nodes[edge.src].rect, drawing.nodes[edge.dst].rect);
        Some(PlacedEdge {
            route: Route {
                src_side: Side::of_end(src, stored.points[1], stored.points[0]),
                dst_side: Side::of_end(dst, stored.points[last - 1], stored.points[last]),
                points: stored.points.clone(),
                spline: false,
            },
            label: at(stored.label, sizes.label.as_ref()),
            src_label: at(stored.src_label, sizes.src_label.as_ref()),
            dst_label: at(stored.dst_label, sizes.dst_label.as_ref()),
        })
    }

    /// Leads a route that ends at a box on to its real ends inside; `None` where titles are in the way.
    fn led_on(&mut self, drawing: &Drawing, edge: &Edge, placed: &PlacedEdge) -> Option<PlacedEdge> {
        let mut placed = placed.clone();
        let outer = |end: NodeId| self.outermost_box(end);
        let (src, dst) = (outer(edge.src), outer(edge.dst));
        if src == dst && src.is_some() {
            return Some(placed);
        }
        for (end, holder, at_start) in [(edge.src, src, true), (edge.dst, dst, false)] {
            let Some(holder) = holder.filter(|holder| *holder != end) else { continue };
            let points = &mut placed.route.points;
            if !at_start {
                points.reverse();
            }
            let (Some(&from), rect) = (points.first(), drawing.nodes[end].rect) else { continue };
            let mut obstacles = self.obstacles(drawing, Some(holder), &[end]);
            obstacles.extend(fence(drawing.nodes[holder].rect));
            obstacles.extend(self.titles(drawing, Some(holder), &[end]));
            obstacles.extend(drawing.nodes[holder].label);
            let clear = self.clearance(Some(holder));
            // First straight in, so that no route runs along the border.
            let outside = points.get(1).copied().unwrap_or(from);
            let step = match Side::of_end(drawing.nodes[holder].rect, outside, from) {
                Side::North => from.offset(0.0, clear),
                Side::South => from.offset(0.0, -clear),
                Side::West => from.offset(clear, 0.0),
                Side::East => from.offset(-clear, 0.0),
            };
            let mut inside = vec![from];
            inside.extend(route(End::At(step), End::Box(rect), &obstacles, clear, &self.taken, self.budget)?);
            self.taken.add(&inside);
            inside.reverse();
            inside.extend(points.iter().copied());
            *points = simplify(inside);
            if !at_start {
                points.reverse();
            }
        }
        self.clipped(drawing, edge, &mut placed.route);
        Some(placed)
    }

    /// The outermost node around `end`, itself included, that counts as a box in the plain layout around.
    fn outermost_box(&self, end: NodeId) -> Option<NodeId> {
        let chain = std::iter::once(end).chain(self.board.ancestors(end));
        chain.filter(|id| self.sizes.contains_key(id)).last()
    }

    /// A route between two nodes that stand where they stand.
    fn between(&mut self, drawing: &Drawing, id: EdgeId) -> PlacedEdge {
        let edge = &self.board.edges[id];
        let (src, dst) = (drawing.nodes[edge.src].rect, drawing.nodes[edge.dst].rect);
        let around = self.board.common_ancestor(edge.src, edge.dst);
        let mut obstacles = self.obstacles(drawing, around, &[edge.src, edge.dst]);
        obstacles.extend(self.titles(drawing, around, &[edge.src, edge.dst]));
        // On large boards only what is near, and nothing where that is still too much: an elbow then.
        if obstacles.len() > NEARBY {
            let near = src.union(dst).inflate(300.0);
            obstacles.retain(|other| other.overlaps(near));
        }
        let affordable =
            obstacles.len() <= 5 * NEARBY && self.budget.spend(obstacles.len() as u64 * 8).is_ok();
        let clear = self.clearance(around);
        let found = if edge.is_self_loop() {
            Some(self_loop(src))
        } else if src.contains_rect(dst) || dst.contains_rect(src) {
            Some(into(src, dst))
        } else if affordable {
            route(End::Box(src), End::Box(dst), &obstacles, clear, &self.taken, self.budget)
        } else {
            None
        };
        let points = found.unwrap_or_else(|| elbow(src, dst));
        self.taken.add(&points);
        let mut placed = PlacedEdge { route: Route { points, ..Route::default() }, ..PlacedEdge::default() };
        self.clipped(drawing, edge, &mut placed.route);
        self.label(id, &mut placed);
        placed
    }

    /// How far routes keep from boxes: no more than the gaps of a grid allow.
    fn clearance(&self, around: Option<NodeId>) -> f64 {
        let attrs = around.map_or(&self.board.root.attrs, |id| &self.board.nodes[id].attrs);
        Spec::of(attrs).map_or(12.0, |spec| (spec.least_gap() / 3.0).clamp(2.0, 12.0))
    }

    /// What a route between `ends` inside `around` must not cross: the smallest set of whole nodes that
    /// covers everything but the ends and what holds them.
    fn obstacles(&self, drawing: &Drawing, around: Option<NodeId>, ends: &[NodeId]) -> Vec<Rect> {
        let mut open: Vec<NodeId> = ends.iter().flat_map(|&end| self.board.ancestors(end)).collect();
        open.lean_sort();
        open.dedup();
        let inside =
            |id: NodeId| around.is_none_or(|around| around != id && self.board.is_inside(id, around));
        let mut found = Vec::new();
        for (id, node) in self.board.nodes.entries() {
            let level = node.parent == around || node.parent.is_some_and(|parent| open.contains(&parent));
            if level && inside(id) && !open.contains(&id) && !ends.contains(&id) {
                found.push(drawing.nodes[id].rect);
            }
        }
        found
    }

    /// Titles of the containers around `ends` inside `around`: a route should not run over them.
    fn titles(&self, drawing: &Drawing, around: Option<NodeId>, ends: &[NodeId]) -> Vec<Rect> {
        let mut open: Vec<NodeId> = ends.iter().flat_map(|&end| self.board.ancestors(end)).collect();
        open.lean_sort();
        open.dedup();
        let inside =
            |id: NodeId| around.is_none_or(|around| around != id && self.board.is_inside(id, around));
        open.into_iter().filter(|id| inside(*id)).filter_map(|id| drawing.nodes[id].label).collect()
    }

    /// Moves the ends to the outlines and names their sides.
    fn clipped(&self, drawing: &Drawing, edge: &Edge, route: &mut Route) {
        let last = route.points.len().saturating_sub(1);
        if last == 0 {
            return;
        }
        let (src, dst) = (drawing.nodes[edge.src].rect, drawing.nodes[edge.dst].rect);
        route.src_side = Side::of_end(src, route.points[1], route.points[0]);
        route.dst_side = Side::of_end(dst, route.points[last - 1], route.points[last]);
        let clip = |id: NodeId, rect, outside, end| {
            self.measured.nodes[id].drawn(self.board.nodes[id].shape).clip(rect, outside, end)
        };
        route.points[0] = clip(edge.src, src, route.points[1], route.points[0]);
        route.points[last] = clip(edge.dst, dst, route.points[last - 1], route.points[last]);
    }

    /// Puts labels on a route: the middle one on its longest piece, the others at the ends.
    fn label(&self, id: EdgeId, placed: &mut PlacedEdge) {
        let sizes = &self.measured.edges[id];
        let points = &placed.route.points;
        let longest = points.windows(2).max_by(|a, b| length(a).total_cmp(&length(b)));
        if let (Some(block), Some(pair)) = (&sizes.label, longest) {
            let middle = Point::new(f64::midpoint(pair[0].x, pair[1].x), f64::midpoint(pair[0].y, pair[1].y));
            let corner = middle.offset(-block.size.width / 2.0, -block.size.height / 2.0);
            placed.label = Some(Rect::at(corner, block.size));
        }
        let at = |end: Point, next: Point, size: Size| {
            let (dx, dy) = ((next.x - end.x).signum(), (next.y - end.y).signum());
            let horizontal = end.y == next.y;
            // Beside the line, a head's length away from the end.
            let corner = if horizontal {
                let x = if dx > 0.0 { end.x + 12.0 } else { end.x - 12.0 - size.width };
                Point::new(x, end.y - size.height - 2.0)
            } else {
                let y = if dy > 0.0 { end.y + 12.0 } else { end.y - 12.0 - size.height };
                Point::new(end.x + 4.0, y)
            };
            Rect::at(corner, size)
        };
        if let [first, second, ..] = points.as_slice() {
            placed.src_label = sizes.src_label.as_ref().map(|block| at(*first, *second, block.size));
        }
        if let [.., before, last] = points.as_slice() {
            placed.dst_label = sizes.dst_label.as_ref().map(|block| at(*last, *before, block.size));
        }
    }
}

fn length(pair: &[Point]) -> f64 {
    (pair[0].x - pair[1].x).abs() + (pair[0].y - pair[1].y).abs()
}

/// Walls around a box, so that what is routed inside stays inside.
fn fence(rect: Rect) -> [Rect; 4] {
    const THICK: f64 = 20.0;
    let outer = rect.inflate(THICK);
    [
        Rect::new(outer.x, outer.y, outer.width, THICK),
        Rect::new(outer.x, rect.bottom(), outer.width, THICK),
        Rect::new(outer.x, outer.y, THICK, outer.height),
        Rect::new(rect.right(), outer.y, THICK, outer.height),
    ]
}

fn near_rect(a: Rect, b: Rect) -> bool {
    [a.x - b.x, a.y - b.y, a.width - b.width, a.height - b.height].iter().all(|d| d.abs() < 1e-3)
}

/// A loop at the top right corner.
fn self_loop(rect: Rect) -> Vec<Point> {
    let (x, y) = (rect.right(), rect.y);
    let reach = 14.0;
    vec![
        Point::new(x - 16.0_f64.min(rect.width / 2.0), y),
        Point::new(x - 16.0_f64.min(rect.width / 2.0), y - reach),
        Point::new(x + reach, y - reach),
        Point::new(x + reach, y + 12.0_f64.min(rect.height / 2.0)),
        Point::new(x, y + 12.0_f64.min(rect.height / 2.0)),
    ]
}

/// A line from the border of an outer box to a box inside it, or back.
fn into(src: Rect, dst: Rect) -> Vec<Point> {
    let (outer, inner, reversed) = if src.contains_rect(dst) { (src, dst, false) } else { (dst, src, true) };
    let y = inner.center().y;
    let mut points = vec![Point::new(outer.x, y), Point::new(inner.x, y)];
    if reversed {
        points.reverse();
    }
    points
}
