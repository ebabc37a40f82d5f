//! Nodes.

use spandrel_base::{Point, Rect};
use spandrel_graph::{Block, Board, Node as GraphNode, NodeId, Shape, Style};
use spandrel_layout::measure::cells;
use spandrel_layout::{Align, Drawing, Face, Measured, Side, TextBlock};

use super::wire::{
    Area, Extent, Handle, HandleType, Lifeline, Node, NodeData, NodeStyle, Size, Spot, TableRow, TextRun,
};
use super::{Ends, Options, short, side};
use crate::kind::look;
use crate::{safe, svg};

/// Above every container, below every leaf.
pub(super) const EDGE_Z: u32 = 1000;

pub(super) fn convert(
    board: &Board,
    measured: &Measured,
    drawing: &Drawing,
    ends: &Ends,
    id: NodeId,
    options: Options,
) -> Node {
    let node = &board.nodes[id];
    let placed = &drawing.nodes[id];
    let rect = placed.rect;
    let origin = node
        .parent
        .and_then(|parent| drawing.nodes.get(parent))
        .map_or(Point::default(), |parent| parent.rect.origin());
    let (source_position, target_position) = flow(board, id);
    let size = Size { width: short(rect.width), height: short(rect.height) };
    Node {
        id: node.id.clone(),
        r#type: if measured.nodes[id].surface {
            "container".to_owned()
        } else {
            node.shape.keyword().to_owned()
        },
        position: rect.origin().offset(-origin.x, -origin.y).into(),
        parent_id: node.parent.map(|parent| board.nodes[parent].id.clone()),
        extent: (options.extent && node.parent.is_some()).then_some(Extent::Parent),
        width: size.width,
        height: size.height,
        measured: size,
        source_position,
        target_position,
        handles: handles(drawing, ends, id),
        z_index: if measured.nodes[id].surface { ends.depths[id] as u32 } else { EDGE_Z + 1 },
        draggable: is_draggable(board, id),
        aria_label: aria_label(board, ends, id),
        data: data(board, measured, drawing, ends, id),
    }
}

/// A handle for every edge end, where the edge really ends.
fn handles(drawing: &Drawing, ends: &Ends, id: NodeId) -> Vec<Handle> {
    let rect = drawing.nodes[id].rect;
    let (out, into) = &ends.by_node[id];
    let mut handles = Vec::with_capacity(out.len() + into.len());
    let all = out.iter().map(|edge| (*edge, HandleType::Source));
    for (edge, kind) in all.chain(into.iter().map(|edge| (*edge, HandleType::Target))) {
        let route = &drawing.edges[edge].route;
        let (end, at_side) = match kind {
            HandleType::Source => (route.points.first(), route.src_side),
            HandleType::Target => (route.points.last(), route.dst_side),
        };
        // An end elsewhere (on a lifeline) gets the nearest point of the node.
        let end = end.copied().unwrap_or_else(|| rect.center());
        let at = Point::new(
            end.x.max(rect.x).min(rect.right()) - rect.x,
            end.y.max(rect.y).min(rect.bottom()) - rect.y,
        );
        handles.push(Handle {
            id: ends.handle(edge, kind),
            r#type: kind,
            position: side(at_side),
            x: short(at.x),
            y: short(at.y),
            width: 0.0,
            height: 0.0,
        });
    }
    handles
}

/// Where edges leave and arrive by default: as the nearest container that says so directs, else down.
fn flow(board: &Board, id: NodeId) -> (&'static str, &'static str) {
    let own = |node: NodeId| board.nodes[node].attrs.text("direction");
    let direction = board.ancestors(id).find_map(own).or_else(|| board.root.attrs.text("direction"));
    let (out, into) = match direction {
        Some("right") => (Side::East, Side::West),
        Some("left") => (Side::West, Side::East),
        Some("up") => (Side::North, Side::South),
        _ => (Side::South, Side::North),
    };
    (side(out), side(into))
}

/// D2 gives no position of its own to what stands in a grid or a sequence diagram, or `near` something.
fn is_draggable(board: &Board, id: NodeId) -> bool {
    let is_sequence = |shape: Option<Shape>| shape == Some(Shape::SequenceDiagram);
    let is_grid = |rows: Option<&str>, columns: Option<&str>| rows.is_some() || columns.is_some();
    if board.nodes[id].attrs.text("near").is_some() {
        return false;
    }
    let in_grid = match board.nodes[id].parent {
        Some(parent) => {
            let attrs = &board.nodes[parent].attrs;
            is_grid(attrs.text("grid-rows"), attrs.text("grid-columns"))
        }
        None => is_grid(board.root.attrs.text("grid-rows"), board.root.attrs.text("grid-columns")),
    };
    let in_sequence = is_sequence(board.root.shape)
        || board.ancestors(id).any(|ancestor| is_sequence(Some(board.nodes[ancestor].shape)));
    !(in_grid || in_sequence)
}

/// What a node is called: the first line of its label, else its name.
pub(super) fn name(node: &GraphNode) -> &str {
    let line = node.label.text.lines().find(|line| !line.trim().is_empty()).unwrap_or("");
    let line = if node.label.block.is_some() { line.trim_start_matches(['#', ' ']) } else { line };
    if line.is_empty() { &node.name } else { line.trim() }
}

fn aria_label(board: &Board, ends: &Ends, id: NodeId) -> String {
    let node = &board.nodes[id];
    let kind = look(board, id).kind;
    let mut label = name(node).to_owned();
    if kind != "default" {
        label.push_str(", ");
        label.push_str(kind);
    }
    if let Some(parent) = node.parent {
        label.push_str(", in ");
        label.push_str(name(&board.nodes[parent]));
    }
    let (out, into) = &ends.by_node[id];
    label.push_str(&format!(", {} in, {} out", into.len(), out.len()));
    label
}

fn data(board: &Board, measured: &Measured, drawing: &Drawing, ends: &Ends, id: NodeId) -> NodeData {
    let node = &board.nodes[id];
    let sizes = &measured.nodes[id];
    let placed = &drawing.nodes[id];
    let rect = placed.rect;
    let own = Rect::at(Point::default(), rect.size());
    let inside = |part: Rect| Area::from(part.offset(-rect.x, -rect.y));
    let look = look(board, id);
    let is_table = matches!(node.shape, Shape::SqlTable | Shape::Class);
    let drawn = sizes.drawn(node.shape);
    let details = drawn.details(own);
    let text = |keyword: &str| node.attrs.text(keyword).filter(|text| !text.is_empty());
    let block = node.label.block.as_ref();
    let rows = is_table.then(|| {
        let places = cells(node, sizes, own);
        sizes
            .rows
            .iter()
            .zip(places)
            .map(|(row, places)| TableRow {
                cells: row.iter().map(|cell| lines(cell).join("\n")).collect(),
                x: places.iter().map(|place| short(place.x)).collect(),
            })
            .collect()
    });
    let relative = |point: Point| Spot::from(point.offset(-rect.x, -rect.y));
    NodeData {
        label: node.label.text.clone(),
        node_type: look.kind,
        shape: node.shape.keyword(),
        iconify_id: look.icon,
        icon_url: text("icon")
            .filter(|icon| icon.contains('/'))
            .and_then(|icon| safe::link(icon).or_else(|| safe::raster(icon)))
            .map(str::to_owned),
        validated: true,
        source: "engine",
        style: NodeStyle { ink: svg::ink_on_fill(node, placed), ..style(&node.style, sizes.label.as_ref()) },
        tooltip: text("tooltip").map(str::to_owned),
        link: text("link").and_then(safe::link).map(str::to_owned),
        pinned: placed.pinned,
        outline: (!drawn.is_rectangular()).then(|| svg::path_data(&drawn.outline(own))),
        details: (!details.is_empty()).then(|| svg::path_data(&details)),
        label_box: placed.label.map(inside),
        lines: sizes.label.as_ref().filter(|_| block.is_none()).map(lines),
        flush_left: sizes.label.as_ref().is_some_and(|label| label.align == Align::Left),
        icon_box: placed.icon.map(inside),
        rows,
        header_height: is_table.then_some(sizes.header_height),
        row_height: is_table.then_some(sizes.row_height),
        markdown: matches!(block, Some(Block::Markdown)).then(|| node.label.text.clone()),
        runs: sizes
            .label
            .as_ref()
            .zip(placed.label)
            .filter(|_| matches!(block, Some(Block::Markdown)))
            .map(|(label, at)| runs(label, at.x - rect.x, at.y - rect.y)),
        code: matches!(block, Some(Block::Code(_) | Block::Latex)).then(|| node.label.text.clone()),
        language: block.filter(|block| **block != Block::Markdown).map(|block| block.language().to_owned()),
        depth: ends.depths[id],
        lifelines: drawing
            .marks
            .iter()
            .filter(|mark| mark.node == id)
            .map(|mark| Lifeline { from: relative(mark.from), to: relative(mark.to) })
            .collect(),
    }
}

/// The pieces of a block whose top-left corner is at (`left`, `top`).
fn runs(block: &TextBlock, left: f64, top: f64) -> Vec<TextRun> {
    let mut runs = Vec::new();
    for line in &block.lines {
        let mut x = left + line.indent;
        for run in &line.runs {
            let face = run.font.face;
            runs.push(TextRun {
                x: short(x),
                y: short(top + line.baseline),
                text: run.text.clone(),
                size: short(run.font.size),
                bold: matches!(face, Face::SemiBold | Face::SemiBoldItalic),
                italic: matches!(face, Face::Italic | Face::SemiBoldItalic),
                mono: face == Face::Mono,
            });
            x += run.width;
        }
    }
    runs
}

/// The text of each line.
pub(super) fn lines(block: &TextBlock) -> Vec<String> {
    block.lines.iter().map(|line| line.runs.iter().map(|run| run.text.as_str()).collect()).collect()
}

/// What a source sets, made safe, with the font that the label was measured in.
pub(super) fn style(style: &Style, label: Option<&TextBlock>) -> NodeStyle {
    let color = |value: &Option<String>| value.as_deref().and_then(safe::color).map(str::to_owned);
    let fill = style.fill.as_deref().and_then(|fill| safe::color(fill).or_else(|| safe::gradient(fill)));
    let font = label.and_then(|block| block.lines.first()?.runs.first()).map(|run| run.font);
    let face = font.map(|font| font.face);
    NodeStyle {
        fill: fill.map(str::to_owned),
        stroke: color(&style.stroke),
        stroke_width: style.stroke_width,
        stroke_dash: style.stroke_dash,
        border_radius: style.border_radius,
        opacity: style.opacity,
        font_color: color(&style.font_color),
        ink: None,
        font_size: font.map(|font| font.size),
        font: (face == Some(Face::Mono)).then_some("mono"),
        bold: face.map(|face| matches!(face, Face::SemiBold | Face::SemiBoldItalic)),
        italic: style.italic,
        underline: style.underline,
        shadow: style.shadow,
        multiple: style.multiple,
        three_d: style.three_d,
        double_border: style.double_border,
        fill_pattern: style.fill_pattern.clone(),
        animated: style.animated,
    }
}
