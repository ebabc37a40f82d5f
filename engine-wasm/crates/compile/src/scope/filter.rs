//! Filters: `&shape: circle`, `!&connected: true`, `&src.style.fill: red`.

use spandrel_syntax::ast::{Filter, Item, Key, Map as AstMap, Str, Value};
use spandrel_syntax::keywords;

use super::{Scoper, glob};
use crate::ir::{Composite, Context, CtxId, Element, FieldId, Holder, MapId};
use crate::sources::resolve;

impl<'a> Scoper<'a, '_> {
    /// Whether all filters of `ast` hold for `dst`. Where one does not, the glob around it is as if it had
    /// not been applied here.
    pub(super) fn filters_hold(&mut self, dst: MapId, ast: &'a AstMap, board: &'a AstMap) -> bool {
        for key in ast.keys().filter(|key| key.filter.is_some()) {
            let context = self.context(key, ast, dst, board);
            let holds = self.filter_holds(context) != (key.filter == Some(Filter::IsNot));
            if holds {
                continue;
            }
            if let Some(&outer) = self.map_stack.last()
                && let Some(glob) = self.glob_of(outer)
            {
                let key = self.ir.contexts[outer].key;
                match self.ir.maps[dst].holder {
                    Holder::Field(field) => {
                        let record = self.record_of_field(key, field);
                        self.applied(glob).fields.remove(&record);
                    }
                    Holder::Link(link) => {
                        let record = self.record_of_link(key, link);
                        self.applied(glob).links.remove(&record);
                    }
                }
            }
            return false;
        }
        true
    }

    fn filter_holds(&mut self, context: CtxId) -> bool {
        let Context { key, map, file, .. } = self.ir.contexts[context];
        let outer = self.map_stack.last().map(|&outer| self.ir.contexts[outer].key);
        if !outer.is_some_and(Key::supports_filters) {
            self.error(file, "C015", key.span, "filters only work in the map of a glob");
            return false;
        }
        if key.is_edge() {
            return true;
        }
        let Some(path) = &key.path else { return false };
        let first = path.parts[0].text();
        if matches!(first, "src" | "dst") && path.parts.len() > 1 {
            return self.end_filter(first == "src", context);
        }
        let found = match self.ensure(map, path, Some(context), false) {
            Ok(found) => found,
            Err(error) => {
                self.report(error);
                return false;
            }
        };
        if found.is_empty() {
            return self.default_holds(context);
        }
        found.iter().copied().all(|field| self.field_holds(field, key, file))
    }

    /// A filter on what a connection connects.
    fn end_filter(&mut self, src: bool, context: CtxId) -> bool {
        let Context { key, map, file, .. } = self.ir.contexts[context];
        let Some(path) = &key.path else { return false };
        let Some(link) = self.ir.link_around(map) else { return false };
        let id = self.ir.links[link].id.clone();
        let ends = if src { &id.src } else { &id.dst };
        // As in D2 the end is looked for from the top of the file, whatever the connection lies in, and only an end with
        // something in its braces answers.
        let root = self.ir.file_map_of(map);
        let Some(end) = self.ir.field_at(root, ends) else { return false };
        let Some(below) = self.ir.map_of(end) else { return false };
        let value = key.value.as_ref().map_or("", Value::text);
        let property = path.parts[1].text();
        if path.parts.len() == 2 && self.property_holds(property, value, end, key, file) {
            return true;
        }
        let rest: Vec<_> = path.parts[1..].iter().map(|part| (self.ir.names.of(part), Some(part))).collect();
        let Ok(found) = self.ensure_names(below, &rest, false, file) else { return false };
        found.into_iter().any(|field| self.field_holds(field, key, file))
    }

    /// A filter on what is not set, which may still hold for the default.
    fn default_holds(&mut self, context: CtxId) -> bool {
        let Context { key, map, file, .. } = self.ir.contexts[context];
        let Some(part) = key.path.as_ref().and_then(|path| path.parts.last()) else { return false };
        let value = key.value.as_ref().filter(|v| v.is_scalar());
        let wanted = value.map_or("", Value::text);
        if value.is_some() && wanted == "*" {
            return false;
        }
        let default = match part.text() {
            "shape" => "rectangle",
            "border-radius" | "stroke-dash" => "0",
            "opacity" => "1",
            "stroke-width" => "2",
            "icon" | "tooltip" | "link" => "",
            "shadow" | "multiple" | "3d" | "animated" | "filled" => "false",
            "label" => {
                return match self.ir.maps[map].holder {
                    Holder::Field(field) => self.label_holds(field, key, file),
                    Holder::Link(link) => {
                        let label = self.ir.links[link].primary.as_ref().map(|p| p.text().to_owned());
                        label.is_some_and(|label| self.text_holds(&label, key, file))
                    }
                };
            }
            word @ ("src" | "dst") => {
                let Some(link) = self.ir.link_around(map) else { return false };
                return self.end_path(link, word == "src") == wanted;
            }
            property => {
                let Holder::Field(field) = self.ir.maps[map].holder else { return false };
                let property = property.to_owned();
                return self.property_holds(&property, wanted, field, key, file);
            }
        };
        self.text_holds(default, key, file)
    }

    /// The path of an end from the board, as a filter names it.
    fn end_path(&self, link: crate::ir::LinkId, src: bool) -> String {
        let link = &self.ir.links[link];
        let own = if src { &link.id.src } else { &link.id.dst };
        let mut names: Vec<String> = own.iter().map(|n| n.text.to_string()).collect();
        if let Some(around) =
            self.ir.field_around(link.parent).filter(|&f| self.ir.fields[f].parent.is_some())
        {
            let container: Vec<String> =
                self.ir.path(around, true).iter().skip(1).map(|n| n.text.to_string()).collect();
            let starts_there = match (names.first(), container.first()) {
                (Some(a), Some(b)) => a.to_lowercase() == b.to_lowercase(),
                _ => true,
            };
            if !starts_there {
                names.splice(0..0, container);
            }
        }
        names.join(".")
    }

    fn label_holds(&mut self, field: FieldId, key: &'a Key, file: crate::sources::FileId) -> bool {
        let field = &self.ir.fields[field];
        let label = match (&field.primary, &field.name) {
            (Some(primary), _) => primary.text().to_owned(),
            (None, Some(name)) => name.text.to_string(),
            _ => return false,
        };
        self.text_holds(&label, key, file)
    }

    /// Filters on what an object is rather than on what it sets.
    fn property_holds(
        &mut self,
        property: &str,
        value: &str,
        field: FieldId,
        key: &'a Key,
        file: crate::sources::FileId,
    ) -> bool {
        let boolean = |text: &str| match text {
            "1" | "t" | "T" | "TRUE" | "true" | "True" => Some(true),
            "0" | "f" | "F" | "FALSE" | "false" | "False" => Some(false),
            _ => None,
        };
        match property {
            "level" => {
                let Some(wanted) = value.parse::<i64>().ok().filter(|&level| level >= 0) else {
                    let text = format!("`&level` is a number from 0, not `{value}`");
                    self.error(file, "C016", key.span, text);
                    return false;
                };
                let mut level = 0;
                let mut at = self.ir.parent_field(field);
                while let Some(around) = at {
                    if self.ir.fields[around].parent.is_none() || self.ir.board_of_field(around).is_some() {
                        break;
                    }
                    level += 1;
                    at = self.ir.parent_field(around);
                }
                level == wanted
            }
            "leaf" | "connected" => {
                let Some(wanted) = boolean(value) else {
                    let text = format!("`&{property}` is `true` or `false`, not `{value}`");
                    self.error(file, "C016", key.span, text);
                    return false;
                };
                let is = if property == "leaf" {
                    !self.is_container(field)
                } else {
                    self.ir.refs(field).any(|r| self.ir.contexts[r.context].edge.is_some())
                };
                is == wanted
            }
            "label" => self.label_holds(field, key, file),
            _ => false,
        }
    }

    fn field_holds(&mut self, field: FieldId, key: &'a Key, file: crate::sources::FileId) -> bool {
        if !key.value.as_ref().is_some_and(Value::is_scalar) {
            self.error(
                file,
                "C017",
                key.span,
                "a filter compares with one value, not with a map or an array",
            );
            return false;
        }
        let wanted = key.value.as_ref().map_or("", Value::text);
        if let Composite::Array(items) = &self.ir.fields[field].composite {
            let has = |item: &Element<'_>| matches!(item, Element::Scalar(s) if s.text() == wanted);
            if items.iter().any(has) {
                return true;
            }
        }
        let Some(text) = self.ir.fields[field].primary.as_ref().map(|p| p.text().to_owned()) else {
            return false;
        };
        self.text_holds(&text, key, file)
    }

    fn text_holds(&mut self, text: &str, key: &'a Key, file: crate::sources::FileId) -> bool {
        let Some(value) = key.value.as_ref().filter(|v| v.is_scalar()) else {
            self.error(
                file,
                "C017",
                key.span,
                "a filter compares with one value, not with a map or an array",
            );
            return false;
        };
        match value.as_str().and_then(Str::glob) {
            Some(pattern) => glob::matches(text, pattern),
            None => text == value.text(),
        }
    }

    /// Whether a map spreads an import that has objects.
    fn spreads_objects(&self, ast: &AstMap, file: crate::sources::FileId, depth: usize) -> bool {
        if depth > 16 {
            return false;
        }
        ast.items.iter().any(|item| {
            let Item::Import(import) = item else { return false };
            let path = resolve(&self.sources.file(file).path, import);
            let Some(imported) = path.and_then(|path| self.sources.at(&path)) else { return false };
            let root = self.sources.file(imported).tree.root();
            let object = |key: &Key| {
                let first = key.path.as_ref().map(|path| &path.parts[0]);
                key.is_edge() || first.is_some_and(|p| !(p.is_unquoted() && keywords::is_reserved(p.text())))
            };
            root.keys().any(object) || self.spreads_objects(root, imported, depth + 1)
        })
    }

    /// Whether an object has objects or connections inside, in the tree or already compiled.
    pub(super) fn is_container(&mut self, field: FieldId) -> bool {
        let Some(map) = self.ir.map_of(field) else { return false };
        let reserved = |key: &Key| {
            key.path
                .as_ref()
                .is_some_and(|p| p.parts[0].is_unquoted() && keywords::is_reserved(p.parts[0].text()))
        };
        for reference in self.ir.refs(field) {
            if !self.ir.is_primary(reference) {
                continue;
            }
            let Context { key, file, .. } = self.ir.contexts[reference.context];
            let Some(ast) = key.map() else { continue };
            if self.spreads_objects(ast, file, 0) {
                return true;
            }
            if ast
                .keys()
                .any(|key| key.is_edge() || (key.path.is_some() && !reserved(key) && key.filter.is_none()))
            {
                return true;
            }
        }
        self.ir.maps[map]
            .fields
            .iter()
            .any(|&f| self.ir.fields[f].name.as_ref().is_some_and(|n| !n.is_keyword()))
    }
}
