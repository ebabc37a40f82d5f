//! Long edges: a dummy in every layer an edge passes, so that all segments join neighbouring layers.
//!
//! Dense graphs would need more dummies than anyone can look at (a complete graph of 150 nodes over half a
//! million). There the edges that leave a node share a trunk, one dummy a layer, from which each branches
//! off one layer before its target.

use super::super::lgraph::{EdgeIx, Kind, LGraph, NodeIx, PortIx};

/// Edges share trunks where they would need more dummies than this, and more than this for every node.
const MANY: usize = 20_000;
const MANY_PER_NODE: usize = 20;

/// Splits all segments that span more than one layer.
///
/// Requires: layers are assigned. Ensures: proper layering (every segment spans exactly one layer).
pub(in super::super) fn split(g: &mut LGraph) {
    let dummies: usize = (0..g.edges.len())
        .map(|e| (g.nodes[g.dst(e)].layer).saturating_sub(g.nodes[g.src(e)].layer + 1))
        .sum();
    if dummies > MANY && dummies > MANY_PER_NODE * g.nodes.len() {
        share_trunks(g);
    }
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
                let dummy = add_dummy(g, level, at);
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

fn add_dummy(g: &mut LGraph, level: usize, layer: usize) -> NodeIx {
    let dummy = g.add_dummy(level, Kind::Long, 0.0, 0.0, 0.0);
    g.nodes[dummy].layer = layer;
    g.levels[level].layers[layer].push(dummy);
    dummy
}

/// The way that edges from one attachment have in common.
#[derive(Default)]
struct Trunk {
    /// One dummy a layer, from the layer after the source on, and the segment that leads to it.
    way: Vec<(NodeIx, EdgeIx)>,
}

/// Leads the long edges of every attachment, or of a node whose attachments are free, along one trunk.
fn share_trunks(g: &mut LGraph) {
    let mut trunks: Vec<Option<Trunk>> = Vec::new();
    trunks.resize_with(g.ports.len(), || None);
    for piece in 0..g.pieces.len() {
        let [segment] = g.pieces[piece].segments[..] else { continue };
        let (src, dst) = (g.edges[segment].src, g.edges[segment].dst);
        let from = g.ports[src].node;
        let (first, last) = (g.nodes[from].layer + 1, g.nodes[g.ports[dst].node].layer);
        if first >= last {
            continue;
        }
        let Some(root) = root(g, src) else { continue };
        let mut trunk = trunks[root].take().unwrap_or_default();
        let level = g.pieces[piece].level;
        for layer in first + trunk.way.len()..last {
            let before = trunk.way.last().map_or(root, |&(dummy, _)| g.nodes[dummy].east[0]);
            let dummy = add_dummy(g, level, layer);
            let (weight, straight) = (g.edges[segment].weight, g.edges[segment].straight);
            let leading = g.add_edge(before, g.nodes[dummy].west[0], weight, straight);
            trunk.way.push((dummy, leading));
        }
        let way = &trunk.way[..last - first];
        if let Some(&(end, _)) = way.last() {
            detach(g, segment, src, root);
            let east = g.nodes[end].east[0];
            g.edges[segment].src = east;
            g.ports[east].edges.push(segment);
            g.pieces[piece].segments = way.iter().map(|&(_, leading)| leading).chain([segment]).collect();
        }
        trunks[root] = Some(trunk);
    }
}

/// The attachment from which edges at `port` may leave together; `None` where theirs is special.
fn root(g: &LGraph, port: PortIx) -> Option<PortIx> {
    let plain = |p: PortIx| g.ports[p].tail.is_empty() && g.ports[p].border.is_none();
    let node = &g.nodes[g.ports[port].node];
    if !plain(port) || node.kind == Kind::Border || node.inner.is_some() {
        return None;
    }
    if g.ports[port].model.is_some() {
        return Some(port);
    }
    node.east.iter().copied().find(|&p| plain(p) && g.ports[p].model.is_none())
}

/// Takes `segment` off its attachment; one that has no edges left goes, the root of a trunk stays.
fn detach(g: &mut LGraph, segment: EdgeIx, port: PortIx, root: PortIx) {
    g.ports[port].edges.retain(|&e| e != segment);
    if port != root && g.ports[port].edges.is_empty() {
        let node = g.ports[port].node;
        g.nodes[node].east.retain(|&p| p != port);
        g.ports[port].y = Some(0.0);
    }
}
