//! The plan of a request that states its parts and how they meet.

use spandrel_catalog::Kind;

use super::attach::{attach, core, place};
use super::compose::layer_of;
use super::contain::{contain, repeat};
use super::finish::tidy_groups;
use super::inner::watched_by;
use super::parse::Request;
use super::plan::{End, Plan};
use super::wishes::counts;

/// The plan of a request that states its parts and how they meet: these, where they stand, and nothing beside.
pub(super) fn plan(request: &Request) -> Plan {
    let mut plan = Plan::default();
    if !request.subject.is_empty() {
        plan.title = format!("{}: System", request.subject);
    }
    let mut drawn: Vec<Option<usize>> = Vec::with_capacity(request.mentions.len());
    for mention in &request.mentions {
        let around = request.containers.iter().any(|c| c.start < mention.end && mention.start < c.end);
        if mention.negated || around {
            drawn.push(None);
            continue;
        }
        // Every label is one part, however often it is said.
        let there = plan.first(|node| node.label == mention.label);
        drawn.push(Some(there.unwrap_or_else(|| {
            let group = place(&mut plan, mention.component);
            let wanted = if mention.named { mention.label.as_str() } else { mention.component.id };
            let index = plan.add_node(wanted, &mention.label, mention.component, group);
            plan.nodes[index].claimed = true;
            plan.nodes[index].named = mention.named;
            index
        })));
    }
    for relation in &request.relations {
        let node = |mention: usize| drawn.get(mention).copied().flatten();
        let (Some(from), Some(to)) = (node(relation.from), node(relation.to)) else { continue };
        // What waits in a queue is passed on later.
        let later = [from, to].iter().any(|&end| plan.nodes[end].component.kind == Kind::Queue);
        plan.connect(from, to, relation.label, relation.dashed || later);
        if relation.both
            && let Some(edge) = plan.edges.last_mut()
        {
            edge.both = true;
        }
    }
    counts(&mut plan, request, &drawn);
    let loose: Vec<usize> = plan.live().filter(|&index| !plan.is_connected(index)).collect();
    for index in loose {
        attach_beside(&mut plan, index);
    }
    // A dashboard that only people look at shows what is measured.
    let watchers: Vec<usize> = plan
        .live()
        .filter(|&i| matches!(plan.nodes[i].component.id, "metrics_dashboard" | "alerting"))
        .filter(|&i| {
            let looks = |end: End| matches!(end, End::Node(other) if layer_of(&plan, other) == "person");
            plan.edges.iter().all(|e| (e.from != End::Node(i)) && (e.to != End::Node(i) || looks(e.from)))
        })
        .collect();
    for watcher in watchers {
        watched_by(&mut plan, watcher);
    }
    contain(&mut plan, request, &drawn);
    repeat(&mut plan, request);
    tidy_groups(&mut plan);
    plan
}

/// Connects a part of which nothing is said as it usually is, where that takes nothing of what is said and adds no part.
fn attach_beside(plan: &mut Plan, node: usize) {
    if plan.is_connected(node) {
        return;
    }
    let mut tried = plan.clone();
    attach(&mut tried, node);
    let kept = plan.edges.iter().all(|edge| tried.edges.contains(edge));
    if kept && tried.nodes.len() == plan.nodes.len() && tried.is_connected(node) {
        *plan = tried;
    } else if let Some(core) = core(plan, node) {
        plan.connect(core, node, "", false);
    } else {
        let other = plan.live().find(|&other| other != node);
        if let Some(other) = other {
            plan.connect(other, node, "", false);
        }
    }
}
