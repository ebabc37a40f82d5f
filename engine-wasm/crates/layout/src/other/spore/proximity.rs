//! Which boxes are near to each other, and which overlap.

use spandrel_base::{LeanSort, Point, Rect};

use super::needed;

/// Pairs of boxes whose centres are nearest to each other in one of eight directions.
///
/// The nearest neighbour of every point in every octant, by Manhattan distance, with a sweep for each two
/// opposite octants (Zhou, Shenoy, Nicholls, "Efficient minimum spanning tree construction without Delaunay
/// triangulation", 2002). The graph is connected, has fewer than 4n edges, and takes O(n log n); unlike
/// a triangulation it needs no care for points on a line or on a circle.
pub(super) fn neighbours(boxes: &[Rect]) -> Vec<(usize, usize)> {
    let centres: Vec<Point> = boxes.iter().map(|rect| rect.center()).collect();
    let mut pairs = Vec::with_capacity(4 * boxes.len());
    let octants: [fn(Point) -> (f64, f64); 4] = [
        |point| (point.x, point.y),
        |point| (point.y, point.x),
        |point| (-point.y, point.x),
        |point| (point.x, -point.y),
    ];
    for turn in octants {
        sweep(&centres.iter().map(|&centre| turn(centre)).collect::<Vec<_>>(), &mut pairs);
    }
    pairs.lean_sort();
    pairs.dedup();
    pairs
}

/// For every point the nearest one with `x` not less and `y - x` not less: the octant above the diagonal.
fn sweep(points: &[(f64, f64)], pairs: &mut Vec<(usize, usize)>) {
    let n = points.len();
    let diagonal = |index: usize| points[index].1 - points[index].0;
    let mut by_x: Vec<usize> = (0..n).collect();
    by_x.lean_sort_by(|&a, &b| {
        points[b].0.total_cmp(&points[a].0).then(points[b].1.total_cmp(&points[a].1)).then(a.cmp(&b))
    });
    let mut diagonals: Vec<f64> = (0..n).map(diagonal).collect();
    diagonals.lean_sort_by(f64::total_cmp);
    diagonals.dedup();
    // A Fenwick tree over the diagonals, from the largest down: the point of least x + y seen so far.
    let mut least: Vec<Option<usize>> = vec![None; diagonals.len() + 1];
    let sum = |index: usize| points[index].0 + points[index].1;
    for index in by_x {
        let rank = diagonals.len() - diagonals.partition_point(|&other| other < diagonal(index));
        let mut nearest: Option<usize> = None;
        let mut slot = rank;
        while slot > 0 {
            if let Some(other) = least[slot]
                && nearest.is_none_or(|best| sum(other) < sum(best))
            {
                nearest = Some(other);
            }
            slot -= slot & slot.wrapping_neg();
        }
        if let Some(other) = nearest {
            pairs.push((index.min(other), index.max(other)));
        }
        let mut slot = rank;
        while slot < least.len() {
            if least[slot].is_none_or(|other| sum(index) <= sum(other)) {
                least[slot] = Some(index);
            }
            slot += slot & slot.wrapping_neg();
        }
    }
}

/// Pairs of boxes nearer than `gap`, at most eight times as many as there are boxes.
pub(super) fn overlaps(boxes: &[Rect], gap: f64) -> Vec<(usize, usize)> {
    let mut by_left: Vec<usize> = (0..boxes.len()).collect();
    by_left.lean_sort_by(|&a, &b| boxes[a].x.total_cmp(&boxes[b].x).then(a.cmp(&b)));
    let mut pairs = Vec::new();
    for (place, &a) in by_left.iter().enumerate() {
        for &b in &by_left[place + 1..] {
            if boxes[b].x >= boxes[a].right() + gap {
                break;
            }
            if is_near(boxes[a], boxes[b], gap) {
                pairs.push((a.min(b), a.max(b)));
            }
        }
        if pairs.len() > 8 * boxes.len() {
            break;
        }
    }
    pairs
}

/// Whether two boxes are nearer than `gap`, a rounding error aside.
pub(super) fn is_near(a: Rect, b: Rect, gap: f64) -> bool {
    let (from, to, least) = (a.center(), b.center(), needed(a, b, gap));
    let slack = 1e-7;
    (to.x - from.x).abs() < least.x - slack && (to.y - from.y).abs() < least.y - slack
}

/// Moves boxes with exactly the same centre a pixel apart, in a square spiral, so that every two have a
/// direction from one to the other.
pub(super) fn spread_coincident(boxes: &mut [Rect]) {
    let key = |rect: Rect| (rect.center().x, rect.center().y);
    let mut order: Vec<usize> = (0..boxes.len()).collect();
    order.lean_sort_by(|&a, &b| {
        let (a_key, b_key) = (key(boxes[a]), key(boxes[b]));
        a_key.0.total_cmp(&b_key.0).then(a_key.1.total_cmp(&b_key.1)).then(a.cmp(&b))
    });
    let mut first = 0;
    while first < order.len() {
        let spot = key(boxes[order[first]]);
        let count = order[first..].iter().take_while(|&&index| key(boxes[index]) == spot).count();
        let (mut x, mut y) = (0_i32, 0_i32);
        let (mut dx, mut dy) = (0, -1);
        for &index in &order[first..first + count] {
            boxes[index] = boxes[index].offset(f64::from(x), f64::from(y));
            // Turn at the corners of ever larger squares.
            if x == y || (x < 0 && x == -y) || (x > 0 && x == 1 - y) {
                (dx, dy) = (-dy, dx);
            }
            (x, y) = (x + dx, y + dy);
        }
        first += count;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_proximity_graph_is_connected_and_small() {
        let boxes: Vec<Rect> = (0..200_u32)
            .map(|i| Rect::new(f64::from(i * 37 % 50), f64::from(i * 11 % 40), 1.0, 1.0))
            .collect();
        let pairs = neighbours(&boxes);
        assert!(pairs.len() < 4 * boxes.len());
        let mut reached = vec![0];
        let mut next = 0;
        while next < reached.len() {
            let node = reached[next];
            for &(a, b) in &pairs {
                for (own, other) in [(a, b), (b, a)] {
                    if own == node && !reached.contains(&other) {
                        reached.push(other);
                    }
                }
            }
            next += 1;
        }
        assert_eq!(reached.len(), boxes.len());
    }

    #[test]
    fn coincident_boxes_get_places_of_their_own() {
        let mut boxes = vec![Rect::new(5.0, 5.0, 10.0, 10.0); 30];
        spread_coincident(&mut boxes);
        assert_eq!(boxes[0], Rect::new(5.0, 5.0, 10.0, 10.0));
        for (index, a) in boxes.iter().enumerate() {
            assert!((a.x - 5.0).abs() <= 3.0 && (a.y - 5.0).abs() <= 3.0);
            assert!(boxes[index + 1..].iter().all(|b| a != b));
        }
    }
}
