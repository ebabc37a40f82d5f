//! Where parts stand: into a container, out of it, into a new one around them.

use spandrel_edit::Op;

use super::{Work, is_pronoun, phrases, target};
use crate::generate::tokens::Token;

pub(super) fn move_into(work: &mut Work, what: &[Token], into: &[Token]) {
    let board = work.board();
    let container =
        target::find(&board, into).map(|id| (board.nodes[id].id.clone(), target::label(&board, id)));
    let (key, name) = match container {
        Some(found) => found,
        None => match new_container(work, into) {
            Some(made) => made,
            None => return work.unknown(into),
        },
    };
    for phrase in phrases::listed(what) {
        let board = work.board();
        let found = match work.find(&board, phrase).filter(|_| is_pronoun(phrase)) {
            Some(spoken_of) => vec![spoken_of],
            None => target::find_all(&board, phrase),
        };
        for id in found {
            let node = &board.nodes[id];
            let own = spandrel_syntax::print::key_part(&node.name);
            if node.id == key || node.parent.is_some_and(|parent| board.nodes[parent].id == key) {
                continue;
            }
            let done = format!("Moved {} into {name}", target::label(&board, id));
            let new_key = format!("{key}.{own}");
            let op = Op::Move { key: node.id.clone(), new_key: new_key.clone(), include_descendants: true };
            if work.run(&op, &done).is_some() {
                work.last = Some(new_key);
            }
        }
    }
}

/// Out of its container, to where that stands.
pub(super) fn move_out(work: &mut Work, what: &[Token]) {
    for phrase in phrases::listed(what) {
        let board = work.board();
        let Some(id) = work.find(&board, phrase) else {
            work.unknown(phrase);
            continue;
        };
        let (node, label) = (&board.nodes[id], target::label(&board, id));
        let Some(parent) = node.parent else {
            work.refused.push(format!("{label} stands in no container."));
            continue;
        };
        let own = spandrel_syntax::print::key_part(&node.name);
        let outer = board.nodes[parent].parent.map(|outer| format!("{}.{own}", board.nodes[outer].id));
        let done = format!("Moved {label} out of {}", target::label(&board, parent));
        let new_key = outer.unwrap_or_else(|| own.clone());
        let op = Op::Move { key: node.id.clone(), new_key: new_key.clone(), include_descendants: true };
        if work.run(&op, &done).is_some() {
            work.last = Some(new_key);
        }
    }
}

pub(super) fn wrap(work: &mut Work, what: &[Token], name: &str) {
    let board = work.board();
    let phrases = phrases::listed(what);
    let mut members: Vec<_> = phrases.iter().flat_map(|phrase| target::find_all(&board, phrase)).collect();
    if is_pronoun(what) {
        members = work.last_all.iter().filter_map(|key| board.node_by_id(key)).collect();
        if members.is_empty() {
            members = work.find(&board, what).into_iter().collect();
        }
    }
    if members.is_empty() {
        return work.unknown(what);
    }
    let ids: Vec<(String, String)> =
        members.iter().map(|&id| (board.nodes[id].id.clone(), board.nodes[id].name.clone())).collect();
    // The container stands where the first of its members stood.
    let parent = board.nodes[members[0]].parent.map(|parent| board.nodes[parent].id.clone());
    let own = crate::generate::plan::snake_case(name);
    let wanted = parent.map_or(own.clone(), |parent| format!("{parent}.{own}"));
    // The name of one of them, or of another part: the container is told apart by its key.
    let wanted = if board.node_by_id(&wanted).is_some() { format!("{wanted}_group") } else { wanted };
    let done = match members[..] {
        [only] => format!("Put {} into {name}", target::label(&board, only)),
        _ => format!("Put {} parts into {name}", ids.len()),
    };
    let Some(key) = work.run(&Op::Create { key: wanted }, &done) else { return };
    work.run(&Op::Set { key: key.clone(), value: Some(name.to_owned()), tag: None }, "");
    for (id, own) in ids {
        let new_key = format!("{key}.{}", spandrel_syntax::print::key_part(&own));
        work.run(&Op::Move { key: id, new_key, include_descendants: true }, "");
    }
}

/// A container that is named but not there yet.
fn new_container(work: &mut Work, phrase: &[Token]) -> Option<(String, String)> {
    let words: Vec<&str> =
        phrase.iter().filter(|t| t.is_word() && !t.is(target::FILLERS)).map(|t| t.text.as_str()).collect();
    if words.is_empty() {
        return None;
    }
    let name = crate::generate::title_case(&words, false);
    let key = work.run(&Op::Create { key: crate::generate::plan::snake_case(&name) }, "")?;
    work.run(&Op::Set { key: key.clone(), value: Some(name.clone()), tag: None }, "");
    work.assumptions.push(format!("There was no container called {name}, so I made one."));
    Some((key, name))
}
