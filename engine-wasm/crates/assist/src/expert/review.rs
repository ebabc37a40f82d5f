//! What a drawing shows of safety: what is missing, what is reached from outside, what is encrypted, kept twice, in scope.

use spandrel_catalog::Kind;
use spandrel_graph::{Board, Edge, NodeId};

use super::graph::{kind_of, leaves, names};
use crate::update::target;

/// Findings that the drawing itself supports; nothing that would need to be known beyond it.
pub(super) fn review(board: &Board) -> String {
    let parts = leaves(board);
    let is = |id: NodeId, ids: &[&str]| {
        kind_of(board, id).component.is_some_and(|component| ids.contains(&component.id))
    };
    let any = |ids: &[&str]| parts.iter().any(|&id| is(id, ids));
    let of = |kind: Kind| -> Vec<NodeId> {
        parts.iter().copied().filter(|&id| kind_of(board, id).kind.kind == kind).collect()
    };
    let mut found = Vec::new();
    if !any(&["auth_service", "identity_provider", "directory", "policy_enforcement", "policy_engine", "mfa"])
    {
        found.push(
            "Nobody checks who asks: draw where users sign in and where tokens are verified.".to_owned(),
        );
    }
    let data: Vec<NodeId> = of(Kind::Database).into_iter().chain(of(Kind::Storage)).collect();
    let exposed: Vec<NodeId> = data
        .iter()
        .copied()
        .filter(|&id| {
            board.edges.iter().any(|edge| {
                edge.dst == id
                    && matches!(
                        kind_of(board, edge.src).kind.kind,
                        Kind::Client | Kind::Person | Kind::External
                    )
            })
        })
        .collect();
    if !exposed.is_empty() {
        found.push(format!(
            "Reached from outside without an application in between: {}.",
            names(board, &exposed)
        ));
    }
    let has_clients = !of(Kind::Client).is_empty() || !of(Kind::Person).is_empty();
    if has_clients && !any(&["waf", "firewall", "ddos_protection", "policy_enforcement"]) {
        found.push("Nothing filters traffic at the edge: a web application firewall and rate limits belong before the entry.".to_owned());
    }
    if !of(Kind::Database).is_empty() && !any(&["backup", "read_replica", "archive", "disaster_recovery"]) {
        found.push("No backup or replica of the databases is drawn.".to_owned());
    }
    if !any(&["monitoring", "observability", "logging", "tracing", "siem", "audit_log"]) {
        found.push(
            "No monitoring or audit log is drawn: nobody would see that something is wrong.".to_owned(),
        );
    }
    if !any(&["secrets_manager", "kms", "hsm", "certificate_authority"]) {
        found.push("Secrets and keys have no home in the drawing.".to_owned());
    }
    if found.is_empty() {
        return "The usual parts are there: sign-in, a guarded edge, backups, monitoring and a home for secrets. What a drawing cannot show (configuration, rights, code) needs a closer look.".to_owned();
    }
    format!("From the drawing alone:\n- {}", found.join("\n- "))
}

/// Parts that somebody outside reaches with nothing of the system in between.
pub(super) fn entered(board: &Board) -> Vec<NodeId> {
    let outside = |id: NodeId| {
        matches!(kind_of(board, id).kind.kind, Kind::Client | Kind::Person) && !board.nodes[id].is_container()
    };
    leaves(board)
        .into_iter()
        .filter(|&id| !outside(id) && kind_of(board, id).kind.kind != Kind::External)
        .filter(|&id| {
            board.edges.iter().any(|edge| {
                let into = edge.dst == id || board.is_inside(id, edge.dst);
                into && (outside(edge.src) || kind_of(board, edge.src).kind.kind == Kind::External)
            })
        })
        .collect()
}

/// What can be reached from outside.
pub(super) fn exposure(board: &Board) -> String {
    let entered = entered(board);
    if entered.is_empty() {
        return "Nothing in the drawing is reached by people, clients or outside services: draw who comes in, and where.".to_owned();
    }
    let of = |kinds: &[Kind]| -> Vec<NodeId> {
        entered.iter().copied().filter(|&id| kinds.contains(&kind_of(board, id).kind.kind)).collect()
    };
    let data = of(&[Kind::Database, Kind::Storage, Kind::Cache, Kind::Queue]);
    let guards = of(&[Kind::Security, Kind::Network]);
    let work = of(&[Kind::Process, Kind::Ai]);
    let mut text = format!("As drawn, one comes in from outside at: {}.", names(board, &entered));
    if !data.is_empty() {
        text.push_str(&format!(
            " It should not be possible to reach {} without an application in between: what holds data belongs into a network that only services reach.",
            names(board, &data)
        ));
    }
    if !work.is_empty() {
        text.push_str(&format!(
            " {} answer{} strangers with nothing before: a gateway or web application firewall, sign-in and rate limits belong there.",
            names(board, &work),
            if work.len() == 1 { "s" } else { "" }
        ));
    }
    if !guards.is_empty() && data.is_empty() && work.is_empty() {
        text.push_str(" That is the edge, where filters and limits belong; everything behind it is reached only through it.");
    }
    text.push_str(" People with rights (administrators, partners) are ways in too.");
    text
}

/// Whether a connection says that it is encrypted.
fn is_encrypted(edge: &Edge) -> bool {
    let label = edge.label.text.to_lowercase();
    ["https", "tls", "wss", "ssh", "sftp", "ipsec", "vpn", "ldaps"].iter().any(|word| label.contains(word))
}

/// What the drawing says of encryption: nothing at rest, labels in transit.
pub(super) fn encryption(board: &Board) -> String {
    let stores: Vec<NodeId> = leaves(board)
        .into_iter()
        .filter(|&id| {
            matches!(kind_of(board, id).kind.kind, Kind::Database | Kind::Storage | Kind::Cache | Kind::Queue)
        })
        .collect();
    let said = board.edges.iter().filter(|edge| is_encrypted(edge)).count();
    let silent: Vec<String> = board
        .edges
        .iter()
        .filter(|edge| !is_encrypted(edge))
        .take(8)
        .map(|edge| format!("{} to {}", target::label(board, edge.src), target::label(board, edge.dst)))
        .collect();
    let mut text = format!(
        "A drawing does not show whether data is encrypted. Of {} connections {said} say so in their label",
        board.edges.len()
    );
    if silent.is_empty() {
        text.push('.');
    } else {
        text.push_str(&format!("; nothing is said of {} and the like.", silent.join(", ")));
    }
    if !stores.is_empty() {
        text.push_str(&format!(" At rest it has to be checked for: {}.", names(board, &stores)));
    }
    text
}

/// What holds data, and whether it is kept twice.
pub(super) fn backups(board: &Board) -> String {
    let keeps = |id: NodeId| matches!(kind_of(board, id).kind.kind, Kind::Database | Kind::Storage);
    // An archive is a copy where another store fills it; else it is all there is.
    let copies = |id: NodeId| {
        let named = kind_of(board, id)
            .component
            .is_some_and(|c| ["backup", "read_replica", "archive", "disaster_recovery"].contains(&c.id));
        named && board.edges.iter().any(|edge| edge.dst == id && keeps(edge.src))
    };
    let stores: Vec<NodeId> = leaves(board).into_iter().filter(|&id| keeps(id) && !copies(id)).collect();
    if stores.is_empty() {
        return "The drawing has no part that keeps data.".to_owned();
    }
    let kept = |id: NodeId| board.edges.iter().any(|edge| edge.src == id && copies(edge.dst));
    let (twice, once): (Vec<NodeId>, Vec<NodeId>) = stores.into_iter().partition(|&id| kept(id));
    let mut text = String::new();
    if !twice.is_empty() {
        text.push_str(&format!("A copy is drawn of: {}. ", names(board, &twice)));
    }
    if !once.is_empty() {
        text.push_str(&format!("To be backed up, and drawn without a copy: {}.", names(board, &once)));
    }
    text.trim_end().to_owned()
}

/// What touches card data.
pub(super) fn card_data(board: &Board) -> String {
    let is = |id: NodeId, ids: &[&str]| kind_of(board, id).component.is_some_and(|c| ids.contains(&c.id));
    let payment = ["payment_gateway", "card_network", "tokenization", "payment_service", "checkout_service"];
    let touches: Vec<NodeId> = leaves(board).into_iter().filter(|&id| is(id, &payment)).collect();
    let mut text = "A drawing cannot show that you comply; it shows what is in scope.".to_owned();
    if touches.is_empty() {
        text.push_str(" No part of it is named for payments or cards.");
    } else {
        let near: Vec<NodeId> = leaves(board)
            .into_iter()
            .filter(|id| !touches.contains(id))
            .filter(|&id| {
                board.edges.iter().any(|edge| {
                    (edge.src == id && touches.contains(&edge.dst))
                        || (edge.dst == id && touches.contains(&edge.src))
                })
            })
            .collect();
        text.push_str(&format!(" Payments pass: {}.", names(board, &touches)));
        if !near.is_empty() {
            text.push_str(&format!(
                " Connected to them, and so in scope unless kept apart: {}.",
                names(board, &near)
            ));
        }
    }
    format!("{text}\n\n{}", review(board))
}

/// What a drawing can say of a rule.
pub(super) fn compliance(board: &Board) -> String {
    format!("A drawing cannot show that you comply. {}", review(board))
}
