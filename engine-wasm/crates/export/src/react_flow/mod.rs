//! React Flow: nodes and edges that `<ReactFlow>` of `@xyflow/react` 12 takes as they are.
//!
//! Parents stand before their children, positions are relative to the parent, sizes and handles are
//! filled in, and edges carry their bends in absolute coordinates, so that the page measures nothing.
//! [`patch`] tells two such values apart, so that a page keeps the objects that did not change.

mod edge;
mod node;
mod patch;
mod wire;

use spandrel_base::{IdVec, Point};
use spandrel_graph::{Board, EdgeId, NodeId};
use spandrel_layout::{Drawing, Measured, Side};

pub use patch::{Changes, Patch, patch};
pub use wire::{
    Area, Arrowheads, Edge, EdgeData, EndLabel, Extent, Flow, Handle, HandleType, Lifeline, Marker, Node,
    NodeData, NodeStyle, Section, Size, Spot, TableRow, TextRun,
};

/// How to convert.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Keep children inside their parent while they are dragged (`extent: "parent"`).
    pub extent: bool,
}

/// The drawing of `board` as React Flow takes it.
pub fn convert(board: &Board, measured: &Measured, drawing: &Drawing, options: &Options) -> Flow {
    let ends = Ends::of(board, drawing);
    let nodes = board
        .nodes
        .ids()
        .filter(|id| drawing.nodes.get(*id).is_some())
        .map(|id| node::convert(board, measured, drawing, &ends, id, *options))
        .collect();
    let edges = board
        .edges
        .ids()
        .filter(|id| drawing.edges.get(*id).is_some())
        .map(|id| edge::convert(board, measured, drawing, &ends, id))
        .collect();
    Flow { nodes, edges, bounds: drawing.bounds.into() }
}

/// Where edges attach to nodes, and how many do.
struct Ends {
    /// Edges that leave and that arrive, by node.
    by_node: IdVec<NodeId, (Vec<EdgeId>, Vec<EdgeId>)>,
    keys: IdVec<EdgeId, String>,
    /// How many containers a node lies in.
    depths: IdVec<NodeId, usize>,
}

impl Ends {
    fn of(board: &Board, drawing: &Drawing) -> Self {
        let mut by_node: IdVec<NodeId, (Vec<EdgeId>, Vec<EdgeId>)> =
            IdVec::from_fn(board.nodes.len(), |_| (Vec::new(), Vec::new()));
        for (id, edge) in board.edges.entries() {
            if drawing.edges.get(id).is_some() {
                by_node[edge.src].0.push(id);
                by_node[edge.dst].1.push(id);
            }
        }
        let mut depths: IdVec<NodeId, usize> = IdVec::new();
        for node in &board.nodes {
            let depth = node.parent.and_then(|parent| depths.get(parent)).map_or(0, |depth| depth + 1);
            depths.push(depth);
        }
        let keys = board.edges.ids().map(|id| board.edge_key(id)).collect();
        Self { by_node, keys, depths }
    }

    /// The id of the handle at one end of an edge.
    fn handle(&self, edge: EdgeId, kind: HandleType) -> String {
        format!("{} {}", self.keys[edge], kind.word())
    }
}

/// React Flow's word for a side.
fn side(side: Side) -> &'static str {
    match side {
        Side::North => "top",
        Side::East => "right",
        Side::South => "bottom",
        Side::West => "left",
    }
}

/// A coordinate as it is written: thousandths are below anything that a screen shows, and fewer digits
/// cross the boundary faster.
fn short(value: f64) -> f64 {
    let rounded = (value * 1000.0).round() / 1000.0;
    if rounded.is_finite() && rounded != 0.0 { rounded } else { 0.0 }
}

impl From<Point> for Spot {
    fn from(point: Point) -> Self {
        Self { x: short(point.x), y: short(point.y) }
    }
}

impl From<spandrel_base::Rect> for Area {
    fn from(rect: spandrel_base::Rect) -> Self {
        Self { x: short(rect.x), y: short(rect.y), width: short(rect.width), height: short(rect.height) }
    }
}

#[cfg(test)]
mod tests;
