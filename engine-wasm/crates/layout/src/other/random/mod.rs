//! `random`: nodes anywhere, for demonstration.

use spandrel_base::{Budget, Insets, Rect, Size};

use super::{FlatGraph, FlatLayout, clean_aspect, clean_distance, spore, straight};
use crate::random::Random;

/// What can be chosen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Options {
    /// Between nodes.
    pub spacing: f64,
    /// Between the border and the content.
    pub padding: Insets,
    /// Width over height of the area in which nodes are strewn.
    pub aspect_ratio: f64,
    /// Another seed is another drawing.
    pub seed: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self { spacing: 15.0, padding: Insets::all(15.0), aspect_ratio: 1.6, seed: 1 }
    }
}

/// Strews the nodes over an area about three times their own, then removes overlaps; edges are straight.
pub fn lay_out(graph: &FlatGraph, options: &Options, budget: &Budget<'_>) -> FlatLayout {
    let graph = graph.cleaned();
    let gap = clean_distance(options.spacing);
    let mut rng = Random::new(options.seed);
    let area: f64 = graph.nodes.iter().map(|node| (node.size.width + gap) * (node.size.height + gap)).sum();
    let aspect = clean_aspect(options.aspect_ratio, 1.6);
    let (width, height) = ((3.0 * area * aspect).sqrt(), (3.0 * area / aspect).sqrt());
    let mut nodes: Vec<Rect> = graph
        .nodes
        .iter()
        .map(|node| Rect::new(rng.unit() * width, rng.unit() * height, node.size.width, node.size.height))
        .collect();
    spore::separate(&mut nodes, gap, 64, budget);
    let routes = straight::routes(&graph, &nodes);
    let labels = straight::labels(&graph, &routes);
    FlatLayout { nodes, routes, labels, size: Size::default() }.framed().padded(options.padding)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::other::testing::{any_graph, check_boxes, check_routes};
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]
        #[test]
        fn nodes_lie_apart_and_the_seed_decides(graph in any_graph(20)) {
            let options = Options::default();
            let run = |seed| lay_out(&graph, &Options { seed, ..options }, &Budget::default());
            check_boxes(&run(1), options.spacing, options.padding);
            check_routes(&graph, &run(1));
            prop_assert_eq!(run(1), run(1));
            prop_assert!(graph.nodes.len() < 2 || run(1) != run(2));
        }
    }
}
