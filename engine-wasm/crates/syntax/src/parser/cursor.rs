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

    #[inline]
    pub(super) fn skip_space(&mut self) {
        if !matches!(self.source.as_bytes().get(self.pos), Some(b'!'..=b'~')) {
            self.pos += lexeme::space(self.rest()).len();
        }
    }

    /// The next character that is no white space, and how many newlines lie before it.
    #[inline]
    pub(super) fn peek_past_space(&self) -> (Option<char>, usize) {
        match self.source.as_bytes().get(self.pos) {
            Some(&byte @ b'!'..=b'~') => (Some(byte as char), 0),
            _ => self.past_space(),
        }
    }

    fn past_space(&self) -> (Option<char>, usize) {
        let mut newlines = 0;
        for &byte in &self.source.as_bytes()[self.pos..] {
            match byte {
                b'\n' => newlines += 1,
                b' ' | b'\t' | b'\r' => {}
                b'!'..=b'~' => return (Some(byte as char), newlines),
                // Rarer white space, or a sign outside ASCII.
                _ => {
                    let rest = self.rest();
                    let space = lexeme::space(rest);
                    let newlines = space.bytes().filter(|&b| b == b'\n').count();
                    return (rest[space.len()..].chars().next(), newlines);
                }
            }
        }
        (None, newlines)
    }

    /// The next character on this line that is no white space.
    pub(super) fn peek_on_line(&self) -> Option<char> {
        match self.peek_past_space() {
            (c, 0) => c,
            _ => None,
        }
    }
}
