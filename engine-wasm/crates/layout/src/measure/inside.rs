//! Where label, icon and cells of a node go once layout has given it a rectangle.

use spandrel_base::{Point, Rect, Size};
use spandrel_graph::{Node, Shape};

use super::node::{BELOW, CARD_ICON, ICON_GAP, TITLE_INSET, is_card, is_code};
use super::position::{Anchor, Position};
use super::{icon_position, label_position, table, text};
use crate::MeasuredNode;

/// Where the parts of a node stand, in the coordinates of its rectangle.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Inside {
    /// The label, with the block's own size.
    pub label: Option<Rect>,
    /// The icon, a square.
    pub icon: Option<Rect>,
}

/// Places label and icon of `node`, whose border is `rect`.
pub fn inside(node: &Node, measured: &MeasuredNode, rect: Rect) -> Inside {
    let label = measured.label.as_ref().map(|block| block.size);
    let icon = (measured.icon_size > 0.0).then_some(Size::new(measured.icon_size, measured.icon_size));
    let mut placed = if measured.surface {
        title(node, measured, rect)
    } else {
        match node.shape {
            Shape::SqlTable | Shape::Class => Inside {
                label: label.map(|size| {
                    let strip = Rect { height: measured.header_height, ..rect };
                    Position::inside(Anchor::Start, Anchor::Middle).place(strip, size, table::SIDE)
                }),
                icon: None,
            },
            Shape::Image => {
                Inside { label: label.map(|size| BELOW.place(rect, size, 0.0)), icon: Some(rect) }
            }
            Shape::Text | Shape::Code => Inside {
                label: label.map(|size| {
                    let padding = if is_code(node) { 12.0 } else { 0.0 };
                    Position::inside(Anchor::Start, Anchor::Middle).place(rect, size, padding)
                }),
                icon: None,
            },
            shape => leaf(shape, rect, label, icon),
        }
    };
    if let (Some(position), Some(size)) = (label_position(node), label) {
        placed.label = Some(position.place(rect, size, 10.0));
    }
    if let (Some(position), Some(size)) = (icon_position(node), icon) {
        placed.icon = Some(position.place(rect, size, 10.0));
    }
    placed
}

/// A title at the top left, its icon before it.
fn title(node: &Node, measured: &MeasuredNode, rect: Rect) -> Inside {
    // Below a lid or a tab, beside a point.
    let rect = node.shape.around_children().content_rect(rect);
    let mut x = rect.x + TITLE_INSET.0;
    let height = text::room(measured.label.as_ref()).height.max(measured.icon_size);
    let top = rect.y + TITLE_INSET.1;
    let icon = (measured.icon_size > 0.0).then(|| {
        let at = Rect::new(x, top + (height - CARD_ICON) / 2.0, CARD_ICON, CARD_ICON);
        x += CARD_ICON + 8.0;
        at
    });
    let label = measured
        .label
        .as_ref()
        .map(|block| Rect::at(Point::new(x, top + (height - block.size.height) / 2.0), block.size));
    Inside { label, icon }
}

fn leaf(shape: Shape, rect: Rect, label: Option<Size>, icon: Option<Size>) -> Inside {
    let room = shape.content_rect(rect);
    let middle = room.center();
    let centered = |size: Size, center: Point| {
        Rect::at(Point::new(center.x - size.width / 2.0, center.y - size.height / 2.0), size)
    };
    match (label, icon) {
        (Some(label), None) => Inside { label: Some(centered(label, middle)), icon: None },
        (None, Some(icon)) => Inside { label: None, icon: Some(centered(icon, middle)) },
        (None, None) => Inside::default(),
        (Some(label), Some(icon)) if is_card(shape) => {
            // The pair is centred as one, so that a wider box keeps them together.
            let left = middle.x - (icon.width + ICON_GAP + label.width) / 2.0;
            Inside {
                icon: Some(Rect::at(Point::new(left, middle.y - icon.height / 2.0), icon)),
                label: Some(Rect::at(
                    Point::new(left + icon.width + ICON_GAP, middle.y - label.height / 2.0),
                    label,
                )),
            }
        }
        (Some(label), Some(icon)) => {
            let top = middle.y - (icon.height + 4.0 + label.height) / 2.0;
            Inside {
                icon: Some(Rect::at(Point::new(middle.x - icon.width / 2.0, top), icon)),
                label: Some(Rect::at(
                    Point::new(middle.x - label.width / 2.0, top + icon.height + 4.0),
                    label,
                )),
            }
        }
    }
}

/// Where the cells of a table or class stand, row by row: left edge and vertical middle of each, with the
/// cell's own size.
///
/// Names and types are flush left in columns; the last column is flush right.
pub fn cells(node: &Node, measured: &MeasuredNode, rect: Rect) -> Vec<Vec<Rect>> {
    let widths = table::columns(&measured.rows);
    let first_gap = if node.shape == Shape::Class { 8.0 } else { table::BETWEEN };
    let second = rect.x + table::SIDE + widths[0] + if widths[0] > 0.0 { first_gap } else { 0.0 };
    measured
        .rows
        .iter()
        .enumerate()
        .map(|(index, row)| {
            let top = rect.y + measured.header_height + index as f64 * measured.row_height;
            row.iter()
                .enumerate()
                .map(|(column, cell)| {
                    let x = match column {
                        0 => rect.x + table::SIDE,
                        1 => second,
                        _ => rect.right() - table::SIDE - cell.size.width,
                    };
                    let y = top + (measured.row_height - cell.size.height) / 2.0;
                    Rect::at(Point::new(x, y), cell.size)
                })
                .collect()
        })
        .collect()
}
