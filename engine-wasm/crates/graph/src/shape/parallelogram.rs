//! A parallelogram that leans to the right.

use spandrel_base::{Rect, Size};

use super::path::Path;

/// How far the top stands to the right of the bottom.
const LEAN: f64 = 26.0;

fn lean(rect: Rect) -> f64 {
    LEAN.min(rect.width / 4.0)
}

pub(super) fn size_for(content: Size) -> Size {
    Size::new((content.width + 2.0 * LEAN).max(4.0 * LEAN), content.height)
}

pub(super) fn content(rect: Rect) -> Rect {
    let lean = lean(rect);
    Rect { x: rect.x + lean, width: rect.width - 2.0 * lean, ..rect }
}

pub(super) fn outline(rect: Rect, path: &mut Path) {
    let lean = lean(rect);
    path.move_to(lean, 0.0)
        .line_to(rect.width, 0.0)
        .line_to(rect.width - lean, rect.height)
        .line_to(0.0, rect.height)
        .close();
}
