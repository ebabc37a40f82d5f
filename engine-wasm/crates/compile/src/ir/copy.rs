//! Copies, and laying one map over another.

use super::{Composite, Element, FieldId, Holder, Ir, LinkId, MapId};

impl<'a> Ir<'a> {
    /// A copy of `map` held by `holder`. `skip` names fields (in lower case keywords) that are left out.
    pub(crate) fn copy_map(&mut self, map: MapId, holder: Holder, skip: &[&str]) -> MapId {
        let copy = self.new_map(holder);
        if self.too_deep {
            return copy;
        }
        let globs = self.maps[map].globs.clone();
        self.maps[copy].globs = globs;
        for field in self.maps[map].fields.clone() {
            if skip.iter().any(|s| self.fields[field].name.as_ref().is_some_and(|n| n.is(s))) {
                continue;
            }
            self.copy_field(field, copy);
        }
        for link in self.maps[map].links.clone() {
            self.copy_link(link, copy);
        }
        copy
    }

    /// A copy of `field` at the end of `parent`.
    pub(crate) fn copy_field(&mut self, field: FieldId, parent: MapId) -> FieldId {
        let id = self.copy_field_loose(field, parent);
        self.append_field(parent, id);
        id
    }

    /// A copy of `field` that says `parent` is its parent, without being in it yet.
    pub(crate) fn copy_field_loose(&mut self, field: FieldId, parent: MapId) -> FieldId {
        let mut new = self.fields[field].clone();
        self.copied += 1 + u64::from(new.refs.count) / 4;
        new.parent = Some(parent);
        let composite = std::mem::take(&mut new.composite);
        let id = self.fields.push(new);
        let composite = self.copy_composite(&composite, id);
        self.fields[id].composite = composite;
        id
    }

    /// A copy of a map or array for `field`.
    pub(crate) fn copy_composite(&mut self, composite: &Composite<'a>, field: FieldId) -> Composite<'a> {
        match composite {
            Composite::None => Composite::None,
            Composite::Map(map) => Composite::Map(self.copy_map(*map, Holder::Field(field), &[])),
            Composite::Array(items) => {
                Composite::Array(items.iter().map(|item| self.copy_element(item, field)).collect())
            }
        }
    }

    /// A copy of an entry of an array for `field`.
    pub(crate) fn copy_element(&mut self, element: &Element<'a>, field: FieldId) -> Element<'a> {
        self.copied += 1;
        match element {
            Element::Scalar(scalar) => Element::Scalar(scalar.clone()),
            Element::Array(items) => {
                Element::Array(items.iter().map(|item| self.copy_element(item, field)).collect())
            }
            Element::Map(map) => Element::Map(self.copy_map(*map, Holder::Field(field), &[])),
        }
    }

    fn copy_link(&mut self, link: LinkId, parent: MapId) -> LinkId {
        let mut new = self.links[link].clone();
        self.copied += 1 + new.refs.len() as u64 / 4;
        new.parent = parent;
        let map = new.map.take();
        let id = self.add_link(new);
        if let Some(map) = map {
            let map = self.copy_map(map, Holder::Link(id), &[]);
            self.links[id].map = Some(map);
        }
        id
    }

    /// Lays `over` over `base`: what `over` sets wins, what only `base` has stays.
    pub(crate) fn overlay_map(&mut self, base: MapId, over: MapId) {
        for field in self.maps[over].fields.clone() {
            let Some(name) = self.fields[field].name else {
                self.copy_field(field, base);
                continue;
            };
            match self.field(base, &name) {
                Some(own) => self.overlay_field(own, field),
                None => {
                    self.copy_field(field, base);
                }
            }
        }
        self.overlay_links(base, over);
    }

    /// The connections' part of [`Ir::overlay_map`].
    pub(crate) fn overlay_links(&mut self, base: MapId, over: MapId) {
        for link in self.maps[over].links.clone() {
            let ends = self.links[link].id.clone();
            match self.links_like(base, &ends).first() {
                Some(&own) => self.overlay_link(own, link),
                None => {
                    self.copy_link(link, base);
                }
            }
        }
    }

    /// Lays a field over another.
    pub(crate) fn overlay_field(&mut self, base: FieldId, over: FieldId) {
        if let Some(primary) = self.fields[over].primary.clone() {
            self.fields[base].primary = Some(primary);
        }
        let composite = self.fields[over].composite.clone();
        match (self.map_of(base), &composite) {
            (_, Composite::None) => {}
            (Some(own), Composite::Map(map)) => self.overlay_map(own, *map),
            _ => {
                let copy = self.copy_composite(&composite, base);
                self.fields[base].composite = copy;
            }
        }
        let refs: Vec<_> = self.refs(over).copied().collect();
        self.copied += 1 + refs.len() as u64 / 4;
        for reference in refs.into_iter().rev() {
            self.add_ref(base, reference);
        }
        self.touch(base);
    }

    fn overlay_link(&mut self, base: LinkId, over: LinkId) {
        if let Some(primary) = self.links[over].primary.clone() {
            self.links[base].primary = Some(primary);
        }
        match (self.links[base].map, self.links[over].map) {
            (_, None) => {}
            (Some(own), Some(map)) => self.overlay_map(own, map),
            (None, Some(map)) => {
                let copy = self.copy_map(map, Holder::Link(base), &[]);
                self.links[base].map = Some(copy);
            }
        }
        let refs = self.links[over].refs.clone();
        self.copied += 1 + refs.len() as u64 / 4;
        self.links[base].refs.extend(refs.iter().copied());
    }
}
