//! Names, interned without regard to case.

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use spandrel_base::Span;
use spandrel_syntax::ast::Str;
use spandrel_syntax::keywords;

use crate::hash::FastState;

/// A part of a key.
#[derive(Clone, Debug)]
pub(crate) struct Name {
    pub(crate) text: Rc<str>,
    /// Equal for names that differ only in case.
    pub(crate) folded: u32,
    /// Whether it is written without quotes, so that it can be a keyword.
    pub(crate) unquoted: bool,
    /// Whether the word is reserved (without regard to its quotes).
    pub(crate) reserved: bool,
    pub(crate) span: Span,
}

/// All names seen.
#[derive(Default)]
pub(crate) struct Names {
    exact: HashMap<Rc<str>, (u32, bool), FastState>,
    folded: BTreeMap<String, u32>,
}

impl Names {
    pub(crate) fn make(&mut self, text: &str, unquoted: bool, span: Span) -> Name {
        if let Some((known, &(folded, reserved))) = self.exact.get_key_value(text) {
            return Name { text: known.clone(), folded, unquoted, reserved, span };
        }
        let lower = text.to_lowercase();
        let reserved = keywords::is_reserved(&lower);
        let next = self.folded.len() as u32;
        let folded = *self.folded.entry(lower).or_insert(next);
        let text: Rc<str> = Rc::from(text);
        self.exact.insert(text.clone(), (folded, reserved));
        Name { text, folded, unquoted, reserved, span }
    }

    pub(crate) fn of(&mut self, part: &Str) -> Name {
        self.make(part.text(), part.is_unquoted(), part.span)
    }
}

impl Name {
    /// Whether it is this keyword (lower case), written without quotes.
    pub(crate) fn is(&self, keyword: &str) -> bool {
        self.unquoted && self.reserved && &*self.text == keyword
    }

    /// Whether it is a keyword at all, in lower case and without quotes.
    pub(crate) fn is_keyword(&self) -> bool {
        self.unquoted && self.reserved && keywords::is_reserved(&self.text)
    }

    pub(crate) fn is_parent(&self) -> bool {
        self.unquoted && &*self.text == "_"
    }

    /// Names that must not be told apart: keywords in quotes are no keywords.
    pub(super) fn key(&self) -> u64 {
        (u64::from(self.folded) << 1) | u64::from(self.reserved && !self.unquoted)
    }
}
