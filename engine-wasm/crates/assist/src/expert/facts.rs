//! Facts about a diagram: what fails with what, what is missing, what is in it.

use spandrel_base::LeanSort;
use spandrel_catalog::{Inferred, Kind, infer, infer_container};
use spandrel_graph::{Board, NodeId};

use crate::generate::tokens::tokenize;
use crate::update::target;

/// A fact in words.
pub(super) struct Fact {
    pub(super) text: String,
    /// Whether it answers the question alone.
    pub(super) complete: bool,
}

/// What the diagram itself says to a question (`words` in the singular).
pub(super) fn about(board: &Board, words: &[String], query: &str) -> Option<Fact> {
    if board.nodes.is_empty() {
        return None;
    }
    let has = |wanted: &[&str]| wanted.iter().any(|word| words.iter().any(|known| known == word));
    let complete = |text: String| Some(Fact { text, complete: true });
    if has(&["spof"]) || (has(&["single"]) && has(&["point", "failure", "fail"])) {
        return complete(single_points(board));
    }
    if has(&[
        "fail",
        "failure",
        "lost",
        "lose",
        "die",
        "down",
        "outage",
        "unavailable",
        "slow",
        "hacked",
        "break",
    ]) && let Some(part) = named_part(board, query)
    {
        return complete(failure_of(board, part));
    }
    if has(&["bottleneck", "busiest", "hotspot"]) || (has(&["scale"]) && has(&["first"])) {
        return complete(bottlenecks(board));
    }
    if has(&[
        "missing",
        "weak",
        "threat",
        "risk",
        "secure",
        "security",
        "unsafe",
        "review",
        "safe",
        "vulnerability",
        "improve",
        "harden",
        "hole",
        "gdpr",
        "compliant",
    ]) {
        return Some(Fact {
            text: review(board),
            complete: has(&["review", "missing", "weak", "risk", "improve"]),
        });
    }
    if has(&["summarise", "summarize", "explain", "describe", "overview", "summary", "walk"])
        || (has(&["how"]) && has(&["many", "component"]))
    {
        return match named_part(board, query) {
            Some(part) => Some(Fact { text: part_of(board, part), complete: false }),
            None => complete(summary(board)),
        };
    }
    if (has(&["what", "why"]) && has(&["do", "doe", "for", "there", "is"])) || has(&["who", "which"]) {
        return named_part(board, query).map(|part| Fact { text: part_of(board, part), complete: false });
    }
    None
}

/// The part that the question names: the longest phrase of it that means one.
fn named_part(board: &Board, query: &str) -> Option<NodeId> {
    let tokens: Vec<_> =
        tokenize(query).into_iter().filter(crate::generate::tokens::Token::is_word).collect();
    for length in (1..=4.min(tokens.len())).rev() {
        for window in tokens.windows(length) {
            let asks = window.iter().any(|token| {
                token.is(&[
                    "what",
                    "why",
                    "who",
                    "how",
                    "is",
                    "does",
                    "if",
                    "we",
                    "happens",
                    "fails",
                    "explain",
                    "design",
                    "architecture",
                    "system",
                    "do",
                ])
            });
            if !asks && let Some(id) = target::find(board, window) {
                return Some(id);
            }
        }
    }
    None
}

fn kind_of(board: &Board, id: NodeId) -> Inferred {
    let node = &board.nodes[id];
    let (classes, icon) = (node.attrs.list("class"), node.attrs.text("icon"));
    if node.is_container() {
        infer_container(classes, icon)
    } else {
        infer(node.shape.keyword(), classes, &node.label.text, icon)
    }
}

fn leaves(board: &Board) -> Vec<NodeId> {
    board.nodes.ids().filter(|&id| !board.nodes[id].is_container()).collect()
}

fn names(board: &Board, ids: &[NodeId]) -> String {
    let all: Vec<String> = ids.iter().take(8).map(|&id| target::label(board, id)).collect();
    let more = if ids.len() > 8 { format!(" and {} more", ids.len() - 8) } else { String::new() };
    format!("{}{more}", all.join(", "))
}

/// Where connections lead from a part; one to a container leads to all in it, for that is how people draw.
fn reached(board: &Board, from: &[NodeId], without: Option<NodeId>) -> Vec<bool> {
    let mut seen = vec![false; board.nodes.len()];
    let mut open: Vec<NodeId> = from.iter().copied().filter(|id| Some(*id) != without).collect();
    while let Some(at) = open.pop() {
        if std::mem::replace(&mut seen[usize::from(at)], true) {
            continue;
        }
        open.extend(board.nodes[at].children.iter().copied().filter(|id| Some(*id) != without));
        for edge in &board.edges {
            let next = [
                (edge.src, edge.dst, edge.dst_arrow || !edge.src_arrow),
                (edge.dst, edge.src, edge.src_arrow),
            ];
            open.extend(
                next.into_iter()
                    .filter(|(a, b, leads)| *a == at && *leads && Some(*b) != without)
                    .map(|(_, b, _)| b),
            );
        }
    }
    seen
}

/// Who asks: people and clients, else what nothing leads to.
fn entries(board: &Board) -> Vec<NodeId> {
    let asks = |id: &NodeId| matches!(kind_of(board, *id).kind.kind, Kind::Person | Kind::Client);
    let people: Vec<NodeId> = leaves(board).into_iter().filter(asks).collect();
    if !people.is_empty() {
        return people;
    }
    leaves(board)
        .into_iter()
        .filter(|&id| {
            !board.edges.iter().any(|edge| edge.dst == id) && board.edges.iter().any(|edge| edge.src == id)
        })
        .collect()
}

fn single_points(board: &Board) -> String {
    let from = entries(board);
    let all = reached(board, &from, None);
    let mut found: Vec<(usize, NodeId)> = Vec::new();
    for id in leaves(board) {
        let node = &board.nodes[id];
        if from.contains(&id) || !all[usize::from(id)] || node.style.multiple == Some(true) {
            continue;
        }
        let rest = reached(board, &from, Some(id));
        let lost = leaves(board)
            .into_iter()
            .filter(|&other| other != id && all[usize::from(other)] && !rest[usize::from(other)])
            .count();
        let keeps_data = matches!(kind_of(board, id).kind.kind, Kind::Database | Kind::Storage);
        if lost > 0 || keeps_data {
            found.push((lost, id));
        }
    }
    found.lean_sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    if found.is_empty() {
        return "In this diagram no single part cuts the users off from the rest. Parts drawn once may still run once: draw stacks or several instances where you have them.".to_owned();
    }
    let lines: Vec<String> = found
        .iter()
        .take(6)
        .map(|(lost, id)| match lost {
            0 => format!("- {}: the data is there and nowhere else", target::label(board, *id)),
            1 => format!("- {}: without it one other part cannot be reached", target::label(board, *id)),
            lost => {
                format!("- {}: without it {lost} other parts cannot be reached", target::label(board, *id))
            }
        })
        .collect();
    format!(
        "As drawn, these are single points of failure, the worst first:\n{}\nRun at least two of each in different zones, and give data a replica that can take over.",
        lines.join("\n")
    )
}

fn failure_of(board: &Board, part: NodeId) -> String {
    let from: Vec<NodeId> = entries(board).into_iter().filter(|&id| id != part).collect();
    let (before, after) = (reached(board, &from, None), reached(board, &from, Some(part)));
    let cut: Vec<NodeId> = leaves(board)
        .into_iter()
        .filter(|&id| id != part && before[usize::from(id)] && !after[usize::from(id)])
        .collect();
    let callers: Vec<NodeId> = leaves(board)
        .into_iter()
        .filter(|&id| board.edges.iter().any(|edge| edge.dst == part && edge.src == id))
        .collect();
    let name = target::label(board, part);
    let mut text = if callers.is_empty() {
        format!("Nothing in the diagram calls {name} directly.")
    } else {
        format!("If {name} fails, {} can no longer use it.", names(board, &callers))
    };
    if cut.is_empty() {
        text.push_str(" Everything else can still be reached by another way.");
    } else {
        text.push_str(&format!(" Users then no longer reach: {}.", names(board, &cut)));
    }
    text.push_str(match kind_of(board, part).kind.kind {
        Kind::Cache => " A lost cache makes things slow rather than wrong, if its callers fall back to the source; watch that the database survives the extra load.",
        Kind::Queue => " Work that waits must not be lost: use a durable, replicated queue, and let producers retry.",
        Kind::Database => " Data must survive: a replica that takes over, and backups that were restored once.",
        _ => " A second instance behind a health check, a timeout and a sensible answer for the meantime soften it.",
    });
    text
}

fn bottlenecks(board: &Board) -> String {
    let mut load: Vec<(usize, NodeId)> = leaves(board)
        .into_iter()
        .map(|id| (board.edges.iter().filter(|edge| edge.dst == id).count(), id))
        .collect();
    load.lean_sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    let most: Vec<NodeId> = load.iter().filter(|(count, _)| *count >= 2).take(3).map(|(_, id)| *id).collect();
    if most.is_empty() {
        return "No part of this diagram is called by several others, so it does not show a bottleneck; measure where requests wait.".to_owned();
    }
    let first = kind_of(board, most[0]).kind.kind;
    let advice = match first {
        Kind::Database => {
            "Look at its slow queries and connections first; then replicas for reads and a cache."
        }
        Kind::Network => "It passes everything: run several and keep work out of it.",
        _ => "Make it stateless and run several, or take work off it through a queue.",
    };
    format!(
        "Most others depend on: {} (by the number of connections that lead there). {advice}",
        names(board, &most)
    )
}

fn part_of(board: &Board, part: NodeId) -> String {
    let name = target::label(board, part);
    let inferred = kind_of(board, part);
    let what = inferred.component.map_or(inferred.kind.title, |component| component.name);
    let callers: Vec<NodeId> = board
        .nodes
        .ids()
        .filter(|&id| board.edges.iter().any(|edge| edge.dst == part && edge.src == id))
        .collect();
    let called: Vec<NodeId> = board
        .nodes
        .ids()
        .filter(|&id| board.edges.iter().any(|edge| edge.src == part && edge.dst == id))
        .collect();
    let mut text = format!("In this diagram {name} is a part of the kind {what}.");
    if board.nodes[part].is_container() {
        text = format!("{name} is a container with: {}.", names(board, &board.nodes[part].children));
    }
    if !callers.is_empty() {
        text.push_str(&format!(" It is used by {}.", names(board, &callers)));
    }
    if !called.is_empty() {
        text.push_str(&format!(" It uses {}.", names(board, &called)));
    }
    text
}

fn summary(board: &Board) -> String {
    let parts = leaves(board);
    let containers: Vec<NodeId> = board.top_level().filter(|&id| board.nodes[id].is_container()).collect();
    let of = |kind: Kind| -> Vec<NodeId> {
        parts.iter().copied().filter(|&id| kind_of(board, id).kind.kind == kind).collect()
    };
    let mut text = format!("The diagram has {} parts and {} connections.", parts.len(), board.edges.len());
    if !containers.is_empty() {
        text.push_str(&format!(" It is divided into: {}.", names(board, &containers)));
    }
    for (kind, says) in [
        (Kind::Person, "People"),
        (Kind::Client, "Clients"),
        (Kind::Network, "Requests pass"),
        (Kind::Security, "Security is with"),
        (Kind::Process, "The work is done by"),
        (Kind::Ai, "AI parts"),
        (Kind::Queue, "Messages wait in"),
        (Kind::Cache, "Fast copies are in"),
        (Kind::Database, "Data is kept in"),
        (Kind::Storage, "Files are kept in"),
        (Kind::External, "Outside services"),
    ] {
        let found = of(kind);
        if !found.is_empty() {
            text.push_str(&format!(" {says}: {}.", names(board, &found)));
        }
    }
    text
}

/// Findings that the drawing itself supports; nothing that would need to be known beyond it.
fn review(board: &Board) -> String {
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
