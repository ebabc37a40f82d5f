//! `disco`: disconnected components side by side, each as it is.

use spandrel_base::{Insets, Rect, Size};

use super::components::by_component;
use super::{FlatGraph, FlatLayout, clean_aspect, clean_distance, straight};

/// What can be chosen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Options {
    /// Between components.
    pub spacing: f64,
    /// Between the border and the content.
    pub padding: Insets,
    /// Width over height to aim at.
    pub aspect_ratio: f64,
}

impl Default for Options {
    fn default() -> Self {
        Self { spacing: 20.0, padding: Insets::all(12.0), aspect_ratio: 1.6 }
    }
}

/// Keeps the positions of nodes within each connected component (0,0 where there is none) and the points
/// of edges that have some, and packs the components in rows; other edges become straight lines.
pub fn lay_out(graph: &FlatGraph, options: &Options) -> FlatLayout {
    let graph = graph.cleaned();
    let gap = clean_distance(options.spacing);
    let aspect = clean_aspect(options.aspect_ratio, 1.6);
    by_component(&graph, gap, aspect, options.padding, |part| {
        let nodes: Vec<Rect> =
            part.nodes.iter().map(|node| Rect::at(node.position.unwrap_or_default(), node.size)).collect();
        let routes: Vec<_> = straight::routes(part, &nodes)
            .into_iter()
            .zip(&part.edges)
            .map(|(line, edge)| if edge.points.len() < 2 { line } else { edge.points.clone() })
            .collect();
        let labels = straight::labels(part, &routes);
        FlatLayout { nodes, routes, labels, size: Size::default() }.framed()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::other::{FlatEdge, FlatNode};
    use spandrel_base::Point;

    #[test]
    fn components_keep_their_shape_and_part() {
        let at = |x, y| FlatNode { position: Some(Point::new(x, y)), ..FlatNode::sized(10.0, 10.0) };
        let graph = FlatGraph {
            nodes: vec![at(5.0, 5.0), at(0.0, 0.0), at(50.0, 20.0)],
            edges: vec![FlatEdge::between(0, 2)],
        };
        let layout = lay_out(&graph, &Options::default());
        let (a, b) = (layout.nodes[0], layout.nodes[2]);
        assert_eq!((b.x - a.x, b.y - a.y), (45.0, 15.0));
        let part = a.union(b).inflate(19.9);
        assert!(!part.overlaps(layout.nodes[1]));
    }
}
