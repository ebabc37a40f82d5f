//! The small grammar of requests: which parts are named, how many, how they meet, and which are unwanted.
//!
//! Known phrases of the catalogue are found first (the longest wins); words that stand before a generic head
//! become its name ("payments db" is a database called Payments DB); what stands between two parts says how
//! they meet. Nothing here knows of diagrams: the result is a [`Request`].

use spandrel_catalog::Component;

use super::containers::{Container, find_containers};
use super::lists;
use super::mentions::find_mentions;
use super::refer::{apps_for, named_by_product, same_again};
use super::relations::find_relations;
use super::roles;
use super::subject::{headline, mark_negations, take_business, take_subject, take_title};
use super::tokens::{Token, tokenize};

/// What a request says.
#[derive(Clone, Debug, Default)]
pub(crate) struct Request {
    pub(crate) tokens: Vec<Token>,
    pub(crate) mentions: Vec<Mention>,
    pub(crate) relations: Vec<Relation>,
    pub(crate) containers: Vec<Container>,
    /// What the system is for, Title Case: "Bike Rental"; `""` where it is not said.
    pub(crate) subject: String,
    /// Read clause by clause: it states its parts and how they meet, and nothing is guessed beside that.
    pub(crate) stated: bool,
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

/// Reads what a request states, clause by clause; where it states too little, what it names.
pub(crate) fn read(text: &str) -> Request {
    super::read::stated(&tokenize(text)).unwrap_or_else(|| parse(text))
}

/// Reads what a request names.
pub(crate) fn parse(text: &str) -> Request {
    let tokens = tokenize(text);
    let mut mentions = find_mentions(&tokens);
    let subject = headline(&tokens, &mut mentions)
        .or_else(|| take_business(&tokens, &mut mentions))
        .unwrap_or_else(|| take_subject(&tokens, &mut mentions));
    take_title(&tokens, &mut mentions);
    lists::shared_heads(&tokens, &mut mentions);
    lists::unknown_items(&tokens, &mut mentions);
    roles::actors(&tokens, &mut mentions);
    lists::at_arrows(&tokens, &mut mentions);
    named_by_product(&tokens, &mut mentions);
    apps_for(&tokens, &mut mentions);
    same_again(&tokens, &mut mentions);
    mark_negations(&tokens, &mut mentions);
    roles::without_words_of_use(&tokens, &mut mentions);
    let containers = find_containers(&tokens, &mentions);
    let relations = find_relations(&tokens, &mentions);
    settle(&tokens, &mut mentions, &relations, &containers);
    Request { tokens, mentions, relations, containers, subject, stated: false }
}

/// What a part is may only be seen from where it stands: an app behind a proxy is no client, a gateway of sensors no API's.
pub(super) fn settle(
    tokens: &[Token],
    mentions: &mut [Mention],
    relations: &[Relation],
    containers: &[Container],
) {
    let turn = |mention: &mut Mention, id: &str| {
        if let Some(component) = spandrel_catalog::find(id) {
            mention.component = component;
        }
    };
    let mut renamed = false;
    let intelligent =
        mentions.iter().any(|m| m.component.layer().name == "ai" && m.component.id != "ai_agent")
            || tokens.iter().any(|t| {
                t.is(&["ai", "llm", "gpt", "agentic", "autonomous", "agents", "model", "prompt", "rag"])
            });
    for index in 0..mentions.len() {
        let owner = relations.iter().find(|r| r.to == index).map(|r| mentions[r.from].label.clone());
        let layer_of = |other: usize| mentions[other].component.layer().name;
        let asked = relations.iter().any(|r| r.to == index && matches!(layer_of(r.from), "edge"));
        let from_device =
            relations.iter().any(|r| r.to == index && mentions[r.from].component.protocol == "MQTT");
        let inside = containers.iter().any(|c| c.runtime && c.parts.contains(&index));
        let ingress = mentions.iter().any(|m| matches!(m.component.id, "ingress" | "load_balancer"));
        let mention = &mut mentions[index];
        let alone = mention.end == mention.start + 1 && tokens[mention.start].is(&["gateway", "gateways"]);
        match mention.component.id {
            // "the agent opens Salesforce": where nothing else is a model's, agents are people.
            "ai_agent" if !mention.named && !intelligent => turn(mention, "users"),
            "mobile_app" if asked && mention.compound => turn(mention, "business_app"),
            "web_app" if inside && ingress && (mention.count > 1 || asked) => turn(mention, "web_server"),
            "api_gateway" if alone && (from_device || renamed) => {
                renamed = true;
                turn(mention, "edge_gateway");
                "Gateway".clone_into(&mut mention.label);
            }
            // "the checkout service with its own database"
            "database" if !mention.named && mention.start > 0 && tokens[mention.start - 1].is(&["own"]) => {
                if let Some(owner) = owner {
                    let owner = owner.strip_suffix(" Service").unwrap_or(&owner);
                    mention.label = format!("{owner} DB");
                    mention.named = true;
                    mention.compound = true;
                }
            }
            _ => {}
        }
    }
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
