//! What a part is called in a request: the words before its head, which one of several, how many.

use spandrel_catalog::{Component, singular};

use super::parse::Mention;
use super::tokens::Token;
use crate::words::english::{ADJECTIVES, NAMES_TOO, PERIODS, STOP, VERBS, number};

/// "sensor C", "region 2": which one of several.
pub(super) fn instance(tokens: &[Token], at: usize) -> Option<&str> {
    let token = tokens.get(at).filter(|token| token.is_word() && !token.quoted)?;
    let letter =
        token.text.len() == 1 && token.text != "I" && token.text.chars().all(|c| c.is_ascii_uppercase());
    let number = token.text.len() <= 2 && token.text.chars().all(|c| c.is_ascii_digit());
    (letter || number).then_some(token.text.as_str())
}

/// "warehouse robots": a known word right before people or devices only says which.
pub(super) fn described(
    tokens: &[Token],
    mentions: &mut Vec<Mention>,
    component: &Component,
    label: String,
    start: usize,
    at: usize,
) -> (String, usize) {
    let Some(last) = mentions.last() else { return (label, start) };
    let says_which = last.end == at
        && last.end - last.start == 1
        && !last.named
        && last.component.id != component.id
        && matches!(component.layer().name, "person" | "client")
        && !matches!(last.component.layer().name, "person" | "edge");
    if !says_which {
        return (label, start);
    }
    let (start, which) = (last.start, title_of(&tokens[last.start..last.end]));
    mentions.pop();
    (format!("{which} {label}"), start)
}

/// Whether the request's own words for a part share none with its usual name: "appointment service" is drawn as said,
/// "auth" and "WAF" under their usual names.
pub(super) fn says_otherwise(said: &str, name: &str) -> bool {
    let (own, usual) = (spandrel_catalog::tokens(said), spandrel_catalog::tokens(name));
    let alike =
        |a: &str, b: &str| a == b || (a.len() >= 4 && b.starts_with(a)) || (b.len() >= 4 && a.starts_with(b));
    let distinct = |word: &&String| {
        !matches!(word.as_str(), "service" | "system" | "server" | "app" | "portal" | "site" | "store")
    };
    let shares = own.iter().filter(distinct).any(|a| usual.iter().any(|b| alike(a, b)));
    let initials: String = usual.iter().filter_map(|word| word.chars().next()).collect();
    said.len() > 2 && !shares && own.concat() != initials && own.iter().any(|word| word.len() > 2)
}

/// Components that stand for a whole class of things: the request's own word says more than their name.
pub(super) const AS_SAID: &[&str] = &[
    "iot_device",
    "vehicle",
    "user",
    "users",
    "customer",
    "third_party_api",
    "merchant",
    "analyst",
    "driver",
    "camera",
    "sensor",
    "kiosk",
    "users",
];

/// Unknown words right before a token that can be a name, in order; at most three.
pub(super) fn names_before(tokens: &[Token], at: usize, floor: usize) -> Vec<&str> {
    let mut start = at;
    while start > floor && at - start < 3 {
        let token = &tokens[start - 1];
        // "a draw service": a filler elsewhere, a name between an article and its head.
        let head_next = start == at
            && start > 1
            && tokens[start - 2].is(&["a", "an", "the", "one", "our", "new", "small"]);
        let is_name = token.is_word()
            && (!STOP.contains(&token.lower.as_str()) || (head_next && token.is(NAMES_TOO)))
            && !token.lower.chars().next().is_some_and(|c| c.is_ascii_digit() && token.lower.len() > 2)
            && number(&token.lower).is_none()
            && (!token.lower.ends_with("ly") || PERIODS.contains(&token.lower.as_str()))
            // "the gateway checks tokens": right behind a part stands what it does.
            && !(start - 1 == floor && floor > 0 && VERBS.contains(&token.lower.as_str()));
        if !is_name {
            break;
        }
        start -= 1;
    }
    while start < at && ADJECTIVES.contains(&tokens[start].lower.as_str()) {
        start += 1;
    }
    tokens[start..at].iter().map(|token| token.text.as_str()).collect()
}

pub(super) fn count_before(tokens: &[Token], at: usize) -> u32 {
    let mut at = at;
    // "three stateless web servers": an adjective may stand between.
    for _ in 0..4 {
        let Some(before) = at.checked_sub(1).map(|before| &tokens[before]) else { return 1 };
        if let Some(count) = number(&before.lower).filter(|&count| count > 0) {
            return count;
        }
        // "three tier web app" is one app.
        if before.is(&["tier", "tiered", "layer", "way"]) {
            return 1;
        }
        // "3 replicas of a Go API"
        let article = before.is(&["a", "an", "the"]) && at > 1 && tokens[at - 2].lower == "of";
        let units = before.is(&["replicas", "instances", "copies", "pods", "nodes"]);
        if article || units || before.lower == "of" || ADJECTIVES.contains(&before.lower.as_str()) {
            at -= 1;
        } else {
            return 1;
        }
    }
    1
}

pub(super) fn is_plural(head: &[Token]) -> bool {
    head.last().is_some_and(|last| singular(&last.lower) != last.lower)
}

pub(super) fn title_of(tokens: &[Token]) -> String {
    title_case(&tokens.iter().map(|token| token.text.as_str()).collect::<Vec<_>>(), false)
}

/// Title Case; words with capitals of their own stay; known short forms are capitals. `one`: in the singular.
pub(crate) fn title_case(words: &[&str], one: bool) -> String {
    let last = words.len().saturating_sub(1);
    let titled = words.iter().enumerate().map(|(index, word)| {
        let single = if one && index == last { singular(word) } else { (*word).to_owned() };
        let lower = single.to_lowercase();
        if INITIALS.contains(&lower.as_str()) {
            return lower.to_uppercase();
        }
        if single.chars().skip(1).any(char::is_uppercase) {
            return single;
        }
        let mut letters = single.chars();
        letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
    });
    titled.collect::<Vec<String>>().join(" ")
}

pub(super) const INITIALS: &[&str] = &[
    "api", "db", "sql", "ui", "ux", "ai", "ml", "llm", "cdn", "dns", "waf", "vpc", "vpn", "sso", "crm",
    "erp", "cms", "etl", "ci", "cd", "iot", "sms", "pdf", "http", "https", "grpc", "jwt", "id", "hr", "it",
    "qa", "s3", "sqs", "sns", "ehr", "emr", "kyc", "pos", "gps", "us", "eu", "bi", "siem", "tv", "b2b",
    "b2c", "faq", "cli", "sdk", "ocr", "gpu", "nlp", "rag", "tls", "bff", "kms", "iam", "vm", "ec2",
];
