//! Moving aside: what overlaps something new or grown gives way, to the right or downwards.

use std::collections::VecDeque;

use spandrel_base::{Point, Rect};

use crate::model::Graph;

/// Moves a node with all inside.
pub(super) fn move_to(graph: &Graph, rects: &mut [Rect], node: usize, at: Point) {
    let (dx, dy) = (at.x - rects[node].x, at.y - rects[node].y);
    if dx == 0.0 && dy == 0.0 {
        return;
    }
    let mut stack = vec![node];
    while let Some(node) = stack.pop() {
        rects[node] = rects[node].offset(dx, dy);
        stack.extend(&graph.nodes[node].children);
    }
}

/// Moves children of `container` apart, starting from those in `seeds` that are new, grown or pinned.
///
/// A child in the way moves to the right or downwards, whichever is shorter; each move counts as a new
/// seed. A pinned child stays, and what overlaps it moves instead. Moves only ever lead right and down, and
/// their number is bounded.
pub(super) fn make_room(graph: &Graph, rects: &mut [Rect], container: usize, seeds: &[usize]) {
    let node = &graph.nodes[container];
    let gap = node.inner.spacing.node_node;
    let mut queue: VecDeque<usize> = seeds.iter().copied().collect();
    let mut left = 20 * node.children.len() + 100;
    while let Some(seed) = queue.pop_front() {
        if left == 0 {
            break;
        }
        for &other in &node.children {
            if other == seed {
                continue;
            }
            let (fixed, loose) = match (graph.nodes[seed].pin.is_some(), graph.nodes[other].pin.is_some()) {
                (true, true) => continue,
                // What was there already stays only if it is pinned.
                (_, false) => (seed, other),
                (false, true) => (other, seed),
            };
            let (a, b) = (outer(graph, rects, fixed), outer(graph, rects, loose));
            // Old neighbours may stand closer than the usual distance; only a real overlap moves them
            // apart, then to the full distance.
            if !a.inflate(1.0).overlaps(b) {
                continue;
            }
            let right = a.right() + gap - b.x;
            let down = a.bottom() + gap - b.y;
            let margin = graph.nodes[loose].margin;
            let at = if right <= down {
                Point::new((b.x + right + margin.left).ceil(), b.y + margin.top)
            } else {
                Point::new(b.x + margin.left, (b.y + down + margin.top).ceil())
            };
            move_to(graph, rects, loose, at);
            left = left.saturating_sub(1);
            queue.push_back(loose);
            if left == 0 {
                break;
            }
        }
    }
}

/// A node with its margin.
fn outer(graph: &Graph, rects: &[Rect], node: usize) -> Rect {
    let (r, m) = (rects[node], graph.nodes[node].margin);
    Rect::new(r.x - m.left, r.y - m.top, r.width + m.horizontal(), r.height + m.vertical())
}
