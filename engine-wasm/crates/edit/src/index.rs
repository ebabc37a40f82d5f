//! Where a source mentions each object and connection of a board, and which key sets what.

use std::collections::{BTreeMap, BTreeSet};

use spandrel_base::Budget;
use spandrel_compile::Files;
use spandrel_graph::{Board, Edge, EdgeId, NodeId, Shape, Visibility};
use spandrel_syntax::ast::{Key, KeyPath, Map, Str, Value};
use spandrel_syntax::{Tree, keywords, print};

use crate::work::{KeyId, Scope, Work};

/// Where in a key a part stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// In the path: `a` of `a.b`, or of `a.(b -> c)`.
    Path,
    /// In the source of a connection of the chain.
    Src(usize),
    /// In the destination of a connection of the chain.
    Dst(usize),
}

/// One mention of an object.
#[derive(Clone, Debug)]
pub(crate) struct Ref {
    pub(crate) key: KeyId,
    pub(crate) place: Place,
    /// Which part of the path.
    pub(crate) part: usize,
    /// The map in which the key stands.
    pub(crate) scope: Scope,
    /// The object whose map that is, as printed names.
    pub(crate) scope_path: Vec<String>,
}

impl Ref {
    pub(crate) fn in_edge(&self) -> bool {
        self.place != Place::Path
    }
}

/// The connections, each by key and place in its chain, of which `refs` are ends.
pub(crate) fn connections_at(refs: &[Ref]) -> Vec<(KeyId, usize)> {
    refs.iter()
        .filter_map(|r| match r.place {
            Place::Src(edge) | Place::Dst(edge) => Some((r.key, edge)),
            Place::Path => None,
        })
        .collect()
}

/// What the source says of an object.
#[derive(Clone, Debug, Default)]
pub(crate) struct Mentions {
    pub(crate) refs: Vec<Ref>,
    /// The key whose map is the object's.
    pub(crate) map: Option<KeyId>,
    /// The key that sets its label, or the last that could.
    pub(crate) label: Option<KeyId>,
    /// Whether `label` is a key named `label`.
    pub(crate) attrs: BTreeMap<String, KeyId>,
    /// Whether any mention lies on a path with a glob.
    pub(crate) globbed: bool,
}

/// One mention of a connection.
#[derive(Clone, Debug)]
pub(crate) struct EdgeRef {
    pub(crate) key: KeyId,
    /// Which connection of the chain.
    pub(crate) edge: usize,
    pub(crate) scope: Scope,
    /// The object below which its ends are named.
    pub(crate) scope_path: Vec<String>,
}

/// Everything known of one board of a source.
pub(crate) struct Index {
    pub(crate) board: Board,
    /// The map of the board.
    pub(crate) base: Scope,
    mentions: BTreeMap<String, Mentions>,
    /// Of each key with connections: in which map it stands, and below which object its ends are named.
    edge_keys: BTreeMap<KeyId, (Scope, Vec<String>)>,
    /// Attributes set in the maps and paths of keys with connections.
    edge_attrs: BTreeMap<KeyId, Vec<(String, KeyId)>>,
    keys: BTreeSet<KeyId>,
    by_id: BTreeMap<String, NodeId>,
}

/// How objects are told apart: their printed path without regard to case.
pub(crate) fn object_key(path: &[String]) -> String {
    path.join(".").to_lowercase()
}

/// Whether a name of the graph is a printed part of a key, without regard to case.
fn same_name(name: &str, printed: &str) -> bool {
    print::key_part(name).to_lowercase() == printed.to_lowercase()
}

impl Index {
    /// Reads the board at `base` of a tree; `board` is what it compiles to.
    pub(crate) fn new(work: &Work<'_>, base: Scope, board: Board) -> Self {
        let by_id = board.nodes.entries().map(|(id, node)| (node.id.to_lowercase(), id)).collect();
        let mut index = Self {
            board,
            base,
            mentions: BTreeMap::new(),
            edge_keys: BTreeMap::new(),
            edge_attrs: BTreeMap::new(),
            keys: BTreeSet::new(),
            by_id,
        };
        if let Some(map) = work.map(base) {
            index.map(map, base, &[]);
        }
        index
    }

    /// The object at a path, if the board has it.
    pub(crate) fn node(&self, path: &[String]) -> Option<NodeId> {
        self.by_id.get(&object_key(path)).copied()
    }

    /// Whether the board has an object at a path; the empty path is the board.
    pub(crate) fn has(&self, path: &[String]) -> bool {
        path.is_empty() || self.node(path).is_some()
    }

    /// Whether a path names a row of a table or a member of a class.
    pub(crate) fn has_member(&self, path: &[String]) -> bool {
        let Some((name, object)) = path.split_last() else { return false };
        self.node(object).is_some_and(|node| self.member_names(node).any(|other| same_name(&other, name)))
    }

    /// The paths of the rows of a table, or of the fields and methods of a class, as they are written.
    pub(crate) fn members(&self, object: &[String]) -> Vec<Vec<String>> {
        let Some(node) = self.node(object) else { return Vec::new() };
        let path = |name: String| object.iter().cloned().chain([print::key_part(&name)]).collect::<Vec<_>>();
        let paths = self.member_names(node).map(path);
        paths.filter(|path| self.mentions.contains_key(&object_key(path))).collect()
    }

    /// Names of the rows of a table or the members of a class as they may be written, unquoted.
    fn member_names(&self, node: NodeId) -> impl Iterator<Item = String> + '_ {
        let node = &self.board.nodes[node];
        let signed = |visibility: Visibility, name: &str| {
            let signs: &[&str] = match visibility {
                Visibility::Public => &["", "+"],
                Visibility::Private => &["-"],
                Visibility::Protected => &["#"],
            };
            signs.iter().map(|sign| format!("{sign}{name}")).collect::<Vec<_>>()
        };
        let columns = node.columns.iter().map(|column| column.name.clone());
        let fields = node.fields.iter().flat_map(move |field| signed(field.visibility, &field.name));
        let methods = node.methods.iter().flat_map(move |method| signed(method.visibility, &method.name));
        columns.chain(fields).chain(methods)
    }

    /// Gives the name of a public member in a path the `+` that it has in the source.
    pub(crate) fn as_written(&self, path: &mut KeyPath) {
        let length =
            path.parts.iter().position(|part| part.is_unquoted() && keywords::is_reserved(part.text()));
        let length = length.unwrap_or(path.parts.len());
        let Some(last) = path.parts[..length].last().filter(|_| length > 1) else { return };
        let mut names: Vec<String> = path.parts[..length].iter().map(Str::printed_key).collect();
        if !self.has_member(&names) || self.mentions.contains_key(&object_key(&names)) {
            return;
        }
        let signed = format!("+{}", last.text());
        names[length - 1] = print::key_part(&signed);
        if self.mentions.contains_key(&object_key(&names)) {
            path.parts[length - 1] = Str::key(&signed, path.parts[length - 1].span);
        }
    }

    /// What the source says of an object.
    pub(crate) fn mentions(&self, path: &[String]) -> Mentions {
        self.mentions.get(&object_key(path)).cloned().unwrap_or_default()
    }

    /// Paths of all objects that the source mentions.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Mentions> {
        self.mentions.values()
    }

    /// The shape of an object.
    pub(crate) fn shape(&self, path: &[String]) -> Shape {
        self.node(path).map_or(Shape::Rectangle, |id| self.board.nodes[id].shape)
    }

    /// Whether an object comes from a glob or another file, wholly or in part.
    pub(crate) fn is_imported(&self, path: &[String]) -> bool {
        let Some(node) = self.node(path) else { return false };
        let other_file = self.board.nodes[node].origins.iter().any(|origin| origin.path.is_some());
        let mentions = self.mentions.get(&object_key(path));
        other_file || mentions.is_some_and(|m| m.globbed) || self.board.nodes[node].origins.is_empty()
    }

    /// Mentions of an object outside of the board's own map.
    pub(crate) fn outside_mentions(&self, path: &[String]) -> usize {
        let Some(node) = self.node(path) else { return 0 };
        let origins = &self.board.nodes[node].origins;
        origins.iter().filter(|o| o.path.is_some() || !self.keys.contains(&o.whole.start)).count()
    }

    /// The connection with these ends, arrows and number.
    pub(crate) fn edge(
        &self,
        src: &[String],
        dst: &[String],
        arrows: (bool, bool),
        index: u32,
    ) -> Option<EdgeId> {
        let (src, dst) = (self.node(src)?, self.node(dst)?);
        let found = self.board.edges.entries().find(|(_, e)| {
            e.src == src && e.dst == dst && (e.src_arrow, e.dst_arrow) == arrows && e.index == index
        });
        found.map(|(id, _)| id)
    }

    /// Gives a key of a connection the rows at its ends and the number that it has in the source: there only those
    /// with the same rows are counted together, in the graph all between two tables.
    pub(crate) fn address(&self, edge: EdgeId, key: &mut Key) {
        let own = &self.board.edges[edge];
        let ends = |e: &Edge| (e.src, e.dst, e.src_arrow, e.dst_arrow, e.src_column, e.dst_column);
        let before = self.board.edges.entries().take_while(|(id, _)| *id != edge);
        let number = before.filter(|(_, other)| ends(other) == ends(own)).count() as u32;
        if let Some(index) = &mut key.index {
            index.number = Some(number);
        }
        let [written] = key.edges.as_mut_slice() else { return };
        let rows = [(&mut written.src, own.src, own.src_column), (&mut written.dst, own.dst, own.dst_column)];
        for (path, node, row) in rows {
            let row = row.and_then(|at| self.board.nodes[node].columns.get(at as usize));
            let (Some(path), Some(row)) = (path, row) else { continue };
            let last = spandrel_syntax::parse_key_path(&crate::printer::name(&row.name));
            path.parts.extend(last.into_iter().flat_map(|path| path.parts));
        }
    }

    /// Mentions of a connection in this board's own map.
    pub(crate) fn edge_refs(&self, work: &Work<'_>, edge: EdgeId) -> Vec<EdgeRef> {
        let mut refs = Vec::new();
        for origin in &self.board.edges[edge].origins {
            if origin.path.is_some() {
                continue;
            }
            let id = origin.whole.start;
            let Some((scope, scope_path)) = self.edge_keys.get(&id) else { continue };
            let Some(key) = work.key(id) else { continue };
            let Some(at) = key.edges.iter().position(|e| e.span == origin.key) else { continue };
            refs.push(EdgeRef { key: id, edge: at, scope: *scope, scope_path: scope_path.clone() });
        }
        refs
    }

    /// How many mentions a connection has anywhere.
    pub(crate) fn edge_mentions(&self, edge: EdgeId) -> usize {
        self.board.edges[edge].origins.len()
    }

    /// Whether a connection comes from a glob or another file.
    pub(crate) fn is_imported_edge(&self, work: &Work<'_>, edge: EdgeId) -> bool {
        let origins = &self.board.edges[edge].origins;
        origins.is_empty()
            || origins.iter().any(|origin| {
                if origin.path.is_some() {
                    return true;
                }
                let Some(key) = work.key(origin.whole.start) else { return false };
                let glob = |path: &Option<KeyPath>| path.as_ref().is_some_and(KeyPath::has_glob);
                key.index.is_none() && key.edges.iter().any(|e| glob(&e.src) || glob(&e.dst))
            })
    }

    /// The key that sets an attribute of a connection, the last where there are several.
    pub(crate) fn edge_attr(&self, refs: &[EdgeRef], attr: &str) -> Option<KeyId> {
        let mut found = None;
        for reference in refs {
            for (name, key) in self.edge_attrs.get(&reference.key).into_iter().flatten() {
                if name == attr {
                    found = Some(*key);
                }
            }
        }
        found
    }

    fn object(&mut self, path: &[String]) -> &mut Mentions {
        self.mentions.entry(object_key(path)).or_default()
    }

    fn map(&mut self, map: &Map, scope: Scope, around: &[String]) {
        for key in map.keys() {
            if key.filter.is_some() {
                continue;
            }
            self.keys.insert(key.span.start);
            if key.is_edge() {
                self.edges(key, scope, around);
            } else if let Some(path) = &key.path {
                self.field(key, path, scope, around);
            }
        }
    }

    /// The object below which a name is looked up: in a sequence diagram, actors are found from anywhere.
    fn lookup_scope(&self, around: &[String], name: &str) -> Vec<String> {
        for length in (0..around.len()).rev() {
            let diagram = &around[..length];
            let shape = if length == 0 {
                self.board.root.shape
            } else {
                self.node(diagram).map(|id| self.board.nodes[id].shape)
            };
            if shape != Some(Shape::SequenceDiagram) {
                continue;
            }
            let mut actor = diagram.to_vec();
            actor.push(name.to_owned());
            if self.node(&actor).is_some() && around.last().is_some_and(|last| last != name) {
                return diagram.to_vec();
            }
            break;
        }
        around.to_vec()
    }

    /// Notes the objects of a path; gives the object that it ends at, and where keywords begin.
    fn path(
        &mut self,
        path: &KeyPath,
        key: KeyId,
        place: Place,
        scope: Scope,
        around: &[String],
    ) -> (Vec<String>, usize) {
        let mut at = around.to_vec();
        for (index, part) in path.parts.iter().enumerate() {
            if part.is_parent() {
                at.pop();
                continue;
            }
            if part.is_unquoted() && keywords::is_reserved_any_case(part.text()) {
                return (at, index);
            }
            if part.glob().is_some() {
                return (at, path.parts.len() + 1);
            }
            let name = part.printed_key();
            at = self.lookup_scope(&at, &name);
            at.push(name);
            let globbed = path.has_glob();
            let object = self.object(&at);
            object.globbed |= globbed;
            object.refs.push(Ref { key, place, part: index, scope, scope_path: around.to_vec() });
        }
        (at, path.parts.len())
    }

    fn field(&mut self, key: &Key, path: &KeyPath, scope: Scope, around: &[String]) {
        let id = key.span.start;
        let (object, end) = self.path(path, id, Place::Path, scope, around);
        if end > path.parts.len() {
            return;
        }
        if end < path.parts.len() {
            let words: Vec<String> = path.parts[end..].iter().map(|p| p.text().to_lowercase()).collect();
            if matches!(words[0].as_str(), "vars" | "classes") || keywords::is_board(&words[0]) {
                return;
            }
            let mut found = Vec::new();
            attributes(key, &words.join("."), &mut found);
            let object = self.object(&object);
            for (name, id) in found {
                if name == "label" {
                    object.label = Some(id);
                }
                object.attrs.insert(name, id);
            }
            return;
        }
        let mentions = self.object(&object);
        let has_label = mentions.attrs.contains_key("label");
        if key.label().is_some() && !has_label
            || mentions.label.is_none()
            || !has_label && mentions.label.is_some()
        {
            mentions.label = Some(id);
        }
        if let Some(map) = key.map() {
            mentions.map = Some(id);
            self.map(map, Scope::Of(id), &object);
        }
    }

    fn edges(&mut self, key: &Key, scope: Scope, around: &[String]) {
        let id = key.span.start;
        let mut inner = around.to_vec();
        if let Some(path) = &key.path {
            inner = self.path(path, id, Place::Path, scope, around).0;
        }
        for (index, edge) in key.edges.iter().enumerate() {
            if let Some(src) = &edge.src {
                self.path(src, id, Place::Src(index), scope, &inner);
            }
            if let Some(dst) = &edge.dst {
                self.path(dst, id, Place::Dst(index), scope, &inner);
            }
        }
        self.edge_keys.insert(id, (scope, inner));
        // What a glob sets is not this connection's own.
        if key.has_glob() {
            return;
        }
        let mut found = Vec::new();
        match &key.edge_path {
            Some(path) => {
                let words: Vec<&str> = path.parts.iter().map(Str::text).collect();
                attributes(key, &words.join("."), &mut found);
            }
            None => {
                if let Some(map) = key.map() {
                    for inner in map.keys() {
                        if let Some(path) = &inner.path {
                            let words: Vec<&str> = path.parts.iter().map(Str::text).collect();
                            attributes(inner, &words.join("."), &mut found);
                        }
                    }
                }
            }
        }
        self.edge_attrs.insert(id, found);
    }
}

/// The attributes that a key below `prefix` sets, each with the key that does.
fn attributes(key: &Key, prefix: &str, found: &mut Vec<(String, KeyId)>) {
    let arrowhead = prefix == "source-arrowhead" || prefix == "target-arrowhead";
    if key.label().is_some() || matches!(key.value, Some(Value::Array(_))) {
        let name = if arrowhead { format!("{prefix}.label") } else { prefix.to_owned() };
        found.push((name, key.span.start));
    }
    let Some(map) = key.map() else { return };
    for inner in map.keys() {
        if let Some(path) = &inner.path {
            let words: Vec<&str> = path.parts.iter().map(Str::text).collect();
            attributes(inner, &format!("{prefix}.{}", words.join(".")), found);
        }
    }
}

/// The map of a board in the tree, by the names of the boards that lead to it.
pub(crate) fn board_scope(work: &mut Work<'_>, names: &[String]) -> Option<Scope> {
    let mut scope = Scope::File;
    for name in names {
        scope = board_in(work, scope, name)?;
    }
    Some(scope)
}

fn board_in(work: &mut Work<'_>, scope: Scope, name: &str) -> Option<Scope> {
    for group in keywords::BOARDS {
        let groups: Vec<KeyId> = named(work.map(scope)?, group);
        for id in groups {
            let boards = work.key(id).and_then(Key::map).map(|map| named(map, name)).unwrap_or_default();
            let Some(&board) = boards.first() else { continue };
            open_board(work, board);
            return Some(Scope::Of(board));
        }
    }
    None
}

/// Keys of a map that are a name and nothing else.
pub(crate) fn named(map: &Map, name: &str) -> Vec<KeyId> {
    let is = |key: &&Key| {
        key.edges.is_empty()
            && key.path.as_ref().is_some_and(|p| p.parts.len() == 1 && p.parts[0].text() == name)
    };
    map.keys().filter(is).map(|key| key.span.start).collect()
}

/// Gives a board that is only named or imported a map of its own.
fn open_board(work: &mut Work<'_>, board: KeyId) {
    let Some(key) = work.key(board) else { return };
    if key.map().is_some() {
        return;
    }
    let value = key.value.clone();
    let mut map = work.new_map();
    match value {
        Some(Value::Import(mut import)) => {
            import.spread = true;
            import.span = work.new_span(1);
            map.items.push(spandrel_syntax::ast::Item::Import(import));
        }
        scalar => {
            if let Some(key) = work.key_mut(board) {
                key.primary = scalar;
            }
        }
    }
    if let Some(key) = work.key_mut(board) {
        key.value = Some(Value::Map(map));
    }
}

/// The compiled board by the names that lead to it.
pub(crate) fn compiled_board(root: &Board, names: &[String]) -> Option<Board> {
    let Some((first, rest)) = names.split_first() else { return Some(root.clone()) };
    let below = root.layers.iter().chain(&root.scenarios).chain(&root.steps);
    below.filter(|board| board.name == *first).find_map(|board| compiled_board(board, rest))
}

/// Compiles a source for an edit.
pub(crate) fn compile(path: &str, source: &str, files: &dyn Files) -> spandrel_compile::Output {
    spandrel_compile::compile_at(path, source, files, &Budget::default())
}

/// [`compile`] for a source that is parsed already; gives its tree back.
pub(crate) fn compile_tree(path: &str, tree: Tree, files: &dyn Files) -> (spandrel_compile::Output, Tree) {
    spandrel_compile::compile_tree(path, tree, files, &Budget::default())
}
