//! Attachments: each end of a piece gets a place at its node, and what does not fit the two sides of the
//! flow (ports on other sides, edges against the flow at a fixed port, self-loops) is led around the node
//! in a margin that the placement keeps free.

use spandrel_base::Point;

use super::super::axis;
use super::super::import::{ABSENT, Unit};
use super::super::lgraph::{Around, Kind, LGraph, Loop, NodeIx, PortIx};
use super::rows;
use crate::Side;
use crate::lists::Lists;
use crate::model::{Direction, Node, PortConstraint};

/// A port of the model in internal terms.
#[derive(Clone, Copy)]
struct Place {
    side: Side,
    at: Point,
}

/// Gives every piece its segment with attachments at both ends.
///
/// Requires: all pieces and borders exist. Ensures: every piece has one segment, in flow direction.
pub(in super::super) fn attach(g: &mut LGraph, unit: &Unit<'_>, node_of: &[NodeIx]) {
    let direction = unit.graph.nodes[unit.container].inner.direction;
    let merge = unit.graph.nodes[unit.container].inner.merge_edges;
    // By node: uses (piece, at source, east).
    let ends = g.pieces.iter().enumerate().flat_map(|(index, piece)| {
        let (src, dst) = (piece.src as u32, piece.dst as u32);
        [(src, (index, true, !piece.reversed)), (dst, (index, false, piece.reversed))]
    });
    let uses = Lists::of(g.nodes.len(), ends);
    let loops = g.links.iter().filter(|link| link.src == link.dst).filter_map(|link| {
        let &node = node_of.get(link.src).filter(|&&node| node != ABSENT)?;
        Some((node as u32, link.edge))
    });
    let loops = Lists::of(g.nodes.len(), loops);
    let mut ends: Vec<(PortIx, PortIx)> = vec![(usize::MAX, usize::MAX); g.pieces.len()];
    for node in 0..g.nodes.len() {
        let mut attached = Attached::new(g, unit, direction, node, uses.at(node as u32));
        for &(piece, at_src, east) in uses.at(node as u32) {
            let port = attached.attach(g, piece, at_src, east, merge);
            let end = &mut ends[piece];
            *(if at_src { &mut end.0 } else { &mut end.1 }) = port;
        }
        attached.finish(g, unit, node, loops.at(node as u32));
    }
    for (index, (src, dst)) in ends.into_iter().enumerate() {
        let p = &g.pieces[index];
        let edge = &unit.graph.edges[g.links[p.link].edge];
        let weight = 1.0 + edge.shortness_priority.clamp(0, 1000) as f64;
        let straight = 1.0 + edge.straightness_priority.clamp(0, 1000) as f64;
        let (from, to) = if p.reversed { (dst, src) } else { (src, dst) };
        let segment = g.add_edge(from, to, weight, straight);
        g.pieces[index].segments.push(segment);
    }
}

struct Attached<'a> {
    model: Option<&'a Node>,
    direction: Direction,
    places: Vec<Option<Place>>,
    /// By port of the model: its attachments on the west and east side.
    made: Vec<[Option<PortIx>; 2]>,
    /// With `merge_edges`: the shared attachments.
    shared: [Option<PortIx>; 2],
    node: NodeIx,
}

impl<'a> Attached<'a> {
    fn new(
        g: &mut LGraph,
        unit: &Unit<'a>,
        direction: Direction,
        node: NodeIx,
        uses: &[(usize, bool, bool)],
    ) -> Self {
        let model = match g.nodes[node].kind {
            Kind::Real(model) if g.nodes[node].inner.is_none() => Some(&unit.graph.nodes[model]),
            _ => None,
        };
        let mut places = Vec::new();
        if let Some(model) = model {
            let size = match g.nodes[node].kind {
                Kind::Real(ix) => unit.sizes[ix],
                _ => spandrel_base::Size::default(),
            };
            // Where no side is given, an attachment lies where most of its edges want it.
            let mut lean = vec![0i32; model.ports.len()];
            for &(piece, at_src, east) in uses {
                let p = &g.pieces[piece];
                if let Some(port) = if at_src { p.src_port } else { p.dst_port }
                    && let Some(lean) = lean.get_mut(port)
                {
                    *lean += if east { 1 } else { -1 };
                }
            }
            places = super::ports::places(model, size, direction, &lean)
                .into_iter()
                .map(|p| p.map(|(side, at)| Place { side, at }))
                .collect();
            g.nodes[node].fixed_order = model.port_constraint >= PortConstraint::FixedOrder;
        }
        let made = vec![[None; 2]; places.len()];
        Self { model, direction, places, made, shared: [None; 2], node }
    }

    fn attach(&mut self, g: &mut LGraph, piece: usize, at_src: bool, east: bool, merge: bool) -> PortIx {
        let node = self.node;
        if g.nodes[node].kind == Kind::Border {
            return g.nodes[node].west.first().or(g.nodes[node].east.first()).copied().unwrap_or(0);
        }
        if let Some(inner) = g.nodes[node].inner {
            // The attachment was made with the border inside: find it by the border of the next piece.
            let link = g.pieces[piece].link;
            let list = &g.links[link].pieces;
            if let Some(place) = list.iter().position(|&p| p == piece) {
                let below = if at_src { place.checked_sub(1) } else { Some(place + 1) };
                if let Some(&below) = below.and_then(|b| list.get(b)) {
                    let p = &g.pieces[below];
                    if p.level == inner {
                        let border = if at_src { p.dst } else { p.src };
                        if let Some(port) = g.nodes[border].outer_port {
                            return port;
                        }
                    }
                }
            }
        }
        let model_port = if at_src { g.pieces[piece].src_port } else { g.pieces[piece].dst_port };
        if let Some(port) = model_port.filter(|&p| p < self.made.len()) {
            if let Some(made) = self.made[port][usize::from(east)] {
                return made;
            }
            let made = g.add_port(node, east);
            g.ports[made].model = Some(port);
            self.made[port][usize::from(east)] = Some(made);
            return made;
        }
        if merge && let Some(shared) = self.shared[usize::from(east)] {
            return shared;
        }
        let made = g.add_port(node, east);
        self.shared[usize::from(east)] = Some(made);
        made
    }

    /// Fixes what is fixed, leads the rest around the node, and makes the self-loops.
    fn finish(&mut self, g: &mut LGraph, unit: &Unit<'_>, node: NodeIx, loops: &[usize]) {
        let Kind::Real(model_ix) = g.nodes[node].kind else { return };
        let (w, h) = (g.nodes[node].w, g.nodes[node].h);
        // A port that edges reach in more than one way must be where they expect it.
        let looped = |port: usize| {
            loops.iter().any(|&e| {
                let edge = &unit.graph.edges[e];
                edge.src.port == Some(port) || edge.dst.port == Some(port)
            })
        };
        let settled =
            self.made.iter().enumerate().any(|(port, m)| m[0].is_some() && m[1].is_some() || looped(port));
        for (port, made) in self.made.iter().enumerate() {
            let Some(place) = self.places[port] else { continue };
            for (east, made) in [(false, made[0]), (true, made[1])] {
                let Some(made) = made else { continue };
                match (place.side, east) {
                    (Side::East, true) | (Side::West, false) => {
                        let reach = if east { place.at.x - w } else { -place.at.x }.max(0.0);
                        g.ports[made].reach = reach;
                        let margin = &mut g.nodes[node].margin;
                        let room = if east { &mut margin.right } else { &mut margin.left };
                        *room = room.max(reach);
                        let model =
                            self.model.filter(|m| !settled && m.port_constraint < PortConstraint::FixedPos);
                        if model.is_none_or(|m| m.ports.len() != self.connected()) {
                            g.ports[made].y = Some(place.at.y);
                        }
                        g.ports[made].settled = model.is_none();
                    }
                    (side, _) => {
                        let below = side == Side::South || side != Side::North && place.at.y > h / 2.0;
                        g.ports[made].around = Some(Around { side, at: place.at, below });
                    }
                }
            }
        }
        g.nodes[node].without_rows = g.nodes[node].margin;
        rows::lay(g, node);
        if !loops.is_empty() {
            self.self_loops(g, unit, model_ix, loops);
        }
    }

    /// Number of ports that have an edge.
    fn connected(&self) -> usize {
        self.made.iter().filter(|made| made[0].is_some() || made[1].is_some()).count()
    }

    /// Loops are nested above and below the node, alternating; those between ports go round the corner.
    fn self_loops(&self, g: &mut LGraph, unit: &Unit<'_>, model_ix: usize, loops: &[usize]) {
        let node = self.node;
        let spacing = g.levels[g.nodes[node].level].spacing;
        let (w, h) = (g.nodes[node].w, g.nodes[node].h);
        let mut counts = [loops.len().div_ceil(2), loops.len() / 2];
        let totals = counts;
        for (index, &edge) in loops.iter().enumerate() {
            let model = &unit.graph.edges[edge];
            let place = |port: Option<usize>| port.and_then(|p| self.places.get(p).copied().flatten());
            let below = index % 2 == 1;
            let label = model.labels.iter().fold((0.0f64, 0.0f64), |(lw, lh), l| {
                let (a, b) = axis::size(self.direction, l.size);
                (lw.max(a), lh + b)
            });
            let inline = model.labels.iter().all(|l| l.inline);
            let margin = g.nodes[node].margin;
            let side_margin = if below { margin.bottom } else { margin.top };
            let gap = if side_margin == 0.0 { spacing.self_loop } else { spacing.edge_edge }.max(1.0);
            let line = side_margin + gap + if inline { label.1 / 2.0 } else { 0.0 };
            let outer =
                side_margin + gap + label.1 + if label.1 > 0.0 && !inline { spacing.edge_label } else { 0.0 };
            let outer = outer.max(line);
            let y = if below { h + line } else { -line };
            let points = if let (Some(a), Some(b)) = (place(model.src.port), place(model.dst.port)) {
                let right = margin.right.max(margin.left) + spacing.edge_edge;
                let mut points = ring(a, w, right, y);
                let mut back = ring(b, w, right, y);
                back.reverse();
                points.append(&mut back);
                g.nodes[node].margin.right = right;
                g.nodes[node].margin.left = right;
                points
            } else {
                let side = usize::from(below);
                counts[side] -= 1;
                // The first loop of a side is the innermost.
                let nth = totals[side] - counts[side];
                let reach = w / 2.0 * nth as f64 / (totals[side] + 1) as f64;
                let (x0, x1) = (w / 2.0 - reach, w / 2.0 + reach);
                let edge_y = if below { h } else { 0.0 };
                vec![Point::new(x0, edge_y), Point::new(x0, y), Point::new(x1, y), Point::new(x1, edge_y)]
            };
            let mut labels = Vec::new();
            let mut at = if inline {
                y - label.1 / 2.0
            } else if below {
                y + spacing.edge_label
            } else {
                y - spacing.edge_label - label.1
            };
            for l in &model.labels {
                let (lw, lh) = axis::size(self.direction, l.size);
                labels.push((w / 2.0 - lw / 2.0, at, lw, lh));
                at += lh;
            }
            let margin = &mut g.nodes[node].margin;
            if below {
                margin.bottom = outer;
            } else {
                margin.top = outer;
            }
            let over = ((label.0 - w) / 2.0).max(0.0);
            margin.left = margin.left.max(over);
            margin.right = margin.right.max(over);
            g.loops.push(Loop { edge, node, points, labels });
        }
        let _ = model_ix;
    }
}

/// The way from a port to the row at `y` outside the node.
fn ring(place: Place, w: f64, out: f64, y: f64) -> Vec<Point> {
    match place.side {
        Side::North | Side::South if (place.side == Side::North) == (y < 0.0) => {
            vec![place.at, Point::new(place.at.x, y)]
        }
        Side::North | Side::South => {
            let past = if place.side == Side::North { -out } else { place.at.y + out };
            vec![place.at, Point::new(place.at.x, past), Point::new(w + out, past), Point::new(w + out, y)]
        }
        Side::East => vec![place.at, Point::new(w + out, place.at.y), Point::new(w + out, y)],
        Side::West => vec![place.at, Point::new(-out, place.at.y), Point::new(-out, y)],
    }
}
