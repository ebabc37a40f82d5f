use crate::{Diagnostic, Severity};

/// Diagnostics in the order in which they are found, a bounded number of each severity.
///
/// A source can hold a mistake in every byte; nobody reads more than a few. What is beyond [`Self::MOST`] of a severity
/// is counted, and told by one closing diagnostic of that severity, so that a source is refused exactly when it would
/// have been without the bound, and its first error is the same.
#[derive(Clone, Debug, Default)]
pub struct Diagnostics {
    kept: Vec<Diagnostic>,
    counts: [usize; 3],
    /// The first that was not kept, by severity: where the closing diagnostic points.
    dropped: [Option<Box<Diagnostic>>; 3],
    /// What callers may write to in place of a diagnostic that is not kept.
    spare: Option<Diagnostic>,
}

/// A moment in the life of a [`Diagnostics`], to go back to.
#[derive(Clone, Debug)]
pub struct Mark {
    kept: usize,
    counts: [usize; 3],
    dropped: [bool; 3],
}

impl Diagnostics {
    /// How many of each severity are kept.
    pub const MOST: usize = 200;

    /// Adds one; it may be written to further, though its severity stays what it is.
    pub fn push(&mut self, diagnostic: Diagnostic) -> &mut Diagnostic {
        let severity = diagnostic.severity as usize;
        self.counts[severity] += 1;
        if self.counts[severity] <= Self::MOST {
            self.kept.push(diagnostic);
            let last = self.kept.len() - 1;
            return &mut self.kept[last];
        }
        if self.dropped[severity].is_none() {
            self.dropped[severity] = Some(Box::new(diagnostic.clone()));
        }
        self.spare.insert(diagnostic)
    }

    /// Adds one unless the same is there already; gives what is there.
    pub fn push_once(&mut self, diagnostic: Diagnostic) -> &mut Diagnostic {
        let same = |d: &Diagnostic| {
            d.code == diagnostic.code
                && d.span == diagnostic.span
                && d.path == diagnostic.path
                && d.message == diagnostic.message
        };
        // The list is short by its bound.
        match self.kept.iter().position(same) {
            Some(at) => &mut self.kept[at],
            None => self.push(diagnostic),
        }
    }

    /// Whether a further one of this severity would only be counted: its details need not be worked out.
    pub fn is_full(&self, severity: Severity) -> bool {
        self.counts[severity as usize] >= Self::MOST
    }

    /// How many there were, those that were not kept included.
    pub fn count(&self) -> usize {
        self.counts.iter().sum()
    }

    /// Whether there was none.
    pub fn is_empty(&self) -> bool {
        self.count() == 0
    }

    /// Those that are kept.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.kept.iter()
    }

    /// This moment.
    pub fn mark(&self) -> Mark {
        let dropped = [0, 1, 2].map(|severity| self.dropped[severity].is_some());
        Mark { kept: self.kept.len(), counts: self.counts, dropped }
    }

    /// Forgets what came after `mark`.
    pub fn back_to(&mut self, mark: &Mark) {
        self.kept.truncate(mark.kept);
        self.counts = mark.counts;
        for (dropped, was) in self.dropped.iter_mut().zip(mark.dropped) {
            if !was {
                *dropped = None;
            }
        }
    }

    /// All that are kept, and one with `code` for each severity of which there were more.
    pub fn finish(mut self, code: &'static str) -> Vec<Diagnostic> {
        for first in self.dropped.iter_mut().filter_map(Option::take) {
            let more = self.counts[first.severity as usize] - Self::MOST;
            let what = match first.severity {
                Severity::Error => "errors",
                Severity::Warning => "warnings",
                Severity::Hint => "hints",
            };
            let text = format!("and {more} more {what} from here on");
            let mut closing = Diagnostic::new(first.severity, code, first.span, text);
            closing.path = first.path;
            closing.help = Some("mend those above first".into());
            self.kept.push(closing);
        }
        self.kept
    }
}

impl Extend<Diagnostic> for Diagnostics {
    fn extend<I: IntoIterator<Item = Diagnostic>>(&mut self, diagnostics: I) {
        for diagnostic in diagnostics {
            self.push(diagnostic);
        }
    }
}

impl<'a> IntoIterator for &'a Diagnostics {
    type Item = &'a Diagnostic;
    type IntoIter = std::slice::Iter<'a, Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Span;

    fn error(at: usize) -> Diagnostic {
        Diagnostic::error("X001", Span::at(at), format!("number {at}"))
    }

    #[test]
    fn what_is_beyond_the_bound_is_counted() {
        let mut found = Diagnostics::default();
        for at in 0..1_000 {
            found.push(Diagnostic::hint("X002", Span::at(at), "a hint"));
        }
        for at in 0..1_000 {
            found.push(error(at)).help = Some("help".into());
        }
        assert_eq!(found.count(), 2_000);
        assert!(found.is_full(Severity::Error) && !found.is_full(Severity::Warning));
        let all = found.finish("X999");
        assert_eq!(all.len(), 2 * Diagnostics::MOST + 2);
        let first = all.iter().find(|d| d.is_error()).unwrap();
        assert_eq!((first.span, first.help.as_deref()), (Span::at(0), Some("help")));
        let closing = all.iter().find(|d| d.code == "X999" && d.is_error()).unwrap();
        assert_eq!(closing.span, Span::at(Diagnostics::MOST));
        assert_eq!(closing.message, "and 800 more errors from here on");
    }

    #[test]
    fn the_same_is_told_once() {
        let mut found = Diagnostics::default();
        found.push_once(error(1));
        found.push_once(error(1)).help = Some("again".into());
        found.push_once(error(2));
        assert_eq!(found.count(), 2);
        assert_eq!(found.iter().next().unwrap().help.as_deref(), Some("again"));
    }

    #[test]
    fn it_goes_back_to_a_mark() {
        let mut found = Diagnostics::default();
        found.push(error(0));
        let mark = found.mark();
        (1..1_000).for_each(|at| drop(found.push(error(at)).clone()));
        found.back_to(&mark);
        assert_eq!(found.clone().finish("X999"), [error(0)]);
        found.push(error(2));
        assert_eq!(found.finish("X999"), [error(0), error(2)]);
    }
}
