//! Sequence diagrams: a message belongs to the group in whose braces it is written, and the order of messages
//! is their order in time. So actors come first, then messages one by one, groups opened and closed around
//! them.

use std::collections::BTreeSet;

use spandrel_graph::{Board, Edge, NodeId};

use super::{connection, node, open};

/// Prints what stands in a sequence diagram (`None`: the board is one) and marks its messages as printed.
pub(super) fn inside(
    board: &Board,
    diagram: Option<NodeId>,
    depth: usize,
    printed: &mut [bool],
    out: &mut String,
) {
    let ends: BTreeSet<NodeId> = board.edges.iter().flat_map(|edge| [edge.src, edge.dst]).collect();
    let children = |of: Option<NodeId>| -> Vec<NodeId> {
        of.map_or_else(|| board.top_level().collect(), |id| board.nodes[id].children.clone())
    };
    let mut messages: Vec<_> = board
        .edges
        .entries()
        .filter(|(_, edge)| {
            diagram.is_none_or(|d| board.is_inside(edge.src, d) && board.is_inside(edge.dst, d))
        })
        .collect();
    // As they stand in the source; without a source, as they are listed.
    messages.sort_by_key(|(_, edge)| {
        edge.origins.first().map(|at| (at.path.clone(), at.whole.start, at.key.start))
    });
    // Which groups hold each message, the outermost first.
    let chains: Vec<Vec<NodeId>> = messages
        .iter()
        .map(|(_, edge)| {
            let mut chain = Vec::new();
            let mut at = diagram;
            while let Some(group) =
                children(at).into_iter().find(|id| !ends.contains(id) && holds(board, *id, edge))
            {
                chain.push(group);
                at = Some(group);
            }
            chain
        })
        .collect();
    let groups: BTreeSet<NodeId> = chains.iter().flatten().copied().collect();
    for id in children(diagram).into_iter().filter(|id| !groups.contains(id)) {
        node(board, id, depth, printed, out);
    }
    let mut opened: BTreeSet<NodeId> = BTreeSet::new();
    let mut around: Vec<NodeId> = Vec::new();
    for ((id, edge), chain) in messages.into_iter().zip(chains) {
        let shared = around.iter().zip(&chain).take_while(|(a, b)| a == b).count();
        for _ in shared..around.len() {
            out.push_str("}\n");
        }
        for &group in &chain[shared..] {
            if opened.insert(group) {
                open(board, group, depth, out);
                for child in children(Some(group)).into_iter().filter(|child| !groups.contains(child)) {
                    node(board, child, depth, printed, out);
                }
            } else {
                out.push_str(&super::name(&board.nodes[group].name));
                out.push_str(": {\n");
            }
        }
        around = chain;
        printed[usize::from(id)] = true;
        connection(board, edge, None, diagram, depth, out);
    }
    for _ in around {
        out.push_str("}\n");
    }
}

/// Whether a message is written in the braces of an object.
fn holds(board: &Board, id: NodeId, edge: &Edge) -> bool {
    let Some(message) = edge.origins.first() else { return false };
    board.nodes[id].origins.iter().any(|origin| {
        origin.path == message.path
            && origin.whole.start <= message.whole.start
            && message.whole.end < origin.whole.end
    })
}
