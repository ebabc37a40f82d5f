//! Questions to the intermediate form, and the small changes that keep its indices true.

use std::hash::Hasher as _;

use spandrel_syntax::keywords;
use spandrel_syntax::print;

use spandrel_base::Fast;

use super::{
    Composite, Ends, Field, FieldId, FieldRef, Holder, Ir, Link, LinkId, Map, MapId, Name, Path, Refs,
};

/// Up to this many fields a walk beats a table.
const SMALL: usize = 8;

/// What kind of board a field or map is the root of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BoardKind {
    Layer,
    Scenario,
    Step,
}

impl<'a> Ir<'a> {
    /// The map of a field.
    pub(crate) fn map_of(&self, field: FieldId) -> Option<MapId> {
        match self.fields[field].composite {
            Composite::Map(map) => Some(map),
            _ => None,
        }
    }

    /// The field of `map` with this name.
    pub(crate) fn field(&mut self, map: MapId, name: &Name<'_>) -> Option<FieldId> {
        if name.is_parent() {
            return None;
        }
        let key = name.key();
        let Map { fields, index, .. } = &mut self.maps[map];
        if fields.len() <= SMALL {
            return fields
                .iter()
                .copied()
                .find(|&f| self.fields[f].name.as_ref().is_some_and(|n| n.key() == key));
        }
        let index = index.get_or_insert_with(|| {
            let mut index = std::collections::HashMap::default();
            for &field in &*fields {
                if let Some(name) = &self.fields[field].name {
                    index.entry(name.key()).or_insert(field);
                }
            }
            index
        });
        index.get(&key).copied()
    }

    /// The field at a path below `map`; `_` leads up.
    pub(crate) fn field_at(&mut self, map: MapId, path: &[Name<'_>]) -> Option<FieldId> {
        let mut map = map;
        let mut found = None;
        for (index, name) in path.iter().enumerate() {
            if name.is_parent() && found.is_none() {
                map = self.parent_map(map)?;
                continue;
            }
            let field = self.field(map, name)?;
            found = Some(field);
            if index + 1 < path.len() {
                map = self.map_of(field)?;
            }
        }
        found
    }

    /// The field of `map` with this keyword.
    pub(crate) fn keyword(&mut self, map: MapId, keyword: &'static str) -> Option<FieldId> {
        if !self.maps[map].has_keyword {
            return None;
        }
        let name = self.names.make(keyword, true, spandrel_base::Span::default());
        self.field(map, &name)
    }

    /// The map behind this keyword.
    pub(crate) fn keyword_map(&mut self, map: MapId, keyword: &'static str) -> Option<MapId> {
        self.keyword(map, keyword).and_then(|field| self.map_of(field))
    }

    /// Notes that a field changed, and with it all that it lies in.
    pub(crate) fn touch(&mut self, field: FieldId) {
        let Some(mut journal) = self.journal.take() else { return };
        let mut at = Some(field);
        while let Some(field) = at {
            journal.push(field);
            at = self.parent_field(field);
        }
        self.journal = Some(journal);
    }

    /// Notes a mention of a field.
    pub(crate) fn add_ref(&mut self, field: FieldId, reference: FieldRef<'a>) {
        let refs = &mut self.fields[field].refs;
        refs.last = Some(self.refs.push((reference, refs.last)));
        refs.count += 1;
    }

    /// The mentions of a field, the last first.
    pub(crate) fn refs(&self, field: FieldId) -> impl Iterator<Item = &FieldRef<'a>> {
        let mut next = self.fields[field].refs.last;
        std::iter::from_fn(move || {
            let (reference, before) = &self.refs[next?];
            next = *before;
            Some(reference)
        })
    }

    /// The last mention of a field.
    pub(crate) fn last_ref(&self, field: FieldId) -> Option<&FieldRef<'a>> {
        self.refs(field).next()
    }

    /// Adds a field at the end of `map`.
    pub(crate) fn add_field(&mut self, map: MapId, field: Field<'a>) -> FieldId {
        let id = self.fields.push(field);
        self.append_field(map, id);
        id
    }

    /// An empty field at the end of `map`.
    pub(crate) fn new_field(&mut self, map: MapId, name: Name<'a>) -> FieldId {
        self.add_field(
            map,
            Field {
                parent: Some(map),
                name: Some(name),
                primary: None,
                composite: Composite::None,
                suspended: false,
                gone: false,
                refs: Refs::default(),
            },
        )
    }

    /// Puts a field at the end of `map`.
    pub(crate) fn append_field(&mut self, map: MapId, id: FieldId) {
        self.population += 1;
        let Map { fields, index, has_keyword, .. } = &mut self.maps[map];
        fields.push(id);
        if let Some(name) = &self.fields[id].name {
            if name.reserved {
                *has_keyword = true;
                self.has_boards |= keywords::is_board(name.text);
                self.has_vars |= name.text == "vars";
            }
            if let Some(index) = index {
                index.entry(name.key()).or_insert(id);
            }
        }
        self.touch(id);
    }

    /// Puts fields at a place of `map`.
    pub(crate) fn insert_fields(&mut self, map: MapId, at: usize, new: Vec<FieldId>) {
        self.population += new.len() as i64;
        let Map { fields, index, has_keyword, .. } = &mut self.maps[map];
        *index = None;
        *has_keyword |= new.iter().any(|&id| self.fields[id].name.as_ref().is_some_and(|name| name.reserved));
        fields.splice(at..at, new.iter().copied());
        for id in new {
            self.touch(id);
        }
    }

    /// Takes the field at `at` out of `map`.
    pub(crate) fn remove_field(&mut self, map: MapId, at: usize) {
        self.population -= 1;
        let Map { fields, index, .. } = &mut self.maps[map];
        let field = fields.remove(at);
        self.fields[field].gone = true;
        if let (Some(index), Some(name)) = (index, &self.fields[field].name) {
            let key = name.key();
            if index.get(&key) == Some(&field) {
                index.remove(&key);
                let named = |&f: &FieldId| self.fields[f].name.as_ref().is_some_and(|n| n.key() == key);
                if let Some(other) = fields.iter().copied().find(named) {
                    index.insert(key, other);
                }
            }
        }
    }

    /// Adds a connection at the end of its map.
    pub(crate) fn add_link(&mut self, mut link: Link<'a>) -> LinkId {
        let map = link.parent;
        let id = LinkId::from(self.links.len());
        link.before = self.like.insert(link.id.hash(map), id);
        link.place = self.count_from(link.before, map, &link.id);
        self.links.push(link);
        self.population += 1;
        self.maps[map].links.push(id);
        id
    }

    /// Adds a connection that is the next of its kind, whose index is its place.
    pub(crate) fn add_next_link(&mut self, link: Link<'a>) -> LinkId {
        let id = self.add_link(link);
        self.links[id].id.index = Some(self.links[id].place);
        id
    }

    /// Takes a connection out of `map`.
    pub(crate) fn remove_link(&mut self, map: MapId, id: LinkId) {
        self.maps[map].links.retain(|&l| l != id);
        self.population -= 1;
        let Link { id: ends, before, .. } = &self.links[id];
        let (ends, before) = (ends.clone(), *before);
        let hash = ends.hash(map);
        // Those after it, and the one that leads to it.
        let mut at = self.like.get(&hash).copied();
        if at == Some(id) {
            match before {
                Some(before) => self.like.insert(hash, before),
                None => self.like.remove(&hash),
            };
            return;
        }
        while let Some(later) = at.filter(|&later| later != id) {
            let same = self.is_like(later, map, &ends);
            let link = &mut self.links[later];
            link.place -= u32::from(same);
            at = link.before;
            if at == Some(id) {
                link.before = before;
            }
        }
    }

    /// Whether a connection of `map` has these ends and arrows.
    fn is_like(&self, link: LinkId, map: MapId, ends: &Ends<'a>) -> bool {
        self.links[link].parent == map && self.links[link].id.same(ends)
    }

    /// Connections of `map` itself with these ends and arrows, and this index where one is given.
    pub(crate) fn links_like(&self, map: MapId, ends: &Ends<'a>) -> Vec<LinkId> {
        let mut found = Vec::new();
        let mut at = self.like.get(&ends.hash(map)).copied();
        while let Some(link) = at {
            at = self.links[link].before;
            let index = self.links[link].id.index;
            let fits = ends.index.is_none() || index.is_none() || ends.index == index;
            if fits && self.is_like(link, map, ends) {
                found.push(link);
            }
        }
        found.reverse();
        found
    }

    /// How many connections of `map` itself have these ends and arrows.
    pub(crate) fn count_links(&self, map: MapId, ends: &Ends<'a>) -> u32 {
        self.count_from(self.like.get(&ends.hash(map)).copied(), map, ends)
    }

    /// [`Ir::count_links`] among `last` and those before it.
    fn count_from(&self, last: Option<LinkId>, map: MapId, ends: &Ends<'a>) -> u32 {
        let mut at = last;
        while let Some(link) = at {
            if self.is_like(link, map, ends) {
                return self.links[link].place + 1;
            }
            at = self.links[link].before;
        }
        0
    }

    /// The map around a map.
    pub(crate) fn parent_map(&self, map: MapId) -> Option<MapId> {
        match self.maps[map].holder {
            Holder::Field(field) => self.fields[field].parent,
            Holder::Link(link) => Some(self.links[link].parent),
        }
    }

    /// The field that holds a map, or the field around the connection that does.
    pub(crate) fn field_around(&self, map: MapId) -> Option<FieldId> {
        match self.maps[map].holder {
            Holder::Field(field) => Some(field),
            Holder::Link(link) => self.field_around(self.links[link].parent),
        }
    }

    /// The field around a field.
    pub(crate) fn parent_field(&self, field: FieldId) -> Option<FieldId> {
        self.fields[field].parent.and_then(|map| self.field_around(map))
    }

    /// The connection in which a map lies, however deep.
    pub(crate) fn link_around(&self, map: MapId) -> Option<LinkId> {
        let mut map = map;
        loop {
            match self.maps[map].holder {
                Holder::Link(link) => return Some(link),
                Holder::Field(field) => map = self.fields[field].parent?,
            }
        }
    }

    /// Whether the map is that of a file.
    pub(crate) fn is_file_map(&self, map: MapId) -> bool {
        matches!(self.maps[map].holder, Holder::Field(field) if self.fields[field].parent.is_none())
    }

    /// The map of the file in which `map` lies.
    pub(crate) fn file_map_of(&self, map: MapId) -> MapId {
        let mut map = map;
        while let Some(parent) = self.parent_map(map) {
            map = parent;
        }
        map
    }

    /// What board a field is the root of.
    pub(crate) fn board_of_field(&self, field: FieldId) -> Option<BoardKind> {
        let Some(parent) = self.fields[field].parent else { return Some(BoardKind::Layer) };
        if !self.has_boards {
            return None;
        }
        let around = self.field_around(parent)?;
        match self.fields[around].name.as_ref().filter(|n| n.reserved)?.text {
            "layers" => Some(BoardKind::Layer),
            "scenarios" => Some(BoardKind::Scenario),
            "steps" => Some(BoardKind::Step),
            _ => None,
        }
    }

    /// What board a map is the root of.
    pub(crate) fn board_of_map(&self, map: MapId) -> Option<BoardKind> {
        match self.maps[map].holder {
            Holder::Field(field) => self.board_of_field(field),
            Holder::Link(_) => None,
        }
    }

    /// The field of the nearest board around a field, not the field itself.
    pub(crate) fn board_around(&self, field: FieldId) -> Option<FieldId> {
        let mut at = self.parent_field(field)?;
        while self.board_of_field(at).is_none() {
            at = self.parent_field(at)?;
        }
        Some(at)
    }

    /// Whether `map` lies in `vars` of its board.
    pub(crate) fn is_var(&self, map: MapId) -> bool {
        let mut at = Some(map).filter(|_| self.has_vars);
        while let Some(map) = at {
            let Holder::Field(field) = self.maps[map].holder else {
                at = self.parent_map(map);
                continue;
            };
            if self.board_of_field(field).is_some() {
                return false;
            }
            if self.fields[field].name.as_ref().is_some_and(|n| n.is("vars")) {
                return true;
            }
            at = self.fields[field].parent;
        }
        false
    }

    /// The names from the nearest board (or the file where `absolute`) down to a field.
    pub(crate) fn path(&self, field: FieldId, absolute: bool) -> Path<'a> {
        let mut path = Path::new();
        let mut at = Some(field);
        while let Some(field) = at {
            if !absolute && self.board_of_field(field).is_some() {
                break;
            }
            path.extend(self.fields[field].name);
            at = self.parent_field(field);
        }
        path.reverse();
        path
    }

    /// [`Ir::path`] as text.
    pub(crate) fn path_text(&self, field: FieldId, absolute: bool) -> String {
        let path = self.path(field, absolute);
        print::key_path(path.iter().map(|n| n.text))
    }

    /// A connection in `map` as text, below the path of what holds it.
    pub(crate) fn ends_text(&self, map: MapId, id: &Ends<'a>, absolute: bool, with_index: bool) -> String {
        let around = self.field_around(map).map(|f| self.path_text(f, absolute)).unwrap_or_default();
        let text = |path: &[Name<'_>]| print::key_path(path.iter().map(|n| n.text));
        let arrow = match (id.src_arrow, id.dst_arrow) {
            (false, false) => "--",
            (false, true) => "->",
            (true, false) => "<-",
            (true, true) => "<->",
        };
        let index = id.index.filter(|_| with_index).map(|i| i.to_string()).unwrap_or_default();
        format!("{around}.({} {arrow} {})[{index}]", text(&id.src), text(&id.dst))
    }

    /// The names from below `map` down to a field inside it.
    pub(crate) fn path_below(&self, map: MapId, field: FieldId) -> Path<'a> {
        let mut path = Path::new();
        let mut at = field;
        loop {
            path.extend(self.fields[at].name);
            let Some(parent) = self.fields[at].parent else { break };
            if parent == map {
                break;
            }
            match self.field_around(parent) {
                Some(next) if self.fields[next].parent.is_some() => at = next,
                _ => break,
            }
        }
        path.reverse();
        path
    }

    /// The shape that a map or what is around it sets, nearest first.
    pub(crate) fn shape_around(&mut self, map: MapId) -> Option<String> {
        let mut at = Some(map);
        while let Some(map) = at {
            if matches!(self.maps[map].holder, Holder::Field(_))
                && let Some(shape) = self.keyword(map, "shape")
                && let Some(value) = &self.fields[shape].primary
            {
                return Some(value.text().to_owned());
            }
            at = self.parent_map(map);
        }
        None
    }

    /// The last mention that could have set the field's value.
    pub(crate) fn last_primary(&self, field: FieldId) -> Option<&FieldRef<'a>> {
        self.refs(field).find(|r| self.is_primary(r))
    }

    /// Whether the value of the key of a mention is that of the field it mentions.
    pub(crate) fn is_primary(&self, reference: &FieldRef<'a>) -> bool {
        let Some(path) = reference.path else { return false };
        let key = self.contexts[reference.context].key;
        let is = |own: &Option<spandrel_syntax::ast::KeyPath>| {
            own.as_ref().is_some_and(|own| std::ptr::eq(own, path))
        };
        let last = reference.index as usize + 1 == path.parts.len();
        (is(&key.path) && key.edges.is_empty() && last)
            || (is(&key.edge_path) && key.edges.len() == 1 && last)
    }
}

impl Ends<'_> {
    /// Equal for connections of a map between the same ends with the same arrows.
    fn hash(&self, map: MapId) -> u64 {
        let mut hash = Fast::default();
        hash.write_u32(map.0);
        hash.write_u32(u32::from(self.src_arrow) * 2 + u32::from(self.dst_arrow));
        for path in [&self.src, &self.dst] {
            for name in path {
                hash.write_u32(name.folded);
            }
            hash.write_u32(u32::MAX);
        }
        hash.finish()
    }

    fn same(&self, other: &Self) -> bool {
        let same = |a: &[Name<'_>], b: &[Name<'_>]| {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.folded == b.folded)
        };
        self.src_arrow == other.src_arrow
            && self.dst_arrow == other.dst_arrow
            && same(&self.src, &other.src)
            && same(&self.dst, &other.dst)
    }
}

/// Position of the first board keyword of a path.
pub(crate) fn board_keyword(path: &[Name<'_>]) -> Option<usize> {
    path.iter().position(|n| n.unquoted && keywords::is_board(&n.text.to_lowercase()))
}
