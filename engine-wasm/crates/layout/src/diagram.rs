//! A compiled board into the layout model, and the result back into a drawing.

use spandrel_base::{Budget, IdVec, Insets, Point, Rect, Size};
use spandrel_graph::{Board, EdgeId, NodeId, Shape};

use crate::drawing::{Drawing, PlacedEdge, PlacedNode, Route, Side};
use crate::hold::{Previous, PreviousLine, lay_out_held};
use crate::measure::inside;
use crate::measured::{Measured, MeasuredNode};
use crate::model::{self, Direction, Graph, Label, LabelPlace, Placed, PortConstraint, Spacing, Title};
use crate::stored::StoredDrawing;
use crate::units::lay_out_graph;

/// What a caller may ask of a layout.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Options {
    /// The direction of the board where its source names none; `None` is down.
    pub direction: Option<Direction>,
    /// Keep every node where the previous drawing has it and route all edges anew.
    pub route_only: bool,
}

/// Distances of a board: room for rounded bends and arrowheads, no more.
const SPACING: Spacing = Spacing {
    node_node: 32.0,
    node_node_layers: 56.0,
    edge_node: 20.0,
    edge_node_layers: 22.0,
    edge_edge: 14.0,
    edge_edge_layers: 14.0,
    component: 48.0,
    edge_label: 4.0,
    label_label: 4.0,
    self_loop: 18.0,
    port_port: 12.0,
};
/// Room around a board.
const BOARD_PADDING: f64 = 0.0;

/// Lays out a board.
///
/// `previous` holds the picture still; `None` lays out afresh. Ensures: finite coordinates, no node over
/// another unless one holds it, pinned nodes where their pins say, every edge routed.
pub fn lay_out(
    board: &Board,
    measured: &Measured,
    options: &Options,
    previous: Option<&StoredDrawing>,
    budget: &Budget<'_>,
) -> Drawing {
    // Grids, sequence diagrams and objects near something have rules of their own.
    crate::compose::lay_out(board, measured, *options, previous, budget)
        .unwrap_or_else(|| plain(board, measured, *options, previous, budget))
}

/// Lays out a board as if every container were an ordinary one.
pub(crate) fn plain(
    board: &Board,
    measured: &Measured,
    options: Options,
    previous: Option<&StoredDrawing>,
    budget: &Budget<'_>,
) -> Drawing {
    let graph = model_of(board, measured, options);
    let Some(stored) = previous else {
        let placed = lay_out_graph(&graph, budget);
        return drawing_of(board, measured, &graph, &placed);
    };
    let mut previous = previous_of(board, &graph, stored);
    if options.route_only {
        previous.edges.iter_mut().for_each(|edge| *edge = None);
    }
    let placed = lay_out_held(&graph, &previous, budget);
    drawing_of(board, measured, &graph, &placed)
}

/// What a stored drawing says about the nodes and edges of a board that are still the same.
fn previous_of(board: &Board, graph: &Graph, stored: &StoredDrawing) -> Previous {
    let mut previous = Previous {
        nodes: vec![None; graph.nodes.len()],
        edges: vec![None; graph.edges.len()],
        ports: Vec::new(),
    };
    for (id, node) in board.nodes.entries() {
        // A node whose container is new moves with it.
        let parent_is_known = node.parent.is_none_or(|p| previous.nodes[index(p)].is_some());
        let rect = stored.nodes.get(&node.id).copied();
        previous.nodes[index(id)] = rect.filter(|r| parent_is_known && is_finite(*r));
    }
    previous.nodes[0] = Some(Rect::default());
    for (id, edge) in graph.edges.iter().enumerate() {
        let Some(line) = stored.edges.get(&board.edge_key(EdgeId::from(id))) else { continue };
        if line.points.len() < 2 || line.points.iter().any(|p| !p.x.is_finite() || !p.y.is_finite()) {
            continue;
        }
        let corners = [
            (LabelPlace::Tail, line.src_label),
            (LabelPlace::Center, line.label),
            (LabelPlace::Head, line.dst_label),
        ];
        let labels = edge
            .labels
            .iter()
            .map(|label| {
                let corner = corners.iter().find(|(place, _)| *place == label.place)?.1?;
                Some(Rect::at(corner, label.size))
            })
            .collect();
        previous.edges[id] = Some(PreviousLine { points: line.points.clone(), labels });
    }
    previous
}

fn is_finite(r: Rect) -> bool {
    [r.x, r.y, r.width, r.height].into_iter().all(f64::is_finite)
}

/// Where the source pins a node: `top` and `left`, both.
fn pin(node: &spandrel_graph::Node) -> Option<Point> {
    let pinned = |keyword| node.attrs.number(keyword).filter(|v: &f64| v.abs() < 1e7);
    Some(Point::new(pinned("left")?, pinned("top")?))
}

/// The model of a board: node `n` of the board is node `n + 1` of the model, edges have the same numbers.
fn model_of(board: &Board, measured: &Measured, options: Options) -> Graph {
    let default = options.direction.unwrap_or_default();
    let direction = direction(board.root.attrs.text("direction")).unwrap_or(default);
    let mut graph = Graph::default();
    graph.nodes.push(model::Node {
        children: board.top_level().map(index).collect(),
        inner: model_options(direction, Insets::all(BOARD_PADDING)),
        ..model::Node::default()
    });
    for (id, node) in board.nodes.entries() {
        let size = measured.nodes.get(id).cloned().unwrap_or_default();
        let own = self::direction(node.attrs.text("direction"));
        let parent = node.parent.map_or(0, index);
        // Parents come before children, so the parent's direction is known.
        let inherited = graph.nodes.get(parent).map_or(direction, |p| p.inner.direction);
        let titled = node.is_container() || size.surface;
        let title = size.label.as_ref().filter(|_| titled).map(|block| Title {
            size: Size::new(block.size.width + size.icon_size + 16.0, block.size.height),
            align: 0.0,
        });
        graph.nodes.push(model::Node {
            parent: Some(parent),
            children: node.children.iter().map(|&c| index(c)).collect(),
            size: size.size,
            margin: size.margin,
            pin: pin(node),
            title,
            inner: model_options(own.unwrap_or(inherited), size.padding),
            ..model::Node::default()
        });
    }
    for (id, edge) in board.edges.entries() {
        let sizes = measured.edges.get(id).cloned().unwrap_or_default();
        let mut labels = Vec::new();
        let blocks = [
            (&sizes.src_label, LabelPlace::Tail),
            (&sizes.label, LabelPlace::Center),
            (&sizes.dst_label, LabelPlace::Head),
        ];
        for (block, place) in blocks {
            if let Some(block) = block {
                labels.push(Label { size: block.size, place, inline: true });
            }
        }
        let mut end = |node: NodeId, row: Option<u32>| {
            let port = row_port(board, measured, node, row, &mut graph.nodes[index(node)]);
            model::End { node: index(node), port }
        };
        let src = end(edge.src, edge.src_column);
        let dst = end(edge.dst, edge.dst_column);
        graph.edges.push(model::Edge { src, dst, labels, ..model::Edge::default() });
    }
    graph
}

/// The node of the model for a node of the board.
fn index(node: NodeId) -> usize {
    usize::from(node) + 1
}

fn direction(word: Option<&str>) -> Option<Direction> {
    match word?.trim() {
        "up" => Some(Direction::Up),
        "down" => Some(Direction::Down),
        "left" => Some(Direction::Left),
        "right" => Some(Direction::Right),
        _ => None,
    }
}

fn model_options(direction: Direction, padding: Insets) -> model::Options {
    model::Options { direction, spacing: SPACING, padding, ..model::Options::default() }
}

/// Edges meet a table or class at the middle of a row, left or right; where none is named, at the header.
fn row_port(
    board: &Board,
    measured: &Measured,
    node: NodeId,
    row: Option<u32>,
    model: &mut model::Node,
) -> Option<usize> {
    let n = &board.nodes[node];
    if !matches!(n.shape, Shape::SqlTable | Shape::Class) || n.is_container() {
        return None;
    }
    let sizes = measured.nodes.get(node)?;
    let y = row_middle(sizes, row)?;
    model.port_constraint = PortConstraint::FixedPos;
    // A port of its own for every end: each may lie left or right.
    model.ports.push(model::Port { row: Some(y), ..model::Port::default() });
    Some(model.ports.len() - 1)
}

fn row_middle(sizes: &MeasuredNode, row: Option<u32>) -> Option<f64> {
    if sizes.row_height <= 0.0 || sizes.rows.is_empty() {
        return None;
    }
    Some(match row {
        Some(row) => {
            let row = row.min(sizes.rows.len() as u32 - 1);
            sizes.header_height + (f64::from(row) + 0.5) * sizes.row_height
        }
        None => sizes.header_height / 2.0,
    })
}

fn drawing_of(board: &Board, measured: &Measured, graph: &Graph, placed: &Placed) -> Drawing {
    let mut drawing = Drawing::default();
    for (id, node) in board.nodes.entries() {
        let rect = placed.nodes[index(id)];
        let sizes = measured.nodes.get(id).cloned().unwrap_or_default();
        let parts = inside(node, &sizes, rect);
        drawing.nodes.push(PlacedNode {
            rect,
            label: parts.label,
            icon: parts.icon,
            pinned: graph.nodes[index(id)].pin.is_some(),
        });
    }
    for (id, edge) in board.edges.entries() {
        let line = &placed.edges[usize::from(id)];
        let mut placed_edge = PlacedEdge::default();
        let (src, dst) = (&drawing.nodes[edge.src].rect, &drawing.nodes[edge.dst].rect);
        placed_edge.route = route(board, id, &line.points, *src, *dst);
        for (label, rect) in graph.edges[usize::from(id)].labels.iter().zip(&line.labels) {
            let place = match label.place {
                LabelPlace::Tail => &mut placed_edge.src_label,
                LabelPlace::Center => &mut placed_edge.label,
                LabelPlace::Head => &mut placed_edge.dst_label,
            };
            *place = Some(*rect);
        }
        drawing.edges.push(placed_edge);
    }
    drawing.bounds = bounds(&drawing);
    drawing
}

/// The route with its ends moved from the rectangles to the outlines.
fn route(board: &Board, id: EdgeId, points: &[Point], src: Rect, dst: Rect) -> Route {
    let edge = &board.edges[id];
    let mut points = points.to_vec();
    if points.len() < 2 {
        points = vec![src.center(), dst.center()];
    }
    let last = points.len() - 1;
    let src_side = Side::of_end(src, points[1], points[0]);
    let dst_side = Side::of_end(dst, points[last - 1], points[last]);
    points[0] = clipped(board.nodes[edge.src].outline_shape(), src, points[1], points[0]);
    points[last] = clipped(board.nodes[edge.dst].outline_shape(), dst, points[last - 1], points[last]);
    Route { points, spline: false, src_side, dst_side }
}

/// An end moved to the outline; one that is not on the rectangle's border has been moved already.
fn clipped(shape: Shape, rect: Rect, outside: Point, end: Point) -> Point {
    if rect.inflate(-1e-3).contains(end) { end } else { shape.clip(rect, outside, end) }
}

/// The smallest rectangle that holds everything drawn.
pub(crate) fn bounds(drawing: &Drawing) -> Rect {
    let mut all: Option<Rect> = None;
    let mut add = |rect: Rect| all = Some(all.map_or(rect, |a| a.union(rect)));
    for node in &drawing.nodes {
        add(node.rect);
        node.label.into_iter().chain(node.icon).for_each(&mut add);
    }
    for edge in &drawing.edges {
        for p in &edge.route.points {
            add(Rect::new(p.x, p.y, 0.0, 0.0));
        }
        [edge.label, edge.src_label, edge.dst_label].into_iter().flatten().for_each(&mut add);
    }
    all.unwrap_or_default()
}

impl StoredDrawing {
    /// What is worth keeping of a drawing.
    pub fn of(board: &Board, drawing: &Drawing) -> Self {
        let nodes = board
            .nodes
            .entries()
            .zip(&drawing.nodes)
            .map(|((_, node), placed)| (node.id.clone(), placed.rect))
            .collect();
        let ids: IdVec<EdgeId, EdgeId> = board.edges.ids().collect();
        let edges = ids
            .iter()
            .zip(&drawing.edges)
            .map(|(&id, placed)| {
                let stored = crate::StoredRoute {
                    points: placed.route.points.clone(),
                    label: placed.label.map(Rect::origin),
                    src_label: placed.src_label.map(Rect::origin),
                    dst_label: placed.dst_label.map(Rect::origin),
                };
                (board.edge_key(id), stored)
            })
            .collect();
        Self { nodes, edges }
    }
}
