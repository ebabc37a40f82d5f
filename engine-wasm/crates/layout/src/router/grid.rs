//! The grid of one search: lines worth taking, what is closed, what costs.

use spandrel_base::{LeanSort, Point, Rect};

use super::{APART, CLEAR, CROSSING, Gate, TITLE};
use crate::Side;
use crate::model::Graph;

/// Lines and the steps between their crossings. Step `(i, j)` to the right leads from column `i` to
/// `i + 1` in row `j`; downwards from row `j` to `j + 1` in column `i`.
pub(super) struct Grid {
    pub(super) xs: Vec<f64>,
    pub(super) ys: Vec<f64>,
    /// Price of a step beyond its length; infinite where it is closed.
    pub(super) right: Vec<f32>,
    pub(super) down: Vec<f32>,
}

/// Crossings of lines that a search may look at.
const MOST: usize = 300_000;
/// Lines closer to a node's border than this touch it.
const TOUCH: f64 = 2.0;

impl Grid {
    /// The grid inside `window` for an edge between `src` and `dst`; `None` where it would be too large.
    #[allow(clippy::too_many_arguments, reason = "the parts of one drawing, borrowed from their owner")]
    pub(super) fn new(
        graph: &Graph,
        rects: &[Rect],
        src: usize,
        dst: usize,
        window: Rect,
        segments: &[(Point, Point)],
        soft: &[Rect],
        from: &[Gate],
        to: &[Gate],
    ) -> Option<Self> {
        let obstacles = obstacles(graph, rects, src, dst, window);
        let mut xs = Vec::new();
        let mut ys = Vec::new();
        for o in &obstacles {
            for gap in [CLEAR, CLEAR * 0.4] {
                xs.extend([o.x - gap, o.right() + gap]);
                ys.extend([o.y - gap, o.bottom() + gap]);
            }
        }
        for gate in from.iter().chain(to) {
            let out = gate.stub();
            xs.extend([gate.at.x, out.x]);
            ys.extend([gate.at.y, out.y]);
        }
        let near: Vec<(Point, Point)> =
            segments.iter().copied().filter(|&(a, b)| span(a, b).inflate(APART).overlaps(window)).collect();
        let (mut more_x, mut more_y) = (Vec::new(), Vec::new());
        for &(a, b) in &near {
            if (a.x - b.x).abs() < 0.01 {
                more_x.extend([a.x - APART, a.x + APART]);
            } else {
                more_y.extend([a.y - APART, a.y + APART]);
            }
        }
        if (xs.len() + more_x.len()) * (ys.len() + more_y.len()) <= MOST {
            xs.append(&mut more_x);
            ys.append(&mut more_y);
        }
        let tidy = |lines: &mut Vec<f64>, low: f64, high: f64| {
            lines.retain(|v| v.is_finite() && *v >= low && *v <= high);
            lines.lean_sort_by(f64::total_cmp);
            lines.dedup_by(|a, b| (*a - *b).abs() < 1e-6);
        };
        tidy(&mut xs, window.x, window.right());
        tidy(&mut ys, window.y, window.bottom());
        if xs.is_empty() || ys.is_empty() || xs.len() * ys.len() > MOST {
            return None;
        }
        let mut grid =
            Self { right: vec![0.0; xs.len() * ys.len()], down: vec![0.0; xs.len() * ys.len()], xs, ys };
        for o in &obstacles {
            grid.charge(o.inflate(TOUCH), f32::INFINITY);
        }
        for s in soft.iter().filter(|s| s.overlaps(window)) {
            grid.charge(*s, TITLE as f32);
        }
        for (a, b) in near {
            grid.line(a, b);
        }
        Some(grid)
    }

    pub(super) fn at(&self, i: usize, j: usize) -> usize {
        j * self.xs.len() + i
    }

    /// Adds `price` to every step that runs through the inside of `rect`.
    fn charge(&mut self, rect: Rect, price: f32) {
        let (i0, i1) = (below(&self.xs, rect.x), above(&self.xs, rect.right()));
        let (j0, j1) = (below(&self.ys, rect.y), above(&self.ys, rect.bottom()));
        // Columns and rows strictly inside, and the steps that reach into it.
        let inside_x =
            self.xs.partition_point(|&x| x <= rect.x)..self.xs.partition_point(|&x| x < rect.right());
        let inside_y =
            self.ys.partition_point(|&y| y <= rect.y)..self.ys.partition_point(|&y| y < rect.bottom());
        for j in inside_y.clone() {
            for i in i0..i1 {
                let at = self.at(i, j);
                self.right[at] += price;
            }
        }
        for i in inside_x {
            for j in j0..j1 {
                let at = self.at(i, j);
                self.down[at] += price;
            }
        }
    }

    /// Charges crossings with a line that is there, and running close beside it.
    fn line(&mut self, a: Point, b: Point) {
        let box_ = span(a, b);
        if (a.x - b.x).abs() < 0.01 {
            let column = self.xs.partition_point(|&x| x < a.x);
            if column > 0 && column < self.xs.len() {
                let inside = self.ys.partition_point(|&y| y <= box_.y)
                    ..self.ys.partition_point(|&y| y < box_.bottom());
                for j in inside {
                    let at = self.at(column - 1, j);
                    self.right[at] += CROSSING as f32;
                }
            }
            let close = self.xs.partition_point(|&x| x <= a.x - APART * 0.7)
                ..self.xs.partition_point(|&x| x < a.x + APART * 0.7);
            for i in close {
                for j in below(&self.ys, box_.y)..above(&self.ys, box_.bottom()) {
                    let at = self.at(i, j);
                    self.down[at] += (self.ys[j + 1] - self.ys[j]) as f32 * 2.0 + 20.0;
                }
            }
        } else {
            let row = self.ys.partition_point(|&y| y < a.y);
            if row > 0 && row < self.ys.len() {
                let inside =
                    self.xs.partition_point(|&x| x <= box_.x)..self.xs.partition_point(|&x| x < box_.right());
                for i in inside {
                    let at = self.at(i, row - 1);
                    self.down[at] += CROSSING as f32;
                }
            }
            let close = self.ys.partition_point(|&y| y <= a.y - APART * 0.7)
                ..self.ys.partition_point(|&y| y < a.y + APART * 0.7);
            for j in close {
                for i in below(&self.xs, box_.x)..above(&self.xs, box_.right()) {
                    let at = self.at(i, j);
                    self.right[at] += (self.xs[i + 1] - self.xs[i]) as f32 * 2.0 + 20.0;
                }
            }
        }
    }
}

/// The first step that reaches beyond `low`.
fn below(lines: &[f64], low: f64) -> usize {
    lines.partition_point(|&v| v <= low).saturating_sub(1)
}

/// One past the last step that begins before `high`.
fn above(lines: &[f64], high: f64) -> usize {
    lines.partition_point(|&v| v < high).min(lines.len().saturating_sub(1))
}

fn span(a: Point, b: Point) -> Rect {
    Rect::new(a.x.min(b.x), a.y.min(b.y), (a.x - b.x).abs(), (a.y - b.y).abs())
}

/// Nodes that the edge may not run through: all but the containers of its ends. Of a foreign container
/// its border is enough.
fn obstacles(graph: &Graph, rects: &[Rect], src: usize, dst: usize, window: Rect) -> Vec<Rect> {
    let mut open = vec![false; graph.nodes.len()];
    open[0] = true;
    for end in [src, dst] {
        for ancestor in graph.ancestors(end) {
            open[ancestor] = true;
        }
    }
    let mut found = Vec::new();
    let mut stack = vec![0];
    while let Some(container) = stack.pop() {
        for &child in &graph.nodes[container].children {
            if open[child] {
                stack.push(child);
            } else if rects[child].inflate(CLEAR).overlaps(window) {
                found.push(rects[child]);
            }
        }
    }
    found
}

impl Gate {
    /// The end of the first step away from the border.
    pub(super) fn stub(&self) -> Point {
        let out = if self.inwards { -CLEAR } else { CLEAR };
        match self.side {
            Side::North => self.at.offset(0.0, -out),
            Side::South => self.at.offset(0.0, out),
            Side::West => self.at.offset(-out, 0.0),
            Side::East => self.at.offset(out, 0.0),
        }
    }
}
