//! Options of the algorithms besides the layered one.

use spandrel_base::Insets;
use spandrel_layout::model::Algorithm;
use spandrel_layout::other::{
    Choice, Direction, Hints, box_packing, disco, fixed, force, radial, random, rect_packing, spore, stress,
    tree,
};

use crate::bag::Bag;
use crate::values::{boolean, limit, number, word};

/// The algorithm with what `bag` says of it; `None` for the layered one. `spacing` is the distance between
/// nodes, defaults resolved, as `padding` is.
pub(crate) fn choice(bag: &Bag<'_>, algorithm: Algorithm, spacing: f64, padding: Insets) -> Option<Choice> {
    let real = |id: &str| bag.get(id).and_then(number);
    let count = |id: &str| real(id).filter(|&n| n >= 0.0).map(|n| n.min(1e9) as usize);
    let flag = |id: &str, default: bool| bag.get(id).and_then(boolean).unwrap_or(default);
    let choice = |id: &str| bag.get(id).map(word).unwrap_or_default();
    let aspect = |default: f64| real("aspectRatio").filter(|&ratio| ratio > 0.0).unwrap_or(default);
    let seed = real("randomSeed").map_or(1, |seed| seed.abs() as u64);
    Some(match algorithm {
        Algorithm::Layered => return None,
        Algorithm::Fixed => Choice::Fixed(fixed::Options { padding }),
        Algorithm::Box => Choice::Box(box_packing::Options {
            mode: match choice("box.packingMode").as_str() {
                "GROUP_DEC" => box_packing::PackingMode::GroupDec,
                "GROUP_MIXED" => box_packing::PackingMode::GroupMixed,
                "GROUP_INC" => box_packing::PackingMode::GroupInc,
                _ => box_packing::PackingMode::Simple,
            },
            spacing,
            padding,
            aspect_ratio: aspect(1.3),
            expand_nodes: flag("expandNodes", false),
            interactive: flag("interactive", false),
        }),
        Algorithm::RectPacking => Choice::RectPacking(rect_packing::Options {
            spacing,
            padding,
            aspect_ratio: aspect(1.3),
            target_width: real("rectpacking.widthApproximation.targetWidth").filter(|&width| {
                width > 0.0 && choice("rectpacking.widthApproximation.strategy") == "TARGET_WIDTH"
            }),
            order_by_size: flag("rectpacking.orderBySize", false),
            expand_nodes: !matches!(
                choice("rectpacking.whiteSpaceElimination.strategy").as_str(),
                "" | "NONE"
            ),
        }),
        Algorithm::MrTree => Choice::Tree(tree(bag, spacing, padding, aspect(1.6))),
        Algorithm::Radial => Choice::Radial(radial::Options {
            spacing,
            padding,
            radius: real("radial.radius").unwrap_or(0.0).max(0.0),
            wedge: match choice("radial.wedgeCriteria").as_str() {
                "NODE_SIZE" => radial::Wedge::NodeSizes,
                _ => radial::Wedge::Leaves,
            },
            sorter: match choice("radial.sorter").as_str() {
                "ID" => radial::Sorter::Order,
                "POLAR_COORDINATE" => radial::Sorter::Polar,
                _ => radial::Sorter::ModelOrder,
            },
            rotation: if flag("radial.rotate", false) {
                real("radial.rotation.targetAngle").unwrap_or(0.0)
            } else {
                0.0
            },
            center_on_root: flag("radial.centerOnRoot", false),
        }),
        Algorithm::Stress => {
            let defaults = stress::Options::default();
            Choice::Stress(stress::Options {
                edge_length: real("stress.desiredEdgeLength").filter(|&l| l > 0.0).unwrap_or(100.0),
                padding,
                epsilon: real("stress.epsilon").unwrap_or(defaults.epsilon),
                iteration_limit: count("stress.iterationLimit"),
                dimension: match choice("stress.dimension").as_str() {
                    "X" => stress::Dimension::X,
                    "Y" => stress::Dimension::Y,
                    _ => stress::Dimension::Both,
                },
                interactive: flag("interactive", false),
                ..defaults
            })
        }
        Algorithm::Force => {
            let defaults = force::Options::default();
            Choice::Force(force::Options {
                model: if choice("force.model") == "EADES" {
                    force::Model::Eades
                } else {
                    force::Model::FruchtermanReingold
                },
                spacing,
                padding,
                aspect_ratio: aspect(1.6),
                iterations: count("force.iterations").unwrap_or(defaults.iterations),
                repulsion: real("force.repulsion").unwrap_or(defaults.repulsion),
                temperature: real("force.temperature").unwrap_or(defaults.temperature),
                seed,
                interactive: flag("interactive", false),
            })
        }
        Algorithm::SporeOverlap | Algorithm::SporeCompaction => {
            let options = spore::Options {
                spacing,
                padding,
                max_iterations: count("overlapRemoval.maxIterations").unwrap_or(64).min(10_000),
            };
            if algorithm == Algorithm::SporeOverlap {
                Choice::SporeOverlap(options)
            } else {
                Choice::SporeCompaction(options)
            }
        }
        Algorithm::Disco => Choice::Disco(disco::Options {
            spacing: real("spacing.componentComponent").unwrap_or(20.0),
            padding,
            aspect_ratio: aspect(1.6),
        }),
        Algorithm::Random => {
            Choice::Random(random::Options { spacing, padding, aspect_ratio: aspect(1.6), seed })
        }
    })
}

fn tree(bag: &Bag<'_>, spacing: f64, padding: Insets, aspect_ratio: f64) -> tree::Options {
    let choice = |id: &str| bag.get(id).map(word).unwrap_or_default();
    tree::Options {
        direction: match choice("direction").as_str() {
            "RIGHT" => Direction::Right,
            "LEFT" => Direction::Left,
            "UP" => Direction::Up,
            _ => Direction::Down,
        },
        spacing,
        padding,
        aspect_ratio,
        search: match choice("mrtree.searchOrder").as_str() {
            "BFS" => tree::SearchOrder::BreadthFirst,
            _ => tree::SearchOrder::DepthFirst,
        },
        weighting: match choice("mrtree.weighting").as_str() {
            "DESCENDANTS" => tree::Weighting::Descendants,
            "FAN" => tree::Weighting::Fan,
            "CONSTRAINT" => tree::Weighting::Constraint,
            _ => tree::Weighting::ModelOrder,
        },
        routing: match (choice("mrtree.edgeRoutingMode").as_str(), choice("edgeRouting").as_str()) {
            ("NONE", _) => tree::Routing::None,
            ("MIDDLE_TO_MIDDLE", _) => tree::Routing::Straight,
            // ELK's trees know slanted edges only; who asks for right angles gets them here.
            (_, "ORTHOGONAL") => tree::Routing::Orthogonal,
            _ => tree::Routing::Polyline,
        },
        compaction: bag.get("mrtree.compaction").and_then(boolean).unwrap_or(false),
    }
}

/// What `bag`, the options of a node, says to single algorithms.
pub(crate) fn hints(bag: &Bag<'_>, pinned: bool) -> Hints {
    let whole = |id: &str| bag.get(id).and_then(number).map(|n| limit(n, -1e9, 1e9) as i64);
    let flag = |id: &str| bag.get(id).and_then(boolean).unwrap_or(false);
    Hints {
        pinned: pinned || flag("stress.fixed"),
        priority: whole("priority").unwrap_or(0),
        order: whole("mrtree.positionConstraint").filter(|&n| n >= 0).or_else(|| whole("radial.orderId")),
        new_row: flag("rectpacking.inNewRow"),
    }
}
