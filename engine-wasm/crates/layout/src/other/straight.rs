//! Edges as straight lines from border to border, and labels in the middle of routes.

use spandrel_base::{LeanSort, Point, Rect, Size};

use super::FlatGraph;

/// How far apart the lines of edges between the same two nodes run, where their nodes are wide enough.
const PARALLEL_GAP: f64 = 10.0;

/// How far a self-loop reaches out of its node.
pub(super) const LOOP_REACH: f64 = 10.0;

/// A straight route for every whole edge.
///
/// Edges between the same two nodes run side by side; self-loops leave on the right and come back at the
/// top, nested where there are several. Where rectangles overlap a route goes from centre to centre.
pub(super) fn routes(graph: &FlatGraph, nodes: &[Rect]) -> Vec<Vec<Point>> {
    let mut all: Vec<((usize, usize), usize)> = Vec::new();
    for (index, edge) in graph.edges.iter().enumerate() {
        if graph.is_whole(edge) {
            let pair = (edge.source.min(edge.target), edge.source.max(edge.target));
            all.push((pair, index));
        }
    }
    let mut routes = vec![Vec::new(); graph.edges.len()];
    all.lean_sort_by_key(|entry| entry.0);
    for edges in all.chunk_by(|x, y| x.0 == y.0) {
        let (a, b) = edges[0].0;
        for (place, &(_, index)) in edges.iter().enumerate() {
            if a == b {
                routes[index] = self_loop(nodes[a], place, edges.len());
                continue;
            }
            let mut points = between(nodes[a], nodes[b], place as f64 - (edges.len() - 1) as f64 / 2.0);
            if graph.edges[index].source != a {
                points.reverse();
            }
            routes[index] = points;
        }
    }
    routes
}

/// The line from the border of `a` to that of `b`, on the line of their centres.
pub(crate) fn line(a: Rect, b: Rect) -> Vec<Point> {
    between(a, b, 0.0)
}

/// The line from the border of `a` to that of `b`, `lane` lanes beside the line of their centres.
fn between(a: Rect, b: Rect, lane: f64) -> Vec<Point> {
    let (from, to) = (a.center(), b.center());
    let (dx, dy) = (to.x - from.x, to.y - from.y);
    let length = (dx * dx + dy * dy).sqrt();
    if length < 1e-9 {
        return vec![from, to];
    }
    // Lanes stay well inside the narrower of the two boxes.
    let narrow = a.width.min(a.height).min(b.width).min(b.height);
    let shift = crate::places::limit(lane * PARALLEL_GAP, -0.4 * narrow, 0.4 * narrow);
    let (sx, sy) = (-dy / length * shift, dx / length * shift);
    let (from, to) = (from.offset(sx, sy), to.offset(sx, sy));
    let (leave, arrive) = (exit(a, from, dx, dy), exit(b, to, -dx, -dy));
    // Overlapping boxes: the clipped ends would have passed each other.
    if (arrive.x - leave.x) * dx + (arrive.y - leave.y) * dy < 0.0 {
        return vec![from, to];
    }
    vec![leave, arrive]
}

/// Where the ray from `inside` in the direction (`dx`, `dy`) leaves the rectangle.
fn exit(rect: Rect, inside: Point, dx: f64, dy: f64) -> Point {
    let reach = |room: f64, step: f64| if step.abs() < 1e-12 { f64::INFINITY } else { room / step };
    let to_x = if dx > 0.0 { rect.right() - inside.x } else { rect.x - inside.x };
    let to_y = if dy > 0.0 { rect.bottom() - inside.y } else { rect.y - inside.y };
    let (tx, ty) = (reach(to_x, dx), reach(to_y, dy));
    // The coordinate of the side that is hit is the side's own: ends lie on borders exactly.
    if tx <= ty {
        Point::new(if dx > 0.0 { rect.right() } else { rect.x }, inside.y + tx * dy)
    } else {
        Point::new(inside.x + ty * dx, if dy > 0.0 { rect.bottom() } else { rect.y })
    }
}

/// The `place`th of `count` loops: out on the right side, around the corner, in at the top.
fn self_loop(rect: Rect, place: usize, count: usize) -> Vec<Point> {
    let share = (place + 1) as f64 / (count + 1) as f64;
    let reach = LOOP_REACH * (place + 1) as f64;
    let (x, y) = (rect.right() - share * rect.width / 2.0, rect.y + share * rect.height / 2.0);
    vec![
        Point::new(rect.right(), y),
        Point::new(rect.right() + reach, y),
        Point::new(rect.right() + reach, rect.y - reach),
        Point::new(x, rect.y - reach),
        Point::new(x, rect.y),
    ]
}

/// Labels of each edge, stacked with their common centre in the middle of the route; empty places (zero
/// rectangles at the origin) for edges without a route.
pub(super) fn labels(graph: &FlatGraph, routes: &[Vec<Point>]) -> Vec<Vec<Rect>> {
    let place = |labels: &[Size], route: &[Point]| -> Vec<Rect> {
        let Some(middle) = middle(route) else {
            return labels.iter().map(|size| Rect::at(Point::default(), *size)).collect();
        };
        let height: f64 = labels.iter().map(|size| size.height).sum();
        let mut y = middle.y - height / 2.0;
        let mut placed = Vec::with_capacity(labels.len());
        for size in labels {
            placed.push(Rect::new(middle.x - size.width / 2.0, y, size.width, size.height));
            y += size.height;
        }
        placed
    };
    graph.edges.iter().zip(routes).map(|(edge, route)| place(&edge.labels, route)).collect()
}

/// The point half way along a route.
fn middle(route: &[Point]) -> Option<Point> {
    let length = |a: Point, b: Point| ((a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y)).sqrt();
    let total: f64 = route.windows(2).map(|pair| length(pair[0], pair[1])).sum();
    let mut left = total / 2.0;
    for pair in route.windows(2) {
        let step = length(pair[0], pair[1]);
        if step >= left && step > 0.0 {
            let share = left / step;
            return Some(pair[0].offset((pair[1].x - pair[0].x) * share, (pair[1].y - pair[0].y) * share));
        }
        left -= step;
    }
    route.first().copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::other::{FlatEdge, FlatNode};

    fn graph(edges: &[(usize, usize)]) -> FlatGraph {
        FlatGraph {
            nodes: vec![FlatNode::sized(10.0, 10.0); 2],
            edges: edges.iter().map(|&(a, b)| FlatEdge::between(a, b)).collect(),
        }
    }

    const NODES: [Rect; 2] = [Rect::new(0.0, 0.0, 10.0, 10.0), Rect::new(40.0, 0.0, 10.0, 10.0)];

    #[test]
    fn a_line_runs_from_border_to_border() {
        let routes = routes(&graph(&[(0, 1), (1, 0)]), &NODES);
        assert_eq!(routes[0].first().unwrap().x, 10.0);
        assert_eq!(routes[0].last().unwrap().x, 40.0);
        assert_eq!(routes[1].first().unwrap().x, 40.0, "from its source");
        assert_ne!(routes[0][0].y, routes[1][0].y, "side by side");
    }

    #[test]
    fn loops_begin_and_end_on_the_border() {
        let routes = routes(&graph(&[(0, 0), (0, 0), (9, 0)]), &NODES);
        for route in &routes[..2] {
            assert_eq!((route.first().unwrap().x, route.last().unwrap().y), (10.0, 0.0));
        }
        assert!(routes[2].is_empty(), "an edge of a node that does not exist");
    }

    #[test]
    fn a_label_sits_in_the_middle() {
        let mut graph = graph(&[(0, 1)]);
        graph.edges[0].labels = vec![Size::new(6.0, 4.0)];
        let placed = labels(&graph, &routes(&graph, &NODES));
        assert_eq!(placed[0][0], Rect::new(22.0, 3.0, 6.0, 4.0));
    }
}
