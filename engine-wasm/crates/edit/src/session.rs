//! One edit from text to text; an edit may be several such steps.

use spandrel_base::{Diagnostic, Span};
use spandrel_syntax::ast::Key;
use spandrel_syntax::{Tree, format_edited, parse, parse_key};

use crate::index::{Index, board_scope, compile_tree, compiled_board};
use crate::patch::patch;
use crate::work::{Scope, Work};
use crate::{Op, Place};

pub(crate) type Step<T> = Result<T, Diagnostic>;

pub(crate) struct Session<'a> {
    pub(crate) place: Place<'a>,
    /// Whether the text that an edit gives is compiled before it is given.
    checks: bool,
}

/// An edit is refused.
pub(crate) fn refuse(code: &'static str, message: impl Into<String>) -> Diagnostic {
    Diagnostic::error(code, Span::default(), message)
}

/// Reads a key of an operation.
pub(crate) fn read_key(key: &str) -> Step<Key> {
    parse_key(key).ok_or_else(|| refuse("E001", format!("`{key}` is no key")))
}

impl<'a> Session<'a> {
    pub(crate) fn new(place: Place<'a>) -> Self {
        Self { place, checks: true }
    }

    /// For a caller that applies many operations and looks at the last text itself.
    pub(crate) fn unchecked(place: Place<'a>) -> Self {
        Self { place, checks: false }
    }

    pub(crate) fn apply(&self, source: &str, op: &Op) -> Step<(String, Option<String>)> {
        let plain = |text: String| (text, None);
        match op {
            Op::Create { key } => self.create(source, key),
            Op::Set { key, value, tag } => self.set(source, key, tag.as_deref(), value.as_deref()).map(plain),
            Op::Rename { key, new_name } => self.rename(source, key, new_name),
            Op::Move { key, new_key, include_descendants } => {
                self.move_object(source, key, new_key, *include_descendants)
            }
            Op::Delete { key, with_children } => self.delete(source, key, *with_children).map(plain),
            Op::Reconnect { key, new_src, new_dst } => {
                self.reconnect(source, key, new_src.as_deref(), new_dst.as_deref()).map(plain)
            }
            Op::UpdateImport { path, new_path } => {
                Self::update_import(source, path, new_path.as_deref()).map(plain)
            }
            Op::Pin { key, left, top } => self.pin(source, key, *left, *top).map(plain),
            Op::Unpin { key } => self.unpin(source, key).map(plain),
            Op::Declare { key, value } => self.declare(source, key, value.as_deref()).map(plain),
            Op::Reorder { key, before } => self.reorder(source, key, before.as_deref()).map(plain),
        }
    }

    /// The tree of a source and what it says of the board that is edited.
    pub(crate) fn open<'s>(&self, source: &'s str) -> Step<(Work<'s>, Index)> {
        let tree = parse(source);
        if let Some(first) = tree.diagnostics().first() {
            return Err(first.clone());
        }
        let (output, tree) = compile_tree(self.place.path, tree, self.place.files);
        if let Some(first) = output.diagnostics.iter().find(|d| d.is_error()) {
            return Err(first.clone());
        }
        let mut work = Work::new(source, tree.into_root());
        let board = compiled_board(&output.diagram.root, self.place.board)
            .ok_or_else(|| refuse("E002", format!("there is no board `{}`", self.place.board.join("."))))?;
        let base = board_scope(&mut work, self.place.board)
            .ok_or_else(|| refuse("E003", "this board is written in another file"))?;
        let index = Index::new(&work, base, board);
        Ok((work, index))
    }

    /// The text of an edited tree. It has to compile.
    pub(crate) fn close(&self, work: &Work<'_>) -> Step<String> {
        if work.is_exhausted() {
            return Err(refuse(
                "E013",
                "this source says the same so often that the edit would take too long",
            ));
        }
        let target = format_edited(work.source, &work.root);
        self.check_tree(patch(work, &target))
    }

    /// A text that an edit gives, if it compiles.
    pub(crate) fn check(&self, text: String) -> Step<String> {
        if self.checks { self.check_tree(parse(&text)) } else { Ok(text) }
    }

    /// [`Session::check`] for a text that is parsed already.
    pub(crate) fn check_tree(&self, tree: Tree) -> Step<String> {
        if !self.checks {
            return Ok(tree.text().to_owned());
        }
        let (output, tree) = compile_tree(self.place.path, tree, self.place.files);
        match output.diagnostics.into_iter().find(Diagnostic::is_error) {
            None => Ok(tree.text().to_owned()),
            Some(error) => {
                Err(refuse("E004", format!("the source would no longer compile: {}", error.message)))
            }
        }
    }

    pub(crate) fn is_main_board(index: &Index) -> bool {
        index.base == Scope::File
    }
}
