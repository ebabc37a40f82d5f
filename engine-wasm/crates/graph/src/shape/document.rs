//! A sheet torn off along a wave at the bottom.

use spandrel_base::{Rect, Size};

use super::path::Path;

/// Height of the wave from its crest to its trough.
const WAVE: f64 = 14.0;

fn wave(rect: Rect) -> f64 {
    WAVE.min(rect.height / 4.0)
}

pub(super) fn size_for(content: Size) -> Size {
    Size::new(content.width, (content.height + WAVE).max(4.0 * WAVE))
}

pub(super) fn content(rect: Rect) -> Rect {
    Rect { height: rect.height - wave(rect), ..rect }
}

pub(super) fn outline(rect: Rect, path: &mut Path) {
    let (w, h) = (rect.width, rect.height);
    let middle = h - wave(rect) / 2.0;
    // A cubic with both control points at the same height peaks at three quarters of it.
    let reach = wave(rect) / 2.0 / 0.75;
    path.move_to(0.0, 0.0)
        .line_to(w, 0.0)
        .line_to(w, middle)
        .cubic_to((w * 5.0 / 6.0, middle - reach), (w * 4.0 / 6.0, middle - reach), (w / 2.0, middle))
        .cubic_to((w * 2.0 / 6.0, middle + reach), (w / 6.0, middle + reach), (0.0, middle))
        .close();
}
