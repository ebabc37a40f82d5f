//! `sporeOverlap` and `sporeCompaction`: a drawing taken apart where it overlaps, or pulled together.

mod grow;
mod proximity;

use spandrel_base::{Budget, Insets, LeanSort, Point, Rect, Size};

use super::{FlatGraph, FlatLayout, clean_distance, straight};

/// What can be chosen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Options {
    /// Between nodes.
    pub spacing: f64,
    /// Between the border and the content.
    pub padding: Insets,
    /// Most times a tree is grown before nodes are simply pushed apart.
    pub max_iterations: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { spacing: 8.0, padding: Insets::all(8.0), max_iterations: 64 }
    }
}

/// Moves nodes apart until no two are nearer than the spacing, keeping their relative places; nodes
/// without a position begin at 0,0. Edges become straight lines.
///
/// Nodes that are apart already, all of them, keep their distances to the pixel. Spends one step of the
/// budget a node and iteration; when it runs out, the rest is done by the cheap last resort.
pub fn remove_overlaps(graph: &FlatGraph, options: &Options, budget: &Budget<'_>) -> FlatLayout {
    let graph = graph.cleaned();
    let mut boxes = positions(&graph);
    separate(&mut boxes, clean_distance(options.spacing), options.max_iterations, budget);
    finish(&graph, boxes, options.padding)
}

/// Pulls nodes together until neighbours are the spacing apart, keeping their relative places, then removes
/// the overlaps that has made.
pub fn compact(graph: &FlatGraph, options: &Options, budget: &Budget<'_>) -> FlatLayout {
    let graph = graph.cleaned();
    let mut boxes = positions(&graph);
    let gap = clean_distance(options.spacing);
    proximity::spread_coincident(&mut boxes);
    grow::along_tree(&mut boxes, gap, &[], grow::Aim::Touch);
    separate(&mut boxes, gap, options.max_iterations, budget);
    finish(&graph, boxes, options.padding)
}

/// Removes overlaps among boxes, in place: for the other algorithms, whose last step it is.
///
/// The growing tree of Nachmanson, Nocaj, Bereg, Zhang and Holroyd ("Node overlap removal by growing a
/// tree", 2017): a minimum spanning tree of a proximity graph, in which the worst overlaps are the cheapest
/// edges, is walked from its root, and each edge that overlaps is made just long enough. Repeated with the
/// overlaps that are left. Differs: the proximity graph is not a triangulation (see `proximity.rs`).
pub(super) fn separate(boxes: &mut [Rect], gap: f64, max_iterations: usize, budget: &Budget<'_>) {
    let mut overlapping = proximity::overlaps(boxes, gap);
    if overlapping.is_empty() {
        return;
    }
    proximity::spread_coincident(boxes);
    for _ in 0..max_iterations {
        if budget.spend(boxes.len() as u64).is_err() {
            break;
        }
        grow::along_tree(boxes, gap, &overlapping, grow::Aim::Apart);
        overlapping = proximity::overlaps(boxes, gap);
        if overlapping.is_empty() {
            return;
        }
    }
    push_right(boxes, gap);
}

/// The last resort: from left to right, each box as far to the right as those before it ask for.
fn push_right(boxes: &mut [Rect], gap: f64) {
    let mut order: Vec<usize> = (0..boxes.len()).collect();
    order.lean_sort_by(|&a, &b| boxes[a].center().x.total_cmp(&boxes[b].center().x).then(a.cmp(&b)));
    for place in 0..order.len() {
        let mut own = boxes[order[place]];
        for &before in &order[..place] {
            let other = boxes[before];
            let beside = own.y < other.bottom() + gap && other.y < own.bottom() + gap;
            if beside {
                own.x = own.x.max(other.right() + gap);
            }
        }
        boxes[order[place]] = own;
    }
}

fn positions(graph: &FlatGraph) -> Vec<Rect> {
    graph.nodes.iter().map(|node| Rect::at(node.position.unwrap_or_default(), node.size)).collect()
}

fn finish(graph: &FlatGraph, nodes: Vec<Rect>, padding: Insets) -> FlatLayout {
    let routes = straight::routes(graph, &nodes);
    let labels = straight::labels(graph, &routes);
    // Lines may reach out of the nodes' bounds; the nodes decide where the content begins.
    FlatLayout { nodes, routes, labels, size: Size::default() }.framed().padded(padding)
}

/// How far the centres of two boxes must be apart, horizontally or vertically, to keep the gap.
fn needed(a: Rect, b: Rect, gap: f64) -> Point {
    Point::new(f64::midpoint(a.width, b.width) + gap, f64::midpoint(a.height, b.height) + gap)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::other::testing::{any_graph, check_boxes};
    use crate::other::{FlatEdge, FlatNode};
    use proptest::prelude::*;

    fn at(places: &[(f64, f64)]) -> FlatGraph {
        let node = |&(x, y): &(f64, f64)| FlatNode {
            position: Some(Point::new(x, y)),
            ..FlatNode::sized(10.0, 10.0)
        };
        FlatGraph { nodes: places.iter().map(node).collect(), edges: Vec::new() }
    }

    fn corners(layout: &FlatLayout) -> Vec<(f64, f64)> {
        layout.nodes.iter().map(|rect| (rect.x, rect.y)).collect()
    }

    #[test]
    fn two_nodes_move_apart_along_the_line_of_their_centres() {
        let options = Options { spacing: 13.0, padding: Insets::all(3.0), ..Options::default() };
        let layout = remove_overlaps(&at(&[(20.0, 20.0), (25.0, 25.0)]), &options, &Budget::default());
        assert_eq!(corners(&layout), [(3.0, 3.0), (26.0, 26.0)]);
    }

    #[test]
    fn two_nodes_move_together_along_the_line_of_their_centres() {
        let mut graph = at(&[(20.0, 20.0), (50.0, 50.0)]);
        graph.edges.push(FlatEdge::between(0, 1));
        let options = Options { spacing: 14.0, padding: Insets::all(2.0), ..Options::default() };
        let layout = compact(&graph, &options, &Budget::default());
        assert_eq!(corners(&layout), [(2.0, 2.0), (26.0, 26.0)]);
        assert_eq!(layout.routes[0], [Point::new(12.0, 12.0), Point::new(26.0, 26.0)]);
    }

    #[test]
    fn a_drawing_without_overlaps_stays() {
        let places = [(0.0, 0.0), (100.0, 3.0), (7.0, 90.0)];
        let options = Options { padding: Insets::default(), ..Options::default() };
        assert_eq!(corners(&remove_overlaps(&at(&places), &options, &Budget::default())), places);
    }

    #[test]
    fn nodes_on_one_spot_become_a_block() {
        let layout = remove_overlaps(&at(&[(0.0, 0.0); 49]), &Options::default(), &Budget::default());
        check_boxes(&layout, 8.0, Insets::all(8.0));
        let Size { width, height } = layout.size;
        assert!(width / height < 2.0 && height / width < 2.0, "{width} x {height}");
    }

    proptest! {
        #[test]
        fn no_two_nodes_overlap(graph in any_graph(40), gap in 0.0..30.0) {
            let options = Options { spacing: gap, ..Options::default() };
            for run in [remove_overlaps, compact] {
                let layout = run(&graph, &options, &Budget::default());
                check_boxes(&layout, gap, options.padding);
                prop_assert_eq!(&layout, &run(&graph, &options, &Budget::default()));
            }
        }
    }
}
