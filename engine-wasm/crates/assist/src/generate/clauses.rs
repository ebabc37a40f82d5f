//! Clauses of a request: where a new one begins, who acts in it, and what one hands over to the next.

use spandrel_catalog::Kind;

use super::labels::is_plural;
use super::parse::{Mention, Relation};
use super::relations::plain;
use super::tokens::{Sign, Token};
use crate::words::english::{ADJECTIVES, Direction, STOP, TAKES, VERBS, number};

/// Whether the word at a token is done by what stands before it: a verb of the table, or an unknown word with the ending
/// of the third person before what it is done to.
pub(super) fn acts(tokens: &[Token], at: usize) -> bool {
    let Some(token) = tokens.get(at).filter(|token| token.is_word()) else { return false };
    let word = token.lower.as_str();
    let third = word.len() > 3 && word.ends_with('s') && !word.ends_with("ss") && !STOP.contains(&word);
    let object = tokens.get(at + 1).is_some_and(|next| {
        next.is(&["the", "a", "an", "to", "into", "it", "them", "their", "its", "each", "every", "all"])
    });
    VERBS.contains(&word) || (third && object)
}

/// Whether what follows a part is done by this part alone: "and the mailer consumes …".
pub(super) fn acts_alone(tokens: &[Token], part: &Mention) -> bool {
    let third = tokens.get(part.end).is_some_and(|token| token.lower.ends_with('s') && token.lower != "is");
    third && acts(tokens, part.end) && !is_plural(&tokens[part.start..part.end])
}

/// Whether mention `index` is who acts in a clause that begins with it: "…, the API stores …".
pub(super) fn begins(tokens: &[Token], mentions: &[Mention], found: &[Relation], index: usize) -> bool {
    let (a, b) = (&mentions[index - 1], &mentions[index]);
    let between = &tokens[a.end..b.start];
    if !acts(tokens, b.end) {
        return false;
    }
    let starts = between.iter().rposition(|token| !is_small(token));
    match starts.map(|at| &between[at]) {
        Some(token) if token.sign == Sign::Comma => true,
        Some(token) if token.is(&["and", "while", "where", "when", "then", "but", "so"]) => {
            acts_alone(tokens, b) || found.iter().any(|relation| relation.to + 1 == index)
        }
        _ => false,
    }
}

/// Where the last thing said between two parts begins: "consumes them and updates" says "updates" of the second.
pub(super) fn last_said(between: &[Token]) -> usize {
    let joins = |token: &Token| {
        token.sign == Sign::Comma || token.is(&["and", "which", "that", "who", "then", "but"])
    };
    let begins = |at: usize| {
        at > 0
            && joins(&between[at - 1])
            && (VERBS.contains(&between[at].lower.as_str()) || STOP.contains(&between[at].lower.as_str()))
            && !is_small(&between[at])
            && !joins(&between[at])
    };
    (0..between.len()).rev().find(|&at| begins(at)).unwrap_or(0)
}

/// Whether what is said goes on with who acted before: "and forwards to", ", stores it in".
pub(super) fn goes_on(between: &[Token]) -> bool {
    let verb = between.iter().position(|t| t.sign != Sign::Comma && !t.is(&["and", "then", "also"]));
    let Some(verb) = verb.filter(|&at| at > 0 && !between[..at].iter().all(|t| t.is(&["also"]))) else {
        return false;
    };
    let word = between[verb].lower.as_str();
    (VERBS.contains(&word) || STOP.contains(&word))
        && !is_small(&between[verb])
        && !between[verb].is(&["which", "that", "who", "where", "with", "both", "all", "they", "it"])
}

/// "both talk to", "they all use": everything of this kind that was named before.
pub(super) fn all_of_them(mentions: &[Mention], index: usize, between: &[Token]) -> Option<Vec<usize>> {
    // "… over gRPC, they all publish": only the last clause says who.
    let comma = between.iter().rposition(|t| t.sign == Sign::Comma).unwrap_or(0);
    let them = between[comma..].iter().find(|t| t.sign != Sign::Comma && !t.is(&["and", "which"]))?;
    let many = if them.is(&["both"]) {
        2
    } else if them.is(&["all", "they"]) {
        usize::MAX
    } else {
        return None;
    };
    // A recommender is a service among services.
    let layer = |m: usize| match mentions[m].component.layer().name {
        "ai" => "app",
        name => name,
    };
    let alike = |other: &usize| layer(*other) == layer(index) && !mentions[*other].negated;
    let mut all: Vec<usize> = (0..=index).rev().filter(alike).take(many).collect();
    all.reverse();
    (all.len() > 1).then_some(all)
}

/// "through", "via the": what follows stands in the way.
pub(super) fn is_way(between: &[Token]) -> bool {
    const WAYS: &[&str] = &["through", "via", "over", "by"];
    between.iter().all(|t| t.is(WAYS) || is_small(t)) && between.iter().any(|t| t.is(WAYS))
}

/// "to the": the way goes on.
pub(super) fn goes_on_to(between: &[Token]) -> bool {
    between.iter().all(|t| t.is(&["to", "into", "onto", "and"]) || is_small(t))
        && between.iter().any(|t| t.is(&["to", "into", "onto"]))
}

/// Whether a part was said to stand in the way: "through a proxy".
pub(super) fn stands_in_the_way(tokens: &[Token], part: &Mention) -> bool {
    let before = tokens[..part.start].iter().rev().find(|token| !is_small(token));
    before.is_some_and(|token| token.is(&["through", "via", "over", "by"]))
}

/// Who acts in what is said behind mention `index`: who acted before where "and" or a comma goes on, else the part itself.
pub(super) fn doer(found: &[Relation], index: usize, between: &[Token]) -> usize {
    if !goes_on(between) {
        return index;
    }
    // What flows against the phrase ("collects readings from sensors") is done by who receives it.
    let before = found.iter().rev().find_map(|r| {
        if r.to == index && r.from < index {
            Some(r.from)
        } else {
            (r.from == index && r.to < index).then_some(r.to)
        }
    });
    before.unwrap_or(index)
}

/// Who takes from a queue is fed by it, whatever the phrase: "reads from Kafka".
pub(super) fn as_flow(phrase: &str, b: &Mention) -> Option<(Direction, &'static str, bool)> {
    let takes = phrase.split(' ').next().is_some_and(|verb| TAKES.contains(&verb));
    (takes && b.component.kind == Kind::Queue).then_some((Direction::Backward, "Messages", true))
}

/// Words without a say between a verb and a part.
pub(super) fn is_small(token: &Token) -> bool {
    let word = token.lower.as_str();
    token.is(&[
        "a", "an", "the", "our", "their", "its", "my", "your", "his", "her", "some", "this", "that", "these",
        "each", "every", "all", "both", "one", "same", "own", "another", "other", "only", "any",
    ]) || (token.is_word() && (ADJECTIVES.contains(&word) || number(word).is_some()))
}

/// A phrase without the helpers before its verb: "which can then write to".
pub(super) fn without_small(between: &[Token]) -> &[Token] {
    let helpers = [
        "which", "that", "who", "can", "will", "must", "should", "may", "also", "then", "only", "all",
        "both", "each", "they", "it", "we", "just", "directly", "and", "to",
    ];
    let verb = between.iter().position(|t| t.sign != Sign::Comma && !t.is(&helpers)).unwrap_or(between.len());
    &between[verb..]
}

/// What one clause hands over to the next: "puts jobs on a queue, a worker …", "book over an app, the API stores them".
pub(super) fn hand_over(tokens: &[Token], mentions: &[Mention], found: &mut Vec<Relation>) {
    for index in 1..mentions.len() {
        let (a, b) = (&mentions[index - 1], &mentions[index]);
        if a.negated || b.negated || b.start < a.end || !acts(tokens, b.end) {
            continue;
        }
        // "a bus the orders lambda publishes to"
        let ends = tokens.get(b.end + 2).is_none_or(|t| !t.is_word());
        let to = tokens.get(b.end + 1).is_some_and(|t| t.is(&["to", "into", "in", "from"]));
        let direct = tokens[a.end..b.start].iter().all(|t| is_small(t) || t.is(&["that", "which"]));
        if ends && to && direct {
            found.push(plain(index, index - 1, ""));
            continue;
        }
        let between = &tokens[a.end..b.start];
        let border = between
            .iter()
            .any(|t| matches!(t.sign, Sign::Comma | Sign::Stop) || t.is(&["and", "then", "where", "while"]));
        let met = found
            .iter()
            .any(|r| (r.from == index - 1 && r.to == index) || (r.from == index && r.to == index - 1));
        if !border || met {
            continue;
        }
        let them = tokens.get(b.end + 1).is_some_and(|token| token.is(&["them", "it", "these", "those"]));
        let targeted = found.iter().any(|relation| relation.to == index);
        let leads = found.iter().any(|relation| relation.from == index - 1);
        let works = matches!(b.component.kind, Kind::Process | Kind::Ai);
        let outside = matches!(b.component.layer().name, "person" | "client" | "external");
        let waits = a.component.kind == Kind::Queue && works && !targeted && !leads;
        // "a rules engine calculates and the letter service prints": one after the other.
        let row = works
            && !outside
            && !targeted
            && !leads
            && a.component.kind == Kind::Process
            && acts(tokens, a.end)
            && found.iter().any(|relation| relation.to == index - 1)
            && !["scheduler", "worker"].contains(&b.component.id)
            && !between.iter().any(|t| t.sign == Sign::Stop);
        let asks = a.component.layer().name == "client" && works && !outside && !targeted && !leads;
        if them && !outside || waits || asks || row {
            let queue = a.component.kind == Kind::Queue;
            let label = if queue { "Messages" } else { "" };
            found.push(Relation { dashed: queue, ..plain(index - 1, index, label) });
        }
    }
}
