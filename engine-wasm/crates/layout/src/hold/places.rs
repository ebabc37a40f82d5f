//! Where everything stands after an edit.

use spandrel_base::{Budget, LeanSort, Point, Rect, Size};

use super::Previous;
use super::push;
use crate::model::{Direction, Graph, LabelPlace, Node};
use crate::places::Places;
use crate::units::lay_out_fresh;

/// Differences of this size come from arithmetic and are no reason to move.
const TOLERANCE: f64 = 0.05;

/// Absolute rectangles of all nodes.
///
/// Containers are visited innermost first: their new children find a place, whoever overlaps moves aside,
/// the container grows to hold them.
pub(super) fn places(graph: &Graph, previous: &Previous, budget: &Budget<'_>) -> Vec<Rect> {
    let count = graph.nodes.len();
    let mut rects = vec![Rect::default(); count];
    let mut placed = vec![false; count];
    for (node, before) in previous.nodes.iter().enumerate().take(count) {
        if let Some(before) = before {
            let model = &graph.nodes[node];
            // A leaf has the size it is given now; a container keeps its room.
            let larger = |now: f64, least: f64| if least > now + TOLERANCE { least } else { now };
            let size = if model.children.is_empty() {
                model.size
            } else {
                Size::new(larger(before.width, model.size.width), larger(before.height, model.size.height))
            };
            rects[node] = Rect::at(before.origin(), size);
            placed[node] = true;
        }
    }
    placed[0] = true;
    fill_new_containers(graph, &mut rects, &placed, budget);
    let neighbours = neighbours(graph);
    let lines: Vec<Rect> = previous.edges.iter().flatten().flat_map(|line| segments(&line.points)).collect();
    for container in (0..count).rev() {
        let node = &graph.nodes[container];
        if node.children.is_empty() {
            continue;
        }
        if !placed[container] {
            continue;
        }
        let inset = Point::new(node.inner.padding.left, node.inner.padding.top);
        let frame = rects[container];
        let mut seeds: Vec<usize> = Vec::new();
        // Pins first: they are where they are.
        for &child in &node.children {
            if let Some(pin) = graph.nodes[child].pin {
                let at = Point::new(frame.x + pin.x, frame.y + pin.y);
                push::move_to(graph, &mut rects, child, at);
                placed[child] = true;
                seeds.push(child);
            }
        }
        for &child in &node.children {
            if placed[child] {
                let before = previous.nodes.get(child).copied().flatten();
                if before.is_none_or(|b| b.size() != rects[child].size()) {
                    seeds.push(child);
                }
                continue;
            }
            let least = if container == 0 {
                Point::new(f64::NEG_INFINITY, f64::NEG_INFINITY)
            } else {
                frame.origin().offset(inset.x, inset.y)
            };
            let at = find_room(graph, node, &rects, &placed, child, &neighbours[child], &lines, least, frame);
            push::move_to(graph, &mut rects, child, at);
            placed[child] = true;
            seeds.push(child);
        }
        push::make_room(graph, &mut rects, container, &seeds);
        grow(graph, &mut rects, container);
    }
    rects
}

/// What a line under a new node costs, in pixels of distance from its neighbours.
const LINE: f64 = 40.0;

/// The segments of a line, with some room around them.
fn segments(points: &[Point]) -> impl Iterator<Item = Rect> + '_ {
    points.windows(2).map(|p| {
        let corner = Point::new(p[0].x.min(p[1].x), p[0].y.min(p[1].y));
        Rect::at(corner, Size::new((p[0].x - p[1].x).abs(), (p[0].y - p[1].y).abs())).inflate(1.0)
    })
}

/// A container grows to the right and downwards until it holds its children with its padding.
fn grow(graph: &Graph, rects: &mut [Rect], container: usize) {
    let node = &graph.nodes[container];
    let padding = node.inner.padding;
    let mut rect = rects[container];
    for &child in &node.children {
        let margin = graph.nodes[child].margin;
        let width = rects[child].right() + margin.right + padding.right - rect.x;
        let height = rects[child].bottom() + margin.bottom + padding.bottom - rect.y;
        // The last bits of a sum are no reason to move.
        if width > rect.width + TOLERANCE {
            rect.width = width;
        }
        if height > rect.height + TOLERANCE {
            rect.height = height;
        }
    }
    rects[container] = rect;
}

/// New containers get an inside of their own, laid out afresh, before they are placed as a whole.
fn fill_new_containers(graph: &Graph, rects: &mut [Rect], placed: &[bool], budget: &Budget<'_>) {
    for node in 1..graph.nodes.len() {
        let parent_is_old = graph.nodes[node].parent.is_none_or(|p| placed[p]);
        if placed[node] || !parent_is_old {
            continue;
        }
        if graph.nodes[node].children.is_empty() {
            rects[node] = Rect::at(Point::default(), graph.nodes[node].size);
            continue;
        }
        let (part, members) = part(graph, node);
        let drawing = lay_out_fresh(&part, budget);
        for (index, member) in members.into_iter().enumerate() {
            rects[member] = drawing.nodes[index + 1];
        }
        let corner = rects[node].origin();
        push::move_to(graph, rects, node, Point::new(rects[node].x - corner.x, rects[node].y - corner.y));
    }
}

/// The graph of one node with all inside, and which nodes they are.
fn part(graph: &Graph, top: usize) -> (Graph, Vec<usize>) {
    let mut members = Vec::new();
    let mut stack = vec![top];
    while let Some(node) = stack.pop() {
        members.push(node);
        stack.extend(graph.nodes[node].children.iter().rev());
    }
    members.lean_sort();
    let place = Places::of(&members);
    let number = |node: usize| place.get(node).map(|at| at + 1);
    let mut part = Graph::default();
    part.nodes.push(Node { children: vec![1], inner: graph.nodes[0].inner.clone(), ..Node::default() });
    for &member in &members {
        let mut node = graph.nodes[member].clone();
        node.parent = Some(node.parent.and_then(&number).unwrap_or(0));
        node.children = node.children.iter().filter_map(|&c| number(c)).collect();
        node.pin = if member == top { None } else { node.pin };
        part.nodes.push(node);
    }
    for edge in &graph.edges {
        if let (Some(a), Some(b)) = (number(edge.src.node), number(edge.dst.node)) {
            let mut edge = edge.clone();
            (edge.src.node, edge.dst.node) = (a, b);
            part.edges.push(edge);
        }
    }
    (part, members)
}

/// Somebody whom an edge joins to a node.
#[derive(Clone, Copy)]
struct Neighbour {
    node: usize,
    /// Whether the edge leads from the neighbour.
    into: bool,
    /// Room for the labels in the middle of the edge.
    label: Size,
}

/// By node.
fn neighbours(graph: &Graph) -> Vec<Vec<Neighbour>> {
    let mut found = vec![Vec::new(); graph.nodes.len()];
    for edge in &graph.edges {
        let (a, b) = (edge.src.node, edge.dst.node);
        if a != b && a < found.len() && b < found.len() {
            let middle = edge.labels.iter().filter(|l| l.place == LabelPlace::Center);
            let label = middle.fold(Size::default(), |size, label| size.max(label.size));
            found[b].push(Neighbour { node: a, into: true, label });
            found[a].push(Neighbour { node: b, into: false, label });
            // A container is drawn to where the neighbours of its content are.
            for (inside, node, into) in [(a, b, false), (b, a, true)] {
                for ancestor in graph.ancestors(inside).take(32) {
                    if ancestor != 0 && ancestor != node {
                        found[ancestor].push(Neighbour { node, into, label });
                    }
                }
            }
        }
    }
    found
}

/// What a gap between two joined nodes costs that is too narrow for the label between them.
const NARROW: f64 = 100.0;

/// Whether two boxes face each other over a gap that is too narrow for a label.
fn is_narrow(a: Rect, b: Rect, label: Size) -> bool {
    let apart =
        |low: f64, high: f64, other_low: f64, other_high: f64| (other_low - high).max(low - other_high);
    let (dx, dy) = (apart(a.x, a.right(), b.x, b.right()), apart(a.y, a.bottom(), b.y, b.bottom()));
    // Room for the label, and for a bit of line on either side of it.
    let short = |gap: f64, extent: f64| extent > 0.0 && gap < extent + 16.0;
    dy < 0.0 && dx >= 0.0 && short(dx, label.width) || dx < 0.0 && dy >= 0.0 && short(dy, label.height)
}

/// A place for a new child: after or before a neighbour in the direction of flow, or beside a sibling;
/// the nearest to its neighbours that is free, lies over few `lines` and needs least new room.
#[allow(clippy::too_many_arguments, reason = "the parts of one drawing, borrowed from their owner")]
fn find_room(
    graph: &Graph,
    parent: &Node,
    rects: &[Rect],
    placed: &[bool],
    child: usize,
    neighbours: &[Neighbour],
    lines: &[Rect],
    least: Point,
    frame: Rect,
) -> Point {
    let size = rects[child].size();
    let spacing = &parent.inner.spacing;
    let margin = graph.nodes[child].margin;
    let siblings: Vec<usize> = parent.children.iter().copied().filter(|&s| s != child && placed[s]).collect();
    let known: Vec<(Rect, Neighbour)> =
        neighbours.iter().filter(|n| placed[n.node]).map(|&n| (rects[n.node], n)).collect();
    let mut candidates: Vec<Point> = Vec::new();
    let direction = parent.inner.direction;
    let (gap, side) = (spacing.node_node_layers, spacing.node_node);
    for &(rect, Neighbour { into, label, .. }) in known.iter().take(8) {
        let along = if direction.is_horizontal() { label.width } else { label.height };
        let ahead = place_ahead(direction, rect, size, gap.max(along + 32.0), into);
        for step in 0..12 {
            let sign = if step % 2 == 0 { 1.0 } else { -1.0 };
            let shift = f64::from(step / 2 + step % 2) * sign;
            candidates.push(if direction.is_horizontal() {
                ahead.offset(0.0, shift * (size.height + side) / 2.0)
            } else {
                ahead.offset(shift * (size.width + side) / 2.0, 0.0)
            });
        }
    }
    for &sibling in siblings.iter().rev().take(60) {
        let r = rects[sibling];
        candidates.push(Point::new(r.right() + side, r.y));
        candidates.push(Point::new(r.x, r.bottom() + side));
        if direction.is_horizontal() {
            candidates.push(Point::new(r.right() + gap, r.center().y - size.height / 2.0));
        } else {
            candidates.push(Point::new(r.center().x - size.width / 2.0, r.bottom() + gap));
        }
    }
    let bounds = siblings.iter().map(|&s| rects[s]).reduce(Rect::union);
    let start = if least.x.is_finite() { least } else { bounds.map_or_else(Point::default, Rect::origin) };
    candidates.push(start);
    if let Some(b) = bounds {
        candidates.push(Point::new(b.x, b.bottom() + gap));
        candidates.push(Point::new(b.right() + gap, b.y));
    }
    let padding = parent.inner.padding;
    let room = if least.x.is_finite() {
        Rect::new(
            least.x,
            least.y,
            frame.right() - padding.right - least.x,
            frame.bottom() - padding.bottom - least.y,
        )
    } else {
        bounds.unwrap_or_default()
    };
    let mut best: Option<(f64, Point)> = None;
    for candidate in candidates {
        // Half pixels look blurred.
        let at = Point::new(
            candidate.x.round().max(start.x + margin.left),
            candidate.y.round().max(start.y + margin.top),
        );
        let rect = Rect::at(at, size);
        let around = Rect::new(
            rect.x - margin.left - side * 0.99,
            rect.y - margin.top - side * 0.99,
            rect.width + margin.horizontal() + side * 1.98,
            rect.height + margin.vertical() + side * 1.98,
        );
        let over: f64 = siblings
            .iter()
            .filter(|&&s| around.overlaps(rects[s]))
            .map(|&s| 2000.0 + rects[s].width + rects[s].height)
            .sum();
        let c = rect.center();
        let far: f64 = known
            .iter()
            .map(|&(r, Neighbour { into, label, .. })| {
                let n = r.center();
                let along = match direction {
                    Direction::Right => c.x - n.x,
                    Direction::Left => n.x - c.x,
                    Direction::Down => c.y - n.y,
                    Direction::Up => n.y - c.y,
                };
                let wrong = if (along > 0.0) == into { 0.0 } else { 150.0 };
                let narrow = if is_narrow(r, rect, label) { NARROW } else { 0.0 };
                (c.x - n.x).abs() + (c.y - n.y).abs() + wrong + narrow
            })
            .sum();
        let far = far / (known.len().max(1) as f64);
        let beyond = (rect.right() - room.right()).max(0.0) + (rect.bottom() - room.bottom()).max(0.0);
        let price = over + far + beyond * 1.5 + (at.x - start.x + at.y - start.y).abs() * 0.001;
        let is_better = |price: f64| best.is_none_or(|(cheapest, _)| price < cheapest);
        if !is_better(price) {
            continue;
        }
        // Every line that must give way changes the picture.
        let price = price + LINE * lines.iter().filter(|line| line.overlaps(rect)).count() as f64;
        if is_better(price) {
            best = Some((price, at));
        }
    }
    best.map_or(start, |(_, at)| at)
}

/// The place one layer after a neighbour (`into`) or before it, centred on it.
fn place_ahead(direction: Direction, rect: Rect, size: Size, gap: f64, into: bool) -> Point {
    let c = rect.center();
    let (x, y) = (c.x - size.width / 2.0, c.y - size.height / 2.0);
    match (direction, into) {
        (Direction::Right, true) | (Direction::Left, false) => Point::new(rect.right() + gap, y),
        (Direction::Right, false) | (Direction::Left, true) => Point::new(rect.x - gap - size.width, y),
        (Direction::Down, true) | (Direction::Up, false) => Point::new(x, rect.bottom() + gap),
        (Direction::Down, false) | (Direction::Up, true) => Point::new(x, rect.y - gap - size.height),
    }
}
