//! What a layout algorithm takes and gives: a generic hierarchical graph, and where everything went.
//!
//! Two adapters make it: `diagram` from a compiled board, and the crate `elk-json` from ELK's JSON. It
//! knows neither texts nor colours, only sizes, sides and distances. Coordinates are CSS pixels, y down.

use spandrel_base::{Insets, Point, Rect, Size};

use crate::Side;
use crate::other::{Choice, Hints};

/// A hierarchical graph. Node 0 is the root: the container of everything.
#[derive(Clone, Debug, Default)]
pub struct Graph {
    /// Nodes, parents before children; the first is the root.
    pub nodes: Vec<Node>,
    /// Edges, in model order.
    pub edges: Vec<Edge>,
}

/// A node: a leaf, or a container with children.
#[derive(Clone, Debug, Default)]
pub struct Node {
    /// The container, `None` for the root.
    pub parent: Option<usize>,
    /// Children in model order.
    pub children: Vec<usize>,
    /// A leaf's size; the least size of a container.
    pub size: Size,
    /// Where it was, relative to its parent: a hint for interactive strategies, the place for `fixed`.
    pub position: Option<Point>,
    /// Where it must be, relative to its parent, to the pixel.
    pub pin: Option<Point>,
    /// Room around the border that labels outside of it take.
    pub margin: Insets,
    /// A strip along the top inside that edges should not cross: a container's title.
    pub title: Option<Title>,
    /// Attachment points.
    pub ports: Vec<Port>,
    /// How free the ports are.
    pub port_constraint: PortConstraint,
    /// In which layer it must be.
    pub layer_constraint: LayerConstraint,
    /// Partitions are laid out one after the other in the direction of flow.
    pub partition: Option<i64>,
    /// Whether the node takes part at all; others keep place and size.
    pub no_layout: bool,
    /// What algorithms besides the layered one want to know of it.
    pub hints: Hints,
    /// How its inside is laid out. Of a leaf only the edge options count.
    pub inner: Options,
}

/// The title of a container.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Title {
    /// Its size.
    pub size: Size,
    /// Where it stands along the top: 0 at the left, 0.5 in the middle, 1 at the right.
    pub align: f64,
}

/// An attachment point on the border of a node.
#[derive(Clone, Debug, Default)]
pub struct Port {
    /// Its own size; 0 for a point.
    pub size: Size,
    /// The side it lies on, where fixed.
    pub side: Option<Side>,
    /// Its place among the ports, clockwise from the north-west corner, where fixed.
    pub index: Option<i64>,
    /// Its top-left corner relative to the node, where fixed.
    pub position: Point,
    /// A height at which it lies either left or right, wherever its edges go: the row of a table.
    pub row: Option<f64>,
    /// How far it reaches outside its node: negative when it lies inside.
    pub offset: f64,
}

/// How free the ports of a node are; each value includes the ones before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum PortConstraint {
    /// Anywhere.
    #[default]
    Free,
    /// The side is given.
    FixedSide,
    /// Side and order are given.
    FixedOrder,
    /// Side and place are given.
    FixedPos,
}

/// Where a node stands among the layers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LayerConstraint {
    /// Anywhere.
    #[default]
    None,
    /// In the first layer.
    First,
    /// In a layer before the first, without any other node.
    FirstSeparate,
    /// In the last layer.
    Last,
    /// In a layer after the last.
    LastSeparate,
}

/// An edge between two nodes or ports.
#[derive(Clone, Debug, Default)]
pub struct Edge {
    /// Where it begins.
    pub src: End,
    /// Where it ends.
    pub dst: End,
    /// Its labels.
    pub labels: Vec<Label>,
    /// How much it should point in the direction of flow.
    pub direction_priority: i64,
    /// How short it should be.
    pub shortness_priority: i64,
    /// How straight it should be.
    pub straightness_priority: i64,
    /// How long it should be, for `stress`.
    pub length: Option<f64>,
    /// Points it has already, for `fixed`.
    pub bend_points: Vec<Point>,
}

/// An end of an edge.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct End {
    /// The node.
    pub node: usize,
    /// The port of that node, by its place in `Node::ports`.
    pub port: Option<usize>,
}

/// A label of an edge.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Label {
    /// Its size.
    pub size: Size,
    /// Where along the edge.
    pub place: LabelPlace,
    /// Whether the line runs through it (it has a background of its own) or beside it.
    pub inline: bool,
}

/// Where along an edge a label stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LabelPlace {
    /// Near the source.
    Tail,
    /// In the middle.
    #[default]
    Center,
    /// Near the target.
    Head,
}

/// Where the layers go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
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

impl Direction {
    /// Whether layers are columns.
    pub fn is_horizontal(self) -> bool {
        matches!(self, Self::Right | Self::Left)
    }
}

/// Which algorithm lays out a container.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs, reason = "named as in ELK")]
pub enum Algorithm {
    #[default]
    Layered,
    Fixed,
    Box,
    RectPacking,
    MrTree,
    Radial,
    Force,
    Stress,
    SporeOverlap,
    SporeCompaction,
    Disco,
    Random,
}

/// How edges run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Routing {
    /// Horizontal and vertical segments.
    #[default]
    Orthogonal,
    /// Slanted segments.
    Polyline,
    /// Bézier curves.
    Splines,
}

/// Which edges are turned to break cycles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CycleBreaking {
    /// Eades, Lin and Smyth, with model order as the tie-break.
    #[default]
    Greedy,
    /// Back edges of a depth-first search.
    DepthFirst,
    /// Edges against the model order.
    ModelOrder,
    /// Edges against the given positions.
    Interactive,
}

/// How nodes are given layers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Layering {
    /// Least total edge length.
    #[default]
    NetworkSimplex,
    /// As late as possible.
    LongestPath,
    /// As early as possible.
    LongestPathSource,
    /// At most `Options::layer_bound` nodes a layer.
    CoffmanGraham,
    /// By the given positions.
    Interactive,
}

/// How nodes are ordered within layers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ordering {
    /// Barycenter sweeps.
    #[default]
    LayerSweep,
    /// By the given positions.
    Interactive,
    /// As they come.
    None,
}

/// How nodes are placed across the flow.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Placement {
    /// Several of the others, whichever comes out best.
    #[default]
    Best,
    /// Blocks of aligned nodes.
    BrandesKoepf(Alignment),
    /// Long edges as rigid segments that swing into place; `damping` of the swings, 0 to 1.
    LinearSegments {
        /// The share of a swing that is held back at the end.
        damping: f64,
    },
    /// Least total deviation.
    NetworkSimplex,
    /// In rows around one middle line.
    Simple,
    /// By the given positions.
    Interactive,
}

/// Where a unit that is too long for the aspect ratio may be cut.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Wrapping {
    /// Nowhere.
    #[default]
    Off,
    /// Where one edge at most is cut.
    SingleEdge,
    /// Anywhere, better where few edges are cut.
    MultiEdge,
}

/// Which of the alignments of Brandes and Köpf is taken: through the layers to the right or the left, through
/// each downwards or upwards.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs, reason = "named as in ELK")]
pub enum Alignment {
    /// The smallest of the four.
    #[default]
    Smallest,
    RightDown,
    RightUp,
    LeftDown,
    LeftUp,
    /// The mean of the two in the middle.
    Balanced,
}

/// Distances to keep.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spacing {
    /// Between nodes across the flow.
    pub node_node: f64,
    /// Between nodes of neighbouring layers.
    pub node_node_layers: f64,
    /// Between an edge and a node across the flow.
    pub edge_node: f64,
    /// Between an edge and a node along the flow.
    pub edge_node_layers: f64,
    /// Between edges across the flow.
    pub edge_edge: f64,
    /// Between edges along the flow.
    pub edge_edge_layers: f64,
    /// Between disconnected parts.
    pub component: f64,
    /// Between a label and its edge.
    pub edge_label: f64,
    /// Between labels.
    pub label_label: f64,
    /// Between a node and its self-loops.
    pub self_loop: f64,
    /// Between ports.
    pub port_port: f64,
}

impl Default for Spacing {
    fn default() -> Self {
        Self::scaled(20.0)
    }
}

impl Spacing {
    /// ELK's defaults scaled from a base of 20 pixels.
    pub fn scaled(base: f64) -> Self {
        let unit = base / 20.0;
        Self {
            node_node: 20.0 * unit,
            node_node_layers: 20.0 * unit,
            edge_node: 10.0 * unit,
            edge_node_layers: 10.0 * unit,
            edge_edge: 10.0 * unit,
            edge_edge_layers: 10.0 * unit,
            component: 20.0 * unit,
            edge_label: 2.0 * unit,
            label_label: 0.0,
            self_loop: 10.0 * unit,
            port_port: 10.0 * unit,
        }
    }
}

/// How the inside of a container is laid out.
#[derive(Clone, Debug)]
pub struct Options {
    /// By which algorithm.
    pub algorithm: Algorithm,
    /// The options of that algorithm where it is not the layered one; `None` takes its defaults.
    pub other: Option<Choice>,
    /// Where the layers go.
    pub direction: Direction,
    /// Distances.
    pub spacing: Spacing,
    /// Between the border and the content.
    pub padding: Insets,
    /// Whether containers inside take part in this layout with their edges across borders.
    pub include_children: bool,
    /// Whether disconnected parts are laid out one by one and packed.
    pub separate_components: bool,
    /// Width over height to aim at when packing.
    pub aspect_ratio: f64,
    /// How edges run.
    pub routing: Routing,
    /// Phase 1.
    pub cycle_breaking: CycleBreaking,
    /// Phase 2.
    pub layering: Layering,
    /// Nodes a layer for `Layering::CoffmanGraham`.
    pub layer_bound: usize,
    /// Phase 3.
    pub ordering: Ordering,
    /// Whether model order breaks ties of phase 3.
    pub model_order: bool,
    /// Whether nodes of a layer must keep model order.
    pub force_model_order: bool,
    /// Tries of phase 3.
    pub thoroughness: u32,
    /// Seed of phase 3.
    pub seed: u64,
    /// Phase 4.
    pub placement: Placement,
    /// Whether bends that cost more than the pixels they save are taken out after placement.
    pub straighten: bool,
    /// Whether a long unit is cut into rows.
    pub wrapping: Wrapping,
    /// Room between rows beyond the usual.
    pub wrapping_gap: f64,
    /// More than 1 makes rows longer than the aspect ratio asks, less makes them shorter.
    pub wrapping_correction: f64,
    /// Whether all edges of a node share an attachment point.
    pub merge_edges: bool,
    /// Whether partitions count.
    pub partitioning: bool,
    /// Where content stands in a container larger than it: (horizontal, vertical), 0 to 1.
    pub content_alignment: (f64, f64),
}

impl Default for Options {
    fn default() -> Self {
        Self {
            algorithm: Algorithm::Layered,
            other: None,
            direction: Direction::Down,
            spacing: Spacing::default(),
            padding: Insets::all(12.0),
            include_children: true,
            separate_components: true,
            aspect_ratio: 1.6,
            routing: Routing::Orthogonal,
            cycle_breaking: CycleBreaking::Greedy,
            layering: Layering::NetworkSimplex,
            layer_bound: usize::MAX,
            ordering: Ordering::LayerSweep,
            model_order: true,
            force_model_order: false,
            thoroughness: 7,
            seed: 1,
            placement: Placement::Best,
            straighten: true,
            wrapping: Wrapping::Off,
            wrapping_gap: 10.0,
            wrapping_correction: 1.0,
            merge_edges: false,
            partitioning: false,
            content_alignment: (0.0, 0.0),
        }
    }
}

/// Where everything went.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Placed {
    /// By node, absolute; the root's corner is 0,0.
    pub nodes: Vec<Rect>,
    /// By node and port, absolute.
    pub ports: Vec<Vec<Rect>>,
    /// By edge.
    pub edges: Vec<PlacedLine>,
}

/// Where an edge went.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PlacedLine {
    /// Source to target, absolute; empty where the edge could not be routed.
    pub points: Vec<Point>,
    /// By label of the edge, absolute.
    pub labels: Vec<Rect>,
}

impl Graph {
    /// The containers of a node, innermost first, without the node itself, the root last.
    pub fn ancestors(&self, node: usize) -> impl Iterator<Item = usize> + '_ {
        std::iter::successors(self.nodes[node].parent, |&parent| self.nodes[parent].parent)
    }

    /// Distance of every node from the root.
    pub fn depths(&self) -> Vec<u32> {
        let mut depths = vec![0; self.nodes.len()];
        for (index, node) in self.nodes.iter().enumerate() {
            if let Some(parent) = node.parent {
                depths[index] = depths[parent] + 1;
            }
        }
        depths
    }

    /// The lowest node that is an ancestor of both or one of them.
    pub fn common(&self, depths: &[u32], mut a: usize, mut b: usize) -> usize {
        while a != b {
            let (deep, other) = if depths[a] >= depths[b] { (a, b) } else { (b, a) };
            let Some(parent) = self.nodes[deep].parent else { return deep };
            (a, b) = (parent, other);
        }
        a
    }
}
