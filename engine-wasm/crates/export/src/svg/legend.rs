//! The legend of a board: samples with their names, in a free corner of the drawing or below it.

use std::fmt::Write as _;

use spandrel_base::{Point, Rect};
use spandrel_graph::{Board, Legend, Shape};
use spandrel_layout::measure::text_width;
use spandrel_layout::{Face, Font};

use super::node::{body, paint};
use super::path::round_rect;
use super::xml::{escape, number};
use super::{Context, arrowhead, edge, theme};
use crate::kind::looks;
use crate::safe;

/// Size of a sample, and of the row it stands in.
const SAMPLE: (f64, f64) = (40.0, 24.0);
const ROW: f64 = 36.0;
/// Around everything, and between sample and name.
const PADDING: f64 = 16.0;
const GAP: f64 = 12.0;
/// From the drawing to the legend.
const AWAY: f64 = 28.0;
const NAME: Font = Font { face: Face::Regular, size: 12.0 };
const TITLE: Font = Font { face: Face::SemiBold, size: 13.0 };

/// Draws `legend` in a free corner of `bounds` or below, and gives the rectangle it takes; `None` where it shows nothing.
pub(crate) fn write(ctx: &mut Context<'_>, legend: &Legend, bounds: Rect) -> Option<Rect> {
    // Samples that are hidden exist only to be connected.
    let shown = |opacity: Option<f64>| opacity != Some(0.0);
    let nodes: Vec<_> = legend.nodes.entries().filter(|(_, node)| shown(node.style.opacity)).collect();
    let edges: Vec<_> = legend.edges.iter().filter(|edge| !edge.label.text.is_empty()).collect();
    if nodes.is_empty() && edges.is_empty() {
        return None;
    }
    let title = if legend.label.is_empty() { "Legend" } else { &legend.label };
    let first_line = |text: &str| text.lines().next().unwrap_or("").to_owned();
    let mut names: Vec<String> = nodes.iter().map(|(_, node)| first_line(&node.label.text)).collect();
    names.extend(edges.iter().map(|edge| first_line(&edge.label.text)));
    let widest = names.iter().map(|name| text_width(name, NAME)).fold(0.0, f64::max);
    let width = (SAMPLE.0 + GAP + widest).max(text_width(title, TITLE)) + 2.0 * PADDING;
    let height = PADDING + 20.0 + names.len() as f64 * ROW + PADDING / 2.0;
    // In a free corner where there is one, else below everything.
    let corner = |x, y| Rect::new(x, y, width, height);
    let (right, bottom) = (bounds.right() - width, bounds.bottom() - height);
    let corners = [corner(right, bottom), corner(bounds.x, bottom), corner(right, bounds.y)];
    let below = corner(right, bounds.bottom() + AWAY);
    let rect = corners.into_iter().find(|rect| is_free(ctx, rect.inflate(AWAY))).unwrap_or(below);

    let (surface, line) = (ctx.palette.get(theme::CARD), ctx.palette.get(theme::ROW_LINE));
    let _ = write!(
        ctx.out,
        "<g id=\"{}-legend\"><path d=\"{}\" fill=\"{surface}\" stroke=\"{line}\"/>",
        ctx.prefix(),
        round_rect(rect, 8.0)
    );
    let ink = ctx.palette.get(theme::INK);
    text(ctx, title, Point::new(rect.x + PADDING, rect.y + PADDING + 9.0), TITLE, &ink);
    let sample_at = |index: usize| {
        let y = rect.y + PADDING + 20.0 + index as f64 * ROW + (ROW - SAMPLE.1) / 2.0;
        Rect::new(rect.x + PADDING, y, SAMPLE.0, SAMPLE.1)
    };
    let board = Board { nodes: legend.nodes.clone(), ..Board::default() };
    let looks = looks(&board);
    for (index, (id, node)) in nodes.iter().enumerate() {
        let at = sample_at(index);
        let accent = looks[*id].accent.filter(|_| !matches!(node.shape, Shape::Text));
        let paint = paint(ctx, node, theme::CARD, theme::CARD_LINE, 1.25, accent);
        if matches!(
            node.shape,
            Shape::Person | Shape::C4Person | Shape::Circle | Shape::Square | Shape::Diamond
        ) {
            // Shapes that are as high as wide would be squeezed.
            let middle = at.center();
            body(ctx, node, Rect::new(middle.x - 13.0, middle.y - 13.0, 26.0, 26.0), &paint, 4.0);
        } else {
            body(ctx, node, at, &paint, 4.0);
        }
    }
    for (index, sample) in edges.iter().enumerate() {
        let at = sample_at(nodes.len() + index);
        let color = match sample.style.stroke.as_deref().and_then(safe::color) {
            Some(color) => escape(color),
            None => ctx.palette.get(theme::EDGE),
        };
        let width = sample.style.stroke_width.unwrap_or(edge::WIDTH).clamp(0.0, 8.0);
        let y = at.center().y;
        let dash = edge::dash(&sample.style, width);
        let _ = write!(
            ctx.out,
            "<path d=\"M{} {y}H{}\" stroke=\"{color}\" stroke-width=\"{}\"{dash} fill=\"none\"/>",
            number(at.x),
            number(at.right() - 4.0),
            number(width),
            y = number(y)
        );
        if let Some(head) = arrowhead::head(sample.dst_arrow, sample.dst_arrowhead.as_deref()) {
            let ground = ctx.palette.get(theme::CARD);
            let (tip, from) = (Point::new(at.right(), y), Point::new(at.x, y));
            arrowhead::write(&mut ctx.out, &head, tip, from, width, &color, &ground);
        }
    }
    for (index, name) in names.iter().enumerate() {
        let at = Point::new(rect.x + PADDING + SAMPLE.0 + GAP, sample_at(index).center().y + 4.4);
        text(ctx, name, at, NAME, &ink);
    }
    ctx.out.push_str("</g>");
    Some(rect)
}

/// Whether nothing is drawn in `rect`.
fn is_free(ctx: &Context<'_>, rect: Rect) -> bool {
    let nodes = ctx
        .drawing
        .nodes
        .iter()
        .all(|node| !node.rect.overlaps(rect) && node.label.is_none_or(|label| !label.overlaps(rect)));
    nodes
        && ctx.drawing.edges.iter().all(|edge| {
            let crosses = |pair: &[Point]| {
                let at = |point: Point| Rect::new(point.x, point.y, 0.0, 0.0);
                at(pair[0]).union(at(pair[1])).inflate(1.0).overlaps(rect)
            };
            let labels = [edge.label, edge.src_label, edge.dst_label];
            !edge.route.points.windows(2).any(crosses)
                && labels.into_iter().flatten().all(|label| !label.overlaps(rect))
        })
        && ctx.drawing.marks.iter().all(|mark| !rect.contains(mark.from) && !rect.contains(mark.to))
}

fn text(ctx: &mut Context<'_>, text: &str, at: Point, font: Font, color: &str) {
    let class = if font.face == Face::SemiBold { " class=\"b\"" } else { "" };
    let _ = write!(
        ctx.out,
        "<text x=\"{}\" y=\"{}\" font-size=\"{}\" fill=\"{color}\"{class}>{}</text>",
        number(at.x),
        number(at.y),
        number(font.size),
        escape(text)
    );
}
