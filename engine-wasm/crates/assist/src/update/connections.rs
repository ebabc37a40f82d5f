//! Connections of the open diagram: made, labelled, drawn otherwise, taken away.

use spandrel_catalog::lookup;
use spandrel_edit::Op;

use super::{Work, add, phrases, target};
use crate::generate::tokens::Token;

pub(super) fn connect(work: &mut Work, from: &[Token], to: &[Token], label: Option<&str>) {
    for from in phrases::listed(from) {
        for to in phrases::listed(to) {
            let Some(a) = there_or_new(work, from) else { continue };
            let Some(b) = there_or_new(work, to) else { continue };
            let made = work.run(
                &Op::Create { key: format!("{} -> {}", a.0, b.0) },
                &format!("Connected {} to {}", a.1, b.1),
            );
            if let (Some(key), Some(label)) = (made, label) {
                work.run(&Op::Set { key, value: Some(label.to_owned()), tag: None }, "");
            }
        }
    }
}

/// Key and label of the part that a phrase means; "a new user database" is made.
fn there_or_new(work: &mut Work, phrase: &[Token]) -> Option<(String, String)> {
    let board = work.board();
    let new = phrase.first().is_some_and(|t| t.is(&["new", "another"]))
        || (phrase.first().is_some_and(|t| t.is(&["a", "an"]))
            && phrase.get(1).is_some_and(|t| t.is(&["new", "second"])));
    let found = work.find(&board, phrase).filter(|_| !new);
    // "connect it to SendGrid": a product that is not there yet can only be meant as a new part.
    let words: Vec<&str> = phrase.iter().map(|token| token.lower.as_str()).collect();
    let product =
        lookup(&words).is_some_and(|(word, length)| length == words.len() && word.product().is_some());
    let new = new || (found.is_none() && product);
    if let Some(id) = found {
        return Some((board.nodes[id].id.clone(), target::label(&board, id)));
    }
    if !new && !phrase.first().is_some_and(|t| t.is(&["a", "an"])) {
        work.unknown(phrase);
        return None;
    }
    let attach = std::mem::replace(&mut work.attach, false);
    work.last = None;
    add::add(work, phrase);
    work.attach = attach;
    let board = work.board();
    let made = work.last.as_deref().and_then(|key| board.node_by_id(key));
    if made.is_none() {
        work.unknown(phrase);
    }
    made.map(|id| (board.nodes[id].id.clone(), target::label(&board, id)))
}

pub(super) fn relabel(work: &mut Work, from: &[Token], to: &[Token], label: &str) {
    change_connection(work, from, to, "", label, &format!("labelled {label}"));
}

pub(super) fn restyle(work: &mut Work, from: &[Token], to: &[Token], path: &str, value: &str) {
    change_connection(work, from, to, path, value, "drawn otherwise");
}

/// Sets the label (`path` empty) or an attribute of the connection of two parts.
fn change_connection(work: &mut Work, from: &[Token], to: &[Token], path: &str, value: &str, how: &str) {
    let board = work.board();
    let (Some(a), Some(b)) = (work.find(&board, from), work.find(&board, to)) else {
        let missing = if work.find(&board, from).is_none() { from } else { to };
        return work.unknown(missing);
    };
    let between =
        |edge: &spandrel_graph::Edge| (edge.src, edge.dst) == (a, b) || (edge.src, edge.dst) == (b, a);
    let key = board.edges.entries().find(|(_, edge)| between(edge)).map(|(id, _)| board.edge_key(id));
    let (a, b) = (target::label(&board, a), target::label(&board, b));
    match key {
        Some(key) => {
            let key = if path.is_empty() { key } else { format!("{key}.{path}") };
            let op = Op::Set { key, value: Some(value.to_owned()), tag: None };
            work.run(&op, &format!("The connection of {a} and {b} is {how}"));
        }
        None => work.refused.push(format!("There is no connection between {a} and {b}.")),
    }
}

/// Puts `new` for `old` in the label of the first connection that says it; whether there was one.
pub(super) fn said_of_a_connection(work: &mut Work, old: &str, new: &str) -> bool {
    let board = work.board();
    let small = old.to_lowercase();
    let said = |text: &str| text.to_lowercase().find(&small).map(|at| (at, at + small.len()));
    let found = board.edges.entries().find_map(|(id, edge)| {
        let (start, end) = said(&edge.label.text).filter(|_| !small.is_empty())?;
        let (before, after) = (edge.label.text.get(..start)?, edge.label.text.get(end..)?);
        Some((board.edge_key(id), format!("{before}{new}{after}")))
    });
    let Some((key, label)) = found else { return false };
    let done = format!("The label {old} is {new} now");
    work.run(&Op::Set { key, value: Some(label), tag: None }, &done).is_some()
}

pub(super) fn disconnect(work: &mut Work, from: &[Token], to: &[Token]) {
    let board = work.board();
    let (Some(a), Some(b)) = (target::find(&board, from), target::find(&board, to)) else {
        let missing = if target::find(&board, from).is_none() { from } else { to };
        return work.unknown(missing);
    };
    let touches = |x, y| board.is_inside(x, y);
    let mut keys: Vec<String> = Vec::new();
    for (id, edge) in board.edges.entries() {
        let along = touches(edge.src, a) && touches(edge.dst, b);
        let against = touches(edge.src, b) && touches(edge.dst, a);
        if along || against {
            keys.push(board.edge_key(id));
        }
    }
    let (a, b) = (target::label(&board, a), target::label(&board, b));
    if keys.is_empty() {
        work.refused.push(format!("There is no connection between {a} and {b}."));
    }
    // The last first, so that the indices of the others stay.
    for (index, key) in keys.iter().rev().enumerate() {
        let done = if index == 0 { format!("Disconnected {a} from {b}") } else { String::new() };
        work.run(&Op::Delete { key: key.clone(), with_children: false }, &done);
    }
}
