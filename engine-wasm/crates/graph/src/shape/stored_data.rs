//! A box whose left side bulges out and whose right side curves in, as flow charts draw stored data.

use spandrel_base::{Rect, Size};

use super::path::Path;

/// How far the sides curve.
const CURVE: f64 = 15.0;

fn curve(rect: Rect) -> f64 {
    CURVE.min(rect.width / 5.0)
}

pub(super) fn size_for(content: Size) -> Size {
    Size::new((content.width + 2.0 * CURVE).max(5.0 * CURVE), content.height)
}

pub(super) fn content(rect: Rect) -> Rect {
    let curve = curve(rect);
    Rect { x: rect.x + curve, width: rect.width - 2.0 * curve, ..rect }
}

pub(super) fn outline(rect: Rect, path: &mut Path) {
    let (w, h, curve) = (rect.width, rect.height, curve(rect));
    let (left, right) = (curve, w - curve);
    path.move_to(left, 0.0)
        .line_to(w, 0.0)
        .quarter((w, 0.0), (right, 0.0), (right, h / 2.0))
        .quarter((right, h / 2.0), (right, h), (w, h))
        .line_to(left, h)
        .quarter((left, h), (0.0, h), (0.0, h / 2.0))
        .quarter((0.0, h / 2.0), (0.0, 0.0), (left, 0.0))
        .close();
}
