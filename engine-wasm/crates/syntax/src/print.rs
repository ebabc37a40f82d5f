//! Strings and keys as D2 would write them: bare where that reads back the same, quoted otherwise.

use crate::ast::{Import, Quote, Str};

const KEY_SPECIALS: &[char] = &[
    '#', ';', '\n', '\\', '{', '}', '[', ']', '\'', '"', '|', ':', '.', '-', '<', '>', '*', '&', '(', ')',
    '@',
];
const VALUE_SPECIALS: &[char] = &['#', ';', '\n', '\\', '{', '}', '[', ']', '\'', '"', '|', '$', '@'];

/// How `text` has to be written as a part of a key.
pub fn key_quote(text: &str) -> Quote {
    if text.is_empty() {
        return Quote::Double;
    }
    let bytes = text.as_bytes();
    for (index, c) in text.char_indices() {
        if c == '-' && bytes.get(index + 1).is_some_and(|&next| next != b'-') {
            continue;
        }
        if KEY_SPECIALS.contains(&c) {
            return if !text.contains('"') || text.contains('\n') { Quote::Double } else { Quote::Single };
        }
    }
    bare_unless_padded(text)
}

/// How `text` has to be written as a value.
pub fn value_quote(text: &str) -> Quote {
    if text.is_empty() {
        return Quote::Double;
    }
    if matches!(text, "null" | "suspend" | "unsuspend") || text.contains(VALUE_SPECIALS) {
        let plain = !text.contains('"') && !text.contains('$');
        return if plain || text.contains('\n') { Quote::Double } else { Quote::Single };
    }
    bare_unless_padded(text)
}

fn bare_unless_padded(text: &str) -> Quote {
    if text.trim().len() == text.len() { Quote::Unquoted } else { Quote::Double }
}

/// Whether a part of a key is written as it is: without quotes and without escapes.
pub fn is_bare_key(text: &str) -> bool {
    // The common case needs no table of signs.
    let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    (!text.is_empty() && text.bytes().all(plain) && !text.eq_ignore_ascii_case("null"))
        || key_part(text) == text
}

/// A part of a key.
pub fn key_part(text: &str) -> String {
    write(text, &key_quote(text), true)
}

/// A path of a key.
pub fn key_path<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
    let mut path = String::new();
    for (index, part) in parts.into_iter().enumerate() {
        if index > 0 {
            path.push('.');
        }
        path.push_str(&key_part(part));
    }
    path
}

/// A value.
pub fn value(text: &str) -> String {
    write(text, &value_quote(text), false)
}

/// Block text with a language, indented by `indent` steps of two spaces.
pub fn block(text: &str, tag: &str, indent: usize) -> String {
    let text = text.trim();
    let fence = "|".repeat(longest_run(text, '|'));
    if !text.contains('\n') {
        return format!("|{fence}{tag} {text} {fence}|");
    }
    let pad = "  ".repeat(indent + 1);
    let mut result = format!("|{fence}{tag}\n");
    for line in text.split('\n') {
        if !line.is_empty() {
            result.push_str(&pad);
            result.push_str(line);
        }
        result.push('\n');
    }
    result.push_str(&"  ".repeat(indent));
    result.push_str(&fence);
    result.push('|');
    result
}

/// How often `sign` stands in a row, at most.
pub(crate) fn longest_run(text: &str, sign: char) -> usize {
    let (mut longest, mut run) = (0, 0);
    for c in text.chars() {
        run = if c == sign { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    longest
}

fn write(text: &str, quote: &Quote, in_key: bool) -> String {
    match quote {
        Quote::Unquoted | Quote::Block(_) => escape_unquoted(text, in_key),
        Quote::Double => format!("\"{}\"", escape_double(text, in_key)),
        Quote::Single => format!("'{}'", escape_single(text)),
    }
}

/// The inside of a `"…"`.
pub fn escape_double(text: &str, in_key: bool) -> String {
    let mut result = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => {
                result.push_str("\\n");
                continue;
            }
            '"' | '\\' => result.push('\\'),
            '$' if !in_key => result.push('\\'),
            _ => {}
        }
        result.push(c);
    }
    result
}

/// The inside of a `'…'`.
pub fn escape_single(text: &str) -> String {
    text.replace('\'', "''").replace('\n', "\\n")
}

/// `text` without quotes, signs that would end it escaped.
pub fn escape_unquoted(text: &str, in_key: bool) -> String {
    if text.is_empty() {
        return "\"\"".to_owned();
    }
    if text.eq_ignore_ascii_case("null") {
        return "'null'".to_owned();
    }
    let mut result = String::with_capacity(text.len());
    for (index, c) in text.char_indices() {
        let special = match c {
            '\n' => {
                result.push_str("\\n");
                continue;
            }
            '\'' | '"' | '|' => index == 0,
            '-' if in_key => text[index + 1..].starts_with('-'),
            '&' if in_key => index == 0,
            c if in_key => KEY_SPECIALS.contains(&c),
            c => VALUE_SPECIALS.contains(&c),
        };
        if special {
            result.push('\\');
        }
        result.push(c);
    }
    result
}

/// The path of an import: the file with its prefix, cleaned, then the keys inside it.
pub fn import_path(import: &Import) -> String {
    let mut path = String::new();
    let prefix = clean_path(&import.prefix);
    if prefix != "." {
        path.push_str(&prefix);
        if !prefix.ends_with('/') {
            path.push('/');
        }
    }
    for (index, part) in import.path.iter().enumerate() {
        if index > 0 {
            path.push('.');
            // Quotes stay: without them `d2` would be the end of the file's name.
            let quote = match key_quote(part.text()) {
                Quote::Unquoted if !part.is_unquoted() => Quote::Double,
                quote => quote,
            };
            path.push_str(&write(part.text(), &quote, true));
        } else {
            path.push_str(&key_part(&clean_path(part.text())));
        }
    }
    path
}

/// A slash-separated path without `.`, empty parts, and `x/..`; `.` where nothing is left.
pub fn clean_path(path: &str) -> String {
    let rooted = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => match parts.last() {
                Some(&last) if last != ".." => {
                    parts.pop();
                }
                _ if rooted => {}
                _ => parts.push(".."),
            },
            part => parts.push(part),
        }
    }
    let clean = parts.join("/");
    match (rooted, clean.is_empty()) {
        (true, _) => format!("/{clean}"),
        (false, true) => ".".to_owned(),
        (false, false) => clean,
    }
}

impl Str {
    /// The string of a key as D2 prints it, whatever its present form.
    pub fn printed_key(&self) -> String {
        key_part(self.text())
    }
}
