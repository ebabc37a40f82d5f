//! Which nodes are near enough to repel each other.

use spandrel_base::Point;

/// Most nodes of a cell that act on one; where there are more, every second or third … acts with double or
/// triple strength.
const MOST: usize = 48;

/// Nodes in the cells of a square grid.
pub(super) struct Field {
    reach: f64,
    columns: usize,
    rows: usize,
    /// Nodes by cell, row by row; `starts[c]..starts[c + 1]` are those of cell `c`.
    nodes: Vec<usize>,
    starts: Vec<usize>,
    cell_of: Vec<usize>,
    points: Vec<Point>,
}

impl Field {
    /// Cells are `reach` wide, and wider where the drawing is so sparse that most would be empty.
    pub(super) fn of(points: &[Point], reach: f64) -> Self {
        let low = |axis: fn(&Point) -> f64| points.iter().map(axis).fold(f64::INFINITY, f64::min);
        let high = |axis: fn(&Point) -> f64| points.iter().map(axis).fold(f64::NEG_INFINITY, f64::max);
        let origin = Point::new(low(|p| p.x), low(|p| p.y));
        let (width, height) = (high(|p| p.x) - origin.x, high(|p| p.y) - origin.y);
        let most = (2 * points.len()).max(16) as f64;
        let mut cell = reach;
        while (width / cell + 1.0) * (height / cell + 1.0) > most && cell.is_finite() {
            cell *= 2.0;
        }
        let columns = (width / cell) as usize + 1;
        let rows = (height / cell) as usize + 1;
        let cell_of: Vec<usize> = points
            .iter()
            .map(|point| {
                let column = ((point.x - origin.x) / cell) as usize;
                let row = ((point.y - origin.y) / cell) as usize;
                row.min(rows - 1) * columns + column.min(columns - 1)
            })
            .collect();
        // Counting sort: nodes of a cell stay in model order.
        let mut starts = vec![0; columns * rows + 1];
        for &cell in &cell_of {
            starts[cell + 1] += 1;
        }
        for cell in 0..columns * rows {
            starts[cell + 1] += starts[cell];
        }
        let mut next = starts.clone();
        let mut nodes = vec![0; points.len()];
        for (node, &cell) in cell_of.iter().enumerate() {
            nodes[next[cell]] = node;
            next[cell] += 1;
        }
        Self { reach, columns, rows, nodes, starts, cell_of, points: points.to_vec() }
    }

    /// Calls `act` with every other node within reach and the strength with which it counts.
    pub(super) fn each_near(&self, node: usize, mut act: impl FnMut(usize, f64)) {
        let (column, row) = (self.cell_of[node] % self.columns, self.cell_of[node] / self.columns);
        let at = self.points[node];
        for row in row.saturating_sub(1)..(row + 2).min(self.rows) {
            for column in column.saturating_sub(1)..(column + 2).min(self.columns) {
                let cell = row * self.columns + column;
                let inside = &self.nodes[self.starts[cell]..self.starts[cell + 1]];
                let stride = if self.reach.is_finite() { inside.len().div_ceil(MOST).max(1) } else { 1 };
                for &other in inside.iter().skip(node % stride).step_by(stride) {
                    let (dx, dy) = (self.points[other].x - at.x, self.points[other].y - at.y);
                    if other != node && dx * dx + dy * dy < self.reach * self.reach {
                        act(other, stride as f64);
                    }
                }
            }
        }
    }
}
