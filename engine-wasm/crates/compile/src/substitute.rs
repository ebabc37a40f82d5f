//! The third phase: variables. Every `${x}` takes the value that the nearest `vars` gives it.

use std::collections::BTreeMap;
use std::rc::Rc;

use spandrel_base::Span;
use spandrel_syntax::ast::{Quote, Segment, Str, Substitution, Value};
use spandrel_syntax::print;

use crate::ir::{Composite, Element, FieldId, LinkId, Made, MapId, Scalar, ScalarValue};
use crate::scope::Scoper;
use crate::sources::FileId;

/// Whose value holds the variable.
#[derive(Clone, Copy)]
enum Owner {
    Field(FieldId),
    Link(LinkId),
}

/// What becomes of a value.
enum Resolved<'a> {
    Same,
    Value(Scalar<'a>),
    /// The variable is a map or an array without a value of its own.
    Composite(FieldId),
    /// A value together with a map or an array.
    Both(Scalar<'a>, FieldId),
    /// An error was reported.
    Failed,
}

impl<'a> Scoper<'a, '_> {
    /// Fills in the variables of `map` and all below it. `outer`: the `vars` around it, nearest first.
    pub(crate) fn substitute(&mut self, map: MapId, outer: &[MapId]) {
        let mut vars = outer.to_vec();
        if let Some(own) = self.ir.keyword_map(map, "vars") {
            vars.insert(0, own);
        }
        let mut at = 0;
        while at < self.ir.maps[map].fields.len() {
            if !self.spend(1) {
                return;
            }
            let field = self.ir.maps[map].fields[at];
            if self.ir.fields[field].name.is_none() {
                self.spread(map, field, at, &vars);
                continue;
            }
            if self.ir.fields[field].primary.is_some() {
                self.field_value_of(field, &vars);
            }
            if matches!(self.ir.fields[field].composite, Composite::Array(_)) {
                self.array_of(field, &vars);
            }
            if let Some(below) = self.ir.map_of(field) {
                self.substitute(below, &vars);
                if self.ir.fields[field].name.as_ref().is_some_and(|n| n.is("vars")) {
                    crate::build::config::check(self, below);
                }
            }
            at += 1;
        }
        for link in self.ir.maps[map].links.clone() {
            if let Some(primary) = self.ir.links[link].primary.clone() {
                match self.resolve(&primary, Owner::Link(link), &vars) {
                    Resolved::Value(value) => self.ir.links[link].primary = Some(value),
                    Resolved::Composite(field) => {
                        self.ir.links[link].primary = None;
                        self.link_composite(link, field, &primary);
                    }
                    Resolved::Both(value, field) => {
                        self.ir.links[link].primary = Some(value);
                        self.link_composite(link, field, &primary);
                    }
                    Resolved::Same | Resolved::Failed => {}
                }
            }
            if let Some(below) = self.ir.links[link].map {
                self.substitute(below, &vars);
            }
        }
    }

    fn link_composite(&mut self, link: LinkId, field: FieldId, old: &Scalar<'a>) {
        match self.ir.map_of(field) {
            Some(map) => {
                let copy = self.ir.copy_map(map, crate::ir::Holder::Link(link), &[]);
                self.ir.links[link].map = Some(copy);
            }
            None => {
                self.error(old.file, "C030", old.span(), "a connection cannot be an array");
            }
        }
    }

    fn field_value_of(&mut self, field: FieldId, vars: &[MapId]) {
        let Some(primary) = self.ir.fields[field].primary.clone() else { return };
        match self.resolve(&primary, Owner::Field(field), vars) {
            Resolved::Value(value) => self.ir.fields[field].primary = Some(value),
            Resolved::Composite(from) => {
                self.ir.fields[field].primary = None;
                self.take_composite(field, from);
            }
            Resolved::Both(value, from) => {
                self.ir.fields[field].primary = Some(value);
                self.take_composite(field, from);
            }
            Resolved::Same | Resolved::Failed => {}
        }
    }

    fn take_composite(&mut self, field: FieldId, from: FieldId) {
        let composite = self.ir.fields[from].composite.clone();
        if self.spend(1) {
            let copy = self.ir.copy_composite(&composite, field);
            self.ir.fields[field].composite = copy;
        }
    }

    fn array_of(&mut self, field: FieldId, vars: &[MapId]) {
        let Composite::Array(items) = std::mem::take(&mut self.ir.fields[field].composite) else { return };
        let mut result = Vec::with_capacity(items.len());
        for item in items {
            if !self.spend(1) {
                return;
            }
            let Element::Scalar(scalar) = item else {
                result.push(item);
                continue;
            };
            if let ScalarValue::Spread(substitution, _) = &scalar.value {
                let Some(found) = self.lookup(substitution, Owner::Field(field), vars, scalar.file) else {
                    let told_at = self.owner_span(Owner::Field(field));
                    self.unresolved(substitution, scalar.file, substitution.span, told_at);
                    continue;
                };
                let refused = match &self.ir.fields[found].composite {
                    Composite::Array(_) if substitution.spread => {
                        result.extend(self.entries_of(found, field));
                        None
                    }
                    Composite::Array(_) | Composite::Map(_) => {
                        Some(("C031", "only an array can be spread into an array"))
                    }
                    Composite::None if substitution.spread => {
                        Some(("C032", "only a map or an array can be spread"))
                    }
                    Composite::None => {
                        result.extend(self.ir.fields[found].primary.clone().map(Element::Scalar));
                        None
                    }
                };
                if let Some((code, message)) = refused {
                    self.error(scalar.file, code, substitution.span, message);
                }
                continue;
            }
            match self.resolve(&scalar, Owner::Field(field), vars) {
                Resolved::Value(value) | Resolved::Both(value, _) => result.push(Element::Scalar(value)),
                Resolved::Composite(found) => match &self.ir.fields[found].composite {
                    Composite::Array(_) => result.push(Element::Array(self.entries_of(found, field))),
                    _ => result.push(Element::Scalar(scalar)),
                },
                Resolved::Same | Resolved::Failed => result.push(Element::Scalar(scalar)),
            }
        }
        self.ir.fields[field].composite = Composite::Array(result);
    }

    /// Copies of the entries of an array for `field`.
    fn entries_of(&mut self, array: FieldId, field: FieldId) -> Vec<Element<'a>> {
        let composite = self.ir.fields[array].composite.clone();
        match self.ir.copy_composite(&composite, field) {
            Composite::Array(entries) => entries,
            _ => Vec::new(),
        }
    }

    /// Puts the fields of a variable in the place of `...${x}`, and takes the place out.
    fn spread(&mut self, map: MapId, place: FieldId, at: usize, vars: &[MapId]) {
        let Some(Scalar { value: ScalarValue::Spread(substitution, scope), file }) =
            self.ir.fields[place].primary.clone()
        else {
            self.ir.remove_field(map, at);
            return;
        };
        let found = self.lookup(substitution, Owner::Field(place), vars, file);
        self.ir.remove_field(map, at);
        let Some(found) = found else {
            // D2 points at the map around it.
            let told_at = scope.map(|scope| Span::at(scope.span.start as usize));
            self.unresolved(substitution, file, substitution.span, told_at);
            return;
        };
        let Some(from) = self.ir.map_of(found) else {
            if matches!(self.ir.fields[found].composite, Composite::None) {
                self.error(file, "C032", substitution.span, "only a map or an array can be spread");
            }
            return;
        };
        if !self.spend(self.ir.maps[from].fields.len() as u64 + 1) {
            return;
        }
        let mut new = Vec::new();
        for field in self.ir.maps[from].fields.clone() {
            let own = self.ir.fields[field].name.and_then(|name| self.ir.field(map, &name));
            match own {
                Some(own) => self.ir.overlay_field(own, field),
                None => new.push(self.ir.copy_field_loose(field, map)),
            }
        }
        self.ir.insert_fields(map, at, new);
        self.ir.overlay_links(map, from);
        self.globs_after_spread(map);
    }

    fn unresolved(&mut self, substitution: &Substitution, file: FileId, span: Span, told_at: Option<Span>) {
        let path = path_text(substitution);
        let mut diagnostic = self.diagnostic(file, "C033", span, format!("there is no variable `{path}`"));
        diagnostic.told_at = told_at;
        diagnostic.help = Some(format!("declare it: `vars: {{ {path}: … }}`"));
        self.report(diagnostic);
    }

    /// The value of a scalar with its variables filled in.
    fn resolve(&mut self, scalar: &Scalar<'a>, owner: Owner, vars: &[MapId]) -> Resolved<'a> {
        let ScalarValue::Ast(value @ Value::Str(s)) = &scalar.value else { return Resolved::Same };
        match &s.quote {
            Quote::Block(fence) => self.block_text(s, &fence.tag, scalar, vars),
            Quote::Single => Resolved::Same,
            Quote::Unquoted | Quote::Double if !s.has_substitution() => Resolved::Same,
            Quote::Unquoted | Quote::Double => self.string(value, s, scalar, owner, vars),
        }
    }

    fn string(
        &mut self,
        value: &'a Value,
        s: &'a Str,
        scalar: &Scalar<'a>,
        owner: Owner,
        vars: &[MapId],
    ) -> Resolved<'a> {
        let address = (std::ptr::from_ref(value) as usize, scalar.file);
        if let Some(made) = self.resolved.get(&address) {
            return Resolved::Value(Scalar { value: ScalarValue::Made(made.clone()), file: scalar.file });
        }
        let span = self.owner_span(owner).unwrap_or(s.span);
        let mut text = String::new();
        for segment in &s.segments {
            let substitution = match segment {
                Segment::Text { text: piece, .. } => {
                    text.push_str(piece);
                    continue;
                }
                Segment::Substitution(substitution) => substitution,
            };
            let Some(found) = self.lookup(substitution, owner, vars, scalar.file) else {
                self.unresolved(substitution, scalar.file, span, None);
                return Resolved::Failed;
            };
            let value = self.ir.fields[found].primary.clone();
            let composite = !matches!(self.ir.fields[found].composite, Composite::None);
            let path = path_text(substitution);
            match value {
                None if composite && s.segments.len() == 1 && s.is_unquoted() => {
                    return Resolved::Composite(found);
                }
                None => {
                    let text = if composite {
                        format!("`{path}` is a map or an array, which cannot be part of a text")
                    } else {
                        format!("the variable `{path}` has no value")
                    };
                    self.error(scalar.file, "C034", span, text);
                    return Resolved::Failed;
                }
                Some(value) if s.segments.len() == 1 && s.is_unquoted() => {
                    return if composite { Resolved::Both(value, found) } else { Resolved::Value(value) };
                }
                Some(value) => text.push_str(value.text()),
            }
            if !self.spend(text.len() as u64 * 4 + 1) {
                return Resolved::Failed;
            }
        }
        let made = Rc::new(Made { text, span: s.span, block: None });
        self.resolved.insert(address, made.clone());
        Resolved::Value(Scalar { value: ScalarValue::Made(made), file: scalar.file })
    }

    /// Where errors about a value point: at its key.
    fn owner_span(&self, owner: Owner) -> Option<Span> {
        match owner {
            Owner::Field(field) => self.ir.last_ref(field)?.part.map(|part| part.span),
            Owner::Link(link) => {
                let reference = self.ir.links[link].refs.last()?;
                self.ir.contexts[reference.context].edge.map(|edge| edge.span)
            }
        }
    }

    fn lookup(
        &mut self,
        substitution: &'a Substitution,
        owner: Owner,
        vars: &[MapId],
        _file: FileId,
    ) -> Option<FieldId> {
        for (level, &scope) in vars.iter().enumerate() {
            if !self.spend(1) {
                return None;
            }
            if let Some(found) = self.lookup_in(substitution, owner, scope, level == 0) {
                let null = self.ir.fields[found].primary.as_ref().is_some_and(Scalar::is_null);
                return (!null).then_some(found);
            }
        }
        None
    }

    fn lookup_in(
        &mut self,
        substitution: &'a Substitution,
        owner: Owner,
        scope: MapId,
        nearest: bool,
    ) -> Option<FieldId> {
        let mut map = Some(scope);
        let mut found = None;
        for part in &substitution.path {
            let name = self.ir.names.of(part);
            let field = self.ir.field(map?, &name)?;
            // `vars.x: ${x}-b` means the x further out, not itself.
            if let Owner::Field(own) = owner {
                let own_name = self.ir.fields[own].name.as_ref();
                let same = own_name.is_some_and(|own| own.text == name.text);
                if same && nearest {
                    let parent = self.ir.parent_field(own);
                    let in_vars =
                        parent.and_then(|p| self.ir.fields[p].name.as_ref()).is_some_and(|n| n.is("vars"));
                    if in_vars {
                        return None;
                    }
                }
            }
            found = Some(field);
            map = self.ir.map_of(field);
        }
        found
    }

    /// Block text: `${x}` is filled in where there is such a variable, and stays where there is none.
    fn block_text(&mut self, s: &'a Str, tag: &str, scalar: &Scalar<'a>, vars: &[MapId]) -> Resolved<'a> {
        if !s.text().contains("${") || vars.is_empty() {
            return Resolved::Same;
        }
        let mut known = BTreeMap::new();
        for &scope in vars {
            self.collect(scope, &mut known);
            if !self.spend(known.len() as u64 * 8) {
                return Resolved::Failed;
            }
        }
        let text = crate::markdown::replace_variables(s.text(), &known);
        if text == s.text() {
            return Resolved::Same;
        }
        self.spend(text.len() as u64 / 16);
        let made = Made { text, span: s.span, block: Some(tag.to_owned()) };
        Resolved::Value(Scalar { value: ScalarValue::Made(made.into()), file: scalar.file })
    }

    fn collect(&self, vars: MapId, known: &mut BTreeMap<String, String>) {
        for &field in &self.ir.maps[vars].fields {
            let node = &self.ir.fields[field];
            let Some(name) = &node.name else { continue };
            if let Some(primary) = &node.primary {
                known.insert(name.text.to_string(), primary.text().to_owned());
            } else if let Some(map) = self.ir.map_of(field) {
                let mut nested = BTreeMap::new();
                self.collect(map, &mut nested);
                for (key, value) in &nested {
                    known.insert(format!("{}.{key}", name.text), value.clone());
                }
                known.extend(nested);
            }
        }
    }
}

fn path_text(substitution: &Substitution) -> String {
    print::key_path(substitution.path.iter().map(Str::text))
}
