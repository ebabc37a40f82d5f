//! What a system of few parts usually has beside them: who asks, a door, a login, a store, somebody who watches.
//!
//! A request that names two or three parts wants a system, not a fragment; what is added is told as an assumption.
//! Nothing is added where the request draws its own picture or says "just" these.

use spandrel_catalog::{Kind, find};

use super::attach::{attach, core, layer_is, place};
use super::compose::{draws_itself, family};
use super::parse::Request;
use super::plan::Plan;
use crate::words::english::number;

/// A drawing of so many parts needs no company.
const ENOUGH: usize = 6;

/// Companions, in the order in which they are missed: component, layers of which one must be there, layers of which none is
/// there yet.
const COMPANY: &[(&str, &[&str], &[&str])] = &[
    ("database", &["app", "ai"], &["data", "analytics"]),
    ("api_gateway", &["client"], &["edge"]),
    ("load_balancer", &["person"], &["edge", "client"]),
    ("auth_service", &["client", "person"], &["identity"]),
    ("data_orchestrator", &["analytics"], &["app", "ai"]),
    ("monitoring", &["app", "ai", "messaging", "analytics"], &["ops"]),
    ("bi_tool", &["analytics"], &["client"]),
    ("backup", &["data"], &[]),
    ("data_quality", &["analytics"], &["app"]),
    ("worker", &["app"], &["messaging"]),
    ("cache", &["app"], &[]),
];

/// Adds the usual company until the drawing is whole.
pub(super) fn complete(plan: &mut Plan, request: &Request) {
    if draws_itself(request) || says_only(request) || request.mentions.iter().all(|m| m.negated) {
        return;
    }
    let mut added: Vec<&str> = Vec::new();
    for &(id, beside, instead) in COMPANY {
        if plan.live().count() >= ENOUGH {
            break;
        }
        let any = |layers: &[&str]| plan.live().any(|i| layers.iter().any(|layer| layer_is(plan, i, layer)));
        let unwanted = request.mentions.iter().any(|m| m.negated && family(m.component) == id);
        let there = plan.first(|node| family(node.component) == id).is_some();
        let Some(component) = find(id).filter(|_| any(beside) && !any(instead) && !unwanted && !there) else {
            continue;
        };
        // A door is not put into a connection that the request states.
        let stated = request.relations.iter().any(|r| {
            let layer = |m: usize| request.mentions.get(m).map_or("", |m| m.component.layer().name);
            matches!(layer(r.from), "person" | "client") && layer(r.to) == "app"
        });
        if stated && matches!(id, "api_gateway" | "load_balancer") {
            continue;
        }
        // Only what works, or keeps, has somebody beside it; a row of devices and brokers has no core to ask.
        let has_core = core(plan, usize::MAX).is_some();
        let stores =
            plan.live().any(|i| layer_is(plan, i, "data") && plan.nodes[i].component.kind == Kind::Database);
        let fits = match id {
            "backup" => stores,
            "monitoring" | "bi_tool" | "data_orchestrator" | "data_quality" => {
                has_core || any(&["analytics"])
            }
            _ => has_core,
        };
        if !fits {
            continue;
        }
        let mut tried = plan.clone();
        let group = place(&mut tried, component);
        let node = tried.add_node(component.id, component.name, component, group);
        attach(&mut tried, node);
        // What cannot be attached without yet another part is left out.
        if tried.is_connected(node) && tried.nodes.len() == plan.nodes.len() + 1 {
            *plan = tried;
            added.push(component.name);
        }
    }
    if let Some((last, rest)) = added.split_last() {
        let list =
            if rest.is_empty() { (*last).to_owned() } else { format!("{} and {last}", rest.join(", ")) };
        plan.assumptions
            .push(format!("I added {list}, which such a system usually has; say \"only\" to leave it out."));
    }
}

/// "just one service and a database", "only these": the request wants no more than it names.
pub(super) fn says_only(request: &Request) -> bool {
    let tokens = &request.tokens;
    (0..tokens.len()).any(|at| {
        let only = tokens[at].is(&["just", "only", "nothing"]);
        let next = tokens.get(at + 1).is_some_and(|t| {
            t.is(&["a", "an", "the", "these", "those", "this", "else", "more"]) || number(&t.lower).is_some()
        });
        let part = request.mentions.iter().any(|m| m.start == at + 1);
        only && (next || part)
    })
}
