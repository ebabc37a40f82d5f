//! Styles that models name after CSS and other notations, or put a level too deep or too high.

use super::lines::note;

/// Names of other notations, and the keyword of D2.
const NAMES: &[(&str, &str)] = &[
    ("background", "fill"),
    ("background-color", "fill"),
    ("bg", "fill"),
    ("bgcolor", "fill"),
    ("fill-color", "fill"),
    ("fillcolor", "fill"),
    ("color", "font-color"),
    ("text-color", "font-color"),
    ("fontcolor", "font-color"),
    ("border-color", "stroke"),
    ("stroke-color", "stroke"),
    ("line-color", "stroke"),
    ("border-width", "stroke-width"),
    ("line-width", "stroke-width"),
    ("thickness", "stroke-width"),
    ("corner-radius", "border-radius"),
];
/// Keywords of an object that have no place in its style.
const OF_OBJECTS: &[&str] =
    &["shape", "label", "icon", "near", "width", "height", "link", "tooltip", "class", "direction"];

/// What a map holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Block {
    Style,
    /// A style in a style, whose braces go.
    Inner,
    /// A connection's own map.
    Connection,
    Other,
}

/// Names styles as D2 does, and puts each keyword on its own level.
pub(super) fn mend(text: &str, changes: &mut Vec<String>) -> String {
    let mut out: Vec<String> = Vec::new();
    let mut open: Vec<Block> = Vec::new();
    // What stood in a style and belongs behind it.
    let mut outside: Vec<String> = Vec::new();
    let mut block_string = None;
    for line in text.lines() {
        if super::lines::in_block_string(line, &mut block_string) {
            out.push(line.to_owned());
            continue;
        }
        let trimmed = line.trim();
        let key = trimmed.split([':', '{']).next().unwrap_or_default().trim();
        if let Some(head) = trimmed.strip_suffix('{').filter(|head| !head.contains(['{', '}'])) {
            let in_style = matches!(open.last(), Some(Block::Style | Block::Inner));
            open.push(match key {
                "style" if in_style => Block::Inner,
                "style" => Block::Style,
                _ if head.contains("->") => Block::Connection,
                _ => Block::Other,
            });
            if open.last() == Some(&Block::Inner) {
                note(changes, "took a style out of a style");
                continue;
            }
        } else if trimmed == "}" {
            match open.pop() {
                Some(Block::Inner) => continue,
                Some(Block::Style) => {
                    // Nothing in it: D2 refuses the empty map.
                    let empty = out.last().is_some_and(|last| is_style_head(last));
                    if empty {
                        out.pop();
                        note(changes, "took out an empty style");
                    } else {
                        out.push(line.to_owned());
                    }
                    out.append(&mut outside);
                    continue;
                }
                _ => {}
            }
        } else if matches!(open.last(), Some(Block::Style | Block::Inner)) {
            if OF_OBJECTS.contains(&key) && trimmed.contains(':') {
                note(changes, "put keywords of an object beside its style");
                outside.push(line.to_owned());
                continue;
            }
            let on_line = open.contains(&Block::Connection);
            out.extend(named(line, key, key, on_line, changes));
            continue;
        } else if let Some(style) = key.strip_prefix("style.") {
            let on_line = open.last() == Some(&Block::Connection);
            out.extend(named(line, key, style, on_line, changes));
            continue;
        } else if key == "style" && trimmed.matches(": ").count() == 2 && !trimmed.contains('{') {
            note(changes, "named styles as D2 does");
            out.push(line.replacen("style: ", "style.", 1));
            continue;
        }
        out.push(line.to_owned());
    }
    out.append(&mut outside);
    out.join("\n") + "\n"
}

fn is_style_head(line: &str) -> bool {
    let head = line.trim().strip_suffix('{').unwrap_or_default();
    matches!(head.trim(), "style:" | "style")
}

/// A line of a style under D2's name; `None` where nothing of it is to be said in D2.
fn named(line: &str, key: &str, style: &str, on_line: bool, changes: &mut Vec<String>) -> Option<String> {
    let value = line.split_once(':').map_or("", |(_, value)| value).trim().trim_matches('"');
    let lower = style.to_ascii_lowercase().replace('_', "-");
    let with = |name: &str, value: &str| {
        let before = &line[..line.find(key).unwrap_or(0)];
        Some(format!("{before}{}{name}: {value}", key.strip_suffix(style).unwrap_or_default()))
    };
    let changed = match (lower.as_str(), value) {
        ("font-weight", "bold" | "bolder" | "600" | "700" | "800") => with("bold", "true"),
        ("font-style", "italic" | "oblique") => with("italic", "true"),
        ("line-style" | "stroke-style" | "border-style", "dashed" | "dash") => with("stroke-dash", "5"),
        ("line-style" | "stroke-style" | "border-style", "dotted") => with("stroke-dash", "2"),
        ("line-style" | "stroke-style" | "border-style", "solid") => None,
        ("color", _) if on_line => line.replacen(key, &key.replacen(style, "stroke", 1), 1).into(),
        _ => match NAMES.iter().find(|(name, _)| *name == lower) {
            Some((_, name)) => line.replacen(key, &key.replacen(style, name, 1), 1).into(),
            None => return Some(line.to_owned()),
        },
    };
    note(changes, "named styles as D2 does");
    changed
}
