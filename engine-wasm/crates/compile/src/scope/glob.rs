//! Globs that stay in force, and what each has been applied to.

use std::collections::BTreeSet;

use spandrel_syntax::ast::Key;

use super::Scoper;
use crate::ir::{CtxId, FieldId, GlobId, LinkId, MapId};

/// A glob in force in some scope.
#[derive(Clone, Copy)]
pub(super) struct Glob {
    pub(super) context: CtxId,
    /// The glob as first met, of which this is a copy for a board.
    root: GlobId,
    applied: usize,
    /// Up to where in the journal it has looked, and for which map.
    looked: Option<(MapId, usize)>,
    /// How many links there were when it last looked at them, and for which map.
    looked_links: Option<(MapId, usize)>,
}

/// To what a glob has been applied, by path. Copies of a glob may share it.
#[derive(Clone, Default)]
pub(super) struct Applied {
    pub(super) fields: BTreeSet<String>,
    pub(super) links: BTreeSet<String>,
}

impl<'a> Scoper<'a, '_> {
    pub(super) fn glob_key(&self, glob: GlobId) -> &'a Key {
        self.ir.contexts[self.globs[glob.0 as usize].context].key
    }

    /// The glob in force that `context` stands for.
    pub(super) fn glob_of(&self, context: CtxId) -> Option<GlobId> {
        let globs = self.glob_stack.last()?;
        // Nearly always it is the very mention by which the glob is known.
        if let Some(&glob) = self.by_context.get(&context.0)
            && globs.contains(&glob)
        {
            return Some(glob);
        }
        globs.iter().copied().find(|&g| self.same_context(self.globs[g.0 as usize].context, context))
    }

    /// Puts a glob in force in this scope.
    pub(super) fn ensure_glob(&mut self, context: CtxId) -> GlobId {
        if let Some(glob) = self.glob_of(context) {
            return glob;
        }
        let id = GlobId(self.globs.len() as u32);
        self.applied.push(Applied::default());
        self.globs.push(Glob {
            context,
            root: id,
            applied: self.applied.len() - 1,
            looked: None,
            looked_links: None,
        });
        self.by_context.insert(context.0, id);
        if self.ir.journal.is_none() {
            self.ir.journal = Some(Vec::new());
        }
        if let Some(globs) = self.glob_stack.last_mut() {
            globs.push(id);
        }
        id
    }

    /// The same glob for another board; `own`: from here on it keeps its own record.
    pub(super) fn copy_glob(&mut self, glob: GlobId, map: MapId, own: bool) -> GlobId {
        let Glob { root, applied, .. } = self.globs[glob.0 as usize];
        let mut context = self.ir.contexts[self.globs[root.0 as usize].context];
        context.map = map;
        let context = self.ir.contexts.push(context);
        let applied = if own {
            let record = self.applied[applied].clone();
            self.applied.push(record);
            self.applied.len() - 1
        } else {
            applied
        };
        self.globs.push(Glob { context, root, applied, looked: None, looked_links: None });
        let copy = GlobId(self.globs.len() as u32 - 1);
        self.by_context.insert(context.0, copy);
        copy
    }

    /// From where on in the journal a glob has to look, for this map.
    pub(super) fn looked_at(&self, glob: GlobId, map: MapId) -> Option<usize> {
        self.globs[glob.0 as usize].looked.filter(|(own, _)| *own == map).map(|(_, at)| at)
    }

    /// How many links a glob has looked at, for this map.
    pub(super) fn looked_at_links(&self, glob: GlobId, map: MapId) -> Option<usize> {
        self.globs[glob.0 as usize].looked_links.filter(|(own, _)| *own == map).map(|(_, count)| count)
    }

    /// Notes how many links a glob has looked at.
    pub(super) fn set_looked_links(&mut self, glob: GlobId, map: MapId, count: usize) {
        self.globs[glob.0 as usize].looked_links = Some((map, count));
    }

    /// Notes how far a glob has looked.
    pub(super) fn set_looked(&mut self, context: CtxId, at: usize) {
        let map = self.ir.contexts[context].map;
        if let Some(glob) = self.glob_of(context) {
            self.globs[glob.0 as usize].looked = Some((map, at));
        }
    }

    pub(super) fn applied(&mut self, glob: GlobId) -> &mut Applied {
        let index = self.globs[glob.0 as usize].applied;
        &mut self.applied[index]
    }

    /// How a field is named in the record of a glob with this key.
    pub(super) fn record_of_field(&self, key: &Key, field: FieldId) -> String {
        self.ir.path_text(field, key.has_triple_glob())
    }

    /// How a connection is named in the record of a glob with this key.
    pub(super) fn record_of_link(&self, key: &Key, link: LinkId) -> String {
        let link = &self.ir.links[link];
        self.ir.ends_text(link.parent, &link.id, key.has_triple_glob(), true)
    }
}

/// Whether `text` fits a pattern: literal pieces and `*` in turn, without regard to case.
pub(crate) fn matches(text: &str, pattern: &[String]) -> bool {
    if pattern.is_empty() {
        return true;
    }
    if spandrel_syntax::keywords::is_reserved(text) {
        return false;
    }
    let lower = text.to_lowercase();
    let mut rest = lower.as_str();
    let mut index = 0;
    while index < pattern.len() {
        if pattern[index] == "*" {
            if let Some(next) = pattern.get(index + 1) {
                let next = next.to_lowercase();
                let Some(at) = rest.find(&next) else { return false };
                rest = &rest[at + next.len()..];
                index += 1;
            }
        } else {
            let Some(after) = rest.strip_prefix(pattern[index].to_lowercase().as_str()) else { return false };
            rest = after;
        }
        index += 1;
    }
    true
}

impl Scoper<'_, '_> {
    /// Globs of a map run once more after a variable has been spread into it.
    pub(crate) fn globs_after_spread(&mut self, map: crate::ir::MapId) {
        let globs = self.ir.maps[map].globs.clone();
        if globs.is_empty() || self.lazy {
            return;
        }
        self.glob_stack.push(globs);
        self.apply_globs();
        self.glob_stack.pop();
    }
}
