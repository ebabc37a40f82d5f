//! `mrtree`: trees and forests in levels, other graphs by a spanning forest.

mod contour;
mod route;
#[cfg(test)]
mod tests;

use spandrel_base::{Insets, LeanSort, Point, Rect, Size};

pub use super::forest::SearchOrder;

use super::components::by_component;
use super::forest::Forest;
use super::{Direction, FlatGraph, FlatLayout, clean_aspect, clean_distance, straight};

/// In which order the children of a node stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Weighting {
    /// As their edges come.
    #[default]
    ModelOrder,
    /// The child with the fewest nodes below it first.
    Descendants,
    /// The child whose subtree has the fewest leaves first.
    Fan,
    /// By `FlatNode::order`; those without one after those with one, in model order.
    Constraint,
}

/// How edges run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Routing {
    /// Slanted between levels, through the gaps of the levels they pass.
    #[default]
    Polyline,
    /// The same with horizontal and vertical segments only.
    Orthogonal,
    /// One line from border to border, whatever stands in between.
    Straight,
    /// No routes.
    None,
}

/// What can be chosen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Options {
    /// Where the children stand, seen from the root.
    pub direction: Direction,
    /// Between nodes, and between levels.
    pub spacing: f64,
    /// Between the border and the content.
    pub padding: Insets,
    /// Width over height to aim at when several trees are put together.
    pub aspect_ratio: f64,
    /// How a spanning forest is found.
    pub search: SearchOrder,
    /// In which order the children of a node stand.
    pub weighting: Weighting,
    /// How edges run.
    pub routing: Routing,
    /// Whether children stand right below their parents instead of in common levels. Edges that are not
    /// part of the spanning forest are then straight lines.
    pub compaction: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            direction: Direction::Down,
            spacing: 20.0,
            padding: Insets::all(20.0),
            aspect_ratio: 1.6,
            search: SearchOrder::DepthFirst,
            weighting: Weighting::ModelOrder,
            routing: Routing::Polyline,
            compaction: false,
        }
    }
}

/// Lays out every connected component as a tidy tree and packs them in rows, in model order.
///
/// Tidy: parents are centred over their children, equal subtrees look equal, the mirror image of a tree is
/// the tree of the mirror image (Reingold, Tilford 1981; in linear time and for nodes of any size after
/// van der Ploeg 2014, see `contour.rs`). Several roots of one component stand side by side in the
/// first level. Nodes never overlap, and routes pass no node but their own, compaction aside.
/// Cost: O(V + E · levels an edge spans · log V).
pub fn lay_out(graph: &FlatGraph, options: &Options) -> FlatLayout {
    let graph = graph.cleaned();
    let gap = clean_distance(options.spacing);
    let aspect = clean_aspect(options.aspect_ratio, 1.6);
    by_component(&graph, gap, aspect, options.padding, |part| component(part, options, gap))
}

/// Nodes of one component in levels, in the internal frame: levels from top to bottom.
struct Levels {
    /// By node.
    nodes: Vec<Rect>,
    /// By node: its level.
    level: Vec<usize>,
    /// By level: top and bottom of its highest node.
    strips: Vec<(f64, f64)>,
}

fn component(graph: &FlatGraph, options: &Options, gap: f64) -> FlatLayout {
    let turned = matches!(options.direction, Direction::Right | Direction::Left);
    let mut forest = Forest::of(graph, options.search);
    sort_children(graph, &mut forest, options.weighting);
    let sizes: Vec<Size> = graph
        .nodes
        .iter()
        .map(|node| if turned { Size::new(node.size.height, node.size.width) } else { node.size })
        .collect();
    // Self-loops stand out on the right and above (`straight::self_loop`): their nodes get that room.
    let mut room = vec![0.0; sizes.len()];
    for edge in graph.edges.iter().filter(|edge| edge.source == edge.target) {
        room[edge.source] += straight::LOOP_REACH;
    }
    let levels = place(&forest, &sizes, &room, gap, options.compaction);
    let upright = |rect: Rect| match options.direction {
        Direction::Down => rect,
        Direction::Up => Rect { y: -rect.bottom(), ..rect },
        Direction::Right => Rect::new(rect.y, rect.x, rect.height, rect.width),
        Direction::Left => Rect::new(-rect.bottom(), rect.x, rect.height, rect.width),
    };
    let turn = |point: Point| upright(Rect::at(point, Size::default())).origin();
    let nodes: Vec<Rect> = levels.nodes.iter().map(|&rect| upright(rect)).collect();
    let lines = straight::routes(graph, &levels.nodes);
    let mut routes = match options.routing {
        Routing::None => vec![Vec::new(); graph.edges.len()],
        Routing::Straight => lines,
        Routing::Polyline | Routing::Orthogonal => {
            let orthogonal = options.routing == Routing::Orthogonal;
            let routes = if options.compaction {
                route::along_the_tree(graph, &forest, &levels.nodes, gap, orthogonal)
            } else {
                route::between_levels(graph, &forest, &levels, gap, orthogonal)
            };
            // What the routers leave out: self-loops, and with compaction edges outside of the forest.
            routes
                .into_iter()
                .zip(lines)
                .map(|(route, line)| if route.is_empty() { line } else { route })
                .collect()
        }
    };
    routes.iter_mut().flatten().for_each(|point| *point = turn(*point));
    let labels = straight::labels(graph, &routes);
    FlatLayout { nodes, routes, labels, size: Size::default() }.framed()
}

/// Orders the children of every node; ties keep the order they were found in.
fn sort_children(graph: &FlatGraph, forest: &mut Forest, weighting: Weighting) {
    let keys: Vec<f64> = match weighting {
        Weighting::ModelOrder => return,
        Weighting::Descendants => forest.sums(|_| 1.0),
        Weighting::Fan => forest.sums(|node| f64::from(u8::from(forest.children[node].is_empty()))),
        Weighting::Constraint => graph
            .nodes
            .iter()
            .map(|node| node.hints.order.map_or(f64::INFINITY, |order| order as f64))
            .collect(),
    };
    for children in forest.children.iter_mut().chain([&mut forest.roots]) {
        children.lean_sort_by(|&a, &b| keys[a].total_cmp(&keys[b]));
    }
}

/// Gives every node a place. `room` is free space to keep above and on the right of a node.
fn place(forest: &Forest, sizes: &[Size], room: &[f64], gap: f64, compact: bool) -> Levels {
    let n = sizes.len();
    let height = |node: usize| sizes[node].height + room[node];
    let deepest = forest.depth.iter().copied().max().map_or(0, |depth| depth + 1);
    let mut strips = vec![(0.0, 0.0_f64); deepest];
    for node in 0..n {
        let strip = &mut strips[forest.depth[node]];
        strip.1 = strip.1.max(height(node));
    }
    let mut y = 0.0;
    for strip in &mut strips {
        *strip = (y, y + strip.1);
        y = strip.1 + gap;
    }
    // The contour algorithm sees boxes with their gaps. In levels every box is as high as its level.
    let mut boxes = vec![Rect::default(); n];
    for &node in &forest.order {
        let width = sizes[node].width + room[node] + gap;
        boxes[node] = if compact {
            let y = forest.parent[node].map_or(0.0, |parent| boxes[parent].bottom());
            Rect::new(0.0, y, width, height(node) + gap)
        } else {
            let (top, bottom) = strips[forest.depth[node]];
            Rect::new(0.0, top, width, bottom - top + gap)
        };
    }
    let x = contour::tidy(forest, &boxes);
    let nodes = (0..n)
        .map(|node| {
            let free = if compact { 0.0 } else { boxes[node].height - gap - height(node) };
            let y = boxes[node].y + free / 2.0 + room[node];
            Rect::at(Point::new(x[node] + gap / 2.0, y), sizes[node])
        })
        .collect();
    Levels { nodes, level: forest.depth.clone(), strips }
}
