use serde::{Deserialize, Serialize};

use super::{Place, TextEdit};

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
        #[cfg_attr(feature = "typescript", ts(as = "Option<bool>", optional))]
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
        #[cfg_attr(feature = "typescript", ts(as = "Option<bool>", optional))]
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
    /// Puts a row of a table, a member of a class or a board (`layers.x`) in front of another.
    Reorder {
        /// Path of the board; absent: the root.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        board: Option<String>,
        /// What to put elsewhere.
        key: String,
        /// What it then stands in front of; absent: it comes last.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        before: Option<String>,
    },
    /// Declares a class, a variable or a glob, in place of what it was.
    Declare {
        /// Path of the board; absent: the root.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        board: Option<String>,
        /// Which: `classes.hot`, `vars.color`, `*.style.fill`, `(* -> *)[*].style.stroke`.
        key: String,
        /// What stands behind the key, as D2 writes it; absent: it is taken away.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        value: Option<String>,
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

impl Op {
    /// The board to change, by path; `""` for the root.
    pub fn board(&self) -> &str {
        match self {
            Self::Create { board, .. }
            | Self::Set { board, .. }
            | Self::Rename { board, .. }
            | Self::Move { board, .. }
            | Self::Delete { board, .. }
            | Self::Reconnect { board, .. }
            | Self::Pin { board, .. }
            | Self::Unpin { board, .. }
            | Self::Reorder { board, .. }
            | Self::Declare { board, .. } => board.as_deref().unwrap_or_default(),
            Self::UpdateImport { .. } => "",
        }
    }

    /// The label that a new object gets at once.
    pub(crate) fn label(&self) -> Option<&str> {
        if let Self::Create { label, .. } = self { label.as_deref() } else { None }
    }
}

impl From<&Op> for spandrel_edit::Op {
    fn from(op: &Op) -> Self {
        match op.clone() {
            Op::Create { key, .. } => Self::Create { key },
            Op::Set { key, value, tag, .. } => Self::Set { key, value, tag },
            Op::Rename { key, new_name, .. } => Self::Rename { key, new_name },
            Op::Move { key, new_key, include_descendants, .. } => {
                Self::Move { key, new_key, include_descendants }
            }
            Op::Delete { key, with_children, .. } => Self::Delete { key, with_children },
            Op::Reconnect { key, new_src, new_dst, .. } => Self::Reconnect { key, new_src, new_dst },
            Op::UpdateImport { path, new_path } => Self::UpdateImport { path, new_path },
            // Pins are whole pixels, as D2 demands; the edit refuses negative ones with the reason.
            Op::Pin { key, left, top, .. } => {
                Self::Pin { key, left: left.round() as i64, top: top.round() as i64 }
            }
            Op::Unpin { key, .. } => Self::Unpin { key },
            Op::Reorder { key, before, .. } => Self::Reorder { key, before },
            Op::Declare { key, value, .. } => Self::Declare { key, value },
        }
    }
}

impl From<&spandrel_edit::Step> for Op {
    fn from(step: &spandrel_edit::Step) -> Self {
        use spandrel_edit::Op as Inner;
        let board = Some(step.board.clone()).filter(|board| !board.is_empty());
        match step.op.clone() {
            Inner::Create { key } => Self::Create { board, key, label: None },
            Inner::Set { key, value, tag } => Self::Set { board, key, value, tag },
            Inner::Rename { key, new_name } => Self::Rename { board, key, new_name },
            Inner::Move { key, new_key, include_descendants } => {
                Self::Move { board, key, new_key, include_descendants }
            }
            Inner::Delete { key, with_children } => Self::Delete { board, key, with_children },
            Inner::Reconnect { key, new_src, new_dst } => Self::Reconnect { board, key, new_src, new_dst },
            Inner::UpdateImport { path, new_path } => Self::UpdateImport { path, new_path },
            Inner::Pin { key, left, top } => Self::Pin { board, key, left: left as f64, top: top as f64 },
            Inner::Unpin { key } => Self::Unpin { board, key },
            Inner::Reorder { key, before } => Self::Reorder { board, key, before },
            Inner::Declare { key, value } => Self::Declare { board, key, value },
        }
    }
}

/// What changed between two sources.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, optional_fields))]
pub struct Diff {
    /// Objects, connections and declarations (classes, variables, globs) that only the second has.
    pub added: Vec<Change>,
    /// Objects, connections and declarations that only the first has.
    pub removed: Vec<Change>,
    /// What both have, with other labels or attributes.
    pub changed: Vec<Change>,
    /// Objects that are in another container.
    pub moved: Vec<Moved>,
    /// Edits that lead from the first to the second, in order, board by board.
    pub ops: Vec<Op>,
    /// For each of `ops`, the positions of the earlier ones without which it makes no sense.
    pub needs: Vec<Vec<usize>>,
    /// Why `ops` alone do not give all that the second means; absent where they do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shortfall: Option<String>,
    /// The change of the first text that gives what the second means: that of `ops` where they suffice, so
    /// that comments, order and pins stay; else the lines that differ.
    pub edits: Vec<TextEdit>,
}

impl Diff {
    /// Whether both mean the same.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty() && self.changed.is_empty() && self.moved.is_empty()
    }
}

/// One thing that changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
pub struct Change {
    /// The board, `""` for the root.
    pub board: String,
    /// The object's id, the connection's key, or that of a declaration (`classes.hot`).
    pub key: String,
    /// Which attributes changed, `label` among them; empty for what was added or removed.
    pub attributes: Vec<String>,
}

/// An object that is in another container.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
pub struct Moved {
    /// Its key before.
    pub from: String,
    /// Its key after.
    pub to: String,
}

impl Diff {
    /// A difference of the text at `place` from another.
    pub(crate) fn new(diff: &spandrel_edit::Diff, place: &Place<'_>) -> Self {
        let changes = |list: &[spandrel_edit::Change]| {
            let change = |c: &spandrel_edit::Change| Change {
                board: c.board.clone(),
                key: c.key.clone(),
                attributes: c.attributes.clone(),
            };
            list.iter().map(change).collect()
        };
        Self {
            added: changes(&diff.added),
            removed: changes(&diff.removed),
            changed: changes(&diff.changed),
            moved: diff.moved.iter().map(|(from, to)| Moved { from: from.clone(), to: to.clone() }).collect(),
            ops: diff.steps.iter().map(Op::from).collect(),
            needs: diff.steps.iter().map(|step| step.needs.clone()).collect(),
            shortfall: diff.shortfall.clone(),
            edits: diff.edits.iter().map(|edit| place.text_edit(edit)).collect(),
        }
    }
}
