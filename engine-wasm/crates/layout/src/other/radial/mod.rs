//! `radial`: a tree on circles around its root.

use spandrel_base::{Insets, LeanSort, Point, Rect, Size};

use super::components::by_component;
use super::forest::{Forest, SearchOrder};
use super::{FlatEdge, FlatGraph, FlatLayout, clean_distance, exact, spore, straight};
use std::f64::consts::{PI, TAU};

/// What the share of the circle that a subtree gets depends on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Wedge {
    /// The number of its leaves.
    #[default]
    Leaves,
    /// The sum of the diagonals of its nodes.
    NodeSizes,
}

/// In which order the children of a node stand around it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sorter {
    /// As their edges come.
    #[default]
    ModelOrder,
    /// By `FlatNode::order`, those without one last.
    Order,
    /// By the angle at which their positions lie around the root.
    Polar,
}

/// What can be chosen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Options {
    /// Between nodes.
    pub spacing: f64,
    /// Between the border and the content.
    pub padding: Insets,
    /// Distance between circles; 0 takes the least that keeps nodes apart. Circles too narrow for their
    /// nodes are made wider all the same.
    pub radius: f64,
    /// What the share of the circle that a subtree gets depends on.
    pub wedge: Wedge,
    /// In which order the children of a node stand around it.
    pub sorter: Sorter,
    /// By how much the drawing is turned, radians, clockwise.
    pub rotation: f64,
    /// Whether the root is to stand in the middle of the container, with white space on the shorter sides.
    pub center_on_root: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            spacing: 20.0,
            padding: Insets::all(12.0),
            radius: 0.0,
            wedge: Wedge::Leaves,
            sorter: Sorter::ModelOrder,
            rotation: 0.0,
            center_on_root: false,
        }
    }
}

/// Lays out every connected component on circles around its root and packs the components; edges are
/// straight lines.
///
/// The root is the first node without an edge into it, else the first node; every other node lies on the
/// circle of its distance from the root. Each subtree has a wedge of the circle, not wider than what
/// keeps its edges from crossing others' (Eades, "Drawing free trees", 1992). Circles are as narrow as
/// the nodes on them allow, the inner ones spread evenly. Nodes never overlap. Cost: O((V + E) log V).
pub fn lay_out(graph: &FlatGraph, options: &Options) -> FlatLayout {
    let graph = graph.cleaned();
    let gap = clean_distance(options.spacing);
    by_component(&graph, gap, 1.6, options.padding, |part| component(part, options, gap))
}

/// How often circles and angles are fitted to each other.
const ROUNDS: usize = 3;

fn component(graph: &FlatGraph, options: &Options, gap: f64) -> FlatLayout {
    let forest = tree_around_root(graph, options.sorter);
    let deepest = forest.depth.iter().copied().max().unwrap_or(0);
    let step = clean_distance(options.radius);
    let mut circles: Vec<f64> = (0..=deepest).map(|depth| depth as f64).collect();
    let mut angles = angles_on(graph, &forest, &circles, options);
    for _ in 0..ROUNDS {
        // As narrow as can be; then the inner circles are spread evenly within the outermost.
        let asked: Vec<f64> = (0..=deepest).map(|depth| step * depth as f64).collect();
        let outermost = radii(graph, &forest, &angles, &asked, gap)[deepest];
        let even: Vec<f64> =
            (0..=deepest).map(|depth| outermost * depth as f64 / deepest.max(1) as f64).collect();
        circles = radii(graph, &forest, &angles, &even, gap);
        angles = angles_on(graph, &forest, &circles, options);
    }
    let radii = radii(graph, &forest, &angles, &circles, gap);
    let mut nodes: Vec<Rect> = (0..graph.nodes.len())
        .map(|node| {
            let (sin, cos) = exact::sin_cos(angles[node]);
            let radius = radii[forest.depth[node]];
            let size = graph.nodes[node].size;
            Rect::at(Point::new(radius * cos - size.width / 2.0, radius * sin - size.height / 2.0), size)
        })
        .collect();
    spore::separate(&mut nodes, gap, 64, &spandrel_base::Budget::default());
    let routes = straight::routes(graph, &nodes);
    let labels = straight::labels(graph, &routes);
    let layout = FlatLayout { nodes, routes, labels, size: Size::default() };
    match (options.center_on_root, forest.roots.first(), layout.bounds()) {
        (true, Some(&root), Some(bounds)) => {
            let frame = around(layout.nodes[root].center(), bounds);
            layout.framed_in(frame)
        }
        _ => layout.framed(),
    }
}

/// The breadth-first tree around the root, edges taken in both directions.
fn tree_around_root(graph: &FlatGraph, sorter: Sorter) -> Forest {
    let n = graph.nodes.len();
    let mut has_incoming = vec![false; n];
    for edge in graph.edges.iter().filter(|edge| edge.source != edge.target) {
        has_incoming[edge.target] = true;
    }
    let root = (0..n).find(|&node| !has_incoming[node]).unwrap_or(0);
    // A search from the root along a graph whose edges lead away from it.
    let mut distance = vec![usize::MAX; n];
    let mut neighbours = vec![Vec::new(); n];
    for edge in &graph.edges {
        neighbours[edge.source].push(edge.target);
        neighbours[edge.target].push(edge.source);
    }
    let mut found = vec![root];
    if n > 0 {
        distance[root] = 0;
    }
    let mut edges = Vec::new();
    let mut next = 0;
    while let Some(&node) = found.get(next).filter(|_| n > 0) {
        for &other in &neighbours[node] {
            if distance[other] == usize::MAX {
                distance[other] = distance[node] + 1;
                found.push(other);
                edges.push(FlatEdge::between(node, other));
            }
        }
        next += 1;
    }
    let tree = FlatGraph { nodes: graph.nodes.clone(), edges };
    let mut forest = Forest::of(&tree, SearchOrder::BreadthFirst);
    match sorter {
        Sorter::ModelOrder => {}
        Sorter::Order => {
            for children in &mut forest.children {
                children.lean_sort_by_key(|&child| graph.nodes[child].hints.order.unwrap_or(i64::MAX));
            }
        }
        Sorter::Polar => {
            let at = |node: usize| graph.nodes[node].position.unwrap_or_default();
            let turn = |node: usize| clockwise(at(root), at(node));
            for children in &mut forest.children {
                children.lean_sort_by(|&a, &b| turn(a).total_cmp(&turn(b)));
            }
        }
    }
    forest
}

/// A number that grows with the angle of `to` around `from`, clockwise from the top; 0 to 4.
fn clockwise(from: Point, to: Point) -> f64 {
    let (dx, dy) = (to.x - from.x, to.y - from.y);
    let length = dx.abs() + dy.abs();
    if length < 1e-9 {
        return 0.0;
    }
    if dx >= 0.0 { 1.0 + dy / length } else { 3.0 - dy / length }
}

/// By node: its angle, radians, clockwise from the right, given the radii of the circles.
fn angles_on(graph: &FlatGraph, forest: &Forest, radii: &[f64], options: &Options) -> Vec<f64> {
    let diagonal = |node: usize| {
        let size = graph.nodes[node].size;
        (size.width * size.width + size.height * size.height).sqrt() + 1.0
    };
    let weights = match options.wedge {
        Wedge::Leaves => forest.sums(|node| if forest.children[node].is_empty() { 1.0 } else { 0.0 }),
        Wedge::NodeSizes => forest.sums(diagonal),
    };
    let rotation = if options.rotation.is_finite() { options.rotation % TAU } else { 0.0 };
    // The wedge within which edges outwards cross no others: twice the angle whose cosine is the ratio of
    // the radii, which is where the tangent of the inner circle meets the outer one.
    let widest: Vec<f64> = (0..radii.len())
        .map(|depth| match (radii[depth], radii.get(depth + 1)) {
            (inner, Some(&outer)) if inner > 0.0 && outer > inner => 2.0 * exact::acos(inner / outer),
            _ => TAU,
        })
        .collect();
    let mut angles = vec![0.0; graph.nodes.len()];
    let mut wedges = vec![(0.0, 0.0); graph.nodes.len()];
    for &node in &forest.order {
        if forest.parent[node].is_none() {
            // The first child is centred at the top.
            let first = forest.children[node].first().map_or(0.0, |&child| weights[child] / weights[node]);
            let start = -PI / 2.0 - first * PI + rotation;
            wedges[node] = (start, start + TAU);
        }
        let (mut start, mut end) = wedges[node];
        angles[node] = f64::midpoint(start, end);
        let limit = widest[forest.depth[node]];
        if end - start > limit {
            (start, end) = (angles[node] - limit / 2.0, angles[node] + limit / 2.0);
        }
        let total: f64 = forest.children[node].iter().map(|&child| weights[child]).sum();
        let width = end - start;
        for &child in &forest.children[node] {
            let share = if total > 0.0 { width * weights[child] / total } else { 0.0 };
            wedges[child] = (start, start + share);
            start += share;
        }
    }
    angles
}

/// By depth: the radius of the circle, at least `least_radii`.
///
/// Neighbours on a circle ask for the radius at which their boxes keep the gap, which is exact for the two
/// angles; a circle is as far from the one before as its boxes ask for.
fn radii(graph: &FlatGraph, forest: &Forest, angles: &[f64], least_radii: &[f64], gap: f64) -> Vec<f64> {
    let deepest = least_radii.len() - 1;
    let mut circles: Vec<Vec<usize>> = vec![Vec::new(); deepest + 1];
    for &node in &forest.order {
        circles[forest.depth[node]].push(node);
    }
    let size = |node: usize| graph.nodes[node].size;
    let least = |a: usize, b: usize| {
        let (a, b) = (size(a), size(b));
        (f64::midpoint(a.width, b.width) + gap, f64::midpoint(a.height, b.height) + gap)
    };
    let mut radii = vec![0.0_f64; deepest + 1];
    for depth in 1..=deepest {
        let circle = &mut circles[depth];
        circle.lean_sort_by(|&a, &b| angles[a].total_cmp(&angles[b]).then(a.cmp(&b)));
        let mut radius = least_radii[depth].max(radii[depth - 1] + gap.max(1.0));
        for place in 0..circle.len() {
            let node = circle[place];
            let (sin, cos) = exact::sin_cos(angles[node]);
            // Boxes after the nearest can matter where wide boxes stand above each other.
            for ahead in 1..circle.len().min(5) {
                let other = circle[(place + ahead) % circle.len()];
                let (other_sin, other_cos) = exact::sin_cos(angles[other]);
                let (x, y) = least(node, other);
                let (dx, dy) = ((cos - other_cos).abs(), (sin - other_sin).abs());
                let needed = (x / dx.max(1e-6)).min(y / dy.max(1e-6));
                radius = radius.max(needed);
            }
            // Clear of its parent, in its own direction.
            if let Some(parent) = forest.parent[node] {
                let (x, y) = least(node, parent);
                let (inner_sin, inner_cos) = exact::sin_cos(angles[parent]);
                let inner = radii[depth - 1];
                let along = |need: f64, unit: f64, offset: f64| {
                    if unit.abs() < 1e-6 {
                        f64::INFINITY
                    } else {
                        (need + offset * unit.signum()) / unit.abs()
                    }
                };
                let needed = along(x, cos, inner * inner_cos).min(along(y, sin, inner * inner_sin));
                radius = radius.max(needed);
            }
        }
        radii[depth] = radius.min(super::FARTHEST);
    }
    radii
}

/// The smallest rectangle around `bounds` with `middle` in its middle.
fn around(middle: Point, bounds: Rect) -> Rect {
    let half_width = (middle.x - bounds.x).max(bounds.right() - middle.x);
    let half_height = (middle.y - bounds.y).max(bounds.bottom() - middle.y);
    Rect::new(middle.x - half_width, middle.y - half_height, 2.0 * half_width, 2.0 * half_height)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::other::FlatNode;
    use crate::other::testing::{any_graph, check_boxes, check_routes};
    use proptest::prelude::*;

    fn graph(n: usize, edges: impl IntoIterator<Item = (usize, usize)>) -> FlatGraph {
        FlatGraph {
            nodes: vec![FlatNode::sized(20.0, 20.0); n],
            edges: edges.into_iter().map(|(a, b)| FlatEdge::between(a, b)).collect(),
        }
    }

    /// Distances from the root's centre.
    fn distances(layout: &FlatLayout) -> Vec<f64> {
        let root = layout.nodes[0].center();
        let from_root = |rect: &Rect| {
            let (dx, dy) = (rect.center().x - root.x, rect.center().y - root.y);
            (dx * dx + dy * dy).sqrt()
        };
        layout.nodes.iter().map(from_root).collect()
    }

    #[test]
    fn nodes_lie_on_circles_by_their_depth() {
        let graph = graph(9, [(0, 1), (0, 2), (0, 3), (1, 4), (1, 5), (2, 6), (3, 7), (3, 8)]);
        let distances = distances(&lay_out(&graph, &Options::default()));
        let spread = |range: std::ops::Range<usize>| {
            let circle = &distances[range];
            circle.iter().fold(0.0_f64, |most, d| most.max((d - circle[0]).abs()))
        };
        assert!(spread(1..4) < 1e-6 && spread(4..9) < 1e-6, "{distances:?}");
        assert!(distances[4] > distances[1]);
    }

    #[test]
    fn the_first_child_stands_at_the_top_and_the_rest_follow_clockwise() {
        let layout = lay_out(&graph(5, (1..5).map(|i| (0, i))), &Options::default());
        let root = layout.nodes[0].center();
        let offset = |node: usize| {
            let at = layout.nodes[node].center();
            ((at.x - root.x).round() as i64, (at.y - root.y).round() as i64)
        };
        assert_eq!([offset(1), offset(2), offset(3), offset(4)], [(0, -40), (40, 0), (0, 40), (-40, 0)]);
    }

    #[test]
    fn the_order_option_sorts_children() {
        let mut graph = graph(4, [(0, 1), (0, 2), (0, 3)]);
        for (node, order) in [(1, 3), (2, 2), (3, 1)] {
            graph.nodes[node].hints.order = Some(order);
        }
        let top = |sorter| {
            let layout = lay_out(&graph, &Options { sorter, ..Options::default() });
            (0..4).min_by(|&a, &b| layout.nodes[a].y.total_cmp(&layout.nodes[b].y)).unwrap()
        };
        assert_eq!((top(Sorter::ModelOrder), top(Sorter::Order)), (1, 3));
    }

    #[test]
    fn a_radius_asked_for_is_kept_and_the_root_can_be_the_middle() {
        let options = Options { radius: 150.0, center_on_root: true, ..Options::default() };
        let layout = lay_out(&graph(4, [(0, 1), (1, 2), (0, 3)]), &options);
        let distances = distances(&layout);
        assert!((distances[1] - 150.0).abs() < 1e-6 && (distances[2] - 300.0).abs() < 1e-6);
        let middle = layout.nodes[0].center();
        assert!((middle.x - layout.size.width / 2.0).abs() < 1e-6);
        assert!((middle.y - layout.size.height / 2.0).abs() < 1e-6);
    }

    proptest! {
        #[test]
        fn any_graph_becomes_a_valid_drawing(graph in any_graph(24), sizes: bool, radius in 0.0..200.0) {
            let wedge = if sizes { Wedge::NodeSizes } else { Wedge::Leaves };
            let options = Options { radius, wedge, ..Options::default() };
            let layout = lay_out(&graph, &options);
            check_boxes(&layout, options.spacing, options.padding);
            check_routes(&graph, &layout);
            prop_assert_eq!(&layout, &lay_out(&graph, &options));
        }
    }
}
