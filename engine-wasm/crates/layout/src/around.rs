//! Orthogonal routes around boxes that stand where they stand, for edges that the layered layout does not
//! route: between cells of a grid, into a grid or a sequence diagram from outside, to objects placed `near`
//! something. The search is that of `router`.

use spandrel_base::{Budget, Point, Rect};

use crate::Side;
use crate::layered::simplify;
use crate::router::{Gate, Space};

/// Lines nearer to an end that is taken than this look like one with it, and what such a place costs.
const BESIDE: f64 = 6.0;
const TAKEN: f64 = 60.0;
/// What a place off the middle of a side costs.
const OFF_MIDDLE: f64 = 14.0;
/// Where along a side edges attach, as shares of it: the middle first.
const SHARES: [f64; 3] = [0.5, 0.25, 0.75];
/// So many segments of earlier routes are looked at, the latest.
const MOST_TAKEN: usize = 400;
/// What looking for one route counts for in a budget.
const PRICE: u64 = 1000;

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
    budget.spend(PRICE).ok()?;
    let clear = clear.clamp(2.0, 16.0);
    let (start, goal) = (gates(from, obstacles, clear, taken), gates(to, obstacles, clear, taken));
    let mut boxes = obstacles.to_vec();
    boxes.extend([from, to].into_iter().filter_map(|end| match end {
        End::Box(rect) => Some(rect),
        End::At(_) => None,
    }));
    let ends = start.iter().chain(&goal).map(|gate| Rect::new(gate.front.x, gate.front.y, 0.0, 0.0));
    let window = boxes.iter().copied().chain(ends).reduce(Rect::union)?.inflate(2.0 * clear);
    let recent = taken.segments.len().saturating_sub(MOST_TAKEN);
    let space = Space { obstacles: &boxes, soft: &[], segments: &taken.segments[recent..], clear };
    space.line(window, &start, &goal)
}

/// Where a route may begin or end.
fn gates(end: End, obstacles: &[Rect], clear: f64, taken: &Taken) -> Vec<Gate> {
    let rect = match end {
        End::At(at) => {
            let gate = |side| Gate { at, front: at, side, price: 0.0 };
            return vec![gate(Side::East), gate(Side::South)];
        }
        End::Box(rect) => rect,
    };
    let mut found = Vec::new();
    for share in SHARES {
        let (x, y) = (rect.x + rect.width * share, rect.y + rect.height * share);
        for (at, side) in [
            (Point::new(rect.right(), y), Side::East),
            (Point::new(x, rect.bottom()), Side::South),
            (Point::new(rect.x, y), Side::West),
            (Point::new(x, rect.y), Side::North),
        ] {
            let mut gate = Gate::new(at, side, clear, if share == 0.5 { 0.0 } else { OFF_MIDDLE });
            let step = Rect::new(at.x, at.y, 0.0, 0.0).union(Rect::new(gate.front.x, gate.front.y, 0.0, 0.0));
            if obstacles.iter().any(|other| other.overlaps(step.inflate(0.1))) {
                continue;
            }
            if taken.ends.iter().any(|end| (end.x - at.x).abs() + (end.y - at.y).abs() < BESIDE) {
                gate.price += TAKEN;
            }
            found.push(gate);
        }
    }
    found
}

/// A route of one or two bends that looks at nothing: better than none.
pub(crate) fn elbow(from: Rect, to: Rect) -> Vec<Point> {
    let (a, b) = (from.center(), to.center());
    if from.right() <= to.x || to.right() <= from.x {
        let (start, end) = if a.x < b.x { (from.right(), to.x) } else { (from.x, to.right()) };
        let middle = f64::midpoint(start, end);
        let points =
            [Point::new(start, a.y), Point::new(middle, a.y), Point::new(middle, b.y), Point::new(end, b.y)];
        return simplify(points.into());
    }
    let (start, end) = if a.y < b.y { (from.bottom(), to.y) } else { (from.y, to.bottom()) };
    let middle = f64::midpoint(start, end);
    let points =
        [Point::new(a.x, start), Point::new(a.x, middle), Point::new(b.x, middle), Point::new(b.x, end)];
    simplify(points.into())
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
}
