//! What is asked back where a request cannot be acted on: one question that names what is missing, and requests that would
//! be understood, made of what the open diagram really holds.

use std::collections::BTreeMap;

use spandrel_base::Budget;
use spandrel_base::LeanSort;
use spandrel_catalog::{Kind, infer, lookup};
use spandrel_graph::{Board, Node, NodeId};

use crate::Data;
use crate::generate::tokens::tokenize;
use crate::words::english::{CHANGES, HANGING, MATERIAL, POINTERS, QUALITIES, UNFINISHED};

/// A question back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Question {
    /// For the person.
    pub message: String,
    /// Requests that can be sent as they stand, the likeliest first.
    pub examples: Vec<String>,
}

/// So many parts are named in a question; more is a list, not a question.
const NAMED: usize = 4;

/// Asks back about `query`; `source` is the open diagram, where there is one.
pub fn clarify(data: &Data, query: &str, source: Option<&str>) -> Question {
    let english = data.words.in_english(query);
    let text = english.as_ref().map_or(query, |(_, text)| text.as_str());
    let tokens = tokenize(text);
    let words: Vec<&str> = tokens.iter().filter(|t| t.is_word()).map(|t| t.lower.as_str()).collect();
    let board = source
        .filter(|source| !source.trim().is_empty())
        .map(|source| spandrel_compile::compile(source, &(), &Budget::default()).diagram.root)
        .filter(|board| !board.nodes.is_empty());
    let asked = |message: &str, examples: Vec<String>| Question { message: message.to_owned(), examples };
    let suggestions = board.as_ref().map_or_else(starts, suggestions);
    if has(&words, MATERIAL) {
        let message = "I cannot see files, mails, pictures or earlier talks, only this request and the open diagram. \
                       Which parts are meant, and how are they connected?";
        return asked(message, suggestions);
    }
    if let Some(last) =
        words.last().filter(|last| words.len() > 1 && (UNFINISHED.contains(last) || HANGING.contains(last)))
    {
        return asked(
            &format!("The sentence stops after \u{201c}{last}\u{201d}. How does it go on?"),
            suggestions,
        );
    }
    match board {
        Some(board) => about_open(&words, &board, suggestions),
        None => about_nothing(&words),
    }
}

/// With nothing open.
fn about_nothing(words: &[&str]) -> Question {
    let named = (0..words.len()).find_map(|at| lookup(&words[at..])?.0.component());
    let name = named.map(|component| component.name.to_owned());
    let part_examples = |name: &str| {
        vec![
            format!("Draw a web app with {} {}", article(name), name.to_lowercase()),
            format!("What is {} {} for?", article(name), name.to_lowercase()),
        ]
    };
    let (message, examples) = if has(words, CHANGES) {
        let what =
            name.as_ref().map_or("to change".to_owned(), |name| format!("where a {name} could be changed"));
        (
            format!(
                "No diagram is open, so there is nothing {what}. Shall I draw one first? Say what the system is for, or list its parts."
            ),
            name.as_deref().map_or_else(starts, part_examples),
        )
    } else if has(words, POINTERS) {
        (
            "No diagram is open, so I do not know which system is meant. Open one, or describe it: its parts and how they are connected.".to_owned(),
            starts(),
        )
    } else if let Some(name) = name {
        (
            format!("What about {name}? I can draw a system around it, or say what it is for."),
            part_examples(&name),
        )
    } else {
        (
            "What should be drawn? Name a purpose (\u{201c}a bike rental app\u{201d}), or parts and how they meet."
                .to_owned(),
            starts(),
        )
    };
    Question { message, examples }
}

/// With a diagram open.
fn about_open(words: &[&str], board: &Board, suggestions: Vec<String>) -> Question {
    let meant: Vec<&Node> = board
        .nodes
        .iter()
        .filter(|node| {
            let label = node.label.text.to_lowercase();
            let mut parts = label.split_whitespace().peekable();
            parts.peek().is_some() && parts.all(|part| words.contains(&part))
        })
        .take(NAMED)
        .collect();
    if let [only] = meant[..] {
        let label = name(only);
        let other = weighty(board).into_iter().map(name).find(|other| *other != label);
        let mut examples = vec![format!("Rename {label} to Core"), format!("What does {label} do here?")];
        if let Some(other) = other {
            examples.insert(0, format!("Connect {label} to {other}"));
        }
        return Question { message: format!("What should happen with {label}?"), examples };
    }
    if has(words, QUALITIES) {
        return Question {
            message:
                "In which respect, and where? I change named parts; for this diagram one of these could be meant."
                    .to_owned(),
            examples: suggestions,
        };
    }
    if has(words, POINTERS) || has(words, CHANGES) {
        let parts: Vec<String> = if meant.is_empty() {
            weighty(board).into_iter().take(NAMED).map(name).collect()
        } else {
            meant.into_iter().map(name).collect()
        };
        return Question {
            message: format!("Which part is meant: {}? And what should happen with it?", either(&parts)),
            examples: suggestions,
        };
    }
    Question {
        message: "I did not understand what should happen. Name a part of the diagram and what to do with it, or ask a question about it.".to_owned(),
        examples: suggestions,
    }
}

/// Requests that make sense for any beginning.
fn starts() -> Vec<String> {
    [
        "Draw a bike rental app with payments",
        "A web app behind a load balancer with PostgreSQL",
        "When do I need a message queue?",
    ]
    .map(str::to_owned)
    .to_vec()
}

/// Requests that make sense for this diagram: for its store, for what takes requests, and a question.
fn suggestions(board: &Board) -> Vec<String> {
    let parts = weighty(board);
    let is_store = |node: &&Node| {
        infer(node.shape.keyword(), node.attrs.list("class"), &node.label.text, node.attrs.text("icon"))
            .kind
            .kind
            == Kind::Database
    };
    let mut out = Vec::new();
    if let Some(store) = parts.iter().copied().find(is_store) {
        out.push(format!("Put a cache in front of {}", name(store)));
        out.push(format!("Add a read replica of {}", name(store)));
    }
    if let Some(part) = parts.iter().copied().find(|node| !is_store(node)) {
        out.push(format!("Put a load balancer in front of {}", name(part)));
    }
    out.push("Where is the single point of failure?".to_owned());
    out
}

/// Parts that hold no others, those with most connections first.
fn weighty(board: &Board) -> Vec<&Node> {
    let mut connections: BTreeMap<NodeId, usize> = BTreeMap::new();
    for edge in &board.edges {
        *connections.entry(edge.src).or_default() += 1;
        if edge.dst != edge.src {
            *connections.entry(edge.dst).or_default() += 1;
        }
    }
    let mut parts: Vec<(usize, &Node)> = board
        .nodes
        .entries()
        .filter(|(_, node)| node.children.is_empty() && !node.label.text.trim().is_empty())
        .map(|(id, node)| (connections.get(&id).copied().unwrap_or(0), node))
        .collect();
    // Stable: parts with as many connections keep the order of the text.
    parts.lean_sort_by(|a, b| b.0.cmp(&a.0));
    parts.into_iter().map(|(_, node)| node).collect()
}

fn name(node: &Node) -> String {
    node.label.text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn either(names: &[String]) -> String {
    match names {
        [] => "none has a name".to_owned(),
        [one] => one.clone(),
        [rest @ .., last] => format!("{} or {last}", rest.join(", ")),
    }
}

fn article(name: &str) -> &'static str {
    if name.starts_with(['A', 'E', 'I', 'O', 'a', 'e', 'i', 'o']) { "an" } else { "a" }
}

fn has(words: &[&str], any: &[&str]) -> bool {
    words.iter().any(|word| any.contains(word))
}

#[cfg(all(test, feature = "embedded-data"))]
mod tests {
    use super::*;

    const SHOP: &str = "web: Web Shop\napi: Orders API\ndb: PostgreSQL {shape: cylinder}\nweb -> api -> db\n";

    #[test]
    fn the_question_names_what_is_missing() {
        let data = Data::embedded();
        for (query, open, part) in [
            ("rename the gateway", false, "nothing where a API Gateway"),
            ("is it secure?", false, "which system is meant"),
            ("database", false, "What about Database"),
            ("draw something", false, "What should be drawn"),
            ("draw it as in the pdf", true, "cannot see files"),
            ("connect the", true, "stops after \u{201c}the\u{201d}"),
            ("make it nicer", true, "In which respect"),
            ("move that", true, "Orders API, Web Shop or PostgreSQL"),
            ("orders api", true, "What should happen with Orders API?"),
            ("asdf", true, "did not understand"),
            ("", false, "What should be drawn"),
            ("mach es besser", true, "In which respect"),
        ] {
            let found = clarify(&data, query, open.then_some(SHOP));
            assert!(found.message.contains(part), "{query}: {}", found.message);
            assert!(!found.examples.is_empty(), "{query}");
        }
    }

    #[test]
    fn every_example_is_understood() {
        let data = Data::embedded();
        for query in ["make it nicer", "move that", "orders api", "asdf"] {
            for example in clarify(&data, query, Some(SHOP)).examples {
                let context = crate::Context { has_diagram: true, last_intent: None };
                let intent = crate::classify(&data, &example, context).intent;
                assert_ne!(intent, crate::Intent::Clarify, "{example}");
                if intent == crate::Intent::DslUpdate {
                    assert_ne!(crate::generate(&data, &example, Some(SHOP)).source, SHOP, "{example}");
                }
            }
        }
        for query in ["rename the gateway", "database", "hm"] {
            for example in clarify(&data, query, None).examples {
                let intent = crate::classify(&data, &example, crate::Context::default()).intent;
                assert!(matches!(intent, crate::Intent::DslCreate | crate::Intent::ExpertQa), "{example}");
            }
        }
    }
}
