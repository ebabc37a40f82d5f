//! Routes of a tree drawing, in the internal frame (levels from top to bottom).
//!
//! ```text
//!          ┌───┐            edges leave at the bottom of their source, in slots; those of the spanning
//!          └┬─┬┘ strip      forest share one
//!  ─────────┼─┼──────────
//!       ┌───┘ │  gap        orthogonal: each edge beyond the forest has a channel of its own
//!  ─────┼─────┼──────────
//!     ┌─┴─┐   │  strip      a longer edge passes a level between two nodes
//!     └───┘   │
//! ```

use spandrel_base::{LeanSort, Point, Rect};

use super::Levels;
use crate::other::FlatGraph;
use crate::other::forest::Forest;

/// Routes for all edges but self-loops.
///
/// A route leaves and enters its nodes vertically, is slanted (or stepped) in the gaps between levels only,
/// and passes a level in the gap between two of its nodes that lies nearest to the straight line. So it
/// touches no foreign node.
pub(super) fn between_levels(
    graph: &FlatGraph,
    forest: &Forest,
    levels: &Levels,
    gap: f64,
    orthogonal: bool,
) -> Vec<Vec<Point>> {
    let mut passages = Passages::of(levels, gap);
    let slots = slots(graph, forest, levels);
    let count = levels.strips.len();
    // Edges beyond the forest through each gap between levels: channel 0 is the forest's.
    let mut channels = vec![0_usize; count + 1];
    let mut crossing = |level: usize| {
        channels[level] += 1;
        channels[level]
    };
    // First the columns in which each edge stands at the borders of the strips, then the points: channels
    // can only be spread when all are counted.
    let mut plans: Vec<Vec<Crossing>> = vec![Vec::new(); graph.edges.len()];
    for (index, edge) in graph.edges.iter().enumerate() {
        let Some(&(from, to)) = slots[index].as_ref() else { continue };
        let (a, b) = (levels.level[edge.source], levels.level[edge.target]);
        let plan = &mut plans[index];
        if a == b {
            plan.push(Crossing { gap: a, from, to, channel: crossing(a) });
            continue;
        }
        let own = forest.is_tree_edge[index];
        let (top, bottom) = (a.min(b), a.max(b));
        let (x_top, x_bottom) = if a < b { (from, to) } else { (to, from) };
        let mut x = x_top;
        for level in top..bottom {
            let next = if level + 1 == bottom {
                x_bottom
            } else {
                let share = (level + 1 - top) as f64 / (bottom - top) as f64;
                passages.take(level + 1, x_top + (x_bottom - x_top) * share)
            };
            let channel = if own || !orthogonal || x == next { 0 } else { crossing(level) };
            plan.push(Crossing { gap: level, from: x, to: next, channel });
            x = next;
        }
    }
    let mut routes = vec![Vec::new(); graph.edges.len()];
    for (index, edge) in graph.edges.iter().enumerate() {
        let Some((first, last)) = plans[index].first().zip(plans[index].last()) else { continue };
        let channel_y = |at: usize, channel: usize| {
            let share = (channel + 1) as f64 / (channels[at] + 2) as f64;
            levels.strips[at].1 + gap * share
        };
        let (a, b) = (levels.nodes[edge.source], levels.nodes[edge.target]);
        let (level_a, level_b) = (levels.level[edge.source], levels.level[edge.target]);
        let mut points = Vec::new();
        if level_a == level_b {
            let y = channel_y(first.gap, first.channel);
            points.extend([
                Point::new(first.from, a.bottom()),
                Point::new(first.from, y),
                Point::new(first.to, y),
                Point::new(first.to, b.bottom()),
            ]);
        } else {
            let (upper, lower) = if level_a < level_b { (a, b) } else { (b, a) };
            points.push(Point::new(first.from, upper.bottom()));
            for step in &plans[index] {
                let (y0, y1) = if orthogonal {
                    let y = channel_y(step.gap, step.channel);
                    (y, y)
                } else {
                    (levels.strips[step.gap].1, levels.strips[step.gap].1 + gap)
                };
                points.extend([Point::new(step.from, y0), Point::new(step.to, y1)]);
            }
            points.push(Point::new(last.to, lower.y));
            if level_a > level_b {
                points.reverse();
            }
        }
        routes[index] = without_needless(points);
    }
    routes
}

/// Routes for the edges of the forest alone, for drawings without common levels: the gap below a node is
/// free over the whole width of its children.
pub(super) fn along_the_tree(
    graph: &FlatGraph,
    forest: &Forest,
    nodes: &[Rect],
    gap: f64,
    orthogonal: bool,
) -> Vec<Vec<Point>> {
    let route = |(index, edge): (usize, &crate::other::FlatEdge)| {
        if !forest.is_tree_edge[index] {
            return Vec::new();
        }
        let (a, b) = (nodes[edge.source], nodes[edge.target]);
        let (from, to) = (Point::new(a.center().x, a.bottom()), Point::new(b.center().x, b.y));
        let y = a.bottom() + gap / 2.0;
        let steps = [from, Point::new(from.x, y), Point::new(to.x, y), to];
        without_needless(if orthogonal { steps.to_vec() } else { vec![from, to] })
    };
    graph.edges.iter().enumerate().map(route).collect()
}

/// The way of an edge through the gap below level `gap`.
#[derive(Clone)]
struct Crossing {
    gap: usize,
    from: f64,
    to: f64,
    channel: usize,
}

/// By edge: the columns in which it leaves its source and enters its target; `None` for self-loops.
///
/// Edges on one side of a node are ordered by where their other ends stand. Those of the forest share a
/// slot; a side with a single slot has it in the middle.
fn slots(graph: &FlatGraph, forest: &Forest, levels: &Levels) -> Vec<Option<(f64, f64)>> {
    /// The middle of the other end, whether the forest has the edge, the edge, whether this is its source.
    type End = (f64, bool, usize, bool);
    // By node and side (true: bottom).
    let mut all: Vec<((usize, bool), End)> = Vec::new();
    let middle = |node: usize| levels.nodes[node].center().x;
    for (index, edge) in graph.edges.iter().enumerate() {
        if edge.source == edge.target {
            continue;
        }
        let (a, b) = (levels.level[edge.source], levels.level[edge.target]);
        let own = forest.is_tree_edge[index];
        all.push(((edge.source, a <= b), (middle(edge.target), own, index, true)));
        all.push(((edge.target, b <= a), (middle(edge.source), own, index, false)));
    }
    let mut slots: Vec<Option<(f64, f64)>> = graph
        .edges
        .iter()
        .map(|edge| (edge.source != edge.target).then_some((middle(edge.source), middle(edge.target))))
        .collect();
    all.lean_sort_by_key(|entry| entry.0);
    for side in all.chunk_by(|a, b| a.0 == b.0) {
        let node = side[0].0.0;
        let mut ends: Vec<End> = side.iter().map(|entry| entry.1).collect();
        let others = ends.iter().filter(|end| !end.1).count();
        if others == 0 {
            continue;
        }
        let bundled = ends.len() - others;
        // The bundle stands where the mean of its children is: that is the middle of the node.
        if bundled > 0 {
            for end in ends.iter_mut().filter(|end| end.1) {
                end.0 = middle(node);
            }
        }
        ends.lean_sort_by(|a, b| a.0.total_cmp(&b.0).then(a.2.cmp(&b.2)));
        let total = others + usize::from(bundled > 0);
        let rect = levels.nodes[node];
        let at = |slot: usize| rect.x + rect.width * (slot + 1) as f64 / (total + 1) as f64;
        let mut next = 0;
        let mut bundle = None;
        for (_, own, index, is_source) in ends {
            let slot = if own { *bundle.get_or_insert(next) } else { next };
            next = next.max(slot + 1);
            if let Some(pair) = &mut slots[index] {
                *(if is_source { &mut pair.0 } else { &mut pair.1 }) = at(slot);
            }
        }
    }
    slots
}

/// Where edges can pass the levels.
struct Passages {
    gap: f64,
    /// By level: free columns as (left, right, how many edges took it), from left to right. The outermost
    /// two are open to the outside.
    free: Vec<Vec<(f64, f64, usize)>>,
}

impl Passages {
    fn of(levels: &Levels, gap: f64) -> Self {
        let mut rows: Vec<Vec<(f64, f64)>> = vec![Vec::new(); levels.strips.len()];
        for (rect, &level) in levels.nodes.iter().zip(&levels.level) {
            rows[level].push((rect.x, rect.right()));
        }
        let free = rows
            .into_iter()
            .map(|mut row| {
                row.lean_sort_by(|a, b| a.0.total_cmp(&b.0));
                let starts = row.iter().map(|node| node.0).chain([f64::INFINITY]);
                let ends = [f64::NEG_INFINITY].into_iter().chain(row.iter().map(|node| node.1));
                ends.zip(starts).map(|(left, right)| (left, right, 0)).collect()
            })
            .collect();
        Self { gap, free }
    }

    /// The column nearest to `x` in which the level can be passed.
    ///
    /// The n-th edge in one free column stands beside the ones before: at a half, a quarter, three
    /// quarters of a narrow column; in a wide one at `x` itself, moved by a little each time.
    fn take(&mut self, level: usize, x: f64) -> f64 {
        let gap = self.gap;
        let columns = &mut self.free[level];
        let distance = |&(left, right, _): &(f64, f64, usize)| (left - x).max(x - right).max(0.0);
        let after = columns.partition_point(|column| column.1 < x).min(columns.len() - 1);
        let around = after.saturating_sub(1)..(after + 2).min(columns.len());
        let nearest = around.min_by(|&a, &b| distance(&columns[a]).total_cmp(&distance(&columns[b])));
        let Some(column) = nearest.and_then(|index| columns.get_mut(index)) else { return x };
        let (left, right, taken) = *column;
        column.2 += 1;
        // Van der Corput's sequence: 1/2, 1/4, 3/4, 1/8 …
        let share = f64::from((taken as u32 + 1).reverse_bits()) / 2.0_f64.powi(32);
        if right - left <= 2.0 * gap {
            return left + (right - left) * share;
        }
        let inner = (left + gap / 2.0, right - gap / 2.0);
        let wanted = crate::places::limit(x, inner.0, inner.1);
        let low = (wanted - gap / 2.0 * (1.0 + taken as f64 / 4.0)).max(left + gap / 4.0);
        let high = (wanted + gap / 2.0 * (1.0 + taken as f64 / 4.0)).min(right - gap / 4.0);
        if taken == 0 { wanted } else { low + (high - low) * share }
    }
}

/// Leaves out repeated points and points on the line between their neighbours.
fn without_needless(points: Vec<Point>) -> Vec<Point> {
    let mut kept: Vec<Point> = Vec::with_capacity(points.len());
    for point in points {
        if kept.last() == Some(&point) && kept.len() > 1 {
            continue;
        }
        while let [.., a, b] = kept[..] {
            let turn = (b.x - a.x) * (point.y - a.y) - (b.y - a.y) * (point.x - a.x);
            let onwards = (b.x - a.x) * (point.x - b.x) + (b.y - a.y) * (point.y - b.y) >= 0.0;
            if turn.abs() > 1e-9 || !onwards {
                break;
            }
            kept.pop();
        }
        kept.push(point);
    }
    kept
}
