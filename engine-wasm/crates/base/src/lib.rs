//! What every stage shares: places in text, diagnostics, typed ids, geometry, and the budget.
//!
//! This crate knows nothing of D2 or of diagrams. It depends on no sibling.

mod budget;
pub mod color;
mod diagnostic;
mod diagnostics;
mod edit;
mod few;
mod geometry;
mod hash;
mod ids;
mod line_index;
mod sort;
mod span;

pub use budget::{Budget, Exhausted, Limits};
pub use diagnostic::{Diagnostic, Fix, LabelledSpan, Severity};
pub use diagnostics::{Diagnostics, Mark};
pub use edit::{TextEdit, apply_edits, difference, invert_edits};
pub use few::Few;
pub use geometry::{Insets, Point, Rect, Size};
pub use hash::{Fast, FastState};
pub use ids::IdVec;
pub use line_index::{LineColumn, LineIndex};
pub use sort::{LeanCollect, LeanSort};
pub use span::Span;
