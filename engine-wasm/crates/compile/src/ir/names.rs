//! Names, interned without regard to case.

use std::borrow::Cow;
use std::collections::HashMap;
use std::rc::Rc;

use spandrel_base::Span;
use spandrel_syntax::ast::Str;
use spandrel_syntax::{keywords, print};

use spandrel_base::FastState;

/// A part of a key.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Name<'a> {
    pub(crate) text: &'a str,
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
pub(crate) struct Names<'a> {
    exact: HashMap<&'a str, Known, FastState>,
    /// The same by the address of a text: a source shares the texts of its keys.
    by_address: HashMap<usize, Known, FastState>,
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

impl<'a> Names<'a> {
    /// Makes room for so many.
    pub(crate) fn reserve(&mut self, count: usize) {
        self.exact.reserve(count);
        self.by_address.reserve(count);
    }

    pub(crate) fn make(&mut self, text: &'a str, unquoted: bool, span: Span) -> Name<'a> {
        let known = self.known(text);
        Name::new(text, known, unquoted, span)
    }

    fn known(&mut self, text: &'a str) -> Known {
        if let Some(&known) = self.exact.get(text) {
            return known;
        }
        let is_lower = text.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase());
        let lower = if is_lower { Cow::Borrowed(text) } else { Cow::Owned(text.to_lowercase()) };
        let reserved = keywords::is_reserved(&lower);
        let known = self.exact.get(&*lower).map(|known| known.folded);
        let folded = known.or_else(|| self.folded.get(&*lower).copied()).unwrap_or(self.count);
        if folded == self.count {
            self.count += 1;
            if lower != text {
                self.folded.insert(Rc::from(lower), folded);
            }
        }
        let known = Known { folded, reserved, bare: print::is_bare_key(text) };
        self.exact.insert(text, known);
        known
    }

    /// The name of a text that may not live as long, where it is known: nothing is called by any other.
    pub(crate) fn find(&self, text: &str) -> Option<Name<'a>> {
        let (&text, &known) = self.exact.get_key_value(text)?;
        Some(Name::new(text, known, true, Span::default()))
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

    pub(crate) fn of(&mut self, part: &'a Str) -> Name<'a> {
        let text = part.text();
        let known = if let Some(&known) = self.by_address.get(&text.as_ptr().addr()) {
            known
        } else {
            let known = self.known(text);
            if !text.is_empty() {
                self.by_address.insert(text.as_ptr().addr(), known);
            }
            known
        };
        Name::new(text, known, part.is_unquoted(), part.span)
    }
}

impl<'a> Name<'a> {
    fn new(text: &'a str, known: Known, unquoted: bool, span: Span) -> Self {
        let Known { folded, reserved, bare } = known;
        Self { text, folded, unquoted, reserved, bare, span }
    }

    /// As D2 prints it in a key.
    pub(crate) fn printed(&self) -> Cow<'a, str> {
        if self.bare { Cow::Borrowed(self.text) } else { Cow::Owned(print::key_part(self.text)) }
    }

    /// Whether it is this keyword (lower case), written without quotes.
    pub(crate) fn is(&self, keyword: &str) -> bool {
        self.unquoted && self.reserved && self.text == keyword
    }

    /// Whether it is a keyword at all, in lower case and without quotes.
    pub(crate) fn is_keyword(&self) -> bool {
        self.unquoted && self.reserved && keywords::is_reserved(self.text)
    }

    pub(crate) fn is_parent(&self) -> bool {
        self.unquoted && self.text == "_"
    }

    /// Names that must not be told apart: keywords in quotes are no keywords.
    pub(super) fn key(&self) -> u64 {
        (u64::from(self.folded) << 1) | u64::from(self.reserved && !self.unquoted)
    }
}
