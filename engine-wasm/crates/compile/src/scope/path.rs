//! Key paths: finding and making the fields that they name.

use spandrel_base::Few;
use spandrel_base::LeanSort;
use spandrel_syntax::ast::{KeyPath, Str, is_double_glob, is_triple_glob};
use spandrel_syntax::keywords;

use super::{GLOB, Result, Scoper, glob};
use crate::ir::{Composite, CtxId, FieldId, FieldRef, GlobId, MAX_FIELDS_DEEP, MapId, Name, board_keyword};
use crate::sources::FileId;

/// How a path is looked up.
#[derive(Clone, Copy)]
pub(super) struct Ensure<'a> {
    pub(super) path: &'a KeyPath,
    /// The mention to note down; `None` notes nothing.
    pub(super) context: Option<CtxId>,
    /// Whether to make what is missing.
    pub(super) create: bool,
    /// The glob whose record is kept.
    glob: Option<GlobId>,
    /// The first part of the path that is a glob.
    first_glob: Option<usize>,
}

impl<'a> Scoper<'a, '_> {
    /// The fields below `map` that `path` names; made where `create` says so and no glob stands in the way.
    pub(super) fn ensure(
        &mut self,
        map: MapId,
        path: &'a KeyPath,
        context: Option<CtxId>,
        create: bool,
    ) -> Result<Few<FieldId>> {
        let file = context.map_or_else(|| self.file(), |c| self.ir.contexts[c].file);
        let mut map = map;
        let mut start = 0;
        while let Some(part) = path.parts.get(start).filter(|part| part.is_parent()) {
            map = self.ir.parent_map(map).ok_or_else(|| {
                self.diagnostic(
                    file,
                    "C003",
                    part.span,
                    "`_` leads out of the board: there is nothing around it",
                )
            })?;
            start += 1;
            if start == path.parts.len() {
                let text = "a key of nothing but `_`";
                return Err(self
                    .diagnostic(file, "C004", part.span, text)
                    .help("name an object after it: `_.x`"));
            }
        }
        let glob = context.filter(|&c| self.ir.contexts[c].glob).and_then(|c| self.glob_of(c));
        let mut found = Few::None;
        let how = Ensure { path, context, create, glob, first_glob: path.first_glob() };
        let result = self.ensure_from(map, start, how, file, &mut found);
        if context.is_some() && !found.is_empty() && self.applying.is_empty() {
            self.apply_globs();
        }
        result.map(|()| found)
    }

    fn ensure_from(
        &mut self,
        map: MapId,
        at: usize,
        how: Ensure<'a>,
        file: FileId,
        found: &mut Few<FieldId>,
    ) -> Result<()> {
        let mut made = Vec::new();
        let result = self.ensure_parts(map, at, how, file, found, &mut made);
        // What a glob makes it need not be applied to again.
        for field in made {
            for context in self.applying.clone() {
                let key = self.ir.contexts[context].key;
                if let Some(glob) = self.glob_of(context) {
                    let record = self.record_of_field(key, field);
                    self.applied(glob).fields.insert(record);
                }
            }
        }
        result
    }

    fn ensure_parts(
        &mut self,
        map: MapId,
        at: usize,
        how: Ensure<'a>,
        file: FileId,
        found: &mut Few<FieldId>,
        made: &mut Vec<FieldId>,
    ) -> Result<()> {
        let mut map = map;
        let mut at = at;
        let parts = &how.path.parts;
        // A loop for the plain parts; only globs branch.
        loop {
            let part = &parts[at];
            let last = at + 1 == parts.len();
            if !self.spend(1) {
                return Ok(());
            }
            if at > MAX_FIELDS_DEEP || self.ir.maps[map].depth >= MAX_FIELDS_DEEP {
                return Err(self.diagnostic(file, "C002", part.span, "nested too deep"));
            }
            if let Some(pattern) = part.glob() {
                let candidates = self.candidates(map, pattern, at, how);
                for field in candidates {
                    if !self.spend(GLOB) {
                        return Ok(());
                    }
                    if last {
                        self.push_found(field, how, found);
                    } else if self.passes(field, how, true) {
                        let below = self.ir.map_of_or_new(field);
                        self.ensure_from(below, at + 1, how, file, found)?;
                    }
                }
                return Ok(());
            }
            let name = self.ir.names.of(part);
            self.check_part(map, part, &name, last, file)?;
            let field = if let Some(field) = self.ir.field(map, &name) {
                self.mention(field, part, at, how);
                if last {
                    self.push_found(field, how, found);
                    return Ok(());
                }
                if !self.passes(field, how, true) {
                    return Ok(());
                }
                if matches!(self.ir.fields[field].composite, Composite::Array(_)) {
                    return Err(self.diagnostic(
                        file,
                        "C005",
                        part.span,
                        "this is an array, which has no keys",
                    ));
                }
                field
            } else {
                let Some(field) = self.make(map, part, name, at, how) else { return Ok(()) };
                if !self.applying.is_empty() && how.first_glob.is_none_or(|first| at >= first) {
                    made.push(field);
                }
                if last {
                    self.push_found(field, how, found);
                    return Ok(());
                }
                field
            };
            map = self.ir.map_of_or_new(field);
            at += 1;
        }
    }

    /// The rules that a part of a key must keep whatever it names.
    pub(super) fn check_part(
        &self,
        map: MapId,
        part: &Str,
        name: &Name<'_>,
        last: bool,
        file: FileId,
    ) -> Result<()> {
        if !name.unquoted {
            return Ok(());
        }
        if name.is_parent() {
            let text = "`_` can only stand at the front of a key, as in `_.x`";
            return Err(self.diagnostic(file, "C006", part.span, text));
        }
        if !name.reserved {
            return Ok(());
        }
        let word = name.text.to_lowercase();
        if !last && !keywords::is_composite(&word) {
            let text = format!("`{word}` has nothing below it: it must be the last part of the key");
            return Err(self.diagnostic(file, "C007", part.span, text));
        }
        if (word == "classes" || keywords::is_board(&word)) && self.ir.board_of_map(map).is_none() {
            let text = format!("`{word}` can only stand at the top of a board");
            return Err(self.diagnostic(file, "C008", part.span, text));
        }
        Ok(())
    }

    fn mention(&mut self, field: FieldId, part: &'a Str, at: usize, how: Ensure<'a>) {
        if let Some(context) = how.context {
            let lazy = self.lazy;
            let reference =
                FieldRef { part: Some(part), path: Some(how.path), index: at as u32, context, lazy };
            self.ir.add_ref(field, reference);
            // What filters ask of mentions: whether it is connected, and whether it holds anything.
            let crate::ir::Context { key, edge, .. } = self.ir.contexts[context];
            if edge.is_some() || (self.applying.is_empty() && key.map().is_some()) {
                self.ir.touch(field);
            }
        }
    }

    /// Makes the field that `part` names in `map`, unless that may not be.
    fn make(
        &mut self,
        map: MapId,
        part: &'a Str,
        name: Name<'a>,
        at: usize,
        how: Ensure<'a>,
    ) -> Option<FieldId> {
        if !how.create {
            return None;
        }
        // Globs make no rows and no members.
        let keyword = name.reserved && name.unquoted;
        if !keyword && !self.applying.is_empty() {
            let shape = self.ir.shape_around(map);
            if matches!(shape.as_deref(), Some("class" | "sql_table")) {
                return None;
            }
        }
        let field = self.ir.new_field(map, name);
        self.mention(field, part, at, how);
        let passes = self.passes(field, how, true);
        if !passes {
            let place = self.ir.maps[map].fields.len() - 1;
            self.ir.remove_field(map, place);
        }
        passes.then_some(field)
    }

    fn push_found(&mut self, field: FieldId, how: Ensure<'a>, found: &mut Few<FieldId>) {
        if self.passes(field, how, false) {
            found.push(field);
        }
    }

    /// Whether the glob behind a lookup may still be applied to `field`; notes it down unless the field is
    /// only passed through.
    fn passes(&mut self, field: FieldId, how: Ensure<'a>, through: bool) -> bool {
        let (Some(glob), Some(context)) = (how.glob, how.context) else { return true };
        let key = self.ir.contexts[context].key;
        let record = self.record_of_field(key, field);
        if how.first_glob.is_some() {
            let ends_in_glob = how.path.parts.last().is_some_and(|part| part.glob().is_some());
            let is = |own: &Option<KeyPath>| own.as_ref().is_some_and(|own| std::ptr::eq(own, how.path));
            let once = key.edges.is_empty() || !ends_in_glob || is(&key.path) || is(&key.edge_path);
            if once && self.applied(glob).fields.contains(&record) {
                return false;
            }
        }
        if !through {
            self.applied(glob).fields.insert(record);
        }
        true
    }

    /// The fields that the pattern of a glob finds at a place: all of them the first time, later those
    /// that have changed since.
    fn candidates(&mut self, map: MapId, pattern: &[String], at: usize, how: Ensure<'a>) -> Vec<FieldId> {
        let (Some(glob), Some(context), true) = (how.glob, how.context, how.create) else {
            return self.matching(map, pattern);
        };
        let crate::ir::Context { key, map: scope, .. } = self.ir.contexts[context];
        let own_path = key.path.as_ref().is_some_and(|path| std::ptr::eq(path, how.path));
        let since = self.looked_at(glob, scope).filter(|_| key.edges.is_empty() && own_path);
        let (Some(since), Some(journal)) = (since.filter(|_| how.first_glob == Some(at)), &self.ir.journal)
        else {
            return self.matching(map, pattern);
        };
        let mut changed: Vec<FieldId> = journal[since..].to_vec();
        let cost = changed.len() as u64;
        changed.lean_sort();
        changed.dedup();
        let (double, triple) = (is_double_glob(pattern), is_triple_glob(pattern));
        changed.retain(|&field| {
            let Some(name) = &self.ir.fields[field].name else { return false };
            if double || triple {
                return self.lies_below(field, map, triple);
            }
            self.ir.fields[field].parent == Some(map)
                && !self.ir.fields[field].gone
                && glob::matches(name.text, pattern)
        });
        self.spend(cost);
        changed
    }

    /// Whether [`Scoper::all_below`] finds a field.
    fn lies_below(&self, field: FieldId, map: MapId, boards: bool) -> bool {
        let own = self.ir.fields[field].name.as_ref();
        if own.is_none_or(Name::is_keyword) || self.ir.board_of_field(field).is_some() {
            return false;
        }
        let mut at = field;
        loop {
            let Some(parent) = self.ir.fields[at].parent else { return false };
            if self.ir.fields[at].gone {
                return false;
            }
            if parent == map {
                return true;
            }
            let crate::ir::Holder::Field(around) = self.ir.maps[parent].holder else { return false };
            let Some(name) = &self.ir.fields[around].name else { return false };
            if name.is_keyword() && keywords::is_board(name.text) != boards {
                return false;
            }
            at = around;
        }
    }

    /// The fields that a pattern finds at a place.
    fn matching(&mut self, map: MapId, pattern: &[String]) -> Vec<FieldId> {
        let mut found = Vec::new();
        if is_double_glob(pattern) {
            self.all_below(map, false, &mut found);
        } else if is_triple_glob(pattern) {
            self.all_below(map, true, &mut found);
        } else {
            for &field in &self.ir.maps[map].fields {
                let name = self.ir.fields[field].name.as_ref();
                if name.is_some_and(|name| glob::matches(name.text, pattern)) {
                    found.push(field);
                }
            }
        }
        let cost = self.ir.maps[map].fields.len() as u64 + found.len() as u64;
        self.spend(cost);
        found
    }

    /// All objects below `map`; with `boards` those of its boards too.
    fn all_below(&self, map: MapId, boards: bool, found: &mut Vec<FieldId>) {
        for &field in &self.ir.maps[map].fields {
            let Some(name) = &self.ir.fields[field].name else { continue };
            if name.is_keyword() {
                let is_board = keywords::is_board(name.text);
                if is_board == boards
                    && let Some(below) = self.ir.map_of(field)
                {
                    self.all_below(below, boards, found);
                }
                continue;
            }
            if self.ir.board_of_field(field).is_none() {
                found.push(field);
            }
            if let Some(below) = self.ir.map_of(field) {
                self.all_below(below, boards, found);
            }
        }
    }

    /// The fields that names (without globs) stand for, noted nowhere.
    pub(super) fn ensure_names(
        &mut self,
        map: MapId,
        names: &[(Name<'a>, Option<&'a Str>)],
        create: bool,
        file: FileId,
    ) -> Result<Vec<FieldId>> {
        let mut maps = vec![map];
        for (at, (name, part)) in names.iter().enumerate() {
            let last = at + 1 == names.len();
            let mut fields = Vec::new();
            for &map in &maps {
                if let Some(pattern) = part.and_then(Str::glob) {
                    fields.append(&mut self.matching(map, pattern));
                    continue;
                }
                if let Some(part) = part {
                    self.check_part(map, part, name, last, file)?;
                }
                let field = self.ir.field(map, name);
                fields.extend(field.or_else(|| create.then(|| self.ir.new_field(map, *name))));
            }
            if last {
                return Ok(fields);
            }
            maps.clear();
            for field in fields {
                if matches!(self.ir.fields[field].composite, Composite::Array(_)) {
                    let text = "this is an array, which has no keys";
                    return Err(self.diagnostic(file, "C005", name.span, text));
                }
                maps.push(self.ir.map_of_or_new(field));
            }
        }
        Ok(Vec::new())
    }
}

/// Checks on the ends of a connection: no keywords, and no board for itself.
pub(super) fn prohibited(path: &[Name<'_>]) -> Option<(usize, &'static str)> {
    if !path.iter().any(|name| name.unquoted && name.reserved) {
        return None;
    }
    let keyword = path.iter().position(|n| n.unquoted && (keywords::is_simple(n.text) || n.text == "style"));
    if let Some(at) = keyword {
        return Some((at, "keywords cannot be connected"));
    }
    let board = board_keyword(path)?;
    (board + 1 == path.len())
        .then_some((board, "a connection needs an object on the board, not the boards' keyword"))
}
