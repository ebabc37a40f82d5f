//! Operations that lead from one board to another, with what each needs.

use std::collections::{BTreeMap, BTreeSet};

use spandrel_base::{LeanCollect, LeanSort};
use spandrel_graph::{Block, Board, EdgeId, Node, NodeId};

use super::Step;
use super::facts::{Facts, Things, differing, things};
use crate::Op;

/// Gathers the steps of all boards.
#[derive(Default)]
pub(super) struct Steps {
    pub(super) list: Vec<Step>,
    /// Which step makes a thing, by its board and key.
    makers: BTreeMap<(String, String), usize>,
    board: String,
}

/// A board with what finds its things by key.
struct Known<'b> {
    board: &'b Board,
    nodes: BTreeMap<&'b str, NodeId>,
    edges: BTreeMap<String, EdgeId>,
}

impl<'b> Known<'b> {
    fn new(board: &'b Board) -> Self {
        let nodes = board.nodes.entries().map(|(id, node)| (node.id.as_str(), id)).lean_map();
        let edges = board.edges.ids().map(|id| (board.edge_key(id), id)).lean_map();
        Self { board, nodes, edges }
    }

    fn node(&self, key: &str) -> Option<&'b Node> {
        self.nodes.get(key).map(|&id| &self.board.nodes[id])
    }

    /// The id of the container of a node; `""` for the board.
    fn container(&self, node: &Node) -> &'b str {
        node.parent.map_or("", |parent| self.board.nodes[parent].id.as_str())
    }
}

impl Steps {
    fn push(&mut self, op: Op, needs: &[&str]) -> usize {
        let maker = |key: &&str| {
            // What a board inherits may have been made on the board that it starts from.
            let mut board = self.board.as_str();
            loop {
                if let Some(&step) = self.makers.get(&(board.to_owned(), (*key).to_owned())) {
                    return Some(step);
                }
                if board.is_empty() {
                    return None;
                }
                let outer = board.rsplit_once('.').map_or("", |(outer, _)| outer);
                board = outer.rsplit_once('.').map_or("", |(outer, _)| outer);
            }
        };
        let mut before: Vec<usize> = needs.iter().filter_map(maker).collect();
        before.lean_sort();
        before.dedup();
        self.list.push(Step { board: self.board.clone(), op, needs: before });
        self.list.len() - 1
    }

    fn made(&mut self, key: &str, step: usize) {
        self.makers.insert((self.board.clone(), key.to_owned()), step);
    }

    /// Adds what leads from `old` to `new`, the board at `path`.
    pub(super) fn board(&mut self, path: &str, old: &Board, new: &Board, moved: &mut Vec<(String, String)>) {
        path.clone_into(&mut self.board);
        let (mut was, is) = (things(old), things(new));
        let (old, new) = (Known::new(old), Known::new(new));
        self.moves(&old, &new, &mut was, moved);
        self.deletions(&was, &is);
        self.creations(&new, &was);
        let was: BTreeMap<String, Facts> = was.into_iter().lean_map();
        let nothing = Facts::new();
        for (key, is) in &is {
            self.changes(key, was.get(key).unwrap_or(&nothing), is, &new);
        }
    }

    /// Objects that are gone here and came up there with the same name and content have moved.
    fn moves(
        &mut self,
        old: &Known<'_>,
        new: &Known<'_>,
        was: &mut Things,
        moved: &mut Vec<(String, String)>,
    ) {
        let mut come: BTreeMap<(&str, &str), Vec<&Node>> = BTreeMap::new();
        for node in new.board.nodes.iter().filter(|n| !old.nodes.contains_key(n.id.as_str())) {
            come.entry((&node.name, &node.label.text)).or_default().push(node);
        }
        let mut here: Vec<String> = Vec::new();
        for node in old.board.nodes.iter().filter(|n| !new.nodes.contains_key(n.id.as_str())) {
            let candidates = come.get(&(node.name.as_str(), node.label.text.as_str()));
            let fits = |other: &&&Node| other.label == node.label && other.shape == node.shape;
            let mut candidates = candidates.into_iter().flatten().filter(fits);
            let (Some(target), None) = (candidates.next(), candidates.next()) else { continue };
            let container = new.container(target);
            let exists = container.is_empty() || old.nodes.contains_key(container);
            let along = here.iter().any(|from| node.id.starts_with(from.as_str()));
            if !exists || along || container == old.container(node) {
                continue;
            }
            let (from, to) = (node.id.clone(), target.id.clone());
            let op = Op::Move { key: from.clone(), new_key: to.clone(), include_descendants: true };
            let step = self.push(op, &[]);
            self.made(&to, step);
            for (key, _) in was.iter_mut() {
                *key = renamed(key, &from, &to);
            }
            here.push(format!("{from}."));
            if !moved.contains(&(from.clone(), to.clone())) {
                moved.push((from, to));
            }
        }
    }

    fn deletions(&mut self, was: &Things, is: &Things) {
        let is: BTreeSet<&str> = is.iter().map(|(key, _)| key.as_str()).lean_set();
        let keys = || was.iter().map(|(key, _)| key.as_str());
        let kept: BTreeSet<&str> = keys().filter(|key| is.contains(key)).lean_set();
        let gone: Vec<&str> = keys().filter(|key| !is.contains(key)).collect();
        // Connections first, the highest index first, so that the others keep theirs.
        for key in gone.iter().rev().filter(|key| key.starts_with('(')) {
            self.push(Op::Delete { key: (*key).to_owned(), with_children: true }, &[]);
        }
        let mut deleted: BTreeSet<&str> = BTreeSet::new();
        for key in gone.iter().filter(|key| !key.starts_with('(') && !key.is_empty()) {
            if key.match_indices('.').any(|(at, _)| deleted.contains(&key[..at])) {
                continue;
            }
            let inside = format!("{key}.");
            let some_stay =
                kept.range(inside.as_str()..).next().is_some_and(|other| other.starts_with(&inside));
            self.push(Op::Delete { key: (*key).to_owned(), with_children: !some_stay }, &[]);
            if !some_stay {
                deleted.insert(key);
            }
        }
    }

    fn creations(&mut self, new: &Known<'_>, was: &Things) {
        let known: BTreeSet<&str> = was.iter().map(|(key, _)| key.as_str()).lean_set();
        for node in new.board.nodes.iter().filter(|node| !known.contains(node.id.as_str())) {
            let step = self.push(Op::Create { key: node.id.clone() }, &[new.container(node)]);
            self.made(&node.id, step);
        }
        for (id, edge) in new.board.edges.entries() {
            let key = new.board.edge_key(id);
            if known.contains(key.as_str()) {
                continue;
            }
            let (src, dst) = (&new.board.nodes[edge.src].id, &new.board.nodes[edge.dst].id);
            let create = Op::Create { key: format!("{src} {} {dst}", edge.arrow()) };
            let step = self.push(create, &[src, dst]);
            self.made(&key, step);
        }
    }

    /// Labels and attributes of one thing.
    fn changes(&mut self, key: &str, was: &Facts, is: &Facts, new: &Known<'_>) {
        let node = new.node(key);
        let edge = new.edges.get(key).map(|&id| &new.board.edges[id]);
        let default = |name: &str| match (name, node, edge) {
            ("label", Some(node), _) => node.name.clone(),
            ("shape", Some(_), _) => "rectangle".to_owned(),
            _ => String::new(),
        };
        for name in differing(was, is) {
            if matches!(
                name.as_str(),
                "language" | "columns" | "fields" | "methods" | "src_column" | "dst_column"
            ) {
                continue;
            }
            let target = match (key, name.as_str()) {
                ("", name) => name.to_owned(),
                (key, "label") => key.to_owned(),
                (key, name) => format!("{key}.{name}"),
            };
            let value = is.get(&name).cloned().unwrap_or_default();
            let before = was.get(&name).cloned().unwrap_or_else(|| default(&name));
            if value == before && is.contains_key(&name) {
                continue;
            }
            let label = node.map(|n| &n.label).or(edge.map(|e| &e.label));
            let tag =
                label.filter(|_| name == "label").and_then(|l| l.block.as_ref()).map(|block| match block {
                    Block::Markdown => "md".to_owned(),
                    Block::Latex => "tex".to_owned(),
                    Block::Code(language) => language.clone(),
                });
            let op = if is.contains_key(&name) && (value != default(&name) || tag.is_some()) {
                Op::Set { key: target, value: Some(value), tag }
            } else if name == "label" {
                Op::Set { key: target, value: None, tag: None }
            } else {
                Op::Delete { key: target, with_children: true }
            };
            self.push(op, &[key]);
        }
    }
}

/// A key after an object has moved.
fn renamed(key: &str, from: &str, to: &str) -> String {
    let one = |path: &str| match path.strip_prefix(from) {
        Some("") => to.to_owned(),
        Some(rest) if rest.starts_with('.') => format!("{to}{rest}"),
        _ => path.to_owned(),
    };
    let Some(inner) = key.strip_prefix('(') else { return one(key) };
    let Some((ends, index)) = inner.rsplit_once(")[") else { return key.to_owned() };
    for arrow in [" <-> ", " -> ", " <- ", " -- "] {
        if let Some((src, dst)) = ends.split_once(arrow) {
            return format!("({}{arrow}{})[{index}", one(src), one(dst));
        }
    }
    key.to_owned()
}
