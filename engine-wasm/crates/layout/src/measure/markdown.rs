//! Markdown as text blocks: headings, paragraphs, lists, quotes, fenced code, emphasis, code spans, links.
//!
//! A reader's subset of CommonMark, in one pass without recursion. HTML never gets through: tags are
//! dropped, `<br>` breaks the line, entities become their letters. Links keep their address in the run; it
//! is the exporter that judges whether an address is safe to follow.

use super::glyphs::width;
use super::text::{BODY_LINE, Builder, run};
use crate::{Align, Face, Font, Run, TextBlock};

/// Pixels at which running text wraps where the source gives no width.
const MEASURE: f64 = 520.0;
/// Pixels that each level of a list is indented by.
const INDENT: f64 = 20.0;
/// List levels beyond this one are drawn at it.
const MAX_LEVEL: usize = 8;
/// Sizes of headings in multiples of the text's.
const HEADINGS: [f64; 6] = [1.7, 1.4, 1.2, 1.1, 1.0, 1.0];

/// Sets `text` at `size` pixels, wrapped at `limit` pixels where given.
pub(super) fn markdown(text: &str, size: f64, limit: Option<f64>) -> TextBlock {
    let limit = limit.unwrap_or(MEASURE);
    let mut setter = Setter { builder: Builder::default(), size, limit, gap: 0.0 };
    let mut paragraph = String::new();
    let mut fence: Option<char> = None;
    for line in text.lines() {
        let trimmed = line.trim();
        if let Some(mark) = fence {
            if trimmed.starts_with(&String::from(mark).repeat(3)) {
                fence = None;
                setter.gap = size * 0.5;
            } else {
                setter.code(line);
            }
            continue;
        }
        if trimmed.starts_with("```") || trimmed.starts_with("~~~") {
            setter.paragraph(&mut paragraph);
            fence = trimmed.chars().next();
        } else if trimmed.is_empty() {
            setter.paragraph(&mut paragraph);
        } else if let Some((level, heading)) = heading(trimmed) {
            setter.paragraph(&mut paragraph);
            setter.heading(level, heading);
        } else if is_rule(trimmed) {
            setter.paragraph(&mut paragraph);
            setter.gap = size;
        } else if let Some((marker, item)) = list_item(trimmed) {
            setter.paragraph(&mut paragraph);
            let level = (line.len() - line.trim_start().len()) / 2;
            setter.item(level.min(MAX_LEVEL), &marker, item);
        } else if let Some(quote) = trimmed.strip_prefix('>') {
            setter.paragraph(&mut paragraph);
            setter.flow(quote.trim_start(), setter.size, INDENT, Face::Italic, None);
        } else {
            if !paragraph.is_empty() {
                paragraph.push(' ');
            }
            paragraph.push_str(trimmed);
            // Two spaces or a backslash at the end of a line break it.
            if line.ends_with("  ") || trimmed.ends_with('\\') {
                let kept = paragraph.trim_end_matches('\\').len();
                paragraph.truncate(kept);
                paragraph.push('\n');
            }
        }
    }
    setter.paragraph(&mut paragraph);
    setter.builder.build(Align::Left)
}

struct Setter {
    builder: Builder,
    size: f64,
    limit: f64,
    /// Room owed before the next line.
    gap: f64,
}

impl Setter {
    fn owe(&mut self) {
        let gap = std::mem::take(&mut self.gap);
        self.builder.gap(gap);
    }

    fn paragraph(&mut self, text: &mut String) {
        if text.is_empty() {
            return;
        }
        for part in text.split('\n').filter(|part| !part.trim().is_empty()) {
            self.flow(part.trim(), self.size, 0.0, Face::Regular, None);
        }
        self.gap = self.size * 0.6;
        text.clear();
    }

    fn heading(&mut self, level: usize, text: &str) {
        self.gap = self.gap.max(self.size * 0.8);
        self.flow(text, self.size * HEADINGS[level - 1], 0.0, Face::SemiBold, None);
        self.gap = self.size * 0.4;
    }

    fn item(&mut self, level: usize, marker: &str, text: &str) {
        let indent = level as f64 * INDENT;
        self.flow(text, self.size, indent + INDENT, Face::Regular, Some(marker));
        self.gap = self.size * 0.15;
    }

    fn code(&mut self, line: &str) {
        self.owe();
        let font = Font { face: Face::Mono, size: self.size * 0.92 };
        self.builder.line(
            vec![run(&line.trim_end().replace('\t', "    "), font)],
            (font.size * BODY_LINE).round(),
            12.0,
        );
    }

    /// Sets inline text, wrapped, each line indented; `marker` hangs before the first line.
    fn flow(&mut self, text: &str, size: f64, indent: f64, face: Face, marker: Option<&str>) {
        self.owe();
        let height = (size * BODY_LINE).round();
        for part in inline(text, Font { face, size }).split(|run| run.text == "\n") {
            let mut first = marker;
            for mut runs in wrap(part.to_vec(), (self.limit - indent).max(size * 8.0)) {
                let mut at = indent;
                if let Some(marker) = first.take() {
                    // The marker fills the hanging indent exactly, so that the text lines up.
                    let font = Font { face: Face::Regular, size };
                    let mut sign = run(marker, font);
                    sign.width = INDENT.max(sign.width + 4.0);
                    at -= INDENT;
                    runs.insert(0, sign);
                }
                self.builder.line(runs, height, at);
            }
        }
    }
}

fn heading(line: &str) -> Option<(usize, &str)> {
    let level = line.bytes().take_while(|b| *b == b'#').count();
    let rest = &line[level..];
    let is_heading = (1..=6).contains(&level) && (rest.is_empty() || rest.starts_with(' '));
    is_heading.then(|| (level, rest.trim().trim_end_matches('#').trim_end()))
}

fn is_rule(line: &str) -> bool {
    ['-', '*', '_'].iter().any(|mark| {
        line.chars().filter(|c| c == mark).count() >= 3 && line.chars().all(|c| c == *mark || c == ' ')
    })
}

fn list_item(line: &str) -> Option<(String, &str)> {
    if let Some(rest) = ["- ", "* ", "+ "].iter().find_map(|mark| line.strip_prefix(mark)) {
        let rest = rest.trim_start();
        return Some(match (rest.strip_prefix("[ ] "), rest.strip_prefix("[x] ")) {
            (Some(open), _) => ("☐".into(), open),
            (_, Some(done)) => ("☑".into(), done),
            _ => ("•".into(), rest),
        });
    }
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    if !(1..=6).contains(&digits) {
        return None;
    }
    let rest = line[digits..].strip_prefix(['.', ')'])?;
    rest.starts_with(' ').then(|| (format!("{}.", &line[..digits]), rest.trim_start()))
}

/// Reads emphasis, code spans, links and entities. A run of `"\n"` stands for a line break.
fn inline(text: &str, font: Font) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut plain = String::new();
    let (mut bold, mut italic) = (matches!(font.face, Face::SemiBold), matches!(font.face, Face::Italic));
    let mut rest = text;
    let mut before = ' ';
    let face_of = |bold: bool, italic: bool| match (bold, italic) {
        (false, false) => Face::Regular,
        (true, false) => Face::SemiBold,
        (false, true) => Face::Italic,
        (true, true) => Face::SemiBoldItalic,
    };
    let flush = |plain: &mut String, runs: &mut Vec<Run>, bold, italic| {
        if !plain.is_empty() {
            runs.push(run(plain, Font { face: face_of(bold, italic), ..font }));
            plain.clear();
        }
    };
    while let Some(c) = rest.chars().next() {
        let after = &rest[c.len_utf8()..];
        let next = after.chars().next().unwrap_or(' ');
        let mut taken = c.len_utf8();
        match c {
            '\\' if next.is_ascii_punctuation() => {
                plain.push(next);
                taken += 1;
            }
            '`' => {
                if let Some(end) = ahead(after).find('`') {
                    flush(&mut plain, &mut runs, bold, italic);
                    runs.push(run(&after[..end], Font { face: Face::Mono, size: font.size * 0.92 }));
                    taken += end + 1;
                } else {
                    plain.push('`');
                }
            }
            '*' | '_' => {
                let double = next == c;
                let beyond = if double { after.chars().nth(1).unwrap_or(' ') } else { next };
                let opens = !(beyond.is_whitespace() || c == '_' && before.is_alphanumeric());
                let closes = !(before.is_whitespace() || c == '_' && beyond.is_alphanumeric());
                let on = if double { bold } else { italic };
                if (on && closes) || (!on && opens && closing(&rest[if double { 2 } else { 1 }..], c, double))
                {
                    flush(&mut plain, &mut runs, bold, italic);
                    if double {
                        bold = !bold;
                    } else {
                        italic = !italic;
                    }
                } else {
                    plain.push(c);
                    if double {
                        plain.push(c);
                    }
                }
                taken = if double { 2 } else { 1 };
            }
            '~' if next == '~' => taken = 2,
            '!' if next == '[' => {}
            '[' => {
                if let Some((label, address, length)) = link(rest) {
                    flush(&mut plain, &mut runs, bold, italic);
                    let font = Font { face: face_of(bold, italic), ..font };
                    let image = before == '!';
                    runs.push(Run { link: (!image).then(|| address.to_owned()), ..run(label, font) });
                    taken = length;
                } else {
                    plain.push('[');
                }
            }
            '<' => match tag(rest) {
                Some((name, length)) => {
                    if name.eq_ignore_ascii_case("br") {
                        flush(&mut plain, &mut runs, bold, italic);
                        runs.push(run("\n", font));
                    }
                    taken = length;
                }
                None => plain.push('<'),
            },
            '&' => match entity(rest) {
                Some((letter, length)) => {
                    plain.push(letter);
                    taken = length;
                }
                None => plain.push('&'),
            },
            _ => plain.push(if c.is_control() { ' ' } else { c }),
        }
        before = rest[..taken].chars().next_back().unwrap_or(' ');
        rest = &rest[taken..];
    }
    flush(&mut plain, &mut runs, bold, italic);
    if runs.is_empty() {
        runs.push(run("", font));
    }
    runs
}

/// How far ahead an opening sign looks for its closing one, in bytes: a bound on the work.
const REACH: usize = 1024;

/// The start of `text`, at most [`REACH`] bytes of it.
fn ahead(text: &str) -> &str {
    let mut end = text.len().min(REACH);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// Whether emphasis opened before `rest` is closed in it.
fn closing(rest: &str, mark: char, double: bool) -> bool {
    let sought: String = std::iter::repeat_n(mark, if double { 2 } else { 1 }).collect();
    let rest = ahead(rest);
    rest.match_indices(&sought)
        .any(|(at, _)| rest[..at].chars().next_back().is_some_and(|c| !c.is_whitespace()))
}

/// `[label](address)` at the start of `text`: both, and how many bytes it takes.
fn link(text: &str) -> Option<(&str, &str, usize)> {
    let close = ahead(text).find(']')?;
    let address = text[close + 1..].strip_prefix('(')?;
    let end = ahead(address).find(')')?;
    let target = address[..end].split_whitespace().next().unwrap_or("");
    Some((&text[1..close], target, close + 2 + end + 1))
}

/// An HTML tag or comment at the start of `text`: its name, and how many bytes it takes.
fn tag(text: &str) -> Option<(&str, usize)> {
    let inner = text[1..].strip_prefix('/').unwrap_or(&text[1..]);
    let first = inner.chars().next()?;
    if !first.is_ascii_alphabetic() && first != '!' {
        return None;
    }
    let end = ahead(text).find('>')?;
    // `<https://…>` is a link in pointed brackets: its text stays.
    if text[1..end].contains("://") {
        return None;
    }
    let length = inner.bytes().take_while(u8::is_ascii_alphanumeric).count();
    Some((&inner[..length], end + 1))
}

fn entity(text: &str) -> Option<(char, usize)> {
    let end = text.bytes().take(10).position(|b| b == b';')?;
    let letter = match &text[1..end] {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{A0}',
        "mdash" => '—',
        "ndash" => '–',
        "rarr" => '→',
        "larr" => '←',
        "hellip" => '…',
        number => {
            let number = number.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code).filter(|c| !c.is_control())?
        }
    };
    Some((letter, end + 1))
}

/// Breaks runs at spaces into lines no wider than `limit` pixels, single words excepted.
fn wrap(runs: Vec<Run>, limit: f64) -> Vec<Vec<Run>> {
    let mut lines = Vec::new();
    let mut line: Vec<Run> = Vec::new();
    let mut used = 0.0;
    for piece in runs {
        let mut open = Run { text: String::new(), width: 0.0, ..piece.clone() };
        for word in piece.text.split_inclusive(' ') {
            let word_width = width(word, piece.font);
            let without_space = width(word.trim_end(), piece.font);
            if used > 0.0 && used + without_space > limit {
                if !open.text.is_empty() {
                    line.push(std::mem::replace(
                        &mut open,
                        Run { text: String::new(), width: 0.0, ..piece.clone() },
                    ));
                }
                lines.push(std::mem::take(&mut line));
                used = 0.0;
            }
            open.text.push_str(word);
            open.width += word_width;
            used += word_width;
        }
        if !open.text.is_empty() {
            line.push(open);
        }
    }
    if !line.is_empty() || lines.is_empty() {
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let block = markdown(text, 14.0, Some(300.0));
        let lines: Vec<String> = block
            .lines
            .iter()
            .map(|line| {
                let runs: Vec<String> = line
                    .runs
                    .iter()
                    .map(|run| {
                        let sign = match run.font.face {
                            Face::Regular => "",
                            Face::SemiBold => "b:",
                            Face::Italic => "i:",
                            Face::SemiBoldItalic => "bi:",
                            Face::Mono => "m:",
                        };
                        let link = run.link.as_ref().map_or(String::new(), |l| format!("@{l}"));
                        format!("{sign}{}{link}", run.text)
                    })
                    .collect();
                format!("{:.0}>{}", line.indent, runs.join("|"))
            })
            .collect();
        assert_eq!(lines, expected);
    }

    #[test]
    fn blocks() {
        check("# Title\n\nSome text\nthat goes on.\n", &["0>b:Title", "0>Some text that goes on."]);
        check("- one\n  - two\n1. three\n- [x] done", &["0>•|one", "20>•|two", "0>1.|three", "0>☑|done"]);
        check("```go\nx :=  1\n```\nafter", &["12>m:x :=  1", "0>after"]);
        check("> quoted\n\n---\nend", &["20>i:quoted", "0>end"]);
    }

    #[test]
    fn inlines() {
        check("a **bold *both* on** `c` x", &["0>a |b:bold |bi:both|b: on| |m:c| x"]);
        check("snake_case_name and 2 * 3 * 4", &["0>snake_case_name and 2 * 3 * 4"]);
        check("see [docs](https://x.y \"t\")!", &["0>see |docs@https://x.y|!"]);
        check("a &lt;b&gt; &amp; \\*c\\*", &["0>a <b> & *c*"]);
    }

    #[test]
    fn html_never_gets_through() {
        check("x<script>alert(1)</script><br/>y", &["0>xalert(1)", "0>y"]);
        check("1 < 2 > 0", &["0>1 < 2 > 0"]);
    }

    #[test]
    fn unclosed_signs_cost_no_more_than_others() {
        for sign in ["*a ", "[a ", "x`y`z` ", "<a ", "&a", "**_"] {
            assert!(!markdown(&sign.repeat(5_000), 14.0, None).lines.is_empty());
        }
    }

    #[test]
    fn long_paragraphs_wrap() {
        let block = markdown(&"word ".repeat(60), 14.0, Some(300.0));
        assert!(block.lines.len() > 5);
        assert!(block.size.width <= 306.0, "{}", block.size.width);
    }
}
