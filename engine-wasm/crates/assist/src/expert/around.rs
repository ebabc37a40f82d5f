//! What is around a part: who reaches it, what it reaches, what it gets, what stays when the line to the outside is lost,
//! and how old what it shows may be.

use spandrel_catalog::{Kind, tokens};
use spandrel_graph::{Board, Edge, NodeId};

use super::facts::Question;
use super::graph::{kind_of, leaves, named_at, names, reached};
use crate::update::target;

/// "who can reach the order database?", "which systems can the partner get at?"
pub(super) fn reach(board: &Board, question: &Question<'_>) -> Option<String> {
    const VERBS: &[&str] = &["reach", "access", "get", "see", "touch", "read", "talk", "connect"];
    let (part, at) =
        named_at(board, question.english).or_else(|| Some((question.part(board)?, usize::MAX)))?;
    let name = target::label(board, part);
    let words = tokens(question.english);
    let acts = words.iter().skip(at.saturating_add(1)).any(|word| VERBS.contains(&word.as_str()));
    let ends: Vec<NodeId> = leaves(board).into_iter().filter(|&id| id != part).collect();
    if acts {
        let seen = reached(board, &[part], None);
        let found: Vec<NodeId> =
            ends.into_iter().filter(|&id| seen[usize::from(id)] && !board.is_inside(id, part)).collect();
        return Some(if found.is_empty() {
            let from = reaching(board, part, true);
            let by = if from.is_empty() {
                String::new()
            } else {
                format!("; it is reached by {}", names(board, &from))
            };
            format!(
                "As drawn, nothing: no connection leads on from {name}{by}. What it can ask back over that way, a drawing does not show."
            )
        } else {
            format!("As drawn, from {name} one reaches: {}.", names(board, &found))
        });
    }
    let direct = reaching(board, part, true);
    let all = reaching(board, part, false);
    let indirect: Vec<NodeId> = all.into_iter().filter(|id| !direct.contains(id)).collect();
    if direct.is_empty() && indirect.is_empty() {
        return Some(format!("As drawn, nothing is connected to {name}."));
    }
    let mut text = format!("As drawn, {name} is reached directly by {}", names(board, &direct));
    if indirect.is_empty() {
        text.push('.');
    } else {
        text.push_str(&format!(", and through others by {}.", names(board, &indirect)));
    }
    text.push_str(" Who has rights on the machine or the network besides, a drawing does not show.");
    Some(text)
}

/// Parts from which connections lead to a part: with one step, or by any way.
fn reaching(board: &Board, part: NodeId, one_step: bool) -> Vec<NodeId> {
    let leads = |edge: &Edge, from: NodeId| {
        let there = |id: NodeId| id == part || board.is_inside(part, id) || board.is_inside(id, part);
        (edge.src == from && there(edge.dst) && (edge.dst_arrow || !edge.src_arrow))
            || (edge.dst == from && there(edge.src) && (edge.src_arrow || !edge.dst_arrow))
    };
    let others = board
        .nodes
        .ids()
        .filter(|&id| id != part && !board.is_inside(id, part) && !board.is_inside(part, id));
    others
        .filter(|&id| {
            if one_step {
                board.edges.iter().any(|edge| leads(edge, id))
            } else {
                !board.nodes[id].is_container() && reached(board, &[id], None)[usize::from(part)]
            }
        })
        .collect()
}

/// "what goes to the LLM provider?"
pub(super) fn gets(board: &Board, question: &Question<'_>) -> Option<String> {
    let part = question.part(board)?;
    let comes: Vec<String> = board
        .edges
        .iter()
        .filter(|edge| edge.dst == part || (edge.src == part && edge.src_arrow))
        .take(6)
        .map(|edge| {
            let other = if edge.dst == part { edge.src } else { edge.dst };
            let label = edge.label.text.replace('\n', " ");
            let name = target::label(board, other);
            if label.is_empty() { name } else { format!("{name} ({label})") }
        })
        .collect();
    let name = target::label(board, part);
    (!comes.is_empty()).then(|| format!("As drawn, {name} gets something from: {}.", comes.join(", ")))
}

/// Whether a part stands outside of the place: in a cloud, the internet, or at somebody else's.
fn is_outside(board: &Board, id: NodeId) -> bool {
    const WORDS: &[&str] = &["cloud", "aws", "azure", "gcp", "internet", "saas", "external", "hosted"];
    let named = |id: NodeId| {
        let mut words = tokens(&board.nodes[id].label.text);
        words.extend(tokens(&board.nodes[id].name.replace('_', " ")));
        words.iter().any(|word| WORDS.contains(&word.as_str()))
    };
    let around = board.nodes.ids().filter(|&outer| board.is_inside(id, outer)).any(named);
    around || named(id) || (!board.nodes[id].is_container() && kind_of(board, id).kind.kind == Kind::External)
}

/// "can the factory keep running when the internet link is lost?"
pub(super) fn offline(board: &Board) -> Option<String> {
    let is_place = |id: &NodeId| !matches!(kind_of(board, *id).kind.kind, Kind::Person);
    let (away, here): (Vec<NodeId>, Vec<NodeId>) =
        leaves(board).into_iter().filter(is_place).partition(|&id| is_outside(board, id));
    let crosses: Vec<String> = board
        .edges
        .iter()
        .filter(|edge| is_outside(board, edge.src) != is_outside(board, edge.dst))
        .filter(|edge| is_place(&edge.src) && is_place(&edge.dst))
        .take(6)
        .map(|edge| format!("{} to {}", target::label(board, edge.src), target::label(board, edge.dst)))
        .collect();
    if away.is_empty() || here.is_empty() {
        return None;
    }
    let mut text = format!("As drawn, these are on the other side of the line: {}.", names(board, &away));
    if !crosses.is_empty() {
        text.push_str(&format!(" What breaks is {}.", crosses.join(", ")));
    }
    let keeps: Vec<NodeId> = here
        .iter()
        .copied()
        .filter(|&id| matches!(kind_of(board, id).kind.kind, Kind::Database | Kind::Storage | Kind::Queue))
        .collect();
    text.push_str(&format!(" Still connected to each other: {}.", names(board, &here)));
    text.push_str(&if keeps.is_empty() {
        " Nothing on this side keeps what waits for the line.".to_owned()
    } else {
        format!(" What waits for the line can be kept in {}, if that is set up so.", names(board, &keeps))
    });
    Some(text)
}

/// "how fresh is the data the analyst sees?"
pub(super) fn freshness(board: &Board) -> String {
    const RHYTHM: &[&str] = &[
        "hourly",
        "nightly",
        "daily",
        "weekly",
        "monthly",
        "batch",
        "every",
        "minute",
        "minutes",
        "hour",
        "hours",
        "day",
        "seconds",
        "real",
        "stream",
        "cron",
        "schedule",
        "scheduled",
        "snapshot",
    ];
    let said: Vec<String> = board
        .edges
        .iter()
        .filter(|edge| tokens(&edge.label.text).iter().any(|word| RHYTHM.contains(&word.as_str())))
        .take(6)
        .map(|edge| {
            let (from, to) = (target::label(board, edge.src), target::label(board, edge.dst));
            format!("{from} to {to} ({})", edge.label.text.replace('\n', " "))
        })
        .collect();
    let mut text = "A drawing has no measured times.".to_owned();
    text.push_str(&if said.is_empty() {
        " No label says how often a step runs.".to_owned()
    } else {
        format!(" Of the rhythm its labels say: {}; the data is at least as old as that.", said.join("; "))
    });
    text
}

/// "how do I delete one person's data everywhere?"
pub(super) fn erasure(board: &Board) -> Option<String> {
    let stores: Vec<NodeId> = leaves(board)
        .into_iter()
        .filter(|&id| {
            matches!(kind_of(board, id).kind.kind, Kind::Database | Kind::Storage | Kind::Cache | Kind::Queue)
        })
        .collect();
    let away: Vec<NodeId> =
        leaves(board).into_iter().filter(|&id| kind_of(board, id).kind.kind == Kind::External).collect();
    if stores.is_empty() && away.is_empty() {
        return None;
    }
    let mut text = String::from("As drawn, it has to be deleted");
    if !stores.is_empty() {
        text.push_str(&format!(" in {}", names(board, &stores)));
    }
    if !away.is_empty() {
        text.push_str(&format!(
            "{} at {}",
            if stores.is_empty() { "" } else { ", and asked for" },
            names(board, &away)
        ));
    }
    text.push_str(". Delete where it comes from first, or the next load brings it back; which of these hold personal data, a drawing does not show.");
    Some(text)
}
