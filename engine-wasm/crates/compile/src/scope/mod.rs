//! The second phase: trees become the intermediate form. Scopes, overrides, `_`, `null`, imports, boards
//! and globs are resolved here, in the order of the source.

mod boards;
mod field;
mod filter;
mod glob;
mod imports;
mod link;
mod path;
mod remove;
mod same;

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use spandrel_base::{Budget, Diagnostic, Diagnostics, Span};
use spandrel_syntax::ast::{Item, Key, Map as AstMap};

use crate::ir::{BoardKind, Context, CtxId, GlobId, Ir, MAX_FIELDS_DEEP, Made, MapId, Scalar, ScalarValue};
use crate::sources::{FileId, Sources};
use glob::{Applied, Glob};
use spandrel_base::FastState;

/// How many globs may call each other before the compiler gives up.
const MAX_GLOBS_DEEP: usize = 48;
/// The units of work of a copied field, connection or entry of an array.
const COPY: u64 = 6;
/// Work below this sum is not paid yet.
const SMALL_SUM: u64 = 64;
/// The units of work of looking whether a glob has something to do, and of one object or pair that it is tried on.
const GLOB: u64 = 6;

pub(crate) struct Scoper<'a, 'b> {
    pub(crate) ir: Ir<'a>,
    pub(crate) sources: &'a Sources,
    budget: &'b Budget<'b>,
    /// What is to be paid, for less than is worth asking the budget.
    owed: u64,
    /// What is left of the budget's units of work.
    work_left: u64,
    pub(crate) errors: Diagnostics,
    /// Set once the budget is spent: what follows is skipped.
    pub(crate) spent: bool,
    import_stack: Vec<FileId>,
    /// How many imports there have been.
    imports: u32,
    globs: Vec<Glob>,
    /// From the mention by which a glob is known to the glob.
    by_context: HashMap<u32, GlobId, FastState>,
    applied: Vec<Applied>,
    /// Globs in force, a list a scope.
    glob_stack: Vec<Vec<GlobId>>,
    /// Globs being applied, so that none calls itself.
    applying: Vec<CtxId>,
    /// Keys whose maps are being compiled.
    map_stack: Vec<CtxId>,
    lazy: bool,
    /// Whether anything is suspended.
    suspends: bool,
    depth: usize,
    /// Strings whose substitutions were resolved, by the address of their node: D2 resolves a string with
    /// text around a variable once, where it is first met, for all boards that inherit it.
    pub(crate) resolved: BTreeMap<(usize, FileId), Rc<Made>>,
}

type Result<T> = std::result::Result<T, Diagnostic>;

impl<'a, 'b> Scoper<'a, 'b> {
    pub(crate) fn new(sources: &'a Sources, budget: &'b Budget<'b>) -> Self {
        Self {
            ir: Ir::new(),
            sources,
            budget,
            owed: 0,
            work_left: budget.limits.work,
            errors: Diagnostics::default(),
            spent: false,
            import_stack: vec![FileId::MAIN],
            imports: 0,
            globs: Vec::new(),
            by_context: HashMap::default(),
            applied: Vec::new(),
            glob_stack: Vec::new(),
            applying: Vec::new(),
            map_stack: Vec::new(),
            lazy: false,
            suspends: false,
            depth: 0,
            resolved: BTreeMap::new(),
        }
    }

    /// Compiles the main source.
    pub(crate) fn main(&mut self) -> MapId {
        let sources = self.sources;
        let ast = sources.file(FileId::MAIN).tree.root();
        // Room for what a flat source makes: growing step by step would copy it all several times.
        let keys = ast.items.len();
        self.ir.contexts.reserve(keys * 2);
        self.ir.reserve_refs(keys * 4);
        self.ir.fields.reserve(keys);
        self.ir.names.reserve(keys);
        self.ir.links.reserve(ast.keys().filter(|key| key.is_edge()).count());
        let map = self.ir.file_map();
        self.map(map, ast, ast);
        map
    }

    pub(crate) fn file(&self) -> FileId {
        self.import_stack.last().copied().unwrap_or_default()
    }

    /// An error in a file.
    pub(crate) fn diagnostic(
        &self,
        file: FileId,
        code: &'static str,
        span: Span,
        message: impl Into<String>,
    ) -> Diagnostic {
        let diagnostic = Diagnostic::error(code, span, message);
        if file == FileId::MAIN {
            diagnostic
        } else {
            diagnostic.in_file(self.sources.file(file).path.clone())
        }
    }

    pub(crate) fn error(
        &mut self,
        file: FileId,
        code: &'static str,
        span: Span,
        message: impl Into<String>,
    ) -> &mut Diagnostic {
        let diagnostic = self.diagnostic(file, code, span, message);
        self.errors.push(diagnostic)
    }

    /// Notes an error that was made elsewhere.
    pub(crate) fn report(&mut self, diagnostic: Diagnostic) {
        self.errors.push(diagnostic);
    }

    /// Pays for `work` and for what has been copied since the last payment; once the budget is gone, says so, once.
    #[inline]
    pub(crate) fn spend(&mut self, work: u64) -> bool {
        // Small sums are paid in the end with the larger ones.
        if self.owed + work + self.ir.copied * COPY < SMALL_SUM && !self.spent {
            self.owed += work;
            return true;
        }
        self.pay(work)
    }

    /// Pays what is owed.
    pub(crate) fn settle(&mut self) {
        self.pay(0);
    }

    fn pay(&mut self, work: u64) -> bool {
        if self.spent {
            return false;
        }
        let work = work.saturating_add(std::mem::take(&mut self.owed));
        let work = work.saturating_add(std::mem::take(&mut self.ir.copied) * COPY);
        let left = self.work_left.checked_sub(work);
        self.work_left = left.unwrap_or(0);
        let objects = self.ir.population > self.budget.limits.objects as i64 * 4;
        if left.is_none() || objects || self.budget.spend(work).is_err() {
            self.spent = true;
            let diagnostic = self.diagnostic(
                FileId::MAIN,
                "C001",
                Span::at(0),
                "this source asks for more work than is allowed",
            );
            self.errors.push(diagnostic.help("fewer globs, variables or imports that repeat each other"));
        } else if self.ir.too_deep {
            self.spent = true;
            let text = "variables, imports or keys nest maps too deep";
            self.error(FileId::MAIN, "C002", Span::at(0), text);
        }
        !self.spent
    }

    /// Refuses a diagram with a board of more objects and connections than are allowed.
    pub(crate) fn count_things(&mut self, diagram: &spandrel_graph::Diagram) {
        let most = self.budget.limits.objects;
        let boards = diagram.root.walk();
        let largest =
            boards.iter().map(|(_, board)| board.nodes.len() + board.edges.len()).max().unwrap_or(0);
        if largest > most && !self.spent {
            self.spent = true;
            let text = format!("a board with {largest} objects and connections: {most} are allowed");
            self.error(FileId::MAIN, "C001", Span::at(0), text);
        }
    }

    fn scalar(value: &'a spandrel_syntax::ast::Value, file: FileId) -> Scalar<'a> {
        Scalar { value: ScalarValue::Ast(value), file }
    }

    /// Compiles the entries of `ast` into `dst`.
    fn map(&mut self, dst: MapId, ast: &'a AstMap, board: &'a AstMap) {
        self.depth += 1;
        if self.depth > MAX_FIELDS_DEEP {
            let file = self.file();
            self.error(file, "C002", ast.span, "nested too deep");
            self.depth -= 1;
            return;
        }
        let globs = self.inherited_globs(dst);
        self.glob_stack.push(globs);
        if self.filters_hold(dst, ast, board) {
            for item in &ast.items {
                if self.spent {
                    break;
                }
                self.item(dst, item, ast, board);
            }
        }
        let globs = self.glob_stack.pop().unwrap_or_default();
        self.ir.maps[dst].globs = globs;
        self.depth -= 1;
    }

    fn item(&mut self, dst: MapId, item: &'a Item, ast: &'a AstMap, board: &'a AstMap) {
        match item {
            Item::Key(key) => {
                let context = self.context(key, ast, dst, board);
                self.key(context);
            }
            Item::Substitution(substitution) => {
                // Its place is kept; the variables' phase fills it.
                let file = self.file();
                self.ir.add_field(
                    dst,
                    crate::ir::Field {
                        parent: Some(dst),
                        name: None,
                        primary: Some(Scalar { value: ScalarValue::Spread(substitution, Some(ast)), file }),
                        composite: crate::ir::Composite::None,
                        suspended: false,
                        gone: false,
                        refs: crate::ir::Refs::default(),
                    },
                );
            }
            Item::Import(import) => self.spread_import(dst, import),
            Item::Comment(_) | Item::BlockComment(_) | Item::Error(_) => {}
        }
    }

    fn context(&mut self, key: &'a Key, scope: &'a AstMap, map: MapId, board: &'a AstMap) -> CtxId {
        let file = self.file();
        self.ir.contexts.push(Context {
            key,
            edge: None,
            scope,
            map,
            board,
            file,
            glob: key.has_glob(),
            imported: false,
        })
    }

    /// Compiles one key; then the globs in force, where it made something.
    fn key(&mut self, context: CtxId) {
        if !self.spend(1) {
            return;
        }
        let Context { key, map, glob: has_glob, .. } = self.ir.contexts[context];
        if has_glob {
            if self.applying.iter().any(|&other| self.same_context(context, other)) {
                return;
            }
            if self.applying.len() >= MAX_GLOBS_DEEP {
                return;
            }
            self.applying.push(context);
            self.ensure_glob(context);
        }
        let before = self.ir.population;
        let journal = self.ir.journal.as_ref().map_or(0, Vec::len);
        if key.edges.is_empty() {
            if let Some(path) = &key.path {
                self.field_key(map, path, context);
            }
        } else {
            self.link_key(context);
        }
        if has_glob && key.edges.is_empty() {
            self.set_looked(context, journal);
        }
        if before != self.ir.population {
            self.apply_globs();
        }
        if has_glob {
            self.applying.pop();
        }
    }

    /// Runs all globs in force once more, for what has come into being.
    fn apply_globs(&mut self) {
        let Some(globs) = self.glob_stack.last().filter(|globs| !globs.is_empty()).cloned() else { return };
        for glob in globs {
            if !self.spend(GLOB) {
                return;
            }
            let context = self.globs[glob.0 as usize].context;
            let lazy = std::mem::replace(&mut self.lazy, true);
            self.key(context);
            self.lazy = lazy;
        }
    }

    /// The globs that a map takes over from what is around it.
    fn inherited_globs(&mut self, dst: MapId) -> Vec<GlobId> {
        let Some(previous) = self.glob_stack.last().cloned() else { return Vec::new() };
        if previous.is_empty() {
            return previous;
        }
        let board = self.ir.board_of_map(dst);
        self.spend(previous.len() as u64 * if board.is_some() { GLOB } else { 1 } / 4);
        let mut globs = Vec::new();
        match board {
            Some(BoardKind::Layer) if !self.ir.is_file_map(dst) => {
                for glob in previous {
                    if self.glob_key(glob).has_triple_glob() {
                        globs.push(self.copy_glob(glob, dst, false));
                    }
                }
            }
            Some(BoardKind::Scenario) => {
                for glob in previous {
                    // What a glob did in the parent it does not do again, and what it does here
                    // concerns no other board. `***` works on each board for itself.
                    let own = !self.glob_key(glob).has_triple_glob();
                    globs.push(self.copy_glob(glob, dst, own));
                }
            }
            Some(BoardKind::Step) => {
                for glob in previous {
                    globs.push(self.copy_glob(glob, dst, false));
                }
            }
            _ => globs = previous,
        }
        globs
    }
}
