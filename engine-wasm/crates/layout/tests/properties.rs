//! What must hold for any graph: cycles, self-loops, nesting, ports, labels, pins.

use proptest::prelude::*;
use spandrel_base::{Budget, Point, Rect, Size};
use spandrel_layout::Side;
use spandrel_layout::model::{
    Alignment, CycleBreaking, Direction, Edge, End, Graph, Label, LabelPlace, Layering, Node, Options,
    Ordering, Placed, Placement, Port, PortConstraint, Routing, Wrapping,
};
use spandrel_layout::{Previous, lay_out_graph, lay_out_held};

/// Numbers from a seed: the generator below stays readable, and proptest shrinks the sizes it is given.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % sides.max(1)
    }

    fn once_in(&mut self, sides: usize) -> bool {
        self.roll(sides) == 0
    }
}

fn graph(seed: u64, nodes: usize, edges: usize) -> Graph {
    let mut dice = Dice(seed);
    let direction = [Direction::Right, Direction::Left, Direction::Down, Direction::Up][dice.roll(4)];
    let inner = Options { direction, ..Options::default() };
    let mut graph = Graph::default();
    graph.nodes.push(Node { inner: inner.clone(), ..Node::default() });
    let mut holders = vec![0];
    for index in 1..=nodes {
        let parent = holders[dice.roll(holders.len())];
        let mut node = Node {
            parent: Some(parent),
            size: Size::new(20.0 + 10.0 * dice.roll(12) as f64, 20.0 + 7.0 * dice.roll(9) as f64),
            inner: inner.clone(),
            ..Node::default()
        };
        if dice.once_in(4) {
            holders.push(index);
        } else if dice.once_in(3) {
            node.port_constraint =
                [PortConstraint::Free, PortConstraint::FixedSide, PortConstraint::FixedOrder][dice.roll(3)];
            for place in 0..=dice.roll(4) {
                let side = [Side::North, Side::East, Side::South, Side::West][dice.roll(4)];
                node.ports.push(Port { side: Some(side), index: Some(place as i64), ..Port::default() });
            }
        }
        graph.nodes[parent].children.push(index);
        graph.nodes.push(node);
    }
    for _ in 0..edges {
        let mut end = || {
            let node = 1 + dice.roll(nodes);
            let ports = graph.nodes[node].ports.len();
            let free = graph.nodes[node].children.is_empty();
            let port = (ports > 0 && free && !dice.once_in(3)).then(|| dice.roll(ports));
            End { node, port }
        };
        let (src, dst) = (end(), end());
        let labels = (0..dice.roll(5).saturating_sub(2))
            .map(|l| Label {
                size: Size::new(30.0 + l as f64, 14.0),
                place: [LabelPlace::Center, LabelPlace::Head, LabelPlace::Tail][dice.roll(3)],
                inline: dice.once_in(2),
            })
            .collect();
        graph.edges.push(Edge { src, dst, labels, ..Edge::default() });
    }
    graph
}

/// Other strategies for every phase, from a seed. Nodes get positions for the interactive ones.
fn vary(graph: &mut Graph, seed: u64) {
    let mut dice = Dice(seed);
    let routing = [Routing::Orthogonal, Routing::Polyline, Routing::Splines][dice.roll(3)];
    let placement = [
        Placement::BrandesKoepf(Alignment::Smallest),
        Placement::BrandesKoepf(Alignment::Balanced),
        Placement::BrandesKoepf(Alignment::LeftUp),
        Placement::BrandesKoepf(Alignment::LeftDown),
        Placement::BrandesKoepf(Alignment::RightUp),
        Placement::BrandesKoepf(Alignment::RightDown),
        Placement::LinearSegments { damping: 0.3 },
        Placement::NetworkSimplex,
        Placement::Simple,
        Placement::Interactive,
    ][dice.roll(10)];
    let layering = [
        Layering::NetworkSimplex,
        Layering::LongestPath,
        Layering::LongestPathSource,
        Layering::CoffmanGraham,
        Layering::Interactive,
    ][dice.roll(5)];
    let cycle_breaking = [
        CycleBreaking::Greedy,
        CycleBreaking::DepthFirst,
        CycleBreaking::ModelOrder,
        CycleBreaking::Interactive,
    ][dice.roll(4)];
    let ordering = [Ordering::LayerSweep, Ordering::Interactive, Ordering::None][dice.roll(3)];
    let (layer_bound, straighten) = (1 + dice.roll(4), dice.once_in(2));
    let wrapping = [Wrapping::Off, Wrapping::Off, Wrapping::SingleEdge, Wrapping::MultiEdge][dice.roll(4)];
    for node in &mut graph.nodes {
        node.position = Some(Point::new(dice.roll(400) as f64, dice.roll(400) as f64));
        node.inner = Options {
            routing,
            placement,
            layering,
            cycle_breaking,
            ordering,
            layer_bound,
            straighten,
            wrapping,
            ..node.inner.clone()
        };
    }
}

/// Points that lie densely on an edge, as its routing draws it.
fn drawn(points: &[Point], routing: Routing) -> Vec<Point> {
    let mix = |a: Point, b: Point, t: f64| Point::new(a.x + (b.x - a.x) * t, a.y + (b.y - a.y) * t);
    let steps = || (0..=24).map(|k| f64::from(k) / 24.0);
    if routing == Routing::Splines && points.len() > 3 {
        return (0..points.len() / 3)
            .map(|k| &points[3 * k..3 * k + 4])
            .flat_map(|c| {
                steps().map(move |t| {
                    let (p, q, r) = (mix(c[0], c[1], t), mix(c[1], c[2], t), mix(c[2], c[3], t));
                    mix(mix(p, q, t), mix(q, r, t), t)
                })
            })
            .collect();
    }
    points.windows(2).flat_map(|pair| steps().map(|t| mix(pair[0], pair[1], t)).collect::<Vec<_>>()).collect()
}

fn holds(graph: &Graph, outer: usize, inner: usize) -> bool {
    outer == inner || graph.ancestors(inner).any(|a| a == outer)
}

fn check(graph: &Graph, placed: &Placed) -> Result<(), TestCaseError> {
    for (index, node) in graph.nodes.iter().enumerate().skip(1) {
        let rect = placed.nodes[index];
        prop_assert!([rect.x, rect.y, rect.width, rect.height].iter().all(|v| v.is_finite()));
        if node.children.is_empty() {
            prop_assert_eq!(rect.size(), node.size);
        }
        let parent = node.parent.unwrap_or(0);
        prop_assert!(placed.nodes[parent].inflate(0.1).contains_rect(rect), "{} lies in {}", index, parent);
        for other in index + 1..graph.nodes.len() {
            if !holds(graph, index, other) && !holds(graph, other, index) {
                prop_assert!(!rect.inflate(-0.1).overlaps(placed.nodes[other]), "{} over {}", index, other);
            }
        }
    }
    for (index, (edge, line)) in graph.edges.iter().zip(&placed.edges).enumerate() {
        prop_assert!(line.points.len() >= 2, "edge {} has a route", index);
        prop_assert!(line.points.iter().all(|p| p.x.is_finite() && p.y.is_finite()));
        let on_border = |node: usize, p: Point| {
            let rect = placed.nodes[node];
            rect.inflate(0.2).contains(p) && !rect.inflate(-0.2).contains(p)
        };
        prop_assert!(on_border(edge.src.node, line.points[0]), "edge {} begins at its source", index);
        let last = line.points[line.points.len() - 1];
        prop_assert!(on_border(edge.dst.node, last), "edge {} ends at its target", index);
        let routing = graph.nodes[0].inner.routing;
        if routing == Routing::Splines && line.points.len() > 2 {
            prop_assert_eq!(line.points.len() % 3, 1, "edge {} is a chain of cubic curves", index);
        }
        for p in drawn(&line.points, routing) {
            for node in 1..graph.nodes.len() {
                let foreign = !holds(graph, node, edge.src.node) && !holds(graph, node, edge.dst.node);
                let inside = placed.nodes[node].inflate(-0.5).contains(p);
                prop_assert!(!foreign || !inside, "edge {} runs through {}", index, node);
            }
        }
        for pair in line.points.windows(2) {
            let (a, b) = (pair[0], pair[1]);
            if routing != Routing::Orthogonal {
                continue;
            }
            prop_assert!(
                (a.x - b.x).abs() < 1e-3 || (a.y - b.y).abs() < 1e-3,
                "edge {} is orthogonal",
                index
            );
            let way =
                Rect::new(a.x.min(b.x), a.y.min(b.y), (a.x - b.x).abs(), (a.y - b.y).abs()).inflate(0.01);
            for node in 1..graph.nodes.len() {
                let foreign = !holds(graph, node, edge.src.node) && !holds(graph, node, edge.dst.node);
                prop_assert!(
                    !foreign || !way.overlaps(placed.nodes[node].inflate(-0.5)),
                    "edge {} runs through {}",
                    index,
                    node
                );
            }
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_graph_is_drawn_validly(seed in any::<u64>(), nodes in 1usize..22, edges in 0usize..26) {
        let graph = graph(seed, nodes, edges);
        check(&graph, &lay_out_graph(&graph, &Budget::default()))?;
    }

    #[test]
    fn every_strategy_draws_validly(seed in any::<u64>(), nodes in 1usize..22, edges in 0usize..26) {
        let mut graph = graph(seed, nodes, edges);
        vary(&mut graph, seed.rotate_left(17));
        check(&graph, &lay_out_graph(&graph, &Budget::default()))?;
    }

    #[test]
    fn the_same_graph_gives_the_same_drawing(seed in any::<u64>(), nodes in 1usize..16, edges in 0usize..20) {
        let graph = graph(seed, nodes, edges);
        prop_assert_eq!(lay_out_graph(&graph, &Budget::default()), lay_out_graph(&graph, &Budget::default()));
    }

    #[test]
    fn a_drawing_given_back_is_kept(seed in any::<u64>(), nodes in 1usize..16, edges in 0usize..20) {
        let graph = graph(seed, nodes, edges);
        let placed = lay_out_graph(&graph, &Budget::default());
        let again = lay_out_held(&graph, &Previous::of(&placed), &Budget::default());
        prop_assert_eq!(&again.nodes, &placed.nodes);
        prop_assert_eq!(again.edges, placed.edges);
    }

    #[test]
    fn pins_hold_and_nothing_lies_over_them(seed in any::<u64>(), nodes in 2usize..14, edges in 0usize..12) {
        let mut graph = graph(seed, nodes, edges);
        let mut dice = Dice(seed ^ 1);
        // One pin: two may be given places that overlap, which no layout can mend.
        let pinned = 1 + dice.roll(nodes);
        let at = Point::new(dice.roll(300) as f64, dice.roll(200) as f64);
        graph.nodes[pinned].pin = Some(at);
        let placed = lay_out_graph(&graph, &Budget::default());
        let corner = placed.nodes[graph.nodes[pinned].parent.unwrap_or(0)].origin();
        prop_assert_eq!(placed.nodes[pinned].origin(), at.offset(corner.x, corner.y));
        for other in 1..graph.nodes.len() {
            if !holds(&graph, pinned, other) && !holds(&graph, other, pinned) {
                prop_assert!(!placed.nodes[pinned].inflate(-0.1).overlaps(placed.nodes[other]));
            }
        }
    }
}

#[test]
fn an_edge_from_a_container_of_given_size_reaches_its_border() {
    let graph = graph(10_087_714_781_718_754_927, 3, 5);
    check(&graph, &lay_out_graph(&graph, &Budget::default())).expect("found by the test above");
}

#[test]
fn a_graph_whose_edge_once_left_its_source() {
    let graph = graph(15_403_183_703_023_388_689, 13, 6);
    check(&graph, &lay_out_graph(&graph, &Budget::default())).expect("found by the test above");
}
