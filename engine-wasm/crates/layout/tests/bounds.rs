//! Very large and very odd graphs: each ends within its budget, however small, with a complete drawing.
//!
//! With a whole budget the same graphs take minutes without optimisation:
//! `cargo test --release -p spandrel-layout --test bounds -- --include-ignored`.

use std::cell::Cell;

use spandrel_base::{Budget, Limits, Size};
use spandrel_layout::lay_out_graph;
use spandrel_layout::model::{Edge, End, Graph, Node, Placed};

fn leaf(parent: usize) -> Node {
    Node { parent: Some(parent), size: Size::new(60.0, 30.0), ..Node::default() }
}

/// A flat graph.
fn flat(nodes: usize, edges: impl IntoIterator<Item = (usize, usize)>) -> Graph {
    let mut graph = Graph::default();
    graph.nodes.push(Node { children: (1..=nodes).collect(), ..Node::default() });
    graph.nodes.extend((0..nodes).map(|_| leaf(0)));
    for (a, b) in edges {
        graph.edges.push(edge(a + 1, b + 1));
    }
    graph
}

fn edge(a: usize, b: usize) -> Edge {
    Edge { src: End { node: a, port: None }, dst: End { node: b, port: None }, ..Edge::default() }
}

/// A graph in which most edges are short, as drawn diagrams are.
fn wide(nodes: usize) -> Graph {
    let mut seed = 5u64;
    let mut roll = move |sides: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % sides
    };
    let edges: Vec<_> = (1..nodes)
        .flat_map(|n| {
            [Some((n - 1 - roll(n.min(200)), n)), (n % 2 == 0).then(|| (n - 1 - roll(n.min(50)), n))]
        })
        .flatten()
        .collect();
    flat(nodes, edges)
}

fn complete(nodes: usize) -> Graph {
    flat(nodes, (0..nodes).flat_map(|a| (a + 1..nodes).map(move |b| (a, b))))
}

/// Containers in containers, a leaf in each, an edge from every leaf to the one inside it.
fn nested(levels: usize) -> Graph {
    let mut graph = Graph::default();
    graph.nodes.push(Node::default());
    let (mut holder, mut before) = (0, None);
    for level in 0..levels {
        let at = graph.nodes.len();
        graph.nodes[holder].children.push(at);
        graph.nodes.push(leaf(holder));
        if let Some(before) = before {
            graph.edges.push(edge(before, at));
        }
        before = Some(at);
        if level + 1 < levels {
            graph.nodes[holder].children.push(at + 1);
            graph.nodes.push(Node { parent: Some(holder), ..Node::default() });
            holder = at + 1;
        }
    }
    graph
}

fn is_complete(graph: &Graph, placed: &Placed) {
    assert_eq!(placed.nodes.len(), graph.nodes.len());
    for (node, rect) in graph.nodes.iter().zip(&placed.nodes).skip(1) {
        assert!([rect.x, rect.y, rect.width, rect.height].iter().all(|v| v.is_finite()));
        let holder = placed.nodes[node.parent.unwrap_or(0)];
        assert!(holder.inflate(0.1).contains_rect(*rect));
    }
    for (edge, line) in graph.edges.iter().zip(&placed.edges) {
        let (first, last) = (line.points[0], line.points[line.points.len() - 1]);
        assert!(line.points.len() >= 2);
        assert!(placed.nodes[edge.src.node].inflate(0.2).contains(first), "begins at its source");
        assert!(placed.nodes[edge.dst.node].inflate(0.2).contains(last), "ends at its target");
    }
    // Leaves keep apart: sorted by their left end, only near ones are compared.
    let mut leaves: Vec<_> = (1..graph.nodes.len())
        .filter(|&n| graph.nodes[n].children.is_empty())
        .map(|n| placed.nodes[n].inflate(-0.1))
        .collect();
    leaves.sort_by(|a, b| a.y.total_cmp(&b.y).then(a.x.total_cmp(&b.x)));
    for (at, a) in leaves.iter().enumerate() {
        for b in leaves[at + 1..].iter().take_while(|b| b.y < a.bottom()) {
            assert!(!a.overlaps(*b));
        }
    }
}

/// A handful of steps, and an outside that says stop the third time it is asked.
fn stopped_early(graph: &Graph) {
    let few = Budget::new(Limits { steps: 20_000, ..Limits::default() });
    is_complete(graph, &lay_out_graph(graph, &few));
    let asked = Cell::new(0);
    let stop = || {
        asked.set(asked.get() + 1);
        asked.get() > 2
    };
    let interrupted = Budget::interruptible(Limits::default(), &stop);
    is_complete(graph, &lay_out_graph(graph, &interrupted));
    // A graph that needs little is done before anyone asks.
    assert!(asked.get() > 2 || graph.edges.len() < 1_000, "the outside was asked {} times", asked.get());
}

#[test]
fn ten_thousand_nodes_stop_when_told() {
    stopped_early(&wide(10_000));
}

#[test]
fn five_hundred_levels_stop_when_told() {
    stopped_early(&nested(500));
}

#[test]
fn a_star_of_five_thousand_stops_when_told() {
    stopped_early(&flat(5_001, (1..=5_000).map(|n| (0, n))));
}

#[test]
fn a_complete_graph_of_150_stops_when_told() {
    stopped_early(&complete(150));
}

#[test]
fn twenty_thousand_loops_on_one_node_are_drawn() {
    let graph = flat(1, (0..20_000).map(|_| (0, 0)));
    is_complete(&graph, &lay_out_graph(&graph, &Budget::default()));
}

#[test]
#[ignore = "minutes without optimisation"]
fn with_a_whole_budget_they_end_too() {
    for graph in [wide(10_000), nested(500), flat(5_001, (1..=5_000).map(|n| (0, n))), complete(150)] {
        is_complete(&graph, &lay_out_graph(&graph, &Budget::default()));
    }
}
