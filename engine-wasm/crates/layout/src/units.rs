//! The hierarchy: which containers are laid out together, in which order, and how parts are packed.
//!
//! A container whose inside is tied to the outside by edges *joins* its parent's unit and is laid out with
//! it; every other container is a unit of its own and enters its parent's as a leaf of known size.

use spandrel_base::{Budget, Point, Rect, Size};

use crate::end_labels;
use crate::flat;
use crate::hold::{Previous, lay_out_held};
use crate::layered::{Scratch, Unit, UnitDrawing};
use crate::model::{Algorithm, Direction, Graph, Options, Placed, PlacedLine};
use crate::pack;
use crate::places::Places;
use crate::router::Router;
use crate::wrap;

/// Lays out a whole graph, every container by its own options.
///
/// Ensures: finite coordinates; leaves keep their size; children lie inside their container; pinned nodes
/// stand where their pins say.
pub fn lay_out_graph(graph: &Graph, budget: &Budget<'_>) -> Placed {
    let placed = lay_out_fresh(graph, budget);
    if graph.nodes.iter().any(|n| n.pin.is_some()) {
        return lay_out_held(graph, &Previous::of(&placed), budget);
    }
    placed
}

/// Lays out a whole graph without regard to pins.
pub(crate) fn lay_out_fresh(graph: &Graph, budget: &Budget<'_>) -> Placed {
    let mut layout = Layout::new(graph);
    for container in (0..graph.nodes.len()).rev() {
        let is_unit =
            !layout.joined[container] && (container == 0 || !graph.nodes[container].children.is_empty());
        if is_unit && !layout.fixed_size[container] {
            // An exhausted budget is paid for by plainer layouts, never by none.
            let _ = budget.spend(graph.nodes[container].children.len() as u64);
            layout.unit(container, budget);
        }
    }
    layout.finish(budget)
}

/// An edge with its ends projected to what its unit holds.
#[derive(Clone, Copy)]
struct Projected {
    edge: usize,
    src: usize,
    dst: usize,
}

struct Layout<'a> {
    graph: &'a Graph,
    joined: Vec<bool>,
    /// Containers that are leaves for layout: their inside was drawn by somebody else.
    fixed_size: Vec<bool>,
    sizes: Vec<Size>,
    /// By container: edges of its unit.
    edges: Vec<Vec<Projected>>,
    /// By node: rectangle relative to its unit's container.
    rects: Vec<Rect>,
    /// By node: the container of the unit that placed it.
    unit_of: Vec<usize>,
    ports: Vec<Vec<Option<Point>>>,
    routes: Vec<Vec<Point>>,
    labels: Vec<Vec<Option<Rect>>>,
    /// By edge: the container of the unit that routed it.
    edge_unit: Vec<usize>,
    /// Edges that are routed at the end, around everything else.
    deferred: Vec<usize>,
    scratch: Scratch,
}

impl<'a> Layout<'a> {
    fn new(graph: &'a Graph) -> Self {
        let count = graph.nodes.len();
        let depths = graph.depths();
        let joined = joined(graph, &depths);
        let mut edges = vec![Vec::new(); count];
        let mut edge_unit = vec![0; graph.edges.len()];
        for (index, edge) in graph.edges.iter().enumerate() {
            let (a, b) = (edge.src.node, edge.dst.node);
            if a >= count || b >= count || a == 0 && b == 0 {
                continue;
            }
            let common =
                if a == b { graph.nodes[a].parent.unwrap_or(0) } else { graph.common(&depths, a, b) };
            let mut unit = common;
            while joined[unit] {
                unit = graph.nodes[unit].parent.unwrap_or(0);
            }
            let project = |end: usize| {
                let mut seen = end;
                for ancestor in graph.ancestors(end) {
                    if end == common || ancestor == common {
                        break;
                    }
                    if !joined[ancestor] {
                        seen = ancestor;
                    }
                }
                seen
            };
            edge_unit[index] = unit;
            edges[unit].push(Projected { edge: index, src: project(a), dst: project(b) });
        }
        Self {
            graph,
            joined,
            fixed_size: vec![false; count],
            sizes: graph.nodes.iter().map(|n| clean_size(n.size)).collect(),
            edges,
            rects: vec![Rect::default(); count],
            unit_of: vec![0; count],
            ports: graph.nodes.iter().map(|n| vec![None; n.ports.len()]).collect(),
            routes: vec![Vec::new(); graph.edges.len()],
            labels: graph.edges.iter().map(|e| vec![None; e.labels.len()]).collect(),
            edge_unit,
            deferred: Vec::new(),
            scratch: Scratch::default(),
        }
    }

    /// Lays out one unit and fixes the size of its container.
    fn unit(&mut self, container: usize, budget: &Budget<'_>) {
        let graph = self.graph;
        let options = &graph.nodes[container].inner;
        let edges = std::mem::take(&mut self.edges[container]);
        let parts = if let Some(choice) = flat::choice(options) {
            let links: Vec<(usize, usize, usize)> = edges.iter().map(|e| (e.edge, e.src, e.dst)).collect();
            vec![flat::lay_out(graph, container, &self.sizes, &links, &choice, budget)]
        } else {
            let members: Vec<usize> = graph.nodes[container]
                .children
                .iter()
                .copied()
                .filter(|&c| !graph.nodes[c].no_layout)
                .collect();
            let mut parts = Vec::new();
            for (members, edges) in self.components(container, &members, &edges, options) {
                let links: Vec<(usize, usize, usize)> =
                    edges.iter().map(|e| (e.edge, e.src, e.dst)).collect();
                let unit = Unit {
                    graph,
                    container,
                    members: &members,
                    sizes: &self.sizes,
                    joined: &self.joined,
                    links: &links,
                };
                let (part, deferred) = wrap::lay_out(&unit, &mut self.scratch, budget);
                parts.push(part);
                self.deferred.extend(deferred);
            }
            parts
        };
        self.compose(container, parts);
    }

    /// Puts the parts of a unit side by side and takes their coordinates over.
    fn compose(&mut self, container: usize, parts: Vec<UnitDrawing>) {
        let node = &self.graph.nodes[container];
        let options = &node.inner;
        let padding = options.padding;
        // Parts come with the container's padding around them; content alone is packed.
        let contents: Vec<Size> = parts
            .iter()
            .map(|p| {
                Size::new((p.width - padding.horizontal()).max(0.0), (p.height - padding.vertical()).max(0.0))
            })
            .collect();
        let (places, content) = pack::rows(&contents, options.spacing.component, options.aspect_ratio);
        let least = clean_size(node.size);
        let size = Size::new(content.width + padding.horizontal(), content.height + padding.vertical());
        let size = if container == 0 && node.children.is_empty() { size } else { size.max(least) };
        let free = Point::new(
            (size.width - padding.horizontal() - content.width).max(0.0) * options.content_alignment.0,
            (size.height - padding.vertical() - content.height).max(0.0) * options.content_alignment.1,
        );
        self.sizes[container] = size;
        for (part, place) in parts.into_iter().zip(places) {
            let (dx, dy) = (place.x + free.x, place.y + free.y);
            for (node, rect) in part.nodes {
                self.rects[node] = rect.offset(dx, dy);
                self.sizes[node] = rect.size();
                self.unit_of[node] = container;
            }
            for (node, port, at) in part.ports {
                self.ports[node][port] = Some(at.offset(dx, dy));
            }
            for (edge, points) in part.routes {
                self.routes[edge] = points.into_iter().map(|p| p.offset(dx, dy)).collect();
            }
            for (edge, label, rect) in part.labels {
                self.labels[edge][label] = Some(rect.offset(dx, dy));
            }
        }
    }

    /// Members and edges by connected part, in model order.
    fn components(
        &self,
        container: usize,
        members: &[usize],
        edges: &[Projected],
        options: &Options,
    ) -> Vec<(Vec<usize>, Vec<Projected>)> {
        let whole = || vec![(members.to_vec(), edges.to_vec())];
        if !options.separate_components || options.partitioning || members.len() < 2 {
            return whole();
        }
        let place = Places::of(members);
        // The member that holds a node.
        let member_of = |node: usize| {
            std::iter::once(node)
                .chain(self.graph.ancestors(node))
                .take_while(|&n| n != container)
                .find_map(|n| place.get(n))
        };
        let mut part: Vec<usize> = (0..members.len()).collect();
        fn find(part: &mut [usize], mut v: usize) -> usize {
            while part[v] != v {
                part[v] = part[part[v]];
                v = part[v];
            }
            v
        }
        for edge in edges {
            let (Some(a), Some(b)) = (member_of(edge.src), member_of(edge.dst)) else {
                // An edge of the container itself ties everything to its border.
                return whole();
            };
            let (a, b) = (find(&mut part, a), find(&mut part, b));
            part[a.max(b)] = a.min(b);
        }
        let mut number = vec![usize::MAX; members.len()];
        let mut parts: Vec<(Vec<usize>, Vec<Projected>)> = Vec::new();
        for (index, &member) in members.iter().enumerate() {
            let root = find(&mut part, index);
            if number[root] == usize::MAX {
                number[root] = parts.len();
                parts.push((Vec::new(), Vec::new()));
            }
            parts[number[root]].0.push(member);
        }
        for edge in edges {
            if let Some(member) = member_of(edge.src) {
                let root = find(&mut part, member);
                parts[number[root]].1.push(*edge);
            }
        }
        parts
    }

    fn finish(mut self, budget: &Budget<'_>) -> Placed {
        let graph = self.graph;
        let count = graph.nodes.len();
        let mut placed = Placed { nodes: vec![Rect::default(); count], ..Placed::default() };
        placed.nodes[0] = Rect::at(Point::default(), self.sizes[0]);
        for node in 1..count {
            let unit = self.unit_of[node];
            let corner = placed.nodes[unit].origin();
            let mut rect = self.rects[node];
            if graph.nodes[node].no_layout {
                let parent = graph.nodes[node].parent.unwrap_or(0);
                let at = graph.nodes[node].position.unwrap_or_default();
                let corner = placed.nodes[parent].origin();
                placed.nodes[node] = Rect::at(at.offset(corner.x, corner.y), self.sizes[node]);
                continue;
            }
            if rect == Rect::default() {
                rect = Rect::at(Point::default(), self.sizes[node]);
            }
            placed.nodes[node] = rect.offset(corner.x, corner.y);
        }
        for node in 0..count {
            let corner = placed.nodes[self.unit_of[node]].origin();
            let list = std::mem::take(&mut self.ports[node]);
            placed.ports.push(
                list.into_iter()
                    .enumerate()
                    .map(|(port, at)| {
                        port_rect(
                            graph,
                            node,
                            port,
                            at.map(|p| p.offset(corner.x, corner.y)),
                            placed.nodes[node],
                        )
                    })
                    .collect(),
            );
        }
        for (edge, points) in self.routes.iter().enumerate() {
            let corner = placed.nodes[self.edge_unit[edge]].origin();
            let points: Vec<Point> = points.iter().map(|p| p.offset(corner.x, corner.y)).collect();
            let by = graph.nodes[self.edge_unit[edge]].inner.algorithm;
            let points = match by {
                Algorithm::Layered | Algorithm::Fixed => points,
                _ => flat::reach_inside(graph, edge, &placed, points),
            };
            let mut labels: Vec<Option<Rect>> =
                self.labels[edge].iter().map(|l| l.map(|r| r.offset(corner.x, corner.y))).collect();
            end_labels::place(&graph.edges[edge], &points, &mut labels);
            placed.edges.push(PlacedLine {
                points,
                labels: labels.into_iter().map(Option::unwrap_or_default).collect(),
            });
        }
        self.route_deferred(&mut placed, budget);
        end_labels::settle(graph, &mut placed);
        snap(graph, &mut placed);
        placed
    }
}

impl Layout<'_> {
    /// Routes the edges between the rows of wrapped units.
    fn route_deferred(&mut self, placed: &mut Placed, budget: &Budget<'_>) {
        self.deferred.retain(|&edge| placed.edges[edge].points.len() < 2);
        if self.deferred.is_empty() {
            return;
        }
        let mut router = Router::new(self.graph, &placed.nodes, &placed.ports);
        for line in &placed.edges {
            router.add_line(&line.points);
            for &label in &line.labels {
                router.add_box(label);
            }
        }
        for edge in std::mem::take(&mut self.deferred) {
            placed.edges[edge] = router.draw(edge, budget);
        }
    }
}

/// The rectangle of a port from the point where its edges attach.
fn port_rect(graph: &Graph, node: usize, port: usize, at: Option<Point>, rect: Rect) -> Rect {
    let p = &graph.nodes[node].ports[port];
    let Some(at) = at else { return Rect::at(p.position.offset(rect.x, rect.y), p.size) };
    // The attachment is the middle of the port's outer side.
    let (w, h) = (p.size.width, p.size.height);
    let distance = [
        ((at.x - rect.right()).max(-w), 0),
        (rect.x - at.x, 1),
        (at.y - rect.bottom(), 2),
        (rect.y - at.y, 3),
    ];
    let mut side = distance[0];
    for d in distance {
        if d.0 > side.0 {
            side = d;
        }
    }
    let corner = match side.1 {
        0 => Point::new(at.x - w, at.y - h / 2.0),
        1 => Point::new(at.x, at.y - h / 2.0),
        2 => Point::new(at.x - w / 2.0, at.y - h),
        _ => Point::new(at.x - w / 2.0, at.y),
    };
    Rect::at(corner, p.size)
}

/// Puts everything on a grid of 64ths of a pixel, which binary numbers hold exactly: what was straight or
/// touching up to the last bits of a sum is so to the last bit. Leaves keep their size.
fn snap(graph: &Graph, placed: &mut Placed) {
    let on_grid = |v: f64| (v * 64.0).round() / 64.0;
    for (node, rect) in graph.nodes.iter().zip(&mut placed.nodes) {
        let (x, y) = (on_grid(rect.x), on_grid(rect.y));
        if !node.children.is_empty() {
            // Upwards, so that no padding is cut.
            rect.width = ((rect.right() - x) * 64.0 - 1e-6).ceil() / 64.0;
            rect.height = ((rect.bottom() - y) * 64.0 - 1e-6).ceil() / 64.0;
        }
        (rect.x, rect.y) = (x, y);
    }
    for port in placed.ports.iter_mut().flatten() {
        (port.x, port.y) = (on_grid(port.x), on_grid(port.y));
    }
    for line in &mut placed.edges {
        for p in &mut line.points {
            (p.x, p.y) = (on_grid(p.x), on_grid(p.y));
        }
        for label in &mut line.labels {
            (label.x, label.y) = (on_grid(label.x), on_grid(label.y));
        }
    }
}

/// Finite and not negative.
fn clean_size(size: Size) -> Size {
    let clean = |v: f64| if v.is_finite() { v.max(0.0) } else { 0.0 };
    Size::new(clean(size.width), clean(size.height))
}

/// Which containers are laid out together with their parent: those that edges reach into from outside.
fn joined(graph: &Graph, depths: &[u32]) -> Vec<bool> {
    let mut crossed = vec![false; graph.nodes.len()];
    for edge in &graph.edges {
        let (a, b) = (edge.src.node, edge.dst.node);
        if a >= graph.nodes.len() || b >= graph.nodes.len() || a == b {
            continue;
        }
        let common = graph.common(depths, a, b);
        for end in [a, b] {
            if end == common {
                continue;
            }
            for ancestor in graph.ancestors(end) {
                if ancestor == common || crossed[ancestor] {
                    // Further up it may be marked by an edge with a nearer common container.
                    if ancestor == common {
                        break;
                    }
                }
                crossed[ancestor] = true;
            }
        }
    }
    let mut joined = vec![false; graph.nodes.len()];
    for (index, node) in graph.nodes.iter().enumerate() {
        let Some(parent) = node.parent else { continue };
        let (inner, outer) = (&node.inner, &graph.nodes[parent].inner);
        joined[index] = crossed[index]
            && inner.include_children
            && inner.algorithm == Algorithm::Layered
            && outer.algorithm == Algorithm::Layered
            && same_direction(inner.direction, outer.direction)
            && !node.no_layout;
    }
    joined
}

fn same_direction(a: Direction, b: Direction) -> bool {
    a == b
}
