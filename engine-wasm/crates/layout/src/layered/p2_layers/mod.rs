//! Phase 2: which layer each node lies in.

mod coffman_graham;

use super::between::borders::is_east;
use super::import::{Unit, hint};
use super::lgraph::{Kind, LGraph, LevelIx, NodeIx};
use crate::model::{LayerConstraint, Layering};
use crate::simplex::Simplex;
use spandrel_base::{Budget, LeanSort};

/// Gives every node of `level` a layer and fills `Level::layers`.
///
/// Network simplex (Gansner et al. 1993) minimises the total number of layers that edges span; the other
/// strategies replace it. Borders to the west are alone in the first layer, borders to the east alone in
/// the last.
///
/// Requires: acyclic segments. Ensures: every segment leads to a later layer; layers are not empty.
pub(super) fn assign(g: &mut LGraph, unit: &Unit<'_>, level: LevelIx, budget: &Budget<'_>) {
    let nodes = g.levels[level].nodes.clone();
    let mut problem = Simplex::new(0);
    let mut variable = vec![u32::MAX; nodes.len()];
    let (mut west, mut east) = (None, None);
    for (index, &node) in nodes.iter().enumerate() {
        variable[index] = if g.nodes[node].kind == Kind::Border {
            let shared = if is_east(g, node) { &mut east } else { &mut west };
            *shared.get_or_insert_with(|| problem.variable())
        } else {
            problem.variable()
        };
    }
    let place = |g: &LGraph, node: NodeIx| g.nodes[node].order;
    let count = problem.len();
    let (mut has_in, mut has_out) = (vec![false; count], vec![false; count]);
    for &piece in &g.levels[level].pieces {
        for &segment in &g.pieces[piece].segments {
            let (a, b) = (variable[place(g, g.src(segment))], variable[place(g, g.dst(segment))]);
            if a == b {
                continue;
            }
            problem.arc(a, b, 1.0, g.edges[segment].weight);
            has_out[a as usize] = true;
            has_in[b as usize] = true;
        }
    }
    for v in 0..count as u32 {
        if let Some(west) = west.filter(|&w| w != v && !has_in[v as usize]) {
            problem.arc(west, v, 1.0, 0.0);
        }
        if let Some(east) = east.filter(|&e| e != v && !has_out[v as usize]) {
            problem.arc(v, east, 1.0, 0.0);
        }
    }
    constrain(g, unit, &nodes, &variable, &has_in, &has_out, &mut problem);
    let options = &unit.graph.nodes[unit.container].inner;
    let start = problem.longest_path().or_else(|| problem.repair(vec![0.0; problem.len()]));
    let Some(start) = start else {
        // Contradictory constraints: keep the edges' own order only.
        fallback(g, level, &nodes);
        return;
    };
    let ranks = match options.layering {
        Layering::LongestPathSource => start,
        Layering::LongestPath => latest(&problem, &start),
        Layering::Interactive => interactive(g, unit, &nodes, &problem, start),
        Layering::CoffmanGraham => {
            let arcs: Vec<(usize, usize)> = g.levels[level]
                .pieces
                .iter()
                .flat_map(|&p| &g.pieces[p].segments)
                .map(|&s| (place(g, g.src(s)), place(g, g.dst(s))))
                .collect();
            let mut ranks = start.clone();
            for (index, layer) in
                coffman_graham::layers(nodes.len(), &arcs, options.layer_bound).into_iter().enumerate()
            {
                ranks[variable[index] as usize] = layer as f64;
            }
            problem.repair(ranks).unwrap_or(start)
        }
        Layering::NetworkSimplex => problem.solve(start, WORK, budget),
    };
    let mut layer: Vec<i64> = (0..nodes.len()).map(|n| ranks[variable[n] as usize].round() as i64).collect();
    if problem.len() == count && options.layering != Layering::CoffmanGraham {
        align_parts(g, level, &nodes, &variable, count, &mut layer);
    }
    let least = layer.iter().copied().min().unwrap_or(0);
    for l in &mut layer {
        *l -= least;
    }
    let highest = layer.iter().copied().max().unwrap_or(0);
    // Empty layers go.
    let mut used = vec![false; highest as usize + 1];
    for &l in &layer {
        used[l as usize] = true;
    }
    let mut place = vec![0usize; used.len()];
    let mut next = 0;
    for (l, &u) in used.iter().enumerate() {
        place[l] = next;
        next += usize::from(u);
    }
    g.levels[level].layers = vec![Vec::new(); next];
    for (index, &node) in nodes.iter().enumerate() {
        let l = place[layer[index] as usize];
        g.nodes[node].layer = l;
        g.levels[level].layers[l].push(node);
    }
}

/// What the simplex may cost, in variables touched.
const WORK: u64 = 15_000_000;

/// Parts without edges between them float freely in a simplex: all begin in the first layer, unless
/// borders or constraints tie them.
fn align_parts(
    g: &LGraph,
    level: LevelIx,
    nodes: &[NodeIx],
    variable: &[u32],
    count: usize,
    layer: &mut [i64],
) {
    let constrained = nodes.iter().any(|&n| g.nodes[n].kind == Kind::Border);
    if constrained {
        return;
    }
    let mut part: Vec<usize> = (0..count).collect();
    fn find(part: &mut [usize], mut v: usize) -> usize {
        while part[v] != v {
            part[v] = part[part[v]];
            v = part[v];
        }
        v
    }
    let at = |node: NodeIx| variable[g.nodes[node].order] as usize;
    for &piece in &g.levels[level].pieces {
        for &segment in &g.pieces[piece].segments {
            let (a, b) = (find(&mut part, at(g.src(segment))), find(&mut part, at(g.dst(segment))));
            part[a] = b;
        }
    }
    let mut least = vec![i64::MAX; count];
    for index in 0..nodes.len() {
        let root = find(&mut part, variable[index] as usize);
        least[root] = least[root].min(layer[index]);
    }
    for index in 0..nodes.len() {
        let root = find(&mut part, variable[index] as usize);
        layer[index] -= least[root];
    }
}

/// Layer constraints and partitions as further arcs.
fn constrain(
    g: &LGraph,
    unit: &Unit<'_>,
    nodes: &[NodeIx],
    variable: &[u32],
    has_in: &[bool],
    has_out: &[bool],
    problem: &mut Simplex,
) {
    let constraint = |node: NodeIx| match g.nodes[node].kind {
        Kind::Real(model) => unit.graph.nodes[model].layer_constraint,
        _ => LayerConstraint::None,
    };
    let any = |wanted: LayerConstraint| nodes.iter().any(|&n| constraint(n) == wanted);
    if any(LayerConstraint::First) || any(LayerConstraint::FirstSeparate) {
        let (separate, first) = (problem.variable(), problem.variable());
        problem.arc(separate, first, 1.0, 0.0);
        for (index, &node) in nodes.iter().enumerate() {
            let v = variable[index];
            match constraint(node) {
                LayerConstraint::FirstSeparate => {
                    problem.arc(separate, v, 0.0, 0.0);
                    if !has_in[v as usize] {
                        problem.arc(v, separate, 0.0, 0.0);
                    }
                }
                other => {
                    problem.arc(first, v, 0.0, 0.0);
                    if other == LayerConstraint::First && !has_in[v as usize] {
                        problem.arc(v, first, 0.0, 0.0);
                    }
                }
            }
        }
    }
    if any(LayerConstraint::Last) || any(LayerConstraint::LastSeparate) {
        let (last, separate) = (problem.variable(), problem.variable());
        problem.arc(last, separate, 1.0, 0.0);
        for (index, &node) in nodes.iter().enumerate() {
            let v = variable[index];
            match constraint(node) {
                LayerConstraint::LastSeparate => {
                    problem.arc(v, separate, 0.0, 0.0);
                    if !has_out[v as usize] {
                        problem.arc(separate, v, 0.0, 0.0);
                    }
                }
                other => {
                    problem.arc(v, last, 0.0, 0.0);
                    if other == LayerConstraint::Last && !has_out[v as usize] {
                        problem.arc(last, v, 0.0, 0.0);
                    }
                }
            }
        }
    }
    if unit.graph.nodes[unit.container].inner.partitioning {
        let mut members: Vec<(i64, u32)> = Vec::new();
        for (index, &node) in nodes.iter().enumerate() {
            if let Kind::Real(model) = g.nodes[node].kind
                && let Some(partition) = unit.graph.nodes[model].partition
            {
                members.push((partition, variable[index]));
            }
        }
        members.lean_sort_by_key(|m| m.0);
        let groups: Vec<&[(i64, u32)]> = members.chunk_by(|a, b| a.0 == b.0).collect();
        for pair in groups.windows(2) {
            let wall = problem.variable();
            for &(_, v) in pair[0] {
                problem.arc(v, wall, 1.0, 0.0);
            }
            for &(_, v) in pair[1] {
                problem.arc(wall, v, 0.0, 0.0);
            }
        }
    }
}

/// As late as possible: the mirror image of the longest path.
fn latest(problem: &Simplex, early: &[f64]) -> Vec<f64> {
    let last = early.iter().copied().fold(0.0, f64::max);
    match problem.mirrored().longest_path() {
        Some(back) => back.into_iter().map(|b| last - b).collect(),
        None => early.to_vec(),
    }
}

/// Layers by the given positions along the flow: a node begins a new layer where it no longer overlaps
/// the ones before it. Edges that would not lead forward push their target on.
fn interactive(
    g: &LGraph,
    unit: &Unit<'_>,
    nodes: &[NodeIx],
    problem: &Simplex,
    start: Vec<f64>,
) -> Vec<f64> {
    let mut given: Vec<(f64, usize)> = Vec::new();
    for (index, &node) in nodes.iter().enumerate() {
        if let Some(p) = hint(unit, g, node) {
            given.push((p.x, index));
        }
    }
    given.lean_sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut ranks = vec![0.0; start.len()];
    let mut layer = -1.0;
    let mut end = f64::NEG_INFINITY;
    for (x, index) in given {
        let half = g.nodes[nodes[index]].w / 2.0;
        if x - half >= end {
            layer += 1.0;
            end = x + half;
        }
        if index < ranks.len() {
            ranks[index] = layer;
        }
    }
    problem.repair(ranks).unwrap_or(start)
}

/// Layers by the pieces alone, without any constraint.
fn fallback(g: &mut LGraph, level: LevelIx, nodes: &[NodeIx]) {
    let mut problem = Simplex::new(nodes.len());
    let at = |g: &LGraph, node: NodeIx| g.nodes[node].order as u32;
    for &piece in &g.levels[level].pieces {
        for &segment in &g.pieces[piece].segments {
            problem.arc(at(g, g.src(segment)), at(g, g.dst(segment)), 1.0, 1.0);
        }
    }
    let ranks = problem.longest_path().unwrap_or_else(|| vec![0.0; nodes.len()]);
    let count = ranks.iter().copied().fold(0.0, f64::max) as usize + 1;
    g.levels[level].layers = vec![Vec::new(); count];
    for (index, &node) in nodes.iter().enumerate() {
        g.nodes[node].layer = ranks[index] as usize;
        g.levels[level].layers[ranks[index] as usize].push(node);
    }
}
