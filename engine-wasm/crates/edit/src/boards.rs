//! Boards as things of the board around them: `layers.x` is made, taken away and put in another order.

use spandrel_graph::Board;
use spandrel_syntax::ast::{Key, KeyPath, Value};
use spandrel_syntax::keywords;

use crate::index::{Index, named};
use crate::session::{Step, refuse};
use crate::work::{KeyId, Scope, Work};

/// The group and the name, where a path names a board of the board that is edited: `layers.x`.
pub(crate) fn named_board(path: &KeyPath) -> Option<(&str, &str)> {
    let [group, name] = path.parts.as_slice() else { return None };
    (group.is_unquoted() && keywords::is_board(group.text())).then(|| (group.text(), name.text()))
}

/// The boards of a group, in order.
pub(crate) fn group<'b>(board: &'b Board, group: &str) -> &'b [Board] {
    match group {
        "layers" => &board.layers,
        "scenarios" => &board.scenarios,
        _ => &board.steps,
    }
}

/// Whether the board that is edited has this one.
pub(crate) fn has_board(index: &Index, path: &KeyPath) -> bool {
    named_board(path).is_some_and(|(kind, name)| group(&index.board, kind).iter().any(|b| b.name == name))
}

/// A board is made in the map of its group; `false` where `wanted` names none.
pub(crate) fn add_board(work: &mut Work<'_>, scope: Scope, wanted: &Key) -> Step<bool> {
    let Some((group, name)) = wanted.path.as_ref().and_then(named_board) else { return Ok(false) };
    if name.contains(['.', '"']) {
        return Err(refuse("E007", "the name of a board has neither dots nor quotes"));
    }
    let existing = work.map(scope).and_then(|map| named(map, group).first().copied());
    let group = if let Some(id) = existing.filter(|&id| work.key(id).and_then(Key::map).is_some()) {
        id
    } else {
        let path = work.path([group]);
        let mut key = work.new_key(Some(path));
        key.value = Some(Value::Map(work.new_map()));
        let id = key.span.start;
        work.append(scope, key);
        id
    };
    let path = work.path([name]);
    let mut board = work.new_key(Some(path));
    board.value.clone_from(&wanted.value);
    work.append(Scope::Of(group), board);
    Ok(true)
}

/// Takes out every key that writes a board, with its group where that was all of it.
pub(crate) fn remove_board(work: &mut Work<'_>, scope: Scope, path: &KeyPath) {
    let Some((group, name)) = named_board(path) else { return };
    let Some(map) = work.map(scope) else { return };
    let groups = named(map, group);
    let below = |key: &&Key| key.path.as_ref().is_some_and(|path| starts_with(path, &[group, name]));
    let mut doomed: Vec<KeyId> = map.keys().filter(below).map(|key| key.span.start).collect();
    for &group in &groups {
        let inner = |key: &&Key| key.path.as_ref().is_some_and(|path| starts_with(path, &[name]));
        let boards = work.map(Scope::Of(group)).into_iter().flat_map(|map| map.keys().filter(inner));
        doomed.extend(boards.map(|key| key.span.start));
    }
    for id in doomed {
        work.remove(id);
    }
    for group in groups {
        if work.map(Scope::Of(group)).is_some_and(|map| map.items.is_empty()) {
            work.remove(group);
        }
    }
}

fn starts_with(path: &KeyPath, words: &[&str]) -> bool {
    path.parts.len() >= words.len() && path.parts.iter().zip(words).all(|(part, word)| part.text() == *word)
}
