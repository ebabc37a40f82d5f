//! The canonical graph: what a source means, as plain JSON.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use spandrel_base::IdVec;
use spandrel_graph::{
    Arrowhead, Attrs, Board, ConfigValue, Diagram, Edge, EdgeId, Node, NodeId, Shape, Value as AttrValue,
    Visibility,
};

/// A diagram in canonical form.
pub fn diagram(diagram: &Diagram) -> Value {
    let mut root = board(&diagram.root);
    if let Some(config) = &diagram.config {
        root["config"] = self::config(config);
    }
    root
}

fn config(config: &BTreeMap<String, ConfigValue>) -> Value {
    let entry = |(key, value): (&String, &ConfigValue)| {
        let value = match value {
            ConfigValue::Text(text) => json!(text),
            ConfigValue::List(items) => json!(items),
        };
        (key.clone(), value)
    };
    Value::Object(config.iter().map(entry).collect())
}

fn board(board: &Board) -> Value {
    let shape = board.root.shape.map_or("", |shape| shape.keyword());
    let mut result = json!({
        "name": board.name,
        "kind": board.kind.as_str(),
        "root": {"label": board.root.label, "shape": shape, "attrs": attrs(&board.root.attrs)},
        "objects": objects(&board.nodes),
        "edges": edges(&board.nodes, &board.edges),
        "layers": boards(&board.layers),
        "scenarios": boards(&board.scenarios),
        "steps": boards(&board.steps),
    });
    if let Some(legend) = &board.legend {
        // Ends of sample connections that are not shown are kept for the connections alone.
        let shown = |node: &&Node| node.style.opacity != Some(0.0);
        let objects: Vec<Value> =
            legend.nodes.iter().filter(shown).map(|n| object(&legend.nodes, n)).collect();
        result["legend"] = json!({
            "label": legend.label,
            "objects": objects,
            "edges": edges(&legend.nodes, &legend.edges),
        });
    }
    result
}

fn boards(boards: &[Board]) -> Vec<Value> {
    boards.iter().map(board).collect()
}

fn objects(nodes: &IdVec<NodeId, Node>) -> Vec<Value> {
    nodes.iter().map(|node| object(nodes, node)).collect()
}

fn object(nodes: &IdVec<NodeId, Node>, node: &Node) -> Value {
    let mut result = json!({
        "id": node.id,
        "parent": node.parent.map(|parent| nodes[parent].id.as_str()),
        "label": node.label.text,
        "shape": node.shape.keyword(),
        "attrs": attrs(&node.attrs),
    });
    if let Some(block) = &node.label.block {
        result["language"] = json!(block.language());
    }
    if node.shape == Shape::SqlTable {
        let column = |c: &spandrel_graph::Column| json!({"name": c.name, "type": c.data_type, "constraint": c.constraints});
        result["columns"] = node.columns.iter().map(column).collect();
    }
    if node.shape == Shape::Class {
        result["fields"] = node
            .fields
            .iter()
            .map(|f| member(json!({"name": f.name, "type": f.data_type}), f.visibility, f.underline))
            .collect();
        result["methods"] = node
            .methods
            .iter()
            .map(|m| member(json!({"name": m.name, "return": m.returns}), m.visibility, m.underline))
            .collect();
    }
    result
}

fn member(mut member: Value, visibility: Visibility, underline: bool) -> Value {
    member["visibility"] = json!(match visibility {
        Visibility::Public => "public",
        Visibility::Private => "private",
        Visibility::Protected => "protected",
    });
    if underline {
        member["underline"] = json!(true);
    }
    member
}

fn edges(nodes: &IdVec<NodeId, Node>, edges: &IdVec<EdgeId, Edge>) -> Vec<Value> {
    edges.iter().map(|e| edge(nodes, e)).collect()
}

fn edge(nodes: &IdVec<NodeId, Node>, edge: &Edge) -> Value {
    let mut result = json!({
        "src": nodes[edge.src].id,
        "dst": nodes[edge.dst].id,
        "src_arrow": edge.src_arrow,
        "dst_arrow": edge.dst_arrow,
        "index": edge.index,
        "label": edge.label.text,
        "attrs": attrs(&edge.attrs),
    });
    if let Some(block) = &edge.label.block {
        result["language"] = json!(block.language());
    }
    for (key, head) in [("src_arrowhead", &edge.src_arrowhead), ("dst_arrowhead", &edge.dst_arrowhead)] {
        if let Some(head) = head {
            result[key] = arrowhead(head);
        }
    }
    for (key, column) in [("src_column", edge.src_column), ("dst_column", edge.dst_column)] {
        if let Some(column) = column {
            result[key] = json!(column);
        }
    }
    result
}

fn arrowhead(head: &Arrowhead) -> Value {
    let mut attributes = attrs(&head.attrs);
    let mut shape = head.shape.map_or(String::new(), |shape| shape.keyword().to_owned());
    if let Some(Value::String(other)) = attributes.as_object_mut().and_then(|a| a.remove("shape")) {
        shape = other;
    }
    json!({"label": head.label, "shape": shape, "attrs": attributes})
}

fn attrs(attrs: &Attrs) -> Value {
    let entry = |(key, value): (&str, &AttrValue)| {
        let value = match value {
            AttrValue::Text(text) => json!(text),
            AttrValue::List(items) => json!(items),
        };
        (key.to_owned(), value)
    };
    Value::Object(attrs.iter().map(entry).collect::<Map<String, Value>>())
}
