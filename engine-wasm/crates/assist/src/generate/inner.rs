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
    if asynchronous && let Some(queue) = queue {
        plan.connect(queue, node, "Messages", true);
    } else if let Some(door) = door(plan, node) {
        plan.connect(door, node, "", false);
    } else if asynchronous && let Some(core) = core(plan, node) {
        plan.connect(core, node, "Jobs", true);
    } else {
        let clients = of_layer(plan, "client", node);
        let asks = if clients.is_empty() { of_layer(plan, "person", node) } else { clients };
        for asker in &asks {
            plan.connect(*asker, node, "HTTPS", false);
        }
        if asks.is_empty()
            && let Some(core) = core(plan, node)
            && !CONSUMERS.contains(&plan.nodes[core].component.id)
        {
            plan.connect(core, node, "", false);
        }
    }
    own_database(plan, node);
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
    let asker = match plan.nodes[node].component.id {
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
    if let Some(asker) = asker.or_else(|| core_or_api(plan, node)) {
        plan.connect(asker, node, "", false);
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
    let label = match plan.nodes[node].component.kind {
        Kind::Cache => "Hot data",
        Kind::Storage => "Files",
        Kind::Security => "Audit events",
        _ if id == "search_index" => "Search",
        _ => "Read and write",
    };
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
        "bi_tool" | "query_engine" | "reverse_etl" => {
            (&["data_warehouse", "data_lake", "sql_database", "database"], "Query")
        }
        "data_catalog" | "data_quality" => (&["data_lake", "data_warehouse"], "Metadata"),
        "batch_processor" => (&["data_lake", "object_storage"], "Batches"),
        _ => (
            &[
                "sql_database",
                "database",
                "document_database",
                "event_stream",
                "data_provider",
                "object_storage",
            ],
            "Extract",
        ),
    };
    let source = is_any(plan, sources, node).or_else(|| core_or_api(plan, node));
    if let Some(source) = source {
        plan.connect(source, node, label, true);
    }
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
    let watched = match plan.nodes[node].component.id {
        "alerting" | "metrics_dashboard" => is_any(plan, &["monitoring", "observability", "logging"], node),
        "soar" => is_any(plan, &["siem"], node),
        _ => None,
    };
    if let Some(watched) = watched {
        return plan.connect(watched, node, label, true);
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
pub(super) fn delivery(plan: &mut Plan, node: usize) {
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
    let rank = |plan: &Plan, index: usize| ROW.iter().position(|id| *id == plan.nodes[index].component.id);
    let Some(own) = rank(plan, node) else {
        if let Some(core) = core(plan, node) {
            plan.connect(node, core, "", true);
        }
        return;
    };
    let before = plan
        .live()
        .filter(|&index| index != node)
        .filter_map(|index| Some((rank(plan, index)?, index)))
        .filter(|&(rank, _)| rank < own)
        .max();
    let after = plan
        .live()
        .filter(|&index| index != node)
        .filter_map(|index| Some((rank(plan, index)?, index)))
        .filter(|&(rank, _)| rank > own)
        .min();
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
        "payment_gateway" | "card_network" | "bank" => {
            is_any(plan, &["payment_service", "billing_service", "checkout_service"], node)
        }
        "email_provider" => is_any(plan, &["email_service", "notification_service", "worker"], node),
        "sms_provider" | "push_provider" => {
            is_any(plan, &["sms_service", "push_service", "notification_service", "worker"], node)
        }
        "maps_api" => is_any(plan, &["geo_service", "dispatch_service"], node),
        "carrier" => is_any(plan, &["shipping_service"], node),
        "data_provider" => {
            if let Some(etl) = is_any(plan, &["etl", "document_ingest", "batch_processor"], node) {
                return plan.connect(node, etl, "Extract", false);
            }
            None
        }
        _ => None,
    };
    let label = plan.nodes[node].component.protocol;
    if let Some(asker) = asker.or_else(|| core_or_api(plan, node)) {
        plan.connect(asker, node, label, false);
    }
}
