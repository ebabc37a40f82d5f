//! What a request wants of a plan beside its parts: services by name, one of a kind for each, a front, none of something, how many.

use spandrel_catalog::{Component, Kind, find};

use super::attach::place;
use super::compose::{draws_itself, family};
use super::parse::Request;
use super::plan::{Edge, End, Plan};
use crate::pattern::Pattern;
use crate::words::english::SEVERAL;

/// At most so many instances are drawn one by one; more become a stack.
pub(super) const DRAWN_ONE_BY_ONE: u32 = 3;

/// A pattern's sample services make room for the services that the request names.
pub(super) fn named_services(plan: &mut Plan, request: &Request, pattern: Option<&Pattern>) {
    let Some(pattern) = pattern.filter(|pattern| pattern.samples) else { return };
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
pub(super) fn each_own(request: &Request) -> Option<(&'static Component, String)> {
    let own = request.mentions.iter().find(|mention| {
        let before = mention.start.checked_sub(1).map(|at| &request.tokens[at]);
        // "a checkout service with its own database" says it of one.
        let of_all = |at: usize| {
            request.tokens[..at].iter().rev().take(9).take_while(|t| t.sign != super::tokens::Sign::Stop).any(
                |t| {
                    t.is(&[
                        "each",
                        "every",
                        "all",
                        "both",
                        "their",
                        "per",
                        "they",
                        "services",
                        "microservices",
                    ])
                },
            )
        };
        before.is_some_and(|token| token.is(&["own"]))
            && of_all(mention.start)
            && mention.component.kind == spandrel_catalog::Kind::Database
    });
    if let Some(own) = own {
        let label = if own.named { format!(" {}", own.label) } else { " DB".to_owned() };
        return Some((own.component, label));
    }
    let words: Vec<&str> = request.tokens.iter().filter(|t| t.is_word()).map(|t| t.lower.as_str()).collect();
    // "one table per lambda"
    let each = request.mentions.iter().find(|mention| {
        mention.component.kind == spandrel_catalog::Kind::Database
            && request.tokens.get(mention.end).is_some_and(|token| token.is(&["per"]))
    });
    if let Some(each) = each {
        let label = if each.named { format!(" {}", each.label) } else { " DB".to_owned() };
        return Some((each.component, label));
    }
    let own_store =
        words.windows(2).any(|window| window[0] == "own" && ["store", "storage"].contains(&window[1]));
    if own_store {
        return find("database").map(|database| (database, " DB".to_owned()));
    }
    let per_service = words.windows(3).any(|window| window == ["database", "per", "service"]);
    find("sql_database").filter(|_| per_service).map(|database| (database, " DB".to_owned()))
}

/// "each with its own database": a database for every service that has none.
pub(super) fn own_databases(plan: &mut Plan, request: &Request) {
    let Some((database, ending)) = each_own(request) else { return };
    let services: Vec<usize> = plan
        .live()
        .filter(|&index| {
            let node = &plan.nodes[index];
            node.component.layer().name == "app"
                && (node.label.contains("Service") || node.label.contains("Subgraph") || node.claimed)
                && node.component.id != "worker"
                && !matches!(
                    node.component.id,
                    "container_cluster" | "service_mesh" | "sidecar" | "vm" | "autoscaler"
                )
                && node.component.id != "notification_service"
        })
        .collect();
    for service in services {
        let has_one = plan.edges.iter().any(|edge| {
            edge.from == End::Node(service)
                && matches!(edge.to, End::Node(to) if plan.nodes[to].component.kind == spandrel_catalog::Kind::Database)
        });
        if !has_one {
            let owner = plan.nodes[service].label.clone();
            let owner = ["Service", "Lambda", "Subgraph"]
                .iter()
                .find_map(|head| owner.strip_suffix(head))
                .unwrap_or(&owner)
                .trim_end();
            let label = format!("{owner}{ending}");
            let group = place(plan, database);
            let index = plan.add_node(&label, &label, database, group);
            plan.connect(service, index, "Read and write", false);
        }
    }
}

/// Somebody asks: a drawing in which nobody does gets users in front, unless the request drew it itself.
pub(super) fn front(plan: &mut Plan, request: &Request) {
    let person = |node: &super::plan::Node| node.component.layer().name == "person";
    // Who looks after a system is not who it is for.
    let outside = |node: &super::plan::Node| {
        matches!(node.component.layer().name, "person" | "client" | "delivery")
            && node.component.id != "admin"
    };
    let entered = |plan: &Plan, index: usize| {
        let to = End::Node(index);
        matches!(plan.nodes[index].component.layer().name, "edge" | "app" | "ai")
            && !matches!(
                plan.nodes[index].component.id,
                "bastion" | "nat_gateway" | "transit_gateway" | "direct_link"
            )
            && !matches!(plan.nodes[index].component.kind, Kind::Database | Kind::Storage)
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
    let of = |layer: &'static str| {
        let plan = &*plan;
        plan.live().filter(move |&i| entered(plan, i) && plan.nodes[i].component.layer().name == layer)
    };
    // Who tells how systems meet, and names nobody, draws no people.
    let told = request.relations.len() >= 3 && request.relations.len() + 2 >= request.mentions.len();
    let entries: Vec<usize> = gate.into_iter().chain(of("edge")).chain(of("app")).chain(of("ai")).collect();
    let program = |index: usize| {
        let label = plan.nodes[index].label.to_lowercase();
        ["scraper", "crawler", "fetcher", "cron", "job"].iter().any(|word| label.contains(word))
    };
    if entries
        .first()
        .is_some_and(|&entry| program(entry) || (told && plan.nodes[entry].component.layer().name != "edge"))
    {
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

pub(super) fn negations(plan: &mut Plan, request: &Request) {
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
pub(super) fn counts(plan: &mut Plan, request: &Request, drawn: &[Option<usize>]) {
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
            plan.nodes[copy].twin = Some(index);
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

pub(super) struct Node {
    component: &'static Component,
    group: Option<usize>,
}
