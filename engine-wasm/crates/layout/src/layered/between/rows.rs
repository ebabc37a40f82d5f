//! Rows above and below a node, along which its edges lead around it to ports on other sides.
//!
//! ```text
//!        ┌──────────────── edge            A port to the north: up to the row, along it.
//!     ┌──┴──┐
//!   ┌─┤     │                              A port to the west whose edge leaves to the east ("inverted"):
//!   │ └─────┘                              out, down to the row, along it.
//!   └───────────────────── edge
//! ```

use spandrel_base::{LeanSort, Point};

use super::super::lgraph::{Around, LGraph, NodeIx, PortIx};
use crate::Side;

/// Gives every attachment of a node that leads around it a row, as near to the node as may be: a height, the
/// way to the port, and room in the node's margin.
///
/// Requires: `LPort::around`. Ports to the north and south come first, those nested that leave to the same
/// side. Inverted ones lie outside of them, so nested that none crosses another on its side of the node.
pub(in super::super) fn lay(g: &mut LGraph, node: NodeIx) {
    let list = attachments(g, node);
    if list.is_empty() {
        return;
    }
    let n = &g.nodes[node];
    let (w, h) = (n.w, n.h);
    let step = g.levels[n.level].spacing.edge_edge.max(1.0);
    let row_at = |below: bool, row: usize| {
        let out = step * (row + 1) as f64;
        if below { h + out } else { -out }
    };
    let mut rows = [0usize; 2];
    for (below, wanted) in [(false, Side::North), (true, Side::South)] {
        let here = list.iter().filter(|(_, around)| around.side == wanted);
        let (mut easts, mut wests): (Vec<&(PortIx, Around)>, Vec<_>) =
            here.partition(|(port, _)| g.ports[*port].east);
        wests.lean_sort_by(|a, b| a.1.at.x.total_cmp(&b.1.at.x));
        easts.lean_sort_by(|a, b| b.1.at.x.total_cmp(&a.1.at.x));
        let apart = match (wests.last(), easts.last()) {
            (Some(a), Some(b)) => a.1.at.x <= b.1.at.x,
            _ => true,
        };
        let start = if apart { 0 } else { wests.len() };
        rows[usize::from(below)] = (start + easts.len()).max(wests.len());
        let easts = easts.into_iter().enumerate().map(|(k, entry)| (k + start, entry));
        for (row, &(port, around)) in wests.into_iter().enumerate().chain(easts) {
            let y = row_at(below, row);
            let from = if g.ports[port].east { w } else { 0.0 };
            g.ports[port].tail = vec![Point::new(from, y), Point::new(around.at.x, y), around.at];
            g.ports[port].y = Some(y);
        }
    }
    let mut beyond = [0usize; 2];
    for below in [false, true] {
        let inverted = |around: &Around| matches!(around.side, Side::West | Side::East);
        let mut here: Vec<&(PortIx, Around)> =
            list.iter().filter(|(_, a)| inverted(a) && a.below == below).collect();
        here.lean_sort_by(|a, b| a.1.at.y.total_cmp(&b.1.at.y));
        // The nearest to the row first.
        if below {
            here.reverse();
        }
        for &(port, around) in here {
            let side = usize::from(around.side == Side::East);
            beyond[side] += 1;
            let out = step * beyond[side] as f64;
            let y = row_at(below, rows[usize::from(below)]);
            rows[usize::from(below)] += 1;
            let x = if side == 1 { w + out } else { -out };
            let from = if g.ports[port].east { w } else { 0.0 };
            g.ports[port].tail =
                vec![Point::new(from, y), Point::new(x, y), Point::new(x, around.at.y), around.at];
            g.ports[port].y = Some(y);
        }
    }
    let n = &mut g.nodes[node];
    n.margin = n.without_rows;
    n.margin.top = n.margin.top.max(rows[0] as f64 * step);
    n.margin.bottom = n.margin.bottom.max(rows[1] as f64 * step);
    n.margin.left = n.margin.left.max(beyond[0] as f64 * step);
    n.margin.right = n.margin.right.max(beyond[1] as f64 * step);
}

/// The attachments of a node that lead around it.
pub(in super::super) fn attachments(g: &LGraph, node: NodeIx) -> Vec<(PortIx, Around)> {
    let n = &g.nodes[node];
    n.west.iter().chain(&n.east).filter_map(|&port| Some((port, g.ports[port].around?))).collect()
}

/// Crossings of a node's edges with each other beside the node, between its ports and the next layers.
///
/// Requires: rows, and the places of all attachments; one without a place counts as in the middle.
pub(in super::super) fn crossings(g: &LGraph, node: NodeIx) -> u64 {
    let n = &g.nodes[node];
    let far = n.w.max(1.0) * 4.0 + n.margin.left + n.margin.right;
    let (mut upright, mut level) = (Vec::new(), Vec::new());
    for &port in n.west.iter().chain(&n.east) {
        let p = &g.ports[port];
        let weight = p.edges.len() as u64;
        let y = p.y.unwrap_or(n.h / 2.0);
        let (from, to) = if p.east { (n.w, far) } else { (-far, 0.0) };
        level.push((port, from, to, y, weight));
        for pair in p.tail.windows(2) {
            let (a, b) = (pair[0], pair[1]);
            let low = Point::new(a.x.min(b.x), a.y.min(b.y));
            let high = Point::new(a.x.max(b.x), a.y.max(b.y));
            if low.x == high.x {
                upright.push((port, low.x, low.y, high.y, weight));
            } else {
                level.push((port, low.x, high.x, low.y, weight));
            }
        }
    }
    let mut sum = 0;
    for &(a, x, top, bottom, weight) in &upright {
        for &(b, from, to, y, other) in &level {
            if a != b && top < y && y < bottom && from < x && x < to {
                sum += weight * other;
            }
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layered::lgraph::{Kind, Level};
    use crate::model::Spacing;

    /// A node of 100 by 60 whose edges leave to the east, from ports given by side, place and way around.
    fn node(ports: &[(Side, f64, f64, bool)]) -> (LGraph, Vec<PortIx>) {
        let spacing = Spacing { edge_edge: 10.0, ..Spacing::default() };
        let mut g = LGraph { levels: vec![Level { spacing, ..Level::default() }], ..LGraph::default() };
        let node = g.add_node(0, Kind::Real(0), 100.0, 60.0);
        let far = g.add_node(0, Kind::Real(1), 10.0, 10.0);
        let mut made = Vec::new();
        for &(side, x, y, below) in ports {
            let (port, end) = (g.add_port(node, true), g.add_port(far, false));
            g.ports[port].around = Some(Around { side, at: Point::new(x, y), below });
            g.add_edge(port, end, 1.0, 1.0);
            made.push(port);
        }
        lay(&mut g, node);
        (g, made)
    }

    #[test]
    fn rows_of_one_side_are_nested() {
        for below in [false, true] {
            let (g, ports) = node(&[(Side::West, 0.0, 20.0, below), (Side::West, 0.0, 40.0, below)]);
            assert_eq!(
                crossings(&g, 0),
                0,
                "{:?}",
                ports.iter().map(|&p| &g.ports[p].tail).collect::<Vec<_>>()
            );
        }
        let (g, _) = node(&[(Side::North, 30.0, 0.0, false), (Side::North, 60.0, 0.0, false)]);
        assert_eq!(crossings(&g, 0), 0);
        assert_eq!(g.nodes[0].margin.top, 20.0);
    }

    #[test]
    fn ways_around_that_pass_each_other_cross() {
        let (g, _) = node(&[(Side::West, 0.0, 20.0, false), (Side::West, 0.0, 40.0, true)]);
        assert_eq!(crossings(&g, 0), 0);
        let (g, _) = node(&[(Side::West, 0.0, 20.0, true), (Side::West, 0.0, 40.0, false)]);
        assert!(crossings(&g, 0) > 0);
    }

    #[test]
    fn a_row_moves_with_its_attachment() {
        let (mut g, ports) = node(&[(Side::West, 0.0, 20.0, true)]);
        g.ports[ports[0]].stand(95.0);
        let heights: Vec<f64> = g.ports[ports[0]].tail.iter().map(|p| p.y).collect();
        assert_eq!(heights, [95.0, 95.0, 20.0, 20.0]);
        assert_eq!(g.room_below(0), 35.0);
    }
}
