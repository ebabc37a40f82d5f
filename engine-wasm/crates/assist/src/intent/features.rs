//! A request as hashed features for the vector stage. Trainer and engine share this file, so they agree.
//!
//! Beside words and their pieces there is a second reading in which known components, products and numbers are
//! placeholders and rare words are `U`: "add a cache between the api and the database" becomes
//! `add a C between the C and the C`, which a small training set covers well. Features of that reading and single words also
//! exist once more for each context (a diagram is open or not).

use spandrel_catalog::{Word, lookup};

/// log2 of the number of buckets.
pub const BITS: u32 = 15;
/// Number of buckets.
pub const BUCKETS: usize = 1 << BITS;

/// The buckets of a request, sorted, each once.
pub fn features(query: &str, has_diagram: bool) -> Vec<u32> {
    let words = words(query);
    let mut out = Vec::with_capacity(256);
    let context = if has_diagram { "y" } else { "n" };
    let mut add = |name: &str, parts: &[&str], crossed: bool| {
        let hash = parts.iter().fold(fnv(FNV_START, name), |hash, part| fnv(fnv(hash, "\u{1}"), part));
        out.push(hash % BUCKETS as u32);
        if crossed {
            out.push(fnv(fnv(hash, "\u{2}"), context) % BUCKETS as u32);
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
    for (name, sign) in [("asks", "?"), ("arrow", "->"), ("arrow", "→"), ("colon", ":"), ("quote", "\"")] {
        if query.contains(sign) {
            add(name, &[], true);
        }
    }

    let plain: Vec<&str> = bounded(words.iter().map(String::as_str));
    for (index, word) in words.iter().enumerate() {
        add("word", &[word], true);
        add("pair", &[plain[index], word], false);
        if index + 2 < plain.len() {
            add("triple", &plain[index..index + 3], false);
        }
        pieces(word, |piece| add("piece", &[piece], false));
    }
    if let Some(last) = words.last() {
        add("pair", &[last, "$"], false);
        add("last", &[last], true);
    }
    for count in 1..=3.min(words.len()) {
        let first: Vec<&str> = words[..count].iter().map(String::as_str).collect();
        add("first", &first, true);
    }

    let shape = placeholders(&words);
    let bounded_shape = bounded(shape.iter().copied());
    for size in 2..=4 {
        for window in bounded_shape.windows(size) {
            add("shape", window, true);
        }
    }
    for (a, b) in [(0, 2), (0, 3)] {
        for window in bounded_shape.windows(b - a + 1) {
            add("skip", &[window[a], window[b]], true);
        }
    }
    let known = shape.iter().filter(|part| matches!(**part, "C" | "P")).count();
    add("known", &[&known.min(4).to_string()], true);
    let unknown = shape.iter().filter(|part| **part == "U").count();
    add("unknown", &[&unknown.min(5).to_string(), &known.min(2).to_string()], true);

    out.sort_unstable();
    out.dedup();
    out
}

/// Lower-case words; apostrophes stay inside ("don't"), everything else parts.
fn words(query: &str) -> Vec<String> {
    let lower = query.to_lowercase().replace('’', "'");
    let parts = lower.split(|c: char| !(c.is_alphanumeric() || c == '\''));
    parts
        .map(|word| word.trim_matches('\''))
        .filter(|word| !word.is_empty())
        .take(96)
        .map(str::to_owned)
        .collect()
}

fn bounded<'a>(words: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    std::iter::once("^").chain(words).chain(std::iter::once("$")).collect()
}

/// Words with placeholders: `C` a component, `P` a product, `K` the head of a kind, `N` a number, `U` an unknown word.
/// Frequent words of requests stay as they are.
fn placeholders(words: &[String]) -> Vec<&str> {
    let mut out = Vec::with_capacity(words.len());
    let mut at = 0;
    while at < words.len() {
        let word = words[at].as_str();
        let found = lookup(&words[at..]);
        match found {
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
            _ => out.push("U"),
        }
        at += 1;
    }
    out
}

/// Runs of 3 to 5 letters, the word's ends marked.
fn pieces(word: &str, mut add: impl FnMut(&str)) {
    let marked: Vec<char> =
        std::iter::once('<').chain(word.chars().take(24)).chain(std::iter::once('>')).collect();
    for size in 3..=5 {
        for window in marked.windows(size) {
            add(&window.iter().collect::<String>());
        }
    }
}

const FNV_START: u32 = 0x811c_9dc5;

/// FNV-1a, 32 bits (Fowler, Noll, Vo).
fn fnv(start: u32, text: &str) -> u32 {
    text.bytes().fold(start, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

/// Words whose own meaning matters more than their being a word. Many are component words too ("order", "search").
const FREQUENT: &[&str] = &[
    "a",
    "an",
    "the",
    "this",
    "that",
    "these",
    "those",
    "it",
    "its",
    "them",
    "they",
    "he",
    "she",
    "one",
    "ones",
    "other",
    "another",
    "all",
    "some",
    "any",
    "every",
    "each",
    "no",
    "not",
    "my",
    "our",
    "your",
    "their",
    "i",
    "we",
    "you",
    "me",
    "us",
    "and",
    "or",
    "but",
    "so",
    "if",
    "then",
    "than",
    "as",
    "like",
    "of",
    "for",
    "from",
    "to",
    "in",
    "on",
    "at",
    "into",
    "onto",
    "out",
    "off",
    "up",
    "down",
    "over",
    "under",
    "between",
    "behind",
    "before",
    "after",
    "inside",
    "through",
    "via",
    "with",
    "without",
    "by",
    "about",
    "instead",
    "vs",
    "versus",
    "per",
    "is",
    "are",
    "was",
    "were",
    "be",
    "been",
    "am",
    "do",
    "does",
    "did",
    "don't",
    "doesn't",
    "isn't",
    "can",
    "can't",
    "could",
    "should",
    "shouldn't",
    "shall",
    "would",
    "will",
    "may",
    "might",
    "must",
    "have",
    "has",
    "had",
    "need",
    "needs",
    "want",
    "wants",
    "let",
    "let's",
    "i'd",
    "i'm",
    "what",
    "what's",
    "which",
    "who",
    "where",
    "when",
    "why",
    "how",
    "please",
    "pls",
    "now",
    "just",
    "only",
    "also",
    "too",
    "again",
    "more",
    "less",
    "much",
    "many",
    "most",
    "very",
    "really",
    "better",
    "best",
    "good",
    "bad",
    "new",
    "same",
    "different",
    "second",
    "first",
    "two",
    "three",
    "there",
    "here",
    "add",
    "insert",
    "include",
    "put",
    "place",
    "remove",
    "delete",
    "drop",
    "take",
    "get",
    "rid",
    "rename",
    "call",
    "change",
    "set",
    "replace",
    "swap",
    "connect",
    "disconnect",
    "link",
    "move",
    "group",
    "wrap",
    "split",
    "merge",
    "make",
    "turn",
    "use",
    "draw",
    "design",
    "create",
    "build",
    "generate",
    "sketch",
    "model",
    "show",
    "display",
    "hide",
    "see",
    "view",
    "look",
    "zoom",
    "focus",
    "highlight",
    "filter",
    "collapse",
    "expand",
    "switch",
    "toggle",
    "open",
    "close",
    "explain",
    "describe",
    "review",
    "compare",
    "list",
    "write",
    "give",
    "tell",
    "help",
    "fix",
    "improve",
    "do",
    "keep",
    "go",
    "back",
    "bring",
    "start",
    "diagram",
    "architecture",
    "system",
    "drawing",
    "picture",
    "design",
    "app",
    "platform",
    "backend",
    "service",
    "layer",
    "grid",
    "panel",
    "labels",
    "mode",
    "dark",
    "light",
    "canvas",
    "screen",
    "arrow",
    "edge",
    "line",
    "connection",
    "difference",
    "happens",
    "missing",
    "wrong",
    "safe",
    "enough",
    "worth",
    "think",
    "know",
    "mean",
    "mir",
    "bitte",
    "ein",
    "eine",
    "einen",
    "der",
    "die",
    "das",
    "den",
    "und",
    "mit",
    "für",
    "ist",
    "wie",
    "was",
    "warum",
    "un",
    "una",
    "el",
    "la",
    "los",
    "las",
    "y",
    "con",
    "para",
    "de",
    "que",
    "qué",
    "cómo",
    "le",
    "les",
    "une",
    "et",
    "avec",
    "pour",
    "du",
    "est",
    "order",
    "search",
    "test",
    "push",
    "function",
    "turn",
    "agent",
    "events",
    "tools",
    "features",
    "users",
    "location",
    "training",
    "deploy",
    "everything",
    "something",
    "anything",
    "nothing",
    "thing",
    "stuff",
    "scrap",
    "forget",
    "over",
    "scratch",
    "completely",
    "separate",
    "suppose",
    "difference",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn components_become_placeholders() {
        let words = words("Add a cache between the API gateway and PostgreSQL 15");
        assert_eq!(placeholders(&words), ["add", "a", "C", "between", "the", "C", "and", "P", "N"]);
    }

    #[test]
    fn features_are_sorted_and_depend_on_the_context() {
        let open = features("remove the cache", true);
        assert!(open.is_sorted() && open.len() > 40);
        assert_ne!(open, features("remove the cache", false));
        assert!(features("", false).len() < 12);
    }
}
