//! Which vertical line between two layers each bent edge takes.
//!
//! After Sander: Graph layout through the VCG tool, 1995 (section on manhattan layout), and the
//! segment ordering of orthogonal layered routers since: every bent edge (or bundle of edges that share an
//! attachment) is a vertical segment; for two segments that meet, the order with fewer crossings is
//! preferred, and an order that would lay one line on another is forbidden. The preferences are made
//! acyclic, and each segment takes the first free slot in that order.

use std::collections::BTreeMap;

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
    let mut out: Vec<Vec<(usize, i64)>> = vec![Vec::new(); n];
    let mut neutral: Vec<Vec<usize>> = vec![Vec::new(); n];
    // Segments by their top, so that only those that meet are compared.
    let mut by_top: Vec<usize> = (0..n).collect();
    by_top.sort_by(|&a, &b| segments[a].top.total_cmp(&segments[b].top).then(a.cmp(&b)));
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
    sequence.sort_by_key(|&s| rank[s]);
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
    // Bundles by attachment: the first edge seen at an attachment leads.
    let mut leader: BTreeMap<usize, usize> = BTreeMap::new();
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
            let first = *leader.entry(port).or_insert(index);
            let (a, b) = (find(&mut parent, first), find(&mut parent, index));
            parent[b.max(a)] = a.min(b);
        }
    }
    let mut bundles: BTreeMap<usize, Segment> = BTreeMap::new();
    for (index, &edge) in edges.iter().enumerate() {
        let (y0, y1) = (g.port_y(g.edges[edge].src), g.port_y(g.edges[edge].dst));
        let root = find(&mut parent, index);
        let segment = bundles.entry(root).or_insert_with(|| Segment {
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
    bundles.into_values().filter(|s| !s.edges.is_empty()).collect()
}

/// A linear order against which few preferences (by weight) run; Eades, Lin, Smyth as in phase 1.
fn linear_order(out: &[Vec<(usize, i64)>]) -> Vec<usize> {
    let mut arcs = Vec::new();
    for (a, list) in out.iter().enumerate() {
        arcs.extend(list.iter().map(|&(b, weight)| (0, a, b, weight)));
    }
    super::super::p1_cycles::greedy(out.len(), &arcs)
}
