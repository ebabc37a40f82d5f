//! A request as hashed features for the vector stage. Trainer and engine share this file, so they agree: a feature is 32
//! bits, of which sixteen are its slot in the model's table and eight more tell whose slot it is ([`slot`], [`mark`]).
//!
//! A request is read in English first ([`Words::in_english`]) and slips of the finger are undone, so that a small training
//! set serves every language of the table. Then there are two readings. One is its words, alone, in pairs and triples, and
//! the letters of those that nothing knows. In the other known components, products and numbers are placeholders, and so is
//! what a word is about: "add a cache between the api and the database" becomes `add a C between the C and the C`, and
//! "recipe for pancakes" `X for X`. Single words and the second reading exist once more for each context (a diagram
//! is open or not).

use spandrel_base::LeanSort;
use std::borrow::Cow;

use spandrel_catalog::{Word, lookup};

use crate::words::Words;
use crate::words::english::FREQUENT;

/// Number of slots.
pub const SLOTS: usize = 1 << 16;
/// More words than this say nothing new about what is wanted.
const MOST_WORDS: usize = 96;

/// Where a feature's weights are, if it has any.
pub fn slot(feature: u32) -> usize {
    (feature >> 8) as usize % SLOTS
}

/// What tells features of one slot apart; never 0, which marks an empty slot.
pub fn mark(feature: u32) -> u8 {
    (feature as u8).max(1)
}

/// The features of a request, sorted, each once.
pub fn features(known: &Words, query: &str, has_diagram: bool) -> Vec<u32> {
    let english = known.in_english(query);
    let text = english.as_ref().map_or(query, |(_, text)| text.as_str());
    let typed = words(text);
    let words: Vec<Cow<'_, str>> = typed.iter().map(|word| known.spelled(word)).collect();
    let words: Vec<&str> = words.iter().map(AsRef::as_ref).collect();

    let mut out = Vec::with_capacity(256);
    let context = if has_diagram { "y" } else { "n" };
    let mut add = |name: &str, parts: &[&str], crossed: bool| {
        let hash = parts.iter().fold(fnv(FNV_START, name), |hash, part| fnv(fnv(hash, "\u{1}"), part));
        out.push(spread(hash));
        if crossed {
            out.push(spread(fnv(fnv(hash, "\u{2}"), context)));
        }
    };

    add("bias", &[], true);
    let length = match words.len() {
        0..=5 => words.len(),
        6..=8 => 6,
        9..=14 => 9,
        15..=24 => 15,
        _ => 25,
    };
    add("length", &[&length.to_string()], true);
    let asks = ["?", "？", "؟"].iter().any(|sign| query.contains(sign));
    let signs = [("arrow", "->"), ("arrow", "→"), ("colon", ":"), ("quote", "\""), ("more", "...")];
    if asks {
        add("asks", &[], true);
    }
    for (name, _) in signs.iter().filter(|(_, sign)| query.contains(sign)) {
        add(name, &[], true);
    }

    let plain = bounded(words.iter().copied());
    for (index, word) in words.iter().enumerate() {
        add("word", &[word], true);
        add("pair", &[plain[index], word], false);
        if index + 2 < plain.len() {
            add("triple", &plain[index..index + 3], false);
        }
        if !known.knows(word) {
            pieces(word, |piece| add("piece", &[piece], false));
        }
    }
    if let Some(last) = words.last() {
        add("pair", &[last, "$"], false);
        add("last", &[last], true);
    }
    for count in 1..=3.min(words.len()) {
        add("first", &words[..count], true);
    }

    let shape = placeholders(known, &words);
    let bounded_shape = bounded(shape.iter().copied());
    for size in 2..=4 {
        for window in bounded_shape.windows(size) {
            add("shape", window, true);
        }
    }
    for reach in [2, 3] {
        for window in bounded_shape.windows(reach + 1) {
            add("skip", &[window[0], window[reach]], true);
        }
    }
    let count = |wanted: &[&str]| shape.iter().filter(|part| wanted.contains(part)).count();
    let parts = count(&["C", "P"]);
    add("parts", &[&parts.min(4).to_string()], true);
    add("unknown", &[&count(&["U"]).min(5).to_string(), &parts.min(2).to_string()], true);
    // What the whole is about: the tags that occur, and how often.
    let mut about = String::new();
    for tag in ["C", "P", "K", "X", "J", "D", "W", "B", "M", "G"] {
        let number = count(&[tag]);
        if number > 0 {
            add("about", &[tag, &number.min(3).to_string()], true);
            about.push_str(tag);
        }
    }
    add("all", &[&about], true);
    add("all", &[&about, words.first().unwrap_or(&"")], false);
    add("all", &[&about, if asks { "?" } else { "." }, shape.first().unwrap_or(&"")], true);

    out.lean_sort();
    out.dedup();
    out
}

/// Lower-case words; apostrophes stay inside ("don't"), everything else parts.
fn words(query: &str) -> Vec<String> {
    // "IT" among words in small letters is the trade, not the pronoun.
    let shouted = !query.chars().any(char::is_lowercase);
    let query = if shouted { Cow::Borrowed(query) } else { trade(query) };
    let lower = query.to_lowercase().replace('’', "'");
    let parts = lower.split(|c: char| !(c.is_alphanumeric() || c == '\''));
    parts
        .map(|word| word.trim_matches('\''))
        .filter(|word| !word.is_empty())
        .take(MOST_WORDS)
        .map(str::to_owned)
        .collect()
}

fn trade(query: &str) -> Cow<'_, str> {
    let alone = |at: usize| {
        let before = query[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric());
        before && query[at + 2..].chars().next().is_none_or(|c| !c.is_alphanumeric() && c != '\'')
    };
    match query.match_indices("IT").find(|(at, _)| alone(*at)) {
        Some((at, it)) => Cow::Owned([&query[..at], "infrastructure", &query[at + it.len()..]].concat()),
        None => Cow::Borrowed(query),
    }
}

fn bounded<'a>(words: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    std::iter::once("^").chain(words).chain(std::iter::once("$")).collect()
}

/// Words with placeholders: `C` a component, `P` a product, `K` the head of a kind, `N` a number, `U` an unknown word, else
/// the tag of `topics.txt`. Frequent words of requests stay as they are.
fn placeholders<'a>(known: &'a Words, words: &[&'a str]) -> Vec<&'a str> {
    let mut out = Vec::with_capacity(words.len());
    let mut at = 0;
    while at < words.len() {
        let word = words[at];
        match lookup(&words[at..]) {
            Some((meaning, length)) if length > 1 || !FREQUENT.contains(&word) => {
                out.push(match meaning {
                    Word::Component(_) => "C",
                    Word::Product(..) => "P",
                    Word::Kind(_) => "K",
                });
                at += length;
                continue;
            }
            _ if word.chars().all(|c| c.is_ascii_digit()) => out.push("N"),
            _ if FREQUENT.contains(&word) => out.push(word),
            _ => out.push(known.topic(word).unwrap_or("U")),
        }
        at += 1;
    }
    out
}

/// Runs of 3 to 5 letters, the word's ends marked; of letters that are words by themselves, 1 to 3.
fn pieces(word: &str, mut add: impl FnMut(&str)) {
    let marked: Vec<char> =
        std::iter::once('<').chain(word.chars().take(24)).chain(std::iter::once('>')).collect();
    let sizes = if word.chars().any(|c| c > '\u{2e7f}') { 1..=3 } else { 3..=5 };
    for size in sizes {
        for window in marked.windows(size) {
            add(&window.iter().collect::<String>());
        }
    }
}

const FNV_START: u32 = 0x811c_9dc5;

/// Mixes the bits of a hash, so that each part of it may stand for the whole (the last step of Appleby's MurmurHash3).
fn spread(hash: u32) -> u32 {
    let hash = (hash ^ (hash >> 16)).wrapping_mul(0x85eb_ca6b);
    let hash = (hash ^ (hash >> 13)).wrapping_mul(0xc2b2_ae35);
    hash ^ (hash >> 16)
}

/// FNV-1a, 32 bits (Fowler, Noll, Vo).
fn fnv(start: u32, text: &str) -> u32 {
    text.bytes().fold(start, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Data;

    #[test]
    fn components_and_topics_become_placeholders() {
        let data = Data::embedded();
        let shape = |text: &str| {
            let words = words(text);
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            placeholders(&data.words, &words).join(" ")
        };
        assert_eq!(
            shape("Add a cache between the API gateway and PostgreSQL 15"),
            "add a C between the C and P N"
        );
        assert_eq!(shape("a recipe for pancakes"), "a X for X");
    }

    #[test]
    fn features_are_sorted_and_depend_on_the_context() {
        let data = Data::embedded();
        let open = features(&data.words, "remove the cache", true);
        assert!(open.is_sorted() && open.len() > 30);
        assert_ne!(open, features(&data.words, "remove the cache", false));
        assert!(features(&data.words, "", false).len() < 20);
    }

    #[test]
    fn another_language_shares_the_features_of_english() {
        let data = Data::embedded();
        let (english, french) = (
            features(&data.words, "remove the database", true),
            features(&data.words, "supprime la base de données", true),
        );
        let shared = french.iter().filter(|feature| english.contains(feature)).count();
        assert!(shared * 10 > english.len() * 9, "{shared} of {}", english.len());
    }
}
