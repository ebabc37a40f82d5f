use proptest::prelude::*;

use super::*;
use crate::other::testing::{any_graph, check_boxes, check_routes};
use crate::other::{FlatEdge, FlatNode};

fn tree(sizes: &[(f64, f64)], edges: &[(usize, usize)]) -> FlatGraph {
    FlatGraph {
        nodes: sizes.iter().map(|&(w, h)| FlatNode::sized(w, h)).collect(),
        edges: edges.iter().map(|&(a, b)| FlatEdge::between(a, b)).collect(),
    }
}

fn bare() -> Options {
    Options { padding: Insets::default(), ..Options::default() }
}

#[test]
fn a_parent_is_centred_over_its_children() {
    let graph = tree(&[(20.0, 10.0); 4], &[(0, 1), (0, 2), (0, 3)]);
    let layout = lay_out(&graph, &bare());
    let corners: Vec<(f64, f64)> = layout.nodes.iter().map(|rect| (rect.x, rect.y)).collect();
    assert_eq!(corners, [(40.0, 0.0), (0.0, 30.0), (40.0, 30.0), (80.0, 30.0)]);
    assert_eq!(layout.routes[1], [Point::new(50.0, 10.0), Point::new(50.0, 30.0)]);
}

#[test]
fn small_subtrees_between_large_ones_are_spread() {
    // Buchheim et al., figure 2: the leaves between two deep subtrees share the room evenly.
    let edges = [(0, 1), (0, 2), (0, 3), (0, 4), (1, 5), (1, 6), (1, 7), (4, 8), (4, 9), (4, 10)];
    let layout = lay_out(&tree(&[(20.0, 10.0); 11], &edges), &bare());
    let x: Vec<f64> = (1..=4).map(|node| layout.nodes[node].x).collect();
    let steps: Vec<f64> = x.windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert!(steps.iter().all(|step| (step - steps[0]).abs() < 1e-9), "{steps:?}");
}

#[test]
fn directions_turn_the_same_drawing() {
    let graph = tree(&[(20.0, 10.0), (30.0, 10.0), (40.0, 10.0)], &[(0, 1), (0, 2)]);
    for direction in [Direction::Down, Direction::Up, Direction::Right, Direction::Left] {
        let layout = lay_out(&graph, &Options { direction, ..bare() });
        let (root, child) = (layout.nodes[0], layout.nodes[1]);
        let before = match direction {
            Direction::Down => root.bottom() + 20.0 - child.y,
            Direction::Up => child.bottom() + 20.0 - root.y,
            // The level is as wide as its widest node.
            Direction::Right => root.right() + 25.0 - child.x,
            Direction::Left => child.right() + 25.0 - root.x,
        };
        assert_eq!(before, 0.0, "{direction:?}");
        check_routes(&graph, &layout);
    }
}

#[test]
fn weighting_orders_the_children() {
    let mut graph = tree(&[(20.0, 10.0); 5], &[(0, 1), (0, 2), (1, 3), (1, 4)]);
    let x = |graph: &FlatGraph, weighting| {
        let layout = lay_out(graph, &Options { weighting, ..bare() });
        layout.nodes[1].x < layout.nodes[2].x
    };
    assert!(x(&graph, Weighting::ModelOrder));
    assert!(!x(&graph, Weighting::Descendants));
    assert!(!x(&graph, Weighting::Fan));
    graph.nodes[2].hints.order = Some(1);
    assert!(!x(&graph, Weighting::Constraint));
}

#[test]
fn a_long_edge_passes_between_the_nodes_of_a_level() {
    let graph = tree(&[(20.0, 10.0); 4], &[(0, 1), (1, 2), (0, 2), (1, 3)]);
    for routing in [Routing::Polyline, Routing::Orthogonal] {
        check_clear(&graph, &lay_out(&graph, &Options { routing, ..bare() }));
    }
}

#[test]
fn ten_thousand_nodes_and_a_long_chain() {
    let n = 10_000_usize;
    let edges: Vec<(usize, usize)> = (1..n).map(|i| ((i * 7919) % i.div_ceil(3), i)).collect();
    let layout = lay_out(&tree(&vec![(20.0, 10.0); n], &edges), &bare());
    assert!(layout.size.width.is_finite() && layout.size.width > 0.0);
    let chain: Vec<(usize, usize)> = (1..n).map(|i| (i - 1, i)).collect();
    assert_eq!(lay_out(&tree(&vec![(20.0, 10.0); n], &chain), &bare()).size.height, 30.0 * n as f64 - 20.0);
}

/// Asserts that no route enters a node that is not one of its ends.
fn check_clear(graph: &FlatGraph, layout: &FlatLayout) {
    for (edge, route) in graph.edges.iter().zip(&layout.routes) {
        for (index, rect) in layout.nodes.iter().enumerate() {
            if index == edge.source || index == edge.target || rect.width < 0.1 || rect.height < 0.1 {
                continue;
            }
            let inner = rect.inflate(-0.01);
            for pair in route.windows(2) {
                for step in 0..=40 {
                    let share = f64::from(step) / 40.0;
                    let point =
                        pair[0].offset((pair[1].x - pair[0].x) * share, (pair[1].y - pair[0].y) * share);
                    assert!(!inner.contains(point), "edge {edge:?} runs through node {index}: {route:?}");
                }
            }
        }
    }
}

proptest! {
    #[test]
    fn any_graph_becomes_a_valid_drawing(
        graph in any_graph(24), direction in 0..4_usize, orthogonal: bool, compaction: bool, breadth: bool,
    ) {
        let options = Options {
            direction: [Direction::Down, Direction::Up, Direction::Right, Direction::Left][direction],
            routing: if orthogonal { Routing::Orthogonal } else { Routing::Polyline },
            search: if breadth { SearchOrder::BreadthFirst } else { SearchOrder::DepthFirst },
            compaction,
            ..Options::default()
        };
        let layout = lay_out(&graph, &options);
        check_boxes(&layout, options.spacing, options.padding);
        check_routes(&graph, &layout);
        if !compaction {
            check_clear(&graph, &layout);
        }
        prop_assert_eq!(&layout, &lay_out(&graph, &options));
    }
}
