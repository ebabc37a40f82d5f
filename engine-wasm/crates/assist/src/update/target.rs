//! Which part of the diagram a phrase means: by its name, its words, or what it is.

use spandrel_catalog::{Word, infer, infer_container, lookup, singular, tokens};
use spandrel_graph::{Board, NodeId};

use crate::generate::family;
use crate::generate::tokens::Token;

/// Words of a phrase that name nothing.
pub(crate) const FILLERS: &[&str] = &[
    "the",
    "a",
    "an",
    "our",
    "my",
    "this",
    "that",
    "all",
    "both",
    "of",
    "from",
    "diagram",
    "completely",
    "please",
    "entire",
    "whole",
    "container",
    "group",
    "box",
    "node",
    "component",
    "der",
    "die",
    "das",
    "den",
    "el",
    "la",
    "le",
    "les",
    "los",
    "las",
    "zone",
    "there",
    "everything",
    "related",
    "to",
    "anymore",
    "new",
    "itself",
    "stuff",
    "thing",
    "things",
    "together",
];

/// The label for a sentence, the name where there is none.
pub(crate) fn label(board: &Board, id: NodeId) -> String {
    let node = &board.nodes[id];
    let text =
        if node.label.block.is_none() && !node.label.text.is_empty() { &node.label.text } else { &node.name };
    text.replace('\n', " ")
}

/// The part that fits a phrase best.
pub(crate) fn find(board: &Board, phrase: &[Token]) -> Option<NodeId> {
    // "the switch in the labs": of several alike the one that stands there.
    let within = phrase.iter().rposition(|token| token.is(&["in", "inside", "within"])).filter(|&at| at > 0);
    if let Some(at) = within
        && let Some(place) = find(board, &phrase[at + 1..]).filter(|&place| board.nodes[place].is_container())
    {
        let words = content(&phrase[..at]);
        let inside = |id: &NodeId| *id != place && board.is_inside(*id, place);
        let scored = board.nodes.ids().filter(inside).map(|id| (score(board, id, &words), id));
        let best =
            scored.filter(|&(score, _)| score >= LEAST && !words.is_empty()).max_by_key(|&(score, _)| score);
        if let Some((_, id)) = best {
            return Some(id);
        }
    }
    let words = content(phrase);
    if words.is_empty() {
        return None;
    }
    let mut best: Option<(u32, NodeId)> = None;
    for id in board.nodes.ids() {
        let score = score(board, id, &words);
        if score > best.map_or(LEAST - 1, |(most, _)| most) {
            best = Some((score, id));
        }
    }
    best.map(|(_, id)| id)
}

/// All parts that a plural or a kind means ("the databases"); the best one otherwise. Containers come before
/// what is inside, and what is inside one that is found is not named again.
pub(crate) fn find_all(board: &Board, phrase: &[Token]) -> Vec<NodeId> {
    let words = content(phrase);
    let Some(best) = find(board, phrase) else { return Vec::new() };
    let plural = words.last().is_some_and(|last| singular(last) != *last);
    let exact = score(board, best, &words) >= EXACT;
    if !plural || exact {
        return vec![best];
    }
    let mut found: Vec<NodeId> = Vec::new();
    for id in board.nodes.ids() {
        if score(board, id, &words) >= LEAST && !found.iter().any(|&outer| board.is_inside(id, outer)) {
            found.push(id);
        }
    }
    found
}

const EXACT: u32 = 95;
const LEAST: u32 = 45;

fn content(phrase: &[Token]) -> Vec<String> {
    let words = phrase.iter().filter(|token| token.is_word() && !token.is(FILLERS));
    words.flat_map(|token| tokens(&token.text)).collect()
}

/// How well a phrase fits a part: its name in full, the component that both name, its words, its kind.
fn score(board: &Board, id: NodeId, words: &[String]) -> u32 {
    let node = &board.nodes[id];
    let label_words = tokens(&node.label.text);
    let name_words = tokens(&node.name.replace('_', " "));
    let same = |a: &[String]| {
        a.len() == words.len() && a.iter().zip(words).all(|(x, y)| x == y || singular(x) == singular(y))
    };
    if label_words == words || name_words == words {
        return 100;
    }
    if same(&label_words) || same(&name_words) {
        return EXACT;
    }
    let contains = words.iter().all(|word| {
        label_words.iter().chain(&name_words).any(|known| known == word || singular(known) == singular(word))
    });
    let inferred = if node.is_container() {
        infer_container(node.attrs.list("class"), node.attrs.text("icon"))
    } else {
        infer(node.shape.keyword(), node.attrs.list("class"), &node.label.text, node.attrs.text("icon"))
    };
    let extra = label_words.len().saturating_sub(words.len()).min(9) as u32;
    if contains {
        return 88 - extra;
    }
    let meaning = lookup(words).filter(|(_, length)| *length == words.len()).map(|(word, _)| word);
    match meaning {
        Some(Word::Kind(kind)) if inferred.kind.kind == kind => 50,
        // "postgres" is the part that is labelled PostgreSQL.
        Some(word @ Word::Product(..)) => {
            let names = |at: usize| lookup(&label_words[at..]).is_some_and(|(known, _)| known == word);
            if (0..label_words.len()).any(names) { 86 - extra.min(5) } else { 0 }
        }
        Some(word @ Word::Component(_)) => {
            let Some(wanted) = word.component() else { return 0 };
            match inferred.component {
                Some(component) if component.id == wanted.id => 80 - extra.min(5),
                Some(component) if family(component) == family(wanted) => 65,
                _ if inferred.kind.kind == wanted.kind && is_class_of_things(wanted.id) => 52,
                _ => 0,
            }
        }
        _ => 0,
    }
}

/// Components that stand for a whole kind: "the database" may mean any.
fn is_class_of_things(id: &str) -> bool {
    matches!(id, "database" | "cache" | "message_queue" | "object_storage" | "user" | "users" | "web_app")
}
