//! What the tests of several algorithms share: generated graphs and checks of validity.

use proptest::prelude::*;
use spandrel_base::{Insets, Point, Rect};

use super::{FlatEdge, FlatGraph, FlatLayout, FlatNode, Hints};

/// Graphs of up to `most` nodes with positions, self-loops, parallel edges and several components.
pub(super) fn any_graph(most: usize) -> impl Strategy<Value = FlatGraph> {
    let node = (0.0..80.0, 0.0..60.0, 0.0..300.0, 0.0..300.0, 0..3_i64).prop_map(|(w, h, x, y, priority)| {
        let hints = Hints { priority, ..Hints::default() };
        FlatNode { position: Some(Point::new(x, y)), hints, ..FlatNode::sized(w, h) }
    });
    prop::collection::vec(node, 0..most).prop_flat_map(move |nodes| {
        let n = nodes.len().max(1);
        let edges = prop::collection::vec((0..n, 0..n), 0..2 * n);
        (Just(nodes), edges).prop_map(|(nodes, edges)| FlatGraph {
            edges: edges.into_iter().map(|(a, b)| FlatEdge::between(a, b)).collect(),
            nodes,
        })
    })
}

/// Asserts that boxes keep `gap`, lie within the padding, and that every number is finite.
pub(super) fn check_boxes(layout: &FlatLayout, gap: f64, padding: Insets) {
    let inside = Rect::new(
        padding.left,
        padding.top,
        layout.size.width - padding.horizontal(),
        layout.size.height - padding.vertical(),
    )
    .inflate(1e-6);
    for (index, a) in layout.nodes.iter().enumerate() {
        assert!(a.x.is_finite() && a.y.is_finite() && a.width.is_finite() && a.height.is_finite(), "{a:?}");
        assert!(inside.contains_rect(*a), "{a:?} is outside of {inside:?}");
        for b in &layout.nodes[index + 1..] {
            let apart = a.right().min(b.right()) + gap <= a.x.max(b.x) + 1e-6
                || a.bottom().min(b.bottom()) + gap <= a.y.max(b.y) + 1e-6;
            assert!(apart, "{a:?} and {b:?} are nearer than {gap}");
        }
    }
}

/// Asserts that every edge has a finite route from the border of its source to that of its target.
pub(super) fn check_routes(graph: &FlatGraph, layout: &FlatLayout) {
    assert_eq!(layout.routes.len(), graph.edges.len());
    let on_border = |rect: Rect, point: Point| {
        rect.inflate(1e-6).contains(point)
            && !(rect.width > 1e-3 && rect.height > 1e-3 && rect.inflate(-1e-6).contains(point))
    };
    for (edge, route) in graph.edges.iter().zip(&layout.routes) {
        if !graph.is_whole(edge) {
            assert!(route.is_empty(), "a route for an edge without ends");
            continue;
        }
        assert!(route.len() >= 2, "an edge without a route");
        assert!(route.iter().all(|point| point.x.is_finite() && point.y.is_finite()));
        let (first, last) = (route[0], route[route.len() - 1]);
        assert!(
            on_border(layout.nodes[edge.source], first),
            "{first:?} is not on {:?}",
            layout.nodes[edge.source]
        );
        assert!(
            on_border(layout.nodes[edge.target], last),
            "{last:?} is not on {:?}",
            layout.nodes[edge.target]
        );
    }
}
