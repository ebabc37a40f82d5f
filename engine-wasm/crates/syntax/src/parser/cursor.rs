//! A place in the source.

use crate::lexeme;

pub(super) struct Cursor<'s> {
    pub(super) source: &'s str,
    pub(super) pos: usize,
}

impl<'s> Cursor<'s> {
    pub(super) fn new(source: &'s str) -> Self {
        Self { source, pos: 0 }
    }

    pub(super) fn rest(&self) -> &'s str {
        &self.source[self.pos..]
    }

    pub(super) fn peek(&self) -> Option<char> {
        match self.source.as_bytes().get(self.pos) {
            Some(&b) if b < 0x80 => Some(b as char),
            Some(_) => self.rest().chars().next(),
            None => None,
        }
    }

    pub(super) fn peek_second(&self) -> Option<char> {
        self.rest().chars().nth(1)
    }

    pub(super) fn bump(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.pos += c.len_utf8();
        Some(c)
    }

    /// What a backslash escapes; a line break of either kind is one `\n`.
    pub(super) fn bump_escaped(&mut self) -> Option<char> {
        let c = self.bump()?;
        if c == '\r' && self.peek() == Some('\n') { self.bump() } else { Some(c) }
    }

    pub(super) fn advance(&mut self, bytes: usize) {
        self.pos += bytes;
    }

    pub(super) fn skip_space(&mut self) {
        self.pos += lexeme::space(self.rest()).len();
    }

    /// The next character that is no white space, and how many newlines lie before it.
    pub(super) fn peek_past_space(&self) -> (Option<char>, usize) {
        match self.source.as_bytes().get(self.pos) {
            Some(&b) if b.is_ascii_graphic() => (Some(b as char), 0),
            None => (None, 0),
            Some(_) => {
                let rest = self.rest();
                let space = lexeme::space(rest);
                (rest[space.len()..].chars().next(), space.bytes().filter(|&b| b == b'\n').count())
            }
        }
    }

    /// The next character on this line that is no white space.
    pub(super) fn peek_on_line(&self) -> Option<char> {
        match self.peek_past_space() {
            (c, 0) => c,
            _ => None,
        }
    }
}
