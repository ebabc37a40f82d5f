//! Phase 5: where edges run, and with them how far the layers lie apart.

pub(crate) mod curves;
mod slots;

use spandrel_base::Point;

use super::between::borders::is_east;
use super::lgraph::{EdgeIx, Kind, LGraph, LevelIx};
use crate::model::Routing;

/// Routes all levels, innermost first, and places their layers along the flow.
///
/// Requires: placement. Ensures: `x` of all nodes, `LEdge::bends` of all segments, `Level::width`.
pub(super) fn route(g: &mut LGraph, routing: Routing) {
    // A container's level comes after the level that holds the container.
    for level in (0..g.levels.len()).rev() {
        route_level(g, level, routing);
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

fn route_level(g: &mut LGraph, level: LevelIx, routing: Routing) {
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
        let west = is_border_layer(g, level, layer);
        let east = is_border_layer(g, level, layer + 1);
        if routing != Routing::Orthogonal {
            x += slant(g, level, layer, &edges, x);
            continue;
        }
        let slots = slots::assign(g, &edges, spacing.edge_edge);
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

/// Steepest slope of a slanted line that gets more room, as the gap's share of its rise, and how many times
/// the plain gap it may get.
const SLOPE: f64 = 0.2;
const WIDEST: f64 = 4.0;

/// Draws slanted lines across the gap after `layer`, which begins at `x`, and gives the gap's width.
fn slant(g: &mut LGraph, level: LevelIx, layer: usize, edges: &[EdgeIx], x: f64) -> f64 {
    let l = &g.levels[level];
    let (west, east) = (is_border_layer(g, level, layer), is_border_layer(g, level, layer + 1));
    let title = |at_east: bool| l.title.filter(|t| t.east == at_east).map_or(0.0, |t| t.flow + TITLE_GAP);
    // Lines run level past a title.
    let (before, after) = (if west { title(false) } else { 0.0 }, if east { title(true) } else { 0.0 });
    let ends = |e: EdgeIx| (g.port_y(g.edges[e].src), g.port_y(g.edges[e].dst));
    let rise = edges.iter().map(|&e| (ends(e).0 - ends(e).1).abs()).fold(0.0, f64::max);
    let bare = !has_real(g, level, layer) || !has_real(g, level, layer + 1);
    let plain = match (west, east) {
        (true, true) => l.padding.left + l.padding.right,
        (true, false) => l.padding.left,
        (false, true) => l.padding.right,
        (false, false) if bare => l.spacing.edge_node_layers,
        (false, false) => l.spacing.node_node_layers,
    };
    let room = (rise * SLOPE).min(plain * WIDEST).max(if rise > 0.0 { 6.0 } else { 0.0 });
    let gap = plain.max(before + room + after);
    for &edge in edges {
        let (y0, y1) = (g.port_y(g.edges[edge].src), g.port_y(g.edges[edge].dst));
        g.edges[edge].bends = vec![Point::new(x + before, y0), Point::new(x + gap - after, y1)];
    }
    gap
}

fn has_real(g: &LGraph, level: LevelIx, layer: usize) -> bool {
    g.levels[level].layers[layer].iter().any(|&n| matches!(g.nodes[n].kind, Kind::Real(_)))
}
