//! From one text to another by the smallest change of lines, then of characters.

use spandrel_base::{Span, TextEdit};

/// The most cells of the table of the comparison; beyond it the middle is one change.
const MAX_CELLS: usize = 4_000_000;

/// Edits that lead from `old` to `new`: whole lines that differ, each narrowed to what differs in it.
pub(crate) fn edits_between(old: &str, new: &str) -> Vec<TextEdit> {
    let (old_lines, new_lines): (Vec<&str>, Vec<&str>) =
        (old.split_inclusive('\n').collect(), new.split_inclusive('\n').collect());
    let prefix = old_lines.iter().zip(&new_lines).take_while(|(a, b)| a == b).count();
    let rest = old_lines.len().min(new_lines.len()) - prefix;
    let suffix =
        old_lines.iter().rev().zip(new_lines.iter().rev()).take(rest).take_while(|(a, b)| a == b).count();
    let a = &old_lines[prefix..old_lines.len() - suffix];
    let b = &new_lines[prefix..new_lines.len() - suffix];
    let mut edits = Vec::new();
    let mut offset: usize = old_lines[..prefix].iter().map(|line| line.len()).sum();
    if a.len().saturating_mul(b.len()) > MAX_CELLS {
        narrowed(offset, &a.concat(), &b.concat(), &mut edits);
        return edits;
    }
    // Longest common subsequence of lines, from the end.
    let width = b.len() + 1;
    let mut lengths = vec![0_u32; (a.len() + 1) * width];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            lengths[i * width + j] = if a[i] == b[j] {
                lengths[(i + 1) * width + j + 1] + 1
            } else {
                lengths[(i + 1) * width + j].max(lengths[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    let (mut removed, mut added) = (String::new(), String::new());
    let mut start = offset;
    while i < a.len() || j < b.len() {
        if i < a.len() && j < b.len() && a[i] == b[j] {
            narrowed(start, &removed, &added, &mut edits);
            removed.clear();
            added.clear();
            offset += a[i].len();
            start = offset;
            i += 1;
            j += 1;
        } else if j < b.len() && (i == a.len() || lengths[i * width + j + 1] > lengths[(i + 1) * width + j]) {
            added.push_str(b[j]);
            j += 1;
        } else {
            removed.push_str(a[i]);
            offset += a[i].len();
            i += 1;
        }
    }
    narrowed(start, &removed, &added, &mut edits);
    edits
}

/// Replaces `removed` at `start` by `added`, without what they share in front and behind.
fn narrowed(start: usize, removed: &str, added: &str, edits: &mut Vec<TextEdit>) {
    if removed == added {
        return;
    }
    let front: usize =
        removed.chars().zip(added.chars()).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum();
    let (a, b) = (&removed[front..], &added[front..]);
    let back: usize =
        a.chars().rev().zip(b.chars().rev()).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum();
    let span = Span::new(start + front, start + front + a.len() - back);
    edits.push(TextEdit::replace(span, &b[..b.len() - back]));
}

#[cfg(test)]
mod tests {
    use spandrel_base::apply_edits;

    use super::*;

    #[test]
    fn edits_lead_from_one_text_to_the_other() {
        let old = "a\nb\nc: {\n  d\n}\n";
        let new = "a: x\nc: {\n  d\n  e\n}\nf\n";
        let edits = edits_between(old, new);
        assert_eq!(apply_edits(old, &edits), new);
        assert!(edits.len() >= 3, "{edits:?}");
    }

    #[test]
    fn a_changed_word_is_all_that_changes() {
        let edits = edits_between("a\nb.style.fill: red\nc\n", "a\nb.style.fill: blue\nc\n");
        assert_eq!(edits, [TextEdit::replace(Span::new(16, 19), "blue")]);
    }
}
