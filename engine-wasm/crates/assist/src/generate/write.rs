//! A plan as D2 text, formatted as D2 formats it.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use spandrel_catalog::StylePack;

use super::plan::{End, Node, Plan, last};

/// Prints a plan: parts at the top first, then containers with what is in them, then connections.
pub(crate) fn write(plan: &Plan, style: &StylePack) -> String {
    let plan = &in_style(plan, style);
    let mut out = String::new();
    if !plan.title.is_empty() {
        let _ = writeln!(out, "# {}\n", plan.title.replace(['\n', '\r'], " "));
    }
    let mut apart = false;
    for index in plan.live().filter(|&index| plan.nodes[index].group.is_none()) {
        node(&mut out, &plan.nodes[index], style, 0);
        apart = true;
    }
    for index in (0..plan.groups.len()).filter(|&index| plan.groups[index].parent.is_none()) {
        if apart {
            out.push('\n');
        }
        apart = true;
        group(&mut out, plan, style, index, 0);
    }
    if !plan.edges.is_empty() && apart {
        out.push('\n');
    }
    for edge in &plan.edges {
        let arrow = if edge.both { "<->" } else { "->" };
        let _ = write!(out, "{} {arrow} {}", path(plan, edge.from), path(plan, edge.to));
        if !edge.label.is_empty() {
            let _ = write!(out, ": {}", value(&edge.label));
        }
        if edge.dashed {
            out.push_str(if edge.label.is_empty() { ": {" } else { " {" });
            out.push_str("\n  style.stroke-dash: 4\n}");
        }
        out.push('\n');
    }
    out
}

/// The plan with keys and labels as the style pack wants them; Spandrel's own are what plans are made with.
fn in_style(plan: &Plan, style: &StylePack) -> Plan {
    let mut plan = plan.clone();
    let own = StylePack::default();
    if style.label_max < own.label_max {
        let shorten = |label: &mut String| *label = label.chars().take(style.label_max.max(1)).collect();
        plan.nodes.iter_mut().for_each(|node| shorten(&mut node.label));
        plan.groups.iter_mut().for_each(|group| shorten(&mut group.label));
    }
    if (style.id_style, style.id_max) != (own.id_style, own.id_max) {
        let mut taken = BTreeSet::new();
        for node in &mut plan.nodes {
            node.key = free(&node.key, style, &mut taken);
        }
        for group in &mut plan.groups {
            group.key = free(last(&group.key), style, &mut taken);
        }
    }
    plan
}

/// A key in the style of the pack that no other part has: with a number where it is taken.
fn free(key: &str, style: &StylePack, taken: &mut BTreeSet<String>) -> String {
    // Room for a number; a shorter limit could not tell parts apart.
    let most = style.id_max.clamp(8, spandrel_catalog::ID_MAX);
    let mut free = style.id_style.of(key, most);
    let mut number = 2;
    while taken.contains(&free) {
        let suffix = number.to_string();
        free = format!("{}{suffix}", style.id_style.of(key, most - suffix.len()));
        number += 1;
    }
    taken.insert(free.clone());
    free
}

fn group(out: &mut String, plan: &Plan, style: &StylePack, index: usize, depth: usize) {
    let indent = "  ".repeat(depth);
    let this = &plan.groups[index];
    let _ = writeln!(out, "{indent}{}: {} {{", last(&this.key), value(&this.label));
    for inner in plan.live().filter(|&node| plan.nodes[node].group == Some(index)) {
        node(out, &plan.nodes[inner], style, depth + 1);
    }
    for inner in (0..plan.groups.len()).filter(|&other| plan.groups[other].parent == Some(index)) {
        group(out, plan, style, inner, depth + 1);
    }
    let _ = writeln!(out, "{indent}}}");
}

fn node(out: &mut String, node: &Node, style: &StylePack, depth: usize) {
    let indent = "  ".repeat(depth);
    let mut attributes = Vec::new();
    if node.component.shape != "rectangle" {
        attributes.push(format!("shape: {}", node.component.shape));
    }
    let kind = node.component.kind.info();
    match style.icon(node.component.id, kind.name) {
        Some(icon) => attributes.push(format!("icon: {icon}")),
        None if node.component.icon != kind.icon => attributes.push(format!("icon: {}", node.component.icon)),
        None => {}
    }
    if let Some(colour) = style.colour(kind.name) {
        attributes.push(format!("style.fill: \"{colour}\""));
    }
    if node.multiple {
        attributes.push("style.multiple: true".to_owned());
    }
    let _ = write!(out, "{indent}{}: {}", node.key, value(&node.label));
    if !attributes.is_empty() {
        out.push_str(" {\n");
        for attribute in attributes {
            let _ = writeln!(out, "{indent}  {attribute}");
        }
        let _ = write!(out, "{indent}}}");
    }
    out.push('\n');
}

/// The absolute key of an end.
fn path(plan: &Plan, end: End) -> String {
    let (mut group, mut path) = match end {
        End::Node(index) => (plan.nodes[index].group, plan.nodes[index].key.clone()),
        End::Group(index) => (plan.groups[index].parent, last(&plan.groups[index].key).to_owned()),
    };
    while let Some(index) = group {
        path = format!("{}.{path}", last(&plan.groups[index].key));
        group = plan.groups[index].parent;
    }
    path
}

/// A label as a D2 value: bare where D2 reads it as it stands, else in double quotes.
pub(crate) fn value(label: &str) -> String {
    let plain = |c: char| {
        c.is_alphanumeric()
            || matches!(c, ' ' | '.' | ',' | '/' | '&' | '+' | '(' | ')' | '-' | '_' | '?' | '!' | '%' | '×')
    };
    let starts = label.chars().next().is_some_and(|c| c.is_alphanumeric() && c.is_alphabetic());
    let keyword =
        matches!(label.to_ascii_lowercase().as_str(), "null" | "true" | "false" | "suspend" | "unsuspend");
    if starts && label.trim() == label && label.chars().all(plain) && !keyword {
        return label.to_owned();
    }
    let escaped =
        label.replace('\\', "\\\\").replace('"', "\\\"").replace('$', "\\$").replace(['\n', '\r'], " ");
    format!("\"{escaped}\"")
}
