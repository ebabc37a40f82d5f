//! `stress`: distances on the plane as in the graph.

mod majorize;
#[cfg(test)]
mod tests;

use spandrel_base::{Budget, Insets, Point, Rect, Size};

use super::components::by_component;
use super::distances::{Paths, pivot_mds};
use super::{FlatGraph, FlatLayout, clean_distance, spore, straight};
use crate::random::Random;

/// Along which axes nodes may move.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dimension {
    /// Both.
    #[default]
    Both,
    /// Horizontally.
    X,
    /// Vertically.
    Y,
}

/// What can be chosen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Options {
    /// How long edges should be that do not say it themselves, from centre to centre.
    pub edge_length: f64,
    /// Between nodes that would overlap, and between components.
    pub spacing: f64,
    /// Between the border and the content.
    pub padding: Insets,
    /// Ends when an iteration lowers the stress by less than this share.
    pub epsilon: f64,
    /// Ends after so many iterations; `None` leaves it to `epsilon`, with a bound far above what it takes.
    pub iteration_limit: Option<usize>,
    /// Along which axes nodes may move.
    pub dimension: Dimension,
    /// Whether to start from the positions given instead of from scratch.
    pub interactive: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            edge_length: 100.0,
            spacing: 10.0,
            padding: Insets::all(50.0),
            epsilon: 0.001,
            iteration_limit: None,
            dimension: Dimension::Both,
            interactive: false,
        }
    }
}

/// Width over height in which components are packed.
const ASPECT: f64 = 1.6;

/// Draws every connected component so that the distance of any two nodes resembles that of the shortest
/// path between them, then removes overlaps; edges are straight lines.
///
/// Stress majorization (Gansner, Koren, North 2005) from a pivot MDS drawing. An edge is asked to be at
/// least as long as its nodes are wide on average, so that large boxes do not begin on top of one another.
/// With pinned nodes, or movement along one axis, the graph is drawn as a whole from the positions given,
/// nothing is shifted, and overlaps remain where they are. Spends a step of the budget a term; what is
/// reached when it runs out is taken.
pub fn lay_out(graph: &FlatGraph, options: &Options, budget: &Budget<'_>) -> FlatLayout {
    let graph = graph.cleaned();
    let gap = clean_distance(options.spacing);
    let held = options.dimension != Dimension::Both || graph.nodes.iter().any(|node| node.hints.pinned);
    if held {
        let layout = component(&graph, options, budget, true);
        let bounds = layout.bounds().unwrap_or_default();
        let size = Size::new(
            bounds.right().max(0.0) + options.padding.right.max(0.0),
            bounds.bottom().max(0.0) + options.padding.bottom.max(0.0),
        );
        return FlatLayout { size, ..layout };
    }
    by_component(&graph, gap.max(20.0), ASPECT, options.padding, |part| {
        component(part, options, budget, false).framed()
    })
}

fn component(graph: &FlatGraph, options: &Options, budget: &Budget<'_>, held: bool) -> FlatLayout {
    let n = graph.nodes.len();
    let gap = clean_distance(options.spacing);
    let wanted = clean_distance(options.edge_length).max(1.0);
    let paths = Paths::of(graph, |index| {
        let edge = &graph.edges[index];
        let extent = |node: usize| graph.nodes[node].size.width + graph.nodes[node].size.height;
        let room = (extent(edge.source) + extent(edge.target)) / 4.0 + gap;
        edge.length.unwrap_or(wanted.max(room))
    });
    let terms = majorize::Terms::of(&paths, wanted);
    let mut centres = pivot_mds(&terms.pivots, n, wanted / 20.0, &mut Random::new(1));
    if held || options.interactive {
        start_from_given(graph, &mut centres);
    }
    let free: Vec<bool> = graph.nodes.iter().map(|node| !node.hints.pinned).collect();
    majorize::run(&terms, &mut centres, &free, options, budget);
    let mut nodes: Vec<Rect> =
        graph.nodes.iter().zip(&centres).map(|(node, at)| around(*at, node.size)).collect();
    if !held {
        spore::separate(&mut nodes, gap, 64, budget);
    }
    let routes = straight::routes(graph, &nodes);
    let labels = straight::labels(graph, &routes);
    FlatLayout { nodes, routes, labels, size: Size::default() }
}

/// Puts nodes that have a position there, and the others, drawn from scratch, around them.
fn start_from_given(graph: &FlatGraph, centres: &mut [Point]) {
    let given: Vec<(usize, Point)> = graph
        .nodes
        .iter()
        .enumerate()
        .filter_map(|(index, node)| Some((index, Rect::at(node.position?, node.size).center())))
        .collect();
    let count = given.len().max(1) as f64;
    let dx = given.iter().map(|&(index, at)| at.x - centres[index].x).sum::<f64>() / count;
    let dy = given.iter().map(|&(index, at)| at.y - centres[index].y).sum::<f64>() / count;
    for centre in centres.iter_mut() {
        *centre = centre.offset(dx, dy);
    }
    for (index, at) in given {
        centres[index] = at;
    }
}

fn around(centre: Point, size: Size) -> Rect {
    Rect::new(centre.x - size.width / 2.0, centre.y - size.height / 2.0, size.width, size.height)
}
