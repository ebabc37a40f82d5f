//! The document itself: text in, analysis and drawing out, each worked out once for each text.

use spandrel_base::LeanSort;
use std::collections::BTreeMap;
use std::rc::Rc;

use spandrel_base::{Budget, Diagnostic, Limits, Span, TextEdit, apply_edits};
use spandrel_graph::{Board, Diagram};
use spandrel_layout::{Drawing, Measured, StoredDrawing};
use spandrel_syntax::Tree;

/// What stays the same while a document is open.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// Texts for imports, by path.
    pub files: BTreeMap<String, String>,
    /// The board that is drawn, by path; `""` for the root.
    pub board: String,
    /// What one call may cost.
    pub limits: Limits,
    /// Lint rules.
    pub lint: spandrel_validate::Options,
}

/// One board, measured and laid out. Immutable, so that it can be kept while the text moves on.
#[derive(Clone, Debug)]
pub struct Drawn {
    /// The diagram that the board belongs to.
    pub diagram: Rc<Diagram>,
    /// Path of the board.
    pub path: String,
    /// Its sizes.
    pub measured: Measured,
    /// Its places.
    pub drawing: Drawing,
}

impl Drawn {
    /// The board that was drawn.
    pub fn board(&self) -> &Board {
        self.diagram.root.board(&self.path).unwrap_or(&self.diagram.root)
    }

    /// Positions by id.
    pub fn stored(&self) -> StoredDrawing {
        StoredDrawing::of(self.board(), &self.drawing)
    }
}

/// What the current text means.
#[derive(Clone, Debug)]
pub(crate) struct Analysis {
    pub(crate) tree: Tree,
    pub(crate) diagram: Rc<Diagram>,
    pub(crate) diagnostics: Vec<Diagnostic>,
    pub(crate) broken: bool,
}

/// A source opened for editing.
#[derive(Debug)]
pub struct Document {
    source: String,
    config: Config,
    analysis: Option<Analysis>,
    drawn: Option<Rc<Drawn>>,
    /// Whether `drawn` belongs to the current text.
    current: bool,
    /// What the next layout of a board stays close to.
    previous: BTreeMap<String, StoredDrawing>,
    /// Whether the next layout keeps the boxes and leads the lines anew.
    route_only: bool,
}

impl Document {
    /// Opens `source`; `previous` are drawings by path of the board, to be held still.
    pub fn open(source: String, config: Config, previous: BTreeMap<String, StoredDrawing>) -> Self {
        Self { source, config, analysis: None, drawn: None, current: false, previous, route_only: false }
    }

    /// The text.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// What was said when it was opened.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Replaces the bytes of `span`. A span that does not fit the text is cut to what fits.
    pub fn replace(&mut self, span: Span, text: &str) {
        let edit = TextEdit::replace(fit(&self.source, span), text);
        self.set_source(apply_edits(&self.source, &[edit]));
    }

    /// Replaces the whole text.
    pub fn set_source(&mut self, source: String) {
        if source != self.source {
            self.source = source;
            self.analysis = None;
            self.current = false;
        }
    }

    /// Draws another board from now on.
    pub fn set_board(&mut self, path: &str) {
        if path != self.config.board {
            path.clone_into(&mut self.config.board);
            self.drawn = None;
            self.current = false;
        }
    }

    /// Everything there is to say about the text, by position.
    pub fn diagnostics(&mut self, budget: &Budget<'_>) -> &[Diagnostic] {
        &self.analyse(budget).diagnostics
    }

    /// Whether the text has errors.
    pub fn is_broken(&mut self, budget: &Budget<'_>) -> bool {
        self.analyse(budget).broken
    }

    /// What the text means; of a broken one, what is whole.
    pub fn diagram(&mut self, budget: &Budget<'_>) -> Rc<Diagram> {
        Rc::clone(&self.analyse(budget).diagram)
    }

    pub(crate) fn analyse(&mut self, budget: &Budget<'_>) -> &Analysis {
        if self.analysis.is_none() {
            self.analysis = Some(analyse(&self.source, &self.config, budget));
        }
        self.analysis.as_ref().unwrap_or_else(|| unreachable!("set above"))
    }

    /// The drawing of the current board, and whether it belongs to the current text: a broken text keeps
    /// the last good drawing, so that good work in hand survives a typing error.
    pub fn drawn(&mut self, budget: &Budget<'_>) -> (Rc<Drawn>, bool) {
        if let Some(drawn) = &self.drawn
            && self.current
        {
            return (Rc::clone(drawn), true);
        }
        let analysis = self.analyse(budget);
        let (broken, diagram) = (analysis.broken, Rc::clone(&analysis.diagram));
        if let Some(drawn) = &self.drawn
            && broken
        {
            return (Rc::clone(drawn), false);
        }
        let hold = Hold { previous: self.previous.get(&self.config.board), route_only: self.route_only };
        let drawn = Rc::new(draw(diagram, &self.config.board, hold, budget));
        self.previous.insert(drawn.path.clone(), drawn.stored());
        self.route_only = false;
        self.current = true;
        self.drawn = Some(Rc::clone(&drawn));
        (drawn, true)
    }

    /// The next drawing is worked out again, close to this one.
    pub fn forget_layout(&mut self) {
        self.drawn = None;
        self.current = false;
    }

    /// The next drawing keeps the boxes where they are and leads all lines anew.
    pub fn forget_routes(&mut self) {
        self.route_only = true;
        self.forget_layout();
    }

    /// Forgets where things stood: the next drawing is made afresh, around the pins.
    pub fn forget_drawing(&mut self) {
        self.previous.remove(&self.config.board);
        self.drawn = None;
        self.current = false;
    }

    /// Drawings by path of the board, to be stored with a version.
    pub fn drawings(&mut self, budget: &Budget<'_>) -> &BTreeMap<String, StoredDrawing> {
        self.drawn(budget);
        &self.previous
    }
}

fn analyse(source: &str, config: &Config, budget: &Budget<'_>) -> Analysis {
    // A source that is larger than allowed is not even read.
    let allowed = source.len() <= budget.limits.bytes;
    let (output, tree) = if allowed {
        let path = spandrel_compile::MAIN_PATH;
        spandrel_compile::compile_tree(path, spandrel_syntax::parse(source), &config.files, budget)
    } else {
        (spandrel_compile::compile(source, &config.files, budget), spandrel_syntax::parse(""))
    };
    let mut diagnostics = output.diagnostics;
    let broken = diagnostics.iter().any(Diagnostic::is_error);
    if allowed {
        diagnostics.extend(spandrel_validate::validate(&output.diagram, source, &config.lint));
    }
    diagnostics.lean_sort_by(|a, b| (&a.path, a.span, a.severity).cmp(&(&b.path, b.span, b.severity)));
    diagnostics.dedup();
    Analysis { tree, diagram: Rc::new(output.diagram), diagnostics, broken }
}

/// What a new drawing of a board stays close to, and how close.
#[derive(Clone, Copy, Debug, Default)]
pub struct Hold<'a> {
    /// Where things stood; `None`: laid out afresh.
    pub previous: Option<&'a StoredDrawing>,
    /// Keep the boxes where they stood, and lead all lines anew.
    pub route_only: bool,
}

/// Measures and lays out one board; an unknown path draws the root.
pub fn draw(diagram: Rc<Diagram>, path: &str, hold: Hold<'_>, budget: &Budget<'_>) -> Drawn {
    let found = diagram.root.board(path);
    let path = if found.is_some() { path.to_owned() } else { String::new() };
    let board = found.unwrap_or(&diagram.root);
    // Cards of a known kind get its icon: the exporters draw it, so there must be room for it.
    let has_icon = |id| spandrel_export::kind::has_icon(board, id);
    let sizes = spandrel_layout::measure::Options { has_icon: &has_icon, ..Default::default() };
    let measured = spandrel_layout::measure_with(board, &sizes);
    let options = spandrel_layout::Options { route_only: hold.route_only, ..Default::default() };
    let drawing = spandrel_layout::lay_out(board, &measured, &options, hold.previous, budget);
    Drawn { diagram, path, measured, drawing }
}

fn fit(source: &str, span: Span) -> Span {
    let floor = |offset: u32| {
        let mut offset = (offset as usize).min(source.len());
        while !source.is_char_boundary(offset) {
            offset -= 1;
        }
        offset
    };
    Span::new(floor(span.start), floor(span.end))
}
