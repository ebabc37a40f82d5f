//! U003 `unsafe-markup`: Markdown must not bring scripts, frames, handlers or script links.
//!
//! Only Markdown is judged: a plain label is text and is shown as text. Code spans and fenced code inside the
//! Markdown are text too. The exporters escape or drop such markup anyway; here the author learns why.

use spandrel_base::{Diagnostic, Severity};
use spandrel_graph::Block;

use super::url::{Address, address};
use crate::Context;
use crate::context::at;

pub(super) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let nodes = context.nodes().map(|(_, node)| (&node.label, &node.origins));
    let edges = context.edges().map(|(_, edge)| (&edge.label, &edge.origins));
    for (label, origins) in nodes.chain(edges) {
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
        let tag = &rest[..rest.find('>').unwrap_or(rest.len())];
        for (attribute, value) in attributes(tag) {
            if attribute.starts_with("on") && attribute.len() > 3 {
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

/// Attributes of the inside of a tag: names in lower case, values without quotes.
fn attributes(tag: &str) -> Vec<(String, String)> {
    let chars: Vec<char> = tag.chars().collect();
    let mut found = Vec::new();
    let mut at = chars.iter().position(|c| c.is_whitespace() || *c == '/').unwrap_or(chars.len());
    while at < chars.len() {
        while at < chars.len() && (chars[at].is_whitespace() || chars[at] == '/') {
            at += 1;
        }
        let start = at;
        while at < chars.len() && !chars[at].is_whitespace() && !matches!(chars[at], '=' | '/') {
            at += 1;
        }
        let name: String = chars[start..at].iter().collect::<String>().to_ascii_lowercase();
        while at < chars.len() && chars[at].is_whitespace() {
            at += 1;
        }
        let mut value = String::new();
        if chars.get(at) == Some(&'=') {
            at += 1;
            while at < chars.len() && chars[at].is_whitespace() {
                at += 1;
            }
            let quote = chars.get(at).copied().filter(|c| matches!(c, '"' | '\''));
            at += usize::from(quote.is_some());
            while at < chars.len() && quote.map_or(!chars[at].is_whitespace(), |quote| chars[at] != quote) {
                value.push(chars[at]);
                at += 1;
            }
            at += usize::from(quote.is_some());
        } else if start == at {
            at += 1;
        }
        if !name.is_empty() {
            found.push((name, value));
        }
    }
    found
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

/// Markdown without fenced code and code spans.
fn without_code(markdown: &str) -> String {
    let mut out = String::new();
    let mut fence: Option<char> = None;
    for line in markdown.lines() {
        let start = line.trim_start();
        let mark = ['`', '~'].into_iter().find(|mark| start.starts_with(&mark.to_string().repeat(3)));
        match (fence, mark) {
            (None, Some(mark)) => fence = Some(mark),
            (Some(open), Some(mark)) if open == mark => fence = None,
            (None, None) => {
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
            _ => {}
        }
    }
    out
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
        ] {
            assert!(danger(bad).is_some(), "{bad}");
        }
    }
}
