//! `near` names objects by their path; when a path changes, so does what names it.

use spandrel_base::LeanSort;
use spandrel_syntax::ast::{Key, Str, Value};
use spandrel_syntax::{keywords, parse_key_path};

use crate::index::{Index, object_key};
use crate::work::{KeyId, Work, names};

/// What happened to an object.
pub(crate) enum Change {
    /// It is gone, its children moved up.
    Deleted,
    /// It is gone with its children.
    DeletedTree,
    /// It has another path; with its children, or leaving them behind.
    Moved { to: Vec<String>, with_children: bool },
}

/// Brings all `near` of the board in line with a change of `object`.
pub(crate) fn update_near(work: &mut Work<'_>, index: &Index, object: &[String], change: &Change) {
    let mut found: Vec<KeyId> = index.all().filter_map(|m| m.attrs.get("near").copied()).collect();
    found.lean_sort();
    found.dedup();
    for id in found {
        let Some(value) = work.key(id).and_then(Key::label).map(|v| v.text().to_owned()) else { continue };
        if keywords::NEAR.contains(&value.as_str()) {
            continue;
        }
        let Some(target) = parse_key_path(&value).map(|path| names(&path)) else { continue };
        if target.len() < object.len() || object_key(&target[..object.len()]) != object_key(object) {
            continue;
        }
        let own = target.len() == object.len();
        let rest = &target[object.len()..];
        let parent = &object[..object.len() - 1];
        let new: Option<Vec<String>> = match change {
            Change::Deleted if own => None,
            Change::DeletedTree => None,
            Change::Deleted => Some(parent.iter().chain(rest).cloned().collect()),
            Change::Moved { to, .. } if own => Some(to.clone()),
            Change::Moved { to, with_children: true } => Some(to.iter().chain(rest).cloned().collect()),
            Change::Moved { .. } => Some(parent.iter().chain(rest).cloned().collect()),
        };
        match new {
            None => {
                forget(work, index, id);
            }
            Some(path) => {
                let text = path_text(&path);
                let span = work.new_span(0);
                if let Some(key) = work.key_mut(id) {
                    crate::work::set_scalar(key, Some(Value::Str(Str::value(&text, span))));
                }
            }
        }
    }
}

/// Takes a `near` away. Where nothing else mentions the object that has it, its name stays.
fn forget(work: &mut Work<'_>, index: &Index, id: KeyId) {
    let holder = index.all().find(|m| m.attrs.get("near") == Some(&id));
    let named = holder.is_none_or(|m| m.refs.iter().any(|r| r.key != id && work.key(r.key).is_some()));
    let Some(key) = work.key_mut(id) else { return };
    match &mut key.path {
        Some(path) if !named && path.parts.len() > 1 && key.edges.is_empty() => {
            path.parts.pop();
            key.primary = None;
            key.value = None;
        }
        _ => {
            work.remove(id);
        }
    }
}

fn path_text(path: &[String]) -> String {
    // The names are printed already.
    path.join(".")
}
