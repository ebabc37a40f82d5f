//! Edges across borders: where a piece ends at a container but its edge goes on inside, the container
//! gets an attachment and the level inside a border node that stands for it.
//!
//! The border lies west where the edge comes in with the flow and east where it leaves, whatever the
//! direction the edge was drawn in; so an edge never has to turn round at a border.

use super::super::import::{ABSENT, Unit};
use super::super::lgraph::{Kind, LGraph, LevelIx, Piece};

/// Creates borders for all pieces of `level`, and the pieces inside that continue them.
///
/// Requires: the pieces of `level` have their direction; ports of pieces are not attached yet.
pub(in super::super) fn continue_inside(g: &mut LGraph, unit: &Unit<'_>, node_of: &[usize], level: LevelIx) {
    for index in 0..g.levels[level].pieces.len() {
        let piece = g.levels[level].pieces[index];
        // A piece that begins or ends at its own level's container.
        for at_src in [true, false] {
            let p = &g.pieces[piece];
            let end = if at_src { p.src } else { p.dst };
            if end == ABSENT {
                // The source of the flow is west.
                let west = at_src != p.reversed;
                let border = add_border(g, level, !west, None);
                let p = &mut g.pieces[piece];
                *(if at_src { &mut p.src } else { &mut p.dst }) = border;
                continue;
            }
            let link = p.link;
            let model_end = if at_src { g.links[link].src } else { g.links[link].dst };
            let Kind::Real(model) = g.nodes[end].kind else { continue };
            if model == model_end {
                let edge = &unit.graph.edges[g.links[link].edge];
                // A projected end has lost its port: it lies deeper than this unit.
                let original = if at_src { edge.src } else { edge.dst };
                let port = original.port.filter(|_| original.node == model);
                let p = &mut g.pieces[piece];
                *(if at_src { &mut p.src_port } else { &mut p.dst_port }) = port;
                continue;
            }
            let Some(inner) = g.nodes[end].inner else { continue };
            let reversed = p.reversed;
            // The container is left at its east side where the piece flows out of it.
            let east = at_src != reversed;
            let port = g.add_port(end, east);
            let border = add_border(g, inner, east, Some(port));
            g.ports[port].border = Some(border);
            // Which node of the level inside holds the end.
            let mut inside = node_of[model_end];
            while g.nodes[inside].level != inner {
                let Some(owner) = g.levels[g.nodes[inside].level].owner else { break };
                inside = owner;
            }
            let below = g.pieces.len();
            g.pieces.push(Piece {
                link,
                level: inner,
                src: if at_src { inside } else { border },
                dst: if at_src { border } else { inside },
                src_port: None,
                dst_port: None,
                reversed,
                segments: Vec::new(),
            });
            g.levels[inner].pieces.push(below);
            let list = &mut g.links[link].pieces;
            if at_src {
                list.insert(0, below);
            } else {
                list.push(below);
            }
        }
    }
}

fn add_border(g: &mut LGraph, level: LevelIx, east: bool, outer_port: Option<usize>) -> usize {
    let border = g.add_node(level, Kind::Border, 0.0, 0.0);
    // The one attachment of a border looks inwards.
    let port = g.add_port(border, !east);
    g.ports[port].y = Some(0.0);
    g.nodes[border].outer_port = outer_port;
    border
}

/// Whether a border stands at the east end of its level.
pub(in super::super) fn is_east(g: &LGraph, border: usize) -> bool {
    g.nodes[border].east.is_empty()
}
