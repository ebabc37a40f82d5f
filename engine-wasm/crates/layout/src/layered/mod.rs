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
mod write_back;

pub(crate) use import::{Scratch, Unit};
pub(crate) use write_back::{UnitDrawing, simplify};

/// Lays out one unit.
pub(crate) fn lay_out(unit: &Unit<'_>, scratch: &mut Scratch) -> UnitDrawing {
    let options = &unit.graph.nodes[unit.container].inner;
    let mut g = import::import(unit, scratch);
    // Outermost level first: the direction of an edge outside decides at which side of a container it
    // goes in.
    let mut level = 0;
    while level < g.levels.len() {
        p1_cycles::break_cycles(&mut g, unit, level);
        between::borders::continue_inside(&mut g, unit, &scratch.node_of, level);
        level += 1;
    }
    between::attach::attach(&mut g, unit);
    between::labels::insert(&mut g, unit);
    for level in 0..g.levels.len() {
        p2_layers::assign(&mut g, unit, level);
    }
    check::layered(&g);
    between::long_edges::split(&mut g);
    check::proper(&g);
    p3_order::order(&mut g, options, &|g, node| import::hint(unit, g, node).map(|p| p.y));
    check::ordered(&g);
    p4_place::place(&mut g, options.direction);
    check::placed(&g);
    p5_route::route(&mut g);
    check::routed(&g);
    let drawing = write_back::write(&g, unit);
    import::clean(&g, scratch);
    drawing
}
