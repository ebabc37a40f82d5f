//! Lint and safety rules over the compiled diagram, one file a rule.
//!
//! `compile` says what D2 itself refuses; what stands here is beyond D2: the style pack, likely mistakes, and
//! what is dangerous to show or to pass on. Rules judge the compiled graph and never search the text for words:
//! a node called "Payment system" or "exec dashboard" is fine. Each rule has a code, a name by which it can
//! be switched off (safety rules cannot), and tests in its own file. Nothing here changes the diagram.

mod context;
pub mod rules;
pub mod safety;

pub use context::{Context, Shown};

use spandrel_base::LeanSort;
use spandrel_base::{Diagnostic, Severity};
use spandrel_catalog::StylePack;
use spandrel_graph::Diagram;

/// What to check, and how strictly.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Breaches of the style pack are errors, not warnings.
    pub strict: bool,
    /// Codes or names of lint rules that are not run.
    pub off: Vec<String>,
    /// What the project's style pack says otherwise.
    pub style: StylePack,
}

/// A rule: what it is called, and what it finds.
pub struct Rule {
    /// Stable code: `L…` lint, `U…` unsafe content.
    pub code: &'static str,
    /// Short name for the off switch, kebab-case.
    pub name: &'static str,
    /// Whether it belongs to the style pack, which strict validation makes binding.
    pub style_pack: bool,
    /// Adds what it finds.
    pub check: fn(&Context<'_>, &mut Vec<Diagnostic>),
}

/// So many findings of one lint rule are told; nobody reads more, and each costs.
const MOST_FINDINGS: usize = 256;

/// Runs all rules. `source` is the main text that `diagram` was compiled from. Sorted by position.
pub fn validate(diagram: &Diagram, source: &str, options: &Options) -> Vec<Diagnostic> {
    let context = Context::new(diagram, source, &options.style);
    let mut found = Vec::new();
    for rule in rules::ALL {
        let off = options.off.iter().any(|off| off == rule.code || off == rule.name);
        if !off {
            let before = found.len();
            (rule.check)(&context, &mut found);
            found.truncate(before + MOST_FINDINGS);
            if options.strict && rule.style_pack {
                for diagnostic in &mut found[before..] {
                    diagnostic.severity = Severity::Error;
                }
            }
        }
    }
    found.extend(unsafe_content(diagram, source));
    sort(&mut found);
    found
}

/// Runs the safety rules alone: what a server asks before it stores or passes on a source. Sorted by position.
pub fn unsafe_content(diagram: &Diagram, source: &str) -> Vec<Diagnostic> {
    let style = StylePack::default();
    let context = Context::new(diagram, source, &style);
    let mut found = Vec::new();
    for rule in safety::ALL {
        (rule.check)(&context, &mut found);
    }
    sort(&mut found);
    found
}

/// Scenarios and steps repeat what they inherit: the same finding at the same place is said once.
fn sort(found: &mut Vec<Diagnostic>) {
    found.lean_sort_by(|a, b| {
        (a.span, a.code, &a.path, &a.message).cmp(&(b.span, b.code, &b.path, &b.message))
    });
    found.dedup_by(|a, b| (a.span, a.code, &a.path, &a.message) == (b.span, b.code, &b.path, &b.message));
}
