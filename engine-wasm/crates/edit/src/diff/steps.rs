//! Operations that lead from one board to another, with what each needs.

use std::collections::{BTreeMap, BTreeSet};

use spandrel_base::{LeanCollect, LeanSort};
use spandrel_graph::{Block, Board, EdgeId, Node, NodeId};
use spandrel_syntax::keywords;

use super::facts::{Facts, Things, differing, things};
use super::members::{self, Member};
use super::{Step, order};
use crate::Op;
use crate::boards::group;
use crate::declare::Declared;
use crate::printer::{end_key, name};

/// Facts that no attribute says: steps of their own lead to them, or none.
const NO_ATTRIBUTES: &[&str] = &[
    "language",
    "columns",
    "fields",
    "methods",
    "src_column",
    "dst_column",
    "legend",
    "layers",
    "scenarios",
    "steps",
];

/// Gathers the steps of all boards.
#[derive(Default)]
pub(super) struct Steps {
    pub(super) list: Vec<Step>,
    /// Which step makes a thing, by its board and key.
    makers: BTreeMap<(String, String), usize>,
    board: String,
    /// Whether what classes bring has shown itself.
    classes_hold: bool,
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
                board = split_board(board).map_or("", |(outer, _)| outer);
            }
        };
        let mut before: Vec<usize> = needs.iter().filter_map(maker).collect();
        // The board itself may be new, and the boards around it.
        let mut board = self.board.as_str();
        while let Some((outer, name)) = split_board(board) {
            before.extend(self.makers.get(&(outer.to_owned(), name.to_owned())));
            board = outer;
        }
        before.lean_sort();
        before.dedup();
        self.list.push(Step { board: self.board.clone(), op, needs: before });
        self.list.len() - 1
    }

    fn made(&mut self, key: &str, step: usize) {
        self.makers.insert((self.board.clone(), key.to_owned()), step);
    }

    /// Declares what `is` has other than `was`, and takes globs away that it has not.
    pub(super) fn declare(&mut self, path: &str, was: &Declared, is: &Declared) {
        path.clone_into(&mut self.board);
        let gone = was.iter().filter(|(key, value)| value.is_some() && !is.contains_key(*key));
        for (key, _) in gone.filter(|(key, _)| !is_named(key)) {
            self.push(Op::Declare { key: key.clone(), value: None }, &[]);
        }
        for (key, value) in is.iter().filter(|(key, value)| was.get(*key) != Some(*value)) {
            let Some(value) = value else { continue };
            let step = self.push(Op::Declare { key: key.clone(), value: Some(value.clone()) }, &[]);
            self.made(key, step);
        }
    }

    /// Takes classes and variables away that `is` has not.
    pub(super) fn undeclare(&mut self, path: &str, was: &Declared, is: &Declared) {
        path.clone_into(&mut self.board);
        for (key, value) in was.iter().filter(|(key, _)| !is.contains_key(*key) && is_named(key)) {
            if value.is_some() {
                self.push(Op::Declare { key: key.clone(), value: None }, &[]);
            }
        }
    }

    /// Adds what leads from `old` to `new`, the board at `path`. What gets another class shows what that brings before
    /// anything else is set: that is for another round, in which `classes_hold`.
    pub(super) fn board(
        &mut self,
        path: &str,
        old: &Board,
        new: &Board,
        classes_hold: bool,
        moved: &mut Vec<(String, String)>,
    ) {
        path.clone_into(&mut self.board);
        self.classes_hold = classes_hold;
        let (mut was, is) = (things(old), things(new));
        let (old, new) = (Known::new(old), Known::new(new));
        self.boards(old.board, new.board);
        let before = self.moves(&old, &new, &mut was, moved);
        self.deletions(&was, &is);
        for (key, node) in &before {
            if new.node(key).is_some_and(|is| is.shape != node.shape) {
                self.delete_members(key, node, &[]);
            }
        }
        let was: BTreeMap<String, Facts> = was.into_iter().lean_map();
        self.create_objects(&new, &was);
        let nothing = Facts::new();
        for (key, is) in is.iter().filter(|(key, _)| !key.starts_with('(')) {
            self.changes(key, was.get(key).unwrap_or(&nothing), is, &new);
            let Some(node) = new.node(key) else { continue };
            let same_shape = before.get(key).filter(|before| before.shape == node.shape);
            self.members(key, same_shape.copied(), node);
        }
        self.create_connections(&new, &was);
        for (key, is) in is.iter().filter(|(key, _)| key.starts_with('(')) {
            let was = was.get(key);
            if let Some(was) = was {
                self.reconnect(key, was, is, &new);
            }
            self.changes(key, was.unwrap_or(&nothing), is, &new);
        }
        // Rows go last: a connection of one that stays has another row by now.
        for (key, node) in &before {
            if let Some(is) = new.node(key).filter(|is| is.shape == node.shape) {
                self.delete_members(key, node, &members::lists(is).concat());
            }
        }
    }

    /// Boards of this board that are gone, new, or in another order.
    fn boards(&mut self, old: &Board, new: &Board) {
        let names = |board: &Board, kind: &str| -> Vec<String> {
            group(board, kind).iter().map(|inner| format!("{kind}.{}", name(&inner.name))).collect()
        };
        let set = |keys: &[String]| -> BTreeSet<String> { keys.iter().cloned().lean_set() };
        // First what goes: a name is free for a board of another kind then.
        for kind in keywords::BOARDS {
            let is = set(&names(new, kind));
            for key in names(old, kind).into_iter().filter(|key| !is.contains(key)) {
                self.push(Op::Delete { key, with_children: true }, &[]);
            }
        }
        for kind in keywords::BOARDS {
            let (was, is) = (names(old, kind), names(new, kind));
            let (before, after) = (set(&was), set(&is));
            let fresh: Vec<&String> = is.iter().filter(|key| !before.contains(*key)).collect();
            for key in &fresh {
                let step = self.push(Op::Create { key: (*key).clone() }, &[]);
                self.made(key, step);
            }
            let now =
                was.iter().filter(|key| after.contains(*key)).chain(fresh).map(String::as_str).collect();
            self.reorder("", now, is.iter().map(String::as_str).collect());
        }
    }

    /// Puts what is now in one order into another; names below `object`.
    fn reorder(&mut self, object: &str, now: Vec<&str>, wanted: Vec<&str>) {
        let whole = |name: &str| if object.is_empty() { name.to_owned() } else { format!("{object}.{name}") };
        for (moved, before) in order::moves(&now, &wanted) {
            let (key, before) = (whole(moved), before.map(whole));
            let needs = [key.clone(), before.clone().unwrap_or_default()];
            self.push(Op::Reorder { key, before }, &needs.each_ref().map(String::as_str));
        }
    }

    /// New rows or members of an object, and what changed of the others; `was` has the same shape.
    fn members(&mut self, key: &str, was: Option<&Node>, is: &Node) {
        let before = was.map(members::lists).unwrap_or_default();
        for (was, is) in before.iter().zip(members::lists(is)) {
            if *was == is {
                continue;
            }
            let old: BTreeMap<&str, &Member> = was.iter().map(|m| (m.name.as_str(), m)).lean_map();
            for member in &is {
                let whole = format!("{key}.{}", member.name);
                let nothing = Member {
                    name: String::new(),
                    value: String::new(),
                    constraint: String::new(),
                    underline: false,
                };
                let before = old.get(member.name.as_str()).copied();
                if before.is_none() {
                    let step = self.push(Op::Create { key: whole.clone() }, &[key]);
                    self.made(&whole, step);
                }
                let before = before.unwrap_or(&nothing);
                if member.value != before.value {
                    let value = Some(member.value.clone()).filter(|value| !value.is_empty());
                    self.push(Op::Set { key: whole.clone(), value, tag: None }, &[&whole]);
                }
                if member.constraint != before.constraint {
                    self.set_or_delete(&whole, "constraint", &member.constraint);
                }
                if member.underline != before.underline {
                    let value = if member.underline { "true" } else { "" };
                    self.set_or_delete(&whole, "style.underline", value);
                }
            }
            let wanted: Vec<&str> = is.iter().map(|member| member.name.as_str()).collect();
            let known: BTreeSet<&str> = wanted.iter().copied().lean_set();
            let kept = was.iter().map(|member| member.name.as_str()).filter(|name| known.contains(name));
            let fresh = wanted.iter().copied().filter(|name| !old.contains_key(name));
            self.reorder(key, kept.chain(fresh).collect(), wanted);
        }
    }

    fn set_or_delete(&mut self, object: &str, attribute: &str, value: &str) {
        let key = format!("{object}.{attribute}");
        let op = if value.is_empty() {
            Op::Delete { key, with_children: true }
        } else {
            Op::Set { key, value: Some(value.to_owned()), tag: None }
        };
        self.push(op, &[object]);
    }

    /// Rows or members that are not among `kept`.
    fn delete_members(&mut self, key: &str, was: &Node, kept: &[Member]) {
        let kept: BTreeSet<&str> = kept.iter().map(|member| member.name.as_str()).lean_set();
        for member in members::lists(was).concat().iter().filter(|m| !kept.contains(m.name.as_str())) {
            let key = format!("{key}.{}", member.name);
            self.push(Op::Delete { key, with_children: true }, &[]);
        }
    }

    /// A connection that goes to other rows.
    fn reconnect(&mut self, key: &str, was: &Facts, is: &Facts, new: &Known<'_>) {
        let differs = |name: &str| was.get(name) != is.get(name);
        let Some(edge) = new.edges.get(key).map(|&id| &new.board.edges[id]) else { return };
        let end = |name: &str, node, column| differs(name).then(|| end_key(new.board, node, column));
        let (new_src, new_dst) =
            (end("src_column", edge.src, edge.src_column), end("dst_column", edge.dst, edge.dst_column));
        if new_src.is_none() && new_dst.is_none() {
            return;
        }
        let needs =
            [key.to_owned(), new_src.clone().unwrap_or_default(), new_dst.clone().unwrap_or_default()];
        self.push(
            Op::Reconnect { key: key.to_owned(), new_src, new_dst },
            &needs.each_ref().map(String::as_str),
        );
    }

    /// Objects that are gone here and came up there with the same name and content have moved. Gives the old objects
    /// by the keys that they have then.
    fn moves<'b>(
        &mut self,
        old: &Known<'b>,
        new: &Known<'_>,
        was: &mut Things,
        moved: &mut Vec<(String, String)>,
    ) -> BTreeMap<String, &'b Node> {
        let mut before: Vec<(String, &Node)> =
            old.board.nodes.iter().map(|node| (node.id.clone(), node)).collect();
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
            let keys = was.iter_mut().map(|(key, _)| key).chain(before.iter_mut().map(|(key, _)| key));
            for key in keys {
                *key = renamed(key, &from, &to);
            }
            here.push(format!("{from}."));
            if !moved.contains(&(from.clone(), to.clone())) {
                moved.push((from, to));
            }
        }
        before.into_iter().lean_map()
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

    fn create_objects(&mut self, new: &Known<'_>, was: &BTreeMap<String, Facts>) {
        for node in new.board.nodes.iter().filter(|node| !was.contains_key(&node.id)) {
            let step = self.push(Op::Create { key: node.id.clone() }, &[new.container(node)]);
            self.made(&node.id, step);
        }
    }

    fn create_connections(&mut self, new: &Known<'_>, was: &BTreeMap<String, Facts>) {
        for (id, edge) in new.board.edges.entries() {
            let key = new.board.edge_key(id);
            if was.contains_key(&key) {
                continue;
            }
            let src = end_key(new.board, edge.src, edge.src_column);
            let dst = end_key(new.board, edge.dst, edge.dst_column);
            let objects = [edge.src, edge.dst].map(|end| new.board.nodes[end].id.as_str());
            let create = Op::Create { key: format!("{src} {} {dst}", edge.arrow()) };
            let step = self.push(create, &[objects[0], objects[1], &src, &dst]);
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
        let differing = differing(was, is);
        let waits = !self.classes_hold && differing.iter().any(|name| name == "class");
        for name in differing {
            if waits && !matches!(name.as_str(), "class" | "label") {
                continue;
            }
            if NO_ATTRIBUTES.contains(&name.as_str()) {
                continue;
            }
            let target = match (key, name.as_str()) {
                ("", name) => name.to_owned(),
                (key, "label") => key.to_owned(),
                (key, name) => format!("{key}.{name}"),
            };
            let mut value = is.get(&name).cloned().unwrap_or_default();
            if name == "link" {
                value = link_from(&self.board, &value);
            }
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
            // What a class is has to be declared, where that is new too.
            let classes = is.get(&name).filter(|_| name == "class").map_or("", String::as_str);
            let classes =
                classes.trim_matches(['[', ']']).split("; ").map(|class| format!("classes.{class}"));
            let needs: Vec<String> = std::iter::once(key.to_owned()).chain(classes).collect();
            self.push(op, &needs.iter().map(String::as_str).collect::<Vec<_>>());
        }
    }
}

/// Whether a declaration has a name: a class or a variable.
fn is_named(key: &str) -> bool {
    key.starts_with("classes.") || key.starts_with("vars.")
}

/// `layers.x.steps.1` as the board around it and what it is there: `layers.x` and `steps.1`.
fn split_board(path: &str) -> Option<(&str, &str)> {
    let group = path.rfind('.').map(|dot| path[..dot].rfind('.').map_or(0, |before| before + 1))?;
    Some((path[..group].trim_end_matches('.'), &path[group..]))
}

/// A link to a board (`root.layers.x`), as it reads on the board at `path`.
fn link_from(path: &str, target: &str) -> String {
    let up = path.split('.').count() / 2;
    match target.strip_prefix("root") {
        Some("") if up > 0 => vec!["_"; up].join("."),
        Some(below) if below.starts_with('.') => format!("{}{}", "_.".repeat(up), &below[1..]),
        _ => target.to_owned(),
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
