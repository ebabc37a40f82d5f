//! Making things and setting their labels and attributes.

use spandrel_base::Few;
use spandrel_syntax::ast::{Array, ArrayItem, Fence, Key, KeyPath, Quote, Segment, Str, Value};
use spandrel_syntax::{SYNTHETIC_LINE, keywords};

use crate::boards::add_board;
use crate::index::{Index, Mentions, Place, Ref};
use crate::session::{Session, Step, read_key, refuse};
use crate::unique::{ends, trim_common};
use crate::work::{KeyId, Scope, Work, equal, names, set_scalar};

impl Session<'_> {
    /// Makes an object or a connection; gives the text and the key of what was made.
    pub(crate) fn create(&self, source: &str, key: &str) -> Step<(String, Option<String>)> {
        let (mut work, index) = self.open(source)?;
        let (unique, edge) = index.unique(key, None, &[])?;
        set_in(&mut work, &index, if edge { key } else { &unique }, None)?;
        let text = self.close(&work)?;
        Ok((text, Some(unique)))
    }

    /// Sets a label or an attribute.
    pub(crate) fn set(
        &self,
        source: &str,
        key: &str,
        tag: Option<&str>,
        value: Option<&str>,
    ) -> Step<String> {
        let (mut work, index) = self.open(source)?;
        let list =
            value.filter(|_| tag.is_none() && takes_lists(key)).and_then(|value| make_list(&mut work, value));
        let value = if list.is_some() { list } else { make_value(&mut work, tag, value)? };
        set_in(&mut work, &index, key, value)?;
        self.close(&work)
    }
}

/// Whether a key names an attribute that can have several values.
fn takes_lists(key: &str) -> bool {
    matches!(key.rsplit_once('.'), Some((_, "class" | "constraint")))
}

/// `[a; b]` as what it says; anything else is no list.
fn make_list(work: &mut Work<'_>, value: &str) -> Option<Value> {
    let inner = value.trim().strip_prefix('[')?.strip_suffix(']')?;
    let span = work.new_span(0);
    let words = inner.split(';').map(str::trim).filter(|word| !word.is_empty());
    let items = words.map(|word| ArrayItem::Value(Value::Str(Str::value(word, work.new_span(0))))).collect();
    Some(Value::Array(Array { span, items }))
}

fn make_value(work: &mut Work<'_>, tag: Option<&str>, value: Option<&str>) -> Step<Option<Value>> {
    let Some(value) = value else { return Ok(None) };
    let span = work.new_span(0);
    let Some(tag) = tag else { return Ok(Some(Value::Str(Str::value(value, span)))) };
    if tag.contains(char::is_whitespace) {
        return Err(refuse("E006", "the language of a block of text is one word"));
    }
    let text = value.trim().to_owned();
    let mut span = span;
    if text.contains('\n') {
        span.end = SYNTHETIC_LINE | 2;
    }
    let quote = Quote::Block(Box::new(Fence { signs: String::new(), tag: tag.to_owned() }));
    let segments =
        if text.is_empty() { Few::None } else { Few::One(Segment::Text { text: text.into(), raw: None }) };
    Ok(Some(Value::Str(Str { span, quote, segments, pattern: None })))
}

fn is_keyword(name: &str) -> bool {
    keywords::is_reserved(name)
}

/// Gives a key that has a label or nothing a map beside it.
fn give_map(work: &mut Work<'_>, key: KeyId) {
    let map = work.new_map();
    if let Some(key) = work.key_mut(key) {
        key.primary = key.value.take().filter(Value::is_scalar);
        key.value = Some(Value::Map(map));
    }
}

/// The path without its first `count` parts; `None` where nothing is left.
fn skip(path: &mut Option<KeyPath>, count: usize) {
    if let Some(own) = path {
        own.parts.drain(..count.min(own.parts.len()));
        if own.parts.is_empty() {
            *path = None;
        }
    }
}

/// Sets `key` to `value` in the tree, at the best place: where it is set already, in the map of what it
/// belongs to, beside its label, or at the end of the board.
pub(crate) fn set_in(work: &mut Work<'_>, index: &Index, key: &str, value: Option<Value>) -> Step<()> {
    let mut wanted = read_key(key)?;
    if wanted.edges.len() > 1 {
        return Err(refuse("E005", "one connection at a time"));
    }
    trim_common(&mut wanted);
    if let Some(path) = &mut wanted.path {
        index.as_written(path);
    }
    wanted.value = value;
    wanted.primary = None;
    wanted.span = work.new_span(0);
    let mut scope = index.base;
    let mut object: Vec<String> = Vec::new();
    let mut mentions = index.mentions(&[]);
    let mut attribute = None;
    if let Some(path) = wanted.path.clone() {
        let all = names(&path);
        let mut found = true;
        let mut imported = false;
        let mut to_skip = 1;
        for (at, name) in all.iter().enumerate() {
            if path.parts[at].is_unquoted() && is_keyword(name) {
                let words: Vec<&str> = path.parts[at..].iter().map(Str::text).collect();
                attribute = Some(words.join("."));
                break;
            }
            let mut next = object.clone();
            next.push(name.clone());
            if !index.has(&next) && !index.has_member(&next) {
                found = false;
                break;
            }
            object = next;
            imported = index.is_imported(&object);
            mentions = index.mentions(&object);
            let own = mentions.map.filter(|_| Session::is_main_board(index) && !imported);
            let Some(own) = own else {
                to_skip += 1;
                continue;
            };
            scope = Scope::Of(own);
            skip(&mut wanted.path, to_skip);
            to_skip = 1;
        }
        if add_board(work, scope, &wanted)? {
            return Ok(());
        }
        // Where the label is written a map can be put beside it.
        let own_keys = |mentions: &Mentions| -> Vec<KeyId> {
            mentions.refs.iter().filter(|r| !r.in_edge() && !edge_key(work, r.key)).map(|r| r.key).collect()
        };
        let elsewhere = !Session::is_main_board(index) || imported;
        let keys = own_keys(&mentions);
        let mut holder = None;
        if elsewhere && !object.is_empty() {
            holder = keys.first().copied();
            if holder.is_none() {
                work.append(scope, wanted);
                return Ok(());
            }
        }
        // A label that is set already, or the value that would be one, is where a label goes.
        if let (Some("label"), Some(label), true) = (attribute.as_deref(), mentions.label, found)
            && let Some(label) = work.key_mut(label)
        {
            set_scalar(label, wanted.value);
            return Ok(());
        }
        let named_label = |id: KeyId| {
            let path = work.key(id).and_then(|key| key.path.as_ref());
            path.and_then(|path| path.parts.last()).is_some_and(|part| part.text() == "label")
        };
        let label = mentions.label.filter(|label| mentions.refs.iter().any(|r| r.key == *label));
        let label = label.filter(|&label| !named_label(label));
        let map = match holder {
            Some(holder) => work.key(holder).and_then(Key::map).is_some(),
            None => mentions.map.is_some(),
        };
        let wants_map = !found || attribute.is_some() || wanted.is_edge();
        if let (Some(label), false, true) = (label, map, wants_map) {
            let holder = holder.unwrap_or(label);
            give_map(work, holder);
            scope = Scope::Of(holder);
            skip(&mut wanted.path, to_skip - 1);
        }
        if !found {
            work.append(scope, wanted);
            return Ok(());
        }
    }
    if wanted.is_edge() {
        return set_edge(work, index, scope, &object, wanted);
    }
    if let Some(attribute) = attribute {
        if let Some(&own) = mentions.attrs.get(&attribute)
            && let Some(own) = work.key_mut(own)
        {
            set_scalar(own, wanted.value);
            return Ok(());
        }
    } else if let (None, Some(_)) = (&wanted.value, mentions.label) {
        // Several keys may give it a label: without the last, that before it would show.
        let named = |r: &&Ref| {
            work.key(r.key).and_then(|k| k.path.as_ref()).is_some_and(|p| p.parts.len() == r.part + 1)
        };
        let keys = mentions.refs.iter().filter(|r| r.place == Place::Path).filter(named).map(|r| r.key);
        for key in keys.chain(mentions.label).collect::<Vec<_>>() {
            if let Some(key) = work.key_mut(key).filter(|key| !key.is_edge() && key.label().is_some()) {
                set_scalar(key, None);
            }
        }
        return Ok(());
    } else if let Some(label) = mentions.label
        && let Some(label) = work.key_mut(label)
    {
        set_scalar(label, wanted.value);
        return Ok(());
    }
    work.append(scope, wanted);
    Ok(())
}

fn edge_key(work: &Work<'_>, key: KeyId) -> bool {
    work.key(key).is_some_and(Key::is_edge)
}

/// Sets the label or an attribute of a connection, or makes one where the key has no index.
fn set_edge(work: &mut Work<'_>, index: &Index, scope: Scope, object: &[String], wanted: Key) -> Step<()> {
    let Some(number) = wanted.index else {
        work.append(scope, wanted);
        return Ok(());
    };
    let inner = ends(&Key { path: None, ..wanted.clone() });
    let edge = inner.zip(number.number).and_then(|((src, dst, arrows), number)| {
        let full = |end: Vec<String>| -> Vec<String> { object.iter().cloned().chain(end).collect() };
        index.edge(&full(src), &full(dst), arrows, number)
    });
    let Some(edge) = edge else { return Err(refuse("E008", "there is no such connection")) };
    let mut wanted = wanted;
    index.address(edge, &mut wanted);
    let refs = index.edge_refs(work, edge);
    let mut only_in_chain = true;
    let earliest = refs.iter().min_by_key(|r| r.key).cloned();
    for reference in &refs {
        let Some(key) = work.key(reference.key) else { continue };
        if key.edges.len() == 1 && (key.index.is_none() || key.map().is_some()) {
            only_in_chain = false;
        }
        if key.index.is_none_or(|i| !i.is_glob()) {
            let bare = |key: &Key| Key { value: None, primary: None, ..key.clone() };
            if equal(&bare(key), &bare(&wanted)) {
                if let Some(key) = work.key_mut(reference.key) {
                    key.value = wanted.value;
                }
                return Ok(());
            }
        }
    }
    if only_in_chain {
        let scope_start = work.map(scope).map_or(0, |map| map.span.start);
        match earliest.filter(|first| scope_start < first.key) {
            Some(first) => {
                let own = work.key(first.key).and_then(|key| key.edges.get(first.edge).cloned());
                let glob = |path: &Option<KeyPath>| path.as_ref().is_some_and(KeyPath::has_glob);
                if let Some(own) = own.filter(|own| !glob(&own.src) && !glob(&own.dst)) {
                    wanted.edges = vec![own];
                }
                work.insert_after(first.key, spandrel_syntax::ast::Item::Key(Box::new(wanted)));
            }
            None => work.append(scope, wanted),
        }
        return Ok(());
    }
    let label = refs
        .iter()
        .rev()
        .find(|r| work.key(r.key).is_some_and(|k| k.edge_path.is_none() && !k.has_glob()))
        .map(|r| r.key);
    let Some(path) = wanted.edge_path.clone() else {
        return if let Some(label) = label.and_then(|label| work.key_mut(label)) {
            set_scalar(label, wanted.value);
            Ok(())
        } else {
            work.append(scope, wanted);
            Ok(())
        };
    };
    set_edge_attribute(work, index, &refs, label, path, wanted.value)
}

fn set_edge_attribute(
    work: &mut Work<'_>,
    index: &Index,
    refs: &[crate::index::EdgeRef],
    label: Option<KeyId>,
    path: KeyPath,
    value: Option<Value>,
) -> Step<()> {
    if !is_keyword(path.parts[0].text()) {
        return Err(refuse("E009", "a connection has attributes only"));
    }
    let words: Vec<&str> = path.parts.iter().map(Str::text).collect();
    let own = index.edge_attr(refs, &words.join(".")).or(label.filter(|_| words == ["label"]));
    if let Some(own) = own.and_then(|own| work.key_mut(own)) {
        set_scalar(own, value);
        return Ok(());
    }
    let mut path = Some(path);
    let with_map = refs.iter().map(|r| r.key).find(|&key| work.key(key).and_then(Key::map).is_some());
    let scope = match (with_map, label) {
        (Some(holder), _) => {
            let first = path.as_ref().map(|p| p.parts[0].text().to_owned()).unwrap_or_default();
            let inner = work.key(holder).and_then(Key::map).and_then(|map| {
                let named = |key: &&Key| {
                    key.map().is_some()
                        && key.path.as_ref().is_some_and(|p| p.parts.len() == 1 && p.parts[0].text() == first)
                };
                map.keys().find(named).map(|key| key.span.start)
            });
            let deeper = path.as_ref().is_some_and(|p| p.parts.len() > 1);
            match inner.filter(|_| deeper) {
                Some(inner) => {
                    skip(&mut path, 1);
                    Scope::Of(inner)
                }
                None => Scope::Of(holder),
            }
        }
        (None, Some(label)) => {
            give_map(work, label);
            Scope::Of(label)
        }
        (None, None) => return Err(refuse("E010", "this connection is not written in this file")),
    };
    let mut key = work.new_key(path);
    key.value = value;
    work.append(scope, key);
    Ok(())
}
