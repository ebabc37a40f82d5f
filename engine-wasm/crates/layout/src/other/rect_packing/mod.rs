//! `rectpacking`: boxes without edges in model order, in rows of stacks.

use spandrel_base::{Insets, LeanSort, Point, Rect, Size};

use super::shelves::{Packed, best_width};
use super::{FlatGraph, FlatLayout, FlatNode, clean_aspect, clean_distance};

/// What can be chosen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Options {
    /// Between boxes.
    pub spacing: f64,
    /// Between the border and the content.
    pub padding: Insets,
    /// Width over height to aim at.
    pub aspect_ratio: f64,
    /// Width to fill instead of aiming at an aspect ratio; content, without padding.
    pub target_width: Option<f64>,
    /// Whether boxes are placed from high to low instead of in model order.
    pub order_by_size: bool,
    /// Whether boxes grow until rows and stacks leave no white space.
    pub expand_nodes: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            spacing: 15.0,
            padding: Insets::all(15.0),
            aspect_ratio: 1.3,
            target_width: None,
            order_by_size: false,
            expand_nodes: false,
        }
    }
}

/// A column of boxes within a row.
struct Stack {
    x: f64,
    width: f64,
    height: f64,
    /// Range in the order of placing.
    first: usize,
    end: usize,
}

/// Packs the boxes so that model order can be read: rows from top to bottom, in a row stacks from left to
/// right, in a stack boxes from top to bottom (the region packing of Domrös, Lucas, von Hanxleden, Jansen
/// 2021, with one level of stacks and the width chosen by trying). Edges are left alone.
///
/// A box joins the stack before it while the stack stays within the height of its row. No two boxes come
/// nearer than the spacing. Cost: O(n) a width.
pub fn lay_out(graph: &FlatGraph, options: &Options) -> FlatLayout {
    let graph = graph.cleaned();
    let gap = clean_distance(options.spacing);
    let mut order: Vec<usize> = (0..graph.nodes.len()).collect();
    if options.order_by_size {
        order.lean_sort_by(|&a, &b| graph.nodes[b].size.height.total_cmp(&graph.nodes[a].size.height));
    }
    let boxes: Vec<&FlatNode> = order.iter().map(|&node| &graph.nodes[node]).collect();
    let sizes: Vec<Size> = boxes.iter().map(|node| node.size).collect();
    let aspect = clean_aspect(options.aspect_ratio, 1.3);
    let target = options.target_width.filter(|width| width.is_finite() && *width > 0.0);
    let width = target.unwrap_or_else(|| {
        best_width(&sizes, gap, aspect, |width| pack(&boxes, gap, width, false).0).size.width
    });
    let (packed, grown) = pack(&boxes, gap, width, options.expand_nodes);
    let mut nodes = vec![Rect::default(); graph.nodes.len()];
    for ((&node, &corner), &size) in order.iter().zip(&packed.corners).zip(&grown) {
        nodes[node] = Rect::at(corner, size);
    }
    let no_routes = vec![Vec::new(); graph.edges.len()];
    let labels = super::straight::labels(&graph, &no_routes);
    FlatLayout { nodes, routes: no_routes, labels, size: Size::default() }.framed().padded(options.padding)
}

/// One packing of a given width: corners in the order of placing, and the sizes, grown if `expand`.
fn pack(boxes: &[&FlatNode], gap: f64, width: f64, expand: bool) -> (Packed, Vec<Size>) {
    let mut packed = Packed::default();
    let mut sizes: Vec<Size> = boxes.iter().map(|node| node.size).collect();
    packed.corners.reserve(boxes.len());
    let mut y = 0.0;
    let mut next = 0;
    while next < boxes.len() {
        let (stacks, height) = fill_row(boxes, next, gap, width);
        next = stacks.last().map_or(next + 1, |stack| stack.end);
        let right = stacks.last().map_or(0.0, |stack| stack.x + stack.width);
        let wider = if expand { ((width - right) / stacks.len() as f64).max(0.0) } else { 0.0 };
        for (place, stack) in stacks.iter().enumerate() {
            let higher =
                if expand { (height - stack.height) / (stack.end - stack.first) as f64 } else { 0.0 };
            let x = stack.x + wider * place as f64;
            let mut top = y;
            for size in &mut sizes[stack.first..stack.end] {
                if expand {
                    *size = Size::new(stack.width + wider, size.height + higher);
                }
                packed.corners.push(Point::new(x, top));
                packed.size = packed.size.max(Size::new(x + size.width, top + size.height));
                top += size.height + gap;
            }
        }
        y += height + gap;
    }
    (packed, sizes)
}

/// The stacks of the row that begins with box `first`, and its height.
///
/// The height is that of the highest box that a row of single boxes would hold; stacks then use it, and
/// the boxes they make room for may bring in a higher one, which ends the row.
fn fill_row(boxes: &[&FlatNode], first: usize, gap: f64, width: f64) -> (Vec<Stack>, f64) {
    let mut height = boxes[first].size.height;
    let mut x = boxes[first].size.width + gap;
    for node in &boxes[first + 1..] {
        if node.hints.new_row || x + node.size.width > width + 1e-6 {
            break;
        }
        height = height.max(node.size.height);
        x += node.size.width + gap;
    }
    let mut stacks: Vec<Stack> = Vec::new();
    for (index, node) in boxes.iter().enumerate().skip(first) {
        let size = node.size;
        if (node.hints.new_row && index > first) || size.height > height {
            break;
        }
        if let Some(stack) = stacks.last_mut() {
            let fits = stack.height + gap + size.height <= height + 1e-6
                && stack.x + size.width.max(stack.width) <= width + 1e-6;
            if fits {
                stack.height += gap + size.height;
                stack.width = stack.width.max(size.width);
                stack.end = index + 1;
                continue;
            }
        }
        let x = stacks.last().map_or(0.0, |stack| stack.x + stack.width + gap);
        if x > 0.0 && x + size.width > width + 1e-6 {
            break;
        }
        stacks.push(Stack { x, width: size.width, height: size.height, first: index, end: index + 1 });
    }
    (stacks, height)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::other::testing::{any_graph, check_boxes};
    use proptest::prelude::*;

    fn boxes(sizes: &[(f64, f64)]) -> FlatGraph {
        FlatGraph { nodes: sizes.iter().map(|&(w, h)| FlatNode::sized(w, h)).collect(), edges: Vec::new() }
    }

    #[test]
    fn small_boxes_stack_beside_a_high_one() {
        let graph = boxes(&[(40.0, 55.0), (20.0, 20.0), (20.0, 20.0), (20.0, 20.0)]);
        let layout = lay_out(&graph, &Options { target_width: Some(200.0), ..Options::default() });
        let corners: Vec<(f64, f64)> = layout.nodes.iter().map(|rect| (rect.x, rect.y)).collect();
        assert_eq!(corners, [(15.0, 15.0), (70.0, 15.0), (70.0, 50.0), (105.0, 15.0)]);
    }

    #[test]
    fn a_box_can_ask_for_a_new_row() {
        let mut graph = boxes(&[(20.0, 20.0), (20.0, 20.0), (20.0, 20.0)]);
        graph.nodes[1].hints.new_row = true;
        let layout = lay_out(&graph, &Options { target_width: Some(500.0), ..Options::default() });
        assert_eq!((layout.nodes[0].y, layout.nodes[1].y, layout.nodes[2].y), (15.0, 50.0, 50.0));
    }

    proptest! {
        #[test]
        fn boxes_keep_their_distance(graph in any_graph(30), aspect in 0.2..5.0, expand: bool, order_by_size: bool) {
            let options = Options { aspect_ratio: aspect, expand_nodes: expand, order_by_size, ..Options::default() };
            let layout = lay_out(&graph, &options);
            check_boxes(&layout, options.spacing, options.padding);
            prop_assert_eq!(&layout, &lay_out(&graph, &options));
        }
    }
}
