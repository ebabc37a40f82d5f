//! From ids to places in the text and back.

use spandrel_base::{Budget, Span};
use spandrel_graph::{Board, Origin};

use crate::Document;

impl Document {
    /// Where an object or an edge of the drawn board stands in the main source: its whole declaration.
    /// `id` is a node id or an edge key.
    pub fn range_of(&mut self, id: &str, budget: &Budget<'_>) -> Option<Span> {
        let path = self.config().board.clone();
        let diagram = self.diagram(budget);
        let board = diagram.root.board(&path)?;
        let origins = if let Some(node) = board.node_by_id(id) {
            &board.nodes[node].origins
        } else {
            let edge = board.edges.ids().find(|&edge| board.edge_key(edge) == id)?;
            &board.edges[edge].origins
        };
        origins.iter().find(|origin| origin.path.is_none()).map(|origin| origin.whole)
    }

    /// What the caret at `offset` is on: the id of the object or the key of the edge whose mention is the
    /// narrowest there; a key wins over a declaration around it.
    pub fn id_at(&mut self, offset: usize, budget: &Budget<'_>) -> Option<String> {
        let path = self.config().board.clone();
        let diagram = self.diagram(budget);
        let board = diagram.root.board(&path)?;
        narrowest(board, offset, |origin| origin.key)
            .or_else(|| narrowest(board, offset, |origin| origin.whole))
    }
}

fn narrowest(board: &Board, offset: usize, part: fn(&Origin) -> Span) -> Option<String> {
    let here = |origins: &[Origin]| {
        origins
            .iter()
            .filter(|origin| origin.path.is_none())
            .map(part)
            .filter(|span| span.touches(offset))
            .map(Span::len)
            .min()
    };
    let nodes = board.nodes.iter().filter_map(|node| here(&node.origins).map(|len| (len, node.id.clone())));
    let edges = board
        .edges
        .entries()
        .filter_map(|(id, edge)| here(&edge.origins).map(|len| (len, board.edge_key(id))));
    nodes.chain(edges).min_by_key(|(len, _)| *len).map(|(_, id)| id)
}
