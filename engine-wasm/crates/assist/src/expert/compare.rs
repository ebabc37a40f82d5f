//! Two things side by side: this instead of that, and do we need both.

use spandrel_catalog::{Component, Kind, lookup, singular, tokens};
use spandrel_graph::{Board, NodeId};

use super::facts::{Question, part_of};
use super::graph::{kind_of, leaves, names};
use crate::words::english::STOP;

/// What a question names: how it is called, and what it is.
struct Named {
    name: &'static str,
    component: &'static Component,
}

/// The products that a question names; components where it names fewer than two products.
fn named(question: &Question<'_>) -> Vec<Named> {
    let words = tokens(question.english);
    let (mut products, mut found): (Vec<Named>, Vec<Named>) = (Vec::new(), Vec::new());
    let mut at = 0;
    while at < words.len() {
        let meaning = (!STOP.contains(&words[at].as_str())).then(|| lookup(&words[at..])).flatten();
        at += meaning.as_ref().map_or(1, |(_, length)| (*length).max(1));
        let Some((word, component)) = meaning.and_then(|(word, _)| Some((word, word.component()?))) else {
            continue;
        };
        let name = word.product().map_or(component.name, |name| name.split('|').next().unwrap_or(name));
        if word.product().is_some() && products.iter().all(|known| known.name != name) {
            products.push(Named { name, component });
        }
        if found.iter().all(|known| known.name != name) {
            found.push(Named { name, component });
        }
    }
    if products.len() > 1 { products } else { found }
}

/// Parts whose label has the words of a name, or that are such a component where no product is meant.
fn drawn(board: &Board, named: &Named) -> Vec<NodeId> {
    let words = tokens(named.name);
    let has = |id: &NodeId| {
        let label = tokens(&board.nodes[*id].label.text);
        let is = named.name == named.component.name
            && kind_of(board, *id).component.is_some_and(|component| component.id == named.component.id);
        is || words.iter().all(|word| label.contains(word))
    };
    board.nodes.ids().filter(has).collect()
}

/// "why not use DynamoDB instead of Postgres?", "Snowflake or BigQuery?"
pub(super) fn instead(board: &Board, question: &Question<'_>) -> Option<String> {
    let named = named(question);
    let [first, second, ..] = &named[..] else { return None };
    let kind = first.component.kind;
    let (there, missing): (Vec<_>, Vec<_>) =
        named.iter().map(|named| (named.name, drawn(board, named))).partition(|(_, parts)| !parts.is_empty());
    let parts: Vec<NodeId> = there.iter().flat_map(|(_, parts)| parts.iter().copied()).collect();
    let mut text = Vec::new();
    if !parts.is_empty() {
        text.push(format!("Drawn here: {}.", names(board, &parts)));
    }
    if !missing.is_empty() {
        let list: Vec<&str> = missing.iter().map(|(name, _)| *name).collect();
        text.push(format!("Not drawn by that name: {}.", list.join(", ")));
    }
    let like: Vec<NodeId> =
        leaves(board).into_iter().filter(|&id| kind_of(board, id).kind.kind == kind).collect();
    let keeps = matches!(kind, Kind::Database | Kind::Queue | Kind::Cache | Kind::Storage);
    if parts.is_empty() && keeps && kind == second.component.kind && !like.is_empty() {
        text.push(format!("What the drawing has of that kind: {}.", names(board, &like)));
    }
    Some(text.join(" "))
}

/// "do we really need both a queue and a log?"
pub(super) fn both(board: &Board, question: &Question<'_>) -> Option<String> {
    // A part that is meant by its kind alone is none of the two.
    let called = |id: &NodeId| {
        let label = tokens(&board.nodes[*id].label.text);
        label.iter().any(|word| question.words.contains(&singular(word)))
    };
    let mut parts = question.parts(board);
    parts.retain(called);
    parts.truncate(2);
    let [a, b] = parts[..] else { return None };
    if a == b {
        return None;
    }
    let ends = |id: NodeId, back: bool| -> Vec<NodeId> {
        let edges = board.edges.iter().filter(|edge| if back { edge.dst == id } else { edge.src == id });
        edges.map(|edge| if back { edge.src } else { edge.dst }).collect()
    };
    let shared = |back: bool| -> Vec<NodeId> {
        let mut found = ends(a, back);
        let others = ends(b, back);
        found.retain(|id| others.contains(id));
        found.dedup();
        found
    };
    let (from, to) = (shared(true), shared(false));
    let mut text = format!("{} {}", part_of(board, a), part_of(board, b));
    text.push_str(&match (from.is_empty(), to.is_empty()) {
        (true, true) => " As drawn, they share neither what they get nor where it goes.".to_owned(),
        (false, _) => format!(" Both get from {}.", names(board, &from)),
        (true, false) => format!(" Both lead to {}.", names(board, &to)),
    });
    Some(text)
}
