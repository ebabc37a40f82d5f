//! Names that refer to each other: a product for the part before it, "the gateway" that was named, an app for somebody.

use spandrel_catalog::{find, singular};

use super::clauses::is_small;
use super::labels::{count_before, title_case, title_of};
use super::parse::Mention;
use super::tokens::{Sign, Token};

/// "rider app", "Parents' app": the app that a person, or a service, has. "Django app": what is made with it.
pub(super) fn whose_app(
    tokens: &[Token],
    mentions: &mut Vec<Mention>,
    at: usize,
    end: usize,
    names: &[&str],
) {
    let id = match singular(&tokens[end - 1].lower).as_str() {
        "app" => "mobile_app",
        "site" | "page" | "website" => "web_app",
        _ => return,
    };
    let Some(component) = find(id) else { return };
    // "mobile banking app"
    let client = mentions.last_mut().filter(|last| {
        last.end + names.len() == at && !names.is_empty() && !last.named && last.component.id == id
    });
    if let Some(last) = client {
        last.label = title_of(&tokens[last.start..end]);
        last.end = end;
        last.named = true;
        last.compound = true;
        return;
    }
    if let Some(last) = mentions.last_mut().filter(|last| last.end == at) {
        if last.named && !last.compound {
            // A Django app runs on a server; only what runs at the user's is called an app.
            if last.component.layer().name == "client" {
                last.label = format!("{} {}", last.label, title_of(&tokens[at..end]));
            }
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
    // "patients book over an app"
    let used = at > 1
        && tokens[at - 1].is(&["a", "an", "the", "our", "their"])
        && tokens[at - 2].is(&["over", "via", "through", "on", "in", "using"]);
    // "website and call centre use the engine"
    let begins = at == 0
        || tokens[at - 1].is(&["the", "our", "a", "and"])
        || matches!(tokens[at - 1].sign, Sign::Stop | Sign::Comma | Sign::Colon);
    let acts = begins
        && id == "web_app"
        && at > 0
        && (super::clauses::acts(tokens, end) || tokens.get(end).is_some_and(|t| t.is(&["and"])));
    if names.is_empty() && (used || acts) {
        let site = tokens[end - 1].is(&["website", "site"]);
        let label = if site { title_of(&tokens[at..end]) } else { component.name.to_owned() };
        mentions.push(Mention {
            component,
            label,
            named: false,
            compound: false,
            count: 1,
            negated: false,
            start: at,
            end,
        });
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

/// "SSO through Okta", "a frontend in React", "a write db (Postgres)", "RabbitMQ as the broker": the product and the part
/// are one.
pub(super) fn named_by_product(tokens: &[Token], mentions: &mut Vec<Mention>) {
    let mut index = 1;
    while index < mentions.len() {
        let (a, b) = (&mentions[index - 1], &mentions[index]);
        let between: Vec<&Token> = tokens[a.end.min(b.start)..b.start]
            .iter()
            .filter(|token| !is_small(token) && !token.is(&["aws", "azure", "amazon", "google"]))
            .collect();
        // "banco Oracle", "fila SQS": where the head stands first, the product behind it is its name.
        let head_first = between.is_empty() && a.end == b.start && !a.named && a.count == 1;
        let through = head_first
            || matches!(between[..], [word] if word.is(&["through", "via", "with", "using", "in", "on", "by", "over", "from", "called", "named"]));
        let bracket = matches!(between[..], [open] if open.sign == Sign::Open)
            && tokens.get(b.end).is_some_and(|token| matches!(token.sign, Sign::Close | Sign::Comma));
        let serves = matches!(between[..], [word] if word.is(&["as", "for"]));
        let kin = super::compose::family(a.component) == super::compose::family(b.component)
            || NAMED_BY.contains(&(a.component.id, b.component.id));
        let kin_back = super::compose::family(a.component) == super::compose::family(b.component)
            || NAMED_BY.contains(&(b.component.id, a.component.id));
        let product = |m: &Mention| m.named && !m.compound;
        // "transaction events in Kafka": what is in a stream is what the stream is for.
        let events = a.component.id == "event_bus" && b.component.kind == spandrel_catalog::Kind::Queue;
        let alike = super::compose::family(a.component) == super::compose::family(b.component);
        let model = matches!(a.component.id, "read_model" | "write_model" | "agent_memory");
        let tier = a.component.id == "monolith";
        let same = ((through && !model) || (bracket && alike && !tier)) && product(b) && kin;
        if same && (!a.named || events && through) {
            let start = a.start;
            mentions[index].start = start;
            mentions.remove(index - 1);
        } else if between.first().is_some_and(|colon| colon.sign == Sign::Colon)
            && between[1..].iter().all(|token| token.is_word())
            && !a.named
            && super::compose::family(a.component) == super::compose::family(b.component)
        {
            // "Backend: a modular monolith"
            mentions.remove(index - 1);
        } else if (bracket || (through && (model || a.compound && alike))) && product(b) && kin {
            let label = format!("{} ({})", a.label, b.label);
            let closes = tokens.get(b.end).is_some_and(|token| token.sign == Sign::Close);
            let (start, end) = (a.start, b.end + usize::from(bracket && closes));
            let plain = a.component.id == super::compose::family(a.component);
            let component = if plain && !model { b.component } else { a.component };
            mentions[index] =
                Mention { label, start, end, component, named: true, compound: true, ..b.clone() };
            mentions.remove(index - 1);
        } else if serves && product(a) && kin_back && !product(b) {
            let label = if b.compound { format!("{} ({})", b.label, a.label) } else { a.label.clone() };
            let end = b.end;
            mentions[index - 1].label = label;
            mentions[index - 1].end = end;
            mentions.remove(index);
        } else {
            index += 1;
        }
    }
}

/// "an edge gateway … the gateway": the second is the first.
pub(super) fn same_again(tokens: &[Token], mentions: &mut [Mention]) {
    for index in 1..mentions.len() {
        let this = &mentions[index];
        let again = this.start > 0 && tokens[this.start - 1].is(&["the", "that", "this", "same"]);
        if !again || this.compound || this.count > 1 || this.end != this.start + 1 {
            continue;
        }
        let head = singular(&tokens[this.start].lower);
        let before = mentions[..index].iter().rposition(|m| {
            let said = spandrel_catalog::tokens(&m.label);
            !m.negated && m.end - m.start > 1 && said.last().is_some_and(|last| singular(last) == head)
        });
        if let Some(before) = before {
            let first = mentions[before].clone();
            mentions[index].component = first.component;
            mentions[index].label = first.label;
            mentions[index].named = first.named;
        }
    }
}

/// "a mobile app for customers, an app for couriers": whose app it is names it.
pub(super) fn apps_for(tokens: &[Token], mentions: &mut Vec<Mention>) {
    let Some(mobile) = find("mobile_app") else { return };
    for at in 0..tokens.len() {
        let heads = ["app", "apps", "application", "portal", "site"];
        if !tokens[at].is(&heads) || !tokens.get(at + 1).is_some_and(|t| t.is(&["for", "of"])) {
            continue;
        }
        let start = at + 2 + usize::from(tokens.get(at + 2).is_some_and(is_small));
        let Some(who) = mentions.iter().position(|m| m.start == start) else { continue };
        if mentions[who].component.layer().name != "person" {
            continue;
        }
        let whose = singular(&mentions[who].label);
        let there = mentions.iter().position(|m| m.start <= at && at < m.end);
        match there {
            Some(app) if mentions[app].component.layer().name == "client" && !mentions[app].named => {
                let head = mentions[app].label.clone();
                let head = if head == mobile.name { "App".to_owned() } else { head };
                mentions[app].label = format!("{whose} {head}");
                mentions[app].named = true;
                mentions[app].compound = true;
            }
            None if (tokens[at].is(&["app", "apps"]) && who > 0 || tokens[at].is(&["portal"]))
                && (at == 0
                    || matches!(tokens[at - 1].sign, Sign::Comma | Sign::Stop | Sign::Colon)
                    || tokens[at - 1].is(&["and", "an", "a", "one", "with", "the"])) =>
            {
                let portal = tokens[at].is(&["portal"]);
                let label = format!("{whose} {}", if portal { "Portal" } else { "App" });
                let app = Mention {
                    component: find("web_app").filter(|_| portal).unwrap_or(mobile),
                    label,
                    named: true,
                    compound: true,
                    count: 1,
                    negated: false,
                    start: at,
                    end: at + 1,
                };
                mentions.insert(who, app);
            }
            _ => {}
        }
    }
}

/// Parts that go by the name of a product of another component.
const NAMED_BY: &[(&str, &str)] = &[
    ("auth_service", "identity_provider"),
    ("identity_provider", "auth_service"),
    ("web_app", "web_server"),
    ("web_app", "mobile_app"),
    ("monolith", "api"),
    ("monitoring", "metrics_dashboard"),
    ("dashboard", "metrics_dashboard"),
    ("dashboard", "bi_tool"),
    ("read_model", "search_index"),
    ("read_model", "document_database"),
    ("read_model", "sql_database"),
    ("write_model", "sql_database"),
    ("notification_service", "push_provider"),
    ("api", "serverless_function"),
    ("web_app", "web_server"),
    ("search_service", "search_index"),
    ("agent_memory", "cache"),
    ("agent_memory", "vector_store"),
];
