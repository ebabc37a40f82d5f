//! Draws a few graphs with the algorithms of `layout::other`, one SVG each, to look at them.
//!
//! `cargo run -p spandrel-layout --example other -- FOLDER`

use std::fmt::Write as _;
use std::path::Path;

use spandrel_base::{Budget, Point};
use spandrel_layout::other::{
    Direction, FlatEdge, FlatGraph, FlatLayout, FlatNode, box_packing, force, radial, random, rect_packing,
    spore, stress, tree,
};

fn main() -> std::io::Result<()> {
    let folder = std::env::args().nth(1).unwrap_or_else(|| ".".to_owned());
    std::fs::create_dir_all(&folder)?;
    let save = |name: &str, graph: &FlatGraph, layout: &FlatLayout| {
        std::fs::write(Path::new(&folder).join(name).with_extension("svg"), svg(graph, layout))
    };
    let budget = Budget::default();
    let boxes = boxes(40);
    for (name, mode) in [
        ("box-simple", box_packing::PackingMode::Simple),
        ("box-dec", box_packing::PackingMode::GroupDec),
        ("box-mixed", box_packing::PackingMode::GroupMixed),
        ("box-inc", box_packing::PackingMode::GroupInc),
    ] {
        let options = box_packing::Options { mode, ..box_packing::Options::default() };
        save(name, &boxes, &box_packing::lay_out(&boxes, &options))?;
    }
    save("rect", &boxes, &rect_packing::lay_out(&boxes, &rect_packing::Options::default()))?;
    let expanded = rect_packing::Options { expand_nodes: true, ..rect_packing::Options::default() };
    save("rect-expanded", &boxes, &rect_packing::lay_out(&boxes, &expanded))?;

    let organisation = tree_graph(40, 0);
    let tangled = tree_graph(30, 12);
    let forest = forest();
    for (name, graph, options) in [
        ("tree", &organisation, tree::Options::default()),
        ("tree-orthogonal", &organisation, orthogonal(Direction::Down)),
        ("tree-right", &organisation, orthogonal(Direction::Right)),
        ("tree-compact", &organisation, tree::Options { compaction: true, ..tree::Options::default() }),
        ("tree-tangled", &tangled, tree::Options::default()),
        ("tree-tangled-orthogonal", &tangled, orthogonal(Direction::Down)),
        ("tree-forest", &forest, tree::Options::default()),
    ] {
        save(name, graph, &tree::lay_out(graph, &options))?;
    }

    let scattered = scattered(60);
    let spore_options = spore::Options::default();
    save("spore-overlap", &scattered, &spore::remove_overlaps(&scattered, &spore_options, &budget))?;
    let wide = stretched(&scattered);
    save("spore-compaction", &wide, &spore::compact(&wide, &spore_options, &budget))?;

    let ring = ring(24);
    let mesh = mesh(8);
    for (name, graph) in [
        ("tree", &organisation),
        ("tangled", &tangled),
        ("forest", &forest),
        ("ring", &ring),
        ("mesh", &mesh),
    ] {
        let of = |algorithm: &str| format!("{algorithm}-{name}");
        save(&of("stress"), graph, &stress::lay_out(graph, &stress::Options::default(), &budget))?;
        save(&of("force"), graph, &force::lay_out(graph, &force::Options::default(), &budget))?;
        let eades = force::Options { model: force::Model::Eades, ..force::Options::default() };
        save(&of("eades"), graph, &force::lay_out(graph, &eades, &budget))?;
        save(&of("radial"), graph, &radial::lay_out(graph, &radial::Options::default()))?;
    }
    save("random", &ring, &random::lay_out(&ring, &random::Options::default(), &budget))?;
    Ok(())
}

fn ring(n: usize) -> FlatGraph {
    let mut graph = boxes(n);
    graph.edges.extend((0..n).map(|i| FlatEdge::between(i, (i + 1) % n)));
    graph
}

fn mesh(side: usize) -> FlatGraph {
    let mut graph = boxes(side * side);
    let right = (0..side * side).filter(|i| i % side + 1 < side).map(|i| (i, i + 1));
    let below = (0..side * (side - 1)).map(|i| (i, i + side));
    graph.edges.extend(right.chain(below).map(|(a, b)| FlatEdge::between(a, b)));
    graph
}

fn orthogonal(direction: Direction) -> tree::Options {
    tree::Options { direction, routing: tree::Routing::Orthogonal, ..tree::Options::default() }
}

/// Numbers below `below` that jump about, the same each time.
fn jump(index: usize, below: usize) -> usize {
    (index * 7919 + index * index * 31) % below
}

fn boxes(n: usize) -> FlatGraph {
    let node = |i| FlatNode::sized(30.0 + jump(i, 90) as f64, 20.0 + jump(i + 5, 60) as f64);
    FlatGraph { nodes: (0..n).map(node).collect(), edges: Vec::new() }
}

fn tree_graph(n: usize, more: usize) -> FlatGraph {
    let mut graph = boxes(n);
    graph.edges.extend((1..n).map(|i| FlatEdge::between((i - 1) / (2 + i % 3), i)));
    graph.edges.extend((0..more).map(|i| FlatEdge::between(jump(i, n), jump(i * 3 + 1, n))));
    graph
}

fn forest() -> FlatGraph {
    let mut graph = boxes(30);
    graph.edges.extend((1..30).filter(|i| i % 7 != 0).map(|i| FlatEdge::between(i - 1 - i % 7 / 3, i)));
    graph
}

fn scattered(n: usize) -> FlatGraph {
    let mut graph = boxes(n);
    for (i, node) in graph.nodes.iter_mut().enumerate() {
        node.position = Some(Point::new(jump(i + 1, 400) as f64, jump(i + 9, 300) as f64));
    }
    graph
}

fn stretched(graph: &FlatGraph) -> FlatGraph {
    let mut graph = graph.clone();
    for node in &mut graph.nodes {
        node.position = node.position.map(|at| Point::new(at.x * 8.0, at.y * 8.0));
    }
    graph
}

fn svg(graph: &FlatGraph, layout: &FlatLayout) -> String {
    let mut out = String::new();
    let size = layout.size;
    let _ = writeln!(
        out,
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" width="{}" height="{}"><rect width="100%" height="100%" fill="white"/>"#,
        size.width, size.height, size.width, size.height
    );
    for (index, rect) in layout.nodes.iter().enumerate() {
        let _ = writeln!(
            out,
            r##"<rect x="{}" y="{}" width="{}" height="{}" fill="#e8eefc" stroke="#4262c5"/><text x="{}" y="{}" font-size="10" text-anchor="middle" dominant-baseline="middle" font-family="sans-serif">{index}</text>"##,
            rect.x,
            rect.y,
            rect.width,
            rect.height,
            rect.center().x,
            rect.center().y
        );
    }
    for (edge, route) in graph.edges.iter().zip(&layout.routes) {
        let points: Vec<String> = route.iter().map(|point| format!("{},{}", point.x, point.y)).collect();
        let points = points.join(" ");
        let colour = if edge.source == edge.target { "#b5532a" } else { "#333" };
        let _ = writeln!(out, r#"<polyline points="{points}" fill="none" stroke="{colour}"/>"#);
        if let Some(end) = route.last() {
            let _ = writeln!(out, r#"<circle cx="{}" cy="{}" r="2.5" fill="{colour}"/>"#, end.x, end.y);
        }
    }
    out.push_str("</svg>\n");
    out
}
