//! Changes of a source as small text edits: what a gesture on the canvas, a form, or a program asks for.
//!
//! An edit works on the tree (`work.rs`), guided by where the compiled board says that things are mentioned
//! (`index.rs`), and becomes the smallest change of the text (`patch.rs`, `text.rs`): bytes outside of it,
//! comments and formatting included, stay as they are.

#![allow(
    clippy::result_large_err,
    reason = "the rare path carries a whole diagnostic, and boxing it buys nothing"
)]

mod boards;
mod declare;
mod delete;
mod diff;
mod import;
mod index;
mod moves;
mod near;
mod patch;
mod pin;
mod printer;
mod reconnect;
mod reorder;
mod session;
mod set;
mod text;
mod unique;
mod work;

use spandrel_base::{Diagnostic, TextEdit, invert_edits};
use spandrel_compile::Files;

pub use diff::{Change, Diff, Step, apply, diff};
pub use printer::print_diagram;
use session::Session;

/// What to change. Keys are D2 keys; a connection is `(a -> b)[0]`, with its container before it and an
/// attribute after it where there is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Op {
    /// Make an object or a connection; a name already taken gets a number.
    Create {
        /// What to make.
        key: String,
    },
    /// Set a label or an attribute.
    Set {
        /// Of what.
        key: String,
        /// To what; `None` takes it away.
        value: Option<String>,
        /// As block text in this language.
        tag: Option<String>,
    },
    /// Give an object another name, or a connection other arrows, everywhere.
    Rename {
        /// What.
        key: String,
        /// Its new name; for a connection, a connection with the new arrows.
        new_name: String,
    },
    /// Put an object into another container.
    Move {
        /// What.
        key: String,
        /// Where it goes, its name included.
        new_key: String,
        /// Whether what is inside goes along, or stays behind.
        include_descendants: bool,
    },
    /// Take away an object, a connection or an attribute.
    Delete {
        /// What.
        key: String,
        /// Whether what is inside goes along, or moves up.
        with_children: bool,
    },
    /// Give a connection another end, or two.
    Reconnect {
        /// Which.
        key: String,
        /// The new source.
        new_src: Option<String>,
        /// The new destination.
        new_dst: Option<String>,
    },
    /// Change an import.
    UpdateImport {
        /// The file imported now.
        path: String,
        /// The file to import; `None` takes the import away.
        new_path: Option<String>,
    },
    /// Fix the place of an object.
    Pin {
        /// Which.
        key: String,
        /// Pixels from the left of its container.
        left: i64,
        /// Pixels from the top of its container.
        top: i64,
    },
    /// Leave the place of an object to the layout.
    Unpin {
        /// Which.
        key: String,
    },
    /// Put a row of a table, a member of a class or a board in front of another.
    Reorder {
        /// Which.
        key: String,
        /// In front of what; `None` puts it behind all others.
        before: Option<String>,
    },
    /// Declare a class, a variable or a glob of the board, in place of what it was.
    Declare {
        /// Which: `classes.hot`, `vars.color`, `*.style.fill`, `(* -> *)[*].style.stroke`.
        key: String,
        /// What stands behind the key, as D2 writes it; `None` takes it away.
        value: Option<String>,
    },
}

/// A change made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edited {
    /// What to change in the source; spans refer to the source given.
    pub edits: Vec<TextEdit>,
    /// What leads back; spans refer to `source`.
    pub inverse: Vec<TextEdit>,
    /// The source with the edits applied.
    pub source: String,
    /// The key of what was made or renamed.
    pub key: Option<String>,
}

/// Where an edit happens.
#[derive(Clone, Copy)]
pub struct Place<'a> {
    /// The path of the source among `files`; its imports are relative to it.
    pub path: &'a str,
    /// What it imports.
    pub files: &'a dyn Files,
    /// The names of the boards that lead to the one to edit; empty for the main board.
    pub board: &'a [String],
}

impl Default for Place<'_> {
    fn default() -> Self {
        Self { path: spandrel_compile::MAIN_PATH, files: &(), board: &[] }
    }
}

/// Applies `op` to `source`. What cannot be done without changing something else is refused with the reason.
pub fn edit(source: &str, place: Place<'_>, op: &Op) -> Result<Edited, Diagnostic> {
    let session = Session::new(place);
    let (text, key) = session.apply(source, op)?;
    let edits = text::edits_between(source, &text);
    let inverse = invert_edits(source, &edits);
    Ok(Edited { edits, inverse, source: text, key })
}
