//! Connected components: taken apart, laid out one by one, put side by side.

use spandrel_base::{Insets, Rect, Size};

use super::shelves::{Packed, best_width, rows};
use super::{FlatEdge, FlatGraph, FlatLayout};

/// A connected component as a graph of its own.
pub(super) struct Part {
    pub(super) graph: FlatGraph,
    /// By node of the component: its index in the whole graph.
    pub(super) nodes: Vec<usize>,
    /// By edge of the component: its index in the whole graph.
    pub(super) edges: Vec<usize>,
}

/// The connected components, in the order of their first nodes; nodes and edges keep model order. Edges
/// that name a node that does not exist belong to none. O(V + E), with an explicit queue.
pub(super) fn split(graph: &FlatGraph) -> Vec<Part> {
    let neighbours = graph.neighbours();
    let unseen = usize::MAX;
    let mut part_of = vec![unseen; graph.nodes.len()];
    let mut count = 0;
    for start in 0..graph.nodes.len() {
        if part_of[start] != unseen {
            continue;
        }
        part_of[start] = count;
        let mut open = vec![start];
        while let Some(node) = open.pop() {
            for &other in &neighbours[node] {
                if part_of[other] == unseen {
                    part_of[other] = count;
                    open.push(other);
                }
            }
        }
        count += 1;
    }
    let mut parts: Vec<Part> = (0..count)
        .map(|_| Part { graph: FlatGraph::default(), nodes: Vec::new(), edges: Vec::new() })
        .collect();
    let mut place = vec![0; graph.nodes.len()];
    for (index, node) in graph.nodes.iter().enumerate() {
        let part = &mut parts[part_of[index]];
        place[index] = part.nodes.len();
        part.nodes.push(index);
        part.graph.nodes.push(node.clone());
    }
    for (index, edge) in graph.edges.iter().enumerate().filter(|(_, edge)| graph.is_whole(edge)) {
        let part = &mut parts[part_of[edge.source]];
        part.edges.push(index);
        let (source, target) = (place[edge.source], place[edge.target]);
        part.graph.edges.push(FlatEdge { source, target, ..edge.clone() });
    }
    parts
}

/// Lays out every component with `lay_out`, whose layouts are framed, puts them in rows `gap` apart in the
/// shape of `aspect`, and the padding around the whole.
pub(super) fn by_component(
    graph: &FlatGraph,
    gap: f64,
    aspect: f64,
    padding: Insets,
    lay_out: impl Fn(&FlatGraph) -> FlatLayout,
) -> FlatLayout {
    let parts = split(graph);
    let layouts: Vec<FlatLayout> = parts.iter().map(|part| lay_out(&part.graph)).collect();
    let sizes: Vec<Size> = layouts.iter().map(|layout| layout.size).collect();
    let packed = if sizes.len() == 1 {
        rows(&sizes, gap, 0.0)
    } else {
        best_width(&sizes, gap, aspect, |width| rows(&sizes, gap, width))
    };
    join(graph, parts, layouts, &packed).padded(padding)
}

fn join(graph: &FlatGraph, parts: Vec<Part>, layouts: Vec<FlatLayout>, packed: &Packed) -> FlatLayout {
    let mut whole = FlatLayout {
        nodes: vec![Rect::default(); graph.nodes.len()],
        routes: vec![Vec::new(); graph.edges.len()],
        labels: vec![Vec::new(); graph.edges.len()],
        size: packed.size,
    };
    for ((part, layout), corner) in parts.into_iter().zip(layouts).zip(&packed.corners) {
        let (dx, dy) = (corner.x, corner.y);
        for (&index, rect) in part.nodes.iter().zip(layout.nodes) {
            whole.nodes[index] = rect.offset(dx, dy);
        }
        for ((&index, route), labels) in part.edges.iter().zip(layout.routes).zip(layout.labels) {
            whole.routes[index] = route.into_iter().map(|point| point.offset(dx, dy)).collect();
            whole.labels[index] = labels.into_iter().map(|rect| rect.offset(dx, dy)).collect();
        }
    }
    whole
}
