//! `box`: boxes without edges, packed to the shape of the screen.

use std::cmp::Ordering;

use spandrel_base::{Insets, LeanSort, Rect, Size};

use super::shelves::{best_width, rows, skyline};
use super::{FlatGraph, FlatLayout, FlatNode, clean_aspect, clean_distance};

/// How boxes are put together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PackingMode {
    /// In rows: higher priority first, then smaller area first.
    #[default]
    Simple,
    /// Each in the highest free place, large ones first: the least area.
    GroupDec,
    /// The same, the order given kept among boxes of similar height.
    GroupMixed,
    /// The same, small ones first.
    GroupInc,
}

/// What can be chosen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Options {
    /// How boxes are put together.
    pub mode: PackingMode,
    /// Between boxes.
    pub spacing: f64,
    /// Between the border and the content.
    pub padding: Insets,
    /// Width over height to aim at.
    pub aspect_ratio: f64,
    /// Whether boxes of `Simple` are made as high as their row and stretched to the right border.
    pub expand_nodes: bool,
    /// Whether boxes of equal priority are ordered by their positions instead of their areas.
    pub interactive: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            mode: PackingMode::Simple,
            spacing: 15.0,
            padding: Insets::all(15.0),
            aspect_ratio: 1.3,
            expand_nodes: false,
            interactive: false,
        }
    }
}

/// Packs the boxes; edges are left alone.
///
/// Several widths are tried and the one kept whose smallest screen of the wanted aspect ratio is least.
/// No two boxes come nearer than the spacing. Cost: O(n log n) in rows, O(n · √n) typically in groups.
pub fn lay_out(graph: &FlatGraph, options: &Options) -> FlatLayout {
    let graph = graph.cleaned();
    let gap = clean_distance(options.spacing);
    let order = order(&graph.nodes, options);
    let sizes: Vec<Size> = order.iter().map(|&node| graph.nodes[node].size).collect();
    let simple = options.mode == PackingMode::Simple;
    let packed = best_width(&sizes, gap, clean_aspect(options.aspect_ratio, 1.3), |width| {
        if simple { rows(&sizes, gap, width) } else { skyline(&sizes, gap, width) }
    });
    let mut placed: Vec<Rect> =
        packed.corners.iter().zip(&sizes).map(|(&corner, &size)| Rect::at(corner, size)).collect();
    if options.expand_nodes && simple {
        expand(&mut placed, packed.size.width);
    }
    let mut nodes = vec![Rect::default(); graph.nodes.len()];
    for (&node, &rect) in order.iter().zip(&placed) {
        nodes[node] = rect;
    }
    let layout = FlatLayout {
        nodes,
        routes: vec![Vec::new(); graph.edges.len()],
        labels: super::straight::labels(&graph, &vec![Vec::new(); graph.edges.len()]),
        size: Size::default(),
    };
    layout.framed().padded(options.padding)
}

/// In which order boxes are placed. Ties keep model order: the sort is stable.
fn order(nodes: &[FlatNode], options: &Options) -> Vec<usize> {
    let area = |node: &FlatNode| node.size.width * node.size.height;
    let mut order: Vec<usize> = (0..nodes.len()).collect();
    order.lean_sort_by(|&a, &b| {
        let (a, b) = (&nodes[a], &nodes[b]);
        b.hints.priority.cmp(&a.hints.priority).then_with(|| match options.mode {
            _ if options.interactive => reading_order(a, b),
            PackingMode::Simple | PackingMode::GroupInc => area(a).total_cmp(&area(b)),
            PackingMode::GroupDec => area(b).total_cmp(&area(a)),
            // Classes of height a factor of two apart, high ones first; model order within a class.
            PackingMode::GroupMixed => height_class(b).cmp(&height_class(a)),
        })
    });
    order
}

/// From top to bottom, then from left to right; boxes without a position last.
fn reading_order(a: &FlatNode, b: &FlatNode) -> Ordering {
    let key = |node: &FlatNode| node.position.map_or((f64::INFINITY, 0.0), |point| (point.y, point.x));
    let (a, b) = (key(a), key(b));
    a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1))
}

/// The power of two below the height.
fn height_class(node: &FlatNode) -> u32 {
    (node.size.height as u32).checked_ilog2().map_or(0, |power| power + 1)
}

/// Makes boxes as high as the highest of their row, and spreads the width left over among them.
fn expand(placed: &mut [Rect], width: f64) {
    let mut first = 0;
    while first < placed.len() {
        let y = placed[first].y;
        let count = placed[first..].iter().take_while(|rect| rect.y == y).count();
        let row = &mut placed[first..first + count];
        let height = row.iter().fold(0.0_f64, |most, rect| most.max(rect.height));
        let right = row.last().map_or(0.0, |rect| rect.right());
        let share = ((width - right) / count as f64).max(0.0);
        for (place, rect) in row.iter_mut().enumerate() {
            (rect.x, rect.width, rect.height) = (rect.x + share * place as f64, rect.width + share, height);
        }
        first += count;
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::other::testing::{any_graph, check_boxes};
    use proptest::prelude::*;

    #[test]
    fn rows_go_from_small_to_large_with_priority_first() {
        let mut nodes = vec![FlatNode::sized(40.0, 10.0), FlatNode::sized(10.0, 10.0)];
        let mut first = FlatNode::sized(90.0, 10.0);
        first.hints.priority = 1;
        nodes.push(first);
        let layout = lay_out(
            &FlatGraph { nodes, edges: Vec::new() },
            &Options { aspect_ratio: 100.0, ..Options::default() },
        );
        let x: Vec<f64> = layout.nodes.iter().map(|rect| rect.x).collect();
        assert_eq!(x, [145.0, 120.0, 15.0]);
        assert_eq!(layout.size, Size::new(200.0, 40.0));
    }

    #[test]
    fn expanded_boxes_fill_the_frame() {
        let graph = FlatGraph { nodes: vec![FlatNode::sized(30.0, 20.0); 5], edges: Vec::new() };
        let layout = lay_out(&graph, &Options { expand_nodes: true, ..Options::default() });
        let right = layout.size.width - 15.0;
        let rows: BTreeSet<u64> = layout.nodes.iter().map(|rect| rect.y.to_bits()).collect();
        assert!(rows.len() > 1);
        let at_right = layout.nodes.iter().filter(|rect| (rect.right() - right).abs() < 1e-9).count();
        assert_eq!(at_right, rows.len(), "one box of each row reaches the right border");
        check_boxes(&layout, 15.0, Insets::all(15.0));
    }

    proptest! {
        #[test]
        fn boxes_keep_their_distance(graph in any_graph(30), mode in 0..4_usize, aspect in 0.2..5.0) {
            let mode = [PackingMode::Simple, PackingMode::GroupDec, PackingMode::GroupMixed, PackingMode::GroupInc][mode];
            let options = Options { mode, aspect_ratio: aspect, ..Options::default() };
            let layout = lay_out(&graph, &options);
            check_boxes(&layout, options.spacing, options.padding);
            prop_assert_eq!(&layout, &lay_out(&graph, &options));
        }
    }
}
