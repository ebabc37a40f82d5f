//! Changes of text as values.

use crate::LeanSort;
use crate::Span;

/// Replaces the bytes of `span` by `insert`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextEdit {
    /// What to take out, in offsets of the text before any edit of the same list.
    pub span: Span,
    /// What to put there.
    pub insert: String,
}

impl TextEdit {
    /// Replaces `span` by `insert`.
    pub fn replace(span: Span, insert: impl Into<String>) -> Self {
        Self { span, insert: insert.into() }
    }

    /// Inserts at `offset`.
    pub fn insert(offset: usize, insert: impl Into<String>) -> Self {
        Self::replace(Span::at(offset), insert)
    }

    /// Takes `span` out.
    pub fn delete(span: Span) -> Self {
        Self::replace(span, "")
    }
}

/// Applies `edits` to `source`. All spans refer to `source` as given; the edits may come in any order
/// but must not overlap: of two that do, the later in the text is dropped. Inserts at the same place
/// keep the order of the list.
pub fn apply_edits(source: &str, edits: &[TextEdit]) -> String {
    let mut result =
        String::with_capacity(source.len() + edits.iter().map(|e| e.insert.len()).sum::<usize>());
    let mut done = 0;
    for edit in sorted(edits) {
        let range = edit.span.range();
        if range.start < done || source.get(range.clone()).is_none() {
            continue;
        }
        result.push_str(&source[done..range.start]);
        result.push_str(&edit.insert);
        done = range.end;
    }
    result.push_str(&source[done..]);
    result
}

/// The edits that lead from `apply_edits(source, edits)` back to `source`.
pub fn invert_edits(source: &str, edits: &[TextEdit]) -> Vec<TextEdit> {
    let mut inverse = Vec::with_capacity(edits.len());
    let mut done = 0;
    let mut shift = 0_i64;
    for edit in sorted(edits) {
        let range = edit.span.range();
        if range.start < done || source.get(range.clone()).is_none() {
            continue;
        }
        let start = (i64::from(edit.span.start) + shift) as usize;
        inverse.push(TextEdit::replace(Span::new(start, start + edit.insert.len()), &source[range.clone()]));
        shift += edit.insert.len() as i64 - edit.span.len() as i64;
        done = range.end;
    }
    inverse
}

/// The one edit that leads from `before` to `after`: what differs between their common beginning and end.
pub fn difference(before: &str, after: &str) -> TextEdit {
    let boundary = |text: &str, mut at: usize| {
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let start = before.bytes().zip(after.bytes()).take_while(|(a, b)| a == b).count();
    let start = boundary(before, start).min(boundary(after, start));
    let rest = before[start..].bytes().rev().zip(after[start..].bytes().rev());
    let mut end = rest.take_while(|(a, b)| a == b).count();
    while !before.is_char_boundary(before.len() - end) || !after.is_char_boundary(after.len() - end) {
        end -= 1;
    }
    TextEdit::replace(Span::new(start, before.len() - end), &after[start..after.len() - end])
}

fn sorted(edits: &[TextEdit]) -> Vec<&TextEdit> {
    let mut order: Vec<&TextEdit> = edits.iter().collect();
    order.lean_sort_by_key(|edit| (edit.span.start, edit.span.end));
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_apply_in_any_order_and_invert() {
        let source = "a -> b: x";
        let edits = [
            TextEdit::replace(Span::new(5, 6), "bee"),
            TextEdit::insert(0, "# c\n"),
            TextEdit::delete(Span::new(6, 9)),
        ];
        let after = apply_edits(source, &edits);
        assert_eq!(after, "# c\na -> bee");
        assert_eq!(apply_edits(&after, &invert_edits(source, &edits)), source);
    }

    #[test]
    fn a_difference_leads_from_one_to_the_other() {
        for (a, b) in [("", ""), ("a", ""), ("äb", "öb"), ("aXb", "aYb"), ("aa", "aaa"), ("é", "è")] {
            assert_eq!(apply_edits(a, &[difference(a, b)]), b);
        }
    }

    #[test]
    fn overlapping_or_foreign_edits_are_dropped() {
        let edits =
            [TextEdit::delete(Span::new(0, 3)), TextEdit::delete(Span::new(2, 4)), TextEdit::insert(99, "x")];
        assert_eq!(apply_edits("abcd", &edits), "d");
    }
}
