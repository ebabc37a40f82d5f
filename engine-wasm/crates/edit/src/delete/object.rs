//! Taking an object out of every key that names it; what is inside it moves up.

use spandrel_graph::Shape;
use spandrel_syntax::ast::{Item, Key, KeyPath, Str, Value};

use super::edge::{delete_from_chain, keep_node};
use super::reserved;
use crate::index::{Index, Place, Ref, connections_at};
use crate::work::{KeyId, Scope, Work, names};

/// Takes an object out of every key that names it; what is inside it moves up.
pub(super) fn delete_object(work: &mut Work<'_>, index: &Index, path: &KeyPath) {
    let object = names(path);
    let shape = index.shape(&object);
    let flat = matches!(shape, Shape::SqlTable | Shape::Class);
    let refs = index.mentions(&object).refs;
    let parent = &object[..object.len() - 1];
    let parent_refs = index.mentions(parent).refs.len();
    let doomed = connections_at(&refs);
    let is_doomed = |key: KeyId, edge: usize| doomed.contains(&(key, edge));
    let mut at = refs.len();
    // Chains fall apart from behind; the keys that take over the tails of chains are new.
    while at > 0 {
        at -= 1;
        let reference = &refs[at];
        let Some(key) = work.key(reference.key).cloned() else { continue };
        match reference.place {
            Place::Path if key.is_edge() => {
                if let Some(key) = work.key_mut(reference.key)
                    && let Some(path) = &mut key.path
                    && reference.part < path.parts.len()
                {
                    path.parts.remove(reference.part);
                    if path.parts.is_empty() {
                        key.path = None;
                    }
                }
            }
            Place::Path => delete_from_key(work, index, path, reference, &key, flat, parent_refs),
            Place::Src(edge) | Place::Dst(edge) => {
                let dst = matches!(reference.place, Place::Dst(_));
                let Some(own) = key.edges.get(edge).cloned() else { continue };
                let end = if dst { &own.dst } else { &own.src };
                let last = end.as_ref().is_some_and(|end| reference.part + 1 == end.parts.len());
                if flat || last {
                    let other = if dst { &own.src } else { &own.dst };
                    if let Some(other) = other {
                        keep_node(work, index, reference, &key, other, dst, &is_doomed);
                    }
                    delete_from_chain(work, reference.key, edge);
                } else {
                    shorten_end(work, reference.key, edge, dst, reference.part);
                }
            }
        }
    }
}

/// Takes a part out of an end of a connection, and out of the next one's source, which is the same end.
fn shorten_end(work: &mut Work<'_>, id: KeyId, edge: usize, dst: bool, part: usize) {
    let Some(key) = work.key_mut(id) else { return };
    let Some(own) = key.edges.get_mut(edge) else { return };
    let end = if dst { &mut own.dst } else { &mut own.src };
    if let Some(end) = end
        && part < end.parts.len()
    {
        end.parts.remove(part);
    }
}

fn delete_from_key(
    work: &mut Work<'_>,
    index: &Index,
    object_path: &KeyPath,
    reference: &Ref,
    key: &Key,
    flat: bool,
    parent_refs: usize,
) {
    let Some(path) = key.path.as_ref().filter(|path| reference.part < path.parts.len()) else { return };
    let suffix = reference.part + 1 == path.parts.len();
    let rest: Vec<&Str> =
        path.parts.iter().enumerate().filter(|(at, _)| *at != reference.part).map(|(_, p)| p).collect();
    let bare = rest.iter().all(|part| reserved(part) || part.is_parent());
    if flat || bare {
        if !flat {
            hoist(work, index, object_path, reference.key);
        }
        work.remove(reference.key);
        return;
    }
    let no_value = key.value.is_none();
    let Some(own) = work.key_mut(reference.key) else { return };
    if suffix {
        own.primary = None;
    }
    if let Some(path) = &mut own.path {
        path.parts.remove(reference.part);
    }
    if !suffix {
        return;
    }
    if no_value && parent_refs > 1 {
        work.remove(reference.key);
        return;
    }
    match &mut own.value {
        Some(Value::Map(map)) => {
            map.items.retain(|item| {
                !matches!(item, Item::Key(key) if key.path.as_ref().is_some_and(|p| reserved(&p.parts[0])))
            });
        }
        value => *value = None,
    }
}

/// Moves what is in the map of a key up, before the key, comments along with it. Its attributes stay.
pub(crate) fn hoist(work: &mut Work<'_>, index: &Index, object: &KeyPath, id: KeyId) {
    let Some(key) = work.key(id) else { return };
    let Some(map) = key.map() else { return };
    let mut items = map.items.clone();
    for item in &mut items {
        drop_underscore(item, 0);
    }
    let (prefix, scope) = nearest_scope(index, object);
    let beside = work.map(scope).is_some_and(|map| map.keys().any(|key| key.span.start == id));
    for item in items {
        let mut key = match item {
            Item::Key(key) => key,
            comment @ (Item::Comment(_) | Item::BlockComment(_)) => {
                if beside {
                    work.insert_before(id, comment);
                } else if let Some(map) = work.map_mut(scope) {
                    map.items.push(comment);
                }
                continue;
            }
            _ => continue,
        };
        if key.path.as_ref().is_some_and(|p| reserved(&p.parts[0])) {
            continue;
        }
        let mut parts = prefix.clone();
        if let Some(path) = &key.path {
            parts.extend(path.parts.iter().cloned());
        }
        if !parts.is_empty() {
            let span = key.path.as_ref().map_or(key.span, |p| p.span);
            key.path = Some(KeyPath { span, parts });
        }
        if beside {
            work.insert_before(id, Item::Key(key));
        } else if let Some(map) = work.map_mut(scope) {
            map.items.push(Item::Key(key));
        }
    }
}

/// The nearest container of an object that has a map, and the names between it and the object.
fn nearest_scope(index: &Index, object: &KeyPath) -> (Vec<Str>, Scope) {
    let all = names(object);
    for length in (1..all.len()).rev() {
        if let Some(map) = index.mentions(&all[..length]).map {
            return (object.parts[length..all.len() - 1].to_vec(), Scope::Of(map));
        }
    }
    (object.parts[..all.len() - 1].to_vec(), Scope::File)
}

/// What moves up by one container needs one `_` less, where its underscores lead out of that container. `depth`: how
/// many containers lie between it and the item.
fn drop_underscore(item: &mut Item, depth: usize) {
    let Item::Key(key) = item else { return };
    let shorten = |path: &mut KeyPath, depth: usize| {
        let up = path.parts.iter().take_while(|part| part.text() == "_").count();
        if up > depth && path.parts.len() > 1 {
            path.parts.remove(0);
        }
    };
    let inside = depth
        + key.path.as_ref().map_or(0, |path| path.parts.iter().filter(|part| !part.is_parent()).count());
    if let Some(path) = &mut key.path {
        shorten(path, depth);
    }
    // The ends of a connection count from the container in front of it.
    for edge in &mut key.edges {
        if let Some(src) = &mut edge.src {
            shorten(src, inside);
        }
        if let Some(dst) = &mut edge.dst {
            shorten(dst, inside);
        }
    }
    if let Some(Value::Map(map)) = &mut key.value {
        for item in &mut map.items {
            drop_underscore(item, inside);
        }
    }
}
