//! Rectangles and everything that is drawn as one: square, text, code, tables, classes, images, diagrams.

use spandrel_base::{Rect, Size};

use super::path::Path;

pub(super) fn size_for(content: Size) -> Size {
    content
}

pub(super) fn content(rect: Rect) -> Rect {
    rect
}

pub(super) fn outline(rect: Rect, path: &mut Path) {
    path.move_to(0.0, 0.0)
        .line_to(rect.width, 0.0)
        .line_to(rect.width, rect.height)
        .line_to(0.0, rect.height)
        .close();
}
