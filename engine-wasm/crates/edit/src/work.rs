//! A tree under edit: keys are found by id, changed, moved, and printed again.

use std::cell::Cell;

use spandrel_base::Span;
use spandrel_syntax::ast::{Item, Key, KeyPath, Map, Str, Value};
use spandrel_syntax::{SYNTHETIC, SYNTHETIC_LINE, keywords};

/// A key of the tree: the offset at which it starts; from [`SYNTHETIC`] on, one that the edit made.
pub(crate) type KeyId = u32;

/// A map of the tree: that of the file, or the value of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Scope {
    File,
    Of(KeyId),
}

pub(crate) struct Work<'s> {
    pub(crate) source: &'s str,
    pub(crate) root: Map,
    next: u32,
    /// How many items were looked at to find keys.
    looked_at: Cell<u64>,
}

/// So many items are looked at for one edit: a source that mentions a thing a hundred thousand times would take minutes.
const MOST_LOOKS: u64 = 20_000_000;

impl<'s> Work<'s> {
    pub(crate) fn new(source: &'s str, root: Map) -> Self {
        Self { source, root, next: 0, looked_at: Cell::new(0) }
    }

    /// A span for a new node that counts as standing on line 0 or 1.
    pub(crate) fn new_span(&mut self, line: u32) -> Span {
        self.next += 1;
        let at = SYNTHETIC | (self.next << 1) | (line & 1);
        Span { start: at, end: at }
    }

    /// A new key.
    pub(crate) fn new_key(&mut self, path: Option<KeyPath>) -> Key {
        Key { span: self.new_span(0), path, ..Key::default() }
    }

    /// A new empty map, on one line until something stands in it that needs more.
    pub(crate) fn new_map(&mut self) -> Map {
        Map { span: self.new_span(1), items: Vec::new() }
    }

    /// A part of a key.
    pub(crate) fn part(&mut self, text: &str) -> Str {
        let span = self.new_span(0);
        Str::key(text, span)
    }

    /// A path of new parts.
    pub(crate) fn path<'t>(&mut self, parts: impl IntoIterator<Item = &'t str>) -> KeyPath {
        let parts = parts.into_iter().map(|part| self.part(part)).collect();
        KeyPath { span: self.new_span(0), parts }
    }

    fn find(map: &Map, id: KeyId, path: &mut Vec<usize>, looked_at: &mut u64) -> bool {
        for (index, item) in map.items.iter().enumerate() {
            *looked_at += 1;
            let Item::Key(key) = item else { continue };
            path.push(index);
            if key.span.start == id {
                return true;
            }
            // A key of the source lies inside the span of the one around it, unless it was moved.
            if let Some(inner) = key.map()
                && Self::find(inner, id, path, looked_at)
            {
                return true;
            }
            path.pop();
        }
        false
    }

    fn place(&self, id: KeyId) -> Option<Vec<usize>> {
        if self.is_exhausted() {
            return None;
        }
        let mut path = Vec::new();
        let mut looked_at = self.looked_at.get();
        let found = Self::find(&self.root, id, &mut path, &mut looked_at);
        self.looked_at.set(looked_at);
        found.then_some(path)
    }

    /// Whether finding keys has cost more than it may: then none are found, and the edit is to be refused.
    pub(crate) fn is_exhausted(&self) -> bool {
        self.looked_at.get() > MOST_LOOKS
    }

    pub(crate) fn key(&self, id: KeyId) -> Option<&Key> {
        let place = self.place(id)?;
        let mut map = &self.root;
        let (last, outer) = place.split_last()?;
        for &index in outer {
            let Item::Key(key) = &map.items[index] else { return None };
            map = key.map()?;
        }
        match &map.items[*last] {
            Item::Key(key) => Some(key),
            _ => None,
        }
    }

    pub(crate) fn key_mut(&mut self, id: KeyId) -> Option<&mut Key> {
        let place = self.place(id)?;
        let (last, outer) = place.split_last()?;
        let map = self.map_at(outer)?;
        match &mut map.items[*last] {
            Item::Key(key) => Some(key),
            _ => None,
        }
    }

    fn map_at(&mut self, place: &[usize]) -> Option<&mut Map> {
        let mut map = &mut self.root;
        for &index in place {
            let Item::Key(key) = &mut map.items[index] else { return None };
            let Some(Value::Map(inner)) = &mut key.value else { return None };
            map = inner;
        }
        Some(map)
    }

    pub(crate) fn map(&self, scope: Scope) -> Option<&Map> {
        match scope {
            Scope::File => Some(&self.root),
            Scope::Of(id) => self.key(id)?.map(),
        }
    }

    pub(crate) fn map_mut(&mut self, scope: Scope) -> Option<&mut Map> {
        match scope {
            Scope::File => Some(&mut self.root),
            Scope::Of(id) => match &mut self.key_mut(id)?.value {
                Some(Value::Map(map)) => Some(map),
                _ => None,
            },
        }
    }

    /// The map that holds a key, and the place in it.
    fn holder(&mut self, id: KeyId) -> Option<(&mut Map, usize)> {
        let place = self.place(id)?;
        let (last, outer) = place.split_last()?;
        let last = *last;
        self.map_at(outer).map(|map| (map, last))
    }

    /// Takes a key out.
    pub(crate) fn remove(&mut self, id: KeyId) -> Option<Key> {
        let (map, at) = self.holder(id)?;
        match map.items.remove(at) {
            Item::Key(key) => Some(*key),
            _ => None,
        }
    }

    /// Puts an item before a key.
    pub(crate) fn insert_before(&mut self, id: KeyId, item: Item) {
        if let Some((map, at)) = self.holder(id) {
            map.items.insert(at, item);
        }
    }

    /// Puts an item after a key.
    pub(crate) fn insert_after(&mut self, id: KeyId, item: Item) {
        if let Some((map, at)) = self.holder(id) {
            map.items.insert(at + 1, item);
        }
    }

    /// Puts a key at the end of a map. A map on one line goes over several, but for its first attribute.
    pub(crate) fn append(&mut self, scope: Scope, key: Key) {
        let source = self.source;
        let Some(map) = self.map_mut(scope) else { return };
        let keyword = key.path.as_ref().is_some_and(|path| keywords::is_reserved(path.parts[0].text()));
        map.items.push(Item::Key(Box::new(key)));
        if map.items.len() == 1 && keyword || scope == Scope::File {
            return;
        }
        let (start, end) = (line_of(source, map.span.start), line_of(source, map.span.end));
        if start == end {
            map.span.end = SYNTHETIC_LINE | (end + 1);
        }
    }

    /// Puts a key at the end of a map that has none that says the same.
    pub(crate) fn append_unique(&mut self, scope: Scope, key: Key) {
        let known = self.map(scope).is_some_and(|map| map.keys().any(|other| equal(other, &key)));
        if !known {
            self.append(scope, key);
        }
    }
}

/// The line, from 0, of an offset; synthetic ones name theirs.
pub(crate) fn line_of(source: &str, offset: u32) -> u32 {
    if offset & SYNTHETIC_LINE == SYNTHETIC_LINE {
        offset & !SYNTHETIC_LINE
    } else if offset & SYNTHETIC != 0 {
        offset & 1
    } else {
        source.get(..offset as usize).unwrap_or(source).matches('\n').count() as u32
    }
}

fn same_path(a: Option<&KeyPath>, b: Option<&KeyPath>) -> bool {
    match (a, b) {
        (None, None) => true,
        (Some(a), Some(b)) => a.same(b),
        _ => false,
    }
}

/// Whether two keys say the same, as far as a second one beside the first would be idle.
pub(crate) fn equal(a: &Key, b: &Key) -> bool {
    let shape = a.filter == b.filter
        && same_path(a.path.as_ref(), b.path.as_ref())
        && a.index.is_some() == b.index.is_some()
        && same_path(a.edge_path.as_ref(), b.edge_path.as_ref())
        && a.edges.len() == b.edges.len();
    if !shape {
        return false;
    }
    let items = |key: &Key| key.map().map_or(0, |map| map.items.len());
    match (&a.value, &b.value) {
        (None, None) => true,
        (Some(Value::Map(x)), Some(Value::Map(y))) => {
            x.items.len() == y.items.len() && x.keys().zip(y.keys()).all(|(x, y)| equal(x, y))
        }
        (Some(x), Some(y)) => x.is_scalar() == y.is_scalar() && x.text() == y.text(),
        _ => {
            matches!((&a.value, &b.value), (Some(Value::Map(_)), None) | (None, Some(Value::Map(_))))
                && items(a) == 0
                && items(b) == 0
        }
    }
}

/// A key path as printed names, the way ids are compared.
pub(crate) fn names(path: &KeyPath) -> Vec<String> {
    path.parts.iter().map(Str::printed_key).collect()
}

/// The value of a key as an attribute or label, beside the map it may have.
pub(crate) fn set_scalar(key: &mut Key, value: Option<Value>) {
    if key.value.as_ref().is_some_and(|v| !v.is_scalar() && !matches!(v, Value::Array(_))) {
        key.primary = value;
    } else {
        key.value = value;
    }
}
