//! `fixed`: everything stays where it is; only the container's size is computed.

use spandrel_base::{Insets, Point, Rect, Size};

use super::{FlatGraph, FlatLayout, clean_insets};

/// What can be chosen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Options {
    /// Added to the farthest coordinates of the content, that of all four sides: as ELK has it, where
    /// positions count from the inner corner.
    pub padding: Insets,
}

impl Default for Options {
    fn default() -> Self {
        Self { padding: Insets::all(15.0) }
    }
}

/// Keeps nodes at their positions (0,0 where there is none) and edges at their points.
///
/// An edge with fewer than two points of its own gets no route. Labels keep the middle of their edge.
/// Nodes may lie left of or above the container, and over one another: they are kept as they are.
pub fn lay_out(graph: &FlatGraph, options: &Options) -> FlatLayout {
    let graph = graph.cleaned();
    let nodes: Vec<Rect> =
        graph.nodes.iter().map(|node| Rect::at(node.position.unwrap_or_default(), node.size)).collect();
    let routes: Vec<Vec<Point>> = graph
        .edges
        .iter()
        .map(|edge| if edge.points.len() < 2 { Vec::new() } else { edge.points.clone() })
        .collect();
    let labels = super::straight::labels(&graph, &routes);
    let mut layout = FlatLayout { nodes, routes, labels, size: Size::default() };
    let padding = clean_insets(options.padding);
    let bounds = layout.bounds().unwrap_or_default();
    layout.size = Size::new(
        bounds.right().max(0.0) + padding.horizontal(),
        bounds.bottom().max(0.0) + padding.vertical(),
    );
    layout
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::other::{FlatEdge, FlatNode};

    #[test]
    fn nothing_moves_and_the_container_grows_to_hold_it() {
        let at = |x, y| FlatNode { position: Some(Point::new(x, y)), ..FlatNode::sized(10.0, 10.0) };
        let mut edge = FlatEdge::between(0, 1);
        edge.points = vec![Point::new(1.0, 2.0), Point::new(3.0, 4.0)];
        let graph = FlatGraph { nodes: vec![at(-5.0, 0.0), at(95.0, 3.0)], edges: vec![edge] };
        let layout = lay_out(&graph, &Options::default());
        assert_eq!(layout.nodes[0].origin(), Point::new(-5.0, 0.0));
        assert_eq!(layout.routes[0], vec![Point::new(1.0, 2.0), Point::new(3.0, 4.0)]);
        assert_eq!(layout.size, Size::new(135.0, 43.0));
    }

    #[test]
    fn an_empty_container_is_its_padding() {
        assert_eq!(lay_out(&FlatGraph::default(), &Options::default()).size, Size::new(30.0, 30.0));
    }
}
