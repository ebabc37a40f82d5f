//! Outlines as paths: straight lines and cubic Bézier curves, and where a line meets them.

use spandrel_base::{Point, Rect};

/// Control distance that makes a cubic Bézier curve follow a quarter of a unit circle.
pub(super) const QUARTER: f64 = 0.552_284_75;

/// Straight pieces that a curve is broken into for intersections. A quarter of a circle of radius 100
/// then errs by 0.03 pixels.
const PIECES: usize = 32;

/// One step of an outline, in absolute CSS pixels, y down.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum PathCommand {
    /// Begins a new piece.
    MoveTo(Point),
    /// A straight line.
    LineTo(Point),
    /// A cubic Bézier curve: two control points and the end.
    CubicTo(Point, Point, Point),
    /// A straight line back to where the piece began.
    Close,
}

/// Builds a path within a rectangle: coordinates are given from the rectangle's top-left corner.
pub(super) struct Path {
    origin: Point,
    commands: Vec<PathCommand>,
}

impl Path {
    pub(super) fn new(rect: Rect) -> Self {
        Self { origin: rect.origin(), commands: Vec::new() }
    }

    fn at(&self, x: f64, y: f64) -> Point {
        self.origin.offset(x, y)
    }

    pub(super) fn move_to(&mut self, x: f64, y: f64) -> &mut Self {
        self.commands.push(PathCommand::MoveTo(self.at(x, y)));
        self
    }

    pub(super) fn line_to(&mut self, x: f64, y: f64) -> &mut Self {
        self.commands.push(PathCommand::LineTo(self.at(x, y)));
        self
    }

    pub(super) fn cubic_to(&mut self, a: (f64, f64), b: (f64, f64), end: (f64, f64)) -> &mut Self {
        self.commands.push(PathCommand::CubicTo(self.at(a.0, a.1), self.at(b.0, b.1), self.at(end.0, end.1)));
        self
    }

    /// A quarter of an ellipse from `from` (where the path stands) to `to`. `corner` is the corner of the
    /// rectangle around that quarter: both tangents point to it.
    pub(super) fn quarter(&mut self, from: (f64, f64), corner: (f64, f64), to: (f64, f64)) -> &mut Self {
        let toward = |p: (f64, f64)| (p.0 + (corner.0 - p.0) * QUARTER, p.1 + (corner.1 - p.1) * QUARTER);
        self.cubic_to(toward(from), toward(to), to)
    }

    /// A whole ellipse around (`cx`, `cy`), clockwise from its top.
    pub(super) fn ellipse(&mut self, cx: f64, cy: f64, rx: f64, ry: f64) -> &mut Self {
        let (top, right, bottom, left) = ((cx, cy - ry), (cx + rx, cy), (cx, cy + ry), (cx - rx, cy));
        self.move_to(top.0, top.1)
            .quarter(top, (right.0, top.1), right)
            .quarter(right, (right.0, bottom.1), bottom)
            .quarter(bottom, (left.0, bottom.1), left)
            .quarter(left, (left.0, top.1), top)
            .close()
    }

    pub(super) fn close(&mut self) -> &mut Self {
        self.commands.push(PathCommand::Close);
        self
    }

    pub(super) fn into_commands(self) -> Vec<PathCommand> {
        self.commands
    }
}

/// The first point where the ray from `from` through `through` meets the path; `None` where it does not
/// or where the two points are one.
pub(super) fn first_hit(commands: &[PathCommand], from: Point, through: Point) -> Option<Point> {
    // Rounding must not tilt a line that is meant to be axis-parallel.
    let flat = |d: f64| if d.abs() < 1e-9 { 0.0 } else { d };
    let (dx, dy) = (flat(through.x - from.x), flat(through.y - from.y));
    if dx == 0.0 && dy == 0.0 {
        return None;
    }
    let mut nearest = f64::INFINITY;
    let mut start = from;
    let mut at = from;
    for &command in commands {
        match command {
            PathCommand::MoveTo(to) => start = to,
            PathCommand::LineTo(to) => nearest = nearest.min(hit(from, (dx, dy), at, to)),
            PathCommand::Close => nearest = nearest.min(hit(from, (dx, dy), at, start)),
            PathCommand::CubicTo(a, b, to) => {
                let mut previous = at;
                for piece in 1..=PIECES {
                    let next = cubic_at(at, a, b, to, piece as f64 / PIECES as f64);
                    nearest = nearest.min(hit(from, (dx, dy), previous, next));
                    previous = next;
                }
            }
        }
        at = match command {
            PathCommand::MoveTo(to) | PathCommand::LineTo(to) | PathCommand::CubicTo(_, _, to) => to,
            PathCommand::Close => start,
        };
    }
    nearest.is_finite().then(|| {
        // An axis-parallel line stays exactly on its axis.
        let x = if dx == 0.0 { from.x } else { from.x + dx * nearest };
        let y = if dy == 0.0 { from.y } else { from.y + dy * nearest };
        Point::new(x, y)
    })
}

/// How far along the ray the segment `a`–`b` is met, in multiples of `direction`; infinite where it is not.
fn hit(from: Point, direction: (f64, f64), a: Point, b: Point) -> f64 {
    let (sx, sy) = (b.x - a.x, b.y - a.y);
    let cross = direction.0 * sy - direction.1 * sx;
    if cross == 0.0 {
        return f64::INFINITY;
    }
    let (ax, ay) = (a.x - from.x, a.y - from.y);
    let along_ray = (ax * sy - ay * sx) / cross;
    let along_segment = (ax * direction.1 - ay * direction.0) / cross;
    // A hair of tolerance: a line through a shared corner must not slip between the two segments.
    if along_ray >= 0.0 && (-1e-9..=1.0 + 1e-9).contains(&along_segment) { along_ray } else { f64::INFINITY }
}

/// The point of a cubic Bézier curve at `t` (0 to 1).
fn cubic_at(p0: Point, p1: Point, p2: Point, p3: Point, t: f64) -> Point {
    let u = 1.0 - t;
    let (a, b, c, d) = (u * u * u, 3.0 * u * u * t, 3.0 * u * t * t, t * t * t);
    Point::new(a * p0.x + b * p1.x + c * p2.x + d * p3.x, a * p0.y + b * p1.y + c * p2.y + d * p3.y)
}
