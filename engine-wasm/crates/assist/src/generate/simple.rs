//! "A simple blog": what only a large system needs stays out of a pattern's drawing.

use super::parse::Request;
use super::plan::{Edge, End, Plan};
use crate::words::english::{SIMPLE, SPARED};

/// A drawing keeps so many parts, however simple it should be.
const LEAST: usize = 6;

/// Whether the request asks for something simple: the word is part of no name ("Simple Queue Service").
pub(super) fn is_wanted(request: &Request) -> bool {
    request.tokens.iter().enumerate().any(|(at, token)| {
        token.is(SIMPLE) && !request.mentions.iter().any(|m| (m.start..m.end).contains(&at))
    })
}

/// Takes out what `data/words/english.toml` lists as spared, in its order, where nobody named it.
pub(super) fn simplify(plan: &mut Plan) {
    let mut without: Vec<String> = Vec::new();
    for id in SPARED {
        if plan.live().count() <= LEAST {
            break;
        }
        let Some(index) = plan.first(|node| node.component.id == *id && !node.claimed) else { continue };
        let in_the_way = matches!(plan.nodes[index].component.layer().name, "edge" | "app");
        // A store that others use as well is theirs.
        let this = End::Node(index);
        let uses = |edge: &&Edge| edge.from != this && is_store(plan, edge.to);
        let shared: Vec<End> = plan.edges.iter().filter(uses).map(|edge| edge.to).collect();
        plan.edges.retain(|edge| edge.from != this || !shared.contains(&edge.to));
        let connected: Vec<usize> = plan.live().filter(|&other| plan.is_connected(other)).collect();
        plan.remove(index, in_the_way);
        without.push(plan.nodes[index].label.clone());
        // What only that part spoke to goes with it.
        for other in connected {
            if !plan.nodes[other].gone && !plan.nodes[other].claimed && !plan.is_connected(other) {
                plan.remove(other, false);
                without.push(plan.nodes[other].label.clone());
            }
        }
    }
    if !without.is_empty() {
        plan.assumptions.push(format!("Kept simple; what can come later: {}.", without.join(", ")));
    }
}

fn is_store(plan: &Plan, end: End) -> bool {
    matches!(end, End::Node(node) if plan.nodes[node].component.layer().name == "data")
}
