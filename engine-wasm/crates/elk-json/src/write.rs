//! From the placed model back into the caller's JSON, in place.

use serde_json::{Map, Number, Value, json};
use spandrel_base::{Point, Rect};
use spandrel_layout::model::Placed;

use crate::labels;
use crate::read::{Coords, EdgeInfo, Read};

/// Writes coordinates and sizes; every other member stays.
pub(crate) fn write(graph: &mut Value, read: &Read, placed: &Placed) {
    let mut next_node = 0;
    let mut stack: Vec<&mut Value> = vec![graph];
    // Edges were read after all nodes, grouped by node in the same order: number them by node first.
    let mut first_edge = vec![0usize; read.nodes.len() + 1];
    for edge in &read.edges {
        first_edge[edge.declared_in + 1] += 1;
    }
    for node in 0..read.nodes.len() {
        first_edge[node + 1] += first_edge[node];
    }
    while let Some(value) = stack.pop() {
        let Value::Object(element) = value else { continue };
        let index = next_node;
        next_node += 1;
        node(element, index, read, placed);
        let edges = first_edge[index]..first_edge[index + 1];
        if let Some(list) = element.get_mut("edges").and_then(Value::as_array_mut) {
            for (value, info) in list.iter_mut().filter_map(Value::as_object_mut).zip(&read.edges[edges]) {
                edge(value, info, read, placed);
            }
        }
        if let Some(children) = element.get_mut("children").and_then(Value::as_array_mut) {
            stack.extend(children.iter_mut().filter(|c| c.is_object()).rev());
        }
    }
}

/// A number; whole ones without a fraction, as JavaScript prints them.
fn number(value: f64) -> Value {
    // Thousandths of a pixel are below what anything shows; the rest is noise of the arithmetic.
    let value = (value * 1000.0).round() / 1000.0;
    let value = if value == 0.0 { 0.0 } else { value };
    if value.fract() == 0.0 && value.abs() < 9e15 {
        return Value::Number(Number::from(value as i64));
    }
    Number::from_f64(value).map_or(Value::Null, Value::Number)
}

fn point(p: Point, origin: Point) -> Value {
    json!({ "x": number(p.x - origin.x), "y": number(p.y - origin.y) })
}

fn set_rect(element: &mut Map<String, Value>, rect: Rect) {
    set_corner(element, rect.origin());
    element.insert("width".to_owned(), number(rect.width));
    element.insert("height".to_owned(), number(rect.height));
}

fn set_corner(element: &mut Map<String, Value>, at: Point) {
    element.insert("x".to_owned(), number(at.x));
    element.insert("y".to_owned(), number(at.y));
}

fn node(element: &mut Map<String, Value>, index: usize, read: &Read, placed: &Placed) {
    let rect = placed.nodes[index];
    let info = &read.nodes[index];
    if !info.has_layout {
        return;
    }
    let origin = match (info.shape_coords, read.graph.nodes[index].parent) {
        (Coords::Root, _) | (_, None) => Point::default(),
        (_, Some(parent)) => placed.nodes[parent].origin(),
    };
    set_rect(element, rect.offset(-origin.x, -origin.y));
    let base = if info.shape_coords == Coords::Root { Point::default() } else { rect.origin() };
    if let Some(ports) = element.get_mut("ports").and_then(Value::as_array_mut) {
        for (port, at) in ports.iter_mut().filter_map(Value::as_object_mut).zip(&placed.ports[index]) {
            set_rect(port, at.offset(-base.x, -base.y));
        }
    }
    if let Some(list) = element.get_mut("labels").and_then(Value::as_array_mut) {
        let places =
            labels::place(&info.labels, rect.size(), info.label_padding, info.label_gap, info.label_between);
        let shift = if info.shape_coords == Coords::Root { rect.origin() } else { Point::default() };
        for (label, place) in list.iter_mut().filter_map(Value::as_object_mut).zip(places) {
            match place {
                Some(at) => set_corner(label, at.offset(shift.x, shift.y)),
                None => keep_corner(label),
            }
        }
    }
}

/// A label that is not placed stays where it was, 0,0 where it was nowhere.
fn keep_corner(label: &mut Map<String, Value>) {
    for axis in ["x", "y"] {
        if !label.get(axis).is_some_and(Value::is_number) {
            label.insert(axis.to_owned(), number(0.0));
        }
    }
}

fn edge(element: &mut Map<String, Value>, info: &EdgeInfo, read: &Read, placed: &Placed) {
    let coords = read.nodes[info.declared_in].edge_coords;
    let origin = match coords {
        Coords::Default => placed.nodes[info.container].origin(),
        Coords::Parent => placed.nodes[info.declared_in].origin(),
        Coords::Root => Point::default(),
    };
    if coords == Coords::Default {
        element.insert("container".to_owned(), read.nodes[info.container].id.clone());
    }
    let Some(model) = info.model else { return };
    let line = &placed.edges[model];
    if let Some(list) = element.get_mut("labels").and_then(Value::as_array_mut) {
        for (label, mapped) in list.iter_mut().filter_map(Value::as_object_mut).zip(&info.labels) {
            match mapped.and_then(|m| line.labels.get(m)) {
                Some(rect) => set_corner(label, rect.origin().offset(-origin.x, -origin.y)),
                None => keep_corner(label),
            }
        }
    }
    if !info.sections || line.points.len() < 2 {
        return;
    }
    let id = element
        .get("id")
        .map(|id| id.as_str().map_or_else(|| id.to_string(), str::to_owned))
        .unwrap_or_default();
    let last = line.points.len() - 1;
    let mut section = Map::new();
    section.insert("id".to_owned(), Value::String(format!("{id}_s0")));
    section.insert("startPoint".to_owned(), point(line.points[0], origin));
    section.insert("endPoint".to_owned(), point(line.points[last], origin));
    if last > 1 {
        let bends = line.points[1..last].iter().map(|&p| point(p, origin)).collect();
        section.insert("bendPoints".to_owned(), Value::Array(bends));
    }
    section.insert("incomingShape".to_owned(), info.src_id.clone());
    section.insert("outgoingShape".to_owned(), info.dst_id.clone());
    element.insert("sections".to_owned(), Value::Array(vec![Value::Object(section)]));
}
