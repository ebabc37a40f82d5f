//! Text blocks: lines of runs, top to bottom, and how text is broken into them.

use spandrel_base::Size;

use super::glyphs::width;
use crate::{Align, Face, Font, Line, Run, TextBlock};

/// Line height of labels, in em.
pub(super) const LABEL_LINE: f64 = 1.3;
/// Line height of running text, in em.
pub(super) const BODY_LINE: f64 = 1.5;
/// From the middle of a line to its baseline, in em: half the height of the capitals, so that labels look
/// centred. Both families have nearly the same.
const MIDDLE_TO_BASELINE: f64 = 0.364;

/// Collects lines into a block.
#[derive(Default)]
pub(super) struct Builder {
    block: TextBlock,
}

impl Builder {
    /// Adds a line of `runs`, `height` pixels high, indented by `indent` pixels.
    pub(super) fn line(&mut self, runs: Vec<Run>, height: f64, indent: f64) {
        let size = runs.iter().map(|run| run.font.size).fold(0.0, f64::max);
        let width: f64 = runs.iter().map(|run| run.width).sum();
        let baseline = self.block.size.height + height / 2.0 + size * MIDDLE_TO_BASELINE;
        self.block.size.width = self.block.size.width.max(indent + width);
        self.block.size.height += height;
        self.block.lines.push(Line { width, baseline, indent, runs });
    }

    /// Leaves `height` pixels free, but not above the first line.
    pub(super) fn gap(&mut self, height: f64) {
        if !self.block.lines.is_empty() {
            self.block.size.height += height;
        }
    }

    pub(super) fn build(mut self, align: Align) -> TextBlock {
        self.block.align = align;
        self.block
    }
}

/// A run of `text` with its width.
pub(super) fn run(text: &str, font: Font) -> Run {
    Run { text: text.to_owned(), font, width: width(text, font), link: None }
}

/// A label: as many lines as `text` has, and more only where `wrap` gives a width in pixels that a line
/// exceeds.
pub(super) fn label(text: &str, font: Font, align: Align, wrap: Option<f64>) -> TextBlock {
    let mut builder = Builder::default();
    let height = (font.size * LABEL_LINE).round();
    for line in text.trim_end_matches(['\n', '\r']).split('\n') {
        let line = clean(line);
        match wrap {
            Some(limit) => {
                for piece in wrapped(&line, font, limit) {
                    builder.line(vec![run(piece, font)], height, 0.0);
                }
            }
            None => builder.line(vec![run(&line, font)], height, 0.0),
        }
    }
    builder.build(align)
}

/// A block of code or of anything whose spaces count.
pub(super) fn code(text: &str, size: f64) -> TextBlock {
    let font = Font { face: Face::Mono, size };
    let mut builder = Builder::default();
    for line in text.trim_matches('\n').split('\n') {
        let line = line.trim_end().replace('\t', "    ");
        builder.line(vec![run(&line, font)], (size * BODY_LINE).round(), 0.0);
    }
    builder.build(Align::Left)
}

/// The longest piece of `text` that must not be broken, in pixels.
pub(super) fn longest_word(text: &str, font: Font) -> f64 {
    text.split_whitespace().map(|word| width(word, font)).fold(0.0, f64::max)
}

/// The room of nothing.
pub(super) fn room(block: Option<&TextBlock>) -> Size {
    block.map_or(Size::default(), |block| block.size)
}

/// Tabs and other controls become spaces: SVG and HTML would show them differently.
fn clean(line: &str) -> String {
    line.chars().filter(|c| *c != '\r').map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// Breaks `line` at spaces so that no piece is wider than `limit`, single words excepted.
fn wrapped(line: &str, font: Font, limit: f64) -> Vec<&str> {
    let mut pieces = Vec::new();
    let (mut start, mut end) = (0, 0);
    let mut used = 0.0;
    let mut at = 0;
    for word in line.split(' ') {
        let word_width = width(word, font);
        let space = width(" ", font);
        if end > start && used + space + word_width > limit {
            pieces.push(line[start..end].trim_end());
            start = at;
            used = word_width;
        } else {
            used += if end > start { space + word_width } else { word_width };
        }
        end = at + word.len();
        at = end + 1;
    }
    pieces.push(line[start..end].trim_end());
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    const FONT: Font = Font { face: Face::Regular, size: 16.0 };

    fn texts(block: &TextBlock) -> Vec<String> {
        block.lines.iter().map(|line| line.runs.iter().map(|run| run.text.as_str()).collect()).collect()
    }

    #[test]
    fn labels_break_only_where_they_say() {
        let block = label("one two three four five six\nseven\t8\n", FONT, Align::Center, None);
        assert_eq!(texts(&block), ["one two three four five six", "seven 8"]);
        assert_eq!(block.size.height, 2.0 * 21.0);
        assert!(block.lines[0].baseline < block.lines[1].baseline);
    }

    #[test]
    fn a_given_width_wraps_at_spaces_and_never_inside_a_word() {
        let block = label("one two extraordinarily x", FONT, Align::Center, Some(66.0));
        assert_eq!(texts(&block), ["one two", "extraordinarily", "x"]);
        let block = label("", FONT, Align::Center, Some(60.0));
        assert_eq!(texts(&block), [""]);
    }

    #[test]
    fn code_keeps_its_indentation() {
        let block = code("\nif x {\n\ty()\n}\n", 13.0);
        assert_eq!(texts(&block), ["if x {", "    y()", "}"]);
    }
}
