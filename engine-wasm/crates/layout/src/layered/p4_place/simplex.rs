//! Placement as one network simplex over all levels of a unit.
//!
//! Gansner et al. 1993, section 4.2, widened: containers have a top and a bottom of their own, borders
//! share the variable of the attachment outside, and attachments whose place is free are variables
//! between their node's ends, so that an edge is straightened by sliding along a side before a node has
//! to move. All levels are solved together; an edge across borders is as easily straight as any other.

use super::super::lgraph::{Kind, LGraph, Level, NodeIx, PortIx, TitleStrip};
use super::distance;
use super::rows::Rows;
use super::straighten::Straightener;
use super::sweeps::Heights;
use crate::model::Direction;
use crate::simplex::Simplex;
use spandrel_base::Budget;

/// Prices of a pixel of deviation: between two nodes, between a node and a dummy, between two dummies
/// (the ratios of the paper, times four), of a container's height, and of an attachment off the middle.
const NODES: f64 = 4.0;
const NODE_DUMMY: f64 = 8.0;
const DUMMIES: f64 = 32.0;
const HEIGHT: f64 = 4.0;
const OFF_MIDDLE: f64 = 1.0;
/// Of the height of everything.
const WHOLE_HEIGHT: f64 = 1.0;

pub(super) struct Variables {
    /// By node.
    pub(super) top: Vec<u32>,
    /// By node: for containers with their inside.
    bottom: Vec<u32>,
    /// By attachment: its own variable, where it has one.
    pub(super) port: Vec<u32>,
}

pub(super) const NONE: u32 = u32::MAX;

/// What a strategy wants done with its placement.
#[derive(Clone, Copy)]
pub(super) struct Effort {
    /// Move everything to the optimum.
    pub(super) optimum: bool,
    /// Take out bends.
    pub(super) straighten: bool,
}

/// Makes a placement valid in all levels together, and better as far as `effort` says.
pub(super) fn place(
    g: &mut LGraph,
    direction: Direction,
    start: &Heights,
    effort: Effort,
    budget: &Budget<'_>,
) {
    let mut problem = Simplex::new(1);
    let origin = 0;
    let mut v = variables(g, &mut problem);
    super::rows::variables(g, &mut v.port, &mut problem);
    let whole = problem.variable();
    let rows = Rows::of(g, &v, &mut problem);
    for level in 0..g.levels.len() {
        let l = &g.levels[level];
        let (top, bottom) = match l.owner {
            Some(owner) => (v.top[owner], Some(v.bottom[owner])),
            None => (origin, Some(whole)),
        };
        if let Some(bottom) = bottom {
            let least = l.min_h.max(titled_height(g, l));
            let price = if l.owner.is_some() { HEIGHT } else { WHOLE_HEIGHT };
            problem.arc(top, bottom, least, price);
        }
        for list in &l.layers {
            rows.layer(g, &v, &mut problem, list, top, bottom);
            if list.first().is_some_and(|&n| g.nodes[n].kind == Kind::Border) {
                borders(g, &v, &mut problem, list, top, bottom, l.spacing.edge_edge);
                continue;
            }
            let mut before: Option<NodeIx> = None;
            for &node in list {
                let [clear, _] = rows.margins(g, node);
                match before {
                    None => problem.arc(top, v.top[node], l.padding.top + clear, 0.0),
                    Some(above) => {
                        let gap = distance(g, &l.spacing, above, node) + rows.margins(g, above)[1] + clear;
                        below(&mut problem, g, &v, above, v.top[node], gap);
                    }
                }
                before = Some(node);
            }
            if let (Some(last), Some(bottom)) = (before, bottom) {
                below(&mut problem, g, &v, last, bottom, l.padding.bottom + rows.margins(g, last)[1]);
            }
        }
    }
    let mut deviations = Vec::new();
    for node in 0..g.nodes.len() {
        for east in [false, true] {
            slide(g, &v, &mut problem, &mut deviations, node, east, direction);
        }
    }
    for edge in &g.edges {
        let (a, b) = (g.ports[edge.src].node, g.ports[edge.dst].node);
        let dummies = usize::from(g.is_dummy(a)) + usize::from(g.is_dummy(b));
        let price = [NODES, NODE_DUMMY, DUMMIES][dummies] * edge.straight;
        let (a, b) = (line(g, &v, edge.src), line(g, &v, edge.dst));
        deviations.push(Deviation { a, b, price, length: 1.0, bends: 2.0 });
    }
    deviations.retain(|d| d.a.0 != d.b.0);
    let count = problem.len();
    let Some(mut y) = problem.repair(values(g, &v, start, count)) else { return };
    let simple = count < SIMPLEX_LIMIT && effort.optimum;
    if simple {
        for d in &deviations {
            d.enter(&mut problem, &mut y);
        }
        y = problem.solve(y, WORK, budget);
    }
    // Which side of a title an edge takes depends on where it is; once that is known it is a constraint.
    if beside_titles(g, &v, &mut y, &mut problem) {
        for (d, lower) in deviations.iter().zip(count..y.len()) {
            y[lower] = d.lower(&y);
        }
        let Some(repaired) = problem.repair(y) else { return };
        y = if simple { problem.solve(repaired, WORK, budget) } else { repaired };
    }
    if effort.straighten {
        Straightener::new(problem.arcs(), &deviations, count).run(&mut y, budget);
    }
    write(g, &v, &y);
}

/// Room between the end of a container and an edge that goes in beside its title.
const BESIDE: f64 = 16.0;
/// Room between a title and an edge that goes in beside it.
const TITLE_GAP: f64 = 6.0;

/// The attachments of a level's container at the side of its title, where that stands in the middle.
fn at_title<'a>(g: &'a LGraph, level: &Level) -> Option<(TitleStrip, &'a [PortIx])> {
    let title = level.title.filter(|t| t.align == 0.5)?;
    let owner = &g.nodes[level.owner?];
    let list = if title.east { &owner.east } else { &owner.west };
    (!list.is_empty()).then_some((title, list))
}

/// The least height of a container for its edges to have room on both sides of a title in the middle.
fn titled_height(g: &LGraph, level: &Level) -> f64 {
    at_title(g, level).map_or(0.0, |(title, list)| {
        let beside = level.spacing.edge_node.min(BESIDE)
            + (list.len().div_ceil(2) - 1) as f64 * level.spacing.edge_edge;
        title.cross + 2.0 * (TITLE_GAP + beside)
    })
}

/// Moves attachments off titles in the middle, each to the nearer end where there is room, and adds the
/// constraints that keep them there. Says whether there were any.
fn beside_titles(g: &LGraph, v: &Variables, y: &mut [f64], problem: &mut Simplex) -> bool {
    let mut found = false;
    for level in &g.levels {
        let (Some((title, list)), Some(owner)) = (at_title(g, level), level.owner) else { continue };
        let (top, bottom) = (y[v.top[owner] as usize], y[v.bottom[owner] as usize]);
        let half = title.cross / 2.0 + TITLE_GAP;
        let (above, below) = (f64::midpoint(top, bottom) - half, f64::midpoint(top, bottom) + half);
        let step = level.spacing.edge_edge;
        let at = |port: PortIx, y: &[f64]| y[v.port[port] as usize];
        if list.iter().any(|&p| v.port[p] == NONE) {
            continue;
        }
        // As many go above as lie there, or as have room.
        let room = |free: f64| if free < BESIDE { 0 } else { ((free - BESIDE) / step.max(1.0)) as usize + 1 };
        let (least, most) =
            (list.len().saturating_sub(room(bottom - below)), room(above - top).min(list.len()));
        if least > most {
            continue;
        }
        let wanted = list.iter().filter(|&&p| at(p, y) < f64::midpoint(top, bottom)).count();
        let split = wanted.clamp(least, most);
        let mut limit = above;
        for &port in list[..split].iter().rev() {
            let value = &mut y[v.port[port] as usize];
            *value = value.min(limit);
            limit = *value - step;
        }
        let mut limit = below;
        for &port in &list[split..] {
            let value = &mut y[v.port[port] as usize];
            *value = value.max(limit);
            limit = *value + step;
        }
        let reach = (above - top).min(bottom - below).max(0.0);
        problem.arc(v.top[owner], v.bottom[owner], 2.0 * (reach + half), 0.0);
        if let Some(&last) = list[..split].last() {
            problem.arc(v.port[last], v.top[owner], -reach, 0.0);
        }
        if let Some(&first) = list[split..].first() {
            problem.arc(v.bottom[owner], v.port[first], -reach, 0.0);
        }
        found = true;
    }
    found
}

/// The variables at a placement by sweeps.
fn values(g: &LGraph, v: &Variables, heights: &Heights, count: usize) -> Vec<f64> {
    let mut y = vec![0.0; count];
    for node in 0..g.nodes.len() {
        if v.top[node] != NONE {
            y[v.top[node] as usize] = heights.y[node];
        }
        if v.bottom[node] != NONE {
            y[v.bottom[node] as usize] = heights.y[node] + heights.h[node];
        }
    }
    for (port, p) in g.ports.iter().enumerate() {
        if v.port[port] != NONE {
            y[v.port[port] as usize] = heights.y[p.node] + heights.port[port];
        }
    }
    y
}

/// Beyond this many variables the placement by sweeps is only straightened.
const SIMPLEX_LIMIT: usize = 60_000;
/// What the simplex may cost, in variables touched.
const WORK: u64 = 6_000_000;

/// A segment whose two ends, each a variable with an offset, should be at the same height.
#[derive(Clone, Copy, Debug)]
pub(super) struct Deviation {
    pub(super) a: (u32, f64),
    pub(super) b: (u32, f64),
    /// Price of a pixel in the simplex.
    pub(super) price: f64,
    /// Length that a pixel adds to the drawing.
    pub(super) length: f64,
    /// Bends where the ends are not at the same height.
    pub(super) bends: f64,
}

impl Deviation {
    /// How much higher up `b` lies than `a`, negated.
    pub(super) fn offset(&self, y: &[f64]) -> f64 {
        (y[self.a.0 as usize] + self.a.1) - (y[self.b.0 as usize] + self.b.1)
    }

    /// Adds `price * |a - b|` to the problem: a variable below both, pulled up to the lower one.
    fn enter(&self, problem: &mut Simplex, y: &mut Vec<f64>) {
        let at = self.lower(y);
        let lower = problem.variable();
        problem.arc(lower, self.a.0, -self.a.1, self.price);
        problem.arc(lower, self.b.0, -self.b.1, self.price);
        y.push(at);
    }

    /// The lower value of the two ends.
    fn lower(&self, y: &[f64]) -> f64 {
        (y[self.a.0 as usize] + self.a.1).min(y[self.b.0 as usize] + self.b.1)
    }
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

/// Borders of edges that end at the container itself have a place of their own among the others, whose
/// order follows from the container's attachments.
fn borders(
    g: &LGraph,
    v: &Variables,
    problem: &mut Simplex,
    list: &[NodeIx],
    top: u32,
    bottom: Option<u32>,
    step: f64,
) {
    let own = |n: NodeIx| g.nodes[n].outer_port.is_none();
    for &node in list.iter().filter(|&&n| own(n)) {
        problem.arc(top, v.top[node], step, 0.0);
        if let Some(bottom) = bottom {
            problem.arc(v.top[node], bottom, step, 0.0);
        }
    }
    for pair in list.windows(2).filter(|pair| own(pair[0]) || own(pair[1])) {
        problem.arc(v.top[pair[0]], v.top[pair[1]], step, 0.0);
    }
}

/// `target` lies at least `gap` below the lower end of `above`.
pub(super) fn below(problem: &mut Simplex, g: &LGraph, v: &Variables, above: NodeIx, target: u32, gap: f64) {
    if v.bottom[above] == NONE {
        problem.arc(v.top[above], target, g.nodes[above].h + gap, 0.0);
    } else {
        problem.arc(v.bottom[above], target, gap, 0.0);
    }
}

/// Attachments that may slide keep between the node's ends, in order, apart from each other.
fn slide(
    g: &LGraph,
    v: &Variables,
    problem: &mut Simplex,
    deviations: &mut Vec<Deviation>,
    node: NodeIx,
    east: bool,
    direction: Direction,
) {
    let n = &g.nodes[node];
    let list: Vec<PortIx> =
        (if east { &n.east } else { &n.west }).iter().copied().filter(|&p| g.ports[p].y.is_none()).collect();
    if list.is_empty() {
        return;
    }
    let spacing = &g.levels[n.level].spacing;
    if let Some(inner) = n.inner {
        let l = &g.levels[inner];
        // For horizontal flow the title lies above all content; for vertical flow edges go in beside it.
        let first = if direction.is_horizontal() { l.padding.top } else { spacing.edge_node };
        let beside = |align: f64| {
            let title = l.title.filter(|t| t.east == east && t.align == align);
            title.map_or(0.0, |t| t.cross + TITLE_GAP)
        };
        let (first, last) = if l.title.is_some_and(|t| t.east == east && t.align == 0.5) {
            (BESIDE.min(spacing.edge_node), BESIDE.min(spacing.edge_node))
        } else {
            (first.max(beside(0.0)), spacing.edge_node.max(beside(1.0)))
        };
        problem.arc(v.top[node], v.port[list[0]], first, 0.0);
        for pair in list.windows(2) {
            problem.arc(v.port[pair[0]], v.port[pair[1]], spacing.edge_edge, 0.0);
        }
        problem.arc(v.port[list[list.len() - 1]], v.bottom[node], last, 0.0);
        return;
    }
    // Beside a title at the end of the side, where that leaves room.
    let strip = |align: f64| {
        let title = n.title.filter(|t| t.east == east && t.align == align);
        title.map_or(0.0, |t| t.cross + TITLE_GAP)
    };
    let (start, end) = (strip(0.0), n.h - strip(1.0));
    let (start, end) =
        if end - start < BESIDE * (list.len() as f64 + 1.0) { (0.0, n.h) } else { (start, end) };
    let room = end - start;
    let even = room / (list.len() as f64 + 1.0);
    let margin = even.min((room * 0.2).max(10.0)).min(even);
    let step = if list.len() > 1 {
        spacing.edge_edge.max(8.0).min((room - 2.0 * margin) / (list.len() as f64 - 1.0))
    } else {
        0.0
    };
    problem.arc(v.top[node], v.port[list[0]], start + margin, 0.0);
    for pair in list.windows(2) {
        problem.arc(v.port[pair[0]], v.port[pair[1]], step, 0.0);
    }
    let last = v.port[list[list.len() - 1]];
    problem.arc(last, v.top[node], margin - end, 0.0);
    if list.len() == 1 {
        deviations.push(Deviation {
            a: (v.port[list[0]], 0.0),
            b: (v.top[node], f64::midpoint(start, end)),
            price: OFF_MIDDLE,
            length: 0.1,
            bends: 0.0,
        });
    }
}

/// An attachment as a variable and an offset.
fn line(g: &LGraph, v: &Variables, port: PortIx) -> (u32, f64) {
    if v.port[port] != NONE {
        return (v.port[port], 0.0);
    }
    (v.top[g.ports[port].node], g.ports[port].y.unwrap_or(0.0))
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
            g.ports[index].stand(y[v.port[index] as usize] - origin - g.nodes[node].y);
        }
    }
}
