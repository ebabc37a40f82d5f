use crate::{Span, TextEdit};

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The source is refused.
    Error,
    /// Accepted, but most likely not what was meant.
    Warning,
    /// Something to know.
    Hint,
}

impl Severity {
    /// The word that the public face uses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Hint => "hint",
        }
    }
}

/// One thing that a person should know about their source: what is wrong, why, and what to do.
///
/// Messages are lower case, without a full stop, names in backticks. Codes are stable: `S` syntax,
/// `C` compile, `L` lint, `U` unsafe content, `G` layout, each with three digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Stable code, such as `S003`.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
    /// Where, in bytes of the file `path` (of the main source where that is `None`).
    pub span: Span,
    /// Where D2 reports it, in the same file, where that is another place: for canonical errors only.
    pub told_at: Option<Span>,
    /// The imported file it is in; `None`: the main source.
    pub path: Option<String>,
    /// Other places that belong to it.
    pub related: Vec<LabelledSpan>,
    /// What to do.
    pub help: Option<String>,
    /// What would have been right here, for machines.
    pub expected: Option<String>,
    /// What stands here, for machines.
    pub found: Option<String>,
    /// Safe changes that mend it.
    pub fixes: Vec<Fix>,
}

/// A second place with a word on what it has to do with the first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabelledSpan {
    /// Where, in the same file as the diagnostic.
    pub span: Span,
    /// What is there.
    pub label: String,
}

/// A change of the source that mends a diagnostic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What a button would say: a verb first.
    pub title: String,
    /// Edits of the file of the diagnostic, to be applied together.
    pub edits: Vec<TextEdit>,
}

impl Diagnostic {
    /// A diagnostic with nothing but the essentials; add more with the builder methods.
    pub fn new(severity: Severity, code: &'static str, span: Span, message: impl Into<String>) -> Self {
        Self {
            code,
            severity,
            message: message.into(),
            span,
            told_at: None,
            path: None,
            related: Vec::new(),
            help: None,
            expected: None,
            found: None,
            fixes: Vec::new(),
        }
    }

    /// An error.
    pub fn error(code: &'static str, span: Span, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, span, message)
    }

    /// A warning.
    pub fn warning(code: &'static str, span: Span, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, span, message)
    }

    /// A hint.
    pub fn hint(code: &'static str, span: Span, message: impl Into<String>) -> Self {
        Self::new(Severity::Hint, code, span, message)
    }

    /// With a sentence on what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// With what was found and what was expected.
    #[must_use]
    pub fn expected(mut self, expected: impl Into<String>, found: impl Into<String>) -> Self {
        self.expected = Some(expected.into());
        self.found = Some(found.into());
        self
    }

    /// With a second place.
    #[must_use]
    pub fn related(mut self, span: Span, label: impl Into<String>) -> Self {
        self.related.push(LabelledSpan { span, label: label.into() });
        self
    }

    /// With a change that mends it.
    #[must_use]
    pub fn fix(mut self, title: impl Into<String>, edits: Vec<TextEdit>) -> Self {
        self.fixes.push(Fix { title: title.into(), edits });
        self
    }

    /// In an imported file.
    #[must_use]
    pub fn in_file(mut self, path: impl Into<String>) -> Self {
        self.path = Some(path.into());
        self
    }

    /// Whether it is an error.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}
