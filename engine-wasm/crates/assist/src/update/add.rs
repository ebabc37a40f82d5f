//! Putting parts into the diagram: the board is read as a plan, the generator's rules place and connect the new parts,
//! and the difference becomes edits.

use spandrel_catalog::{Component, find, infer};
use spandrel_edit::Op;
use spandrel_graph::{Board, NodeId};

use super::{Work, target};
use crate::generate::attach::{attach, place};
use crate::generate::parse::{self, Mention, Request};
use crate::generate::plan::{Edge, End, Group, Node, Plan, snake_case};
use crate::generate::tokens::Token;
use crate::words::english::SEVERAL;

/// Adds what a clause names, by the name and in the container that it gives.
pub(super) fn add_named(work: &mut Work, clause: &[Token]) {
    let (rest, names) = super::wording::names(clause);
    if names == super::wording::Names::default() {
        return add(work, clause);
    }
    let before: Vec<String> = work.board().nodes.iter().map(|node| node.id.clone()).collect();
    add(work, &rest);
    let made = work.board().nodes.iter().map(|node| node.id.clone()).find(|key| !before.contains(key));
    let Some(key) = made else { return };
    if let Some(name) = names.part {
        work.run(
            &Op::Set { key: key.clone(), value: Some(name.clone()), tag: None },
            &format!("Called it {name}"),
        );
    }
    if let Some(name) = names.container {
        let board = work.board();
        let words: Vec<Token> = crate::generate::tokens::tokenize(&name);
        let there = target::find(&board, &words).filter(|&id| board.nodes[id].is_container());
        let container = if let Some(found) = there {
            board.nodes[found].id.clone()
        } else {
            let op = Op::Create { key: snake_case(&name) };
            let Some(made) = work.run(&op, &format!("Put it into {name}")) else { return };
            work.run(&Op::Set { key: made.clone(), value: Some(name), tag: None }, "");
            made
        };
        let own = key.rsplit('.').next().unwrap_or(&key).to_owned();
        let new_key = format!("{container}.{own}");
        if work.run(&Op::Move { key, new_key: new_key.clone(), include_descendants: true }, "").is_some() {
            work.last = Some(new_key);
        }
        return;
    }
    work.last = Some(key);
}

/// Adds what a clause names. Parts that are spoken of with "the", or that the diagram has and that are not said to
/// be new, are what the new parts are placed by.
pub(super) fn add(work: &mut Work, clause: &[Token]) {
    let board = work.board();
    let text: Vec<String> = clause.iter().map(as_text).collect();
    let request = parse::parse(&text.join(" "));
    if request.mentions.is_empty() {
        return add_unknown(work, clause, &board);
    }
    if request.mentions.iter().all(|mention| mention.negated) {
        for mention in &request.mentions {
            let phrase = request.tokens.get(mention.start..mention.end).unwrap_or_default();
            super::remove(work, phrase);
        }
        return;
    }
    let mut plan = read(&board);
    let known = plan.nodes.len();
    let edges_before = plan.edges.clone();
    let drawn: Vec<Option<usize>> =
        request.mentions.iter().map(|mention| place_mention(&mut plan, &board, &request, mention)).collect();
    let fresh: Vec<usize> = (known..plan.nodes.len()).collect();
    relate(&mut plan, &request, &drawn, &fresh);
    if fresh.is_empty() && plan.edges == edges_before {
        let names: Vec<String> =
            drawn.iter().flatten().map(|&index| plan.nodes[index].label.clone()).collect();
        work.refused.push(format!("The diagram has that already: {}.", names.join(", ")));
        return;
    }
    for index in fresh {
        if work.attach && !plan.is_connected(index) {
            let before = plan.nodes.len();
            attach(&mut plan, index);
            // A rule may call for another part (a worker for a queue): keep to the containers that are there.
            for added in before..plan.nodes.len() {
                keep_to_the_board(&mut plan, added, board.nodes.len());
            }
        }
    }
    work.assumptions.append(&mut plan.assumptions);
    write(work, &board, &plan, known, &edges_before);
}

/// "add an X-ray machine to the modalities": a part that nobody knows, as it is called, where the clause puts it.
fn add_unknown(work: &mut Work, clause: &[Token], board: &Board) {
    const MOST: usize = 4;
    let adds = clause.first().is_some_and(|t| t.is(&["add", "insert", "include", "introduce", "put"]));
    let article =
        clause.iter().position(|t| t.is(&["a", "an", "another", "new"])).filter(|&at| adds && at <= 2);
    let Some(start) = article.map(|at| at + 1) else { return };
    let ends = |t: &Token| {
        !t.is_word()
            || t.is(&[
                "to", "in", "into", "inside", "between", "before", "after", "behind", "and", "that", "which",
                "with",
            ])
    };
    let end = (start..clause.len()).find(|&at| ends(&clause[at])).unwrap_or(clause.len());
    let words: Vec<&str> =
        clause[start..end].iter().filter(|t| !t.is(&["new"])).map(|t| t.text.as_str()).collect();
    if words.is_empty() || words.len() > MOST {
        return;
    }
    let name = crate::generate::title_case(&words, false);
    let place = clause
        .get(end)
        .filter(|t| t.is(&["to", "in", "into", "inside"]))
        .and_then(|_| target::find(board, &clause[end + 1..]))
        .filter(|&id| board.nodes[id].is_container());
    let own = snake_case(&name);
    let (key, to) = place.map_or((own.clone(), String::new()), |id| {
        (format!("{}.{own}", board.nodes[id].id), format!(" to {}", target::label(board, id)))
    });
    if let Some(made) = work.run(&Op::Create { key }, &format!("Added {name}{to}")) {
        work.run(&Op::Set { key: made.clone(), value: Some(name), tag: None }, "");
        work.last = Some(made);
    }
}

fn as_text(token: &Token) -> String {
    use crate::generate::tokens::Sign;
    match token.sign {
        Sign::Right => "->".to_owned(),
        Sign::Left => "<-".to_owned(),
        Sign::Both => "<->".to_owned(),
        _ => token.text.clone(),
    }
}

/// The board as a plan: node and group indices are those of the board's nodes, so that both can be compared.
fn read(board: &Board) -> Plan {
    let mut plan = Plan::default();
    for node in &board.nodes {
        // A group for every node keeps the indices equal; only containers are used as groups.
        let parent = node.parent.map(usize::from);
        plan.groups.push(Group {
            key: node.id.clone(),
            label: node.label.text.clone(),
            parent,
            asked: false,
        });
        let component = component_of(board, node);
        plan.nodes.push(Node {
            key: node.name.clone(),
            label: node.label.text.clone(),
            component,
            group: parent,
            multiple: false,
            claimed: false,
            named: false,
            gone: node.is_container(),
            twin: None,
        });
    }
    for edge in &board.edges {
        let end = |id: NodeId| {
            if board.nodes[id].is_container() { End::Group(id.into()) } else { End::Node(id.into()) }
        };
        plan.edges.push(Edge {
            from: end(edge.src),
            to: end(edge.dst),
            label: edge.label.text.clone(),
            both: edge.src_arrow && edge.dst_arrow,
            dashed: edge.style.stroke_dash.is_some(),
        });
    }
    plan
}

fn component_of(board: &Board, node: &spandrel_graph::Node) -> &'static Component {
    let _ = board;
    let inferred =
        infer(node.shape.keyword(), node.attrs.list("class"), &node.label.text, node.attrs.text("icon"));
    let fallback = || {
        let id = match inferred.kind.name {
            "client" => "web_app",
            "database" => "database",
            "security" => "policy_engine",
            "queue" => "message_queue",
            "cache" => "cache",
            "storage" => "object_storage",
            "external" => "third_party_api",
            "network" => "router",
            "ai" => "model_serving",
            "person" => "user",
            _ => "microservice",
        };
        find(id)
    };
    inferred.component.or_else(fallback).unwrap_or(&spandrel_catalog::COMPONENTS[0])
}

/// The node of a mention: one that is there, or a new one in the container of its like.
fn place_mention(plan: &mut Plan, board: &Board, request: &Request, mention: &Mention) -> Option<usize> {
    if mention.negated {
        return None;
    }
    let phrase = &request.tokens[mention.start..mention.end];
    let before = mention.start.checked_sub(1).map(|at| &request.tokens[at]);
    let is_new = before.is_some_and(|token| {
        token.is(&[
            "a",
            "an",
            "another",
            "second",
            "new",
            "more",
            "add",
            "insert",
            "include",
            "two",
            "three",
            "extra",
            "additional",
        ])
    });
    if !is_new && let Some(id) = target::find(board, phrase) {
        let index = usize::from(id);
        return Some(index);
    }
    if is_new && !before.is_some_and(|t| t.is(&["another", "second", "more", "new", "extra", "additional"])) {
        // "add a cache" where a part of exactly this name stands: most likely that one is meant by a later clause.
        let same = plan.nodes.iter().position(|node| {
            !node.gone && node.label == mention.label && node.component.id == mention.component.id
        });
        if let Some(same) = same.filter(|_| !first_part(request, mention)) {
            return Some(same);
        }
    }
    let count = if mention.count == SEVERAL { 1 } else { mention.count.clamp(1, 5) };
    let mut first = None;
    for number in 1..=count {
        // One more of a kind stands beside the others and goes by their name.
        let like = plan.nodes.iter().find(|node| !node.gone && node.component.id == mention.component.id);
        let more =
            before.is_some_and(|t| t.is(&["another", "second", "more", "extra", "additional", "further"]));
        let base = like.filter(|_| more).map(|like| like.label.clone());
        let group = like.filter(|_| more || mention.named).map(|like| like.group);
        let group = group.unwrap_or_else(|| place(plan, mention.component));
        let label = match base {
            Some(base) => format!("{base} {}", number + 1),
            None if count > 1 => format!("{} {number}", mention.label),
            None => mention.label.clone(),
        };
        let wanted = if mention.named || count > 1 || more { label.as_str() } else { mention.component.id };
        let index = plan.add_node(wanted, &label, mention.component, group);
        plan.nodes[index].multiple = mention.count == SEVERAL;
        keep_to_the_board(plan, index, board.nodes.len());
        first = first.or(Some(index));
    }
    first
}

fn first_part(request: &Request, mention: &Mention) -> bool {
    request.mentions.first().is_some_and(|first| first == mention)
}

/// No new container for a single new part: it goes where its like is, or to the top.
fn keep_to_the_board(plan: &mut Plan, index: usize, groups: usize) {
    if plan.nodes[index].group.is_some_and(|group| group >= groups) {
        plan.nodes[index].group = None;
    }
}

fn relate(plan: &mut Plan, request: &Request, drawn: &[Option<usize>], fresh: &[usize]) {
    let node = |mention: usize| drawn.get(mention).copied().flatten();
    for relation in &request.relations {
        let (Some(from), Some(to)) = (node(relation.from), node(relation.to)) else { continue };
        if let Some((left, right)) = relation.cuts
            && let (Some(left), Some(right)) = (node(left), node(right))
        {
            plan.edges.retain(|e| !(e.from == End::Node(left) && e.to == End::Node(right)));
            // Drawn the other way round in the diagram: the new part follows the drawing.
            if plan.edges.iter().any(|e| e.from == End::Node(right) && e.to == End::Node(left)) {
                plan.edges.retain(|e| !(e.from == End::Node(right) && e.to == End::Node(left)));
                plan.connect(to, from, relation.label, relation.dashed);
                continue;
            }
        } else if fresh.contains(&from) && !fresh.contains(&to) && stands_before(request, relation.from) {
            // "a WAF in front of the gateway": who came to the gateway now comes to the WAF.
            plan.insert_before(from, to, &[]);
        }
        plan.connect(from, to, relation.label, relation.dashed);
    }
}

/// Whether a mention is said to stand "in front of", "before" or "ahead of" something.
fn stands_before(request: &Request, mention: usize) -> bool {
    let Some(end) = request.mentions.get(mention).map(|mention| mention.end) else { return false };
    let words: Vec<&str> = request.tokens[end..].iter().take(4).map(|token| token.lower.as_str()).collect();
    matches!(words.as_slice(), ["in", "front", ..] | ["before" | "ahead", ..])
}

/// Writes the difference between the plan and the board as edits.
fn write(work: &mut Work, board: &Board, plan: &Plan, known: usize, edges_before: &[Edge]) {
    let mut keys: Vec<String> = board.nodes.iter().map(|node| node.id.clone()).collect();
    for node in &plan.nodes[known..] {
        let own = snake_case(&node.key);
        let wanted = match node.group {
            Some(group) => format!("{}.{own}", board.nodes[NodeId::from(group)].id),
            None => own,
        };
        let place = node
            .group
            .map(|group| format!(" to {}", target::label(board, NodeId::from(group))))
            .unwrap_or_default();
        let Some(key) = work.run(&Op::Create { key: wanted }, &format!("Added {}{place}", node.label)) else {
            keys.push(String::new());
            continue;
        };
        work.run(&Op::Set { key: key.clone(), value: Some(node.label.clone()), tag: None }, "");
        if node.component.shape != "rectangle" {
            work.run(
                &Op::Set {
                    key: format!("{key}.shape"),
                    value: Some(node.component.shape.to_owned()),
                    tag: None,
                },
                "",
            );
        }
        if node.component.icon != node.component.kind.info().icon {
            work.run(
                &Op::Set {
                    key: format!("{key}.icon"),
                    value: Some(node.component.icon.to_owned()),
                    tag: None,
                },
                "",
            );
        }
        if node.multiple {
            work.run(
                &Op::Set { key: format!("{key}.style.multiple"), value: Some("true".to_owned()), tag: None },
                "",
            );
        }
        work.last = Some(key.clone());
        keys.push(key);
    }
    let key_of = |end: End| match end {
        End::Node(index) | End::Group(index) => keys.get(index).cloned().unwrap_or_default(),
    };
    let is = |a: &Edge, b: &Edge| a.from == b.from && a.to == b.to;
    let mut added: Vec<&Edge> =
        plan.edges.iter().filter(|edge| !edges_before.iter().any(|old| is(old, edge))).collect();
    // A connection that is cut keeps its line: it gets a new end, so that its label and style stay.
    for (index, old) in edges_before.iter().enumerate().rev() {
        if plan.edges.iter().any(|edge| is(edge, old)) {
            continue;
        }
        let Some(edge) = board.edges.ids().nth(index) else { continue };
        let key = board.edge_key(edge);
        match added.iter().position(|new| new.from == old.from) {
            Some(at) => {
                let new = added.remove(at);
                work.run(&Op::Reconnect { key, new_src: None, new_dst: Some(key_of(new.to)) }, "");
            }
            None => {
                work.run(&Op::Delete { key, with_children: false }, "");
            }
        }
    }
    for edge in added {
        let (from, to) = (key_of(edge.from), key_of(edge.to));
        if from.is_empty() || to.is_empty() {
            continue;
        }
        let Some(key) = work.run(&Op::Create { key: format!("{from} -> {to}") }, "") else { continue };
        if !edge.label.is_empty() {
            work.run(&Op::Set { key: key.clone(), value: Some(edge.label.clone()), tag: None }, "");
        }
        if edge.dashed {
            work.run(
                &Op::Set { key: format!("{key}.style.stroke-dash"), value: Some("4".to_owned()), tag: None },
                "",
            );
        }
    }
}
