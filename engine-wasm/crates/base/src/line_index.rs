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
    /// UTF-16 units before every [`STRIDE`]th byte (before its character, where it lies inside one), so that no question
    /// reads more than a stride of the text; empty where the text is pure ASCII, where bytes and units are one.
    units: Vec<u32>,
}

/// How many bytes lie between two counts of UTF-16 units.
const STRIDE: usize = 1024;

impl LineIndex {
    /// Reads `source` once.
    pub fn new(source: &str) -> Self {
        let mut line_starts = vec![0];
        line_starts
            .extend(source.bytes().enumerate().filter(|&(_, b)| b == b'\n').map(|(i, _)| i as u32 + 1));
        let mut units = Vec::new();
        if !source.is_ascii() {
            let (mut count, mut done) = (0, 0);
            for stride in (0..=source.len()).step_by(STRIDE) {
                let next = floor_char(source, stride);
                count += utf16_len(&source[done..next]) as u32;
                done = next;
                units.push(count);
            }
        }
        Self { line_starts, units }
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
        let units = self.to_utf16(source, offset) - self.to_utf16(source, start);
        LineColumn { line: line as u32, column: units as u32 + 1 }
    }

    /// Byte offset of a line and column; the nearest place where there is no such.
    pub fn offset(&self, source: &str, at: LineColumn) -> usize {
        let start = self.line_start(at.line);
        let end =
            self.line_starts.get(at.line.max(1) as usize).map_or(source.len(), |&next| next as usize - 1);
        let wanted = (at.column.max(1) as usize - 1).saturating_add(self.to_utf16(source, start));
        self.from_utf16(source, wanted).min(end.max(start))
    }

    /// Byte offset to offset in UTF-16 code units from the start of the text.
    pub fn to_utf16(&self, source: &str, offset: usize) -> usize {
        let offset = floor_char(source, offset);
        let Some(&units) = self.units.get(offset / STRIDE) else { return offset };
        let from = floor_char(source, offset / STRIDE * STRIDE);
        units as usize + utf16_len(&source[from..offset])
    }

    /// Offset in UTF-16 code units to byte offset; past the end gives the end.
    pub fn from_utf16(&self, source: &str, utf16: usize) -> usize {
        if self.units.is_empty() {
            return utf16.min(source.len());
        }
        let stride = self.units.partition_point(|&units| units as usize <= utf16) - 1;
        let from = floor_char(source, stride * STRIDE);
        from + utf8_offset(&source[from..], utf16 - self.units[stride] as usize)
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

    #[test]
    fn long_lines_count_as_short_ones_do() {
        let source: String = (0..2_000).map(|i| if i % 3 == 0 { "é😀" } else { "ab\n" }).collect();
        let index = LineIndex::new(&source);
        let (mut units, mut column, mut line) = (0, 1, 1);
        for (at, c) in source.char_indices() {
            assert_eq!(index.to_utf16(&source, at), units);
            assert_eq!(index.from_utf16(&source, units), at);
            assert_eq!(index.line_column(&source, at), LineColumn { line, column });
            assert_eq!(index.offset(&source, LineColumn { line, column }), at);
            units += c.len_utf16();
            column += c.len_utf16() as u32;
            if c == '\n' {
                (line, column) = (line + 1, 1);
            }
        }
        assert_eq!(index.from_utf16(&source, usize::MAX), source.len());
    }
}
