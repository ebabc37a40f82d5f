//! Ten thousand nodes through every algorithm: that it ends, and with finite numbers.
//!
//! Slow without optimisation: `cargo test --release -p spandrel-layout --test other_scale -- --ignored`.

use spandrel_base::Budget;
use spandrel_layout::other::{
    Choice, FlatEdge, FlatGraph, FlatNode, box_packing, disco, fixed, force, radial, random, rect_packing,
    spore, stress, tree,
};

fn graph(n: usize, parent: impl Fn(usize) -> usize) -> FlatGraph {
    FlatGraph {
        nodes: (0..n).map(|i| FlatNode::sized(40.0 + (i * 7 % 60) as f64, 30.0)).collect(),
        edges: (1..n).map(|i| FlatEdge::between(parent(i), i)).collect(),
    }
}

#[test]
#[ignore = "minutes without optimisation"]
fn ten_thousand_nodes_end() {
    let n = 10_000;
    let choices = [
        Choice::Fixed(fixed::Options::default()),
        Choice::Box(box_packing::Options::default()),
        Choice::RectPacking(rect_packing::Options::default()),
        Choice::Tree(tree::Options::default()),
        Choice::Radial(radial::Options::default()),
        Choice::Stress(stress::Options::default()),
        Choice::Force(force::Options::default()),
        Choice::SporeOverlap(spore::Options::default()),
        Choice::SporeCompaction(spore::Options::default()),
        Choice::Disco(disco::Options::default()),
        Choice::Random(random::Options::default()),
    ];
    for graph in [graph(n, |i| (i - 1) / 3), graph(n, |_| 0), graph(n, |i| i - 1)] {
        for choice in &choices {
            let layout = choice.lay_out(&graph, &Budget::default());
            assert!(layout.size.width.is_finite() && layout.size.height.is_finite(), "{choice:?}");
            assert!(layout.nodes.iter().all(|rect| rect.x.is_finite() && rect.y.is_finite()), "{choice:?}");
        }
    }
}
