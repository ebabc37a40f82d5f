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

use crate::model::CycleBreaking;
use spandrel_base::Budget;
use score::Score;

pub(crate) use import::{Scratch, Unit};
pub(crate) use write_back::{UnitDrawing, simplify};

/// Units with more links are laid out once: a second attempt would be felt.
const SMALL: usize = 150;

/// Lays out one unit; a small one that comes out with crossings or turned edges several times, and the
/// best of it is kept. Once the budget is spent, passes stop improving and the rest is done plainly.
pub(crate) fn lay_out(unit: &Unit<'_>, scratch: &mut Scratch, budget: &Budget<'_>) -> UnitDrawing {
    let options = &unit.graph.nodes[unit.container].inner;
    let chosen = Choice { cycle_breaking: options.cycle_breaking, seed: options.seed };
    let (first, turned) = attempt(unit, scratch, chosen, budget);
    if unit.links.len() > SMALL || unit.links.len() < 2 {
        return first;
    }
    let score = Score::of(&first);
    if score.crossings == 0 && turned == 0 {
        return first;
    }
    let mut others = Vec::new();
    if turned > 0 && options.cycle_breaking == CycleBreaking::Greedy {
        others.push(Choice { cycle_breaking: CycleBreaking::DepthFirst, ..chosen });
    }
    if score.crossings > 0 {
        others.push(Choice { seed: chosen.seed.wrapping_add(7919), ..chosen });
    }
    let mut best = (score.price(turned), first);
    for choice in others {
        if budget.is_over() {
            break;
        }
        let (drawing, turned) = attempt(unit, scratch, choice, budget);
        let price = Score::of(&drawing).price(turned);
        if price < best.0 * 0.995 {
            best = (price, drawing);
        }
    }
    best.1
}

/// What attempts differ in.
#[derive(Clone, Copy)]
struct Choice {
    cycle_breaking: CycleBreaking,
    seed: u64,
}

/// The passes, in order. Gives the drawing and the number of edges that were turned.
fn attempt(
    unit: &Unit<'_>,
    scratch: &mut Scratch,
    choice: Choice,
    budget: &Budget<'_>,
) -> (UnitDrawing, usize) {
    let options = &unit.graph.nodes[unit.container].inner;
    let mut g = import::import(unit, scratch);
    // Outermost level first: the direction of an edge outside decides at which side of a container it
    // goes in.
    let mut level = 0;
    while level < g.levels.len() {
        p1_cycles::break_cycles(&mut g, unit, level, choice.cycle_breaking);
        between::borders::continue_inside(&mut g, unit, &scratch.node_of, level);
        level += 1;
    }
    let turned = g.pieces.iter().filter(|p| p.reversed).count();
    between::attach::attach(&mut g, unit);
    between::labels::insert(&mut g, unit);
    for level in 0..g.levels.len() {
        p2_layers::assign(&mut g, unit, level, budget);
    }
    check::layered(&g);
    between::long_edges::split(&mut g);
    check::proper(&g);
    let hints = |g: &lgraph::LGraph, node: usize| import::hint(unit, g, node).map(|p| p.y);
    p3_order::order(&mut g, options, choice.seed, &hints, budget);
    check::ordered(&g);
    p4_place::place(&mut g, options.direction, budget);
    check::placed(&g);
    p5_route::route(&mut g);
    check::routed(&g);
    let drawing = write_back::write(&g, unit);
    import::clean(&g, scratch);
    (drawing, turned)
}
