//! The grammar: one function per production, over a cursor that never goes back further than a peek.

mod cursor;
mod key;
mod string;
mod value;

use std::collections::HashSet;
use std::sync::Arc;

use spandrel_base::{Diagnostic, Diagnostics, FastState, Fix, Span, TextEdit};

use crate::ast::{Comment, Item, Key, KeyPath, Map, Value};
use crate::{Tree, lexeme};
use cursor::Cursor;

/// How deep maps, arrays and blocks may nest. What is deeper is one error node.
pub const MAX_DEPTH: usize = 128;

/// Reads `source`. Never fails; what is wrong is in the tree's diagnostics.
pub fn parse(source: &str) -> Tree {
    let mut parser = Parser::new(source);
    if source.starts_with('\u{feff}') {
        parser.at.bump();
    }
    let root = parser.map(true);
    let diagnostics = parser.diagnostics.finish("S023");
    Tree { source: source.to_owned(), root, diagnostics }
}

/// Reads one key path (`a.b."c d"`); `None` where `text` is anything else.
pub fn parse_key_path(text: &str) -> Option<KeyPath> {
    let mut parser = Parser::new(text);
    let path = parser.key_path();
    path.filter(|_| parser.diagnostics.is_empty())
}

/// Reads one key with all that may follow it (`(a -> b)[0].style.fill`).
pub fn parse_key(text: &str) -> Option<Key> {
    let mut parser = Parser::new(text);
    let key = parser.map_key();
    key.filter(|_| parser.diagnostics.is_empty())
}

/// Reads one value.
pub fn parse_value(text: &str) -> Option<Value> {
    let mut parser = Parser::new(text);
    let value = parser.value();
    value.filter(|_| parser.diagnostics.is_empty())
}

struct Parser<'s> {
    at: Cursor<'s>,
    diagnostics: Diagnostics,
    /// Inside `( … )`, where a closing parenthesis may end a key.
    in_group: bool,
    depth: usize,
    /// The texts of keys.
    key_texts: HashSet<Arc<str>, FastState>,
}

impl<'s> Parser<'s> {
    fn new(source: &'s str) -> Self {
        Self {
            at: Cursor::new(source),
            diagnostics: Diagnostics::default(),
            in_group: false,
            depth: 0,
            key_texts: HashSet::default(),
        }
    }

    fn error(&mut self, code: &'static str, span: Span, message: impl Into<String>) -> &mut Diagnostic {
        self.diagnostics.push(Diagnostic::error(code, span, message))
    }

    /// `map := { item (newline | ';') … }`. The cursor stands after `{`, or at the start of the file.
    fn map(&mut self, file: bool) -> Map {
        let start = if file { self.at.pos } else { self.at.pos - 1 };
        let mut map = Map { span: Span::at(start), items: Vec::new() };
        if !file {
            self.depth += 1;
            if self.depth > MAX_DEPTH {
                self.skip_nested('{', start);
                map.items.push(Item::Error(Span::new(start + 1, self.at.pos)));
                map.span = Span::new(start, self.at.pos);
                self.depth -= 1;
                return map;
            }
        }
        loop {
            self.at.skip_space();
            let Some(c) = self.at.peek() else {
                if !file {
                    let here = Span::new(start, start + 1);
                    let end = self.at.source.len();
                    let error = self.error("S001", here, "this map is never closed");
                    error.help = Some("add a `}` where it ends".into());
                    let edits = vec![TextEdit::insert(end, "\n}\n")];
                    error.fixes.push(Fix { title: "Add `}` at the end".into(), edits });
                }
                break;
            };
            match c {
                ';' => {
                    self.at.bump();
                    continue;
                }
                '}' => {
                    self.at.bump();
                    if file {
                        let here = Span::new(self.at.pos - 1, self.at.pos);
                        self.error("S002", here, "`}` without a `{` before it").help =
                            Some("take it out, or open a map before it".into());
                        map.items.push(Item::Error(here));
                        continue;
                    }
                    break;
                }
                _ => {}
            }
            let before = self.at.pos;
            let item = self.item(c);
            let block_comment = matches!(item, Some(Item::BlockComment(_)));
            let kind = item.as_ref().map(describe);
            map.items.extend(item);
            // Anything may follow a block comment on its line.
            if !block_comment {
                let stray = self.stray('}');
                if let Some(span) = stray {
                    self.report_stray(span, kind);
                    map.items.push(Item::Error(span));
                }
            }
            if self.at.pos == before {
                // Nothing was read (a sign that begins no item): the sign itself is the error.
                self.at.bump();
                let span = Span::new(before, self.at.pos);
                self.error("S003", span, format!("`{c}` cannot begin a key"));
                map.items.push(Item::Error(span));
            }
        }
        if !file {
            self.depth -= 1;
        }
        let end = if file { self.at.source.len() } else { self.at.pos };
        map.span = Span::new(if file { 0 } else { start }, end);
        map
    }

    /// Skips what follows an item up to the end of its line, `;`, a comment or `close`.
    fn stray(&mut self, close: char) -> Option<Span> {
        let start = self.at.pos;
        loop {
            let (next, newlines) = self.at.peek_past_space();
            match next {
                None => break,
                Some(c) if newlines > 0 || c == ';' || c == close || c == '#' => break,
                Some(_) => {
                    self.at.skip_space();
                    self.at.bump();
                }
            }
        }
        // From the end of the item on, blanks included, as D2 does.
        (self.at.pos > start).then(|| Span::new(start, self.at.pos))
    }

    fn report_stray(&mut self, span: Span, after: Option<&'static str>) {
        let found = span.of(self.at.source).trim().to_owned();
        let (code, message, help) = match after {
            Some(kind @ "a block of text") => (
                "S004",
                format!("unexpected text after {kind}"),
                "use a longer fence, such as `||md … ||`, where the text holds a `|`",
            ),
            Some(kind) => {
                ("S004", format!("unexpected text after {kind}"), "begin a new line, or separate it with `;`")
            }
            None => {
                ("S003", "this cannot begin a key".to_owned(), "put a name that holds such signs in quotes")
            }
        };
        let error = self.error(code, span, message);
        error.help = Some(help.into());
        error.found = Some(found);
    }

    /// `item := comment | block-comment | spread | key`.
    fn item(&mut self, first: char) -> Option<Item> {
        let rest = self.at.rest();
        match first {
            '#' => Some(Item::Comment(self.comment())),
            '"' if rest.starts_with("\"\"\"") => Some(Item::BlockComment(self.block_comment())),
            '.' if rest.starts_with("...$") => {
                self.at.advance(4);
                self.substitution(true).map(Item::Substitution)
            }
            '.' if rest.starts_with("...@") => {
                self.at.advance(4);
                Some(Item::Import(self.import(true)))
            }
            _ => self.map_key().map(|key| Item::Key(Box::new(key))),
        }
    }

    /// `comment := '#' line (newline '#' line)…`.
    fn comment(&mut self) -> Comment {
        let start = self.at.pos;
        let mut text = String::new();
        loop {
            self.at.bump();
            let line = lexeme::line(self.at.rest());
            text.push_str(line.strip_prefix(' ').unwrap_or(line));
            self.at.advance(line.len());
            let (next, newlines) = self.at.peek_past_space();
            if next != Some('#') || newlines >= 2 {
                break;
            }
            self.at.skip_space();
            text.push('\n');
        }
        Comment { span: Span::new(start, self.at.pos), text }
    }

    /// `block-comment := '"""' … '"""'`.
    fn block_comment(&mut self) -> Comment {
        let start = self.at.pos;
        self.at.advance(3);
        let lead = lexeme::space(self.at.rest());
        let lead = lead.find('\n').map_or(lead.len(), |newline| newline + 1);
        self.at.advance(lead);
        let rest = self.at.rest();
        let end = rest.find("\"\"\"");
        let text = lexeme::dedent(&rest[..end.unwrap_or(rest.len())]);
        self.at.advance(end.map_or(rest.len(), |end| end + 3));
        if end.is_none() {
            let here = Span::new(start, start + 3);
            self.error("S005", here, "this block comment is never closed").help =
                Some("add `\"\"\"` where it ends".into());
        }
        Comment { span: Span::new(start, self.at.pos), text }
    }

    /// Steps over a map or an array that nests too deep, by counting brackets.
    fn skip_nested(&mut self, open: char, start: usize) {
        let close = if open == '{' { '}' } else { ']' };
        let mut level = 1_usize;
        while let Some(c) = self.at.bump() {
            if c == open {
                level += 1;
            } else if c == close {
                level -= 1;
                if level == 0 {
                    break;
                }
            }
        }
        let here = Span::new(start, start + 1);
        if !self.diagnostics.iter().any(|d| d.code == "S015") {
            self.error("S015", here, format!("more than {MAX_DEPTH} levels deep"));
        }
    }
}

/// The name of an item in messages.
fn describe(item: &Item) -> &'static str {
    match item {
        Item::Comment(_) => "a comment",
        Item::BlockComment(_) => "a block comment",
        Item::Substitution(_) => "a substitution",
        Item::Import(_) => "an import",
        Item::Error(_) => "this",
        Item::Key(key) => key.value.as_ref().map_or("a key", describe_value),
    }
}

fn describe_value(value: &Value) -> &'static str {
    match value {
        Value::Null(_) => "`null`",
        Value::Suspension(..) => "a suspension",
        Value::Boolean(..) => "a boolean",
        Value::Number(..) => "a number",
        Value::Str(s) => match s.quote {
            crate::ast::Quote::Block(_) => "a block of text",
            crate::ast::Quote::Unquoted => "text",
            _ => "a quoted string",
        },
        Value::Array(_) => "an array",
        Value::Map(_) => "a map",
        Value::Import(_) => "an import",
    }
}
