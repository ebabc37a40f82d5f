//! A chevron: one step of a process.

use spandrel_base::{Rect, Size};

use super::path::Path;

/// How far the point reaches out and the tail reaches in.
const POINT: f64 = 24.0;

fn point(rect: Rect) -> f64 {
    POINT.min(rect.width / 4.0)
}

pub(super) fn size_for(content: Size) -> Size {
    Size::new((content.width + 2.0 * POINT).max(4.0 * POINT), content.height)
}

pub(super) fn content(rect: Rect) -> Rect {
    let point = point(rect);
    Rect { x: rect.x + point, width: rect.width - 2.0 * point, ..rect }
}

pub(super) fn outline(rect: Rect, path: &mut Path) {
    let (w, h, point) = (rect.width, rect.height, point(rect));
    path.move_to(0.0, 0.0)
        .line_to(w - point, 0.0)
        .line_to(w, h / 2.0)
        .line_to(w - point, h)
        .line_to(0.0, h)
        .line_to(point, h / 2.0)
        .close();
}
