//! The parts that a request names: known phrases first (the longest wins), then names that a list has without a head.

use spandrel_base::LeanSort;
use spandrel_catalog::{Component, Kind, Word, find, lookup, singular};

use super::labels::{
    AS_SAID, count_before, described, instance, is_plural, names_before, says_otherwise, title_case, title_of,
};
use super::parse::Mention;
use super::tokens::{Sign, Token};
use crate::words::english::{AMBIGUOUS, CARRIES, GENERIC_HEADS, SEVERAL, STOP, VERBS, WORKS};

/// The known phrase at a token: its meaning and its number of tokens.
pub(super) fn phrase_at(tokens: &[Token], at: usize) -> Option<(Word, usize)> {
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
            || is_traffic(tokens, at, end)
            || (word.product().is_none() && is_carried(tokens, at, end, word))
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

/// "rider app", "Parents' app": the app that a person, or a service, has. "Django app": what is made with it.
fn whose_app(tokens: &[Token], mentions: &mut Vec<Mention>, at: usize, end: usize, names: &[&str]) {
    let id = match singular(&tokens[end - 1].lower).as_str() {
        "app" => "mobile_app",
        "site" | "page" => "web_app",
        _ => return,
    };
    let Some(component) = find(id) else { return };
    if let Some(last) = mentions.last_mut().filter(|last| last.end == at) {
        if last.named && !last.compound {
            last.label = format!("{} {}", last.label, title_of(&tokens[at..end]));
            last.end = end;
        } else if last.end - last.start == 1 && matches!(last.component.layer().name, "person" | "app") {
            last.label =
                format!("{} {}", title_of(&tokens[last.start..last.end]), title_of(&tokens[at..end]));
            last.component = component;
            last.named = true;
            last.compound = true;
            last.end = end;
        }
        return;
    }
    if id == "mobile_app" && !names.is_empty() {
        let words: Vec<&str> = names.iter().copied().chain([tokens[at].text.as_str()]).collect();
        let start = at - names.len();
        let count = count_before(tokens, start);
        mentions.push(Mention {
            component,
            label: title_case(&words, count > 1),
            named: true,
            compound: true,
            count,
            negated: false,
            start,
            end,
        });
    }
}

/// Protocols, as they are said and as they label a connection.
pub(super) const PROTOCOLS: &[(&str, &str)] = &[
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
pub(super) fn protocol_at(tokens: &[Token], at: usize) -> Option<&'static str> {
    let over = at.checked_sub(1).is_some_and(|before| tokens[before].is(&["over"]));
    PROTOCOLS.iter().find(|(said, _)| over && tokens[at].is(&[said])).map(|(_, label)| *label)
}

/// "API calls", "database traffic": what goes over a connection, no part.
pub(super) fn is_traffic(tokens: &[Token], at: usize, end: usize) -> bool {
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

/// "stores the bookings in Postgres", "sends images to a gateway": what is passed on is no part of its own.
fn is_carried(tokens: &[Token], at: usize, end: usize, word: Word) -> bool {
    const WHERE: &[&str] = &["to", "into", "in", "on", "onto", "from", "at", "through", "via", "by"];
    const FAR: usize = 5;
    let layer = word.component().map_or("", |component| component.layer().name);
    let thing = matches!(layer, "app" | "person" | "external" | "ops" | "ai")
        || word.component().is_some_and(|c| matches!(c.id, "event_bus" | "session_store" | "command_bus"));
    // "the order service" works, "the orders" are worked on.
    let works = tokens[end - 1].is(WORKS) || tokens.get(end).is_some_and(|next| next.is(WORKS));
    if !thing || works {
        return false;
    }
    let passes = |token: &Token| token.sign == Sign::Comma || (token.is_word() && !token.is(WHERE));
    let after = tokens[end..].iter().take(FAR).take_while(|t| passes(t)).count();
    let whereto = tokens.get(end + after).is_some_and(|token| token.is(WHERE));
    let own = tokens[end..end + after].iter().all(|t| !VERBS.contains(&t.lower.as_str()) && !t.is(WORKS));
    let before = tokens[..at].iter().rev().take(FAR).take_while(|t| passes(t)).find(|t| t.is(CARRIES));
    whereto && own && before.is_some()
}

/// "SSO through Okta", "a frontend in React": the product names the part before it.
pub(super) fn named_by_product(tokens: &[Token], mentions: &mut Vec<Mention>) {
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
pub(super) const NAMED_BY: &[(&str, &str)] = &[
    ("auth_service", "identity_provider"),
    ("identity_provider", "auth_service"),
    ("web_app", "web_server"),
    ("monitoring", "metrics_dashboard"),
];

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
        && matches!(last.component.layer().name, "app" | "person" | "ai" | "client");
    // "DICOM gateway": a gateway, and what it speaks.
    let protocol_word = last.end - last.start == 1
        && !last.named
        && component.kind == Kind::Network
        && matches!(last.component.layer().name, "external" | "identity" | "messaging");
    if same && last.named {
        last.label = format!("{} {}", last.label, title_of(head));
    } else if is_kind && last.component.kind == Kind::Process && domain_word {
        // "search engine", "chat server": still the same part.
    } else if (domain_word || protocol_word) && !same {
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
    let ending = if plain {
        "Service".to_owned()
    } else if head.named {
        singular(&head.label)
    } else {
        title_case(&[tokens[head.end - 1].text.as_str()], true)
    };
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
        if at == start || at - start > 3 {
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
                known.label = format!("{} {ending}", title_case(&[tokens[start].text.as_str()], true));
                known.component = service;
                known.named = true;
                known.compound = true;
            }
            Some(_) => break,
            None => {
                let words: Vec<&str> = tokens[start..at].iter().map(|token| token.text.as_str()).collect();
                let label = format!("{} {ending}", title_case(&words, true));
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
pub(super) fn is_noun(tokens: &[Token], at: usize, length: usize) -> bool {
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
    // "users -> shop": what an arrow leads from or to is a part, whatever else the word can mean.
    let at_arrow = tokens.get(at + length).is_some_and(Token::is_arrow)
        || at.checked_sub(1).is_some_and(|before| tokens[before].is_arrow());
    if length > 1 || capital || at_arrow || !ambiguous {
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
