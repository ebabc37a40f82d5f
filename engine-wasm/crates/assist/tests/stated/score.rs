//! How much of what a request states its drawing has: parts, connections, places, and what must not be there.
//!
//! A line of a set is `{"request", "parts", "connections", "containers", "forbidden"}` in JSON: a part is its name and others
//! it may go by, `"PostgreSQL | Postgres"`; a connection a pair of first names, in the direction of the flow; containers are
//! `{"VPC": ["Web Server"]}`; forbidden are names of parts, or pairs, that must not be drawn.
//!
//! What is drawn counts for the part whose words it has. A node that has them all comes before one that lacks a word of a
//! kind ("Orders" for "Order Service"); several nodes can stand for one part ("Web Server 1", "Web Server 2").

use std::collections::BTreeSet;

use serde_json::Value;
use spandrel_assist::{Data, generate};
use spandrel_base::Budget;
use spandrel_graph::{Board, NodeId};

/// One line of a set.
pub(crate) struct Stated {
    pub(crate) request: String,
    /// Every name of every part; the first is the one that connections use.
    pub(crate) parts: Vec<Vec<String>>,
    pub(crate) connections: Vec<(String, String)>,
    pub(crate) containers: Vec<(String, Vec<String>)>,
    pub(crate) forbidden: Vec<Forbidden>,
}

/// What must not be drawn.
pub(crate) enum Forbidden {
    Part(String),
    Connection(String, String),
}

/// What came of one request.
#[derive(Default)]
pub(crate) struct Score {
    pub(crate) parts: usize,
    pub(crate) connections: usize,
    pub(crate) containers: usize,
    pub(crate) missing_parts: Vec<String>,
    /// Drawn nodes that stand for nothing stated.
    pub(crate) further_parts: Vec<String>,
    pub(crate) missing_connections: Vec<String>,
    /// Between stated parts that are not said to meet.
    pub(crate) extra_connections: Vec<String>,
    pub(crate) turned_connections: Vec<String>,
    pub(crate) wrong_containers: Vec<String>,
    pub(crate) forbidden_drawn: Vec<String>,
}

impl Score {
    /// Whether all that is stated is drawn and nothing that is not; further parts do not count here.
    pub(crate) fn is_right(&self) -> bool {
        self.faults().iter().filter(|(what, _)| *what != "further").all(|(_, list)| list.is_empty())
    }

    /// The lists of faults by name.
    pub(crate) fn faults(&self) -> [(&'static str, &[String]); 7] {
        [
            ("missing parts", &self.missing_parts),
            ("missing", &self.missing_connections),
            ("extra", &self.extra_connections),
            ("turned", &self.turned_connections),
            ("places", &self.wrong_containers),
            ("forbidden", &self.forbidden_drawn),
            ("further", &self.further_parts),
        ]
    }
}

/// Reads a set; lines that are empty or begin with `#` are skipped.
pub(crate) fn read(text: &str) -> Vec<Stated> {
    let lines = text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#'));
    lines.map(|line| stated(&serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}")))).collect()
}

fn stated(line: &Value) -> Stated {
    let text = |value: &Value| value.as_str().unwrap_or_default().trim().to_owned();
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let names = |value: &Value| -> Vec<String> {
        text(value).split('|').map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect()
    };
    Stated {
        request: text(&line["request"]),
        parts: list(&line["parts"]).iter().map(names).collect(),
        connections: list(&line["connections"]).iter().map(|pair| (text(&pair[0]), text(&pair[1]))).collect(),
        containers: line["containers"]
            .as_object()
            .into_iter()
            .flatten()
            .map(|(place, parts)| (place.clone(), list(parts).iter().map(text).collect()))
            .collect(),
        forbidden: list(&line["forbidden"])
            .iter()
            .map(|value| match value.as_array() {
                Some(pair) if pair.len() == 2 => Forbidden::Connection(text(&pair[0]), text(&pair[1])),
                _ => Forbidden::Part(text(value)),
            })
            .collect(),
    }
}

/// Words of a kind: a name is told from others without them.
const KINDS: &[&str] = &[
    "service",
    "server",
    "system",
    "app",
    "application",
    "database",
    "db",
    "api",
    "queue",
    "cluster",
    "store",
    "bucket",
    "engine",
    "tool",
    "provider",
    "platform",
    "instance",
    "user",
    "gateway",
    "broker",
    "portal",
    "module",
    "the",
    "a",
    "of",
    "and",
    "for",
    "in",
];

/// Whether two words are one: in either number, or a short form of it.
fn alike(a: &str, b: &str) -> bool {
    const SAME: &[(&str, &str)] = &[
        ("db", "database"),
        ("repo", "repository"),
        ("app", "application"),
        ("postgre", "postgresql"),
        ("k8", "kubernete"),
    ];
    a == b || SAME.iter().any(|&(x, y)| (x, y) == (a, b) || (y, x) == (a, b))
}

fn words(name: &str) -> Vec<String> {
    let lower = name.to_lowercase().replace('×', " ");
    let words = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(spandrel_catalog::singular).collect()
}

/// From this on all words of a name are there.
const WHOLE: u32 = 60;

/// How well a drawn label stands for a name: 0 not at all.
fn fit(label: &[String], name: &[String]) -> u32 {
    let has = |word: &String| label.iter().any(|own| alike(own, word));
    // "WAF" for "Web Application Firewall".
    let initials: String = label.iter().filter_map(|word| word.chars().next()).collect();
    let short = label.len() > 2
        && name.len() == 1
        && (initials == name[0] || initials.strip_suffix('s') == Some(&name[0]));
    let joined = label.concat() == name.concat() || short;
    let missing: Vec<&String> = name.iter().filter(|word| !has(word)).collect();
    let extra = u32::from(!short)
        * label.iter().filter(|own| !name.iter().any(|word| alike(own, word))).count() as u32;
    let kind = |word: &str| KINDS.contains(&word);
    if joined || (missing.is_empty() && !name.is_empty()) {
        return 100 - extra.min(40);
    }
    // "Orders" for "Order Service": what tells it from others is there.
    let told = name.iter().any(|word| !kind(word) && has(word));
    if told && missing.iter().all(|word| kind(word)) { 50 - extra.min(40) } else { 0 }
}

/// Draws a request and compares.
pub(crate) fn score(data: &Data, stated: &Stated) -> Score {
    let made = generate(data, &stated.request, None);
    let compiled = spandrel_compile::compile(&made.source, &(), &Budget::default());
    compare(stated, &compiled.diagram.root)
}

/// Compares a drawing with what is stated.
pub(crate) fn compare(stated: &Stated, board: &Board) -> Score {
    let mut score = Score {
        parts: stated.parts.len(),
        connections: stated.connections.len(),
        containers: stated.containers.len(),
        ..Score::default()
    };
    let labels: Vec<(NodeId, Vec<String>)> =
        board.nodes.entries().map(|(id, node)| (id, words(&node.label.text))).collect();
    let names: Vec<Vec<Vec<String>>> =
        stated.parts.iter().map(|part| part.iter().map(|name| words(name)).collect()).collect();
    let best = |label: &[String]| {
        let of = |part: &Vec<Vec<String>>| part.iter().map(|name| fit(label, name)).max().unwrap_or(0);
        let fits: Vec<u32> = names.iter().map(of).collect();
        let most = fits.iter().copied().max().filter(|&most| most > 0)?;
        fits.iter().position(|&fit| fit == most)
    };
    // Which part each node stands for.
    let stands: Vec<(NodeId, Option<usize>)> = labels
        .iter()
        .map(|(id, label)| {
            // A place is a part only under its whole name.
            let whole = |part: &usize| names[*part].iter().any(|name| fit(label, name) >= WHOLE);
            (*id, best(label).filter(|part| !board.nodes[*id].is_container() || whole(part)))
        })
        .collect();
    let part_of = |id: NodeId| stands.iter().find(|(node, _)| *node == id).and_then(|(_, part)| *part);
    for (index, part) in stated.parts.iter().enumerate() {
        if !stands.iter().any(|(_, stands)| *stands == Some(index)) {
            score.missing_parts.push(part[0].clone());
        }
    }
    for (id, part) in &stands {
        let node = &board.nodes[*id];
        if part.is_none() && !node.is_container() {
            score.further_parts.push(node.label.text.clone());
        }
    }
    // Which parts an end of a connection stands for: itself, or what stands in it.
    let ends = |id: NodeId| -> (Vec<usize>, bool) {
        if let Some(part) = part_of(id) {
            return (vec![part], true);
        }
        let inside = board.nodes.entries().filter(|(inner, _)| board.is_inside(*inner, id));
        (inside.filter_map(|(inner, _)| part_of(inner)).collect(), false)
    };
    let mut drawn: BTreeSet<(usize, usize)> = BTreeSet::new();
    let mut own: BTreeSet<(usize, usize)> = BTreeSet::new();
    for edge in &board.edges {
        let ((from, direct), (to, directly)) = (ends(edge.src), ends(edge.dst));
        for (&a, &b) in from.iter().flat_map(|a| to.iter().map(move |b| (a, b))).filter(|(a, b)| a != b) {
            let mut put = |pair| {
                drawn.insert(pair);
                if direct && directly {
                    own.insert(pair);
                }
            };
            if edge.dst_arrow || !edge.src_arrow {
                put((a, b));
            }
            if edge.src_arrow {
                put((b, a));
            }
        }
    }
    let index = |name: &str| {
        stated
            .parts
            .iter()
            .position(|part| part.iter().any(|known| known == name))
            .or_else(|| best(&words(name)))
    };
    let mut wanted: BTreeSet<(usize, usize)> = BTreeSet::new();
    for (from, to) in &stated.connections {
        let name = format!("{from} -> {to}");
        let (Some(from), Some(to)) = (index(from), index(to)) else {
            score.missing_connections.push(format!("{name} (no such part in the set)"));
            continue;
        };
        wanted.insert((from, to));
        if drawn.contains(&(from, to)) {
            continue;
        }
        if drawn.contains(&(to, from)) {
            score.turned_connections.push(name);
        } else {
            score.missing_connections.push(name);
        }
    }
    for &(from, to) in &own {
        let said = wanted.contains(&(from, to)) || wanted.contains(&(to, from));
        if !said && (from < to || !own.contains(&(to, from))) {
            score.extra_connections.push(format!("{} -> {}", stated.parts[from][0], stated.parts[to][0]));
        }
    }
    for (place, parts) in &stated.containers {
        let place_words: Vec<Vec<String>> = place.split('|').map(words).collect();
        let holds = |part: &String| {
            let Some(part) = index(part) else { return false };
            stands.iter().filter(|(_, stands)| *stands == Some(part)).any(|(id, _)| {
                board.ancestors(*id).any(|outer| {
                    let label = words(&board.nodes[outer].label.text);
                    outer != *id && place_words.iter().any(|name| fit(&label, name) > 0)
                })
            })
        };
        let lost: Vec<&str> = parts.iter().filter(|part| !holds(part)).map(String::as_str).collect();
        if !lost.is_empty() {
            score.wrong_containers.push(format!("{place}: {}", lost.join(", ")));
        }
    }
    for forbidden in &stated.forbidden {
        match forbidden {
            Forbidden::Part(name) => {
                let names: Vec<Vec<String>> = name.split('|').map(words).collect();
                let there = stands.iter().zip(&labels).any(|((id, part), (_, label))| {
                    let meant = names.iter().any(|name| fit(label, name) >= WHOLE);
                    meant && part.is_none() && !board.nodes[*id].is_container()
                });
                if there {
                    score.forbidden_drawn.push(name.clone());
                }
            }
            Forbidden::Connection(from, to) => {
                if let (Some(a), Some(b)) = (index(from), index(to))
                    && (own.contains(&(a, b)) || own.contains(&(b, a)))
                {
                    score.forbidden_drawn.push(format!("{from} -> {to}"));
                }
            }
        }
    }
    score
}

/// Scores of a set as lines: each request with what is wrong, and the sums.
pub(crate) fn report(set: &[Stated], scores: &[Score], all: bool) -> String {
    let mut out = String::new();
    for (number, (stated, score)) in set.iter().zip(scores).enumerate() {
        let wrong: Vec<String> = score
            .faults()
            .iter()
            .filter(|(_, list)| !list.is_empty())
            .map(|(what, list)| format!("    {what}: {}\n", list.join("; ")))
            .collect();
        let sign = if score.is_right() { "ok " } else { "   " };
        if all || !score.is_right() {
            out.push_str(&format!("{sign}{:02} {}\n{}", number + 1, stated.request, wrong.concat()));
        }
    }
    let sum = |of: &dyn Fn(&Score) -> usize| scores.iter().map(of).sum::<usize>();
    let right = scores.iter().filter(|score| score.is_right()).count();
    let pure = scores.iter().filter(|score| score.is_right() && score.further_parts.is_empty()).count();
    let (parts, connections) = (sum(&|s| s.parts), sum(&|s| s.connections));
    let (lost, missing, turned) = (
        sum(&|s| s.missing_parts.len()),
        sum(&|s| s.missing_connections.len()),
        sum(&|s| s.turned_connections.len()),
    );
    out.push_str(&format!(
        "requests without a fault: {right} of {} ({pure} of them with nothing beside what is stated)\n\
         parts: {} of {parts} found, {} further drawn\n\
         connections: {} of {connections} found ({turned} of them turned), {missing} missing, {} extra\n\
         places: {} wrong of {}; forbidden drawn: {}\n",
        scores.len(),
        parts - lost,
        sum(&|s| s.further_parts.len()),
        connections - missing,
        sum(&|s| s.extra_connections.len()),
        sum(&|s| s.wrong_containers.len()),
        sum(&|s| s.containers),
        sum(&|s| s.forbidden_drawn.len()),
    ));
    out
}
