//! What a request states, read clause by clause before anything is drawn.
//!
//! `phrases` tells nouns, verbs and prepositions apart (words in `lexicon`), `clauses` finds who does what to whom and where,
//! `parts` what each noun is, `flow` what that says of how parts meet. The result is a [`Request`] like that of the other
//! grammar, and it is taken where the request states how most of its parts meet; who names only a goal gets a pattern.

mod ahead;
mod clauses;
mod flow;
mod known;
mod lexicon;
mod meet;
mod nouns;
mod parts;
mod phrases;
mod places;
mod resolve;
mod roles;
mod verbs;

use super::containers::{Container, find_containers};
use super::parse::{Mention, Request};
use super::tokens::Token;
use flow::Flow;
use parts::Meaning;
use places::Places;
use spandrel_base::LeanSort;

use crate::words::english::Place;

/// Whether a word (lower case) is a verb of the table in any form.
pub(crate) fn is_verb(word: &str) -> bool {
    lexicon::verb(word).is_some()
}

/// Longer requests are not read this way.
const MOST_TOKENS: usize = 1_000;

/// Reads what a request states; `None` where it states too little.
pub(super) fn stated(tokens: &[Token]) -> Option<Request> {
    if tokens.len() > MOST_TOKENS {
        return None;
    }
    let (phrases, nouns) = phrases::phrases(tokens);
    let mut read = clauses::clauses(&phrases, &nouns);
    let subject = title(tokens, &nouns, &mut read);
    let mut flow = Flow::new(tokens, &nouns, &read);
    flow.run();
    let places = Places {
        tokens,
        nouns: &nouns,
        meanings: &flow.meanings,
        pronouns: &flow.pronouns,
        mentions: &flow.parts.mentions,
    };
    let spots = places.find(&read);
    let mut mentions: Vec<Mention> = flow.parts.mentions.clone();
    for &part in &flow.unwanted {
        mentions[part].negated = true;
    }
    // Said again, a part is the same by its label.
    let first = mentions.len();
    for (noun, meaning) in nouns.iter().zip(&flow.meanings) {
        if let Some(Meaning::Part(part)) = meaning
            && mentions[*part].start != noun.start
        {
            let again = Mention { start: noun.start, end: noun.end, count: 1, ..mentions[*part].clone() };
            mentions.push(again);
        }
    }
    let relations = flow.relations;
    let drawn: Vec<usize> = (0..first).filter(|&part| !mentions[part].negated).collect();
    let meets = |part: &usize| relations.iter().any(|r| !r.weak && (r.from == *part || r.to == *part));
    let met = drawn.iter().filter(|part| meets(part)).count();
    let told = relations.iter().filter(|r| !r.weak).count();
    let enough = told >= 2 || drawn.len() == 2;
    if drawn.len() < 2 || told == 0 || !enough || met * 3 < drawn.len() * 2 {
        return None;
    }
    // Sorted by where they stand, as places look for them.
    let mut order: Vec<usize> = (0..mentions.len()).collect();
    order.lean_sort_by_key(|&at| mentions[at].start);
    let moved = |part: usize| order.iter().position(|&at| at == part).unwrap_or(part);
    let relations: Vec<super::parse::Relation> = relations
        .into_iter()
        .map(|r| super::parse::Relation {
            from: moved(r.from),
            to: moved(r.to),
            cuts: r.cuts.map(|(a, b)| (moved(a), moved(b))),
            ..r
        })
        .collect();
    let mentions: Vec<Mention> = order.iter().map(|&at| mentions[at].clone()).collect();
    let mut containers = find_containers(tokens, &mentions);
    if !spots.is_empty() && !containers.iter().any(|container| container.copies.len() > 1) {
        containers = spots
            .into_iter()
            .map(|spot| Container { parts: spot.parts.iter().map(|&part| moved(part)).collect(), ..spot })
            .collect();
    }
    let mut mentions = mentions;
    super::mentions::brokers(tokens, &mut mentions);
    super::parse::settle(tokens, &mut mentions, &relations, &containers);
    Some(Request { tokens: tokens.to_vec(), mentions, relations, containers, subject, stated: true })
}

/// "Payments: …": what stands before a colon at the beginning, without a verb, is the whole; its words name no part.
fn title(tokens: &[Token], nouns: &[phrases::Noun], read: &mut clauses::Clauses) -> String {
    let Some(first) = read.all.first() else { return String::new() };
    let Some(&noun) = first.subject.first() else { return String::new() };
    let colon = tokens.iter().position(|token| token.sign == super::tokens::Sign::Colon);
    let does = |c: &clauses::Clause| {
        c.verb.is_some_and(|verb| matches!(verb.voice, phrases::Voice::Active | phrases::Voice::Passive))
    };
    let before = |c: &clauses::Clause| {
        let mut all = c.subject.iter().chain(&c.objects).chain(c.places.iter().flat_map(|(_, list)| list));
        colon.is_some_and(|colon| all.all(|n| nouns[*n].end <= colon))
    };
    let lists = read.members.iter().any(|(owner, _)| *owner == noun);
    let count = read.all.iter().take_while(|c| before(c)).count();
    let early = colon.is_some_and(|colon| tokens[..colon].iter().all(Token::is_word))
        && count > 0
        && !read.all[..count].iter().any(does);
    // "Hybrid setup.", "Game backend for matchmaking.": a sentence without a verb that says what the whole is.
    let alone = read.all.iter().filter(|c| c.sentence == first.sentence).count() == 1 && read.all.len() > 2;
    let bare = first.verb.is_none()
        && first.arrow.is_none()
        && first.subject.len() == 1
        && !nouns[noun].negated
        && first.places.iter().all(|(place, list)| {
            let around = *place == Place::Within
                && list.iter().all(|n| super::containers::is_place(tokens, nouns[*n].start));
            around && !known::is_proper(tokens, &nouns[noun]) || matches!(place, Place::For | Place::Of)
        });
    let stop = tokens.iter().position(|token| token.sign == super::tokens::Sign::Stop);
    let sentence = alone
        && bare
        && stop.is_some_and(|stop| {
            nouns[noun].end <= stop
                && tokens[..stop].iter().all(|t| {
                    t.is_word()
                        || matches!(
                            t.sign,
                            super::tokens::Sign::Open
                                | super::tokens::Sign::Close
                                | super::tokens::Sign::Comma
                        )
                })
        });
    if sentence {
        read.all.remove(0);
        return String::new();
    }
    // "Frontends: web, iOS", "three services: a, b": what is listed are these.
    let last = &tokens[nouns[noun].end - 1].lower;
    let plural = spandrel_catalog::singular(last) != *last
        && super::mentions::phrase_at(tokens, nouns[noun].end - 1).is_some();
    let counted = lists && (plural || nouns[noun].count > 1);
    if !early || counted {
        return String::new();
    }
    let place = super::containers::is_place(tokens, nouns[noun].end - 1);
    if lists && place {
        return String::new();
    }
    read.all.drain(..count);
    if place {
        return String::new();
    }
    let texts: Vec<&str> =
        tokens[nouns[noun].start..nouns[noun].end].iter().map(|token| token.text.as_str()).collect();
    super::labels::title_case(&texts, false)
}

#[cfg(test)]
mod tests {
    use super::super::tokens::tokenize;
    use super::*;

    /// The connections that a request states, by labels.
    fn pairs(text: &str) -> Vec<String> {
        let Some(request) = stated(&tokenize(text)) else { return Vec::new() };
        let label = |at: usize| request.mentions[at].label.as_str();
        request.relations.iter().map(|r| format!("{} > {}", label(r.from), label(r.to))).collect()
    }

    #[test]
    fn clauses_say_how_parts_meet() {
        let cases: &[(&str, &[&str])] = &[
            // Relative clause, then the same subject goes on.
            (
                "Alpha calls a Beta service that reads from Postgres and writes to Kafka",
                &["Alpha > Beta Service", "Beta Service > PostgreSQL", "Beta Service > Kafka"],
            ),
            // Passive with who does it; "both" stands for the two that were named.
            (
                "Kafka is consumed by Ledger and Risk; both write to Redis",
                &["Kafka > Ledger", "Kafka > Risk", "Ledger > Redis", "Risk > Redis"],
            ),
            // The verb is not said twice; whose positions they are.
            (
                "Kong routes to an Orders service and a Couriers service. Orders in Postgres, courier positions in Redis",
                &[
                    "Kong > Orders Service",
                    "Kong > Couriers Service",
                    "Orders Service > PostgreSQL",
                    "Couriers Service > Redis",
                ],
            ),
            // What comes first in the sentence, and where things were.
            (
                "The API queues jobs on SQS. From there a worker takes them and stores results in S3",
                &["API Server > SQS", "SQS > Background Worker", "Background Worker > S3"],
            ),
            // Over what stands in the way; what is not done is not drawn.
            (
                "Ledger writes through Redis to Aurora, it never calls Stripe",
                &["Ledger > Redis", "Redis > Aurora"],
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(pairs(text), *expected, "{text}");
        }
    }

    #[test]
    fn who_names_a_goal_states_nothing() {
        for text in ["a RAG pipeline", "three-tier web app with postgres", "", "-> -> (", "a shop (a, b: c"] {
            assert!(stated(&tokenize(text)).is_none(), "{text}");
        }
    }

    #[test]
    fn lists_that_hold_themselves_end() {
        for text in [
            "services: services (services: queues (services), apis) call services: queues",
            "both (it (they, both) writes to both): the latter calls it",
            "workers (workers, workers: workers) and workers: workers",
        ] {
            let _ = stated(&tokenize(text));
        }
    }
}
