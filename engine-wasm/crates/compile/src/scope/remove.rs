//! Deletion, with what goes along.

use super::Scoper;
use crate::ir::{Ends, FieldId, Ir, LinkId, MapId};
use spandrel_syntax::keywords;

impl<'a> Scoper<'a, '_> {
    /// Takes `field` out of `map`, and every connection that was made by a key that also names it.
    pub(super) fn delete_field(&mut self, map: MapId, field: FieldId) {
        let mentions = u64::from(self.ir.fields[field].refs.count) + 1;
        let mut cost = self.ir.maps[map].fields.len() as u64 / 8;
        let mut at = Some(map);
        while let Some(map) = at.filter(|&map| self.ir.board_of_map(map).is_none()) {
            cost += self.ir.maps[map].links.len() as u64 * mentions / 4;
            at = self.ir.parent_map(map);
        }
        cost += at.map_or(0, |board| self.ir.maps[board].links.len() as u64 * mentions / 4);
        if self.spend(cost) {
            self.ir.delete_field(map, field);
        }
    }

    /// Takes the connection with these ends out of `map` or of what its common container is.
    pub(super) fn delete_link(&mut self, map: MapId, ends: Ends<'a>) {
        let Some((map, ends)) = self.resolve_common(map, ends) else { return };
        if !self.spend(self.ir.maps[map].links.len() as u64 / 8) {
            return;
        }
        if let Some(&link) = self.ir.links_like(map, &ends).first() {
            self.ir.remove_link(map, link);
        }
    }

    /// The map and the shortened ends after `_` and common containers; `None` where they do not exist.
    pub(super) fn resolve_common(&mut self, map: MapId, mut ends: Ends<'a>) -> Option<(MapId, Ends<'a>)> {
        let (mut map, common) = self.resolve_ends(map, &mut ends)?;
        if !common.is_empty() {
            let field = self.ir.field_at(map, &common)?;
            map = self.ir.map_of(field)?;
        }
        Some((map, ends))
    }

    /// Takes out what is suspended.
    pub(crate) fn remove_suspended(&mut self, map: MapId) {
        if !self.suspends {
            return;
        }
        for field in self.ir.maps[map].fields.clone() {
            if let Some(below) = self.ir.map_of(field) {
                self.remove_suspended(below);
            }
        }
        for field in self.ir.maps[map].fields.clone().into_iter().rev() {
            let Some(name) = &self.ir.fields[field].name else { continue };
            if self.ir.fields[field].suspended && !keywords::is_reserved(name.text) {
                self.delete_field(map, field);
            }
        }
        for link in self.ir.maps[map].links.clone() {
            if let Some(below) = self.ir.links[link].map {
                self.remove_suspended(below);
            }
            if self.ir.links[link].suspended && self.spend(self.ir.maps[map].links.len() as u64 / 8) {
                self.ir.remove_link(map, link);
            }
        }
    }
}

impl Ir<'_> {
    /// Takes `field` out of `map`, and every connection that was made by a key that also names it.
    pub(crate) fn delete_field(&mut self, map: MapId, field: FieldId) {
        let contexts: Vec<_> = self.refs(field).map(|r| r.context).collect();
        let mut at = Some(map);
        while let Some(map) = at {
            let gone: Vec<LinkId> = self.maps[map]
                .links
                .iter()
                .copied()
                .filter(|&link| self.links[link].refs.iter().any(|r| contexts.contains(&r.context)))
                .collect();
            for link in gone {
                self.remove_link(map, link);
            }
            if self.board_of_map(map).is_some() {
                break;
            }
            at = self.parent_map(map);
        }
        if let Some(at) = self.maps[map].fields.iter().position(|&f| f == field) {
            self.remove_field(map, at);
        }
        // `style` without anything in it says nothing.
        let Some(around) = self.field_around(map) else { return };
        let empty = self.maps[map].fields.is_empty();
        if empty
            && self.fields[around].name.as_ref().is_some_and(|n| n.is("style"))
            && let Some(parent) = self.fields[around].parent
            && let Some(at) = self.maps[parent].fields.iter().position(|&f| f == around)
        {
            self.remove_field(parent, at);
        }
    }
}
