//! Domains of values.

use spandrel_base::{Diagnostic, Fix, Span, TextEdit, color};

/// Whether `text` is a colour that D2 takes: a name, `#rgb`, `#rrggbb`, or a gradient of colours.
pub fn is_color(text: &str) -> bool {
    let inner = ["linear-gradient(", "radial-gradient("].iter().find_map(|p| text.strip_prefix(p));
    if let Some(inner) = inner.and_then(|rest| rest.strip_suffix(')')).filter(|inner| !inner.is_empty()) {
        return is_gradient(inner, text.starts_with("linear"));
    }
    is_named(text) || is_hex(text, &[3, 6])
}

fn is_hex(text: &str, lengths: &[usize]) -> bool {
    text.strip_prefix('#')
        .is_some_and(|hex| lengths.contains(&hex.len()) && hex.bytes().all(|b| b.is_ascii_hexdigit()))
}

/// The stops of a gradient, with its direction in front where it has one.
fn is_gradient(inner: &str, linear: bool) -> bool {
    let mut stops = split_at_commas(inner);
    let first = stops.first().copied().unwrap_or("").trim();
    let direction = if linear {
        first.ends_with("deg") || first.starts_with("to ")
    } else {
        matches!(first, "circle" | "ellipse")
    };
    if direction {
        stops.remove(0);
        if stops.is_empty() {
            return false;
        }
    }
    stops.iter().all(|stop| {
        let words: Vec<&str> = stop.split_whitespace().collect();
        // A stop is a colour, with a position or without; anything longer is passed over.
        !(1..=2).contains(&words.len()) || is_css_color(words[0])
    })
}

fn split_at_commas(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut nesting) = (0, 0_usize);
    for (at, c) in text.char_indices() {
        match c {
            ',' if nesting == 0 => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            '(' => nesting += 1,
            ')' => nesting = nesting.saturating_sub(1),
            _ => {}
        }
    }
    if start < text.len() {
        parts.push(&text[start..]);
    }
    parts
}

/// Whether `text` is a CSS colour: a name, a hex code with or without alpha, or a function of numbers.
fn is_css_color(text: &str) -> bool {
    if is_named(text) || is_hex(text, &[3, 4, 6, 8]) {
        return true;
    }
    let lower = text.to_ascii_lowercase();
    let Some((name, rest)) = lower.split_once('(') else { return false };
    let Some(arguments) = rest.strip_suffix(')') else { return false };
    let known = matches!(
        name,
        "rgb" | "rgba" | "hsl" | "hsla" | "hwb" | "hwba" | "hsv" | "hsva" | "lab" | "lch" | "oklab" | "oklch"
    );
    let number = |word: &str| {
        let word = word.trim_end_matches(|c: char| c == '%' || c.is_ascii_alphabetic());
        word.parse::<f64>().is_ok()
    };
    let words: Vec<&str> =
        arguments.split([',', '/', ' ']).map(str::trim).filter(|word| !word.is_empty()).collect();
    known && (3..=4).contains(&words.len()) && words.iter().all(|word| number(word))
}

/// Whether CSS has a colour of this name, or `transparent` or `currentcolor`.
pub(crate) fn is_named(text: &str) -> bool {
    color::named(text).is_some()
        || ["transparent", "currentcolor"].iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// An integer as D2 reads one: sign and digits, no more than fit 64 bits.
pub(crate) fn integer(text: &str) -> Option<i64> {
    text.parse().ok()
}

/// A boolean as D2 reads one.
pub(crate) fn boolean(text: &str) -> Option<bool> {
    match text {
        "1" | "t" | "T" | "TRUE" | "true" | "True" => Some(true),
        "0" | "f" | "F" | "FALSE" | "false" | "False" => Some(false),
        _ => None,
    }
}

/// What is expected of a style value where `text` is not that; `None` where all is well.
pub(crate) fn style_mistake(keyword: &str, text: &str) -> Option<String> {
    let color =
        "a colour name (`orange`), a hex code (`#f0ff3a`) or a gradient (`linear-gradient(red, blue)`)";
    let (holds, expected) = match keyword {
        "opacity" => {
            let number = text.parse::<f64>().ok();
            (number.is_some_and(|n| (0.0..=1.0).contains(&n)), "a number from 0 to 1")
        }
        "stroke" | "fill" | "font-color" => (is_color(text), color),
        "fill-pattern" => {
            let known = ["none", "dots", "lines", "grain", "paper"];
            (known.contains(&text.to_lowercase().as_str()), "`none`, `dots`, `lines`, `grain` or `paper`")
        }
        "stroke-width" => {
            (integer(text).is_some_and(|n| (0..=15).contains(&n)), "a whole number from 0 to 15")
        }
        "stroke-dash" => {
            (integer(text).is_some_and(|n| (0..=10).contains(&n)), "a whole number from 0 to 10")
        }
        "border-radius" => (integer(text).is_some_and(|n| n >= 0), "a whole number from 0"),
        "font" => (matches!(text.to_lowercase().as_str(), "default" | "mono"), "`default` or `mono`"),
        "font-size" => {
            (integer(text).is_some_and(|n| (8..=100).contains(&n)), "a whole number from 8 to 100")
        }
        "text-transform" => {
            let known = ["none", "uppercase", "lowercase", "capitalize"];
            (
                known.contains(&text.to_lowercase().as_str()),
                "`none`, `uppercase`, `lowercase` or `capitalize`",
            )
        }
        _ => (boolean(text).is_some(), "`true` or `false`"),
    };
    (!holds).then(|| expected.to_owned())
}

/// The candidate that `word` was most likely meant to be.
pub(crate) fn nearest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let word = word.to_lowercase();
    let length = word.chars().count();
    let allowed = length / 3 + 1;
    candidates
        .into_iter()
        // A character is one to four bytes: most candidates are too short or too long at a glance.
        .filter(|candidate| candidate.len() + allowed >= length && candidate.len() <= 4 * (length + allowed))
        .map(|candidate| (distance(&word, candidate, allowed), candidate))
        .filter(|&(distance, _)| distance <= allowed)
        .min_by_key(|&(distance, _)| distance)
        .map(|(_, candidate)| candidate)
}

/// Adds `did you mean …?` to a diagnostic, with the change that would mend it.
pub(crate) fn suggest(diagnostic: &mut Diagnostic, word: Option<&str>) {
    let span = diagnostic.span;
    suggest_at(diagnostic, span, word);
}

/// [`suggest`] for a diagnostic that points at more than the word.
pub(crate) fn suggest_at(diagnostic: &mut Diagnostic, span: Span, word: Option<&str>) {
    if let (Some(word), true) = (word, diagnostic.fixes.is_empty()) {
        diagnostic.help = Some(format!("did you mean `{word}`?"));
        let edit = TextEdit::replace(span, word);
        diagnostic.fixes.push(Fix { title: format!("Replace by `{word}`"), edits: vec![edit] });
    }
}

/// Edit distance with transpositions of neighbours (optimal string alignment), of the first [`LONG`] characters; more
/// than `allowed` is `allowed + 1`.
fn distance(a: &str, b: &str, allowed: usize) -> usize {
    let (mut letters_a, mut letters_b) = (['\0'; LONG], ['\0'; LONG]);
    let (a, b) = (letters(a, &mut letters_a), letters(b, &mut letters_b));
    if a.len().abs_diff(b.len()) > allowed {
        return allowed + 1;
    }
    // The row before last, the last, and the one being filled.
    let mut rows = [[0; LONG + 1]; 3];
    rows[2] = std::array::from_fn(|j| j);
    for i in 1..=a.len() {
        rows.rotate_left(1);
        rows[2][0] = i;
        for j in 1..=b.len() {
            let substitute = rows[1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut best = substitute.min(rows[1][j] + 1).min(rows[2][j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(rows[0][j - 2] + 1);
            }
            rows[2][j] = best;
        }
    }
    rows[2][b.len()]
}

/// Words are compared up to here.
const LONG: usize = 64;

fn letters<'l>(word: &str, into: &'l mut [char; LONG]) -> &'l [char] {
    let mut count = 0;
    for (slot, letter) in into.iter_mut().zip(word.chars()) {
        *slot = letter;
        count += 1;
    }
    &into[..count]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours() {
        assert!(is_color("Red") && is_color("#FFF") && !is_color("reddish") && !is_color("#ffff"));
    }

    #[test]
    fn gradients_need_colours() {
        assert!(is_color("linear-gradient(to right, red 20%, rgba(0,0,0,0.5))"));
        assert!(is_color("radial-gradient(circle, #fff, #000000)"));
        assert!(!is_color("linear-gradient(to right, url(javascript:x), red)"));
        assert!(!is_color("linear-gradient()"));
    }

    #[test]
    fn misspelt_words_find_their_neighbour() {
        assert_eq!(nearest("cyllinder", ["circle", "cylinder"]), Some("cylinder"));
        assert_eq!(nearest("xyz", ["circle", "cylinder"]), None);
    }
}
