//! Labels of edges that are routed one by one.

use spandrel_base::{Budget, Point, Rect};

use super::Router;
use crate::Side;
use crate::end_labels;
use crate::model::{LabelPlace, PlacedLine};

/// Shares of a segment at which a label may have its middle, in the order in which they are liked.
const SHARES: [f64; 3] = [0.5, 0.3, 0.7];
/// Prices, in pixels of a segment that is too short for its label: of a node, of a box and of a line under a
/// label, and of a place off the middle.
const NODE: f64 = 250.0;
const BOX: f64 = 120.0;
const LINE: f64 = 60.0;
const OFF_MIDDLE: f64 = 5.0;
/// What a pixel of a way around costs.
const LENGTH: f64 = 0.25;

/// What the labels in the middle of a line lie over.
#[derive(Clone, Copy, Default)]
pub(crate) struct Covered {
    /// Nodes that hold nothing.
    pub(crate) nodes: usize,
    /// Those, other labels, titles and lines, at their prices.
    price: f64,
}

impl Router<'_> {
    /// Routes an edge and gives its labels places; both are entered into the drawing.
    ///
    /// Where a label would lie over a node or another label because the way between the two ends is too short
    /// for it, ways around are tried, which leave and arrive on the same side.
    pub(crate) fn draw(&mut self, edge: usize, budget: &Budget<'_>) -> PlacedLine {
        let (covered, mut line) = self.labelled(edge, None, budget);
        if covered.price >= BOX {
            let price = |covered: Covered, line: &PlacedLine| {
                let length = |p: &[Point]| (p[0].x - p[1].x).abs() + (p[0].y - p[1].y).abs();
                covered.price + line.points.windows(2).map(length).sum::<f64>() * LENGTH
            };
            let mut least = price(covered, &line);
            for side in [Side::North, Side::East, Side::South, Side::West] {
                let (covered, other) = self.labelled(edge, Some(side), budget);
                let price = price(covered, &other);
                if price < least {
                    (least, line) = (price, other);
                }
            }
        }
        self.add_line(&line.points);
        for label in &line.labels {
            self.add_box(*label);
        }
        line
    }

    fn labelled(&self, edge: usize, side: Option<Side>, budget: &Budget<'_>) -> (Covered, PlacedLine) {
        let points = self.route(edge, side, budget);
        let mut labels = vec![None; self.graph.edges[edge].labels.len()];
        let covered = self.place_labels(edge, &points, &mut labels);
        (covered, PlacedLine { points, labels: labels.into_iter().map(Option::unwrap_or_default).collect() })
    }

    /// Gives labels without a place one: those in the middle where they cover least, the others at their ends.
    /// Gives what those in the middle lie over.
    pub(crate) fn place_labels(&self, edge: usize, points: &[Point], labels: &mut [Option<Rect>]) -> Covered {
        let e = &self.graph.edges[edge];
        let mut covered = Covered::default();
        for (label, place) in e.labels.iter().zip(labels.iter_mut()) {
            if place.is_some() || label.place != LabelPlace::Center {
                continue;
            }
            let mut best: Option<(f64, Covered, Rect)> = None;
            for pair in points.windows(2) {
                let (a, b) = (pair[0], pair[1]);
                let length = (a.x - b.x).abs() + (a.y - b.y).abs();
                let fits = if (a.x - b.x).abs() < 0.01 { label.size.height } else { label.size.width };
                for share in SHARES {
                    let plain = (fits - length).max(0.0) - length.min(200.0) * 0.025
                        + if share == 0.5 { 0.0 } else { OFF_MIDDLE };
                    let is_better = |price: f64| best.is_none_or(|(least, ..)| price < least);
                    if !is_better(plain) {
                        continue;
                    }
                    let middle = Point::new(a.x + (b.x - a.x) * share, a.y + (b.y - a.y) * share);
                    let corner = middle.offset(-label.size.width / 2.0, -label.size.height / 2.0);
                    let rect = Rect::at(corner, label.size);
                    let under = self.under(rect);
                    if is_better(plain + under.price) {
                        best = Some((plain + under.price, under, rect));
                    }
                }
            }
            if let Some((_, under, rect)) = best {
                covered.nodes += under.nodes;
                covered.price += under.price;
                *place = Some(rect);
            }
        }
        end_labels::place(e, points, labels);
        covered
    }

    /// What a label at `rect` would lie over.
    fn under(&self, rect: Rect) -> Covered {
        let leaves = self.graph.nodes.iter().zip(self.rects).skip(1);
        let nodes = leaves.filter(|(n, r)| n.children.is_empty() && r.overlaps(rect)).count();
        let boxes = self.soft.iter().filter(|other| other.overlaps(rect)).count();
        let is_under = |&&(a, b): &&(Point, Point)| {
            let (a, b) = (Rect::new(a.x, a.y, 0.0, 0.0), Rect::new(b.x, b.y, 0.0, 0.0));
            a.union(b).inflate(0.01).overlaps(rect)
        };
        let lines = self.segments.iter().filter(is_under).count();
        Covered { nodes, price: nodes as f64 * NODE + boxes as f64 * BOX + lines as f64 * LINE }
    }
}
