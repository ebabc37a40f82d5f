//! A hexagon with points to the left and right.

use spandrel_base::{Rect, Size};

use super::path::Path;

/// Share of the width that each point takes.
const POINT: f64 = 0.2;

pub(super) fn size_for(content: Size) -> Size {
    // The sides lean, so that only a line of text at the very top or bottom sees the full inset.
    Size::new(content.width / (1.0 - 2.0 * POINT), content.height)
}

pub(super) fn content(rect: Rect) -> Rect {
    let point = rect.width * POINT;
    Rect { x: rect.x + point, width: rect.width - 2.0 * point, ..rect }
}

pub(super) fn outline(rect: Rect, path: &mut Path) {
    let (w, h) = (rect.width, rect.height);
    let point = w * POINT;
    path.move_to(point, 0.0)
        .line_to(w - point, 0.0)
        .line_to(w, h / 2.0)
        .line_to(w - point, h)
        .line_to(point, h)
        .line_to(0.0, h / 2.0)
        .close();
}
