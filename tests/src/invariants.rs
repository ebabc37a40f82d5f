//! What every drawing must hold, seen from outside: from the React Flow form.

use std::collections::BTreeMap;

use spandrel_export::react_flow::{Flow, Node, Spot};

/// An absolute rectangle.
#[derive(Clone, Copy, Debug)]
struct Rect {
    x: f64,
    y: f64,
    right: f64,
    bottom: f64,
}

/// Rounding of coordinates is no fault.
const SLACK: f64 = 0.6;

/// Panics where the form itself is broken: numbers that are not finite, parents after children, ends that
/// are not there.
pub fn flow_is_sound(flow: &Flow) {
    let mut seen = BTreeMap::new();
    for (index, node) in flow.nodes.iter().enumerate() {
        let numbers = [node.position.x, node.position.y, node.width, node.height];
        assert!(numbers.iter().all(|n| n.is_finite()), "{}: {numbers:?}", node.id);
        assert!(node.width >= 0.0 && node.height >= 0.0, "{}: {numbers:?}", node.id);
        assert!(
            node.parent_id.as_ref().is_none_or(|parent| seen.contains_key(parent)),
            "{} before its parent",
            node.id
        );
        assert!(seen.insert(node.id.clone(), index).is_none(), "{} twice", node.id);
    }
    for edge in &flow.edges {
        assert!(seen.contains_key(&edge.source) && seen.contains_key(&edge.target), "{} has no end", edge.id);
        for point in route(&edge.data.sections) {
            assert!(point.x.is_finite() && point.y.is_finite(), "{}: {point:?}", edge.id);
        }
    }
}

fn route(sections: &[spandrel_export::react_flow::Section]) -> Vec<Spot> {
    sections
        .iter()
        .flat_map(|s| std::iter::once(s.start).chain(s.bends.iter().copied()).chain([s.end]))
        .collect()
}

fn rects(flow: &Flow) -> BTreeMap<&str, Rect> {
    let mut rects: BTreeMap<&str, Rect> = BTreeMap::new();
    for node in &flow.nodes {
        let origin =
            node.parent_id.as_deref().and_then(|parent| rects.get(parent)).map_or((0.0, 0.0), |r| (r.x, r.y));
        let (x, y) = (origin.0 + node.position.x, origin.1 + node.position.y);
        rects.insert(&node.id, Rect { x, y, right: x + node.width, bottom: y + node.height });
    }
    rects
}

/// Everything that is wrong with a drawing, a sentence each: overlaps, children outside their container, edges
/// through foreign leaves, slanted segments.
pub fn faults(flow: &Flow) -> Vec<String> {
    flow_is_sound(flow);
    let rects = rects(flow);
    let parent: BTreeMap<&str, Option<&str>> =
        flow.nodes.iter().map(|n| (n.id.as_str(), n.parent_id.as_deref())).collect();
    let inside = |inner: &str, outer: &str| {
        std::iter::successors(Some(inner), |id| parent.get(id).copied().flatten()).any(|id| id == outer)
    };
    // Spans and notes stand on the lifeline below their actor, and groups are drawn around them.
    let on_lifeline = |node: &Node| matches!(node.data.shape, "span" | "note");
    let mut found = Vec::new();
    for (a_index, a) in flow.nodes.iter().enumerate() {
        let ra = rects[a.id.as_str()];
        if on_lifeline(a) {
            continue;
        }
        if let Some(container) = a.parent_id.as_deref() {
            let rp = rects[container];
            if ra.x < rp.x - SLACK
                || ra.y < rp.y - SLACK
                || ra.right > rp.right + SLACK
                || ra.bottom > rp.bottom + SLACK
            {
                found.push(format!("`{}` lies outside its container", a.id));
            }
        }
        for b in flow.nodes[a_index + 1..].iter().filter(|b| !on_lifeline(b)) {
            let rb = rects[b.id.as_str()];
            let apart = ra.right <= rb.x + SLACK
                || rb.right <= ra.x + SLACK
                || ra.bottom <= rb.y + SLACK
                || rb.bottom <= ra.y + SLACK;
            if !apart && !inside(&a.id, &b.id) && !inside(&b.id, &a.id) {
                found.push(format!("`{}` and `{}` overlap", a.id, b.id));
            }
        }
    }
    let containers: Vec<&str> = flow.nodes.iter().filter_map(|n| n.parent_id.as_deref()).collect();
    for edge in flow.edges.iter().filter(|edge| !edge.data.free && !edge.data.spline) {
        let points = route(&edge.data.sections);
        for pair in points.windows(2) {
            let (a, b) = (pair[0], pair[1]);
            if (a.x - b.x).abs() > SLACK && (a.y - b.y).abs() > SLACK {
                found.push(format!("`{}` has a slanted segment", edge.id));
            }
            for node in &flow.nodes {
                if containers.contains(&node.id.as_str())
                    || inside(&edge.source, &node.id)
                    || inside(&edge.target, &node.id)
                {
                    continue;
                }
                let r = rects[node.id.as_str()];
                let through = a.x.max(b.x) > r.x + SLACK
                    && a.x.min(b.x) < r.right - SLACK
                    && a.y.max(b.y) > r.y + SLACK
                    && a.y.min(b.y) < r.bottom - SLACK;
                if through {
                    found.push(format!("`{}` runs through `{}`", edge.id, node.id));
                }
            }
        }
    }
    found.sort();
    found.dedup();
    found
}

/// One line of figures on a drawing: nodes, edges, crossings, bends, length, size.
pub fn quality(flow: &Flow) -> String {
    let routes: Vec<Vec<Spot>> = flow.edges.iter().map(|edge| route(&edge.data.sections)).collect();
    let mut bends = 0;
    let mut length = 0.0;
    for points in &routes {
        bends += points.len().saturating_sub(2);
        length += points.windows(2).map(|p| (p[0].x - p[1].x).abs() + (p[0].y - p[1].y).abs()).sum::<f64>();
    }
    let mut crossings = 0;
    for (index, a) in routes.iter().enumerate() {
        for b in &routes[index + 1..] {
            for p in a.windows(2) {
                crossings += b.windows(2).filter(|q| cross(p, q)).count();
            }
        }
    }
    format!(
        "{} nodes, {} edges, {crossings} crossings, {bends} bends, length {length:.0}, {:.0} × {:.0}",
        flow.nodes.len(),
        flow.edges.len(),
        flow.bounds.width,
        flow.bounds.height
    )
}

fn cross(p: &[Spot], q: &[Spot]) -> bool {
    let side = |a: Spot, b: Spot, c: Spot| {
        let turn = (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
        if turn == 0.0 { 0.0 } else { turn.signum() }
    };
    side(p[0], p[1], q[0]) * side(p[0], p[1], q[1]) < 0.0
        && side(q[0], q[1], p[0]) * side(q[0], q[1], p[1]) < 0.0
}
