//! A drawing in the making: parts in containers, and connections. Everything is kept in the order of its making.

use spandrel_catalog::{Component, ID_MAX, LABEL_MAX};

/// What will be drawn.
#[derive(Clone, Debug, Default)]
pub(crate) struct Plan {
    pub(crate) title: String,
    pub(crate) groups: Vec<Group>,
    pub(crate) nodes: Vec<Node>,
    pub(crate) edges: Vec<Edge>,
    pub(crate) assumptions: Vec<String>,
}

/// A container.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Group {
    pub(crate) key: String,
    pub(crate) label: String,
    pub(crate) parent: Option<usize>,
    /// The request names it: it is drawn however little is in it.
    pub(crate) asked: bool,
}

/// A part.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Node {
    pub(crate) key: String,
    pub(crate) label: String,
    pub(crate) component: &'static Component,
    pub(crate) group: Option<usize>,
    pub(crate) multiple: bool,
    /// A mention of the request stands for it: no other mention may take it over.
    pub(crate) claimed: bool,
    /// And that mention gave it a name of its own.
    pub(crate) named: bool,
    pub(crate) gone: bool,
    /// The part of which this is one more instance.
    pub(crate) twin: Option<usize>,
}

/// A connection.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Edge {
    pub(crate) from: End,
    pub(crate) to: End,
    pub(crate) label: String,
    pub(crate) both: bool,
    pub(crate) dashed: bool,
}

/// What an edge ends at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    Node(usize),
    Group(usize),
}

impl Plan {
    /// Adds a part with a free key made from `wanted`.
    pub(crate) fn add_node(
        &mut self,
        wanted: &str,
        label: &str,
        component: &'static Component,
        group: Option<usize>,
    ) -> usize {
        let key = self.free_key(wanted);
        let label: String = label.chars().take(LABEL_MAX).collect();
        self.nodes.push(Node {
            key,
            label,
            component,
            group,
            multiple: false,
            claimed: false,
            named: false,
            gone: false,
            twin: None,
        });
        self.nodes.len() - 1
    }

    /// The container with this key, made at the top where it is not there.
    pub(crate) fn group(&mut self, key: &str, label: &str) -> usize {
        if let Some(index) = self.groups.iter().position(|group| group.key == key) {
            return index;
        }
        self.groups.push(Group { key: key.to_owned(), label: label.to_owned(), parent: None, asked: false });
        self.groups.len() - 1
    }

    /// Connects two parts unless they are connected this way already.
    pub(crate) fn connect(&mut self, from: usize, to: usize, label: &str, dashed: bool) {
        let (a, b) = (End::Node(from), End::Node(to));
        let there =
            self.edges.iter().any(|e| (e.from == a && e.to == b) || (e.both && e.from == b && e.to == a));
        if from != to && !there {
            self.edges.push(Edge { from: a, to: b, label: label.to_owned(), both: false, dashed });
        }
    }

    /// Parts that are drawn.
    pub(crate) fn live(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.nodes.len()).filter(|&index| !self.nodes[index].gone)
    }

    /// The first part that is drawn and fits.
    pub(crate) fn first(&self, fits: impl Fn(&Node) -> bool) -> Option<usize> {
        self.live().find(|&index| fits(&self.nodes[index]))
    }

    /// Takes a part out. What led to it leads on to what it led to, where it stood in the way of requests
    /// (`bridge`), so that the flow is not cut.
    pub(crate) fn remove(&mut self, node: usize, bridge: bool) {
        let end = End::Node(node);
        let before: Vec<(usize, String)> =
            self.edges.iter().filter(|e| e.to == end && !e.dashed).filter_map(source).collect();
        let after: Vec<usize> =
            self.edges.iter().filter(|e| e.from == end && !e.dashed).filter_map(target).collect();
        self.edges.retain(|edge| edge.from != end && edge.to != end);
        self.nodes[node].gone = true;
        if bridge {
            for (from, label) in &before {
                for to in &after {
                    self.connect(*from, *to, label, false);
                }
            }
        }
    }

    /// Puts a part into every connection that leads to `target` from one of `sources` (from anywhere if empty).
    pub(crate) fn insert_before(&mut self, node: usize, target: usize, sources: &[usize]) {
        let mut moved = false;
        for edge in &mut self.edges {
            let from_source = |from| matches!(from, End::Node(index) if index != node && (sources.is_empty() || sources.contains(&index)));
            if edge.to == End::Node(target) && !edge.dashed && from_source(edge.from) {
                edge.to = End::Node(node);
                moved = true;
            }
        }
        if moved {
            self.dedup_edges();
        }
        self.connect(node, target, "", false);
    }

    /// Keeps the first of connections with the same ends.
    pub(crate) fn dedup_edges(&mut self) {
        let mut kept: Vec<Edge> = Vec::with_capacity(self.edges.len());
        for edge in self.edges.drain(..) {
            let twice = kept.iter().any(|k| k.from == edge.from && k.to == edge.to);
            if !twice && edge.from != edge.to {
                kept.push(edge);
            }
        }
        self.edges = kept;
    }

    /// Whether connections lead from one part to another, over others if need be.
    pub(crate) fn leads_to(&self, from: usize, to: usize) -> bool {
        let mut seen = vec![false; self.nodes.len()];
        let mut open = vec![from];
        while let Some(at) = open.pop() {
            if at == to {
                return true;
            }
            if !std::mem::replace(&mut seen[at], true) {
                open.extend(self.edges.iter().filter(|edge| edge.from == End::Node(at)).filter_map(target));
            }
        }
        false
    }

    /// Whether a connection touches a part.
    pub(crate) fn is_connected(&self, node: usize) -> bool {
        self.edges.iter().any(|edge| edge.from == End::Node(node) || edge.to == End::Node(node))
    }

    /// A key that no part or container has: `wanted` in snake_case, with a number where it is taken.
    fn free_key(&self, wanted: &str) -> String {
        let base = snake_case(wanted);
        let taken = |key: &str| {
            self.nodes.iter().any(|n| n.key == key) || self.groups.iter().any(|g| last(&g.key) == key)
        };
        if !taken(&base) {
            return base;
        }
        let mut number = 2;
        loop {
            let suffix = format!("_{number}");
            let stem: String = base.chars().take(ID_MAX - suffix.len()).collect();
            let key = format!("{stem}{suffix}");
            if !taken(&key) {
                return key;
            }
            number += 1;
        }
    }
}

/// The last part of a dotted key.
pub(crate) fn last(key: &str) -> &str {
    key.rsplit('.').next().unwrap_or(key)
}

fn source(edge: &Edge) -> Option<(usize, String)> {
    match edge.from {
        End::Node(index) => Some((index, edge.label.clone())),
        End::Group(_) => None,
    }
}

fn target(edge: &Edge) -> Option<usize> {
    match edge.to {
        End::Node(index) => Some(index),
        End::Group(_) => None,
    }
}

/// snake_case of at most [`ID_MAX`] ASCII characters that D2 reads as a plain key: no reserved word, never empty.
pub(crate) fn snake_case(text: &str) -> String {
    let mut key = String::new();
    for c in text.chars() {
        let plain = match c.to_lowercase().next().unwrap_or(c) {
            'à'..='å' => 'a',
            'ç' => 'c',
            'è'..='ë' => 'e',
            'ì'..='ï' => 'i',
            'ñ' => 'n',
            'ò'..='ö' | 'ø' => 'o',
            'ù'..='ü' => 'u',
            c if c.is_ascii_alphanumeric() => c,
            '\'' | '’' => continue,
            _ => '_',
        };
        if plain != '_' || !(key.is_empty() || key.ends_with('_')) {
            key.push(plain);
        }
        if key.len() >= ID_MAX {
            break;
        }
    }
    let key = key.trim_end_matches('_');
    if key.is_empty() {
        return "part".to_owned();
    }
    if KEYWORDS.contains(&key) || TAKEN.contains(&key) || key.starts_with(|c: char| c.is_ascii_digit()) {
        let stem: String = key.chars().take(ID_MAX - 5).collect();
        return format!("part_{stem}");
    }
    key.to_owned()
}

/// Keys that D2 gives a meaning of their own.
pub(crate) const KEYWORDS: &[&str] = &[
    "label",
    "shape",
    "icon",
    "width",
    "height",
    "link",
    "tooltip",
    "near",
    "style",
    "class",
    "classes",
    "vars",
    "layers",
    "scenarios",
    "steps",
    "direction",
    "top",
    "left",
    "constraint",
];

/// Words that are no good names either.
const TAKEN: &[&str] = &["source", "target", "desc", "null", "true", "false", "suspend", "unsuspend"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_plain_and_short() {
        assert_eq!(snake_case("Payments DB (EU)"), "payments_db_eu");
        assert_eq!(snake_case("Über Café's"), "uber_cafes");
        assert_eq!(snake_case("label"), "part_label");
        assert_eq!(snake_case("2nd Region"), "part_2nd_region");
        assert_eq!(snake_case("数据"), "part");
        assert!(snake_case(&"long name ".repeat(9)).len() <= ID_MAX);
    }
}
