use serde::{Deserialize, Serialize};

use super::TextEdit;

/// A change of a diagram, to be made as a change of its text. Keys are D2 keys; an edge is
/// `(a -> b)[0]`, with its container before it where it has one, and an attribute after it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, optional_fields))]
#[serde(tag = "op", rename_all = "snake_case")]
pub enum Op {
    /// Makes the object or the edge; a name already taken gets a number.
    Create {
        /// Path of the board; absent: the root.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        board: Option<String>,
        /// What to make.
        key: String,
        /// Its label.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        label: Option<String>,
    },
    /// Sets a label or an attribute; without a value takes it away.
    Set {
        /// Path of the board; absent: the root.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        board: Option<String>,
        /// The object, edge or attribute.
        key: String,
        /// The new value.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        value: Option<String>,
        /// Language, for block text.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        tag: Option<String>,
    },
    /// Gives an object another id, everywhere.
    Rename {
        /// Path of the board; absent: the root.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        board: Option<String>,
        /// The object.
        key: String,
        /// The last part of its new id.
        new_name: String,
    },
    /// Puts an object into another container.
    Move {
        /// Path of the board; absent: the root.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        board: Option<String>,
        /// The object.
        key: String,
        /// Its new id, whole.
        new_key: String,
        /// Whether its children go along.
        #[serde(default)]
        include_descendants: bool,
    },
    /// Takes away an object, an edge or an attribute.
    Delete {
        /// Path of the board; absent: the root.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        board: Option<String>,
        /// What to take away.
        key: String,
        /// Whether its children go with it; otherwise they move up.
        #[serde(default)]
        with_children: bool,
    },
    /// Gives an edge another end, or two.
    Reconnect {
        /// Path of the board; absent: the root.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        board: Option<String>,
        /// The edge.
        key: String,
        /// Its new source.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        new_src: Option<String>,
        /// Its new target.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        new_dst: Option<String>,
    },
    /// Changes an import, or takes it out.
    UpdateImport {
        /// The path it has.
        path: String,
        /// The path it gets.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        new_path: Option<String>,
    },
    /// Fixes an object's place: its top-left corner relative to its container's.
    Pin {
        /// Path of the board; absent: the root.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        board: Option<String>,
        /// The object.
        key: String,
        /// Whole pixels, never negative.
        left: f64,
        /// Whole pixels, never negative.
        top: f64,
    },
    /// Lets the layout place an object again.
    Unpin {
        /// Path of the board; absent: the root.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        board: Option<String>,
        /// The object.
        key: String,
    },
}

/// A source after a change.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, optional_fields))]
pub struct Edited {
    /// The whole text afterwards; the text before where the change was refused.
    pub source: String,
    /// What was changed.
    pub edits: Vec<TextEdit>,
    /// What leads back, byte for byte.
    pub inverse: Vec<TextEdit>,
    /// The key of what was made or moved.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// Why it was refused; empty where it was not.
    pub diagnostics: Vec<super::Diagnostic>,
}

impl From<&Op> for spandrel_edit::Op {
    fn from(op: &Op) -> Self {
        match op.clone() {
            Op::Create { board, key, label } => Self::Create { board, key, label },
            Op::Set { board, key, value, tag } => Self::Set { board, key, value, tag },
            Op::Rename { board, key, new_name } => Self::Rename { board, key, new_name },
            Op::Move { board, key, new_key, include_descendants } => {
                Self::Move { board, key, new_key, include_descendants }
            }
            Op::Delete { board, key, with_children } => Self::Delete { board, key, with_children },
            Op::Reconnect { board, key, new_src, new_dst } => {
                Self::Reconnect { board, key, new_src, new_dst }
            }
            Op::UpdateImport { path, new_path } => Self::UpdateImport { path, new_path },
            Op::Pin { board, key, left, top } => Self::Pin { board, key, left, top },
            Op::Unpin { board, key } => Self::Unpin { board, key },
        }
    }
}
