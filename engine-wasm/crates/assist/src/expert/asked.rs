//! Answers that a question asks for by name: whether something is there, is needed, runs twice, where it belongs, which way
//! a request takes.

use std::collections::VecDeque;

use spandrel_catalog::{Component, Kind, lookup, singular, tokens};
use spandrel_graph::{Board, NodeId};

use super::facts::{Fact, Question, part_of};
use super::graph::{entries, kind_of, leaves, names, reached};
use super::review::entered;
use crate::generate::family;
use crate::update::target;
use crate::words::english::STOP;

/// The component that a question asks about, by its longest phrase that means one, and the words of that phrase.
fn component(question: &Question<'_>) -> Option<(&'static Component, Vec<String>)> {
    let words = spandrel_catalog::tokens(question.english);
    let mut best: Option<(usize, usize, usize, &'static Component)> = None;
    for at in 0..words.len() {
        if STOP.contains(&words[at].as_str()) {
            continue;
        }
        let found = lookup(&words[at..]).and_then(|(word, length)| Some((length, word.component()?)));
        if let Some((length, component)) = found
            && !matches!(component.id, "microservice" | "user" | "users")
            && best.is_none_or(|(longest, ..)| length > longest)
        {
            best = Some((length, at, length, component));
        }
    }
    best.map(|(_, at, length, component)| (component, words[at..at + length].to_vec()))
}

/// Parts that are such a component, that are called so, or of its kind where the kind is all that is asked for.
fn drawn(board: &Board, (wanted, phrase): &(&'static Component, Vec<String>)) -> Vec<NodeId> {
    let whole_kind = matches!(wanted.id, "message_queue" | "cache" | "database" | "object_storage");
    leaves(board)
        .into_iter()
        .filter(|&id| {
            let is = kind_of(board, id);
            let same = is.component.is_some_and(|c| c.id == wanted.id || family(c) == family(wanted));
            let label: Vec<String> =
                tokens(&board.nodes[id].label.text).iter().map(|word| singular(word)).collect();
            let called = phrase.iter().all(|word| label.contains(&singular(word)));
            same || called || (whole_kind && is.kind.kind == wanted.kind)
        })
        .collect()
}

fn callers(board: &Board, id: NodeId) -> Vec<NodeId> {
    leaves(board).into_iter().filter(|&c| board.edges.iter().any(|e| e.dst == id && e.src == c)).collect()
}

fn is(board: &Board, id: NodeId, kinds: &[Kind]) -> bool {
    kinds.contains(&kind_of(board, id).kind.kind)
}

/// That the component asked about is not in the drawing, where that is so.
pub(super) fn not_drawn(board: &Board, question: &Question<'_>) -> Option<String> {
    let wanted = component(question)?;
    drawn(board, &wanted).is_empty().then(|| format!("No {} is drawn.", wanted.0.name.to_lowercase()))
}

/// "do I need a queue here?"
pub(super) fn need(board: &Board, question: &Question<'_>) -> Option<String> {
    let wanted = component(question)?;
    let there = drawn(board, &wanted);
    let wanted = wanted.0;
    let name = wanted.name.to_lowercase();
    if let Some(&first) = there.first() {
        let users = callers(board, first);
        let behind: Vec<NodeId> = leaves(board)
            .into_iter()
            .filter(|&c| board.edges.iter().any(|e| e.src == first && e.dst == c))
            .collect();
        let mut text = format!("{} is drawn already.", names(board, &there));
        text.push_str(&match (users.is_empty(), behind.is_empty()) {
            (true, true) => " Nothing is connected to it: as drawn, it is not needed.".to_owned(),
            (false, true) => format!(" It serves {}.", names(board, &users)),
            (true, false) => format!(" It leads to {}.", names(board, &behind)),
            (false, false) => {
                format!(" It stands between {} and {}.", names(board, &users), names(board, &behind))
            }
        });
        if wanted.kind == Kind::Queue && users.len() <= 1 && behind.len() <= 1 {
            text.push_str(
                " With one that writes and one that reads, a plain queue does; a log that many read pays with more readers or the wish to read again.",
            );
        }
        return Some(text);
    }
    Some(match wanted.kind {
        Kind::Queue => {
            let waits = waits(board);
            if waits.is_empty() {
                "No queue is drawn, and no service of the drawing waits for slow work or outside services: as drawn, none is needed.".to_owned()
            } else {
                format!(
                    "No queue is drawn. As drawn, these wait for what may be slow or away: {}. A queue there pays if the answer need not come at once.",
                    waits.join("; ")
                )
            }
        }
        Kind::Cache => {
            let shared: Vec<NodeId> = leaves(board)
                .into_iter()
                .filter(|&id| is(board, id, &[Kind::Database]) && callers(board, id).len() >= 2)
                .collect();
            if shared.is_empty() {
                "No cache is drawn, and no store of the drawing is read by several parts: look at indexes and queries first.".to_owned()
            } else {
                format!(
                    "No cache is drawn. Several parts read {}: before it a cache pays if they read the same again and again.",
                    names(board, &shared)
                )
            }
        }
        _ if wanted.id == "service_mesh" => {
            let services: Vec<NodeId> =
                leaves(board).into_iter().filter(|&id| is(board, id, &[Kind::Process])).collect();
            format!("The drawing has {} services ({}), and no mesh.", services.len(), names(board, &services))
        }
        _ if wanted.id == "load_balancer" => {
            let first: Vec<NodeId> =
                entered(board).into_iter().filter(|&id| is(board, id, &[Kind::Process])).collect();
            if first.is_empty() {
                return Some(format!("No {name} is drawn."));
            }
            format!(
                "No {name} is drawn; {} is reached directly. It is needed as soon as there are two instances of it.",
                names(board, &first)
            )
        }
        _ => format!("No {name} is drawn."),
    })
}

/// Connections on which a service waits for something slow or foreign: "Checkout for Stripe".
fn waits(board: &Board) -> Vec<String> {
    let slow = |id: NodeId| {
        is(board, id, &[Kind::External, Kind::Ai])
            || kind_of(board, id).component.is_some_and(|c| {
                matches!(
                    c.id,
                    "worker"
                        | "email_service"
                        | "notification_service"
                        | "pdf_service"
                        | "transcoder"
                        | "sms_service"
                )
            })
    };
    board
        .edges
        .iter()
        .filter(|edge| is(board, edge.src, &[Kind::Process]) && slow(edge.dst))
        .take(4)
        .map(|edge| format!("{} for {}", target::label(board, edge.src), target::label(board, edge.dst)))
        .collect()
}

/// "do we have monitoring?", "is the cache used at all?"
pub(super) fn have(board: &Board, question: &Question<'_>) -> Option<Fact> {
    let complete = |text: String| Some(Fact { text, complete: true });
    if question.has(&["used", "use"])
        && let Some(part) = question.part(board)
    {
        let users = callers(board, part);
        let name = target::label(board, part);
        return complete(if users.is_empty() {
            format!("Nothing in the drawing uses {name}.")
        } else {
            format!("Yes: {name} is used by {}.", names(board, &users))
        });
    }
    let wanted = component(question)?;
    let there = drawn(board, &wanted);
    let wanted = wanted.0;
    // "why is there a broker at the edge?" wants a reason as well.
    let complete = |text: String| Some(Fact { text, complete: !question.has(&["why"]) });
    if there.is_empty() {
        let text = format!("No {} is drawn.", wanted.name.to_lowercase());
        return Some(Fact { text, complete: question.has(&["used"]) });
    }
    complete(match there[..] {
        [only] => format!("Yes. {}", part_of(board, only)),
        _ => format!("Yes: {}.", names(board, &there)),
    })
}

/// "is the load balancer redundant?"
pub(super) fn redundancy(board: &Board, question: &Question<'_>) -> String {
    let Some(part) = question.part(board) else {
        return not_drawn(board, question).unwrap_or_else(|| once(board));
    };
    let name = target::label(board, part);
    if board.nodes[part].style.multiple == Some(true) {
        return format!("{name} is drawn as a stack: several instances.");
    }
    let like = kind_of(board, part).component;
    let same: Vec<NodeId> = leaves(board)
        .into_iter()
        .filter(|&id| id != part && like.is_some() && kind_of(board, id).component == like)
        .filter(|&id| callers(board, id) == callers(board, part))
        .collect();
    if !same.is_empty() {
        return format!(
            "Beside {name} there is {}, reached by the same parts: if one fails the other can take over.",
            names(board, &same)
        );
    }
    let from: Vec<NodeId> = entries(board).into_iter().filter(|&id| id != part).collect();
    let (before, after) = (reached(board, &from, None), reached(board, &from, Some(part)));
    let lost: Vec<NodeId> = leaves(board)
        .into_iter()
        .filter(|&id| id != part && before[usize::from(id)] && !after[usize::from(id)])
        .collect();
    let mut text = format!("No: {name} is drawn once.");
    if !lost.is_empty() {
        text.push_str(&format!(" Without it users do not reach {}.", names(board, &lost)));
    }
    text.push_str(" If several run, draw it as a stack.");
    text
}

fn once(board: &Board) -> String {
    let (many, once): (Vec<NodeId>, Vec<NodeId>) = leaves(board)
        .into_iter()
        .filter(|&id| !is(board, id, &[Kind::Person, Kind::Client, Kind::External]))
        .partition(|&id| board.nodes[id].style.multiple == Some(true));
    let several = if many.is_empty() { "nothing".to_owned() } else { names(board, &many) };
    format!("Drawn as several instances: {several}. Drawn once: {}.", names(board, &once))
}

/// "where should the rate limiting go?"
pub(super) fn whereto(board: &Board, question: &Question<'_>) -> Option<String> {
    let wanted = component(question)?.0;
    let name = wanted.name;
    if wanted.layer().name == "edge" || wanted.layer().name == "identity" {
        let mut first = entered(board);
        first.retain(|&id| !is(board, id, &[Kind::Database, Kind::Storage, Kind::Cache, Kind::Queue]));
        if first.is_empty() {
            return None;
        }
        return Some(format!(
            "{name} belongs where requests come in: at or before {}.",
            names(board, &first)
        ));
    }
    match wanted.kind {
        Kind::Queue => {
            let waits = waits(board);
            (!waits.is_empty()).then(|| {
                format!("{name} belongs where one waits for what may be slow or away: {}.", waits.join("; "))
            })
        }
        Kind::Cache => {
            let read: Vec<NodeId> = leaves(board)
                .into_iter()
                .filter(|&id| is(board, id, &[Kind::Database]) && !callers(board, id).is_empty())
                .collect();
            (!read.is_empty()).then(|| {
                format!(
                    "{name} belongs beside those who read the same again and again from {}.",
                    names(board, &read)
                )
            })
        }
        _ => None,
    }
}

/// "should the frontend call the payment provider directly?", "who talks to the database directly?"
pub(super) fn direct(board: &Board, question: &Question<'_>) -> Option<Fact> {
    let named = question.parts(board);
    if question.has(&["who", "which", "what"]) {
        return question.part(board).map(|part| {
            let users = callers(board, part);
            let name = target::label(board, part);
            let text = if users.is_empty() {
                format!("Nothing is connected to {name} directly.")
            } else {
                format!("Directly connected to {name}: {}.", names(board, &users))
            };
            Fact { text, complete: true }
        });
    }
    let [.., a, b] = named[..] else { return None };
    if a == b {
        return None;
    }
    let (from, to) = (target::label(board, a), target::label(board, b));
    let now = if board.edges.iter().any(|edge| edge.src == a && edge.dst == b) {
        format!("As drawn, {from} is connected to {to} directly.")
    } else {
        let way =
            shortest(board, &[a], b).map(|way| format!(", over {}", names(board, &way[1..way.len() - 1])));
        format!(
            "As drawn, {from} reaches {to} {}.",
            way.map_or("not at all".to_owned(), |way| format!("not directly{way}"))
        )
    };
    let advice = match (kind_of(board, a).kind.kind, kind_of(board, b).kind.kind) {
        (Kind::Client | Kind::Person, Kind::Database | Kind::Storage | Kind::Cache | Kind::Queue) => {
            "No: a client must not reach data without an application that checks who asks and what is allowed."
        }
        (Kind::Client | Kind::Person, Kind::External) => {
            "Only for what the provider's own fields or kit do in the browser (such as taking card numbers): keys, amounts and the confirmation belong to your server."
        }
        (Kind::Client | Kind::Person, Kind::Process | Kind::Ai) => {
            "Yes, if that part checks every request itself; a gateway before it keeps such checks in one place."
        }
        (Kind::Process, Kind::Database) => {
            "Yes, if that service owns the data; otherwise ask the service that does."
        }
        (Kind::Process | Kind::Ai, Kind::External) => {
            "Yes, with a time limit, retries that do no harm twice, and an answer for when it is away."
        }
        _ => {
            "That is right where the answer is needed at once; a message through a queue frees them from each other."
        }
    };
    Some(Fact { text: format!("{now} {advice}"), complete: true })
}

/// The shortest way along connections from any of `from` to `to`, both included; to a container is to all in it.
fn shortest(board: &Board, from: &[NodeId], to: NodeId) -> Option<Vec<NodeId>> {
    let mut before: Vec<Option<NodeId>> = vec![None; board.nodes.len()];
    let mut seen = vec![false; board.nodes.len()];
    let mut open: VecDeque<NodeId> = from.iter().copied().collect();
    for &start in from {
        seen[usize::from(start)] = true;
    }
    while let Some(at) = open.pop_front() {
        if at == to {
            let mut way = vec![to];
            while let Some(last) = way.last().and_then(|&last| before[usize::from(last)]) {
                way.push(last);
            }
            way.reverse();
            return Some(way);
        }
        let next = board
            .edges
            .iter()
            .filter(|edge| edge.src == at || board.is_inside(at, edge.src))
            .map(|edge| edge.dst)
            .chain(board.nodes[at].children.iter().copied());
        for id in next.collect::<Vec<_>>() {
            if !std::mem::replace(&mut seen[usize::from(id)], true) {
                before[usize::from(id)] = Some(at);
                open.push_back(id);
            }
        }
    }
    None
}

/// "what is the path of a request from the user to the db?"
pub(super) fn path(board: &Board, question: &Question<'_>) -> Option<String> {
    let named = question.parts(board);
    let (from, to) = match named[..] {
        [] => return None,
        [only] => (entries(board), only),
        [first, .., last] => (vec![first], last),
    };
    let found = shortest(board, &from, to);
    let found = found.or_else(|| shortest(board, &entries(board), to));
    Some(match found {
        Some(way) if way.len() > 1 => {
            let steps: Vec<String> = way.iter().map(|&id| target::label(board, id)).collect();
            format!("The shortest way as drawn: {}.", steps.join(" \u{2192} "))
        }
        _ => format!("As drawn, no connection leads to {}.", target::label(board, to)),
    })
}

/// "what is the latency of checkout?"
pub(super) fn unmeasured(board: &Board, question: &Question<'_>) -> String {
    let mut text = "A drawing has no measured times: I cannot tell.".to_owned();
    if let Some(part) = question.part(board)
        && let Some(way) = shortest(board, &entries(board), part)
    {
        let steps: Vec<String> = way.iter().map(|&id| target::label(board, id)).collect();
        text.push_str(&format!(" A request passes {}", steps.join(" \u{2192} ")));
        let behind: Vec<NodeId> = leaves(board)
            .into_iter()
            .filter(|&c| board.edges.iter().any(|e| e.src == part && e.dst == c))
            .collect();
        if behind.is_empty() {
            text.push('.');
        } else {
            text.push_str(&format!(", and waits for {}.", names(board, &behind)));
        }
        text.push_str(" Measure each of these; the slowest and the farthest decide.");
    }
    text
}

/// "are there any cycles?"
pub(super) fn cycles(board: &Board) -> String {
    for start in board.nodes.ids() {
        let behind: Vec<NodeId> =
            board.edges.iter().filter(|edge| edge.src == start).map(|edge| edge.dst).collect();
        if behind.is_empty() {
            continue;
        }
        if let Some(way) = shortest(board, &behind, start) {
            let steps: Vec<String> =
                std::iter::once(start).chain(way).map(|id| target::label(board, id)).collect();
            return format!(
                "Yes: {}. Calls that wait for each other in a circle fail together; a message in one direction breaks it.",
                steps.join(" \u{2192} ")
            );
        }
    }
    "No: following the connections one never comes back to where one was.".to_owned()
}

/// "how many services do we have?"
pub(super) fn count(board: &Board, question: &Question<'_>) -> String {
    let kinds: [(&[&str], &str, &[Kind]); 7] = [
        (&["service", "server", "microservice"], "services", &[Kind::Process]),
        (&["database", "store", "db"], "databases and stores", &[Kind::Database, Kind::Storage]),
        (&["queue", "broker", "topic"], "queues", &[Kind::Queue]),
        (&["cache"], "caches", &[Kind::Cache]),
        (&["client", "app", "frontend"], "clients", &[Kind::Client]),
        (&["user", "person", "people", "actor"], "people", &[Kind::Person]),
        (&["external", "provider", "third"], "outside services", &[Kind::External]),
    ];
    let asked = kinds.iter().find(|(words, ..)| question.has(words));
    if let Some((_, name, wanted)) = asked {
        let found: Vec<NodeId> = leaves(board).into_iter().filter(|&id| is(board, id, wanted)).collect();
        return match found.len() {
            0 => format!("The drawing has no {name}."),
            many => format!("The drawing has {many} {name}: {}.", names(board, &found)),
        };
    }
    format!("The drawing has {} parts and {} connections.", leaves(board).len(), board.edges.len())
}

/// "is it a good idea that two services share one database?"
pub(super) fn shared_stores(board: &Board) -> String {
    let shared: Vec<String> = leaves(board)
        .into_iter()
        .filter(|&id| is(board, id, &[Kind::Database, Kind::Storage]))
        .filter_map(|id| {
            let users: Vec<NodeId> = callers(board, id)
                .into_iter()
                .filter(|&user| is(board, user, &[Kind::Process, Kind::Ai, Kind::Security]))
                .collect();
            (users.len() >= 2).then(|| format!("{} by {}", target::label(board, id), names(board, &users)))
        })
        .collect();
    if shared.is_empty() {
        return "As drawn, no store is shared: each has one service that uses it.".to_owned();
    }
    format!(
        "As drawn, these are shared: {}. Services that write the same tables cannot change or fail apart from each other. Give each its own schema and rights, let one own each table, and let the others ask it or follow its events.",
        shared.join("; ")
    )
}
