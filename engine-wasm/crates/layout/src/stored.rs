//! A drawing small enough to be kept with a version: positions by id.

use std::collections::BTreeMap;

use spandrel_base::{Point, Rect};

/// Where things stood, by the ids of the board. Given back to `lay_out` it holds the picture still; where
/// nothing has changed it reproduces it exactly.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StoredDrawing {
    /// By absolute node id.
    pub nodes: BTreeMap<String, Rect>,
    /// By edge key (`Board::edge_key`).
    pub edges: BTreeMap<String, StoredRoute>,
}

/// Where an edge ran.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StoredRoute {
    /// As in `Route::points`.
    pub points: Vec<Point>,
    /// Top-left corner of the label.
    pub label: Option<Point>,
    /// Top-left corner of the label at the source's arrowhead.
    pub src_label: Option<Point>,
    /// Top-left corner of the label at the target's arrowhead.
    pub dst_label: Option<Point>,
}
