//! Taking objects, connections and attributes away.

mod attribute;
mod edge;
mod object;

use spandrel_base::LeanSort;
use spandrel_graph::Shape;
use spandrel_syntax::ast::{Key, KeyPath, Str, Value};
use spandrel_syntax::{keywords, print};

pub(crate) use self::edge::keep_node;
use self::edge::{delete_from_chain, end_of, is_within};
use self::object::delete_object;
pub(crate) use self::object::hoist;
use crate::boards::{has_board, remove_board};
use crate::index::{Index, Place, Ref, connections_at};
use crate::near::{Change, update_near};
use crate::session::{Session, Step, read_key, refuse};
use crate::unique::trim_common;
use crate::work::{KeyId, Work, names};

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
        let doomed = connections_at(&mentions.refs);
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

fn printed_last(index: &Index, node: spandrel_graph::NodeId) -> String {
    print::key_part(&index.board.nodes[node].name)
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
