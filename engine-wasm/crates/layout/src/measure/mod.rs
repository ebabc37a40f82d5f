//! Sizes of everything, before layout: text from embedded font metrics, nodes from their text and shape.
//!
//! Takes a board, gives a [`Measured`] beside it. `node` knows how large a node is, `table` the rows of
//! tables and classes, `text`, `markdown` and `glyphs` the text itself, and `inside` where label and icon
//! go once a node has its rectangle.

mod advances;
mod glyphs;
mod inside;
mod markdown;
mod node;
mod position;
mod table;
mod text;

use spandrel_base::{IdVec, Insets, Size};
use spandrel_graph::{Block, Board, Edge, FontFamily, Node, NodeId, Style};

use crate::{Align, Face, Font, Measured, MeasuredEdge, TextBlock, sequence};

pub use glyphs::width as text_width;
pub use inside::{Inside, cells, inside};
pub use node::DEPTH;
pub use position::{Anchor, Position};

/// Size of ordinary labels, pixels an em.
pub const LABEL_SIZE: f64 = 14.0;
/// Size of edge labels.
pub const EDGE_LABEL_SIZE: f64 = 12.0;
/// What an edge label keeps around its text: the pill it stands on.
const PILL: Insets = Insets { top: 2.0, right: 6.0, bottom: 2.0, left: 6.0 };

/// What a caller may tell the measuring stage.
pub struct Options<'a> {
    /// Whether a node gets an icon although its source names none (its kind has one).
    pub has_icon: &'a dyn Fn(NodeId) -> bool,
    /// The size of a node where the caller knows better.
    pub size: &'a dyn Fn(NodeId) -> Option<Size>,
}

impl Default for Options<'_> {
    fn default() -> Self {
        Self { has_icon: &|_| false, size: &|_| None }
    }
}

/// Measures every node and label of `board`.
pub fn measure(board: &Board) -> Measured {
    measure_with(board, &Options::default())
}

/// Measures every node and label of `board` as `options` ask.
pub fn measure_with(board: &Board, options: &Options<'_>) -> Measured {
    let depths = depths(board);
    let roles = sequence::roles(board);
    let nodes = IdVec::from_fn(board.nodes.len(), |id: NodeId| {
        let mut measured = node::measure(&board.nodes[id], depths[id], (options.has_icon)(id), roles[id]);
        if let Some(size) = (options.size)(id) {
            measured.size = size;
        }
        measured
    });
    let edges = board.edges.iter().map(measure_edge).collect();
    Measured { nodes, edges }
}

/// How many containers each node lies in.
fn depths(board: &Board) -> IdVec<NodeId, u32> {
    let mut depths: IdVec<NodeId, u32> = IdVec::new();
    for node in &board.nodes {
        // Parents come before children.
        let depth = node.parent.and_then(|parent| depths.get(parent)).map_or(0, |depth| depth + 1);
        depths.push(depth);
    }
    depths
}

fn measure_edge(edge: &Edge) -> MeasuredEdge {
    let font = font_of(&edge.style, Font { face: Face::Regular, size: EDGE_LABEL_SIZE });
    let end = |head: Option<&spandrel_graph::Arrowhead>| {
        let head = head.filter(|head| !head.label.is_empty())?;
        Some(pill(&shown(&head.label, &head.style), font_of(&head.style, font)))
    };
    MeasuredEdge {
        label: (!edge.label.text.trim().is_empty()).then(|| match &edge.label.block {
            Some(Block::Markdown) => padded(markdown::markdown(&edge.label.text, font.size, None)),
            Some(_) => padded(text::code(&edge.label.text, font.size)),
            None => pill(&shown(&edge.label.text, &edge.style), font),
        }),
        src_label: end(edge.src_arrowhead.as_deref()),
        dst_label: end(edge.dst_arrowhead.as_deref()),
    }
}

/// A label with the room of its pill around it.
fn pill(label: &str, font: Font) -> TextBlock {
    padded(text::label(label, font, Align::Center, None))
}

fn padded(mut block: TextBlock) -> TextBlock {
    block.size.width += PILL.horizontal();
    block.size.height += PILL.vertical();
    for line in &mut block.lines {
        line.baseline += PILL.top;
        if block.align == Align::Left {
            line.indent += PILL.left;
        }
    }
    block
}

/// The text as it is shown: with the letter case that the style asks for.
fn shown(text: &str, style: &Style) -> String {
    style.text_transform.map_or_else(|| text.to_owned(), |transform| transform.apply(text))
}

/// `default` with what the style says about size, weight, slant and family.
fn font_of(style: &Style, default: Font) -> Font {
    let size = style.font_size.map_or(default.size, |size| size.clamp(4.0, 400.0));
    if style.font == Some(FontFamily::Mono) {
        return Font { face: Face::Mono, size };
    }
    let bold = style.bold.unwrap_or(matches!(default.face, Face::SemiBold | Face::SemiBoldItalic));
    let italic = style.italic.unwrap_or(matches!(default.face, Face::Italic | Face::SemiBoldItalic));
    let face = match (bold, italic) {
        _ if default.face == Face::Mono => Face::Mono,
        (false, false) => Face::Regular,
        (true, false) => Face::SemiBold,
        (false, true) => Face::Italic,
        (true, true) => Face::SemiBoldItalic,
    };
    Font { face, size }
}

/// What a source says about where the label goes.
fn label_position(node: &Node) -> Option<Position> {
    node.attrs.text("label.near").and_then(Position::from_keyword)
}

/// What a source says about where the icon goes.
fn icon_position(node: &Node) -> Option<Position> {
    node.attrs.text("icon.near").and_then(Position::from_keyword)
}

#[cfg(test)]
mod tests;
