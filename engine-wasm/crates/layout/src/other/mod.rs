//! The algorithms besides the layered one: each a pure function on a flat graph.
//!
//! None of them knows containers, ports or text. Whoever calls them lays out containers from the inside
//! out and hands each one over as a box with edges. Coordinates of a [`FlatLayout`] are relative to the
//! top-left corner of the container, padding included, y down, finite whatever comes in.
//!
//! | folder | for what | nodes overlap |
//! |---|---|---|
//! | [`fixed`] | keep what there is | as given |
//! | [`box_packing`] | boxes without edges, sorted | never |
//! | [`rect_packing`] | boxes without edges, in model order | never |
//! | [`spore`] | take a drawing apart where it overlaps, or pull it together | never |
//! | [`tree`] | trees and forests; other graphs by a spanning forest | never |
//! | [`radial`] | trees around their root | never |
//! | [`stress`] | distances as in the graph | never, unless nodes are pinned |
//! | [`force`] | springs and repulsion | never |
//! | [`disco`] | keep each component as it is, pack them | as given within a component |
//! | [`random`] | anywhere | never |

pub mod box_packing;
mod components;
pub mod disco;
mod distances;
mod exact;
pub mod fixed;
pub mod force;
mod forest;
pub mod radial;
pub mod random;
pub mod rect_packing;

mod shelves;
pub mod spore;
pub(crate) mod straight;
pub mod stress;
#[cfg(test)]
mod testing;
pub mod tree;

use spandrel_base::{Budget, Insets, LeanSort, Point, Rect, Size};

/// An algorithm with its options.
#[derive(Clone, Debug, PartialEq)]
pub enum Choice {
    /// [`fixed`]
    Fixed(fixed::Options),
    /// [`box_packing`]
    Box(box_packing::Options),
    /// [`rect_packing`]
    RectPacking(rect_packing::Options),
    /// [`tree`]
    Tree(tree::Options),
    /// [`radial`]
    Radial(radial::Options),
    /// [`stress`]
    Stress(stress::Options),
    /// [`force`]
    Force(force::Options),
    /// [`spore::remove_overlaps`]
    SporeOverlap(spore::Options),
    /// [`spore::compact`]
    SporeCompaction(spore::Options),
    /// [`disco`]
    Disco(disco::Options),
    /// [`random`]
    Random(random::Options),
}

impl Choice {
    /// Runs the algorithm. Those that iterate stop where the budget ends, with a valid drawing.
    pub fn lay_out(&self, graph: &FlatGraph, budget: &Budget<'_>) -> FlatLayout {
        match self {
            Self::Fixed(options) => fixed::lay_out(graph, options),
            Self::Box(options) => box_packing::lay_out(graph, options),
            Self::RectPacking(options) => rect_packing::lay_out(graph, options),
            Self::Tree(options) => tree::lay_out(graph, options),
            Self::Radial(options) => radial::lay_out(graph, options),
            Self::Stress(options) => stress::lay_out(graph, options, budget),
            Self::Force(options) => force::lay_out(graph, options, budget),
            Self::SporeOverlap(options) => spore::remove_overlaps(graph, options, budget),
            Self::SporeCompaction(options) => spore::compact(graph, options, budget),
            Self::Disco(options) => disco::lay_out(graph, options),
            Self::Random(options) => random::lay_out(graph, options, budget),
        }
    }
}

/// Coordinates and sizes beyond this are cut off, so that no sum of them leaves the finite numbers.
const FARTHEST: f64 = 1.0e9;

/// Boxes and lines of one container.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FlatGraph {
    /// In model order.
    pub nodes: Vec<FlatNode>,
    /// In model order.
    pub edges: Vec<FlatEdge>,
}

/// A box.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FlatNode {
    /// Width and height.
    pub size: Size,
    /// Where its top-left corner is now: the place for `fixed`, the drawing that `spore` starts from, a
    /// hint for interactive runs.
    pub position: Option<Point>,
    /// What single algorithms want to know of it.
    pub hints: Hints,
}

/// What single algorithms want to know of a box.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hints {
    /// Whether it must stay at its position (`stress` alone heeds it).
    pub pinned: bool,
    /// Boxes of higher priority come first in a packing.
    pub priority: i64,
    /// Place among its siblings where the order is by constraint (`tree`) or by id (`radial`).
    pub order: Option<i64>,
    /// Whether `rect_packing` begins a row with it.
    pub new_row: bool,
}

impl FlatNode {
    /// A box of the given size and nothing else.
    pub fn sized(width: f64, height: f64) -> Self {
        Self { size: Size::new(width, height), ..Self::default() }
    }
}

/// A line between two boxes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FlatEdge {
    /// Index of the node at which it begins.
    pub source: usize,
    /// Index of the node at which it ends.
    pub target: usize,
    /// Sizes of its labels.
    pub labels: Vec<Size>,
    /// How long it should be, for `stress`; `None` takes the option.
    pub length: Option<f64>,
    /// Points it has already, ends included, for `fixed`.
    pub points: Vec<Point>,
}

impl FlatEdge {
    /// A line from `source` to `target` and nothing else.
    pub fn between(source: usize, target: usize) -> Self {
        Self { source, target, ..Self::default() }
    }
}

/// Where everything went.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FlatLayout {
    /// By node. Sizes are those given, except where an option lets boxes grow.
    pub nodes: Vec<Rect>,
    /// By edge, source to target, at least two points; empty where the algorithm routes no edges or the
    /// edge names a node that does not exist.
    pub routes: Vec<Vec<Point>>,
    /// By edge and label.
    pub labels: Vec<Vec<Rect>>,
    /// Size of the container: content and padding.
    pub size: Size,
}

/// A direction on the plane.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Direction {
    /// Left to right.
    Right,
    /// Right to left.
    Left,
    /// Top to bottom.
    #[default]
    Down,
    /// Bottom to top.
    Up,
}

impl FlatGraph {
    /// The same graph with sane numbers: sizes not negative, everything finite and below `FARTHEST`.
    fn cleaned(&self) -> Self {
        let mut graph = self.clone();
        for node in &mut graph.nodes {
            node.size = clean_size(node.size);
            node.position = node.position.map(clean_point);
            node.hints.pinned &= node.position.is_some();
        }
        for edge in &mut graph.edges {
            edge.points.iter_mut().for_each(|point| *point = clean_point(*point));
            edge.labels.iter_mut().for_each(|size| *size = clean_size(*size));
            edge.length = edge.length.filter(|length| length.is_finite() && *length > 0.0);
        }
        graph
    }

    /// Whether both ends of the edge exist.
    fn is_whole(&self, edge: &FlatEdge) -> bool {
        edge.source < self.nodes.len() && edge.target < self.nodes.len()
    }

    /// By node, the indices of other nodes it shares an edge with, in model order, each once.
    fn neighbours(&self) -> Vec<Vec<usize>> {
        let mut neighbours = vec![Vec::new(); self.nodes.len()];
        for edge in self.edges.iter().filter(|edge| self.is_whole(edge) && edge.source != edge.target) {
            neighbours[edge.source].push(edge.target);
            neighbours[edge.target].push(edge.source);
        }
        for list in &mut neighbours {
            list.lean_sort();
            list.dedup();
        }
        neighbours
    }
}

impl FlatLayout {
    /// Moves everything so that the content begins at 0,0, and sizes the container to it.
    fn framed(self) -> Self {
        let bounds = self.bounds().unwrap_or_default();
        self.framed_in(bounds)
    }

    /// Moves everything so that the corner of `frame` comes to 0,0, and takes its size.
    fn framed_in(mut self, frame: Rect) -> Self {
        self.shift(-frame.x, -frame.y);
        self.size = frame.size();
        self
    }

    /// Puts the padding around a framed layout.
    fn padded(mut self, padding: Insets) -> Self {
        let padding = clean_insets(padding);
        self.shift(padding.left, padding.top);
        self.size.width += padding.horizontal();
        self.size.height += padding.vertical();
        self
    }

    fn shift(&mut self, dx: f64, dy: f64) {
        self.nodes.iter_mut().for_each(|rect| *rect = rect.offset(dx, dy));
        self.routes.iter_mut().flatten().for_each(|point| *point = point.offset(dx, dy));
        self.labels.iter_mut().flatten().for_each(|rect| *rect = rect.offset(dx, dy));
    }

    /// The smallest rectangle around nodes, routes and labels; `None` where there is nothing.
    fn bounds(&self) -> Option<Rect> {
        let boxes = self.nodes.iter().chain(self.labels.iter().flatten()).copied();
        let points = self.routes.iter().flatten().map(|point| Rect::at(*point, Size::default()));
        boxes.chain(points).reduce(Rect::union)
    }
}

fn clean(value: f64) -> f64 {
    if value.is_finite() { crate::places::limit(value, -FARTHEST, FARTHEST) } else { 0.0 }
}

/// A distance: finite and not negative.
fn clean_distance(value: f64) -> f64 {
    clean(value).max(0.0)
}

fn clean_point(point: Point) -> Point {
    Point::new(clean(point.x), clean(point.y))
}

fn clean_size(size: Size) -> Size {
    Size::new(clean_distance(size.width), clean_distance(size.height))
}

fn clean_insets(insets: Insets) -> Insets {
    Insets {
        top: clean_distance(insets.top),
        right: clean_distance(insets.right),
        bottom: clean_distance(insets.bottom),
        left: clean_distance(insets.left),
    }
}

/// An aspect ratio (width over height) that can be divided by.
fn clean_aspect(ratio: f64, default: f64) -> f64 {
    if ratio.is_finite() && ratio > 0.0 { crate::places::limit(ratio, 0.01, 100.0) } else { default }
}
