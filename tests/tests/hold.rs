//! Holding still, on real diagrams: an edit of one leaf moves next to nothing, and pins nothing.

use std::collections::BTreeMap;

use spandrel_engine::Engine;
use spandrel_engine::wire::{Op, Options};
use spandrel_export::react_flow::{Flow, Node};
use spandrel_tests::inputs::real_diagrams;

/// A node has moved when it is further off than this, relative to its container.
const PIXEL: f64 = 1.0;
/// Share of the nodes that may move.
const SHARE: f64 = 0.05;

/// Draws `after` close to the drawing of `before`; gives both.
fn redraw(engine: &Engine<'_>, before: &str, after: &str) -> (Flow, Flow) {
    let first = engine.diagram(before, &Options::default());
    let previous = Some(engine.drawing(before, &Options::default()));
    let again = engine.diagram(after, &Options { previous, ..Options::default() });
    (first.flow, again.flow)
}

/// Nodes that are in both drawings and whose containers all kept their size: how many, and which moved.
fn movement<'a>(before: &'a Flow, after: &'a Flow) -> (usize, Vec<&'a str>) {
    let old: BTreeMap<&str, &Node> = before.nodes.iter().map(|n| (n.id.as_str(), n)).collect();
    let new: BTreeMap<&str, &Node> = after.nodes.iter().map(|n| (n.id.as_str(), n)).collect();
    let same_size = |id: &str| {
        old.get(id)
            .zip(new.get(id))
            .is_some_and(|(a, b)| (a.width - b.width).abs() <= PIXEL && (a.height - b.height).abs() <= PIXEL)
    };
    // Where a container at the top level grew, so must the board, and what stood beside it gives way.
    let board_grew = before
        .nodes
        .iter()
        .any(|n| n.parent_id.is_none() && new.contains_key(n.id.as_str()) && !same_size(&n.id));
    let (mut count, mut moved) = (0, Vec::new());
    for node in &after.nodes {
        let Some(was) = old.get(node.id.as_str()) else { continue };
        let mut above = node.parent_id.as_deref();
        let mut kept = above.is_some() || !board_grew;
        while let Some(id) = above {
            kept &= same_size(id);
            above = new.get(id).and_then(|n| n.parent_id.as_deref());
        }
        if !kept {
            continue;
        }
        count += 1;
        let (dx, dy) = (node.position.x - was.position.x, node.position.y - was.position.y);
        if dx.abs() > PIXEL || dy.abs() > PIXEL {
            moved.push(node.id.as_str());
        }
    }
    (count, moved)
}

/// Diagrams in which objects stand where they do by their kind: sequences and grids.
fn is_plain(source: &str) -> bool {
    !source.contains("sequence_diagram") && !source.contains("grid-")
}

fn faults(name: &str, what: &str, before: &Flow, after: &Flow, found: &mut Vec<String>) {
    let (count, moved) = movement(before, after);
    if moved.len() as f64 > (SHARE * count as f64).max(1.0) {
        found.push(format!("{name}, {what}: {} of {count} moved: {moved:?}", moved.len()));
    }
    for node in after.nodes.iter().filter(|n| n.data.pinned) {
        if !before.nodes.iter().any(|old| old.id == node.id && old.data.pinned) {
            found.push(format!("{name}, {what}: {} was pinned", node.id));
        }
    }
}

/// Containers and leaves of a drawing, by id.
fn kinds(flow: &Flow) -> (Vec<String>, Vec<String>) {
    let holds = |id: &str| flow.nodes.iter().any(|n| n.parent_id.as_deref() == Some(id));
    let (containers, leaves) = flow.nodes.iter().map(|n| n.id.clone()).partition(|id| holds(id));
    (containers, leaves)
}

#[test]
fn a_new_leaf_moves_next_to_nothing() {
    let engine = Engine::native();
    let mut found = Vec::new();
    let mut cases = 0;
    for (name, source) in real_diagrams().into_iter().filter(|(_, source)| is_plain(source)) {
        let (containers, leaves) = kinds(&engine.diagram(&source, &Options::default()).flow);
        let mut keys = vec!["newcomer".to_owned()];
        keys.extend(containers.iter().take(3).map(|c| format!("{c}.newcomer")));
        keys.extend(leaves.iter().step_by(5).take(3).map(|l| format!("{l} -> newcomer")));
        for key in keys {
            let after = format!("{source}\n{key}\n");
            let (before, after) = redraw(&engine, &source, &after);
            cases += 1;
            faults(&name, &key, &before, &after, &mut found);
        }
    }
    assert!(cases > 100, "{cases} cases");
    assert!(found.is_empty(), "{} of {cases}:\n{}", found.len(), found.join("\n"));
}

#[test]
fn a_leaf_that_goes_moves_next_to_nothing() {
    let engine = Engine::native();
    let mut found = Vec::new();
    let mut cases = 0;
    for (name, source) in real_diagrams().into_iter().filter(|(_, source)| is_plain(source)) {
        let (_, leaves) = kinds(&engine.diagram(&source, &Options::default()).flow);
        for leaf in leaves.iter().step_by(4).take(4) {
            let op = Op::Delete { board: None, key: leaf.clone(), with_children: false };
            let edited = engine.edit(&source, &op, &Options::default());
            let (before, after) = redraw(&engine, &source, &edited.source);
            assert!(before.nodes.len() > after.nodes.len(), "{name}: {leaf} is gone");
            cases += 1;
            faults(&name, leaf, &before, &after, &mut found);
        }
    }
    assert!(cases > 80, "{cases} cases");
    assert!(found.is_empty(), "{} of {cases}:\n{}", found.len(), found.join("\n"));
}
