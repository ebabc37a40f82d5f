//! Turning: the caller's directions into the one internal direction (flow to the right) and back.

use spandrel_base::{Insets, Point, Rect, Size};

use crate::Side;
use crate::model::Direction;

/// Width and height along (flow, cross).
pub(super) fn size(direction: Direction, size: Size) -> (f64, f64) {
    if direction.is_horizontal() { (size.width, size.height) } else { (size.height, size.width) }
}

/// Insets with `left` towards the start of the flow and `top` towards the start of the cross axis.
pub(super) fn insets(direction: Direction, i: Insets) -> Insets {
    let Insets { top, right, bottom, left } = i;
    match direction {
        Direction::Right => i,
        Direction::Left => Insets { top, right: left, bottom, left: right },
        Direction::Down => Insets { top: left, right: bottom, bottom: right, left: top },
        Direction::Up => Insets { top: left, right: top, bottom: right, left: bottom },
    }
}

/// A side in internal terms.
pub(super) fn side(direction: Direction, side: Side) -> Side {
    use Side::{East, North, South, West};
    match (direction, side) {
        (Direction::Right, _) => side,
        (Direction::Left, East) => West,
        (Direction::Left, West) => East,
        (Direction::Left, _) => side,
        (Direction::Down, North) | (Direction::Up, South) => West,
        (Direction::Down, South) | (Direction::Up, North) => East,
        (_, West) => North,
        (_, East) => South,
    }
}

/// A point within a box of `outer` (both in the caller's terms) in internal terms.
pub(super) fn point(direction: Direction, p: Point, outer: Size) -> Point {
    match direction {
        Direction::Right => p,
        Direction::Left => Point::new(outer.width - p.x, p.y),
        Direction::Down => Point::new(p.y, p.x),
        Direction::Up => Point::new(outer.height - p.y, p.x),
    }
}

/// An internal point within a box of internal `width` (along the flow) in the caller's terms.
pub(super) fn point_back(direction: Direction, p: Point, width: f64) -> Point {
    match direction {
        Direction::Right => p,
        Direction::Left => Point::new(width - p.x, p.y),
        Direction::Down => Point::new(p.y, p.x),
        Direction::Up => Point::new(p.y, width - p.x),
    }
}

/// An internal rectangle within a box of internal `width` in the caller's terms.
pub(super) fn rect_back(direction: Direction, r: Rect, width: f64) -> Rect {
    match direction {
        Direction::Right => r,
        Direction::Left => Rect::new(width - r.right(), r.y, r.width, r.height),
        Direction::Down => Rect::new(r.y, r.x, r.height, r.width),
        Direction::Up => Rect::new(r.y, width - r.right(), r.height, r.width),
    }
}
