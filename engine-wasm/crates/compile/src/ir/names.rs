//! Names, interned without regard to case.

use std::collections::HashMap;
use std::rc::Rc;

use spandrel_base::Span;
use spandrel_syntax::ast::Str;
use spandrel_syntax::{keywords, print};

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
    /// Whether D2 would print it as it is, without quotes and escapes.
    pub(crate) bare: bool,
    pub(crate) span: Span,
}

/// All names seen.
#[derive(Default)]
pub(crate) struct Names {
    exact: HashMap<Rc<str>, Known, FastState>,
    /// Small letters that stand in `exact` only in other spellings, so far.
    folded: HashMap<Rc<str>, u32, FastState>,
    /// How many there are without regard to case.
    count: u32,
}

/// What there is to know of a spelling.
#[derive(Clone, Copy)]
struct Known {
    folded: u32,
    reserved: bool,
    bare: bool,
}

impl Names {
    /// Makes room for so many.
    pub(crate) fn reserve(&mut self, count: usize) {
        self.exact.reserve(count);
    }

    pub(crate) fn make(&mut self, text: &str, unquoted: bool, span: Span) -> Name {
        if let Some((text, &known)) = self.exact.get_key_value(text) {
            return Name::new(text.clone(), known, unquoted, span);
        }
        let text: Rc<str> = Rc::from(text);
        let is_lower = text.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase());
        let lower = if is_lower { text.clone() } else { Rc::from(text.to_lowercase()) };
        let reserved = keywords::is_reserved(&lower);
        let known = self.exact.get(&lower).map(|known| known.folded);
        let folded = known.or_else(|| self.folded.get(&lower).copied()).unwrap_or(self.count);
        if folded == self.count {
            self.count += 1;
            if *lower != *text {
                self.folded.insert(lower, folded);
            }
        }
        let known = Known { folded, reserved, bare: print::is_bare_key(&text) };
        self.exact.insert(text.clone(), known);
        Name::new(text, known, unquoted, span)
    }

    /// What a text is folded to, where it is known.
    pub(crate) fn folded(&self, text: &str) -> Option<u32> {
        if let Some(known) = self.exact.get(text) {
            return Some(known.folded);
        }
        let lower = text.to_lowercase();
        let known = self.exact.get(&*lower).map(|known| known.folded);
        known.or_else(|| self.folded.get(&*lower).copied())
    }

    pub(crate) fn of(&mut self, part: &Str) -> Name {
        self.make(part.text(), part.is_unquoted(), part.span)
    }
}

impl Name {
    fn new(text: Rc<str>, known: Known, unquoted: bool, span: Span) -> Self {
        let Known { folded, reserved, bare } = known;
        Self { text, folded, unquoted, reserved, bare, span }
    }

    /// As D2 prints it in a key.
    pub(crate) fn printed(&self) -> Rc<str> {
        if self.bare { self.text.clone() } else { Rc::from(print::key_part(&self.text)) }
    }

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
