//! Boards with drawings made by hand, for the tests of this crate.

use spandrel_base::{Point, Rect, Size};
use spandrel_graph::{
    Arrowhead, ArrowheadShape, Attrs, Board, Column, Edge, Label, Node, NodeId, Shape, Style, Value,
};
use spandrel_layout::measure::{Options as MeasureOptions, inside};
use spandrel_layout::{Drawing, Measured, PlacedEdge, PlacedNode, Route, measure_with};

use crate::{react_flow, svg};

/// Builds boards for tests, with a drawing made by hand.
#[derive(Default)]
pub(crate) struct Scene {
    pub(crate) board: Board,
    at: Vec<(f64, f64, Option<Size>)>,
    routes: Vec<Vec<(f64, f64)>>,
}

impl Scene {
    pub(crate) fn node(
        &mut self,
        parent: Option<u32>,
        id: &str,
        shape: Shape,
        at: (f64, f64),
        attrs: &[(&str, &str)],
    ) -> u32 {
        let mut set = Attrs::default();
        for (keyword, value) in attrs {
            set.set(*keyword, Value::Text((*value).to_owned()));
        }
        let label = set.text("label").unwrap_or(id).to_owned();
        let node = Node {
            id: id.to_owned(),
            name: id.to_owned(),
            parent: parent.map(NodeId),
            children: Vec::new(),
            label: Label::plain(label),
            shape,
            style: Style::from_attrs(&set),
            attrs: set,
            columns: Vec::new(),
            fields: Vec::new(),
            methods: Vec::new(),
            origins: spandrel_base::Few::None,
        };
        let id = self.board.nodes.push(node);
        if let Some(parent) = parent {
            self.board.nodes[NodeId(parent)].children.push(id);
        }
        self.at.push((at.0, at.1, None));
        id.0
    }

    pub(crate) fn sized(&mut self, id: u32, width: f64, height: f64) {
        self.at[id as usize].2 = Some(Size::new(width, height));
    }

    pub(crate) fn edge(
        &mut self,
        src: u32,
        dst: u32,
        label: &str,
        attrs: &[(&str, &str)],
        points: &[(f64, f64)],
    ) {
        let mut set = Attrs::default();
        for (keyword, value) in attrs {
            set.set(*keyword, Value::Text((*value).to_owned()));
        }
        self.board.edges.push(Edge {
            src: NodeId(src),
            dst: NodeId(dst),
            src_arrow: false,
            dst_arrow: true,
            index: 0,
            label: Label::plain(label),
            style: Style::from_attrs(&set),
            attrs: set,
            src_arrowhead: None,
            dst_arrowhead: None,
            src_column: None,
            dst_column: None,
            origins: spandrel_base::Few::None,
        });
        self.routes.push(points.to_vec());
    }

    /// The scene as SVG.
    pub(crate) fn svg(&self, options: &svg::Options) -> String {
        let (measured, drawing) = self.lay_out();
        svg::write(&self.board, &measured, &drawing, options)
    }

    /// The scene as React Flow takes it.
    pub(crate) fn flow(&self) -> react_flow::Flow {
        let (measured, drawing) = self.lay_out();
        react_flow::convert(&self.board, &measured, &drawing, &react_flow::Options::default())
    }

    pub(crate) fn lay_out(&self) -> (Measured, Drawing) {
        let has_icon = |id: NodeId| crate::kind::has_icon(&self.board, id);
        let measured: Measured =
            measure_with(&self.board, &MeasureOptions { has_icon: &has_icon, ..MeasureOptions::default() });
        let mut drawing = Drawing::default();
        for (id, node) in self.board.nodes.entries() {
            let (x, y, size) = self.at[id.0 as usize];
            let rect = Rect::at(Point::new(x, y), size.unwrap_or(measured.nodes[id].size));
            let placed = inside(node, &measured.nodes[id], rect);
            drawing.nodes.push(PlacedNode { rect, label: placed.label, icon: placed.icon, pinned: false });
            drawing.bounds = if id.0 == 0 { rect } else { drawing.bounds.union(rect) };
        }
        for (id, edge) in self.board.edges.entries() {
            let mut points: Vec<Point> =
                self.routes[id.0 as usize].iter().map(|(x, y)| Point::new(*x, *y)).collect();
            let last = points.len() - 1;
            let clip = |node: NodeId, outside, end| {
                self.board.nodes[node].shape.clip(drawing.nodes[node].rect, outside, end)
            };
            points[last] = clip(edge.dst, points[last - 1], points[last]);
            points[0] = clip(edge.src, points[1], points[0]);
            let middle = points.len() / 2;
            let (a, b) = (points[middle - 1], points[middle]);
            let label = measured.edges[id].label.as_ref().map(|block| {
                let size = block.size;
                Rect::new(
                    (a.x + b.x - size.width) / 2.0,
                    (a.y + b.y - size.height) / 2.0,
                    size.width,
                    size.height,
                )
            });
            drawing.edges.push(PlacedEdge {
                route: Route { points, ..Route::default() },
                label,
                ..PlacedEdge::default()
            });
        }
        (measured, drawing)
    }
}

/// Every shape, plain and dressed up, beside each other.
pub(crate) fn gallery() -> Scene {
    let mut scene = Scene::default();
    for (index, &shape) in Shape::ALL.iter().enumerate() {
        let (column, row) = (index % 6, index / 6);
        let at = (column as f64 * 170.0, row as f64 * 120.0);
        scene.node(None, shape.keyword(), shape, at, &[]);
    }
    let dressed: [(&str, &[(&str, &str)]); 10] = [
        ("stack", &[("style.multiple", "true")]),
        ("block", &[("style.3d", "true"), ("style.fill", "#ffe8cc")]),
        ("double", &[("style.double-border", "true")]),
        ("shadow", &[("style.shadow", "true")]),
        ("dashes", &[("style.stroke-dash", "4"), ("style.stroke", "crimson")]),
        ("dots", &[("style.fill-pattern", "dots")]),
        ("gradient", &[("style.fill", "linear-gradient(to right, #fde68a, #fca5a5)")]),
        ("link", &[("link", "https://example.org"), ("tooltip", "a note")]),
        ("lines", &[("style.fill-pattern", "lines"), ("style.opacity", "0.6")]),
        ("sharp", &[("style.border-radius", "0"), ("style.font-color", "teal"), ("style.underline", "true")]),
    ];
    for (index, (name, attrs)) in dressed.into_iter().enumerate() {
        let at = ((index % 6) as f64 * 170.0, 620.0 + (index / 6) as f64 * 100.0);
        scene.node(None, name, Shape::Rectangle, at, attrs);
    }
    scene
}

/// A small architecture with two levels of containers.
pub(crate) fn shop() -> Scene {
    let mut scene = Scene::default();
    let user = scene.node(None, "user", Shape::Person, (0.0, 118.0), &[("label", "Customer")]);
    let region = scene.node(None, "region", Shape::Rectangle, (160.0, 0.0), &[("label", "eu-west-1")]);
    scene.sized(region, 860.0, 360.0);
    let edge = scene.node(
        Some(region),
        "region.gateway",
        Shape::Rectangle,
        (190.0, 134.0),
        &[("label", "API Gateway")],
    );
    let vpc = scene.node(
        Some(region),
        "region.vpc",
        Shape::Rectangle,
        (410.0, 50.0),
        &[("label", "Private network")],
    );
    scene.sized(vpc, 580.0, 280.0);
    let auth = scene.node(
        Some(vpc),
        "region.vpc.auth",
        Shape::Rectangle,
        (440.0, 100.0),
        &[("label", "Auth Service")],
    );
    let orders = scene.node(
        Some(vpc),
        "region.vpc.orders",
        Shape::Rectangle,
        (440.0, 180.0),
        &[("label", "Order Service")],
    );
    let db =
        scene.node(Some(vpc), "region.vpc.db", Shape::Cylinder, (800.0, 170.0), &[("label", "PostgreSQL")]);
    let queue =
        scene.node(Some(vpc), "region.vpc.jobs", Shape::Queue, (790.0, 260.0), &[("label", "Job queue")]);
    let llm = scene.node(Some(vpc), "region.vpc.llm", Shape::Rectangle, (780.0, 100.0), &[("label", "LLM")]);
    scene.edge(user, edge, "HTTPS", &[], &[(76.0, 158.0), (190.0, 158.0)]);
    scene.edge(edge, auth, "", &[], &[(350.0, 150.0), (390.0, 150.0), (390.0, 122.0), (440.0, 122.0)]);
    scene.edge(edge, orders, "", &[], &[(350.0, 165.0), (390.0, 165.0), (390.0, 202.0), (440.0, 202.0)]);
    scene.edge(orders, db, "reads and writes", &[], &[(590.0, 202.0), (800.0, 202.0)]);
    scene.edge(
        orders,
        queue,
        "",
        &[("style.stroke-dash", "4")],
        &[(590.0, 212.0), (640.0, 212.0), (640.0, 282.0), (790.0, 282.0)],
    );
    scene.edge(
        auth,
        queue,
        "",
        &[("style.animated", "true")],
        &[(590.0, 122.0), (700.0, 122.0), (700.0, 275.0), (790.0, 275.0)],
    );
    scene.edge(auth, llm, "asks", &[], &[(590.0, 112.0), (780.0, 112.0)]);
    scene
}

/// A table, and every arrowhead.
pub(crate) fn heads() -> Scene {
    let mut scene = Scene::default();
    let table = scene.node(None, "orders", Shape::SqlTable, (0.0, 0.0), &[]);
    let column = |name: &str, data_type: &str, keys: &[&str]| Column {
        name: name.into(),
        data_type: data_type.into(),
        constraints: keys.iter().map(|&key| key.into()).collect(),
    };
    scene.board.nodes[NodeId(table)].columns = vec![
        column("id", "uuid", &["primary_key"]),
        column("customer_id", "uuid", &["foreign_key"]),
        column("total", "numeric(12,2)", &[]),
    ];
    for (index, &shape) in ArrowheadShape::ALL.iter().enumerate() {
        let y = 180.0 + 34.0 * index as f64;
        let a = scene.node(None, &format!("{} ", shape.keyword()), Shape::Text, (0.0, y), &[]);
        let b = scene.node(None, &format!("b{index}"), Shape::Rectangle, (240.0, y - 6.0), &[("label", "")]);
        scene.sized(b, 60.0, 28.0);
        let width = if index % 2 == 0 { "1.5" } else { "3" };
        scene.edge(a, b, "", &[("style.stroke-width", width)], &[(140.0, y + 8.0), (240.0, y + 8.0)]);
        let last = spandrel_graph::EdgeId(index as u32);
        scene.board.edges[last].dst_arrowhead =
            Some(Box::new(Arrowhead { shape: Some(shape), ..Arrowhead::default() }));
    }
    scene
}
