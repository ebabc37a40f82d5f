//! Other names and other containers for objects.

use spandrel_syntax::ast::{Item, Key, KeyPath, Map, Str, Value};
use spandrel_syntax::{format_path, keywords};

use crate::delete::{hoist, keep_node, reserved, resolve};
use crate::index::{Index, Mentions, Place, Ref, connections_at};
use crate::near::{Change, update_near};
use crate::reconnect::relative;
use crate::session::{Session, Step, read_key, refuse};
use crate::unique::{ends, trim_common};
use crate::work::{KeyId, Scope, Work, equal, names};

impl Session<'_> {
    /// Gives an object another name, or a connection other arrows.
    pub(crate) fn rename(&self, source: &str, key: &str, new_name: &str) -> Step<(String, Option<String>)> {
        let wanted = read_key(key)?;
        if wanted.is_edge() && wanted.edge_path.is_none() {
            let text = self.rename_edge(source, wanted, new_name)?;
            return Ok((text, Some(new_name.to_owned())));
        }
        if keywords::is_reserved(new_name) {
            return Err(refuse("E014", format!("`{new_name}` is a keyword")));
        }
        let Some(mut path) = wanted.path else { return Err(refuse("E001", format!("`{key}` is no key"))) };
        let (_, index) = self.open(source)?;
        let object = names(&path);
        if index.node(&object).is_none() {
            return Err(refuse("E011", format!("there is no object `{key}`")));
        }
        // A name that is taken gets a number.
        let name = match index.unique(new_name, Some(&object), &[]) {
            Ok((unique, _)) => read_key(&unique)
                .ok()
                .and_then(|k| k.path)
                .filter(|p| p.parts.len() == 1)
                .map_or(new_name.to_owned(), |p| p.parts[0].text().to_owned()),
            Err(_) => new_name.to_owned(),
        };
        if let Some(last) = path.parts.last_mut() {
            *last = Str::key(&name, last.span);
        }
        let (text, _) = self.move_object(source, key, &format_path(&path), false)?;
        Ok((text, Some(name)))
    }

    /// [`Session::rename`] to a path that is known to be free.
    pub(crate) fn rename_exactly(&self, source: &str, key: &str, new_key: &str) -> Step<String> {
        self.move_object(source, key, new_key, false).map(|(text, _)| text)
    }

    fn rename_edge(&self, source: &str, mut wanted: Key, new: &str) -> Step<String> {
        let mut new = read_key(new)?;
        let Some(arrows) = new.edges.first().map(|e| (e.src_arrow, e.dst_arrow)) else {
            return Err(refuse("E012", "a connection is renamed by one with other arrows, as in `a <- b`"));
        };
        trim_common(&mut wanted);
        trim_common(&mut new);
        let (mut work, index) = self.open(source)?;
        let number = wanted.index.and_then(|i| i.number).unwrap_or(0);
        let edge = ends(&wanted).and_then(|(src, dst, arrows)| index.edge(&src, &dst, arrows, number));
        let Some(edge) = edge else { return Err(refuse("E008", "there is no such connection")) };
        for reference in index.edge_refs(&work, edge) {
            if let Some(own) = work.key_mut(reference.key).and_then(|k| k.edges.get_mut(reference.edge)) {
                (own.src_arrow, own.dst_arrow) = arrows;
            }
        }
        self.close(&work)
    }

    /// Puts an object elsewhere; gives the text and its new key.
    pub(crate) fn move_object(
        &self,
        source: &str,
        key: &str,
        new_key: &str,
        with_children: bool,
    ) -> Step<(String, Option<String>)> {
        if key == new_key {
            return Ok((source.to_owned(), Some(key.to_owned())));
        }
        let wanted = read_key(key)?;
        if wanted.is_edge() {
            let text = self.rename_edge(source, wanted, new_key)?;
            return Ok((text, Some(new_key.to_owned())));
        }
        let (work, index) = self.open(source)?;
        let new_key = index.unique(new_key, None, &[])?.0;
        let path = |key: Key| key.path.ok_or_else(|| refuse("E001", "a key of an object is needed"));
        let (old, new) = (path(wanted)?, path(read_key(&new_key)?)?);
        let (from, to) = (names(&old), names(&new));
        let cross = from[..from.len() - 1].join(".") != to[..to.len() - 1].join(".");
        let freed = if cross && !with_children { self.free_children(&index, source, &from)? } else { None };
        let (work, index) = match &freed {
            None => (work, index),
            Some(freed) => self.open(freed)?,
        };
        if index.node(&from).is_none() {
            return Err(refuse("E011", format!("there is no object `{key}`")));
        }
        if with_children && to.len() > from.len() && to[..from.len()] == from[..] {
            return Err(refuse("E015", "an object cannot go into itself"));
        }
        let mentions = index.mentions(&from);
        let in_edges = mentions.refs.iter().any(|r| work.key(r.key).is_some_and(Key::is_edge));
        let elsewhere = index.outside_mentions(&from) > 0 || in_edges;
        if !Session::is_main_board(&index) && elsewhere || mentions.refs.is_empty() {
            return Err(refuse("E013", "this object is also written on another board or in another file"));
        }
        if cross && to.len() > 1 && index.node(&to[..to.len() - 1]).is_none() {
            let parent = to[..to.len() - 1].join(".");
            return Err(refuse("E011", format!("there is no object `{parent}`")));
        }
        let mut mover = Mover { work, index, old, new, from, to, cross, with_children };
        mover.run(mentions)?;
        let change = Change::Moved { to: mover.to.clone(), with_children: with_children || !mover.cross };
        update_near(&mut mover.work, &mover.index, &mover.from, &change);
        let text = self.close(&mover.work)?;
        Ok((text, Some(new_key)))
    }
}

/// One move while it runs.
struct Mover<'s> {
    work: Work<'s>,
    index: Index,
    old: KeyPath,
    new: KeyPath,
    from: Vec<String>,
    to: Vec<String>,
    /// Whether the container changes.
    cross: bool,
    with_children: bool,
}

fn common(a: &[String], b: &[String]) -> usize {
    // The last place at which both agree, not the first at which they part: as D2 counts.
    a.iter().zip(b).enumerate().filter(|(_, (a, b))| a == b).map(|(at, _)| at + 1).next_back().unwrap_or(0)
}

impl Mover<'_> {
    fn run(&mut self, mut mentions: Mentions) -> Step<()> {
        let landing = self.cross
            && mentions.refs.iter().any(|r| {
                let length = self.path_of(r).map_or(0, |p| p.parts.len());
                !r.in_edge() || r.part + 1 != length
            });
        let mut target = Scope::File;
        if self.cross && self.index.base != Scope::File {
            target = self.index.base;
        }
        if landing && self.to.len() > 1 {
            target = self.landing_map(&mut mentions.refs)?;
        }
        let nested = self.most_nested(&mentions.refs);
        for (at, reference) in mentions.refs.iter().enumerate() {
            self.rename_part(reference);
            if self.cross && self.work.key(reference.key).is_some_and(|k| !k.is_edge()) {
                self.move_key(reference, nested.contains(&at), target);
            }
        }
        if self.cross {
            self.move_ends(&mentions.refs, target);
        }
        Ok(())
    }

    fn path_of(&self, reference: &Ref) -> Option<&KeyPath> {
        let key = self.work.key(reference.key)?;
        match reference.place {
            Place::Path => key.path.as_ref(),
            Place::Src(edge) => key.edges.get(edge)?.src.as_ref(),
            Place::Dst(edge) => key.edges.get(edge)?.dst.as_ref(),
        }
    }

    fn path_mut(&mut self, reference: &Ref) -> Option<&mut KeyPath> {
        let key = self.work.key_mut(reference.key)?;
        match reference.place {
            Place::Path => key.path.as_mut(),
            Place::Src(edge) => key.edges.get_mut(edge)?.src.as_mut(),
            Place::Dst(edge) => key.edges.get_mut(edge)?.dst.as_mut(),
        }
    }

    /// Sets the path of a mention; in a chain the next source is the same end.
    fn set_path(&mut self, reference: &Ref, path: KeyPath) {
        if let Some(own) = self.path_mut(reference) {
            *own = path;
        }
    }

    fn rename_part(&mut self, reference: &Ref) {
        let (old, new) = (self.from.last().cloned(), self.to.last().cloned());
        if old == new {
            return;
        }
        let Some(name) = self.new.parts.last().map(|p| p.text().to_owned()) else { return };
        if let Some(part) = self.path_mut(reference).and_then(|p| p.parts.get_mut(reference.part)) {
            *part = Str::key(&name, part.span);
        }
    }

    /// The refs (by place in the list) in keys without connections whose scope lies deepest.
    fn most_nested(&self, refs: &[Ref]) -> Vec<usize> {
        let plain = |r: &&Ref| self.work.key(r.key).is_some_and(|k| !k.is_edge());
        let mut most: Option<&Ref> = None;
        for reference in refs.iter().filter(plain) {
            if most.is_none_or(|m| reference.scope_path.len() > m.scope_path.len()) {
                most = Some(reference);
            }
        }
        let Some(most) = most else { return Vec::new() };
        let same = |r: &Ref| r.scope_path == most.scope_path;
        refs.iter().enumerate().filter(|(_, r)| plain(r) && same(r)).map(|(at, _)| at).collect()
    }

    /// The map of the new container; made where it has none, and the container written as a key where it
    /// exists only as an end of connections. `own`: the mentions of the object, which may stand in a key that is split.
    fn landing_map(&mut self, own: &mut [Ref]) -> Step<Scope> {
        let parent = self.to[..self.to.len() - 1].to_vec();
        let mut refs = self.index.mentions(&parent).refs;
        let as_key = refs.iter().any(|r| self.work.key(r.key).is_some_and(|k| !k.is_edge()));
        if !as_key {
            let mut deepest: Option<&Ref> = None;
            for reference in &refs {
                if deepest.is_none_or(|d| reference.scope_path.len() > d.scope_path.len()) {
                    deepest = Some(reference);
                }
            }
            let Some(deepest) = deepest.cloned() else {
                return Err(refuse(
                    "E013",
                    "the new container is written on another board or in another file",
                ));
            };
            let mut path = self.path_of(&deepest).cloned().unwrap_or_default();
            path.parts.truncate(deepest.part + 1);
            let mut key = self.work.new_key(Some(path));
            key.span = self.work.new_span(1);
            let id = key.span.start;
            self.work.insert_after(deepest.key, Item::Key(Box::new(key)));
            refs.push(Ref { key: id, place: Place::Path, ..deepest });
        }
        let nested: Vec<Ref> = self.most_nested(&refs).into_iter().map(|at| refs[at].clone()).collect();
        for reference in &nested {
            let last = self.path_of(reference).is_some_and(|p| reference.part + 1 == p.parts.len());
            if last && self.work.key(reference.key).and_then(Key::map).is_some() {
                return Ok(Scope::Of(reference.key));
            }
        }
        let Some(reference) = nested.last().cloned() else {
            return Err(refuse("E013", "the new container is written on another board or in another file"));
        };
        let map = self.work.new_map();
        let Some(key) = self.work.key(reference.key).cloned() else { return Ok(Scope::File) };
        let path = key.path.clone().unwrap_or_default();
        let mut inner = None;
        if reference.part + 1 < path.parts.len() {
            // `a.b: x` becomes `a: {b: x}`.
            let rest = KeyPath { span: path.span, parts: path.parts[reference.part + 1..].to_vec() };
            let mut key_inside = self.work.new_key(Some(rest));
            key_inside.span = self.work.new_span(1);
            key_inside.primary.clone_from(&key.primary);
            key_inside.value.clone_from(&key.value);
            inner = Some(key_inside);
        }
        if let Some(own) = self.work.key_mut(reference.key) {
            if inner.is_some() {
                own.primary = None;
                if let Some(path) = &mut own.path {
                    path.parts.truncate(reference.part + 1);
                }
            } else {
                own.primary = own.value.take().filter(Value::is_scalar);
            }
            own.value = Some(Value::Map(map));
        }
        if let Some(inner) = inner {
            for mention in own.iter_mut().filter(|m| m.key == reference.key && m.part > reference.part) {
                let outer = path.parts[..=reference.part].iter().map(Str::printed_key);
                mention.scope_path.extend(outer);
                mention.scope = Scope::Of(reference.key);
                mention.key = inner.span.start;
                mention.part -= reference.part + 1;
            }
            self.work.append_unique(Scope::Of(reference.key), inner);
        }
        Ok(Scope::Of(reference.key))
    }

    /// Moves what a key without connections says of the object.
    fn move_key(&mut self, reference: &Ref, most_nested: bool, target: Scope) {
        let Some(key) = self.work.key(reference.key).cloned() else { return };
        let Some(path) = key.path.clone().filter(|path| reference.part < path.parts.len()) else { return };
        let first = path.parts.iter().position(|p| !p.is_parent()).unwrap_or(0);
        let own: Vec<&Str> = path.parts.iter().filter(|p| !reserved(p) && !p.is_parent()).collect();
        let own_count = path.parts.iter().filter(|p| !reserved(p)).count();
        let ends_with_keyword = path.parts.last().is_some_and(reserved);
        let before_keywords = path.parts.iter().position(reserved).unwrap_or(path.parts.len());
        let explicit = reference.part + 1 == before_keywords && key.map().is_none();
        let alone = if first > 0 { own.len() == 1 } else { own_count == 1 };
        if (!self.with_children && alone) || (self.with_children && reference.part == first) {
            self.transplant(reference, key, target);
        } else if own_count > 1 && (ends_with_keyword || !explicit || most_nested) {
            self.split(reference, key, target);
        } else if common(&self.from, &self.to) > 0 {
            let keep = common(&self.from, &self.to);
            let mut parts = path.parts[..reference.part].to_vec();
            parts.extend(self.new.parts[keep.min(self.new.parts.len())..].iter().cloned());
            parts.extend(path.parts[reference.part + 1..].iter().cloned());
            self.set_path(reference, KeyPath { span: path.span, parts });
        } else {
            self.slice(reference, path, target);
        }
    }

    /// The whole key goes.
    fn transplant(&mut self, reference: &Ref, key: Key, target: Scope) {
        if !self.with_children {
            let mut object: Vec<Str> = reference
                .scope_path
                .iter()
                .filter_map(|name| read_key(name).ok()?.path)
                .flat_map(|p| p.parts)
                .collect();
            object.extend(key.path.iter().flat_map(|p| p.parts.iter().cloned()));
            let object = KeyPath { span: key.span, parts: object };
            hoist(&mut self.work, &self.index, &object, reference.key);
        }
        self.work.remove(reference.key);
        let mut path = key.path.clone().unwrap_or_default();
        path.parts.retain(|part| part.text() != "_");
        let mut value = key.value.clone();
        if let Some(Value::Map(map)) = &mut value {
            if self.with_children {
                self.lift_underscores(map);
            } else {
                map.items.retain(|item| {
                    matches!(item, Item::Key(k) if k.path.as_ref().is_some_and(|p| reserved(&p.parts[0])))
                });
            }
            if map.items.is_empty() {
                value = None;
            }
        }
        let mut moved = self.work.new_key(Some(path));
        moved.primary = key.primary;
        moved.value = value;
        self.work.append_unique(target, moved);
    }

    /// `_` in what goes along leads to the same objects from the new place.
    fn lift_underscores(&mut self, map: &mut Map) {
        let (from, to) = (self.from.clone(), self.to.clone());
        for item in &mut map.items {
            let Item::Key(key) = item else { continue };
            let ends = key.edges.iter_mut().flat_map(|e| e.src.iter_mut().chain(e.dst.iter_mut()));
            for path in key.path.iter_mut().chain(ends) {
                if !path.parts[0].is_parent() {
                    continue;
                }
                let Ok(absolute) = read_key(&resolve(&from, path).join(".")) else { continue };
                if let Some(absolute) = absolute.path {
                    let keywords: Vec<Str> = path.parts.iter().filter(|p| reserved(p)).cloned().collect();
                    *path = relative(&mut self.work, &absolute, &to);
                    path.parts.extend(keywords);
                }
            }
        }
    }

    /// One part of a longer key goes, the rest stays.
    fn split(&mut self, reference: &Ref, key: Key, target: Scope) {
        let Some(path) = key.path.clone() else { return };
        let part = reference.part;
        let mut left = key.clone();
        let mut moved = self.work.new_key(None);
        let mut moved_parts = vec![path.parts[part].clone()];
        let mut left_parts = path.parts.clone();
        let plain = path.parts.iter().filter(|p| !reserved(p)).count();
        if self.with_children {
            moved_parts = path.parts[part..].to_vec();
            moved.value = left.value.take();
            moved.primary = left.primary.take();
            left_parts.truncate(part);
        } else {
            if part + 1 == plain {
                let (with, without) = split_value(&mut self.work, left.value.take());
                moved.value = with;
                left.value = without;
                moved.primary = left.primary.take();
                moved_parts = path.parts[part..].to_vec();
                left_parts.truncate(part + 1);
            }
            left_parts.remove(part);
        }
        moved.path = Some(KeyPath { span: path.span, parts: moved_parts });
        left.path = Some(KeyPath { span: path.span, parts: left_parts });
        if let Some(own) = self.work.key_mut(reference.key) {
            *own = left;
        }
        self.work.append_unique(target, moved);
    }

    /// The object leaves the front of the path behind.
    fn slice(&mut self, reference: &Ref, path: KeyPath, target: Scope) {
        if common(&reference.scope_path, &self.to) != reference.scope_path.len() {
            self.work.remove(reference.key);
            return;
        }
        let parts = path.parts[reference.part..].to_vec();
        self.set_path(reference, KeyPath { span: path.span, parts });
        let Some(own) = self.work.key(reference.key).cloned() else { return };
        let exists = self
            .work
            .map(target)
            .is_some_and(|map| map.keys().any(|k| k.span.start != own.span.start && equal(k, &own)));
        if exists {
            self.work.remove(reference.key);
        }
    }

    /// Moves the object in the ends of connections.
    fn move_ends(&mut self, refs: &[Ref], target: Scope) {
        let doomed = connections_at(refs);
        for reference in refs {
            let Some(key) = self.work.key(reference.key).cloned() else { continue };
            if !key.is_edge() {
                continue;
            }
            if let Place::Src(edge) = reference.place {
                // In a chain this is the destination before it, which has been moved already.
                if edge > 0 {
                    let previous = key.edges[edge - 1].dst.clone();
                    if let (Some(previous), Some(own)) = (previous, self.path_mut(reference)) {
                        *own = previous;
                    }
                    continue;
                }
            }
            let path = self.path_of(reference).filter(|path| reference.part < path.parts.len());
            let Some(path) = path.cloned() else { continue };
            let first = path.parts.iter().position(|p| !p.is_parent()).unwrap_or(0);
            let (old, new) = (self.old.clone(), self.new.clone());
            let scope_path = reference.scope_path.clone();
            let new_path = relative(&mut self.work, &new, &scope_path);
            if reference.part + 1 == path.parts.len() {
                self.move_last(reference, &key, path, new_path, &doomed);
                continue;
            }
            let old_path = relative(&mut self.work, &old, &scope_path);
            let mut parts = path.parts.clone();
            if self.with_children {
                let mut gone = old_path.parts.len() as i64 - new_path.parts.len() as i64;
                if gone == 0 {
                    gone = last_difference(&names(&old_path), &names(&new_path)) as i64;
                }
                if gone > 0 && reference.part != first {
                    let kept = KeyPath { span: path.span, parts: path.parts[..reference.part].to_vec() };
                    let key = self.work.new_key(Some(kept));
                    self.work.append_unique(reference.scope, key);
                }
                let from = (reference.part + 1).saturating_sub(old_path.parts.len());
                parts.splice(from..=reference.part, new_path.parts);
            } else {
                let own = KeyPath { span: path.span, parts: vec![path.parts[reference.part].clone()] };
                let key = self.work.new_key(Some(own));
                self.work.append_unique(target, key);
                parts.remove(reference.part);
            }
            self.set_path(reference, KeyPath { span: path.span, parts });
        }
    }

    /// The object is what the end names.
    fn move_last(
        &mut self,
        reference: &Ref,
        key: &Key,
        path: KeyPath,
        new_path: KeyPath,
        doomed: &[(KeyId, usize)],
    ) {
        if path.parts.iter().filter(|p| !p.is_parent()).count() > 1 {
            let container = KeyPath { span: path.span, parts: path.parts[..path.parts.len() - 1].to_vec() };
            let is_doomed = |key: KeyId, edge: usize| doomed.contains(&(key, edge));
            keep_node(&mut self.work, &self.index, reference, key, &container, false, &is_doomed);
        }
        let mut parts = new_path.parts.clone();
        if self.with_children {
            let rest = (reference.part + new_path.parts.len()).min(path.parts.len());
            parts.extend(path.parts[rest..].iter().cloned());
        }
        self.set_path(reference, KeyPath { span: path.span, parts });
    }
}

/// The last place (from 1) at which two paths differ, as far as both go.
fn last_difference(a: &[String], b: &[String]) -> usize {
    a.iter().zip(b).enumerate().filter(|(_, (a, b))| a != b).map(|(at, _)| at + 1).next_back().unwrap_or(0)
}

/// A value in two: attributes (and the label), and everything else. Comments go with what follows them.
fn split_value(work: &mut Work<'_>, value: Option<Value>) -> (Option<Value>, Option<Value>) {
    let Some(Value::Map(map)) = value else { return (value, None) };
    let (mut with, mut without, mut comments) = (Vec::new(), Vec::new(), Vec::new());
    for item in map.items {
        match &item {
            Item::Comment(_) | Item::BlockComment(_) => comments.push(item),
            Item::Key(key) => {
                let attribute =
                    key.path.as_ref().is_some_and(|p| p.parts.len() == 1 && reserved(&p.parts[0]));
                let side = if attribute && !key.is_edge() { &mut with } else { &mut without };
                side.append(&mut comments);
                side.push(item);
            }
            _ => {}
        }
    }
    let _ = work;
    let span = map.span;
    let make = |items: Vec<Item>| {
        if items.is_empty() { None } else { Some(Value::Map(Map { span, items })) }
    };
    (make(with), make(without))
}
