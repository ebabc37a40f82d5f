use spandrel_base::{IdVec, Point, Rect};
use spandrel_graph::{Attrs, Block, Board, Column, Label, Node, Shape, Style, Value};

use super::*;

fn node(id: &str, shape: Shape, label: &str, attrs: &[(&str, &str)]) -> Node {
    let mut set = Attrs::default();
    for (keyword, value) in attrs {
        set.set(*keyword, Value::Text((*value).to_owned()));
    }
    Node {
        id: id.to_owned(),
        name: id.to_owned(),
        parent: None,
        children: Vec::new(),
        label: Label::plain(label),
        shape,
        style: Style::from_attrs(&set),
        attrs: set,
        columns: Vec::new(),
        fields: Vec::new(),
        methods: Vec::new(),
        origins: spandrel_base::Few::None,
    }
}

fn measured(node: &Node) -> crate::MeasuredNode {
    let board = Board { nodes: IdVec::from_iter([node.clone()]), ..Board::default() };
    measure(&board).nodes[NodeId(0)].clone()
}

#[test]
fn every_shape_holds_its_label() {
    for &shape in Shape::ALL {
        for label in
            ["", "x", "Payment system", "A rather long label that says a lot", "two\nlines of it\nor three"]
        {
            let node = node("a", shape, label, &[]);
            let measured = measured(&node);
            assert!(measured.size.width > 0.0 && measured.size.height > 0.0, "{shape:?}");
            let rect = Rect::at(Point::new(7.0, 9.0), measured.size);
            let inside = inside(&node, &measured, rect);
            assert_eq!(inside.label.is_some(), !label.is_empty(), "{shape:?} {label:?}");
            if let (Some(label), true) = (inside.label, shape != Shape::Image) {
                assert!(rect.inflate(0.5).contains_rect(label), "{shape:?}: {label:?} leaves {rect:?}");
            }
        }
    }
}

#[test]
fn sizes_that_the_source_gives_are_kept_unless_the_text_needs_more() {
    let size = |attrs: &[(&str, &str)], label| measured(&node("a", Shape::Rectangle, label, attrs)).size;
    assert_eq!(size(&[("width", "300"), ("height", "200")], "x"), Size::new(300.0, 200.0));
    let narrow = size(&[("width", "90")], "several words that do not fit");
    assert!(narrow.width < 110.0 && narrow.height > 60.0, "{narrow:?}");
    let circle = measured(&node("a", Shape::Circle, "x", &[("width", "120")])).size;
    assert_eq!(circle, Size::new(120.0, 120.0));
}

#[test]
fn a_card_keeps_room_for_its_icon() {
    let with = node("a", Shape::Rectangle, "Gateway", &[("icon", "mdi:gate")]);
    let without = node("a", Shape::Rectangle, "Gateway", &[]);
    assert!(measured(&with).size.width > measured(&without).size.width + 20.0);
    let sizes = measured(&with);
    let placed = inside(&with, &sizes, Rect::at(Point::default(), sizes.size));
    assert!(placed.icon.unwrap().right() < placed.label.unwrap().x);
}

#[test]
fn containers_have_a_title_strip() {
    let mut outer = node("a", Shape::Rectangle, "Region", &[]);
    outer.children.push(NodeId(1));
    let mut inner = node("a.b", Shape::Rectangle, "b", &[]);
    inner.parent = Some(NodeId(0));
    let board = Board { nodes: IdVec::from_iter([outer.clone(), inner]), ..Board::default() };
    let measured = measure(&board);
    let title = inside(&outer, &measured.nodes[NodeId(0)], Rect::new(0.0, 0.0, 300.0, 200.0)).label.unwrap();
    assert!(title.bottom() < measured.nodes[NodeId(0)].padding.top);
    assert!(measured.nodes[NodeId(0)].size.width >= title.right());
}

#[test]
fn table_rows_have_three_columns() {
    let mut table = node("t", Shape::SqlTable, "users", &[]);
    let column = |name: &str, data_type: &str, keys: &[&str]| Column {
        name: name.into(),
        data_type: data_type.into(),
        constraints: keys.iter().map(|&key| key.into()).collect(),
    };
    table.columns =
        vec![column("id", "uuid", &["primary_key"]), column("a_longer_name", "varchar(255)", &[])];
    let measured = measured(&table);
    assert_eq!(measured.rows.len(), 2);
    assert_eq!(measured.size.height, measured.header_height + 2.0 * measured.row_height);
    let rect = Rect::at(Point::default(), measured.size);
    let cells = cells(&table, &measured, rect);
    assert_eq!(measured.rows[0][2].lines[0].runs[0].text, "PK");
    assert!(cells[1][0].right() < cells[1][1].x);
    assert!(cells[0][2].right() <= rect.right() && cells[1][1].right() <= cells[0][2].x);
}

#[test]
fn style_changes_the_text() {
    let label = |attrs: &[(&str, &str)]| {
        measured(&node("a", Shape::Rectangle, "abc", attrs)).label.unwrap().lines[0].runs[0].clone()
    };
    assert_eq!(label(&[("style.text-transform", "uppercase")]).text, "ABC");
    assert_eq!(label(&[("style.font-size", "28")]).font.size, 28.0);
    assert_eq!(label(&[("style.italic", "true")]).font.face, Face::SemiBoldItalic);
    assert_eq!(label(&[("style.bold", "false")]).font.face, Face::Regular);
    assert_eq!(label(&[("style.font", "mono")]).font.face, Face::Mono);
}

#[test]
fn outside_labels_ask_for_a_margin() {
    let outside = measured(&node("a", Shape::Oval, "hello", &[("label.near", "outside-top-center")]));
    assert!(outside.margin.top > 18.0);
    assert!(outside.size.width < 80.0);
    assert!(measured(&node("a", Shape::Image, "hello", &[])).margin.bottom > 18.0);
}

#[test]
fn markdown_is_set_as_blocks() {
    let mut note = node("a", Shape::Text, "# Title\n\n- one\n- two", &[]);
    note.label.block = Some(Block::Markdown);
    let label = measured(&note).label.unwrap();
    assert_eq!(label.lines.len(), 3);
    assert_eq!(label.lines[0].runs[0].font.face, Face::SemiBold);
    assert!(label.lines[0].runs[0].font.size > 20.0);
}
