//! Diagnostics for people: what, where, an excerpt of the source, what to do. Coloured only on a terminal.

use std::fmt::Write as _;
use std::io::Write as _;

use anstyle::{AnsiColor, Style};
use spandrel_engine::wire::Diagnostic;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

const ERROR: Style = AnsiColor::Red.on_default().bold();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();
const HINT: Style = AnsiColor::Cyan.on_default().bold();
const BOLD: Style = Style::new().bold();
const FRAME: Style = AnsiColor::Blue.on_default().bold();

/// Tabs are shown as this many blanks.
const TAB: usize = 4;

/// Prints the one sentence of a command that could not do its work.
pub(crate) fn failure(sentence: &str) {
    print(&format!("{ERROR}error{ERROR:#}: {sentence}\n"));
}

/// Prints sentences that are no trouble.
pub(crate) fn note(sentences: &str) {
    let lines: Vec<String> = sentences.lines().map(printable).collect();
    print(&format!("{}\n", lines.join("\n")));
}

/// Prints the diagnostics of one source to standard error.
pub(crate) fn diagnostics(name: &str, source: &str, found: &[Diagnostic]) {
    let mut text = String::new();
    for diagnostic in found {
        one(&mut text, name, source, diagnostic);
    }
    print(&text);
}

/// Prints the closing line of a check.
pub(crate) fn summary(errors: usize, warnings: usize, files: usize) {
    let count = |n: usize, what: &str| format!("{n} {what}{}", if n == 1 { "" } else { "s" });
    let style = if errors > 0 { ERROR } else { BOLD };
    let (errors, warnings) = (count(errors, "error"), count(warnings, "warning"));
    print(&format!("{style}{errors}, {warnings}{style:#} in {}\n", count(files, "file")));
}

/// To standard error, its colours taken out where that is no terminal.
fn print(text: &str) {
    // Nobody is left to be told when standard error is closed.
    drop(anstream::stderr().write_all(text.as_bytes()));
}

fn one(out: &mut String, name: &str, source: &str, diagnostic: &Diagnostic) {
    let style = match diagnostic.severity.as_str() {
        "error" => ERROR,
        "warning" => WARNING,
        _ => HINT,
    };
    // Writing to a string does not fail.
    let _ = writeln!(
        out,
        "{style}{}[{}]{style:#}{BOLD}: {}{BOLD:#}",
        diagnostic.severity,
        diagnostic.code,
        printable(&diagnostic.message)
    );
    let start = diagnostic.range.start;
    let place = diagnostic.path.as_deref().unwrap_or(name);
    let _ = writeln!(out, "  {FRAME}-->{FRAME:#} {place}:{}:{}", start.line, start.column);
    // An excerpt of an imported file is not at hand.
    if diagnostic.path.is_none() {
        excerpt(out, source, diagnostic, style);
    }
    if let Some(help) = &diagnostic.help {
        let _ = writeln!(out, "{BOLD}help{BOLD:#}: {}", printable(help));
    }
    out.push('\n');
}

/// The line, and marks below the part that is meant.
fn excerpt(out: &mut String, source: &str, diagnostic: &Diagnostic, style: Style) {
    let (start, end) = (diagnostic.range.start, diagnostic.range.end);
    let Some(line) = source.lines().nth(start.line as usize - 1) else { return };
    let from = floor(source, start.offset).saturating_sub(line_start(source, start.offset)).min(line.len());
    let to = if end.line == start.line {
        floor(source, end.offset).saturating_sub(line_start(source, start.offset)).min(line.len())
    } else {
        line.len()
    };
    let before = line.get(..from).map_or(0, |text| printable(text).width());
    let marked = line.get(from..to.max(from)).map_or(0, |text| printable(text).width());
    let number = start.line.to_string();
    let margin = " ".repeat(number.len());
    let _ = writeln!(out, "{margin} {FRAME}|{FRAME:#}");
    let _ = writeln!(out, "{FRAME}{number} |{FRAME:#} {}", printable(line));
    let note =
        diagnostic.expected.as_deref().map(|e| format!(" expected {}", printable(e))).unwrap_or_default();
    let marks = "^".repeat(marked.max(1));
    let _ = writeln!(out, "{margin} {FRAME}|{FRAME:#} {}{style}{marks}{note}{style:#}", " ".repeat(before));
}

fn line_start(source: &str, offset: usize) -> usize {
    source[..floor(source, offset)].rfind('\n').map_or(0, |at| at + 1)
}

fn floor(source: &str, offset: usize) -> usize {
    let mut offset = offset.min(source.len());
    while !source.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

/// Tabs as blanks, and control characters as themselves-in-words: a source must not steer the terminal.
fn printable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\t' => out.extend(std::iter::repeat_n(' ', TAB)),
            c if c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}') => {
                let _ = write!(out, "\\u{{{:x}}}", c as u32);
            }
            // Zero-width characters stay: they belong to the letter before them.
            c => {
                debug_assert!(c.width().is_some());
                out.push(c);
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use spandrel_engine::wire::{Position, Range};

    use super::*;

    #[test]
    fn marks_stand_below_wide_and_tabbed_text() {
        let source = "a\n\t数据: x\n";
        let at = |offset: usize, column: u32| Position { line: 2, column, offset };
        let start = source.find("数据").unwrap();
        let diagnostic = Diagnostic {
            code: "C014".to_owned(),
            severity: "error".to_owned(),
            message: "unknown".to_owned(),
            help: Some("try `y`".to_owned()),
            expected: None,
            found: None,
            range: Range { start: at(start, 2), end: at(start + 6, 4) },
            path: None,
            fixes: Vec::new(),
        };
        let mut out = String::new();
        one(&mut out, "shop.d2", source, &diagnostic);
        let plain = anstream::adapter::strip_str(&out).to_string();
        assert_eq!(
            plain,
            "error[C014]: unknown\n  --> shop.d2:2:2\n  |\n2 |     数据: x\n  |     ^^^^\nhelp: try `y`\n\n"
        );
    }

    #[test]
    fn a_source_does_not_steer_the_terminal() {
        assert_eq!(printable("a\u{1b}[31mb\u{202e}"), "a\\u{1b}[31mb\\u{202e}");
    }
}
