//! What must be true after each pass. Debug builds check it; release builds compile to nothing.

use super::lgraph::LGraph;

/// After phase 2: segments lead forward, every node is in its layer.
pub(super) fn layered(g: &LGraph) {
    if !cfg!(debug_assertions) {
        return;
    }
    for edge in 0..g.edges.len() {
        let (a, b) = (&g.nodes[g.src(edge)], &g.nodes[g.dst(edge)]);
        debug_assert!(a.level == b.level, "a segment stays in its level");
        debug_assert!(a.layer < b.layer, "a segment leads forward");
    }
    for (index, level) in g.levels.iter().enumerate() {
        let count: usize = level.layers.iter().map(Vec::len).sum();
        debug_assert!(count == level.nodes.len(), "every node has a layer");
        for (at, layer) in level.layers.iter().enumerate() {
            debug_assert!(!layer.is_empty(), "no layer is empty");
            debug_assert!(layer.iter().all(|&n| g.nodes[n].layer == at && g.nodes[n].level == index));
        }
    }
}

/// After long edges are split: segments join neighbouring layers.
pub(super) fn proper(g: &LGraph) {
    if !cfg!(debug_assertions) {
        return;
    }
    for edge in 0..g.edges.len() {
        debug_assert!(g.nodes[g.src(edge)].layer + 1 == g.nodes[g.dst(edge)].layer, "proper layering");
        let e = &g.edges[edge];
        debug_assert!(g.ports[e.src].edges.contains(&edge) && g.ports[e.dst].edges.contains(&edge));
        debug_assert!(g.ports[e.src].east && !g.ports[e.dst].east, "from east to west");
    }
}

/// After phase 3: layers are permutations and positions agree with them.
pub(super) fn ordered(g: &LGraph) {
    if !cfg!(debug_assertions) {
        return;
    }
    for level in &g.levels {
        let mut seen: Vec<usize> = level.layers.iter().flatten().copied().collect();
        seen.sort_unstable();
        let mut all = level.nodes.clone();
        all.sort_unstable();
        debug_assert!(seen == all, "each layer is a permutation of itself");
        for layer in &level.layers {
            debug_assert!(layer.iter().enumerate().all(|(at, &n)| g.nodes[n].pos == at));
        }
    }
}

/// After phase 4: numbers are finite, nodes of a layer do not overlap.
pub(super) fn placed(g: &LGraph) {
    if !cfg!(debug_assertions) {
        return;
    }
    for level in &g.levels {
        for layer in &level.layers {
            for pair in layer.windows(2) {
                let (a, b) = (&g.nodes[pair[0]], &g.nodes[pair[1]]);
                debug_assert!(a.y.is_finite() && b.y.is_finite());
                debug_assert!(a.y + a.h <= b.y + 1e-3, "nodes of a layer keep apart");
            }
        }
    }
    debug_assert!(g.ports.iter().all(|p| p.y.is_some()), "every attachment has a place");
}

/// After phase 5: coordinates along the flow are finite and grow with the layers.
pub(super) fn routed(g: &LGraph) {
    if !cfg!(debug_assertions) {
        return;
    }
    for edge in 0..g.edges.len() {
        let (a, b) = (&g.nodes[g.src(edge)], &g.nodes[g.dst(edge)]);
        debug_assert!(a.x.is_finite() && b.x.is_finite());
        debug_assert!(a.x + a.w <= b.x + 1e-3, "a segment leads forward");
    }
}
