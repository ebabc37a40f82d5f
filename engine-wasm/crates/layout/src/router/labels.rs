//! Labels of edges that are routed one by one.

use spandrel_base::{Budget, Point, Rect};

use super::Router;
use crate::Side;
use crate::end_labels;
use crate::model::{LabelPlace, PlacedLine};

/// Shares of a segment at which a label may have its middle, in the order in which they are liked.
const SHARES: [f64; 3] = [0.5, 0.3, 0.7];
/// Prices, in pixels of a segment that is too short for its label: of a node and of a box under a label, and of
/// a place off the middle.
const NODE: f64 = 250.0;
const BOX: f64 = 60.0;
const OFF_MIDDLE: f64 = 5.0;

impl Router<'_> {
    /// Routes an edge and gives its labels places; both are entered into the drawing.
    ///
    /// Where a label would lie over a node because the way between the two ends is too short for it, ways
    /// around are tried, which leave and arrive on the same side.
    pub(crate) fn draw(&mut self, edge: usize, budget: &Budget<'_>) -> PlacedLine {
        let (mut covered, mut line) = self.labelled(edge, None, budget);
        if covered > 0 {
            let length = |line: &PlacedLine| -> f64 {
                line.points.windows(2).map(|p| (p[0].x - p[1].x).abs() + (p[0].y - p[1].y).abs()).sum()
            };
            let mut least = f64::INFINITY;
            for side in [Side::North, Side::East, Side::South, Side::West] {
                let (over, other) = self.labelled(edge, Some(side), budget);
                let length = length(&other);
                if over < covered || over == covered && length < least && least.is_finite() {
                    (covered, line, least) = (over, other, length);
                }
            }
        }
        self.add_line(&line.points);
        for label in &line.labels {
            self.add_box(*label);
        }
        line
    }

    fn labelled(&self, edge: usize, side: Option<Side>, budget: &Budget<'_>) -> (usize, PlacedLine) {
        let points = self.route(edge, side, budget);
        let mut labels = vec![None; self.graph.edges[edge].labels.len()];
        let covered = self.place_labels(edge, &points, &mut labels);
        (covered, PlacedLine { points, labels: labels.into_iter().map(Option::unwrap_or_default).collect() })
    }

    /// Gives labels without a place one: those in the middle where they cover least, the others at their ends.
    /// Gives the number of nodes that those in the middle lie over.
    pub(crate) fn place_labels(&self, edge: usize, points: &[Point], labels: &mut [Option<Rect>]) -> usize {
        let e = &self.graph.edges[edge];
        let mut covered = 0;
        for (label, place) in e.labels.iter().zip(labels.iter_mut()) {
            if place.is_some() || label.place != LabelPlace::Center {
                continue;
            }
            let mut best: Option<(f64, usize, Rect)> = None;
            for pair in points.windows(2) {
                let (a, b) = (pair[0], pair[1]);
                let length = (a.x - b.x).abs() + (a.y - b.y).abs();
                let fits = if (a.x - b.x).abs() < 0.01 { label.size.height } else { label.size.width };
                for share in SHARES {
                    let middle = Point::new(a.x + (b.x - a.x) * share, a.y + (b.y - a.y) * share);
                    let corner = middle.offset(-label.size.width / 2.0, -label.size.height / 2.0);
                    let rect = Rect::at(corner, label.size);
                    let leaves = self.graph.nodes.iter().zip(self.rects).skip(1);
                    let over = leaves.filter(|(n, r)| n.children.is_empty() && r.overlaps(rect)).count();
                    let boxes = self.soft.iter().filter(|other| other.overlaps(rect)).count();
                    let price = over as f64 * NODE + boxes as f64 * BOX + (fits - length).max(0.0)
                        - length.min(200.0) * 0.025
                        + if share == 0.5 { 0.0 } else { OFF_MIDDLE };
                    if best.is_none_or(|(least, ..)| price < least) {
                        best = Some((price, over, rect));
                    }
                }
            }
            if let Some((_, over, rect)) = best {
                covered += over;
                *place = Some(rect);
            }
        }
        end_labels::place(e, points, labels);
        covered
    }
}
