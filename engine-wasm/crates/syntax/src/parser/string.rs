//! Strings in all their forms.

use std::sync::Arc;

use spandrel_base::{Few, Fix, Span, TextEdit};

use super::Parser;
use crate::ast::{Fence, Quote, Segment, Str};
use crate::lexeme;

/// What is gathered of a string while it is read: the text, and the text as written.
#[derive(Default)]
struct Gathered {
    text: String,
    /// As written; until something is escaped it is the text itself.
    raw: Option<String>,
    segments: Few<Segment>,
}

impl Gathered {
    fn push(&mut self, c: char) {
        self.text.push(c);
        if let Some(raw) = &mut self.raw {
            raw.push(c);
        }
    }

    fn push_run(&mut self, run: &str) {
        self.text.push_str(run);
        if let Some(raw) = &mut self.raw {
            raw.push_str(run);
        }
    }

    fn escaped(&mut self, c: char) {
        let raw = self.raw.get_or_insert_with(|| self.text.clone());
        raw.push('\\');
        raw.push(c);
        self.text.push(lexeme::unescape(c));
    }

    fn segment(&mut self) {
        if !self.text.is_empty() {
            let raw = self.raw.take().filter(|raw| *raw != self.text);
            self.segments.push(Segment::Text { text: Arc::from(&*self.text), raw });
            self.text.clear();
        }
    }
}

impl Parser<'_> {
    /// `string := double | single | block | unquoted`. In a key, signs of keys end an unquoted one and
    /// `$` has no meaning.
    pub(super) fn string(&mut self, in_key: bool) -> Option<Str> {
        let first = self.at.peek_on_line()?;
        self.at.skip_space();
        match first {
            '"' => Some(self.double(in_key)),
            '\'' => Some(self.single()),
            '|' => Some(self.block()),
            _ => self.unquoted(in_key),
        }
    }

    /// The usual unquoted string: signs that mean nothing, up to one that ends it for certain. `None` reads nothing.
    fn plain(&mut self, in_key: bool) -> Option<Str> {
        let start = self.at.pos;
        let rest = self.at.rest();
        let run = lexeme::plain_run(rest);
        let after = &rest.as_bytes()[run.len()..];
        let blanks = after.iter().take_while(|b| matches!(b, b' ' | b'\t' | b'\r')).count();
        let ends = match after.get(blanks) {
            None | Some(b'\n' | b';' | b'#' | b'{' | b'}' | b'[' | b']') => true,
            Some(b':' | b'.' | b'<' | b'>' | b'&') => in_key,
            Some(b'-') => in_key && matches!(after.get(blanks + 1), None | Some(b'-' | b'>' | b'*')),
            Some(_) => false,
        };
        if run.is_empty() || !ends {
            return None;
        }
        self.at.advance(run.len() + blanks);
        let text = if in_key { self.key_text(run) } else { Arc::from(run) };
        let segments = Few::One(Segment::Text { text, raw: None });
        Some(Str {
            span: Span::new(start, start + run.len()),
            quote: Quote::Unquoted,
            segments,
            pattern: None,
        })
    }

    /// The text of a key, shared with the other keys that are spelled so.
    fn key_text(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.key_texts.get(text) {
            return known.clone();
        }
        let new: Arc<str> = Arc::from(text);
        self.key_texts.insert(new.clone());
        new
    }

    fn unquoted(&mut self, in_key: bool) -> Option<Str> {
        if let Some(plain) = self.plain(in_key) {
            return Some(plain);
        }
        let start = self.at.pos;
        let mut end = start;
        let mut found = Gathered::default();
        let mut pattern: Option<Vec<String>> = None;
        let mut pattern_at = 0;
        if self.at.rest().starts_with("...@") {
            self.error("S016", Span::new(start, start + 4), "`...@` is only for imports into a map").help =
                Some("put the text in quotes, or move the import to a line of its own".into());
        }
        while let Some(mut c) = self.at.peek() {
            // Ordinary letters in one go.
            let run = lexeme::plain_run(self.at.rest());
            if !run.is_empty() {
                found.push_run(run);
                self.at.advance(run.len());
                end = self.at.pos;
                continue;
            }
            if self.in_group && c == ')' {
                let after = Self::after_paren(self);
                if after {
                    break;
                }
                self.at.bump();
                end = self.at.pos;
                found.push(c);
                continue;
            }
            if matches!(c, '\n' | ';' | '#' | '{' | '}' | '[' | ']') {
                break;
            }
            if in_key {
                if matches!(c, ':' | '.' | '<' | '>' | '&') {
                    break;
                }
                if c == '-' {
                    match self.at.peek_second() {
                        None | Some('-' | '>' | '*') => break,
                        Some('\n' | ';' | '#' | '{' | '}' | '[' | ']') => {
                            self.at.bump();
                            end = self.at.pos;
                            found.push('-');
                            break;
                        }
                        Some(second) => {
                            // A single dash belongs to the key, and so does whatever follows it.
                            self.at.bump();
                            found.push('-');
                            c = second;
                        }
                    }
                }
            }
            if c == '*' {
                let pattern = pattern.get_or_insert_with(Vec::new);
                if !found.text.is_empty() {
                    pattern.push(found.text.get(pattern_at..).unwrap_or("").to_owned());
                }
                pattern.push("*".to_owned());
                pattern_at = found.text.len() + 1;
            }
            self.at.bump();
            if !c.is_whitespace() {
                end = self.at.pos;
            }
            if !in_key && c == '$' {
                if let Some(substitution) = self.substitution(false) {
                    found.segment();
                    found.segments.push(Segment::Substitution(substitution));
                    end = self.at.pos;
                }
                continue;
            }
            if c != '\\' {
                found.push(c);
                continue;
            }
            match self.at.bump_escaped() {
                None => {
                    let span = Span::new(self.at.pos - 1, self.at.pos);
                    self.error("S017", span, "an unfinished escape");
                    break;
                }
                Some('\n') => {
                    // The line goes on, unless a blank line follows.
                    if self.at.peek_on_line().is_none() {
                        break;
                    }
                    self.at.skip_space();
                }
                Some(escaped) => {
                    found.escaped(escaped);
                    end = self.at.pos;
                }
            }
        }
        found.text.truncate(found.text.trim_end().len());
        if let Some(raw) = &mut found.raw {
            raw.truncate(raw.trim_end().len());
        }
        if let Some(pattern) = &mut pattern
            && let Some(tail) = found.text.get(pattern_at..).filter(|tail| !tail.is_empty())
        {
            pattern.push(tail.to_owned());
        }
        found.segment();
        if found.segments.is_empty() {
            return None;
        }
        let span = Span::new(start, end);
        Some(Str {
            span,
            quote: Quote::Unquoted,
            segments: found.segments,
            pattern: pattern.map(Vec::into_boxed_slice),
        })
    }

    /// At a `)` inside a group: whether it ends the group rather than belongs to the key.
    fn after_paren(&self) -> bool {
        let mut ahead = super::cursor::Cursor { source: self.at.source, pos: self.at.pos };
        ahead.bump();
        matches!(ahead.peek_on_line(), None | Some('#' | '{' | '}' | '[' | ']' | ':' | '.'))
    }

    fn double(&mut self, in_key: bool) -> Str {
        let start = self.at.pos;
        self.at.bump();
        let mut found = Gathered::default();
        loop {
            let Some(c) = self.at.peek().filter(|&c| c != '\n') else {
                self.unclosed(start, '"');
                break;
            };
            self.at.bump();
            if !in_key
                && c == '$'
                && let Some(substitution) = self.substitution(false)
            {
                found.segment();
                found.segments.push(Segment::Substitution(substitution));
                continue;
            }
            match c {
                '"' => break,
                '\\' => match self.at.bump_escaped() {
                    None => {
                        let span = Span::new(self.at.pos - 1, self.at.pos);
                        self.error("S017", span, "an unfinished escape");
                        self.unclosed(start, '"');
                        break;
                    }
                    Some('\n') => {}
                    Some(escaped) => found.escaped(escaped),
                },
                c => found.push(c),
            }
        }
        found.segment();
        let span = Span::new(start, self.at.pos);
        Str { span, quote: Quote::Double, segments: found.segments, pattern: None }
    }

    fn unclosed(&mut self, start: usize, quote: char) {
        let span = Span::new(start, self.at.pos);
        let end = self.at.pos;
        let error = self.error("S018", span, "this quoted string is never closed");
        error.help = Some(format!("add `{quote}` where it ends, on the same line"));
        let edits = vec![TextEdit::insert(end, quote)];
        error.fixes.push(Fix { title: format!("Add `{quote}`"), edits });
    }

    fn single(&mut self) -> Str {
        let start = self.at.pos;
        self.at.bump();
        let mut found = Gathered::default();
        loop {
            let Some(c) = self.at.peek().filter(|&c| c != '\n') else {
                self.unclosed(start, '\'');
                break;
            };
            self.at.bump();
            match c {
                '\'' if self.at.peek() == Some('\'') => {
                    self.at.bump();
                    found.push('\'');
                }
                '\'' => break,
                '\\' if matches!(self.at.peek(), Some('\n')) || self.at.rest().starts_with("\r\n") => {
                    self.at.bump_escaped();
                }
                '\\' if self.at.peek().is_none() => {}
                c => found.push(c),
            }
        }
        found.segment();
        let span = Span::new(start, self.at.pos);
        Str { span, quote: Quote::Single, segments: found.segments, pattern: None }
    }

    /// `block := '|' fence tag text fence '|'`.
    fn block(&mut self) -> Str {
        let start = self.at.pos;
        self.at.bump();
        let fence = lexeme::fence(self.at.rest());
        self.at.advance(fence.len());
        let tag = lexeme::word(self.at.rest());
        self.at.advance(tag.len());
        let mut closing = closing_fence(fence);
        closing.push('|');
        // Text that begins on the first line counts as indented like the lines that follow.
        let mut text = String::new();
        let lead = lexeme::space(self.at.rest());
        if let Some(newline) = lead.find('\n') {
            self.at.advance(newline + 1);
        } else {
            self.at.advance(lead.len());
            text.push_str(&" ".repeat((self.depth + 1) * 2));
        }
        let rest = self.at.rest();
        let end = rest.find(&closing);
        text.push_str(&rest[..end.unwrap_or(rest.len())]);
        self.at.advance(end.map_or(rest.len(), |end| end + closing.len()));
        if end.is_none() {
            let span = Span::new(start, start + 1 + fence.len());
            self.error("S019", span, "this block of text is never closed").help =
                Some(format!("add `{closing}` where it ends"));
        }
        let text = lexeme::dedent(&text);
        let tag = if tag.is_empty() { "md" } else { tag };
        let quote = Quote::Block(Box::new(Fence { signs: fence.to_owned(), tag: tag.to_owned() }));
        let segments = if text.is_empty() {
            Few::None
        } else {
            Few::One(Segment::Text { text: text.into(), raw: None })
        };
        Str { span: Span::new(start, self.at.pos), quote, segments, pattern: None }
    }
}

/// What closes a block before its bar: the fence; of a fence of unlike signs, its last sign takes the
/// place of the first.
fn closing_fence(fence: &str) -> String {
    let Some(last) = fence.chars().next_back() else { return String::new() };
    let mut closing = String::from(last);
    closing.extend(fence.chars().skip(1));
    closing
}
