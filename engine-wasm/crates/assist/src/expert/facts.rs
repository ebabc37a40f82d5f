//! Facts about a diagram: which of them a question asks for; what fails with what, where load meets, what is in it.

use spandrel_base::LeanSort;
use spandrel_catalog::Kind;
use spandrel_graph::{Board, NodeId};

use super::graph::{all_named, entries, kind_of, leaves, named_part, names, reached};
use super::{around, asked, compare, review};
use crate::update::target;
use crate::words::english::ASKS;

/// A fact in words.
pub(super) struct Fact {
    pub(super) text: String,
    /// Whether it answers the question alone.
    pub(super) complete: bool,
}

/// A question: as it was written, in English, and its words in the singular.
pub(super) struct Question<'a> {
    pub(super) query: &'a str,
    pub(super) english: &'a str,
    pub(super) words: Vec<String>,
}

impl Question<'_> {
    pub(super) fn has(&self, wanted: &[&str]) -> bool {
        wanted.iter().any(|word| self.words.iter().any(|known| known == word))
    }

    /// The part that it names, in its own words or in English.
    pub(super) fn part(&self, board: &Board) -> Option<NodeId> {
        named_part(board, self.query).or_else(|| named_part(board, self.english))
    }

    pub(super) fn parts(&self, board: &Board) -> Vec<NodeId> {
        let own = all_named(board, self.query);
        if own.is_empty() { all_named(board, self.english) } else { own }
    }
}

/// What the diagram itself says to a question: the fact whose phrase says most of it and that has an answer here.
pub(super) fn about(board: &Board, question: &Question<'_>) -> Option<Fact> {
    if board.nodes.is_empty() {
        return None;
    }
    let mut called: Vec<(usize, &str)> = Vec::new();
    for (fact, phrases) in ASKS {
        let fits = |phrase: &&[&str]| phrase.iter().all(|word| question.has(&[word]));
        if let Some(most) = phrases.iter().filter(|phrase| fits(phrase)).map(|phrase| phrase.len()).max() {
            called.push((most, fact));
        }
    }
    // Stable: of equal ones the first in the table.
    called.lean_sort_by(|a, b| b.0.cmp(&a.0));
    called.into_iter().find_map(|(_, fact)| say(board, question, fact)).or_else(|| {
        let of_part = (question.has(&["what", "why"]) && question.has(&["do", "doe", "for", "there", "is"]))
            || question.has(&["who", "which"]);
        if !of_part {
            return None;
        }
        let text = match question.part(board) {
            Some(part) => part_of(board, part),
            None => asked::not_drawn(board, question).filter(|_| question.has(&["who", "which"]))?,
        };
        Some(Fact { text, complete: false })
    })
}

fn say(board: &Board, question: &Question<'_>, fact: &str) -> Option<Fact> {
    let complete = |text: String| Some(Fact { text, complete: true });
    let partly = |text: String| Some(Fact { text, complete: false });
    match fact {
        "failure" => complete(match question.part(board) {
            Some(part) => failure_of(board, part),
            None => asked::not_drawn(board, question)?,
        }),
        "single_points" => complete(single_points(board)),
        "bottleneck" => complete(bottlenecks(board)),
        "load" => partly(load(board, question.part(board))),
        "reach" => complete(around::reach(board, question)?),
        "gets" => partly(around::gets(board, question)?),
        "offline" => complete(around::offline(board)?),
        "freshness" => partly(around::freshness(board)),
        "erasure" => partly(around::erasure(board)?),
        "instead" => partly(compare::instead(board, question)?),
        "both" => partly(compare::both(board, question)?),
        "shared_store" => partly(asked::shared_stores(board)),
        "cycles" => complete(asked::cycles(board)),
        "path" => complete(asked::path(board, question)?),
        "count" if question.has(&["each"]) => complete(summary(board)),
        "count" => complete(asked::count(board, question)),
        "unmeasured" => complete(asked::unmeasured(board, question)),
        "where" => partly(asked::whereto(board, question)?),
        "need" => partly(asked::need(board, question)?),
        "have" => asked::have(board, question),
        "direct" => asked::direct(board, question),
        "redundancy" => complete(asked::redundancy(board, question)),
        "exposure" => complete(review::exposure(board)),
        "encryption" => partly(review::encryption(board)),
        "backup" => partly(review::backups(board)),
        "pci" => partly(review::card_data(board)),
        "compliance" => partly(review::compliance(board)),
        "review" => Some(Fact {
            text: review::review(board),
            complete: !question.has(&["secure", "security", "safe"]),
        }),
        "summary" => match question.part(board) {
            Some(part) => partly(part_of(board, part)),
            None => complete(summary(board)),
        },
        _ => None,
    }
}

/// What more load meets first, in all or at a part.
fn load(board: &Board, part: Option<NodeId>) -> String {
    if let Some(part) = part.filter(|&part| !board.nodes[part].is_container()) {
        return format!(
            "A drawing has no measured capacity. {} If it keeps nothing between requests, several of it can run side by side; then what it uses is the next limit, and what calls it needs a way to spread its calls.",
            part_of(board, part)
        );
    }
    let once: Vec<NodeId> = leaves(board)
        .into_iter()
        .filter(|&id| {
            matches!(kind_of(board, id).kind.kind, Kind::Process | Kind::Network | Kind::Ai)
                && board.nodes[id].style.multiple != Some(true)
                && kind_of(board, id).component.is_none_or(|component| component.id != "cdn")
                && board.edges.iter().any(|edge| edge.dst == id)
        })
        .collect();
    let shared = shared_parts(board);
    let mut text = "A drawing has no measured capacity; it shows where load meets.".to_owned();
    if let Some((most, lost)) = cut_off(board).first().filter(|(_, lost)| *lost > 1) {
        text.push_str(&format!(
            " {} is passed on the way to {lost} other parts: it is met first.",
            target::label(board, *most)
        ));
    }
    if !shared.is_empty() {
        text.push_str(&format!(" {}", bottlenecks(board)));
    }
    let stores: Vec<NodeId> =
        leaves(board).into_iter().filter(|&id| kind_of(board, id).kind.kind == Kind::Database).collect();
    if !stores.is_empty() {
        text.push_str(&format!(" What does not grow by adding servers: {}.", names(board, &stores)));
    }
    if !once.is_empty() {
        text.push_str(&format!(" Drawn once, and to be run several times: {}.", names(board, &once)));
    }
    text
}

/// Parts without which users reach fewer others, and how many these are; stores with none as well. The worst first.
fn cut_off(board: &Board) -> Vec<(NodeId, usize)> {
    let from = entries(board);
    let all = reached(board, &from, None);
    let mut found: Vec<(NodeId, usize)> = Vec::new();
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
            found.push((id, lost));
        }
    }
    found.lean_sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    found
}

fn single_points(board: &Board) -> String {
    let found = cut_off(board);
    if found.is_empty() {
        return "In this diagram no single part cuts the users off from the rest. Parts drawn once may still run once: draw stacks or several instances where you have them.".to_owned();
    }
    // Data that is lost is worse than parts that are away: stores are named however many parts are.
    let (stores, ways): (Vec<_>, Vec<_>) = found.iter().partition(|(_, lost)| *lost == 0);
    let lines: Vec<String> = ways
        .into_iter()
        .take(5)
        .chain(stores.into_iter().take(4))
        .map(|(id, lost)| match lost {
            0 => format!("- {}: the data is there and nowhere else", target::label(board, id)),
            1 => format!("- {}: without it one other part cannot be reached", target::label(board, id)),
            lost => {
                format!("- {}: without it {lost} other parts cannot be reached", target::label(board, id))
            }
        })
        .collect();
    format!(
        "As drawn, these are single points of failure, the worst first:\n{}\nRun at least two of each in different zones, and give data a replica that can take over.",
        lines.join("\n")
    )
}

fn failure_of(board: &Board, part: NodeId) -> String {
    let lost_from = |from: Vec<NodeId>| -> Vec<NodeId> {
        let from: Vec<NodeId> = from.into_iter().filter(|&id| id != part).collect();
        let (before, after) = (reached(board, &from, None), reached(board, &from, Some(part)));
        leaves(board)
            .into_iter()
            .filter(|&id| id != part && before[usize::from(id)] && !after[usize::from(id)])
            .collect()
    };
    let cut = lost_from(entries(board));
    // What nothing leads to (a feed, an uplink) brings something as well.
    let mut apart = lost_from(
        leaves(board).into_iter().filter(|&id| !board.edges.iter().any(|edge| edge.dst == id)).collect(),
    );
    apart.retain(|id| !cut.contains(id));
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
    if !cut.is_empty() {
        text.push_str(&format!(" Users then no longer reach: {}.", names(board, &cut)));
    }
    if !apart.is_empty() {
        text.push_str(&format!(" No longer reached by what comes in: {}.", names(board, &apart)));
    }
    if cut.is_empty() && apart.is_empty() {
        text.push_str(" Everything else can still be reached by another way.");
    }
    text.push_str(match kind_of(board, part).kind.kind {
        Kind::Cache => " A lost cache makes things slow rather than wrong, if its callers fall back to the source; watch that the database survives the extra load.",
        Kind::Queue => " Work that waits must not be lost: use a durable, replicated queue, and let producers retry.",
        Kind::Database => " Data must survive: a replica that takes over, and backups that were restored once.",
        Kind::External => " It is run by others: set a time limit, keep what can wait in a queue and try again later, and decide what users are told meanwhile or who stands in.",
        _ => " A second instance behind a health check, a timeout and a sensible answer for the meantime soften it.",
    });
    text
}

/// Parts that several connections lead to, the most first.
fn shared_parts(board: &Board) -> Vec<NodeId> {
    let mut load: Vec<(usize, NodeId)> = leaves(board)
        .into_iter()
        .map(|id| (board.edges.iter().filter(|edge| edge.dst == id).count(), id))
        .collect();
    load.lean_sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    load.iter().filter(|(count, _)| *count >= 2).take(3).map(|(_, id)| *id).collect()
}

fn bottlenecks(board: &Board) -> String {
    let most = shared_parts(board);
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

pub(super) fn part_of(board: &Board, part: NodeId) -> String {
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
