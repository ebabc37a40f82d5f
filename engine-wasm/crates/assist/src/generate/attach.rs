//! Where a part that the request only names belongs: its container, and what it is connected to.
//!
//! The rules follow the layers of the catalogue (who asks, what receives, what works, what keeps): the way a
//! request takes through a system, with what stands beside it (operations, security) attached sideways.

use spandrel_catalog::{Kind, find};

use super::inner::{ai, analytics, app, data, delivery, external, messaging, operations};
use super::plan::{Edge, End, Plan};

/// The container for a new part: where its neighbours of the same layer are, else the layer's own.
/// People, clients and outside services stand at the top.
pub(crate) fn place(plan: &mut Plan, component: &'static spandrel_catalog::Component) -> Option<usize> {
    let layer = component.layer();
    if matches!(layer.name, "person" | "client" | "external") {
        return None;
    }
    let neighbour = plan.first(|node| node.component.layer == component.layer && node.group.is_some());
    if let Some(neighbour) = neighbour {
        return plan.nodes[neighbour].group;
    }
    Some(plan.group(layer.group_id, layer.group_label))
}

/// Who leads requests into the system: people, clients, and what of the edge stands before `node`.
pub(crate) fn entry_sources(plan: &Plan, node: usize) -> Vec<usize> {
    let rank = edge_rank(plan.nodes[node].component.id);
    plan.live()
        .filter(|&index| index != node)
        .filter(|&index| match plan.nodes[index].component.layer().name {
            "person" | "client" => true,
            "edge" => edge_rank(plan.nodes[index].component.id) < rank,
            _ => false,
        })
        .collect()
}

/// Connects a part that nothing is connected to yet.
pub(crate) fn attach(plan: &mut Plan, node: usize) {
    let component = plan.nodes[node].component;
    match component.layer().name {
        "person" => person(plan, node),
        "client" => client(plan, node),
        "edge" => edge(plan, node),
        "identity" => from_door(plan, node),
        "app" => app(plan, node),
        "ai" => ai(plan, node),
        "messaging" => messaging(plan, node),
        "data" => data(plan, node),
        "analytics" => analytics(plan, node),
        "ops" => operations(plan, node),
        "delivery" => delivery(plan, node),
        _ => external(plan, node),
    }
}

pub(super) fn layer_is(plan: &Plan, index: usize, layer: &str) -> bool {
    plan.nodes[index].component.layer().name == layer
}

pub(super) fn of_layer(plan: &Plan, layer: &str, but: usize) -> Vec<usize> {
    plan.live().filter(|&index| index != but && layer_is(plan, index, layer)).collect()
}

pub(super) fn is_any(plan: &Plan, ids: &[&str], but: usize) -> Option<usize> {
    let fits = |id: &str| plan.live().find(|&index| index != but && plan.nodes[index].component.id == id);
    ids.iter().find_map(|id| fits(id))
}

/// The part that does the system's own work: of the application (or AI) the one with most connections.
pub(super) fn core(plan: &Plan, but: usize) -> Option<usize> {
    let degree = |index: usize| {
        plan.edges.iter().filter(|e| e.from == End::Node(index) || e.to == End::Node(index)).count()
    };
    let works = |index: usize| {
        let node = &plan.nodes[index];
        let side = matches!(
            node.component.id,
            "worker" | "wiki" | "scheduler" | "notification_service" | "email_service" | "web_server"
        );
        node.component.layer().name == "app" && node.component.kind == Kind::Process && !side
    };
    let mut best = None;
    // A server that the request names comes before services that nothing meets yet.
    let serves = |index: usize| {
        plan.nodes[index].claimed
            && matches!(plan.nodes[index].component.id, "api" | "app_server" | "monolith")
    };
    if plan.live().filter(|&index| works(index)).all(|index| degree(index) == 0)
        && let Some(server) = plan.live().find(|&index| index != but && works(index) && serves(index))
    {
        return Some(server);
    }
    for index in plan.live().filter(|&index| index != but && works(index)) {
        if best.is_none_or(|known| degree(index) > degree(known)) {
            best = Some(index);
        }
    }
    // Of AI parts those that lead the others.
    let leads = ["rag_service", "agent_orchestrator", "ai_agent", "chatbot"];
    best.or_else(|| is_any(plan, &leads, but))
        .or_else(|| {
            plan.live().find(|&index| {
                index != but && layer_is(plan, index, "ai") && plan.nodes[index].component.kind == Kind::Ai
            })
        })
        .or_else(|| plan.live().find(|&index| index != but && layer_is(plan, index, "app")))
}

/// [`core`], with an API server put there where the request names nothing that works.
pub(super) fn core_or_api(plan: &mut Plan, but: usize) -> Option<usize> {
    if let Some(index) = core(plan, but) {
        return Some(index);
    }
    add_api(plan)
}

pub(super) fn add_api(plan: &mut Plan) -> Option<usize> {
    let api = find("api")?;
    let group = place(plan, api);
    plan.assumptions.push(
        "Nothing in the request does the work between the parts, so I put an API server there.".to_owned(),
    );
    let index = plan.add_node(api.id, api.name, api, group);
    attach(plan, index);
    Some(index)
}

/// The last part of the edge before the application.
pub(super) fn door(plan: &Plan, but: usize) -> Option<usize> {
    let doors = of_layer(plan, "edge", but);
    doors
        .into_iter()
        .filter(|&index| edge_rank(plan.nodes[index].component.id) < SIDE)
        .max_by_key(|&index| edge_rank(plan.nodes[index].component.id))
}

pub(super) fn person(plan: &mut Plan, node: usize) {
    let targets = of_layer(plan, "client", node);
    if let Some(&target) = targets.first() {
        plan.connect(node, target, "Uses", false);
    } else if let Some(target) = first_door(plan, node).or_else(|| core(plan, node)) {
        plan.connect(node, target, "HTTPS", false);
    }
}

fn first_door(plan: &Plan, but: usize) -> Option<usize> {
    let doors = of_layer(plan, "edge", but);
    doors
        .into_iter()
        .filter(|&index| edge_rank(plan.nodes[index].component.id) < SIDE)
        .min_by_key(|&index| edge_rank(plan.nodes[index].component.id))
}

pub(super) fn client(plan: &mut Plan, node: usize) {
    let device = matches!(
        plan.nodes[node].component.id,
        "iot_device" | "sensor" | "camera" | "vehicle" | "drone" | "actuator"
    );
    let broker = if device {
        is_any(plan, &["edge_gateway", "mqtt_broker", "event_stream", "message_queue"], node)
    } else {
        None
    };
    // Of what works, a server that is named is what clients ask.
    let server = is_any(plan, &["bff", "api", "app_server", "monolith"], node)
        .filter(|&server| plan.nodes[server].claimed && !plan.leads_to(server, node));
    let target = broker.or_else(|| first_door(plan, node)).or(server).or_else(|| core(plan, node));
    let label = plan.nodes[node].component.protocol;
    if let Some(target) = target.or_else(|| core_or_api(plan, node)) {
        plan.connect(node, target, label, false);
    }
    for index in of_layer(plan, "person", node) {
        if !plan.is_connected(index) {
            plan.connect(index, node, "Uses", false);
        }
    }
}

/// Parts of the edge that requests do not pass in a row.
const SIDE: u32 = 100;

/// The order in which a request passes the edge.
fn edge_rank(id: &str) -> u32 {
    match id {
        "cdn" => 10,
        "ddos_protection" => 20,
        "firewall" => 30,
        "waf" => 35,
        "load_balancer" => 40,
        "reverse_proxy" => 45,
        "policy_enforcement" => 48,
        "api_gateway" | "edge_gateway" => 50,
        "graphql_gateway" => 52,
        "rate_limiter" => 47,
        "ingress" => 55,
        "bff" => 60,
        "websocket_gateway" => 65,
        _ => SIDE,
    }
}

/// Puts a part of the edge into the row at its rank.
fn edge(plan: &mut Plan, node: usize) {
    let id = plan.nodes[node].component.id;
    let rank = edge_rank(id);
    if rank == SIDE {
        return beside_the_edge(plan, node);
    }
    let sources = entry_sources(plan, node);
    let later = |e: &Edge| match (e.from, e.to) {
        (End::Node(from), End::Node(to)) => {
            sources.contains(&from)
                && to != node
                && !sources.contains(&to)
                && !e.dashed
                && (layer_is(plan, to, "edge")
                    || layer_is(plan, to, "app")
                    || layer_is(plan, to, "ai")
                    || layer_is(plan, to, "messaging"))
        }
        _ => false,
    };
    let crossing: Vec<(usize, usize)> = plan
        .edges
        .iter()
        .filter(|e| later(e))
        .filter_map(|e| match (e.from, e.to) {
            (End::Node(from), End::Node(to)) => Some((from, to)),
            _ => None,
        })
        .collect();
    if crossing.is_empty() {
        // What a CDN serves does not pass on to a gateway beside it: people come to both.
        let people = sources.iter().copied().find(|&s| !layer_is(plan, s, "edge"));
        let before = sources.iter().copied().max_by_key(|&s| {
            if layer_is(plan, s, "edge") { edge_rank(plan.nodes[s].component.id) } else { 0 }
        });
        let cdn = before.is_some_and(|s| plan.nodes[s].component.id == "cdn");
        if let Some(before) = people.filter(|_| cdn).or(before) {
            plan.connect(before, node, plan.nodes[node].component.protocol, false);
        }
        if let Some(target) = core_or_api(plan, node) {
            plan.connect(node, target, "", false);
        }
        return;
    }
    for (from, to) in crossing {
        let label = plan
            .edges
            .iter()
            .find(|e| e.from == End::Node(from) && e.to == End::Node(to))
            .map_or(String::new(), |e| e.label.clone());
        plan.edges.retain(|e| !(e.from == End::Node(from) && e.to == End::Node(to)));
        plan.connect(from, node, &label, false);
        plan.connect(node, to, "", false);
    }
}

fn beside_the_edge(plan: &mut Plan, node: usize) {
    let askers: Vec<usize> =
        of_layer(plan, "client", node).into_iter().chain(of_layer(plan, "person", node)).collect();
    let (label, to_core) = match plan.nodes[node].component.id {
        "dns" => ("Resolve", false),
        "turn_server" => ("TURN", false),
        "email_gateway" => ("SMTP", true),
        "nat_gateway" => {
            if let Some(core) = core(plan, node) {
                plan.connect(core, node, "Outbound", false);
            }
            return;
        }
        id => (find(id).map_or("", |component| component.protocol), true),
    };
    if let Some(&asker) = askers.first() {
        plan.connect(asker, node, label, label == "Resolve");
    }
    if to_core && let Some(core) = core(plan, node) {
        plan.connect(node, core, "", false);
    }
}

/// Security that is asked: by the door where there is a gateway, else by the core.
fn from_door(plan: &mut Plan, node: usize) {
    let gateway = is_any(plan, &["api_gateway", "graphql_gateway", "policy_enforcement", "bff"], node);
    let (asker, label) = match plan.nodes[node].component.id {
        "secrets_manager" | "certificate_authority" => (core_or_api(plan, node), "Secrets"),
        "kms" | "hsm" => (core_or_api(plan, node), "Keys"),
        "mfa" | "directory" => (
            is_any(plan, &["auth_service", "identity_provider"], node).or_else(|| core_or_api(plan, node)),
            "Verify",
        ),
        "tokenization" => {
            (is_any(plan, &["payment_service"], node).or_else(|| core_or_api(plan, node)), "Card data")
        }
        "policy_engine" => (gateway.or_else(|| core_or_api(plan, node)), "May they?"),
        _ => (gateway.or_else(|| core_or_api(plan, node)), "Verify identity"),
    };
    if let Some(asker) = asker {
        plan.connect(asker, node, label, false);
    }
    let keeps_users = matches!(plan.nodes[node].component.id, "auth_service");
    if keeps_users && let Some(database) = is_any(plan, &["database", "sql_database"], node) {
        plan.connect(node, database, "Accounts", false);
    }
}
