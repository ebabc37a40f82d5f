//! Edges.

use spandrel_base::{Point, Rect};
use spandrel_graph::{Arrowhead, ArrowheadShape, Board, EdgeId};
use spandrel_layout::{Drawing, Measured, TextBlock};

use super::node::{EDGE_Z, lines, name, style};
use super::wire::{Arrowheads, Edge, EdgeData, EndLabel, HandleType, Marker, Section, Size};
use super::{Ends, short};
use crate::{safe, svg};

/// An end farther than this from its node, in pixels, is not at the node.
const AT_NODE: f64 = 2.0;

pub(super) fn convert(
    board: &Board,
    measured: &Measured,
    drawing: &Drawing,
    ends: &Ends,
    id: EdgeId,
) -> Edge {
    let edge = &board.edges[id];
    let placed = &drawing.edges[id];
    let sizes = &measured.edges[id];
    let points = &placed.route.points;
    let sections = match (points.first(), points.last()) {
        (Some(&start), Some(&end)) if points.len() > 1 => vec![Section {
            start: start.into(),
            bends: points[1..points.len() - 1].iter().map(|&point| point.into()).collect(),
            end: end.into(),
        }],
        _ => Vec::new(),
    };
    let away = |point: Option<&Point>, node| {
        let rect: Rect = drawing.nodes[node].rect;
        point.is_some_and(|point| !rect.inflate(AT_NODE).contains(*point))
    };
    let head = |arrow: bool, head: Option<&Arrowhead>| {
        let shape = svg::arrowhead_shape(head);
        (arrow && shape != ArrowheadShape::None).then(|| shape.keyword())
    };
    let heads = Arrowheads {
        source: head(edge.src_arrow, edge.src_arrowhead.as_deref()),
        target: head(edge.dst_arrow, edge.dst_arrowhead.as_deref()),
    };
    let marker = |head: Option<&str>| head.map(|_| Marker { r#type: "arrowclosed" });
    let end_label = |block: Option<&TextBlock>, rect: Option<Rect>| {
        Some(EndLabel { lines: lines(block?), place: rect?.into() })
    };
    Edge {
        id: ends.keys[id].clone(),
        source: board.nodes[edge.src].id.clone(),
        target: board.nodes[edge.dst].id.clone(),
        source_handle: ends.handle(id, HandleType::Source),
        target_handle: ends.handle(id, HandleType::Target),
        r#type: "spandrel",
        label: (!edge.label.text.is_empty()).then(|| edge.label.text.clone()),
        marker_start: marker(heads.source),
        marker_end: marker(heads.target),
        z_index: EDGE_Z,
        aria_label: aria_label(board, id),
        data: EdgeData {
            sections,
            spline: placed.route.spline,
            free: away(points.first(), edge.src) || away(points.last(), edge.dst),
            label_position: placed.label.map(|rect| rect.center().into()),
            label_size: placed.label.map(|r| Size { width: short(r.width), height: short(r.height) }),
            lines: sizes.label.as_ref().map(lines),
            arrowheads: heads,
            source_label: end_label(sizes.src_label.as_ref(), placed.src_label),
            target_label: end_label(sizes.dst_label.as_ref(), placed.dst_label),
            style: style(&edge.style, sizes.label.as_ref()),
            tooltip: edge.attrs.text("tooltip").filter(|text| !text.is_empty()).map(str::to_owned),
            link: edge.attrs.text("link").and_then(safe::link).map(str::to_owned),
        },
    }
}

fn aria_label(board: &Board, id: EdgeId) -> String {
    let edge = &board.edges[id];
    let (src, dst) = (name(&board.nodes[edge.src]), name(&board.nodes[edge.dst]));
    let words = match (edge.src_arrow, edge.dst_arrow) {
        (true, true) => format!("{src} to and from {dst}"),
        (true, false) => format!("{dst} to {src}"),
        (false, true) => format!("{src} to {dst}"),
        (false, false) => format!("{src} with {dst}"),
    };
    let label = edge.label.text.trim();
    if label.is_empty() { words } else { format!("{words}: {}", label.replace('\n', " ")) }
}
