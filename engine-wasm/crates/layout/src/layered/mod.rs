//! The layered layout: a unit (a container with what takes part of its inside) to coordinates.
//!
//! The passes of [`lay_out`] are the five phases of Sugiyama, Tagawa and Toda (1981) with small passes
//! between them. Every pass states what it requires and ensures; `check` verifies it in debug builds.

mod axis;
mod between;
mod check;
mod import;
mod lgraph;
mod p1_cycles;
mod p2_layers;
mod p3_order;
mod p4_place;
mod p5_route;
mod score;
mod write_back;

use crate::model::{Alignment, CycleBreaking, Placement};
use score::Score;
use spandrel_base::Budget;

pub(crate) use import::{Scratch, Unit};
pub(crate) use p5_route::curves::curved;
pub(crate) use write_back::{UnitDrawing, simplify};

/// Units with more links are laid out once: a second attempt would be felt.
const SMALL: usize = 150;
/// Share of the price of a drawing under which another one is preferred.
const BETTER: f64 = 0.995;

/// Lays out one unit. A small one that comes out with edges against the flow is tried with others turned, and
/// the better drawing is kept. Once the budget is spent, passes stop improving and the rest is done plainly.
pub(crate) fn lay_out(unit: &Unit<'_>, scratch: &mut Scratch, budget: &Budget<'_>) -> UnitDrawing {
    let cycle_breaking = unit.graph.nodes[unit.container].inner.cycle_breaking;
    let mut g = prepared(unit, scratch, cycle_breaking);
    let turned = turned(&g);
    let first = attempt(&mut g, unit, scratch, turned.len(), budget);
    let small = (2..=SMALL).contains(&unit.links.len());
    if !small || turned.is_empty() || cycle_breaking != CycleBreaking::Greedy || budget.is_over() {
        return first;
    }
    let mut g = prepared(unit, scratch, CycleBreaking::DepthFirst);
    let others = self::turned(&g);
    // The same edges turned make the same drawing.
    if others == turned {
        import::clean(&g, scratch);
        return first;
    }
    let second = attempt(&mut g, unit, scratch, others.len(), budget);
    let price = Score::of(&first).price(turned.len()) * BETTER;
    if Score::of(&second).price(others.len()) < price { second } else { first }
}

/// The working graph without cycles.
fn prepared(unit: &Unit<'_>, scratch: &mut Scratch, cycle_breaking: CycleBreaking) -> lgraph::LGraph {
    let mut g = import::import(unit, scratch);
    // Outermost level first: the direction of an edge outside decides at which side of a container it
    // goes in.
    let mut level = 0;
    while level < g.levels.len() {
        p1_cycles::break_cycles(&mut g, unit, level, cycle_breaking);
        between::borders::continue_inside(&mut g, unit, &scratch.node_of, level);
        level += 1;
    }
    g
}

/// Which pieces run against the flow.
fn turned(g: &lgraph::LGraph) -> Vec<usize> {
    (0..g.pieces.len()).filter(|&piece| g.pieces[piece].reversed).collect()
}

/// The passes on a graph without cycles, in order. `turned` pieces run against the flow.
fn attempt(
    g: &mut lgraph::LGraph,
    unit: &Unit<'_>,
    scratch: &mut Scratch,
    turned: usize,
    budget: &Budget<'_>,
) -> UnitDrawing {
    let options = &unit.graph.nodes[unit.container].inner;
    between::attach::attach(g, unit, &scratch.node_of);
    between::labels::insert(g, unit);
    for level in 0..g.levels.len() {
        p2_layers::assign(g, unit, level, budget);
    }
    check::layered(g);
    between::long_edges::split(g);
    check::proper(g);
    let hints = |g: &lgraph::LGraph, node: usize| import::hint(unit, g, node).map(|p| p.y);
    p3_order::order(g, options, options.seed, &hints, budget);
    check::ordered(g);
    import::clean(g, scratch);
    // Alignments without a corner are what most callers write out without meaning it: the optimum competes.
    let open =
        matches!(options.placement, Placement::BrandesKoepf(Alignment::Smallest | Alignment::Balanced));
    if !open || unit.links.len() > SMALL {
        let placement = if open { Placement::Best } else { options.placement };
        return finish(g, unit, placement, &hints, budget);
    }
    let unplaced = Unplaced::of(g);
    let drawing = finish(g, unit, Placement::Best, &hints, budget);
    let score = Score::of(&drawing);
    if score.bends == 0 || unit.links.len() < 2 || budget.is_over() {
        return drawing;
    }
    unplaced.restore(g);
    let other = finish(g, unit, options.placement, &hints, budget);
    if Score::of(&other).price(turned) < score.price(turned) * BETTER { other } else { drawing }
}

/// The passes after the order is found: these differ with the placement.
fn finish(
    g: &mut lgraph::LGraph,
    unit: &Unit<'_>,
    placement: Placement,
    hints: &p4_place::Hints<'_>,
    budget: &Budget<'_>,
) -> UnitDrawing {
    let options = &unit.graph.nodes[unit.container].inner;
    p4_place::place(g, options, placement, hints, budget);
    check::placed(g);
    p5_route::route(g, options.routing);
    check::routed(g);
    write_back::write(g, unit)
}

/// What [`finish`] overwrites and reads: put back, the graph can be placed another way.
struct Unplaced {
    heights: Vec<f64>,
    ports: Vec<Option<f64>>,
}

impl Unplaced {
    fn of(g: &lgraph::LGraph) -> Self {
        Self { heights: g.nodes.iter().map(|n| n.h).collect(), ports: g.ports.iter().map(|p| p.y).collect() }
    }

    fn restore(self, g: &mut lgraph::LGraph) {
        for (node, h) in g.nodes.iter_mut().zip(self.heights) {
            node.h = h;
        }
        for (port, y) in g.ports.iter_mut().zip(self.ports) {
            match y {
                Some(y) => port.stand(y),
                None => port.y = None,
            }
        }
        for edge in &mut g.edges {
            edge.bends.clear();
        }
    }
}
