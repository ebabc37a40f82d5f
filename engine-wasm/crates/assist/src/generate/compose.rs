//! From a request to a plan: a pattern if one fits, the parts that are named, what is unwanted, how parts meet.

use spandrel_catalog::{Component, find};

use super::attach::{attach, entry_sources, place};
use super::company::{complete, says_only};
use super::contain::{contain, repeat};
use super::finish::{connect_loose_ends, join_islands, tidy_groups};
use super::parse::{Mention, Request};
use super::plan::{Edge, End, Group, Plan, last};
use super::simple;
use super::tokens::Token;
use super::wishes::{counts, each_own, front, named_services, negations, own_databases};
use crate::Data;
use crate::pattern::Pattern;

/// Words before "app" or "system" that say nothing about what it is for.
const NO_SUBJECT: &[&str] = &[
    "online", "mobile", "web", "commerce", "e", "simple", "small", "business", "digital", "smart", "own",
    "public", "internal", "test", "demo", "software", "it", "computer", "data", "cloud", "backend", "api",
    "rest", "react", "new", "sample", "example", "little", "basic",
];

/// Less of a request than this calls no pattern: one common word that is said of a part.
const LEAST_COVER: f64 = 0.26;

/// So many words at the beginning say what the whole is.
const TITLE: usize = 6;

/// Less than this is one word's cover; a phrase of two has four times as much.
const ONE_WORD: f64 = 2.0;

/// Makes the plan of a request, and names the pattern that it follows.
pub(crate) fn compose<'d>(data: &'d Data, request: &Request) -> (Plan, Option<&'d Pattern>) {
    if request.stated {
        return (super::stated::plan(request), None);
    }
    let pattern = choose(data, request);
    let mut plan = pattern.map_or_else(Plan::default, instantiate);
    let generic = |word: &str| {
        let lower = word.to_lowercase();
        NO_SUBJECT.contains(&lower.as_str())
            || pattern.is_some_and(|p| p.words.iter().flatten().any(|known| *known == lower))
    };
    let subject = if request.subject.split(' ').all(generic) { "" } else { request.subject.as_str() };
    if !subject.is_empty() {
        let what = if plan.title.is_empty() { "System" } else { plan.title.as_str() };
        plan.title = format!("{subject}: {what}");
    }
    let drawn = mentions(&mut plan, request, pattern);
    relations(&mut plan, request, &drawn);
    for index in drawn.iter().flatten() {
        if !plan.is_connected(*index) && !draws_itself(request) {
            attach(&mut plan, *index);
        }
    }
    named_services(&mut plan, request, pattern);
    negations(&mut plan, request);
    if pattern.is_some() && simple::is_wanted(request) {
        simple::simplify(&mut plan);
    }
    front(&mut plan, request);
    counts(&mut plan, request, &drawn);
    own_databases(&mut plan, request);
    connect_loose_ends(&mut plan);
    if !draws_itself(request) || says_more(request) {
        join_islands(&mut plan);
    }
    complete(&mut plan, request);
    contain(&mut plan, request, &drawn);
    repeat(&mut plan, request);
    tidy_groups(&mut plan);
    // A connection of a container that is gone is gone with it.
    if !draws_itself(request) {
        join_islands(&mut plan);
    }
    (plan, pattern)
}

/// Whether the request gives the picture as arrows: then nothing is added to it.
pub(super) fn draws_itself(request: &Request) -> bool {
    let arrows = request.relations.iter().filter(|relation| relation.arrow).count();
    arrows >= 2 || (arrows == 1 && request.mentions.len() <= 2)
}

/// Whether a picture in arrows names parts beside it: "A -> B -> C, workers with Redis".
fn says_more(request: &Request) -> bool {
    let drawn = |m: usize| request.relations.iter().any(|r| r.arrow && (r.from == m || r.to == m));
    (0..request.mentions.len()).any(|m| !request.mentions[m].negated && !drawn(m))
}

/// The pattern whose phrases cover most of the request.
fn choose<'d>(data: &'d Data, request: &Request) -> Option<&'d Pattern> {
    if draws_itself(request)
        || (says_only(request) && request.mentions.iter().filter(|m| !m.negated).count() >= 2)
    {
        return None;
    }
    let listed = request
        .mentions
        .iter()
        .filter(|m| !m.negated && m.component.layer().name == "app" && m.compound)
        .count();
    let says_services = request.tokens.iter().any(|token| token.is(&["services", "microservices"]));
    // "Azure Static Web Apps" is a product and no web app.
    let sold = |at: usize| {
        request.mentions.iter().any(|m| {
            let product = m.named && !m.compound && m.end - m.start > 2;
            let own = product && spandrel_catalog::tokens(&m.label).len() == m.end - m.start;
            (own || m.negated) && (m.start..m.end).contains(&at)
        })
    };
    let said: Vec<Token> = request
        .tokens
        .iter()
        .enumerate()
        .filter(|&(at, _)| !sold(at))
        .map(|(_, token)| token.clone())
        .collect();
    let mut best: Option<(f64, &Pattern)> = None;
    for pattern in &data.patterns {
        let mut score = pattern.words.iter().map(|phrase| cover(&said, phrase)).sum::<f64>();
        if pattern.samples && says_services && listed >= 1 {
            score += 3.0;
        }
        score *= pattern.weight;
        // A word among the parts ("… with payments") does not make the whole.
        if score > best.map_or(LEAST_COVER, |(most, _)| most) {
            best = Some((score, pattern));
        }
    }
    let parts = request.mentions.iter().filter(|mention| !mention.negated).count();
    if let Some((score, pattern)) = best {
        // Who says how three parts meet, or where they stand, has drawn the picture; a pattern would only bury it.
        // That somebody is told something draws no picture.
        let tells = |r: &&super::parse::Relation| {
            let is = |m: usize, ids: &[&str]| {
                request.mentions.get(m).is_some_and(|m| ids.contains(&m.component.id))
            };
            let tell = ["notification_service", "email_service", "sms_service", "push_service"];
            is(r.from, &tell) || is(r.to, &tell)
        };
        let said = request.relations.iter().filter(|r| !tells(r)).count();
        let told = (parts >= 3 && said + 1 >= parts)
            || (parts >= 3 && said > 0 && pattern.weight <= 0.5)
            || (parts >= 4 && said >= 2)
            // The cluster that the request draws is the pattern's own.
            || (parts >= 4 && !request.containers.is_empty() && (pattern.weight <= 0.5 || pattern.place))
            || (parts >= 3 && request.containers.iter().any(|c| !c.runtime))
            || request.containers.len() >= 2
            || request.containers.iter().any(|c| c.copies.len() > 1 && !c.parts.is_empty());
        // "Bank statement import: an SFTP server, a parser, a rules engine and a warehouse" is no digital bank: where one
        // word called a pattern that has next to nothing of what is named, it is about something else. The pattern of
        // services takes any name.
        let has =
            |mention: &&Mention| pattern.nodes.iter().any(|node| node.component.id == mention.component.id);
        let shared = request.mentions.iter().filter(|mention| !mention.negated).filter(has).count();
        let few = if parts >= 5 { shared * 2 < parts } else { shared * 4 < parts };
        // Called by a part that is named later, a pattern needs more of it in common.
        let title: Vec<&str> = request.tokens.iter().take(TITLE).map(|t| t.lower.as_str()).collect();
        let fits =
            |(word, wanted): (&&str, &String)| word == wanted || spandrel_catalog::singular(word) == *wanted;
        let titled = pattern
            .words
            .iter()
            .filter(|phrase| !phrase.is_empty())
            .any(|phrase| title.windows(phrase.len()).any(|said| said.iter().zip(phrase).all(fits)));
        let late = !titled && parts >= 5 && shared * 3 < parts;
        let foreign = (late || (score < ONE_WORD && parts >= 4 && few)) && !pattern.samples;
        // "a shop with an Angular front end, a Spring Boot back end and MySQL" says how it is built, tier by tier.
        let tier = |fits: &dyn Fn(&Mention) -> bool| request.mentions.iter().any(|m| !m.negated && fits(m));
        let tiers = pattern.weight > 0.5
            && tier(&|m| m.component.layer().name == "client")
            && tier(&|m| family(m.component) == "api" || m.component.id == "serverless_function")
            && tier(&|m| m.component.kind == spandrel_catalog::Kind::Database);
        return (!told && !foreign && !tiers).then_some(pattern);
    }
    // Who names no technical part asks for a whole.
    let technical = |m: &Mention| {
        let layer = m.component.layer().name;
        let product = m.named && !m.compound && !matches!(layer, "person" | "client");
        !m.negated
            && (product
                || matches!(layer, "edge" | "data" | "messaging" | "analytics" | "ops" | "delivery" | "ai"))
    };
    let lay = !request.mentions.iter().any(technical);
    let few =
        request.mentions.iter().filter(|m| matches!(m.component.layer().name, "app" | "external")).count()
            <= 2;
    let little = parts < 4 && request.relations.is_empty() && request.containers.is_empty();
    if little || (lay && few && parts >= 1) {
        data.patterns.iter().find(|pattern| pattern.id == "web_app")
    } else {
        None
    }
}

/// How much of the request a phrase covers: the square of its words, so that longer phrases say more.
fn cover(tokens: &[Token], phrase: &[String]) -> f64 {
    let words: Vec<&str> =
        tokens.iter().filter(|t| t.is_word()).flat_map(|t| t.lower.split(['.', '\'', '’'])).collect();
    let fits = |window: &[&str]| {
        window
            .iter()
            .zip(phrase)
            .all(|(word, wanted)| word == wanted || spandrel_catalog::singular(word) == *wanted)
    };
    if phrase.is_empty() {
        return 0.0;
    }
    let Some(at) = words.windows(phrase.len()).position(fits) else { return 0.0 };
    // What the whole is comes first in English; after "with" come its parts.
    let is_part = words[..at].iter().any(|word| matches!(*word, "with" | "using" | "including" | "plus"));
    let squared = (phrase.len() * phrase.len()) as f64;
    if is_part { squared / 16.0 } else { squared }
}

fn instantiate(pattern: &Pattern) -> Plan {
    let mut plan = Plan { title: pattern.title.clone(), ..Plan::default() };
    for (key, label) in &pattern.groups {
        let parent =
            key.rsplit_once('.').and_then(|(parent, _)| plan.groups.iter().position(|g| g.key == parent));
        plan.groups.push(Group { key: key.clone(), label: label.clone(), parent, asked: false });
    }
    for node in &pattern.nodes {
        let group = plan.groups.iter().position(|group| group.key == node.group);
        let index = plan.add_node(&node.key, &node.label, node.component, group);
        plan.nodes[index].multiple = node.multiple;
    }
    for edge in &pattern.edges {
        let end = |key: &str| -> Option<End> {
            match key.strip_prefix('{').and_then(|key| key.strip_suffix('}')) {
                Some(group) => plan.groups.iter().position(|g| g.key == group).map(End::Group),
                None => pattern.nodes.iter().position(|node| node.key == key).map(End::Node),
            }
        };
        if let (Some(from), Some(to)) = (end(&edge.from), end(&edge.to)) {
            plan.edges.push(Edge {
                from,
                to,
                label: edge.label.clone(),
                both: edge.both,
                dashed: edge.dashed,
            });
        }
    }
    plan
}

/// Draws every wanted part; gives its node for each mention.
///
/// Words that called the pattern are not parts beside it: "web app" is the whole drawing, unless the pattern
/// holds such a part.
fn mentions(plan: &mut Plan, request: &Request, pattern: Option<&Pattern>) -> Vec<Option<usize>> {
    let words: Vec<&str> = request.tokens.iter().map(|t| t.lower.as_str()).collect();
    let calls = |mention: &Mention| {
        let range = mention.start..mention.end;
        pattern.is_some_and(|pattern| {
            pattern.words.iter().filter(|phrase| !phrase.is_empty()).any(|phrase| {
                let mut windows = words.windows(phrase.len()).enumerate();
                windows.any(|(at, window)| {
                    window == phrase.as_slice() && at <= range.start && range.end <= at + phrase.len()
                })
            })
        })
    };
    let each_own = each_own(request);
    let mut drawn = Vec::with_capacity(request.mentions.len());
    for mention in &request.mentions {
        // A cluster that holds what was named is drawn around it.
        if request.containers.iter().any(|c| c.start < mention.end && mention.start < c.end) {
            drawn.push(None);
            continue;
        }
        let own = each_own.as_ref().is_some_and(|(component, _)| component.id == mention.component.id);
        if own
            && (request.tokens[..mention.start].last().is_some_and(|t| t.is(&["own"]))
                || request.tokens.get(mention.end).is_some_and(|t| t.is(&["per"])))
        {
            drawn.push(None);
            continue;
        }
        if !mention.negated && mention.count <= 1 && !mention.named && calls(mention) {
            // Named with the pattern, and free to be taken by what is named more closely.
            drawn.push(plan.first(|node| node.component.id == mention.component.id));
            continue;
        }
        drawn.push((!mention.negated).then(|| claim(plan, request, mention)));
    }
    drawn
}

/// The part of the plan that a mention means, or a new one in its place.
fn claim(plan: &mut Plan, request: &Request, mention: &Mention) -> usize {
    let one = spandrel_catalog::singular(&mention.label);
    let same_name = plan
        .first(|node| node.component.id == mention.component.id && node.label == mention.label)
        .or_else(|| {
            let person = |node: &super::plan::Node| node.component.layer().name == "person" && !node.claimed;
            plan.first(|node| person(node) && spandrel_catalog::singular(&node.label) == one)
        });
    // A part that the catalogue does not know may be one that the pattern has under a longer name.
    let words = spandrel_catalog::tokens(&mention.label);
    let longer = || {
        plan.first(|node| {
            let own = spandrel_catalog::tokens(&node.label);
            !node.claimed && words.iter().all(|word| own.contains(word))
        })
    };
    if mention.compound
        && mention.component.id == "microservice"
        && let Some(index) = same_name.or_else(longer)
    {
        plan.nodes[index].claimed = true;
        return index;
    }
    let same = same_name.or_else(|| {
        let free = |node: &super::plan::Node| !node.claimed || !mention.named || !node.named;
        // "matching engine, order book": two names of one request are two parts, unless the second points back.
        let again =
            mention.start > 0 && request.tokens[mention.start - 1].is(&["the", "this", "that", "its"]);
        let other = |node: &super::plan::Node| {
            node.claimed
                && !again
                && mention.label != mention.component.name
                && mention.label != node.label
                && match mention.component.layer().name {
                    "person" => true,
                    "app" => !mention.named,
                    _ => false,
                }
        };
        plan.first(|node| node.component.id == mention.component.id && free(node) && !other(node))
    });
    let kin = || {
        let family = family(mention.component);
        // "Keycloak" names the login that was asked for; "nginx" is not the load balancer beside it.
        let takes_over = matches!(family, "auth" | "web" | "database");
        // A pattern's customers are whoever the request names first; its site is the front end that is named.
        let person = mention.component.layer().name == "person";
        let stands_in = |node: &super::plan::Node| {
            !node.claimed
                && ((person
                    && matches!(node.component.id, "user" | "users" | "customer")
                    && matches!(mention.component.id, "user" | "users" | "customer" | "patient"))
                    || (family == "web" && node.component.id == "web_server"))
        };
        let first = plan.first(|node| family == self::family(node.component) && !node.claimed);
        if first.is_none()
            && let Some(index) = plan.first(|node| stands_in(node))
        {
            return Some(index);
        }
        plan.first(|node| {
            family == self::family(node.component)
                && (!node.claimed || (takes_over && mention.named && !mention.compound && !node.named))
        })
    };
    let another = request
        .tokens
        .get(mention.start.saturating_sub(1))
        .is_some_and(|t| mention.start > 0 && t.is(&["another", "second", "separate"]));
    if let Some(index) = same.or_else(kin).filter(|_| !another) {
        let node = &mut plan.nodes[index];
        let said = mention.named || mention.label != mention.component.name;
        if said && node.label != mention.label {
            node.label.clone_from(&mention.label);
            node.component = mention.component;
            let key = super::plan::snake_case(&mention.label);
            let free = !plan.nodes.iter().any(|other| other.key == key)
                && !plan.groups.iter().any(|g| last(&g.key) == key);
            if free {
                plan.nodes[index].key = key;
            }
        } else if node.component.id != mention.component.id && mention.component.layer().name == "person" {
            // A pattern's customers are whoever the request names.
            node.label.clone_from(&mention.label);
            node.component = mention.component;
        } else if !mention.named && family(node.component) == node.component.id {
            node.component = mention.component;
        }
        plan.nodes[index].claimed = true;
        plan.nodes[index].named |= mention.named;
        return index;
    }
    let group = place(plan, mention.component);
    let wanted = if mention.named { mention.label.as_str() } else { mention.component.id };
    let index = plan.add_node(wanted, &mention.label, mention.component, group);
    plan.nodes[index].claimed = true;
    plan.nodes[index].named = mention.named;
    index
}

/// Components that stand for each other: a product of one takes the place of another.
pub(crate) fn family(component: &Component) -> &'static str {
    match component.id {
        "database" | "sql_database" | "document_database" | "key_value_store" | "distributed_sql"
        | "wide_column" => "database",
        "message_queue" | "message_broker" | "event_bus" | "event_stream" | "topic" => "queue",
        "auth_service" | "identity_provider" => "auth",
        "web_app" | "browser" => "web",
        "api" | "app_server" | "monolith" | "grpc_service" | "business_app" => "api",
        "load_balancer" | "reverse_proxy" | "ingress" => "balancer",
        "observability" | "monitoring" => "observability",
        "cache" | "session_store" => "cache",
        "user" | "users" | "customer" => "user",
        "iot_device" | "sensor" => "device",
        "container_cluster" | "production_env" => "runtime",
        id => find(id).map_or("", |known| known.id),
    }
}

pub(super) fn layer_of(plan: &Plan, index: usize) -> &'static str {
    plan.nodes[index].component.layer().name
}

fn relations(plan: &mut Plan, request: &Request, drawn: &[Option<usize>]) {
    let node = |mention: usize| drawn.get(mention).copied().flatten();
    for relation in &request.relations {
        let (Some(from), Some(to)) = (node(relation.from), node(relation.to)) else { continue };
        if let Some((left, right)) = relation.cuts
            && let (Some(left), Some(right)) = (node(left), node(right))
        {
            let cut = |e: &Edge| e.from == End::Node(left) && e.to == End::Node(right);
            plan.edges.retain(|edge| !cut(edge));
        }
        // "a mobile app connected to a gateway, two services and MongoDB": the way leads through the gateway.
        let layer = |index: usize| plan.nodes[index].component.layer().name;
        let through_door = !relation.arrow
            && matches!(layer(from), "client" | "person")
            && layer(to) != "edge"
            && request.relations.iter().any(|other| {
                let (first, last) = (other.to.min(relation.to), other.to.max(relation.to));
                other.from == relation.from
                    && node(other.to).is_some_and(|other| layer(other) == "edge")
                    && (first..last).all(|m| {
                        super::relations::listed(
                            &request.tokens,
                            &request.mentions[m],
                            &request.mentions[m + 1],
                        )
                    })
            });
        if through_door {
            continue;
        }
        if relation.weak && plan.leads_to(from, to) {
            continue;
        }
        // What is written into a bucket is not written through the CDN that serves it.
        let stored = plan.nodes[to].component.layer().name == "data";
        if layer_of(plan, from) == "edge" && !stored && relation.cuts.is_none() && !relation.arrow {
            let sources = entry_sources(plan, from);
            plan.insert_before(from, to, &sources);
        }
        plan.connect(from, to, relation.label, relation.dashed);
        if relation.both
            && let Some(edge) =
                plan.edges.iter_mut().find(|e| e.from == End::Node(from) && e.to == End::Node(to))
        {
            edge.both = true;
        }
    }
}
