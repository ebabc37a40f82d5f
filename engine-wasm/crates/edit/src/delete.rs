//! Taking objects, connections and attributes away.

use spandrel_base::LeanSort;
use spandrel_graph::Shape;
use spandrel_syntax::ast::{Edge, Item, Key, KeyPath, Str, Value};
use spandrel_syntax::{keywords, print};

use crate::boards::{has_board, remove_board};
use crate::index::{EdgeRef, Index, Place, Ref, object_key};
use crate::near::{Change, update_near};
use crate::session::{Session, Step, read_key, refuse};
use crate::unique::{ends, trim_common};
use crate::work::{KeyId, Scope, Work, equal, names};

pub(crate) fn reserved(part: &Str) -> bool {
    part.is_unquoted() && keywords::is_reserved(part.text())
}

/// `key: null` at the end of the board: how something is taken away that is written elsewhere.
fn append_null(work: &mut Work<'_>, index: &Index, mut key: Key) {
    key.span = work.new_span(0);
    key.value = Some(Value::Null(key.span));
    work.append(index.base, key);
}

impl Session<'_> {
    pub(crate) fn delete(&self, source: &str, key: &str, with_children: bool) -> Step<String> {
        let mut wanted = read_key(key)?;
        if wanted.edges.len() > 1 {
            return Err(refuse("E005", "one connection at a time"));
        }
        trim_common(&mut wanted);
        let target = if wanted.is_edge() { &wanted.edge_path } else { &wanted.path };
        if target.as_ref().and_then(|p| p.parts.last()).is_some_and(reserved) {
            return self.delete_attribute(source, &wanted);
        }
        if wanted.is_edge() {
            return self.delete_edge(source, wanted);
        }
        let (mut work, index) = self.open(source)?;
        if let Some(path) = &mut wanted.path {
            index.as_written(path);
        }
        let Some(path) = wanted.path.clone() else {
            return Err(refuse("E001", format!("`{key}` is no key")));
        };
        let object = names(&path);
        if has_board(&index, &path) {
            return self.delete_board(work, &index, wanted, &path);
        }
        if index.has_member(&object) {
            return self.delete_member(source, &object, wanted);
        }
        if index.node(&object).is_none() {
            return Ok(source.to_owned());
        }
        if index.is_imported(&object) {
            append_null(&mut work, &index, wanted);
            return self.close(&work);
        }
        if with_children {
            return self.delete_tree(work, &index, &object, wanted);
        }
        let renamed = self.free_children(&index, source, &object)?;
        let (mut work, index) = match &renamed {
            None => (work, index),
            Some(renamed) => self.open(renamed)?,
        };
        if Self::is_partly_elsewhere(&work, &index, &object) {
            append_null(&mut work, &index, wanted);
            return self.close(&work);
        }
        delete_object(&mut work, &index, &path);
        update_near(&mut work, &index, &object, &Change::Deleted);
        self.close(&work)
    }

    /// Takes a board away. One that comes from another file or board is set to `null`.
    fn delete_board(&self, mut work: Work<'_>, index: &Index, wanted: Key, path: &KeyPath) -> Step<String> {
        remove_board(&mut work, index.base, path);
        let text = self.close(&work)?;
        let (mut work, index) = self.open(&text)?;
        if !has_board(&index, path) {
            return Ok(text);
        }
        append_null(&mut work, &index, wanted);
        self.close(&work)
    }

    /// Takes a row or a member away, with every connection of it. One that is also written elsewhere is set to `null`.
    fn delete_member(&self, source: &str, object: &[String], wanted: Key) -> Step<String> {
        let (work, index) = self.open(source)?;
        let mentions = index.mentions(object);
        if !mentions.globbed && !mentions.refs.is_empty() {
            let text = self.delete_tree(work, &index, object, wanted.clone())?;
            let (_, after) = self.open(&text)?;
            if !after.has_member(object) {
                return Ok(text);
            }
        }
        let (mut work, index) = self.open(source)?;
        append_null(&mut work, &index, wanted);
        self.close(&work)
    }

    /// On a board other than the main one, an object that is also mentioned outside of the board's own map.
    fn is_partly_elsewhere(work: &Work<'_>, index: &Index, object: &[String]) -> bool {
        if Session::is_main_board(index) {
            return false;
        }
        let mentions = index.mentions(object);
        let in_edges = mentions.refs.iter().any(|r| work.key(r.key).is_some_and(Key::is_edge));
        in_edges || index.outside_mentions(object) > 0
    }

    /// Deletes an object with all that is inside it, and every connection of any of them.
    fn delete_tree(&self, mut work: Work<'_>, index: &Index, object: &[String], wanted: Key) -> Step<String> {
        if !Session::is_main_board(index) && index.outside_mentions(object) > 0 {
            append_null(&mut work, index, wanted);
            return self.close(&work);
        }
        let mentions = index.mentions(object);
        let doomed: Vec<(KeyId, usize)> = mentions
            .refs
            .iter()
            .filter_map(|r| match r.place {
                Place::Src(edge) | Place::Dst(edge) => Some((r.key, edge)),
                Place::Path => None,
            })
            .collect();
        let is_doomed = |key: KeyId, edge: usize| doomed.contains(&(key, edge));
        // The row at the other end of a row that goes needs no mention of its own where it is written as a key.
        let is_written = |at: &Ref, key: &Key, path: &KeyPath| {
            let (_, end) = end_of(at, key, path);
            index.has_member(&end) && index.mentions(&end).refs.iter().any(|r| !r.in_edge())
        };
        let is_gone_or_written = |at: &Ref, key: &Key, path: &KeyPath| {
            is_within(at, key, path, object) || index.has_member(object) && is_written(at, key, path)
        };
        for reference in mentions.refs.iter().rev() {
            let Some(key) = work.key(reference.key).cloned() else { continue };
            match reference.place {
                Place::Path => {
                    // What the key names in front of the object stays.
                    let front =
                        key.path.as_ref().and_then(|path| Some(path.parts.get(..reference.part)?.to_vec()));
                    let front = front.filter(|front| front.iter().any(|part| !part.is_parent()));
                    match front {
                        None => {
                            work.remove(reference.key);
                        }
                        Some(front) => {
                            let container = resolve_front(&reference.scope_path, &front);
                            let others = index.mentions(&container).refs;
                            let named =
                                others.iter().any(|r| r.key != reference.key && work.key(r.key).is_some());
                            if named {
                                work.remove(reference.key);
                            } else if let Some(own) = work.key_mut(reference.key) {
                                let span = own.span;
                                *own = Key {
                                    span,
                                    path: Some(KeyPath { span, parts: front }),
                                    ..Key::default()
                                };
                            }
                        }
                    }
                }
                Place::Src(at) => {
                    if let Some(dst) = key.edges.get(at).and_then(|e| e.dst.clone())
                        && !is_gone_or_written(reference, &key, &dst)
                    {
                        keep_node(&mut work, index, reference, &key, &dst, false, &is_doomed);
                    }
                }
                Place::Dst(at) => {
                    if let Some(src) = key.edges.get(at).and_then(|e| e.src.clone())
                        && !is_gone_or_written(reference, &key, &src)
                    {
                        keep_node(&mut work, index, reference, &key, &src, true, &is_doomed);
                    }
                    delete_from_chain(&mut work, reference.key, at);
                }
            }
            if let Place::Src(at) = reference.place {
                delete_from_chain(&mut work, reference.key, at);
            }
        }
        update_near(&mut work, index, object, &Change::DeletedTree);
        self.close(&work)
    }

    fn delete_edge(&self, source: &str, mut wanted: Key) -> Step<String> {
        let (mut work, index) = self.open(source)?;
        let number = wanted.index.and_then(|i| i.number).unwrap_or(0);
        let Some((src, dst, arrows)) = ends(&wanted) else { return Ok(source.to_owned()) };
        let Some(edge) = index.edge(&src, &dst, arrows, number) else { return Ok(source.to_owned()) };
        let refs = index.edge_refs(&work, edge);
        if index.is_imported_edge(&work, edge)
            || (!Session::is_main_board(&index) && refs.len() != index.edge_mentions(edge))
        {
            wanted.edge_path = None;
            index.address(edge, &mut wanted);
            append_null(&mut work, &index, wanted);
            return self.close(&work);
        }
        if let Some(first) = refs.first() {
            let ends =
                work.key(first.key).and_then(|key| Some((key.clone(), key.edges.get(first.edge)?.clone())));
            if let Some((key, own)) = ends {
                let doomed: Vec<(KeyId, usize)> = refs.iter().map(|r| (r.key, r.edge)).collect();
                let is_doomed = |key: KeyId, edge: usize| doomed.contains(&(key, edge));
                let at = Ref {
                    key: first.key,
                    place: Place::Src(first.edge),
                    part: 0,
                    scope: first.scope,
                    scope_path: outer_scope(first, &key),
                };
                if let Some(src) = own.src {
                    keep_node(&mut work, &index, &at, &key, &src, true, &is_doomed);
                }
                if let Some(dst) = own.dst {
                    keep_node(&mut work, &index, &at, &key, &dst, false, &is_doomed);
                }
            }
        }
        for reference in refs.iter().rev() {
            let glob = work.key(reference.key).and_then(|k| k.index).is_some_and(|i| i.is_glob());
            if !glob {
                delete_from_chain(&mut work, reference.key, reference.edge);
            }
        }
        // Later ones of the same ends move up by one.
        let ids = (index.board.edges[edge].src, index.board.edges[edge].dst);
        for (other, e) in index.board.edges.entries() {
            if (e.src, e.dst) != ids || (e.src_arrow, e.dst_arrow) != arrows || e.index <= number {
                continue;
            }
            for reference in index.edge_refs(&work, other) {
                if let Some(number) = work
                    .key_mut(reference.key)
                    .and_then(|key| key.index.as_mut())
                    .and_then(|index| index.number.as_mut())
                {
                    *number -= 1;
                }
            }
        }
        self.close(&work)
    }

    fn delete_attribute(&self, source: &str, wanted: &Key) -> Step<String> {
        let (mut work, index) = self.open(source)?;
        if wanted.is_edge() {
            let number = wanted.index.and_then(|i| i.number).unwrap_or(0);
            let edge = ends(wanted).and_then(|(src, dst, arrows)| index.edge(&src, &dst, arrows, number));
            let (Some(edge), Some(path)) = (edge, &wanted.edge_path) else { return Ok(source.to_owned()) };
            let words: Vec<&str> = path.parts.iter().map(Str::text).collect();
            let mut deleted = false;
            for reference in index.edge_refs(&work, edge) {
                let Some(key) = work.key(reference.key) else { continue };
                if key.edges.len() > 1 {
                    continue;
                }
                let own: Option<Vec<String>> =
                    key.edge_path.as_ref().map(|p| p.parts.iter().map(|p| p.text().to_owned()).collect());
                if key.map().is_some() && own.is_none() {
                    deleted |= delete_field(&mut work, Scope::Of(reference.key), &words);
                } else if own.is_some_and(|own| own == words) {
                    work.remove(reference.key);
                    deleted = true;
                }
            }
            let is_set = index.board.edges[edge].attrs.get(&words.join(".")).is_some();
            if !deleted && (is_set || index.is_imported_edge(&work, edge)) {
                let mut wanted = wanted.clone();
                index.address(edge, &mut wanted);
                append_null(&mut work, &index, wanted);
            }
            return self.close(&work);
        }
        let mut wanted = wanted.clone();
        if let Some(path) = &mut wanted.path {
            index.as_written(path);
        }
        let Some(path) = &wanted.path else { return Ok(source.to_owned()) };
        let split = path.parts.iter().position(reserved).unwrap_or(path.parts.len());
        let object: Vec<String> = path.parts[..split].iter().map(Str::printed_key).collect();
        let words: Vec<&str> = path.parts[split..].iter().map(Str::text).collect();
        if !index.has(&object) && !index.has_member(&object) {
            return Err(refuse("E011", format!("there is no object `{}`", object.join("."))));
        }
        let deleted = if object.is_empty() {
            delete_field(&mut work, index.base, &words)
        } else {
            delete_object_field(&mut work, &index, &object, &words)
        };
        let imported = index.is_imported(&object);
        let words = words.join(".");
        if !deleted && !object.is_empty() && (imported || is_set(&index, &object, &words)) {
            append_null(&mut work, &index, wanted.clone());
        }
        self.close(&work)
    }

    /// Renames children that would collide with others when they move up. `None`: nothing to do.
    pub(crate) fn free_children(
        &self,
        index: &Index,
        source: &str,
        object: &[String],
    ) -> Step<Option<String>> {
        let Some(node) = index.node(object) else { return Ok(None) };
        let node = &index.board.nodes[node];
        if matches!(node.shape, Shape::SqlTable | Shape::Class) || node.children.is_empty() {
            return Ok(None);
        }
        let parent = &object[..object.len() - 1];
        let own_name = &object[object.len() - 1];
        let children: Vec<String> = node.children.iter().map(|&c| printed_last(index, c)).collect();
        let twin = children.iter().any(|child| child == own_name);
        let ignored = if twin { None } else { Some(object) };
        let mut taken: Vec<String> = Vec::new();
        let mut renames: Vec<(String, String)> = Vec::new();
        for (at, child) in children.iter().enumerate() {
            // A child of its parent's name takes its place.
            if child == own_name {
                continue;
            }
            let lifted =
                |name: &str| parent.iter().map(String::as_str).chain([name]).collect::<Vec<_>>().join(".");
            let mut others = taken.clone();
            others.extend(children.iter().skip(at + 1).map(|other| lifted(other)));
            let (unique, _) = index.unique(&lifted(child), ignored, &others)?;
            taken.push(unique.clone());
            let last = read_key(&unique)?.path.and_then(|p| p.parts.last().map(Str::printed_key));
            let Some(last) = last.filter(|last| last != child) else { continue };
            let old = object.iter().map(String::as_str).chain([child.as_str()]).collect::<Vec<_>>().join(".");
            renames.push((old, last));
        }
        if renames.is_empty() {
            return Ok(None);
        }
        // A name that another child still has comes last.
        let olds: Vec<String> = renames.iter().map(|(old, _)| old.clone()).collect();
        let target = |new: &str| object.iter().map(String::as_str).chain([new]).collect::<Vec<_>>().join(".");
        renames.lean_sort_by_key(|(_, new)| olds.contains(&target(new)));
        let mut text = source.to_owned();
        for (old, new) in renames {
            text = self.rename_exactly(&text, &old, &target(&new))?;
        }
        Ok(Some(text))
    }
}

/// Whether the graph has an attribute of an object: a glob or a class may bring it.
fn is_set(index: &Index, object: &[String], attribute: &str) -> bool {
    index.node(object).is_some_and(|node| index.board.nodes[node].attrs.get(attribute).is_some())
}

fn printed_last(index: &Index, node: spandrel_graph::NodeId) -> String {
    print::key_part(&index.board.nodes[node].name)
}

/// The object below which the key of a connection stands, without the key's own container.
fn outer_scope(reference: &EdgeRef, key: &Key) -> Vec<String> {
    let own = key.path.as_ref().map_or(0, |path| path.parts.len());
    let length = reference.scope_path.len().saturating_sub(own);
    reference.scope_path[..length].to_vec()
}

/// An end of a connection from its own scope, and the object that it names.
fn end_of(at: &Ref, cursor: &Key, path: &KeyPath) -> (KeyPath, Vec<String>) {
    let mut full = path.clone();
    if let Some(container) = &cursor.path {
        let mut parts = container.parts.clone();
        parts.extend(full.parts);
        full.parts = parts;
    }
    let outer = if at.in_edge() {
        let own = cursor.path.as_ref().map_or(0, |p| p.parts.len());
        at.scope_path.get(..at.scope_path.len().saturating_sub(own)).unwrap_or_default().to_vec()
    } else {
        at.scope_path.clone()
    };
    let outer = if at.part == usize::MAX { at.scope_path.clone() } else { outer };
    let object = resolve(&outer, &full);
    (full, object)
}

/// Whether an end of a connection is `object` or lies in it: of a loop, both ends go.
fn is_within(at: &Ref, cursor: &Key, path: &KeyPath, object: &[String]) -> bool {
    let (_, end) = end_of(at, cursor, path);
    end.len() >= object.len() && object_key(&end[..object.len()]) == object_key(object)
}

/// Makes sure that an end of a connection that goes away is still mentioned.
pub(crate) fn keep_node(
    work: &mut Work<'_>,
    index: &Index,
    at: &Ref,
    cursor: &Key,
    path: &KeyPath,
    before: bool,
    is_doomed: &dyn Fn(KeyId, usize) -> bool,
) {
    let (full, object) = end_of(at, cursor, path);
    if index.has(&object) {
        let persists = index.mentions(&object).refs.iter().any(|r| match r.place {
            Place::Path => work.key(r.key).is_some(),
            Place::Src(edge) | Place::Dst(edge) => !is_doomed(r.key, edge),
        });
        if persists {
            return;
        }
    }
    let mut key = work.new_key(Some(full));
    for part in key.path.iter_mut().flat_map(|p| &mut p.parts) {
        part.span = spandrel_base::Span { start: key.span.start, end: key.span.start };
    }
    let known = work.map(at.scope).is_some_and(|map| map.keys().any(|other| equal(other, &key)));
    if known {
        return;
    }
    let item = Item::Key(Box::new(key));
    if before {
        work.insert_before(at.key, item);
    } else {
        work.insert_after(at.key, item);
    }
}

/// The object that a path names from an object; `_` leads up.
pub(crate) fn resolve(from: &[String], path: &KeyPath) -> Vec<String> {
    let mut object = from.to_vec();
    for part in &path.parts {
        if part.is_parent() {
            object.pop();
        } else if reserved(part) {
            break;
        } else {
            object.push(part.printed_key());
        }
    }
    object
}

fn resolve_front(from: &[String], parts: &[Str]) -> Vec<String> {
    resolve(from, &KeyPath { parts: parts.to_vec(), ..KeyPath::default() })
}

/// Takes one connection out of a chain: what is before it stays, what is after it becomes a key of its own.
pub(crate) fn delete_from_chain(work: &mut Work<'_>, id: KeyId, at: usize) {
    let Some(key) = work.key(id) else { return };
    if at >= key.edges.len() {
        return;
    }
    let after: Vec<Edge> = key.edges[at + 1..].to_vec();
    let mut rest = key.clone();
    if !after.is_empty() {
        rest.edges = after;
        let start = work.new_span(0).start;
        // It counts as standing where the chain stood.
        rest.span.start = start;
        rest.span = spandrel_base::Span { start, end: rest.span.end };
        work.insert_after(id, Item::Key(Box::new(rest)));
    }
    if let Some(key) = work.key_mut(id) {
        key.edges.truncate(at);
        if key.edges.is_empty() {
            work.remove(id);
        }
    }
}

/// Takes an attribute out of a map, together with what only held it.
fn delete_field(work: &mut Work<'_>, scope: Scope, words: &[&str]) -> bool {
    let Some(map) = work.map(scope) else { return false };
    let mut doomed = Vec::new();
    let mut inner = Vec::new();
    for key in map.keys().filter(|key| key.edges.is_empty()) {
        let Some(path) = &key.path else { continue };
        let own: Vec<&str> = path.parts.iter().map(Str::text).collect();
        if own == words || words.len() == 1 && own[0] == words[0] {
            doomed.push(key.span.start);
        } else if words.len() > own.len() && words.starts_with(&own) && key.map().is_some() {
            inner.push((key.span.start, own.len()));
        }
    }
    let mut deleted = !doomed.is_empty();
    for id in doomed {
        work.remove(id);
    }
    for (id, length) in inner {
        if delete_field(work, Scope::Of(id), &words[length..]) {
            deleted = true;
            if work.map(Scope::Of(id)).is_some_and(|map| map.items.is_empty())
                && work.key(id).is_some_and(|key| key.primary.is_none())
            {
                work.remove(id);
            }
        }
    }
    deleted
}

fn delete_object_field(work: &mut Work<'_>, index: &Index, object: &[String], words: &[&str]) -> bool {
    let mentions = index.mentions(object);
    let mut deleted = false;
    for (at, reference) in mentions.refs.iter().enumerate() {
        if reference.in_edge() {
            continue;
        }
        let Some(key) = work.key(reference.key) else { continue };
        let Some(path) = &key.path else { continue };
        if key.is_edge() {
            continue;
        }
        let rest: Vec<String> =
            path.parts.iter().skip(reference.part + 1).map(|p| p.text().to_owned()).collect();
        if rest.is_empty() {
            if key.map().is_some() {
                deleted |= delete_field(work, Scope::Of(reference.key), words);
            }
            continue;
        }
        let same = rest.iter().map(String::as_str).eq(words.iter().copied());
        let prefix =
            words.len() > rest.len() && words.iter().zip(&rest).all(|(a, b)| a == b) && key.map().is_some();
        if prefix {
            deleted |= delete_field(work, Scope::Of(reference.key), &words[rest.len()..]);
            let empty = work.map(Scope::Of(reference.key)).is_some_and(|map| map.items.is_empty());
            if !empty {
                continue;
            }
        } else if !same {
            continue;
        }
        deleted = true;
        // The key may be all that mentions the object.
        let others =
            mentions.refs.iter().enumerate().any(|(other, r)| other != at && work.key(r.key).is_some());
        if others {
            work.remove(reference.key);
        } else if let Some(key) = work.key_mut(reference.key) {
            key.value = None;
            key.primary = None;
            if let Some(path) = &mut key.path {
                path.parts.truncate(reference.part + 1);
            }
        }
    }
    deleted
}

/// Takes an object out of every key that names it; what is inside it moves up.
fn delete_object(work: &mut Work<'_>, index: &Index, path: &KeyPath) {
    let object = names(path);
    let shape = index.shape(&object);
    let flat = matches!(shape, Shape::SqlTable | Shape::Class);
    let refs = index.mentions(&object).refs;
    let parent = &object[..object.len() - 1];
    let parent_refs = index.mentions(parent).refs.len();
    let doomed: Vec<(KeyId, usize)> = refs
        .iter()
        .filter_map(|r| match r.place {
            Place::Src(edge) | Place::Dst(edge) => Some((r.key, edge)),
            Place::Path => None,
        })
        .collect();
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
