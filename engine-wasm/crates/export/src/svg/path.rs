//! Path data: outlines of shapes, and routes with rounded bends.

use std::fmt::Write as _;

use spandrel_base::{Point, Rect};
use spandrel_graph::shape::PathCommand;

use super::xml::number;

/// Radius of bends, pixels.
pub(crate) const BEND: f64 = 6.0;

/// `commands` as the `d` of a path.
pub(crate) fn data(commands: &[PathCommand]) -> String {
    let mut d = String::new();
    let at = |p: &Point| format!("{} {}", number(p.x), number(p.y));
    for command in commands {
        let _ = match command {
            PathCommand::MoveTo(p) => write!(d, "M{}", at(p)),
            PathCommand::LineTo(p) => write!(d, "L{}", at(p)),
            PathCommand::CubicTo(a, b, p) => write!(d, "C{} {} {}", at(a), at(b), at(p)),
            PathCommand::Close => write!(d, "Z"),
        };
    }
    d
}

/// A rectangle whose corners are rounded by `radius`, as the `d` of a path.
pub(crate) fn round_rect(rect: Rect, radius: f64) -> String {
    let r = radius.min(rect.width / 2.0).min(rect.height / 2.0).max(0.0);
    let n = number;
    format!(
        "M{} {}h{}a{r} {r} 0 0 1 {r} {r}v{}a{r} {r} 0 0 1 -{r} {r}h{}a{r} {r} 0 0 1 -{r} -{r}v{}a{r} {r} 0 0 1 {r} -{r}z",
        n(rect.x + r),
        n(rect.y),
        n(rect.width - 2.0 * r),
        n(rect.height - 2.0 * r),
        n(2.0 * r - rect.width),
        n(2.0 * r - rect.height),
        r = n(r),
    )
}

/// Writes the line to `bend` and round it, on the way from `before` to `after`.
pub(super) fn write_bend(d: &mut String, before: Point, bend: Point, after: Point) {
    let radius = BEND.min(distance(before, bend) / 2.0).min(distance(bend, after) / 2.0);
    let (enter, leave) = (toward(bend, before, radius), toward(bend, after, radius));
    let _ = write!(
        d,
        "L{} {}Q{} {} {} {}",
        number(enter.x),
        number(enter.y),
        number(bend.x),
        number(bend.y),
        number(leave.x),
        number(leave.y)
    );
}

/// A line through `points` with rounded bends.
pub(crate) fn rounded(points: &[Point]) -> String {
    let mut d = String::new();
    let Some(first) = points.first() else { return d };
    let _ = write!(d, "M{} {}", number(first.x), number(first.y));
    for window in points.windows(3) {
        write_bend(&mut d, window[0], window[1], window[2]);
    }
    if let (true, Some(last)) = (points.len() > 1, points.last()) {
        let _ = write!(d, "L{} {}", number(last.x), number(last.y));
    }
    d
}

/// A spline through Bézier control `points`, 3n + 1 of them.
pub(crate) fn spline(points: &[Point]) -> String {
    let mut d = String::new();
    let Some((first, rest)) = points.split_first() else { return d };
    let _ = write!(d, "M{} {}", number(first.x), number(first.y));
    for piece in rest.chunks_exact(3) {
        let [a, b, c] = [piece[0], piece[1], piece[2]];
        let _ = write!(
            d,
            "C{} {} {} {} {} {}",
            number(a.x),
            number(a.y),
            number(b.x),
            number(b.y),
            number(c.x),
            number(c.y)
        );
    }
    d
}

/// The point `by` pixels from `from` in the direction of `to`; `from` where the two are one.
pub(crate) fn toward(from: Point, to: Point, by: f64) -> Point {
    let length = distance(from, to);
    if length <= f64::EPSILON {
        return from;
    }
    Point::new(from.x + (to.x - from.x) * by / length, from.y + (to.y - from.y) * by / length)
}

pub(crate) fn distance(a: Point, b: Point) -> f64 {
    (a.x - b.x).hypot(a.y - b.y)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bends_are_rounded_and_short_legs_less_so() {
        let points =
            [Point::new(0.0, 0.0), Point::new(20.0, 0.0), Point::new(20.0, 4.0), Point::new(60.0, 4.0)];
        assert_eq!(rounded(&points), "M0 0L18 0Q20 0 20 2L20 2Q20 4 22 4L60 4");
        assert_eq!(rounded(&points[..2]), "M0 0L20 0");
        assert_eq!(rounded(&[]), "");
    }
}
