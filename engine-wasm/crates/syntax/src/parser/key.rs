//! Keys, key paths and connections.

use spandrel_base::Span;

use super::Parser;
use crate::ast::{Edge, EdgeIndex, Filter, Key, KeyPath};

/// Longest part of a key in bytes.
const MAX_KEY: usize = 518;

impl Parser<'_> {
    /// `key := ['&' | '!&'] (path | edges | [path '.'] '(' edges ')' [index] ['.' path]) [value]`.
    pub(super) fn map_key(&mut self) -> Option<Key> {
        let start = self.at.pos;
        let mut key = Key::default();
        if self.at.rest().starts_with("!&") {
            self.at.advance(2);
            key.filter = Some(Filter::IsNot);
        } else if self.at.peek() == Some('&') {
            self.at.bump();
            key.filter = Some(Filter::Is);
        }
        if self.at.peek() == Some('(') {
            self.at.bump();
            self.edge_group(&mut key, start);
        } else {
            let path = self.key_path();
            match self.at.peek_past_space() {
                (None, _) | (_, 1..) => key.path = path,
                (Some('('), _) => {
                    self.at.skip_space();
                    self.at.bump();
                    key.path = path;
                    self.edge_group(&mut key, start);
                }
                (Some('<' | '>' | '-'), _) => {
                    self.edges(&mut key, path);
                    self.key_value(&mut key, start);
                }
                _ => {
                    key.path = path;
                    self.key_value(&mut key, start);
                }
            }
        }
        // White space that an unquoted value was read past does not belong to the key.
        let length = self.at.source[start..self.at.pos].trim_end().len();
        key.span = Span::new(start, start + length);
        (key.path.is_some() || !key.edges.is_empty()).then_some(key)
    }

    /// `value := [':'] map | ':' scalar [map] | ':' array | ':' import`.
    fn key_value(&mut self, key: &mut Key, start: usize) {
        let (next, newlines) = self.at.peek_past_space();
        if newlines > 0 {
            return;
        }
        let has_key = key.path.is_some() || !key.edges.is_empty();
        match next {
            Some('{') if has_key => {}
            Some(':') => {
                self.at.skip_space();
                self.at.bump();
                if !has_key {
                    let span = Span::new(start, self.at.pos);
                    self.error("S006", span, "a value without a key before it");
                }
            }
            _ => return,
        }
        key.value = self.value();
        if key.value.is_none() {
            // Just before what stands where the value should.
            let before = self.at.source[..self.at.pos].chars().next_back().map_or(0, char::len_utf8);
            let span = Span::new(self.at.pos - before, self.at.pos);
            self.error("S007", span, "missing value after `:`").help =
                Some("write a value, or take the colon out".into());
        }
        let label_before_map = key.value.as_ref().is_some_and(crate::ast::Value::is_scalar)
            && self.at.peek_on_line() == Some('{');
        if label_before_map {
            self.at.skip_space();
            key.primary = key.value.take();
            key.value = self.value();
        }
    }

    /// After `(`: the connections of a group, their index and the attribute.
    fn edge_group(&mut self, key: &mut Key, start: usize) {
        self.in_group = true;
        let src = self.key_path();
        self.edges(key, src);
        match self.at.peek_on_line() {
            None => {
                self.in_group = false;
                if self.at.peek_past_space().0.is_none() || !key.edges.is_empty() {
                    return;
                }
                return;
            }
            Some(')') => {
                self.at.skip_space();
                self.at.bump();
            }
            Some(_) => {
                self.in_group = false;
                let span = Span::new(start, self.at.pos);
                self.error("S008", span, "this group of connections is never closed").help =
                    Some("add a `)` after the last connection".into());
                return;
            }
        }
        if self.at.peek_on_line() == Some('[') {
            self.at.skip_space();
            key.index = self.edge_index();
        }
        if self.at.peek_on_line() == Some('.') {
            self.at.skip_space();
            self.at.bump();
            key.edge_path = self.key_path();
        }
        self.in_group = false;
        self.key_value(key, start);
    }

    /// `index := '[' (digits | '*') ']'`.
    fn edge_index(&mut self) -> Option<EdgeIndex> {
        let start = self.at.pos;
        self.at.bump();
        let first = self.at.peek_on_line()?;
        self.at.skip_space();
        let mut number = None;
        if first.is_ascii_digit() {
            let mut value = 0_u32;
            loop {
                let Some(c) = self.at.peek_on_line() else {
                    let span = Span::new(start, self.at.pos);
                    self.error("S009", span, "this index is never closed");
                    return None;
                };
                if c == ']' {
                    break;
                }
                self.at.skip_space();
                let at = self.at.pos;
                self.at.bump();
                match c.to_digit(10) {
                    Some(digit) => value = value.saturating_mul(10).saturating_add(digit),
                    None => {
                        self.error("S009", Span::new(at, self.at.pos), format!("`{c}` in an index"));
                    }
                }
            }
            number = Some(value);
        } else if first == '*' {
            self.at.bump();
        } else {
            let span = Span::new(self.at.pos, self.at.pos + first.len_utf8());
            let error = self.error("S009", span, "an index is a number or `*`");
            error.expected = Some("a number or `*`".into());
            // D2 points at the bracket.
            error.told_at = Some(Span::at(start));
        }
        if self.at.peek_on_line() == Some(']') {
            self.at.skip_space();
            self.at.bump();
        } else {
            let span = Span::new(start, self.at.pos);
            self.error("S009", span, "this index is never closed");
        }
        Some(EdgeIndex { span: Span::new(start, self.at.pos), number })
    }

    /// `edges := path (arrow path)…`.
    fn edges(&mut self, key: &mut Key, mut src: Option<KeyPath>) {
        loop {
            let src_arrow = match self.at.peek_on_line() {
                Some(c @ ('<' | '*')) => Some(c),
                Some('-') => None,
                _ => return,
            };
            self.at.skip_space();
            let arrow_start = self.at.pos;
            let start = src.as_ref().map_or(arrow_start, |s| s.span.start as usize);
            if src.is_none() {
                let span = Span::new(arrow_start, arrow_start + 1);
                self.error("S010", span, "a connection without a source").help =
                    Some("name an object before the arrow".into());
            }
            self.at.bump();
            let Ok(dst_arrow) = self.arrow(start) else {
                return;
            };
            let arrow = Span::new(arrow_start, self.at.pos);
            let dst = self.key_path();
            let end = dst.as_ref().map_or(arrow.end as usize, |d| d.span.end as usize);
            if dst.is_none() {
                self.error(
                    "S011",
                    Span::new(start, arrow.end as usize),
                    "a connection without a destination",
                )
                .help = Some("name an object after the arrow".into());
            }
            // Only a chain goes on from here.
            let next =
                if matches!(self.at.peek_on_line(), Some('<' | '*' | '-')) { dst.clone() } else { None };
            if key.edges.is_empty() {
                key.edges.reserve_exact(1);
            }
            let span = Span::new(start, end);
            key.edges.push(Edge { span, src: src.take(), src_arrow, arrow, dst, dst_arrow });
            src = next;
        }
    }

    /// The rest of an arrow after its first sign.
    fn arrow(&mut self, start: usize) -> Result<Option<char>, ()> {
        loop {
            match self.at.peek() {
                None => {
                    let span = Span::new(start, self.at.pos);
                    self.error("S012", span, "an unfinished connection").help =
                        Some("name an object after the arrow".into());
                    return Err(());
                }
                Some(c @ ('>' | '*')) => {
                    self.at.bump();
                    return Ok(Some(c));
                }
                Some('\\') => {
                    self.at.bump();
                    let (next, newlines) = self.at.peek_past_space();
                    if next.is_some() && newlines == 0 {
                        let span = Span::new(start, self.at.pos);
                        self.error("S012", span, "only the end of a line can be escaped in an arrow");
                        return Err(());
                    }
                    if newlines == 1 {
                        self.at.skip_space();
                    }
                }
                Some('-') => {
                    self.at.bump();
                }
                Some(_) => return Ok(None),
            }
        }
    }

    /// `path := string ('.' string)…`. Reads nothing where no string begins.
    pub(super) fn key_path(&mut self) -> Option<KeyPath> {
        let mut parts = Vec::new();
        loop {
            if matches!(self.at.peek_on_line(), None | Some('(' | '.')) {
                break;
            }
            let Some(part) = self.string(true) else { break };
            if part.is_unquoted() && part.text().starts_with('@') {
                let name = part.text().to_owned();
                let span = part.span;
                self.error("S013", span, format!("`{name}` is no key")).help =
                    Some(format!("to import a file here, write `...{name}`"));
            }
            let ends = self.at.peek_on_line() != Some('.');
            if parts.is_empty() {
                // A path takes the room it needs: most are of one part or two.
                parts.reserve_exact(if ends { 1 } else { 2 });
            }
            parts.push(part);
            if ends {
                break;
            }
            self.at.skip_space();
            self.at.bump();
        }
        let (first, last) = (parts.first()?, parts.last()?);
        let span = first.span.cover(last.span);
        let path = KeyPath { span, parts };
        if path.parts.iter().any(|part| part.text().len() > MAX_KEY) {
            self.error("S014", path.span, format!("a key longer than {MAX_KEY} bytes"));
        }
        Some(path)
    }
}
