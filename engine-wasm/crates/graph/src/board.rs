use std::collections::BTreeMap;

use spandrel_base::IdVec;

use crate::{Attrs, Edge, EdgeId, Node, NodeId, Shape, Style};

/// What one source means.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Diagram {
    /// The root board.
    pub root: Board,
    /// What `vars.d2-config` sets, where the source has it.
    pub config: Option<BTreeMap<String, ConfigValue>>,
}

/// A value of `vars.d2-config`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConfigValue {
    /// As text.
    Text(String),
    /// `data.KEY` may be a list.
    List(Vec<String>),
}

/// One drawing: the root, a layer, a scenario or a step.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Board {
    /// Its key, `""` for the root.
    pub name: String,
    /// What it is.
    pub kind: BoardKind,
    /// What the source sets on the board itself.
    pub root: Root,
    /// Objects, parents before children.
    pub nodes: IdVec<NodeId, Node>,
    /// Connections.
    pub edges: IdVec<EdgeId, Edge>,
    /// Boards that start empty, in order.
    pub layers: Vec<Board>,
    /// Boards that start from this one, in order.
    pub scenarios: Vec<Board>,
    /// Boards that start from the step before, in order.
    pub steps: Vec<Board>,
    /// The legend, where there is one.
    pub legend: Option<Legend>,
}

/// Kinds of boards.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BoardKind {
    /// The source itself.
    #[default]
    Root,
    /// Starts empty.
    Layer,
    /// Starts from its parent.
    Scenario,
    /// Starts from the step before it.
    Step,
}

impl BoardKind {
    /// The word of the canonical form.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Root => "root",
            Self::Layer => "layer",
            Self::Scenario => "scenario",
            Self::Step => "step",
        }
    }
}

/// What a source sets on a board itself.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Root {
    /// `label: …` at the top, `""` where unset.
    pub label: String,
    /// `shape: …` at the top.
    pub shape: Option<Shape>,
    /// Other attributes, as spelled.
    pub attrs: Attrs,
    /// The `style.…` part of `attrs`, typed.
    pub style: Style,
}

/// What explains the signs of a board.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Legend {
    /// Its title.
    pub label: String,
    /// Sample objects.
    pub nodes: IdVec<NodeId, Node>,
    /// Sample connections.
    pub edges: IdVec<EdgeId, Edge>,
}

impl Board {
    /// The node with this absolute id.
    pub fn node_by_id(&self, id: &str) -> Option<NodeId> {
        self.nodes.entries().find(|(_, node)| node.id == id).map(|(node_id, _)| node_id)
    }

    /// The absolute id of an edge as D2 writes it, without a common container in front: `(a.x -> b)[0]`.
    /// Stable while its ends, arrows and index stay.
    pub fn edge_key(&self, id: EdgeId) -> String {
        let edge = &self.edges[id];
        format!("({} {} {})[{}]", self.nodes[edge.src].id, edge.arrow(), self.nodes[edge.dst].id, edge.index)
    }

    /// The containers of a node, innermost first, without the node itself.
    pub fn ancestors(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        std::iter::successors(self.nodes[id].parent, |&parent| self.nodes[parent].parent)
    }

    /// Whether `inner` is `outer` or lies anywhere inside it.
    pub fn is_inside(&self, inner: NodeId, outer: NodeId) -> bool {
        inner == outer || self.ancestors(inner).any(|ancestor| ancestor == outer)
    }

    /// The lowest container that holds both ends, `None` for the board.
    pub fn common_ancestor(&self, a: NodeId, b: NodeId) -> Option<NodeId> {
        self.ancestors(a).find(|&ancestor| self.is_inside(b, ancestor))
    }

    /// Nodes at the top of the board, in order.
    pub fn top_level(&self) -> impl Iterator<Item = NodeId> + '_ {
        self.nodes.entries().filter(|(_, node)| node.parent.is_none()).map(|(id, _)| id)
    }

    /// This board and all boards below it, depth first, each with its path (`layers.x.steps.1`; `""` here).
    pub fn walk(&self) -> Vec<(String, &Board)> {
        let mut found = Vec::new();
        let mut open = vec![(String::new(), self)];
        while let Some((path, board)) = open.pop() {
            let groups =
                [("layers", &board.layers), ("scenarios", &board.scenarios), ("steps", &board.steps)];
            let below = groups.into_iter().flat_map(|(group, boards)| boards.iter().map(move |b| (group, b)));
            let mut next: Vec<_> = below
                .map(|(group, child)| {
                    let dot = if path.is_empty() { "" } else { "." };
                    (format!("{path}{dot}{group}.{}", child.name), child)
                })
                .collect();
            next.reverse();
            open.append(&mut next);
            found.push((path, board));
        }
        found
    }

    /// The board at `path` (`""` for this one).
    pub fn board(&self, path: &str) -> Option<&Board> {
        self.walk().into_iter().find(|(found, _)| found == path).map(|(_, board)| board)
    }
}
