//! Placement as one network simplex over all levels of a unit.
//!
//! Gansner et al. 1993, section 4.2, widened: containers have a top and a bottom of their own, borders
//! share the variable of the attachment outside, and attachments whose place is free are variables
//! between their node's ends, so that an edge is straightened by sliding along a side before a node has
//! to move. All levels are solved together; an edge across borders is as easily straight as any other.

use super::super::lgraph::{Kind, LGraph, NodeIx, PortIx};
use super::distance;
use crate::model::Direction;
use crate::simplex::Simplex;

/// Prices of a pixel of deviation: between two nodes, between a node and a dummy, between two dummies
/// (the ratios of the paper, times four), of a container's height, and of an attachment off the middle.
const NODES: f64 = 4.0;
const NODE_DUMMY: f64 = 8.0;
const DUMMIES: f64 = 32.0;
const HEIGHT: f64 = 4.0;
const OFF_MIDDLE: f64 = 1.0;

struct Variables {
    /// By node.
    top: Vec<u32>,
    /// By node: for containers with their inside.
    bottom: Vec<u32>,
    /// By attachment: its own variable, where it has one.
    port: Vec<u32>,
}

const NONE: u32 = u32::MAX;

pub(super) fn place(g: &mut LGraph, direction: Direction) {
    let mut problem = Simplex::new(1);
    let origin = 0;
    let v = variables(g, &mut problem);
    for level in 0..g.levels.len() {
        let l = &g.levels[level];
        let (top, bottom) = match l.owner {
            Some(owner) => (v.top[owner], Some(v.bottom[owner])),
            None => (origin, None),
        };
        if let Some(bottom) = bottom {
            problem.arc(top, bottom, l.min_h.max(0.0), HEIGHT);
        }
        for list in &l.layers {
            let mut before: Option<NodeIx> = None;
            for &node in list {
                let n = &g.nodes[node];
                if n.kind == Kind::Border && n.outer_port.is_some() {
                    continue;
                }
                let clear =
                    if n.kind == Kind::Border { l.spacing.edge_node } else { l.padding.top + n.margin.top };
                match before {
                    None => problem.arc(top, v.top[node], clear, 0.0),
                    Some(above) => {
                        let gap = distance(g, &l.spacing, above, node)
                            + g.nodes[above].margin.bottom
                            + n.margin.top;
                        below(&mut problem, g, &v, above, v.top[node], gap);
                    }
                }
                before = Some(node);
            }
            if let (Some(last), Some(bottom)) = (before, bottom) {
                let n = &g.nodes[last];
                let clear = if n.kind == Kind::Border {
                    l.spacing.edge_node
                } else {
                    l.padding.bottom + n.margin.bottom
                };
                below(&mut problem, g, &v, last, bottom, clear);
            }
        }
    }
    for node in 0..g.nodes.len() {
        for east in [false, true] {
            slide(g, &v, &mut problem, node, east, direction);
        }
    }
    for edge in &g.edges {
        let (a, b) = (g.ports[edge.src].node, g.ports[edge.dst].node);
        let dummies = usize::from(g.is_dummy(a)) + usize::from(g.is_dummy(b));
        let price = [NODES, NODE_DUMMY, DUMMIES][dummies] * edge.straight;
        deviation(&mut problem, line(g, &v, edge.src), line(g, &v, edge.dst), price);
    }
    let start = vec![0.0; problem.len()];
    let Some(start) = problem.repair(start) else { return };
    let effort = 30 * problem.len() + 2000;
    let y = problem.solve(start, effort);
    write(g, &v, &y);
}

fn variables(g: &LGraph, problem: &mut Simplex) -> Variables {
    let mut v = Variables {
        top: vec![NONE; g.nodes.len()],
        bottom: vec![NONE; g.nodes.len()],
        port: vec![NONE; g.ports.len()],
    };
    for (index, node) in g.nodes.iter().enumerate() {
        if node.kind == Kind::Border && node.outer_port.is_some() {
            continue;
        }
        v.top[index] = problem.variable();
        if node.inner.is_some() {
            v.bottom[index] = problem.variable();
        }
    }
    for (index, port) in g.ports.iter().enumerate() {
        if port.y.is_none() {
            v.port[index] = problem.variable();
        }
    }
    for (index, node) in g.nodes.iter().enumerate() {
        if let (Kind::Border, Some(port)) = (node.kind, node.outer_port) {
            v.top[index] = v.port[port];
        }
    }
    v
}

/// `target` lies at least `gap` below the lower end of `above`.
fn below(problem: &mut Simplex, g: &LGraph, v: &Variables, above: NodeIx, target: u32, gap: f64) {
    if v.bottom[above] == NONE {
        problem.arc(v.top[above], target, g.nodes[above].h + gap, 0.0);
    } else {
        problem.arc(v.bottom[above], target, gap, 0.0);
    }
}

/// Attachments that may slide keep between the node's ends, in order, apart from each other.
fn slide(g: &LGraph, v: &Variables, problem: &mut Simplex, node: NodeIx, east: bool, direction: Direction) {
    let n = &g.nodes[node];
    let list: Vec<PortIx> =
        (if east { &n.east } else { &n.west }).iter().copied().filter(|&p| v.port[p] != NONE).collect();
    if list.is_empty() {
        return;
    }
    let spacing = &g.levels[n.level].spacing;
    if let Some(inner) = n.inner {
        let l = &g.levels[inner];
        // Where the title is: at the start of the cross axis for horizontal flow, at one end of the flow
        // for vertical flow.
        let titled = matches!((direction, east), (Direction::Down, false) | (Direction::Up, true));
        let first = if direction.is_horizontal() { l.padding.top } else { spacing.edge_node }
            .max(if titled { l.title_cross + spacing.edge_node } else { 0.0 });
        problem.arc(v.top[node], v.port[list[0]], first, 0.0);
        for pair in list.windows(2) {
            problem.arc(v.port[pair[0]], v.port[pair[1]], spacing.edge_edge, 0.0);
        }
        problem.arc(v.port[list[list.len() - 1]], v.bottom[node], spacing.edge_node, 0.0);
        return;
    }
    let even = n.h / (list.len() as f64 + 1.0);
    let margin = even.min((n.h * 0.2).max(10.0)).min(even);
    let step = if list.len() > 1 {
        spacing.edge_edge.max(8.0).min((n.h - 2.0 * margin) / (list.len() as f64 - 1.0))
    } else {
        0.0
    };
    problem.arc(v.top[node], v.port[list[0]], margin, 0.0);
    for pair in list.windows(2) {
        problem.arc(v.port[pair[0]], v.port[pair[1]], step, 0.0);
    }
    let last = v.port[list[list.len() - 1]];
    problem.arc(last, v.top[node], margin - n.h, 0.0);
    if list.len() == 1 {
        deviation(problem, (v.port[list[0]], 0.0), (v.top[node], n.h / 2.0), OFF_MIDDLE);
    }
}

/// An attachment as a variable and an offset.
fn line(g: &LGraph, v: &Variables, port: PortIx) -> (u32, f64) {
    if v.port[port] != NONE {
        return (v.port[port], 0.0);
    }
    (v.top[g.ports[port].node], g.ports[port].y.unwrap_or(0.0))
}

/// Adds `price * |a - b|`: a variable below both, pulled up to the lower one.
fn deviation(problem: &mut Simplex, a: (u32, f64), b: (u32, f64), price: f64) {
    if a.0 == b.0 {
        return;
    }
    let lower = problem.variable();
    problem.arc(lower, a.0, -a.1, price);
    problem.arc(lower, b.0, -b.1, price);
}

fn write(g: &mut LGraph, v: &Variables, y: &[f64]) {
    let origin = y[0];
    for index in 0..g.nodes.len() {
        let top = y[v.top[index] as usize] - origin;
        g.nodes[index].y = top;
        if v.bottom[index] != NONE {
            g.nodes[index].h = y[v.bottom[index] as usize] - origin - top;
        }
    }
    for index in 0..g.ports.len() {
        if v.port[index] != NONE {
            let node = g.ports[index].node;
            g.ports[index].y = Some(y[v.port[index] as usize] - origin - g.nodes[node].y);
        }
    }
}
