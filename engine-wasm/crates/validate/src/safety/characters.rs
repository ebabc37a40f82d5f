//! U004 `hidden-characters`: characters that show a text otherwise than it is read.
//!
//! Bidirectional overrides and isolates reorder what is seen ("Trojan Source", CVE-2021-42574) and are refused;
//! control characters and invisible letters are pointed out. Direction marks (U+200E, U+200F) and joiners, which
//! scripts and emoji need, are left alone.

use spandrel_base::{Diagnostic, Severity, Span, TextEdit};

use crate::context::at;
use crate::{Context, Shown};

/// A binary file is said to be one a hundred times, not a million times.
const MOST: usize = 100;

pub(super) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    // Each severity has a bound of its own: a crowd of what is only pointed out must not hide what is refused.
    let (mut errors, mut warnings) = (0, 0);
    for (at, c) in context.source.char_indices() {
        let Some((severity, what)) = judge(c).filter(|_| at > 0 || c != '\u{feff}') else { continue };
        let count = if severity == Severity::Error { &mut errors } else { &mut warnings };
        *count += 1;
        if *count > MOST {
            continue;
        }
        let span = Span::new(at, at + c.len_utf8());
        let message = format!("U+{:04X} {what}", u32::from(c));
        found.push(
            Diagnostic::new(severity, "U004", span, message)
                .help("take it out")
                .fix("take it out", vec![TextEdit::delete(span)]),
        );
    }
    // The text of imported files is not at hand; what of them is shown, is.
    let imported = |shown: &Shown<'_>| shown.origins.iter().any(|origin| origin.path.is_some());
    for Shown { label, attrs, origins } in context.shown().filter(imported) {
        let texts = attrs.iter().filter_map(|(keyword, _)| attrs.text(keyword));
        let hidden = |text: &str| text.chars().find(|&c| matches!(judge(c), Some((Severity::Error, _))));
        if let Some(c) = texts.chain([label.text.as_str()]).find_map(hidden) {
            let message =
                format!("a text holds U+{:04X}, which changes the direction of reading", u32::from(c));
            found
                .push(at(origins, Severity::Error, "U004", message).help("take it out of the imported file"));
        }
    }
}

/// How bad a character is, and why.
fn judge(c: char) -> Option<(Severity, &'static str)> {
    match c {
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
            Some((Severity::Error, "changes the direction of reading"))
        }
        '\u{200b}' | '\u{2060}' | '\u{00ad}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}' => {
            Some((Severity::Warning, "is invisible"))
        }
        '\t' | '\n' | '\r' => None,
        c if c.is_control() => Some((Severity::Warning, "is a control character")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::{Options, validate};
    use spandrel_base::Severity;
    use spandrel_graph::Diagram;

    #[test]
    fn hidden_characters_are_found_where_they_stand() {
        let found = |source: &str| -> Vec<(u32, Severity)> {
            validate(&Diagram::default(), source, &Options::default())
                .iter()
                .map(|d| (d.span.start, d.severity))
                .collect()
        };
        assert_eq!(found("a: \u{202e}x"), [(3, Severity::Error)]);
        assert_eq!(found("a\u{0}b"), [(1, Severity::Warning)]);
        assert_eq!(found("\u{feff}a: 👩‍💻 שלום\u{200f}\r\n\tb"), []);
    }

    #[test]
    fn a_crowd_of_warnings_hides_no_error() {
        let source = format!("a: {}\u{202e}", "\u{200b}".repeat(1_000));
        let found = validate(&Diagram::default(), &source, &Options::default());
        assert_eq!(found.len(), 101);
        assert!(found.iter().any(|d| d.severity == Severity::Error));
    }
}
