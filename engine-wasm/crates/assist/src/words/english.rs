//! Small English words, generated from `data/words/english.toml` when the crate is built.

/// Which of two parts acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    /// The part named before the phrase.
    Forward,
    /// The part named after it.
    Backward,
}

/// What flows where by a verb: `words/clauses.toml` says it of each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Frame {
    Gives,
    Moves,
    Asks,
    Gets,
    Backs,
    Stands,
    Links,
    Names,
    Has,
    Shows,
    Inner,
    Refuses,
    Offers,
    Goes,
    Wishes,
    Bids,
}

/// What a preposition says of the noun behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Goal,
    Within,
    Source,
    Way,
    With,
    By,
    Behind,
    Before,
    Above,
    Between,
    As,
    For,
    Of,
    Not,
}

include!(concat!(env!("OUT_DIR"), "/english.rs"));

/// A quantity that is not said: drawn as one stack.
pub(crate) const SEVERAL: u32 = 99;

/// A number written as a word.
pub(crate) fn number(word: &str) -> Option<u32> {
    let named = [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
        "twelve",
    ];
    if let Some(value) = named.iter().position(|name| *name == word) {
        return Some(value as u32);
    }
    match word {
        "couple" | "pair" => Some(2),
        "dozen" => Some(12),
        "several" | "many" | "multiple" | "few" => Some(SEVERAL),
        _ => word.strip_suffix('x').unwrap_or(word).parse().ok().filter(|&value| value <= 10_000),
    }
}
