//! One walk over a spanning tree that gives its edges the length they need.

use spandrel_base::{LeanSort, Point, Rect};

use super::needed;
use super::proximity::{is_near, neighbours};

/// Which edges of the tree change.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Aim {
    /// Those whose boxes are too near, until they are just far enough.
    Apart,
    /// All, until their boxes are just far enough.
    Touch,
}

/// Moves the boxes: a minimum spanning tree of their proximity graph and the pairs in `also` is walked from
/// the first box, and every box is set at its old direction and new distance from its parent in the tree.
pub(super) fn along_tree(boxes: &mut [Rect], gap: f64, also: &[(usize, usize)], aim: Aim) {
    let mut pairs = neighbours(boxes);
    pairs.extend_from_slice(also);
    pairs.lean_sort();
    pairs.dedup();
    let tree = spanning_tree(boxes, gap, &pairs);
    let old: Vec<Point> = boxes.iter().map(|rect| rect.center()).collect();
    let mut new = old.clone();
    let mut done = vec![false; boxes.len()];
    for root in 0..boxes.len() {
        if done[root] {
            continue;
        }
        done[root] = true;
        let mut open = vec![root];
        while let Some(parent) = open.pop() {
            for &child in &tree[parent] {
                if done[child] {
                    continue;
                }
                done[child] = true;
                let (dx, dy) = (old[child].x - old[parent].x, old[child].y - old[parent].y);
                let changes = aim == Aim::Touch || is_near(boxes[parent], boxes[child], gap);
                let (dx, dy) = if changes {
                    just_apart(dx, dy, needed(boxes[parent], boxes[child], gap))
                } else {
                    (dx, dy)
                };
                new[child] = new[parent].offset(dx, dy);
                open.push(child);
            }
        }
    }
    for ((rect, from), to) in boxes.iter_mut().zip(old).zip(new) {
        *rect = rect.offset(to.x - from.x, to.y - from.y);
    }
}

/// The displacement in the direction (`dx`, `dy`) at which two boxes first keep their gap.
fn just_apart(dx: f64, dy: f64, least: Point) -> (f64, f64) {
    if dx.abs() < 1e-9 && dy.abs() < 1e-9 {
        return if least.x <= least.y { (least.x, 0.0) } else { (0.0, least.y) };
    }
    // Which border is met first; the coordinate across it is then exact.
    if least.x * dy.abs() <= least.y * dx.abs() {
        (least.x.copysign(dx), dy * least.x / dx.abs())
    } else {
        (dx * least.y / dy.abs(), least.y.copysign(dy))
    }
}

/// Kruskal's minimum spanning tree as lists of neighbours. Overlapping pairs cost less than nothing: the
/// share by which they must be stretched; others their distance.
fn spanning_tree(boxes: &[Rect], gap: f64, pairs: &[(usize, usize)]) -> Vec<Vec<usize>> {
    let cost = |a: Rect, b: Rect| {
        let (from, to, least) = (a.center(), b.center(), needed(a, b, gap));
        let (dx, dy) = ((to.x - from.x).abs(), (to.y - from.y).abs());
        let (free_x, free_y) = (dx - least.x, dy - least.y);
        if free_x < 0.0 && free_y < 0.0 {
            let (x, y) = just_apart(dx, dy, least);
            return (dx * dx + dy * dy).sqrt() - (x * x + y * y).sqrt();
        }
        let (free_x, free_y) = (free_x.max(0.0), free_y.max(0.0));
        (free_x * free_x + free_y * free_y).sqrt()
    };
    let mut sorted: Vec<(f64, usize, usize)> =
        pairs.iter().map(|&(a, b)| (cost(boxes[a], boxes[b]), a, b)).collect();
    sorted.lean_sort_by(|a, b| a.0.total_cmp(&b.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    let mut leader: Vec<usize> = (0..boxes.len()).collect();
    let mut tree = vec![Vec::new(); boxes.len()];
    for (_, a, b) in sorted {
        let (x, y) = (find(&mut leader, a), find(&mut leader, b));
        if x != y {
            leader[x.max(y)] = x.min(y);
            tree[a].push(b);
            tree[b].push(a);
        }
    }
    tree
}

/// The leader of a set, with the path to it halved.
fn find(leader: &mut [usize], mut node: usize) -> usize {
    while leader[node] != node {
        leader[node] = leader[leader[node]];
        node = leader[node];
    }
    node
}
