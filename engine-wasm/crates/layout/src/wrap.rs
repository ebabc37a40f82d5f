//! Wrapping: a unit that is long and thin is cut between layers, and its rows are stacked.
//!
//! The unit is laid out once to see its layers, cut where the rows come nearest to the aspect ratio that is
//! asked for, and every row is laid out as a unit of its own. Edges between rows are routed at the end
//! around everything that stands (`router`).

use spandrel_base::{Budget, LeanSort, Point, Rect};

use crate::layered::{self, Scratch, Unit, UnitDrawing};
use crate::model::Wrapping;
use crate::places::Places;

/// What a cut edge costs where cuts are chosen, as a share of a row's length.
const CUT_EDGE: f64 = 0.15;

/// Lays out a unit in rows where its options ask for it. Gives the drawing and the edges that lead from row
/// to row, which have no route yet.
pub(crate) fn lay_out(
    unit: &Unit<'_>,
    scratch: &mut Scratch,
    budget: &Budget<'_>,
) -> (UnitDrawing, Vec<usize>) {
    let whole = layered::lay_out(unit, scratch, budget);
    let options = &unit.graph.nodes[unit.container].inner;
    if options.wrapping == Wrapping::Off || unit.members.len() < 3 || budget.is_over() {
        return (whole, Vec::new());
    }
    let Some(ends) = ends(unit) else { return (whole, Vec::new()) };
    let layers = layers(unit, &whole);
    let row_of = rows(unit, &whole, &layers, &ends);
    let count = row_of.iter().max().map_or(0, |&last| last + 1);
    if count < 2 {
        return (whole, Vec::new());
    }
    let horizontal = options.direction.is_horizontal();
    let padding = options.padding;
    let mut all =
        UnitDrawing { width: padding.horizontal(), height: padding.vertical(), ..UnitDrawing::default() };
    let mut deferred = Vec::new();
    let labels = |link: usize| {
        let edge = &unit.graph.edges[unit.links[link].0];
        edge.labels.iter().map(|l| if horizontal { l.size.height } else { l.size.width }).fold(0.0, f64::max)
    };
    let cut: Vec<usize> = (0..unit.links.len()).filter(|&l| row_of[ends[l].0] != row_of[ends[l].1]).collect();
    let room = cut.iter().map(|&l| labels(l)).fold(0.0, f64::max);
    let gap =
        options.spacing.node_node_layers.max(2.0 * options.spacing.edge_node + room) + options.wrapping_gap;
    for row in 0..count {
        let members: Vec<usize> =
            unit.members.iter().zip(&row_of).filter(|&(_, &r)| r == row).map(|(&m, _)| m).collect();
        let inside = |l: usize| row_of[ends[l].0] == row && row_of[ends[l].1] == row;
        let links: Vec<_> = (0..unit.links.len()).filter(|&l| inside(l)).map(|l| unit.links[l]).collect();
        let part = layered::lay_out(&Unit { members: &members, links: &links, ..*unit }, scratch, budget);
        let (w, h) = (part.width - padding.horizontal(), part.height - padding.vertical());
        let before = if row == 0 { 0.0 } else { gap };
        let (dx, dy) = if horizontal {
            (0.0, all.height - padding.vertical() + before)
        } else {
            (all.width - padding.horizontal() + before, 0.0)
        };
        all.width = all.width.max(dx + w + padding.horizontal());
        all.height = all.height.max(dy + h + padding.vertical());
        take(&mut all, part, dx, dy);
    }
    deferred.extend(cut.into_iter().map(|l| unit.links[l].0));
    (all, deferred)
}

/// Adds a part to a drawing.
fn take(all: &mut UnitDrawing, part: UnitDrawing, dx: f64, dy: f64) {
    let shift = |p: Point| p.offset(dx, dy);
    all.nodes.extend(part.nodes.into_iter().map(|(n, rect)| (n, rect.offset(dx, dy))));
    all.ports.extend(part.ports.into_iter().map(|(n, port, at)| (n, port, shift(at))));
    let moved = |points: Vec<Point>| points.into_iter().map(shift).collect();
    all.routes.extend(part.routes.into_iter().map(|(e, points)| (e, moved(points))));
    all.labels.extend(part.labels.into_iter().map(|(e, l, rect)| (e, l, rect.offset(dx, dy))));
}

/// By link: the members that hold its ends; `None` where one ends at the container itself.
fn ends(unit: &Unit<'_>) -> Option<Vec<(usize, usize)>> {
    let place = Places::of(unit.members);
    let holder =
        |node: usize| std::iter::once(node).chain(unit.graph.ancestors(node)).find_map(|n| place.get(n));
    unit.links.iter().map(|&(_, src, dst)| Some((holder(src)?, holder(dst)?))).collect()
}

/// By member its extent along the flow, sorted into layers: (start, end, members).
fn layers(unit: &Unit<'_>, drawing: &UnitDrawing) -> Vec<(f64, f64, Vec<usize>)> {
    use crate::model::Direction;
    let direction = unit.graph.nodes[unit.container].inner.direction;
    let along = |r: Rect| match direction {
        Direction::Right => (r.x, r.right()),
        Direction::Left => (-r.right(), -r.x),
        Direction::Down => (r.y, r.bottom()),
        Direction::Up => (-r.bottom(), -r.y),
    };
    let place = Places::of(unit.members);
    let mut extents = vec![(0.0, 0.0); unit.members.len()];
    for &(node, rect) in &drawing.nodes {
        if let Some(member) = place.get(node) {
            extents[member] = along(rect);
        }
    }
    let extent = |member: usize| -> (f64, f64) { extents[member] };
    let mut order: Vec<usize> = (0..unit.members.len()).collect();
    order.lean_sort_by(|&a, &b| extent(a).0.total_cmp(&extent(b).0));
    let mut found: Vec<(f64, f64, Vec<usize>)> = Vec::new();
    for member in order {
        let (start, end) = extent(member);
        match found.last_mut() {
            Some(last) if start < last.1 - 1e-6 => {
                last.1 = last.1.max(end);
                last.2.push(member);
            }
            _ => found.push((start, end, vec![member])),
        }
    }
    found
}

/// By member: its row.
fn rows(
    unit: &Unit<'_>,
    whole: &UnitDrawing,
    layers: &[(f64, f64, Vec<usize>)],
    ends: &[(usize, usize)],
) -> Vec<usize> {
    let options = &unit.graph.nodes[unit.container].inner;
    let horizontal = options.direction.is_horizontal();
    let (width, height) =
        (whole.width - options.padding.horizontal(), whole.height - options.padding.vertical());
    let (along, across) = if horizontal { (width, height) } else { (height, width) };
    let wanted = if horizontal { options.aspect_ratio } else { 1.0 / options.aspect_ratio };
    let wanted = wanted * options.wrapping_correction;
    let gap = options.spacing.node_node_layers + options.wrapping_gap;
    let off = |k: usize| {
        let k = k as f64;
        ((along / k).max(1.0) / (k * across + (k - 1.0) * gap).max(1.0) / wanted).ln().abs()
    };
    let count = (1..=layers.len()).min_by(|&a, &b| off(a).total_cmp(&off(b))).unwrap_or(1);
    let mut layer_of = vec![0; unit.members.len()];
    for (at, layer) in layers.iter().enumerate() {
        layer.2.iter().for_each(|&member| layer_of[member] = at);
    }
    // How many edges pass the cut after each layer.
    let mut passing = vec![0usize; layers.len()];
    for &(a, b) in ends {
        let (low, high) = (layer_of[a].min(layer_of[b]), layer_of[a].max(layer_of[b]));
        passing[low..high].iter_mut().for_each(|n| *n += 1);
    }
    let start = layers.first().map_or(0.0, |l| l.0);
    let length = along / count as f64;
    let mut row_of_layer = vec![0; layers.len()];
    let (mut row, mut next) = (0, 0);
    for k in 1..count {
        let ideal = start + length * k as f64;
        let price = |at: usize| {
            let cut = f64::midpoint(layers[at].1, layers.get(at + 1).map_or(layers[at].1, |l| l.0));
            (cut - ideal).abs() / length + CUT_EDGE * passing[at] as f64
        };
        let best = (next..layers.len().saturating_sub(1))
            .filter(|&at| options.wrapping == Wrapping::MultiEdge || passing[at] <= 1)
            .min_by(|&a, &b| price(a).total_cmp(&price(b)));
        let Some(at) = best.filter(|&at| price(at) < 1.0 + CUT_EDGE * passing[at] as f64) else { continue };
        row += 1;
        row_of_layer[at + 1..].fill(row);
        next = at + 1;
    }
    layer_of.into_iter().map(|layer| row_of_layer[layer]).collect()
}

#[cfg(test)]
mod tests {
    use spandrel_base::Size;

    use super::*;
    use crate::model::{Direction, Edge, End, Graph, Node, Options};
    use crate::units::lay_out_graph;

    fn chain(nodes: usize, options: Options) -> Graph {
        let mut graph = Graph::default();
        graph.nodes.push(Node { children: (1..=nodes).collect(), inner: options, ..Node::default() });
        for _ in 0..nodes {
            graph.nodes.push(Node { parent: Some(0), size: Size::new(80.0, 40.0), ..Node::default() });
        }
        for at in 1..nodes {
            let end = |node| End { node, port: None };
            graph.edges.push(Edge { src: end(at), dst: end(at + 1), ..Edge::default() });
        }
        graph
    }

    #[test]
    fn a_long_chain_takes_the_shape_that_is_asked_for() {
        for direction in [Direction::Right, Direction::Down] {
            let options = Options { direction, wrapping: Wrapping::SingleEdge, ..Options::default() };
            let placed = lay_out_graph(&chain(40, options), &Budget::default());
            let ratio = placed.nodes[0].width / placed.nodes[0].height;
            assert!((1.0..2.6).contains(&ratio), "{direction:?}: {ratio}");
            assert!(placed.edges.iter().all(|line| line.points.len() >= 2));
        }
        let plain = lay_out_graph(
            &chain(40, Options { direction: Direction::Right, ..Options::default() }),
            &Budget::default(),
        );
        assert!(plain.nodes[0].width > 20.0 * plain.nodes[0].height);
    }
}
