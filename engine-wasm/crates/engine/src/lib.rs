//! Spandrel's engine in one place: the pipeline, and the structs that go over a wire.
//!
//! ```
//! use spandrel_engine::{Engine, wire::Options};
//!
//! let diagram = Engine::native().diagram("web -> api: HTTPS", &Options::default());
//! assert_eq!(diagram.flow.nodes.len(), 2);
//! ```
//!
//! The browser, the proxy and the command line call the same functions. None of them throws on bad D2:
//! what is wrong comes back as diagnostics beside the graph of what is whole. The engine has no clock; who
//! has one hands in a question ("is it time to stop?") with [`Engine::new`].

mod assistant;
mod document;
mod render;
pub mod wire;

use spandrel_base::LeanCollect;
use spandrel_base::LeanSort;
use std::collections::BTreeMap;
use std::rc::Rc;

use serde_json::{Value, json};
use spandrel_base::{Budget, Limits, LineIndex};
use spandrel_export::{canonical, react_flow};
use spandrel_ide::{Config, Drawn, Hold};
use spandrel_layout::StoredDrawing;

pub use assistant::load_assist;
pub use document::Document;
pub use spandrel_assist::prompts;
/// What a new diagram can begin with.
pub use spandrel_catalog::{Template, templates};
pub use spandrel_elk_json::known as elk_known;
use wire::{Compiled, Diagnostic, Diagram, Diff, Edited, Encoding, Op, Options, Place};

/// The version of the engine, which a stored drawing names.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The pipeline, for one kind of caller: how offsets count, and who may interrupt.
#[derive(Clone, Copy)]
pub struct Engine<'a> {
    encoding: Encoding,
    interrupted: Option<&'a dyn Fn() -> bool>,
}

impl<'a> Engine<'a> {
    /// For callers in Rust: offsets in bytes, nobody interrupts.
    pub fn native() -> Self {
        Self { encoding: Encoding::Utf8, interrupted: None }
    }

    /// For a boundary with its own way of counting and its own clock.
    pub fn new(encoding: Encoding, interrupted: &'a dyn Fn() -> bool) -> Self {
        Self { encoding, interrupted: Some(interrupted) }
    }

    pub(crate) fn budget(&self, limits: Limits) -> Budget<'a> {
        self.interrupted.map_or_else(|| Budget::new(limits), |stop| Budget::interruptible(limits, stop))
    }

    /// What a source means, in the canonical form, and what D2 itself would refuse or warn of.
    pub fn compile(&self, source: &str, options: &Options) -> Compiled {
        let output = spandrel_compile::compile(source, &options.files, &self.budget(options.limits()));
        let diagnostics = self.diagnostics(source, &output.diagnostics);
        Compiled { graph: canonical::diagram(&output.diagram), diagnostics }
    }

    /// [`Engine::compile`] as two JSON texts, graph and diagnostics: a large graph is spared the way through a
    /// tree of values, and whoever asks for diagnostics alone need not read it.
    pub fn compile_json(&self, source: &str, options: &Options) -> (String, String) {
        let output = spandrel_compile::compile(source, &options.files, &self.budget(options.limits()));
        let diagnostics = self.diagnostics(source, &output.diagnostics);
        // Diagnostics are plain structs: they have a JSON form.
        (canonical::write(&output.diagram), serde_json::to_string(&diagnostics).unwrap_or_default())
    }

    /// What a source means, as `{"canonical": …}`, or why D2 refuses it, as `{"errors": […]}` in the order in
    /// which D2 finds them; JSON text.
    pub fn canonical_json(&self, source: &str, options: &Options) -> String {
        let output = spandrel_compile::compile(source, &options.files, &self.budget(options.limits()));
        if !output.has_errors() {
            return ["{\"canonical\":", &canonical::write(&output.diagram), "}"].concat();
        }
        let error = |diagnostic: &spandrel_base::Diagnostic| {
            let text = diagnostic.path.as_ref().and_then(|path| options.files.get(path));
            let text = text.map_or(source, String::as_str);
            let at = LineIndex::new(text)
                .line_column(text, diagnostic.told_at.unwrap_or(diagnostic.span).start as usize);
            let mut error = json!({"line": at.line, "column": at.column, "message": diagnostic.message});
            if let Some(path) = &diagnostic.path {
                error["file"] = json!(path);
            }
            error
        };
        let errors: Vec<Value> = output.diagnostics.iter().filter(|d| d.is_error()).map(error).collect();
        json!({"errors": errors}).to_string()
    }

    /// Everything there is to say about a source: what D2 would say, style pack, safety.
    pub fn validate(&self, source: &str, options: &Options) -> Vec<Diagnostic> {
        let output = spandrel_compile::compile(source, &options.files, &self.budget(options.limits()));
        let mut found = output.diagnostics;
        found.extend(spandrel_validate::validate(&output.diagram, source, &lint(options)));
        found.lean_sort_by(|a, b| (&a.path, a.span, a.severity).cmp(&(&b.path, b.span, b.severity)));
        found.dedup();
        self.diagnostics(source, &found)
    }

    /// D2's canonical formatting; a source with syntax errors comes back unchanged.
    pub fn format(&self, source: &str) -> String {
        spandrel_syntax::format(source).unwrap_or_else(|| source.to_owned())
    }

    /// A change of the diagram as a minimal change of the text.
    pub fn edit(&self, source: &str, op: &Op, options: &Options) -> Edited {
        self.edited(source, change(source, &options.files, op))
    }

    /// What changed between two sources, and the edits that lead from the first to the second.
    pub fn diff(&self, before: &str, after: &str, options: &Options) -> Diff {
        let place = spandrel_edit::Place { files: &options.files, ..spandrel_edit::Place::default() };
        let lines = LineIndex::new(before);
        let text = Place { source: before, lines: &lines, encoding: self.encoding };
        Diff::new(&spandrel_edit::diff(before, after, place), &text)
    }

    /// From text to a React Flow canvas: compile, measure, lay out, convert.
    pub fn diagram(&self, source: &str, options: &Options) -> Diagram {
        let output = spandrel_compile::compile(source, &options.files, &self.budget(options.limits()));
        let diagnostics = self.diagnostics(source, &output.diagnostics);
        let drawn = self.draw(Rc::new(output.diagram), options);
        Diagram::new(&drawn, diagnostics, false)
    }

    /// Where things stand, for keeping with a version.
    pub fn drawing(&self, source: &str, options: &Options) -> wire::Drawing {
        let output = spandrel_compile::compile(source, &options.files, &self.budget(options.limits()));
        let drawn = self.draw(Rc::new(output.diagram), options);
        wire::Drawing::new([(drawn.path.as_str(), &drawn.stored())])
    }

    /// Ids of the objects of all boards that the source pins (`top` and `left`), sorted.
    pub fn pins(&self, source: &str, options: &Options) -> Vec<String> {
        let output = spandrel_compile::compile(source, &options.files, &self.budget(options.limits()));
        let boards = output.diagram.root.walk();
        let nodes = boards.iter().flat_map(|(_, board)| board.nodes.iter());
        let pinned = nodes.filter(|n| n.attrs.number("top").is_some() && n.attrs.number("left").is_some());
        let ids: std::collections::BTreeSet<String> = pinned.map(|node| node.id.clone()).lean_set();
        ids.into_iter().collect()
    }

    /// ELK JSON in, a laid-out copy out.
    pub fn layout(&self, graph: &str, arguments: &str) -> Result<String, String> {
        let budget = self.budget(Limits::default());
        spandrel_elk_json::layout(graph, arguments, &budget).map_err(|error| error.to_string())
    }

    /// The same with notes on its options in the root's `logging`, as elkjs's class wants it.
    pub fn layout_logged(&self, graph: &str, arguments: &str) -> Result<String, String> {
        let budget = self.budget(Limits::default());
        spandrel_elk_json::layout_logged(graph, arguments, &budget).map_err(|error| error.to_string())
    }

    fn draw(&self, diagram: Rc<spandrel_graph::Diagram>, options: &Options) -> Drawn {
        let previous = previous(options);
        let budget = self.budget(options.limits());
        let hold = Hold { previous: previous.get(&options.board), route_only: false };
        spandrel_ide::draw(diagram, &options.board, hold, &budget)
    }

    pub(crate) fn diagnostics(&self, source: &str, found: &[spandrel_base::Diagnostic]) -> Vec<Diagnostic> {
        if found.is_empty() {
            return Vec::new();
        }
        let lines = LineIndex::new(source);
        let place = Place { source, lines: &lines, encoding: self.encoding };
        found.iter().map(|diagnostic| place.diagnostic(diagnostic)).collect()
    }

    pub(crate) fn edited(&self, before: &str, result: Result<spandrel_edit::Edited, Refusal>) -> Edited {
        let lines_before = LineIndex::new(before);
        let place = Place { source: before, lines: &lines_before, encoding: self.encoding };
        match result {
            Ok(edited) => {
                let lines_after = LineIndex::new(&edited.source);
                let after = Place { source: &edited.source, lines: &lines_after, encoding: self.encoding };
                Edited {
                    edits: edited.edits.iter().map(|edit| place.text_edit(edit)).collect(),
                    inverse: edited.inverse.iter().map(|edit| after.text_edit(edit)).collect(),
                    key: edited.key.clone(),
                    diagnostics: Vec::new(),
                    source: edited.source.clone(),
                }
            }
            Err(refusal) => Edited {
                source: before.to_owned(),
                edits: Vec::new(),
                inverse: Vec::new(),
                key: None,
                diagnostics: vec![place.diagnostic(&refusal)],
            },
        }
    }
}

/// Why a change was refused.
pub(crate) type Refusal = Box<spandrel_base::Diagnostic>;

/// Applies `op`; a new object with a label is two edits of the core that become one here.
pub(crate) fn change(
    source: &str,
    files: &BTreeMap<String, String>,
    op: &Op,
) -> Result<spandrel_edit::Edited, Refusal> {
    let board = board_names(op.board());
    let place = spandrel_edit::Place { files, board: &board, ..spandrel_edit::Place::default() };
    let mut made = spandrel_edit::edit(source, place, &op.into()).map_err(Box::new)?;
    if let (Some(label), Some(key)) = (op.label(), made.key.clone()) {
        let set = spandrel_edit::Op::Set { key, value: Some(label.to_owned()), tag: None };
        let labelled = spandrel_edit::edit(&made.source, place, &set).map_err(Box::new)?;
        made.edits = vec![spandrel_base::difference(source, &labelled.source)];
        made.inverse = spandrel_base::invert_edits(source, &made.edits);
        made.source = labelled.source;
    }
    Ok(made)
}

/// The names of the boards on a path (`layers.x.steps.1`); a name may hold dots itself.
fn board_names(path: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let mut new = false;
    for part in path.split('.') {
        let group = matches!(part, "layers" | "scenarios" | "steps");
        if group && !new {
            new = true;
            continue;
        }
        match names.last_mut().filter(|_| !new) {
            Some(name) => {
                name.push('.');
                name.push_str(part);
            }
            None if new => names.push(part.to_owned()),
            None => {}
        }
        new = false;
    }
    names
}

pub(crate) fn lint(options: &Options) -> spandrel_validate::Options {
    let style = options.style.as_ref().map(Into::into).unwrap_or_default();
    spandrel_validate::Options { strict: options.strict, off: options.off.clone(), style }
}

pub(crate) fn config(options: &Options) -> Config {
    Config {
        files: options.files.clone(),
        board: options.board.clone(),
        limits: options.limits(),
        lint: lint(options),
    }
}

pub(crate) fn previous(options: &Options) -> BTreeMap<String, StoredDrawing> {
    let boards = options.previous.iter().flat_map(|drawing| &drawing.boards);
    boards.map(|(path, board)| (path.clone(), StoredDrawing::from(board))).lean_map()
}

/// The canonical form alone, as the conformance runner prints it.
pub fn canonical(source: &str, options: &Options) -> Value {
    Engine::native().compile(source, options).graph
}

/// React Flow of a drawn board.
pub(crate) fn flow(drawn: &Drawn) -> react_flow::Flow {
    react_flow::convert(drawn.board(), &drawn.measured, &drawn.drawing, &react_flow::Options::default())
}

#[cfg(test)]
mod tests {
    use super::board_names;

    #[test]
    fn a_path_of_boards_gives_their_names() {
        assert_eq!(board_names(""), [""; 0]);
        assert_eq!(board_names("layers.x.steps.1"), ["x", "1"]);
        assert_eq!(board_names("layers.v1.2.scenarios.layers"), ["v1.2", "layers"]);
    }
}
