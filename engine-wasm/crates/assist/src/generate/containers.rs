//! What stands in what: "a DMZ with a web server", "Oracle on-prem", "three services in Kubernetes".

use super::labels::title_case;
use super::parse::Mention;
use super::relations::{group_ending_at, group_from};
use super::tokens::{Sign, Token};
use crate::words::english::{ADJECTIVES, STOP, number};

/// A place that a request names, and the parts (indices of mentions) that it puts there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Container {
    pub(crate) label: String,
    pub(crate) parts: Vec<usize>,
    /// Something that everything runs in: a cloud, a cluster, a region.
    pub(crate) runtime: bool,
    /// Range of tokens of its name.
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// Last words of places: words, label where the words alone are none, whether everything may run in it.
const PLACES: &[(&[&str], &str, bool)] = &[
    (&["dmz"], "DMZ", false),
    (&["lan"], "LAN", false),
    (&["vlan"], "VLAN", false),
    (&["vpc"], "VPC", true),
    (&["vnet"], "VNet", true),
    (&["subnet"], "Subnet", false),
    (&["availability", "zone"], "Availability Zone", false),
    (&["region"], "Region", true),
    (&["site"], "Site", false),
    (&["data", "center"], "Data Center", true),
    (&["datacenter"], "Data Center", true),
    (&["namespace"], "Namespace", false),
    (&["kubernetes", "cluster"], "Kubernetes Cluster", true),
    (&["k8s", "cluster"], "Kubernetes Cluster", true),
    (&["kubernetes"], "Kubernetes", true),
    (&["k8s"], "Kubernetes", true),
    (&["eks"], "EKS", true),
    (&["gke"], "GKE", true),
    (&["aks"], "AKS", true),
    (&["on", "prem"], "On-Prem", false),
    (&["on", "premise"], "On-Prem", false),
    (&["on", "premises"], "On-Prem", false),
    (&["aws"], "AWS", true),
    (&["azure"], "Azure", true),
    (&["gcp"], "Google Cloud", true),
    (&["google", "cloud"], "Google Cloud", true),
    (&["heroku"], "Heroku", true),
    (&["hetzner"], "Hetzner", true),
];

/// Words that put what follows them into the place before them.
const HOLDS: &[&str] = &[
    "with",
    "containing",
    "contains",
    "holding",
    "hosting",
    "hosts",
    "has",
    "having",
    "where",
    "running",
    "runs",
];
/// Words that put what stands before them into the place after them.
const WITHIN: &[&str] = &["in", "inside", "within", "on", "at"];

/// Finds places with something in them.
pub(super) fn find_containers(tokens: &[Token], mentions: &[Mention]) -> Vec<Container> {
    let mut found: Vec<Container> = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let Some((length, label, runtime)) = place_at(tokens, at) else {
            at += 1;
            continue;
        };
        let end = at + length;
        let (start, label) = named(tokens, at, end, label);
        let own = |m: &Mention| m.start < end && m.end > start;
        let mut parts = parts_after(tokens, mentions, end, label == "On-Prem");
        if parts.is_empty() {
            parts = parts_before(tokens, mentions, start);
        }
        parts.retain(|&part| !own(&mentions[part]) && !mentions[part].negated);
        if !parts.is_empty() {
            found.push(Container { label, parts, runtime, start, end });
        }
        at = end;
    }
    // A part stands in one place: the last that was said.
    for index in 0..found.len() {
        let later: Vec<usize> = found[index + 1..].iter().flat_map(|c| c.parts.clone()).collect();
        found[index].parts.retain(|part| !later.contains(part));
    }
    found.retain(|container| !container.parts.is_empty());
    found
}

fn place_at(tokens: &[Token], at: usize) -> Option<(usize, &'static str, bool)> {
    let fits = |words: &[&str]| {
        words
            .iter()
            .enumerate()
            .all(|(offset, word)| tokens.get(at + offset).is_some_and(|token| token.is(&[word])))
    };
    PLACES
        .iter()
        .find(|(words, ..)| fits(words))
        .map(|&(words, label, runtime)| (words.len(), label, runtime))
}

/// The place's whole name: "private subnet", "primary site in Frankfurt".
fn named(tokens: &[Token], at: usize, end: usize, label: &str) -> (usize, String) {
    let mut start = at;
    let may = |token: &Token| {
        let word = token.lower.as_str();
        let adjective =
            ["public", "private", "internal", "primary", "standby", "secondary", "main", "backup"]
                .contains(&word);
        token.is_word()
            && (adjective || !STOP.contains(&word) && !ADJECTIVES.contains(&word) && number(word).is_none())
    };
    let short = matches!(label, "On-Prem" | "AWS" | "Azure" | "Google Cloud" | "Kubernetes");
    while !short && start > 0 && at - start < 2 && may(&tokens[start - 1]) {
        start -= 1;
    }
    let before: Vec<&str> = tokens[start..at].iter().map(|token| token.text.as_str()).collect();
    let mut name = title_case(&before, false);
    if !name.is_empty() {
        name.push(' ');
    }
    name.push_str(label);
    // "primary site in Frankfurt": the city belongs to the name.
    let city = tokens.get(end).is_some_and(|t| t.is(&["in"]))
        && tokens.get(end + 1).is_some_and(|t| t.text.chars().next().is_some_and(char::is_uppercase))
        && matches!(label, "Site" | "Region" | "Data Center");
    if city {
        name = format!("{name} {}", tokens[end + 1].text);
    }
    (start, name)
}

/// "a DMZ with A and B"; with `direct`, "on-prem A and B" too.
fn parts_after(tokens: &[Token], mentions: &[Mention], end: usize, direct: bool) -> Vec<usize> {
    let Some(first) = mentions.iter().position(|mention| mention.start >= end) else { return Vec::new() };
    let between = &tokens[end..mentions[first].start];
    let small =
        |t: &Token| t.is(&["a", "an", "the", "two", "three", "its", "our"]) || number(&t.lower).is_some();
    let opens = between.iter().position(|t| t.sign == Sign::Colon || t.sign == Sign::Open || t.is(HOLDS));
    let fits = match opens {
        Some(at) => at <= 2 && between[at + 1..].iter().all(small),
        None => direct && between.iter().all(small),
    };
    if fits { group_from(tokens, mentions, first) } else { Vec::new() }
}

/// "A and B in the DMZ".
fn parts_before(tokens: &[Token], mentions: &[Mention], start: usize) -> Vec<usize> {
    let Some(last) = mentions.iter().rposition(|mention| mention.end <= start) else { return Vec::new() };
    let between = &tokens[mentions[last].end..start];
    let words: Vec<&Token> = between
        .iter()
        .filter(|t| !t.is(&["a", "an", "the", "one", "our", "running", "deployed", "hosted", "runs", "all"]))
        .collect();
    let fits = matches!(words.as_slice(), [] if !between.is_empty())
        || matches!(words.as_slice(), [word] if word.is(WITHIN));
    if fits && !words.is_empty() { group_ending_at(tokens, mentions, last) } else { Vec::new() }
}
