//! Taking one connection away: out of its chain, its ends kept.

use spandrel_syntax::ast::{Edge, Item, Key, KeyPath};

use super::{append_null, resolve};
use crate::index::{EdgeRef, Index, Place, Ref, object_key};
use crate::session::{Session, Step};
use crate::unique::ends;
use crate::work::{KeyId, Work, equal};

impl Session<'_> {
    pub(super) fn delete_edge(&self, source: &str, mut wanted: Key) -> Step<String> {
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
}

/// The object below which the key of a connection stands, without the key's own container.
fn outer_scope(reference: &EdgeRef, key: &Key) -> Vec<String> {
    let own = key.path.as_ref().map_or(0, |path| path.parts.len());
    let length = reference.scope_path.len().saturating_sub(own);
    reference.scope_path[..length].to_vec()
}

/// An end of a connection from its own scope, and the object that it names.
pub(super) fn end_of(at: &Ref, cursor: &Key, path: &KeyPath) -> (KeyPath, Vec<String>) {
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
pub(super) fn is_within(at: &Ref, cursor: &Key, path: &KeyPath, object: &[String]) -> bool {
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

/// Takes one connection out of a chain: what is before it stays, what is after it becomes a key of its own.
pub(super) fn delete_from_chain(work: &mut Work<'_>, id: KeyId, at: usize) {
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
