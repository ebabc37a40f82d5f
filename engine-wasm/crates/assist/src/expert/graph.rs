//! What the expert reads off a diagram: parts, what they are, who reaches whom.

use spandrel_catalog::{Inferred, Kind, infer, infer_container};
use spandrel_graph::{Board, NodeId};

use crate::generate::tokens::{Token, tokenize};
use crate::update::target;
use crate::words::english::ASKING;

/// The part that the question names: the longest phrase of it that means one.
pub(super) fn named_part(board: &Board, query: &str) -> Option<NodeId> {
    named_parts(board, query)
        .into_iter()
        .max_by_key(|(_, length, at)| (*length, usize::MAX - at))
        .map(|(id, ..)| id)
}

/// [`named_part`] with the number of its last word in the question.
pub(super) fn named_at(board: &Board, query: &str) -> Option<(NodeId, usize)> {
    let found =
        named_parts(board, query).into_iter().max_by_key(|(_, length, at)| (*length, usize::MAX - at));
    found.map(|(id, length, at)| (id, at + length - 1))
}

/// All parts that the question names, in its order.
pub(super) fn all_named(board: &Board, query: &str) -> Vec<NodeId> {
    let mut found = named_parts(board, query);
    found.dedup_by_key(|(id, ..)| *id);
    found.into_iter().map(|(id, ..)| id).collect()
}

/// Phrases that mean a part, longest first at each place: part, number of words, place.
fn named_parts(board: &Board, query: &str) -> Vec<(NodeId, usize, usize)> {
    let tokens: Vec<_> = tokenize(query).into_iter().filter(Token::is_word).collect();
    let asks = |token: &Token| token.is(ASKING);
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let longest = (1..=4.min(tokens.len() - at)).rev().find_map(|length| {
            let window = &tokens[at..at + length];
            if window.iter().any(asks) {
                return None;
            }
            target::find(board, window).map(|id| (id, length))
        });
        match longest {
            Some((id, length)) => {
                found.push((id, length, at));
                at += length;
            }
            None => at += 1,
        }
    }
    found
}

pub(super) fn kind_of(board: &Board, id: NodeId) -> Inferred {
    let node = &board.nodes[id];
    let (classes, icon) = (node.attrs.list("class"), node.attrs.text("icon"));
    if node.is_container() {
        infer_container(classes, icon)
    } else {
        infer(node.shape.keyword(), classes, &node.label.text, icon)
    }
}

pub(super) fn leaves(board: &Board) -> Vec<NodeId> {
    board.nodes.ids().filter(|&id| !board.nodes[id].is_container()).collect()
}

pub(super) fn names(board: &Board, ids: &[NodeId]) -> String {
    let labels: Vec<String> = ids.iter().map(|&id| target::label(board, id)).collect();
    // Two of one name are told apart by what they stand in.
    let told_apart = |(at, &id): (usize, &NodeId)| {
        let label = &labels[at];
        let twice = labels.iter().filter(|other| *other == label).count() > 1;
        let around = board.nodes[id].parent.filter(|_| twice);
        around.map_or(label.clone(), |around| format!("{label} ({})", target::label(board, around)))
    };
    let all: Vec<String> = ids.iter().enumerate().take(8).map(told_apart).collect();
    let more = if ids.len() > 8 { format!(" and {} more", ids.len() - 8) } else { String::new() };
    format!("{}{more}", all.join(", "))
}

/// Where connections lead from a part; one to a container leads to all in it, for that is how people draw.
pub(super) fn reached(board: &Board, from: &[NodeId], without: Option<NodeId>) -> Vec<bool> {
    let mut seen = vec![false; board.nodes.len()];
    let mut open: Vec<NodeId> = from.iter().copied().filter(|id| Some(*id) != without).collect();
    while let Some(at) = open.pop() {
        if std::mem::replace(&mut seen[usize::from(at)], true) {
            continue;
        }
        open.extend(board.nodes[at].children.iter().copied().filter(|id| Some(*id) != without));
        for edge in &board.edges {
            let next = [
                (edge.src, edge.dst, edge.dst_arrow || !edge.src_arrow),
                (edge.dst, edge.src, edge.src_arrow),
            ];
            open.extend(
                next.into_iter()
                    .filter(|(a, b, leads)| *a == at && *leads && Some(*b) != without)
                    .map(|(_, b, _)| b),
            );
        }
    }
    seen
}

/// Who asks: people and clients, else what nothing leads to.
pub(super) fn entries(board: &Board) -> Vec<NodeId> {
    let asks = |id: &NodeId| matches!(kind_of(board, *id).kind.kind, Kind::Person | Kind::Client);
    let people: Vec<NodeId> = leaves(board).into_iter().filter(asks).collect();
    if !people.is_empty() {
        return people;
    }
    leaves(board)
        .into_iter()
        .filter(|&id| {
            !board.edges.iter().any(|edge| edge.dst == id) && board.edges.iter().any(|edge| edge.src == id)
        })
        .collect()
}
