//! Byte offsets to lines and columns and back. The only place that knows UTF-16.

/// A place as people and editors name it. Both count from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LineColumn {
    /// Line; lines end with `\n` (a `\r` before it belongs to the line).
    pub line: u32,
    /// Column in UTF-16 code units.
    pub column: u32,
}

/// Where the lines of one text begin.
#[derive(Clone, Debug)]
pub struct LineIndex {
    line_starts: Vec<u32>,
    /// Whether the text is pure ASCII, where bytes and UTF-16 units are one.
    ascii: bool,
}

impl LineIndex {
    /// Reads `source` once.
    pub fn new(source: &str) -> Self {
        let mut line_starts = vec![0];
        line_starts
            .extend(source.bytes().enumerate().filter(|&(_, b)| b == b'\n').map(|(i, _)| i as u32 + 1));
        Self { line_starts, ascii: source.is_ascii() }
    }

    /// Number of lines; a text that ends with a newline has an empty last line.
    pub fn line_count(&self) -> usize {
        self.line_starts.len()
    }

    /// Byte offset at which the line (from 1) begins; lines past the end give the last one.
    pub fn line_start(&self, line: u32) -> usize {
        let index = (line.max(1) as usize - 1).min(self.line_starts.len() - 1);
        self.line_starts[index] as usize
    }

    /// Line and column of a byte offset of `source`, which must be the text of [`LineIndex::new`].
    /// Offsets past the end give the end; offsets inside a character give its start.
    pub fn line_column(&self, source: &str, offset: usize) -> LineColumn {
        let offset = floor_char(source, offset);
        let line = self.line_starts.partition_point(|&start| start as usize <= offset);
        let start = self.line_starts[line - 1] as usize;
        let units = if self.ascii { offset - start } else { utf16_len(&source[start..offset]) };
        LineColumn { line: line as u32, column: units as u32 + 1 }
    }

    /// Byte offset of a line and column; the nearest place where there is no such.
    pub fn offset(&self, source: &str, at: LineColumn) -> usize {
        let start = self.line_start(at.line);
        let end =
            self.line_starts.get(at.line.max(1) as usize).map_or(source.len(), |&next| next as usize - 1);
        start + utf8_offset(&source[start..end.max(start)], at.column.max(1) as usize - 1)
    }

    /// Byte offset to offset in UTF-16 code units from the start of the text.
    pub fn to_utf16(&self, source: &str, offset: usize) -> usize {
        let offset = floor_char(source, offset);
        if self.ascii { offset } else { utf16_len(&source[..offset]) }
    }

    /// Offset in UTF-16 code units to byte offset; past the end gives the end.
    pub fn from_utf16(&self, source: &str, utf16: usize) -> usize {
        if self.ascii { utf16.min(source.len()) } else { utf8_offset(source, utf16) }
    }
}

fn floor_char(source: &str, offset: usize) -> usize {
    let mut offset = offset.min(source.len());
    while !source.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

fn utf16_len(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

fn utf8_offset(text: &str, utf16: usize) -> usize {
    let mut units = 0;
    for (index, c) in text.char_indices() {
        if units >= utf16 {
            return index;
        }
        units += c.len_utf16();
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_utf16_units() {
        let source = "a\n😀b: é\nc";
        let index = LineIndex::new(source);
        let b = source.find('b').unwrap();
        assert_eq!(index.line_column(source, b), LineColumn { line: 2, column: 3 });
        assert_eq!(index.offset(source, LineColumn { line: 2, column: 3 }), b);
        assert_eq!(index.to_utf16(source, b), 4);
        assert_eq!(index.from_utf16(source, 4), b);
        assert_eq!(index.line_column(source, 999), LineColumn { line: 3, column: 2 });
        assert_eq!(index.offset(source, LineColumn { line: 1, column: 99 }), 1);
    }
}
