//! Long edges: a dummy in every layer an edge passes, so that all segments join neighbouring layers.

use super::super::lgraph::{Kind, LGraph};

/// Splits all segments that span more than one layer.
///
/// Requires: layers are assigned. Ensures: proper layering (every segment spans exactly one layer).
pub(in super::super) fn split(g: &mut LGraph) {
    for piece in 0..g.pieces.len() {
        let level = g.pieces[piece].level;
        let segments = std::mem::take(&mut g.pieces[piece].segments);
        let mut split = Vec::with_capacity(segments.len());
        for segment in segments {
            split.push(segment);
            let last = g.nodes[g.dst(segment)].layer;
            let mut at = g.nodes[g.src(segment)].layer + 1;
            if at >= last {
                continue;
            }
            let target = g.edges[segment].dst;
            g.ports[target].edges.retain(|&e| e != segment);
            let mut open = segment;
            while at < last {
                let dummy = g.add_dummy(level, Kind::Long, 0.0, 0.0, 0.0);
                g.nodes[dummy].layer = at;
                g.levels[level].layers[at].push(dummy);
                let (west, east) = (g.nodes[dummy].west[0], g.nodes[dummy].east[0]);
                g.edges[open].dst = west;
                g.ports[west].edges.push(open);
                let (weight, straight) = (g.edges[segment].weight, g.edges[segment].straight);
                let next = g.add_edge(east, target, weight, straight);
                // `add_edge` has entered it at the target; an inner one moves on with the next dummy.
                g.ports[target].edges.pop();
                split.push(next);
                open = next;
                at += 1;
            }
            g.ports[target].edges.push(open);
        }
        g.pieces[piece].segments = split;
    }
}
