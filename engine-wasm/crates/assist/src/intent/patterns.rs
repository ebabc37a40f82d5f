//! The first stage: patterns that are right nearly always, and silent otherwise.

use super::{Context, Intent};
use spandrel_catalog::{lookup, tokens};

/// A decision with its confidence, where a pattern fits.
pub(super) fn decide(query: &str, context: Context) -> Option<(Intent, f64)> {
    let words = tokens(query);
    let words: Vec<&str> =
        words.iter().map(String::as_str).skip_while(|word| POLITE.contains(word)).collect();
    let Some(&first) = words.first() else { return Some((Intent::Clarify, 0.95)) };
    let names_parts = (0..words.len()).any(|at| lookup(&words[at..]).is_some());

    if words.iter().all(|word| SMALL_TALK.contains(word)) {
        return Some((Intent::Clarify, 0.9));
    }
    if words.len() == 1 {
        return Some((Intent::Clarify, 0.85));
    }
    let asks_advice = ADVICE.iter().any(|start| starts_with(&words, start));
    if asks_advice && names_parts {
        return Some((Intent::ExpertQa, 0.9));
    }
    if VIEW.contains(&first) || contains(&words, &["dark", "mode"]) || contains(&words, &["full", "screen"]) {
        return Some((Intent::ViewToggle, 0.9));
    }
    if CREATE.contains(&first) && names_parts {
        return Some((Intent::DslCreate, 0.9));
    }
    if UPDATE.contains(&first) && names_parts {
        return match (context.has_diagram, first) {
            (true, _) => Some((Intent::DslUpdate, 0.9)),
            (false, "add" | "insert" | "put" | "include") => Some((Intent::DslCreate, 0.85)),
            (false, _) => Some((Intent::Clarify, 0.85)),
        };
    }
    let question = query.trim_end().ends_with('?') || QUESTION.contains(&first);
    if !question && !context.has_diagram && names_parts {
        return Some((Intent::DslCreate, 0.75));
    }
    (question && names_parts).then_some((Intent::ExpertQa, 0.7))
}

fn starts_with(words: &[&str], start: &[&str]) -> bool {
    words.len() > start.len() && words[..start.len()] == *start
}

fn contains(words: &[&str], phrase: &[&str]) -> bool {
    words.windows(phrase.len()).any(|window| window == phrase)
}

const POLITE: &[&str] =
    &["please", "pls", "plz", "kindly", "ok", "okay", "hey", "hi", "hello", "now", "then", "and"];
const SMALL_TALK: &[&str] = &[
    "thanks", "thank", "you", "yes", "no", "nope", "yep", "sure", "great", "cool", "nice", "good", "morning",
    "there",
];
const CREATE: &[&str] = &[
    "draw",
    "design",
    "create",
    "build",
    "generate",
    "sketch",
    "architect",
    "model",
    "diagram",
    "make",
    "draft",
];
const UPDATE: &[&str] = &[
    "add",
    "insert",
    "put",
    "include",
    "remove",
    "delete",
    "drop",
    "rename",
    "connect",
    "disconnect",
    "link",
    "unlink",
    "move",
    "replace",
    "swap",
    "split",
    "merge",
    "wrap",
    "group",
    "relabel",
    "attach",
    "detach",
];
const VIEW: &[&str] = &[
    "zoom",
    "hide",
    "unhide",
    "collapse",
    "expand",
    "highlight",
    "focus",
    "filter",
    "fit",
    "pan",
    "center",
    "centre",
];
const QUESTION: &[&str] = &[
    "how", "why", "what", "which", "when", "where", "who", "is", "are", "does", "do", "should", "would",
    "could", "can", "explain", "compare",
];
const ADVICE: &[&[&str]] = &[
    &["should", "i"],
    &["should", "we"],
    &["do", "i", "need"],
    &["do", "we", "need"],
    &["would", "it", "help"],
    &["is", "it", "better"],
    &["is", "it", "worth"],
    &["what", "is", "the", "difference"],
    &["how", "do", "i"],
    &["how", "does"],
    &["why", "is"],
    &["why", "do"],
    &["explain", "how"],
    &["explain", "why"],
    &["compare"],
    &["when", "should"],
    &["which", "is", "better"],
    &["what", "happens", "if"],
];
