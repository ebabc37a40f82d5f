//! Writing XML: escaping, and numbers that are short and the same everywhere.

/// `text` fit for an attribute value in double quotes or for character data. Characters that XML does not
/// allow at all are dropped.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\t' | '\n' => out.push(c),
            '\u{0}'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}' => {}
            _ => out.push(c),
        }
    }
    out
}

/// A coordinate with at most two decimals, `0` for what is not finite.
pub(crate) fn number(value: f64) -> String {
    if !value.is_finite() {
        return "0".to_owned();
    }
    let rounded = (value * 100.0).round() / 100.0;
    // Minus zero would be written as `-0`.
    let mut text = format!("{:.2}", if rounded == 0.0 { 0.0 } else { rounded });
    while text.ends_with('0') {
        text.pop();
    }
    if text.ends_with('.') {
        text.pop();
    }
    text
}

/// An id for XML and CSS made of any text: what is neither letter, digit, `-` nor `.` becomes `_` with its
/// code in hexadecimal, so that different texts keep different ids.
pub(crate) fn id(prefix: &str, text: &str) -> String {
    let mut out = String::from(prefix);
    for c in text.chars() {
        if c.is_ascii_alphanumeric() || c == '-' || c == '.' {
            out.push(c);
        } else {
            out.push_str(&format!("_{:x}", c as u32));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_breaks_out_of_an_attribute() {
        assert_eq!(escape("a\"><script>&'\u{1}"), "a&quot;&gt;&lt;script&gt;&amp;&#39;");
    }

    #[test]
    fn numbers_are_short() {
        let cases =
            [(1.0, "1"), (0.5, "0.5"), (-0.001, "0"), (12.345, "12.35"), (f64::NAN, "0"), (100.0, "100")];
        for (value, expected) in cases {
            assert_eq!(number(value), expected);
        }
    }

    #[test]
    fn ids_stay_apart() {
        assert_eq!(id("n-", "a.b c"), "n-a.b_20c");
        assert_ne!(id("", "a b"), id("", "a_b"));
    }
}
