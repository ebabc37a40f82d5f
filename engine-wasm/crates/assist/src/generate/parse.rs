//! The small grammar of requests: which parts are named, how many, how they meet, and which are unwanted.
//!
//! Known phrases of the catalogue are found first (the longest wins); words that stand before a generic head
//! become its name ("payments db" is a database called Payments DB); what stands between two parts says how
//! they meet. Nothing here knows of diagrams: the result is a [`Request`].

use spandrel_base::LeanSort;
use spandrel_catalog::{Component, Kind, Word, find, lookup, singular};

use super::containers::{Container, find_containers};
use super::lists;
use super::tokens::{Sign, Token, tokenize};
use crate::words::english::{
    ADJECTIVES, AMBIGUOUS, Direction, GENERIC_HEADS, NEGATIONS, RELATIONS, SEVERAL, STOP, SUBJECT_HEADS,
    VERBS, number,
};

/// What a request says.
#[derive(Clone, Debug, Default)]
pub(crate) struct Request {
    pub(crate) tokens: Vec<Token>,
    pub(crate) mentions: Vec<Mention>,
    pub(crate) relations: Vec<Relation>,
    pub(crate) containers: Vec<Container>,
    /// What the system is for, Title Case: "Bike Rental"; `""` where it is not said.
    pub(crate) subject: String,
}

/// A part that is named.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Mention {
    pub(crate) component: &'static Component,
    /// Title Case, or a product's own spelling.
    pub(crate) label: String,
    /// Whether the label is the request's own rather than the component's.
    pub(crate) named: bool,
    /// Whether that label is made of words before a generic head: "bike rental service".
    pub(crate) compound: bool,
    /// How many; [`SEVERAL`] where that is not said; 1 as a rule.
    pub(crate) count: u32,
    pub(crate) negated: bool,
    /// Range of tokens.
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// Two parts meet; indices of mentions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Relation {
    pub(crate) from: usize,
    pub(crate) to: usize,
    pub(crate) label: &'static str,
    pub(crate) dashed: bool,
    pub(crate) both: bool,
    /// Came of an arrow: the request draws the picture itself.
    pub(crate) arrow: bool,
    /// Satisfied by a way over other parts: "from the CRM into the warehouse".
    pub(crate) weak: bool,
    /// The first part was said to stand in the way of two others, which then do not meet directly.
    pub(crate) cuts: Option<(usize, usize)>,
}

/// Reads a request.
pub(crate) fn parse(text: &str) -> Request {
    let tokens = tokenize(text);
    let mut mentions = find_mentions(&tokens);
    let subject = headline(&tokens, &mut mentions).unwrap_or_else(|| take_subject(&tokens, &mut mentions));
    lists::shared_heads(&tokens, &mut mentions);
    lists::unknown_items(&tokens, &mut mentions);
    lists::actors(&tokens, &mut mentions);
    named_by_product(&tokens, &mut mentions);
    mark_negations(&tokens, &mut mentions);
    let containers = find_containers(&tokens, &mentions);
    let relations = find_relations(&tokens, &mentions);
    Request { tokens, mentions, relations, containers, subject }
}

/// The known phrase at a token: its meaning and its number of tokens.
fn phrase_at(tokens: &[Token], at: usize) -> Option<(Word, usize)> {
    let run = tokens[at..]
        .iter()
        .take(6)
        .take_while(|token| token.is_word() && token.text != "&" && token.text != "+");
    // "node.js" is two words to the catalogue and one here.
    let run: Vec<&str> = run.map(|token| token.lower.as_str()).collect();
    for length in (1..=run.len()).rev() {
        let words: Vec<&str> =
            run[..length].iter().flat_map(|word| word.split(['.', '\'', '’', ' '])).collect();
        if let Some((word, used)) = lookup(&words)
            && used == words.len()
        {
            return Some((word, length));
        }
    }
    None
}

fn find_mentions(tokens: &[Token]) -> Vec<Mention> {
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
        if protocol_at(tokens, at).is_some() || is_traffic(tokens, at, end) {
            at = end;
            continue;
        }
        let names = names_before(tokens, at, mentions.last().map_or(0, |last| last.end));
        let head = &tokens[at..end];
        let component = word.component().or_else(|| generic_of(word.kind(), &head[head.len() - 1].lower));
        let Some(component) = component else {
            whose_app(tokens, &mut mentions, at, end);
            at = end;
            continue;
        };
        let is_kind = matches!(word, Word::Kind(_));
        let generic = is_kind || (word.product().is_none() && GENERIC_HEADS.contains(&component.id));
        if generic && joins(&mut mentions, component, is_kind, at, end, tokens, &names) {
            at = end;
            continue;
        }
        if is_kind && names.is_empty() {
            at = end;
            continue;
        }
        let named = generic && !names.is_empty();
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
        if count == 1 && is_plural(head) && PLURAL_STACKS.contains(&component.kind) && !names.is_empty() {
            count = SEVERAL;
        }
        let compound = named;
        let named = named || word.product().is_some();
        let (label, start) = described(tokens, &mut mentions, component, label, start, at);
        let (label, named, end) = match instance(tokens, end) {
            Some(which) if count == 1 => (format!("{} {which}", singular(&label)), true, end + 1),
            _ => (label, named, end),
        };
        mentions.push(Mention { component, label, named, compound, count, negated: false, start, end });
        at = end;
    }
    listed_names(tokens, &mut mentions);
    // "microservices with …" says how it is built, not that one part is called Service.
    let parts = mentions.len();
    mentions.retain(|m| {
        let plural = is_plural(&tokens[m.start..m.end]);
        parts < 3 || m.named || m.count > 1 || m.component.id != "microservice" || !plural
    });
    mentions
}

/// "rider app": the app that a person, or a service, has.
fn whose_app(tokens: &[Token], mentions: &mut [Mention], at: usize, end: usize) {
    let id = match singular(&tokens[end - 1].lower).as_str() {
        "app" => "mobile_app",
        "site" | "page" => "web_app",
        _ => return,
    };
    let (Some(last), Some(component)) = (mentions.last_mut(), find(id)) else { return };
    if last.end == at && last.end - last.start == 1 && matches!(last.component.layer().name, "person" | "app")
    {
        last.label = format!("{} {}", title_of(&tokens[last.start..last.end]), title_of(&tokens[at..end]));
        last.component = component;
        last.named = true;
        last.compound = true;
        last.end = end;
    }
}

/// Protocols, as they are said and as they label a connection.
const PROTOCOLS: &[(&str, &str)] = &[
    ("graphql", "GraphQL"),
    ("grpc", "gRPC"),
    ("rest", "REST"),
    ("http", "HTTP"),
    ("https", "HTTPS"),
    ("mqtt", "MQTT"),
    ("amqp", "AMQP"),
    ("websocket", "WebSocket"),
    ("websockets", "WebSocket"),
    ("soap", "SOAP"),
    ("sftp", "SFTP"),
    ("ftp", "FTP"),
    ("sql", "SQL"),
    ("jdbc", "JDBC"),
    ("tcp", "TCP"),
    ("udp", "UDP"),
    ("lorawan", "LoRaWAN"),
    ("ldap", "LDAP"),
    ("smtp", "SMTP"),
];

/// The label of a protocol that stands behind "over": "talks to the API over gRPC" names no part.
fn protocol_at(tokens: &[Token], at: usize) -> Option<&'static str> {
    let over = at.checked_sub(1).is_some_and(|before| tokens[before].is(&["over"]));
    PROTOCOLS.iter().find(|(said, _)| over && tokens[at].is(&[said])).map(|(_, label)| *label)
}

/// "API calls", "database traffic": what goes over a connection, no part.
fn is_traffic(tokens: &[Token], at: usize, end: usize) -> bool {
    let next = |words: &[&str]| tokens.get(end).is_some_and(|next| next.is(words));
    let flows = tokens[at].is(&["logs", "metrics", "traces", "events", "alerts", "data"])
        && next(&["go", "goes", "are", "flow", "flows", "end", "land"]);
    // "publishes events to": what is published is no part either.
    let object = tokens[at].is(&["events", "messages", "logs", "metrics", "data", "files", "pages"])
        && at > 0
        && VERBS.contains(&tokens[at - 1].lower.as_str())
        && next(&["to", "into", "from", "on"]);
    // "sends alerts through PagerDuty"
    let sent = tokens[at].is(&["alerts", "notifications", "emails", "mails", "messages", "sms", "pdfs"])
        && at > 0
        && tokens[at - 1].is(&["send", "sends", "sending", "push", "pushes"])
        && next(&["through", "via", "with", "using", "over"]);
    sent || flows
        || object
        || (end == at + 1 && next(&["calls", "requests", "traffic", "queries", "keys", "lookups"]))
}

/// "SSO through Okta", "a frontend in React": the product names the part before it.
fn named_by_product(tokens: &[Token], mentions: &mut Vec<Mention>) {
    let mut index = 1;
    while index < mentions.len() {
        let (a, b) = (&mentions[index - 1], &mentions[index]);
        let between = &tokens[a.end.min(b.start)..b.start];
        let through = matches!(between, [word] if word.is(&["through", "via", "with", "using", "in", "on", "by", "over", "from", "called", "named"]));
        let kin = super::compose::family(a.component) == super::compose::family(b.component)
            || NAMED_BY.contains(&(a.component.id, b.component.id));
        let product = b.named && !b.compound;
        if through && product && kin && !a.named {
            let start = a.start;
            mentions[index].start = start;
            mentions.remove(index - 1);
        } else {
            index += 1;
        }
    }
}

/// Parts that go by the name of a product of another component.
const NAMED_BY: &[(&str, &str)] = &[
    ("auth_service", "identity_provider"),
    ("identity_provider", "auth_service"),
    ("web_app", "web_server"),
    ("monitoring", "metrics_dashboard"),
];

/// "sensor C", "region 2": which one of several.
fn instance(tokens: &[Token], at: usize) -> Option<&str> {
    let token = tokens.get(at).filter(|token| token.is_word() && !token.quoted)?;
    let letter =
        token.text.len() == 1 && token.text != "I" && token.text.chars().all(|c| c.is_ascii_uppercase());
    let number = token.text.len() <= 2 && token.text.chars().all(|c| c.is_ascii_digit());
    (letter || number).then_some(token.text.as_str())
}

/// "warehouse robots": a known word right before people or devices only says which.
fn described(
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
fn says_otherwise(said: &str, name: &str) -> bool {
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
const AS_SAID: &[&str] = &[
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

/// Kinds of which a plural means a stack rather than a class of things.
const PLURAL_STACKS: &[Kind] = &[Kind::Process];

/// A generic head right after a product of its own kind, or after a bare domain word, belongs to it:
/// "redis cache", "orders database". Returns whether it did.
fn joins(
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
        && matches!(last.component.layer().name, "app" | "person" | "ai" | "client");
    if same && last.named {
        last.label = format!("{} {}", last.label, title_of(head));
    } else if is_kind && last.component.kind == Kind::Process && domain_word {
        // "search engine", "chat server": still the same part.
    } else if domain_word && !same {
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

/// Names without a head in a list that has one: "services for orders, billing and fleets",
/// "microservices: auth, cart".
fn listed_names(tokens: &[Token], mentions: &mut Vec<Mention>) {
    let is_head = |m: &Mention| m.component.id == "microservice" && !m.named;
    let Some(index) = mentions.iter().position(is_head) else { return };
    let service = mentions[index].component;
    let mut at = mentions[index].end;
    let opens = tokens.get(at).is_some_and(|token| {
        matches!(token.sign, Sign::Colon | Sign::Open)
            || token.is(&["for", "like", "including", "such", "namely", "called"])
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
        if at == start || at - start > 3 {
            break;
        }
        let known = mentions.iter_mut().find(|m| m.start <= start && start < m.end);
        match known {
            Some(known)
                if matches!(known.component.layer().name, "app" | "identity" | "ai" | "analytics") => {}
            // "services for orders and fleets": in such a list a thing is what a service is about.
            Some(known)
                if !known.named && matches!(known.component.layer().name, "client" | "person" | "data") =>
            {
                known.label = format!("{} Service", title_case(&[tokens[start].text.as_str()], true));
                known.component = service;
                known.named = true;
            }
            Some(_) => break,
            None => {
                let words: Vec<&str> = tokens[start..at].iter().map(|token| token.text.as_str()).collect();
                let label = format!("{} Service", title_case(&words, true));
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

/// Whether the phrase at a token is meant as a thing here. Words that are verbs as well ("build", "order")
/// are things only behind a determiner, a name, a comma or "and", never at the start.
fn is_noun(tokens: &[Token], at: usize, length: usize) -> bool {
    let word = tokens[at].lower.as_str();
    let verb_like = VERBS.contains(&word)
        && at > 0
        && (tokens[at - 1].is_word() || tokens.get(at + 1).is_some_and(|next| next.is(&["them", "it"])))
        && tokens.get(at + 1).is_some_and(|next| {
            next.is(&["to", "into", "from", "them", "their", "its", "a", "an", "the", "via", "over", "on"])
        });
    if length == 1 && verb_like {
        return false;
    }
    // "push them to Harbor": a name in the middle of a sentence is no verb.
    let capital = at > 0
        && tokens[at - 1].is_word()
        && tokens[at].text.chars().next().is_some_and(char::is_uppercase)
        && tokens[at - 1].text.chars().next().is_some_and(char::is_lowercase);
    let ambiguous = AMBIGUOUS.contains(&word);
    if length > 1 || capital || !ambiguous {
        return true;
    }
    let Some(before) = at.checked_sub(1).map(|before| &tokens[before]) else { return tokens.len() == 1 };
    let verb_next =
        tokens.get(at + 1).is_some_and(|next| next.is(&["a", "an", "the", "me", "my", "our", "us", "it"]));
    if verb_next {
        return false;
    }
    let starts = before.is(&[
        "to", "please", "you", "i", "we", "let", "and", "lets", "can", "could", "would", "they", "that",
        "which", "who",
    ]);
    !starts || (before.lower == "and" && at > 2)
}

/// Unknown words right before a token that can be a name, in order; at most three.
fn names_before(tokens: &[Token], at: usize, floor: usize) -> Vec<&str> {
    let mut start = at;
    while start > floor && at - start < 3 {
        let token = &tokens[start - 1];
        let is_name = token.is_word()
            && !STOP.contains(&token.lower.as_str())
            && number(&token.lower).is_none()
            && !token.lower.ends_with("ly")
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

/// The part that a kind's head word stands for.
pub(super) fn generic_of(kind: Kind, head: &str) -> Option<&'static Component> {
    let id = match kind {
        Kind::Process => "microservice",
        Kind::Client if matches!(singular(head).as_str(), "app" | "site" | "page" | "device") => return None,
        Kind::Client => "web_app",
        Kind::Database => "database",
        Kind::Security => "policy_engine",
        Kind::Queue => "message_queue",
        Kind::Cache => "cache",
        Kind::Storage => "object_storage",
        Kind::External => "third_party_api",
        Kind::Network => "reverse_proxy",
        Kind::Ai => "model_serving",
        Kind::Person => "user",
        Kind::Group | Kind::Default => return None,
    };
    find(id)
}

fn count_before(tokens: &[Token], at: usize) -> u32 {
    let mut at = at;
    // "three stateless web servers": an adjective may stand between.
    for _ in 0..2 {
        let Some(before) = at.checked_sub(1).map(|before| &tokens[before]) else { return 1 };
        if let Some(count) = number(&before.lower).filter(|&count| count > 0) {
            return count;
        }
        // "three tier web app" is one app.
        if before.is(&["tier", "tiered", "layer", "way"]) {
            return 1;
        }
        if before.lower == "of" || ADJECTIVES.contains(&before.lower.as_str()) {
            at -= 1;
        } else {
            return 1;
        }
    }
    1
}

fn is_plural(head: &[Token]) -> bool {
    head.last().is_some_and(|last| singular(&last.lower) != last.lower)
}

fn title_of(tokens: &[Token]) -> String {
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

const INITIALS: &[&str] = &[
    "api", "db", "sql", "ui", "ux", "ai", "ml", "llm", "cdn", "dns", "waf", "vpc", "vpn", "sso", "crm",
    "erp", "cms", "etl", "ci", "cd", "iot", "sms", "pdf", "http", "https", "grpc", "jwt", "id", "hr", "it",
    "qa", "s3", "sqs", "sns", "ehr", "emr", "kyc", "pos", "gps", "us", "eu", "bi", "siem", "tv", "b2b",
    "b2c", "faq", "cli", "sdk", "ocr", "gpu", "nlp", "rag", "tls", "bff", "kms", "iam", "vm", "ec2",
];

/// "A cold chain monitor: sensors, …": what stands before the colon is the whole.
fn headline(tokens: &[Token], mentions: &mut Vec<Mention>) -> Option<String> {
    let first = mentions.first().filter(|first| first.compound && mentions.len() > 2)?;
    let ends = tokens.get(first.end).is_some_and(|token| token.sign == Sign::Colon);
    let shared = first.component.id == "microservice" && is_plural(&tokens[first.start..first.end]);
    if !ends || shared || tokens[..first.start].iter().any(|t| t.sign != Sign::Word) {
        return None;
    }
    let subject = first.label.clone();
    mentions.remove(0);
    Some(subject)
}

/// "for a bike rental service", "of an airline": the whole, not a part. Takes its mention out and returns its name.
fn take_subject(tokens: &[Token], mentions: &mut Vec<Mention>) -> String {
    for at in 0..tokens.len() {
        if !tokens[at].is_word() || !SUBJECT_HEADS.contains(&singular(&tokens[at].lower).as_str()) {
            continue;
        }
        let covering = mentions.iter().position(|m| m.start <= at && at < m.end);
        let names = match covering {
            Some(index) if !mentions[index].compound || mentions[index].end != at + 1 => continue,
            Some(index) => tokens[mentions[index].start..at].iter().map(|t| t.text.as_str()).collect(),
            None => names_before(
                tokens,
                at,
                mentions.iter().filter(|m| m.end <= at).map(|m| m.end).max().unwrap_or(0),
            ),
        };
        if names.is_empty() {
            continue;
        }
        let mut article_at = at.saturating_sub(names.len() + 1);
        while article_at > 0 && ADJECTIVES.contains(&tokens[article_at].lower.as_str()) {
            article_at -= 1;
        }
        let before_article = article_at.checked_sub(1).map(|before| &tokens[before]);
        let purpose = tokens[article_at].is(&["a", "an", "our", "my", "the", "for", "of"])
            && (before_article.is_none_or(|before| {
                before.is(&["for", "of", "create", "design", "build", "draw", "make", "me", "want"])
            }) || tokens[article_at].is(&["for", "of"]));
        let leads = article_at == 0 && mentions.iter().all(|m| m.start >= at.saturating_sub(names.len()));
        if purpose || leads {
            let subject = title_case(&names, false);
            if let Some(index) = covering {
                mentions.remove(index);
            }
            return subject;
        }
    }
    String::new()
}

fn mark_negations(tokens: &[Token], mentions: &mut [Mention]) {
    for at in 0..tokens.len() {
        let negation = NEGATIONS.iter().find(|words| {
            let window = tokens.get(at..at + words.len());
            window
                .is_some_and(|window| window.iter().zip(words.iter()).all(|(token, word)| token.is(&[word])))
        });
        let Some(negation) = negation else { continue };
        let mut reach = at + negation.len();
        // The parts that follow, joined by "or", "and" or commas with nothing else between.
        for mention in mentions.iter_mut().filter(|m| m.start >= at) {
            let between = &tokens[reach.min(mention.start)..mention.start];
            if !between.iter().all(|t| {
                t.sign == Sign::Comma
                    || t.is(&["a", "an", "any", "the", "or", "nor", "and", "need", "for"])
                    || ADJECTIVES.contains(&t.lower.as_str())
            }) {
                break;
            }
            // "no cache and a queue": "and" with an article starts something new.
            let fresh =
                between.iter().any(|t| t.is(&["and"])) && between.iter().any(|t| t.is(&["a", "an", "the"]));
            if fresh {
                break;
            }
            mention.negated = true;
            reach = mention.end;
        }
    }
}

fn find_relations(tokens: &[Token], mentions: &[Mention]) -> Vec<Relation> {
    let mut found = Vec::new();
    for index in 1..mentions.len() {
        let (a, b) = (&mentions[index - 1], &mentions[index]);
        if a.negated || b.negated || b.start < a.end {
            continue;
        }
        let between = &tokens[a.end..b.start];
        if let Some(arrow) = between.iter().find(|t| matches!(t.sign, Sign::Right | Sign::Left | Sign::Both))
        {
            let (from, to) = if arrow.sign == Sign::Left { (index, index - 1) } else { (index - 1, index) };
            let both = arrow.sign == Sign::Both;
            found.push(Relation {
                from,
                to,
                label: "",
                dashed: false,
                both,
                arrow: true,
                weak: false,
                cuts: None,
            });
            continue;
        }
        if between.iter().any(|token| token.sign == Sign::Stop) {
            continue;
        }
        let words: Vec<&str> = between.iter().filter(|t| t.is_word()).map(|t| t.lower.as_str()).collect();
        if words.last().is_some_and(|_| ends_with_article(&words, "between")) {
            if let Some((left, right)) = pair_after(tokens, mentions, index) {
                let cuts = Some((left, right));
                let plain = Relation {
                    from: left,
                    to: index - 1,
                    label: "",
                    dashed: false,
                    both: false,
                    arrow: false,
                    weak: false,
                    cuts,
                };
                found.push(Relation { from: index - 1, to: right, ..plain.clone() });
                found.push(plain);
            }
            continue;
        }
        let protocol = (b.end..b.end + 2)
            .chain(a.end..b.start)
            .find_map(|at| tokens.get(at).and_then(|_| protocol_at(tokens, at)))
            .unwrap_or_default();
        if between.iter().any(|t| t.is(&["then"])) {
            // "…, then X, Y and Z": a row in which each feeds the next.
            let again = between.iter().any(|t| t.is(&["from", "to"]));
            let doer = found.iter().find(|r| r.to == index - 1).map(|r| r.from).filter(|_| again);
            let mut from = doer.unwrap_or(index - 1);
            for to in group_from(tokens, mentions, index) {
                found.push(plain(from, to, protocol));
                from = doer.unwrap_or(to);
            }
            continue;
        }
        let told = relation_in(&words).filter(|_| !new_clause(between));
        let Some(&(phrase, direction, label, dashed)) = told.or_else(|| leads_on(between)) else { continue };
        let label = if protocol.is_empty() { label } else { protocol };
        for from in subjects(tokens, mentions, &found, index - 1, phrase, between) {
            for to in group_from(tokens, mentions, index) {
                let (from, to) = if direction == Direction::Forward { (from, to) } else { (to, from) };
                let weak = matches!(phrase, "into" | "to");
                // "reads from a replica and mails through SendGrid": who reads also mails.
                let doer = found.iter().find(|relation| relation.to + 1 == from && relation.to + 2 == index);
                let goes_on = tokens.get(mentions[from].end..).is_some_and(|_| {
                    from == index - 1
                        && from > 0
                        && matches!(tokens.get(mentions[from - 1].end..mentions[from].start), Some([and]) if and.is(&["and"]))
                });
                if let Some(doer) = doer.map(|relation| relation.from).filter(|&doer| goes_on && doer != from)
                {
                    found.push(plain(doer, from, ""));
                }
                found.push(Relation { from, to, label, dashed, both: false, arrow: false, weak, cuts: None });
            }
        }
    }
    // "… and the mailer consumes them": from what was named before.
    for index in 1..mentions.len() {
        let after = tokens.get(mentions[index].end..mentions[index].end + 2).unwrap_or_default();
        let takes = matches!(after, [verb, them]
            if verb.is(&["consumes", "consume", "reads", "read", "processes", "handles", "parse", "parses"]) && them.is(&["them", "it"]));
        if takes && !mentions[index].negated && !mentions[index - 1].negated {
            found.push(Relation { dashed: true, ..plain(index - 1, index, "Messages") });
        }
    }
    found
}

/// Who acts on mention `index + 1`: mention `index` and what is listed with it, but not what the clause before was done to
/// ("uploads to S3, Lambda saves to …"); in "servers behind a balancer connected to a cache" it is the servers.
fn subjects(
    tokens: &[Token],
    mentions: &[Mention],
    found: &[Relation],
    index: usize,
    phrase: &str,
    between: &[Token],
) -> Vec<usize> {
    // "… asks the auth service and forwards to the shop": who asked also forwards.
    let goes_on = matches!(between, [and, verb, ..] if and.is(&["and"]) && (STOP.contains(&verb.lower.as_str()) || VERBS.contains(&verb.lower.as_str())) && !verb.is(&["the", "a", "an"]));
    if let Some(doer) = found.iter().find(|relation| goes_on && relation.to == index && relation.from < index)
    {
        return vec![doer.from];
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
    group.retain(|&other| other == index || !found.iter().any(|relation| relation.to == other));
    group
}

fn plain(from: usize, to: usize, label: &'static str) -> Relation {
    Relation { from, to, label, dashed: false, both: false, arrow: false, weak: false, cuts: None }
}

/// Whether a comma between two parts begins a clause with a doer of its own: "…, and API calls go through …".
fn new_clause(between: &[Token]) -> bool {
    let Some(comma) = between.iter().rposition(|t| t.sign == Sign::Comma) else { return false };
    let rest: Vec<&Token> = between[comma + 1..]
        .iter()
        .skip_while(|t| t.is(&["and", "which", "that", "who", "then", "it", "they", "also", "all"]))
        .collect();
    rest.first().is_some_and(|t| {
        t.is_word() && !STOP.contains(&t.lower.as_str()) && !VERBS.contains(&t.lower.as_str())
    })
}

/// "robots report positions to a manager": something is done, and "to" or "into" says to whom.
fn leads_on(between: &[Token]) -> Option<&'static (&'static str, Direction, &'static str, bool)> {
    const LEADS: &[(&str, Direction, &str, bool)] = &[("to", Direction::Forward, "", false)];
    const DIRECT: &[&str] = &[
        "watch", "watches", "use", "uses", "monitor", "browse", "trigger", "triggers", "update", "updates",
        "call", "calls", "query", "feed", "feeds", "see", "check", "checks", "read", "reads",
    ];
    if let [verb, rest @ ..] = between
        && verb.is(DIRECT)
        && rest.iter().all(|t| t.is(&["a", "an", "the", "our", "their", "its"]))
    {
        return Some(&LEADS[0]);
    }
    let does = between.first().is_some_and(|t| VERBS.contains(&t.lower.as_str()));
    let last = between.iter().rev().find(|t| !t.is(&["a", "an", "the", "our", "its", "another"]))?;
    let joined = between.iter().any(|t| t.sign != Sign::Word);
    (does && !joined && last.is(&["to", "into", "on", "from", "with"])).then(|| &LEADS[0])
}

fn ends_with_article(words: &[&str], wanted: &str) -> bool {
    let last = words.iter().rev().find(|word| !["a", "an", "the", "our", "my"].contains(word));
    last.is_some_and(|last| *last == wanted)
}

/// The two parts of "between A and B", the first of which is mention `index`.
fn pair_after(tokens: &[Token], mentions: &[Mention], index: usize) -> Option<(usize, usize)> {
    let (a, b) = (mentions.get(index)?, mentions.get(index + 1)?);
    let joined = tokens.get(a.end..b.start)?.iter().any(|token| token.is(&["and"]));
    joined.then_some((index, index + 1))
}

fn relation_in(words: &[&str]) -> Option<&'static (&'static str, Direction, &'static str, bool)> {
    let fits = |phrase: &str| {
        let phrase: Vec<&str> = phrase.split(' ').collect();
        words.windows(phrase.len()).any(|window| window == phrase)
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
    let mut at = index;
    while at + 1 < mentions.len() && listed(tokens, &mentions[at], &mentions[at + 1]) {
        at += 1;
        // "a WAF in front of the API and a queue between …": what goes on to say more is a clause of its own.
        let next = mentions.get(at + 1).and_then(|next| tokens.get(mentions[at].end..next.start));
        let goes_on = next.is_some_and(|between| {
            let words: Vec<&str> = between.iter().filter(|t| t.is_word()).map(|t| t.lower.as_str()).collect();
            relation_in(&words).is_some() || words.contains(&"between")
        });
        // "Kafka and the mailer consumes …": who does something is no object of the clause before.
        let does = tokens.get(mentions[at].end).is_some_and(|t| VERBS.contains(&t.lower.as_str()));
        if goes_on || does {
            break;
        }
        group.push(at);
    }
    group
}

fn listed(tokens: &[Token], a: &Mention, b: &Mention) -> bool {
    let Some(between) = tokens.get(a.end..b.start) else { return false };
    let joins = between.iter().any(|t| t.sign == Sign::Comma || t.is(&["and", "or"]));
    let only = between.iter().all(|t| {
        t.sign == Sign::Comma
            || t.is(&["and", "or", "a", "an", "the", "our", "my"])
            || number(&t.lower).is_some()
    });
    joins && only && !a.negated && !b.negated
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(text: &str) -> Vec<String> {
        parse(text)
            .mentions
            .iter()
            .map(|m| {
                let no = if m.negated { "-" } else { "" };
                let times = if m.count == 1 { String::new() } else { format!("x{}", m.count) };
                format!("{no}{}:{}{times}", m.component.id, m.label)
            })
            .collect()
    }

    #[test]
    fn parts_with_names_counts_and_negation() {
        let cases: &[(&str, &[&str])] = &[
            (
                "secure web app with database and authentication",
                &["web_app:Web App", "database:Database", "auth_service:Auth Service"],
            ),
            ("three web servers behind an nginx", &["web_server:Web Serverx3", "reverse_proxy:NGINX"]),
            ("a redis cache and a payments db", &["cache:Redis Cache", "database:Payments DB"]),
            (
                "an API without a cache or a queue",
                &["api:API Server", "-cache:Cache", "-message_queue:Message Queue"],
            ),
            (
                "services for orders, fleets and billing",
                &[
                    "order_service:Order Service",
                    "microservice:Fleet Service",
                    "billing_service:Billing Service",
                ],
            ),
            ("Kafka event bus", &["event_stream:Kafka Event Bus"]),
            ("build a search", &["search_service:Search Service"]),
        ];
        for (text, expected) in cases {
            assert_eq!(ids(text), *expected, "{text}");
        }
    }

    #[test]
    fn what_stands_between_says_how_parts_meet() {
        let pairs = |text: &str| -> Vec<(usize, usize)> {
            parse(text).relations.iter().map(|relation| (relation.from, relation.to)).collect()
        };
        assert_eq!(pairs("web app -> api -> postgres"), [(0, 1), (1, 2)]);
        assert_eq!(pairs("an api behind a waf"), [(1, 0)]);
        assert_eq!(pairs("a waf in front of an api"), [(0, 1)]);
        assert_eq!(pairs("mobile app and web app talk to an api gateway"), [(0, 2), (1, 2)]);
        assert_eq!(pairs("a cache between the api and the database"), [(0, 2), (1, 0)]);
    }

    #[test]
    fn the_subject_is_not_a_part() {
        assert_eq!(parse("backend of a bike rental service").subject, "Bike Rental");
        assert_eq!(parse("a dog walking app with postgres").subject, "Dog Walking");
    }
}
