//! U003 `unsafe-markup`: Markdown must not bring scripts, frames, handlers or script links.
//!
//! Only Markdown is judged: a plain label is text and is shown as text. Code spans and fenced code inside the
//! Markdown are text too. The exporters escape or drop such markup anyway; here the author learns why.

use spandrel_base::{Diagnostic, Severity};
use spandrel_graph::Block;

use super::url::{Address, address};
use crate::context::at;
use crate::{Context, Shown};

pub(super) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for Shown { label, origins, .. } in context.shown() {
        if label.block == Some(Block::Markdown)
            && let Some(what) = danger(&label.text)
        {
            let diagnostic = at(origins, Severity::Error, "U003", format!("the text holds {what}"))
                .help("take it out, or put it into a code block if it is an example");
            found.push(diagnostic);
        }
    }
}

/// The first dangerous thing of a Markdown text, as words of a message.
fn danger(markdown: &str) -> Option<String> {
    let text = without_code(markdown);
    let mut rest = text.as_str();
    let mut left = MOST_READ;
    while let Some(open) = rest.find('<') {
        rest = &rest[open + 1..];
        let name: String =
            rest.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect();
        let name = name.to_ascii_lowercase();
        if name.is_empty() {
            continue;
        }
        if DANGEROUS_TAGS.contains(&name.as_str()) {
            return Some(format!("the element `<{name}>`"));
        }
        // `<javascript:x>` is a link in Markdown.
        let autolink = &rest[..rest.find(|c: char| c == '>' || c.is_whitespace()).unwrap_or(rest.len())];
        if rest[name.len()..].starts_with(':')
            && let Address::Other(scheme) = address(&decode(autolink))
        {
            return Some(format!("a link with `{scheme}:`"));
        }
        // A tag may be read again from inside: what begins in the quotes of what was no tag counts too.
        let Some(found) = attributes(rest, &mut left) else {
            return Some("more tags than can be judged".to_owned());
        };
        for (attribute, value) in found {
            if attribute.starts_with("on") && attribute.len() > 3 && !value.is_empty() {
                return Some(format!("the event handler `{attribute}`"));
            }
            let is_address =
                matches!(attribute.as_str(), "href" | "src" | "action" | "formaction" | "xlink:href");
            if let (true, Address::Other(scheme)) = (is_address, address(&decode(&value))) {
                return Some(format!("a link with `{scheme}:`"));
            }
            if attribute == "style" && value.to_ascii_lowercase().contains("url(") {
                return Some("a style that loads something".to_owned());
            }
        }
    }
    for target in link_targets(&text) {
        if let Address::Other(scheme) = address(&decode(target)) {
            return Some(format!("a link with `{scheme}:`"));
        }
    }
    None
}

const DANGEROUS_TAGS: &[&str] = &[
    "script",
    "iframe",
    "frame",
    "frameset",
    "object",
    "embed",
    "applet",
    "base",
    "meta",
    "link",
    "style",
    "form",
    "input",
    "button",
    "textarea",
    "foreignobject",
    "svg",
    "math",
    "portal",
    "dialog",
    "template",
    "audio",
    "video",
    "source",
];

/// So many characters of tags are read; tags that do not end would else be read to the end of the text, each.
const MOST_READ: usize = 1 << 20;

/// Attributes of the tag that begins `text` (behind its `<`): names in lower case, values without quotes, none where the
/// tag never ends. A `>` in quotes does not end it (HTML, section 13.2.5). `None` once `left` characters are read.
fn attributes(text: &str, left: &mut usize) -> Option<Vec<(String, String)>> {
    let mut found = Vec::new();
    let mut chars = text.chars().inspect(|_| *left = left.saturating_sub(1)).peekable();
    // The name of the element.
    while chars.next_if(|c| !c.is_whitespace() && !matches!(c, '/' | '>')).is_some() {}
    loop {
        while chars.next_if(|c| c.is_whitespace() || *c == '/').is_some() {}
        match chars.peek() {
            Some('>') => break,
            Some(_) => {}
            None => {
                found.clear();
                break;
            }
        }
        let mut name = String::new();
        // An `=` in front is part of the name.
        name.extend(chars.next_if_eq(&'='));
        while let Some(c) = chars.next_if(|c| !c.is_whitespace() && !matches!(c, '=' | '/' | '>')) {
            name.push(c.to_ascii_lowercase());
        }
        while chars.next_if(|c| c.is_whitespace()).is_some() {}
        let mut value = String::new();
        if chars.next_if_eq(&'=').is_some() {
            while chars.next_if(|c| c.is_whitespace()).is_some() {}
            match chars.next_if(|c| matches!(c, '"' | '\'')) {
                Some(quote) => {
                    value.extend(std::iter::from_fn(|| chars.next_if(|&c| c != quote)));
                    chars.next();
                }
                None => {
                    value.extend(std::iter::from_fn(|| chars.next_if(|c| !c.is_whitespace() && *c != '>')));
                }
            }
        }
        found.push((name, value));
    }
    drop(chars);
    (*left > 0).then_some(found)
}

/// Where Markdown links and pictures lead: `](target`, `<target>` and `[name]: target`.
fn link_targets(text: &str) -> Vec<&str> {
    let until = |rest: &'_ str| rest.find([')', '\n', '>']).unwrap_or(rest.len());
    let mut targets: Vec<&str> = text
        .match_indices("](")
        .map(|(at, _)| &text[at + 2..])
        .map(|rest| rest[..until(rest)].trim())
        .collect();
    targets.extend(text.lines().filter_map(|line| {
        let line = line.trim_start();
        line.starts_with('[').then(|| line.split_once("]:")).flatten().map(|(_, target)| target.trim())
    }));
    targets
}

/// Character references that hide a scheme: `&#106;avascript&colon;`.
fn decode(value: &str) -> String {
    let mut out = String::new();
    let mut rest = value;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '#')).unwrap_or(rest.len());
        let reference = &rest[..end];
        let number = reference.strip_prefix('#').and_then(|digits| match digits.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok(),
            None => digits.parse().ok(),
        });
        let c = match reference {
            "colon" => Some(':'),
            "Tab" => Some('\t'),
            "NewLine" => Some('\n'),
            _ => number.and_then(char::from_u32),
        };
        if let Some(c) = c {
            out.push(c);
            rest = rest[end..].strip_prefix(';').unwrap_or(&rest[end..]);
        } else {
            out.push('&');
        }
    }
    out.push_str(rest);
    out
}

/// Markdown without fenced code (CommonMark 0.31, section 4.5) and code spans.
fn without_code(markdown: &str) -> String {
    let mut out = String::new();
    let mut fence: Option<(char, usize)> = None;
    for line in markdown.lines() {
        let marks = fence_of(line);
        match (fence, marks) {
            (None, Some((mark, length, rest))) if mark != '`' || !rest.contains('`') => {
                fence = Some((mark, length));
            }
            (Some((open, least)), Some((mark, length, rest)))
                if open == mark && length >= least && rest.trim().is_empty() =>
            {
                fence = None;
            }
            (Some(_), _) => {}
            (None, _) => {
                // Odd pieces between single backticks are code.
                let pieces: Vec<&str> = line.split('`').collect();
                let closed = pieces.len() % 2 == 1;
                for (index, piece) in pieces.iter().enumerate() {
                    let code = index % 2 == 1 && (closed || index + 1 < pieces.len());
                    if !code {
                        out.push_str(piece);
                    }
                }
                out.push('\n');
            }
        }
    }
    out
}

/// The sign of a fence, how often it stands there, and what follows; `None` where a line is none.
fn fence_of(line: &str) -> Option<(char, usize, &str)> {
    let start = line.trim_start_matches(' ');
    let mark = start.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let rest = start.trim_start_matches(mark);
    let length = start.len() - rest.len();
    (length >= 3 && line.len() - start.len() <= 3).then_some((mark, length, rest))
}

#[cfg(test)]
mod tests {
    use super::danger;

    #[test]
    fn what_markdown_may_hold() {
        for fine in [
            "# Title\n\nsome **bold** text, a < b, x<y>z",
            "[guide](https://example.com) and <b>bold</b> <br/>",
            "write `<script>` like this",
            "```html\n<script>alert(1)</script>\n```",
            "![picture](data:image/png;base64,AA)",
            "the onload system, javascript: a language",
            "if x<b only once, <https://example.com> and <me@example.com>",
            "````\n```\n<script>\n````\nx",
        ] {
            assert_eq!(danger(fine), None, "{fine}");
        }
        for bad in [
            "<script>alert(1)</script>",
            "<SCRIPT src=//x>",
            "<img src=x onerror=alert(1)>",
            "<img src=x\nonerror = 'x'>",
            "[x](javascript:alert(1))",
            "[x](java&#115;cript&colon;alert(1))",
            "<a href=\"javascript:x\">y</a>",
            "<iframe src=x>",
            "[a]: javascript:x",
            "<p style='background:url(https://x)'>",
            "```\ncode\n```\n<script>",
            "<b title=\">\" onclick=alert(1)>",
            "<b x=\" <script>",
            "<javascript:alert(1)>",
            "text\n    ```\n<script>",
            "````\n```\n````\n<script>",
            "``` `\n<script>",
        ] {
            assert!(danger(bad).is_some(), "{bad}");
        }
    }

    #[test]
    fn tags_that_do_not_end_are_not_read_without_end() {
        assert_eq!(danger(&"<b x ".repeat(200)), None);
        let found = danger(&"<b x ".repeat(100_000));
        assert_eq!(found.as_deref(), Some("more tags than can be judged"));
    }
}
