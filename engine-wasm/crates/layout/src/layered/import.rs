//! From the model to the working graph: levels, nodes, and each edge as a piece of the level where its
//! ends' containers part.

use spandrel_base::{Point, Size};

use super::axis;
use super::lgraph::{Kind, LGraph, Level, LevelIx, Link, NodeIx, Piece, TitleStrip};
use crate::model::{Direction, Graph, Node};

/// What one unit consists of.
#[derive(Clone, Copy)]
pub(crate) struct Unit<'a> {
    pub(crate) graph: &'a Graph,
    /// The container whose children are laid out.
    pub(crate) container: usize,
    /// Which of its children, in model order.
    pub(crate) members: &'a [usize],
    /// By node of the model: its size, for all that is not laid out in this unit.
    pub(crate) sizes: &'a [Size],
    /// By node of the model: whether it is a container whose inside belongs to its parent's unit.
    pub(crate) joined: &'a [bool],
    /// Edges with their ends projected to nodes of this unit: (edge, source, target).
    pub(crate) links: &'a [(usize, usize, usize)],
}

/// Scratch that outlives a unit: the working node of each node of the model.
#[derive(Default)]
pub(crate) struct Scratch {
    pub(super) node_of: Vec<NodeIx>,
}

pub(super) const ABSENT: NodeIx = usize::MAX;

/// Builds the working graph. Self-loops are left to the attachment pass, which knows the ports.
pub(super) fn import(unit: &Unit<'_>, scratch: &mut Scratch) -> LGraph {
    let mut g = LGraph::default();
    scratch.node_of.resize(unit.graph.nodes.len(), ABSENT);
    let direction = unit.graph.nodes[unit.container].inner.direction;
    add_level(&mut g, unit, direction, None, unit.container);
    if unit.links.iter().any(|&(_, src, dst)| src == unit.container || dst == unit.container) {
        // Edges end at the container's own border, so the border must be where it will be.
        (g.levels[0].min_w, g.levels[0].min_h) = axis::size(direction, unit.graph.nodes[unit.container].size);
    }
    let mut next = 0;
    while next < g.levels.len() {
        let container = g.levels[next].container;
        let children = if container == unit.container {
            unit.members
        } else {
            unit.graph.nodes[container].children.as_slice()
        };
        for &child in children {
            let joined = unit.joined[child];
            let node = &unit.graph.nodes[child];
            let (w, h) = if joined { (0.0, 0.0) } else { axis::size(direction, unit.sizes[child]) };
            let ix = g.add_node(next, Kind::Real(child), w, h);
            g.nodes[ix].margin = axis::insets(direction, node.margin);
            scratch.node_of[child] = ix;
            if joined {
                let level = add_level(&mut g, unit, direction, Some(ix), child);
                g.nodes[ix].inner = Some(level);
            } else {
                g.nodes[ix].title = title_strip(node, direction);
            }
        }
        next += 1;
    }
    for &(edge, src, dst) in unit.links {
        let link = g.links.len();
        g.links.push(Link { edge, src, dst, ..Link::default() });
        if src == dst {
            continue;
        }
        add_base_piece(&mut g, unit, scratch, link, src, dst);
    }
    g
}

fn add_level(
    g: &mut LGraph,
    unit: &Unit<'_>,
    direction: Direction,
    owner: Option<NodeIx>,
    container: usize,
) -> LevelIx {
    let model: &Node = &unit.graph.nodes[container];
    let (min_w, min_h) = axis::size(direction, model.size);
    g.levels.push(Level {
        owner,
        container,
        spacing: model.inner.spacing,
        padding: axis::insets(direction, model.inner.padding),
        min_w: if owner.is_some() { min_w } else { 0.0 },
        min_h: if owner.is_some() { min_h } else { 0.0 },
        title: title_strip(model, direction),
        force_model_order: model.inner.force_model_order,
        ..Level::default()
    });
    g.levels.len() - 1
}

/// The title of a box where it stands at one end of the flow.
fn title_strip(model: &Node, direction: Direction) -> Option<TitleStrip> {
    model.title.filter(|_| !direction.is_horizontal()).map(|t| TitleStrip {
        cross: t.size.width,
        align: t.align,
        flow: t.size.height,
        east: direction == Direction::Up,
    })
}

/// The chain of working nodes from `model` up to the unit's level.
fn chain(g: &LGraph, scratch: &Scratch, unit: &Unit<'_>, model: usize) -> Vec<NodeIx> {
    if model == unit.container {
        return Vec::new();
    }
    let first = scratch.node_of[model];
    std::iter::successors(Some(first), |&node| g.levels[g.nodes[node].level].owner).collect()
}

/// Puts a link into the level where the ways to its two ends part. Where one end is a container and the
/// other lies inside it, the piece begins or ends at that container's border.
fn add_base_piece(g: &mut LGraph, unit: &Unit<'_>, scratch: &Scratch, link: usize, src: usize, dst: usize) {
    let mut a = chain(g, scratch, unit, src);
    let mut b = chain(g, scratch, unit, dst);
    while a.len() > 1 && b.len() > 1 && a.last() == b.last() {
        a.pop();
        b.pop();
    }
    // Now either the last entries differ, or one chain is down to the container that holds the other end.
    let (level, src_node, dst_node) = match (a.last(), b.last()) {
        (Some(&x), Some(&y)) if x != y => (g.nodes[x].level, x, y),
        (Some(&x), Some(&y)) => {
            debug_assert_eq!(x, y);
            let Some(level) = g.nodes[x].inner else { return };
            if a.len() == 1 {
                b.pop();
                let Some(&inside) = b.last() else { return };
                (level, ABSENT, inside)
            } else {
                a.pop();
                let Some(&inside) = a.last() else { return };
                (level, inside, ABSENT)
            }
        }
        (None, Some(&y)) => (0, ABSENT, y),
        (Some(&x), None) => (0, x, ABSENT),
        (None, None) => return,
    };
    let piece = g.pieces.len();
    g.pieces.push(Piece {
        link,
        level,
        src: src_node,
        dst: dst_node,
        src_port: None,
        dst_port: None,
        reversed: false,
        segments: Vec::new(),
    });
    g.levels[level].pieces.push(piece);
    g.links[link].pieces.push(piece);
}

/// Forgets the nodes of this unit.
pub(super) fn clean(g: &LGraph, scratch: &mut Scratch) {
    for node in &g.nodes {
        if let Kind::Real(model) = node.kind {
            scratch.node_of[model] = ABSENT;
        }
    }
}

/// The given position of a working node along the flow and across it, for interactive strategies.
pub(super) fn hint(unit: &Unit<'_>, g: &LGraph, node: NodeIx) -> Option<Point> {
    let Kind::Real(model) = g.nodes[node].kind else { return None };
    let at = unit.graph.nodes[model].position?;
    let direction = unit.graph.nodes[unit.container].inner.direction;
    let size = unit.sizes[model];
    let center = Point::new(at.x + size.width / 2.0, at.y + size.height / 2.0);
    Some(axis::point(direction, center, Size::default()))
}
