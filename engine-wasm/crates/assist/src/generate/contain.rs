//! Parts are put where the request says they stand: a place around all of it, places in a place, several places alike.

use super::parse::Request;
use super::plan::{Edge, End, Plan, snake_case};

/// Puts parts where the request says they stand; what everything runs in is drawn around all that is the system's own.
pub(super) fn contain(plan: &mut Plan, request: &Request, drawn: &[Option<usize>]) {
    let mut made = Vec::with_capacity(request.containers.len());
    for container in &request.containers {
        let mut parts: Vec<usize> =
            container.parts.iter().filter_map(|&part| drawn.get(part).copied().flatten()).collect();
        // "three replicas of the API in a cluster": all of them.
        let twins: Vec<usize> =
            plan.live().filter(|&i| plan.nodes[i].twin.is_some_and(|first| parts.contains(&first))).collect();
        parts.extend(twins);
        let at = made.len();
        let holds = request.containers.iter().any(|other| other.inside == Some(at));
        if parts.is_empty() && !container.all && !holds {
            made.push(None);
            continue;
        }
        let owned = |plan: &Plan, index: usize| {
            !matches!(plan.nodes[index].component.layer().name, "person" | "client" | "external")
        };
        let whole = container.runtime
            && request.containers.len() == 1
            && container.copies.is_empty()
            && parts.iter().filter(|&&i| owned(plan, i)).count() >= 3;
        let label = container.copies.first().unwrap_or(&container.label);
        let group = plan.group(&snake_case(label), label);
        plan.groups[group].asked = true;
        made.push(Some(group));
        if whole {
            for other in 0..plan.groups.len() {
                if other != group
                    && plan.groups[other].parent.is_none()
                    && plan.groups[other].key != "external"
                {
                    plan.groups[other].parent = Some(group);
                }
            }
            let own: Vec<usize> = plan
                .live()
                .filter(|&i| owned(plan, i) && plan.nodes[i].group.is_none() && !stays_out(request, drawn, i))
                .collect();
            for index in own {
                plan.nodes[index].group = Some(group);
            }
            for index in drawn.iter().flatten().copied().filter(|&i| stays_out(request, drawn, i)) {
                plan.nodes[index].group = None;
            }
        } else {
            for index in parts {
                plan.nodes[index].group = Some(group);
            }
        }
    }
    for (container, group) in request.containers.iter().zip(&made) {
        if let (Some(outer), Some(group)) =
            (container.inside.and_then(|at| made.get(at).copied().flatten()), group)
            && outer != *group
        {
            plan.groups[*group].parent = Some(outer);
        }
    }
    // "all inside one VPC"
    let several = request.containers.len() > 1;
    let around =
        request.containers.iter().position(|container| container.all && several).and_then(|at| made[at]);
    if let Some(around) = around {
        for inner in made.iter().flatten().filter(|&&inner| inner != around) {
            plan.groups[*inner].parent = Some(around);
        }
    }
}

/// Whether the request says of a part that it stands outside.
fn stays_out(request: &Request, drawn: &[Option<usize>], node: usize) -> bool {
    request.mentions.iter().zip(drawn).any(|(mention, index)| {
        *index == Some(node) && request.tokens.get(mention.end).is_some_and(|token| token.is(&["outside"]))
    })
}

/// Draws places of which there are several: each with its own parts, connected as the first.
pub(super) fn repeat(plan: &mut Plan, request: &Request) {
    for container in request.containers.iter().filter(|container| container.copies.len() > 1) {
        let key = snake_case(&container.copies[0]);
        if let Some(group) = plan.groups.iter().position(|group| group.key == key && group.asked) {
            for label in &container.copies[1..] {
                copy(plan, group, label);
            }
        } else {
            name_regions(plan, &container.copies);
        }
    }
}

/// A copy of a place with all that is in it and every connection of it.
fn copy(plan: &mut Plan, group: usize, label: &str) {
    let made = plan.group(&snake_case(label), label);
    plan.groups[made].asked = true;
    plan.groups[made].parent = plan.groups[group].parent;
    let inside: Vec<usize> = plan.live().filter(|&index| plan.nodes[index].group == Some(group)).collect();
    let mut copies = Vec::with_capacity(inside.len());
    for &index in &inside {
        let node = plan.nodes[index].clone();
        let at = plan.add_node(&node.key, &node.label, node.component, Some(made));
        plan.nodes[at].multiple = node.multiple;
        plan.nodes[at].claimed = node.claimed;
        copies.push(at);
    }
    let moved = |end: End| match end {
        End::Node(index) => inside.iter().position(|&i| i == index).map_or(end, |at| End::Node(copies[at])),
        End::Group(index) if index == group => End::Group(made),
        End::Group(_) => end,
    };
    let edges: Vec<Edge> = plan.edges.clone();
    for edge in edges {
        let (from, to) = (moved(edge.from), moved(edge.to));
        if from != edge.from || to != edge.to {
            plan.edges.push(Edge { from, to, ..edge });
        }
    }
}

/// Gives the regions of a pattern their names, and copies the last of them where more are asked for.
fn name_regions(plan: &mut Plan, labels: &[String]) {
    let regions: Vec<usize> =
        (0..plan.groups.len()).filter(|&index| plan.groups[index].key.starts_with("region_")).collect();
    let (Some(&first), Some(&last)) = (regions.first(), regions.last()) else { return };
    if first == last {
        return;
    }
    for (region, label) in regions.iter().zip(labels) {
        plan.groups[*region].label.clone_from(label);
        plan.groups[*region].key = snake_case(label);
    }
    for label in labels.iter().skip(regions.len()) {
        copy(plan, last, label);
    }
}
