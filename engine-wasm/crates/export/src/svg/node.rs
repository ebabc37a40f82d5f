//! Nodes: containers as tinted surfaces, leaves as cards or silhouettes, and marks.

use std::fmt::Write as _;

use spandrel_base::{Point, Rect};
use spandrel_graph::{Node, NodeId, Shape};
use spandrel_layout::Mark;
use spandrel_layout::measure::DEPTH;

use super::path::{data, round_rect};
use super::text::{Ink, write_in};
use super::theme::{self, Pair};
use super::xml::{escape, id as xml_id, number};
use super::{Context, icon, table};
use crate::safe;

/// Corner radius of cards and of containers, pixels.
const CARD_RADIUS: f64 = 8.0;
const CONTAINER_RADIUS: f64 = 12.0;
/// Width of the band that shows the kind of a card.
const BAND: f64 = 4.0;

/// Colours and line of one shape, as attribute values.
pub(crate) struct Paint {
    /// What is drawn with it.
    pub(crate) shape: Shape,
    pub(crate) fill: String,
    pub(crate) stroke: String,
    pub(crate) width: f64,
    pub(crate) dash: String,
}

/// The surface of a container.
pub(crate) fn container(ctx: &mut Context<'_>, id: NodeId) {
    let node = &ctx.board.nodes[id];
    let rect = ctx.drawing.nodes[id].rect;
    let level = ctx.depths[id].min(theme::SURFACES.len() - 1);
    let (surface, line) = theme::SURFACES[level];
    let paint = paint(ctx, node, surface, line, 1.0, None);
    let paint = Paint { shape: node.shape.around_children(), ..paint };
    open(ctx, id);
    match node.shape {
        Shape::SequenceDiagram if node.style.fill.is_none() => {
            let paint = Paint { fill: ctx.palette.get(theme::CANVAS), ..paint };
            body(ctx, node, rect, &paint, CONTAINER_RADIUS);
        }
        Shape::Text | Shape::Code => {}
        _ => body(ctx, node, rect, &paint, CONTAINER_RADIUS),
    }
    ctx.out.push_str("</g>");
}

/// The title and icon of a container, above the edges.
pub(crate) fn title(ctx: &mut Context<'_>, id: NodeId) {
    let node = &ctx.board.nodes[id];
    let placed = &ctx.drawing.nodes[id];
    let Some((block, rect)) = ctx.measured.nodes[id].label.as_ref().zip(placed.label) else {
        icon_of(ctx, id, node);
        return;
    };
    let color = ctx.label_ink(id);
    let link = ctx.palette.get(theme::LINK);
    let opacity = opacity(node);
    let _ = write!(ctx.out, "<g{opacity}>");
    // A lifeline may run under the title of a group.
    let crossed =
        |mark: &Mark| rect.x < mark.from.x && mark.from.x < rect.right() && mark.from.x == mark.to.x;
    if ctx.drawing.marks.iter().any(crossed) {
        let level = ctx.depths[id].min(theme::SURFACES.len() - 1);
        let ground = ctx.palette.get(theme::SURFACES[level].0);
        let pill = round_rect(rect.inflate(3.0), 4.0);
        let _ = write!(ctx.out, "<path d=\"{pill}\" fill=\"{ground}\"/>");
    }
    let ink = Ink { color: &color, link: &link, underline: node.style.underline == Some(true) };
    write_in(&mut ctx.out, block, rect, &ink);
    icon_of(ctx, id, node);
    ctx.out.push_str("</g>");
}

/// The copy behind a leaf that stands for many: below the edges, so that it hides no arrowhead.
pub(crate) fn stack(ctx: &mut Context<'_>, id: NodeId) {
    let node = &ctx.board.nodes[id];
    if node.style.multiple != Some(true) {
        return;
    }
    let rect = ctx.drawing.nodes[id].rect;
    let accent = ctx.looks[id].accent.filter(|_| !matches!(node.shape, Shape::SqlTable | Shape::Class));
    let paint = paint(ctx, node, theme::CARD, theme::CARD_LINE, 1.25, accent);
    let _ = write!(
        ctx.out,
        "<path d=\"{}\"{}{}/>",
        outline(node, paint.shape, rect.offset(DEPTH, -DEPTH), CARD_RADIUS),
        attributes(&paint),
        opacity(node)
    );
}

/// A leaf with all that is inside it.
pub(crate) fn leaf(ctx: &mut Context<'_>, id: NodeId) {
    let node = &ctx.board.nodes[id];
    let placed = &ctx.drawing.nodes[id];
    let rect = placed.rect;
    let look = ctx.looks[id];
    open(ctx, id);
    match node.shape {
        Shape::SqlTable | Shape::Class => table::write(ctx, id),
        Shape::Text => {
            if super::node::shows_code(node) {
                code_sheet(ctx, node, rect);
            } else if node.style.fill.is_some() || node.style.stroke.is_some() {
                let paint = paint(ctx, node, theme::CANVAS, theme::CANVAS, 0.0, None);
                body(ctx, node, rect, &paint, 4.0);
            }
        }
        Shape::Code => code_sheet(ctx, node, rect),
        Shape::Image => icon::image(ctx, id, rect),
        Shape::Note => {
            let paint = paint(ctx, node, theme::NOTE, Pair("#e5d9a8", "#6b5f2e"), 1.0, None);
            body(ctx, node, rect, &paint, CARD_RADIUS);
        }
        Shape::Span => {
            let (fill, line) = theme::SURFACES[1];
            let paint = paint(ctx, node, fill, line, 1.0, None);
            body(ctx, node, rect, &paint, 3.0);
        }
        _ => {
            let paint = paint(ctx, node, theme::CARD, theme::CARD_LINE, 1.25, look.accent);
            shade(ctx, node, rect);
            body(ctx, node, rect, &paint, CARD_RADIUS);
            let is_card = matches!(node.shape, Shape::Rectangle | Shape::Square);
            if let (true, Some(accent)) = (is_card && node.style.fill.is_none(), look.accent) {
                band(ctx, node, rect, accent);
            }
        }
    }
    if !matches!(node.shape, Shape::SqlTable | Shape::Class) {
        icon_of(ctx, id, node);
        if let Some((block, at)) = ctx.measured.nodes[id].label.as_ref().zip(ctx.drawing.nodes[id].label) {
            let color = ctx.label_ink(id);
            let link = ctx.palette.get(theme::LINK);
            let ink = Ink { color: &color, link: &link, underline: node.style.underline == Some(true) };
            write_in(&mut ctx.out, block, at, &ink);
        }
    }
    signs(ctx, node, rect);
    close(ctx, id);
}

/// Lifelines and other strokes that belong to a node.
pub(crate) fn marks(ctx: &mut Context<'_>) {
    let color = ctx.palette.get(theme::CARD_LINE);
    for mark in &ctx.drawing.marks {
        let _ = write!(
            ctx.out,
            "<path d=\"M{} {}L{} {}\" stroke=\"{color}\" stroke-width=\"1.25\" stroke-dasharray=\"5 4\" fill=\"none\"/>",
            number(mark.from.x),
            number(mark.from.y),
            number(mark.to.x),
            number(mark.to.y)
        );
    }
}

/// Whether a text node shows code rather than prose.
pub(crate) fn shows_code(node: &Node) -> bool {
    use spandrel_graph::Block;
    node.shape == Shape::Code || matches!(node.label.block, Some(Block::Code(_) | Block::Latex))
}

/// Opens the group of a node: stable id, the node's own id, name and link.
fn open(ctx: &mut Context<'_>, id: NodeId) {
    let node = &ctx.board.nodes[id];
    let target = node.attrs.text("link").and_then(safe::link).filter(|_| !ctx.measured.nodes[id].surface);
    if let Some(target) = target {
        let _ = write!(ctx.out, "<a href=\"{}\" rel=\"noopener\" target=\"_blank\">", escape(target));
    }
    let prefix = ctx.prefix();
    let _ = write!(
        ctx.out,
        "<g id=\"{}\" data-id=\"{}\" data-kind=\"{}\"{}>",
        xml_id(&format!("{prefix}-n-"), &node.id),
        escape(&node.id),
        ctx.looks[id].kind,
        opacity(node)
    );
    let name = if node.label.text.trim().is_empty() { &node.name } else { &node.label.text };
    let name = name.lines().next().unwrap_or("");
    let tooltip = node.attrs.text("tooltip").map(|text| format!(": {text}")).unwrap_or_default();
    let _ = write!(ctx.out, "<title>{}{}</title>", escape(name), escape(&tooltip));
}

fn close(ctx: &mut Context<'_>, id: NodeId) {
    ctx.out.push_str("</g>");
    let linked = ctx.board.nodes[id].attrs.text("link").and_then(safe::link).is_some();
    if linked && !ctx.measured.nodes[id].surface {
        ctx.out.push_str("</a>");
    }
}

fn opacity(node: &Node) -> String {
    match node.style.opacity {
        Some(opacity) if opacity < 1.0 => format!(" opacity=\"{}\"", number(opacity.max(0.0))),
        _ => String::new(),
    }
}

/// What the source sets, else the theme's colours, tinted by the accent of the node's kind.
pub(crate) fn paint(
    ctx: &mut Context<'_>,
    node: &Node,
    fill: Pair,
    line: Pair,
    width: f64,
    accent: Option<Pair>,
) -> Paint {
    let prefix = ctx.prefix();
    let fill = match node.style.fill.as_deref().and_then(|text| ctx.defs.paint(&prefix, text)) {
        Some(paint) => paint,
        None => match accent {
            Some(accent) => ctx.palette.mix(accent, fill, 0.07),
            None => ctx.palette.get(fill),
        },
    };
    let stroke = match node.style.stroke.as_deref().and_then(safe::color) {
        Some(color) => escape(color),
        None => match accent {
            Some(accent) => ctx.palette.mix(accent, line, 0.55),
            None => ctx.palette.get(line),
        },
    };
    let width = node.style.stroke_width.unwrap_or(width).clamp(0.0, 15.0);
    let dash = match node.style.stroke_dash {
        Some(dash) if dash > 0.0 => {
            format!(" stroke-dasharray=\"{} {}\"", number(dash * 1.6), number(dash * 1.2))
        }
        _ => String::new(),
    };
    Paint { shape: node.shape, fill, stroke, width, dash }
}

/// The hairline shadow under a card: an outline one pixel lower, so that even a thousand cards cost
/// nothing. `shadow: true` gets a real one.
fn shade(ctx: &mut Context<'_>, node: &Node, rect: Rect) {
    if node.style.shadow == Some(true) || node.style.fill.as_deref() == Some("transparent") {
        return;
    }
    let color = ctx.palette.get(theme::SHADE);
    let d = outline(node, node.shape, rect.offset(0.0, 1.5), CARD_RADIUS);
    let _ = write!(ctx.out, "<path d=\"{d}\" fill=\"{color}\" fill-opacity=\"0.07\"/>");
}

fn outline(node: &Node, shape: Shape, rect: Rect, radius: f64) -> String {
    if shape.is_rectangular() {
        round_rect(rect, node.style.border_radius.unwrap_or(radius))
    } else {
        data(&shape.outline(rect))
    }
}

/// The shape itself, with its stack, its depth, its second border and its pattern.
pub(crate) fn body(ctx: &mut Context<'_>, node: &Node, rect: Rect, paint: &Paint, radius: f64) {
    let prefix = ctx.prefix();
    let attributes = attributes(paint);
    // The copy behind a leaf is there already.
    if node.style.multiple == Some(true) && node.is_container() {
        let d = outline(node, paint.shape, rect.offset(DEPTH, -DEPTH), radius);
        let _ = write!(ctx.out, "<path d=\"{d}\"{attributes}/>");
    }
    let flat = node.style.three_d != Some(true);
    if !flat {
        block(ctx, node, rect, paint, &attributes);
    }
    let radius = if flat { radius } else { 0.0 };
    let d = outline(node, paint.shape, rect, radius);
    let shadow = if node.style.shadow == Some(true) { ctx.defs.shadow(&prefix) } else { String::new() };
    let _ = write!(ctx.out, "<path d=\"{d}\"{attributes}{shadow}/>");
    if let Some(pattern) = node.style.fill_pattern.as_deref().and_then(|name| ctx.defs.pattern(&prefix, name))
    {
        let _ = write!(ctx.out, "<path d=\"{d}\" fill=\"{pattern}\"/>");
    }
    if node.style.double_border == Some(true) {
        let d = outline(node, paint.shape, rect.inflate(-5.0), (radius - 5.0).max(0.0));
        let _ = write!(
            ctx.out,
            "<path d=\"{d}\" fill=\"none\" stroke=\"{}\" stroke-width=\"{}\"/>",
            paint.stroke,
            number(paint.width)
        );
    }
    let details = paint.shape.details(rect);
    if !details.is_empty() {
        let _ = write!(
            ctx.out,
            "<path d=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"{}\"{} stroke-linejoin=\"round\"/>",
            data(&details),
            paint.stroke,
            number(paint.width),
            paint.dash
        );
    }
}

fn attributes(paint: &Paint) -> String {
    format!(
        " fill=\"{}\" stroke=\"{}\" stroke-width=\"{}\"{} stroke-linejoin=\"round\"",
        paint.fill,
        paint.stroke,
        number(paint.width),
        paint.dash
    )
}

/// The top and right side of a block; shapes without straight sides get a copy behind instead.
fn block(ctx: &mut Context<'_>, node: &Node, rect: Rect, paint: &Paint, attributes: &str) {
    if !paint.shape.is_rectangular() {
        let d = outline(node, paint.shape, rect.offset(DEPTH, -DEPTH), 0.0);
        let _ = write!(ctx.out, "<path d=\"{d}\"{attributes}/>");
        return;
    }
    let (l, t, r, b) = (rect.x, rect.y, rect.right(), rect.bottom());
    let points =
        [(l, t), (l + DEPTH, t - DEPTH), (r + DEPTH, t - DEPTH), (r + DEPTH, b - DEPTH), (r, b), (r, t)];
    let list: Vec<String> = points.iter().map(|(x, y)| format!("{} {}", number(*x), number(*y))).collect();
    let _ = write!(ctx.out, "<path d=\"M{}Z\"{attributes}/>", list.join("L"));
    let shade = ctx.palette.get(theme::SHADE);
    let _ = write!(ctx.out, "<path d=\"M{}Z\" fill=\"{shade}\" fill-opacity=\"0.08\"/>", list.join("L"));
    let corner = Point::new(r, t);
    let _ = write!(
        ctx.out,
        "<path d=\"M{} {}l{DEPTH} -{DEPTH}\"{attributes}/>",
        number(corner.x),
        number(corner.y)
    );
}

/// The narrow band at the left that shows the kind: the part of the rounded card left of `BAND`.
fn band(ctx: &mut Context<'_>, node: &Node, rect: Rect, accent: Pair) {
    let r =
        node.style.border_radius.unwrap_or(CARD_RADIUS).min(rect.height / 2.0).min(rect.width / 2.0).max(0.0);
    let color = match node.style.stroke.as_deref().and_then(safe::color) {
        Some(color) => escape(color),
        None => ctx.palette.get(accent),
    };
    let square = node.style.three_d == Some(true) || r <= 0.0;
    let n = number;
    let (x, y, bottom) = (rect.x, rect.y, rect.bottom());
    let d = if square {
        format!("M{} {}h{BAND}v{}h-{BAND}z", n(x), n(y), n(rect.height))
    } else {
        // Where the corner's circle crosses the band's right edge.
        let reach = (r - BAND).max(0.0);
        let dip = if r > BAND { r - (r * r - reach * reach).max(0.0).sqrt() } else { 0.0 };
        let right = BAND.max(0.0);
        let top = if r > BAND {
            format!("M{} {}A{r} {r} 0 0 0 {} {}", n(x + right), n(y + dip), n(x), n(y + r), r = n(r))
        } else {
            format!("M{} {}H{}A{r} {r} 0 0 0 {} {}", n(x + right), n(y), n(x + r), n(x), n(y + r), r = n(r))
        };
        let foot = if r > BAND {
            format!("V{}A{r} {r} 0 0 0 {} {}Z", n(bottom - r), n(x + right), n(bottom - dip), r = n(r))
        } else {
            format!("V{}A{r} {r} 0 0 0 {} {}H{}Z", n(bottom - r), n(x + r), n(bottom), n(x + right), r = n(r))
        };
        top + &foot
    };
    let _ = write!(ctx.out, "<path d=\"{d}\" fill=\"{color}\"/>");
}

fn code_sheet(ctx: &mut Context<'_>, node: &Node, rect: Rect) {
    let paint = paint(ctx, node, theme::CODE, theme::ROW_LINE, 1.0, None);
    body(ctx, node, rect, &paint, 6.0);
}

fn icon_of(ctx: &mut Context<'_>, id: NodeId, node: &Node) {
    if node.shape == Shape::Image && !ctx.measured.nodes[id].surface {
        return;
    }
    if let Some(rect) = ctx.drawing.nodes[id].icon {
        icon::write(ctx, id, rect);
    }
}

/// Small signs in the top right corner: a link to follow, a note to read.
fn signs(ctx: &mut Context<'_>, node: &Node, rect: Rect) {
    let link = node.attrs.text("link").and_then(safe::link).is_some();
    let note = node.attrs.text("tooltip").is_some_and(|text| !text.is_empty());
    let mut x = rect.right() - 4.0;
    for (shown, path) in
        [(link, "M-4 -1.5L4 -1.5M-1 -4.500L4 -1.500L-1 1.500"), (note, "M0 -4V-3.500M0 -1.500V3")]
    {
        if !shown {
            continue;
        }
        let (ground, line) = (ctx.palette.get(theme::CANVAS), ctx.palette.get(theme::MUTED));
        let _ = write!(
            ctx.out,
            "<g transform=\"translate({} {})\"><circle r=\"7.5\" fill=\"{ground}\" stroke=\"{line}\" stroke-width=\"1\"/><path d=\"{path}\" transform=\"scale(.85)\" fill=\"none\" stroke=\"{line}\" stroke-width=\"1.5\" stroke-linecap=\"round\" stroke-linejoin=\"round\"/></g>",
            number(x),
            number(rect.y)
        );
        x -= 18.0;
    }
}
