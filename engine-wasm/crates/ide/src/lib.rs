//! A source opened for editing: tree, graph and drawing are kept between calls.
//!
//! A [`Document`] is what makes a keystroke cheap and the drawing hold still. It holds the text, works out
//! the rest on demand, and keeps the last drawing as what the next one stays close to. Questions of an
//! editor (completion, hover, definition, rename) are one file each.

mod complete;
mod document;
mod locate;
mod symbols;

pub use complete::{Completion, CompletionKind};
pub use document::{Config, Document, Drawn, Hold, draw};
pub use symbols::{Hover, Symbol};
