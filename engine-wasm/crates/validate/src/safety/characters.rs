//! U004 `hidden-characters`: characters that show a text otherwise than it is read.
//!
//! Bidirectional overrides and isolates reorder what is seen ("Trojan Source", CVE-2021-42574) and are refused;
//! control characters and invisible letters are pointed out. Direction marks (U+200E, U+200F) and joiners, which
//! scripts and emoji need, are left alone.

use spandrel_base::{Diagnostic, Severity, Span, TextEdit};

use crate::Context;

pub(super) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for (at, c) in context.source.char_indices() {
        let (severity, what) = match c {
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
                (Severity::Error, "changes the direction of reading")
            }
            '\u{200b}' | '\u{2060}' | '\u{00ad}' | '\u{e0000}'..='\u{e007f}' => {
                (Severity::Warning, "is invisible")
            }
            '\u{feff}' if at > 0 => (Severity::Warning, "is invisible"),
            '\t' | '\n' | '\r' => continue,
            c if c.is_control() => (Severity::Warning, "is a control character"),
            _ => continue,
        };
        let span = Span::new(at, at + c.len_utf8());
        let message = format!("U+{:04X} {what}", u32::from(c));
        found.push(
            Diagnostic::new(severity, "U004", span, message)
                .help("take it out")
                .fix("take it out", vec![TextEdit::delete(span)]),
        );
        if found.len() > MOST {
            return;
        }
    }
}

/// A binary file is said to be one a hundred times, not a million times.
const MOST: usize = 100;

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
}
