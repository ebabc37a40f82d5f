//! "A simple blog": what only a large system needs stays out of a pattern's drawing.

use super::parse::Request;
use super::plan::Plan;
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
        plan.remove(index, in_the_way);
        without.push(plan.nodes[index].label.clone());
    }
    if !without.is_empty() {
        plan.assumptions.push(format!("Kept simple; what can come later: {}.", without.join(", ")));
    }
}
