//! The D2 in a model's answer while it is still being written: without the Markdown fence around it.
//!
//! Only for showing; what is kept comes from the engine's repair of the whole answer.

/// Takes an answer in pieces and gives the pieces of D2 in it.
#[derive(Debug, Default)]
pub(crate) struct Unfence {
    /// The line that is being written, as far as it is held back: it may become a fence.
    held: String,
    /// The line's beginning was handed on: it is no fence.
    passing: bool,
    place: Place,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Place {
    /// No fence so far.
    #[default]
    Plain,
    Inside,
    /// What follows the code is prose.
    After,
}

impl Unfence {
    /// What of `more`, and of what was held back, is D2.
    pub(crate) fn push(&mut self, more: &str) -> String {
        let mut out = String::new();
        for part in more.split_inclusive('\n') {
            if self.passing {
                self.give(part, &mut out);
            } else {
                self.held.push_str(part);
                if self.held.ends_with('\n') || !may_be_fence(&self.held) {
                    let line = std::mem::take(&mut self.held);
                    if is_fence(&line) && line.ends_with('\n') {
                        self.place = if self.place == Place::Plain { Place::Inside } else { Place::After };
                    } else {
                        self.give(&line, &mut out);
                        self.passing = true;
                    }
                }
            }
            if part.ends_with('\n') {
                self.passing = false;
            }
        }
        out
    }

    fn give(&self, text: &str, out: &mut String) {
        if self.place != Place::After {
            out.push_str(text);
        }
    }
}

/// Whether a line that is not complete may still be a fence.
fn may_be_fence(begun: &str) -> bool {
    let begun = begun.trim_start();
    is_fence(begun) || "```".starts_with(begun)
}

fn is_fence(line: &str) -> bool {
    line.trim_start().starts_with("```")
}

#[cfg(test)]
mod tests {
    use super::Unfence;

    /// What is shown of `text`, whatever the pieces in which it comes.
    #[track_caller]
    fn shown(text: &str) -> String {
        let mut answers: Vec<String> = (1..=text.len())
            .map(|size| {
                let mut unfence = Unfence::default();
                text.as_bytes()
                    .chunks(size)
                    .map(|piece| unfence.push(std::str::from_utf8(piece).unwrap()))
                    .collect()
            })
            .collect();
        answers.dedup();
        assert_eq!(answers.len(), 1, "the pieces change the text: {answers:?}");
        answers.pop().unwrap()
    }

    #[test]
    fn fences_are_not_shown() {
        assert_eq!(shown("a -> b\nc\n"), "a -> b\nc\n");
        assert_eq!(shown("```d2\na -> b\n```\nThat was it.\n"), "a -> b\n");
        assert_eq!(shown("  ```\na: `x`\n  ```\n"), "a: `x`\n");
        assert_eq!(shown("a: |md\n  x\n|\nb"), "a: |md\n  x\n|\nb");
    }

    #[test]
    fn a_line_goes_on_as_soon_as_it_cannot_be_a_fence() {
        let mut unfence = Unfence::default();
        assert_eq!(unfence.push("  `"), "");
        assert_eq!(unfence.push("x"), "  `x");
        assert_eq!(unfence.push(" -> y"), " -> y");
    }
}
