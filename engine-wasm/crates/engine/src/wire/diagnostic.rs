use serde::Serialize;
use spandrel_base::{LineIndex, Span};

/// How offsets count: natively bytes, in JavaScript UTF-16 code units. Lines and columns are the same in
/// both: from 1, columns in UTF-16 code units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// Bytes of UTF-8.
    Utf8,
    /// UTF-16 code units.
    Utf16,
}

/// A text with its line index: turns spans into ranges.
#[derive(Clone, Copy)]
pub struct Place<'a> {
    /// The text.
    pub source: &'a str,
    /// Its lines.
    pub lines: &'a LineIndex,
    /// How offsets count.
    pub encoding: Encoding,
}

impl Place<'_> {
    /// An offset as the outside counts it.
    pub fn offset(&self, byte: usize) -> usize {
        match self.encoding {
            Encoding::Utf8 => byte.min(self.source.len()),
            Encoding::Utf16 => self.lines.to_utf16(self.source, byte),
        }
    }

    /// An offset of the outside in bytes.
    pub fn byte(&self, offset: usize) -> usize {
        match self.encoding {
            Encoding::Utf8 => offset.min(self.source.len()),
            Encoding::Utf16 => self.lines.from_utf16(self.source, offset),
        }
    }

    /// A span as a range.
    pub fn range(&self, span: Span) -> Range {
        let position = |byte: u32| {
            let at = self.lines.line_column(self.source, byte as usize);
            Position { line: at.line, column: at.column, offset: self.offset(byte as usize) }
        };
        Range { start: position(span.start), end: position(span.end) }
    }

    /// A text edit.
    pub fn text_edit(&self, edit: &spandrel_base::TextEdit) -> TextEdit {
        TextEdit {
            from: self.offset(edit.span.start as usize),
            to: self.offset(edit.span.end as usize),
            insert: edit.insert.clone(),
        }
    }

    /// A diagnostic of this text.
    pub fn diagnostic(&self, diagnostic: &spandrel_base::Diagnostic) -> Diagnostic {
        Diagnostic {
            code: diagnostic.code.to_owned(),
            severity: diagnostic.severity.as_str().to_owned(),
            message: diagnostic.message.clone(),
            help: diagnostic.help.clone(),
            expected: diagnostic.expected.clone(),
            found: diagnostic.found.clone(),
            range: self.range(diagnostic.span),
            path: diagnostic.path.clone(),
            fixes: diagnostic
                .fixes
                .iter()
                .map(|fix| Fix {
                    title: fix.title.clone(),
                    edits: fix.edits.iter().map(|edit| self.text_edit(edit)).collect(),
                })
                .collect(),
        }
    }
}

/// One thing that a person should know about their source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, optional_fields))]
pub struct Diagnostic {
    /// Stable code: `S` syntax, `C` compile, `L` lint, `U` unsafe, `G` layout.
    pub code: String,
    /// `error`, `warning` or `hint`.
    #[cfg_attr(feature = "typescript", ts(type = "\"error\" | \"warning\" | \"hint\""))]
    pub severity: String,
    /// What is wrong.
    pub message: String,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// What would have been right.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected: Option<String>,
    /// What stands there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub found: Option<String>,
    /// Where.
    pub range: Range,
    /// The imported file it is in; absent: the main source.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Safe changes that mend it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "typescript", ts(as = "Option<Vec<Fix>>"))]
    pub fixes: Vec<Fix>,
}

/// A range of a text, half open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
pub struct Range {
    /// First place.
    pub start: Position,
    /// One past the last.
    pub end: Position,
}

/// A place in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
pub struct Position {
    /// From 1.
    pub line: u32,
    /// From 1, in UTF-16 code units.
    pub column: u32,
    /// From 0: UTF-16 code units in JavaScript, bytes natively.
    pub offset: usize,
}

/// A change that mends a diagnostic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
pub struct Fix {
    /// What a button would say.
    pub title: String,
    /// To be applied together.
    pub edits: Vec<TextEdit>,
}

/// Replaces `from..to` by `insert`: the form of a CodeMirror change. The edits of one list all refer to
/// the text before any of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
pub struct TextEdit {
    /// First place.
    pub from: usize,
    /// One past the last.
    pub to: usize,
    /// The new text.
    pub insert: String,
}
