//! What the compiler still refuses: its own fixes, a label that wants quotes, an attribute that is no reason to lose the
//! drawing.

use spandrel_base::{Diagnostic, apply_edits};

use super::{errors, lines};

/// Steps for one source.
const MOST_STEPS: usize = 24;
/// How many bytes may be compiled to find out what helps.
const MOST_TRIED: usize = 3 << 20;
/// Of so many errors, the first is mended that can be.
const LOOKED_AT: usize = 5;

/// Mends what is left step by step, each of which leaves fewer errors. Anything else that is wrong stays.
pub(super) fn settle(source: &mut String, changes: &mut Vec<String>) {
    let mut tries = MOST_TRIED / source.len().max(1);
    for _ in 0..MOST_STEPS {
        let found = errors(source);
        let steps = found.iter().take(LOOKED_AT).flat_map(|error| steps(source, error)).collect::<Vec<_>>();
        let mut better = None;
        for (text, change) in steps {
            if tries == 0 {
                return;
            }
            tries -= 1;
            if errors(&text).len() < found.len() {
                better = Some((text, change));
                break;
            }
        }
        let Some((text, change)) = better else { return };
        *source = text;
        changes.push(change);
    }
}

/// What could mend an error, the likeliest first: the text, and the change in words.
fn steps(source: &str, error: &Diagnostic) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    if let Some(fix) = error.fixes.first() {
        found.push((apply_edits(source, &fix.edits), format!("{} ({})", fix.title, error.message)));
    }
    let at = error.span.start as usize;
    let start = source.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
    let end = source[start..].find('\n').map_or(source.len(), |end| start + end);
    let line = &source[start..end];
    if let Some(quoted) = with_quoted_label(line) {
        let text = format!("{}{quoted}{}", &source[..start], &source[end..]);
        found.push((text, format!("put a label into quotes: {}", line.trim())));
    }
    // `C143`: there is no such style.
    let one_style = error.code == "C143" && line.contains(':') && !line.contains('{');
    if lines::is_attribute(line.trim()) || one_style {
        let after = (end + 1).min(source.len());
        let text = format!("{}{}", &source[..start], &source[after..]);
        found.push((text, format!("took out `{}`: {}", line.trim(), error.message)));
    }
    found
}

/// A line with all behind its first colon in quotes, where that is no map.
fn with_quoted_label(line: &str) -> Option<String> {
    let (key, label) = line.split_once(": ")?;
    let label = label.trim();
    let is_text = !label.starts_with(['"', '\'', '|', '{']) && !label.ends_with('{') && !label.is_empty();
    // What stands in braces is text where it sets nothing.
    let sets = label.split_once('{').is_some_and(|(_, map)| map.contains(':'));
    (is_text && !sets && !lines::is_attribute(line.trim()))
        .then(|| format!("{key}: \"{}\"", label.replace('\\', "\\\\").replace('"', "\\\"")))
}
