//! The code in an answer: out of JSON, fences and prose.

use super::wraps;

/// What was found.
pub(super) struct Code {
    pub(super) text: String,
    /// Whether the answer stops in the middle.
    pub(super) cut_off: bool,
}

/// Finds the code of an answer.
pub(super) fn extract(text: &str, changes: &mut Vec<String>) -> Code {
    let mut text = text.replace("\r\n", "\n").replace('\r', "\n");
    let clean: String =
        text.chars().filter(|c| !is_invisible(*c)).map(|c| if is_blank(c) { ' ' } else { c }).collect();
    if clean != text {
        changes.push("took out invisible characters".to_owned());
        text = clean;
    }
    if text.lines().any(is_token) {
        changes.push("took out a token of the model's own".to_owned());
        text = text.lines().filter(|line| !is_token(line)).map(|line| format!("{line}\n")).collect();
    }
    if let Some(inner) = untagged(&text) {
        changes.push("took the code out of its tags".to_owned());
        text = inner;
    }
    let mut cut_off = false;
    if let Some((inner, whole)) = json_value(&text) {
        changes.push("took the code out of JSON".to_owned());
        cut_off |= !whole;
        text = inner;
    }
    if let Some((inner, closed)) = fenced(&text) {
        changes.push(
            if closed { "took the code out of its fence" } else { "took off a fence that was not closed" }
                .to_owned(),
        );
        cut_off |= !closed;
        text = inner;
    }
    // A number or a sign at each line goes before prose is looked for.
    for _ in 0..3 {
        let Some((inner, how)) = wraps::unwrap(&text) else { break };
        changes.push(how.to_owned());
        text = inner;
    }
    let without = without_prose(&text);
    if without != text {
        changes.push("took out the prose around the code".to_owned());
        text = without;
    }
    Code { text, cut_off }
}

/// `<|im_end|>` and the like, alone on a line.
fn is_token(line: &str) -> bool {
    let line = line.trim();
    line.starts_with("<|") && line.ends_with("|>") && !line.contains(' ')
}

/// Whether a text that D2 accepts was most likely meant otherwise: wrapped, or with signs that D2 takes for letters.
pub(super) fn is_suspicious(text: &str) -> bool {
    let sign = |c: char| {
        is_invisible(c)
            || is_blank(c)
            || matches!(c, '\r' | '“' | '”' | '„' | '‘' | '→' | '⟶' | '⇒' | '←' | '↔' | '—')
    };
    let line = |line: &str| {
        line.trim_start().starts_with("//")
            || line.contains(" // ")
            || is_token(line)
            || line.contains("<br")
            || super::lines::has_equals(line)
    };
    text.contains("```")
        || text.contains("~~~")
        || untagged(text).is_some()
        || wraps::unwrap(text).is_some()
        || text.contains(sign)
        || text.lines().any(line)
        || without_prose(text) != text
}

/// What stands between a pair of tags in which models put code, and without what they thought aloud.
fn untagged(text: &str) -> Option<String> {
    const HOLD: &[&str] = &["d2", "answer", "output", "diagram", "code", "response", "source"];
    const ASIDE: &[&str] = &["think", "thinking", "reasoning", "scratchpad"];
    let mut text = text.to_owned();
    let mut found = false;
    for tag in ASIDE {
        let (open, close) = (format!("<{tag}>"), format!("</{tag}>"));
        if let Some((start, end)) = text.find(&open).zip(text.find(&close)).filter(|(start, end)| start < end)
        {
            text.replace_range(start..end + close.len(), "");
            found = true;
        }
    }
    for tag in HOLD {
        let (open, close) = (format!("<{tag}>"), format!("</{tag}>"));
        let Some(start) = text.find(&open).map(|at| at + open.len()) else { continue };
        let end = text[start..].find(&close).map_or(text.len(), |at| start + at);
        return Some(text[start..end].trim_start_matches('\n').to_owned());
    }
    found.then_some(text)
}

/// The name of the notation, where the text is in another one.
pub(super) fn other_notation(text: &str) -> Option<&'static str> {
    let first = text
        .lines()
        .map(str::trim)
        .find(|line| !line.is_empty() && !line.starts_with('#') && !line.starts_with("%%"))?;
    let starts = |words: &[&str]| words.iter().any(|word| first.starts_with(word));
    if starts(&[
        "graph TD",
        "graph LR",
        "graph TB",
        "graph RL",
        "graph BT",
        "flowchart ",
        "sequenceDiagram",
        "classDiagram",
        "stateDiagram",
        "erDiagram",
        "gantt",
        "mindmap",
        "C4Context",
    ]) {
        return Some("Mermaid");
    }
    if starts(&["@start"]) {
        return Some("PlantUML");
    }
    if starts(&["digraph", "strict digraph", "graph {", "strict graph"]) {
        return Some("Graphviz DOT");
    }
    if starts(&["<svg", "<?xml", "<html", "<!DOCTYPE", "<mxfile"]) {
        return Some("XML");
    }
    if starts(&["from diagrams", "import ", "def ", "function ", "const ", "workspace {"]) {
        return Some("program code");
    }
    None
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{00ad}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        || (c.is_control() && !matches!(c, '\n' | '\t'))
}

fn is_blank(c: char) -> bool {
    matches!(c, '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{3000}')
}

/// The string of a JSON object in which models put code, and whether it was closed.
fn json_value(text: &str) -> Option<(String, bool)> {
    let trimmed = text.trim().trim_start_matches("```json").trim_start_matches("```").trim_start();
    if !trimmed.starts_with(['{', '[']) {
        return None;
    }
    const KEYS: &[&str] = &[
        "d2",
        "d2_code",
        "d2_source",
        "d2_dsl",
        "dsl",
        "source",
        "code",
        "diagram",
        "diagram_code",
        "output",
        "result",
        "content",
        "answer",
        "response",
        "text",
    ];
    for key in KEYS {
        let quoted = format!("\"{key}\"");
        let Some(at) = trimmed.find(&quoted) else { continue };
        let Some(value) = trimmed[at + quoted.len()..].trim_start().strip_prefix(':') else { continue };
        if let Some(string) = value.trim_start().strip_prefix('"') {
            return Some(json_string(string));
        }
    }
    None
}

/// Reads a JSON string after its opening quote (RFC 8259, section 7).
pub(super) fn json_string(text: &str) -> (String, bool) {
    let mut out = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => return (out, true),
            '\\' => match chars.next() {
                Some('n') => out.push('\n'),
                Some('t') => out.push('\t'),
                Some('r') => {}
                Some('u') => {
                    let digits: String = chars.by_ref().take(4).collect();
                    out.push(
                        u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32).unwrap_or('\u{fffd}'),
                    );
                }
                Some(other) => out.push(other),
                None => {}
            },
            c => out.push(c),
        }
    }
    (out, false)
}

/// The fenced block that is most likely the code, and whether it is closed: one tagged as D2 before an untagged
/// one, the longest of those; never one of a shell or of another language while there is another.
fn fenced(text: &str) -> Option<(String, bool)> {
    let mut blocks: Vec<(u32, String, bool)> = Vec::new();
    let mut open: Option<(u32, String)> = None;
    for line in text.lines() {
        let start = line.trim_start();
        // D2's own block strings use bars, so a fence of backticks is never part of the code.
        let fence = start.strip_prefix("```").or_else(|| start.strip_prefix("~~~"));
        match (fence, &mut open) {
            (Some(tag), None) => {
                let rank = match tag.trim().trim_matches('`').to_ascii_lowercase().as_str() {
                    "d2" | "d2lang" | "terrastruct" => 3,
                    "" | "text" | "plaintext" | "txt" | "yaml" | "diagram" | "dsl" => 2,
                    _ => 1,
                };
                open = Some((rank, String::new()));
            }
            (Some(_), Some(_)) => {
                if let Some((rank, block)) = open.take() {
                    blocks.push((rank, block, true));
                }
            }
            (None, Some((_, block))) => {
                block.push_str(line);
                block.push('\n');
            }
            (None, None) => {}
        }
    }
    if let Some((rank, block)) = open {
        // A closing fence without an opening one: the code stands before it.
        if block.trim().is_empty() && blocks.is_empty() {
            let before = text.rsplit_once("```").map_or(text, |(before, _)| before);
            return Some((before.to_owned(), true));
        }
        blocks.push((rank, block, false));
    }
    blocks.retain(|(_, block, _)| !block.trim().is_empty());
    let most = blocks.iter().map(|(rank, ..)| *rank).max()?;
    blocks.retain(|(rank, ..)| *rank == most);
    if are_parts(&blocks) {
        let closed = blocks.iter().all(|(.., closed)| *closed);
        return Some((blocks.into_iter().map(|(_, block, _)| block).collect(), closed));
    }
    let best = blocks.iter().max_by_key(|(_, block, _)| block.len())?;
    Some((best.1.clone(), best.2))
}

/// Whether several blocks are parts of one diagram: each names what those before it do not, and one connects what only
/// an earlier one names. A second, better version names its parts anew.
fn are_parts(blocks: &[(u32, String, bool)]) -> bool {
    let mut known: Vec<String> = Vec::new();
    let mut leans = false;
    for (_, block, _) in blocks {
        let (named, joined) = named_and_joined(block);
        if named.iter().any(|name| known.contains(name)) {
            return false;
        }
        leans |= joined.iter().any(|name| known.contains(name) && !named.contains(name));
        known.extend(named);
    }
    leans && blocks.len() > 1
}

/// The names that stand before a colon or a brace at the left edge, and those at the ends of connections.
fn named_and_joined(block: &str) -> (Vec<String>, Vec<String>) {
    let (mut named, mut joined) = (Vec::new(), Vec::new());
    for line in block.lines() {
        let ends = line.split([':', '{']).next().unwrap_or_default();
        if ends.contains("->") || ends.contains("<-") {
            let ends = ends.split("->").flat_map(|end| end.split("<-"));
            joined.extend(ends.map(|end| end.trim().split('.').next().unwrap_or_default().to_owned()));
        } else if line.starts_with(char::is_alphanumeric) && line.contains([':', '{']) {
            named.push(ends.trim().to_owned());
        }
    }
    named.retain(|name| name != "direction");
    (named, joined)
}

/// Without sentences before the first and after the last line of code, and without a lone language name on top.
fn without_prose(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let skips = |line: &str| line.trim().is_empty() || is_prose(line);
    let mut first = lines.iter().position(|line| !skips(line)).unwrap_or(lines.len());
    // A heading in bold begins an explanation, whatever stands in it.
    let heading = |line: &&str| {
        let line = line.trim().trim_end_matches(':');
        line.len() > 4 && line.starts_with("**") && line.ends_with("**")
    };
    let end = lines.iter().skip(first).position(heading).map_or(lines.len(), |at| first + at);
    let all = lines.len();
    let lines = &lines[..end];
    if lines.get(first).is_some_and(|line| {
        matches!(line.trim().to_ascii_lowercase().as_str(), "d2" | "d2:" | "code:" | "diagram:" | "output:")
    }) {
        first += 1;
    }
    let last = lines.iter().rposition(|line| !skips(line)).map_or(first, |last| last + 1).max(first);
    let leading = lines[..first].iter().any(|line| !line.trim().is_empty());
    let trailing = end < all || lines[last..].iter().any(|line| !line.trim().is_empty());
    if !leading && !trailing {
        return text.to_owned();
    }
    let mut out = lines[first..last].join("\n");
    out.push('\n');
    out
}

/// A sentence, a bullet of an explanation, a Markdown heading in bold: several words, and nothing of D2 in them.
fn is_prose(line: &str) -> bool {
    let line = line.trim();
    if line.starts_with('#') {
        return false;
    }
    let code = ["->", "<-", "--", "{", "}", "→", "=>"].iter().any(|sign| line.contains(sign));
    let words = line.split_whitespace().count();
    let bullet = line.starts_with("- ")
        || line.starts_with("* ")
        || line.starts_with("**")
        || line.split_once(". ").is_some_and(|(n, _)| n.parse::<u32>().is_ok());
    if code {
        return false;
    }
    let ends = line.ends_with(['.', '!', '?']) || line.ends_with("...");
    let opener = [
        "here",
        "sure",
        "certainly",
        "of course",
        "below",
        "this",
        "the following",
        "i ",
        "i've",
        "let me",
        "note",
        "explanation",
        "okay",
        "absolutely",
        "hope",
    ];
    let lower = line.to_lowercase();
    let opens = opener.iter().any(|word| lower.starts_with(word));
    (words >= 3
        && (bullet
            || ends
            || (opens && line.ends_with(':'))
            || (opens && words >= 6 && !line.contains(": "))))
        || (bullet && words >= 2)
        || (opens && (line.ends_with('!') || line.ends_with(':')))
}
