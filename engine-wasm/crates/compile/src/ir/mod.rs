//! The intermediate form: maps of fields and connections after scopes, imports and globs have been
//! resolved, before anything is known of shapes.
//!
//! Everything lies in arenas and is named by ids, parents included. A copy is a copy of nodes.

mod copy;
mod names;
mod query;

use std::collections::HashMap;
use std::rc::Rc;

use smallvec::SmallVec;
use spandrel_base::{Few, IdVec, Span, define_id};
use spandrel_syntax::ast::{Edge as AstEdge, Key, KeyPath, Map as AstMap, Str, Value};

use crate::sources::FileId;
use spandrel_base::FastState;

pub(crate) use names::{Name, Names};
pub(crate) use query::{BoardKind, board_keyword};

define_id! {
    /// A map.
    MapId
}
define_id! {
    /// A field.
    FieldId
}
define_id! {
    /// A connection.
    LinkId
}
define_id! {
    /// A mention: the key that is being compiled, and where.
    CtxId
}
define_id! {
    /// A mention of a field.
    RefId
}
define_id! {
    /// A glob that waits for later objects.
    GlobId
}

/// How deep fields may nest: whoever walks the form by calling itself gets no deeper.
pub(crate) const MAX_FIELDS_DEEP: usize = 256;

/// Everything of one compilation.
pub(crate) struct Ir<'a> {
    pub(crate) maps: IdVec<MapId, Map>,
    pub(crate) fields: IdVec<FieldId, Field<'a>>,
    pub(crate) links: IdVec<LinkId, Link<'a>>,
    pub(crate) contexts: IdVec<CtxId, Context<'a>>,
    refs: IdVec<RefId, (FieldRef<'a>, Option<RefId>)>,
    pub(crate) names: Names<'a>,
    /// How many fields and connections have come into being less those deleted: tells whether a key
    /// changed anything.
    pub(crate) population: i64,
    /// How many fields, connections and entries of arrays were copied and are not paid for yet.
    pub(crate) copied: u64,
    /// Whether there are boards or variables anywhere, besides the boards that files are.
    has_boards: bool,
    has_vars: bool,
    /// Whether something was to nest deeper than it may.
    pub(crate) too_deep: bool,
    /// Fields that changed in any way, containers included, in order: what a glob that waits has to look
    /// at again. Kept once there is a glob.
    pub(crate) journal: Option<Vec<FieldId>>,
    /// From a hash of map, ends and arrows to the last connection with them; [`Link::before`] leads on.
    like: HashMap<u64, LinkId, FastState>,
}

/// Who holds a map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Holder {
    Field(FieldId),
    Link(LinkId),
}

#[derive(Clone, Debug)]
pub(crate) struct Map {
    pub(crate) holder: Holder,
    /// How many maps it lies in.
    pub(crate) depth: usize,
    pub(crate) fields: Vec<FieldId>,
    pub(crate) links: Vec<LinkId>,
    /// Globs in force when the map ended.
    pub(crate) globs: Vec<GlobId>,
    /// From folded name to field; built when a map has grown.
    index: Option<HashMap<u64, FieldId, FastState>>,
    /// Whether any field ever was a keyword: most maps have none, and are asked for several.
    has_keyword: bool,
}

impl Map {
    fn new(holder: Holder, depth: usize) -> Self {
        Self {
            holder,
            depth,
            fields: Vec::new(),
            links: Vec::new(),
            globs: Vec::new(),
            index: None,
            has_keyword: false,
        }
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Field<'a> {
    /// `None` for the field that holds the map of a file.
    pub(crate) parent: Option<MapId>,
    /// `None` for the place of a `...${x}` that is not yet filled.
    pub(crate) name: Option<Name<'a>>,
    pub(crate) primary: Option<Scalar<'a>>,
    pub(crate) composite: Composite<'a>,
    pub(crate) suspended: bool,
    /// Taken out of its map.
    pub(crate) gone: bool,
    pub(crate) refs: Refs,
}

#[derive(Clone, Debug, Default)]
pub(crate) enum Composite<'a> {
    #[default]
    None,
    Map(MapId),
    Array(Vec<Element<'a>>),
}

/// An entry of an array.
#[derive(Clone, Debug)]
pub(crate) enum Element<'a> {
    Scalar(Scalar<'a>),
    Array(Vec<Element<'a>>),
    Map(MapId),
}

/// A connection.
#[derive(Clone, Debug)]
pub(crate) struct Link<'a> {
    pub(crate) parent: MapId,
    pub(crate) id: Ends<'a>,
    pub(crate) primary: Option<Scalar<'a>>,
    pub(crate) map: Option<MapId>,
    pub(crate) suspended: bool,
    pub(crate) refs: Few<LinkRef>,
    /// The connection before this one under the same hash.
    pub(crate) before: Option<LinkId>,
    /// How many connections of the map with the same ends and arrows there are before this one.
    pub(crate) place: u32,
}

/// A path, nearly always short.
pub(crate) type Path<'a> = SmallVec<[Name<'a>; 2]>;

/// The two ends of a connection, relative to the map that holds it, and which of several it is.
#[derive(Clone, Debug)]
pub(crate) struct Ends<'a> {
    pub(crate) src: Path<'a>,
    pub(crate) src_arrow: bool,
    pub(crate) dst: Path<'a>,
    pub(crate) dst_arrow: bool,
    pub(crate) index: Option<u32>,
}

/// Where a value comes from: the tree, or a substitution.
#[derive(Clone, Debug)]
pub(crate) struct Scalar<'a> {
    pub(crate) value: ScalarValue<'a>,
    pub(crate) file: FileId,
}

#[derive(Clone, Debug)]
pub(crate) enum ScalarValue<'a> {
    Ast(&'a Value),
    /// The `${x}` of a spread that stands alone, and the map in which it stands (not for arrays).
    Spread(&'a spandrel_syntax::ast::Substitution, Option<&'a AstMap>),
    Made(Rc<Made>),
}

/// A text that no node of a tree holds.
#[derive(Clone, Debug)]
pub(crate) struct Made {
    pub(crate) text: String,
    pub(crate) span: Span,
    /// The tag, where it came from block text.
    pub(crate) block: Option<String>,
}

/// The mentions of a field: each leads to the one before it, so that a copy of the field shares them.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Refs {
    last: Option<RefId>,
    pub(crate) count: u32,
}

/// A mention of a field.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FieldRef<'a> {
    /// The part of the key that names it; `None` where a file's map is meant.
    pub(crate) part: Option<&'a Str>,
    pub(crate) path: Option<&'a KeyPath>,
    pub(crate) index: u32,
    pub(crate) context: CtxId,
    pub(crate) lazy: bool,
}

/// A mention of a connection.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LinkRef {
    pub(crate) context: CtxId,
    pub(crate) lazy: bool,
}

/// The key that is being compiled, and where.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Context<'a> {
    pub(crate) key: &'a Key,
    pub(crate) edge: Option<&'a AstEdge>,
    /// The tree's map in which the key stands.
    pub(crate) scope: &'a AstMap,
    /// The map into which it is compiled.
    pub(crate) map: MapId,
    /// The tree's map of the board.
    pub(crate) board: &'a AstMap,
    pub(crate) file: FileId,
    /// Whether the key holds a glob.
    pub(crate) glob: bool,
    /// Whether it was written in an imported file, so that `map` says nothing of the importer's tree.
    pub(crate) imported: bool,
}

impl Scalar<'_> {
    pub(crate) fn text(&self) -> &str {
        match &self.value {
            ScalarValue::Ast(value) => value.text(),
            ScalarValue::Spread(..) => "",
            ScalarValue::Made(made) => &made.text,
        }
    }

    pub(crate) fn span(&self) -> Span {
        match &self.value {
            ScalarValue::Ast(value) => value.span(),
            ScalarValue::Spread(s, _) => s.span,
            ScalarValue::Made(made) => made.span,
        }
    }

    pub(crate) fn is_null(&self) -> bool {
        matches!(self.value, ScalarValue::Ast(Value::Null(_)))
    }

    /// The tag of block text.
    pub(crate) fn block_tag(&self) -> Option<&str> {
        match &self.value {
            ScalarValue::Ast(Value::Str(s)) => match &s.quote {
                spandrel_syntax::ast::Quote::Block(fence) => Some(&fence.tag),
                _ => None,
            },
            ScalarValue::Made(made) => made.block.as_deref(),
            _ => None,
        }
    }

    /// Whether a variable in it was not found.
    pub(crate) fn is_unresolved(&self) -> bool {
        match &self.value {
            ScalarValue::Ast(Value::Str(s)) => s.has_substitution(),
            ScalarValue::Spread(..) => true,
            _ => false,
        }
    }

    /// Whether it is a text rather than a number or a word such as `true`.
    pub(crate) fn is_string(&self) -> bool {
        matches!(self.value, ScalarValue::Ast(Value::Str(_)) | ScalarValue::Made(_))
    }
}

impl Ir<'_> {
    pub(crate) fn new() -> Self {
        Self {
            maps: IdVec::new(),
            fields: IdVec::new(),
            links: IdVec::new(),
            contexts: IdVec::new(),
            refs: IdVec::new(),
            names: Names::default(),
            population: 0,
            copied: 0,
            has_boards: false,
            has_vars: false,
            too_deep: false,
            journal: None,
            like: HashMap::default(),
        }
    }

    /// Makes room for so many mentions.
    pub(crate) fn reserve_refs(&mut self, count: usize) {
        self.refs.reserve(count);
    }

    /// A map for a file, held by a field named `root`.
    pub(crate) fn file_map(&mut self) -> MapId {
        let name = self.names.make("root", true, Span::default());
        let field = self.fields.push(Field {
            parent: None,
            name: Some(name),
            primary: None,
            composite: Composite::None,
            suspended: false,
            gone: false,
            refs: Refs::default(),
        });
        self.give_map(field)
    }

    /// An empty map held by `holder`, which does not know of it yet.
    pub(crate) fn new_map(&mut self, holder: Holder) -> MapId {
        let around = match holder {
            Holder::Field(field) => self.fields[field].parent,
            Holder::Link(link) => Some(self.links[link].parent),
        };
        let depth = around.map_or(0, |map| self.maps[map].depth + 1);
        self.too_deep |= depth > MAX_FIELDS_DEEP;
        self.maps.push(Map::new(holder, depth))
    }

    /// An empty map for `field`.
    pub(crate) fn give_map(&mut self, field: FieldId) -> MapId {
        let map = self.new_map(Holder::Field(field));
        self.fields[field].composite = Composite::Map(map);
        map
    }

    /// The map of `field`, made where there is none.
    pub(crate) fn map_of_or_new(&mut self, field: FieldId) -> MapId {
        match self.map_of(field) {
            Some(map) => map,
            None => self.give_map(field),
        }
    }

    /// The map of `link`, made where there is none.
    pub(crate) fn link_map_or_new(&mut self, link: LinkId) -> MapId {
        if let Some(map) = self.links[link].map {
            return map;
        }
        let map = self.new_map(Holder::Link(link));
        self.links[link].map = Some(map);
        map
    }
}
