//! Phase 5: where edges run, and with them how far the layers lie apart.

mod slots;

use spandrel_base::Point;

use super::between::borders::is_east;
use super::lgraph::{EdgeIx, Kind, LGraph, LevelIx};

/// Routes all levels, innermost first, and places their layers along the flow.
///
/// Requires: placement. Ensures: `x` of all nodes, `LEdge::bends` of all segments, `Level::width`.
pub(super) fn route(g: &mut LGraph) {
    // A container's level comes after the level that holds the container.
    for level in (0..g.levels.len()).rev() {
        route_level(g, level);
        if let Some(owner) = g.levels[level].owner {
            g.nodes[owner].w = g.levels[level].width;
        }
    }
}

/// Room between a title and an edge that passes below it.
const TITLE_GAP: f64 = 3.0;

fn is_border_layer(g: &LGraph, level: LevelIx, layer: usize) -> bool {
    g.levels[level].layers[layer].first().is_some_and(|&n| g.nodes[n].kind == Kind::Border)
}

fn route_level(g: &mut LGraph, level: LevelIx) {
    let count = g.levels[level].layers.len();
    let spacing = g.levels[level].spacing;
    let padding = g.levels[level].padding;
    let mut x = 0.0;
    if count > 0 && !is_border_layer(g, level, 0) {
        x = padding.left;
    }
    for layer in 0..count {
        let list = g.levels[level].layers[layer].clone();
        let mut width = 0.0f64;
        for &n in &list {
            let node = &g.nodes[n];
            width = width.max(node.margin.left + node.w + node.margin.right);
        }
        for &n in &list {
            let node = &mut g.nodes[n];
            let (ins, outs) = (node.west.len() as f64, node.east.len() as f64);
            // A node leans towards the side where its edges are.
            let share = if ins + outs == 0.0 { 0.5 } else { outs / (ins + outs) };
            let free = width - node.margin.left - node.w - node.margin.right;
            node.x = x + node.margin.left + free * if node.kind == Kind::Long { 0.5 } else { share };
        }
        x += width;
        if layer + 1 == count {
            break;
        }
        let edges: Vec<EdgeIx> = list
            .iter()
            .flat_map(|&n| g.nodes[n].east.iter())
            .flat_map(|&p| g.ports[p].edges.iter().copied())
            .collect();
        let slots = slots::assign(g, &edges, spacing.edge_edge);
        let west = is_border_layer(g, level, layer);
        let east = is_border_layer(g, level, layer + 1);
        let inner = (slots.count.max(1) - 1) as f64 * spacing.edge_edge_layers;
        let (gap, first) = if west && east {
            let gap = (padding.left + padding.right).max(inner + 2.0 * spacing.edge_edge_layers);
            (gap, (gap - inner) / 2.0)
        } else if west || east {
            // Close to the nodes, away from the container's border and, where it stands there, its title.
            let padding = if west { padding.left } else { padding.right };
            let title = g.levels[level].title.filter(|t| t.east == east).map_or(0.0, |t| t.flow + TITLE_GAP);
            let to_node = spacing.edge_node_layers;
            let to_node =
                if title > 0.0 { to_node.min((padding - title - inner).max(10.0)) } else { to_node };
            let gap = if slots.count > 0 {
                padding.max(inner + to_node + spacing.edge_edge_layers.max(title).min(title.max(10.0)))
            } else {
                padding
            };
            (gap, if west { gap - to_node - inner } else { to_node })
        } else {
            let bare = !has_real(g, level, layer) || !has_real(g, level, layer + 1);
            let plain = if bare { spacing.edge_node_layers } else { spacing.node_node_layers };
            let gap = if slots.count > 0 { plain.max(inner + 2.0 * spacing.edge_node_layers) } else { plain };
            (gap, (gap - inner) / 2.0)
        };
        for (edge, slot) in slots.of {
            let at = x + first + slot as f64 * spacing.edge_edge_layers;
            let (y0, y1) = (g.port_y(g.edges[edge].src), g.port_y(g.edges[edge].dst));
            g.edges[edge].bends = vec![Point::new(at, y0), Point::new(at, y1)];
        }
        x += gap;
    }
    if count > 0 && !is_border_layer(g, level, count - 1) {
        x += padding.right;
    }
    let width = x.max(g.levels[level].min_w).max(if count == 0 { padding.left + padding.right } else { 0.0 });
    g.levels[level].width = width;
    if count > 0 && is_border_layer(g, level, count - 1) {
        for n in g.levels[level].layers[count - 1].clone() {
            debug_assert!(is_east(g, n));
            g.nodes[n].x = width;
        }
    }
}

fn has_real(g: &LGraph, level: LevelIx, layer: usize) -> bool {
    g.levels[level].layers[layer].iter().any(|&n| matches!(g.nodes[n].kind, Kind::Real(_)))
}
