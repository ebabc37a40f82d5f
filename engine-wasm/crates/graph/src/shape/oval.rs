//! Ellipses and circles.

use spandrel_base::{Rect, Size};

use super::path::Path;

pub(super) fn size_for(content: Size) -> Size {
    // The smallest ellipse around a rectangle of the same proportions is √2 times as wide and as high.
    Size::new(content.width * std::f64::consts::SQRT_2, content.height * std::f64::consts::SQRT_2)
}

pub(super) fn content(rect: Rect) -> Rect {
    let (w, h) = (rect.width / std::f64::consts::SQRT_2, rect.height / std::f64::consts::SQRT_2);
    Rect::new(rect.x + (rect.width - w) / 2.0, rect.y + (rect.height - h) / 2.0, w, h)
}

/// A circle stands for the ellipse whose two extents are the diagonal of its content.
pub(super) fn circle_for(content: Size) -> Size {
    let diameter = content.width.hypot(content.height);
    Size::new(diameter, diameter)
}

pub(super) fn outline(rect: Rect, path: &mut Path) {
    path.ellipse(rect.width / 2.0, rect.height / 2.0, rect.width / 2.0, rect.height / 2.0);
}
