use std::rc::Rc;

use spandrel_base::{LineIndex, Span};
use spandrel_export::react_flow::{self, Flow};
use spandrel_ide::Drawn;
use spandrel_syntax::TokenKind;

use crate::wire::{
    Completion, Diagnostic, Diagram, Drawing, Edited, Hover, OffsetRange, Op, Options, Patch, Place, Range,
    Relayout, Symbol, Token,
};
use crate::{Engine, change, config, flow, previous};

/// A source opened for editing, with the wire's types: what an editor and a canvas hold on to.
pub struct Document {
    inner: spandrel_ide::Document,
    /// What the canvas was last told, for patches.
    shown: Option<(Rc<Drawn>, Flow)>,
}

impl Document {
    /// Opens `source`.
    pub fn open(source: &str, options: &Options) -> Self {
        let inner = spandrel_ide::Document::open(source.to_owned(), config(options), previous(options));
        Self { inner, shown: None }
    }

    /// The text.
    pub fn source(&self) -> &str {
        self.inner.source()
    }

    /// Replaces `from..to` (in the caller's offsets).
    pub fn replace(&mut self, engine: &Engine<'_>, from: usize, to: usize, text: &str) {
        let lines = LineIndex::new(self.inner.source());
        let place = Place { source: self.inner.source(), lines: &lines, encoding: engine.encoding };
        let span = Span::new(place.byte(from), place.byte(to));
        self.inner.replace(span, text);
    }

    /// Draws another board from now on.
    pub fn set_board(&mut self, path: &str) {
        self.inner.set_board(path);
    }

    /// Makes a change of the diagram as a change of the text; refused, the text stays.
    pub fn edit(&mut self, engine: &Engine<'_>, op: &Op) -> Edited {
        let result = change(self.inner.source(), &self.inner.config().files, op);
        let edited = engine.edited(self.inner.source(), result);
        self.inner.set_source(edited.source.clone());
        edited
    }

    /// Gives the object at `offset` another id, everywhere.
    pub fn rename(&mut self, engine: &Engine<'_>, offset: usize, name: &str) -> Edited {
        let board = Some(self.inner.config().board.clone()).filter(|path| !path.is_empty());
        if let Some(key) = self.id_at(engine, offset).filter(|id| !id.starts_with('(')) {
            return self.edit(engine, &Op::Rename { board, key, new_name: name.to_owned() });
        }
        let span = Span::at(self.byte(engine, offset));
        let refusal = spandrel_base::Diagnostic::error("E001", span, "there is nothing to rename here")
            .help("put the caret on the name of an object");
        engine.edited(self.inner.source(), Err(Box::new(refusal)))
    }

    /// Everything there is to say about the text, by position.
    pub fn diagnostics(&mut self, engine: &Engine<'_>) -> Vec<Diagnostic> {
        let budget = engine.budget(self.inner.config().limits);
        let found = self.inner.diagnostics(&budget).to_vec();
        engine.diagnostics(self.inner.source(), &found)
    }

    /// The drawing of the board; of a broken text the last good one, marked `stale`.
    pub fn diagram(&mut self, engine: &Engine<'_>) -> Diagram {
        let (drawn, current) = self.drawn(engine);
        let diagnostics = self.diagnostics(engine);
        let diagram = Diagram::new(&drawn, diagnostics, !current);
        self.shown = Some((drawn, diagram.flow.clone()));
        diagram
    }

    /// What changed since the last `diagram` or `patch`; objects that are not named are as they were.
    pub fn patch(&mut self, engine: &Engine<'_>) -> Patch {
        let (drawn, current) = self.drawn(engine);
        let diagnostics = self.diagnostics(engine);
        let changes = match &self.shown {
            Some((shown, _)) if Rc::ptr_eq(shown, &drawn) => react_flow::Patch::default(),
            shown => {
                let now = flow(&drawn);
                let changes = match shown {
                    Some((_, before)) => react_flow::patch(before, &now),
                    None => react_flow::patch(&Flow::default(), &now),
                };
                self.shown = Some((Rc::clone(&drawn), now));
                changes
            }
        };
        Patch::new(changes, &drawn, diagnostics, !current)
    }

    /// Lays out again. `fresh` forgets where things stood, `route_only` keeps the boxes and leads the lines
    /// anew; without either the picture is held still.
    pub fn relayout(&mut self, how: &Relayout) {
        if how.fresh {
            self.inner.forget_drawing();
        } else if how.route_only {
            self.inner.forget_routes();
        } else {
            self.inner.forget_layout();
        }
    }

    /// Where an object (by id) or an edge (by key) is declared.
    pub fn range_of(&mut self, engine: &Engine<'_>, id: &str) -> Option<Range> {
        let budget = engine.budget(self.inner.config().limits);
        let span = self.inner.range_of(id, &budget)?;
        let lines = LineIndex::new(self.inner.source());
        Some(Place { source: self.inner.source(), lines: &lines, encoding: engine.encoding }.range(span))
    }

    /// The object or edge that is mentioned at `offset`.
    pub fn id_at(&mut self, engine: &Engine<'_>, offset: usize) -> Option<String> {
        let budget = engine.budget(self.inner.config().limits);
        let byte = self.byte(engine, offset);
        self.inner.id_at(byte, &budget)
    }

    /// Tokens that touch `from..to`, for highlighting; white space is left out.
    pub fn tokens(&mut self, engine: &Engine<'_>, from: usize, to: usize) -> Vec<Token> {
        let budget = engine.budget(self.inner.config().limits);
        let span = Span::new(self.byte(engine, from), self.byte(engine, to));
        let tokens = self.inner.tokens(span, &budget);
        let lines = LineIndex::new(self.inner.source());
        let place = Place { source: self.inner.source(), lines: &lines, encoding: engine.encoding };
        let token = |token: &spandrel_syntax::Token| {
            let OffsetRange { start, end } = OffsetRange::new(token.span, &place);
            Some(Token { kind: kind(token.kind)?.to_owned(), start, end })
        };
        tokens.iter().filter_map(token).collect()
    }

    /// What may stand at `offset`.
    pub fn complete(&mut self, engine: &Engine<'_>, offset: usize) -> Vec<Completion> {
        let budget = engine.budget(self.inner.config().limits);
        let byte = self.byte(engine, offset);
        let found = self.inner.complete(byte, &budget);
        let lines = LineIndex::new(self.inner.source());
        let place = Place { source: self.inner.source(), lines: &lines, encoding: engine.encoding };
        found.into_iter().map(|completion| Completion::new(completion, &place)).collect()
    }

    /// What is at `offset`.
    pub fn hover(&mut self, engine: &Engine<'_>, offset: usize) -> Option<Hover> {
        let budget = engine.budget(self.inner.config().limits);
        let byte = self.byte(engine, offset);
        let hover = self.inner.hover(byte, &budget)?;
        let lines = LineIndex::new(self.inner.source());
        let place = Place { source: self.inner.source(), lines: &lines, encoding: engine.encoding };
        Some(Hover { range: OffsetRange::new(hover.span, &place), markdown: hover.text })
    }

    /// Where the object at `offset` came into being.
    pub fn definition(&mut self, engine: &Engine<'_>, offset: usize) -> Option<Range> {
        let budget = engine.budget(self.inner.config().limits);
        let byte = self.byte(engine, offset);
        let span = self.inner.definition(byte, &budget)?;
        let lines = LineIndex::new(self.inner.source());
        Some(Place { source: self.inner.source(), lines: &lines, encoding: engine.encoding }.range(span))
    }

    /// Every mention of the object at `offset`, in order: the keys.
    pub fn references(&mut self, engine: &Engine<'_>, offset: usize) -> Vec<OffsetRange> {
        let budget = engine.budget(self.inner.config().limits);
        let byte = self.byte(engine, offset);
        let found = self.inner.references(byte, &budget);
        self.ranges(engine, &found)
    }

    /// What an editor can fold: what spans more than one line, in order.
    pub fn folding(&mut self, engine: &Engine<'_>) -> Vec<OffsetRange> {
        let budget = engine.budget(self.inner.config().limits);
        let found = self.inner.folding(&budget);
        self.ranges(engine, &found)
    }

    /// The objects of the board, containers before what is in them.
    pub fn outline(&mut self, engine: &Engine<'_>) -> Vec<Symbol> {
        let budget = engine.budget(self.inner.config().limits);
        let found = self.inner.outline(&budget);
        let lines = LineIndex::new(self.inner.source());
        let place = Place { source: self.inner.source(), lines: &lines, encoding: engine.encoding };
        let symbol = |symbol: spandrel_ide::Symbol| Symbol {
            id: symbol.id,
            label: symbol.label,
            range: place.range(symbol.span),
            depth: symbol.depth,
        };
        found.into_iter().map(symbol).collect()
    }

    fn ranges(&self, engine: &Engine<'_>, spans: &[Span]) -> Vec<OffsetRange> {
        let lines = LineIndex::new(self.inner.source());
        let place = Place { source: self.inner.source(), lines: &lines, encoding: engine.encoding };
        spans.iter().map(|&span| OffsetRange::new(span, &place)).collect()
    }

    /// Where things stand, on every board that was drawn.
    pub fn drawing(&mut self, engine: &Engine<'_>) -> Drawing {
        let budget = engine.budget(self.inner.config().limits);
        let boards = self.inner.drawings(&budget);
        Drawing::new(boards.iter().map(|(path, stored)| (path.as_str(), stored)))
    }

    fn drawn(&mut self, engine: &Engine<'_>) -> (Rc<Drawn>, bool) {
        let budget = engine.budget(self.inner.config().limits);
        self.inner.drawn(&budget)
    }

    fn byte(&self, engine: &Engine<'_>, offset: usize) -> usize {
        let lines = LineIndex::new(self.inner.source());
        Place { source: self.inner.source(), lines: &lines, encoding: engine.encoding }.byte(offset)
    }
}

fn kind(kind: TokenKind) -> Option<&'static str> {
    Some(match kind {
        TokenKind::Space => return None,
        TokenKind::Punctuation => "punctuation",
        TokenKind::Comment => "comment",
        TokenKind::Key => "key",
        TokenKind::Keyword => "keyword",
        TokenKind::Arrow => "arrow",
        TokenKind::Index => "index",
        TokenKind::Text => "text",
        TokenKind::Quoted => "quoted",
        TokenKind::Block => "block",
        TokenKind::Number => "number",
        TokenKind::Constant => "constant",
        TokenKind::Substitution => "substitution",
        TokenKind::Import => "import",
        TokenKind::Error => "error",
    })
}
