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

/// Asks back about `query`, in its language where there are words for it; `source` is the open diagram, where there is one.
pub fn clarify(data: &Data, query: &str, source: Option<&str>) -> Question {
    if data.says.is_empty() {
        // Without the data file, or with one of an older engine, there are no sentences.
        let message = "Say what should be drawn, or what should happen with which part.".to_owned();
        return Question { message, examples: Vec::new() };
    }
    let english = data.words.in_english(query);
    let tongue = Tongue { language: english.as_ref().map_or("en", |(code, _)| code), says: &data.says };
    let text = english.as_ref().map_or(query, |(_, text)| text.as_str());
    let tokens = tokenize(text);
    let words: Vec<&str> = tokens.iter().filter(|t| t.is_word()).map(|t| t.lower.as_str()).collect();
    let board = source
        .filter(|source| !source.trim().is_empty())
        .map(|source| spandrel_compile::compile(source, &(), &Budget::default()).diagram.root)
        .filter(|board| !board.nodes.is_empty());
    let suggestions = board.as_ref().map_or_else(|| starts(tongue), |board| suggestions(board, tongue));
    if has(&words, MATERIAL) {
        return Question { message: tongue.say("material", &[]), examples: suggestions };
    }
    // Word by word, other languages end in articles as well.
    if english.is_none()
        && let Some(last) = words
            .last()
            .filter(|last| words.len() > 1 && (UNFINISHED.contains(last) || HANGING.contains(last)))
    {
        return Question { message: tongue.say("stops", &[last]), examples: suggestions };
    }
    match board {
        Some(board) => about_open(&words, &board, suggestions, tongue),
        None => about_nothing(&words, tongue),
    }
}

/// The language that is answered in, by its code, and what can be said in it.
#[derive(Clone, Copy)]
struct Tongue<'a> {
    language: &'a str,
    says: &'a [[String; 3]],
}

impl Tongue<'_> {
    /// The sentence with this id, with names in their places; in English where this language has none.
    fn say(self, id: &str, names: &[&str]) -> String {
        let of = |wanted: &str| {
            self.says
                .iter()
                .find(|[known, language, _]| known == id && language == wanted)
                .map(|[.., text]| text)
        };
        let mut said = of(self.language).or_else(|| of("en")).cloned().unwrap_or_default();
        for (at, name) in names.iter().enumerate() {
            said = said.replace(&format!("{{{at}}}"), name);
        }
        said
    }
}

/// With nothing open.
fn about_nothing(words: &[&str], tongue: Tongue<'_>) -> Question {
    let named = (0..words.len()).find_map(|at| lookup(&words[at..])?.0.component());
    let part_examples = |name: &str| {
        let (article, name) = (article(name), name.to_lowercase());
        ["draw_with", "what_for"].map(|id| tongue.say(id, &[article, &name])).to_vec()
    };
    let (message, examples) = match named.map(|component| component.name) {
        Some(name) if has(words, CHANGES) => (tongue.say("nothing_open_part", &[name]), part_examples(name)),
        None if has(words, CHANGES) => (tongue.say("nothing_open", &[]), starts(tongue)),
        _ if has(words, POINTERS) => (tongue.say("which_system", &[]), starts(tongue)),
        Some(name) => (tongue.say("about", &[name]), part_examples(name)),
        None => (tongue.say("purpose", &[]), starts(tongue)),
    };
    Question { message, examples }
}

/// With a diagram open.
fn about_open(words: &[&str], board: &Board, suggestions: Vec<String>, tongue: Tongue<'_>) -> Question {
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
        let mut examples = vec![tongue.say("rename", &[&label]), tongue.say("does", &[&label])];
        if let Some(other) = other {
            examples.insert(0, tongue.say("connect", &[&label, &other]));
        }
        return Question { message: tongue.say("part", &[&label]), examples };
    }
    let message = if has(words, QUALITIES) {
        tongue.say("respect", &[])
    } else if has(words, POINTERS) || has(words, CHANGES) {
        let parts: Vec<String> = if meant.is_empty() {
            weighty(board).into_iter().take(NAMED).map(name).collect()
        } else {
            meant.into_iter().map(name).collect()
        };
        tongue.say("which_part", &[&either(&parts, tongue)])
    } else {
        tongue.say("unclear", &[])
    };
    Question { message, examples: suggestions }
}

/// Requests that make sense for any beginning.
fn starts(tongue: Tongue<'_>) -> Vec<String> {
    ["start_purpose", "start_parts", "start_question"].map(|id| tongue.say(id, &[])).to_vec()
}

/// Requests that make sense for this diagram: for its store, for what takes requests, and a question.
fn suggestions(board: &Board, tongue: Tongue<'_>) -> Vec<String> {
    let parts = weighty(board);
    let is_store = |node: &&Node| {
        infer(node.shape.keyword(), node.attrs.list("class"), &node.label.text, node.attrs.text("icon"))
            .kind
            .kind
            == Kind::Database
    };
    let mut out = Vec::new();
    if let Some(store) = parts.iter().copied().find(is_store) {
        out.push(tongue.say("cache_before", &[&name(store)]));
        out.push(tongue.say("replica_of", &[&name(store)]));
    }
    if let Some(part) = parts.iter().copied().find(|node| !is_store(node)) {
        out.push(tongue.say("balancer_before", &[&name(part)]));
    }
    out.push(tongue.say("single_point", &[]));
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

fn either(names: &[String], tongue: Tongue<'_>) -> String {
    match names {
        [] => tongue.say("no_name", &[]),
        [one] => one.clone(),
        [rest @ .., last] => format!("{} {} {last}", rest.join(", "), tongue.say("or", &[])),
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
            ("mach es besser", true, "In welcher Hinsicht"),
            ("fais mieux", true, "À quel égard"),
            ("zeichne etwas", false, "Was soll gezeichnet werden?"),
            ("verschiebe das", true, "Orders API, Web Shop oder PostgreSQL"),
        ] {
            let found = clarify(&data, query, open.then_some(SHOP));
            assert!(found.message.contains(part), "{query}: {}", found.message);
            assert!(!found.examples.is_empty(), "{query}");
        }
    }

    #[test]
    fn without_a_data_file_there_is_a_question_all_the_same() {
        assert!(!clarify(&Data::default(), "make it nicer", Some(SHOP)).message.is_empty());
    }

    #[test]
    fn every_example_is_understood() {
        let data = Data::embedded();
        for query in ["make it nicer", "move that", "orders api", "asdf", "mach es besser", "verschiebe das"]
        {
            for example in clarify(&data, query, Some(SHOP)).examples {
                let context = crate::Context { has_diagram: true, last_intent: None };
                let intent = crate::classify(&data, &example, context).intent;
                assert_ne!(intent, crate::Intent::Clarify, "{example}");
                if intent == crate::Intent::DslUpdate {
                    assert_ne!(crate::generate(&data, &example, Some(SHOP)).source, SHOP, "{example}");
                }
            }
        }
        for query in
            ["rename the gateway", "database", "hm", "zeichne etwas", "dessine quelque chose", "dibuja algo"]
        {
            for example in clarify(&data, query, None).examples {
                let intent = crate::classify(&data, &example, crate::Context::default()).intent;
                assert!(matches!(intent, crate::Intent::DslCreate | crate::Intent::ExpertQa), "{example}");
            }
        }
    }
}
