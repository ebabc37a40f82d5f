//! A sheet with its top right corner folded.
//!
//! ```text
//! ┌──────┐╲
//! │      └─┤
//! │        │
//! └────────┘
//! ```

use spandrel_base::{Rect, Size};

use super::path::Path;

/// Edge length of the folded corner.
const FOLD: f64 = 16.0;

fn fold(rect: Rect) -> f64 {
    FOLD.min(rect.width / 3.0).min(rect.height / 3.0)
}

pub(super) fn size_for(content: Size) -> Size {
    // The text may run below the fold but not into it.
    Size::new(content.width + FOLD, content.height.max(3.0 * FOLD))
}

pub(super) fn content(rect: Rect) -> Rect {
    let fold = fold(rect);
    Rect { width: rect.width - fold, ..rect }
}

pub(super) fn outline(rect: Rect, path: &mut Path) {
    let fold = fold(rect);
    path.move_to(0.0, 0.0)
        .line_to(rect.width - fold, 0.0)
        .line_to(rect.width, fold)
        .line_to(rect.width, rect.height)
        .line_to(0.0, rect.height)
        .close();
}

pub(super) fn details(rect: Rect, path: &mut Path) {
    let fold = fold(rect);
    path.move_to(rect.width - fold, 0.0).line_to(rect.width - fold, fold).line_to(rect.width, fold);
}
