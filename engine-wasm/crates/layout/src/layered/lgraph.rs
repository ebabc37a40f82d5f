//! The working graph of the layered layout. It never leaves this folder.
//!
//! Everything is in *internal* coordinates: layers follow each other along x (the flow), nodes of a layer
//! lie below each other along y (the cross axis). `axis` turns the caller's coordinates into these and back.
//!
//! A unit holds one [`Level`] for its container and one for every container inside that takes part with
//! its own edges. All levels share the vectors of nodes, ports and edges, so that passes that look across
//! borders (ordering, placement) need no recursion.

use spandrel_base::{Insets, Point};

use crate::Side;
use crate::model::Spacing;

/// Index of a [`LNode`].
pub(super) type NodeIx = usize;
/// Index of a [`LPort`].
pub(super) type PortIx = usize;
/// Index of a [`LEdge`].
pub(super) type EdgeIx = usize;
/// Index of a [`Level`].
pub(super) type LevelIx = usize;

/// One unit of layout.
#[derive(Clone, Debug, Default)]
pub(super) struct LGraph {
    pub(super) levels: Vec<Level>,
    pub(super) nodes: Vec<LNode>,
    pub(super) ports: Vec<LPort>,
    pub(super) edges: Vec<LEdge>,
    pub(super) pieces: Vec<Piece>,
    pub(super) links: Vec<Link>,
    pub(super) loops: Vec<Loop>,
}

/// The inside of one container.
#[derive(Clone, Debug, Default)]
pub(super) struct Level {
    /// The container as a node of the level above; `None` for the unit's own level.
    pub(super) owner: Option<NodeIx>,
    /// The container in the model.
    pub(super) container: usize,
    /// All nodes of the level, dummies included, in order of creation.
    pub(super) nodes: Vec<NodeIx>,
    /// Pieces of edges that lie in this level.
    pub(super) pieces: Vec<usize>,
    /// By layer, the nodes from top to bottom. Borders to the west are alone in layer 0, borders to the
    /// east alone in the last.
    pub(super) layers: Vec<Vec<NodeIx>>,
    /// Distances inside.
    pub(super) spacing: Spacing,
    /// Between the container's border and its content.
    pub(super) padding: Insets,
    /// Least size.
    pub(super) min_w: f64,
    pub(super) min_h: f64,
    /// The container's title, where edges come in through the side at which it stands.
    pub(super) title: Option<TitleStrip>,
    /// Whether nodes of a layer keep model order.
    pub(super) force_model_order: bool,
    /// Extent along the flow, after routing.
    pub(super) width: f64,
}

/// A title at one end of the flow: the strip inside a container's border that edges should not run over.
#[derive(Clone, Copy, Debug)]
pub(super) struct TitleStrip {
    /// Extent across the flow, and where it stands: 0 at the start, 0.5 in the middle, 1 at the end.
    pub(super) cross: f64,
    pub(super) align: f64,
    /// Extent along the flow.
    pub(super) flow: f64,
    /// Whether it stands at the east end.
    pub(super) east: bool,
}

/// What a node of the working graph stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A node of the model.
    Real(usize),
    /// An edge passing through a layer.
    Long,
    /// The middle labels of an edge, of a link in `links`.
    Label(usize),
    /// The border of the level's container, where an edge passes.
    Border,
}

#[derive(Clone, Debug)]
pub(super) struct LNode {
    pub(super) level: LevelIx,
    pub(super) kind: Kind,
    pub(super) w: f64,
    pub(super) h: f64,
    /// Room to keep around the node for self-loops, ports on other sides, outer labels.
    pub(super) margin: Insets,
    /// What of the margin is for something else than rows that lead around the node.
    pub(super) without_rows: Insets,
    pub(super) layer: usize,
    /// Place in the layer.
    pub(super) pos: usize,
    /// Top-left corner within the level, without margin. `y` is measured from the unit's top.
    pub(super) x: f64,
    pub(super) y: f64,
    /// Attachments on the west and east side, from top to bottom.
    pub(super) west: Vec<PortIx>,
    pub(super) east: Vec<PortIx>,
    /// Whether the order of the attachments is given.
    pub(super) fixed_order: bool,
    /// For a box whose inside is laid out elsewhere: its title, beside which edges attach.
    pub(super) title: Option<TitleStrip>,
    /// The level inside, for a container that takes part with its inside.
    pub(super) inner: Option<LevelIx>,
    /// For borders: the attachment of the container in the level above.
    pub(super) outer_port: Option<PortIx>,
    /// Place in `Level::nodes`: for real nodes that among their siblings in the model.
    pub(super) order: usize,
}

/// Where edges attach to a node.
#[derive(Clone, Debug)]
pub(super) struct LPort {
    pub(super) node: NodeIx,
    pub(super) east: bool,
    /// Distance from the node's top, where fixed before placement; after placement for all.
    pub(super) y: Option<f64>,
    /// Whether `y` belongs to this attachment alone and may not be exchanged with another's.
    pub(super) settled: bool,
    /// The port of the model.
    pub(super) model: Option<usize>,
    /// The way from the attachment to the port itself where that lies elsewhere, relative to the node's
    /// top-left corner: first the two ends of a row above or below the node, last a point on the node's
    /// border. Empty for the usual case.
    pub(super) tail: Vec<Point>,
    /// Where that lies, and which way its row takes.
    pub(super) around: Option<Around>,
    pub(super) edges: Vec<EdgeIx>,
    /// How far outside the node's side the edge begins: the extent of the port.
    pub(super) reach: f64,
    /// For a container: the border inside that belongs to it.
    pub(super) border: Option<NodeIx>,
}

/// An attachment whose port lies on another side of the node than its edges leave from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Around {
    /// The side of the port, and the port relative to the node's top-left corner.
    pub(super) side: Side,
    pub(super) at: Point,
    /// Whether the row lies below the node; for ports at the flow's own sides it may as well lie above.
    pub(super) below: bool,
}

/// A segment of an edge, from an east attachment to a west one.
#[derive(Clone, Debug)]
pub(super) struct LEdge {
    pub(super) src: PortIx,
    pub(super) dst: PortIx,
    /// Price of length in layering.
    pub(super) weight: f64,
    /// Price of bends in placement.
    pub(super) straight: f64,
    /// Points between the two attachments, after routing, relative to the level.
    pub(super) bends: Vec<Point>,
}

/// The part of a link that lies in one level.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    pub(super) link: usize,
    pub(super) level: LevelIx,
    /// Ends as nodes of the level, in the link's own direction; a border once it is created.
    pub(super) src: NodeIx,
    pub(super) dst: NodeIx,
    /// Ports of the model at the ends, where the link ends there.
    pub(super) src_port: Option<usize>,
    pub(super) dst_port: Option<usize>,
    /// Whether it runs against the flow.
    pub(super) reversed: bool,
    /// Segments in flow order.
    pub(super) segments: Vec<EdgeIx>,
}

/// An edge of the model in this unit.
#[derive(Clone, Debug, Default)]
pub(super) struct Link {
    /// In the model.
    pub(super) edge: usize,
    /// Ends, as nodes of the model, after projection to what this unit holds.
    pub(super) src: usize,
    pub(super) dst: usize,
    /// Pieces from source to target.
    pub(super) pieces: Vec<usize>,
    /// Node of its middle labels.
    pub(super) label: Option<NodeIx>,
}

/// A self-loop, routed at its node when the node is imported.
#[derive(Clone, Debug)]
pub(super) struct Loop {
    pub(super) edge: usize,
    pub(super) node: NodeIx,
    /// Relative to the node's top-left corner.
    pub(super) points: Vec<Point>,
    /// Label boxes, relative to the node's top-left corner: x, y, w, h.
    pub(super) labels: Vec<(f64, f64, f64, f64)>,
}

impl LPort {
    /// Puts the attachment at a height, with the row that leads from it around the node.
    pub(super) fn stand(&mut self, y: f64) {
        self.y = Some(y);
        // A way around begins with its row, from end to end.
        for point in self.tail.iter_mut().take(2) {
            point.y = y;
        }
    }
}

impl LGraph {
    /// Adds a node to a level.
    pub(super) fn add_node(&mut self, level: LevelIx, kind: Kind, w: f64, h: f64) -> NodeIx {
        let order = self.levels[level].nodes.len();
        self.nodes.push(LNode {
            level,
            kind,
            w,
            h,
            margin: Insets::default(),
            without_rows: Insets::default(),
            layer: 0,
            pos: 0,
            x: 0.0,
            y: 0.0,
            west: Vec::new(),
            east: Vec::new(),
            fixed_order: false,
            title: None,
            inner: None,
            outer_port: None,
            order,
        });
        let node = self.nodes.len() - 1;
        self.levels[level].nodes.push(node);
        node
    }

    /// Adds an attachment below those that are there.
    pub(super) fn add_port(&mut self, node: NodeIx, east: bool) -> PortIx {
        self.ports.push(LPort {
            node,
            east,
            y: None,
            settled: false,
            model: None,
            tail: Vec::new(),
            around: None,
            edges: Vec::new(),
            reach: 0.0,
            border: None,
        });
        let port = self.ports.len() - 1;
        let list = if east { &mut self.nodes[node].east } else { &mut self.nodes[node].west };
        list.push(port);
        port
    }

    /// Adds a segment.
    pub(super) fn add_edge(&mut self, src: PortIx, dst: PortIx, weight: f64, straight: f64) -> EdgeIx {
        let edge = self.edges.len();
        self.edges.push(LEdge { src, dst, weight, straight, bends: Vec::new() });
        self.ports[src].edges.push(edge);
        self.ports[dst].edges.push(edge);
        edge
    }

    /// A dummy with one attachment on each side in its middle.
    pub(super) fn add_dummy(&mut self, level: LevelIx, kind: Kind, w: f64, h: f64, line: f64) -> NodeIx {
        let node = self.add_node(level, kind, w, h);
        for east in [false, true] {
            let port = self.add_port(node, east);
            self.ports[port].y = Some(line);
        }
        node
    }

    /// Source node of a segment.
    pub(super) fn src(&self, edge: EdgeIx) -> NodeIx {
        self.ports[self.edges[edge].src].node
    }

    /// Target node of a segment.
    pub(super) fn dst(&self, edge: EdgeIx) -> NodeIx {
        self.ports[self.edges[edge].dst].node
    }

    /// Whether a node of the model (or its border) stands there: not an edge passing.
    pub(super) fn is_dummy(&self, node: NodeIx) -> bool {
        matches!(self.nodes[node].kind, Kind::Long | Kind::Label(_))
    }

    /// How far below its box a node needs room: for its margin and the rows that lead around it.
    pub(super) fn room_below(&self, node: NodeIx) -> f64 {
        let n = &self.nodes[node];
        let rows = n.west.iter().chain(&n.east).map(|&p| &self.ports[p]).filter(|p| !p.tail.is_empty());
        rows.fold(n.margin.bottom, |room, p| room.max(p.y.unwrap_or(0.0) - n.h))
    }

    /// By node: whether it has self-loops.
    pub(super) fn looped(&self) -> Vec<bool> {
        let mut looped = vec![false; self.nodes.len()];
        for l in &self.loops {
            looped[l.node] = true;
        }
        looped
    }

    /// Absolute y of an attachment (from the unit's top), after placement.
    pub(super) fn port_y(&self, port: PortIx) -> f64 {
        let p = &self.ports[port];
        self.nodes[p.node].y + p.y.unwrap_or(0.0)
    }
}
