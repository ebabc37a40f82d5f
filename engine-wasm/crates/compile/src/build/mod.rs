//! The last phase: the intermediate form becomes boards of objects and connections, with every attribute
//! checked and the rules that need the whole board.

mod attrs;
pub(crate) mod config;
mod finish;
mod links;
mod members;
mod objects;
mod rules;
pub(crate) mod values;

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

use spandrel_base::{Diagnostic, Few, Severity, Span};
use spandrel_graph::{Board, BoardKind, Column, Diagram, Field, Method};
use spandrel_syntax::ast::KeyPath;

use crate::ir::{CtxId, FieldId, LinkId, MapId};
use crate::scope::Scoper;
use crate::sources::FileId;
use spandrel_base::FastState;

/// A place in some file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Loc {
    file: FileId,
    span: Span,
}

/// What a source sets on an object, a connection, an arrowhead or a board.
#[derive(Clone, Debug, Default)]
struct Set {
    label: Option<String>,
    /// The tag of a label that is block text, long form.
    language: String,
    shape: Option<Cow<'static, str>>,
    attrs: spandrel_graph::Attrs,
    constraint: Vec<String>,
    classes: Vec<String>,
    near: Option<Box<KeyPath>>,
    /// Where the label was set, or would be.
    label_place: Option<Loc>,
    /// Where each attribute was set, by its full keyword; `shape` too.
    places: Vec<(String, Loc)>,
}

impl Set {
    fn place(&self, keyword: &str) -> Loc {
        self.places.iter().find(|(own, _)| own == keyword).map_or(Loc::default(), |&(_, place)| place)
    }

    fn set_place(&mut self, keyword: &str, place: Loc) {
        match self.places.iter_mut().find(|(own, _)| own == keyword) {
            Some((_, own)) => *own = place,
            None => self.places.push((keyword.to_owned(), place)),
        }
    }

    fn is_shape(&self, shape: &str) -> bool {
        self.shape.as_deref() == Some(shape)
    }

    fn is_grid(&self) -> bool {
        self.attrs.get("grid-rows").is_some() || self.attrs.get("grid-columns").is_some()
    }
}

/// A field that an object was made of.
#[derive(Clone, Copy, Debug)]
struct Source {
    field: FieldId,
    /// The object in whose map it stands.
    around: usize,
}

/// A mention of an object or connection, as sequence diagrams ask for it.
#[derive(Clone, Copy, Debug)]
struct Mention {
    /// Whether it is an end of a connection.
    in_edge: bool,
    /// The map in which it stands; `None` where that map belongs to another file.
    scope: Option<MapId>,
    /// The object in whose braces it stands where `scope` says nothing.
    around: usize,
}

/// An object while its board is built. The first of a board is the board itself.
#[derive(Debug, Default)]
struct Object<'a> {
    /// As D2 prints it in a key.
    id: Cow<'a, str>,
    name: &'a str,
    folded: u32,
    parent: usize,
    children: Vec<usize>,
    /// A row or member, which is no object of its own.
    absorbed: bool,
    set: Set,
    columns: Vec<Column>,
    fields: Vec<Field>,
    methods: Vec<Method>,
    sources: Few<Source>,
    /// Where the object is first mentioned.
    first: Option<Loc>,
}

/// A connection while its board is built.
#[derive(Clone, Debug)]
struct Connection {
    link: LinkId,
    /// The object in whose map it stands.
    around: usize,
    src: usize,
    dst: usize,
    src_arrow: bool,
    dst_arrow: bool,
    set: Set,
    src_head: Option<Box<Set>>,
    dst_head: Option<Box<Set>>,
    src_column: Option<u32>,
    dst_column: Option<u32>,
}

/// A board while it is built.
#[derive(Default)]
struct Draft<'a> {
    objects: Vec<Object<'a>>,
    /// Children by parent and folded name.
    by_name: HashMap<u64, usize, FastState>,
    connections: Vec<Connection>,
    /// The map of the board, in which its classes are found.
    map: Option<MapId>,
    /// Whether any object is a sequence diagram, which changes what names mean.
    has_sequence: bool,
}

impl Draft<'_> {
    /// With the object of the board itself.
    fn of_board(map: MapId) -> Self {
        let objects = vec![Object::default()];
        Self { objects, map: Some(map), ..Self::default() }
    }

    fn child(&self, parent: usize, folded: u32) -> Option<usize> {
        self.by_name.get(&child_key(parent, folded)).copied()
    }
}

fn child_key(parent: usize, folded: u32) -> u64 {
    (parent as u64) << 32 | u64::from(folded)
}

struct Builder<'a, 'b, 's> {
    scoper: &'s mut Scoper<'a, 'b>,
    draft: Draft<'a>,
    links: Vec<links::BoardLink>,
    depth: usize,
}

/// Builds the diagram below `root`. Mistakes are added to the scoper's.
pub(crate) fn build(scoper: &mut Scoper<'_, '_>, root: MapId) -> Diagram {
    let mut builder = Builder { scoper, draft: Draft::default(), links: Vec::new(), depth: 0 };
    let mut board = builder.board(root, "", BoardKind::Root, "root");
    builder.check_links(&mut board);
    let config = config::read(scoper, root);
    Diagram { root: board, config }
}

impl Builder<'_, '_, '_> {
    /// An error. The same mistake of a glob or of an inherited board is told once.
    fn error(&mut self, at: Loc, code: &'static str, message: impl Into<String>) -> &mut Diagnostic {
        let diagnostic = self.scoper.diagnostic(at.file, code, at.span, message);
        self.scoper.errors.push_once(diagnostic)
    }

    /// The word of `words` that was most likely meant, where the mistake is still going to be told.
    fn meant<'c>(&self, word: &str, words: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
        let told = !self.scoper.errors.is_full(Severity::Error);
        told.then(|| values::nearest(word, words)).flatten()
    }

    fn board(&mut self, map: MapId, name: &str, kind: BoardKind, path: &str) -> Board {
        let outer = std::mem::replace(&mut self.draft, Draft::of_board(map));
        if self.depth == 0 {
            // Most of what a source holds is on its first board.
            self.draft.objects.reserve(self.scoper.ir.fields.len());
            self.draft.by_name.reserve(self.scoper.ir.fields.len());
        }
        let errors = self.scoper.errors.count();
        self.object_map(0, map, false);
        self.default_shapes();
        if self.scoper.errors.count() == errors {
            self.check_keys(0, map);
        }
        self.check_board();
        let legend = self.legend(map);
        let draft = std::mem::replace(&mut self.draft, outer);
        let mut board = self.finish(draft, name, kind, path);
        board.legend = legend;
        self.boards(&mut board, map, path);
        board
    }

    fn boards(&mut self, board: &mut Board, map: MapId, path: &str) {
        self.depth += 1;
        let groups =
            [("layers", BoardKind::Layer), ("scenarios", BoardKind::Scenario), ("steps", BoardKind::Step)];
        let mut names: BTreeSet<&str> = BTreeSet::new();
        for (group, kind) in groups {
            let Some(below) = self.scoper.ir.keyword_map(map, group) else { continue };
            for field in self.scoper.ir.maps[below].fields.clone() {
                let Some(name) = self.scoper.ir.fields[field].name else { continue };
                if !names.insert(name.text) {
                    let at = self.first_place(field);
                    let text = format!("there is another board `{}`", name.text);
                    self.error(at, "C100", text).help = Some("give each board of a map its own name".into());
                    continue;
                }
                let path = format!("{path}.{group}.{}", spandrel_syntax::print::key_part(name.text));
                let inner = match self.scoper.ir.map_of(field) {
                    Some(inner) => inner,
                    None => self.scoper.ir.new_map(crate::ir::Holder::Field(field)),
                };
                let mut child = self.board(inner, name.text, kind, &path);
                if self.scoper.ir.fields[field].primary.is_some() {
                    let mut set = Set::default();
                    self.label_of_field(&mut set, field);
                    child.root.label = set.label.unwrap_or_default();
                }
                match kind {
                    BoardKind::Layer => board.layers.push(child),
                    BoardKind::Scenario => board.scenarios.push(child),
                    _ => board.steps.push(child),
                }
            }
        }
        self.depth -= 1;
    }

    /// Where a field is first mentioned.
    fn first_place(&self, field: FieldId) -> Loc {
        let reference = self.scoper.ir.refs(field).last();
        reference.map_or(Loc::default(), |r| self.place_of_part(r))
    }

    /// Where a field is last mentioned: the part of the key that names it.
    fn last_place(&self, field: FieldId) -> Loc {
        let reference = self.scoper.ir.last_ref(field);
        reference.map_or(Loc::default(), |r| self.place_of_part(r))
    }

    /// The key that last could have set the field's value.
    fn key_place(&self, field: FieldId) -> Loc {
        match self.scoper.ir.last_primary(field) {
            Some(reference) => self.place_of_key(reference.context),
            None => self.last_place(field),
        }
    }

    fn place_of_part(&self, reference: &crate::ir::FieldRef<'_>) -> Loc {
        let file = self.scoper.ir.contexts[reference.context].file;
        Loc { file, span: reference.part.map_or(Span::default(), |part| part.span) }
    }

    fn place_of_key(&self, context: CtxId) -> Loc {
        let context = &self.scoper.ir.contexts[context];
        Loc { file: context.file, span: context.key.span }
    }

    /// The key of the last mention of a connection that could have set its label.
    fn link_place(&self, link: LinkId) -> Loc {
        let refs = &self.scoper.ir.links[link].refs;
        let own =
            refs.iter().rev().find(|r| !r.lazy && self.scoper.ir.contexts[r.context].key.edge_path.is_none());
        own.or(refs.last()).map_or(Loc::default(), |r| self.place_of_key(r.context))
    }
}
