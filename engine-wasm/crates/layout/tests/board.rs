//! Boards to drawings: what must hold for any of them.

use spandrel_base::{Budget, Rect};
use spandrel_graph::{Attrs, Board, Edge, Label, Node, NodeId, Shape, Style};
use spandrel_layout::{Drawing, Options, StoredDrawing, lay_out, measure};

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
        origins: spandrel_base::Few::None,
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
        origins: spandrel_base::Few::None,
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

fn redraw(board: &Board, before: &Board, drawing: &Drawing) -> Drawing {
    let stored = StoredDrawing::of(before, drawing);
    lay_out(board, &measure(board), &Options::default(), Some(&stored), &Budget::default())
}

#[test]
fn a_stored_drawing_given_back_is_the_same_picture() {
    let board = shop();
    let drawing = draw(&board);
    assert_eq!(redraw(&board, &board, &drawing), drawing);
}

#[test]
fn a_new_node_moves_nobody_and_the_drawing_stays_valid() {
    let before = shop();
    let drawing = draw(&before);
    let mut board = shop();
    let data = board.node_by_id("cloud.data").unwrap();
    let api = board.node_by_id("cloud.api").unwrap();
    let new = add(&mut board, "search", Some(data));
    connect(&mut board, api, new, "asks");
    let after = redraw(&board, &before, &drawing);
    check(&board, &after);
    for (id, node) in before.nodes.entries() {
        let (a, b) = (drawing.nodes[id].rect, after.nodes[id].rect);
        let may_grow = node.is_container() || ["mail", "cloud.worker"].contains(&node.id.as_str());
        assert!(may_grow || a == b, "{} moved from {a:?} to {b:?}", node.id);
    }
}

/// No label of a connection lies over an object that holds nothing.
fn check_labels(board: &Board, drawing: &Drawing) {
    for placed in &drawing.edges {
        let Some(label) = placed.label else { continue };
        for (id, node) in board.nodes.entries() {
            let over = node.children.is_empty() && drawing.nodes[id].rect.overlaps(label);
            assert!(!over, "a label at {label:?} lies over {} at {:?}", node.id, drawing.nodes[id].rect);
        }
    }
}

#[test]
fn labels_that_come_with_an_edit_lie_over_no_object() {
    // Beside each other, too near for a label.
    let mut before = Board::default();
    let root = add(&mut before, "api", None);
    let (queue, worker) = (add(&mut before, "queue", None), add(&mut before, "worker", None));
    connect(&mut before, root, queue, "");
    connect(&mut before, root, worker, "");
    let drawing = draw(&before);
    let mut after = before.clone();
    connect(&mut after, queue, worker, "takes jobs in the order of their coming");
    let joined = redraw(&after, &before, &drawing);
    check(&after, &joined);
    check_labels(&after, &joined);
    // A new object between others, joined by wide labels.
    let mut after = before.clone();
    let new = add(&mut after, "dead letters", None);
    connect(&mut after, worker, new, "what failed more than three times");
    connect(&mut after, new, queue, "again");
    let grown = redraw(&after, &before, &drawing);
    check(&after, &grown);
    check_labels(&after, &grown);
}

#[test]
fn removing_a_node_moves_nobody() {
    let before = shop();
    let drawing = draw(&before);
    let mut board = Board::default();
    for node in before.nodes.iter().filter(|n| n.name != "mail") {
        let parent = node.parent.map(|p| board.node_by_id(&before.nodes[p].id).unwrap());
        add(&mut board, &node.name, parent);
    }
    for edge in &before.edges {
        let end = |n: NodeId| board.node_by_id(&before.nodes[n].id);
        if let (Some(src), Some(dst)) = (end(edge.src), end(edge.dst)) {
            connect(&mut board, src, dst, &edge.label.text);
        }
    }
    let after = redraw(&board, &before, &drawing);
    check(&board, &after);
    for (id, node) in board.nodes.entries() {
        assert_eq!(after.nodes[id].rect, drawing.nodes[before.node_by_id(&node.id).unwrap()].rect);
    }
}

#[test]
fn pins_are_kept_to_the_pixel_and_nothing_overlaps_them() {
    let mut board = shop();
    for (name, left, top) in [("mail", "40", "30"), ("cloud.worker", "300", "90")] {
        let node = board.node_by_id(name).unwrap();
        board.nodes[node].attrs.set_text("left", left);
        board.nodes[node].attrs.set_text("top", top);
    }
    let drawing = draw(&board);
    check(&board, &drawing);
    let rect = |name: &str| drawing.nodes[board.node_by_id(name).unwrap()].rect;
    assert_eq!((rect("mail").x, rect("mail").y), (40.0, 30.0));
    assert_eq!(
        (rect("cloud.worker").x - rect("cloud").x, rect("cloud.worker").y - rect("cloud").y),
        (300.0, 90.0)
    );
}

#[test]
fn routing_alone_moves_no_node() {
    let board = shop();
    let drawing = draw(&board);
    let stored = StoredDrawing::of(&board, &drawing);
    let options = Options { route_only: true, ..Options::default() };
    let after = lay_out(&board, &measure(&board), &options, Some(&stored), &Budget::default());
    check(&board, &after);
    assert!(after.nodes.iter().zip(&drawing.nodes).all(|(a, b)| a.rect == b.rect));
}
