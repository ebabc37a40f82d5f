//! Parts that are named like keywords of D2: where a connection ends at such a name it means a part, and the part gets
//! another name wherever it stands.

use std::collections::BTreeSet;

use super::lines::note;
use crate::generate::plan::KEYWORDS;

/// Containers within each other of which names are kept.
const MOST_DEEP: usize = 48;
const ARROWS: &[&str] = &["<->", "->", "<-", "--"];

/// Gives parts that are named like keywords another name.
pub(super) fn mend(text: &str, changes: &mut Vec<String>) -> String {
    let meant = meant_as_parts(text);
    if meant.is_empty() {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut renamed = false;
    walk(text, |scope, line, _| {
        let mended = if is_connection(line) {
            let label = label_at(line);
            let (ends, rest) = line.split_at(label);
            let mut mended = String::new();
            for (end, sign) in ends_of(ends) {
                mended.push_str(&renamed_path(scope, end, &meant));
                mended.push_str(sign);
            }
            mended + rest
        } else {
            let key_end = line.find([':', '{']).unwrap_or(line.len());
            let (key, rest) = line.split_at(key_end);
            if is_declared_part(scope, key, rest, &meant) {
                renamed_path(scope, key, &meant) + rest
            } else {
                line.to_owned()
            }
        };
        renamed |= mended != line;
        out.push_str(&mended);
        out.push('\n');
    });
    if renamed {
        note(changes, "gave parts that were named like keywords another name");
    }
    out
}

/// Places (the names of the containers and the keyword, joined by dots) that are meant as parts.
fn meant_as_parts(text: &str) -> BTreeSet<String> {
    let mut meant = BTreeSet::new();
    walk(text, |scope, line, next| {
        if is_connection(line) {
            for (end, _) in ends_of(&line[..label_at(line)]) {
                let path = place(scope, end);
                if path.rsplit('.').next().is_some_and(|last| KEYWORDS.contains(&last)) {
                    meant.insert(path);
                }
            }
        } else if let Some((key, value)) = line.split_once(':') {
            // `icon: Icon Server {` with a shape of its own.
            let value = value.trim();
            let named = value.strip_suffix('{').is_some_and(|name| name.trim().contains(' '));
            let key = key.trim();
            if named && key != "label" && KEYWORDS.contains(&key) && next.trim().starts_with("shape") {
                meant.insert(place(scope, key));
            }
        }
    });
    meant
}

/// Whether a line that begins with such a name declares the part. Inside a container the same keyword may be set as well
/// (`width: 200`): a name has several words or a map of its own.
fn is_declared_part(scope: &[String], key: &str, rest: &str, meant: &BTreeSet<String>) -> bool {
    let value = rest.trim_start_matches(':').trim();
    let names = scope.is_empty() || value.is_empty() || value.contains(' ') || rest.trim_end().ends_with('{');
    names && meant.contains(&place(scope, key))
}

/// Goes through the lines outside block strings, with the names of the containers around each and the line after it.
fn walk(text: &str, mut each: impl FnMut(&[String], &str, &str)) {
    let mut scope: Vec<String> = Vec::new();
    let mut deeper = 0_usize;
    let mut block_string = None;
    let lines: Vec<&str> = text.lines().collect();
    for (at, line) in lines.iter().enumerate() {
        if super::lines::in_block_string(line, &mut block_string) {
            each(&["|".to_owned()], line, "");
            continue;
        }
        each(&scope, line, lines.get(at + 1).copied().unwrap_or_default());
        let code = line.split(" #").next().unwrap_or_default();
        let net = code.matches('{').count() as i64 - code.matches('}').count() as i64;
        for _ in 0..net {
            // Deeper than anybody draws the names do not matter any more, only that braces match.
            if scope.len() < MOST_DEEP {
                scope.push(code.split([':', '{']).next().unwrap_or_default().trim().to_owned());
            } else {
                deeper += 1;
            }
        }
        for _ in 0..-net {
            if deeper > 0 {
                deeper -= 1;
            } else {
                scope.pop();
            }
        }
    }
}

fn place(scope: &[String], path: &str) -> String {
    let own = path.trim();
    scope.iter().map(String::as_str).chain([own]).collect::<Vec<_>>().join(".")
}

fn is_connection(line: &str) -> bool {
    let ends = &line[..label_at(line)];
    !ends.trim_start().starts_with('#') && ARROWS.iter().any(|arrow| ends.contains(arrow))
}

/// Where the label or the map of a connection begins.
fn label_at(line: &str) -> usize {
    let mut quote = None;
    for (at, c) in line.char_indices() {
        match quote {
            Some(open) => quote = (c != open).then_some(open),
            None if matches!(c, '"' | '\'') => quote = Some(c),
            None if matches!(c, ':' | '{') => return at,
            None => {}
        }
    }
    line.len()
}

/// The ends of a connection, each with the arrow behind it.
fn ends_of(ends: &str) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    let mut rest = ends;
    loop {
        let next =
            ARROWS.iter().filter_map(|arrow| Some((rest.find(arrow)?, *arrow))).min_by_key(|(at, _)| *at);
        let Some((at, arrow)) = next else { break };
        // A longer arrow is one arrow.
        let length = rest[at..].find(|c| !matches!(c, '<' | '-' | '>')).unwrap_or(rest.len() - at);
        found.push((&rest[..at], &rest[at..at + length.max(arrow.len())]));
        rest = &rest[at + length.max(arrow.len())..];
    }
    found.push((rest, ""));
    found
}

/// A path with its last name changed, where that is meant as a part.
fn renamed_path(scope: &[String], path: &str, meant: &BTreeSet<String>) -> String {
    let name = path.trim();
    if !meant.contains(&place(scope, name)) {
        return path.to_owned();
    }
    path.replacen(name, &format!("{name}_node"), 1)
}
