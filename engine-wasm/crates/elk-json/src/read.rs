//! From JSON to the layout model.
//!
//! Elements are visited depth first in document order with an explicit stack; the writer visits them in
//! the same order, so that no element needs an address.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use spandrel_base::{Insets, Point, Size};
use spandrel_layout::model::{
    Algorithm, Direction, Edge, End, Graph, Label, LabelPlace, LayerConstraint, Node, Port, Title,
};

use crate::bag::Bag;
use crate::error::Error;
use crate::keys::Keys;
use crate::labels::{self, NodeLabel};
use crate::options::{self, Hierarchy};
use crate::other_options;
use crate::values::{boolean, insets, limit, number, vector, word, words};

/// A graph read from JSON.
#[derive(Debug, Default)]
pub(crate) struct Read {
    pub(crate) graph: Graph,
    pub(crate) nodes: Vec<NodeInfo>,
    pub(crate) edges: Vec<EdgeInfo>,
    pub(crate) warnings: Vec<String>,
}

/// What the writer needs to know of a node besides the model.
#[derive(Debug, Default)]
pub(crate) struct NodeInfo {
    pub(crate) id: Value,
    pub(crate) labels: Vec<NodeLabel>,
    pub(crate) label_padding: Insets,
    pub(crate) label_gap: f64,
    pub(crate) label_between: f64,
    /// Coordinates of edges declared here, and of shapes.
    pub(crate) edge_coords: Coords,
    pub(crate) shape_coords: Coords,
    pub(crate) has_layout: bool,
}

/// Relative to what coordinates are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Coords {
    /// The edge's container, or the parent.
    #[default]
    Default,
    /// The node that declares the edge.
    Parent,
    /// The root.
    Root,
}

/// What the writer needs to know of an edge besides the model.
#[derive(Debug)]
pub(crate) struct EdgeInfo {
    /// The edge of the model; `None` where it is not laid out.
    pub(crate) model: Option<usize>,
    pub(crate) declared_in: usize,
    pub(crate) container: usize,
    pub(crate) src_id: Value,
    pub(crate) dst_id: Value,
    /// By label in the document: the label of the model, where it has room.
    pub(crate) labels: Vec<Option<usize>>,
    pub(crate) sections: bool,
}

/// An id: text or integer, which are different even where they look alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Id<'a> {
    Text(&'a str),
    Number(i64),
}

/// An end of an edge as it is looked up.
#[derive(Clone, Copy)]
enum Shape {
    Node(usize),
    Port(usize, usize),
}

struct Reader<'a> {
    read: Read,
    keys: Keys,
    defaults: Bag<'a>,
    /// The second number is for ports alone: two maps of one kind are one map's code.
    node_ids: BTreeMap<Id<'a>, (usize, usize)>,
    port_ids: BTreeMap<Id<'a>, (usize, usize)>,
    hierarchy: Vec<Hierarchy>,
    /// By node: the direction that rules it from above under `INCLUDE_CHILDREN`.
    direction: Vec<Direction>,
}

pub(crate) fn read(graph: &Value, defaults: &Value) -> Result<Read, Error> {
    let Value::Object(root) = graph else {
        return Err(Error::plain("Missing mandatory parameter 'graph'."));
    };
    let mut keys = Keys::default();
    let mut bag = Bag::default();
    if let Value::Object(defaults) = defaults {
        bag.read(defaults, &mut keys);
    }
    let mut reader = Reader {
        read: Read::default(),
        keys,
        defaults: bag,
        node_ids: BTreeMap::new(),
        port_ids: BTreeMap::new(),
        hierarchy: Vec::new(),
        direction: Vec::new(),
    };
    let elements = reader.nodes(root)?;
    reader.edges(&elements)?;
    for key in &reader.keys.unknown {
        reader.read.warnings.push(format!("Unknown layout option '{key}' is ignored."));
    }
    for id in &reader.keys.idle {
        reader.read.warnings.push(format!("Layout option '{id}' is accepted but changes nothing yet."));
    }
    Ok(reader.read)
}

/// The entries of a list that are objects.
pub(crate) fn objects<'a>(
    element: &'a Map<String, Value>,
    member: &str,
) -> impl Iterator<Item = (usize, &'a Map<String, Value>)> + use<'a> {
    let list = element.get(member).and_then(Value::as_array);
    list.into_iter().flatten().enumerate().filter_map(|(index, v)| v.as_object().map(|o| (index, o)))
}

fn numeric(element: &Map<String, Value>, member: &str) -> f64 {
    element.get(member).and_then(Value::as_f64).filter(|n| n.is_finite()).unwrap_or(0.0)
}

fn size(element: &Map<String, Value>) -> Size {
    Size::new(numeric(element, "width").max(0.0), numeric(element, "height").max(0.0))
}

/// The id of an element; `path` tells where the element is, for who is told that it has none.
fn id_of(element: &Map<String, Value>, path: impl FnOnce() -> String) -> Result<Id<'_>, Error> {
    if let Some(id) = element.get("id").and_then(id) {
        return Ok(id);
    }
    let path = path();
    let at = if path.is_empty() { String::new() } else { format!(" ({path})") };
    Err(Error::import(match element.get("id") {
        None | Some(Value::Null) => format!("Every element must have an id.{at}"),
        Some(value) => format!("Id must be a string or an integer: '{}'.{at}", text_of(value)),
    }))
}

/// A value as it stands in messages: texts without quotes.
fn text_of(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// The id of an element as it stands in messages.
fn name(element: &Map<String, Value>) -> String {
    element.get("id").map(text_of).unwrap_or_default()
}

fn id(value: &Value) -> Option<Id<'_>> {
    match value {
        Value::String(text) => Some(Id::Text(text)),
        Value::Number(n) => {
            if let Some(integer) = n.as_i64() {
                return Some(Id::Number(integer));
            }
            let float = n.as_f64()?;
            (float.fract() == 0.0 && float.abs() < 9e15).then_some(Id::Number(float as i64))
        }
        _ => None,
    }
}

impl<'a> Reader<'a> {
    /// Reads all nodes; gives their elements in order.
    fn nodes(&mut self, root: &'a Map<String, Value>) -> Result<Vec<&'a Map<String, Value>>, Error> {
        let mut elements = Vec::new();
        // By node: its place among its parent's children.
        let mut places = Vec::new();
        let mut stack: Vec<(&Map<String, Value>, Option<usize>, usize)> = vec![(root, None, 0)];
        while let Some((element, parent, place)) = stack.pop() {
            let index = elements.len();
            elements.push(element);
            places.push(place);
            self.node(element, parent, &places)?;
            if let Some(parent) = parent {
                self.read.graph.nodes[parent].children.push(index);
            }
            let first = stack.len();
            stack.extend(objects(element, "children").map(|(place, child)| (child, Some(index), place)));
            stack[first..].reverse();
        }
        Ok(elements)
    }

    /// Where the newest node is in the document.
    fn path(&self, parent: Option<usize>, places: &[usize]) -> String {
        let mut steps = Vec::new();
        let mut node = (places.len() - 1, parent);
        while let (at, Some(parent)) = node {
            steps.push(format!("children[{}]", places[at]));
            node = (parent, self.read.graph.nodes[parent].parent);
        }
        steps.reverse();
        steps.join(".")
    }

    /// Reads one node; `places` are those of all nodes up to this one among their parents' children.
    fn node(
        &mut self,
        element: &'a Map<String, Value>,
        parent: Option<usize>,
        places: &[usize],
    ) -> Result<(), Error> {
        let index = self.read.graph.nodes.len();
        let id = id_of(element, || self.path(parent, places))?;
        let bag = Bag::of(element, &self.defaults, &mut self.keys);
        let is_container = parent.is_none() || objects(element, "children").next().is_some();
        let algorithm = match options::algorithm(&bag) {
            Ok(algorithm) => algorithm,
            Err(name) if is_container => {
                let shown = self::name(element);
                let kind = if parent.is_none() { "Root Node" } else { "Node" };
                return Err(Error::configuration(format!(
                    "Layout algorithm '{name}' not found for {kind} {shown}. Known algorithms: layered, fixed, box, rectpacking, mrtree, radial, force, stress, sporeOverlap, sporeCompaction, disco, random."
                )));
            }
            Err(_) => Algorithm::Layered,
        };
        let mut inner = options::container(&bag, algorithm);
        let outer = parent.map_or(Hierarchy::Separate, |p| self.hierarchy[p]);
        let own = options::hierarchy(&bag, outer);
        inner.include_children = outer == Hierarchy::Include && own == Hierarchy::Include;
        if let Some(parent) = parent.filter(|_| inner.include_children) {
            inner.direction = self.direction[parent];
        }
        self.hierarchy.push(own);
        self.direction.push(inner.direction);
        let coords = |id: &str, of_edges: bool, inherited: Coords| match bag.get(id).map(word).as_deref() {
            Some("CONTAINER") => Coords::Default,
            Some("PARENT") => {
                if of_edges {
                    Coords::Parent
                } else {
                    Coords::Default
                }
            }
            Some("ROOT") => Coords::Root,
            _ => inherited,
        };
        let above = parent.map(|p| &self.read.nodes[p]);
        let edge_coords = coords("json.edgeCoords", true, above.map_or(Coords::Default, |a| a.edge_coords));
        let shape_coords =
            coords("json.shapeCoords", false, above.map_or(Coords::Default, |a| a.shape_coords));
        let label_gap = bag.get("spacing.labelNode").and_then(number).unwrap_or(5.0);
        let label_between = bag.get("spacing.labelLabel").and_then(number).unwrap_or(0.0);
        let label_padding = bag.get("nodeLabels.padding").and_then(insets).unwrap_or(Insets::all(5.0));
        let node_spot = bag.get("nodeLabels.placement").map(words);
        let mut node_labels = Vec::new();
        for (_, label) in objects(element, "labels") {
            let label_bag = Bag::of(label, &self.defaults, &mut self.keys);
            let placement = label_bag.get("nodeLabels.placement").map(words).or_else(|| node_spot.clone());
            node_labels.push(NodeLabel { size: size(label), spot: placement.and_then(|w| labels::spot(&w)) });
        }
        let mut node_size = size(element);
        let inside = labels::inside_size(&node_labels, label_padding);
        let least = options::minimum(&bag);
        if let Some((with_labels, least)) = least {
            node_size = if with_labels { least.max(inside) } else { least };
        } else if is_container {
            node_size = Size::default();
        }
        let margin = labels::outside_margin(&node_labels, node_size, label_gap, label_between);
        let title = title(&node_labels).filter(|_| is_container && parent.is_some());
        let position = bag.get("position").and_then(vector).or_else(|| {
            (element.contains_key("x") || element.contains_key("y"))
                .then(|| Point::new(numeric(element, "x"), numeric(element, "y")))
        });
        let pinned = bag.get("spandrel.pin").and_then(boolean).unwrap_or(false);
        let mut ports = Vec::new();
        for (place, port) in objects(element, "ports") {
            let port_id = id_of(port, || {
                let path = self.path(parent, places);
                let dot = if path.is_empty() { "" } else { "." };
                format!("{path}{dot}ports[{place}]")
            })?;
            let port_bag = Bag::of(port, &self.defaults, &mut self.keys);
            self.port_ids.insert(port_id, (index, ports.len()));
            ports.push(Port {
                size: size(port),
                side: options::side(&port_bag),
                index: port_bag.get("port.index").and_then(number).map(|i| i as i64),
                position: Point::new(numeric(port, "x"), numeric(port, "y")),
                row: None,
                offset: port_bag.get("port.borderOffset").and_then(number).unwrap_or(0.0),
            });
        }
        self.node_ids.insert(id, (index, 0));
        self.read.nodes.push(NodeInfo {
            id: element.get("id").cloned().unwrap_or_default(),
            labels: node_labels,
            label_padding,
            label_gap,
            label_between,
            edge_coords,
            shape_coords,
            has_layout: true,
        });
        self.read.graph.nodes.push(Node {
            parent,
            children: Vec::new(),
            size: node_size,
            position,
            pin: position.filter(|_| pinned),
            margin,
            title,
            ports,
            port_constraint: options::port_constraint(&bag),
            layer_constraint: options::layer_constraint(&bag),
            partition: bag.get("partitioning.partition").and_then(number).map(|p| p as i64),
            no_layout: bag.get("noLayout").and_then(boolean).unwrap_or(false),
            hints: other_options::hints(&bag, pinned),
            inner,
        });
        Ok(())
    }

    fn edges(&mut self, elements: &[&'a Map<String, Value>]) -> Result<(), Error> {
        let depths = self.read.graph.depths();
        for (index, element) in elements.iter().enumerate() {
            for (place, edge) in objects(element, "edges") {
                self.edge(index, place, edge, &depths)?;
            }
        }
        Ok(())
    }

    fn edge(
        &mut self,
        declared_in: usize,
        place: usize,
        edge: &'a Map<String, Value>,
        depths: &[u32],
    ) -> Result<(), Error> {
        id_of(edge, || format!("edges[{place}]"))?;
        let list = |member: &str| edge.get(member).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let (src, dst) = if edge.contains_key("sources") || edge.contains_key("targets") {
            let (sources, targets) = (list("sources"), list("targets"));
            let (Some(src), Some(dst)) = (sources.first(), targets.first()) else {
                return Err(Error::import(format!(
                    "An edge must have at least one source and one target (edge id: '{}').",
                    name(edge)
                )));
            };
            let ends = (self.look_up(src, edge)?, self.look_up(dst, edge)?);
            for end in sources.iter().chain(targets) {
                self.look_up(end, edge)?;
            }
            if sources.len() > 1 || targets.len() > 1 {
                let shown = name(edge);
                return Err(Error::argument(format!("Passed edge is not 'simple'. (edge id: '{shown}')")));
            }
            ((ends.0, src.clone()), (ends.1, dst.clone()))
        } else {
            (self.old_end(edge, "source")?, self.old_end(edge, "target")?)
        };
        let bag = Bag::of(edge, &self.defaults, &mut self.keys);
        let end = |shape: Shape| match shape {
            Shape::Node(node) => End { node, port: None },
            Shape::Port(node, port) => End { node, port: Some(port) },
        };
        let (from, to) = (end(src.0), end(dst.0));
        let graph = &self.read.graph;
        let common = if from.node == to.node {
            graph.nodes[from.node].parent.unwrap_or(0)
        } else {
            graph.common(depths, from.node, to.node)
        };
        let mut labels = Vec::new();
        let mut mapped = Vec::new();
        for (_, label) in objects(edge, "labels") {
            let label_bag = Bag::of(label, &self.defaults, &mut self.keys);
            let size = size(label);
            let place = match label_bag.get("edgeLabels.placement").map(word).as_deref() {
                Some("HEAD") => LabelPlace::Head,
                Some("TAIL") => LabelPlace::Tail,
                _ => LabelPlace::Center,
            };
            let inline = label_bag.get("edgeLabels.inline").and_then(boolean).unwrap_or(false);
            if size.width > 0.0 || size.height > 0.0 {
                mapped.push(Some(labels.len()));
                labels.push(Label { size, place, inline });
            } else {
                mapped.push(None);
            }
        }
        let priority = |id: &str| bag.get(id).and_then(number).map_or(0, |p| limit(p, 0.0, 1e6) as i64);
        let model_edge = Edge {
            src: from,
            dst: to,
            labels,
            direction_priority: priority("layered.priority.direction"),
            shortness_priority: priority("layered.priority.shortness"),
            straightness_priority: priority("layered.priority.straightness"),
            length: bag.get("stress.desiredEdgeLength").and_then(number).filter(|&length| length > 0.0),
            bend_points: bag.get("bendPoints").map(crate::values::chain).unwrap_or_default(),
        };
        let reachable = self.reachable(declared_in, common, from.node, to.node, edge)?;
        let no_layout = bag.get("noLayout").and_then(boolean).unwrap_or(false);
        let algorithm = self.read.graph.nodes[common].inner.algorithm;
        if reachable && !no_layout && algorithm == Algorithm::Layered {
            self.check_constraints(from.node, to.node, edge)?;
        }
        let sections = !matches!(algorithm, Algorithm::Box | Algorithm::RectPacking | Algorithm::Fixed)
            || !model_edge.bend_points.is_empty();
        let model = if reachable && !no_layout {
            self.read.graph.edges.push(model_edge);
            Some(self.read.graph.edges.len() - 1)
        } else {
            None
        };
        self.read.edges.push(EdgeInfo {
            model,
            declared_in,
            container: common,
            src_id: src.1,
            dst_id: dst.1,
            labels: mapped,
            sections: sections && !no_layout,
        });
        Ok(())
    }

    /// Refuses an edge between two nodes that must both be in the first, or both in the last layer.
    fn check_constraints(&self, from: usize, to: usize, edge: &Map<String, Value>) -> Result<(), Error> {
        let constraint = |node: usize| self.read.graph.nodes[node].layer_constraint;
        let word = match constraint(from) {
            LayerConstraint::First => "FIRST",
            LayerConstraint::Last => "LAST",
            LayerConstraint::LastSeparate => "LAST_SEPARATE",
            LayerConstraint::None | LayerConstraint::FirstSeparate => return Ok(()),
        };
        if from == to || constraint(from) != constraint(to) {
            return Ok(());
        }
        let shown = |node: usize| text_of(&self.read.nodes[node].id);
        Err(Error::configuration(format!(
            "Node '{}' and node '{}' both have their layer constraint set to {word}, but edge '{}' connects them: nodes of one layer cannot be connected.",
            shown(from),
            shown(to),
            name(edge)
        )))
    }

    /// Whether an edge can be laid out: its ends are siblings, or all containers between are laid out
    /// together.
    fn reachable(
        &self,
        declared_in: usize,
        common: usize,
        a: usize,
        b: usize,
        edge: &Map<String, Value>,
    ) -> Result<bool, Error> {
        let graph = &self.read.graph;
        let between = [a, b]
            .into_iter()
            .flat_map(|end| graph.ancestors(end).take_while(move |&n| n != common && end != common));
        let mut separate =
            between.into_iter().any(|container| !graph.nodes[container].inner.include_children);
        let into_own = a != b && (a == common || b == common);
        if into_own && self.hierarchy[common] == Hierarchy::Separate {
            if common == declared_in {
                let shown = name(edge);
                return Err(Error::graph(format!(
                    "The source or the target of edge '{shown}' could not be found. This usually happens when an edge connects a node to a node in another level of hierarchy. Set the hierarchyHandling option to INCLUDE_CHILDREN."
                )));
            }
            separate = true;
        }
        Ok(!separate)
    }

    fn look_up(&self, end: &Value, edge: &Map<String, Value>) -> Result<Shape, Error> {
        let found = id(end).and_then(|id| {
            let node = self.node_ids.get(&id).map(|&(n, _)| Shape::Node(n));
            node.or_else(|| self.port_ids.get(&id).map(|&(n, p)| Shape::Port(n, p)))
        });
        found.ok_or_else(|| {
            let (shown, edge) = (text_of(end), name(edge));
            let hint = self.nearest(&shown).map(|n| format!(", did you mean '{n}'?")).unwrap_or_default();
            Error::import(format!("Referenced shape does not exist: {shown} (edge id: '{edge}'{hint})"))
        })
    }

    /// The known id that looks most like `wanted`.
    fn nearest(&self, wanted: &str) -> Option<String> {
        let texts = self.node_ids.keys().chain(self.port_ids.keys()).filter_map(|id| match id {
            Id::Text(text) => Some(*text),
            Id::Number(_) => None,
        });
        let mut best: Option<(usize, &str)> = None;
        for text in texts.take(2000) {
            let distance = distance(wanted, text);
            if distance <= wanted.chars().count().max(2) / 2 && best.is_none_or(|(least, _)| distance < least)
            {
                best = Some((distance, text));
            }
        }
        best.map(|(_, text)| text.to_owned())
    }

    /// An end in the old form: a node, and perhaps a port of it.
    fn old_end(&self, edge: &Map<String, Value>, member: &str) -> Result<(Shape, Value), Error> {
        let missing =
            || Error::import(format!("An edge must have a {member} node (edge id: '{}').", name(edge)));
        let value = edge.get(member).ok_or_else(missing)?;
        let node = id(value).and_then(|id| self.node_ids.get(&id)).ok_or_else(missing)?.0;
        if let Some(port) = edge.get(&format!("{member}Port"))
            && let Some(&(owner, place)) = id(port).and_then(|id| self.port_ids.get(&id))
        {
            if owner == node {
                return Ok((Shape::Port(owner, place), port.clone()));
            }
            return Err(Error::import(format!(
                "The {member} port of an edge must be a port of its {member} node (edge id: '{}').",
                name(edge)
            )));
        }
        Ok((Shape::Node(node), value.clone()))
    }
}

/// The title of a container: its first inside label at the top.
fn title(labels: &[NodeLabel]) -> Option<Title> {
    labels.iter().find_map(|label| {
        let spot = label.spot.filter(|s| s.inside && s.y == 0)?;
        Some(Title {
            size: Size::new(label.size.width + 10.0, label.size.height + 5.0),
            align: f64::from(spot.x) / 2.0,
        })
    })
}

/// Edits from one word to another (Levenshtein), both cut at 64 characters.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().take(64).collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().take(64).enumerate() {
        let mut before = row[0];
        row[0] = i + 1;
        for (j, &y) in b.iter().enumerate() {
            let cost = if x == y { before } else { 1 + before.min(row[j]).min(row[j + 1]) };
            before = row[j + 1];
            row[j + 1] = cost;
        }
    }
    row[b.len()]
}
