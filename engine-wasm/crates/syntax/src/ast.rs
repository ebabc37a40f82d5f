//! The nodes of the tree. Every node has a span; text between nodes is white space and punctuation.

use std::sync::Arc;

use spandrel_base::{Few, Span};

/// Keys in braces, or a whole file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Map {
    /// From `{` to `}`; for a file, all of it.
    pub span: Span,
    /// What is in it, in order.
    pub items: Vec<Item>,
}

/// One entry of a map.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// `# …`; lines that follow each other are one comment.
    Comment(Comment),
    /// `""" … """`.
    BlockComment(Comment),
    /// `...${x}`.
    Substitution(Substitution),
    /// `...@x`.
    Import(Import),
    /// A key or a connection, with or without a value.
    Key(Box<Key>),
    /// Text that is no entry.
    Error(Span),
}

/// Text for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// With its signs.
    pub span: Span,
    /// Without its signs and its common indentation.
    pub text: String,
}

/// What stands before a filter key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filter {
    /// `&`: the glob applies where this holds.
    Is,
    /// `!&`: the glob applies where this does not hold.
    IsNot,
}

/// `key: value`, `a -> b: label {…}`, `x.(a -> b)[0].style.stroke: red`, and their parts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Key {
    /// All of it.
    pub span: Span,
    /// `&` or `!&` in front.
    pub filter: Option<Filter>,
    /// The key; for connections, the container in front of the parentheses.
    pub path: Option<KeyPath>,
    /// The connections of a chain.
    pub edges: Vec<Edge>,
    /// `[0]`, `[*]`.
    pub index: Option<EdgeIndex>,
    /// What stands after the index: the attribute of a connection.
    pub edge_path: Option<KeyPath>,
    /// The label where a map follows it: `x: label {…}`.
    pub primary: Option<Value>,
    /// What stands after the colon (without the label before a map).
    pub value: Option<Value>,
}

/// `a.b.c`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct KeyPath {
    /// From the first part to the last.
    pub span: Span,
    /// At least one.
    pub parts: Vec<Str>,
}

/// One arrow with its ends. In a chain the destination of one is the source of the next.
#[derive(Clone, Debug, PartialEq)]
pub struct Edge {
    /// From the source to the destination.
    pub span: Span,
    /// The end before the arrow, `None` where it is missing (an error).
    pub src: Option<KeyPath>,
    /// `<`, or `*` (kept by the formatter, without meaning).
    pub src_arrow: Option<char>,
    /// Where the arrow's signs stand.
    pub arrow: Span,
    /// The end after the arrow, `None` where it is missing (an error).
    pub dst: Option<KeyPath>,
    /// `>`, or `*`.
    pub dst_arrow: Option<char>,
}

/// Which of several connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EdgeIndex {
    /// With the brackets.
    pub span: Span,
    /// The number; `None` for `*`.
    pub number: Option<u32>,
}

/// How a string is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Quote {
    /// `text`.
    Unquoted,
    /// `"text"`.
    Double,
    /// `'text'`.
    Single,
    /// `|md … |`, with the fence between the bars and the tag.
    Block(Box<Fence>),
}

/// How block text is enclosed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fence {
    /// Signs of the fence without its bar.
    pub signs: String,
    /// The language; `md` where none is written.
    pub tag: String,
}

/// A string.
#[derive(Clone, Debug, PartialEq)]
pub struct Str {
    /// With its quotes.
    pub span: Span,
    /// How it is written.
    pub quote: Quote,
    /// Text and substitutions. Empty for `""`.
    pub segments: Few<Segment>,
    /// Where the string holds unescaped `*`: the text between them and `*` in turn.
    pub pattern: Option<Box<[String]>>,
}

/// A piece of a string.
#[derive(Clone, Debug, PartialEq)]
pub enum Segment {
    /// Text.
    Text {
        /// With escapes resolved. Keys of a source that are spelled the same share it.
        text: Arc<str>,
        /// As written, where that differs.
        raw: Option<String>,
    },
    /// `${x}`.
    Substitution(Substitution),
}

/// `${a.b}` or `...${a.b}`.
#[derive(Clone, Debug, PartialEq)]
pub struct Substitution {
    /// All of it.
    pub span: Span,
    /// Whether `...` stands before it.
    pub spread: bool,
    /// The variable's path.
    pub path: Vec<Str>,
}

/// `@file.key` or `...@file.key`.
#[derive(Clone, Debug, PartialEq)]
pub struct Import {
    /// All of it.
    pub span: Span,
    /// Whether `...` stands before it.
    pub spread: bool,
    /// Leading dots and slashes: `../`.
    pub prefix: String,
    /// The file, and the keys inside it.
    pub path: Vec<Str>,
}

/// `[a; b]`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Array {
    /// With its brackets.
    pub span: Span,
    /// In order.
    pub items: Vec<ArrayItem>,
}

/// One entry of an array.
#[derive(Clone, Debug, PartialEq)]
pub enum ArrayItem {
    /// `# …`.
    Comment(Comment),
    /// `""" … """`.
    BlockComment(Comment),
    /// `...${x}`.
    Substitution(Substitution),
    /// A value; also `...@x`.
    Value(Value),
    /// Text that is no entry.
    Error(Span),
}

/// What may stand after a colon.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `null`.
    Null(Span),
    /// `suspend` (true) or `unsuspend` (false).
    Suspension(Span, bool),
    /// `true` or `false` in any case.
    Boolean(Span, bool),
    /// A number as spelled.
    Number(Span, String),
    /// Any other text.
    Str(Str),
    /// `[…]`.
    Array(Array),
    /// `{…}`.
    Map(Map),
    /// `@file`.
    Import(Import),
}

impl Map {
    /// The keys in it.
    pub fn keys(&self) -> impl Iterator<Item = &Key> {
        self.items.iter().filter_map(|item| match item {
            Item::Key(key) => Some(&**key),
            _ => None,
        })
    }

    /// Whether any entry is a filter.
    pub fn has_filter(&self) -> bool {
        self.keys().any(|key| key.filter.is_some())
    }
}

impl Item {
    /// Where it stands.
    pub fn span(&self) -> Span {
        match self {
            Self::Comment(c) | Self::BlockComment(c) => c.span,
            Self::Substitution(s) => s.span,
            Self::Import(i) => i.span,
            Self::Key(k) => k.span,
            Self::Error(span) => *span,
        }
    }
}

impl ArrayItem {
    /// Where it stands.
    pub fn span(&self) -> Span {
        match self {
            Self::Comment(c) | Self::BlockComment(c) => c.span,
            Self::Substitution(s) => s.span,
            Self::Value(v) => v.span(),
            Self::Error(span) => *span,
        }
    }
}

impl Value {
    /// Where it stands.
    pub fn span(&self) -> Span {
        match self {
            Self::Null(span) | Self::Suspension(span, _) | Self::Boolean(span, _) | Self::Number(span, _) => {
                *span
            }
            Self::Str(s) => s.span,
            Self::Array(a) => a.span,
            Self::Map(m) => m.span,
            Self::Import(i) => i.span,
        }
    }

    /// Whether it is neither array, map nor import.
    pub fn is_scalar(&self) -> bool {
        !matches!(self, Self::Array(_) | Self::Map(_) | Self::Import(_))
    }

    /// The text of a scalar: `""` for `null` and suspensions, and up to the first substitution.
    pub fn text(&self) -> &str {
        match self {
            Self::Boolean(_, value) => {
                if *value {
                    "true"
                } else {
                    "false"
                }
            }
            Self::Number(_, raw) => raw,
            Self::Str(s) => s.text(),
            _ => "",
        }
    }

    /// The map, if it is one.
    pub fn as_map(&self) -> Option<&Map> {
        match self {
            Self::Map(map) => Some(map),
            _ => None,
        }
    }

    /// The string, if it is one.
    pub fn as_str(&self) -> Option<&Str> {
        match self {
            Self::Str(s) => Some(s),
            _ => None,
        }
    }
}

impl Str {
    /// A part of a key with this text, quoted where it has to be.
    pub fn key(text: &str, span: Span) -> Self {
        Self::made(text, crate::print::key_quote(text), span, true)
    }

    /// A value with this text, quoted where it has to be.
    pub fn value(text: &str, span: Span) -> Self {
        Self::made(text, crate::print::value_quote(text), span, false)
    }

    fn made(text: &str, quote: Quote, span: Span, in_key: bool) -> Self {
        let raw = match quote {
            Quote::Double => Some(crate::print::escape_double(text, in_key)),
            Quote::Unquoted => Some(crate::print::escape_unquoted(text, in_key)),
            _ => None,
        };
        let raw = raw.filter(|raw| raw != text);
        let segments =
            if text.is_empty() { Few::None } else { Few::One(Segment::Text { text: text.into(), raw }) };
        Self { span, quote, segments, pattern: None }
    }

    /// Its text, up to the first substitution.
    pub fn text(&self) -> &str {
        match self.segments.first() {
            Some(Segment::Text { text, .. }) => text,
            _ => "",
        }
    }

    /// Whether it is written without quotes, so that keywords in it are keywords.
    pub fn is_unquoted(&self) -> bool {
        self.quote == Quote::Unquoted
    }

    /// The pattern of a key with `*` in it.
    pub fn glob(&self) -> Option<&[String]> {
        self.pattern.as_deref().filter(|p| !p.is_empty() && self.is_unquoted())
    }

    /// Whether it holds a substitution.
    pub fn has_substitution(&self) -> bool {
        self.segments.iter().any(|s| matches!(s, Segment::Substitution(_)))
    }

    /// Whether it is `_` without quotes.
    pub fn is_parent(&self) -> bool {
        self.is_unquoted() && self.text() == "_"
    }
}

/// Whether a pattern is `**`.
pub fn is_double_glob(pattern: &[String]) -> bool {
    pattern.len() == 3 && pattern[0] == "*" && pattern[1].is_empty() && pattern[2] == "*"
}

/// Whether a pattern is `***`.
pub fn is_triple_glob(pattern: &[String]) -> bool {
    pattern.len() == 5
        && pattern.iter().enumerate().all(|(i, p)| if i % 2 == 0 { p == "*" } else { p.is_empty() })
}

impl KeyPath {
    /// Whether any part is a glob.
    pub fn has_glob(&self) -> bool {
        self.first_glob().is_some()
    }

    /// Position of the first glob.
    pub fn first_glob(&self) -> Option<usize> {
        self.parts.iter().position(|part| part.glob().is_some())
    }

    /// Whether any part is `***`.
    pub fn has_triple_glob(&self) -> bool {
        self.parts.iter().filter_map(Str::glob).any(is_triple_glob)
    }

    /// Whether any part is `**` or `***`.
    pub fn has_multi_glob(&self) -> bool {
        self.parts.iter().filter_map(Str::glob).any(|p| is_double_glob(p) || is_triple_glob(p))
    }

    /// Whether both name the same parts, exactly.
    pub fn same(&self, other: &Self) -> bool {
        self.parts.len() == other.parts.len()
            && self.parts.iter().zip(&other.parts).all(|(a, b)| a.text() == b.text())
    }
}

impl Key {
    /// Whether it is one connection or more.
    pub fn is_edge(&self) -> bool {
        !self.edges.is_empty()
    }

    fn paths(&self) -> impl Iterator<Item = &KeyPath> {
        let ends = self.edges.iter().flat_map(|e| e.src.iter().chain(&e.dst));
        self.path.iter().chain(ends).chain(&self.edge_path)
    }

    /// Whether it holds a glob anywhere, `[*]` included.
    pub fn has_glob(&self) -> bool {
        self.index.is_some_and(|i| i.number.is_none()) || self.paths().any(KeyPath::has_glob)
    }

    /// Whether it holds `***`.
    pub fn has_triple_glob(&self) -> bool {
        self.paths().any(KeyPath::has_triple_glob)
    }

    /// Whether filters may stand in its map.
    pub fn supports_filters(&self) -> bool {
        let glob = |path: &Option<KeyPath>| path.as_ref().is_some_and(KeyPath::has_glob);
        (glob(&self.path) && self.edges.is_empty())
            || (self.index.is_some_and(|i| i.number.is_none()) && self.edge_path.is_none())
            || glob(&self.edge_path)
    }

    /// Whether it sets its target to `null`.
    pub fn is_null(&self) -> bool {
        matches!(self.primary, Some(Value::Null(_))) || matches!(self.value, Some(Value::Null(_)))
    }

    /// `suspend` (true) or `unsuspend` (false), where it says so.
    pub fn suspension(&self) -> Option<bool> {
        match (&self.primary, &self.value) {
            (Some(Value::Suspension(_, on)), _) | (_, Some(Value::Suspension(_, on))) => Some(*on),
            _ => None,
        }
    }

    /// The map after it, if there is one.
    pub fn map(&self) -> Option<&Map> {
        self.value.as_ref().and_then(Value::as_map)
    }

    /// Its label: what stands before the map, or after the colon where there is no map.
    pub fn label(&self) -> Option<&Value> {
        self.primary.as_ref().or_else(|| self.value.as_ref().filter(|v| v.is_scalar()))
    }
}

impl EdgeIndex {
    /// Whether it is `[*]`.
    pub fn is_glob(&self) -> bool {
        self.number.is_none()
    }
}
