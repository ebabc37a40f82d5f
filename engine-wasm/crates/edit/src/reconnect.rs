//! Giving a connection other ends.

use spandrel_syntax::ast::{Item, KeyPath};

use crate::delete::keep_node;
use crate::index::{Index, Place, Ref, object_key};
use crate::printer::end_key;
use crate::session::{Session, Step, read_key, refuse};
use crate::unique::{ends, trim_common};
use crate::work::{KeyId, Work, names};

impl Session<'_> {
    pub(crate) fn reconnect(
        &self,
        source: &str,
        key: &str,
        new_src: Option<&str>,
        new_dst: Option<&str>,
    ) -> Step<String> {
        let mut wanted = read_key(key)?;
        let Some(number) = wanted.index.and_then(|i| i.number) else {
            return Err(refuse("E012", format!("`{key}` is no connection: write `(a -> b)[0]`")));
        };
        if wanted.edges.len() != 1 {
            return Err(refuse("E012", format!("`{key}` is no connection: write `(a -> b)[0]`")));
        }
        trim_common(&mut wanted);
        let (mut work, index) = self.open(source)?;
        let edge = ends(&wanted).and_then(|(src, dst, arrows)| index.edge(&src, &dst, arrows, number));
        let Some(edge) = edge else { return Err(refuse("E008", "there is no such connection")) };
        let own = &index.board.edges[edge];
        let new_src = new_src.filter(|new| *new != end_key(&index.board, own.src, own.src_column));
        let new_dst = new_dst.filter(|new| *new != end_key(&index.board, own.dst, own.dst_column));
        if new_src.is_none() && new_dst.is_none() {
            return Ok(source.to_owned());
        }
        let src = new_src.map(|new| existing(&index, new)).transpose()?;
        let dst = new_dst.map(|new| existing(&index, new)).transpose()?;
        let refs = index.edge_refs(&work, edge);
        let Some(first) = refs.first().cloned() else {
            return Err(refuse("E013", "this connection is written on another board or in another file"));
        };
        // What loses its only mention keeps one.
        if own.src != own.dst && (src.is_none() || dst.is_none()) {
            let doomed: Vec<(KeyId, usize)> = refs.iter().map(|r| (r.key, r.edge)).collect();
            let is_doomed = |key: KeyId, edge: usize| doomed.contains(&(key, edge));
            let key = work.key(first.key).cloned().unwrap_or_default();
            let at = Ref {
                key: first.key,
                place: Place::Src(first.edge),
                part: 0,
                scope: first.scope,
                scope_path: first.scope_path.clone(),
            };
            if let Some(ends) = key.edges.get(first.edge).cloned() {
                if let (Some(_), Some(old)) = (&src, &ends.src) {
                    keep_node(&mut work, &index, &at, &key, old, true, &is_doomed);
                }
                if let (Some(_), Some(old)) = (&dst, &ends.dst) {
                    keep_node(&mut work, &index, &at, &key, old, false, &is_doomed);
                }
            }
        }
        for reference in &refs {
            let (id, at) =
                split_chain(&mut work, reference.key, reference.edge, src.is_some(), dst.is_some());
            let src = src.as_ref().map(|path| relative(&mut work, path, &reference.scope_path));
            let dst = dst.as_ref().map(|path| relative(&mut work, path, &reference.scope_path));
            let Some(own) = work.key_mut(id).and_then(|key| key.edges.get_mut(at)) else { continue };
            if src.is_some() {
                own.src = src;
            }
            if dst.is_some() {
                own.dst = dst;
            }
        }
        self.close(&work)
    }
}

/// The path of an object or a row that has to exist.
fn existing(index: &Index, key: &str) -> Step<KeyPath> {
    let path = read_key(key)?.path.unwrap_or_default();
    if index.node(&names(&path)).is_none() && !index.has_member(&names(&path)) {
        return Err(refuse("E011", format!("there is no object `{key}`")));
    }
    Ok(path)
}

/// A path from the board, as it reads below an object: `_` for every container to leave.
pub(crate) fn relative(work: &mut Work<'_>, path: &KeyPath, from: &[String]) -> KeyPath {
    let own = names(path);
    let shared = own
        .iter()
        .zip(from)
        .take_while(|(a, b)| object_key(std::slice::from_ref(a)) == object_key(std::slice::from_ref(b)))
        .count();
    let mut parts: Vec<_> = (shared..from.len()).map(|_| work.part("_")).collect();
    parts.extend(path.parts[shared..].iter().cloned());
    KeyPath { span: work.new_span(0), parts }
}

/// Takes a connection that is to change out of the middle of its chain. Gives the key that now holds it,
/// and its place there.
fn split_chain(work: &mut Work<'_>, id: KeyId, at: usize, src: bool, dst: bool) -> (KeyId, usize) {
    let Some(key) = work.key(id).cloned() else { return (id, at) };
    let count = key.edges.len();
    if count < 2 || key.index.is_some() || (at == 0 && !dst) || (at + 1 == count && !src) {
        return (id, at);
    }
    let mut own = key.clone();
    own.edges = vec![key.edges[at].clone()];
    own.span.start = work.new_span(0).start;
    let own_id = own.span.start;
    let mut tail = None;
    if at + 1 < count {
        let mut rest = key.clone();
        rest.edges = key.edges[at + 1..].to_vec();
        rest.span.start = work.new_span(0).start;
        tail = Some(rest);
    }
    work.insert_after(id, Item::Key(Box::new(own)));
    if let Some(tail) = tail {
        work.insert_after(id, Item::Key(Box::new(tail)));
    }
    if let Some(key) = work.key_mut(id) {
        key.edges.truncate(at);
        if key.edges.is_empty() {
            work.remove(id);
        }
    }
    (own_id, 0)
}
