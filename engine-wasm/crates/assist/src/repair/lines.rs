//! What one line tells: signs of other notations, quotes, arrows, colours, shapes, comments.

use std::collections::BTreeMap;

use spandrel_graph::Shape;

/// Mends each line outside block strings.
pub(super) fn mend(text: &str, changes: &mut Vec<String>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut block: Option<String> = None;
    // How far a block stands in that nothing closes.
    let mut unclosed: Option<usize> = None;
    let mut in_comment = false;
    let lines: Vec<&str> = text.lines().collect();
    // The last line that closes a fence, each fence looked for once.
    let mut last: BTreeMap<String, usize> = BTreeMap::new();
    for (at, line) in lines.iter().enumerate() {
        if let Some(indent) = unclosed
            && (!line.trim().is_empty() && indent_of(line) <= indent)
        {
            // It ends where a line stands as far left as the one that opened it.
            while out.ends_with("\n\n") {
                out.pop();
            }
            out.push_str(&format!("{}{}\n", " ".repeat(indent), block.take().unwrap_or_default()));
            note(changes, "closed a block of text where its indentation ends");
            unclosed = None;
        }
        if in_block_string(line, &mut block) {
            out.push_str(line);
            out.push('\n');
            continue;
        }
        let trimmed = line.trim();
        if in_comment || trimmed.starts_with("/*") {
            in_comment = !trimmed.ends_with("*/");
            note(changes, "wrote comments with `#`");
            let comment = trimmed.trim_start_matches("/*").trim_end_matches("*/").trim_matches(['*', ' ']);
            out.push_str(format!("# {comment}").trim_end());
            out.push('\n');
            continue;
        }
        let mended = mend_line(line, changes);
        block = opens_block(&mended);
        unclosed = block
            .as_deref()
            .filter(|end| {
                let find = || lines.iter().rposition(|line| closes_block(line, end)).unwrap_or(0);
                *last.entry((*end).to_owned()).or_insert_with(find) <= at
            })
            .map(|_| indent_of(line));
        out.push_str(&mended);
        out.push('\n');
    }
    if let Some((end, indent)) = block.zip(unclosed) {
        out.push_str(&format!("{}{end}\n", " ".repeat(indent)));
        note(changes, "closed a block of text at the end");
    }
    out
}

fn indent_of(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

fn closes_block(line: &str, end: &str) -> bool {
    line.trim_end().ends_with(end) || line.trim_start().starts_with(end)
}

/// Whether a line stands in a block string, its last line included; `open` is the closing fence between lines.
pub(super) fn in_block_string(line: &str, open: &mut Option<String>) -> bool {
    let Some(end) = open else {
        *open = opens_block(line);
        return false;
    };
    if closes_block(line, end) {
        *open = None;
    }
    true
}

/// The closing fence of a block string that a line opens and does not close.
fn opens_block(line: &str) -> Option<String> {
    let at = line
        .find(": |")
        .map(|at| at + 2)
        .or_else(|| line.trim_start().starts_with('|').then(|| line.len() - line.trim_start().len()))?;
    let fence: String =
        line[at..].chars().take_while(|c| !c.is_alphanumeric() && !c.is_whitespace()).collect();
    let rest = &line[at + fence.len()..];
    let close: String = fence.chars().rev().collect();
    (!fence.is_empty() && !rest.trim_end().ends_with(&close)).then_some(close)
}

pub(super) fn note(changes: &mut Vec<String>, what: &str) {
    if !changes.iter().any(|known| known == what) {
        changes.push(what.to_owned());
    }
}

fn mend_line(line: &str, changes: &mut Vec<String>) -> String {
    let mut text = line.to_owned();
    let trimmed = text.trim_start();
    if let Some(comment) = trimmed.strip_prefix("//").or_else(|| trimmed.strip_prefix("%%")) {
        note(changes, "wrote comments with `#`");
        return format!("{}#{comment}", &text[..text.len() - trimmed.len()]);
    }
    if trimmed.starts_with('#') {
        return text;
    }
    if let Some(comment) = trimmed.strip_prefix("-- ").filter(|rest| !rest.contains("->")) {
        note(changes, "wrote comments with `#`");
        return format!("{}# {comment}", &text[..text.len() - trimmed.len()]);
    }
    text = straight_quotes(&text, changes);
    // Arrows stand before the label; after it they are the author's own words.
    let (ends, label) =
        text.split_once(": ").map_or((text.as_str(), None), |(ends, label)| (ends, Some(label)));
    let ends = outside_quotes(ends, |part| arrows(part, changes));
    text = label.map_or(ends.clone(), |label| format!("{ends}: {label}"));
    if text.contains('<') {
        text = html(&text, changes);
    }
    if text.contains(" // ") {
        text = outside_quotes(&text, |part| part.replacen(" // ", " # ", 1));
        note(changes, "wrote comments with `#`");
    }
    text = connection_labels(&text, changes);
    text = equals(&text, changes);
    text = colours(&text, changes);
    text = shapes(&text, changes);
    let end = text.trim_end();
    if end.ends_with(',') && !end.contains('[') && !end.starts_with('|') {
        note(changes, "took commas off the ends of lines");
        text.truncate(end.trim_end_matches(',').len());
    }
    text
}

fn straight_quotes(line: &str, changes: &mut Vec<String>) -> String {
    let mut straight = String::with_capacity(line.len());
    // The sign that closes a curly quote is an apostrophe elsewhere.
    let mut opened = false;
    let mut letters = line.chars().peekable();
    while let Some(c) = letters.next() {
        straight.push(match c {
            '“' | '”' | '„' | '‟' | '«' | '»' => '"',
            '‘' | '‚' | '‛' => {
                opened = true;
                '\''
            }
            '’' if opened && !letters.peek().is_some_and(|next| next.is_alphanumeric()) => {
                opened = false;
                '\''
            }
            c => c,
        });
    }
    if straight != line {
        note(changes, "made quotes straight");
    }
    straight
}

/// Applies a change to what is not in quotes and not a comment.
fn outside_quotes(line: &str, mut change: impl FnMut(&str) -> String) -> String {
    let mut out = String::new();
    let mut plain = String::new();
    let mut quote: Option<char> = None;
    let mut escaped = false;
    for c in line.chars() {
        match quote {
            Some(open) => {
                out.push(c);
                if c == open && !escaped {
                    quote = None;
                }
                escaped = c == '\\' && !escaped;
            }
            // An apostrophe inside a word is a letter.
            None if c == '"' || (c == '\'' && !plain.ends_with(char::is_alphanumeric)) => {
                out.push_str(&change(&plain));
                plain.clear();
                out.push(c);
                quote = Some(c);
            }
            None => plain.push(c),
        }
    }
    out.push_str(&change(&plain));
    out
}

fn arrows(part: &str, changes: &mut Vec<String>) -> String {
    const ARROWS: &[(&str, &str)] = &[
        ("<==>", "<->"),
        ("<=>", "<->"),
        ("⟷", "<->"),
        ("↔", "<->"),
        ("⇔", "<->"),
        ("<–>", "<->"),
        ("<—>", "<->"),
        ("==>", "->"),
        ("=>", "->"),
        ("-.->", "->"),
        ("~>", "->"),
        ("⟶", "->"),
        ("→", "->"),
        ("➔", "->"),
        ("➜", "->"),
        ("⇒", "->"),
        ("—>", "->"),
        ("–>", "->"),
        ("->>", "->"),
        ("←", "<-"),
        ("⟵", "<-"),
        ("⇐", "<-"),
    ];
    let mut text = part.to_owned();
    for (from, to) in ARROWS {
        if text.contains(from) {
            text = text.replace(from, to);
            note(changes, "wrote arrows as D2 does");
        }
    }
    text
}

/// `<br>` is a line break in a label; other tags of labels go, their text stays.
fn html(line: &str, changes: &mut Vec<String>) -> String {
    let mut out = String::new();
    let mut rest = line;
    // Behind the last `>` no tag is closed: without this every `<` would look through the rest of the line.
    let last = line.rfind('>').unwrap_or(0);
    while let Some(open) = rest.find('<').filter(|open| line.len() - rest.len() + open < last) {
        let (before, tag) = rest.split_at(open);
        out.push_str(before);
        let name: String =
            tag[1..].trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect();
        let known = ["br", "b", "i", "u", "em", "strong", "span", "small", "font", "p", "div", "sub", "sup"]
            .contains(&name.to_ascii_lowercase().as_str());
        if let Some(close) = known.then(|| tag.find('>')).flatten() {
            note(changes, "took HTML out of labels");
            if name.eq_ignore_ascii_case("br") {
                out.push_str("\\n");
            }
            rest = &tag[close + 1..];
        } else {
            out.push('<');
            rest = &tag[1..];
        }
    }
    out.push_str(rest);
    out
}

/// `a -->|label| b` of Mermaid and `a -> b [label="x"]` of DOT.
fn connection_labels(line: &str, changes: &mut Vec<String>) -> String {
    let Some(arrow) = line.find("->") else { return line.to_owned() };
    let after = &line[arrow + 2..];
    if let Some(rest) = after.trim_start().strip_prefix('|')
        && let Some((label, target)) = rest.split_once('|')
        && !target.trim().is_empty()
    {
        note(changes, "wrote labels of connections as D2 does");
        let source = line[..arrow].trim_end_matches(['-', ' ']);
        return format!("{source} -> {}: {}", target.trim(), label.trim());
    }
    if let Some((head, rest)) = line.split_once('[')
        && let Some(at) = rest.find("label")
        && let Some((_, value)) = rest[at..].split_once('=')
    {
        note(changes, "wrote labels of connections as D2 does");
        let value = value.trim().trim_end_matches([']', ';', ' ']).trim_matches('"');
        return format!("{}: {value}", head.trim_end());
    }
    line.to_owned()
}

/// Whether a line sets an attribute with `=`.
pub(super) fn has_equals(line: &str) -> bool {
    line.split_once('=')
        .is_some_and(|(key, value)| !key.contains(':') && is_keyword(key.trim()) && !value.trim().is_empty())
}

/// `shape = cylinder`, `style.fill="#fff"`.
fn equals(line: &str, changes: &mut Vec<String>) -> String {
    let Some((key, value)) = line.split_once('=') else { return line.to_owned() };
    if !key.contains(':') && is_keyword(key.trim()) && !value.trim().is_empty() {
        note(changes, "wrote attributes with `:`");
        return format!("{}: {}", key.trim_end(), value.trim());
    }
    line.to_owned()
}

/// `fill: #fff` begins a comment; the colour wants quotes.
fn colours(line: &str, changes: &mut Vec<String>) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some(at) = rest.find(": #") {
        let hex: String = rest[at + 3..].chars().take_while(char::is_ascii_hexdigit).collect();
        let key = rest[..at].trim();
        let is_colour = matches!(hex.len(), 3 | 4 | 6 | 8)
            && ["fill", "stroke", "color", "background"].iter().any(|word| key.ends_with(word));
        if !is_colour {
            break;
        }
        note(changes, "put colours into quotes");
        out.push_str(&format!("{}: \"#{hex}\"", &rest[..at]));
        rest = &rest[at + 3 + hex.len()..];
    }
    out + rest
}

/// Shapes that models invent, as D2 knows them.
fn shapes(line: &str, changes: &mut Vec<String>) -> String {
    const SHAPES: &[(&str, &str)] = &[
        ("database", "cylinder"),
        ("db", "cylinder"),
        ("storage", "cylinder"),
        ("disk", "cylinder"),
        ("cache", "cylinder"),
        ("bucket", "stored_data"),
        ("actor", "person"),
        ("user", "person"),
        ("human", "person"),
        ("box", "rectangle"),
        ("rect", "rectangle"),
        ("rounded", "rectangle"),
        ("rounded_rectangle", "rectangle"),
        ("component", "rectangle"),
        ("node", "rectangle"),
        ("server", "rectangle"),
        ("service", "rectangle"),
        ("process", "rectangle"),
        ("container", "rectangle"),
        ("group", "rectangle"),
        ("ellipse", "oval"),
        ("table", "sql_table"),
        ("hex", "hexagon"),
        ("message_queue", "queue"),
        ("topic", "queue"),
        ("stream", "queue"),
        ("folder", "package"),
        ("file", "page"),
        ("note", "page"),
        ("decision", "diamond"),
        ("rhombus", "diamond"),
        ("internet", "cloud"),
        ("external", "cloud"),
        ("shield", "hexagon"),
        ("firewall", "hexagon"),
        ("gateway", "hexagon"),
        ("lock", "hexagon"),
        ("sequence", "sequence_diagram"),
    ];
    let Some(at) = line.find("shape:") else { return line.to_owned() };
    let value_start = at + "shape:".len();
    let rest = &line[value_start..];
    let value: String = rest
        .trim_start()
        .trim_start_matches('"')
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
        .collect();
    let lower = value.to_ascii_lowercase();
    if value.is_empty() || Shape::from_keyword(&lower).is_some() {
        return line.to_owned();
    }
    let Some((_, known)) = SHAPES.iter().find(|(name, _)| *name == lower.replace('-', "_")) else {
        return line.to_owned();
    };
    note(changes, "named shapes as D2 does");
    format!("{}{}", &line[..value_start], rest.replacen(&value, known, 1))
}

/// Whether a line sets one attribute and nothing else.
pub(super) fn is_attribute(line: &str) -> bool {
    let Some((key, value)) = line.split_once(':') else { return false };
    !value.trim_end().ends_with('{')
        && is_keyword(key.trim().rsplit_once("->").map_or(key.trim(), |(_, key)| key.trim()))
}

fn is_keyword(key: &str) -> bool {
    const LAST: &[&str] = &[
        "shape",
        "icon",
        "width",
        "height",
        "near",
        "direction",
        "link",
        "tooltip",
        "opacity",
        "stroke",
        "fill",
        "animated",
        "bold",
        "italic",
        "shadow",
        "multiple",
        "grid-rows",
        "grid-columns",
        "grid-gap",
        "top",
        "left",
        "label",
        "class",
    ];
    let last = key.rsplit('.').next().unwrap_or(key);
    key.contains("style.")
        || LAST.contains(&last)
        || last.starts_with("font")
        || last.starts_with("stroke")
        || last.starts_with("border")
        || last.starts_with("background")
        || last.starts_with("text")
}
