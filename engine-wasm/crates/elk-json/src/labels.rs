//! Labels of nodes: the room they need, and where they stand.

use spandrel_base::{Insets, Point, Rect, Size};

/// Where a node label stands, from `nodeLabels.placement`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Spot {
    pub(crate) inside: bool,
    /// 0 left or top, 1 middle, 2 right or bottom.
    pub(crate) x: u8,
    pub(crate) y: u8,
}

/// A label of a node.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NodeLabel {
    pub(crate) size: Size,
    /// `None`: it stays where it is.
    pub(crate) spot: Option<Spot>,
}

/// Reads a placement set; one that does not name both axes is no placement.
pub(crate) fn spot(words: &[String]) -> Option<Spot> {
    let has = |w: &str| words.iter().any(|s| s == w);
    let inside = match (has("INSIDE"), has("OUTSIDE")) {
        (true, false) => true,
        (false, true) => false,
        _ => return None,
    };
    let pick = |names: [&str; 3]| (0u8..3).find(|&i| has(names[i as usize]));
    Some(Spot {
        inside,
        x: pick(["H_LEFT", "H_CENTER", "H_RIGHT"])?,
        y: pick(["V_TOP", "V_CENTER", "V_BOTTOM"])?,
    })
}

/// Room that the inside labels of a node need, with their padding.
pub(crate) fn inside_size(labels: &[NodeLabel], padding: Insets) -> Size {
    // Rows of the nine cells: labels of one cell are stacked, cells of one row stand side by side.
    let mut rows = [Size::default(); 3];
    for (y, row) in rows.iter_mut().enumerate() {
        for x in 0..3 {
            let cell = stack(labels, true, x, y as u8, 0.0);
            row.width += cell.width;
            row.height = row.height.max(cell.height);
        }
    }
    let width = rows.iter().fold(0.0, |w: f64, r| w.max(r.width));
    let height: f64 = rows.iter().map(|r| r.height).sum();
    if width == 0.0 && height == 0.0 {
        return Size::default();
    }
    Size::new(width + padding.horizontal(), height + padding.vertical())
}

/// Room outside the border that outside labels take.
pub(crate) fn outside_margin(labels: &[NodeLabel], size: Size, gap: f64, between: f64) -> Insets {
    let mut margin = Insets::default();
    for x in 0..3 {
        for y in 0..3 {
            let cell = stack(labels, false, x, y, between);
            if cell == Size::default() {
                continue;
            }
            let rect = cell_rect(Spot { inside: false, x, y }, cell, size, Insets::default(), gap);
            margin.top = margin.top.max(-rect.y);
            margin.left = margin.left.max(-rect.x);
            margin.bottom = margin.bottom.max(rect.bottom() - size.height);
            margin.right = margin.right.max(rect.right() - size.width);
        }
    }
    margin
}

/// Where each label stands in a node of `size`; `None` where it stays.
pub(crate) fn place(
    labels: &[NodeLabel],
    size: Size,
    padding: Insets,
    gap: f64,
    between: f64,
) -> Vec<Option<Point>> {
    let mut used = [[[0.0f64; 3]; 3]; 2];
    labels
        .iter()
        .map(|label| {
            let spot = label.spot?;
            let cell = stack(labels, spot.inside, spot.x, spot.y, between);
            let rect = cell_rect(spot, cell, size, padding, gap);
            let before = &mut used[usize::from(spot.inside)][spot.x as usize][spot.y as usize];
            let y = rect.y + *before;
            *before += label.size.height + between;
            let free = cell.width - label.size.width;
            Some(Point::new(rect.x + free * f64::from(spot.x) / 2.0, y))
        })
        .collect()
}

/// Size of the labels of one cell, one below the other.
fn stack(labels: &[NodeLabel], inside: bool, x: u8, y: u8, between: f64) -> Size {
    let mut size = Size::default();
    let mut count = 0;
    for label in labels {
        if label.spot == Some(Spot { inside, x, y }) {
            size.width = size.width.max(label.size.width);
            size.height += label.size.height + if count > 0 { between } else { 0.0 };
            count += 1;
        }
    }
    size
}

/// Where a cell stands relative to its node.
fn cell_rect(spot: Spot, cell: Size, node: Size, padding: Insets, gap: f64) -> Rect {
    let free = Size::new(node.width - cell.width, node.height - cell.height);
    let along = |choice: u8, free: f64, start: f64, end: f64| match choice {
        0 => start,
        1 => start + (free - start - end) / 2.0,
        _ => free - end,
    };
    let (x, y) = if spot.inside {
        (
            along(spot.x, free.width, padding.left, padding.right),
            along(spot.y, free.height, padding.top, padding.bottom),
        )
    } else {
        let y = match spot.y {
            0 => -gap - cell.height,
            1 => free.height / 2.0,
            _ => node.height + gap,
        };
        // Above and below a label may reach along the whole width; beside the node it lies outside.
        let beside = spot.y == 1;
        let x = match spot.x {
            0 if beside => -gap - cell.width,
            2 if beside => node.width + gap,
            choice => along(choice, free.width, 0.0, 0.0),
        };
        (x, y)
    };
    Rect::at(Point::new(x, y), cell)
}
