//! Trees to the compiled diagram.
//!
//! One-way phases, each with its own type: [`sources`] (the main file and all it imports, parsed) →
//! [`scope`] (maps of fields and connections: scopes, globs, boards, imports) → [`substitute`] (variables)
//! → [`build`] (`spandrel_graph::Diagram`, every attribute checked). Mistakes are diagnostics, and what is
//! whole is compiled beside them.

#![allow(
    clippy::result_large_err,
    reason = "the rare path carries a whole diagnostic, and boxing it buys nothing"
)]

mod build;
mod hash;
mod ir;
mod markdown;
mod scope;
mod sources;
mod substitute;
mod url;

use spandrel_base::{Budget, Diagnostic};
use spandrel_graph::Diagram;

pub use build::values::is_color;
pub use sources::Files;

use scope::Scoper;
use sources::{FileId, Sources};

/// What a source means and what is wrong with it.
#[derive(Clone, Debug, Default)]
pub struct Output {
    /// The diagram, as far as the source is whole.
    pub diagram: Diagram,
    /// What is wrong, ordered so that the first error is the first that D2 would name.
    pub diagnostics: Vec<Diagnostic>,
}

impl Output {
    /// Whether D2 would refuse the source.
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(Diagnostic::is_error)
    }
}

/// The path at which a main source without a path stands among `files`.
pub const MAIN_PATH: &str = "index.d2";

/// Compiles `main`; `files` gives what it imports.
pub fn compile(main: &str, files: &dyn Files, budget: &Budget<'_>) -> Output {
    compile_at(MAIN_PATH, main, files, budget)
}

/// Compiles `main`, which stands at `path` among `files` (imports are relative to it).
pub fn compile_at(path: &str, main: &str, files: &dyn Files, budget: &Budget<'_>) -> Output {
    let sources = Sources::read(path, main, files, budget);
    let mut diagnostics = sources.file(FileId::MAIN).tree.diagnostics().to_vec();
    if sources.too_large {
        let text = format!("more than {} bytes of source", budget.limits.bytes);
        diagnostics.insert(0, Diagnostic::error("C000", spandrel_base::Span::at(0), text));
    }
    let mut scoper = Scoper::new(&sources, budget);
    let root = scoper.main();
    scoper.substitute(root, &[]);
    scope::overlay_classes(&mut scoper.ir, root);
    scoper.ir.remove_suspended(root);
    let diagram = build::build(&mut scoper, root);
    diagnostics.append(&mut scoper.errors);
    Output { diagram, diagnostics }
}
