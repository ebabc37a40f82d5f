use std::collections::BTreeMap;

use spandrel_base::Budget;

use super::*;
use crate::measure;

fn board(source: &str) -> Board {
    let files: BTreeMap<String, String> = BTreeMap::new();
    let output =
        spandrel_compile::compile(&format!("shape: sequence_diagram\n{source}"), &files, &Budget::default());
    assert!(!output.has_errors(), "{:?}", output.diagnostics);
    output.diagram.root
}

fn draw(board: &Board) -> (BTreeMap<String, Rect>, Inner) {
    let inner = lay_out(board, None, &measure(board));
    let rects = inner.nodes.iter().map(|(id, rect)| (board.nodes[*id].id.clone(), *rect)).collect();
    (rects, inner)
}

#[test]
fn actors_stand_in_order_and_messages_follow_each_other() {
    let board = board(
        "alice: {shape: person}\nbob\ncarol\nalice -> bob: one\nbob -> carol: two\ncarol -> alice: three",
    );
    let (rects, inner) = draw(&board);
    assert!(rects["alice"].right() < rects["bob"].x && rects["bob"].right() < rects["carol"].x);
    // Feet on one line.
    assert_eq!(rects["alice"].bottom(), rects["bob"].bottom());
    let rows: Vec<f64> = inner.edges.iter().map(|(_, edge)| edge.route.points[0].y).collect();
    assert!(rows.windows(2).all(|pair| pair[1] - pair[0] > 20.0), "{rows:?}");
    for (_, edge) in &inner.edges {
        assert_eq!(edge.route.points[0].y, edge.route.points[1].y);
    }
    assert_eq!(inner.marks.len(), 3);
    assert!(inner.marks.iter().all(|mark| mark.to.y > rows[2] && mark.from.y == rects["bob"].bottom()));
}

#[test]
fn labels_fit_between_lifelines() {
    let board = board(
        "a\nb\nc\na -> b: a label that is much longer than the actors are wide\na -> c: and one across two columns that is longer still, so that both must give",
    );
    let (_, inner) = draw(&board);
    for (_, edge) in &inner.edges {
        let (label, points) = (edge.label.unwrap(), &edge.route.points);
        assert!(points[0].x < label.x && label.right() < points[1].x, "{label:?} {points:?}");
    }
}

#[test]
fn spans_cover_their_messages_and_ends_touch_them() {
    let board = board("a\nb\na.call -> b.work: go\nb.work -> b.work.deep: on\nb.work.deep -> a.call: done");
    let (rects, inner) = draw(&board);
    let (work, deep) = (rects["b.work"], rects["b.work.deep"]);
    assert!(work.y < deep.y && deep.bottom() <= work.bottom() + 6.0);
    assert!(deep.x > work.x);
    let first = &inner.edges[0].1.route.points;
    assert_eq!((first[0].x, first[1].x), (rects["a.call"].right(), work.x));
}

#[test]
fn a_message_to_oneself_loops() {
    let board = board("a\nb\na -> a: think\na -> b");
    let (_, inner) = draw(&board);
    let points = &inner.edges[0].1.route.points;
    assert_eq!(points.len(), 4);
    assert!(points[1].x > points[0].x && points[3].y > points[0].y);
}

#[test]
fn groups_frame_what_is_written_inside_them() {
    let board = board(
        "a\nb\nc\na -> b: before\ng: Group {\n  a -> b: in\n  inner: Inner {\n    b -> c: deep\n  }\n}\na -> c: after",
    );
    let (rects, inner) = draw(&board);
    let (outer, nested) = (rects["g"], rects["g.inner"]);
    assert!(outer.contains_rect(nested), "{outer:?} {nested:?}");
    let row = |index: usize| inner.edges[index].1.route.points[0].y;
    assert!(row(0) < outer.y && outer.y < row(1) && row(2) < outer.bottom() && outer.bottom() < row(3));
    assert!(nested.y > row(1) && nested.y < row(2));
    assert_eq!(roles(&board)[board.node_by_id("g").unwrap()], Some(Role::Group));
    assert_eq!(roles(&board)[board.node_by_id("a").unwrap()], Some(Role::Actor));
}

#[test]
fn notes_stand_on_their_lifelines_in_order() {
    let board = board("a\nb\na -> b: one\nb.\"remember this\"\nb -> a: two");
    let (rects, inner) = draw(&board);
    let note = rects["b.remember this"];
    assert!((note.center().x - rects["b"].center().x).abs() < 1.0);
    assert!(
        inner.edges[0].1.route.points[0].y < note.y && note.bottom() < inner.edges[1].1.route.points[0].y
    );
}

#[test]
fn odd_diagrams_end_well() {
    for source in ["", "a", "g: {x: {y}}", "a.b.c.d", "a -> a.b: x\na.b -> a.b", "g: {h: {a -> b}}\na\nb"] {
        let board = board(source);
        let (rects, inner) = draw(&board);
        assert_eq!(rects.len(), board.nodes.len(), "{source}");
        assert!(inner.size.width.is_finite() && inner.size.height.is_finite());
        assert!(rects.values().all(|rect| rect.x >= -1e-6 && rect.y >= -1e-6), "{source}: {rects:?}");
    }
}
