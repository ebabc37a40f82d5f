//! The structs as they are written, field by field in React Flow's own spelling.

use serde::Serialize;

/// Nodes and edges, parents before children.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Flow {
    /// Nodes, parents before children.
    pub nodes: Vec<Node>,
    /// Edges.
    pub edges: Vec<Edge>,
    /// The smallest rectangle around all of it, absolute.
    pub bounds: Area,
}

/// A point in pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, rename = "Point"))]
pub struct Spot {
    /// To the right.
    pub x: f64,
    /// Downwards.
    pub y: f64,
}

/// A rectangle in pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, rename = "Box"))]
pub struct Area {
    /// Left edge.
    pub x: f64,
    /// Top edge.
    pub y: f64,
    /// Horizontal extent.
    pub width: f64,
    /// Vertical extent.
    pub height: f64,
}

/// A size in pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
pub struct Size {
    /// Horizontal extent.
    pub width: f64,
    /// Vertical extent.
    pub height: f64,
}

/// A node of React Flow.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, optional_fields, rename = "DiagramNode"))]
pub struct Node {
    /// The absolute id.
    pub id: String,
    /// The shape as a key of `nodeTypes`; `container` for anything with children.
    pub r#type: String,
    /// Top-left corner, relative to the parent's.
    pub position: Spot,
    /// The container.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent_id: Option<String>,
    /// `"parent"` where asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extent: Option<Extent>,
    /// Horizontal extent.
    pub width: f64,
    /// Vertical extent.
    pub height: f64,
    /// The same: React Flow need not measure.
    pub measured: Size,
    /// Where edges would leave by default.
    pub source_position: &'static str,
    /// Where edges would arrive by default.
    pub target_position: &'static str,
    /// Where edges attach.
    pub handles: Vec<Handle>,
    /// Containers below edges below leaves.
    pub z_index: u32,
    /// Whether D2 allows a position of its own.
    pub draggable: bool,
    /// For screen readers: name, kind, container, connections.
    pub aria_label: String,
    /// What the node components show.
    pub data: NodeData,
}

/// What a node is dragged within.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
pub enum Extent {
    /// Its parent.
    Parent,
}

/// A place where an edge attaches, relative to the node's top-left corner.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
pub struct Handle {
    /// Unique in its node.
    pub id: String,
    /// Which end attaches here.
    pub r#type: HandleType,
    /// The side.
    pub position: &'static str,
    /// From the left.
    pub x: f64,
    /// From the top.
    pub y: f64,
    /// 0: the handle is a point.
    pub width: f64,
    /// 0: the handle is a point.
    pub height: f64,
}

/// Which end of an edge attaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
pub enum HandleType {
    /// The first.
    Source,
    /// The last.
    Target,
}

impl HandleType {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Source => "source",
            Self::Target => "target",
        }
    }
}

/// What the node components show. Nothing in it changes when only places in the text change.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(
    feature = "typescript",
    derive(ts_rs::TS),
    ts(export, optional_fields, rename = "DiagramNodeData")
)]
pub struct NodeData {
    /// The label as written.
    pub label: String,
    /// What it is: a kind of the catalogue.
    pub node_type: &'static str,
    /// The D2 shape, also where `type` is `container`.
    pub shape: &'static str,
    /// `set:glyph`.
    pub iconify_id: &'static str,
    /// The icon as the source names it, where that is an address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub icon_url: Option<String>,
    /// Always true: the engine compiled it.
    pub validated: bool,
    /// Always `engine`.
    pub source: &'static str,
    /// What the source sets, and the label's font.
    pub style: NodeStyle,
    /// Shown on hover.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tooltip: Option<String>,
    /// Where it leads; only addresses that are safe to follow.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// Whether the source pins it.
    #[serde(skip_serializing_if = "is_false")]
    pub pinned: bool,
    /// The silhouette as path data from the node's corner; absent for rectangles.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outline: Option<String>,
    /// Strokes inside the silhouette.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub details: Option<String>,
    /// Where the label stands, from the node's corner.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label_box: Option<Area>,
    /// The label, broken into lines.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lines: Option<Vec<String>>,
    /// Whether lines stand at the left rather than in the middle.
    #[serde(skip_serializing_if = "is_false")]
    pub flush_left: bool,
    /// Where the icon stands, from the node's corner.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub icon_box: Option<Area>,
    /// Rows of a table, members of a class.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rows: Option<Vec<TableRow>>,
    /// Height of the title strip of a table or class.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub header_height: Option<f64>,
    /// Height of each row.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row_height: Option<f64>,
    /// Markdown to show.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub markdown: Option<String>,
    /// The same as it was measured, piece by piece.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub runs: Option<Vec<TextRun>>,
    /// Code to show.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The code's language.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// How many containers it lies in.
    pub depth: usize,
    /// Strokes outside the node that belong to it: the lifeline of an actor.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lifelines: Vec<Lifeline>,
}

/// A piece of text in one font, on its baseline.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
pub struct TextRun {
    /// From the node's left edge.
    pub x: f64,
    /// Of the baseline, from the node's top.
    pub y: f64,
    /// What stands there.
    pub text: String,
    /// Pixels an em.
    pub size: f64,
    /// Weight 600 rather than 400.
    pub bold: bool,
    /// Slant.
    pub italic: bool,
    /// Code.
    pub mono: bool,
}

/// A stroke from the node's corner.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
pub struct Lifeline {
    /// Start.
    pub from: Spot,
    /// End.
    pub to: Spot,
}

/// A row of a table (name, type, constraints) or a member of a class (sign, name, type).
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
pub struct TableRow {
    /// From left to right.
    pub cells: Vec<String>,
    /// Where each begins, in pixels from the node's left edge.
    pub x: Vec<f64>,
}

/// What the source sets; colours are those that are safe to put into a page.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, optional_fields))]
pub struct NodeStyle {
    /// Inside.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fill: Option<String>,
    /// Outline or line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stroke: Option<String>,
    /// Pixels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stroke_width: Option<f64>,
    /// D2's measure of dashes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stroke_dash: Option<f64>,
    /// Pixels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub border_radius: Option<f64>,
    /// 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub opacity: Option<f64>,
    /// Text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub font_color: Option<String>,
    /// What reads on `fill`, where the source names a plain one and no `font_color`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ink: Option<&'static str>,
    /// Pixels an em; always there where there is a label.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub font_size: Option<f64>,
    /// `mono`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub font: Option<&'static str>,
    /// Weight 600 rather than 400; always there where there is a label.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bold: Option<bool>,
    /// Slant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub italic: Option<bool>,
    /// Underline.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub underline: Option<bool>,
    /// Soft shadow.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shadow: Option<bool>,
    /// A stack.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub multiple: Option<bool>,
    /// A block with depth.
    #[serde(rename = "3d", skip_serializing_if = "Option::is_none")]
    pub three_d: Option<bool>,
    /// Two outlines.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub double_border: Option<bool>,
    /// `dots`, `lines`, `grain`, `paper`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fill_pattern: Option<String>,
    /// Moving dashes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub animated: Option<bool>,
}

/// An edge of React Flow.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, optional_fields, rename = "DiagramEdge"))]
pub struct Edge {
    /// Stable across edits: from ends, arrows and index.
    pub id: String,
    /// Id of the node it leaves.
    pub source: String,
    /// Id of the node it reaches.
    pub target: String,
    /// Handle at the source.
    pub source_handle: String,
    /// Handle at the target.
    pub target_handle: String,
    /// Always `spandrel`.
    pub r#type: &'static str,
    /// The label in the middle.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// For apps that draw with React Flow's own markers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub marker_start: Option<Marker>,
    /// For apps that draw with React Flow's own markers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub marker_end: Option<Marker>,
    /// Above containers, below leaves.
    pub z_index: u32,
    /// For screen readers: ends and label.
    pub aria_label: String,
    /// What the edge component draws.
    pub data: EdgeData,
}

/// A marker of React Flow's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
pub struct Marker {
    /// `arrow` or `arrowclosed`.
    pub r#type: &'static str,
}

/// What the edge component draws, in absolute canvas coordinates.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(
    feature = "typescript",
    derive(ts_rs::TS),
    ts(export, optional_fields, rename = "DiagramEdgeData")
)]
pub struct EdgeData {
    /// The line: one section.
    pub sections: Vec<Section>,
    /// Whether the points are cubic Bézier control points.
    #[serde(skip_serializing_if = "is_false")]
    pub spline: bool,
    /// Whether the ends are not at the nodes (messages of a sequence diagram).
    #[serde(skip_serializing_if = "is_false")]
    pub free: bool,
    /// The middle of the label.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label_position: Option<Spot>,
    /// The label's own size.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label_size: Option<Size>,
    /// The label, broken into lines.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lines: Option<Vec<String>>,
    /// Keywords of the heads.
    pub arrowheads: Arrowheads,
    /// The label at the source's end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source_label: Option<EndLabel>,
    /// The label at the target's end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target_label: Option<EndLabel>,
    /// What the source sets, and the label's font.
    pub style: NodeStyle,
    /// Shown on hover.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tooltip: Option<String>,
    /// Where it leads; only addresses that are safe to follow.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
}

/// A line with its bends.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, rename = "EdgeSection"))]
pub struct Section {
    /// At the source.
    pub start: Spot,
    /// Between.
    pub bends: Vec<Spot>,
    /// At the target.
    pub end: Spot,
}

/// Heads as D2 names them, absent where there is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, optional_fields))]
pub struct Arrowheads {
    /// At the source.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<&'static str>,
    /// At the target.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<&'static str>,
}

/// A label at one end of an edge, absolute.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
pub struct EndLabel {
    /// Top to bottom.
    pub lines: Vec<String>,
    /// Where it stands.
    #[serde(rename = "box")]
    pub place: Area,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature is serde's")]
fn is_false(value: &bool) -> bool {
    !value
}
