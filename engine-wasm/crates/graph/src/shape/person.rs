//! Head and shoulders.
//!
//! The label stands on the shoulders, below the head.

use spandrel_base::{Rect, Size};

use super::path::Path;

/// The least extents at which it still reads as a person.
const LEAST: Size = Size::new(72.0, 76.0);
/// Share of the height that the head and neck take.
const HEAD: f64 = 0.5;

pub(super) fn size_for(content: Size) -> Size {
    let width = (content.width / 0.86).max(LEAST.width);
    // Not much wider than high: a flat person is no person.
    let height = (content.height / (1.0 - HEAD)).max(LEAST.height).max(width * 0.62);
    Size::new(width, height)
}

pub(super) fn content(rect: Rect) -> Rect {
    Rect::new(
        rect.x + rect.width * 0.07,
        rect.y + rect.height * HEAD,
        rect.width * 0.86,
        rect.height * (1.0 - HEAD),
    )
}

pub(super) fn outline(rect: Rect, path: &mut Path) {
    let (w, h) = (rect.width, rect.height);
    let r = (h * HEAD * 0.5).min(w * 0.3);
    let middle = w / 2.0;
    // The neck: where head and shoulders meet, below the head's middle.
    let (neck_x, neck_y) = (r * 0.68, r + r * 0.733);
    let shoulder = h - (h - neck_y) * 0.45;
    path.move_to(0.0, h)
        .line_to(0.0, shoulder)
        .cubic_to(
            (0.0, neck_y + (shoulder - neck_y) * 0.35),
            (middle * 0.45, neck_y),
            (middle - neck_x, neck_y),
        )
        .cubic_to((middle - r * 1.0, neck_y - r * 0.32), (middle - r, r * 1.25), (middle - r, r))
        .quarter((middle - r, r), (middle - r, 0.0), (middle, 0.0))
        .quarter((middle, 0.0), (middle + r, 0.0), (middle + r, r))
        .cubic_to((middle + r, r * 1.25), (middle + r * 1.0, neck_y - r * 0.32), (middle + neck_x, neck_y))
        .cubic_to((w - middle * 0.45, neck_y), (w, neck_y + (shoulder - neck_y) * 0.35), (w, shoulder))
        .line_to(w, h)
        .close();
}
