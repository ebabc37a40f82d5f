//! How large a node is.
//!
//! ```text
//! card                   silhouette            container
//! ┌───────────────┐      ╭───────╮             ┌─────────────────┐
//! │ ◇  Label      │      │  ◇    │             │ ◇ Title         │ ← strip: padding.top
//! │    next line  │      │ Label │             │  ┌───┐   ┌───┐  │
//! └───────────────┘      ╰───────╯             └──┴───┴───┴───┴──┘
//! ```

use spandrel_base::{Insets, Rect, Size};
use spandrel_graph::{Block, Node, Shape};

use super::position::Position;
use super::{LABEL_SIZE, font_of, icon_position, label_position, shown, table, text};
use crate::sequence::Role;
use crate::{Align, Face, Font, MeasuredNode, TextBlock};

/// Edge length of the icon of a card or a title.
pub(super) const CARD_ICON: f64 = 20.0;
/// Edge length of the icon of other shapes, above the label.
pub(super) const LARGE_ICON: f64 = 32.0;
/// Between icon and label.
pub(super) const ICON_GAP: f64 = 10.0;
/// Around the label of a leaf: sideways, and above and below.
const PADDING: (f64, f64) = (16.0, 12.0);
/// The least size of a leaf with a label.
const LEAST: Size = Size::new(72.0, 44.0);
/// Edge length of an image without a size of its own.
const IMAGE: f64 = 96.0;
/// From a container's border to its children; the title strip comes on top of it.
const CONTAINER_PADDING: f64 = 20.0;
/// From a container's border to its title.
pub(super) const TITLE_INSET: (f64, f64) = (16.0, 11.0);
/// Sizes of titles by depth, pixels an em.
const TITLE_SIZES: [f64; 3] = [16.0, 15.0, 14.0];

pub(super) fn measure(node: &Node, depth: u32, kind_has_icon: bool, role: Option<Role>) -> MeasuredNode {
    let surface = match role {
        None => node.is_container(),
        Some(role) => role == Role::Group,
    };
    let mut measured = if surface {
        container(node, depth, role)
    } else {
        match node.shape {
            Shape::SqlTable | Shape::Class => table::measure(node),
            Shape::Text | Shape::Code => bare(node),
            Shape::Image => image(node),
            _ => leaf(node, kind_has_icon),
        }
    };
    let wish = (dimension(node, "width"), dimension(node, "height"));
    let least = least_size(node, &measured);
    if let Some(width) = wish.0 {
        measured.size.width = width.max(least.width);
    }
    if let Some(height) = wish.1 {
        measured.size.height = height.max(least.height);
    }
    if node.shape.is_square() && !surface {
        let side = match wish {
            (Some(_), None) => measured.size.width,
            (None, Some(_)) => measured.size.height,
            _ => measured.size.width.max(measured.size.height),
        };
        measured.size = Size::new(side, side);
    }
    if let Some(position) = label_position(node) {
        measured.margin = position.margin(text::room(measured.label.as_ref()));
    } else if node.shape == Shape::Image && !surface {
        measured.margin = BELOW.margin(text::room(measured.label.as_ref()));
    }
    if node.style.multiple == Some(true) || node.style.three_d == Some(true) {
        measured.margin.top += DEPTH;
        measured.margin.right += DEPTH;
    }
    measured
}

/// How far the copies of a stack and the sides of a block stand off, to the top right.
pub const DEPTH: f64 = 8.0;

/// Where the label of an image goes.
pub(super) const BELOW: Position = Position {
    x: super::position::Anchor::Middle,
    y: super::position::Anchor::End,
    outside: true,
    border: false,
};

/// An explicit `width` or `height` in pixels.
fn dimension(node: &Node, keyword: &str) -> Option<f64> {
    node.attrs.number(keyword).filter(|length| *length > 0.0).map(|length| length.min(20_000.0))
}

/// What a wished size must not go below: text stays inside.
fn least_size(node: &Node, measured: &MeasuredNode) -> Size {
    if measured.surface || !measured.rows.is_empty() || measured.header_height > 0.0 {
        return measured.size;
    }
    if node.shape == Shape::Image || label_position(node).is_some_and(|at| at.outside || at.border) {
        return Size::default();
    }
    let room = text::room(measured.label.as_ref());
    node.shape.size_for(Size::new(room.width, room.height))
}

fn leaf(node: &Node, kind_has_icon: bool) -> MeasuredNode {
    let wish = dimension(node, "width");
    let explicit_icon = node.attrs.text("icon").is_some();
    let card = is_card(node.shape);
    let icon_size = match (explicit_icon, card) {
        (true, true) => CARD_ICON + 4.0,
        (false, true) if kind_has_icon => CARD_ICON,
        (true, false) => LARGE_ICON,
        _ => 0.0,
    };
    let align = if card && icon_size > 0.0 { Align::Left } else { Align::Center };
    let taken = if card && icon_size > 0.0 { icon_size + ICON_GAP } else { 0.0 };
    let face = if matches!(node.shape, Shape::Note | Shape::Span) { Face::Regular } else { Face::SemiBold };
    let label = label_of(node, face, align, wish.map(|wish| wish - 2.0 * PADDING.0 - taken));
    let outside = label_position(node).is_some_and(|at| at.outside || at.border)
        || icon_position(node).is_some_and(|at| at.outside);
    let room = if outside { Size::default() } else { text::room(label.as_ref()) };
    let content = if icon_size == 0.0 {
        room
    } else if room == Size::default() {
        Size::new(icon_size, icon_size)
    } else if card {
        Size::new(icon_size + ICON_GAP + room.width, room.height.max(icon_size))
    } else {
        Size::new(room.width.max(icon_size), icon_size + 4.0 + room.height)
    };
    let padding = padding_of(node.shape);
    let padded = Size::new(content.width + 2.0 * padding.0, content.height + 2.0 * padding.1);
    let size = node.shape.size_for(padded).max(least_of(node.shape));
    MeasuredNode { size: even(size), label, icon_size, ..MeasuredNode::default() }
}

/// Shapes whose icon stands at the left of the label: the cards.
pub(super) fn is_card(shape: Shape) -> bool {
    matches!(shape, Shape::Rectangle | Shape::Square)
}

/// Padding around the content: shapes that bring room of their own need less.
fn padding_of(shape: Shape) -> (f64, f64) {
    match shape {
        Shape::Diamond => (6.0, 4.0),
        Shape::Oval | Shape::Circle => (8.0, 5.0),
        Shape::Hexagon => (6.0, PADDING.1),
        Shape::Cloud | Shape::Person => (6.0, 4.0),
        Shape::Cylinder => (PADDING.0, 8.0),
        Shape::Queue | Shape::Step | Shape::Parallelogram | Shape::StoredData => (8.0, PADDING.1),
        Shape::Span => (4.0, 4.0),
        _ => PADDING,
    }
}

fn least_of(shape: Shape) -> Size {
    match shape {
        Shape::Cylinder => Size::new(80.0, 64.0),
        Shape::Person => Size::new(76.0, 80.0),
        Shape::Circle | Shape::Square => Size::new(56.0, 56.0),
        Shape::Cloud => Size::new(104.0, 68.0),
        Shape::Diamond => Size::new(84.0, 60.0),
        Shape::Page | Shape::Document | Shape::Callout => Size::new(72.0, 60.0),
        Shape::Span => Size::new(14.0, 30.0),
        _ => LEAST,
    }
}

/// Text without a box, and code with a thin one.
fn bare(node: &Node) -> MeasuredNode {
    let wish = dimension(node, "width");
    let label = label_of(node, Face::Regular, Align::Left, wish);
    let room = text::room(label.as_ref());
    let padding = if is_code(node) { 12.0 } else { 0.0 };
    let size = Size::new(room.width + 2.0 * padding, room.height + 2.0 * padding).max(Size::new(4.0, 4.0));
    MeasuredNode { size: even(size), label, ..MeasuredNode::default() }
}

/// Whether the node shows code on a sheet of its own.
pub(super) fn is_code(node: &Node) -> bool {
    matches!(node.label.block, Some(Block::Code(_) | Block::Latex)) || node.shape == Shape::Code
}

fn image(node: &Node) -> MeasuredNode {
    let label = label_of(node, Face::SemiBold, Align::Center, None);
    MeasuredNode { size: Size::new(IMAGE, IMAGE), label, icon_size: IMAGE, ..MeasuredNode::default() }
}

fn container(node: &Node, depth: u32, role: Option<Role>) -> MeasuredNode {
    let level = if role.is_some() { TITLE_SIZES.len() } else { depth as usize };
    let title = TITLE_SIZES[level.min(TITLE_SIZES.len() - 1)];
    let mut label = label_with(node, Font { face: Face::SemiBold, size: title }, Align::Left, None);
    let position = label_position(node);
    if position.is_some_and(|at| at.x != super::position::Anchor::Start)
        && let Some(label) = &mut label
    {
        label.align = Align::Center;
    }
    let room = text::room(label.as_ref());
    let icon_size = if node.attrs.text("icon").is_some() { CARD_ICON } else { 0.0 };
    let outside = position.is_some_and(|at| at.outside || at.border);
    let bottom = position.is_some_and(|at| at.y == super::position::Anchor::End);
    let title_height = if outside { 0.0 } else { room.height }.max(icon_size);
    // The strip: title with air above, and no more air below than above.
    let strip = if title_height > 0.0 { title_height + 2.0 * TITLE_INSET.1 } else { 0.0 };
    // What the shape itself takes at its sides: a lid, a tab, a point. Fixed, however large it is.
    let large = Rect::new(0.0, 0.0, 4000.0, 4000.0);
    let inner = node.shape.around_children().content_rect(large);
    let own = Insets {
        top: inner.y,
        right: large.right() - inner.right(),
        bottom: large.bottom() - inner.bottom(),
        left: inner.x,
    };
    let mut padding = Insets::all(CONTAINER_PADDING);
    if bottom {
        padding.bottom = padding.bottom.max(strip);
    } else {
        padding.top = padding.top.max(strip);
    }
    padding.top += own.top;
    padding.right += own.right;
    padding.bottom += own.bottom;
    padding.left += own.left;
    let icon_room = if icon_size > 0.0 { icon_size + 8.0 } else { 0.0 };
    let width = own.horizontal() + if outside { 0.0 } else { room.width } + icon_room + 2.0 * TITLE_INSET.0;
    MeasuredNode {
        size: even(Size::new(width, padding.vertical())),
        label,
        icon_size,
        padding,
        surface: true,
        ..MeasuredNode::default()
    }
}

fn label_of(node: &Node, face: Face, align: Align, wrap: Option<f64>) -> Option<TextBlock> {
    label_with(node, Font { face, size: LABEL_SIZE }, align, wrap)
}

fn label_with(node: &Node, font: Font, align: Align, wrap: Option<f64>) -> Option<TextBlock> {
    if node.label.text.trim().is_empty() {
        return None;
    }
    let font = font_of(&node.style, font);
    Some(match &node.label.block {
        Some(Block::Markdown) => super::markdown::markdown(&node.label.text, font.size, wrap),
        Some(Block::Code(_) | Block::Latex) => text::code(&node.label.text, font.size - 1.0),
        None if node.shape == Shape::Code => text::code(&node.label.text, font.size - 1.0),
        None => {
            let shown = shown(&node.label.text, &node.style);
            // A wish narrower than a word would cut it.
            let wrap = wrap.map(|limit| limit.max(text::longest_word(&shown, font)));
            text::label(&shown, font, align, wrap)
        }
    })
}

/// Whole even pixels, so that middles are whole too.
fn even(size: Size) -> Size {
    let up = |length: f64| (length / 2.0).ceil() * 2.0;
    Size::new(up(size.width), up(size.height))
}
