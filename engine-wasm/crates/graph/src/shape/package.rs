//! A box with a tab at its top left, as UML draws packages.

use spandrel_base::{Rect, Size};

use super::path::Path;

/// Height of the tab.
const TAB: f64 = 14.0;

/// Width and height of the tab.
fn tab(rect: Rect) -> (f64, f64) {
    ((rect.width * 0.4).max(36.0).min(rect.width).min(120.0), TAB.min(rect.height / 3.0))
}

pub(super) fn size_for(content: Size) -> Size {
    Size::new(content.width, (content.height + TAB).max(3.0 * TAB))
}

pub(super) fn content(rect: Rect) -> Rect {
    let (_, tab) = tab(rect);
    Rect { y: rect.y + tab, height: rect.height - tab, ..rect }
}

pub(super) fn outline(rect: Rect, path: &mut Path) {
    let (w, h) = (rect.width, rect.height);
    let (tab_width, tab) = tab(rect);
    path.move_to(0.0, 0.0)
        .line_to(tab_width, 0.0)
        .line_to(tab_width, tab)
        .line_to(w, tab)
        .line_to(w, h)
        .line_to(0.0, h)
        .close();
}

pub(super) fn details(rect: Rect, path: &mut Path) {
    let (tab_width, tab) = tab(rect);
    path.move_to(0.0, tab).line_to(tab_width, tab);
}
