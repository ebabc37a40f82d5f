//! Architecture patterns as data: `data/patterns/*.toml` describes the notation.

use crate::data::items;
use spandrel_catalog::{Component, find};

/// A known architecture.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Pattern {
    pub(crate) id: String,
    /// Title Case, for the message and the comment at the top.
    pub(crate) title: String,
    /// Key of the group to which services of the request go; `""`: decided by layer.
    pub(crate) services: String,
    /// Its services are samples: those that a request names take their place.
    pub(crate) samples: bool,
    /// The whole of it stands in one place, and a place that a request draws is that place.
    pub(crate) place: bool,
    /// How much its words say: below 1 where they are common.
    pub(crate) weight: f64,
    /// Phrases that call it, each as normalised words.
    pub(crate) words: Vec<Vec<String>>,
    /// (key with dots, label), parents first.
    pub(crate) groups: Vec<(String, String)>,
    pub(crate) nodes: Vec<PatternNode>,
    pub(crate) edges: Vec<PatternEdge>,
    pub(crate) story: Vec<String>,
    /// (node key, reason).
    pub(crate) why: Vec<(String, String)>,
}

/// A part of a pattern.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PatternNode {
    /// Key of its group with dots, `""` at the top.
    pub(crate) group: String,
    pub(crate) key: String,
    pub(crate) component: &'static Component,
    pub(crate) label: String,
    pub(crate) multiple: bool,
}

/// A connection of a pattern.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PatternEdge {
    /// A node's key, or a group's key in braces.
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) label: String,
    pub(crate) both: bool,
    pub(crate) dashed: bool,
}

impl Pattern {
    /// Reads a record of the packed file: id, title, services, weight, flags, words, groups, nodes, edges, story, why.
    pub(crate) fn read(fields: &[&str]) -> Option<Self> {
        let [id, title, services, weight, flags, words, groups, nodes, edges, story, why] = fields else {
            return None;
        };
        let pair = |item: String| {
            item.split_once(": ").map(|(key, value)| (key.trim().to_owned(), value.trim().to_owned()))
        };
        Some(Self {
            id: (*id).to_owned(),
            title: (*title).to_owned(),
            services: (*services).to_owned(),
            samples: items(flags).iter().any(|flag| flag == "samples"),
            place: items(flags).iter().any(|flag| flag == "place"),
            weight: weight.parse().ok()?,
            words: items(words).iter().map(|phrase| spandrel_catalog::tokens(phrase)).collect(),
            groups: items(groups).into_iter().map(pair).collect::<Option<_>>()?,
            nodes: items(nodes).iter().map(|node| PatternNode::read(node)).collect::<Option<_>>()?,
            edges: items(edges).iter().map(|edge| PatternEdge::read(edge)).collect::<Option<_>>()?,
            story: items(story),
            why: items(why).into_iter().map(pair).collect::<Option<_>>()?,
        })
    }
}

impl PatternNode {
    /// `[group/]key[=component][*][: Label]`
    fn read(text: &str) -> Option<Self> {
        let (name, label) = text.split_once(": ").map_or((text, None), |(name, label)| (name, Some(label)));
        let (group, name) = name.split_once('/').unwrap_or(("", name));
        let (name, multiple) = name.strip_suffix('*').map_or((name, false), |name| (name, true));
        let (key, component) = name.split_once('=').unwrap_or((name, name));
        let component = find(component.trim())?;
        Some(Self {
            group: group.trim().to_owned(),
            key: key.trim().to_owned(),
            component,
            label: label.unwrap_or(component.name).trim().to_owned(),
            multiple,
        })
    }
}

impl PatternEdge {
    /// `from -> to[: Label]`, with `<->` or `-->` for the arrow.
    fn read(text: &str) -> Option<Self> {
        let (ends, label) = text.split_once(": ").unwrap_or((text, ""));
        let arrows = [(" <-> ", true, false), (" --> ", false, true), (" -> ", false, false)];
        let (arrow, both, dashed) = arrows.into_iter().find(|(arrow, ..)| ends.contains(arrow))?;
        let (from, to) = ends.split_once(arrow)?;
        Some(Self {
            from: from.trim().to_owned(),
            to: to.trim().to_owned(),
            label: label.trim().to_owned(),
            both,
            dashed,
        })
    }
}

#[cfg(all(test, feature = "embedded-data"))]
mod tests {
    use crate::Data;

    #[test]
    fn every_pattern_is_whole() {
        for pattern in Data::embedded().patterns {
            let id = &pattern.id;
            assert!(!pattern.words.is_empty() && !pattern.story.is_empty(), "{id}");
            let known = |key: &String| pattern.groups.iter().any(|(group, _)| group == key);
            for (key, _) in &pattern.groups {
                let parent = key.rsplit_once('.').map(|(parent, _)| parent.to_owned());
                assert!(parent.is_none_or(|parent| known(&parent)), "{id}: group {key}");
                assert!(pattern.nodes.iter().any(|n| n.group.starts_with(key)), "{id}: {key} is empty");
            }
            assert!(pattern.services.is_empty() || known(&pattern.services), "{id}: services");
            for (index, node) in pattern.nodes.iter().enumerate() {
                assert!(node.group.is_empty() || known(&node.group), "{id}: {}", node.key);
                assert!(node.key.len() <= spandrel_catalog::ID_MAX, "{id}: {}", node.key);
                let twice = pattern.nodes[..index].iter().any(|other| other.key == node.key);
                assert!(!twice, "{id}: {} is there twice", node.key);
                let touched = pattern.edges.iter().any(|e| e.from == node.key || e.to == node.key);
                assert!(touched, "{id}: {} is connected to nothing", node.key);
            }
            let is_end = |end: &str| {
                let group = end.strip_prefix('{').and_then(|end| end.strip_suffix('}'));
                group.map_or_else(|| pattern.nodes.iter().any(|n| n.key == end), |g| known(&g.to_owned()))
            };
            for edge in &pattern.edges {
                assert!(is_end(&edge.from) && is_end(&edge.to), "{id}: {} -> {}", edge.from, edge.to);
            }
            for (key, _) in &pattern.why {
                assert!(pattern.nodes.iter().any(|n| n.key == *key), "{id}: why of {key}");
            }
            assert!((6..=25).contains(&pattern.nodes.len()), "{id}: {} nodes", pattern.nodes.len());
        }
    }
}
