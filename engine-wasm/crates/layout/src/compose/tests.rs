use std::collections::BTreeMap;
use std::fmt::Write as _;

use spandrel_base::Budget;
use spandrel_graph::Board;

use super::*;
use crate::{lay_out as lay_out_board, measure};

fn board(source: &str) -> Board {
    let files: BTreeMap<String, String> = BTreeMap::new();
    let output = spandrel_compile::compile(source, &files, &Budget::default());
    assert!(!output.has_errors(), "{:?}", output.diagnostics);
    output.diagram.root
}

fn draw(board: &Board) -> (Measured, Drawing) {
    let measured = measure(board);
    let drawing = lay_out_board(board, &measured, &Options::default(), None, &Budget::default());
    (measured, drawing)
}

fn rect(board: &Board, drawing: &Drawing, id: &str) -> Rect {
    drawing.nodes[board.node_by_id(id).unwrap_or_else(|| panic!("no {id}"))].rect
}

/// Places to whole pixels, one line a thing.
fn text(board: &Board, drawing: &Drawing) -> String {
    let mut out = String::new();
    for (id, node) in board.nodes.entries() {
        let r = drawing.nodes[id].rect;
        let _ = writeln!(out, "{}: {:.0},{:.0} {:.0}x{:.0}", node.id, r.x, r.y, r.width, r.height);
    }
    for (id, edge) in drawing.edges.entries() {
        let points: Vec<String> =
            edge.route.points.iter().map(|p| format!("{:.0},{:.0}", p.x, p.y)).collect();
        let _ = writeln!(out, "{}: {}", board.edge_key(id), points.join(" "));
    }
    out
}

/// What must hold of every drawing: children in their parents, no leaf over another, every edge
/// orthogonal, from its source to its target, through no foreign leaf.
fn check(source: &str) -> (Board, Drawing) {
    let board = board(source);
    let (_, drawing) = draw(&board);
    for (id, node) in board.nodes.entries() {
        let r = drawing.nodes[id].rect;
        assert!([r.x, r.y, r.width, r.height].iter().all(|n| n.is_finite()));
        if let Some(parent) = node.parent {
            let parent = drawing.nodes[parent].rect;
            assert!(parent.inflate(0.01).contains_rect(r), "{} {r:?} leaves {parent:?}", node.id);
        }
        for (other, second) in board.nodes.entries().filter(|(other, _)| *other > id) {
            let apart = second.parent != node.parent || !drawing.nodes[other].rect.inflate(-0.01).overlaps(r);
            assert!(apart, "{} over {}", node.id, second.id);
        }
    }
    for (id, placed) in drawing.edges.entries() {
        let edge = &board.edges[id];
        let points = &placed.route.points;
        assert!(points.len() > 1, "{}", board.edge_key(id));
        let (src, dst) = (drawing.nodes[edge.src].rect, drawing.nodes[edge.dst].rect);
        assert!(src.inflate(0.5).contains(points[0]), "{}: {points:?} {src:?}", board.edge_key(id));
        assert!(dst.inflate(0.5).contains(points[points.len() - 1]), "{}: {points:?}", board.edge_key(id));
        for pair in points.windows(2) {
            assert!(pair[0].x == pair[1].x || pair[0].y == pair[1].y, "{}: {points:?}", board.edge_key(id));
            let [a, b] = [pair[0], pair[1]].map(|point| Rect::new(point.x, point.y, 0.0, 0.0));
            for (other, node) in board.nodes.entries().filter(|(_, node)| !node.is_container()) {
                let foreign = other != edge.src && other != edge.dst;
                let hit = drawing.nodes[other].rect.inflate(-1.0).overlaps(a.union(b).inflate(0.01));
                assert!(!(foreign && hit), "{} through {}: {points:?}", board.edge_key(id), node.id);
            }
        }
    }
    (board, drawing)
}

#[test]
fn connections_in_a_grid_go_around_cells() {
    let (board, drawing) = check(
        "g: {grid-rows: 3; grid-columns: 3; a; b; c; d; e; f; h; i; j; a -> c; a -> j; c -> h: over; d -> f}",
    );
    insta::assert_snapshot!(text(&board, &drawing));
}

#[test]
fn edges_lead_into_a_grid_from_outside() {
    let (board, drawing) =
        check("g: {grid-columns: 2; a; b: {x -> y}; c; d}\nout -> g.d: to\nout -> g.b.y\ng.a -> other");
    let d = rect(&board, &drawing, "g.d");
    let end = drawing.edges.entries().find(|(id, _)| board.edge_key(*id) == "(out -> g.d)[0]").unwrap().1;
    assert!(d.inflate(0.5).contains(*end.route.points.last().unwrap()));
}

#[test]
fn grids_nest_and_cells_fill_their_slots() {
    let (board, drawing) = check(
        "m: {grid-columns: 2; grid-gap: 10; p: {grid-columns: 1; a; b; c}; q: {grid-columns: 1; d}}\nx -> m",
    );
    let (p, q) = (rect(&board, &drawing, "m.p"), rect(&board, &drawing, "m.q"));
    assert_eq!((p.y, p.height), (q.y, q.height));
    assert!((q.x - p.right() - 10.0).abs() < 0.01);
}

#[test]
fn a_board_may_be_a_grid() {
    let (board, drawing) = check("grid-rows: 1\na\nb: {x -> y}\nc\na -> c");
    assert_eq!(rect(&board, &drawing, "a").y, rect(&board, &drawing, "b").y);
}

#[test]
fn narrow_gaps_and_odd_cells() {
    check(
        "g: {grid-rows: 2; grid-gap: 0; a; b: {shape: circle}; c: {shape: person}; d: {shape: sql_table; id: int}}",
    );
    check("g: {grid-rows: 1; a}\ng2: {grid-columns: 4; x}\ng.a -> g2.x");
    check("g: {grid-rows: 2; width: 600; height: 400; a; b; c}");
}

#[test]
fn edges_into_a_grid_pass_beside_its_title() {
    let source = "v\npops: A Title Of Some Length {grid-columns: 3; a: {x; y}; b: {x; y}; c: {x; y}}\n\
        v -> pops.a\nv -> pops.b\nv -> pops.c\npops.a -> w\npops.c -> w";
    let (board, drawing) = check(source);
    let title = drawing.nodes[board.node_by_id("pops").unwrap()].label.unwrap();
    for placed in &drawing.edges {
        for pair in placed.route.points.windows(2) {
            let [a, b] = [pair[0], pair[1]].map(|p| Rect::new(p.x, p.y, 0.0, 0.0));
            assert!(!title.overlaps(a.union(b).inflate(0.1)), "{:?} over {title:?}", placed.route.points);
        }
    }
}

#[test]
fn titles_and_legends_stand_outside() {
    let (board, drawing) =
        check("title: A title {near: top-center}\nkey: {near: bottom-left; k1; k2}\na -> b -> c");
    assert!(rect(&board, &drawing, "title").bottom() < rect(&board, &drawing, "a").y);
    let key = rect(&board, &drawing, "key");
    assert!(key.y > rect(&board, &drawing, "c").bottom());
    assert!(key.contains_rect(rect(&board, &drawing, "key.k1")));
}

#[test]
fn a_note_stands_beside_its_object() {
    let (board, drawing) = check("a -> b -> c\nn: note {near: b}");
    let (b, n) = (rect(&board, &drawing, "b"), rect(&board, &drawing, "n"));
    assert!(n.x > b.right() && n.x < b.right() + 40.0, "{n:?} {b:?}");
}

#[test]
fn a_sequence_diagram_is_a_box_among_others() {
    let source = "a -> s: see\ns: {shape: sequence_diagram; x -> y: hello; y -> x}\ns -> b";
    let board = board(source);
    let (_, drawing) = draw(&board);
    let s = rect(&board, &drawing, "s");
    for id in ["s.x", "s.y"] {
        assert!(s.contains_rect(rect(&board, &drawing, id)));
    }
    assert_eq!(drawing.marks.len(), 2);
    assert!(!s.overlaps(rect(&board, &drawing, "a")) && !s.overlaps(rect(&board, &drawing, "b")));
}

#[test]
fn a_stored_drawing_reproduces_the_picture() {
    for source in [
        "g: {grid-columns: 2; a; b: {x -> y}; c; d; a -> d}\nout -> g.d: to\nout -> g.b.y\ng.a -> other\nt: {near: top-center}",
        "a -> s.x: see\ns: {shape: sequence_diagram; x -> y: hello; y -> x}\ns -> b -> a",
    ] {
        let board = board(source);
        let (measured, drawing) = draw(&board);
        let stored = StoredDrawing::of(&board, &drawing);
        let again = lay_out_board(&board, &measured, &Options::default(), Some(&stored), &Budget::default());
        assert_eq!(text(&board, &again), text(&board, &drawing));
    }
}

#[test]
fn deep_nesting_of_special_insides_ends() {
    let depth = 60;
    let mut source = String::new();
    for level in 0..depth {
        let _ = writeln!(source, "c{level}: {{ grid-columns: 2; l{level}; ");
    }
    source.push_str("leaf\n");
    source.push_str(&"}\n".repeat(depth));
    check(&source);
}

#[test]
fn large_grids_and_long_sequences_end() {
    let mut grid = String::from("g: {grid-columns: 40\n");
    for n in 0..1200 {
        let _ = writeln!(grid, "n{n}");
    }
    for n in 0..300 {
        let _ = writeln!(grid, "n{n} -> n{}", (n * 7 + 31) % 1200);
    }
    grid.push('}');
    let grid = board(&grid);
    let (_, drawing) = draw(&grid);
    assert!(drawing.edges.iter().all(|edge| edge.route.points.len() > 1));
    let mut talk = String::from("shape: sequence_diagram\n");
    for n in 0..600 {
        let _ = writeln!(talk, "a{} -> a{}.s: m{n}", n % 9, (n * 5 + 1) % 9);
    }
    let talk = board(&talk);
    let (_, drawing) = draw(&talk);
    assert!(drawing.bounds.height.is_finite() && drawing.bounds.height > 600.0 * 10.0);
}
