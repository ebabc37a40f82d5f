//! Where parts behind the entry stand and what they are connected to: one rule for each layer of the catalogue.

use spandrel_catalog::{Kind, find};

use super::attach::{add_api, core, core_or_api, door, is_any, layer_is, of_layer, place};
use super::plan::{Edge, End, Plan};

pub(super) fn app(plan: &mut Plan, node: usize) {
    let id = plan.nodes[node].component.id;
    let queue = plan.live().find(|&index| {
        index != node && layer_is(plan, index, "messaging") && plan.nodes[index].component.kind == Kind::Queue
    });
    let asynchronous = matches!(
        id,
        "worker"
            | "notification_service"
            | "email_service"
            | "sms_service"
            | "push_service"
            | "transcoder"
            | "webhook_service"
            | "pdf_service"
            | "antivirus"
    );
    // What an assistant answers from.
    if id == "wiki"
        && let Some(reader) = is_any(plan, &["document_ingest", "retriever", "rag_service", "chatbot"], node)
    {
        return plan.connect(reader, node, "Reads", false);
    }
    if asynchronous && let Some(queue) = queue {
        plan.connect(queue, node, "Messages", true);
    } else if let Some(door) = door(plan, node) {
        plan.connect(door, node, "", false);
    } else if asynchronous && let Some(core) = core(plan, node) {
        plan.connect(core, node, "Jobs", true);
    } else if let Some(server) = asked_server(plan, node) {
        plan.connect(server, node, "", false);
    } else {
        let clients = of_layer(plan, "client", node);
        let mut people = of_layer(plan, "person", node);
        people.retain(|&person| plan.nodes[person].component.id != "admin" || people_only_admin(plan));
        let asks = if clients.is_empty() { people } else { clients };
        for asker in &asks {
            plan.connect(*asker, node, "HTTPS", false);
        }
        if asks.is_empty()
            && id == "web_server"
            && let Some(behind) = is_any(plan, &["app_server", "api", "monolith"], node)
        {
            plan.connect(node, behind, "HTTP", false);
        } else if asks.is_empty()
            && let Some(core) = core(plan, node)
            && !CONSUMERS.contains(&plan.nodes[core].component.id)
        {
            plan.connect(core, node, "", false);
        }
    }
    own_database(plan, node);
}

/// The one API or web server that clients ask already: what is named beside it stands behind it.
fn asked_server(plan: &Plan, node: usize) -> Option<usize> {
    let by_itself = ["scheduler", "worker", "game_server"];
    if by_itself.contains(&plan.nodes[node].component.id) {
        return None;
    }
    let serves = ["api", "app_server", "monolith", "web_server"];
    let tier = plan.nodes[node].component.id;
    // Of tiers only the web server stands before others.
    let before: &[&str] = if serves.contains(&tier) { &["web_server"] } else { &serves };
    let found = is_any(plan, before, node)?;
    let asked = plan.nodes[found].claimed || plan.edges.iter().any(|e| e.to == End::Node(found));
    (tier != "web_server" && asked && !plan.leads_to(node, found)).then_some(found)
}

/// Whether who looks after the system is all who is there, and nobody is shown another way in.
fn people_only_admin(plan: &Plan) -> bool {
    plan.first(|node| node.component.id == "bastion").is_none()
}

/// A service and a database whose names begin alike belong together.
fn own_database(plan: &mut Plan, node: usize) {
    let word =
        |label: &str| spandrel_catalog::tokens(label).first().map(|word| spandrel_catalog::singular(word));
    let name = word(&plan.nodes[node].label);
    let own =
        plan.live().find(|&index| layer_is(plan, index, "data") && word(&plan.nodes[index].label) == name);
    if let Some(own) = own {
        plan.connect(node, own, "", false);
    }
}

pub(super) fn ai(plan: &mut Plan, node: usize) {
    let id = plan.nodes[node].component.id;
    if id == "feature_store"
        && let Some(training) = is_any(plan, &["model_training"], node)
    {
        plan.connect(node, training, "Features", false);
        return;
    }
    if id == "model_registry"
        && let Some(serving) = is_any(plan, &["model_serving"], node)
    {
        plan.connect(node, serving, "Model", false);
    }
    let asker = match id {
        "vector_store" => is_any(plan, &["retriever", "rag_service", "llm_gateway"], node),
        "retriever" | "reranker" | "llm" | "guardrails" | "llm_gateway" | "prompt_builder"
        | "semantic_cache" => {
            is_any(plan, &["rag_service", "ai_agent", "agent_orchestrator", "chatbot", "api"], node)
        }
        "agent_memory" | "tool_server" => is_any(plan, &["agent_orchestrator", "ai_agent", "chatbot"], node),
        "embedding_model" => is_any(plan, &["chunker", "document_ingest", "retriever"], node),
        "model_registry" => is_any(plan, &["model_training"], node),
        "model_serving" => is_any(plan, &["model_registry"], node).or_else(|| core(plan, node)),
        _ => None,
    };
    let asker = asker.or_else(|| core(plan, node));
    let keeps = plan.live().find(|&index| {
        matches!(plan.nodes[index].component.kind, Kind::Storage | Kind::Database)
            && plan.nodes[index].component.layer().name != "ai"
    });
    match (asker, keeps) {
        (Some(asker), _) => {
            // It stands where it is asked.
            if layer_is(plan, asker, "ai") {
                plan.nodes[node].group = plan.nodes[asker].group.or(plan.nodes[node].group);
            }
            plan.connect(asker, node, "", false);
        }
        (None, Some(keeps)) => plan.connect(node, keeps, "Reads", false),
        (None, None) => {
            if let Some(api) = core_or_api(plan, node) {
                plan.connect(api, node, "", false);
            }
        }
    }
}

/// Parts that work a queue off.
const CONSUMERS: &[&str] =
    &["worker", "stream_processor", "notification_service", "serverless_function", "transcoder"];

pub(super) fn messaging(plan: &mut Plan, node: usize) {
    if plan.nodes[node].component.id == "dead_letter_queue"
        && let Some(queue) =
            is_any(plan, &["message_queue", "message_broker", "event_stream", "event_bus"], node)
    {
        return plan.connect(queue, node, "Failed messages", true);
    }
    if plan.nodes[node].component.id == "dead_letter_queue" {
        if let Some(core) = core_or_api(plan, node) {
            plan.connect(core, node, "Failed messages", true);
        }
        return;
    }
    // Three services that the request names talk over what it names for messages.
    let services: Vec<usize> = plan
        .live()
        .filter(|&index| {
            let part = &plan.nodes[index];
            part.claimed && part.component.layer().name == "app" && part.label.ends_with("Service")
        })
        .collect();
    if services.len() >= 3 {
        for service in services {
            plan.connect(service, node, "Events", true);
            if let Some(edge) = plan.edges.last_mut().filter(|e| e.from == End::Node(service)) {
                edge.both = true;
            }
        }
        return;
    }
    if let Some(mqtt) = is_any(plan, &["mqtt_broker"], node) {
        // Devices keep speaking MQTT; the stream behind the broker feeds what the broker fed.
        let fed: Vec<usize> = plan
            .edges
            .iter()
            .filter(|e| e.from == End::Node(mqtt) && e.dashed)
            .filter_map(|e| match e.to {
                End::Node(to) => Some(to),
                End::Group(_) => None,
            })
            .collect();
        plan.edges.retain(|e| !(e.from == End::Node(mqtt) && e.dashed));
        plan.connect(mqtt, node, "Telemetry", true);
        for consumer in fed {
            plan.connect(node, consumer, "Telemetry", true);
        }
        return;
    }
    let devices: Vec<usize> = of_layer(plan, "client", node)
        .into_iter()
        .filter(|&index| plan.nodes[index].component.protocol == "MQTT")
        .collect();
    let producers: Vec<usize> = if devices.is_empty() {
        match core(plan, node).filter(|&index| !CONSUMERS.contains(&plan.nodes[index].component.id)) {
            Some(core) => vec![core],
            None => add_api(plan).into_iter().collect(),
        }
    } else {
        devices
    };
    for producer in producers {
        plan.connect(producer, node, "Events", true);
    }
    let mut consumers: Vec<usize> =
        plan.live().filter(|&index| CONSUMERS.contains(&plan.nodes[index].component.id)).collect();
    if consumers.is_empty()
        && let Some(worker) = find("worker")
    {
        let group = place(plan, worker);
        consumers.push(plan.add_node(worker.id, worker.name, worker, group));
        plan.assumptions
            .push("A queue needs someone who works it off, so I added a background worker.".to_owned());
    }
    for consumer in consumers {
        plan.connect(node, consumer, "Messages", true);
    }
}

pub(super) fn data(plan: &mut Plan, node: usize) {
    let id = plan.nodes[node].component.id;
    let database = |plan: &Plan| {
        plan.live().find(|&index| {
            index != node
                && layer_is(plan, index, "data")
                && plan.nodes[index].component.kind == Kind::Database
                && plan.nodes[index].component.id != "read_replica"
        })
    };
    let copies = match id {
        "read_replica" => Some("Replicate"),
        "backup" | "archive" => Some("Nightly backup"),
        "read_model" => Some("Project"),
        _ => None,
    };
    if let Some(label) = copies
        && let Some(database) = database(plan)
    {
        return plan.connect(database, node, label, true);
    }
    let word =
        |label: &str| spandrel_catalog::tokens(label).first().map(|word| spandrel_catalog::singular(word));
    let name = word(&plan.nodes[node].label);
    let owner = plan.live().find(|&index| {
        index != node && layer_is(plan, index, "app") && word(&plan.nodes[index].label) == name
    });
    if plan.nodes[node].component.kind == Kind::Storage
        && let Some(training) = is_any(plan, &["model_training"], node)
    {
        return plan.connect(node, training, "Training data", false);
    }
    let label = match plan.nodes[node].component.kind {
        Kind::Cache => "Hot data",
        Kind::Storage => "Files",
        Kind::Security => "Audit events",
        _ if id == "search_index" => "Search",
        _ => "Read and write",
    };
    // One database that no service has for itself is shared by those that have none.
    let shared = plan.nodes[node].component.kind == Kind::Database && plan.nodes[node].claimed;
    let server = plan
        .live()
        .any(|i| plan.nodes[i].claimed && super::compose::family(plan.nodes[i].component) == "api");
    if owner.is_none() && shared && !server && id != "search_index" {
        let keeps = |plan: &Plan, i: usize| {
            let store = |end: End| matches!(end, End::Node(to) if layer_is(plan, to, "data"));
            plan.edges.iter().any(|e| e.from == End::Node(i) && store(e.to))
        };
        let services: Vec<usize> = plan
            .live()
            .filter(|&i| plan.nodes[i].claimed && layer_is(plan, i, "app") && !keeps(plan, i))
            .filter(|&i| plan.nodes[i].label.ends_with("Service"))
            .filter(|&i| {
                let tells = ["notification_service", "email_service", "sms_service", "push_service"];
                !tells.contains(&plan.nodes[i].component.id)
            })
            .collect();
        if services.len() >= 2 {
            for service in services {
                plan.connect(service, node, label, false);
            }
            return;
        }
    }
    // Where the only server is one that I assumed, the named worker is who keeps results.
    let worker = is_any(plan, CONSUMERS, node).filter(|_| !plan.assumptions.is_empty());
    if let Some(asker) = owner.or(worker).or_else(|| core_or_api(plan, node)) {
        plan.connect(asker, node, label, label == "Audit events");
    }
}

pub(super) fn analytics(plan: &mut Plan, node: usize) {
    let (sources, label): (&[&str], &str) = match plan.nodes[node].component.id {
        "stream_processor" => {
            (&["event_stream", "event_bus", "message_queue", "mqtt_broker", "cdc"], "Events")
        }
        "data_lake" => (&["stream_processor", "etl", "event_stream", "batch_processor"], "Raw data"),
        "data_warehouse" => {
            (&["etl", "stream_processor", "batch_processor", "data_lake", "sql_database", "database"], "Load")
        }
        "bi_tool" | "query_engine" | "reverse_etl" => (
            &["query_engine", "data_warehouse", "data_lake", "sql_database", "database", "object_storage"],
            "Query",
        ),
        "data_catalog" | "data_quality" => (&["data_lake", "data_warehouse"], "Metadata"),
        "batch_processor" => (&["data_lake", "object_storage", "data_warehouse", "sql_database"], "Batches"),
        _ => (
            &[
                "sql_database",
                "database",
                "document_database",
                "event_stream",
                "data_provider",
                "object_storage",
                "crm",
                "erp",
            ],
            "Extract",
        ),
    };
    let source = is_any(plan, sources, node).or_else(|| core_or_api(plan, node));
    if let Some(source) = source {
        plan.connect(source, node, label, true);
    }
}

/// Connects a dashboard with all that is measured, alarms with the first of it; whether there was something.
pub(super) fn watched_by(plan: &mut Plan, node: usize) -> bool {
    let (sources, label): (&[&str], &str) = match plan.nodes[node].component.id {
        "alerting" => (&["monitoring", "observability", "logging", "time_series_database"], "Alerts"),
        "metrics_dashboard" => {
            (&["monitoring", "observability", "logging", "tracing", "time_series_database"], "Metrics")
        }
        _ => return false,
    };
    let mut found: Vec<usize> = plan
        .live()
        .filter(|&index| index != node && sources.contains(&plan.nodes[index].component.id))
        // A collector that passes on to a store is not asked itself.
        .filter(|&index| {
            !plan.edges.iter().any(|e| {
                e.from == End::Node(index)
                    && matches!(e.to, End::Node(to) if sources.contains(&plan.nodes[to].component.id))
            })
        })
        .collect();
    if label == "Alerts" {
        found.truncate(1);
    }
    for source in &found {
        plan.connect(*source, node, label, true);
    }
    !found.is_empty()
}

/// Operations watch the whole application: the connection comes from its container where there is one.
pub(super) fn operations(plan: &mut Plan, node: usize) {
    let label = match plan.nodes[node].component.id {
        "logging" => "Logs",
        "tracing" => "Traces",
        "siem" => "Security events",
        "alerting" => "Alerts",
        "disaster_recovery" => "Replicate",
        _ => "Metrics",
    };
    if watched_by(plan, node) {
        return;
    }
    if plan.nodes[node].component.id == "soar"
        && let Some(siem) = is_any(plan, &["siem"], node)
    {
        return plan.connect(siem, node, label, true);
    }
    let Some(core) = core_or_api(plan, node) else { return };
    match plan.nodes[core].group {
        Some(group) if plan.nodes[node].group != Some(group) => {
            plan.edges.push(Edge {
                from: End::Group(group),
                to: End::Node(node),
                label: label.to_owned(),
                both: false,
                dashed: true,
            });
        }
        _ => plan.connect(core, node, label, true),
    }
}

/// Delivery is a row: repository, build, tests, registry, deployment, then what runs.
const ROW: &[&str] = &[
    "source_control",
    "ci_server",
    "build",
    "test_stage",
    "code_quality",
    "vuln_scanner",
    "artifact_registry",
    "container_registry",
    "approval",
    "deployer",
    "canary",
    "staging_env",
    "production_env",
];

/// Where a part stands in the row of delivery; where there is a staging environment, approval stands behind it.
fn rank(plan: &Plan, index: usize) -> Option<usize> {
    let staged = || plan.live().any(|i| plan.nodes[i].component.id == "staging_env");
    let id = plan.nodes[index].component.id;
    let at = ROW.iter().position(|known| *known == id)?;
    Some(if id == "approval" && staged() { ROW.len() * 2 - 3 } else { at * 2 })
}

/// Where a row of delivery is cut in two (`apart` and the rest): the last part before the cut and the first behind it.
pub(super) fn cut_row(plan: &Plan, apart: &[usize]) -> Option<(usize, usize)> {
    let ranked = |inside: bool| {
        let row = plan.live().filter(move |i| apart.contains(i) == inside);
        row.filter_map(|i| Some((rank(plan, i)?, i))).collect::<Vec<_>>()
    };
    let (there, here) = (ranked(true), ranked(false));
    let (early, late) = if there.iter().min()? < here.iter().min()? { (there, here) } else { (here, there) };
    let first = late.into_iter().min()?;
    let before = early.into_iter().filter(|&(rank, _)| rank < first.0).max()?;
    Some((before.1, first.1))
}

pub(super) fn delivery(plan: &mut Plan, node: usize) {
    let Some(own) = rank(plan, node) else {
        if let Some(core) = core(plan, node) {
            plan.connect(node, core, "", true);
        }
        return;
    };
    let others: Vec<(usize, usize)> = plan
        .live()
        .filter(|&index| index != node)
        .filter_map(|index| Some((rank(plan, index)?, index)))
        .collect();
    let before = others.iter().copied().filter(|&(rank, _)| rank < own).max();
    let after = others.iter().copied().filter(|&(rank, _)| rank > own).min();
    if let Some((_, before)) = before {
        if let Some((_, after)) = after {
            plan.edges.retain(|e| !(e.from == End::Node(before) && e.to == End::Node(after)));
        }
        plan.connect(before, node, "", false);
    }
    if let Some((_, after)) = after {
        plan.connect(node, after, "", false);
    }
    if before.is_none()
        && after.is_none()
        && let Some(core) = core(plan, node)
    {
        plan.connect(node, core, "Deploy", true);
    }
}

pub(super) fn external(plan: &mut Plan, node: usize) {
    let asker = match plan.nodes[node].component.id {
        "data_provider" | "crm" | "erp" | "shop_platform"
            if let Some(etl) = is_any(plan, &["etl", "document_ingest", "batch_processor"], node) =>
        {
            return plan.connect(node, etl, "Extract", false);
        }
        "payment_gateway" | "card_network" | "bank" => {
            is_any(plan, &["payment_service", "billing_service", "checkout_service"], node)
        }
        "email_provider" => is_any(plan, &["email_service", "notification_service", "worker"], node),
        "sms_provider" | "push_provider" => {
            is_any(plan, &["sms_service", "push_service", "notification_service", "worker"], node)
        }
        "maps_api" => is_any(plan, &["geo_service", "dispatch_service"], node),
        "carrier" => is_any(plan, &["shipping_service"], node),
        _ => None,
    };
    let label = plan.nodes[node].component.protocol;
    if let Some(asker) = asker.or_else(|| core_or_api(plan, node)) {
        plan.connect(asker, node, label, false);
    }
}
