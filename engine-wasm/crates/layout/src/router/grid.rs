//! The grid of one search: lines worth taking, what is closed, what costs.

use spandrel_base::{LeanSort, Point, Rect};

use super::{APART, CROSSING, Gate, Space, TITLE};

/// Lines, and the steps between their crossings. The prices along a line are worked out when the search first
/// comes to it: most lines it never does.
pub(super) struct Grid {
    pub(super) xs: Vec<f64>,
    pub(super) ys: Vec<f64>,
    obstacles: Vec<Rect>,
    /// The obstacles with the room that lines should leave around them.
    close: Vec<Rect>,
    soft: Vec<Rect>,
    segments: Vec<(Point, Point)>,
    /// By row, and by column: prices of the steps along it beyond their length, each at the crossing where it
    /// begins; infinite where it is closed.
    rows: Vec<Option<Box<[f32]>>>,
    columns: Vec<Option<Box<[f32]>>>,
}

/// Crossings of lines that a search may look at.
const MOST: usize = 300_000;
/// Lines closer to a node's border than this touch it.
const TOUCH: f64 = 2.0;

impl Grid {
    /// The grid inside `window` for a line from one of `from` to one of `to`; `None` where it would be too large.
    pub(super) fn new(space: &Space<'_>, window: Rect, from: &[Gate], to: &[Gate]) -> Option<Self> {
        let obstacles: Vec<Rect> =
            space.obstacles.iter().copied().filter(|o| o.inflate(space.clear).overlaps(window)).collect();
        let mut xs = Vec::new();
        let mut ys = Vec::new();
        for o in &obstacles {
            for gap in [space.clear, space.clear * 0.4] {
                xs.extend([o.x - gap, o.right() + gap]);
                ys.extend([o.y - gap, o.bottom() + gap]);
            }
        }
        for gate in from.iter().chain(to) {
            xs.extend([gate.at.x, gate.front.x]);
            ys.extend([gate.at.y, gate.front.y]);
        }
        let near: Vec<(Point, Point)> = space
            .segments
            .iter()
            .copied()
            .filter(|&(a, b)| span(a, b).inflate(APART).overlaps(window))
            .collect();
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
        Some(Self {
            close: obstacles.iter().map(|o| o.inflate(space.clear - 0.5)).collect(),
            obstacles: obstacles.into_iter().map(|o| o.inflate(TOUCH.min(space.clear / 2.0))).collect(),
            soft: space.soft.iter().copied().filter(|s| s.overlaps(window)).collect(),
            segments: near,
            rows: vec![None; ys.len()],
            columns: vec![None; xs.len()],
            xs,
            ys,
        })
    }

    /// The number of the crossing of column `i` and row `j`.
    pub(super) fn at(&self, i: usize, j: usize) -> usize {
        j * self.xs.len() + i
    }

    /// Prices of the steps to the right along row `j`: from column `i` to the next at `i`.
    pub(super) fn row(&mut self, j: usize) -> &[f32] {
        let (xs, y) = (&self.xs, self.ys[j]);
        self.rows[j].get_or_insert_with(|| {
            let boxes = |rect: &&Rect| rect.y < y && y < rect.bottom();
            let mut prices = vec![0.0; xs.len()].into_boxed_slice();
            for o in self.obstacles.iter().filter(boxes) {
                charge(&mut prices, xs, o.x, o.right(), f32::INFINITY);
            }
            for o in self.close.iter().filter(boxes) {
                along(&mut prices, xs, o.x, o.right(), 1.0, 0.0);
            }
            for s in self.soft.iter().filter(boxes) {
                charge(&mut prices, xs, s.x, s.right(), TITLE as f32);
            }
            for &(a, b) in &self.segments {
                if (a.x - b.x).abs() >= 0.01 {
                    beside(&mut prices, xs, y - a.y, a.x.min(b.x), a.x.max(b.x));
                } else if a.y.min(b.y) < y && y < a.y.max(b.y) {
                    across(&mut prices, xs, a.x);
                }
            }
            prices
        })
    }

    /// Prices of the steps down along column `i`: from row `j` to the next at `j`.
    pub(super) fn column(&mut self, i: usize) -> &[f32] {
        let (ys, x) = (&self.ys, self.xs[i]);
        self.columns[i].get_or_insert_with(|| {
            let boxes = |rect: &&Rect| rect.x < x && x < rect.right();
            let mut prices = vec![0.0; ys.len()].into_boxed_slice();
            for o in self.obstacles.iter().filter(boxes) {
                charge(&mut prices, ys, o.y, o.bottom(), f32::INFINITY);
            }
            for o in self.close.iter().filter(boxes) {
                along(&mut prices, ys, o.y, o.bottom(), 1.0, 0.0);
            }
            for s in self.soft.iter().filter(boxes) {
                charge(&mut prices, ys, s.y, s.bottom(), TITLE as f32);
            }
            for &(a, b) in &self.segments {
                if (a.x - b.x).abs() < 0.01 {
                    beside(&mut prices, ys, x - a.x, a.y.min(b.y), a.y.max(b.y));
                } else if a.x.min(b.x) < x && x < a.x.max(b.x) {
                    across(&mut prices, ys, a.y);
                }
            }
            prices
        })
    }
}

/// Adds `price` to every step that reaches into the inside of an interval.
fn charge(prices: &mut [f32], lines: &[f64], low: f64, high: f64, price: f32) {
    for step in prices.iter_mut().take(above(lines, high)).skip(below(lines, low)) {
        *step += price;
    }
}

/// Charges the step across a line at `place` that is there already.
fn across(prices: &mut [f32], lines: &[f64], place: f64) {
    let step = lines.partition_point(|&v| v < place);
    if step > 0 && step < lines.len() {
        prices[step - 1] += CROSSING as f32;
    }
}

/// Charges running close beside a line that is there already, `off` pixels away.
fn beside(prices: &mut [f32], lines: &[f64], off: f64, low: f64, high: f64) {
    if off.abs() >= APART * 0.7 {
        return;
    }
    along(prices, lines, low, high, 2.0, 20.0);
}

/// Charges every step that reaches into the inside of an interval: by its length, and each.
fn along(prices: &mut [f32], lines: &[f64], low: f64, high: f64, by_length: f32, each: f32) {
    for step in below(lines, low)..above(lines, high) {
        prices[step] += (lines[step + 1] - lines[step]) as f32 * by_length + each;
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
