//! A rhombus: a decision.

use spandrel_base::{Rect, Size};

use super::path::Path;

/// A centred w × h box touches the sides of a W × H rhombus where w/W + h/H = 1. Labels are wide, so
/// more than half of the width goes to them.
const SHARE: f64 = 0.58;

pub(super) fn size_for(content: Size) -> Size {
    Size::new(content.width / SHARE, content.height / (1.0 - SHARE))
}

pub(super) fn content(rect: Rect) -> Rect {
    let (w, h) = (rect.width * SHARE, rect.height * (1.0 - SHARE));
    Rect::new(rect.x + (rect.width - w) / 2.0, rect.y + (rect.height - h) / 2.0, w, h)
}

pub(super) fn outline(rect: Rect, path: &mut Path) {
    let (w, h) = (rect.width, rect.height);
    path.move_to(w / 2.0, 0.0).line_to(w, h / 2.0).line_to(w / 2.0, h).line_to(0.0, h / 2.0).close();
}
