//! A speech bubble whose tip points down.

use spandrel_base::{Rect, Size};

use super::path::Path;

/// Height of the tip.
const TIP: f64 = 18.0;
/// Width of the tip where it leaves the bubble.
const TIP_WIDTH: f64 = 18.0;

fn tip(rect: Rect) -> (f64, f64) {
    (TIP_WIDTH.min(rect.width / 3.0), TIP.min(rect.height / 3.0))
}

pub(super) fn size_for(content: Size) -> Size {
    Size::new(content.width, (content.height + TIP).max(3.0 * TIP))
}

pub(super) fn content(rect: Rect) -> Rect {
    let (_, tip) = tip(rect);
    Rect { height: rect.height - tip, ..rect }
}

pub(super) fn outline(rect: Rect, path: &mut Path) {
    let (w, h) = (rect.width, rect.height);
    let (tip_width, tip) = tip(rect);
    let foot = h - tip;
    let middle = w / 2.0;
    path.move_to(0.0, 0.0)
        .line_to(w, 0.0)
        .line_to(w, foot)
        .line_to(middle + tip_width, foot)
        .line_to(middle, h)
        .line_to(middle, foot)
        .line_to(0.0, foot)
        .close();
}
