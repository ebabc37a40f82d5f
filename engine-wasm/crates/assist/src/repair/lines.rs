//! What one line tells: signs of other notations, quotes, arrows, colours, shapes, reserved words.

use spandrel_graph::Shape;

/// Mends each line outside block strings.
pub(super) fn mend(text: &str, changes: &mut Vec<String>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut block: Option<String> = None;
    for line in text.lines() {
        if let Some(end) = &block {
            if line.trim_end().ends_with(end.as_str()) || line.trim_start().starts_with(end.as_str()) {
                block = None;
            }
            out.push_str(line);
            out.push('\n');
            continue;
        }
        let mended = mend_line(line, changes);
        block = opens_block(&mended);
        out.push_str(&mended);
        out.push('\n');
    }
    out
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

fn note(changes: &mut Vec<String>, what: &str) {
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
    text = straight_quotes(&text, changes);
    // Arrows stand before the label; after it they are the author's own words.
    let (ends, label) =
        text.split_once(": ").map_or((text.as_str(), None), |(ends, label)| (ends, Some(label)));
    let ends = outside_quotes(ends, |part| arrows(part, changes));
    text = label.map_or(ends.clone(), |label| format!("{ends}: {label}"));
    if text.contains('<') {
        text = html(&text, changes);
    }
    text = connection_labels(&text, changes);
    text = equals(&text, changes);
    text = colours(&text, changes);
    text = shapes(&text, changes);
    text = reserved(&text, changes);
    let end = text.trim_end();
    if end.ends_with(',') && !end.contains('[') && !end.starts_with('|') {
        note(changes, "took commas off the ends of lines");
        text.truncate(end.trim_end_matches(',').len());
    }
    text
}

fn straight_quotes(line: &str, changes: &mut Vec<String>) -> String {
    let straight: String = line
        .chars()
        .map(|c| match c {
            '“' | '”' | '„' | '‟' | '«' | '»' => '"',
            '‘' | '‚' | '‛' => '\'',
            c => c,
        })
        .collect();
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
    let Some(at) = line.find(": #") else { return line.to_owned() };
    let hex: String = line[at + 3..].chars().take_while(char::is_ascii_hexdigit).collect();
    let key = line[..at].trim();
    let is_colour = matches!(hex.len(), 3 | 4 | 6 | 8)
        && ["fill", "stroke", "color"].iter().any(|word| key.ends_with(word));
    if !is_colour {
        return line.to_owned();
    }
    note(changes, "put colours into quotes");
    format!("{}: \"#{hex}\"{}", &line[..at], &line[at + 3 + hex.len()..])
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

/// A connection whose end is a reserved word gets another name for that end.
fn reserved(line: &str, changes: &mut Vec<String>) -> String {
    const RESERVED: &[&str] = &[
        "label",
        "shape",
        "icon",
        "width",
        "height",
        "link",
        "tooltip",
        "near",
        "style",
        "class",
        "constraint",
        "direction",
        "top",
        "left",
        "classes",
        "vars",
        "layers",
        "steps",
        "scenarios",
    ];
    if !line.contains("->") {
        return line.to_owned();
    }
    let (ends, label) = line.split_once(": ").map_or((line, None), |(ends, label)| (ends, Some(label)));
    let mended: Vec<String> = ends
        .split("->")
        .map(|end| {
            let name = end.trim();
            if RESERVED.contains(&name) {
                note(changes, "gave parts that were named like keywords another name");
                end.replacen(name, &format!("{name}_node"), 1)
            } else {
                end.to_owned()
            }
        })
        .collect();
    let ends = mended.join("->");
    label.map_or(ends.clone(), |label| format!("{ends}: {label}"))
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
