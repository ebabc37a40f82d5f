//! From the working graph to the result: named fields only, turned back into the caller's directions.

use spandrel_base::{Point, Rect};

use super::axis;
use super::between::ports::places;
use super::import::Unit;
use super::lgraph::{Kind, LGraph, Piece, PortIx};
use super::p5_route::curves;
use crate::model::{LabelPlace, PortConstraint, Routing};

/// What one unit gives: everything relative to the unit's top-left corner, in the caller's directions.
#[derive(Debug, Default)]
pub(crate) struct UnitDrawing {
    pub(crate) width: f64,
    pub(crate) height: f64,
    /// (node of the model, rectangle).
    pub(crate) nodes: Vec<(usize, Rect)>,
    /// (node of the model, port, point where its edges attach).
    pub(crate) ports: Vec<(usize, usize, Point)>,
    /// (edge of the model, points from source to target).
    pub(crate) routes: Vec<(usize, Vec<Point>)>,
    /// (edge of the model, label, rectangle).
    pub(crate) labels: Vec<(usize, usize, Rect)>,
}

pub(super) fn write(g: &LGraph, unit: &Unit<'_>) -> UnitDrawing {
    let direction = unit.graph.nodes[unit.container].inner.direction;
    let routing = unit.graph.nodes[unit.container].inner.routing;
    let mut drawing = UnitDrawing::default();
    // Absolute start of every level along the flow: levels come after the level of their container.
    let mut start = vec![0.0; g.levels.len()];
    for level in 1..g.levels.len() {
        if let Some(owner) = g.levels[level].owner {
            start[level] = start[g.nodes[owner].level] + g.nodes[owner].x;
        }
    }
    let bottom =
        g.levels[0].nodes.iter().map(|&n| g.nodes[n].y + g.nodes[n].h + g.room_below(n)).fold(0.0, f64::max);
    let height = bottom + g.levels[0].padding.bottom;
    let width = g.levels[0].width;
    (drawing.width, drawing.height) =
        if direction.is_horizontal() { (width, height) } else { (height, width) };
    let back = |p: Point| axis::point_back(direction, p, width);
    for node in &g.nodes {
        let Kind::Real(model) = node.kind else { continue };
        let rect = Rect::new(start[node.level] + node.x, node.y, node.w, node.h);
        drawing.nodes.push((model, axis::rect_back(direction, rect, width)));
        ports_of(g, unit, node, model, start[node.level], &mut drawing, &back);
    }
    for link in &g.links {
        if link.pieces.is_empty() {
            continue;
        }
        let mut points: Vec<Point> = Vec::new();
        for &piece in &link.pieces {
            let p = &g.pieces[piece];
            let mut part = piece_points(g, p, start[p.level]);
            if p.reversed {
                part.reverse();
            }
            points.extend(part);
        }
        let points = shaped(points, routing, false).into_iter().map(back).collect();
        drawing.routes.push((link.edge, finished(points, routing)));
    }
    for l in &g.loops {
        let node = &g.nodes[l.node];
        let corner = Point::new(start[node.level] + node.x, node.y);
        let points = l.points.iter().map(|p| p.offset(corner.x, corner.y)).collect();
        let points = shaped(points, routing, true).into_iter().map(back).collect();
        drawing.routes.push((l.edge, finished(points, routing)));
        for (index, &(x, y, w, h)) in l.labels.iter().enumerate() {
            let rect = Rect::new(corner.x + x, corner.y + y, w, h);
            drawing.labels.push((l.edge, index, axis::rect_back(direction, rect, width)));
        }
    }
    middle_labels(g, unit, &start, width, &mut drawing);
    drawing
}

/// A route in internal coordinates as its routing wants it.
fn shaped(points: Vec<Point>, routing: Routing, is_loop: bool) -> Vec<Point> {
    match routing {
        Routing::Orthogonal => points,
        Routing::Polyline => curves::straightened(&points),
        Routing::Splines => curves::curved(&points, is_loop),
    }
}

/// Orthogonal routes lose what is on a straight way; control points of curves all count.
fn finished(points: Vec<Point>, routing: Routing) -> Vec<Point> {
    if routing == Routing::Orthogonal { simplify(points) } else { points }
}

/// Labels in the middle stand in the box of their node, one below the other.
fn middle_labels(g: &LGraph, unit: &Unit<'_>, start: &[f64], width: f64, drawing: &mut UnitDrawing) {
    let direction = unit.graph.nodes[unit.container].inner.direction;
    for link in &g.links {
        let Some(node) = link.label.map(|n| &g.nodes[n]) else { continue };
        let rect = Rect::new(start[node.level] + node.x, node.y, node.w, node.h);
        let outer = axis::rect_back(direction, rect, width);
        let edge = &unit.graph.edges[link.edge];
        let centre = edge.labels.iter().enumerate().filter(|(_, l)| l.place == LabelPlace::Center);
        let inline = centre.clone().all(|(_, l)| l.inline);
        // Beside the line: the box begins at the line, the labels a little after it.
        let (dx, dy) = match (inline, direction.is_horizontal()) {
            (true, _) => (0.0, 0.0),
            (false, true) => (0.0, g.levels[node.level].spacing.edge_label),
            (false, false) => (g.levels[node.level].spacing.edge_label, 0.0),
        };
        let mut y = outer.y + dy;
        for (index, label) in centre {
            let x = if dx > 0.0 { outer.x + dx } else { outer.x + (outer.width - label.size.width) / 2.0 };
            drawing.labels.push((link.edge, index, Rect::at(Point::new(x, y), label.size)));
            y += label.size.height;
        }
    }
}

/// Where the edges of each port of a node attach, also of those without edges.
fn ports_of(
    g: &LGraph,
    unit: &Unit<'_>,
    node: &super::lgraph::LNode,
    model: usize,
    start: f64,
    drawing: &mut UnitDrawing,
    back: &dyn Fn(Point) -> Point,
) {
    let m = &unit.graph.nodes[model];
    if m.ports.is_empty() {
        return;
    }
    let direction = unit.graph.nodes[unit.container].inner.direction;
    let mut lean = vec![0; m.ports.len()];
    for (list, value) in [(&node.west, -1), (&node.east, 1)] {
        for &port in list {
            if let Some(p) = g.ports[port].model {
                lean[p] = value;
            }
        }
    }
    let found = places(m, unit.sizes[model], direction, &lean);
    for (port, place) in found.into_iter().enumerate() {
        let attached = node.west.iter().chain(&node.east).find(|&&p| g.ports[p].model == Some(port));
        let relative = match attached {
            Some(&p) if m.port_constraint != PortConstraint::FixedPos => attachment(g, p),
            _ => match place {
                Some((_, at)) => at,
                None => continue,
            },
        };
        drawing.ports.push((model, port, back(Point::new(start + node.x + relative.x, node.y + relative.y))));
    }
}

/// Where an attachment's port is, relative to its node.
fn attachment(g: &LGraph, port: PortIx) -> Point {
    let p = &g.ports[port];
    if let Some(&last) = p.tail.last() {
        return last;
    }
    let x = if p.east { g.nodes[p.node].w + p.reach } else { -p.reach };
    Point::new(x, p.y.unwrap_or(0.0))
}

/// Points of a piece in flow order, along x from the unit's start.
fn piece_points(g: &LGraph, piece: &Piece, start: f64) -> Vec<Point> {
    let mut points = Vec::new();
    for &segment in &piece.segments {
        let e = &g.edges[segment];
        points.extend(end_points(g, e.src, start).into_iter().rev());
        points.extend(e.bends.iter().map(|b| b.offset(start, 0.0)));
        points.extend(end_points(g, e.dst, start));
    }
    points
}

/// From the attachment to the port itself.
fn end_points(g: &LGraph, port: PortIx, start: f64) -> Vec<Point> {
    let p = &g.ports[port];
    let node = &g.nodes[p.node];
    let corner = Point::new(start + node.x, node.y);
    if p.tail.is_empty() {
        let at = attachment(g, port);
        return vec![at.offset(corner.x, corner.y)];
    }
    p.tail.iter().map(|t| t.offset(corner.x, corner.y)).collect()
}

/// Takes out repeated points and points on the straight way between their neighbours.
pub(crate) fn simplify(points: Vec<Point>) -> Vec<Point> {
    const EPS: f64 = 1e-4;
    let mut kept: Vec<Point> = Vec::with_capacity(points.len());
    for mut p in points {
        // Sums taken in another order differ in their last bits.
        if let Some(last) = kept.last() {
            if (p.x - last.x).abs() < EPS {
                p.x = last.x;
            }
            if (p.y - last.y).abs() < EPS {
                p.y = last.y;
            }
        }
        if kept.last().is_some_and(|l| (l.x - p.x).abs() < EPS && (l.y - p.y).abs() < EPS) {
            continue;
        }
        while let [.., a, b] = kept[..] {
            let vertical = (a.x - b.x).abs() < EPS && (b.x - p.x).abs() < EPS;
            let horizontal = (a.y - b.y).abs() < EPS && (b.y - p.y).abs() < EPS;
            if !(vertical || horizontal) {
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
