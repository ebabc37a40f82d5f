//! Values: scalars, arrays, imports, substitutions.

use spandrel_base::Span;

use super::{MAX_DEPTH, Parser};
use crate::ast::{Array, ArrayItem, Import, Substitution, Value};
use crate::lexeme;

impl Parser<'_> {
    /// `value := array | map | import | string`; words such as `null` are no strings.
    pub(super) fn value(&mut self) -> Option<Value> {
        let first = self.at.peek_on_line()?;
        self.at.skip_space();
        match first {
            '[' => {
                self.at.bump();
                return Some(Value::Array(self.array()));
            }
            '{' => {
                self.at.bump();
                return Some(Value::Map(self.map(false)));
            }
            '@' => {
                self.at.bump();
                return Some(Value::Import(self.import(false)));
            }
            _ => {}
        }
        let string = self.string(false)?;
        if !string.is_unquoted() {
            return Some(Value::Str(string));
        }
        let span = string.span;
        let text = string.text();
        let is = |word: &str| text.eq_ignore_ascii_case(word);
        Some(if is("null") {
            Value::Null(span)
        } else if is("suspend") {
            Value::Suspension(span, true)
        } else if is("unsuspend") {
            Value::Suspension(span, false)
        } else if is("true") {
            Value::Boolean(span, true)
        } else if is("false") {
            Value::Boolean(span, false)
        } else if !string.has_substitution() && lexeme::is_number(text) {
            Value::Number(span, text.to_owned())
        } else {
            Value::Str(string)
        })
    }

    /// `array := '[' item (newline | ';') … ']'`. The cursor stands after `[`.
    fn array(&mut self) -> Array {
        let start = self.at.pos - 1;
        let mut array = Array { span: Span::at(start), items: Vec::new() };
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            self.skip_nested('[', start);
            array.items.push(ArrayItem::Error(Span::new(start + 1, self.at.pos)));
            array.span = Span::new(start, self.at.pos);
            self.depth -= 1;
            return array;
        }
        loop {
            self.at.skip_space();
            let Some(c) = self.at.peek() else {
                self.error("S020", Span::new(start, start + 1), "this array is never closed").help =
                    Some("add a `]` where it ends".into());
                break;
            };
            if c == ';' {
                self.at.bump();
                continue;
            }
            if c == ']' {
                self.at.bump();
                break;
            }
            let before = self.at.pos;
            let item = self.array_item(c);
            let block_comment = matches!(item, Some(ArrayItem::BlockComment(_)));
            let known = item.is_some();
            array.items.extend(item);
            if !block_comment && let Some(span) = self.stray(']') {
                let what = if known { "unexpected text after a value" } else { "this cannot begin a value" };
                self.error("S004", span, what);
                array.items.push(ArrayItem::Error(span));
            }
            if self.at.pos == before {
                self.at.bump();
                let span = Span::new(before, self.at.pos);
                self.error("S003", span, format!("`{c}` cannot begin a value"));
                array.items.push(ArrayItem::Error(span));
            }
        }
        self.depth -= 1;
        array.span = Span::new(start, self.at.pos);
        array
    }

    fn array_item(&mut self, first: char) -> Option<ArrayItem> {
        let rest = self.at.rest();
        match first {
            '#' => Some(ArrayItem::Comment(self.comment())),
            '"' if rest.starts_with("\"\"\"") => Some(ArrayItem::BlockComment(self.block_comment())),
            '.' if rest.starts_with("...$") => {
                self.at.advance(4);
                self.substitution(true).map(ArrayItem::Substitution)
            }
            '.' if rest.starts_with("...@") => {
                self.at.advance(4);
                Some(ArrayItem::Value(Value::Import(self.import(true))))
            }
            _ => self.value().map(ArrayItem::Value),
        }
    }

    /// After `$`: `substitution := '$' '{' path '}'`.
    pub(super) fn substitution(&mut self, spread: bool) -> Option<Substitution> {
        let start = self.at.pos - if spread { 4 } else { 1 };
        match self.at.peek_on_line() {
            None => return None,
            Some('{') => {
                self.at.skip_space();
                self.at.bump();
            }
            Some(_) => {
                let span = Span::new(start, self.at.pos);
                self.error("S021", span, "`$` begins a variable, as in `${name}`").help =
                    Some("write `\\$` for the sign itself".into());
                return None;
            }
        }
        let path = self.key_path().map(|path| path.parts).unwrap_or_default();
        if self.at.peek_on_line() == Some('}') {
            self.at.skip_space();
            self.at.bump();
        } else {
            let span = Span::new(start, self.at.pos);
            self.error("S022", span, "this variable is never closed").help = Some("add a `}`".into());
        }
        Some(Substitution { span: Span::new(start, self.at.pos), spread, path })
    }

    /// After `@`: `import := '@' prefix path`.
    pub(super) fn import(&mut self, spread: bool) -> Import {
        let start = self.at.pos - if spread { 4 } else { 1 };
        let prefix = lexeme::import_prefix(self.at.rest()).to_owned();
        self.at.advance(prefix.len());
        let mut path = self.key_path().map(|path| path.parts).unwrap_or_default();
        // `x.d2` without quotes is the file x.
        if path.len() > 1 && path[0].is_unquoted() && path[1].is_unquoted() && path[1].text() == "d2" {
            path.remove(1);
        }
        Import { span: Span::new(start, self.at.pos), spread, prefix, path }
    }
}
