//! What differs between two sources, as objects and connections rather than lines.

use std::collections::BTreeMap;

use spandrel_graph::Board;

use crate::{Op, Place};

/// One thing that changed, by its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The board, `""` for the main one.
    pub board: String,
    /// The object or connection.
    pub key: String,
    /// Which attributes changed, `label` among them; empty for what was added or removed.
    pub attributes: Vec<String>,
}

/// What leads from one source to another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diff {
    /// Objects and connections that only the second has.
    pub added: Vec<Change>,
    /// Objects and connections that only the first has.
    pub removed: Vec<Change>,
    /// What both have, with other labels or attributes.
    pub changed: Vec<Change>,
    /// Objects that are in another container: old key and new key.
    pub moved: Vec<(String, String)>,
    /// Edits of the main board that lead from the first to the second.
    pub ops: Vec<Op>,
}

/// One thing of a board: its attributes by name.
type Facts = BTreeMap<String, String>;

/// Compares what two sources mean.
pub fn diff(a: &str, b: &str, place: Place<'_>) -> Diff {
    let old = crate::index::compile(place.path, a, place.files).diagram;
    let new = crate::index::compile(place.path, b, place.files).diagram;
    let mut result = Diff::default();
    let (old, new) = (boards(&old.root), boards(&new.root));
    let empty = BTreeMap::new();
    for path in old.keys().chain(new.keys().filter(|path| !old.contains_key(*path))) {
        compare(path, old.get(path).unwrap_or(&empty), new.get(path).unwrap_or(&empty), &mut result);
    }
    result
}

fn boards(root: &Board) -> BTreeMap<String, BTreeMap<String, Facts>> {
    root.walk().into_iter().map(|(path, board)| (path, things(board))).collect()
}

fn things(board: &Board) -> BTreeMap<String, Facts> {
    let mut found = BTreeMap::new();
    for node in &board.nodes {
        let mut facts = facts(&node.attrs);
        facts.insert("label".into(), node.label.text.clone());
        facts.insert("shape".into(), node.shape.keyword().into());
        found.insert(node.id.clone(), facts);
    }
    for (id, edge) in board.edges.entries() {
        let mut facts = facts(&edge.attrs);
        facts.insert("label".into(), edge.label.text.clone());
        found.insert(board.edge_key(id), facts);
    }
    found
}

fn facts(attrs: &spandrel_graph::Attrs) -> Facts {
    let text = |value: &spandrel_graph::Value| match value {
        spandrel_graph::Value::Text(text) => text.clone(),
        spandrel_graph::Value::List(items) => items.join("; "),
    };
    attrs.iter().map(|(key, value)| (key.to_owned(), text(value))).collect()
}

fn compare(board: &str, old: &BTreeMap<String, Facts>, new: &BTreeMap<String, Facts>, result: &mut Diff) {
    let change = |key: &str, attributes| Change { board: board.to_owned(), key: key.to_owned(), attributes };
    for (key, was) in old {
        let Some(is) = new.get(key) else {
            result.removed.push(change(key, Vec::new()));
            continue;
        };
        let names: Vec<&String> =
            was.keys().chain(is.keys().filter(|name| !was.contains_key(*name))).collect();
        let differ: Vec<String> =
            names.into_iter().filter(|name| was.get(*name) != is.get(*name)).cloned().collect();
        if !differ.is_empty() {
            result.changed.push(change(key, differ));
        }
    }
    for key in new.keys().filter(|key| !old.contains_key(*key)) {
        result.added.push(change(key, Vec::new()));
    }
}
