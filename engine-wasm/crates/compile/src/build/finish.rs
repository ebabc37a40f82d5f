//! A draft becomes a board: rows and members leave, ids are joined, sequence diagrams sort their parts.

use spandrel_base::LeanCollect;
use spandrel_base::LeanSort;
use std::collections::{BTreeMap, HashMap};

use spandrel_base::{Few, IdVec, Span};
use spandrel_graph::{
    Arrowhead, ArrowheadShape, Block, Board, BoardKind, Edge, EdgeId, Label, Legend, Node, NodeId, Origin,
    Root, Shape, Style,
};

use super::attrs::add_lists;
use super::{Builder, Draft, Mention, Object, Set, Source};
use crate::ir::{CtxId, Holder, LinkId, MapId};
use crate::sources::FileId;
use spandrel_base::FastState;

impl<'a> Builder<'a, '_, '_> {
    pub(super) fn finish(&mut self, mut draft: Draft<'a>, name: &str, kind: BoardKind, path: &str) -> Board {
        self.sequence_parts(&mut draft);
        self.note_links(&draft, path);
        let root_set = std::mem::take(&mut draft.objects[0].set);
        let (nodes, edges) = self.nodes_and_edges(draft);
        let mut root_set = root_set;
        add_near(&mut root_set);
        add_lists(&mut root_set, false);
        let style = Style::from_attrs(&root_set.attrs);
        let root = Root {
            label: root_set.label.unwrap_or_default(),
            shape: root_set.shape.as_deref().and_then(Shape::from_keyword),
            attrs: root_set.attrs,
            style,
        };
        Board {
            name: name.to_owned(),
            kind,
            root,
            nodes,
            edges,
            layers: Vec::new(),
            scenarios: Vec::new(),
            steps: Vec::new(),
            legend: None,
        }
    }

    /// The places of fields, each list the last first: turned around in `scratch`.
    fn origins(&self, sources: &[Source], scratch: &mut Vec<Origin>) -> Few<Origin> {
        let mut origins = Few::None;
        for source in sources {
            scratch.clear();
            for reference in self.scoper.ir.refs(source.field) {
                if let Some(part) = reference.part {
                    scratch.push(self.origin(reference.context, part.span));
                }
            }
            if origins.is_empty() {
                origins = Few::with_capacity(scratch.len());
            }
            scratch.drain(..).rev().for_each(|origin| add_origin(&mut origins, origin));
        }
        origins
    }

    fn link_origins(&self, link: LinkId) -> Few<Origin> {
        let mut origins = Few::None;
        for reference in &self.scoper.ir.links[link].refs {
            let context = &self.scoper.ir.contexts[reference.context];
            let span = context.edge.map_or(context.key.span, |edge| edge.span);
            add_origin(&mut origins, self.origin(reference.context, span));
        }
        origins
    }

    fn origin(&self, context: CtxId, key: Span) -> Origin {
        let context = &self.scoper.ir.contexts[context];
        let file = context.file;
        let path = (file != FileId::MAIN).then(|| self.scoper.sources.file(file).path.clone());
        Origin { path, key, whole: context.key.span }
    }

    fn nodes_and_edges(&mut self, draft: Draft<'a>) -> (IdVec<NodeId, Node>, IdVec<EdgeId, Edge>) {
        let order = order(&draft);
        let mut ids: Vec<Option<NodeId>> = vec![None; draft.objects.len()];
        for (at, &object) in order.iter().enumerate() {
            ids[object] = Some(NodeId::from(at));
        }
        let mut nodes: IdVec<NodeId, Node> = IdVec::new();
        nodes.reserve(order.len());
        let Draft { mut objects, connections, .. } = draft;
        let mut has_near = false;
        let mut scratch = Vec::new();
        for &index in &order {
            let object = std::mem::take(&mut objects[index]);
            let parent = ids[object.parent];
            let id = match parent {
                Some(parent) => [&nodes[parent].id, ".", &*object.id].concat(),
                None => object.id.into_owned(),
            };
            let origins = self.origins(&object.sources, &mut scratch);
            let mut set = object.set;
            has_near |= add_near(&mut set);
            add_lists(&mut set, false);
            let style = Style::from_attrs(&set.attrs);
            let shape = set.shape.as_deref().and_then(shape_of).unwrap_or_default();
            let name = object.name.to_owned();
            let text = set.label.unwrap_or_else(|| name.clone());
            let node = nodes.push(Node {
                id,
                name,
                parent,
                children: Vec::new(),
                label: Label { text, block: block(&set.language) },
                shape,
                attrs: set.attrs,
                style,
                columns: object.columns,
                fields: object.fields,
                methods: object.methods,
                origins,
            });
            if let Some(parent) = parent {
                nodes[parent].children.push(node);
            }
        }
        if has_near {
            spell_near(&mut nodes);
        }
        let mut edges = IdVec::new();
        edges.reserve(connections.len());
        let mut counts: HashMap<u64, u32, FastState> = HashMap::default();
        for connection in connections {
            let (Some(src), Some(dst)) = (ids[connection.src], ids[connection.dst]) else { continue };
            let arrows = u64::from(connection.src_arrow) << 1 | u64::from(connection.dst_arrow);
            // There are far fewer than 2^31 objects.
            let count = counts.entry(arrows << 62 | u64::from(src.0) << 31 | u64::from(dst.0)).or_default();
            let index = *count;
            *count += 1;
            let origins = self.link_origins(connection.link);
            let mut set = connection.set;
            add_near(&mut set);
            add_lists(&mut set, false);
            if let Some(shape) = &set.shape {
                set.attrs.set_text("shape", shape.clone().into_owned());
            }
            edges.push(Edge {
                src,
                dst,
                src_arrow: connection.src_arrow,
                dst_arrow: connection.dst_arrow,
                index,
                label: Label { text: set.label.unwrap_or_default(), block: block(&set.language) },
                style: Style::from_attrs(&set.attrs),
                attrs: set.attrs,
                src_arrowhead: connection.src_head.map(|set| Box::new(arrowhead(*set))),
                dst_arrowhead: connection.dst_head.map(|set| Box::new(arrowhead(*set))),
                src_column: connection.src_column,
                dst_column: connection.dst_column,
                origins,
            });
        }
        (nodes, edges)
    }

    /// The legend that `vars.d2-legend` of a board describes.
    pub(super) fn legend(&mut self, map: MapId) -> Option<Legend> {
        let vars = self.scoper.ir.keyword_map(map, "vars")?;
        let name = self.scoper.ir.names.make("d2-legend", true, Span::default());
        let field = self.scoper.ir.field(vars, &name)?;
        let legend = self.scoper.ir.map_of(field)?;
        let outer = std::mem::replace(&mut self.draft, Draft::of_board(map));
        self.object_map(0, legend, false);
        self.default_shapes();
        let draft = std::mem::replace(&mut self.draft, outer);
        let (nodes, edges) = self.nodes_and_edges(draft);
        // What is invisible explains nothing.
        let shown = |node: &Node| node.style.opacity != Some(0.0);
        let mut new_ids: Vec<Option<NodeId>> = Vec::new();
        let mut kept = IdVec::new();
        for node in &nodes {
            new_ids.push(shown(node).then(|| kept.push(node.clone())));
        }
        let moved = |id: NodeId| new_ids.get(usize::from(id)).copied().flatten();
        if kept.is_empty() && edges.is_empty() {
            return None;
        }
        // Ends of sample connections need not be shown themselves; then they stand for nothing.
        let all_shown = new_ids.iter().all(Option::is_some);
        let (nodes, edges) = if all_shown {
            (nodes, edges)
        } else {
            for node in &mut kept {
                node.parent = node.parent.and_then(moved);
                node.children = node.children.iter().copied().filter_map(moved).collect();
            }
            let mut result = IdVec::new();
            for edge in &edges {
                let mut edge = edge.clone();
                let mut end = |id: NodeId| {
                    moved(id).unwrap_or_else(|| {
                        let mut hidden = nodes[id].clone();
                        hidden.parent = None;
                        hidden.children.clear();
                        kept.push(hidden)
                    })
                };
                edge.src = end(edge.src);
                edge.dst = end(edge.dst);
                result.push(edge);
            }
            (kept, result)
        };
        let label = self.scoper.ir.fields[field].primary.as_ref().map_or("", |p| p.text()).to_owned();
        Some(Legend { label, nodes, edges })
    }

    /// Inside sequence diagrams: groups and actors keep their shape, what is below an actor is a note or a
    /// span.
    fn sequence_parts(&mut self, draft: &mut Draft<'a>) {
        let has = draft.objects.iter().any(|o| o.set.is_shape("sequence_diagram"));
        if !has {
            return;
        }
        std::mem::swap(&mut self.draft, draft);
        let objects = self.draft.objects.len();
        let holders: Vec<Vec<usize>> =
            (0..objects).map(|o| self.scopes(&self.mentions(&self.draft.objects[o].sources))).collect();
        let edge_holders: Vec<Vec<usize>> = self
            .draft
            .connections
            .iter()
            .map(|c| self.scopes(&self.link_mentions(c.link, c.around)))
            .collect();
        std::mem::swap(&mut self.draft, draft);
        // An object "contains" what was written inside its braces, or deeper.
        let mut holds_object = vec![false; objects];
        let mut holds_edge = vec![false; objects];
        let up = |mut at: usize, marks: &mut Vec<bool>, own: &[Object<'_>]| loop {
            if marks[at] {
                break;
            }
            marks[at] = true;
            if at == 0 {
                break;
            }
            at = own[at].parent;
        };
        for scopes in &holders {
            for &scope in scopes {
                up(scope, &mut holds_object, &draft.objects);
            }
        }
        for scopes in &edge_holders {
            for &scope in scopes {
                up(scope, &mut holds_edge, &draft.objects);
            }
        }
        let mut is_end = vec![false; objects];
        for connection in &draft.connections {
            is_end[connection.src] = true;
            is_end[connection.dst] = true;
        }
        #[derive(Clone, Copy, PartialEq)]
        enum Part {
            Outside,
            Group,
            Actor,
            Below,
        }
        let mut parts = vec![Part::Outside; objects];
        for index in 1..objects {
            let parent = draft.objects[index].parent;
            if draft.objects[index].absorbed {
                continue;
            }
            let set = &draft.objects[index].set;
            // Grids and diagrams lay out what is in them, wherever they stand.
            let has_layout = set.is_grid() || set.is_shape("sequence_diagram");
            parts[index] = if draft.objects[parent].set.is_shape("sequence_diagram") {
                let object = &draft.objects[index];
                let group = !is_end[index]
                    && object.children.iter().all(|&child| holds_edge[child])
                    && (holds_object[index] || holds_edge[index]);
                if group { Part::Group } else { Part::Actor }
            } else {
                match parts[parent] {
                    _ if draft.objects[parent].set.is_grid() => Part::Outside,
                    Part::Group => Part::Group,
                    Part::Actor | Part::Below if !has_layout => Part::Below,
                    Part::Outside | Part::Actor | Part::Below => Part::Outside,
                }
            };
            if parts[index] != Part::Below {
                continue;
            }
            let object = &mut draft.objects[index];
            let named_end = self.mentions(&object.sources).iter().any(|m| m.in_edge);
            let note = !named_end && object.children.is_empty() && !holds_object[index] && !holds_edge[index];
            object.set.shape = Some(if note { "note" } else { "span" }.into());
            if !note {
                object.set.label = Some(String::new());
            }
            object.columns.clear();
            object.fields.clear();
            object.methods.clear();
        }
    }

    /// The objects in whose braces mentions stand.
    fn scopes(&self, mentions: &[Mention]) -> Vec<usize> {
        mentions.iter().filter_map(|m| self.scope_object(m)).collect()
    }

    fn scope_object(&self, mention: &Mention) -> Option<usize> {
        let Some(map) = mention.scope else { return Some(mention.around) };
        let ir = &self.scoper.ir;
        let field = match ir.maps[map].holder {
            Holder::Field(field) => field,
            Holder::Link(_) => ir.field_around(map)?,
        };
        let mut object = 0;
        for name in ir.path(field, false) {
            object = self.actor_scope(object, &name);
            object = self.draft.child(object, name.folded)?;
        }
        Some(object)
    }
}

/// Adds a place that is not there yet. Repetitions stand close together: the inner ends of a chain, a board that inherits.
fn add_origin(origins: &mut Few<Origin>, origin: Origin) {
    if origin.key == Span::default() && origin.whole == Span::default() {
        return;
    }
    let same = |known: &Origin| known.key == origin.key && *known == origin;
    if !origins.iter().rev().take(4).any(same) {
        origins.push(origin);
    }
}

/// `near` of an object is spelled as the object is.
fn spell_near(nodes: &mut IdVec<NodeId, Node>) {
    let by_id: BTreeMap<String, String> =
        nodes.iter().map(|n| (n.id.to_lowercase(), n.id.clone())).lean_map();
    for node in nodes {
        if let Some(id) = node.attrs.text("near").and_then(|near| by_id.get(&near.to_lowercase())) {
            let id = id.clone();
            node.attrs.set_text("near", id);
        }
    }
}

/// `near` as an attribute, where it is set.
fn add_near(set: &mut Set) -> bool {
    let Some(near) = &set.near else { return false };
    let text = spandrel_syntax::print::key_path(near.parts.iter().map(spandrel_syntax::ast::Str::text));
    set.attrs.set_text("near", text);
    true
}

/// Objects in the order in which the main source mentions them, containers before what is in them.
fn order(draft: &Draft<'_>) -> Vec<usize> {
    let first = |index: usize| -> Option<u32> {
        let first = draft.objects[index].first?;
        (first.file == FileId::MAIN).then_some(first.span.start)
    };
    // Those without a place in the main source follow the one before them.
    let mut keys: Vec<(u32, usize)> = Vec::with_capacity(draft.objects.len());
    let mut last = 0;
    for index in 0..draft.objects.len() {
        let parent = draft.objects[index].parent;
        let own = first(index).unwrap_or(last);
        let least = if index == 0 { 0 } else { keys[parent].0 };
        last = own.max(least);
        keys.push((last, index));
    }
    let mut order: Vec<usize> =
        (1..draft.objects.len()).filter(|&index| !draft.objects[index].absorbed).collect();
    order.lean_sort_by_key(|&index| keys[index]);
    order
}

fn shape_of(keyword: &str) -> Option<Shape> {
    match keyword {
        "note" => Some(Shape::Note),
        "span" => Some(Shape::Span),
        keyword => Shape::from_keyword(keyword),
    }
}

fn block(language: &str) -> Option<Block> {
    match language {
        "" => None,
        "markdown" => Some(Block::Markdown),
        "latex" => Some(Block::Latex),
        code => Some(Block::Code(code.to_owned())),
    }
}

fn arrowhead(mut set: Set) -> Arrowhead {
    add_lists(&mut set, false);
    let shape = set.shape.as_deref().and_then(ArrowheadShape::from_keyword);
    if let (None, Some(shape)) = (shape, &set.shape) {
        set.attrs.set_text("shape", shape.clone().into_owned());
    }
    Arrowhead {
        label: set.label.unwrap_or_default(),
        shape,
        style: Style::from_attrs(&set.attrs),
        attrs: set.attrs,
    }
}
