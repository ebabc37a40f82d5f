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
mod ir;
mod markdown;
mod scope;
mod sources;
mod substitute;
mod url;

use spandrel_base::{Budget, Diagnostic};
use spandrel_graph::Diagram;
use spandrel_syntax::Tree;

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
    if main.len() > budget.limits.bytes {
        return Output { diagnostics: vec![too_large(budget)], ..Output::default() };
    }
    compile_tree(path, spandrel_syntax::parse(main), files, budget).0
}

/// Compiles a main source that is parsed already, and gives its tree back.
pub fn compile_tree(path: &str, main: Tree, files: &dyn Files, budget: &Budget<'_>) -> (Output, Tree) {
    if main.text().len() > budget.limits.bytes {
        return (Output { diagnostics: vec![too_large(budget)], ..Output::default() }, main);
    }
    let sources = Sources::read(path, main, files, budget);
    let mut diagnostics = sources.file(FileId::MAIN).tree.diagnostics().to_vec();
    if sources.too_large {
        diagnostics.insert(0, too_large(budget));
    }
    let mut scoper = Scoper::new(&sources, budget);
    let root = scoper.main();
    scoper.substitute(root, &[]);
    scoper.overlay_classes(root);
    scoper.remove_suspended(root);
    // What the last steps cost is told too.
    scoper.settle();
    let mut diagram = build::build(&mut scoper, root);
    scoper.count_things(&diagram);
    if scoper.spent {
        // Half of what asks for too much is still too much for whoever draws it.
        diagram = Diagram::default();
    }
    diagnostics.append(&mut std::mem::take(&mut scoper.errors).finish("C009"));
    drop(scoper);
    (Output { diagram, diagnostics }, sources.into_main())
}

fn too_large(budget: &Budget<'_>) -> Diagnostic {
    let text = format!("more than {} bytes of source", budget.limits.bytes);
    Diagnostic::error("C000", spandrel_base::Span::at(0), text)
}
