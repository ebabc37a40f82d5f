//! Taking an attribute away, together with what only held it.

use spandrel_syntax::ast::{Key, Str};

use super::{append_null, reserved};
use crate::index::Index;
use crate::session::{Session, Step, refuse};
use crate::unique::ends;
use crate::work::{Scope, Work};

impl Session<'_> {
    pub(super) fn delete_attribute(&self, source: &str, wanted: &Key) -> Step<String> {
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
}

/// Whether the graph has an attribute of an object: a glob or a class may bring it.
fn is_set(index: &Index, object: &[String], attribute: &str) -> bool {
    index.node(object).is_some_and(|node| index.board.nodes[node].attrs.get(attribute).is_some())
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
