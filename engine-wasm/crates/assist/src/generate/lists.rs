//! Parts that the catalogue does not know, found by where they stand: in a list with known parts, before a head that
//! the list shares ("flight, hotel and car services").

use spandrel_base::LeanSort;
use spandrel_catalog::{Component, Kind, Word, find, lookup, singular};

use super::labels::title_case;
use super::mentions::generic_of;
use super::parse::Mention;
use super::tokens::{Sign, Token};
use crate::words::english::{ADJECTIVES, STOP, SUBJECT_HEADS, VERBS, number};

/// Heads that a list shares, with the component of one and the word that ends its name.
const SHARED_HEADS: &[(&str, &str, &str)] = &[
    ("services", "microservice", "Service"),
    ("microservices", "microservice", "Service"),
    ("subgraphs", "microservice", "Subgraph"),
    ("apis", "api", "API"),
    ("workers", "worker", "Worker"),
    ("databases", "database", "Database"),
    ("teams", "users", "Team"),
];

/// What is counted of a product's setup.
const MEASURES: &[&str] = &[
    "partitions",
    "shards",
    "replicas",
    "nodes",
    "cores",
    "topics",
    "zones",
    "copies",
    "brokers",
    "instances",
];

/// Things that end as trades do.
pub(super) const MACHINES: &[&str] = &[
    "server",
    "container",
    "router",
    "printer",
    "scanner",
    "reader",
    "meter",
    "counter",
    "tracker",
    "controller",
    "worker",
    "handler",
    "loader",
    "parser",
    "adapter",
    "connector",
    "sensor",
    "monitor",
    "processor",
    "generator",
    "computer",
    "transformer",
    "number",
    "order",
    "letter",
    "folder",
    "header",
    "filter",
    "buffer",
    "cluster",
    "trigger",
    "timer",
    "poster",
    "voucher",
    "actuator",
    "inverter",
    "charger",
    "locker",
    "elevator",
    "beacon",
    "scraper",
    "crawler",
    "fetcher",
    "collector",
    "exporter",
    "poller",
    "validator",
    "master",
    "layer",
    "user",
    "tier",
    "newsletter",
    "character",
    "flyer",
    "banner",
    "power",
    "paper",
    "matter",
    "factor",
    "error",
    "color",
];

/// Whether an unknown word in the singular names who does something: "pharmacist", "walker".
pub(super) fn is_trade(word: &str) -> bool {
    word.len() > 4 && ["er", "or", "ist", "ian", "ant", "ee"].iter().any(|ending| word.ends_with(ending))
}

/// "users, products and orders services": each item of the list is a service.
pub(super) fn shared_heads(tokens: &[Token], mentions: &mut Vec<Mention>) {
    for at in 1..tokens.len() {
        let Some(&(_, id, ending)) = SHARED_HEADS.iter().find(|(head, ..)| tokens[at].is(&[head])) else {
            continue;
        };
        let items = items_before(tokens, mentions, at);
        let Some(component) = find(id).filter(|_| items.len() >= 2) else { continue };
        // "django, celery workers" are two things; "users, orders and billing services" three of a kind.
        let last = items[items.len() - 1].0;
        if !tokens[last - 1].is(&["and", "or"]) {
            continue;
        }
        let start = items[0].0;
        mentions.retain(|mention| mention.end <= start || mention.start > at);
        for &(from, to) in &items {
            let words: Vec<&str> = tokens[from..to].iter().map(|token| token.text.as_str()).collect();
            let label = format!("{} {ending}", title_case(&words, true));
            let known = lookup(&spandrel_catalog::tokens(&label)).and_then(|(word, _)| word.component());
            let component =
                known.filter(|known| known.layer().name == component.layer().name).unwrap_or(component);
            mentions.push(mention(component, label, from, if to == at { at + 1 } else { to }));
        }
        mentions.lean_sort_by_key(|mention| mention.start);
    }
}

/// Token ranges of the items of the list that ends right before `head`.
fn items_before(tokens: &[Token], mentions: &[Mention], head: usize) -> Vec<(usize, usize)> {
    let may_name = |at: usize| {
        let known = mentions.iter().find(|m| m.start <= at && at < m.end);
        known.is_none_or(|m| matches!(m.component.layer().name, "app" | "person" | "client"))
            && tokens[at].is_word()
            && !STOP.contains(&tokens[at].lower.as_str())
            && number(&tokens[at].lower).is_none()
    };
    let mut items = Vec::new();
    let mut end = head;
    loop {
        let mut start = end;
        while start > 0 && end - start < 2 && may_name(start - 1) {
            start -= 1;
        }
        if start == end {
            break;
        }
        items.insert(0, (start, end));
        let mut before = start;
        while before > 0 && (tokens[before - 1].sign == Sign::Comma || tokens[before - 1].is(&["and", "or"]))
        {
            before -= 1;
        }
        if before == start || before == 0 {
            break;
        }
        end = before;
    }
    items
}

/// Items without any known word, in a list that has a known part: "orders, wishlists and a loyalty ledger".
pub(super) fn unknown_items(tokens: &[Token], mentions: &mut Vec<Mention>) {
    let Some(service) = find("microservice") else { return };
    let mut added: Vec<Mention> = Vec::new();
    for (list, items) in lists(tokens) {
        let known = |range: &(usize, usize)| mentions.iter().any(|m| m.start < range.1 && m.end > range.0);
        // The first item before "with" or a colon is the whole, not a part.
        let many = items.len() >= 3;
        if items.len() < 2 || !(items.iter().any(known) || (list && many)) || !(list || many) {
            continue;
        }
        for range in items.iter().filter(|range| !known(range)) {
            let (mut start, end) = *range;
            while start < end
                && (tokens[start].is(&["a", "an", "the", "some", "our"])
                    || number(&tokens[start].lower).is_some())
            {
                start += 1;
            }
            // "the MDM validates and stores": who does it, without what is done.
            let mut end = end;
            while end > start + 1 {
                let last = tokens[end - 1].lower.as_str();
                if !last.ends_with('s') || !VERBS.contains(&last) || lookup(&[last]).is_some() {
                    break;
                }
                end -= 1;
            }
            let words = &tokens[start..end];
            let plain = |token: &Token| {
                let word = token.lower.as_str();
                token.is_word()
                    && !STOP.contains(&word)
                    && !word.ends_with("ly")
                    && word.chars().any(char::is_alphabetic)
            };
            // "an 8 minute TTL" is a setting.
            let setting =
                ["ttl", "minute", "minutes", "second", "seconds", "hour", "hours", "days", "rps", "tps"];
            if words.iter().any(|token| token.is(&setting)) {
                continue;
            }
            let says_something = words.iter().any(|token| !ADJECTIVES.contains(&token.lower.as_str()));
            if words.is_empty() || words.len() > 3 || !words.iter().all(plain) || !says_something {
                continue;
            }
            // "stores photos" is done by somebody; "review queue" and "reviews" are things.
            let does = words[..words.len() - 1]
                .iter()
                .any(|token| token.lower.ends_with('s') && VERBS.contains(&token.lower.as_str()));
            // "picks between": what is done, and to what.
            let leads = tokens.get(end).is_some_and(|t| t.is(&["between", "from", "to", "into", "among"]))
                && VERBS.contains(&words[words.len() - 1].lower.as_str());
            if does || leads || words.iter().any(|token| SUBJECT_HEADS.contains(&token.lower.as_str())) {
                continue;
            }
            // "Kafka with 12 partitions": how it is set up, no part of its own.
            let counted = start > range.0 && number(&tokens[start - 1].lower).is_some();
            if counted && words.len() == 1 && words[0].is(MEASURES) {
                continue;
            }
            let texts: Vec<&str> = words.iter().map(|token| token.text.as_str()).collect();
            let last = &words[words.len() - 1];
            if words.len() > 1 && last.is(&["online", "offline", "back", "out", "later", "again"]) {
                continue;
            }
            // "customers" is no known part, but a known kind of thing.
            let head = words.last().map(|token| lookup(&[token.lower.as_str()])).unwrap_or_default();
            // "3 services (billing, accounts)": its names are the parts.
            if head.and_then(|(word, _)| word.component()).is_some_and(|c| c.id == "microservice")
                && words.len() == 1
            {
                continue;
            }
            let known = head.and_then(|(word, _)| match word {
                Word::Kind(Kind::Person) => find("users"),
                Word::Kind(kind) => generic_of(kind, &words[words.len() - 1].lower),
                _ => None,
            });
            // "students, librarians and a backend": who does something for a living.
            let one = singular(&last.lower);
            let people =
                one != last.lower && words.len() <= 2 && is_trade(&one) && !MACHINES.contains(&one.as_str());
            let known = known.or_else(|| find("users").filter(|_| people));
            added.push(mention(known.unwrap_or(service), title_case(&texts, false), start, end));
        }
    }
    mentions.extend(added);
    mentions.lean_sort_by_key(|mention| mention.start);
}

/// "upload -> transcoder -> bucket": what an arrow leads from or to is a part, known or not.
pub(super) fn at_arrows(tokens: &[Token], mentions: &mut Vec<Mention>) {
    const LONGEST: usize = 4;
    let Some(service) = find("microservice").filter(|_| tokens.iter().any(Token::is_arrow)) else { return };
    let mut added = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if !tokens[at].is_word() {
            at += 1;
            continue;
        }
        let start = at;
        while at < tokens.len() && tokens[at].is_word() {
            at += 1;
        }
        let behind = start > 0 && tokens[start - 1].is_arrow();
        let before = tokens.get(at).is_some_and(Token::is_arrow);
        let known = mentions.iter().any(|m| m.start < at && m.end > start);
        if known || !(behind || before) {
            continue;
        }
        // In a sentence before the first arrow only its end is the part.
        let mut from = if behind { start } else { at.saturating_sub(LONGEST).max(start) };
        while from < at
            && (STOP.contains(&tokens[from].lower.as_str()) || number(&tokens[from].lower).is_some())
        {
            from += 1;
        }
        let to = at.min(from + LONGEST);
        let to = (from..to).find(|&i| STOP.contains(&tokens[i].lower.as_str())).unwrap_or(to);
        if from < to {
            let words: Vec<&str> = tokens[from..to].iter().map(|token| token.text.as_str()).collect();
            added.push(mention(service, title_case(&words, false), from, to));
        }
    }
    mentions.extend(added);
    mentions.lean_sort_by_key(|mention| mention.start);
}

/// Lists of a request: whether something introduces it, and the token ranges of its items.
fn lists(tokens: &[Token]) -> Vec<(bool, Vec<(usize, usize)>)> {
    let mut out = Vec::new();
    let mut introduced = false;
    let mut items: Vec<(usize, usize)> = Vec::new();
    let mut start = 0;
    for at in 0..=tokens.len() {
        let token = tokens.get(at);
        let comma = token.is_some_and(|t| t.sign == Sign::Comma || t.is(&["and", "plus"]));
        let opens = token.is_some_and(|t| {
            matches!(t.sign, Sign::Colon | Sign::Open)
                || t.is(&["with", "including", "using", "has", "have", "containing", "between", "like"])
        });
        let ends = token.is_none_or(|t| {
            matches!(t.sign, Sign::Stop | Sign::Close | Sign::Right | Sign::Left | Sign::Both)
        });
        if !(comma || opens || ends) {
            continue;
        }
        if at > start {
            items.push((start, at));
        }
        start = at + 1;
        if opens || ends {
            out.push((introduced, std::mem::take(&mut items)));
            introduced = opens;
        }
    }
    out
}

pub(super) fn mention(component: &'static Component, label: String, start: usize, end: usize) -> Mention {
    Mention { component, label, named: true, compound: true, count: 1, negated: false, start, end }
}
