//! A drum: the sign of databases.

use spandrel_base::{Rect, Size};

use super::path::Path;

/// Half the height of the lid: a function of the width alone, so that it can be inverted.
fn lid_of_width(width: f64) -> f64 {
    (width * 0.07).clamp(7.0, 14.0)
}

fn lid(rect: Rect) -> f64 {
    lid_of_width(rect.width).min(rect.height / 6.0)
}

pub(super) fn size_for(content: Size) -> Size {
    let lid = lid_of_width(content.width);
    // A third of the lid below is enough: the bottom bulges away from the text.
    Size::new(content.width, (content.height + lid * 2.0).max(6.0 * lid))
}

pub(super) fn content(rect: Rect) -> Rect {
    let lid = lid(rect);
    Rect { y: rect.y + lid * 2.0, height: rect.height - lid * 2.0, ..rect }
}

pub(super) fn outline(rect: Rect, path: &mut Path) {
    let (w, h, lid) = (rect.width, rect.height, lid(rect));
    path.move_to(0.0, lid)
        .quarter((0.0, lid), (0.0, 0.0), (w / 2.0, 0.0))
        .quarter((w / 2.0, 0.0), (w, 0.0), (w, lid))
        .line_to(w, h - lid)
        .quarter((w, h - lid), (w, h), (w / 2.0, h))
        .quarter((w / 2.0, h), (0.0, h), (0.0, h - lid))
        .close();
}

pub(super) fn details(rect: Rect, path: &mut Path) {
    let (w, lid) = (rect.width, lid(rect));
    path.move_to(0.0, lid).quarter((0.0, lid), (0.0, 2.0 * lid), (w / 2.0, 2.0 * lid)).quarter(
        (w / 2.0, 2.0 * lid),
        (w, 2.0 * lid),
        (w, lid),
    );
}
