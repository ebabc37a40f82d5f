//! Where the ports of a node lie before anything is laid out, in internal terms.

use spandrel_base::{LeanSort, Point, Size};

use super::super::axis;
use crate::Side;
use crate::model::{Direction, Node, PortConstraint};

/// By port: its internal side and the point where its edges attach, relative to the node's internal
/// top-left corner. `lean` says per port whether its edges would rather leave east (positive) or west.
pub(in super::super) fn places(
    node: &Node,
    size: Size,
    direction: Direction,
    lean: &[i32],
) -> Vec<Option<(Side, Point)>> {
    let outer: Vec<Side> =
        (0..node.ports.len()).map(|p| outer_side(node, size, direction, p, lean)).collect();
    let mut found = vec![None; node.ports.len()];
    if node.port_constraint == PortConstraint::FixedPos {
        for (index, port) in node.ports.iter().enumerate() {
            if let Some(row) = port.row {
                let x = if outer[index] == Side::West { 0.0 } else { size.width };
                let at = Point::new(x, row);
                found[index] = Some((axis::side(direction, outer[index]), axis::point(direction, at, size)));
                continue;
            }
            let (px, py) = (port.position.x, port.position.y);
            let (mx, my) = (px + port.size.width / 2.0, py + port.size.height / 2.0);
            let at = match outer[index] {
                Side::North => Point::new(mx, py.min(0.0)),
                Side::South => Point::new(mx, (py + port.size.height).max(size.height)),
                Side::West => Point::new(px.min(0.0), my),
                Side::East => Point::new((px + port.size.width).max(size.width), my),
            };
            found[index] = Some((axis::side(direction, outer[index]), axis::point(direction, at, size)));
        }
        return found;
    }
    for side in [Side::North, Side::East, Side::South, Side::West] {
        let mut on: Vec<usize> = (0..node.ports.len()).filter(|&p| outer[p] == side).collect();
        on.lean_sort_by_key(|&p| (node.ports[p].index.unwrap_or(0), p));
        // Clockwise from the north-west: the south and west sides run backwards.
        if matches!(side, Side::South | Side::West) && node.ports.iter().any(|p| p.index.is_some()) {
            on.reverse();
        }
        let count = on.len() as f64;
        for (place, port) in on.into_iter().enumerate() {
            let share = (place as f64 + 1.0) / (count + 1.0);
            let p = &node.ports[port];
            let at = match side {
                Side::North => Point::new(size.width * share, -reach(p.size.height, p.offset)),
                Side::South => Point::new(size.width * share, size.height + reach(p.size.height, p.offset)),
                Side::West => Point::new(-reach(p.size.width, p.offset), size.height * share),
                Side::East => Point::new(size.width + reach(p.size.width, p.offset), size.height * share),
            };
            found[port] = Some((axis::side(direction, side), axis::point(direction, at, size)));
        }
    }
    found
}

/// How far the outer side of a port lies outside its node.
fn reach(extent: f64, offset: f64) -> f64 {
    (extent + offset).max(0.0)
}

/// The side of a port in the caller's terms.
fn outer_side(node: &Node, size: Size, direction: Direction, port: usize, lean: &[i32]) -> Side {
    let p = &node.ports[port];
    if p.row.is_some() {
        let east = lean.get(port).copied().unwrap_or(0) >= 0;
        return if east == (direction == Direction::Left) { Side::West } else { Side::East };
    }
    if node.port_constraint >= PortConstraint::FixedSide {
        if let Some(side) = p.side {
            return side;
        }
        if node.port_constraint == PortConstraint::FixedPos {
            // The nearest side.
            let (x, y) = (p.position.x + p.size.width / 2.0, p.position.y + p.size.height / 2.0);
            let distances = [
                (x.abs(), Side::West),
                ((size.width - x).abs(), Side::East),
                (y.abs(), Side::North),
                ((size.height - y).abs(), Side::South),
            ];
            let mut best = distances[0];
            for d in distances {
                if d.0 < best.0 {
                    best = d;
                }
            }
            return best.1;
        }
    }
    let east = lean.get(port).copied().unwrap_or(0) >= 0;
    match (direction, east) {
        (Direction::Right, true) | (Direction::Left, false) => Side::East,
        (Direction::Right, false) | (Direction::Left, true) => Side::West,
        (Direction::Down, true) | (Direction::Up, false) => Side::South,
        (Direction::Down, false) | (Direction::Up, true) => Side::North,
    }
}
