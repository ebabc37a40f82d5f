//! Tables and classes: a title strip above rows of cells.

use spandrel_base::Size;
use spandrel_graph::{Column, Node, Shape, Visibility};

use super::{font_of, shown, text};
use crate::{Align, Face, Font, MeasuredNode, TextBlock};

/// Size of the title, pixels an em; rows are one pixel smaller.
const TITLE_SIZE: f64 = 14.0;
/// From the border to the first and after the last cell.
pub(super) const SIDE: f64 = 14.0;
/// Between two cells of a row.
pub(super) const BETWEEN: f64 = 18.0;
/// Height of a row and of the title in multiples of their font size.
const ROW_HEIGHT: f64 = 2.2;
const HEADER_HEIGHT: f64 = 2.6;

/// A table's or class's rows, with its least size.
pub(super) fn measure(node: &Node) -> MeasuredNode {
    let title_font = font_of(&node.style, Font { face: Face::SemiBold, size: TITLE_SIZE });
    let size = title_font.size - 1.0;
    let name_font = Font { face: Face::Regular, size };
    let mono = Font { face: Face::Mono, size: size - 0.5 };
    let cell = |content: &str, font| text::label(content, font, Align::Left, None);
    let rows: Vec<Vec<TextBlock>> = if node.shape == Shape::Class {
        let members = node
            .fields
            .iter()
            .map(|field| (field.visibility, &field.name, &field.data_type))
            .chain(node.methods.iter().map(|method| (method.visibility, &method.name, &method.returns)));
        members
            .map(|(visibility, name, kind)| {
                vec![cell(sign(visibility), mono), cell(name, mono), cell(kind, mono)]
            })
            .collect()
    } else {
        let small = Font { face: Face::SemiBold, size: size - 2.0 };
        node.columns
            .iter()
            .map(|column| {
                vec![cell(&column.name, name_font), cell(&column.data_type, mono), cell(&keys(column), small)]
            })
            .collect()
    };
    let title = shown(&node.label.text, &node.style);
    let label = (!title.trim().is_empty()).then(|| text::label(&title, title_font, Align::Left, None));
    let row_height = even(size * ROW_HEIGHT);
    let title_room = text::room(label.as_ref());
    let header_height = even((title_font.size * HEADER_HEIGHT).max(title_room.height + 16.0));
    let widths = columns(&rows);
    let between = BETWEEN * widths.iter().filter(|width| **width > 0.0).count().saturating_sub(1) as f64;
    let row_width = widths.iter().sum::<f64>() + between;
    let width = even(row_width.max(title_room.width) + 2.0 * SIDE).max(120.0);
    let height = header_height + rows.len() as f64 * row_height;
    MeasuredNode {
        size: Size::new(width, height.max(header_height)),
        label,
        rows,
        header_height,
        row_height,
        ..MeasuredNode::default()
    }
}

/// The widest cell of each column.
pub(super) fn columns(rows: &[Vec<TextBlock>]) -> [f64; 3] {
    let mut widths = [0.0_f64; 3];
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = width.max(cell.size.width);
        }
    }
    widths
}

fn sign(visibility: Visibility) -> &'static str {
    match visibility {
        Visibility::Public => "+",
        Visibility::Private => "-",
        Visibility::Protected => "#",
    }
}

/// Constraints as the short words that database people use.
fn keys(column: &Column) -> String {
    let short: Vec<&str> = column
        .constraints
        .iter()
        .map(|constraint| match constraint.as_str() {
            "primary_key" => "PK",
            "foreign_key" => "FK",
            "unique" => "UNQ",
            other => other,
        })
        .collect();
    short.join(", ")
}

fn even(length: f64) -> f64 {
    (length / 2.0).ceil() * 2.0
}
