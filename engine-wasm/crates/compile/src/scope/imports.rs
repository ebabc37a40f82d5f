//! Imports: `...@x`, `key: @x`, `key: @x.inner`.

use spandrel_syntax::ast::Import;
use spandrel_syntax::{parse_key_path, print};

use super::Scoper;
use crate::ir::{BoardKind, Composite, Element, FieldId, Holder, Made, MapId, Scalar, ScalarValue};
use crate::sources::{resolve, written_path};

/// What an import names: a whole file, or a field of it.
#[derive(Clone, Copy)]
enum Imported {
    File(MapId),
    Field(FieldId),
}

impl<'a> Scoper<'a, '_> {
    fn import(&mut self, import: &'a Import) -> Option<Imported> {
        let from = self.file();
        let Some(written) = written_path(import) else {
            self.error(from, "C020", import.span, "an import needs the path of a file");
            return None;
        };
        let path = resolve(&self.sources.file(from).path, import);
        let file = path.as_deref().and_then(|path| self.sources.at(path));
        if let Some(at) = file.and_then(|file| self.import_stack.iter().position(|f| f.same_file(file))) {
            let chain: Vec<&str> =
                self.import_stack[at..].iter().map(|&f| self.sources.file(f).path.as_str()).collect();
            let text = format!("files that import each other: {} -> {}", chain.join(" -> "), chain[0]);
            self.error(from, "C021", import.span, text);
            return None;
        }
        let Some(mut file) = file else {
            let text = match path {
                None => format!("`{written}` leads out of the project: imports stay inside it"),
                Some(path) => format!("there is no file `{path}`"),
            };
            self.error(from, "C022", import.span, text);
            return None;
        };
        let sources = self.sources;
        let tree = &sources.file(file).tree;
        if !tree.diagnostics().is_empty() {
            let path = &sources.file(file).path;
            // Imported twice, told once.
            let known = self.errors.iter().any(|d| d.path.as_ref() == Some(path) && d.code.starts_with('S'));
            if !known {
                self.errors.extend(tree.diagnostics().iter().cloned().map(|d| d.in_file(path.clone())));
            }
        }
        self.imports += 1;
        file.instance = self.imports;
        self.import_stack.push(file);
        let map = self.ir.file_map();
        self.map(map, tree.root(), tree.root());
        // What the file itself can resolve is resolved there; the rest waits for the importer.
        let errors = self.errors.mark();
        self.substitute(map, &[]);
        self.errors.back_to(&errors);
        self.import_stack.pop();
        self.mark_imported(map);
        if import.path.len() == 1 {
            return Some(Imported::File(map));
        }
        let names: Vec<_> = import.path[1..].iter().map(|part| self.ir.names.of(part)).collect();
        if let Some(field) = self.ir.field_at(map, &names) {
            return Some(Imported::Field(field));
        }
        let key = print::key_path(names.iter().map(|n| n.text));
        self.error(from, "C023", import.span, format!("`{key}` does not exist in `{written}`"));
        None
    }

    /// From here on the maps in which the file's keys were compiled are not those in which they stand.
    fn mark_imported(&mut self, map: MapId) {
        for field in self.ir.maps[map].fields.clone() {
            let contexts: Vec<_> = self.ir.refs(field).map(|reference| reference.context).collect();
            for context in contexts {
                self.ir.contexts[context].imported = true;
            }
            if let Some(below) = self.ir.map_of(field) {
                self.mark_imported(below);
            }
        }
        for link in self.ir.maps[map].links.clone() {
            for at in 0..self.ir.links[link].refs.len() {
                let context = self.ir.links[link].refs[at].context;
                self.ir.contexts[context].imported = true;
            }
            if let Some(below) = self.ir.links[link].map {
                self.mark_imported(below);
            }
        }
    }

    /// `...@x` in a map.
    pub(super) fn spread_import(&mut self, dst: MapId, import: &'a Import) {
        let Some(imported) = self.import(import) else { return };
        let map = match imported {
            Imported::File(map) => Some(map),
            Imported::Field(field) => self.ir.map_of(field),
        };
        let Some(map) = map else {
            let file = self.file();
            self.error(file, "C024", import.span, "only a map can be spread into a map");
            return;
        };
        for glob in self.ir.maps[map].globs.clone() {
            if self.glob_key(glob).has_triple_glob() {
                let copy = self.copy_glob(glob, dst, false);
                let context = self.glob_context(copy);
                self.key(context);
                self.ensure_glob(context);
            }
        }
        for keyword in ["scenarios", "steps"] {
            if let Some(group) = self.ir.keyword_map(map, keyword) {
                for board in self.ir.maps[group].fields.clone() {
                    self.start_from(Some(dst), board);
                }
            }
        }
        self.ir.overlay_map(dst, map);
        if let Some(around) = self.ir.field_around(dst) {
            self.extend_links(dst, around, import);
            if let Imported::Field(field) = imported
                && let Some(primary) = self.ir.fields[field].primary.clone()
            {
                self.ir.fields[around].primary = Some(primary);
            }
        }
    }

    /// `key: @x`.
    pub(super) fn import_value(&mut self, field: FieldId, import: &'a Import) {
        let Some(imported) = self.import(import) else { return };
        let own = self.ir.fields[field].clone();
        let own_map = self.ir.map_of(field);
        match imported {
            Imported::Field(source) => {
                let primary = self.ir.fields[source].primary.clone();
                if primary.is_some() {
                    self.ir.fields[field].primary = primary;
                }
                let composite = self.ir.fields[source].composite.clone();
                if !matches!(composite, Composite::None) {
                    let copy = self.ir.copy_composite(&composite, field);
                    self.ir.fields[field].composite = copy;
                }
            }
            Imported::File(map) => {
                let kind = self.ir.board_of_field(field);
                self.ir.give_map(field);
                self.start_board(field, kind);
                if let Some(dst) = self.ir.map_of(field) {
                    self.ir.overlay_map(dst, map);
                    self.extend_links(dst, field, import);
                    if matches!(kind, Some(BoardKind::Scenario | BoardKind::Step)) {
                        self.overlay_classes(dst);
                    }
                }
            }
        }
        // What the field already had stays on top.
        if own.primary.is_some() {
            self.ir.fields[field].primary = own.primary;
        }
        match (own_map, self.ir.map_of(field)) {
            (Some(own), Some(now)) if own != now => self.ir.overlay_map(now, own),
            (Some(own), None) => {
                let copy = self.ir.copy_map(own, Holder::Field(field), &[]);
                self.ir.fields[field].composite = Composite::Map(copy);
            }
            _ => {}
        }
    }

    /// `[@x; ...@y]`.
    pub(super) fn import_element(
        &mut self,
        owner: FieldId,
        import: &'a Import,
        items: &mut Vec<Element<'a>>,
    ) {
        let file = self.file();
        let Some(imported) = self.import(import) else { return };
        let text = "only an array can be spread into an array";
        match imported {
            Imported::File(_) if import.spread => {
                self.error(file, "C025", import.span, text);
            }
            Imported::File(map) => {
                let copy = self.ir.copy_map(map, Holder::Field(owner), &[]);
                items.push(Element::Map(copy));
            }
            Imported::Field(field) => {
                let composite = self.ir.fields[field].composite.clone();
                let copy = self.ir.copy_composite(&composite, owner);
                match copy {
                    Composite::Array(array) if import.spread => items.extend(array),
                    _ if import.spread => {
                        self.error(file, "C025", import.span, text);
                    }
                    Composite::Array(array) => items.push(Element::Array(array)),
                    Composite::Map(map) => items.push(Element::Map(map)),
                    Composite::None => {
                        items.extend(self.ir.fields[field].primary.clone().map(Element::Scalar));
                    }
                }
            }
        }
    }

    /// Links between boards and paths of icons, written in an imported file, as they read from outside.
    fn extend_links(&mut self, map: MapId, around: FieldId, import: &'a Import) {
        let dir = written_path(import).unwrap_or_default();
        let dir = dir.rsplit_once('/').map_or("", |(dir, _)| dir).to_owned();
        let mut open = vec![map];
        while let Some(map) = open.pop() {
            for field in self.ir.maps[map].fields.clone() {
                let Some(name) = self.ir.fields[field].name else { continue };
                if name.is("link") {
                    self.extend_link(field, map, around);
                } else if name.is("icon") {
                    self.extend_icon(field, &dir);
                }
                open.extend(self.ir.map_of(field));
            }
        }
    }

    fn extend_link(&mut self, field: FieldId, map: MapId, around: FieldId) {
        let Some(value) = self.ir.fields[field].primary.clone() else { return };
        if self.ir.board_of_map(map).is_some() {
            self.error(value.file, "C026", value.span(), "a board cannot be a link, only the objects on it");
            return;
        }
        if crate::url::is_remote(value.text()) {
            return;
        }
        let Some(link) = parse_key_path(value.text()) else { return };
        let mut prefix = self.ir.path(around, true);
        let mut rest = link.parts.as_slice();
        if rest.is_empty() {
            return;
        }
        rest = &rest[1..];
        while let Some(part) = rest.first() {
            if !part.is_parent() || prefix.len() < 2 {
                break;
            }
            rest = &rest[1..];
            prefix.truncate(prefix.len() - 2);
        }
        let path = prefix.iter().map(|n| n.text).chain(rest.iter().map(spandrel_syntax::ast::Str::text));
        self.made_value(field, print::key_path(path), &value);
    }

    fn extend_icon(&mut self, field: FieldId, dir: &str) {
        let Some(value) = self.ir.fields[field].primary.clone() else { return };
        if value.text().is_empty() || crate::url::is_remote(value.text()) {
            return;
        }
        let path = print::clean_path(&if dir.is_empty() {
            value.text().to_owned()
        } else {
            format!("{dir}/{}", value.text())
        });
        self.made_value(field, path, &value);
    }

    fn made_value(&mut self, field: FieldId, text: String, old: &Scalar<'a>) {
        let made = Made { text, span: old.span(), block: None };
        self.ir.fields[field].primary =
            Some(Scalar { value: ScalarValue::Made(made.into()), file: old.file });
    }

    fn glob_context(&self, glob: crate::ir::GlobId) -> crate::ir::CtxId {
        self.globs[glob.0 as usize].context
    }
}
