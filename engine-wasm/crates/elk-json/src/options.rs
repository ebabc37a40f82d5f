//! Options by name into the layout model.

use spandrel_base::{Insets, Size};
use spandrel_layout::Side;
use spandrel_layout::model::{
    Algorithm, Alignment, CycleBreaking, Direction, LayerConstraint, Layering, Options, Ordering, Placement,
    PortConstraint, Routing, Spacing, Wrapping,
};

use crate::bag::Bag;
use crate::other_options;
use crate::values::{boolean, insets, limit, number, vector, word, words};

/// How a container treats the containers inside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hierarchy {
    Include,
    Separate,
}

/// What `hierarchyHandling` means below a container that handles it as `outer`.
pub(crate) fn hierarchy(bag: &Bag<'_>, outer: Hierarchy) -> Hierarchy {
    match bag.get("hierarchyHandling").map(word).as_deref() {
        Some("INCLUDE_CHILDREN") => Hierarchy::Include,
        Some("SEPARATE_CHILDREN") => Hierarchy::Separate,
        _ => outer,
    }
}

/// The algorithm of a container, or the name that is none.
pub(crate) fn algorithm(bag: &Bag<'_>) -> Result<Algorithm, String> {
    let Some(name) = bag.get("algorithm").map(str::trim).filter(|n| !n.is_empty()) else {
        return Ok(Algorithm::Layered);
    };
    let short = name.strip_prefix("org.eclipse.").unwrap_or(name);
    let short = short.strip_prefix("elk.").unwrap_or(short);
    Ok(match short {
        "layered" => Algorithm::Layered,
        "fixed" => Algorithm::Fixed,
        "box" => Algorithm::Box,
        "rectpacking" => Algorithm::RectPacking,
        "mrtree" => Algorithm::MrTree,
        "radial" => Algorithm::Radial,
        "force" => Algorithm::Force,
        "stress" => Algorithm::Stress,
        "sporeOverlap" => Algorithm::SporeOverlap,
        "sporeCompaction" => Algorithm::SporeCompaction,
        "disco" => Algorithm::Disco,
        "random" => Algorithm::Random,
        _ => return Err(name.to_owned()),
    })
}

/// All that `bag` says about the inside of a container.
pub(crate) fn container(bag: &Bag<'_>, algorithm: Algorithm) -> Options {
    let defaults = Options::default();
    let aspect_ratio = bag.get("aspectRatio").and_then(number).filter(|&a| a > 0.0);
    let direction = match bag.get("direction").map(word).as_deref() {
        Some("RIGHT") => Direction::Right,
        Some("LEFT") => Direction::Left,
        Some("DOWN") => Direction::Down,
        Some("UP") => Direction::Up,
        _ if aspect_ratio.is_some_and(|a| a < 1.0) => Direction::Down,
        _ => Direction::Right,
    };
    let choice = |id: &str| bag.get(id).map(word).unwrap_or_default();
    let flag = |id: &str, default: bool| bag.get(id).and_then(boolean).unwrap_or(default);
    let spacing = spacing(bag, algorithm);
    let node_node = spacing.node_node;
    let padding = bag.get("padding").and_then(insets).map_or_else(|| default_padding(algorithm), clean);
    Options {
        algorithm,
        other: other_options::choice(bag, algorithm, node_node, padding),
        direction,
        spacing,
        padding,
        include_children: true,
        separate_components: flag("separateConnectedComponents", true),
        aspect_ratio: aspect_ratio.unwrap_or(match algorithm {
            Algorithm::Box | Algorithm::RectPacking => 1.3,
            _ => 1.6,
        }),
        routing: match choice("edgeRouting").as_str() {
            "POLYLINE" => Routing::Polyline,
            "SPLINES" => Routing::Splines,
            _ => Routing::Orthogonal,
        },
        cycle_breaking: match choice("layered.cycleBreaking.strategy").as_str() {
            "DEPTH_FIRST" | "DFS_NODE_ORDER" => CycleBreaking::DepthFirst,
            "MODEL_ORDER" => CycleBreaking::ModelOrder,
            "INTERACTIVE" => CycleBreaking::Interactive,
            _ => CycleBreaking::Greedy,
        },
        layering: match choice("layered.layering.strategy").as_str() {
            "LONGEST_PATH" => Layering::LongestPath,
            "LONGEST_PATH_SOURCE" => Layering::LongestPathSource,
            "COFFMAN_GRAHAM" => Layering::CoffmanGraham,
            "INTERACTIVE" => Layering::Interactive,
            _ => Layering::NetworkSimplex,
        },
        layer_bound: bag
            .get("layered.layering.coffmanGraham.layerBound")
            .and_then(number)
            .filter(|&b| b >= 1.0)
            .map_or(usize::MAX, |b| b.min(1e9) as usize),
        ordering: match choice("layered.crossingMinimization.strategy").as_str() {
            "INTERACTIVE" => Ordering::Interactive,
            "NONE" => Ordering::None,
            _ => Ordering::LayerSweep,
        },
        model_order: !matches!(choice("layered.considerModelOrder.strategy").as_str(), "" | "NONE"),
        force_model_order: flag("layered.crossingMinimization.forceNodeModelOrder", false),
        thoroughness: bag
            .get("layered.thoroughness")
            .and_then(number)
            .filter(|&t| t >= 1.0)
            .map_or(defaults.thoroughness, |t| t.min(1000.0) as u32),
        seed: bag.get("randomSeed").and_then(number).map_or(defaults.seed, |s| s.abs() as u64),
        placement: placement(bag),
        straighten: bag.get("layered.nodePlacement.bk.edgeStraightening").map(word).as_deref()
            != Some("NONE"),
        wrapping: match choice("layered.wrapping.strategy").as_str() {
            "SINGLE_EDGE" => Wrapping::SingleEdge,
            "MULTI_EDGE" => Wrapping::MultiEdge,
            _ => Wrapping::Off,
        },
        wrapping_gap: bag
            .get("layered.wrapping.additionalEdgeSpacing")
            .and_then(number)
            .unwrap_or(10.0)
            .max(0.0),
        wrapping_correction: bag
            .get("layered.wrapping.correctionFactor")
            .and_then(number)
            .filter(|&f| f > 0.0)
            .unwrap_or(1.0),
        merge_edges: flag("layered.mergeEdges", false),
        partitioning: flag("partitioning.activate", false),
        content_alignment: alignment(bag),
    }
}

/// The placement strategy; an alignment alone asks for Brandes-Köpf, ELK's default.
fn placement(bag: &Bag<'_>) -> Placement {
    let strategy = bag.get("layered.nodePlacement.strategy").map(word);
    let alignment = match bag.get("layered.nodePlacement.bk.fixedAlignment").map(word).as_deref() {
        Some("RIGHTDOWN") => Some(Alignment::RightDown),
        Some("RIGHTUP") => Some(Alignment::RightUp),
        Some("LEFTDOWN") => Some(Alignment::LeftDown),
        Some("LEFTUP") => Some(Alignment::LeftUp),
        Some("BALANCED") => Some(Alignment::Balanced),
        _ => None,
    };
    match strategy.as_deref() {
        Some("BRANDES_KOEPF") => Placement::BrandesKoepf(alignment.unwrap_or_default()),
        Some("NETWORK_SIMPLEX") => Placement::NetworkSimplex,
        Some("LINEAR_SEGMENTS") => {
            let damping =
                bag.get("layered.nodePlacement.linearSegments.deflectionDampening").and_then(number);
            Placement::LinearSegments { damping: limit(damping.unwrap_or(0.3), 0.0, 1.0) }
        }
        Some("SIMPLE") => Placement::Simple,
        Some("INTERACTIVE") => Placement::Interactive,
        _ => alignment.map_or(Placement::Best, Placement::BrandesKoepf),
    }
}

fn default_padding(algorithm: Algorithm) -> Insets {
    Insets::all(match algorithm {
        Algorithm::Fixed | Algorithm::Box | Algorithm::RectPacking | Algorithm::Random => 15.0,
        Algorithm::MrTree => 20.0,
        Algorithm::Force | Algorithm::Stress => 50.0,
        Algorithm::SporeOverlap | Algorithm::SporeCompaction => 8.0,
        _ => 12.0,
    })
}

fn clean(i: Insets) -> Insets {
    Insets { top: i.top.max(0.0), right: i.right.max(0.0), bottom: i.bottom.max(0.0), left: i.left.max(0.0) }
}

fn alignment(bag: &Bag<'_>) -> (f64, f64) {
    let set = bag.get("contentAlignment").map(words).unwrap_or_default();
    let has = |w: &str| set.iter().any(|s| s == w);
    let x = if has("H_CENTER") {
        0.5
    } else if has("H_RIGHT") {
        1.0
    } else {
        0.0
    };
    let y = if has("V_CENTER") {
        0.5
    } else if has("V_BOTTOM") {
        1.0
    } else {
        0.0
    };
    (x, y)
}

fn spacing(bag: &Bag<'_>, algorithm: Algorithm) -> Spacing {
    let base = bag.get("layered.spacing.baseValue").and_then(number).filter(|&b| b >= 0.0);
    let mut s = Spacing::scaled(base.unwrap_or(20.0));
    let node_node = match algorithm {
        Algorithm::Force => 80.0,
        Algorithm::Box | Algorithm::RectPacking | Algorithm::Random => 15.0,
        Algorithm::SporeOverlap | Algorithm::SporeCompaction => 8.0,
        _ => s.node_node,
    };
    let get = |id: &str, default: f64| bag.get(id).and_then(number).filter(|&v| v >= 0.0).unwrap_or(default);
    s.node_node = get("spacing.nodeNode", node_node);
    s.node_node_layers = get("layered.spacing.nodeNodeBetweenLayers", s.node_node_layers);
    s.edge_node = get("spacing.edgeNode", s.edge_node);
    s.edge_node_layers = get("layered.spacing.edgeNodeBetweenLayers", s.edge_node_layers);
    s.edge_edge = get("spacing.edgeEdge", s.edge_edge);
    s.edge_edge_layers = get("layered.spacing.edgeEdgeBetweenLayers", s.edge_edge_layers);
    s.component = get("spacing.componentComponent", s.component);
    s.edge_label = get("spacing.edgeLabel", s.edge_label);
    s.label_label = get("spacing.labelLabel", s.label_label);
    s.self_loop = get("spacing.nodeSelfLoop", s.self_loop);
    s.port_port = get("spacing.portPort", s.port_port);
    s
}

/// `portConstraints` of a node.
pub(crate) fn port_constraint(bag: &Bag<'_>) -> PortConstraint {
    match bag.get("portConstraints").map(word).as_deref() {
        Some("FIXED_SIDE") => PortConstraint::FixedSide,
        Some("FIXED_ORDER") => PortConstraint::FixedOrder,
        Some("FIXED_POS" | "FIXED_RATIO") => PortConstraint::FixedPos,
        _ => PortConstraint::Free,
    }
}

/// `port.side` of a port.
pub(crate) fn side(bag: &Bag<'_>) -> Option<Side> {
    Some(match bag.get("port.side").map(word)?.as_str() {
        "NORTH" => Side::North,
        "EAST" => Side::East,
        "SOUTH" => Side::South,
        "WEST" => Side::West,
        _ => return None,
    })
}

/// `layered.layering.layerConstraint` of a node.
pub(crate) fn layer_constraint(bag: &Bag<'_>) -> LayerConstraint {
    match bag.get("layered.layering.layerConstraint").map(word).as_deref() {
        Some("FIRST") => LayerConstraint::First,
        Some("FIRST_SEPARATE") => LayerConstraint::FirstSeparate,
        Some("LAST") => LayerConstraint::Last,
        Some("LAST_SEPARATE") => LayerConstraint::LastSeparate,
        _ => LayerConstraint::None,
    }
}

/// What the size constraints of a node ask for, `None` where it keeps its size.
pub(crate) fn minimum(bag: &Bag<'_>) -> Option<(bool, Size)> {
    let set = bag.get("nodeSize.constraints").map(words)?;
    if set.is_empty() {
        return None;
    }
    let has = |w: &str| set.iter().any(|s| s == w);
    let mut least = Size::default();
    if has("MINIMUM_SIZE") {
        let given = bag.get("nodeSize.minimum").and_then(vector);
        let (w, h) = given.map_or((0.0, 0.0), |p| (p.x.max(0.0), p.y.max(0.0)));
        let options =
            bag.get("nodeSize.options").map_or_else(|| vec!["DEFAULT_MINIMUM_SIZE".to_owned()], words);
        let default = if options.iter().any(|o| o == "DEFAULT_MINIMUM_SIZE") { 20.0 } else { 0.0 };
        least = Size::new(if w > 0.0 { w } else { default }, if h > 0.0 { h } else { default });
    }
    Some((has("NODE_LABELS"), least))
}
