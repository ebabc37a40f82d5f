//! What stands in what: "a DMZ with a web server", "Oracle on-prem", "three services in Kubernetes".

use spandrel_catalog::singular;

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
    /// Labels of the places where there are several alike, each with the same parts; empty where there is one.
    pub(crate) copies: Vec<String>,
    /// Holds all other places: "all inside one VPC".
    pub(crate) all: bool,
    /// Index of the place that it stands in.
    pub(crate) inside: Option<usize>,
    /// Range of tokens of its name.
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// Last words of places: words, label where the words alone are none, whether everything may run in it.
const PLACES: &[(&[&str], &str, bool)] = &[
    (&["dmz"], "DMZ", false),
    (&["vps"], "VPS", true),
    (&["control", "plane"], "Control Plane", false),
    (&["data", "plane"], "Data Plane", false),
    (&["lan"], "LAN", false),
    (&["vlan"], "VLAN", false),
    (&["vpc"], "VPC", true),
    (&["vnet"], "VNet", true),
    (&["subnet"], "Subnet", false),
    (&["availability", "zone"], "Availability Zone", false),
    (&["region"], "Region", true),
    (&["site"], "Site", false),
    (&["private", "network"], "Private Network", false),
    (&["data", "center"], "Data Center", true),
    (&["datacenter"], "Data Center", true),
    (&["namespace"], "Namespace", false),
    (&["zone"], "Zone", false),
    (&["network"], "Network", false),
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
    (&["vercel"], "Vercel", true),
    (&["fly.io"], "Fly.io", true),
    (&["digitalocean"], "DigitalOcean", true),
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
    let mut bare: Vec<(String, usize, usize)> = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let Some((length, label, runtime, many)) = place_at(tokens, at) else {
            at += 1;
            continue;
        };
        let end = at + length;
        // "Azure SQL" is a product, no place; "deploys to EKS with Argo CD" names a target.
        let product = mentions
            .iter()
            .any(|m| m.start <= at && m.end >= end && m.end - m.start > length && m.named && !m.compound);
        if product || is_target(tokens, at) {
            at = end;
            continue;
        }
        // "two AWS regions": the cloud belongs to the name of what follows.
        if tokens.get(end).is_some_and(|t| t.is(&["region", "regions", "vpc", "vpcs", "account", "accounts"]))
        {
            at = end;
            continue;
        }
        let (start, label) = named(tokens, at, end, label);
        let (copies, listed) = if many { copies(tokens, start, end, &label) } else { (Vec::new(), end) };
        let all = is_around(tokens, start);
        let own = |m: &Mention| m.start < end && m.end > start;
        // "game servers on GKE with Agones": what stands right before "on" is there, whatever follows.
        let within = tokens[..start].iter().rev().find(|t| !is_article(t)).is_some_and(|t| t.is(WITHIN));
        let before = if within { parts_before(tokens, mentions, start) } else { Vec::new() };
        let everything = holds_everything(tokens, start, end);
        let outside = |m: &Mention| {
            matches!(m.component.layer().name, "person" | "client" | "external")
                || matches!(m.component.id, "cdn" | "dns")
        };
        // "inside a VPC with two subnets: …": the list is what the whole holds.
        let listed_around = found.iter().any(|c: &Container| c.all && c.start < start)
            && tokens.get(end).is_some_and(|t| t.sign == Sign::Colon);
        let mut parts = if let Some(reach) = everything {
            (0..mentions.len()).filter(|&m| mentions[m].start < reach && !outside(&mentions[m])).collect()
        } else if listed_around {
            Vec::new()
        } else if before.is_empty() {
            parts_after(tokens, mentions, listed, label == "On-Prem")
        } else {
            before
        };
        // "a VPC with a public subnet containing …": a place that holds places.
        let holds_places = tokens.get(end).is_some_and(|t| t.is(HOLDS))
            && (end + 1..end + 5)
                .take_while(|&i| {
                    tokens.get(i).is_some_and(|t| t.is_word() && !WITHIN.contains(&t.lower.as_str()))
                })
                .any(|i| place_at(tokens, i).is_some());
        if holds_places {
            parts = Vec::new();
        }
        let all = all || everything.is_some() || holds_places;
        if parts.is_empty() && !all && !listed_around {
            parts = parts_before(tokens, mentions, start);
        }
        // "two public and two private subnets": many of which nothing is said one by one are drawn as one.
        let one_by_one = tokens.iter().any(|t| t.is(&["each", "every", "both", "per", "own", "identical"]));
        let whole = ["Region", "Site", "Data Center"].iter().any(|place| label.ends_with(place));
        let one = singular(&label);
        let told = copies.first().is_some_and(|first| !first.starts_with(&one));
        let copies = if one_by_one || whole || told { copies } else { Vec::new() };
        if copies.len() > 1 {
            // What spreads over all places stands before them.
            parts.retain(|&part| !matches!(mentions[part].component.id, "dns" | "cdn" | "ddos_protection"));
        }
        parts.retain(|&part| {
            let after: Vec<&str> =
                tokens[mentions[part].end..].iter().take(3).map(|t| t.lower.as_str()).collect();
            // "…, an ALB in front": before the places, not in them.
            let front = after.len() >= 2 && after[..2] == ["in", "front"] && after.get(2) != Some(&"of");
            let outside = after.first() == Some(&"outside") || front;
            !own(&mentions[part]) && !mentions[part].negated && !outside
        });
        let places = ["Region", "Site", "Data Center", "Availability Zone"];
        let copies = if parts.is_empty() && !places.iter().any(|place| label.ends_with(place)) {
            Vec::new()
        } else {
            copies
        };
        if parts.is_empty() && runtime_site(&label) {
            bare.push((label.clone(), start, end));
        }
        if !parts.is_empty() || all || copies.len() > 1 {
            found.push(Container { label, parts, runtime, copies, all, inside: None, start, end });
        }
        at = end;
    }
    // "EKS in each region": it stands in every one of the places that were named.
    for (part, mention) in mentions.iter().enumerate().filter(|(_, m)| !m.negated) {
        let after = tokens.get(mention.end..).unwrap_or_default();
        let each = matches!(after, [within, each, place, ..]
            if (within.is(WITHIN) || within.is(&["per"])) && (each.is(&["each", "every", "both"]) && place.is_word()));
        let per =
            matches!(after, [per, place, ..] if per.is(&["per"]) && place.is(&["region", "zone", "site"]));
        if let Some(place) =
            found.iter_mut().rfind(|c| c.copies.len() > 1 && c.start < mention.start).filter(|_| each || per)
            && !place.parts.contains(&part)
        {
            place.parts.push(part);
        }
    }
    // A part stands in one place: the last that was said.
    for index in 0..found.len() {
        let later: Vec<usize> = found[index + 1..].iter().flat_map(|c| c.parts.clone()).collect();
        found[index].parts.retain(|part| !later.contains(part));
    }
    found.retain(|container| !container.parts.is_empty() || container.all || container.copies.len() > 1);
    if !found.is_empty() {
        return found;
    }
    // "a primary site in Frankfurt, a standby site in Dublin": places by name, with nothing said of what is in them.
    if let ([(_, start, _), .., (_, _, end)], true) = (&bare[..], bare.len() <= MOST_COPIES) {
        return vec![Container {
            label: String::new(),
            parts: Vec::new(),
            runtime: true,
            copies: bare.iter().map(|(label, ..)| label.clone()).collect(),
            all: false,
            inside: None,
            start: *start,
            end: *end,
        }];
    }
    clouds(mentions)
}

/// At most so many places alike are drawn one by one.
const MOST_COPIES: usize = 4;

/// Whether a place has a name of its own, beside what it is.
fn runtime_site(label: &str) -> bool {
    ["Region", "Site", "Data Center"].iter().any(|place| label.contains(place) && label != *place)
}

/// "Google Cloud Run and AWS S3": products of two clouds stand in their clouds.
fn clouds(mentions: &[Mention]) -> Vec<Container> {
    let mut found: Vec<Container> = Vec::new();
    for (part, mention) in mentions.iter().enumerate().filter(|(_, m)| m.named && !m.negated) {
        let words = spandrel_catalog::tokens(&mention.label);
        let cloud = match words.first().map(String::as_str) {
            Some("azure") => "Azure",
            Some("aws" | "amazon" | "s3" | "dynamodb" | "sqs" | "cloudfront") => "AWS",
            Some("google" | "bigquery" | "gke") => "Google Cloud",
            Some("cloud") => "Google Cloud",
            _ => continue,
        };
        match found.iter_mut().find(|container| container.label == cloud) {
            Some(container) => container.parts.push(part),
            None => found.push(Container {
                label: cloud.to_owned(),
                parts: vec![part],
                runtime: true,
                copies: Vec::new(),
                all: false,
                inside: None,
                start: usize::MAX,
                end: usize::MAX,
            }),
        }
    }
    if found.len() < 2 { Vec::new() } else { found }
}

/// "deploys to EKS": where something is brought to, not what it stands in.
fn is_target(tokens: &[Token], at: usize) -> bool {
    at > 1
        && tokens[at - 1].is(&["to", "onto"])
        && tokens[at - 2]
            .is(&["deploy", "deploys", "ships", "ship", "releases", "rolls", "out", "push", "pushes"])
}

/// "all inside one VPC": around the other places.
fn is_around(tokens: &[Token], start: usize) -> bool {
    let before: Vec<&Token> = tokens[..start]
        .iter()
        .rev()
        .filter(|t| !t.is(&["one", "a", "the", "same", "single", "an"]))
        .take(2)
        .collect();
    matches!(before[..], [within, all] if within.is(WITHIN) && all.is(&["all", "everything", "both"]))
}

fn is_article(token: &Token) -> bool {
    token.is(&["a", "an", "the", "our", "one", "same", "single"])
}

/// "Azure: …", "a shop on GCP: …", "inside a VPC: …", "everything runs on AWS": all parts stand there. Gives the token at
/// which that ends.
fn holds_everything(tokens: &[Token], start: usize, end: usize) -> Option<usize> {
    let early = tokens[..start].iter().all(Token::is_word);
    let title = (start == 0 || (early && tokens.get(end).is_some_and(|t| t.sign == Sign::Colon)))
        && tokens[end..]
            .iter()
            .take(4)
            .take_while(|t| t.is_word() || t.sign == Sign::Colon)
            .any(|t| t.sign == Sign::Colon);
    let before: Vec<&Token> = tokens[..start].iter().rev().take(6).take_while(|t| t.is_word()).collect();
    let hosted = before.iter().any(|t| t.is(&["hosting", "hosted", "host", "everything"]));
    if title || hosted {
        return Some(tokens.len());
    }
    let opens = early && tokens.first().is_some_and(|t| t.is(&["in", "inside", "within"])) && start <= 3;
    let colon = tokens.iter().position(|t| t.sign == Sign::Colon).filter(|_| opens)?;
    let stop = tokens[colon..].iter().position(|t| t.sign == Sign::Stop);
    Some(stop.map_or(tokens.len(), |stop| colon + stop))
}

/// The labels of several places: the names that follow, else numbers; and where the names end.
fn copies(tokens: &[Token], start: usize, end: usize, label: &str) -> (Vec<String>, usize) {
    let count = start.checked_sub(1).and_then(|before| number(&tokens[before].lower)).unwrap_or(0) as usize;
    let mut names: Vec<String> = Vec::new();
    let mut at = end;
    while tokens.get(at).is_some_and(|t| {
        matches!(t.sign, Sign::Comma | Sign::Colon | Sign::Open | Sign::Close)
            || t.is(&["and", "in", "called", "namely"])
    }) {
        let Some((name, after)) = place_name(tokens, at + 1) else {
            at += 1;
            if names.is_empty() && tokens.get(at).is_some_and(Token::is_word) {
                break;
            }
            continue;
        };
        names.push(name);
        at = after;
    }
    if names.len() > 1 && (count == 0 || count == names.len()) && names.len() <= MOST_COPIES {
        return (names, at);
    }
    let one = singular(label);
    if !(2..=MOST_COPIES).contains(&count) {
        return (Vec::new(), end);
    }
    ((1..=count).map(|which| format!("{one} {which}")).collect(), end)
}

/// A region's code or a name of one word at a token, and where it ends.
fn place_name(tokens: &[Token], at: usize) -> Option<(String, usize)> {
    const SIDES: &[&str] =
        &["west", "east", "north", "south", "central", "northeast", "southeast", "northwest", "southwest"];
    let first = tokens.get(at).filter(|token| token.is_word())?;
    if tokens.get(at + 1).is_some_and(|side| side.is(SIDES)) {
        let number =
            tokens.get(at + 2).filter(|t| t.text.len() == 1 && t.text.chars().all(|c| c.is_ascii_digit()));
        let words: Vec<&str> = tokens[at..at + 2].iter().chain(number).map(|t| t.lower.as_str()).collect();
        return Some((words.join("-"), at + words.len()));
    }
    let proper = first.text.chars().next().is_some_and(char::is_uppercase) && !first.is(&["each", "the"]);
    proper.then(|| (first.text.clone(), at + 1))
}

/// The place at a token: its number of words, its label, whether everything may run in it, whether it is in the plural.
fn place_at(tokens: &[Token], at: usize) -> Option<(usize, &'static str, bool, bool)> {
    let fits = |words: &[&str]| {
        words.iter().enumerate().all(|(offset, word)| {
            tokens.get(at + offset).is_some_and(|token| {
                token.is_word()
                    && (token.lower == *word
                        || (offset + 1 == words.len() && singular(&token.lower) == *word && word.len() > 3))
            })
        })
    };
    PLACES.iter().find(|(words, ..)| fits(words)).map(|&(words, label, runtime)| {
        let last = &tokens[at + words.len() - 1].lower;
        (words.len(), label, runtime, last != words[words.len() - 1])
    })
}

/// The name of the place that a range of tokens names.
pub(super) fn place_label(tokens: &[Token], start: usize, end: usize) -> Option<String> {
    let (at, (length, label, ..)) =
        (start..end).find_map(|at| place_at(tokens, at).map(|place| (at, place)))?;
    (at + length <= end).then(|| named(tokens, at, at + length, label).1)
}

/// Whether a place is named at a token.
pub(super) fn is_place(tokens: &[Token], at: usize) -> bool {
    place_at(tokens, at).is_some()
}

/// The number of words of a place whose name begins with a preposition: "on-prem".
pub(super) fn place_words(tokens: &[Token], at: usize) -> usize {
    if tokens[at].is(&["on"]) { place_at(tokens, at).map_or(0, |(length, ..)| length) } else { 0 }
}

/// The place's whole name: "private subnet", "primary site in Frankfurt".
fn named(tokens: &[Token], at: usize, end: usize, label: &str) -> (usize, String) {
    let mut start = at;
    let may = |token: &Token| {
        let word = token.lower.as_str();
        let adjective =
            ["public", "private", "internal", "primary", "standby", "secondary", "main", "backup", "pci"]
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
    let small = |t: &Token| {
        t.is(&["a", "an", "the", "two", "three", "its", "our", "own"]) || number(&t.lower).is_some()
    };
    let opens = between.iter().position(|t| t.sign == Sign::Colon || t.sign == Sign::Open || t.is(HOLDS));
    let fits = match opens {
        Some(at) => at <= 3 && between[at + 1..].iter().all(small),
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
    if !fits || words.is_empty() {
        return Vec::new();
    }
    let group = group_ending_at(tokens, mentions, last);
    // "a queue, game servers on GKE": without "and" only the last stands there.
    let joined = last > 0
        && tokens[mentions[last - 1].end.min(mentions[last].start)..mentions[last].start]
            .iter()
            .any(|t| t.is(&["and", "or"]));
    if joined { group } else { vec![last] }
}
