use spandrel_base::LeanCollect;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use spandrel_base::{Point, Rect};
use spandrel_layout::{StoredDrawing, StoredRoute};

/// Where things stood, to be kept with a version: a reload, another device and the server show the same
/// coordinates.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
pub struct Drawing {
    /// The version of the engine that drew it.
    pub engine: String,
    /// By path of the board (`""` for the root).
    pub boards: BTreeMap<String, BoardDrawing>,
}

/// Positions of one board.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export))]
pub struct BoardDrawing {
    /// By node id: x, y, width, height; absolute.
    pub nodes: BTreeMap<String, [f64; 4]>,
    /// By edge key.
    #[serde(default)]
    pub edges: BTreeMap<String, RouteDrawing>,
}

/// Where an edge ran.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, optional_fields))]
pub struct RouteDrawing {
    /// x and y of each point in turn.
    pub points: Vec<f64>,
    /// Top-left corner of the label.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<[f64; 2]>,
    /// Top-left corner of the label at the source's end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_label: Option<[f64; 2]>,
    /// Top-left corner of the label at the target's end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_label: Option<[f64; 2]>,
}

impl Drawing {
    /// Boards as this engine drew them, by path.
    pub fn new<'a>(boards: impl IntoIterator<Item = (&'a str, &'a StoredDrawing)>) -> Self {
        let boards = boards.into_iter().map(|(path, stored)| (path.to_owned(), stored.into()));
        Self { engine: crate::VERSION.to_owned(), boards: boards.lean_map() }
    }
}

impl From<&StoredDrawing> for BoardDrawing {
    fn from(stored: &StoredDrawing) -> Self {
        let nodes = stored.nodes.iter().map(|(id, r)| (id.clone(), [r.x, r.y, r.width, r.height])).collect();
        let edges = stored.edges.iter().map(|(key, route)| {
            let points = route.points.iter().flat_map(|p| [p.x, p.y]).collect();
            let corner = |point: Option<Point>| point.map(|p| [p.x, p.y]);
            let route = RouteDrawing {
                points,
                label: corner(route.label),
                source_label: corner(route.src_label),
                target_label: corner(route.dst_label),
            };
            (key.clone(), route)
        });
        Self { nodes, edges: edges.collect() }
    }
}

impl From<&BoardDrawing> for StoredDrawing {
    /// What is not finite is dropped: a drawing may come from anywhere.
    fn from(wire: &BoardDrawing) -> Self {
        let finite = |numbers: &[f64]| numbers.iter().all(|n| n.is_finite());
        let nodes = wire.nodes.iter().filter(|(_, r)| finite(*r)).map(|(id, &[x, y, width, height])| {
            (id.clone(), Rect::new(x, y, width.max(0.0), height.max(0.0)))
        });
        let edges = wire.edges.iter().filter(|(_, route)| finite(&route.points)).map(|(key, route)| {
            let points = route.points.chunks_exact(2).map(|p| Point::new(p[0], p[1])).collect();
            let corner = |at: Option<[f64; 2]>| at.filter(|p| finite(p)).map(|[x, y]| Point::new(x, y));
            let route = StoredRoute {
                points,
                label: corner(route.label),
                src_label: corner(route.source_label),
                dst_label: corner(route.target_label),
            };
            (key.clone(), route)
        });
        Self { nodes: nodes.collect(), edges: edges.collect() }
    }
}
