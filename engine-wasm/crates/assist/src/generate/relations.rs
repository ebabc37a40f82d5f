//! How the parts of a request meet: what stands between two of them.

use spandrel_catalog::Kind;

use super::clauses;

use super::parse::{Mention, Relation};
use super::tokens::{Sign, Token};
use super::traffic::protocol_at;
use super::ways;
use crate::words::english::{
    ADJECTIVES, CHOOSES, Direction, GETS, RELATIONS, STOP, TAKES, THINGS, TOGETHER, VERBS, number,
};

pub(super) fn find_relations(tokens: &[Token], mentions: &[Mention]) -> Vec<Relation> {
    let mut found = Vec::new();
    for index in 1..mentions.len() {
        let (a, b) = (&mentions[index - 1], &mentions[index]);
        if a.negated || b.negated || b.start < a.end {
            continue;
        }
        let between = &tokens[a.end..b.start];
        if let Some(arrow) = between.iter().find(|t| t.is_arrow()) {
            let (from, to) = if arrow.sign == Sign::Left { (index, index - 1) } else { (index - 1, index) };
            let both = arrow.sign == Sign::Both;
            found.push(Relation { both, arrow: true, ..plain(from, to, "") });
            continue;
        }
        if between.iter().any(|token| token.sign == Sign::Stop) {
            continue;
        }
        let here = Here { tokens, mentions, index, between };
        let said = in_between(&here, &mut found)
            || in_a_row(&here, &mut found)
            || clauses::begins(tokens, mentions, &found, index)
            || ways::without_verb(&here, &mut found);
        if !said {
            by_verb(&here, &mut found);
        }
    }
    clauses::hand_over(tokens, mentions, &mut found);
    found
}

/// Two neighbouring mentions, and what stands between them.
pub(super) struct Here<'a> {
    pub(super) tokens: &'a [Token],
    pub(super) mentions: &'a [Mention],
    /// Of the second mention.
    pub(super) index: usize,
    pub(super) between: &'a [Token],
}

impl Here<'_> {
    pub(super) fn a(&self) -> &Mention {
        &self.mentions[self.index - 1]
    }

    pub(super) fn b(&self) -> &Mention {
        &self.mentions[self.index]
    }

    /// The second mention and what is listed with it.
    pub(super) fn targets(&self) -> Vec<usize> {
        group_from(self.tokens, self.mentions, self.index)
    }

    /// The label of the protocol that is said here; `""` where none is.
    pub(super) fn protocol(&self) -> &'static str {
        // What was said before the last comma was said of something else.
        let comma = self.between.iter().rposition(|t| t.sign == Sign::Comma).unwrap_or(0);
        (self.b().end..self.b().end + 2)
            .chain(self.a().end + comma..self.b().start)
            .find_map(|at| self.tokens.get(at).and_then(|_| protocol_at(self.tokens, at)))
            .unwrap_or_default()
    }
}

fn words_of(between: &[Token]) -> Vec<&str> {
    between.iter().filter(|t| t.is_word()).map(|t| t.lower.as_str()).collect()
}

/// "a cache between the API and the database", "picks between two models".
fn in_between(here: &Here<'_>, found: &mut Vec<Relation>) -> bool {
    let (words, index) = (words_of(here.between), here.index);
    if !ends_with_article(&words, "between") {
        return false;
    }
    if words.iter().any(|word| CHOOSES.contains(word)) {
        // One of several is asked.
        let doer = clauses::doer(found, index - 1, here.between);
        found.extend(here.targets().into_iter().map(|to| plain(doer, to, "")));
    } else if let Some((left, right)) = pair_after(here.tokens, here.mentions, index) {
        let cuts = Some((left, right));
        found.push(Relation { cuts, ..plain(index - 1, right, "") });
        found.push(Relation { cuts, ..plain(left, index - 1, "") });
    }
    true
}

/// "…, then X, Y and Z": a row in which each feeds the next.
fn in_a_row(here: &Here<'_>, found: &mut Vec<Relation>) -> bool {
    if !here.between.iter().any(|t| t.is(&["then"])) {
        return false;
    }
    let again = here.between.iter().any(|t| t.is(&["from", "to"]));
    let doer = found.iter().find(|r| r.to + 1 == here.index).map(|r| r.from).filter(|_| again);
    let mut from = doer.unwrap_or(here.index - 1);
    for to in here.targets() {
        found.push(plain(from, to, here.protocol()));
        from = doer.unwrap_or(to);
    }
    true
}

/// What a verb or a phrase of the table says between the two.
fn by_verb(here: &Here<'_>, found: &mut Vec<Relation>) {
    let Here { tokens, mentions, index, between } = *here;
    let said = &between[clauses::last_said(between)..];
    let told = relation_in(&words_of(said)).copied().filter(|_| !new_clause(between));
    let Some((phrase, direction, label, dashed)) = told.or_else(|| leads_on(said, here.a(), here.b())) else {
        return;
    };
    let (direction, label, dashed) = clauses::as_flow(phrase, here.b()).unwrap_or((direction, label, dashed));
    let label = if here.protocol().is_empty() { label } else { here.protocol() };
    let mut targets = here.targets();
    // "serving behind an API, monitoring": without "and" the list goes on with what was listed before.
    if phrase == "behind" && !between_any(tokens, mentions, index, &["and", "or"]) {
        targets.truncate(1);
    }
    for from in subjects(tokens, mentions, found, index - 1, phrase, between) {
        // "a VPN for workers to reach the wiki": the way leads over the VPN.
        let door = found
            .iter()
            .find(|r| r.from == from && r.to + 1 == from && mentions[r.to].component.layer().name == "edge");
        let from = door.map_or(from, |door| door.to);
        for &to in &targets {
            let (from, to) = if direction == Direction::Forward { (from, to) } else { (to, from) };
            if let Some(doer) = also_does(here, found, from) {
                found.push(plain(doer, from, ""));
            }
            let weak = matches!(phrase, "into" | "to");
            found.push(Relation { dashed, weak, ..plain(from, to, label) });
        }
    }
}

/// "reads from a replica and mails through SendGrid": who reads also mails.
fn also_does(here: &Here<'_>, found: &[Relation], from: usize) -> Option<usize> {
    let verb = here.tokens.get(here.mentions[from].start).is_some_and(|t| VERBS.contains(&t.lower.as_str()));
    let joined = from + 1 == here.index
        && verb
        && from > 0
        && matches!(here.tokens.get(here.mentions[from - 1].end..here.mentions[from].start), Some([and]) if and.is(&["and"]));
    let doer = found.iter().find(|r| r.to + 1 == from && r.to + 2 == here.index).map(|r| r.from)?;
    (joined && doer != from).then_some(doer)
}

/// Whether one of these words stands between mention `index` and the next.
fn between_any(tokens: &[Token], mentions: &[Mention], index: usize, words: &[&str]) -> bool {
    let next = mentions.get(index + 1).and_then(|next| tokens.get(mentions[index].end..next.start));
    next.is_some_and(|between| between.iter().any(|token| token.is(words)))
}

/// Who acts on mention `index + 1`: mention `index` and what is listed with it, but not what the clause before was done to
/// ("uploads to S3, Lambda saves to …"); in "servers behind a balancer connected to a cache" it is the servers.
pub(super) fn subjects(
    tokens: &[Token],
    mentions: &[Mention],
    found: &[Relation],
    index: usize,
    phrase: &str,
    between: &[Token],
) -> Vec<usize> {
    if let Some(all) = clauses::all_of_them(mentions, index, between) {
        return all;
    }
    // "… asks the auth service and forwards to the shop": who asked also forwards.
    let doer = clauses::doer(found, index, between);
    // "are transcoded by workers and stored in a bucket": who did the one does the other.
    let passive = clauses::stands_in_the_way(tokens, &mentions[index])
        && between.iter().any(|t| t.lower.ends_with("ed") || t.is(&["written", "kept", "sent"]));
    if doer != index {
        return vec![if passive { index } else { doer }];
    }
    // "an app with a cache and a queue, served by NGINX" says it of the app.
    let of_all = matches!(phrase, "served by" | "fronted by" | "protected by" | "behind");
    let files = mentions[index].component.kind == Kind::Storage
        && mentions.get(index + 1).is_some_and(|next| next.component.id == "cdn");
    if of_all
        && !files
        && between.first().is_some_and(|t| t.sign == Sign::Comma)
        && !matches!(mentions[index].component.layer().name, "app" | "edge" | "client")
    {
        let start = tokens[..mentions[index].start].iter().rposition(|t| t.sign == Sign::Stop).unwrap_or(0);
        let whole = (0..index).find(|&m| {
            mentions[m].start >= start && matches!(mentions[m].component.layer().name, "app" | "client")
        });
        return vec![whole.unwrap_or(index)];
    }
    // "a site with MySQL behind NGINX": the site stands there, not what it keeps its things in.
    if phrase == "behind" && matches!(mentions[index].component.layer().name, "data" | "messaging") {
        let owner =
            found.iter().rev().find(|r| r.to == index && mentions[r.from].component.layer().name == "app");
        if let Some(owner) = owner {
            return vec![owner.from];
        }
    }
    let behind: Vec<usize> = found
        .iter()
        .filter(|relation| relation.from == index && relation.to < index)
        .map(|relation| relation.to)
        .collect();
    let participle = ["connected", "connecting", "talking", "writing", "reading", "backed", "sharing"];
    if !behind.is_empty() && participle.iter().any(|word| phrase.starts_with(word)) {
        return behind;
    }
    let mut group = group_ending_at(tokens, mentions, index);
    // "a cache, a web app behind a proxy": without "and" only the last stands there.
    let joined = index > 0
        && tokens[mentions[index - 1].end.min(mentions[index].start)..mentions[index].start]
            .iter()
            .any(|t| t.is(&["and", "or"]));
    if matches!(phrase, "behind" | "in front of" | "ahead of") && !joined {
        group = vec![index];
    }
    group.retain(|&other| other == index || !found.iter().any(|relation| relation.to == other));
    group
}

pub(super) fn plain(from: usize, to: usize, label: &'static str) -> Relation {
    Relation { from, to, label, dashed: false, both: false, arrow: false, weak: false, cuts: None }
}

/// Whether a comma between two parts begins a clause with a doer of its own: "…, and API calls go through …".
pub(super) fn new_clause(between: &[Token]) -> bool {
    let Some(comma) = between.iter().rposition(|t| t.sign == Sign::Comma) else { return false };
    // ", exposed over": a participle says more of what was named.
    if between.get(comma + 1).is_some_and(|t| t.lower.ends_with("ed")) {
        return false;
    }
    let rest: Vec<&Token> = between[comma + 1..]
        .iter()
        .skip_while(|t| t.is(&["and", "which", "that", "who", "then", "it", "they", "also", "all"]))
        .collect();
    rest.first().is_some_and(|t| {
        t.is_word() && !STOP.contains(&t.lower.as_str()) && !VERBS.contains(&t.lower.as_str())
    })
}

/// What a table of relations says of a phrase: the phrase, who acts, the label, whether the line is dashed.
pub(super) type Said = (&'static str, Direction, &'static str, bool);

/// "robots report positions to a manager": something is done, and to what, directly or by the preposition before it.
fn leads_on(between: &[Token], a: &Mention, b: &Mention) -> Option<Said> {
    const ENDS: &[&str] =
        &["to", "into", "on", "onto", "from", "in", "at", "through", "via", "over", "by", "using"];
    let said = clauses::without_small(between);
    let (verb, rest) = said.split_first()?;
    // "reach an on-prem server": where it stands says nothing of how they meet.
    let stands = rest.iter().position(|t| t.is(&["prem", "premise", "premises"]));
    let rest =
        if stands.is_some_and(|at| at > 0 && at + 1 == rest.len()) { &rest[..rest.len() - 2] } else { rest };
    // "that triages tickets from": behind "that" an ending is enough for a verb.
    let third = between.iter().any(|t| t.is(&["that", "which", "who"]))
        && verb.lower.len() > 4
        && verb.lower.ends_with('s')
        && !STOP.contains(&verb.lower.as_str());
    if !(VERBS.contains(&verb.lower.as_str()) || third) || rest.iter().any(|t| !t.is_word()) {
        return None;
    }
    let last = rest.iter().rev().find(|t| !clauses::is_small(t));
    if last.is_some_and(|last| !(last.is(ENDS) || last.is(&["with"]) && verb.is(TOGETHER))) {
        return None;
    }
    // "a login flow with": behind the name of one thing a verb's bare form is a thing.
    if verb.is(THINGS) && last.is_some_and(|last| last.is(&["with", "in"])) && between[0] == *verb {
        return None;
    }
    let from = last.is_some_and(|last| last.is(&["from"]))
        || (b.component.layer().name == "client"
            && last.is_some_and(|last| last.is(&["through", "via", "by", "over"])));
    // "winners get a message"
    if verb.is(&["get", "gets", "receive", "receives"]) && a.component.layer().name == "person" {
        return Some(("from", Direction::Backward, "", false));
    }
    let plain = ("to", Direction::Forward, "", false);
    if b.component.kind == Kind::Queue && (verb.is(TAKES) || from) {
        return Some(("from", Direction::Backward, "Messages", true));
    }
    if from && verb.is(GETS) {
        return Some(("from", Direction::Backward, "", false));
    }
    Some(plain)
}

pub(super) fn ends_with_article(words: &[&str], wanted: &str) -> bool {
    let small = |word: &str| {
        ["a", "an", "the", "our", "my"].contains(&word) || ADJECTIVES.contains(&word) || word == "local"
    };
    let last = words.iter().rev().find(|word| !small(word));
    last.is_some_and(|last| *last == wanted)
}

/// The two parts of "between A and B", the first of which is mention `index`.
pub(super) fn pair_after(tokens: &[Token], mentions: &[Mention], index: usize) -> Option<(usize, usize)> {
    let (a, b) = (mentions.get(index)?, mentions.get(index + 1)?);
    let joined = tokens.get(a.end..b.start)?.iter().any(|token| token.is(&["and"]));
    joined.then_some((index, index + 1))
}

pub(super) fn relation_in(words: &[&str]) -> Option<&'static Said> {
    let fits = |phrase: &str| {
        let phrase: Vec<&str> = phrase.split(' ').collect();
        // "authenticates with", "authenticate with": the verb in either form, where more than it is said.
        let same = |said: &str, wanted: &str, at: usize| {
            said == wanted
                || (at == 0
                    && phrase.len() > 1
                    && spandrel_catalog::singular(said) == spandrel_catalog::singular(wanted))
        };
        words.windows(phrase.len()).any(|window| {
            window.iter().zip(&phrase).enumerate().all(|(at, (said, wanted))| same(said, wanted, at))
        })
    };
    RELATIONS.iter().filter(|(phrase, ..)| fits(phrase)).max_by_key(|(phrase, ..)| phrase.len())
}

/// Mentions that are listed together with mention `index` and end at it.
pub(super) fn group_ending_at(tokens: &[Token], mentions: &[Mention], index: usize) -> Vec<usize> {
    let mut group = vec![index];
    let mut at = index;
    while at > 0 && listed(tokens, &mentions[at - 1], &mentions[at]) {
        at -= 1;
        group.insert(0, at);
    }
    group
}

pub(super) fn group_from(tokens: &[Token], mentions: &[Mention], index: usize) -> Vec<usize> {
    let mut group = vec![index];
    let mut ended = false;
    let mut at = index;
    while at + 1 < mentions.len() && listed(tokens, &mentions[at], &mentions[at + 1]) {
        at += 1;
        // "a WAF in front of the API and a queue between …": what goes on to say more is a clause of its own.
        let next = mentions.get(at + 1).and_then(|next| tokens.get(mentions[at].end..next.start));
        let goes_on = next.is_some_and(|between| {
            let words: Vec<&str> = between.iter().filter(|t| t.is_word()).map(|t| t.lower.as_str()).collect();
            let clause = between.iter().any(|t| t.sign == Sign::Comma);
            !clause && (relation_in(&words).is_some() || words.contains(&"between"))
        });
        // "to Kafka, Elasticsearch for the search": what is told by itself is no further object.
        let comma = tokens
            .get(mentions[at - 1].end..mentions[at].start)
            .is_some_and(|between| !between.iter().any(|t| t.is(&["and", "or"])));
        let meant = |t: &Token| t.is(&["for", "as", "behind", "in"]);
        let by_itself = comma
            && (tokens.get(mentions[at].end).is_some_and(meant)
                || tokens[mentions[at].start..mentions[at].end].iter().any(meant))
            && !next.is_some_and(|between| between.iter().any(|t| t.is(&["and", "or"])));
        // "Kafka and the mailer consumes …": who does something is no object of the clause before.
        let does = tokens.get(mentions[at].end).is_some_and(|t| VERBS.contains(&t.lower.as_str()));
        // "A, B and C, D": behind "and" the list is at its end.
        if goes_on || does || by_itself || (ended && comma) {
            break;
        }
        ended |= !comma;
        group.push(at);
    }
    // "the same app, auth by Clerk, listings in …": commas alone make no list before the sentence goes on.
    let last = group[group.len() - 1];
    let closed = tokens.get(mentions[last].end).is_none_or(|t| !t.is_word() && t.sign != Sign::Comma);
    if !ended && !closed {
        group.truncate(1);
    }
    group
}

pub(super) fn listed(tokens: &[Token], a: &Mention, b: &Mention) -> bool {
    let Some(between) = tokens.get(a.end..b.start) else { return false };
    let joins = between.iter().any(|t| t.sign == Sign::Comma || t.is(&["and", "or"]));
    let only = between.iter().all(|t| {
        t.sign == Sign::Comma
            || t.is(&["and", "or", "a", "an", "the", "our", "my", "replicas", "instances", "copies", "of"])
            || ADJECTIVES.contains(&t.lower.as_str())
            || (t.is_word() && t.lower.len() > 4 && t.lower.ends_with("ly"))
            || number(&t.lower).is_some()
    });
    // "a mobile app, the API stores …": without "and" before it, who acts begins a clause of its own.
    let and = between.iter().any(|t| t.is(&["and", "or"]));
    let acts = clauses::acts(tokens, b.end) && (!and || clauses::acts_alone(tokens, b));
    joins && only && !acts && !a.negated && !b.negated
}
