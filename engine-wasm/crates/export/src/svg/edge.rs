//! Edges: lines with rounded bends, arrowheads, labels on a clear ground.

use std::fmt::Write as _;

use spandrel_base::{Point, Rect};
use spandrel_graph::{Edge, EdgeId, Style};
use spandrel_layout::TextBlock;

use super::path::{distance, rounded, spline, toward};
use super::text::{Ink, write_in};
use super::xml::{escape, id as xml_id, number};
use super::{Context, arrowhead, hops, theme};
use crate::safe;

/// Width of a line where the source says nothing, pixels.
pub(crate) const WIDTH: f64 = 1.5;

/// All lines with their arrowheads.
pub(crate) fn lines(ctx: &mut Context<'_>) {
    let routes: Vec<&[Point]> = ctx
        .drawing
        .edges
        .iter()
        .map(|edge| if edge.route.spline { &[] } else { edge.route.points.as_slice() })
        .collect();
    let hops = hops::find(&routes);
    let ids: Vec<EdgeId> = ctx.board.edges.ids().filter(|id| ctx.drawing.edges.get(*id).is_some()).collect();
    for id in ids {
        line(ctx, id, &hops[id.0 as usize]);
    }
}

fn line(ctx: &mut Context<'_>, id: EdgeId, hops: &[hops::Hop]) {
    let edge = &ctx.board.edges[id];
    let route = &ctx.drawing.edges[id].route;
    if route.points.len() < 2 {
        return;
    }
    let color = match edge.style.stroke.as_deref().and_then(safe::color) {
        Some(color) => escape(color),
        None => ctx.palette.get(theme::EDGE),
    };
    let ground = ctx.palette.get(theme::CANVAS);
    let width = edge.style.stroke_width.unwrap_or(WIDTH).clamp(0.0, 15.0);
    let heads = (
        arrowhead::head(edge.src_arrow, edge.src_arrowhead.as_deref()),
        arrowhead::head(edge.dst_arrow, edge.dst_arrowhead.as_deref()),
    );
    let mut points = route.points.clone();
    let (first, last) = (points[0], points[points.len() - 1]);
    // The line ends where the head begins, or its blunt end would show beside the tip.
    let scale = arrowhead::scale(width);
    if let Some(head) = &heads.0 {
        points[0] = toward(first, points[1], (head.length * scale).min(distance(first, points[1])));
    }
    if let Some(head) = &heads.1 {
        let before = points[points.len() - 2];
        let end = points.len() - 1;
        points[end] = toward(last, before, (head.length * scale).min(distance(last, before)));
    }
    let d = if route.spline { spline(&points) } else { hops::path(&points, hops) };
    let d = if d.is_empty() { rounded(&points) } else { d };
    let prefix = ctx.prefix();
    let key = ctx.board.edge_key(id);
    let opacity = match edge.style.opacity {
        Some(opacity) if opacity < 1.0 => format!(" opacity=\"{}\"", number(opacity.max(0.0))),
        _ => String::new(),
    };
    let _ = write!(
        ctx.out,
        "<g id=\"{}\" data-id=\"{}\"{opacity}><title>{}</title>",
        xml_id(&format!("{prefix}-e-"), &key),
        escape(&key),
        escape(&name(ctx, edge))
    );
    let animated = edge.style.animated == Some(true);
    let dash = dash(&edge.style, width);
    ctx.defs.animated |= animated;
    let class = if animated { " class=\"flow\"" } else { "" };
    let _ = write!(
        ctx.out,
        "<path d=\"{d}\" fill=\"none\" stroke=\"{color}\" stroke-width=\"{}\"{dash}{class}/>",
        number(width)
    );
    if let Some(head) = &heads.0 {
        arrowhead::write(&mut ctx.out, head, first, route.points[1], width, &color, &ground);
    }
    if let Some(head) = &heads.1 {
        let before = route.points[route.points.len() - 2];
        arrowhead::write(&mut ctx.out, head, last, before, width, &color, &ground);
    }
    ctx.out.push_str("</g>");
}

/// The attribute that dashes a line of this style, empty where it is solid.
pub(crate) fn dash(style: &Style, width: f64) -> String {
    match style.stroke_dash {
        Some(dash) if dash > 0.0 => {
            let (on, off) = (dash * (1.0 + width * 0.4), dash * (0.8 + width * 0.3));
            format!(" stroke-dasharray=\"{} {}\"", number(on), number(off))
        }
        _ if style.animated == Some(true) => " stroke-dasharray=\"6 4\"".to_owned(),
        _ => String::new(),
    }
}

/// What a connection is called: its ends, and its label.
fn name(ctx: &Context<'_>, edge: &Edge) -> String {
    let end = |id| {
        let node: &spandrel_graph::Node = &ctx.board.nodes[id];
        let label = node.label.text.lines().next().unwrap_or("");
        if label.trim().is_empty() { node.name.clone() } else { label.to_owned() }
    };
    let arrow = match (edge.src_arrow, edge.dst_arrow) {
        (true, true) => "↔",
        (true, false) => "←",
        (false, true) => "→",
        (false, false) => "–",
    };
    let label = if edge.label.text.is_empty() { String::new() } else { format!(": {}", edge.label.text) };
    format!("{} {arrow} {}{label}", end(edge.src), end(edge.dst))
}

/// All labels of edges, above everything else.
pub(crate) fn labels(ctx: &mut Context<'_>) {
    let ids: Vec<EdgeId> = ctx.board.edges.ids().filter(|id| ctx.drawing.edges.get(*id).is_some()).collect();
    for id in ids {
        let (measured, placed) = (&ctx.measured.edges[id], &ctx.drawing.edges[id]);
        let all = [
            (measured.label.as_ref(), placed.label),
            (measured.src_label.as_ref(), placed.src_label),
            (measured.dst_label.as_ref(), placed.dst_label),
        ];
        for (block, rect) in all {
            if let (Some(block), Some(rect)) = (block, rect) {
                label(ctx, id, block, rect);
            }
        }
    }
}

fn label(ctx: &mut Context<'_>, id: EdgeId, block: &TextBlock, rect: Rect) {
    let edge = &ctx.board.edges[id];
    let prefix = ctx.prefix();
    let ground = match edge.style.fill.as_deref().and_then(|fill| ctx.defs.paint(&prefix, fill)) {
        Some(paint) => paint,
        None => ctx.palette.get(theme::CANVAS),
    };
    let color = ctx.ink(&edge.style, theme::EDGE_INK);
    let link = ctx.palette.get(theme::LINK);
    let opacity = match edge.style.opacity {
        Some(opacity) if opacity < 1.0 => format!(" opacity=\"{}\"", number(opacity.max(0.0))),
        _ => String::new(),
    };
    let _ = write!(
        ctx.out,
        "<g{opacity}><rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"4\" fill=\"{ground}\" fill-opacity=\"0.92\"/>",
        number(rect.x),
        number(rect.y),
        number(rect.width),
        number(rect.height)
    );
    let ink = Ink { color: &color, link: &link, underline: edge.style.underline == Some(true) };
    write_in(&mut ctx.out, block, rect, &ink);
    ctx.out.push_str("</g>");
}
