//! The last steps of a plan: what hangs loose is connected, islands are joined, containers tidied.

use spandrel_catalog::Kind;

use super::attach::attach;
use super::plan::{End, Plan};

/// One drawing is one whole: what hangs together apart from the rest is asked by the part that does the work.
pub(super) fn join_islands(plan: &mut Plan) {
    let works = plan.live().find(|&i| {
        plan.nodes[i].component.layer().name == "app"
            && plan.nodes[i].component.kind == spandrel_catalog::Kind::Process
    });
    let inside =
        |i: &usize| !matches!(plan.nodes[*i].component.layer().name, "person" | "client" | "external");
    let Some(core) = works.or_else(|| plan.live().find(inside)).or_else(|| plan.live().next()) else {
        return;
    };
    loop {
        let reached = reached_from(plan, core);
        let apart: Vec<usize> = plan.live().filter(|&index| !reached[index]).collect();
        if apart.is_empty() {
            return;
        }
        // What receives nothing yet is the natural end of the bridge; people and clients are its beginning.
        let asks = |index: usize| matches!(plan.nodes[index].component.layer().name, "person" | "client");
        let targeted = |index: usize| plan.edges.iter().any(|edge| edge.to == End::Node(index));
        let end = apart.iter().copied().find(|&i| !asks(i) && !targeted(i));
        // Dashboards, stores and watchers know whom they belong to; nothing is added for them.
        if let Some(end) =
            end.filter(|&i| matches!(plan.nodes[i].component.layer().name, "ops" | "analytics" | "delivery"))
        {
            let mut tried = plan.clone();
            attach(&mut tried, end);
            if tried.nodes.len() == plan.nodes.len() && reached_from(&tried, core)[end] {
                *plan = tried;
                continue;
            }
        }
        // The two halves of a delivery meet where the row was cut.
        if let Some((from, to)) = super::inner::cut_row(plan, &apart) {
            plan.connect(from, to, "", false);
            continue;
        }
        let door = |&i: &usize| plan.nodes[i].component.layer().name == "edge";
        if let Some(door) = apart.iter().copied().find(door).filter(|_| !door(&core)) {
            plan.connect(door, core, "", false);
            continue;
        }
        match end.or_else(|| apart.iter().copied().find(|&i| !asks(i))) {
            Some(end) => plan.connect(core, end, "", false),
            None => plan.connect(apart[0], core, "", false),
        }
    }
}

/// Which parts hang together with one, over connections in either direction and over containers that are connected.
pub(super) fn reached_from(plan: &Plan, start: usize) -> Vec<bool> {
    let inside = |index: usize, group: usize| {
        let mut at = plan.nodes[index].group;
        while let Some(this) = at {
            if this == group {
                return true;
            }
            at = plan.groups[this].parent;
        }
        false
    };
    let touches = |end: End, index: usize| match end {
        End::Node(node) => node == index,
        End::Group(group) => inside(index, group),
    };
    let mut reached = vec![false; plan.nodes.len()];
    reached[start] = true;
    let mut open = vec![start];
    while let Some(at) = open.pop() {
        for edge in &plan.edges {
            let other = if touches(edge.from, at) {
                edge.to
            } else if touches(edge.to, at) {
                edge.from
            } else {
                continue;
            };
            for index in plan.live() {
                if !reached[index] && touches(other, index) {
                    reached[index] = true;
                    open.push(index);
                }
            }
        }
    }
    reached
}

pub(super) fn connect_loose_ends(plan: &mut Plan) {
    let loose: Vec<usize> = plan.live().filter(|&index| !plan.is_connected(index)).collect();
    for index in loose {
        if !plan.is_connected(index) {
            attach(plan, index);
        }
    }
    // A queue that nobody works off is worked off by who waits for work.
    let is_source = |plan: &Plan, index: usize| plan.edges.iter().any(|edge| edge.from == End::Node(index));
    let is_target = |plan: &Plan, index: usize| plan.edges.iter().any(|edge| edge.to == End::Node(index));
    let queues: Vec<usize> = plan
        .live()
        .filter(|&i| {
            plan.nodes[i].component.layer().name == "messaging" && !is_source(plan, i) && is_target(plan, i)
        })
        .filter(|&i| plan.nodes[i].component.id != "dead_letter_queue")
        .collect();
    for queue in queues {
        let idle: Vec<usize> = plan
            .live()
            .filter(|&i| {
                matches!(plan.nodes[i].component.id, "worker" | "stream_processor" | "serverless_function")
            })
            .filter(|&i| !is_target(plan, i))
            .collect();
        for worker in idle {
            plan.connect(queue, worker, "Messages", true);
        }
    }
    // A gateway that nobody enters is entered by whoever is there.
    let unasked: Vec<usize> = plan
        .live()
        .filter(|&i| {
            matches!(
                plan.nodes[i].component.id,
                "cdn" | "api_gateway" | "graphql_gateway" | "load_balancer" | "websocket_gateway"
            )
        })
        .filter(|&i| is_source(plan, i) && !is_target(plan, i))
        .collect();
    for door in unasked {
        let asks = |layer: &str| plan.live().find(|&i| plan.nodes[i].component.layer().name == layer);
        if let Some(asker) = asks("client").or_else(|| asks("person")).filter(|&i| !plan.leads_to(i, door)) {
            plan.connect(asker, door, "HTTPS", false);
        }
    }
    // Who tells people something is told by what found it out.
    let tells: Vec<usize> = plan
        .live()
        .filter(|&i| {
            let id = plan.nodes[i].component.id;
            ["notification_service", "email_service", "sms_service", "push_service"].contains(&id)
                && !is_target(plan, i)
        })
        .collect();
    for teller in tells {
        let found_out =
            ["alerting", "rules_engine", "anomaly_detection", "stream_processor", "metrics_dashboard"];
        let source =
            super::attach::is_any(plan, &found_out, teller).or_else(|| super::attach::core(plan, teller));
        if let Some(source) = source.filter(|&source| !plan.leads_to(teller, source)) {
            plan.connect(source, teller, "Notify", true);
        }
    }
    // A bastion leads to what it guards.
    let bastion = plan.live().find(|&i| plan.nodes[i].component.id == "bastion" && !is_source(plan, i));
    if let Some(bastion) = bastion
        && let Some(guarded) = super::attach::core(plan, bastion)
    {
        plan.connect(bastion, guarded, "SSH", false);
    }
    // A queue that nobody feeds is fed by the part that does the work.
    let unfed: Vec<usize> = plan
        .live()
        .filter(|&i| {
            plan.nodes[i].component.layer().name == "messaging"
                && plan.nodes[i].component.kind == Kind::Queue
                && plan.nodes[i].claimed
                && says_queue(&plan.nodes[i])
                && is_source(plan, i)
                && !is_target(plan, i)
        })
        .collect();
    for queue in unfed {
        let feeds = plan.live().find(|&i| {
            let node = &plan.nodes[i];
            node.component.layer().name == "app"
                && node.component.kind == Kind::Process
                && node.component.id != "worker"
                && !plan.leads_to(queue, i)
        });
        if let Some(feeds) = feeds {
            plan.connect(feeds, queue, "Events", true);
        }
    }
    // Dashboards and alarms that nothing feeds are fed by what is measured.
    let unfed: Vec<usize> = plan
        .live()
        .filter(|&i| matches!(plan.nodes[i].component.id, "metrics_dashboard" | "alerting"))
        .filter(|&i| !plan.edges.iter().any(|e| e.to == End::Node(i) && !is_person(plan, e.from)))
        .collect();
    for watcher in unfed {
        super::inner::watched_by(plan, watcher);
    }
    // A function that nothing calls is called by what arrives in a store.
    let idle =
        plan.live().find(|&i| plan.nodes[i].component.id == "serverless_function" && !is_target(plan, i));
    let store = plan.live().find(|&i| {
        plan.nodes[i].component.id == "object_storage" && is_target(plan, i) && !is_source(plan, i)
    });
    if let (Some(function), Some(store)) = (idle, store)
        && !plan.leads_to(function, store)
    {
        plan.connect(store, function, "Triggers", true);
    }
    // A portal or app that leads nowhere asks the part that does the work.
    let works = plan.live().find(|&i| {
        plan.nodes[i].component.layer().name == "app"
            && plan.nodes[i].component.kind == spandrel_catalog::Kind::Process
    });
    // Where there is one kind of people, who use one app or site that is named, they use the others as well.
    let people: Vec<usize> = plan.live().filter(|&i| is_person(plan, End::Node(i))).collect();
    let is_app = |plan: &Plan, i: usize| {
        let ids = ["web_app", "mobile_app", "ios_app", "android_app"];
        plan.nodes[i].claimed && ids.contains(&plan.nodes[i].component.id)
    };
    if let [people] = people[..] {
        let uses = plan
            .edges
            .iter()
            .any(|e| e.from == End::Node(people) && matches!(e.to, End::Node(to) if is_app(plan, to)));
        let unused = |i: &usize| is_app(plan, *i) && !is_target(plan, *i) && is_source(plan, *i);
        let unused: Vec<usize> = plan.live().filter(unused).filter(|_| uses).collect();
        for client in unused {
            plan.connect(people, client, "Uses", false);
        }
    }
    // What a CDN serves still asks somebody.
    let asks_nobody = |i: usize| {
        plan.edges
            .iter()
            .filter(|e| e.from == End::Node(i))
            .all(|e| matches!(e.to, End::Node(to) if plan.nodes[to].component.id == "cdn"))
    };
    let idle: Vec<usize> = plan
        .live()
        .filter(|&i| plan.nodes[i].component.layer().name == "client" && asks_nobody(i))
        // What moves things is told what to do, and asks nobody.
        .filter(|&i| plan.nodes[i].component.id != "actuator" || !is_target(plan, i))
        // What shows something to people needs nobody behind it.
        .filter(|&i| {
            is_source(plan, i)
                || !plan.edges.iter().any(|e| e.to == End::Node(i) && works_inside(plan, e.from))
        })
        .collect();
    let works = works.or_else(|| {
        let keeps = plan.live().any(|i| matches!(plan.nodes[i].component.layer().name, "data" | "external"));
        let serves = idle.iter().any(|&i| plan.nodes[i].component.protocol == "HTTPS");
        let core = super::attach::core(plan, usize::MAX);
        if core.is_some() { core } else { (keeps && serves).then(|| super::attach::add_api(plan)).flatten() }
    });
    let door = plan.live().find(|&i| {
        matches!(plan.nodes[i].component.id, "api_gateway" | "graphql_gateway" | "bff" | "load_balancer")
    });
    let works = door.or(works);
    for client in idle {
        // A dashboard shows what was gathered.
        let gathered = (plan.nodes[client].component.id == "dashboard")
            .then(|| plan.live().find(|&i| GATHERED.contains(&plan.nodes[i].component.id)))
            .flatten();
        if let Some(store) = gathered {
            plan.connect(client, store, "Query", false);
            continue;
        }
        if let Some(works) =
            works.filter(|&works| !plan.leads_to(works, client) && !plan.leads_to(client, works))
        {
            plan.connect(client, works, plan.nodes[client].component.protocol, false);
        }
    }
}

/// Where dashboards look.
const GATHERED: &[&str] = &["data_warehouse", "time_series_database", "query_engine", "search_index"];

/// Whether a part of the kind is called what it is: "phone channels" wait for nobody.
fn says_queue(node: &super::plan::Node) -> bool {
    let words = ["queue", "broker", "bus", "stream", "topic"];
    let said = spandrel_catalog::tokens(&node.label);
    node.component.products.iter().any(|product| node.label.starts_with(product))
        || said.iter().any(|word| words.contains(&word.as_str()))
}

fn works_inside(plan: &Plan, end: End) -> bool {
    let layers = ["app", "ai", "messaging", "data", "analytics"];
    matches!(end, End::Node(index) if layers.contains(&plan.nodes[index].component.layer().name))
}

fn is_person(plan: &Plan, end: End) -> bool {
    matches!(end, End::Node(index) if plan.nodes[index].component.layer().name == "person")
}

/// A container needs two things in it; a small drawing needs none.
pub(super) fn tidy_groups(plan: &mut Plan) {
    let few = plan.live().count() <= 5;
    for group in (0..plan.groups.len()).rev() {
        let inside = plan.live().filter(|&index| plan.nodes[index].group == Some(group)).count();
        let below = plan.groups.iter().filter(|other| other.parent == Some(group)).count();
        if (inside + below >= 2 && !few) || (inside + below >= 1 && plan.groups[group].asked) {
            continue;
        }
        // Indices behind the group move down when it goes, its parent's too.
        let parent = plan.groups[group].parent.map(|parent| if parent > group { parent - 1 } else { parent });
        let lone = plan.live().find(|&index| plan.nodes[index].group == Some(group));
        for node in &mut plan.nodes {
            if node.group == Some(group) {
                node.group = parent;
            } else if let Some(g) = node.group.filter(|&g| g > group) {
                node.group = Some(g - 1);
            }
        }
        for other in &mut plan.groups {
            if other.parent == Some(group) {
                other.parent = parent;
            } else if let Some(p) = other.parent.filter(|&p| p > group) {
                other.parent = Some(p - 1);
            }
        }
        plan.groups.remove(group);
        plan.edges.retain_mut(|edge| {
            for end in [&mut edge.from, &mut edge.to] {
                match *end {
                    End::Group(g) if g == group => match lone {
                        Some(node) => *end = End::Node(node),
                        None => return false,
                    },
                    End::Group(g) if g > group => *end = End::Group(g - 1),
                    _ => {}
                }
            }
            edge.from != edge.to
        });
    }
    plan.dedup_edges();
}
