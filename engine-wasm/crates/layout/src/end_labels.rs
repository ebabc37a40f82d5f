//! Labels at the ends of edges, and whatever has no place yet.

use spandrel_base::{Point, Rect};

use crate::model::{Edge, LabelPlace};

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
        const GAP: f64 = 2.0;
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
