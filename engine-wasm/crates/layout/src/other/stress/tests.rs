use proptest::prelude::*;

use super::*;
use crate::other::testing::{any_graph, check_boxes, check_routes};
use crate::other::{FlatEdge, FlatNode};

fn graph(n: usize, edges: impl IntoIterator<Item = (usize, usize)>) -> FlatGraph {
    FlatGraph {
        nodes: vec![FlatNode::sized(20.0, 20.0); n],
        edges: edges.into_iter().map(|(a, b)| FlatEdge::between(a, b)).collect(),
    }
}

fn distance(a: Rect, b: Rect) -> f64 {
    let (a, b) = (a.center(), b.center());
    ((a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y)).sqrt()
}

#[test]
fn edges_of_a_ring_and_a_path_get_the_length_asked_for() {
    let path = graph(5, (1..5).map(|i| (i - 1, i)));
    let layout = lay_out(&path, &Options::default(), &Budget::default());
    for pair in layout.nodes.windows(2) {
        assert!((distance(pair[0], pair[1]) - 100.0).abs() < 8.0, "{}", distance(pair[0], pair[1]));
    }
    let mut triangle = graph(3, [(0, 1), (1, 2), (2, 0)]);
    triangle.edges[0].length = Some(60.0);
    let layout = lay_out(&triangle, &Options::default(), &Budget::default());
    assert!((distance(layout.nodes[0], layout.nodes[1]) - 60.0).abs() < 1.0);
    assert!((distance(layout.nodes[1], layout.nodes[2]) - 100.0).abs() < 1.0);
}

#[test]
fn a_grid_unfolds() {
    let side = 6;
    let right = (0..side * side).filter(|i| i % side + 1 < side).map(|i| (i, i + 1));
    let below = (0..side * (side - 1)).map(|i| (i, i + side));
    let graph = graph(side * side, right.chain(below));
    let layout = lay_out(&graph, &Options::default(), &Budget::default());
    let corner = distance(layout.nodes[0], layout.nodes[side * side - 1]);
    assert!(corner > 100.0 * 6.0, "opposite corners are {corner} apart");
    for edge in &graph.edges {
        let length = distance(layout.nodes[edge.source], layout.nodes[edge.target]);
        assert!((60.0..150.0).contains(&length), "{length}");
    }
}

#[test]
fn pinned_nodes_stay_to_the_pixel() {
    let mut graph = graph(4, [(0, 1), (1, 2), (2, 3)]);
    graph.nodes[1].position = Some(Point::new(300.0, 120.0));
    graph.nodes[1].hints.pinned = true;
    let layout = lay_out(&graph, &Options::default(), &Budget::default());
    assert_eq!(layout.nodes[1].origin(), Point::new(300.0, 120.0));
    assert!((distance(layout.nodes[1], layout.nodes[2]) - 100.0).abs() < 15.0);
}

#[test]
fn one_axis_alone_moves_where_asked() {
    let mut graph = graph(3, [(0, 1), (1, 2)]);
    for (index, node) in graph.nodes.iter_mut().enumerate() {
        node.position = Some(Point::new(index as f64 * 5.0, index as f64 * 7.0));
    }
    let options = Options { dimension: Dimension::X, ..Options::default() };
    let y: Vec<f64> = lay_out(&graph, &options, &Budget::default()).nodes.iter().map(|rect| rect.y).collect();
    assert_eq!(y, [0.0, 7.0, 14.0]);
}

#[test]
fn large_graphs_end() {
    let n = 700;
    let graph = graph(n, (1..n).map(|i| ((i * 31) % i.min(40), i)));
    let options = Options { iteration_limit: Some(3), ..Options::default() };
    let layout = lay_out(&graph, &options, &Budget::default());
    assert!(layout.size.width.is_finite() && layout.size.width > 100.0);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn any_graph_becomes_a_valid_drawing(graph in any_graph(20)) {
        let options = Options::default();
        let layout = lay_out(&graph, &options, &Budget::default());
        check_boxes(&layout, options.spacing, options.padding);
        check_routes(&graph, &layout);
        prop_assert_eq!(&layout, &lay_out(&graph, &options, &Budget::default()));
    }
}
