//! Labels at the ends of edges, and whatever has no place yet.

use spandrel_base::{Point, Rect};

use crate::model::{Edge, Graph, LabelPlace, Placed};

/// Gives every label of `edge` without a place one on its route: head and tail labels beside the segment
/// at that end, others on the middle of the route.
pub(crate) fn place(edge: &Edge, points: &[Point], labels: &mut [Option<Rect>]) {
    if points.len() < 2 {
        return;
    }
    let (mut at_tail, mut at_head) = (0.0, 0.0);
    for (label, place) in edge.labels.iter().zip(labels.iter_mut()) {
        if place.is_some() {
            continue;
        }
        let size = label.size;
        let (from, to, used) = match label.place {
            LabelPlace::Tail => (points[0], points[1], &mut at_tail),
            LabelPlace::Head => (points[points.len() - 1], points[points.len() - 2], &mut at_head),
            LabelPlace::Center => {
                let middle = middle(points);
                *place = Some(Rect::at(middle.offset(-size.width / 2.0, -size.height / 2.0), size));
                continue;
            }
        };
        let rect = if (from.y - to.y).abs() < (from.x - to.x).abs() {
            let x = if to.x > from.x { from.x + GAP } else { from.x - GAP - size.width };
            Rect::at(Point::new(x, from.y - GAP - size.height - *used), size)
        } else {
            let y = if to.y > from.y { from.y + GAP } else { from.y - GAP - size.height };
            Rect::at(Point::new(from.x + GAP, y + *used * (to.y - from.y).signum()), size)
        };
        *used += size.height;
        *place = Some(rect);
    }
}

/// The point half-way along a polyline.
pub(crate) fn middle(points: &[Point]) -> Point {
    let length = |a: Point, b: Point| (a.x - b.x).abs().max((a.y - b.y).abs());
    let total: f64 = points.windows(2).map(|w| length(w[0], w[1])).sum();
    let mut left = total / 2.0;
    for pair in points.windows(2) {
        let part = length(pair[0], pair[1]);
        if part >= left && part > 0.0 {
            let share = left / part;
            return Point::new(
                pair[0].x + (pair[1].x - pair[0].x) * share,
                pair[0].y + (pair[1].y - pair[0].y) * share,
            );
        }
        left -= part;
    }
    points.last().copied().unwrap_or_default()
}

/// Labels and segments beyond this product stay as they are.
const MOST: usize = 4_000_000;
/// Between a label and its edge.
const GAP: f64 = 2.0;

/// Moves labels at ends of edges to the other side of their line, or along it, where they would cover other
/// edges, labels or nodes less.
pub(crate) fn settle(graph: &Graph, placed: &mut Placed) {
    let ends = |edge: &Edge| edge.labels.iter().filter(|l| l.place != LabelPlace::Center).count();
    let count: usize = graph.edges.iter().map(ends).sum();
    let segments: usize = placed.edges.iter().map(|line| line.points.len()).sum();
    if count == 0 || count * (segments + graph.nodes.len()) > MOST {
        return;
    }
    for index in 0..graph.edges.len() {
        for label in 0..graph.edges[index].labels.len() {
            let place = graph.edges[index].labels[label].place;
            let points = &placed.edges[index].points;
            if place == LabelPlace::Center || points.len() < 2 {
                continue;
            }
            let now = placed.edges[index].labels[label];
            let mut best = (covered(graph, placed, index, label, now), now);
            if best.0 == 0.0 {
                continue;
            }
            let last = points.len() - 1;
            let (from, to) = if place == LabelPlace::Tail {
                (points[0], points[1])
            } else {
                (points[last], points[last - 1])
            };
            for candidate in candidates(from, to, now) {
                let price = covered(graph, placed, index, label, candidate);
                if price < best.0 {
                    best = (price, candidate);
                }
            }
            placed.edges[index].labels[label] = best.1;
        }
    }
}

/// Both sides of the segment at an end, at the end and a label further along.
fn candidates(from: Point, to: Point, label: Rect) -> Vec<Rect> {
    let (w, h) = (label.width, label.height);
    let level = (from.y - to.y).abs() < (from.x - to.x).abs();
    let (along, forward) = if level { (w, to.x > from.x) } else { (h, to.y > from.y) };
    let mut found = Vec::new();
    for step in [0.0, 0.5, 1.0] {
        let off = GAP + step * along;
        let start = if forward { off } else { -off - along };
        found.extend(if level {
            [-GAP - h, GAP].map(|y| Rect::new(from.x + start, from.y + y, w, h))
        } else {
            [GAP, -GAP - w].map(|x| Rect::new(from.x + x, from.y + start, w, h))
        });
    }
    found
}

/// What a label at `rect` would cover: foreign edges most, then other labels and nodes.
fn covered(graph: &Graph, placed: &Placed, edge: usize, label: usize, rect: Rect) -> f64 {
    let inner = rect.inflate(-0.5);
    let mut price = 0.0;
    for (index, line) in placed.edges.iter().enumerate() {
        if index != edge {
            for pair in line.points.windows(2) {
                let (a, b) = (pair[0], pair[1]);
                let way = Rect::new(a.x.min(b.x), a.y.min(b.y), (a.x - b.x).abs(), (a.y - b.y).abs());
                if inner.overlaps(way.inflate(0.01)) {
                    price += 3.0;
                }
            }
        }
        for (other, at) in line.labels.iter().enumerate() {
            if (index, other) != (edge, label) && at.width > 0.0 && inner.overlaps(*at) {
                price += 2.0;
            }
        }
    }
    for (node, at) in graph.nodes.iter().zip(&placed.nodes).skip(1) {
        if node.children.is_empty() && inner.overlaps(*at) {
            price += 5.0;
        }
    }
    price
}
