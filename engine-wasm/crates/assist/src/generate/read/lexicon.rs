//! Words by what they can be in a sentence: verbs in their forms, helpers, determiners, pronouns, small words.

use spandrel_catalog::singular;

use super::super::tokens::{Sign, Token};
use crate::words::english::{DATA, Frame, IRREGULAR, PREPOSITIONS, Place, VERB_FRAMES};

/// The form in which a verb stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Base,
    /// "sends".
    Third,
    /// "sent", also as a participle.
    Past,
    /// "sending".
    Ing,
}

/// A word that can be a verb.
#[derive(Clone, Copy, Debug)]
pub(super) struct VerbWord {
    pub(super) frames: &'static [Frame],
    pub(super) form: Form,
    /// Base and participle are one word: "read", "put".
    pub(super) either: bool,
}

/// The verb of the table that a word is a form of.
pub(super) fn verb(word: &str) -> Option<VerbWord> {
    let of = |base: &str, form, either| {
        let found = VERB_FRAMES.binary_search_by(|(verb, _)| (*verb).cmp(base)).ok()?;
        Some(VerbWord { frames: VERB_FRAMES[found].1, form, either })
    };
    let either = IRREGULAR.iter().any(|[base, _, done]| *base == word && base == done);
    if let Some(verb) = of(word, Form::Base, either) {
        return Some(verb);
    }
    if let Some([base, ..]) = IRREGULAR.iter().find(|[_, past, done]| *past == word || *done == word) {
        return of(base, Form::Past, false);
    }
    let endings: [(&str, Form); 6] = [
        ("ies", Form::Third),
        ("s", Form::Third),
        ("es", Form::Third),
        ("ied", Form::Past),
        ("ed", Form::Past),
        ("ing", Form::Ing),
    ];
    endings.iter().find_map(|&(ending, form)| {
        let stem = word.strip_suffix(ending).filter(|stem| stem.len() > 1)?;
        if matches!(ending, "ies" | "ied") {
            return of(&format!("{stem}y"), form, false);
        }
        let bare = of(stem, form, false);
        if ending == "s" {
            return bare;
        }
        // "stores" is caught above; "storing", "stored" lost an "e", "logging" doubled its last letter.
        let doubled = || {
            let mut letters = stem.chars().rev();
            let (last, before) = (letters.next()?, letters.next()?);
            (last == before).then(|| of(&stem[..stem.len() - last.len_utf8()], form, false)).flatten()
        };
        bare.or_else(|| of(&format!("{stem}e"), form, false)).or_else(doubled)
    })
}

/// A word that ends like the third person and is in no table: only what stands around it can make it a verb.
pub(super) fn may_be_third(word: &str) -> bool {
    word.len() > 3 && word.ends_with('s') && !word.ends_with("ss") && !is_data(word)
}

/// Whether a noun names what flows or is kept.
pub(super) fn is_data(word: &str) -> bool {
    let known = |word: &str| DATA.binary_search(&word).is_ok();
    known(word) || known(&singular(word))
}

/// The preposition at a token: what it says, and its number of words.
pub(super) fn preposition(tokens: &[Token], at: usize) -> Option<(Place, usize)> {
    let fits = |words: &[&str]| {
        words.iter().enumerate().all(|(i, word)| tokens.get(at + i).is_some_and(|t| t.is(&[word])))
    };
    PREPOSITIONS.iter().find(|(words, _)| fits(words)).map(|(words, place)| (*place, words.len()))
}

pub(super) fn is_be(token: &Token) -> bool {
    token.is(&[
        "is", "are", "was", "were", "be", "been", "being", "isn't", "aren't", "it's", "that's", "there's",
    ])
}

pub(super) fn is_have(token: &Token) -> bool {
    token.is(&["has", "have", "had", "having", "hasn't", "haven't"])
}

/// Helpers before a verb that refuse it.
const REFUSING: &[&str] = &[
    "don't",
    "doesn't",
    "didn't",
    "can't",
    "cannot",
    "won't",
    "shouldn't",
    "mustn't",
    "dont",
    "doesnt",
    "cant",
];

/// Helpers before a verb.
pub(super) fn is_modal(token: &Token) -> bool {
    const HELPERS: &[&str] = &[
        "can", "could", "will", "would", "shall", "should", "may", "might", "must", "do", "does", "did",
        "needs", "wants",
    ];
    token.is(HELPERS) || token.is(REFUSING)
}

pub(super) fn is_negation(token: &Token) -> bool {
    token.is(REFUSING)
        || token.is(&["not", "never", "isn't", "aren't", "hasn't", "haven't", "neither", "nor"])
}

pub(super) fn is_definite(token: &Token) -> bool {
    token.is(&["the", "this", "that", "these", "those", "its", "our", "their", "his", "her", "same", "such"])
}

pub(super) fn is_indefinite(token: &Token) -> bool {
    token.is(&[
        "a", "an", "another", "some", "any", "each", "every", "my", "your", "one", "no", "all", "both",
        "either", "several", "many", "multiple", "various", "few", "other", "what", "more", "most",
    ])
}

/// Words that say how or when and nothing of who meets whom.
pub(super) fn is_adverb(token: &Token) -> bool {
    const FLY: &[&str] = &[
        "fly", "supply", "reply", "apply", "assembly", "family", "july", "daily", "hourly", "weekly",
        "monthly", "nightly", "only",
    ];
    if is_capital(token) {
        return token.is(&["also", "finally", "then", "only"]);
    }
    token.is(&[
        "hey",
        "hi",
        "hello",
        "thanks",
        "also",
        "only",
        "then",
        "just",
        "always",
        "too",
        "even",
        "still",
        "now",
        "again",
        "right",
        "already",
        "later",
        "together",
        "first",
        "next",
        "finally",
        "often",
        "sometimes",
        "up",
        "out",
        "down",
        "away",
        "back",
        "forth",
        "once",
        "twice",
        "instead",
        "please",
        "pls",
        "well",
        "directly",
        "straight",
        "both",
        "there",
        "here",
        "hourly",
        "nightly",
        "daily",
        "weekly",
        "live",
        "eventually",
        "soon",
        "asynchronously",
        "around",
        "along",
        "yet",
        "ever",
        "online",
        "offline",
        "anywhere",
        "everywhere",
        "somewhere",
    ]) || (token.is_word() && token.lower.len() > 4 && token.lower.ends_with("ly") && !token.is(FLY))
}

/// Whether a word begins with a capital letter and goes on in small ones: a name in the middle of a sentence.
pub(super) fn is_capital(token: &Token) -> bool {
    token.is_word() && token.text.chars().next().is_some_and(char::is_uppercase)
}

/// Whether nothing of the sentence stands before a token.
pub(super) fn opens_sentence(tokens: &[Token], at: usize) -> bool {
    at == 0 || matches!(tokens[at - 1].sign, Sign::Stop | Sign::Colon)
}
