//! The parts that a request names: known phrases first (the longest wins), then names that a list has without a head.

use spandrel_base::LeanSort;
use spandrel_catalog::{Component, Kind, Word, find, lookup, singular};

use super::labels::{
    AS_SAID, count_before, described, instance, is_plural, names_before, says_otherwise, title_case, title_of,
};
use super::parse::Mention;
use super::refer::whose_app;
use super::tokens::{Sign, Token};
use super::traffic::{is_carried, is_noun, is_traffic, protocol_at};
use crate::words::english::{ADJECTIVES, BARE_HEADS, GENERIC_HEADS, SEVERAL, STOP, VERBS};

/// The known phrase at a token: its meaning and its number of tokens.
pub(super) fn phrase_at(tokens: &[Token], at: usize) -> Option<(Word, usize)> {
    let run = tokens[at..]
        .iter()
        .take(6)
        .take_while(|token| token.is_word() && token.text != "&" && token.text != "+");
    // "node.js" is two words to the catalogue and one here.
    let run: Vec<&str> = run.map(|token| token.lower.as_str()).collect();
    for length in (1..=run.len()).rev() {
        let words: Vec<&str> = run[..length]
            .iter()
            .flat_map(|word| word.split(['.', '\'', '’', ' ']))
            .filter(|w| !w.is_empty())
            .collect();
        if let Some((word, used)) = lookup(&words)
            && used == words.len()
        {
            return Some((word, length));
        }
    }
    None
}

pub(super) fn find_mentions(tokens: &[Token]) -> Vec<Mention> {
    let mut mentions: Vec<Mention> = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if !tokens[at].is_word() {
            at += 1;
            continue;
        }
        let Some((word, length)) = phrase_at(tokens, at).filter(|&(_, length)| is_noun(tokens, at, length))
        else {
            at += 1;
            continue;
        };
        let end = at + length;
        if protocol_at(tokens, at).is_some()
            || is_traffic(tokens, at, end, word)
            || (word.product().is_none() && is_carried(tokens, at, end, word))
            || is_quantity(tokens, at, end)
        {
            at = end;
            continue;
        }
        let names = names_before(tokens, at, mentions.last().map_or(0, |last| last.end));
        let head = &tokens[at..end];
        let component = word.component().or_else(|| generic_of(word.kind(), &head[head.len() - 1].lower));
        let Some(component) = component else {
            whose_app(tokens, &mut mentions, at, end, &names);
            at = end;
            continue;
        };
        let is_kind = matches!(word, Word::Kind(_));
        // "the orders lambda": a product whose name is also the word for what it is.
        let common = word.product().is_some()
            && component.id == "serverless_function"
            && tokens[at].text.chars().all(char::is_lowercase);
        let generic =
            is_kind || common || (word.product().is_none() && GENERIC_HEADS.contains(&component.id));
        if generic && joins(&mut mentions, component, is_kind, at, end, tokens, &names) {
            at = end;
            continue;
        }
        // "through an adapter": some heads name a part by themselves.
        let article = at > 0 && tokens[at - 1].is(&["a", "an", "the", "our", "one", "its"]);
        let bare = is_kind
            && names.is_empty()
            && end == at + 1
            && article
            && BARE_HEADS.contains(&singular(&tokens[at].lower).as_str());
        if is_kind && names.is_empty() && !bare {
            at = end;
            continue;
        }
        let named = bare || generic && !names.is_empty();
        let label = if named {
            let words: Vec<&str> =
                names.iter().copied().chain(head.iter().map(|t| t.text.as_str())).collect();
            title_case(&words, count_before(tokens, at - names.len()) > 1)
        } else {
            let said = title_of(head);
            let own_words = AS_SAID.contains(&component.id)
                && said.len() > 3
                && singular(&said) != singular(component.name);
            if word.product().is_none() && (own_words || says_otherwise(&said, component.name)) {
                said
            } else {
                word.product().unwrap_or(component.name).to_owned()
            }
        };
        let start = if named { at - names.len() } else { at };
        let mut count = count_before(tokens, start);
        let sold = word.product().is_some();
        if count == 1
            && !sold
            && is_plural(head)
            && PLURAL_STACKS.contains(&component.kind)
            && !names.is_empty()
        {
            count = SEVERAL;
        }
        // "ECS Fargate", "RDS Aurora": two products of one kind in a row are one part.
        if sold
            && let Some(last) =
                mentions.last_mut().filter(|last| last.end == at && last.named && !last.compound)
            && last.component.id == component.id
        {
            last.label = format!("{} {label}", last.label);
            last.end = end;
            at = end;
            continue;
        }
        // "player profiles": whose they are.
        let whose = mentions.last().filter(|last| {
            last.end == at
                && last.end == last.start + 1
                && !last.named
                && !sold
                && names.is_empty()
                && matches!(last.component.layer().name, "person" | "client")
                && matches!(component.layer().name, "app" | "data")
                && !is_plural(&tokens[last.start..last.end])
        });
        let (label, start, named) = match whose.map(|last| last.start) {
            Some(from) => {
                mentions.pop();
                (title_of(&tokens[from..end]), from, true)
            }
            None => (label, start, named),
        };
        let compound = named;
        let named = named || word.product().is_some();
        let (label, start) = described(tokens, &mut mentions, component, label, start, at);
        // "Cloudflare Access", "Snowflake Cortex": what stands in capitals behind a product belongs to its name.
        let rest = if sold { rest_of_name(tokens, end) } else { end };
        let label = if rest > end { format!("{label} {}", title_of(&tokens[end..rest])) } else { label };
        let end = rest;
        let (label, named, end) = match instance(tokens, end) {
            Some(which) if count == 1 => (format!("{} {which}", singular(&label)), true, end + 1),
            _ => (label, named, end),
        };
        mentions.push(Mention { component, label, named, compound, count, negated: false, start, end });
        at = end;
    }
    brokers(tokens, &mut mentions);
    listed_names(tokens, &mut mentions);
    // "microservices with …" says how it is built, not that one part is called Service.
    let parts = mentions.len();
    mentions.retain(|m| {
        let plural = is_plural(&tokens[m.start..m.end]);
        parts < 3 || m.named || m.count > 1 || m.component.id != "microservice" || !plural
    });
    mentions
}

/// "MQTT to a broker": the broker that speaks it.
pub(super) fn brokers(tokens: &[Token], mentions: &mut [Mention]) {
    if let Some(mqtt) = find("mqtt_broker").filter(|_| tokens.iter().any(|token| token.is(&["mqtt"]))) {
        for broker in mentions.iter_mut().filter(|m| m.component.id == "message_broker" && !m.named) {
            broker.component = mqtt;
            mqtt.name.clone_into(&mut broker.label);
        }
    }
}

/// Where a product's name ends: unknown words in capitals right behind it belong to it.
fn rest_of_name(tokens: &[Token], end: usize) -> usize {
    const MOST: usize = 2;
    let mut at = end;
    while at < end + MOST {
        let belongs = tokens.get(at).is_some_and(|token| {
            let word = token.lower.as_str();
            token.is_word()
                && !token.quoted
                && token.text.chars().next().is_some_and(char::is_uppercase)
                && token.text.chars().any(char::is_lowercase)
                && !STOP.contains(&word)
                && !ADJECTIVES.contains(&word)
                && phrase_at(tokens, at).is_none()
        });
        if !belongs {
            break;
        }
        at += 1;
    }
    at
}

/// "3 replicas of the API": how many of what follows.
fn is_quantity(tokens: &[Token], at: usize, end: usize) -> bool {
    end == at + 1
        && tokens[at].is(&["replicas", "instances", "copies", "pods", "nodes"])
        && tokens.get(end).is_some_and(|next| next.is(&["of"]))
        // "one table per lambda"
        || (at > 0 && tokens[at - 1].is(&["per"]))
}

/// Kinds of which a plural means a stack rather than a class of things.
pub(super) const PLURAL_STACKS: &[Kind] = &[Kind::Process];

/// A generic head right after a product of its own kind, or after a bare domain word, belongs to it:
/// "redis cache", "orders database". Returns whether it did.
pub(super) fn joins(
    mentions: &mut [Mention],
    component: &'static Component,
    is_kind: bool,
    at: usize,
    end: usize,
    tokens: &[Token],
    names: &[&str],
) -> bool {
    let Some(last) = mentions.last_mut().filter(|last| last.end == at && names.is_empty()) else {
        return false;
    };
    let (before, head) = (&tokens[last.start..last.end], &tokens[at..end]);
    let same = last.component.kind == component.kind;
    let domain_word = last.end - last.start == 1
        && matches!(last.component.layer().name, "app" | "person" | "ai" | "client" | "analytics");
    // "DICOM gateway": a gateway, and what it speaks; "PACS archive".
    let protocol_word = last.end - last.start == 1
        && !last.named
        && matches!(component.kind, Kind::Network | Kind::Storage | Kind::Database)
        && matches!(last.component.layer().name, "external" | "identity" | "messaging");
    // "fleet portal": where those are looked at; "App Service front end": what it runs on.
    let shows = component.id == "web_app" && last.component.layer().name != "person";
    let runs_on = last.named && !last.compound && last.component.layer().name == "app";
    if shows && ((is_kind && domain_word && last.component.id != "web_app") || runs_on) {
        last.label =
            format!("{} {}", if last.named { last.label.clone() } else { title_of(before) }, title_of(head));
        last.component = component;
        last.named = true;
        last.compound = true;
        last.end = end;
        return true;
    }
    // "speech to text service", "GraphQL federation gateway": still the same part.
    let tail = !last.named
        && ((component.id == "microservice"
            && last.end - last.start > 1
            && last.component.kind != Kind::Person)
            || (same && !domain_word && GENERIC_HEADS.contains(&component.id) && is_plain(head)));
    if tail {
        last.end = end;
        return true;
    }
    // "Slack bot", "Redis queue", "Kafka topic": a product before what is made with it.
    let made_with = last.named
        && !last.compound
        && !same
        && is_plain(head)
        && matches!(component.kind, Kind::Ai | Kind::Queue | Kind::Cache | Kind::Storage | Kind::Database)
        && !matches!(last.component.kind, Kind::Process | Kind::Client);
    if made_with {
        last.label = format!("{} {}", last.label, title_of(head));
        last.component = component;
        last.compound = true;
        last.end = end;
        return true;
    }
    if same && last.named {
        last.label = format!("{} {}", last.label, title_of(head));
    } else if is_kind && last.component.kind == Kind::Process && domain_word {
        // "search engine", "chat server": still the same part.
    } else if (domain_word && (!same || !is_kind)) || (protocol_word && !same) {
        last.compound = true;
        last.label = format!("{} {}", title_of(before), title_of(head));
        last.component = component;
        last.named = true;
    } else if same && is_kind {
        // "message broker service"
    } else {
        return false;
    }
    last.end = end;
    true
}

/// Names without a head in lists that have one: "services for orders, billing and fleets", "microservices: auth, cart",
/// "three lambdas (orders, invoices)".
fn listed_names(tokens: &[Token], mentions: &mut Vec<Mention>) {
    let heads: Vec<(usize, usize)> = mentions
        .iter()
        .filter(|m| {
            let service = m.component.id == "microservice" && !m.named;
            let several =
                m.count > 1 && matches!(m.component.kind, Kind::Process | Kind::Database | Kind::Queue);
            (service || several) && !m.compound
        })
        .map(|m| (m.start, m.end))
        .collect();
    for (start, end) in heads {
        if let Some(index) = mentions.iter().position(|m| (m.start, m.end) == (start, end)) {
            names_of(tokens, mentions, index);
        }
    }
}

/// The names that a list gives to what one mention counts.
fn names_of(tokens: &[Token], mentions: &mut Vec<Mention>, index: usize) {
    let head = mentions[index].clone();
    let service = head.component;
    let plain = service.id == "microservice" && !head.named;
    let ending = if plain && !tokens[head.end - 1].is(&["subgraph", "subgraphs"]) {
        "Service".to_owned()
    } else {
        title_case(&[tokens[head.end - 1].text.as_str()], true)
    };
    let whole = !matches!(ending.as_str(), "Service" | "Subgraph");
    let mut at = head.end;
    let opens = tokens.get(at).is_some_and(|token| {
        matches!(token.sign, Sign::Colon | Sign::Open)
            || token.is(&["namely", "called"])
            || (plain && token.is(&["for", "like", "including", "such"]))
    });
    if !opens {
        return;
    }
    at += 1;
    while tokens.get(at).is_some_and(|token| token.is(&["as", "the", "a", "an"])) {
        at += 1;
    }
    let mut added = Vec::new();
    while at < tokens.len() {
        let start = at;
        while at < tokens.len() && tokens[at].is_word() && !STOP.contains(&tokens[at].lower.as_str()) {
            at += 1;
        }
        // "claims: customers report …" is a sentence and no list of names.
        let sentence = tokens[start..at].iter().skip(1).any(|t| VERBS.contains(&t.lower.as_str()));
        if at == start || at - start > 3 || sentence {
            break;
        }
        let known = mentions.iter_mut().find(|m| m.start <= start && start < m.end);
        match known {
            Some(known)
                if plain
                    && matches!(known.component.layer().name, "app" | "identity" | "ai" | "analytics") => {}
            // "services for orders and fleets": in such a list a thing is what a service is about.
            Some(known)
                if !known.named
                    && matches!(
                        known.component.layer().name,
                        "client" | "person" | "data" | "app" | "external" | "identity"
                    ) =>
            {
                known.label = format!("{} {ending}", title_case(&[tokens[start].text.as_str()], !whole));
                known.component = service;
                known.named = true;
                known.compound = true;
            }
            Some(_) => break,
            None => {
                let words: Vec<&str> = tokens[start..at].iter().map(|token| token.text.as_str()).collect();
                let label = format!("{} {ending}", title_case(&words, !whole));
                added.push(Mention {
                    component: service,
                    label,
                    named: true,
                    compound: true,
                    count: 1,
                    negated: false,
                    start,
                    end: at,
                });
            }
        }
        while tokens
            .get(at)
            .is_some_and(|token| token.sign == Sign::Comma || token.is(&["and", "or", "the", "a"]))
        {
            at += 1;
        }
    }
    if added.is_empty() && mentions.get(index + 1).is_none() {
        return;
    }
    mentions.remove(index);
    mentions.extend(added);
    mentions.lean_sort_by_key(|mention| mention.start);
}

/// The part that a kind's head word stands for.
pub(super) fn generic_of(kind: Kind, head: &str) -> Option<&'static Component> {
    let id = match kind {
        Kind::Process => "microservice",
        Kind::Client if matches!(singular(head).as_str(), "app" | "site" | "website" | "page" | "device") => {
            return None;
        }
        Kind::Client => "web_app",
        Kind::Database => "database",
        // A token is passed around and checked; it is no part.
        Kind::Security if singular(head) == "token" => return None,
        Kind::Security => "policy_engine",
        Kind::Queue => "message_queue",
        Kind::Cache => "cache",
        Kind::Storage => "object_storage",
        Kind::External => "third_party_api",
        // A network is where parts stand.
        Kind::Network
            if matches!(singular(head).as_str(), "network" | "subnet" | "vpc" | "edge" | "link") =>
        {
            return None;
        }
        Kind::Network => "reverse_proxy",
        Kind::Ai => "model_serving",
        Kind::Person => "user",
        Kind::Group | Kind::Default => return None,
    };
    find(id)
}

/// Whether a head is one word in small letters.
fn is_plain(head: &[Token]) -> bool {
    matches!(head, [word] if word.text.chars().all(char::is_lowercase))
}
