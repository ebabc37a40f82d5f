//! Units that the layered algorithm does not lay out: from the model to a flat graph and back.

use spandrel_base::{Budget, LeanSort, Point, Rect, Size};

use crate::Side;
use crate::layered::UnitDrawing;
use crate::model::{Algorithm, Graph, LabelPlace, Options, Placed, PortConstraint};
use crate::other::straight;
use crate::other::{
    Choice, FlatEdge, FlatGraph, FlatNode, box_packing, disco, fixed, force, radial, random, rect_packing,
    spore, stress, tree,
};
use crate::places::{Places, limit};

/// The algorithm of a container with its options; `None` for the layered one.
pub(crate) fn choice(options: &Options) -> Option<Choice> {
    if options.algorithm == Algorithm::Layered || options.other.is_some() {
        return options.other.clone().filter(|_| options.algorithm != Algorithm::Layered);
    }
    let padding = options.padding;
    Some(match options.algorithm {
        Algorithm::Layered => return None,
        Algorithm::Fixed => Choice::Fixed(fixed::Options { padding }),
        Algorithm::Box => Choice::Box(box_packing::Options { padding, ..Default::default() }),
        Algorithm::RectPacking => {
            Choice::RectPacking(rect_packing::Options { padding, ..Default::default() })
        }
        Algorithm::MrTree => Choice::Tree(tree::Options { padding, ..Default::default() }),
        Algorithm::Radial => Choice::Radial(radial::Options { padding, ..Default::default() }),
        Algorithm::Force => Choice::Force(force::Options { padding, ..Default::default() }),
        Algorithm::Stress => Choice::Stress(stress::Options { padding, ..Default::default() }),
        Algorithm::SporeOverlap => Choice::SporeOverlap(spore::Options { padding, ..Default::default() }),
        Algorithm::SporeCompaction => {
            Choice::SporeCompaction(spore::Options { padding, ..Default::default() })
        }
        Algorithm::Disco => Choice::Disco(disco::Options { padding, ..Default::default() }),
        Algorithm::Random => Choice::Random(random::Options { padding, ..Default::default() }),
    })
}

/// Lays out the children of a container by `choice`. `sizes` are those of all nodes of the model, `links`
/// edges with their ends projected to children of the container: (edge, source, target).
///
/// Boxes count with the margin that labels outside of them take. Free ports go where their first edge
/// meets the border; those with a side are spread along it.
pub(crate) fn lay_out(
    graph: &Graph,
    container: usize,
    sizes: &[Size],
    links: &[(usize, usize, usize)],
    choice: &Choice,
    budget: &Budget<'_>,
) -> UnitDrawing {
    let children: Vec<usize> =
        graph.nodes[container].children.iter().copied().filter(|&c| !graph.nodes[c].no_layout).collect();
    let place = Places::of(&children);
    let is_fixed = matches!(choice, Choice::Fixed(_));
    let mut flat = FlatGraph::default();
    for &child in &children {
        let (node, size) = (&graph.nodes[child], sizes[child]);
        // `fixed` counts borders alone: its result must not depend on labels.
        let margin = if is_fixed { spandrel_base::Insets::default() } else { node.margin };
        flat.nodes.push(FlatNode {
            size: Size::new(size.width + margin.horizontal(), size.height + margin.vertical()),
            position: node.position.map(|at| at.offset(-margin.left, -margin.top)),
            hints: node.hints,
        });
    }
    let mut edges = Vec::new();
    for &(edge, src, dst) in links {
        let (Some(source), Some(target)) = (place.get(src), place.get(dst)) else { continue };
        let model = &graph.edges[edge];
        let centre = model.labels.iter().filter(|label| label.place == LabelPlace::Center);
        flat.edges.push(FlatEdge {
            source,
            target,
            labels: centre.map(|label| label.size).collect(),
            length: model.length,
            points: model.bend_points.clone(),
        });
        edges.push(edge);
    }
    let mut layout = choice.lay_out(&flat, budget);
    let mut drawing =
        UnitDrawing { width: layout.size.width, height: layout.size.height, ..UnitDrawing::default() };
    for (&child, outer) in children.iter().zip(&layout.nodes) {
        let margin = if is_fixed { spandrel_base::Insets::default() } else { graph.nodes[child].margin };
        let size = Size::new(outer.width - margin.horizontal(), outer.height - margin.vertical());
        drawing.nodes.push((child, Rect::at(outer.origin().offset(margin.left, margin.top), size)));
    }
    if !is_fixed {
        let boxes: Vec<Rect> = drawing.nodes.iter().map(|&(_, rect)| rect).collect();
        to_borders(graph, &edges, &flat, &children, &boxes, &mut layout.routes);
        drawing.ports = ports(graph, &edges, &flat, &children, &boxes, &mut layout.routes);
    }
    for ((&edge, route), labels) in edges.iter().zip(layout.routes).zip(layout.labels) {
        if route.len() < 2 {
            continue;
        }
        let centre = graph.edges[edge].labels.iter().enumerate();
        let centre = centre.filter(|(_, label)| label.place == LabelPlace::Center);
        drawing.labels.extend(centre.zip(labels).map(|((index, _), rect)| (edge, index, rect)));
        drawing.routes.push((edge, route));
    }
    drawing
}

/// Where boxes have a margin for labels, routes end at it: leads them on to the border itself.
fn to_borders(
    graph: &Graph,
    edges: &[usize],
    flat: &FlatGraph,
    children: &[usize],
    boxes: &[Rect],
    routes: &mut [Vec<Point>],
) {
    for ((_, link), route) in edges.iter().zip(&flat.edges).zip(routes) {
        for (end, at_start) in [(link.source, true), (link.target, false)] {
            let child = children[end];
            let margin = graph.nodes[child].margin;
            if route.len() < 2 || margin == spandrel_base::Insets::default() {
                continue;
            }
            let rect = boxes[end];
            let index = if at_start { 0 } else { route.len() - 1 };
            let end = route[index];
            // The nearest point of the border: straight on from a side, never through the node.
            let nearest = Point::new(limit(end.x, rect.x, rect.right()), limit(end.y, rect.y, rect.bottom()));
            if route.len() == 2 {
                route[index] = nearest;
            } else if nearest != end {
                route.insert(if at_start { 0 } else { index + 1 }, nearest);
            }
        }
    }
}

/// Places the ports of all nodes and leads the routes of their edges to them.
fn ports(
    graph: &Graph,
    edges: &[usize],
    flat: &FlatGraph,
    children: &[usize],
    boxes: &[Rect],
    routes: &mut [Vec<Point>],
) -> Vec<(usize, usize, Point)> {
    // By child and port: where its edges attach.
    let mut at: Vec<Vec<Option<Point>>> =
        children.iter().map(|&child| vec![None; graph.nodes[child].ports.len()]).collect();
    for ((&child, &rect), at) in children.iter().zip(boxes).zip(&mut at) {
        sided(graph, child, rect, at);
    }
    for ((&edge, link), route) in edges.iter().zip(&flat.edges).zip(routes) {
        if route.len() < 2 {
            continue;
        }
        let last = route.len() - 1;
        let (src, dst) = (graph.edges[edge].src, graph.edges[edge].dst);
        for (end, place, index) in [(src, link.source, 0), (dst, link.target, last)] {
            // An end deeper inside has lost its port.
            if let Some(port) = end.port.filter(|_| children[place] == end.node) {
                let meets = route[index];
                route[index] = *at[place][port].get_or_insert(meets);
            }
        }
    }
    let mut found = Vec::new();
    for (&child, ports) in children.iter().zip(at) {
        found.extend(ports.into_iter().enumerate().filter_map(|(port, at)| Some((child, port, at?))));
    }
    found
}

/// Ports whose places do not depend on edges: of fixed position, or spread along their side in order.
fn sided(graph: &Graph, node: usize, rect: Rect, at: &mut [Option<Point>]) {
    let model = &graph.nodes[node];
    if model.port_constraint == PortConstraint::FixedPos {
        for (index, port) in model.ports.iter().enumerate() {
            at[index] = Some(anchor(Rect::at(port.position, port.size), rect));
        }
        return;
    }
    for side in [Side::North, Side::East, Side::South, Side::West] {
        let mut on_side: Vec<usize> =
            (0..model.ports.len()).filter(|&port| model.ports[port].side == Some(side)).collect();
        // Indices count clockwise; along the bottom and the left that is against the axes.
        on_side.lean_sort_by_key(|&port| model.ports[port].index.unwrap_or(port as i64));
        if matches!(side, Side::South | Side::West) {
            on_side.reverse();
        }
        for (place, &port) in on_side.iter().enumerate() {
            let share = (place + 1) as f64 / (on_side.len() + 1) as f64;
            let (x, y) = (rect.x + rect.width * share, rect.y + rect.height * share);
            let point = match side {
                Side::North => Point::new(x, rect.y),
                Side::South => Point::new(x, rect.bottom()),
                Side::West => Point::new(rect.x, y),
                Side::East => Point::new(rect.right(), y),
            };
            at[port] = Some(point);
        }
    }
}

/// The middle of that side of a port (relative to its node) that looks away from the node.
fn anchor(port: Rect, node: Rect) -> Point {
    let middle = port.center();
    let out = [node.width - middle.x, middle.x, node.height - middle.y, middle.y];
    let nearest = (0..4).min_by(|&a, &b| out[a].total_cmp(&out[b])).unwrap_or(0);
    let point = match nearest {
        0 => Point::new(port.right(), middle.y),
        1 => Point::new(port.x, middle.y),
        2 => Point::new(middle.x, port.bottom()),
        _ => Point::new(middle.x, port.y),
    };
    point.offset(node.x, node.y)
}

/// The route of an edge, taken on to its true ends where those lie inside the boxes that the unit saw.
///
/// An edge into a container that was laid out on its own is drawn as one straight line.
pub(crate) fn reach_inside(graph: &Graph, edge: usize, placed: &Placed, route: Vec<Point>) -> Vec<Point> {
    let (src, dst) = (graph.edges[edge].src.node, graph.edges[edge].dst.node);
    let off = |node: usize, point: Point| {
        let rect: Rect = placed.nodes[node];
        let reach = 1.0
            + graph.nodes[node]
                .ports
                .iter()
                .map(|port| port.size.width.max(port.size.height))
                .fold(0.0, f64::max);
        !rect.inflate(reach).contains(point)
    };
    match (route.first(), route.last()) {
        (Some(&first), Some(&last)) if off(src, first) || off(dst, last) => {
            straight::line(placed.nodes[src], placed.nodes[dst])
        }
        _ => route,
    }
}
