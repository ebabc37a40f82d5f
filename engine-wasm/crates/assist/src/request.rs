//! What a design request must keep to before anybody works on it.

use spandrel_base::{Diagnostic, Span};

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
    if length == 0 {
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
    found.extend(profanity(query));
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

/// The first control character and the first bidirectional override, if any. Line breaks and tabs are
/// white space; the joiners that emoji and many scripts need are left alone.
fn control_characters(query: &str) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let first = |wanted: fn(char) -> bool| query.char_indices().find(|&(_, c)| wanted(c));
    if let Some((at, c)) = first(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        let message = format!("the request holds the control character U+{:04X}", u32::from(c));
        found.push(Diagnostic::error("R003", Span::new(at, at + c.len_utf8()), message).help("take it out"));
    }
    if let Some((at, c)) = first(is_bidi_control) {
        let message =
            format!("the request holds U+{:04X}, which changes the direction of reading", u32::from(c));
        found.push(Diagnostic::error("R004", Span::new(at, at + c.len_utf8()), message).help("take it out"));
    }
    found
}

/// Embeddings, overrides and isolates of the Unicode Bidirectional Algorithm (UAX #9, section 2).
fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Whole words only, so that no innocent word is caught for what it contains.
fn profanity(query: &str) -> Option<Diagnostic> {
    let mut word_start = None;
    let ends = query.char_indices().chain([(query.len(), ' ')]);
    for (at, c) in ends {
        let in_word = c.is_alphanumeric() || matches!(c, '@' | '$' | '!' | '*');
        match (in_word, word_start) {
            (true, None) => word_start = Some(at),
            (false, Some(start)) => {
                word_start = None;
                if is_profane(&query[start..at]) {
                    let span = Span::new(start, at);
                    return Some(
                        Diagnostic::error("R005", span, "the request holds a word that is not accepted here")
                            .help("say it without that word"),
                    );
                }
            }
            _ => {}
        }
    }
    None
}

fn is_profane(word: &str) -> bool {
    let plain: String = word.to_lowercase().trim_end_matches('!').chars().map(unmask).collect();
    let listed = |word: &str| PROFANITY.lines().any(|line| line == word);
    plain.len() > 2 && ["", "s", "es"].iter().any(|ending| plain.strip_suffix(ending).is_some_and(listed))
}

/// What a masked letter stands for.
fn unmask(c: char) -> char {
    match c {
        '@' | '4' => 'a',
        '$' | '5' => 's',
        '1' | '!' => 'i',
        '0' => 'o',
        '3' => 'e',
        c => c,
    }
}

const PROFANITY: &str = include_str!("../data/profanity.txt");

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
    fn profanity_is_whole_words() {
        for query in ["build me a fucking web app", "this shit is slow", "sh1t", "draw a b!tch"] {
            assert_eq!(codes(query), ["R005"], "{query}");
        }
        for query in [
            "a shop in Scunthorpe",
            "class registry",
            "assess the cockpit dashboard",
            "Essex cocktail app",
            "analytics for Dickinson county",
            "mass assembly bass shiitake",
            "Hancock",
            "pass",
            "x rated 4s",
            "manage assets and assistants",
            "Arsenal",
            "execute! hello!",
        ] {
            assert_eq!(codes(query), [""; 0], "{query}");
        }
    }

    #[test]
    fn project_codes_have_3_to_64_characters() {
        let code = |code: &str| check_request("x", Some(code)).len();
        assert_eq!((code("ab"), code("PW6VSIR"), code(&"x".repeat(64)), code(&"x".repeat(65))), (1, 0, 0, 1));
    }
}
