//! Holding still: a drawing that was there, an edit, and as little movement as it takes.
//!
//! What was not touched keeps its place to the pixel. New nodes find room near their neighbours;
//! containers grow to the right and downwards, and whoever is in the way moves aside, pinned nodes never.
//! Routes whose ends stand still and whose way is free are kept as they are; the others are routed anew
//! around everything else. A layout afresh is another call.

mod places;
mod push;

use spandrel_base::{Budget, Point, Rect};

use crate::model::{Graph, Placed, PlacedLine};
use crate::router::Router;
use crate::units::lay_out_fresh;

/// What is known of an earlier drawing, by nodes and edges of the graph at hand.
#[derive(Clone, Debug, Default)]
pub struct Previous {
    /// Absolute rectangles, `None` for nodes that are new or have another container now.
    pub nodes: Vec<Option<Rect>>,
    /// Routes, `None` for edges that are new.
    pub edges: Vec<Option<PreviousLine>>,
    /// By node, its ports relative to its corner; empty where ports are where the graph says.
    pub ports: Vec<Vec<Rect>>,
}

/// What is known of an earlier route.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PreviousLine {
    /// As it was drawn.
    pub points: Vec<Point>,
    /// By label of the edge.
    pub labels: Vec<Option<Rect>>,
}

/// Lays out a graph so that it differs as little as possible from `previous`.
///
/// Ensures: pinned nodes stand where their pins say; the rest of the drawing is valid; where nothing has
/// changed the drawing is the previous one.
pub fn lay_out_held(graph: &Graph, previous: &Previous, budget: &Budget<'_>) -> Placed {
    let kept = previous.nodes.iter().skip(1).filter(|n| n.is_some()).count();
    let pinned = graph.nodes.iter().any(|n| n.pin.is_some());
    // Where hardly anything is left of the old drawing, a new one is the better answer.
    if kept == 0 || 4 * kept < graph.nodes.len().saturating_sub(1) {
        let fresh = lay_out_fresh(graph, budget);
        return if pinned { lay_out_held(graph, &Previous::of(&fresh), budget) } else { fresh };
    }
    let rects = places::places(graph, previous, budget);
    let mut placed = Placed { ports: ports(graph, &previous.ports, &rects), ..Placed::default() };
    route_changed(graph, previous, &rects, &mut placed, budget);
    placed.nodes = rects;
    placed
}

/// Routes all edges anew between nodes that stay where they are.
pub fn route_only(graph: &Graph, rects: &[Rect], budget: &Budget<'_>) -> Placed {
    let mut placed = Placed { ports: ports(graph, &[], rects), nodes: rects.to_vec(), edges: Vec::new() };
    let nothing = Previous {
        nodes: rects.iter().copied().map(Some).collect(),
        edges: vec![None; graph.edges.len()],
        ports: Vec::new(),
    };
    route_changed(graph, &nothing, rects, &mut placed, budget);
    placed
}

impl Previous {
    /// A drawing of the same graph as the previous one.
    pub fn of(placed: &Placed) -> Self {
        let line = |l: &PlacedLine| {
            (l.points.len() > 1).then(|| PreviousLine {
                points: l.points.clone(),
                labels: l.labels.iter().copied().map(Some).collect(),
            })
        };
        Self {
            nodes: placed.nodes.iter().copied().map(Some).collect(),
            edges: placed.edges.iter().map(line).collect(),
            ports: placed
                .ports
                .iter()
                .zip(&placed.nodes)
                .map(|(ports, node)| ports.iter().map(|p| p.offset(-node.x, -node.y)).collect())
                .collect(),
        }
    }
}

/// Ports stand at their nodes where they stood, new ones where they are given.
fn ports(graph: &Graph, before: &[Vec<Rect>], rects: &[Rect]) -> Vec<Vec<Rect>> {
    graph
        .nodes
        .iter()
        .zip(rects)
        .enumerate()
        .map(|(index, (node, rect))| {
            let known = before.get(index).filter(|known| known.len() == node.ports.len());
            let place = |port: usize| {
                let p = &node.ports[port];
                known.map_or(Rect::at(p.position, p.size), |known| known[port]).offset(rect.x, rect.y)
            };
            (0..node.ports.len()).map(place).collect()
        })
        .collect()
}

/// Keeps what routes it can and routes the rest.
fn route_changed(
    graph: &Graph,
    previous: &Previous,
    rects: &[Rect],
    placed: &mut Placed,
    budget: &Budget<'_>,
) {
    let ports = placed.ports.clone();
    let mut router = Router::new(graph, rects, &ports);
    // Nodes that stand elsewhere than before, or are new: only they can be in the way of an old route.
    let changed: Vec<usize> = (1..rects.len()).filter(|&n| previous.nodes[n] != Some(rects[n])).collect();
    let mut lines: Vec<Option<PlacedLine>> = Vec::with_capacity(graph.edges.len());
    for (index, edge) in graph.edges.iter().enumerate() {
        let kept = previous.edges.get(index).and_then(Option::as_ref).and_then(|line| {
            let shift = shift_of(previous, rects, edge.src.node)?;
            if shift_of(previous, rects, edge.dst.node)? != shift || line.points.len() < 2 {
                return None;
            }
            let points: Vec<Point> = line.points.iter().map(|p| p.offset(shift.x, shift.y)).collect();
            if shift == Point::default() && changed.is_empty()
                || is_free(graph, rects, &changed, edge.src.node, edge.dst.node, &points, shift)
            {
                let labels = labels_of(edge.labels.len(), line, shift);
                return Some(PlacedLine { points, labels });
            }
            None
        });
        if let Some(line) = &kept {
            router.add_line(&line.points);
            for label in &line.labels {
                router.add_box(*label);
            }
        }
        lines.push(kept);
    }
    for (index, line) in lines.into_iter().enumerate() {
        let line = match line {
            Some(mut line) => {
                // A label that came with the edit, or has another size now.
                let sizes = graph.edges[index].labels.iter().map(|label| label.size);
                let mut open: Vec<Option<Rect>> = line
                    .labels
                    .iter()
                    .zip(sizes)
                    .map(|(rect, size)| (rect.size() == size).then_some(*rect))
                    .collect();
                let is_new = open.iter().any(Option::is_none);
                let covered = router.place_labels(index, &line.points, &mut open);
                line.labels = open.into_iter().map(Option::unwrap_or_default).collect();
                if is_new && covered.nodes > 0 { router.draw(index, budget) } else { line }
            }
            None => router.draw(index, budget),
        };
        placed.edges.push(line);
    }
}

/// How far a node has moved, where its size is what it was.
fn shift_of(previous: &Previous, rects: &[Rect], node: usize) -> Option<Point> {
    let (before, now) = ((*previous.nodes.get(node)?)?, rects[node]);
    (before.size() == now.size()).then(|| Point::new(now.x - before.x, now.y - before.y))
}

fn labels_of(count: usize, line: &crate::hold::PreviousLine, shift: Point) -> Vec<Rect> {
    (0..count)
        .map(|l| {
            line.labels.get(l).copied().flatten().map_or(Rect::default(), |r| r.offset(shift.x, shift.y))
        })
        .collect()
}

/// Whether no node that changed lies in the way. A route that moved along may meet anybody.
fn is_free(
    graph: &Graph,
    rects: &[Rect],
    changed: &[usize],
    src: usize,
    dst: usize,
    points: &[Point],
    shift: Point,
) -> bool {
    let all: Vec<usize>;
    let suspects = if shift == Point::default() {
        changed
    } else {
        all = (1..rects.len()).collect();
        &all
    };
    suspects.iter().all(|&node| {
        let holds = |end: usize| end == node || graph.ancestors(end).any(|a| a == node);
        if holds(src) || holds(dst) {
            return true;
        }
        let rect = rects[node].inflate(1.0);
        points.windows(2).all(|p| {
            let way = Rect::new(
                p[0].x.min(p[1].x),
                p[0].y.min(p[1].y),
                (p[0].x - p[1].x).abs(),
                (p[0].y - p[1].y).abs(),
            );
            !rect.overlaps(way.inflate(0.01))
        })
    })
}
