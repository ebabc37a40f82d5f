//! Tables and classes: a title strip, rows with hairlines between them, cells in columns.

use std::fmt::Write as _;

use spandrel_base::Rect;
use spandrel_graph::{NodeId, Shape};
use spandrel_layout::measure::cells;

use super::Context;
use super::node::{body, paint};
use super::path::round_rect;
use super::text::{Ink, write_in};
use super::theme;
use super::xml::number;

const RADIUS: f64 = 8.0;

/// Writes a table or class.
pub(crate) fn write(ctx: &mut Context<'_>, id: NodeId) {
    let node = &ctx.board.nodes[id];
    let measured = &ctx.measured.nodes[id];
    let placed = &ctx.drawing.nodes[id];
    let rect = placed.rect;
    let accent = ctx.looks[id].accent;
    // D2 colours the title strip of a table by `fill`, its frame by `stroke`.
    let paint = paint(ctx, node, theme::CARD, theme::CARD_LINE, 1.25, None);
    let ground = ctx.palette.get(theme::CARD);
    let shade = ctx.palette.get(theme::SHADE);
    let d = round_rect(rect.offset(0.0, 1.5), RADIUS);
    let _ = write!(ctx.out, "<path d=\"{d}\" fill=\"{shade}\" fill-opacity=\"0.07\"/>");
    let frame = super::node::Paint { fill: ground, ..paint };
    body(ctx, node, rect, &frame, RADIUS);
    let strip = match (&node.style.fill, accent) {
        (Some(_), _) => paint.fill.clone(),
        (None, Some(accent)) => ctx.palette.mix(accent, theme::HEADER, 0.16),
        (None, None) => ctx.palette.get(theme::HEADER),
    };
    let header = measured.header_height.min(rect.height);
    let radius = node.style.border_radius.unwrap_or(RADIUS).clamp(0.0, header / 2.0);
    let inner = Rect::new(rect.x + 0.6, rect.y + 0.6, rect.width - 1.2, header - 0.6);
    let foot = if measured.rows.is_empty() { radius } else { 0.0 };
    let _ = write!(ctx.out, "<path d=\"{}\" fill=\"{strip}\"/>", strip_path(inner, radius - 0.6, foot));
    if let Some((block, at)) = measured.label.as_ref().zip(placed.label) {
        let color = ctx.label_ink(id);
        let ink = Ink { color: &color, link: &color, underline: node.style.underline == Some(true) };
        write_in(&mut ctx.out, block, at, &ink);
    }
    rows(ctx, id, rect);
}

fn rows(ctx: &mut Context<'_>, id: NodeId, rect: Rect) {
    let node = &ctx.board.nodes[id];
    let measured = &ctx.measured.nodes[id];
    let hair = ctx.palette.get(theme::ROW_LINE);
    let strong = ctx.palette.get(theme::CARD_LINE);
    let name = ctx.palette.get(theme::INK);
    let muted = ctx.palette.get(theme::MUTED);
    let is_class = node.shape == Shape::Class;
    for (index, (row, places)) in measured.rows.iter().zip(cells(node, measured, rect)).enumerate() {
        let top = rect.y + measured.header_height + index as f64 * measured.row_height;
        // A class has its fields above a stronger line and its methods below.
        let edge = index == 0 || is_class && index == node.fields.len();
        let color = if edge { &strong } else { &hair };
        if edge || !is_class {
            let _ = write!(
                ctx.out,
                "<path d=\"M{} {}h{}\" stroke=\"{color}\" fill=\"none\"/>",
                number(rect.x + 0.5),
                number(top),
                number(rect.width - 1.0)
            );
        }
        let member = if index < node.fields.len() {
            node.fields.get(index).map(|field| field.underline)
        } else {
            node.methods.get(index - node.fields.len()).map(|method| method.underline)
        };
        for (column, (block, place)) in row.iter().zip(places).enumerate() {
            let is_name = column == usize::from(is_class);
            let ink = Ink {
                color: if is_name { &name } else { &muted },
                link: &name,
                underline: is_class && is_name && member == Some(true),
            };
            write_in(&mut ctx.out, block, place, &ink);
        }
    }
}

/// A strip rounded at the top by `radius` and at the bottom by `foot`.
fn strip_path(rect: Rect, radius: f64, foot: f64) -> String {
    let n = number;
    let (r, f) = (radius.max(0.0), foot.max(0.0));
    let (x, y, right, bottom) = (rect.x, rect.y, rect.right(), rect.bottom());
    format!(
        "M{} {}V{}A{r} {r} 0 0 1 {} {}H{}A{r} {r} 0 0 1 {} {}V{}A{f} {f} 0 0 1 {} {}H{}A{f} {f} 0 0 1 {} {}Z",
        n(x),
        n(bottom - f),
        n(y + r),
        n(x + r),
        n(y),
        n(right - r),
        n(right),
        n(y + r),
        n(bottom - f),
        n(right - f),
        n(bottom),
        n(x + f),
        n(x),
        n(bottom - f),
        r = n(r),
        f = n(f)
    )
}
