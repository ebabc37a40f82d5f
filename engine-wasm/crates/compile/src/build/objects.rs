//! Fields become objects, links become connections.

use spandrel_syntax::keywords;

use super::values::suggest;
use super::{Builder, Connection, Loc, Mention, Object, Set, Source, child_key};
use crate::ir::{Composite, CtxId, Element, Ends, FieldId, LinkId, MAX_FIELDS_DEEP, MapId, Name, Path};

impl<'a> Builder<'a, '_, '_> {
    /// Compiles what a map says of an object. `class`: the map is that of a class, which has neither rows
    /// nor connections.
    pub(super) fn object_map(&mut self, object: usize, map: MapId, class: bool) {
        // An id holds those of all around it: what lies deep is dear.
        let fields = self.scoper.ir.maps[map].fields.len() as u64;
        let each = 4 + self.depth as u64;
        if self.depth > MAX_FIELDS_DEEP || !self.scoper.spend(4 + fields * each) {
            return;
        }
        self.depth += 1;
        self.classes_of(map, |builder, class_map| builder.object_map(object, class_map, true));
        let shape = self.scoper.ir.keyword(map, "shape");
        if let Some(shape) = shape {
            if matches!(self.scoper.ir.fields[shape].composite, Composite::None) {
                self.object_field(object, shape);
            } else {
                let at = self.key_place(shape);
                self.error(at, "C110", "`shape` takes one word, not a map or an array");
            }
        }
        for at in 0..self.scoper.ir.maps[map].fields.len() {
            let field = self.scoper.ir.maps[map].fields[at];
            let Some(name) = &self.scoper.ir.fields[field].name else { continue };
            if name.is("shape") || (name.unquoted && keywords::is_board(name.text)) {
                continue;
            }
            self.object_field(object, field);
        }
        if !class {
            match self.draft.objects[object].set.shape.as_deref() {
                Some("class") => self.class_members(object),
                Some("sql_table") => self.table_rows(object),
                _ => {}
            }
            let links = self.scoper.ir.maps[map].links.len();
            self.draft.connections.reserve(links);
            for at in 0..links {
                self.connection(object, self.scoper.ir.maps[map].links[at]);
            }
        }
        self.depth -= 1;
    }

    /// Runs `apply` on each class that `map` names.
    pub(super) fn classes_of(&mut self, map: MapId, mut apply: impl FnMut(&mut Self, MapId)) {
        let Some(class) = self.scoper.ir.keyword(map, "class") else { return };
        let field = &self.scoper.ir.fields[class];
        let mut names: Vec<String> = Vec::new();
        if let Some(primary) = &field.primary {
            names.push(primary.text().to_owned());
        } else if let Composite::Array(items) = &field.composite {
            let items = items.clone();
            for item in items {
                match item {
                    Element::Scalar(scalar) => names.push(scalar.text().to_owned()),
                    Element::Array(_) | Element::Map(_) => {
                        let at = self.key_place(class);
                        self.error(at, "C111", "classes are named by words, not by maps or arrays");
                    }
                }
            }
        }
        for name in names {
            if let Some(class_map) = self.class_map(&name) {
                apply(self, class_map);
            } else if name.contains(',') {
                let mut parts = name.split(',').map(|part| part.trim().to_owned()).collect::<Vec<_>>();
                parts.retain(|part| self.class_map(part).is_none());
                if parts.is_empty() {
                    let at = self.last_place(class);
                    self.error(at, "C112", format!("there is no class `{name}`")).help =
                        Some("items of an array are separated by `;`".into());
                }
            }
        }
    }

    fn class_map(&mut self, name: &str) -> Option<MapId> {
        let board = self.draft.map?;
        let classes = self.scoper.ir.keyword_map(board, "classes")?;
        let name = self.scoper.ir.names.find(name)?;
        let class = self.scoper.ir.field(classes, &name)?;
        self.scoper.ir.map_of(class)
    }

    fn object_field(&mut self, object: usize, field: FieldId) {
        let Some(name) = self.scoper.ir.fields[field].name else { return };
        if name.unquoted && name.reserved {
            self.keyword_field(object, field, &name);
            return;
        }
        if object != 0 {
            let parent = self.draft.objects[object].parent;
            let shape = self.draft.objects[parent].set.shape.as_deref();
            let text = match shape {
                Some("sql_table") => Some("rows of a `sql_table` have nothing inside"),
                Some("class") => Some("members of a `class` have nothing inside"),
                _ => None,
            };
            if let Some(text) = text {
                let at = self.last_place(field);
                self.error(at, "C113", text);
                return;
            }
        }
        let child = self.ensure_child(object, &name);
        if child == object {
            return;
        }
        if self.scoper.ir.fields[field].primary.is_some() {
            let mut set = std::mem::take(&mut self.draft.objects[child].set);
            self.label_of_field(&mut set, field);
            self.draft.objects[child].set = set;
        }
        if let Some(map) = self.scoper.ir.map_of(field) {
            self.object_map(child, map, false);
        }
        let place = self.key_place(field);
        self.draft.objects[child].set.label_place.get_or_insert(place);
        let made = &mut self.draft.objects[child];
        made.sources.push(Source { field, around: object });
        if made.first.is_none() {
            let first = self.scoper.ir.refs(field).filter(|reference| reference.part.is_some()).last();
            self.draft.objects[child].first = first.map(|reference| self.place_of_part(reference));
        }
    }

    /// The mentions of an object.
    pub(super) fn mentions(&self, sources: &[Source]) -> Vec<Mention> {
        let mut mentions = Vec::new();
        for &Source { field, around } in sources {
            let before = mentions.len();
            for reference in self.scoper.ir.refs(field).filter(|reference| reference.part.is_some()) {
                let in_edge = !self.scoper.ir.contexts[reference.context].key.edges.is_empty();
                mentions.push(self.mention(reference.context, in_edge, around));
            }
            // They come the last first.
            mentions[before..].reverse();
        }
        mentions
    }

    /// The mentions of a connection.
    pub(super) fn link_mentions(&self, link: LinkId, around: usize) -> Vec<Mention> {
        let refs = &self.scoper.ir.links[link].refs;
        refs.iter().map(|reference| self.mention(reference.context, true, around)).collect()
    }

    fn mention(&self, context: CtxId, in_edge: bool, around: usize) -> Mention {
        let ir = &self.scoper.ir;
        let context = &ir.contexts[context];
        let scope = (!context.imported && !ir.is_var(context.map)).then_some(context.map);
        Mention { in_edge, scope, around }
    }

    fn keyword_field(&mut self, object: usize, field: FieldId, name: &Name<'_>) {
        let word = name.text.to_lowercase();
        if keywords::is_style(&word) {
            let at = self.last_place(field);
            let text = format!("`{word}` belongs below `style`");
            let error = self.error(at, "C114", text);
            suggest(error, Some(&format!("style.{word}")));
            return;
        }
        match name.text {
            "classes" => self.check_classes(field),
            "vars" => {}
            arrowhead @ ("source-arrowhead" | "target-arrowhead") => {
                let at = self.last_place(field);
                self.error(at, "C115", format!("only a connection has a `{arrowhead}`"));
            }
            "style" => {
                let map = self.scoper.ir.map_of(field);
                let Some(map) = map.filter(|&map| !self.scoper.ir.maps[map].fields.is_empty()) else {
                    let at = self.last_place(field);
                    self.error(at, "C116", "`style` needs a map or a further keyword").help =
                        Some("for example `style.opacity: 0.4`".into());
                    return;
                };
                let mut set = std::mem::take(&mut self.draft.objects[object].set);
                self.style(&mut set, map, "style.");
                self.draft.objects[object].set = set;
            }
            _ if keywords::is_simple(&word) => {
                let mut set = std::mem::take(&mut self.draft.objects[object].set);
                self.reserved(&mut set, field);
                if set.is_shape("sequence_diagram") {
                    self.draft.has_sequence = true;
                }
                self.draft.objects[object].set = set;
            }
            _ => {}
        }
    }

    /// Classes hold attributes and nothing else.
    fn check_classes(&mut self, field: FieldId) {
        let Some(map) = self.scoper.ir.map_of(field) else { return };
        if let Some(&link) = self.scoper.ir.maps[map].links.first() {
            let at = self.link_end_place(link);
            self.error(at, "C117", "there are no connections among classes");
        }
        for class in self.scoper.ir.maps[map].fields.clone() {
            let Some(own) = self.scoper.ir.map_of(class) else { continue };
            for field in self.scoper.ir.maps[own].fields.clone() {
                let Some(name) = self.scoper.ir.fields[field].name else { continue };
                if !keywords::is_reserved(name.text) {
                    let at = self.last_place(field);
                    let text = format!("a class sets attributes: `{}` is none", name.text);
                    self.error(at, "C118", text);
                }
                if name.is("class") {
                    let at = self.last_place(field);
                    self.error(at, "C119", "a class cannot have classes");
                }
            }
        }
    }

    /// The object called `name` in `object`, made where it does not exist.
    pub(super) fn ensure_child(&mut self, object: usize, name: &Name<'a>) -> usize {
        let object = self.actor_scope(object, name);
        if name.unquoted && name.reserved && name.text != "style" && keywords::is_reserved(name.text) {
            return object;
        }
        if name.is_parent() {
            return self.draft.objects[object].parent;
        }
        if let Some(child) = self.draft.child(object, name.folded) {
            return child;
        }
        let index = self.draft.objects.len();
        self.draft.objects[object].children.push(index);
        self.draft.by_name.insert(child_key(object, name.folded), index);
        self.draft.objects.push(Object {
            id: name.printed(),
            name: name.text,
            folded: name.folded,
            parent: object,
            ..Object::default()
        });
        index
    }

    /// Inside a sequence diagram a name that stands directly in the diagram means that one.
    pub(super) fn actor_scope(&self, object: usize, name: &Name<'_>) -> usize {
        let Some(diagram) = self.sequence_around(object) else { return object };
        let objects = &self.draft.objects;
        let actor = self.draft.child(diagram, name.folded).is_some_and(|c| objects[c].id == name.text);
        if actor && objects[object].id != name.text { diagram } else { object }
    }

    /// The sequence diagram in which an object lies.
    pub(super) fn sequence_around(&self, object: usize) -> Option<usize> {
        if !self.draft.has_sequence {
            return None;
        }
        let objects = &self.draft.objects;
        let mut at = object;
        while at != 0 {
            at = objects[at].parent;
            if objects[at].set.is_shape("sequence_diagram") {
                return Some(at);
            }
        }
        None
    }

    pub(super) fn link_end_place(&self, link: LinkId) -> Loc {
        let ir = &self.scoper.ir;
        let Some(reference) = ir.links[link].refs.first() else { return Loc::default() };
        let context = &ir.contexts[reference.context];
        Loc { file: context.file, span: context.edge.map_or(context.key.span, |edge| edge.span) }
    }

    fn connection(&mut self, object: usize, link: LinkId) {
        // The form lends its names for a moment.
        let nowhere =
            Ends { src: Path::new(), src_arrow: false, dst: Path::new(), dst_arrow: false, index: None };
        let ends = std::mem::replace(&mut self.scoper.ir.links[link].id, nowhere);
        self.connect(object, link, &ends);
        self.scoper.ir.links[link].id = ends;
    }

    fn connect(&mut self, object: usize, link: LinkId, ends: &Ends<'a>) {
        let reserved = |path: &[Name<'_>]| path.iter().any(Name::is_keyword);
        if reserved(&ends.src) || reserved(&ends.dst) {
            let at = self.link_end_place(link);
            self.error(at, "C120", "a keyword cannot be connected");
            return;
        }
        let src = self.connection_end(object, &ends.src);
        let dst = self.connection_end(object, &ends.dst);
        let mut connection = Connection {
            link,
            around: object,
            src,
            dst,
            src_arrow: ends.src_arrow,
            dst_arrow: ends.dst_arrow,
            set: Set::default(),
            src_head: None,
            dst_head: None,
            src_column: None,
            dst_column: None,
        };
        let is_table = |end: usize| self.draft.objects[end].set.is_shape("sql_table");
        if !(is_table(src) && src == dst) {
            connection.src_column = self.column(object, src, &ends.src);
            connection.dst_column = self.column(object, dst, &ends.dst);
        }
        if self.scoper.ir.links[link].primary.is_some() {
            self.label_of_link(&mut connection.set, link);
        }
        if let Some(map) = self.scoper.ir.links[link].map {
            self.connection_map(&mut connection, map);
        }
        let place = self.link_place(link);
        connection.set.label_place = Some(place);
        self.draft.connections.push(connection);
    }

    /// The object that an end names; for a row of a table, the table.
    fn connection_end(&mut self, object: usize, path: &[Name<'a>]) -> usize {
        let mut object = object;
        for name in path {
            if matches!(self.draft.objects[object].set.shape.as_deref(), Some("class" | "sql_table")) {
                return object;
            }
            object = self.ensure_child(object, name);
        }
        object
    }

    /// The row that an end names.
    fn column(&mut self, object: usize, end: usize, path: &[Name<'_>]) -> Option<u32> {
        let table = &self.draft.objects[end];
        if !table.set.is_shape("sql_table") || !self.scoper.spend(table.columns.len() as u64 / 8) {
            return None;
        }
        let table = &self.draft.objects[end];
        if self.level(object) + path.len() <= self.level(end) {
            return None;
        }
        let name = path.last()?;
        table.columns.iter().position(|column| column.name == name.text).map(|at| at as u32)
    }

    /// How many containers an object lies in, itself included; 0 for the board.
    fn level(&self, object: usize) -> usize {
        let mut level = 0;
        let mut at = object;
        while at != 0 {
            level += 1;
            at = self.draft.objects[at].parent;
        }
        level
    }

    fn connection_map(&mut self, connection: &mut Connection, map: MapId) {
        if self.depth > MAX_FIELDS_DEEP {
            return;
        }
        self.depth += 1;
        self.scoper.spend(4 * self.scoper.ir.maps[map].fields.len() as u64);
        let mut class_maps = Vec::new();
        self.classes_of(map, |_, class_map| class_maps.push(class_map));
        for class_map in class_maps {
            self.connection_map(connection, class_map);
        }
        for field in self.scoper.ir.maps[map].fields.clone() {
            let Some(name) = self.scoper.ir.fields[field].name else { continue };
            if !name.is_keyword() {
                let at = self.first_place(field);
                self.error(at, "C121", format!("a connection has attributes only: `{}` is none", name.text));
                continue;
            }
            let word = name.text.to_lowercase();
            if keywords::is_style(&word) {
                let at = self.last_place(field);
                let text = format!("`{word}` belongs below `style`");
                let error = self.error(at, "C114", text);
                suggest(error, Some(&format!("style.{word}")));
            } else if keywords::is_simple(&word) {
                self.reserved(&mut connection.set, field);
            } else if name.text == "style" {
                if let Some(map) = self.scoper.ir.map_of(field) {
                    self.style(&mut connection.set, map, "style.");
                }
            } else if name.text == "source-arrowhead" {
                let mut head = connection.src_head.take().unwrap_or_default();
                self.arrowhead(&mut head, field);
                connection.src_head = Some(head);
            } else if name.text == "target-arrowhead" {
                let mut head = connection.dst_head.take().unwrap_or_default();
                self.arrowhead(&mut head, field);
                connection.dst_head = Some(head);
            }
        }
        self.depth -= 1;
    }

    fn arrowhead(&mut self, head: &mut Set, field: FieldId) {
        if self.scoper.ir.fields[field].primary.is_some() {
            self.label_of_field(head, field);
        }
        let Some(map) = self.scoper.ir.map_of(field) else { return };
        for field in self.scoper.ir.maps[map].fields.clone() {
            let Some(name) = self.scoper.ir.fields[field].name else { continue };
            if name.unquoted && keywords::is_simple(&name.text.to_lowercase()) {
                self.reserved(head, field);
            } else if name.is("style") {
                if let Some(map) = self.scoper.ir.map_of(field) {
                    self.style(head, map, "style.");
                }
            } else {
                let at = self.last_place(field);
                let text = format!("an arrowhead has attributes only: `{}` is none", name.text);
                self.error(at, "C122", text);
            }
        }
    }
}
