//! Gestures as minimal text edits. (The operations are being written; until then each is refused.)

use spandrel_base::{Budget, Diagnostic, Span, TextEdit};
use spandrel_compile::Files;

/// A change of a diagram.
#[allow(missing_docs, reason = "replaced as a whole")]
#[derive(Clone, Debug, PartialEq)]
pub enum Op {
    Create { board: Option<String>, key: String, label: Option<String> },
    Set { board: Option<String>, key: String, value: Option<String>, tag: Option<String> },
    Rename { board: Option<String>, key: String, new_name: String },
    Move { board: Option<String>, key: String, new_key: String, include_descendants: bool },
    Delete { board: Option<String>, key: String, with_children: bool },
    Reconnect { board: Option<String>, key: String, new_src: Option<String>, new_dst: Option<String> },
    UpdateImport { path: String, new_path: Option<String> },
    Pin { board: Option<String>, key: String, left: f64, top: f64 },
    Unpin { board: Option<String>, key: String },
}

/// A source after a change.
#[allow(missing_docs, reason = "replaced as a whole")]
#[derive(Clone, Debug, PartialEq)]
pub struct Edited {
    pub source: String,
    pub edits: Vec<TextEdit>,
    pub inverse: Vec<TextEdit>,
    pub key: Option<String>,
}

/// Makes a change.
pub fn edit(_: &str, _: &dyn Files, _: &Op, _: &Budget<'_>) -> Result<Edited, Diagnostic> {
    Err(Diagnostic::error("E000", Span::at(0), "edits are not there yet"))
}
