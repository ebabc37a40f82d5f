//! What the language asks of Markdown: where variables are filled in.

use std::collections::BTreeMap;

/// `text` with every `${x}` of `variables` filled in, outside of code.
pub(crate) fn replace_variables(text: &str, variables: &BTreeMap<String, String>) -> String {
    let mut result = String::with_capacity(text.len());
    let mut fenced: Option<String> = None;
    let mut blank_before = true;
    for line in text.split_inclusive('\n') {
        let trimmed = line.trim_start();
        let fence: String = trimmed.chars().take_while(|&c| c == '`' || c == '~').collect();
        if let Some(open) = &fenced {
            if fence.len() >= open.len() && fence.starts_with(open.as_str()) {
                fenced = None;
            }
            result.push_str(line);
            continue;
        }
        if fence.len() >= 3 {
            fenced = Some(fence);
            result.push_str(line);
            continue;
        }
        let indented = blank_before && (line.starts_with("    ") || line.starts_with('\t'));
        blank_before = trimmed.is_empty() || (indented && blank_before);
        if indented {
            result.push_str(line);
        } else {
            replace_in_line(line, variables, &mut result);
        }
    }
    result
}

fn replace_in_line(line: &str, variables: &BTreeMap<String, String>, result: &mut String) {
    let mut rest = line;
    while let Some(at) = rest.find(['`', '$']) {
        result.push_str(&rest[..at]);
        rest = &rest[at..];
        if rest.starts_with('`') {
            let ticks = rest.len() - rest.trim_start_matches('`').len();
            let close = rest[ticks..].find(&rest[..ticks]).map_or(ticks, |end| ticks + end + ticks);
            result.push_str(&rest[..close]);
            rest = &rest[close..];
            continue;
        }
        let name = rest.strip_prefix("${").and_then(|after| after.split_once('}')).map(|(name, _)| name);
        if let Some((name, value)) = name.and_then(|name| variables.get(name).map(|value| (name, value))) {
            result.push_str(value);
            rest = &rest[name.len() + 3..];
        } else {
            result.push('$');
            rest = &rest[1..];
        }
    }
    result.push_str(rest);
}

/// What keeps the HTML inside a Markdown text from being well-formed, if anything does.
///
/// Tags are passed through to the page, where each has to be closed in the block in which it was opened:
/// those of a paragraph before the paragraph ends, those of HTML blocks before the text ends. Code, comments
/// and anything that is no tag are text.
pub(crate) fn html_mistake(text: &str) -> Option<String> {
    if !text.contains('<') {
        return None;
    }
    let mut open_blocks: Vec<String> = Vec::new();
    let mut paragraph = String::new();
    let mut html_block = false;
    let mut fenced: Option<String> = None;
    for line in text.split('\n').chain(std::iter::once("")) {
        let trimmed = line.trim_start();
        let indent = line.len() - trimmed.len();
        if let Some(fence) = &fenced {
            if trimmed.starts_with(fence.as_str()) {
                fenced = None;
            }
            continue;
        }
        if html_block && !trimmed.is_empty() {
            if let Some(mistake) = tags(line, &mut open_blocks, false) {
                return Some(mistake);
            }
            continue;
        }
        html_block = false;
        let fence: String = trimmed.chars().take_while(|&c| c == '`' || c == '~').collect();
        let starts_html = indent < 4 && starts_html_block(trimmed, paragraph.is_empty());
        let new_block = trimmed.starts_with(['#', '-', '*', '+', '>', '|'])
            || trimmed.starts_with(|c: char| c.is_ascii_digit());
        if trimmed.is_empty() || fence.len() >= 3 || starts_html || new_block {
            if let Some(mistake) = closed_paragraph(&paragraph) {
                return Some(mistake);
            }
            paragraph.clear();
        }
        if fence.len() >= 3 {
            fenced = Some(fence);
        } else if starts_html {
            html_block = true;
            if let Some(mistake) = tags(line, &mut open_blocks, false) {
                return Some(mistake);
            }
        } else if !(indent >= 4 && paragraph.is_empty()) {
            paragraph.push_str(line);
            paragraph.push('\n');
        }
    }
    open_blocks.pop().map(|tag| format!("`<{tag}>` is never closed"))
}

fn closed_paragraph(paragraph: &str) -> Option<String> {
    let mut open = Vec::new();
    tags(paragraph, &mut open, true).or_else(|| open.pop().map(|tag| format!("`<{tag}>` is never closed")))
}

/// Whether a line begins a block of HTML: with a tag of a block, or (not in a paragraph) with any one tag
/// that fills the line.
fn starts_html_block(line: &str, fresh: bool) -> bool {
    const BLOCKS: &[&str] = &[
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "center",
        "dd",
        "details",
        "dialog",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "head",
        "header",
        "hr",
        "html",
        "iframe",
        "legend",
        "li",
        "link",
        "main",
        "menu",
        "nav",
        "ol",
        "optgroup",
        "option",
        "p",
        "param",
        "pre",
        "script",
        "section",
        "style",
        "summary",
        "table",
        "tbody",
        "td",
        "textarea",
        "tfoot",
        "th",
        "thead",
        "title",
        "tr",
        "track",
        "ul",
    ];
    let Some(rest) = line.strip_prefix('<') else { return false };
    let name: String = rest
        .trim_start_matches('/')
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || *c == '-')
        .collect::<String>()
        .to_ascii_lowercase();
    if name.is_empty() {
        return rest.starts_with('!') || rest.starts_with('?');
    }
    if BLOCKS.contains(&name.as_str()) {
        return true;
    }
    fresh && tag(line).is_some_and(|found| line[found.length..].trim().is_empty())
}

/// A tag at the front of a text.
struct Tag {
    name: String,
    closing: bool,
    /// Ends with `/>`, or is a comment: opens nothing.
    empty: bool,
    length: usize,
    /// Whether an attribute lacks its quotes, which a page takes but XML does not.
    bare_value: bool,
}

fn tag(text: &str) -> Option<Tag> {
    let rest = text.strip_prefix('<')?;
    if rest.starts_with("!--") {
        let length = text.find("-->")? + 3;
        return Some(Tag { name: String::new(), closing: false, empty: true, length, bare_value: false });
    }
    let closing = rest.starts_with('/');
    let rest = rest.trim_start_matches('/');
    if !rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-'))?;
    let name = rest[..end].to_owned();
    let mut at = text.len() - rest.len() + end;
    let mut bare_value = false;
    let bytes = text.as_bytes();
    let space = |at: &mut usize| {
        let start = *at;
        while bytes.get(*at).is_some_and(u8::is_ascii_whitespace) {
            *at += 1;
        }
        *at > start
    };
    loop {
        let spaced = space(&mut at);
        match bytes.get(at)? {
            b'>' => return Some(Tag { name, closing, empty: false, length: at + 1, bare_value }),
            b'/' if bytes.get(at + 1) == Some(&b'>') => {
                return Some(Tag { name, closing, empty: true, length: at + 2, bare_value });
            }
            c if spaced && !closing && (c.is_ascii_alphabetic() || *c == b'_' || *c == b':') => {}
            _ => return None,
        }
        while bytes.get(at).is_some_and(|c| c.is_ascii_alphanumeric() || b"_:.-".contains(c)) {
            at += 1;
        }
        let name_end = at;
        space(&mut at);
        if bytes.get(at) != Some(&b'=') {
            at = name_end;
            bare_value = true;
            continue;
        }
        at += 1;
        space(&mut at);
        let quote = *bytes.get(at)?;
        if quote == b'"' || quote == b'\'' {
            at += 1 + text.get(at + 1..)?.find(quote as char)? + 1;
        } else {
            bare_value = true;
            while bytes.get(at).is_some_and(|c| !c.is_ascii_whitespace() && !b"\"'=<>`".contains(c)) {
                at += 1;
            }
        }
    }
}

/// Opens and closes the tags of a text. `code`: backticks make code of what they enclose.
fn tags(text: &str, open: &mut Vec<String>, code: bool) -> Option<String> {
    let mut rest = text;
    while let Some(at) = rest.find(['<', '`', '\\']) {
        rest = &rest[at..];
        if rest.starts_with('`') {
            let ticks = rest.len() - rest.trim_start_matches('`').len();
            let close = rest[ticks..].find(&rest[..ticks]).filter(|_| code);
            rest = &rest[close.map_or(ticks, |end| ticks + end + ticks)..];
            continue;
        }
        if rest.starts_with('\\') {
            let escaped = rest.chars().nth(1).filter(|_| code).map_or(0, char::len_utf8);
            rest = &rest[1 + escaped..];
            continue;
        }
        let Some(found) = tag(rest) else {
            rest = &rest[1..];
            continue;
        };
        rest = &rest[found.length..];
        if found.bare_value {
            return Some(format!("a value in `<{}>` has no quotes", found.name));
        }
        if found.closing {
            match open.pop() {
                Some(name) if name == found.name => {}
                Some(name) => return Some(format!("`<{name}>` is closed by `</{}>`", found.name)),
                None => return Some(format!("`</{}>` closes nothing", found.name)),
            }
        } else if !found.empty {
            open.push(found.name);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_have_to_be_closed_where_they_were_opened() {
        for whole in [
            "a <b>c</b>",
            "a<br/>b",
            "1 < 2",
            "`<br>`",
            "<div>\n\nx\n\n</div>",
            "<https://x.dev>",
            "a <!-- b -->",
        ] {
            assert_eq!(html_mistake(whole), None, "{whole}");
        }
        for broken in ["a<br>b", "<b>a\n\nb</b>", "a </i>", "<a href=x>y</a>", "<b><i>x</b></i>"] {
            assert!(html_mistake(broken).is_some(), "{broken}");
        }
    }

    #[test]
    fn code_keeps_its_dollars() {
        let variables = BTreeMap::from([("x".to_owned(), "1".to_owned())]);
        assert_eq!(replace_variables("${x} `${x}` ${y}", &variables), "1 `${x}` ${y}");
        assert_eq!(replace_variables("```\n${x}\n```\n${x}", &variables), "```\n${x}\n```\n1");
    }
}
