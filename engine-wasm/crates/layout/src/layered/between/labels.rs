//! Middle labels: each becomes a node on its edge, so that layering and placement reserve its room.

use super::super::axis;
use super::super::import::Unit;
use super::super::lgraph::{Kind, LGraph};
use crate::model::LabelPlace;

/// Splits every segment whose edge has labels in the middle at a node of their size.
///
/// Inline labels sit on the line; the others hang below it (to its right where the flow is vertical).
/// Requires: every piece has one segment. Ensures: labelled pieces have two.
pub(in super::super) fn insert(g: &mut LGraph, unit: &Unit<'_>) {
    let direction = unit.graph.nodes[unit.container].inner.direction;
    for link in 0..g.links.len() {
        let edge = &unit.graph.edges[g.links[link].edge];
        let (mut w, mut h) = (0.0f64, 0.0f64);
        let mut inline = true;
        for label in edge.labels.iter().filter(|l| l.place == LabelPlace::Center) {
            let (lw, lh) = axis::size(direction, label.size);
            if direction.is_horizontal() {
                w = w.max(lw);
                h += lh;
            } else {
                w += lw;
                h = h.max(lh);
            }
            inline &= label.inline;
        }
        if w <= 0.0 && h <= 0.0 {
            continue;
        }
        // The piece in the outermost level: the middle of the way.
        let Some(&piece) = g.links[link].pieces.iter().min_by_key(|&&p| g.pieces[p].level) else { continue };
        let level = g.pieces[piece].level;
        let Some(&segment) = g.pieces[piece].segments.first() else { continue };
        let spacing = g.levels[level].spacing;
        let (line, extent) = if inline { (h / 2.0, h) } else { (0.0, h + spacing.edge_label) };
        let dummy = g.add_dummy(level, Kind::Label(link), w, extent, line);
        let (west, east) = (g.nodes[dummy].west[0], g.nodes[dummy].east[0]);
        let old = g.edges[segment].clone();
        g.ports[old.dst].edges.retain(|&e| e != segment);
        g.edges[segment].dst = west;
        g.ports[west].edges.push(segment);
        let second = g.add_edge(east, old.dst, old.weight, old.straight);
        g.pieces[piece].segments.push(second);
        g.links[link].label = Some(dummy);
    }
}
