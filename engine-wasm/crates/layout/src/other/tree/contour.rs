//! Tidy trees with nodes of any width and height, in linear time.
//!
//! After A. van der Ploeg, "Drawing non-layered tidy trees in linear time", Software: Practice and
//! Experience 44 (2014): the walks of Reingold and Tilford with the threads and the deferred shifts of
//! Buchheim, Jünger and Leipert, made to work on bottom edges instead of level numbers. We depart in three
//! points: the recursion is a loop over the nodes in an order with parents first, forward or backward;
//! the roots of a forest are the children of an invisible node; and the list of lowest edges is a stack.

use spandrel_base::Rect;

use crate::other::forest::Forest;

/// What the algorithm keeps for a node. Positions are relative to the parent until the last walk.
#[derive(Clone, Default)]
struct Walk {
    /// Left edge, before the shifts of `modifier`.
    preliminary: f64,
    /// How far the whole subtree is shifted.
    modifier: f64,
    /// A shift that grows from sibling to sibling, and the correction of it: summed up in the last walk.
    shift: f64,
    change: f64,
    /// Where a leaf's contour goes on, in a neighbouring subtree.
    left_thread: Option<usize>,
    right_thread: Option<usize>,
    /// The lowest nodes of the left and the right contour, with the sums of modifiers down to them.
    left_extreme: usize,
    right_extreme: usize,
    left_sum: f64,
    right_sum: f64,
}

struct Tidy<'a> {
    boxes: &'a [Rect],
    children: &'a [Vec<usize>],
    roots: &'a [usize],
    walk: Vec<Walk>,
}

/// Left edges of all boxes; of `boxes` the top edges, widths and heights are read. A child's top edge must
/// not lie above its parent's bottom edge. Boxes do not overlap afterwards; they may touch.
pub(super) fn tidy(forest: &Forest, boxes: &[Rect]) -> Vec<f64> {
    let mut tidy = Tidy {
        boxes,
        children: &forest.children,
        roots: &forest.roots,
        walk: vec![Walk::default(); boxes.len() + 1],
    };
    for &node in forest.order.iter().rev() {
        tidy.combine(node);
    }
    let above = boxes.len();
    tidy.combine(above);
    tidy.resolve(forest, above)
}

impl<'a> Tidy<'a> {
    /// Children of a node; those of the invisible node above all are the roots.
    fn children(&self, node: usize) -> &'a [usize] {
        self.children.get(node).map_or(self.roots, Vec::as_slice)
    }

    fn bottom(&self, node: usize) -> f64 {
        self.boxes[node].bottom()
    }

    fn width(&self, node: usize) -> f64 {
        self.boxes.get(node).map_or(0.0, |rect| rect.width)
    }

    /// First walk: puts the finished subtrees of the children side by side and the node above them.
    fn combine(&mut self, node: usize) {
        let children = self.children(node);
        let (Some(&first), Some(&last)) = (children.first(), children.last()) else {
            let walk = &mut self.walk[node];
            (walk.left_extreme, walk.right_extreme) = (node, node);
            return;
        };
        // Right contours seen so far, as (lowest edge, index of the child), the highest on top.
        let mut lowest: Vec<(f64, usize)> = vec![(self.bottom(self.walk[first].left_extreme), 0)];
        for index in 1..children.len() {
            let bottom = self.bottom(self.walk[children[index]].right_extreme);
            self.separate(children, index, &lowest);
            while lowest.last().is_some_and(|&(edge, _)| bottom >= edge) {
                lowest.pop();
            }
            lowest.push((bottom, index));
        }
        let (a, b) = (&self.walk[first], &self.walk[last]);
        let left = a.preliminary + a.modifier;
        let right = b.preliminary + b.modifier + self.width(last);
        let (extremes, sums) = ((a.left_extreme, b.right_extreme), (a.left_sum, b.right_sum));
        let preliminary = (left + right - self.width(node)) / 2.0;
        let walk = &mut self.walk[node];
        walk.preliminary = preliminary;
        (walk.left_extreme, walk.right_extreme) = extremes;
        (walk.left_sum, walk.right_sum) = sums;
    }

    /// Moves child `index` to the right until it is clear of the children before it.
    fn separate(&mut self, children: &[usize], index: usize, lowest: &[(f64, usize)]) {
        let mut lowest = lowest.iter().rev();
        let mut facing = lowest.next();
        let (mut left, mut right) = (Some(children[index - 1]), Some(children[index]));
        let mut left_sum = self.walk[children[index - 1]].modifier;
        let mut right_sum = self.walk[children[index]].modifier;
        while let (Some(l), Some(r)) = (left, right) {
            while let Some(&(edge, _)) = facing {
                if self.bottom(l) <= edge {
                    break;
                }
                facing = lowest.next();
            }
            let edge = left_sum + self.walk[l].preliminary + self.width(l);
            let overlap = edge - (right_sum + self.walk[r].preliminary);
            if overlap > 0.0 {
                right_sum += overlap;
                let from = facing.map_or(0, |&(_, child)| child);
                self.shift(children, index, from, overlap);
            }
            let (left_bottom, right_bottom) = (self.bottom(l), self.bottom(r));
            if left_bottom <= right_bottom {
                left = self.children(l).last().copied().or(self.walk[l].right_thread);
                left_sum += left.map_or(0.0, |next| self.walk[next].modifier);
            }
            if left_bottom >= right_bottom {
                right = self.children(r).first().copied().or(self.walk[r].left_thread);
                right_sum += right.map_or(0.0, |next| self.walk[next].modifier);
            }
        }
        match (left, right) {
            (None, Some(next)) => self.thread_left(children, index, next, right_sum),
            (Some(next), None) => self.thread_right(children, index, next, left_sum),
            _ => {}
        }
    }

    /// Moves child `index` by `distance` and spreads the room among the children after `from`.
    fn shift(&mut self, children: &[usize], index: usize, from: usize, distance: f64) {
        let walk = &mut self.walk[children[index]];
        walk.modifier += distance;
        walk.left_sum += distance;
        walk.right_sum += distance;
        if from + 1 < index {
            let share = distance / (index - from) as f64;
            self.walk[children[from + 1]].shift += share;
            let walk = &mut self.walk[children[index]];
            walk.shift -= share;
            walk.change -= distance - share;
        }
    }

    /// The left contour of all children ends in the first and goes on at `next`, deeper in child `index`.
    fn thread_left(&mut self, children: &[usize], index: usize, next: usize, sum: f64) {
        let first = self.walk[children[0]].clone();
        let offset = sum - self.walk[next].modifier - first.left_sum;
        let end = &mut self.walk[first.left_extreme];
        end.left_thread = Some(next);
        end.modifier += offset;
        end.preliminary -= offset;
        let deeper = &self.walk[children[index]];
        let (extreme, sum) = (deeper.left_extreme, deeper.left_sum);
        let first = &mut self.walk[children[0]];
        (first.left_extreme, first.left_sum) = (extreme, sum);
    }

    /// The right contour of child `index` ends and goes on at `next`, deeper in the children before it.
    fn thread_right(&mut self, children: &[usize], index: usize, next: usize, sum: f64) {
        let own = self.walk[children[index]].clone();
        let offset = sum - self.walk[next].modifier - own.right_sum;
        let end = &mut self.walk[own.right_extreme];
        end.right_thread = Some(next);
        end.modifier += offset;
        end.preliminary -= offset;
        let deeper = &self.walk[children[index - 1]];
        let (extreme, sum) = (deeper.right_extreme, deeper.right_sum);
        let own = &mut self.walk[children[index]];
        (own.right_extreme, own.right_sum) = (extreme, sum);
    }

    /// Last walk: sums up modifiers and deferred shifts from the top.
    fn resolve(mut self, forest: &Forest, above: usize) -> Vec<f64> {
        let mut x = vec![0.0; self.boxes.len()];
        let mut sums = vec![0.0; self.boxes.len() + 1];
        for &node in [above].iter().chain(&forest.order) {
            let sum = sums[node] + self.walk[node].modifier;
            if node != above {
                x[node] = self.walk[node].preliminary + sum;
            }
            let (mut shift, mut extra) = (0.0, 0.0);
            for &child in self.children(node) {
                let walk = &mut self.walk[child];
                shift += walk.shift;
                extra += shift + walk.change;
                walk.modifier += extra;
                sums[child] = sum;
            }
        }
        x
    }
}
