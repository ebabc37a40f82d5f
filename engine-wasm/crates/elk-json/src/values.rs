//! Values of options, as lenient as ELK: what does not parse leaves the default.

use spandrel_base::{Insets, Point};

/// The value as a finite number, read by the JSON reader, which is there anyway. More than JSON allows a
/// plus sign and a missing digit before or after the point.
pub(crate) fn number(text: &str) -> Option<f64> {
    let text = text.trim();
    let (minus, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let digits = digits.strip_suffix('.').unwrap_or(digits);
    let digits = digits.trim_start_matches('0');
    let whole = digits.starts_with(|c: char| c.is_ascii_digit());
    if !whole && !digits.starts_with('.') && !text.contains('0') {
        return None;
    }
    let padded;
    let digits = if whole {
        digits
    } else {
        padded = format!("0{digits}");
        &padded
    };
    let value: f64 = serde_json::from_str(digits).ok()?;
    Some(if minus { -value } else { value }).filter(|n| n.is_finite())
}

/// `value` between `low` and `high`. `f64::clamp` would bring the printing of floats along for its panic.
pub(crate) fn limit(value: f64, low: f64, high: f64) -> f64 {
    value.max(low).min(high)
}

/// `true` or `false` in any case.
pub(crate) fn boolean(text: &str) -> Option<bool> {
    match text.trim().to_ascii_lowercase().as_str() {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    }
}

/// A word of an enumeration, in upper case.
pub(crate) fn word(text: &str) -> String {
    text.trim().to_ascii_uppercase()
}

/// Words of a set: separated by blanks or commas, with or without brackets.
pub(crate) fn words(text: &str) -> Vec<String> {
    text.split(|c: char| c.is_whitespace() || matches!(c, ',' | '[' | ']'))
        .filter(|w| !w.is_empty())
        .map(str::to_ascii_uppercase)
        .collect()
}

/// `[top=1,left=2,bottom=3,right=4]`: missing sides are 0, anything else is nothing.
pub(crate) fn insets(text: &str) -> Option<Insets> {
    let inner = text.trim().strip_prefix('[')?.strip_suffix(']')?;
    let mut insets = Insets::default();
    for part in inner.split(',').filter(|p| !p.trim().is_empty()) {
        let (side, value) = part.split_once('=')?;
        let value = number(value)?;
        match side.trim() {
            "top" => insets.top = value,
            "left" => insets.left = value,
            "bottom" => insets.bottom = value,
            "right" => insets.right = value,
            _ => return None,
        }
    }
    Some(insets)
}

/// `(23, 43)`.
pub(crate) fn vector(text: &str) -> Option<Point> {
    let inner = text.trim().trim_start_matches(['(', '[', '{']).trim_end_matches([')', ']', '}']);
    let (x, y) = inner.split_once(',')?;
    Some(Point::new(number(x)?, number(y)?))
}

/// `( {1,2}, {3,4} )` or `(1,2; 3,4)`: the numbers in pairs.
pub(crate) fn chain(text: &str) -> Vec<Point> {
    let numbers: Vec<f64> = text
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '(' | ')' | '{' | '}' | '[' | ']'))
        .filter_map(number)
        .collect();
    numbers.chunks_exact(2).map(|pair| Point::new(pair[0], pair[1])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn insets_take_any_order_and_blanks() {
        assert_eq!(
            insets("[left=2, top=3, right=3, bottom=2]"),
            Some(Insets { top: 3.0, right: 3.0, bottom: 2.0, left: 2.0 })
        );
        assert_eq!(insets(" [ top = 5 ] "), Some(Insets { top: 5.0, ..Insets::default() }));
        assert_eq!(insets("12"), None);
        assert_eq!(insets("[over=1]"), None);
    }

    #[test]
    fn chains_come_in_both_spellings() {
        let expected = vec![Point::new(1.0, 2.0), Point::new(3.0, 4.0)];
        assert_eq!(chain("( {1,2}, {3,4} )"), expected);
        assert_eq!(chain("(1,2; 3,4)"), expected);
        assert_eq!(vector("(23, 43)"), Some(Point::new(23.0, 43.0)));
        assert_eq!(vector("nonsense"), None);
    }

    #[test]
    fn numbers_are_read_as_leniently_as_by_elk() {
        for (text, value) in [
            ("80", 80.0),
            (" 2.5 ", 2.5),
            ("-3", -3.0),
            ("+4", 4.0),
            (".5", 0.5),
            ("-.5", -0.5),
            ("5.", 5.0),
            ("007", 7.0),
            ("0", 0.0),
            ("0.25", 0.25),
            ("1e3", 1000.0),
            ("00.0", 0.0),
        ] {
            assert_eq!(number(text), Some(value), "{text}");
        }
        for text in ["", "x", "-", ".", "1e999", "NaN", "Infinity", "12px", "1 2", "--1", "e5"] {
            assert_eq!(number(text), None, "{text}");
        }
    }

    #[test]
    fn sets_are_words() {
        assert_eq!(words("[H_CENTER v_top, INSIDE]"), ["H_CENTER", "V_TOP", "INSIDE"]);
        assert!(words("[]").is_empty());
    }
}
