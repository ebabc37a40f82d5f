//! SVG of a drawing: self-contained, real text, no foreign objects, the same bytes for the same drawing.
//!
//! Takes a board with its measures and its drawing; measures and moves nothing. From back to front: marks
//! and containers, edges, leaves, titles and edge labels. Colours that a source names are checked
//! (`crate::safe`) and everything else is escaped, so that a hostile source can at worst be ugly.

mod arrowhead;
mod defs;
mod edge;
mod glyph;
mod hops;
mod icon;
mod legend;
mod node;
mod path;
mod table;
mod text;
pub(crate) mod theme;
pub(crate) mod xml;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use spandrel_base::{IdVec, Rect};
use spandrel_graph::{Board, Node, NodeId, Shape, Style};
use spandrel_layout::{Drawing, Measured, PlacedNode};

use crate::kind::{Look, looks};
use crate::safe;
use defs::Defs;
use theme::Palette;
use xml::{escape, number};

pub(crate) use arrowhead::shape_of as arrowhead_shape;
pub(crate) use defs::is_gradient;
pub(crate) use path::data as path_data;
pub use theme::Theme;

/// How to draw.
#[derive(Clone, Debug)]
pub struct Options {
    /// Light or dark.
    pub theme: Theme,
    /// Free room around the drawing, pixels.
    pub margin: f64,
    /// Whether the ground is painted; else it is transparent.
    pub background: bool,
    /// Begins every id, so that several pictures fit one page. Letters, digits and dashes.
    pub id_prefix: String,
    /// Title for screen readers; the board's name where empty.
    pub title: String,
    /// Fonts and icons to embed.
    pub assets: Assets,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            theme: Theme::Light,
            margin: 24.0,
            background: true,
            id_prefix: "sp".to_owned(),
            title: String::new(),
            assets: Assets::default(),
        }
    }
}

/// What the caller hands over to be embedded: the engine itself carries neither fonts nor icons.
#[derive(Clone, Debug, Default)]
pub struct Assets {
    /// By icon name (`mdi:database`) or by the address that the source gives: the inside of a 24 by 24 SVG,
    /// or a `data:image/…` address. Bodies with scripts, styles or references are refused.
    pub icons: BTreeMap<String, String>,
    /// Font files.
    pub fonts: Vec<FontAsset>,
}

/// A font file to embed.
#[derive(Clone, Debug)]
pub struct FontAsset {
    /// CSS family: `Inter` or `JetBrains Mono`.
    pub family: String,
    /// 400 or 600.
    pub weight: u16,
    /// Slanted.
    pub italic: bool,
    /// `font/woff2`, `font/ttf`…
    pub mime: String,
    /// The file in base 64.
    pub base64: String,
}

/// What the functions of this module share while they write.
pub(crate) struct Context<'a> {
    pub(crate) board: &'a Board,
    pub(crate) measured: &'a Measured,
    pub(crate) drawing: &'a Drawing,
    pub(crate) options: &'a Options,
    pub(crate) looks: IdVec<NodeId, Look>,
    pub(crate) depths: IdVec<NodeId, usize>,
    pub(crate) palette: Palette,
    pub(crate) defs: Defs,
    pub(crate) out: String,
}

/// Writes `drawing` as an SVG document.
pub fn write(board: &Board, measured: &Measured, drawing: &Drawing, options: &Options) -> String {
    let mut depths: IdVec<NodeId, usize> = IdVec::new();
    for node in &board.nodes {
        let depth = node.parent.and_then(|parent| depths.get(parent)).map_or(0, |depth| depth + 1);
        depths.push(depth);
    }
    let mut ctx = Context {
        board,
        measured,
        drawing,
        options,
        looks: looks(board),
        depths,
        palette: Palette::new(options.theme),
        defs: Defs::default(),
        out: String::new(),
    };
    let containers = |id: &NodeId| measured.nodes[*id].surface;
    let ids: Vec<NodeId> = board.nodes.ids().filter(|id| drawing.nodes.get(*id).is_some()).collect();
    for &id in ids.iter().filter(|id| containers(id)) {
        node::container(&mut ctx, id);
    }
    node::marks(&mut ctx);
    for &id in ids.iter().filter(|id| !containers(id)) {
        node::stack(&mut ctx, id);
    }
    edge::lines(&mut ctx);
    for &id in ids.iter().filter(|id| !containers(id)) {
        node::leaf(&mut ctx, id);
    }
    for &id in ids.iter().filter(|id| containers(id)) {
        node::title(&mut ctx, id);
    }
    edge::labels(&mut ctx);
    let mut bounds = finite(drawing.bounds);
    if let Some(legend) = &board.legend
        && let Some(taken) = legend::write(&mut ctx, legend, bounds)
    {
        bounds = bounds.union(taken);
    }
    document(ctx, bounds)
}

/// Puts the head around what has been drawn within `bounds`.
fn document(mut ctx: Context<'_>, bounds: Rect) -> String {
    let options = ctx.options;
    let bounds = bounds.inflate(options.margin);
    let prefix = prefix(options);
    let ground = ctx.palette.get(theme::CANVAS);
    let body = std::mem::take(&mut ctx.out);
    let defs = ctx.defs.write(&prefix, &mut ctx.palette);
    let (nodes, edges) = (ctx.board.nodes.len(), ctx.board.edges.len());
    let name = match (options.title.is_empty(), ctx.board.name.is_empty()) {
        (false, _) => options.title.as_str(),
        (true, false) => ctx.board.name.as_str(),
        _ => "Diagram",
    };
    let mut svg = String::with_capacity(body.len() + 2048);
    let _ = write!(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"{prefix}\" width=\"{w}\" height=\"{h}\" viewBox=\"{x} {y} {w} {h}\" role=\"img\" aria-labelledby=\"{prefix}-title {prefix}-desc\">",
        x = number(bounds.x),
        y = number(bounds.y),
        w = number(bounds.width),
        h = number(bounds.height),
    );
    let _ = write!(
        svg,
        "<title id=\"{prefix}-title\">{}</title><desc id=\"{prefix}-desc\">{nodes} nodes, {edges} connections</desc>",
        escape(name)
    );
    svg.push_str("<style>");
    for font in &options.assets.fonts {
        font_face(&mut svg, font);
    }
    svg.push_str(&ctx.palette.rules(&prefix));
    let _ = write!(
        svg,
        ".{prefix} text{{font-family:Inter,system-ui,-apple-system,\"Segoe UI\",Roboto,sans-serif;font-kerning:none;font-variant-ligatures:none}}\
         .{prefix} .b{{font-weight:600}}.{prefix} .i{{font-style:italic}}\
         .{prefix} .m{{font-family:\"JetBrains Mono\",ui-monospace,Menlo,Consolas,monospace}}"
    );
    if ctx.defs.animated {
        let _ = write!(
            svg,
            "@media (prefers-reduced-motion:no-preference){{.{prefix} .flow{{animation:{prefix}-flow 1s linear infinite}}\
             @keyframes {prefix}-flow{{to{{stroke-dashoffset:-20}}}}}}"
        );
    }
    svg.push_str("</style>");
    svg.push_str(&defs);
    if options.background {
        let fill = ctx.board.root.style.fill.as_deref().and_then(safe::color).map_or(ground, escape);
        let _ = write!(
            svg,
            "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"{fill}\"/>",
            number(bounds.x),
            number(bounds.y),
            number(bounds.width),
            number(bounds.height)
        );
    }
    svg.push_str(&body);
    svg.push_str("</svg>");
    svg
}

/// The id prefix with everything but letters, digits and dashes taken out.
fn prefix(options: &Options) -> String {
    let kept: String = options.id_prefix.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
    if kept.starts_with(|c: char| c.is_ascii_alphabetic()) { kept } else { format!("sp{kept}") }
}

fn font_face(svg: &mut String, font: &FontAsset) {
    let word = |text: &str| text.bytes().all(|b| b.is_ascii_alphanumeric() || b" -/+".contains(&b));
    let base64 = font.base64.bytes().all(|b| b.is_ascii_alphanumeric() || b"+/=".contains(&b));
    if !(word(&font.family) && word(&font.mime) && base64) {
        return;
    }
    let _ = write!(
        svg,
        "@font-face{{font-family:\"{}\";font-weight:{};font-style:{};src:url(data:{};base64,{})}}",
        font.family,
        font.weight,
        if font.italic { "italic" } else { "normal" },
        font.mime,
        font.base64
    );
}

fn finite(rect: Rect) -> Rect {
    let ok = |value: f64| if value.is_finite() { value } else { 0.0 };
    Rect::new(ok(rect.x), ok(rect.y), ok(rect.width), ok(rect.height))
}

/// The ink of a label without a colour of its own that stands on a fill of its node's own.
pub(crate) fn ink_on_fill(node: &Node, placed: &PlacedNode) -> Option<&'static str> {
    let is_filled = !matches!(node.shape, Shape::Text | Shape::Code | Shape::Image);
    let is_inside = placed.label.is_some_and(|label| placed.rect.contains(label.center()));
    let has_own = node.style.font_color.as_deref().and_then(safe::color).is_some();
    if is_filled && is_inside && !has_own { theme::ink_on(&node.style) } else { None }
}

impl Context<'_> {
    /// The text colour of a style, `default` where it sets none.
    pub(crate) fn ink(&mut self, style: &Style, default: theme::Pair) -> String {
        match style.font_color.as_deref().and_then(safe::color) {
            Some(color) => escape(color),
            None => self.palette.get(default),
        }
    }

    /// The colour of a node's label: its own, else what reads on the fill that it stands on.
    pub(crate) fn label_ink(&mut self, id: NodeId) -> String {
        let node = &self.board.nodes[id];
        match ink_on_fill(node, &self.drawing.nodes[id]) {
            Some(ink) => ink.to_owned(),
            None => self.ink(&node.style, theme::INK),
        }
    }

    /// The prefix of ids.
    pub(crate) fn prefix(&self) -> String {
        prefix(self.options)
    }
}

#[cfg(test)]
mod tests;
