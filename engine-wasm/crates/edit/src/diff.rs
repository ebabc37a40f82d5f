//! What differs between two sources, as objects and connections rather than lines, and the edits that lead
//! from one to the other.

use spandrel_base::LeanCollect;
use spandrel_base::LeanSort;
use std::collections::{BTreeMap, BTreeSet};

use spandrel_base::{TextEdit, apply_edits};
use spandrel_graph::{Board, Edge, Node};

use crate::session::Session;
use crate::text::edits_between;
use crate::{Op, Place};

/// One thing that changed, by its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The board, `""` for the main one.
    pub board: String,
    /// The object or connection; `""` for the board itself.
    pub key: String,
    /// Which attributes changed, `label` among them; empty for what was added or removed.
    pub attributes: Vec<String>,
}

/// What leads from one source to another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diff {
    /// Objects and connections that only the second has.
    pub added: Vec<Change>,
    /// Objects and connections that only the first has.
    pub removed: Vec<Change>,
    /// What both have, with other labels or attributes.
    pub changed: Vec<Change>,
    /// Objects that are in another container: old key and new key.
    pub moved: Vec<(String, String)>,
    /// Edits of the main board that lead from the first to the second, in order.
    pub ops: Vec<Op>,
    /// For each of `ops`, the earlier ones without which it makes no sense.
    pub needs: Vec<Vec<usize>>,
    /// Whether `ops` alone give all that the second source means. Where they do not (other boards, rows of
    /// tables, classes), `edits` do.
    pub complete: bool,
    /// The change of text that gives what the second source means: that of `ops` where they are complete,
    /// so that comments, order and pins of the first stay; else the lines that differ.
    pub edits: Vec<TextEdit>,
}

/// One thing of a board: what is said of it, by name.
type Facts = BTreeMap<String, String>;

/// All things of a board by key, in order of appearance.
type Things = Vec<(String, Facts)>;

/// Compares what two sources mean.
pub fn diff(a: &str, b: &str, place: Place<'_>) -> Diff {
    let old = crate::index::compile(place.path, a, place.files).diagram;
    let new = crate::index::compile(place.path, b, place.files).diagram;
    let mut result = Diff::default();
    let (old_boards, new_boards) = (boards(&old.root), boards(&new.root));
    let empty = Things::new();
    let get = |boards: &BTreeMap<String, Things>, path: &str| boards.get(path).unwrap_or(&empty).clone();
    for path in old_boards.keys().chain(new_boards.keys().filter(|path| !old_boards.contains_key(*path))) {
        compare(path, &get(&old_boards, path), &get(&new_boards, path), &mut result);
    }
    let mut steps = Steps::default();
    steps.board(&old.root, &new.root, &mut result);
    let main = Place { board: &[], ..place };
    let mut text = a.to_owned();
    let mut possible = true;
    for op in &steps.ops {
        match Session::new(main).apply(&text, op) {
            Ok((next, _)) => text = next,
            Err(_) => possible = false,
        }
    }
    let reached = boards(&crate::index::compile(place.path, &text, place.files).diagram.root);
    result.complete = possible && same(&reached, &new_boards);
    result.edits = edits_between(a, if result.complete { &text } else { b });
    result.ops = steps.ops;
    result.needs = steps.needs;
    result
}

/// The first source with a difference applied.
pub fn apply(source: &str, difference: &Diff) -> String {
    apply_edits(source, &difference.edits)
}

fn same(a: &BTreeMap<String, Things>, b: &BTreeMap<String, Things>) -> bool {
    let sorted = |things: &Things| things.iter().cloned().lean_map();
    a.len() == b.len()
        && a.iter().all(|(path, things)| b.get(path).is_some_and(|o| sorted(o) == sorted(things)))
}

fn boards(root: &Board) -> BTreeMap<String, Things> {
    root.walk().into_iter().map(|(path, board)| (path, things(board))).lean_map()
}

fn things(board: &Board) -> Things {
    let mut root = facts(&board.root.attrs, "");
    root.insert("label".into(), board.root.label.clone());
    root.insert("shape".into(), board.root.shape.map_or("", |s| s.keyword()).into());
    let mut found = vec![(String::new(), root)];
    found.extend(board.nodes.iter().map(|node| (node.id.clone(), node_facts(node))));
    found.extend(board.edges.entries().map(|(id, edge)| (board.edge_key(id), edge_facts(edge))));
    found
}

fn label_facts(label: &spandrel_graph::Label, facts: &mut Facts) {
    facts.insert("label".into(), label.text.clone());
    if let Some(block) = &label.block {
        facts.insert("language".into(), block.language().to_owned());
    }
}

fn node_facts(node: &Node) -> Facts {
    let mut facts = facts(&node.attrs, "");
    label_facts(&node.label, &mut facts);
    facts.insert("shape".into(), node.shape.keyword().into());
    let members = [
        ("columns", format!("{:?}", node.columns)),
        ("fields", format!("{:?}", node.fields)),
        ("methods", format!("{:?}", node.methods)),
    ];
    facts.extend(members.into_iter().filter(|(_, m)| m != "[]").map(|(name, m)| (name.to_owned(), m)));
    facts
}

fn edge_facts(edge: &Edge) -> Facts {
    let mut found = facts(&edge.attrs, "");
    label_facts(&edge.label, &mut found);
    for (prefix, head) in
        [("source-arrowhead.", &edge.src_arrowhead), ("target-arrowhead.", &edge.dst_arrowhead)]
    {
        let Some(head) = head else { continue };
        found.extend(facts(&head.attrs, prefix));
        if !head.label.is_empty() {
            found.insert(format!("{prefix}label"), head.label.clone());
        }
        if let Some(shape) = head.shape {
            found.insert(format!("{prefix}shape"), shape.keyword().to_owned());
        }
    }
    let columns = [("src_column", edge.src_column), ("dst_column", edge.dst_column)];
    found.extend(columns.into_iter().filter_map(|(name, at)| Some((name.to_owned(), at?.to_string()))));
    found
}

fn facts(attrs: &spandrel_graph::Attrs, prefix: &str) -> Facts {
    let text = |value: &spandrel_graph::Value| match value {
        spandrel_graph::Value::Text(text) => text.clone(),
        spandrel_graph::Value::List(items) => items.join("; "),
    };
    attrs.iter().map(|(key, value)| (format!("{prefix}{key}"), text(value))).lean_map()
}

/// The names of facts that differ.
fn differing(was: &Facts, is: &Facts) -> Vec<String> {
    let names: BTreeSet<&String> = was.keys().chain(is.keys()).lean_set();
    names.into_iter().filter(|name| was.get(*name) != is.get(*name)).cloned().collect()
}

fn compare(board: &str, old: &Things, new: &Things, result: &mut Diff) {
    let change = |key: &str, attributes| Change { board: board.to_owned(), key: key.to_owned(), attributes };
    let by_key = |things: &Things| things.iter().cloned().lean_map();
    let (old_map, new_map) = (by_key(old), by_key(new));
    for (key, was) in old {
        let Some(is) = new_map.get(key) else {
            result.removed.push(change(key, Vec::new()));
            continue;
        };
        let attributes = differing(was, is);
        if !attributes.is_empty() {
            result.changed.push(change(key, attributes));
        }
    }
    for (key, _) in new.iter().filter(|(key, _)| !old_map.contains_key(key)) {
        result.added.push(change(key, Vec::new()));
    }
}

/// Operations that lead from one board to another, with what each needs.
#[derive(Default)]
struct Steps {
    ops: Vec<Op>,
    needs: Vec<Vec<usize>>,
    /// Which operation makes a thing, by its key.
    makers: BTreeMap<String, usize>,
}

impl Steps {
    fn push(&mut self, op: Op, needs: &[&str]) -> usize {
        let mut before: Vec<usize> = needs.iter().filter_map(|key| self.makers.get(*key).copied()).collect();
        before.lean_sort();
        before.dedup();
        self.ops.push(op);
        self.needs.push(before);
        self.ops.len() - 1
    }

    fn board(&mut self, old: &Board, new: &Board, result: &mut Diff) {
        let (mut was, is) = (things(old), things(new));
        self.moves(old, new, &mut was, result);
        self.deletions(&was, &is);
        self.creations(new, &was);
        let was: BTreeMap<String, Facts> = was.into_iter().lean_map();
        let nothing = Facts::new();
        for (key, is) in &is {
            self.changes(key, was.get(key).unwrap_or(&nothing), is, new);
        }
    }

    /// Objects that are gone here and came up there with the same name and content have moved.
    fn moves(&mut self, old: &Board, new: &Board, was: &mut Things, result: &mut Diff) {
        let gone: Vec<&Node> = old.nodes.iter().filter(|n| new.node_by_id(&n.id).is_none()).collect();
        let come: Vec<&Node> = new.nodes.iter().filter(|n| old.node_by_id(&n.id).is_none()).collect();
        let parent =
            |board: &Board, node: &Node| node.parent.map_or(String::new(), |p| board.nodes[p].id.clone());
        for node in gone {
            let fits = |other: &&&Node| {
                other.name == node.name && other.label == node.label && other.shape == node.shape
            };
            let mut candidates = come.iter().filter(fits);
            let (Some(target), None) = (candidates.next(), candidates.next()) else { continue };
            let container = parent(new, target);
            let exists = container.is_empty() || old.node_by_id(&container).is_some();
            let moved_along = result.moved.iter().any(|(from, _)| node.id.starts_with(&format!("{from}.")));
            if !exists || moved_along || container == parent(old, node) {
                continue;
            }
            let (from, to) = (node.id.clone(), target.id.clone());
            let op = Op::Move { key: from.clone(), new_key: to.clone(), include_descendants: true };
            let step = self.push(op, &[]);
            self.makers.insert(to.clone(), step);
            for (key, _) in was.iter_mut() {
                *key = renamed(key, &from, &to);
            }
            result.moved.push((from, to));
        }
    }

    fn deletions(&mut self, was: &Things, is: &Things) {
        let kept: BTreeSet<&str> = is.iter().map(|(key, _)| key.as_str()).lean_set();
        let gone: Vec<&str> =
            was.iter().map(|(key, _)| key.as_str()).filter(|key| !kept.contains(key)).collect();
        // Connections first, the highest index first, so that the others keep theirs.
        for key in gone.iter().rev().filter(|key| key.starts_with('(')) {
            self.push(Op::Delete { key: (*key).to_owned(), with_children: true }, &[]);
        }
        let mut deleted: Vec<&str> = Vec::new();
        for key in gone.iter().filter(|key| !key.starts_with('(') && !key.is_empty()) {
            if deleted.iter().any(|outer| key.starts_with(&format!("{outer}."))) {
                continue;
            }
            let inside = format!("{key}.");
            let some_stay =
                was.iter().any(|(other, _)| other.starts_with(&inside) && kept.contains(other.as_str()));
            self.push(Op::Delete { key: (*key).to_owned(), with_children: !some_stay }, &[]);
            if !some_stay {
                deleted.push(key);
            }
        }
    }

    fn creations(&mut self, new: &Board, was: &Things) {
        let known: BTreeSet<&str> = was.iter().map(|(key, _)| key.as_str()).lean_set();
        for node in new.nodes.iter().filter(|node| !known.contains(node.id.as_str())) {
            let parent = node.parent.map_or(String::new(), |p| new.nodes[p].id.clone());
            let step = self.push(Op::Create { key: node.id.clone() }, &[&parent]);
            self.makers.insert(node.id.clone(), step);
        }
        for (id, edge) in new.edges.entries() {
            let key = new.edge_key(id);
            if known.contains(key.as_str()) {
                continue;
            }
            let (src, dst) = (&new.nodes[edge.src].id, &new.nodes[edge.dst].id);
            let create = Op::Create { key: format!("{src} {} {dst}", edge.arrow()) };
            let step = self.push(create, &[src, dst]);
            self.makers.insert(key, step);
        }
    }

    /// Labels and attributes of one thing.
    fn changes(&mut self, key: &str, was: &Facts, is: &Facts, new: &Board) {
        let node = new.node_by_id(key).map(|id| &new.nodes[id]);
        let edge = new.edges.entries().find(|(id, _)| new.edge_key(*id) == key).map(|(_, edge)| edge);
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
                    spandrel_graph::Block::Markdown => "md".to_owned(),
                    spandrel_graph::Block::Latex => "tex".to_owned(),
                    spandrel_graph::Block::Code(language) => language.clone(),
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

#[cfg(test)]
mod tests {
    use super::*;

    fn ops(a: &str, b: &str) -> Diff {
        let difference = diff(a, b, Place::default());
        assert!(difference.complete, "{difference:?}");
        difference
    }

    #[test]
    fn what_is_new_is_created_with_its_attributes() {
        let difference = ops("# mine\na   -> b\n", "a -> b -> c: go\nc: C {style.fill: red}\n");
        let result = apply("# mine\na   -> b\n", &difference);
        assert!(result.starts_with("# mine\n"), "{result}");
        let root = crate::index::compile("index.d2", &result, &()).diagram.root;
        assert_eq!(root.edges.len(), 2);
    }

    #[test]
    fn an_object_in_another_container_has_moved() {
        let difference = ops("box\na: Label A\n", "box: {\n  a: Label A\n}\n");
        assert_eq!(difference.moved, [("a".to_owned(), "box.a".to_owned())]);
        assert_eq!(difference.ops.len(), 1);
    }

    #[test]
    fn a_connection_needs_its_ends() {
        let difference = ops("a\n", "a\nb -> a\n");
        assert_eq!(difference.needs, [vec![], vec![0]]);
    }

    #[test]
    fn what_no_edit_can_say_is_still_in_the_text() {
        let (a, b) = ("t: {shape: sql_table; id: int}\n", "t: {shape: sql_table; id: uuid; name: text}\n");
        let difference = diff(a, b, Place::default());
        assert!(!difference.complete);
        assert_eq!(apply(a, &difference), b);
    }
}
