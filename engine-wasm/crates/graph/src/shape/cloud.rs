//! A cloud: the network, or something not ours.

use spandrel_base::{Rect, Size};

use super::path::Path;

/// The share of the rectangle that is cloud at every height of the text: left, top, width, height.
const INSIDE: (f64, f64, f64, f64) = (0.13, 0.34, 0.74, 0.5);

pub(super) fn size_for(content: Size) -> Size {
    let width = (content.width / INSIDE.2).max(80.0);
    let height = (content.height / INSIDE.3).max(width * 0.42);
    Size::new(width, height)
}

pub(super) fn content(rect: Rect) -> Rect {
    Rect::new(
        rect.x + rect.width * INSIDE.0,
        rect.y + rect.height * INSIDE.1,
        rect.width * INSIDE.2,
        rect.height * INSIDE.3,
    )
}

pub(super) fn outline(rect: Rect, path: &mut Path) {
    let at = |x: f64, y: f64| (x * rect.width, y * rect.height);
    let start = at(0.2, 1.0);
    path.move_to(start.0, start.1)
        .cubic_to(at(0.09, 1.0), at(0.0, 0.87), at(0.0, 0.7))
        .cubic_to(at(0.0, 0.54), at(0.08, 0.42), at(0.18, 0.4))
        .cubic_to(at(0.2, 0.17), at(0.33, 0.0), at(0.48, 0.0))
        .cubic_to(at(0.6, 0.0), at(0.7, 0.1), at(0.75, 0.26))
        .cubic_to(at(0.89, 0.25), at(1.0, 0.41), at(1.0, 0.62))
        .cubic_to(at(1.0, 0.83), at(0.9, 1.0), at(0.77, 1.0))
        .close();
}
