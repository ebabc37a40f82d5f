//! Text blocks as real text: one element a line, each run where the measuring stage put it.

use std::fmt::Write as _;

use spandrel_base::{Point, Rect};
use spandrel_layout::{Align, Face, Line, Run, TextBlock};

use super::xml::{escape, number};
use crate::safe;

/// How a block is coloured and marked.
pub(crate) struct Ink<'a> {
    /// Colour of the text.
    pub(crate) color: &'a str,
    /// Colour of links.
    pub(crate) link: &'a str,
    /// Underlined as a whole.
    pub(crate) underline: bool,
}

/// Writes `block` with its top-left corner at `at`.
pub(crate) fn write(out: &mut String, block: &TextBlock, at: Point, width: f64, ink: &Ink<'_>) {
    for line in &block.lines {
        let y = at.y + line.baseline;
        if block.align == Align::Center && line.runs.len() == 1 && line.indent == 0.0 {
            let run = &line.runs[0];
            element(out, run, Point::new(at.x + width / 2.0, y), " text-anchor=\"middle\"", ink);
        } else {
            let mut x = at.x + start(block, line, width);
            for run in &line.runs {
                element(out, run, Point::new(x, y), "", ink);
                x += run.width;
            }
        }
    }
}

/// Writes `block` into `rect`.
pub(crate) fn write_in(out: &mut String, block: &TextBlock, rect: Rect, ink: &Ink<'_>) {
    write(out, block, rect.origin(), rect.width, ink);
}

fn start(block: &TextBlock, line: &Line, width: f64) -> f64 {
    match block.align {
        Align::Left => line.indent,
        Align::Center => line.indent + (width - line.width - line.indent) / 2.0,
    }
}

fn element(out: &mut String, run: &Run, at: Point, anchor: &str, ink: &Ink<'_>) {
    if run.text.trim().is_empty() {
        return;
    }
    let target = run.link.as_deref().and_then(safe::link);
    if let Some(target) = target {
        let _ = write!(out, "<a href=\"{}\" rel=\"noopener\" target=\"_blank\">", escape(target));
    }
    let class = match run.font.face {
        Face::Regular => "",
        Face::SemiBold => " class=\"b\"",
        Face::Italic => " class=\"i\"",
        Face::SemiBoldItalic => " class=\"b i\"",
        Face::Mono => " class=\"m\"",
    };
    let underline = if ink.underline || target.is_some() { " text-decoration=\"underline\"" } else { "" };
    // Without it, renderers fold the spaces of code and of indented text.
    let spaces =
        if run.text.starts_with(' ') || run.text.contains("  ") { " xml:space=\"preserve\"" } else { "" };
    let _ = write!(
        out,
        "<text x=\"{}\" y=\"{}\" font-size=\"{}\" fill=\"{}\"{class}{anchor}{underline}{spaces}>{}</text>",
        number(at.x),
        number(at.y),
        number(run.font.size),
        escape(if target.is_some() { ink.link } else { ink.color }),
        escape(&run.text)
    );
    if target.is_some() {
        out.push_str("</a>");
    }
}
