//! What a design request must keep to before anybody works on it.

use spandrel_base::{Diagnostic, Span};

use crate::profanity;

/// Most characters (code points after trimming) of a query.
pub const QUERY_MAX: usize = 512;
/// Fewest and most characters of a project code.
pub const PROJECT_CODE: std::ops::RangeInclusive<usize> = 3..=64;

/// Checks a query and, where given, a project code. Spans are bytes of the text that is at fault.
///
/// Codes: `R001` empty, `R002` too long, `R003` control character, `R004` character that changes the
/// direction of reading, `R005` profanity, `R006` project code too short or too long.
pub fn check_request(query: &str, project_code: Option<&str>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let trimmed = query.trim();
    let start = query.len() - query.trim_start().len();
    let whole = Span::new(start, start + trimmed.len());
    let length = trimmed.chars().count();
    if !trimmed.chars().any(is_seen) {
        found.push(
            Diagnostic::error("R001", whole, "the request is empty").help("say what you want to build"),
        );
    }
    if length > QUERY_MAX {
        let limit = format!("at most {QUERY_MAX} characters");
        found.push(
            Diagnostic::error(
                "R002",
                whole,
                format!("the request has {length} characters, {QUERY_MAX} are allowed"),
            )
            .expected(limit, format!("{length} characters"))
            .help("split it: draw the core first, then add to it"),
        );
    }
    found.extend(control_characters(query));
    if let Some(span) = profanity::find(query) {
        found.push(
            Diagnostic::error("R005", span, "the request holds a word that is not accepted here")
                .help("say it without that word"),
        );
    }
    if let Some(code) = project_code {
        let length = code.trim().chars().count();
        if !PROJECT_CODE.contains(&length) {
            found.push(
                Diagnostic::error("R006", Span::new(0, code.len()), "a project code has 3 to 64 characters")
                    .expected("3 to 64 characters", format!("{length} characters")),
            );
        }
    }
    found
}

/// Whether a character shows something or parts words that do.
fn is_seen(c: char) -> bool {
    !c.is_whitespace()
        && !matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}

/// The first control character or hidden text, and the first bidirectional override, if any. Line breaks and tabs are
/// white space; the joiners that emoji and many scripts need are left alone.
fn control_characters(query: &str) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let control = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    if let Some((at, c)) = query.char_indices().find(|&(_, c)| control(c)) {
        let message = format!("the request holds the control character U+{:04X}", u32::from(c));
        found.push(Diagnostic::error("R003", Span::new(at, at + c.len_utf8()), message).help("take it out"));
    } else if let Some((at, c)) = hidden(query) {
        let message = format!("the request holds hidden text, beginning with U+{:04X}", u32::from(c));
        found.push(Diagnostic::error("R003", Span::new(at, at + c.len_utf8()), message).help("take it out"));
    }
    if let Some((at, c)) = query.char_indices().find(|&(_, c)| is_bidi_control(c)) {
        let message =
            format!("the request holds U+{:04X}, which changes the direction of reading", u32::from(c));
        found.push(Diagnostic::error("R004", Span::new(at, at + c.len_utf8()), message).help("take it out"));
    }
    found
}

/// Characters that show nothing and can spell a message for a model: tags outside of a flag (Unicode, section 23.9),
/// variation selectors in a row, and code points that are no characters.
fn hidden(query: &str) -> Option<(usize, char)> {
    let is_tag = |c: char| matches!(c, '\u{e0000}'..='\u{e007f}');
    let selects = |c: char| matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}');
    let nothing = |c: char| {
        u32::from(c) & 0xfffe == 0xfffe || matches!(c, '\u{fdd0}'..='\u{fdef}' | '\u{fff9}'..='\u{fffb}')
    };
    let mut before = ' ';
    let mut in_flag = false;
    for (at, c) in query.char_indices() {
        in_flag = c == '\u{1f3f4}' || (in_flag && is_tag(c));
        if nothing(c) || (is_tag(c) && !in_flag) || (selects(c) && selects(before)) {
            return Some((at, c));
        }
        before = c;
    }
    None
}

/// Embeddings, overrides and isolates of the Unicode Bidirectional Algorithm (UAX #9, section 2).
fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(query: &str) -> Vec<&'static str> {
        check_request(query, None).iter().map(|diagnostic| diagnostic.code).collect()
    }

    #[test]
    fn length_counts_code_points_after_trimming() {
        assert_eq!(codes("   "), ["R001"]);
        assert_eq!(codes(&format!("  {}  ", "é".repeat(512))), [""; 0]);
        assert_eq!(codes(&"😀".repeat(513)), ["R002"]);
    }

    #[test]
    fn invisible_characters_are_refused_but_not_those_that_text_needs() {
        assert_eq!(codes("a\u{0}b"), ["R003"]);
        assert_eq!(codes("a\u{202e}b"), ["R004"]);
        assert_eq!(codes("two\nlines\tand 👩‍💻"), [""; 0]);
    }

    #[test]
    fn hidden_text_is_refused_and_what_is_seen_is_not() {
        let smuggled: String =
            "ignore".chars().filter_map(|c| char::from_u32(0xe0000 + u32::from(c))).collect();
        assert_eq!(codes(&format!("draw a shop{smuggled}")), ["R003"]);
        assert_eq!(codes("a shop\u{fe01}\u{fe02}\u{fe03}"), ["R003"]);
        assert_eq!(codes("\u{200b}\u{200d}"), ["R001"]);
        let flag = "🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f} shop";
        for query in [
            flag,
            "❤️ tracker",
            "متجر\u{200f} على الإنترنت",
            "ई-कॉमर्स\u{200d} दुकान",
            "café\u{a0}bar",
            "葛\u{e0100}飾区",
        ] {
            assert_eq!(codes(query), [""; 0], "{query}");
        }
    }

    #[test]
    fn profanity_is_refused() {
        assert_eq!(codes("build me a fucking web app"), ["R005"]);
        assert_eq!(codes("assess the cockpit dashboard"), [""; 0]);
    }

    #[test]
    fn project_codes_have_3_to_64_characters() {
        let code = |code: &str| check_request("x", Some(code)).len();
        assert_eq!((code("ab"), code("PW6VSIR"), code(&"x".repeat(64)), code(&"x".repeat(65))), (1, 0, 0, 1));
    }
}
