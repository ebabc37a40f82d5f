//! Orthogonal routes around boxes that stand where they stand.
//!
//! For edges that the layered layout does not route: between cells of a grid, into a grid or a sequence
//! diagram from outside, to objects placed `near` something. A shortest path with few bends (A*
//! over points and directions) on the lines that keep clear of the boxes, as in orthogonal
//! visibility graphs (Wybrow, Marriott, Stuckey 2009), with tracks beside and between boxes in place of
//! their nudging step: what an earlier route has taken costs more.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use spandrel_base::{Budget, LeanSort, Point, Rect};

/// Lines of the search grid, at most; beyond it the caller draws a plain elbow.
const MOST_POINTS: usize = 60_000;
/// What a bend costs, in pixels of way.
const BEND: f64 = 40.0;
/// What a pixel on a line that another route has taken costs more, and a crossing with one.
const SHARED: f64 = 4.0;
const CROSSING: f64 = 12.0;
/// Lines nearer to each other than this look like one.
const BESIDE: f64 = 4.0;
/// So many segments of earlier routes are looked at, the latest.
const MOST_TAKEN: usize = 400;
/// Costs are counted in whole parts of a pixel, so that their order is total.
const PARTS: f64 = 16.0;

/// An end of a route.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum End {
    /// A box: the route leaves from any side, at right angles.
    Box(Rect),
    /// A point: the route may go anywhere from it.
    At(Point),
}

/// Routes drawn so far, which later ones keep away from.
#[derive(Default)]
pub(crate) struct Taken {
    segments: Vec<(Point, Point)>,
    ends: Vec<Point>,
}

impl Taken {
    /// Remembers a route.
    pub(crate) fn add(&mut self, points: &[Point]) {
        self.segments.extend(points.windows(2).map(|pair| (pair[0], pair[1])));
        self.ends.extend(points.first());
        self.ends.extend(points.last());
    }
}

/// A route from `from` to `to` that enters no obstacle, `clear` pixels away from all of them; `None` where
/// there is none or where looking for it costs too much.
pub(crate) fn route(
    from: End,
    to: End,
    obstacles: &[Rect],
    clear: f64,
    taken: &Taken,
    budget: &Budget<'_>,
) -> Option<Vec<Point>> {
    let clear = clear.clamp(2.0, 16.0);
    let grid = Grid::new(from, to, obstacles, clear, taken)?;
    let starts = grid.attachments(from, clear, obstacles, taken);
    let goals = grid.attachments(to, clear, obstacles, taken);
    let count = grid.xs.len() * grid.ys.len() * 4;
    // What is still to go at least: the way to the nearest goal as the crow walks.
    let ahead = |point: usize| {
        let at = grid.point(point);
        let to = |goal: &Attachment| {
            let end = grid.point(goal.point);
            (at.x - end.x).abs() + (at.y - end.y).abs()
        };
        (goals.iter().map(to).fold(f64::INFINITY, f64::min).min(1e9) * PARTS) as u64
    };
    let mut best = vec![u64::MAX; count];
    let mut came: Vec<u32> = vec![u32::MAX; count];
    let mut heap = BinaryHeap::new();
    for start in &starts {
        for direction in start.directions() {
            let state = start.point * 4 + direction;
            let cost = parts(start.price);
            if cost < best[state] {
                best[state] = cost;
                heap.push(Reverse((cost + ahead(start.point), cost, state)));
            }
        }
    }
    let mut reached: Option<(u64, usize, Attachment)> = None;
    while let Some(Reverse((total, cost, state))) = heap.pop() {
        if reached.as_ref().is_some_and(|(least, ..)| total >= *least) {
            break;
        }
        if cost > best[state] {
            continue;
        }
        budget.spend(8).ok()?;
        let (point, direction) = (state / 4, state % 4);
        for goal in goals.iter().filter(|goal| goal.point == point) {
            // Arriving means going against the way out of the goal's side.
            let turn = goal.out.is_some_and(|out| out != (direction + 2) % 4);
            if goal.out == Some(direction) {
                continue;
            }
            let total = cost + parts(goal.price) + if turn { parts(BEND) } else { 0 };
            if reached.as_ref().is_none_or(|(least, ..)| total < *least) {
                reached = Some((total, state, *goal));
            }
        }
        for next in 0..4 {
            if next == (direction + 2) % 4 {
                continue;
            }
            let Some((to, way)) = grid.step(point, next) else { continue };
            let cost = cost + parts(way) + if next == direction { 0 } else { parts(BEND) };
            let state_to = to * 4 + next;
            if cost < best[state_to] {
                best[state_to] = cost;
                came[state_to] = state as u32;
                heap.push(Reverse((cost + ahead(to), cost, state_to)));
            }
        }
    }
    let (_, last, goal) = reached?;
    let mut points = vec![goal.end];
    let mut state = last;
    loop {
        points.push(grid.point(state / 4));
        match came[state] {
            u32::MAX => break,
            before => state = before as usize,
        }
    }
    let start = starts.iter().find(|start| start.point == state / 4)?;
    points.push(start.end);
    points.reverse();
    Some(simplified(&points))
}

/// A route of one or two bends that looks at nothing: better than none.
pub(crate) fn elbow(from: Rect, to: Rect) -> Vec<Point> {
    let (a, b) = (from.center(), to.center());
    if from.right() <= to.x || to.right() <= from.x {
        let (start, end) = if a.x < b.x { (from.right(), to.x) } else { (from.x, to.right()) };
        let middle = f64::midpoint(start, end);
        let points =
            [Point::new(start, a.y), Point::new(middle, a.y), Point::new(middle, b.y), Point::new(end, b.y)];
        return simplified(&points);
    }
    let (start, end) = if a.y < b.y { (from.bottom(), to.y) } else { (from.y, to.bottom()) };
    let middle = f64::midpoint(start, end);
    let points =
        [Point::new(a.x, start), Point::new(a.x, middle), Point::new(b.x, middle), Point::new(b.x, end)];
    simplified(&points)
}

/// The points without repetitions and without those on a straight line between their neighbours.
pub(crate) fn simplified(points: &[Point]) -> Vec<Point> {
    let mut kept: Vec<Point> = Vec::with_capacity(points.len());
    for &point in points {
        if kept.last().is_some_and(|last| near(last.x, point.x) && near(last.y, point.y)) {
            continue;
        }
        while let [.., before, last] = kept.as_slice() {
            let straight = near(before.x, last.x) && near(last.x, point.x)
                || near(before.y, last.y) && near(last.y, point.y);
            if !straight {
                break;
            }
            kept.pop();
        }
        kept.push(point);
    }
    if kept.len() == 1 {
        kept.push(kept[0]);
    }
    kept
}

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-6
}

fn parts(pixels: f64) -> u64 {
    (pixels * PARTS).round().max(0.0) as u64
}

/// A place where a route may begin or end.
#[derive(Clone, Copy, Debug)]
struct Attachment {
    /// The end itself, on the border.
    end: Point,
    /// The point of the grid in front of it.
    point: usize,
    /// The direction out of the box; `None` for a free point.
    out: Option<usize>,
    /// What it costs to use it.
    price: f64,
}

impl Attachment {
    fn directions(&self) -> std::ops::Range<usize> {
        self.out.map_or(0..4, |out| out..out + 1)
    }
}

/// Lines on which routes may run. Directions: 0 right, 1 down, 2 left, 3 up.
struct Grid {
    xs: Vec<f64>,
    ys: Vec<f64>,
    /// By point: whether the way to the right, and the way down, is barred.
    barred: Vec<(bool, bool)>,
    /// By point: what the way to the right, and the way down, costs more because of earlier routes.
    extra: Vec<(f64, f64)>,
}

impl Grid {
    fn new(from: End, to: End, obstacles: &[Rect], clear: f64, taken: &Taken) -> Option<Self> {
        let mut boxes = obstacles.to_vec();
        let (mut xs, mut ys) = (Vec::new(), Vec::new());
        for end in [from, to] {
            match end {
                End::Box(rect) => {
                    boxes.push(rect);
                    for share in SHARES {
                        xs.push(rect.x + rect.width * share);
                        ys.push(rect.y + rect.height * share);
                    }
                }
                End::At(point) => {
                    xs.push(point.x);
                    ys.push(point.y);
                }
            }
        }
        lines(&mut xs, boxes.iter().map(|rect| (rect.x, rect.right())).collect(), clear);
        lines(&mut ys, boxes.iter().map(|rect| (rect.y, rect.bottom())).collect(), clear);
        if xs.len() * ys.len() > MOST_POINTS {
            return None;
        }
        let points = xs.len() * ys.len();
        let mut grid = Self { barred: vec![(false, false); points], extra: vec![(0.0, 0.0); points], xs, ys };
        // A little less than `clear`, so that the lines beside a box are free.
        let margin = clear * 0.6;
        for rect in boxes {
            grid.bar(rect.inflate(margin));
        }
        let recent = taken.segments.len().saturating_sub(MOST_TAKEN);
        for (a, b) in &taken.segments[recent..] {
            grid.charge(*a, *b);
        }
        Some(grid)
    }

    /// Makes ways along the segment `a`–`b` of an earlier route, and across it, cost more.
    fn charge(&mut self, a: Point, b: Point) {
        let columns = self.xs.len();
        if a.y == b.y {
            let (left, right) = (a.x.min(b.x), a.x.max(b.x));
            let beside = range(&self.ys, a.y - BESIDE, a.y + BESIDE);
            let along = range(&self.xs, left, right);
            for column in along.start.saturating_sub(1)..along.end.min(columns.saturating_sub(1)) {
                let shared = overlap(self.xs[column], self.xs[column + 1], left, right).max(0.0);
                for row in beside.clone() {
                    self.extra[row * columns + column].0 += shared * SHARED;
                }
            }
            // The one piece of each column that it crosses; each crossing counts once.
            let row = self.ys.partition_point(|y| *y <= a.y);
            if row > 0 && row < self.ys.len() {
                for column in range(&self.xs, left + 1e-6, right - 1e-6) {
                    self.extra[(row - 1) * columns + column].1 += CROSSING;
                }
            }
        } else if a.x == b.x {
            let (top, bottom) = (a.y.min(b.y), a.y.max(b.y));
            let beside = range(&self.xs, a.x - BESIDE, a.x + BESIDE);
            let along = range(&self.ys, top, bottom);
            for row in along.start.saturating_sub(1)..along.end.min(self.ys.len().saturating_sub(1)) {
                let shared = overlap(self.ys[row], self.ys[row + 1], top, bottom).max(0.0);
                for column in beside.clone() {
                    self.extra[row * columns + column].1 += shared * SHARED;
                }
            }
            let column = self.xs.partition_point(|x| *x <= a.x);
            if column > 0 && column < columns {
                for row in range(&self.ys, top + 1e-6, bottom - 1e-6) {
                    self.extra[row * columns + column - 1].0 += CROSSING;
                }
            }
        }
    }

    fn point(&self, index: usize) -> Point {
        Point::new(self.xs[index % self.xs.len()], self.ys[index / self.xs.len()])
    }

    /// Bars every way through the inside of `rect`.
    fn bar(&mut self, rect: Rect) {
        let columns = self.xs.len();
        // Lines that run through the inside, and pieces that reach into it.
        let inside = |lines: &[f64], low: f64, high: f64| {
            (lines.partition_point(|at| *at <= low), lines.partition_point(|at| *at < high))
        };
        let (x0, x1) = inside(&self.xs, rect.x, rect.right());
        let (y0, y1) = inside(&self.ys, rect.y, rect.bottom());
        for row in y0..y1 {
            for column in x0.saturating_sub(1)..x1.min(columns) {
                self.barred[row * columns + column].0 = true;
            }
        }
        for column in x0..x1 {
            for row in y0.saturating_sub(1)..y1.min(self.ys.len()) {
                self.barred[row * columns + column].1 = true;
            }
        }
    }

    /// The next point in a direction, and what the way there costs.
    fn step(&self, from: usize, direction: usize) -> Option<(usize, f64)> {
        let columns = self.xs.len();
        let (column, row) = (from % columns, from / columns);
        let to = match direction {
            0 if column + 1 < columns && !self.barred[from].0 => from + 1,
            1 if row + 1 < self.ys.len() && !self.barred[from].1 => from + columns,
            2 if column > 0 && !self.barred[from - 1].0 => from - 1,
            3 if row > 0 && !self.barred[from - columns].1 => from - columns,
            _ => return None,
        };
        let (a, b) = (self.point(from), self.point(to));
        let length = (a.x - b.x).abs() + (a.y - b.y).abs();
        let extra = self.extra[from.min(to)];
        let price = length + if direction.is_multiple_of(2) { extra.0 } else { extra.1 };
        Some((to, price))
    }

    /// Where a route may begin or end at `end`.
    fn attachments(&self, end: End, clear: f64, obstacles: &[Rect], taken: &Taken) -> Vec<Attachment> {
        let find = |lines: &[f64], at: f64| {
            let index = lines.partition_point(|line| *line < at - 0.5);
            lines.get(index).filter(|line| (**line - at).abs() <= 0.5).map(|_| index)
        };
        let mut found = Vec::new();
        match end {
            End::At(point) => {
                if let (Some(column), Some(row)) = (find(&self.xs, point.x), find(&self.ys, point.y)) {
                    let index = row * self.xs.len() + column;
                    found.push(Attachment { end: point, point: index, out: None, price: 0.0 });
                }
            }
            End::Box(rect) => {
                for (place, share) in SHARES.into_iter().enumerate() {
                    let (x, y) = (rect.x + rect.width * share, rect.y + rect.height * share);
                    let sides = [
                        (Point::new(rect.right(), y), Point::new(rect.right() + clear, y), 0),
                        (Point::new(x, rect.bottom()), Point::new(x, rect.bottom() + clear), 1),
                        (Point::new(rect.x, y), Point::new(rect.x - clear, y), 2),
                        (Point::new(x, rect.y), Point::new(x, rect.y - clear), 3),
                    ];
                    for (at, front, out) in sides {
                        let (Some(column), Some(row)) = (find(&self.xs, front.x), find(&self.ys, front.y))
                        else {
                            continue;
                        };
                        let stub =
                            Rect::new(at.x, at.y, 0.0, 0.0).union(Rect::new(front.x, front.y, 0.0, 0.0));
                        if obstacles.iter().any(|other| other.overlaps(stub.inflate(0.1))) {
                            continue;
                        }
                        // The middle of a side first; a place that is taken last.
                        let busy =
                            taken.ends.iter().any(|end| (end.x - at.x).abs() + (end.y - at.y).abs() < 6.0);
                        let price = if place == 0 { 0.0 } else { 14.0 } + if busy { 60.0 } else { 0.0 };
                        let on_line = if out % 2 == 0 {
                            Point::new(at.x, self.ys[row])
                        } else {
                            Point::new(self.xs[column], at.y)
                        };
                        found.push(Attachment {
                            end: on_line,
                            point: row * self.xs.len() + column,
                            out: Some(out),
                            price,
                        });
                    }
                }
            }
        }
        found
    }
}

/// Where along a side edges attach, as shares of it: the middle first.
const SHARES: [f64; 3] = [0.5, 0.25, 0.75];

/// Adds the lines beside and between intervals, and puts all into order.
fn lines(found: &mut Vec<f64>, mut intervals: Vec<(f64, f64)>, clear: f64) {
    intervals.lean_sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let starts: Vec<f64> = intervals.iter().map(|interval| interval.0).collect();
    for &(low, high) in &intervals {
        found.push(low - clear);
        found.push(high + clear);
        // The middle of the gap to the next box, if it is a gap and not a plain.
        if let Some(next) = starts.get(starts.partition_point(|start| *start < high))
            && next - high > 2.0 * clear
            && next - high < 240.0
        {
            found.push(f64::midpoint(high, *next));
        }
    }
    found.lean_sort_by(f64::total_cmp);
    found.dedup_by(|a, b| (*a - *b).abs() < 0.5);
}

/// The length that two intervals share, their ends in any order.
fn overlap(a: f64, b: f64, c: f64, d: f64) -> f64 {
    a.max(b).min(c.max(d)) - a.min(b).max(c.min(d))
}

/// The lines from `low` to `high`, both included.
fn range(lines: &[f64], low: f64, high: f64) -> std::ops::Range<usize> {
    let start = lines.partition_point(|at| *at < low);
    start..lines.partition_point(|at| *at <= high).max(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(from: End, to: End, obstacles: &[Rect]) -> Vec<Point> {
        let points = route(from, to, obstacles, 10.0, &Taken::default(), &Budget::default()).unwrap();
        for pair in points.windows(2) {
            assert!(pair[0].x == pair[1].x || pair[0].y == pair[1].y, "{points:?}");
            let segment = Rect::new(pair[0].x.min(pair[1].x), pair[0].y.min(pair[1].y), 0.0, 0.0)
                .union(Rect::new(pair[0].x.max(pair[1].x), pair[0].y.max(pair[1].y), 0.0, 0.0));
            assert!(obstacles.iter().all(|o| !o.overlaps(segment.inflate(0.1))), "{points:?}");
        }
        points
    }

    #[test]
    fn neighbours_are_joined_by_a_straight_line() {
        let (a, b) = (Rect::new(0.0, 0.0, 60.0, 40.0), Rect::new(100.0, 0.0, 60.0, 40.0));
        let points = check(End::Box(a), End::Box(b), &[]);
        assert_eq!(points, [Point::new(60.0, 20.0), Point::new(100.0, 20.0)]);
    }

    #[test]
    fn boxes_between_are_gone_around() {
        let (a, b) = (Rect::new(0.0, 0.0, 60.0, 40.0), Rect::new(200.0, 0.0, 60.0, 40.0));
        let between = Rect::new(100.0, -20.0, 60.0, 80.0);
        let points = check(End::Box(a), End::Box(b), &[between]);
        assert!(points.len() <= 6, "{points:?}");
    }

    #[test]
    fn a_second_route_takes_another_track() {
        let (a, b) = (Rect::new(0.0, 0.0, 60.0, 40.0), Rect::new(100.0, 0.0, 60.0, 40.0));
        let first = check(End::Box(a), End::Box(b), &[]);
        let mut taken = Taken::default();
        taken.add(&first);
        let second = route(End::Box(a), End::Box(b), &[], 10.0, &taken, &Budget::default()).unwrap();
        assert_ne!(first, second);
    }

    #[test]
    fn a_walled_in_box_has_no_route() {
        let a = Rect::new(0.0, 0.0, 40.0, 40.0);
        let wall = Rect::new(-3.0, -3.0, 46.0, 46.0);
        let found = route(
            End::Box(a),
            End::Box(Rect::new(200.0, 0.0, 40.0, 40.0)),
            &[wall],
            10.0,
            &Taken::default(),
            &Budget::default(),
        );
        assert_eq!(found, None);
    }

    #[test]
    fn points_are_simplified() {
        let points: Vec<Point> = [(0.0, 0.0), (5.0, 0.0), (9.0, 0.0), (9.0, 0.0), (9.0, 7.0)]
            .map(|(x, y)| Point::new(x, y))
            .into();
        assert_eq!(simplified(&points).len(), 3);
    }
}
