//! A round head on a rounded card, as C4 diagrams draw people.

use spandrel_base::{Rect, Size};

use super::path::Path;

fn head_radius(width: f64) -> f64 {
    (width * 0.18).clamp(16.0, 32.0)
}

/// How much of the head disappears behind the body.
const SUNK: f64 = 0.3;

fn body_top(rect: Rect) -> (f64, f64) {
    let r = head_radius(rect.width).min(rect.height / 4.0).min(rect.width / 2.0);
    (r, r * (2.0 - SUNK))
}

pub(super) fn size_for(content: Size) -> Size {
    let width = content.width.max(96.0);
    let r = head_radius(width);
    Size::new(width, (content.height + r * (2.0 - SUNK)).max(4.0 * r))
}

pub(super) fn content(rect: Rect) -> Rect {
    let (_, top) = body_top(rect);
    Rect { y: rect.y + top, height: rect.height - top, ..rect }
}

pub(super) fn outline(rect: Rect, path: &mut Path) {
    let (w, h) = (rect.width, rect.height);
    let (r, top) = body_top(rect);
    let corner = 14.0_f64.min(w / 4.0).min((h - top) / 2.0);
    let middle = w / 2.0;
    // Where the head's circle crosses the body's top line.
    let below = top - r;
    let half = (r * r - below * below).max(0.0).sqrt();
    path.move_to(corner, top)
        .line_to(middle - half, top)
        .cubic_to((middle - r * 0.94, top - r * 0.18), (middle - r, r * 1.3), (middle - r, r))
        .quarter((middle - r, r), (middle - r, 0.0), (middle, 0.0))
        .quarter((middle, 0.0), (middle + r, 0.0), (middle + r, r))
        .cubic_to((middle + r, r * 1.3), (middle + r * 0.94, top - r * 0.18), (middle + half, top))
        .line_to(w - corner, top)
        .quarter((w - corner, top), (w, top), (w, top + corner))
        .line_to(w, h - corner)
        .quarter((w, h - corner), (w, h), (w - corner, h))
        .line_to(corner, h)
        .quarter((corner, h), (0.0, h), (0.0, h - corner))
        .line_to(0.0, top + corner)
        .quarter((0.0, top + corner), (0.0, top), (corner, top))
        .close();
}
