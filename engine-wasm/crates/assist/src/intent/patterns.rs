//! The first stage: patterns that are right nearly always, and silent otherwise.
//!
//! Each looks at the whole sentence, not at a verb alone: a question mark or a second sentence sends a request
//! on to the next stage, because there the wish may be another one than the first words suggest.

use super::{Context, Intent};
use crate::generate::tokens::{Sign, Token, tokenize};
use crate::words::Words;
use crate::words::english::UNFINISHED;
use spandrel_catalog::lookup;

/// A decision with its confidence, where a pattern fits.
pub(super) fn decide(known: &Words, query: &str, context: Context) -> Option<(Intent, f64)> {
    let english = known.in_english(query);
    let query = english.as_ref().map_or(query, |(_, text)| text);
    let tokens = tokenize(query);
    let words: Vec<&str> = tokens.iter().filter(|t| t.is_word()).map(|t| t.lower.as_str()).collect();
    let words: Vec<&str> = words.iter().copied().skip_while(|word| POLITE.contains(word)).collect();
    // A word alone says nothing, unless it names a purpose or a whole system.
    let lone = words.len() == 1 && !SYSTEMS.contains(&words[0]) && known.topic(words[0]) != Some("D");
    if words.is_empty() || lone {
        return Some((Intent::Clarify, 0.93));
    }
    if words.iter().all(|word| SMALL_TALK.contains(word)) {
        return Some((Intent::Clarify, 0.9));
    }
    if !context.has_diagram && draws_arrows(&tokens) {
        return Some((Intent::DslCreate, 0.97));
    }
    // Cut off in the middle. Only of English as typed: word by word, other languages end in articles as well.
    let questions = ["what", "which", "who", "where", "when", "how", "why"];
    if english.is_none()
        && UNFINISHED.contains(words.last().unwrap_or(&""))
        && !questions.contains(&words[0])
        && !query.contains('?')
    {
        return Some((Intent::Clarify, 0.9));
    }
    let parts = tokens.iter().filter(|token| token.sign == Sign::Stop).count();
    let one_order = !query.contains('?')
        && (parts == 0 || (parts == 1 && tokens.last().is_some_and(|t| t.sign == Sign::Stop)));
    let part_at = |at: usize| words.len() > at && lookup(&words[at..]).is_some();
    let asks = ["is", "are", "does", "why", "should"].contains(&words[0]);
    let one_question = asks && parts <= 1 && query.trim_end().ends_with('?');
    if !one_order && !one_question {
        return None;
    }
    match (words[0], words.get(1).copied().unwrap_or("")) {
        ("add" | "insert", "a" | "an" | "another") if part_at(2) && context.has_diagram => {
            Some((Intent::DslUpdate, 0.97))
        }
        ("remove" | "delete", "the") if part_at(2) => {
            Some(if context.has_diagram { (Intent::DslUpdate, 0.93) } else { (Intent::Clarify, 0.95) })
        }
        ("rename" | "disconnect", "the") if part_at(2) && !context.has_diagram => {
            Some((Intent::Clarify, 0.95))
        }
        ("rename", "the") if part_at(2) => Some((Intent::DslUpdate, 0.97)),
        // Parts may be called anything: what an edit says of them decides.
        ("rename" | "relabel" | "connect" | "link" | "join" | "disconnect" | "unlink", second)
            if context.has_diagram && one_order && names_both_ends(known, &tokens, &words, second) =>
        {
            Some((Intent::DslUpdate, 0.92))
        }
        ("zoom", "in" | "out" | "to") if context.has_diagram => Some((Intent::ViewToggle, 0.97)),
        ("hide" | "collapse" | "unhide", "the" | "all") if context.has_diagram => {
            Some((Intent::ViewToggle, 0.96))
        }
        ("highlight" | "recenter" | "recentre", second)
            if context.has_diagram
                && !second.is_empty()
                && !words.iter().any(|word| LASTING.contains(word) || known.topic(word) == Some("B")) =>
        {
            Some((Intent::ViewToggle, 0.94))
        }
        ("is" | "are" | "does" | "why", "it" | "this" | "that" | "they")
            if !context.has_diagram && words.len() < 5 =>
        {
            Some((Intent::Clarify, 0.9))
        }
        ("is" | "are" | "does", "the" | "our")
            if context.has_diagram
                && part_at(2)
                && !words
                    .iter()
                    .any(|word| matches!(known.topic(word), Some("W" | "B")) || WRONG.contains(word)) =>
        {
            Some((Intent::ExpertQa, 0.92))
        }
        // "is a cache worth it?"
        ("is" | "are" | "does", "a" | "an") if one_question && part_at(2) => Some((Intent::ExpertQa, 0.92)),
        ("should", second)
            if !matches!(second, "be" | "have" | "read" | "say" | "go" | "look") && words.len() > 3 =>
        {
            let open = ["it", "this", "that", "they", "these"].contains(&second);
            (context.has_diagram || !open).then_some((Intent::ExpertQa, 0.92))
        }
        (
            "separate" | "new" | "another" | "second" | "different",
            "diagram" | "drawing" | "picture" | "board",
        ) if (2..words.len()).any(part_at) => Some((Intent::DslCreate, 0.93)),
        ("give" | "write" | "draft" | "prepare" | "list" | "send", _)
            if asks_for_text(known, &words, context) =>
        {
            Some((Intent::ExpertQa, 0.9))
        }
        ("dark" | "light", "mode" | "theme") if words.len() == 2 => Some((Intent::ViewToggle, 0.95)),
        _ => None,
    }
}

/// "connect Sell to Return", "rename Zeta to Omega": something on each side, and neither left open nor of everyday life.
fn names_both_ends(known: &Words, tokens: &[Token], words: &[&str], second: &str) -> bool {
    const JOINTS: &[&str] = &["to", "with", "from", "into", "as", "and"];
    const LEFT_OPEN: &[&str] = &[
        "it",
        "this",
        "that",
        "them",
        "these",
        "those",
        "everything",
        "all",
        "something",
        "anything",
        "me",
        "us",
        "there",
        "thing",
        "things",
        "stuff",
        "one",
    ];
    let joint = words.iter().position(|word| JOINTS.contains(word)).unwrap_or(0);
    let last = words.last().copied().unwrap_or_default();
    let both = joint >= 2 && joint + 1 < words.len() && words.len() <= 12;
    // A name is written with a capital: "Zebra" may be a part, "my phone" is none.
    let is_everyday = |token: &Token| {
        let small = token.text.chars().next().is_some_and(char::is_lowercase);
        small && matches!(known.topic(&token.lower), Some("X" | "G" | "M"))
    };
    let renames = matches!(words[0], "rename" | "relabel");
    both && !LEFT_OPEN.contains(&second)
        && !LEFT_OPEN.contains(&last)
        && (renames || !tokens.iter().any(is_everyday))
}

/// "give me a checklist for moving the batch jobs to the cloud": a text near the beginning, about the field or what is open.
fn asks_for_text(known: &Words, words: &[&str], context: Context) -> bool {
    let Some(text) = words.iter().take(6).position(|word| TEXTS.contains(word)) else { return false };
    let about = &words[text + 1..];
    let of_field =
        (0..about.len()).any(|at| lookup(&about[at..]).is_some() || known.topic(about[at]) == Some("J"));
    let of_open = context.has_diagram && about.iter().any(|word| OPEN.contains(word));
    let everyday = about.iter().any(|word| matches!(known.topic(word), Some("X" | "G" | "M")));
    (of_field || of_open) && !everyday
}

/// Two parts or more with arrows between them, at least one of which is known.
fn draws_arrows(tokens: &[Token]) -> bool {
    let arrows =
        tokens.iter().filter(|token| matches!(token.sign, Sign::Right | Sign::Left | Sign::Both)).count();
    let words: Vec<&str> = tokens.iter().filter(|t| t.is_word()).map(|t| t.lower.as_str()).collect();
    let known = (0..words.len()).filter(|&at| lookup(&words[at..]).is_some()).count();
    arrows >= 1 && known >= 2
}

const POLITE: &[&str] = &["please", "pls", "plz", "kindly", "ok", "okay", "hey", "hi", "hello"];
const SMALL_TALK: &[&str] = &[
    "thanks",
    "thank",
    "you",
    "yes",
    "no",
    "nope",
    "yep",
    "sure",
    "great",
    "cool",
    "nice",
    "good",
    "morning",
    "there",
    "a",
    "lot",
    "so",
    "very",
    "much",
    "evening",
    "afternoon",
    "bye",
    "goodbye",
    "hello",
    "again",
];
/// What the text keeps: a change, not a look at it.
const LASTING: &[&str] =
    &["red", "green", "blue", "orange", "yellow", "purple", "pink", "grey", "gray", "colour", "color"];
/// A statement that something is not as it should be, with its subject left out ("is missing").
const WRONG: &[&str] = &["missing", "wrong", "supposed", "outdated", "visible", "hidden"];
/// Texts that are asked for.
const TEXTS: &[&str] = &[
    "checklist",
    "summary",
    "comparison",
    "recommendations",
    "overview",
    "review",
    "glossary",
    "pros",
    "risks",
    "threats",
    "advantages",
    "drawbacks",
];
/// What is open, by its name.
const OPEN: &[&str] = &["this", "it", "diagram", "design", "architecture", "setup", "system"];
/// Single words that name a whole system.
const SYSTEMS: &[&str] = &["microservices", "lakehouse", "cqrs"];
