//! From a request to a plan: a pattern if one fits, the parts that are named, what is unwanted, how parts meet.

use spandrel_catalog::{Component, find};

use super::attach::{attach, entry_sources, place};
use super::parse::{Mention, Request};
use super::plan::{Edge, End, Group, Plan, last};
use super::tokens::Token;
use crate::Data;
use crate::pattern::Pattern;
use crate::words::english::SEVERAL;

/// Words before "app" or "system" that say nothing about what it is for.
const NO_SUBJECT: &[&str] = &[
    "online", "mobile", "web", "commerce", "e", "simple", "small", "business", "digital", "smart", "own",
    "public", "internal", "test", "demo", "software", "it", "computer", "data", "cloud", "backend", "api",
    "rest", "react", "new", "sample", "example", "little", "basic",
];

/// At most so many instances are drawn one by one; more become a stack.
const DRAWN_ONE_BY_ONE: u32 = 3;

/// Less of a request than this calls no pattern: one common word that is said of a part.
const LEAST_COVER: f64 = 0.26;

/// Makes the plan of a request, and names the pattern that it follows.
pub(crate) fn compose<'d>(data: &'d Data, request: &Request) -> (Plan, Option<&'d Pattern>) {
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
    front(&mut plan, request);
    counts(&mut plan, request, &drawn);
    own_databases(&mut plan, request);
    if pattern.is_none()
        && !draws_itself(request)
        && request.relations.is_empty()
        && !request.mentions.is_empty()
    {
        round_off(&mut plan, request);
    }
    connect_loose_ends(&mut plan);
    if !draws_itself(request) {
        join_islands(&mut plan);
    }
    contain(&mut plan, request, &drawn);
    tidy_groups(&mut plan);
    // A connection of a container that is gone is gone with it.
    if !draws_itself(request) {
        join_islands(&mut plan);
    }
    (plan, pattern)
}

/// One drawing is one whole: what hangs together apart from the rest is asked by the part that does the work.
fn join_islands(plan: &mut Plan) {
    let works = plan.live().find(|&i| {
        plan.nodes[i].component.layer().name == "app"
            && plan.nodes[i].component.kind == spandrel_catalog::Kind::Process
    });
    let Some(core) = works.or_else(|| plan.live().next()) else { return };
    loop {
        let reached = reached_from(plan, core);
        let apart: Vec<usize> = plan.live().filter(|&index| !reached[index]).collect();
        if apart.is_empty() {
            return;
        }
        // What receives nothing yet is the natural end of the bridge; people and clients are its beginning.
        let asks = |index: usize| matches!(plan.nodes[index].component.layer().name, "person" | "client");
        let targeted = |index: usize| plan.edges.iter().any(|edge| edge.to == End::Node(index));
        let end = apart.iter().copied().find(|&i| !asks(i) && !targeted(i));
        match end.or_else(|| apart.iter().copied().find(|&i| !asks(i))) {
            Some(end) => plan.connect(core, end, "", false),
            None => plan.connect(apart[0], core, "", false),
        }
    }
}

/// Which parts hang together with one, over connections in either direction and over containers that are connected.
fn reached_from(plan: &Plan, start: usize) -> Vec<bool> {
    let inside = |index: usize, group: usize| {
        let mut at = plan.nodes[index].group;
        while let Some(this) = at {
            if this == group {
                return true;
            }
            at = plan.groups[this].parent;
        }
        false
    };
    let touches = |end: End, index: usize| match end {
        End::Node(node) => node == index,
        End::Group(group) => inside(index, group),
    };
    let mut reached = vec![false; plan.nodes.len()];
    reached[start] = true;
    let mut open = vec![start];
    while let Some(at) = open.pop() {
        for edge in &plan.edges {
            let other = if touches(edge.from, at) {
                edge.to
            } else if touches(edge.to, at) {
                edge.from
            } else {
                continue;
            };
            for index in plan.live() {
                if !reached[index] && touches(other, index) {
                    reached[index] = true;
                    open.push(index);
                }
            }
        }
    }
    reached
}

/// A few parts without a word on how they meet become a small whole: what they keep, and who watches over them.
fn round_off(plan: &mut Plan, request: &Request) {
    const ENOUGH: usize = 6;
    let unwanted = |id: &str| request.mentions.iter().any(|m| m.negated && family(m.component) == id);
    for (id, label, layer) in [("database", "Read and write", "data"), ("monitoring", "Metrics", "ops")] {
        let there = plan.first(|node| matches!(node.component.layer().name, name if name == layer || (layer == "data" && name == "analytics")));
        let Some(component) = find(id).filter(|_| there.is_none() && !unwanted(id)) else { continue };
        let works = plan.live().find(|&i| plan.nodes[i].component.kind == spandrel_catalog::Kind::Process);
        let Some(works) = works.filter(|_| plan.live().count() < ENOUGH) else { return };
        let group = place(plan, component);
        let index = plan.add_node(component.id, component.name, component, group);
        plan.connect(works, index, label, layer == "ops");
        plan.assumptions
            .push(format!("I added {} so that the picture is whole.", component.name.to_lowercase()));
    }
}

/// Puts parts where the request says they stand; what everything runs in is drawn around all that is the system's own.
fn contain(plan: &mut Plan, request: &Request, drawn: &[Option<usize>]) {
    for container in &request.containers {
        let parts: Vec<usize> =
            container.parts.iter().filter_map(|&part| drawn.get(part).copied().flatten()).collect();
        let owned = |plan: &Plan, index: usize| {
            !matches!(plan.nodes[index].component.layer().name, "person" | "client" | "external")
        };
        let whole = container.runtime
            && request.containers.len() == 1
            && parts.iter().filter(|&&i| owned(plan, i)).count() >= 3;
        let key = super::plan::snake_case(&container.label);
        let group = plan.group(&key, &container.label);
        plan.groups[group].asked = true;
        if whole {
            for other in 0..plan.groups.len() {
                if other != group
                    && plan.groups[other].parent.is_none()
                    && plan.groups[other].key != "external"
                {
                    plan.groups[other].parent = Some(group);
                }
            }
            let own: Vec<usize> =
                plan.live().filter(|&i| owned(plan, i) && plan.nodes[i].group.is_none()).collect();
            for index in own {
                plan.nodes[index].group = Some(group);
            }
        } else {
            for index in parts {
                plan.nodes[index].group = Some(group);
            }
        }
    }
}

/// Whether the request gives the picture as arrows: then nothing is added to it.
fn draws_itself(request: &Request) -> bool {
    let arrows = request.relations.iter().filter(|relation| relation.arrow).count();
    arrows >= 2 || (arrows == 1 && request.mentions.len() <= 2)
}

/// The pattern whose phrases cover most of the request.
fn choose<'d>(data: &'d Data, request: &Request) -> Option<&'d Pattern> {
    if draws_itself(request) {
        return None;
    }
    let listed = request
        .mentions
        .iter()
        .filter(|m| !m.negated && m.component.layer().name == "app" && m.compound)
        .count();
    let says_services = request.tokens.iter().any(|token| token.is(&["services", "microservices"]));
    let mut best: Option<(f64, &Pattern)> = None;
    for pattern in &data.patterns {
        let mut score = pattern.words.iter().map(|phrase| cover(&request.tokens, phrase)).sum::<f64>();
        if pattern.id == "microservices" && says_services && listed >= 1 {
            score += 3.0;
        }
        score *= pattern.weight;
        // A word among the parts ("… with payments") does not make the whole.
        if score > best.map_or(LEAST_COVER, |(most, _)| most) {
            best = Some((score, pattern));
        }
    }
    let parts = request.mentions.iter().filter(|mention| !mention.negated).count();
    if let Some((_, pattern)) = best {
        // Who says how three parts meet, or where they stand, has drawn the picture; a pattern would only bury it.
        let said = request.relations.len();
        let told = (parts >= 3 && said > 0 && pattern.weight <= 0.5)
            || (parts >= 4 && said >= 2)
            || (parts >= 3
                && !request.containers.is_empty()
                && request.containers.iter().any(|c| !c.runtime));
        return (!told).then_some(pattern);
    }
    if parts < 4 && request.relations.is_empty() && request.containers.is_empty() {
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
    let is_part = words[..at]
        .iter()
        .any(|word| matches!(*word, "with" | "using" | "including" | "plus" | "without" | "no"));
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
        if own && request.tokens[..mention.start].last().is_some_and(|t| t.is(&["own"])) {
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
    let same_name =
        plan.first(|node| node.component.id == mention.component.id && node.label == mention.label);
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
        plan.first(|node| node.component.id == mention.component.id && free(node))
    });
    let kin = || {
        let family = family(mention.component);
        // "Keycloak" names the login that was asked for; "nginx" is not the load balancer beside it.
        let takes_over = matches!(family, "auth" | "web" | "database");
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
        "api" | "app_server" | "monolith" | "grpc_service" => "api",
        "load_balancer" | "reverse_proxy" | "ingress" => "balancer",
        "observability" | "monitoring" => "observability",
        "cache" | "session_store" => "cache",
        "user" | "users" | "customer" => "user",
        "iot_device" | "sensor" => "device",
        "container_cluster" | "production_env" => "runtime",
        id => find(id).map_or("", |known| known.id),
    }
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
                other.from == relation.from && node(other.to).is_some_and(|other| layer(other) == "edge")
            });
        if through_door {
            continue;
        }
        if relation.weak && plan.leads_to(from, to) {
            continue;
        }
        if plan.nodes[from].component.layer().name == "edge" && relation.cuts.is_none() && !relation.arrow {
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

/// A pattern's sample services make room for the services that the request names.
fn named_services(plan: &mut Plan, request: &Request, pattern: Option<&Pattern>) {
    let Some(pattern) = pattern.filter(|pattern| pattern.id == "microservices") else { return };
    let is_service = |index: &usize, plan: &Plan| {
        plan.nodes[*index].component.layer().name == "app"
            && plan.nodes[*index].component.id != "notification_service"
    };
    let named = plan.live().filter(|index| is_service(index, plan) && plan.nodes[*index].claimed).count();
    let counted =
        request.mentions.iter().any(|m| m.component.id == "microservice" && m.count > 1 && !m.negated);
    if (named < 2 && !counted) || request.mentions.is_empty() {
        return;
    }
    let samples: Vec<usize> =
        plan.live().filter(|i| is_service(i, plan) && !plan.nodes[*i].claimed).collect();
    for sample in samples {
        let stores: Vec<usize> = plan
            .live()
            .filter(|&store| !plan.nodes[store].claimed && plan.nodes[store].component.layer().name == "data")
            .filter(|&store| {
                plan.edges.iter().any(|e| e.from == End::Node(sample) && e.to == End::Node(store))
            })
            .collect();
        plan.remove(sample, false);
        for store in stores {
            plan.remove(store, false);
        }
    }
    // Services of the request speak on the pattern's bus as its own did.
    let bus = plan.first(|node| node.component.layer().name == "messaging");
    let services: Vec<usize> = plan.live().filter(|index| is_service(index, plan)).collect();
    let group = plan.groups.iter().position(|group| group.key == pattern.services);
    for index in services {
        plan.nodes[index].group = group.or(plan.nodes[index].group);
        if let Some(bus) = bus {
            plan.connect(index, bus, "Events", true);
        }
    }
}

/// What each service has for itself: the database of "each with its own MongoDB".
fn each_own(request: &Request) -> Option<(&'static Component, String)> {
    let own = request.mentions.iter().find(|mention| {
        let before = mention.start.checked_sub(1).map(|at| &request.tokens[at]);
        before.is_some_and(|token| token.is(&["own"]))
            && mention.component.kind == spandrel_catalog::Kind::Database
    });
    if let Some(own) = own {
        let label = if own.named { format!(" {}", own.label) } else { " DB".to_owned() };
        return Some((own.component, label));
    }
    let words: Vec<&str> = request.tokens.iter().filter(|t| t.is_word()).map(|t| t.lower.as_str()).collect();
    let per_service = words.windows(3).any(|window| window == ["database", "per", "service"]);
    find("sql_database").filter(|_| per_service).map(|database| (database, " DB".to_owned()))
}

/// "each with its own database": a database for every service that has none.
fn own_databases(plan: &mut Plan, request: &Request) {
    let Some((database, ending)) = each_own(request) else { return };
    let services: Vec<usize> = plan
        .live()
        .filter(|&index| {
            let node = &plan.nodes[index];
            node.component.layer().name == "app"
                && (node.label.contains("Service") || node.label.contains("Subgraph") || node.claimed)
                && node.component.id != "notification_service"
        })
        .collect();
    for service in services {
        let has_one = plan.edges.iter().any(|edge| {
            edge.from == End::Node(service)
                && matches!(edge.to, End::Node(to) if plan.nodes[to].component.kind == spandrel_catalog::Kind::Database)
        });
        if !has_one {
            let label = format!("{}{ending}", plan.nodes[service].label.trim_end_matches(" Service"));
            let group = place(plan, database);
            let index = plan.add_node(&label, &label, database, group);
            plan.connect(service, index, "Read and write", false);
        }
    }
}

/// Somebody asks: a drawing in which nobody does gets users in front, unless the request drew it itself.
fn front(plan: &mut Plan, request: &Request) {
    let person = |node: &super::plan::Node| node.component.layer().name == "person";
    let outside =
        |node: &super::plan::Node| matches!(node.component.layer().name, "person" | "client" | "delivery");
    let entered = |plan: &Plan, index: usize| {
        let to = End::Node(index);
        matches!(plan.nodes[index].component.layer().name, "edge" | "app" | "ai")
            && !plan.edges.iter().any(|edge| edge.to == to)
    };
    // A firewall in front of everything is where people come in, portals behind it or not.
    let gate = plan
        .live()
        .find(|&i| entered(plan, i) && plan.nodes[i].component.layer().name == "edge")
        .filter(|_| plan.first(person).is_none());
    let drawn = draws_itself(request);
    let Some(users) = find("users").filter(|_| !drawn && (plan.first(outside).is_none() || gate.is_some()))
    else {
        return;
    };
    let entries: Vec<usize> =
        gate.into_iter().chain(plan.live().filter(|&index| entered(plan, index))).collect();
    let program = |index: usize| {
        let label = plan.nodes[index].label.to_lowercase();
        ["scraper", "crawler", "fetcher", "cron", "job"].iter().any(|word| label.contains(word))
    };
    if entries.first().is_some_and(|&entry| program(entry)) {
        return;
    }
    let by_itself =
        ["scheduler", "stream_processor", "etl", "ci_server", "batch_processor", "data_orchestrator"];
    if entries.first().is_some_and(|&entry| by_itself.contains(&plan.nodes[entry].component.id)) {
        return;
    }
    if let Some(&entry) = entries.first() {
        let index = plan.add_node(users.id, users.name, users, None);
        plan.connect(index, entry, "HTTPS", false);
    }
}

fn negations(plan: &mut Plan, request: &Request) {
    for mention in request.mentions.iter().filter(|mention| mention.negated) {
        let unwanted = family(mention.component);
        let hit: Vec<usize> = plan
            .live()
            .filter(|&index| {
                let node = &plan.nodes[index];
                !node.claimed
                    && (node.component.id == mention.component.id || family(node.component) == unwanted)
            })
            .collect();
        for index in hit {
            // What only the unwanted part needed goes with it: the provider of the payments.
            let only_its_own: Vec<usize> = plan
                .live()
                .filter(|&other| {
                    let mut into = plan.edges.iter().filter(|e| e.to == End::Node(other)).peekable();
                    let node = &plan.nodes[other];
                    node.component.layer().name == "external"
                        && !node.claimed
                        && into.peek().is_some()
                        && into.all(|e| e.from == End::Node(index))
                })
                .collect();
            for other in only_its_own {
                plan.remove(other, false);
            }
            let in_the_way = matches!(plan.nodes[index].component.layer().name, "edge" | "app");
            plan.remove(index, in_the_way);
        }
    }
}

/// Draws several instances: one by one while they are few, as a stack where they are many.
fn counts(plan: &mut Plan, request: &Request, drawn: &[Option<usize>]) {
    for (mention, index) in request.mentions.iter().zip(drawn) {
        let Some(index) = *index else { continue };
        if mention.count <= 1 || plan.nodes[index].gone {
            continue;
        }
        if mention.count > DRAWN_ONE_BY_ONE {
            plan.nodes[index].multiple = true;
            if mention.count < SEVERAL {
                plan.nodes[index].label = format!("{} ×{}", plan.nodes[index].label, mention.count);
            }
            continue;
        }
        let label = spandrel_catalog::singular(&plan.nodes[index].label);
        for number in 2..=mention.count {
            let Node { component, group } =
                Node { component: plan.nodes[index].component, group: plan.nodes[index].group };
            let copy =
                plan.add_node(&format!("{label} {number}"), &format!("{label} {number}"), component, group);
            plan.nodes[copy].claimed = true;
            let edges: Vec<Edge> = plan.edges.clone();
            for edge in edges {
                let swap = |end: End| if end == End::Node(index) { End::Node(copy) } else { end };
                if edge.from == End::Node(index) || edge.to == End::Node(index) {
                    plan.edges.push(Edge { from: swap(edge.from), to: swap(edge.to), ..edge });
                }
            }
        }
        plan.nodes[index].label = format!("{label} 1");
    }
}

struct Node {
    component: &'static Component,
    group: Option<usize>,
}

fn connect_loose_ends(plan: &mut Plan) {
    let loose: Vec<usize> = plan.live().filter(|&index| !plan.is_connected(index)).collect();
    for index in loose {
        if !plan.is_connected(index) {
            attach(plan, index);
        }
    }
    // A queue that nobody works off is worked off by who waits for work.
    let is_source = |plan: &Plan, index: usize| plan.edges.iter().any(|edge| edge.from == End::Node(index));
    let is_target = |plan: &Plan, index: usize| plan.edges.iter().any(|edge| edge.to == End::Node(index));
    let queues: Vec<usize> = plan
        .live()
        .filter(|&i| {
            plan.nodes[i].component.layer().name == "messaging" && !is_source(plan, i) && is_target(plan, i)
        })
        .filter(|&i| plan.nodes[i].component.id != "dead_letter_queue")
        .collect();
    for queue in queues {
        let idle: Vec<usize> = plan
            .live()
            .filter(|&i| {
                matches!(plan.nodes[i].component.id, "worker" | "stream_processor" | "serverless_function")
            })
            .filter(|&i| !is_target(plan, i))
            .collect();
        for worker in idle {
            plan.connect(queue, worker, "Messages", true);
        }
    }
    // A function that nothing calls is called by what arrives in a store.
    let idle =
        plan.live().find(|&i| plan.nodes[i].component.id == "serverless_function" && !is_target(plan, i));
    let store = plan.live().find(|&i| {
        plan.nodes[i].component.id == "object_storage" && is_target(plan, i) && !is_source(plan, i)
    });
    if let (Some(function), Some(store)) = (idle, store)
        && !plan.leads_to(function, store)
    {
        plan.connect(store, function, "Triggers", true);
    }
    // A portal or app that leads nowhere asks the part that does the work.
    let works = plan.live().find(|&i| {
        plan.nodes[i].component.layer().name == "app"
            && plan.nodes[i].component.kind == spandrel_catalog::Kind::Process
    });
    let idle: Vec<usize> = plan
        .live()
        .filter(|&i| plan.nodes[i].component.layer().name == "client" && !is_source(plan, i))
        .collect();
    for client in idle {
        if let Some(works) = works.filter(|&works| !plan.leads_to(works, client)) {
            plan.connect(client, works, plan.nodes[client].component.protocol, false);
        }
    }
}

/// A container needs two things in it; a small drawing needs none.
fn tidy_groups(plan: &mut Plan) {
    let few = plan.live().count() <= 5;
    for group in (0..plan.groups.len()).rev() {
        let inside = plan.live().filter(|&index| plan.nodes[index].group == Some(group)).count();
        let below = plan.groups.iter().filter(|other| other.parent == Some(group)).count();
        if (inside + below >= 2 && !few) || (inside + below >= 1 && plan.groups[group].asked) {
            continue;
        }
        // Indices behind the group move down when it goes, its parent's too.
        let parent = plan.groups[group].parent.map(|parent| if parent > group { parent - 1 } else { parent });
        let lone = plan.live().find(|&index| plan.nodes[index].group == Some(group));
        for node in &mut plan.nodes {
            if node.group == Some(group) {
                node.group = parent;
            } else if let Some(g) = node.group.filter(|&g| g > group) {
                node.group = Some(g - 1);
            }
        }
        for other in &mut plan.groups {
            if other.parent == Some(group) {
                other.parent = parent;
            } else if let Some(p) = other.parent.filter(|&p| p > group) {
                other.parent = Some(p - 1);
            }
        }
        plan.groups.remove(group);
        plan.edges.retain_mut(|edge| {
            for end in [&mut edge.from, &mut edge.to] {
                match *end {
                    End::Group(g) if g == group => match lone {
                        Some(node) => *end = End::Node(node),
                        None => return false,
                    },
                    End::Group(g) if g > group => *end = End::Group(g - 1),
                    _ => {}
                }
            }
            edge.from != edge.to
        });
    }
    plan.dedup_edges();
}
