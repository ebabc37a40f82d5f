//! `force`: springs along edges, repulsion between all.

mod field;

use spandrel_base::{Budget, Insets, Point, Rect, Size};

use super::components::by_component;
use super::distances::{Paths, pivot_mds};
use super::{FlatGraph, FlatLayout, clean_aspect, clean_distance, exact, spore, straight};
use crate::random::Random;
use field::Field;

/// Which forces act.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Model {
    /// Fruchterman, Reingold 1991: attraction with the square of the distance, repulsion with its inverse.
    #[default]
    FruchtermanReingold,
    /// Eades 1984: attraction with the logarithm, repulsion with the inverse square.
    Eades,
}

/// What can be chosen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Options {
    /// Which forces act.
    pub model: Model,
    /// The distance from border to border at which the forces of an edge are even.
    pub spacing: f64,
    /// Between the border and the content.
    pub padding: Insets,
    /// Width over height to aim at when components are put together.
    pub aspect_ratio: f64,
    /// Rounds.
    pub iterations: usize,
    /// Strength of the repulsion of [`Model::Eades`].
    pub repulsion: f64,
    /// How far a node may move in the first round, as a share of the drawing's width, on top of what the
    /// size of the graph asks for.
    pub temperature: f64,
    /// Another seed is another drawing.
    pub seed: u64,
    /// Whether to start from the positions given instead of from scratch.
    pub interactive: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            model: Model::FruchtermanReingold,
            spacing: 80.0,
            padding: Insets::all(50.0),
            aspect_ratio: 1.6,
            iterations: 300,
            repulsion: 5.0,
            temperature: 0.001,
            seed: 1,
            interactive: false,
        }
    }
}

/// Most nodes of which every two repel each other.
const ALL_PAIRS: usize = 300;

/// Lays out every connected component by forces, removes overlaps, and packs the components; edges are
/// straight lines.
///
/// Starts from a pivot MDS drawing moved about by the seed, so that the rounds smooth instead of untangle.
/// In large components nodes repel each other up to twice the ideal distance only (the grid variant of
/// the paper), which keeps a round near-linear. Spends a step of the budget a node and round; when it runs out, what is
/// reached is taken.
pub fn lay_out(graph: &FlatGraph, options: &Options, budget: &Budget<'_>) -> FlatLayout {
    let graph = graph.cleaned();
    let spacing = clean_distance(options.spacing).max(1.0);
    let aspect = clean_aspect(options.aspect_ratio, 1.6);
    by_component(&graph, spacing, aspect, options.padding, |part| component(part, options, spacing, budget))
}

fn component(graph: &FlatGraph, options: &Options, spacing: f64, budget: &Budget<'_>) -> FlatLayout {
    let n = graph.nodes.len();
    // A box counts as a disc of its mean half extent.
    let radii: Vec<f64> =
        graph.nodes.iter().map(|node| f64::midpoint(node.size.width, node.size.height) / 2.0).collect();
    let mut rng = Random::new(options.seed);
    let mut centres: Vec<Point> = if options.interactive {
        let given = |node: &super::FlatNode| Rect::at(node.position.unwrap_or_default(), node.size).center();
        graph.nodes.iter().map(given).collect()
    } else {
        let paths = Paths::of(graph, |index| {
            let edge = &graph.edges[index];
            spacing + radii[edge.source] + radii[edge.target]
        });
        pivot_mds(&paths.pivots(40), n, spacing / 2.0, &mut rng)
    };
    relax(graph, options, spacing, &radii, &mut centres, budget);
    let mut nodes: Vec<Rect> = graph
        .nodes
        .iter()
        .zip(&centres)
        .map(|(node, at)| Rect::at(at.offset(-node.size.width / 2.0, -node.size.height / 2.0), node.size))
        .collect();
    spore::separate(&mut nodes, spacing / 4.0, 64, budget);
    let routes = straight::routes(graph, &nodes);
    let labels = straight::labels(graph, &routes);
    FlatLayout { nodes, routes, labels, size: Size::default() }.framed()
}

/// The rounds: forces are summed up, then every node moves along its force, at most by the temperature,
/// which falls from round to round.
fn relax(
    graph: &FlatGraph,
    options: &Options,
    spacing: f64,
    radii: &[f64],
    centres: &mut [Point],
    budget: &Budget<'_>,
) {
    let n = graph.nodes.len();
    let pairs: Vec<(usize, usize)> = graph
        .neighbours()
        .into_iter()
        .enumerate()
        .flat_map(|(node, others)| {
            others.into_iter().filter(move |&other| node < other).map(move |o| (node, o))
        })
        .collect();
    let largest = radii.iter().copied().fold(0.0, f64::max);
    let reach = if n <= ALL_PAIRS { f64::INFINITY } else { 2.0 * (spacing + largest) };
    let share = clean_distance(options.temperature).min(1.0);
    let hottest = spacing * (1.0 + (n as f64).sqrt() * share);
    // Large graphs take fewer rounds; the first drawing has their shape already.
    let rounds = options.iterations.min(10_000).min(60 + 600_000 / n.max(1));
    for round in 0..rounds {
        if budget.spend(n as u64).is_err() {
            return;
        }
        let temperature = hottest * (1.0 - round as f64 / rounds as f64);
        let mut forces = vec![Point::default(); n];
        let field = Field::of(centres, reach);
        for (node, sum) in forces.iter_mut().enumerate() {
            field.each_near(node, |other, weight| {
                let (x, y, free) = between(centres, radii, node, other);
                let force = weight
                    * match options.model {
                        Model::FruchtermanReingold => spacing * spacing / free,
                        Model::Eades => {
                            let units = free / spacing;
                            clean_distance(options.repulsion) * spacing / (units * units)
                        }
                    };
                *sum = sum.offset(-x * force, -y * force);
            });
        }
        for &(a, b) in &pairs {
            let (x, y, free) = between(centres, radii, a, b);
            let force = match options.model {
                Model::FruchtermanReingold => free * free / spacing,
                Model::Eades => 10.0 * spacing * exact::ln(free / spacing).max(-4.0),
            };
            forces[a] = forces[a].offset(x * force, y * force);
            forces[b] = forces[b].offset(-x * force, -y * force);
        }
        for (centre, force) in centres.iter_mut().zip(forces) {
            let length = (force.x * force.x + force.y * force.y).sqrt();
            if length > 1e-9 && length.is_finite() {
                let step = length.min(temperature) / length;
                *centre = centre.offset(force.x * step, force.y * step);
            }
        }
    }
}

/// The direction from `a` to `b` as a unit vector, and the free distance between their discs, at least one
/// pixel. Nodes on one spot are told apart by their indices.
fn between(centres: &[Point], radii: &[f64], a: usize, b: usize) -> (f64, f64, f64) {
    let (dx, dy) = (centres[b].x - centres[a].x, centres[b].y - centres[a].y);
    let distance = (dx * dx + dy * dy).sqrt();
    if distance < 1e-6 {
        let (sin, cos) = exact::sin_cos((a.min(b) + 1) as f64 * 2.4 + a.max(b) as f64);
        let sign = if a < b { 1.0 } else { -1.0 };
        return (sign * cos, sign * sin, 1.0);
    }
    (dx / distance, dy / distance, (distance - radii[a] - radii[b]).max(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::other::testing::{any_graph, check_boxes, check_routes};
    use crate::other::{FlatEdge, FlatNode};
    use proptest::prelude::*;

    fn graph(n: usize, edges: impl IntoIterator<Item = (usize, usize)>) -> FlatGraph {
        FlatGraph {
            nodes: vec![FlatNode::sized(20.0, 20.0); n],
            edges: edges.into_iter().map(|(a, b)| FlatEdge::between(a, b)).collect(),
        }
    }

    fn distance(layout: &FlatLayout, a: usize, b: usize) -> f64 {
        let (a, b) = (layout.nodes[a].center(), layout.nodes[b].center());
        ((a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y)).sqrt()
    }

    #[test]
    fn two_nodes_rest_at_the_spacing() {
        for model in [Model::FruchtermanReingold, Model::Eades] {
            let options = Options { model, ..Options::default() };
            let layout = lay_out(&graph(2, [(0, 1)]), &options, &Budget::default());
            let rest = distance(&layout, 0, 1);
            let expected = if model == Model::Eades { 60.0..180.0 } else { 99.0..101.0 };
            assert!(expected.contains(&rest), "{model:?}: {rest}");
        }
    }

    #[test]
    fn a_ring_becomes_round() {
        let n = 12;
        let layout =
            lay_out(&graph(n, (0..n).map(|i| (i, (i + 1) % n))), &Options::default(), &Budget::default());
        let across: Vec<f64> = (0..n / 2).map(|i| distance(&layout, i, i + n / 2)).collect();
        let (least, most) = across.iter().fold((f64::MAX, 0.0_f64), |(a, b), &d| (a.min(d), b.max(d)));
        assert!(most / least < 1.2, "{across:?}");
    }

    #[test]
    fn seeds_give_other_drawings_and_the_same_seed_the_same() {
        let graph = graph(9, (1..9).map(|i| (i / 2, i)));
        let run = |seed| lay_out(&graph, &Options { seed, ..Options::default() }, &Budget::default());
        assert_eq!(run(7), run(7));
        assert_ne!(run(7), run(8));
    }

    #[test]
    fn a_large_star_ends() {
        let n = 600;
        let options = Options { iterations: 3, ..Options::default() };
        let layout = lay_out(&graph(n, (1..n).map(|i| (0, i))), &options, &Budget::default());
        assert!(layout.size.width.is_finite() && layout.size.width > 100.0);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn any_graph_becomes_a_valid_drawing(graph in any_graph(20), eades: bool) {
            let model = if eades { Model::Eades } else { Model::FruchtermanReingold };
            let options = Options { model, iterations: 60, ..Options::default() };
            let layout = lay_out(&graph, &options, &Budget::default());
            check_boxes(&layout, options.spacing / 4.0, options.padding);
            check_routes(&graph, &layout);
            prop_assert_eq!(&layout, &lay_out(&graph, &options, &Budget::default()));
        }
    }
}
