//! Boards to drawings: what must hold for any of them.

use spandrel_base::{Budget, Rect};
use spandrel_graph::{Attrs, Board, Edge, Label, Node, NodeId, Shape, Style};
use spandrel_layout::{Drawing, Options, lay_out, measure};

fn add(board: &mut Board, name: &str, parent: Option<NodeId>) -> NodeId {
    let id = parent.map_or_else(|| name.to_owned(), |p| format!("{}.{name}", board.nodes[p].id));
    let node = board.nodes.push(Node {
        id,
        name: name.to_owned(),
        parent,
        children: Vec::new(),
        label: Label::plain(name),
        shape: Shape::Rectangle,
        attrs: Attrs::default(),
        style: Style::default(),
        columns: Vec::new(),
        fields: Vec::new(),
        methods: Vec::new(),
        origins: Vec::new(),
    });
    if let Some(parent) = parent {
        board.nodes[parent].children.push(node);
    }
    node
}

fn connect(board: &mut Board, src: NodeId, dst: NodeId, label: &str) {
    let index = board.edges.iter().filter(|e| e.src == src && e.dst == dst).count() as u32;
    board.edges.push(Edge {
        src,
        dst,
        src_arrow: false,
        dst_arrow: true,
        index,
        label: Label::plain(label),
        attrs: Attrs::default(),
        style: Style::default(),
        src_arrowhead: None,
        dst_arrowhead: None,
        src_column: None,
        dst_column: None,
        origins: Vec::new(),
    });
}

fn draw(board: &Board) -> Drawing {
    lay_out(board, &measure(board), &Options::default(), None, &Budget::default())
}

/// A shop: a client, services in a container, their stores in a container inside it.
fn shop() -> Board {
    let mut board = Board::default();
    let client = add(&mut board, "client", None);
    let cloud = add(&mut board, "cloud", None);
    let api = add(&mut board, "api", Some(cloud));
    let worker = add(&mut board, "worker", Some(cloud));
    let data = add(&mut board, "data", Some(cloud));
    let cache = add(&mut board, "cache", Some(data));
    let store = add(&mut board, "store", Some(data));
    let mail = add(&mut board, "mail", None);
    connect(&mut board, client, api, "HTTPS");
    connect(&mut board, api, cache, "");
    connect(&mut board, api, store, "reads and writes");
    connect(&mut board, worker, store, "");
    connect(&mut board, api, worker, "");
    connect(&mut board, worker, mail, "sends");
    connect(&mut board, mail, client, "");
    connect(&mut board, worker, worker, "again");
    connect(&mut board, api, worker, "");
    connect(&mut board, cloud, mail, "");
    board
}

fn check(board: &Board, drawing: &Drawing) {
    for (id, node) in board.nodes.entries() {
        let rect = drawing.nodes[id].rect;
        assert!(rect.x.is_finite() && rect.y.is_finite(), "{}", node.id);
        if let Some(parent) = node.parent {
            assert!(
                drawing.nodes[parent].rect.inflate(0.01).contains_rect(rect),
                "{} lies in its container",
                node.id
            );
        }
        for (other, second) in board.nodes.entries() {
            if other <= id || board.is_inside(id, other) || board.is_inside(other, id) {
                continue;
            }
            assert!(
                !rect.inflate(-0.01).overlaps(drawing.nodes[other].rect),
                "{} over {}",
                node.id,
                second.id
            );
        }
    }
    for (id, edge) in board.edges.entries() {
        let route = &drawing.edges[id].route;
        assert!(route.points.len() >= 2, "{}", board.edge_key(id));
        let on_border = |rect: Rect, p| rect.inflate(0.01).contains(p) && !rect.inflate(-0.01).contains(p);
        let last = route.points[route.points.len() - 1];
        assert!(on_border(drawing.nodes[edge.src].rect, route.points[0]), "{}", board.edge_key(id));
        assert!(on_border(drawing.nodes[edge.dst].rect, last), "{}", board.edge_key(id));
        for pair in route.points.windows(2) {
            let (a, b) = (pair[0], pair[1]);
            assert!(
                (a.x - b.x).abs() < 0.01 || (a.y - b.y).abs() < 0.01,
                "orthogonal: {}",
                board.edge_key(id)
            );
            for (node, n) in board.nodes.entries() {
                if n.is_container() || node == edge.src || node == edge.dst {
                    continue;
                }
                let rect = drawing.nodes[node].rect.inflate(-0.5);
                let way = Rect::new(a.x.min(b.x), a.y.min(b.y), (a.x - b.x).abs(), (a.y - b.y).abs());
                assert!(!rect.overlaps(way.inflate(0.01)), "{} runs through {}", board.edge_key(id), n.id);
            }
        }
    }
}

#[test]
fn a_board_with_nested_containers_is_drawn_validly() {
    let board = shop();
    let drawing = draw(&board);
    check(&board, &drawing);
    assert!(
        drawing.edges.iter().zip(&board.edges).all(|(d, e)| d.label.is_some() != e.label.text.is_empty())
    );
}

#[test]
fn the_same_board_gives_the_same_drawing() {
    assert_eq!(draw(&shop()), draw(&shop()));
}

#[test]
fn an_empty_board_and_a_lonely_node_are_drawn() {
    assert_eq!(draw(&Board::default()).nodes.len(), 0);
    let mut board = Board::default();
    add(&mut board, "a", None);
    check(&board, &draw(&board));
}

#[test]
fn five_hundred_levels_are_no_problem() {
    let mut board = Board::default();
    let mut parent = None;
    let mut first = None;
    for _ in 0..500 {
        let node = add(&mut board, "x", parent);
        first.get_or_insert(node);
        parent = Some(node);
    }
    let outside = add(&mut board, "outside", None);
    connect(&mut board, parent.unwrap(), outside, "");
    let drawing = draw(&board);
    assert!(drawing.nodes[first.unwrap()].rect.height.is_finite());
}
