//! The leaves of a tree, for highlighting and for the promise that nothing is lost.

use spandrel_base::Span;

use crate::Tree;
use crate::ast::{
    Array, ArrayItem, Import, Item, Key, KeyPath, Map, Quote, Segment, Str, Substitution, Value,
};
use crate::keywords;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// White space.
    Space,
    /// Braces, colons, dots and other signs.
    Punctuation,
    /// A comment of either form.
    Comment,
    /// A part of a key.
    Key,
    /// A reserved word in a key.
    Keyword,
    /// An arrow.
    Arrow,
    /// An index.
    Index,
    /// Text without quotes.
    Text,
    /// Text in quotes.
    Quoted,
    /// Block text.
    Block,
    /// A number.
    Number,
    /// `true`, `false`, `null`, `suspend`, `unsuspend`.
    Constant,
    /// `${x}`.
    Substitution,
    /// `@x`.
    Import,
    /// What could not be read.
    Error,
}

/// A piece of the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Where it is.
    pub span: Span,
}

/// All tokens of `tree`, end to end.
pub(crate) fn tokens(tree: &Tree) -> Vec<Token> {
    let mut walk = Walk { source: tree.text(), tokens: Vec::new(), done: 0 };
    walk.map(tree.root());
    walk.fill(tree.text().len());
    walk.tokens
}

struct Walk<'s> {
    source: &'s str,
    tokens: Vec<Token>,
    done: usize,
}

impl Walk<'_> {
    /// Covers what lies before `end` with space and punctuation.
    fn fill(&mut self, end: usize) {
        let mut start = self.done;
        let Some(gap) = self.source.get(start..end.max(start)) else { return };
        let mut kind = None;
        for (offset, c) in gap.char_indices() {
            let this = if c.is_whitespace() { TokenKind::Space } else { TokenKind::Punctuation };
            if kind.is_some_and(|k| k != this) {
                let at = self.done + offset;
                self.tokens.push(Token { kind: kind.unwrap_or(this), span: Span::new(start, at) });
                start = at;
            }
            kind = Some(this);
        }
        if let Some(kind) = kind {
            self.tokens.push(Token { kind, span: Span::new(start, self.done + gap.len()) });
        }
        self.done += gap.len();
    }

    fn leaf(&mut self, kind: TokenKind, span: Span) {
        let start = (span.start as usize).max(self.done);
        self.fill(start);
        if (span.end as usize) > start {
            self.tokens.push(Token { kind, span: Span::new(start, span.end as usize) });
            self.done = span.end as usize;
        }
    }

    fn map(&mut self, map: &Map) {
        for item in &map.items {
            match item {
                Item::Comment(c) | Item::BlockComment(c) => self.leaf(TokenKind::Comment, c.span),
                Item::Substitution(s) => self.substitution(s),
                Item::Import(i) => self.import(i),
                Item::Key(key) => self.key(key),
                Item::Error(span) => self.leaf(TokenKind::Error, *span),
            }
        }
    }

    fn key(&mut self, key: &Key) {
        if let Some(path) = &key.path {
            self.path(path);
        }
        for edge in &key.edges {
            if let Some(src) = &edge.src {
                self.path(src);
            }
            self.leaf(TokenKind::Arrow, edge.arrow);
            if let Some(dst) = &edge.dst {
                self.path(dst);
            }
        }
        if let Some(index) = &key.index {
            self.leaf(TokenKind::Index, index.span);
        }
        if let Some(path) = &key.edge_path {
            self.path(path);
        }
        for value in key.primary.iter().chain(&key.value) {
            self.value(value);
        }
    }

    fn path(&mut self, path: &KeyPath) {
        for part in &path.parts {
            let reserved = part.is_unquoted() && keywords::is_reserved_any_case(part.text());
            self.leaf(if reserved { TokenKind::Keyword } else { TokenKind::Key }, part.span);
        }
    }

    fn value(&mut self, value: &Value) {
        match value {
            Value::Null(span) | Value::Suspension(span, _) | Value::Boolean(span, _) => {
                self.leaf(TokenKind::Constant, *span);
            }
            Value::Number(span, _) => self.leaf(TokenKind::Number, *span),
            Value::Str(s) => self.string(s),
            Value::Array(array) => self.array(array),
            Value::Map(map) => self.map(map),
            Value::Import(import) => self.import(import),
        }
    }

    fn array(&mut self, array: &Array) {
        for item in &array.items {
            match item {
                ArrayItem::Comment(c) | ArrayItem::BlockComment(c) => self.leaf(TokenKind::Comment, c.span),
                ArrayItem::Substitution(s) => self.substitution(s),
                ArrayItem::Value(value) => self.value(value),
                ArrayItem::Error(span) => self.leaf(TokenKind::Error, *span),
            }
        }
    }

    fn string(&mut self, s: &Str) {
        let kind = match s.quote {
            Quote::Unquoted => TokenKind::Text,
            Quote::Double | Quote::Single => TokenKind::Quoted,
            Quote::Block(_) => TokenKind::Block,
        };
        for segment in &s.segments {
            if let Segment::Substitution(substitution) = segment {
                if substitution.span.start as usize > self.done.max(s.span.start as usize) {
                    let span = Span { start: s.span.start, end: substitution.span.start };
                    self.leaf(kind, span);
                }
                self.substitution(substitution);
            }
        }
        self.leaf(kind, s.span);
    }

    fn substitution(&mut self, substitution: &Substitution) {
        self.leaf(TokenKind::Substitution, substitution.span);
    }

    fn import(&mut self, import: &Import) {
        self.leaf(TokenKind::Import, import.span);
    }
}
