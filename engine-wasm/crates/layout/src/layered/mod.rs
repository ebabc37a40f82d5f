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
    let options = &unit.graph.nodes[unit.container].inner;
    let first = attempt(unit, scratch, options.cycle_breaking, budget);
    let Some(score) = first.score else { return first.drawing };
    if first.turned == 0 || options.cycle_breaking != CycleBreaking::Greedy || budget.is_over() {
        return first.drawing;
    }
    let second = attempt(unit, scratch, CycleBreaking::DepthFirst, budget);
    let price = second.score.map_or(f64::INFINITY, |score| score.price(second.turned));
    if price < score.price(first.turned) * BETTER { second.drawing } else { first.drawing }
}

/// A drawing, its score where the unit is small enough for comparing, and how many edges were turned.
struct Attempt {
    drawing: UnitDrawing,
    score: Option<Score>,
    turned: usize,
}

/// The passes, in order.
fn attempt(
    unit: &Unit<'_>,
    scratch: &mut Scratch,
    cycle_breaking: CycleBreaking,
    budget: &Budget<'_>,
) -> Attempt {
    let options = &unit.graph.nodes[unit.container].inner;
    let mut g = import::import(unit, scratch);
    // Outermost level first: the direction of an edge outside decides at which side of a container it
    // goes in.
    let mut level = 0;
    while level < g.levels.len() {
        p1_cycles::break_cycles(&mut g, unit, level, cycle_breaking);
        between::borders::continue_inside(&mut g, unit, &scratch.node_of, level);
        level += 1;
    }
    let turned = g.pieces.iter().filter(|p| p.reversed).count();
    between::attach::attach(&mut g, unit, &scratch.node_of);
    between::labels::insert(&mut g, unit);
    for level in 0..g.levels.len() {
        p2_layers::assign(&mut g, unit, level, budget);
    }
    check::layered(&g);
    between::long_edges::split(&mut g);
    check::proper(&g);
    let hints = |g: &lgraph::LGraph, node: usize| import::hint(unit, g, node).map(|p| p.y);
    p3_order::order(&mut g, options, options.seed, &hints, budget);
    check::ordered(&g);
    import::clean(&g, scratch);
    let small = (2..=SMALL).contains(&unit.links.len());
    // Alignments without a corner are what most callers write out without meaning it: the optimum competes.
    let open =
        matches!(options.placement, Placement::BrandesKoepf(Alignment::Smallest | Alignment::Balanced));
    let placement = if open { Placement::Best } else { options.placement };
    if !small {
        return Attempt { drawing: finish(&mut g, unit, placement, &hints, budget), score: None, turned };
    }
    let unplaced = open.then(|| Unplaced::of(&g));
    let mut drawing = finish(&mut g, unit, placement, &hints, budget);
    let mut score = Score::of(&drawing);
    if let Some(unplaced) = unplaced.filter(|_| score.bends > 0 && !budget.is_over()) {
        unplaced.restore(&mut g);
        let other = finish(&mut g, unit, options.placement, &hints, budget);
        let next = Score::of(&other);
        if next.price(turned) < score.price(turned) * BETTER {
            (score, drawing) = (next, other);
        }
    }
    Attempt { drawing, score: Some(score), turned }
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
            port.y = y;
        }
        for edge in &mut g.edges {
            edge.bends.clear();
        }
    }
}
