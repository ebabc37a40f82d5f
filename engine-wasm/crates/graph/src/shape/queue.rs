//! A pipe lying on its side: the sign of queues.

use spandrel_base::{Rect, Size};

use super::path::Path;

/// Half the width of the opening: a function of the height alone, so that it can be inverted.
fn mouth_of_height(height: f64) -> f64 {
    (height * 0.16).clamp(7.0, 14.0)
}

fn mouth(rect: Rect) -> f64 {
    mouth_of_height(rect.height).min(rect.width / 6.0)
}

pub(super) fn size_for(content: Size) -> Size {
    let mouth = mouth_of_height(content.height);
    Size::new((content.width + 3.0 * mouth).max(6.0 * mouth), content.height)
}

pub(super) fn content(rect: Rect) -> Rect {
    let mouth = mouth(rect);
    Rect { x: rect.x + mouth, width: rect.width - 3.0 * mouth, ..rect }
}

pub(super) fn outline(rect: Rect, path: &mut Path) {
    let (w, h, mouth) = (rect.width, rect.height, mouth(rect));
    path.move_to(mouth, 0.0)
        .line_to(w - mouth, 0.0)
        .quarter((w - mouth, 0.0), (w, 0.0), (w, h / 2.0))
        .quarter((w, h / 2.0), (w, h), (w - mouth, h))
        .line_to(mouth, h)
        .quarter((mouth, h), (0.0, h), (0.0, h / 2.0))
        .quarter((0.0, h / 2.0), (0.0, 0.0), (mouth, 0.0))
        .close();
}

pub(super) fn details(rect: Rect, path: &mut Path) {
    let (w, h, mouth) = (rect.width, rect.height, mouth(rect));
    let (edge, deep) = (w - mouth, w - 2.0 * mouth);
    path.move_to(edge, 0.0).quarter((edge, 0.0), (deep, 0.0), (deep, h / 2.0)).quarter(
        (deep, h / 2.0),
        (deep, h),
        (edge, h),
    );
}
