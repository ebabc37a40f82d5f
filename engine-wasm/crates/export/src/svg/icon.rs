//! Icons and images: what the caller handed over, else a plain sign of the kind.

use std::fmt::Write as _;

use spandrel_base::Rect;
use spandrel_graph::NodeId;

use super::Context;
use super::theme;
use super::xml::{escape, number};
use crate::safe;

/// Pictures that may be embedded by address: they are data themselves.
const DATA_IMAGES: [&str; 5] = [
    "data:image/png;base64,",
    "data:image/jpeg;base64,",
    "data:image/gif;base64,",
    "data:image/webp;base64,",
    "data:image/svg+xml;base64,",
];

/// Writes the icon of a node into `rect`.
pub(crate) fn write(ctx: &mut Context<'_>, id: NodeId, rect: Rect) {
    let node = &ctx.board.nodes[id];
    let look = ctx.looks[id];
    let named = node.attrs.text("icon");
    let color = match look.accent {
        Some(accent) => ctx.palette.get(accent),
        None => ctx.palette.get(theme::MUTED),
    };
    let icons = &ctx.options.assets.icons;
    let body = named.and_then(|name| icons.get(name)).or_else(|| icons.get(look.icon));
    if let Some(body) = body
        && embed(&mut ctx.out, body, rect, &color)
    {
        return;
    }
    let sign = super::glyph::of(look.kind).unwrap_or("M5 5h14v14H5zM5 9.500h14");
    let scale = rect.width / 24.0;
    let _ = write!(
        ctx.out,
        "<path d=\"{sign}\" transform=\"translate({} {}) scale({})\" fill=\"none\" stroke=\"{color}\" stroke-width=\"1.75\" stroke-linecap=\"round\" stroke-linejoin=\"round\"/>",
        number(rect.x),
        number(rect.y),
        (scale * 1000.0).round() / 1000.0
    );
}

/// Writes the picture of an image node; an empty frame with a sign where it was not handed over.
pub(crate) fn image(ctx: &mut Context<'_>, id: NodeId, rect: Rect) {
    let node = &ctx.board.nodes[id];
    let name = node.attrs.text("icon").unwrap_or("");
    let color = ctx.palette.get(theme::MUTED);
    let icons = &ctx.options.assets.icons;
    let body = icons.get(name).or_else(|| icons.get(ctx.looks[id].icon)).cloned();
    if let Some(body) = body
        && embed(&mut ctx.out, &body, rect, &color)
    {
        return;
    }
    let (fill, line) = (ctx.palette.get(theme::CODE), ctx.palette.get(theme::CARD_LINE));
    let _ = write!(
        ctx.out,
        "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"8\" fill=\"{fill}\" stroke=\"{line}\" stroke-dasharray=\"4 3\"/>",
        number(rect.x),
        number(rect.y),
        number(rect.width),
        number(rect.height)
    );
    let side = (rect.width.min(rect.height) * 0.5).max(8.0);
    let middle = rect.center();
    write(ctx, id, Rect::new(middle.x - side / 2.0, middle.y - side / 2.0, side, side));
}

/// Embeds markup or a data address; `false` where it is neither or not harmless.
fn embed(out: &mut String, body: &str, rect: Rect, color: &str) -> bool {
    let place = format!(
        "x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"",
        number(rect.x),
        number(rect.y),
        number(rect.width),
        number(rect.height)
    );
    if DATA_IMAGES.iter().any(|start| body.starts_with(start)) {
        let _ = write!(out, "<image {place} href=\"{}\"/>", escape(body));
        return true;
    }
    if body.trim_start().starts_with('<') && safe::is_drawing(body) {
        let _ =
            write!(out, "<svg {place} viewBox=\"0 0 24 24\" color=\"{color}\" fill=\"{color}\">{body}</svg>");
        return true;
    }
    false
}
