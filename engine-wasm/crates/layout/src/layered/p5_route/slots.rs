//! Which vertical line between two layers each bent edge takes.
//!
//! After Sander: Graph layout through the VCG tool, 1995 (section on manhattan layout), and the
//! segment ordering of orthogonal layered routers since: every bent edge (or bundle of edges that share an
//! attachment) is a vertical segment; for two segments that meet, the order with fewer crossings is
//! preferred, and an order that would lay one line on another is forbidden. The preferences are made
//! acyclic, and each segment takes the first free slot in that order.

use spandrel_base::LeanSort;

use super::super::lgraph::{EdgeIx, LGraph};

/// Slots from left to right, counted from 0.
pub(super) struct Slots {
    pub(super) count: usize,
    /// Bent edges with their slot.
    pub(super) of: Vec<(EdgeIx, usize)>,
}

/// A vertical segment: a bundle of edges that share attachments.
struct Segment {
    edges: Vec<EdgeIx>,
    /// Heights at which lines come in from the left, and go out to the right.
    left: Vec<f64>,
    right: Vec<f64>,
    top: f64,
    bottom: f64,
}

const STRAIGHT: f64 = 1e-6;
/// Price of one line on top of another, in crossings.
const OVERLAP: i64 = 10_000;

pub(super) fn assign(g: &LGraph, edges: &[EdgeIx], distance: f64) -> Slots {
    let segments = collect(g, edges);
    let n = segments.len();
    if n > MANY {
        return assign_many(&segments);
    }
    let mut out: Vec<Vec<(usize, i64)>> = vec![Vec::new(); n];
    let mut neutral: Vec<Vec<usize>> = vec![Vec::new(); n];
    // Segments by their top, so that only those that meet are compared.
    let mut by_top: Vec<usize> = (0..n).collect();
    by_top.lean_sort_by(|&a, &b| segments[a].top.total_cmp(&segments[b].top).then(a.cmp(&b)));
    let mut active: Vec<usize> = Vec::new();
    for &b in &by_top {
        active.retain(|&a| segments[a].bottom + distance > segments[b].top);
        for &a in &active {
            let (ab, ba) =
                (cost(&segments[a], &segments[b], distance), cost(&segments[b], &segments[a], distance));
            match ab.cmp(&ba) {
                std::cmp::Ordering::Less => out[a].push((b, ba - ab)),
                std::cmp::Ordering::Greater => out[b].push((a, ab - ba)),
                std::cmp::Ordering::Equal => {
                    neutral[a].push(b);
                    neutral[b].push(a);
                }
            }
        }
        active.push(b);
    }
    let rank = linear_order(&out);
    let mut sequence: Vec<usize> = (0..n).collect();
    sequence.lean_sort_by_key(|&s| rank[s]);
    let mut slot = vec![usize::MAX; n];
    let mut least = vec![0usize; n];
    let mut count = 0;
    // Preferences that the order turned round still keep the two apart.
    let mut turned: Vec<Vec<usize>> = vec![Vec::new(); n];
    for a in 0..n {
        for &(b, _) in &out[a] {
            if rank[b] < rank[a] {
                turned[b].push(a);
            }
        }
    }
    for s in sequence {
        let mut at = least[s];
        while neutral[s].iter().any(|&o| slot[o] == at) {
            at += 1;
        }
        slot[s] = at;
        count = count.max(at + 1);
        for &(b, _) in &out[s] {
            if rank[b] > rank[s] {
                least[b] = least[b].max(at + 1);
            }
        }
        for &b in &turned[s] {
            least[b] = least[b].max(at + 1);
        }
    }
    let mut of = Vec::new();
    for (s, segment) in segments.iter().enumerate() {
        of.extend(segment.edges.iter().map(|&e| (e, slot[s])));
    }
    Slots { count, of }
}

/// More segments than this are not compared pair by pair.
const MANY: usize = 400;

/// Slots for very many segments, in O(n log n).
///
/// Segments that lead down and begin lower go further left, those that lead up the other way round: then
/// no two of one kind cross where they need not. Each takes the slot after the last one it would touch.
fn assign_many(segments: &[Segment]) -> Slots {
    let first = |list: &[f64]| list.first().copied().unwrap_or(0.0);
    let down = |s: &Segment| first(&s.right) > first(&s.left);
    let mut sequence: Vec<usize> = (0..segments.len()).collect();
    sequence.lean_sort_by(|&a, &b| {
        let (s, t) = (&segments[a], &segments[b]);
        let by_left = first(&s.left).total_cmp(&first(&t.left));
        down(t).cmp(&down(s)).then(if down(s) { by_left.reverse() } else { by_left }).then(a.cmp(&b))
    });
    // Heights at which something begins or ends; `top_slot` holds the last slot in use at each.
    let mut heights: Vec<f64> = segments.iter().flat_map(|s| [s.top, s.bottom]).collect();
    heights.lean_sort_by(f64::total_cmp);
    heights.dedup();
    let place = |y: f64| heights.partition_point(|&h| h < y);
    let mut used = Highest::new(heights.len());
    let mut of = Vec::new();
    let mut count = 0;
    for index in sequence {
        let segment = &segments[index];
        let (from, to) = (place(segment.top), place(segment.bottom));
        let slot = used.highest(from, to);
        used.raise(from, to, slot + 1);
        count = count.max(slot + 1);
        of.extend(segment.edges.iter().map(|&e| (e, slot)));
    }
    Slots { count, of }
}

/// The largest value on a range, where ranges are raised to a value: a segment tree without push-down.
struct Highest {
    size: usize,
    /// Largest value anywhere below a node, and the value that all below it have at least.
    any: Vec<usize>,
    all: Vec<usize>,
}

impl Highest {
    fn new(len: usize) -> Self {
        let size = len.max(1).next_power_of_two();
        Self { size, any: vec![0; 2 * size], all: vec![0; 2 * size] }
    }

    /// The largest value at places `from..=to`.
    fn highest(&self, from: usize, to: usize) -> usize {
        let mut found = 0;
        let mut stack = vec![(1, 0, self.size)];
        while let Some((node, low, high)) = stack.pop() {
            if to < low || high <= from {
                continue;
            }
            if from <= low && high <= to + 1 {
                found = found.max(self.any[node]);
                continue;
            }
            found = found.max(self.all[node]);
            let middle = usize::midpoint(low, high);
            stack.push((2 * node, low, middle));
            stack.push((2 * node + 1, middle, high));
        }
        found
    }

    /// Raises places `from..=to` to at least `value`.
    fn raise(&mut self, from: usize, to: usize, value: usize) {
        let mut stack = vec![(1, 0, self.size)];
        while let Some((node, low, high)) = stack.pop() {
            if to < low || high <= from {
                continue;
            }
            self.any[node] = self.any[node].max(value);
            if from <= low && high <= to + 1 {
                self.all[node] = self.all[node].max(value);
                continue;
            }
            let middle = usize::midpoint(low, high);
            stack.push((2 * node, low, middle));
            stack.push((2 * node + 1, middle, high));
        }
    }
}

/// Crossings when `a` lies left of `b`, and what overlaps cost.
fn cost(a: &Segment, b: &Segment, distance: f64) -> i64 {
    let mut sum = 0;
    for &y in &a.right {
        if b.top + STRAIGHT < y && y < b.bottom - STRAIGHT {
            sum += 2;
        }
        for &z in &b.left {
            let d = (y - z).abs();
            if d < 1.0 {
                sum += OVERLAP;
            } else if d < 0.45 * distance {
                sum += 1;
            }
        }
    }
    for &y in &b.left {
        if a.top + STRAIGHT < y && y < a.bottom - STRAIGHT {
            sum += 2;
        }
    }
    sum
}

/// Bent edges, bundled where they share an attachment.
fn collect(g: &LGraph, edges: &[EdgeIx]) -> Vec<Segment> {
    // Edges that share an attachment are one bundle, led by the first of them.
    let mut at: Vec<(usize, usize)> = Vec::new();
    let mut parent: Vec<usize> = (0..edges.len()).collect();
    fn find(parent: &mut [usize], mut v: usize) -> usize {
        while parent[v] != v {
            parent[v] = parent[parent[v]];
            v = parent[v];
        }
        v
    }
    for (index, &edge) in edges.iter().enumerate() {
        for port in [g.edges[edge].src, g.edges[edge].dst] {
            if g.ports[port].edges.len() < 2 {
                continue;
            }
            at.push((port, index));
        }
    }
    at.lean_sort();
    for pair in at.windows(2).filter(|pair| pair[0].0 == pair[1].0) {
        let (a, b) = (find(&mut parent, pair[0].1), find(&mut parent, pair[1].1));
        parent[b.max(a)] = a.min(b);
    }
    let mut bundles: Vec<Option<Segment>> = Vec::new();
    bundles.resize_with(edges.len(), || None);
    for (index, &edge) in edges.iter().enumerate() {
        let (y0, y1) = (g.port_y(g.edges[edge].src), g.port_y(g.edges[edge].dst));
        let root = find(&mut parent, index);
        let segment = bundles[root].get_or_insert_with(|| Segment {
            edges: Vec::new(),
            left: Vec::new(),
            right: Vec::new(),
            top: f64::INFINITY,
            bottom: f64::NEG_INFINITY,
        });
        if (y0 - y1).abs() > STRAIGHT {
            segment.edges.push(edge);
        }
        segment.left.push(y0);
        segment.right.push(y1);
        segment.top = segment.top.min(y0.min(y1));
        segment.bottom = segment.bottom.max(y0.max(y1));
    }
    bundles.into_iter().flatten().filter(|s| !s.edges.is_empty()).collect()
}

/// A linear order against which few preferences (by weight) run; Eades, Lin, Smyth as in phase 1.
fn linear_order(out: &[Vec<(usize, i64)>]) -> Vec<usize> {
    let mut arcs = Vec::new();
    for (a, list) in out.iter().enumerate() {
        arcs.extend(list.iter().map(|&(b, weight)| (0, a, b, weight)));
    }
    super::super::p1_cycles::greedy(out.len(), &arcs)
}
