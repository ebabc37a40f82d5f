//! What is said of each thing of a board, by name: what two boards are compared by.

use std::collections::{BTreeMap, BTreeSet};

use spandrel_base::LeanCollect;
use spandrel_graph::{Board, Edge, Legend, Node};
use spandrel_syntax::keywords;

use crate::boards::group;
use crate::printer::end_key;

/// One thing of a board: what is said of it, by name.
pub(super) type Facts = BTreeMap<String, String>;

/// All things of a board by key, in order of appearance.
pub(super) type Things = Vec<(String, Facts)>;

pub(super) fn boards(root: &Board) -> BTreeMap<String, Things> {
    root.walk().into_iter().map(|(path, board)| (path, things(board))).collect()
}

pub(super) fn things(board: &Board) -> Things {
    let mut root = facts(&board.root.attrs, "");
    root.insert("label".into(), board.root.label.clone());
    root.insert("shape".into(), board.root.shape.map_or("", |s| s.keyword()).into());
    root.extend(board.legend.iter().map(|legend| ("legend".to_owned(), legend_fact(legend))));
    for kind in keywords::BOARDS {
        let names: Vec<&str> = group(board, kind).iter().map(|inner| inner.name.as_str()).collect();
        if !names.is_empty() {
            root.insert((*kind).to_owned(), names.join("; "));
        }
    }
    let mut found = vec![(String::new(), root)];
    found.extend(board.nodes.iter().map(|node| (node.id.clone(), node_facts(node))));
    found.extend(board.edges.entries().map(|(id, edge)| (board.edge_key(id), edge_facts(board, edge))));
    found
}

/// What explains the signs of a board, in one text.
fn legend_fact(legend: &Legend) -> String {
    // Seen as a board, so that its samples are compared as objects and connections are.
    let board = Board { nodes: legend.nodes.clone(), edges: legend.edges.clone(), ..Board::default() };
    format!("{} {:?}", legend.label, things(&board))
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

fn edge_facts(board: &Board, edge: &Edge) -> Facts {
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
    // Rows by name: another row in front of one changes nothing of the connection.
    let ends = [("src_column", edge.src, edge.src_column), ("dst_column", edge.dst, edge.dst_column)];
    for (name, node, at) in ends.into_iter().filter(|(.., at)| at.is_some()) {
        found.insert(name.to_owned(), end_key(board, node, at));
    }
    found
}

fn facts(attrs: &spandrel_graph::Attrs, prefix: &str) -> Facts {
    let text = |value: &spandrel_graph::Value| match value {
        spandrel_graph::Value::Text(text) => text.clone(),
        spandrel_graph::Value::List(items) if items.len() == 1 => items[0].clone(),
        spandrel_graph::Value::List(items) => format!("[{}]", items.join("; ")),
    };
    attrs.iter().map(|(key, value)| (format!("{prefix}{key}"), text(value))).collect()
}

/// The names of facts that differ.
pub(super) fn differing(was: &Facts, is: &Facts) -> Vec<String> {
    let names: BTreeSet<&String> = was.keys().chain(is.keys()).lean_set();
    names.into_iter().filter(|name| was.get(*name) != is.get(*name)).cloned().collect()
}
