//! The canonical graph: what a source means, as plain JSON.
//!
//! Written straight into a text: a graph of thousands of connections is asked for at every keystroke, and a
//! tree of JSON values in between would cost more than compiling.

use std::fmt::Write as _;

use serde_json::Value;
use spandrel_base::IdVec;
use spandrel_graph::{
    Arrowhead, Attrs, Board, ConfigValue, Diagram, Edge, Node, NodeId, Shape, Value as AttrValue, Visibility,
};

/// A diagram in canonical form.
pub fn diagram(diagram: &Diagram) -> Value {
    // What was written is JSON.
    serde_json::from_str(&write(diagram)).unwrap_or_default()
}

/// A diagram in canonical form, as JSON text.
pub fn write(diagram: &Diagram) -> String {
    let root = &diagram.root;
    let mut out = Json(String::with_capacity(512 + 192 * (root.nodes.len() + root.edges.len())));
    out.board(root);
    if let Some(config) = &diagram.config {
        out.0.pop();
        out.key(r#","config":"#);
        let mut open = '{';
        for (key, value) in config {
            out.0.push(open);
            open = ',';
            out.text(key);
            out.0.push(':');
            match value {
                ConfigValue::Text(text) => out.text(text),
                ConfigValue::List(items) => out.texts(items),
            }
        }
        out.end(open, '{', '}');
        out.0.push('}');
    }
    out.0
}

/// Bytes that JSON does not take in a text as they are.
const IS_ESCAPED: [bool; 256] = {
    let mut escaped = [false; 256];
    let mut control = 0;
    while control < b' ' as usize {
        escaped[control] = true;
        control += 1;
    }
    escaped[b'"' as usize] = true;
    escaped[b'\\' as usize] = true;
    escaped
};

/// JSON text that grows.
struct Json(String);

impl Json {
    /// A key as it is written, with its quotes and its colon and what stands in front of it.
    fn key(&mut self, key: &str) {
        self.0.push_str(key);
    }

    /// A key with a text.
    fn entry(&mut self, key: &str, text: &str) {
        self.key(key);
        self.text(text);
    }

    /// A text in quotes.
    fn text(&mut self, text: &str) {
        self.0.push('"');
        let mut done = 0;
        while let Some(run) = text.as_bytes()[done..].iter().position(|&byte| IS_ESCAPED[usize::from(byte)]) {
            let at = done + run;
            self.0.push_str(&text[done..at]);
            done = at + 1;
            match text.as_bytes()[at] {
                b'"' => self.0.push_str("\\\""),
                b'\\' => self.0.push_str("\\\\"),
                b'\n' => self.0.push_str("\\n"),
                b'\r' => self.0.push_str("\\r"),
                b'\t' => self.0.push_str("\\t"),
                byte => _ = write!(self.0, "\\u{byte:04x}"),
            }
        }
        self.0.push_str(&text[done..]);
        self.0.push('"');
    }

    /// Closes what was opened by `open` where it had entries (each of which began with `sign`).
    fn end(&mut self, sign: char, open: char, close: char) {
        if sign == open {
            self.0.push(open);
        }
        self.0.push(close);
    }

    fn list<T>(&mut self, items: impl Iterator<Item = T>, each: impl Fn(&mut Self, T)) {
        let mut sign = '[';
        for item in items {
            self.0.push(sign);
            sign = ',';
            each(self, item);
        }
        self.end(sign, '[', ']');
    }

    fn texts(&mut self, items: &[String]) {
        self.list(items.iter(), |out, item| out.text(item));
    }

    fn board(&mut self, board: &Board) {
        self.entry(r#"{"name":"#, &board.name);
        self.entry(r#","kind":"#, board.kind.as_str());
        self.key(r#","root":"#);
        self.entry(r#"{"label":"#, &board.root.label);
        self.entry(r#","shape":"#, board.root.shape.map_or("", |shape| shape.keyword()));
        self.key(r#","attrs":"#);
        self.attrs(&board.root.attrs, "");
        self.0.push('}');
        self.key(r#","objects":"#);
        self.list(board.nodes.iter(), |out, node| out.object(&board.nodes, node));
        self.key(r#","edges":"#);
        self.list(board.edges.iter(), |out, edge| out.edge(&board.nodes, edge));
        for (key, boards) in [
            (r#","layers":"#, &board.layers),
            (r#","scenarios":"#, &board.scenarios),
            (r#","steps":"#, &board.steps),
        ] {
            self.key(key);
            self.list(boards.iter(), Self::board);
        }
        if let Some(legend) = &board.legend {
            // Ends of sample connections that are not shown are kept for the connections alone.
            let shown = |node: &&Node| node.style.opacity != Some(0.0);
            self.key(r#","legend":"#);
            self.entry(r#"{"label":"#, &legend.label);
            self.key(r#","objects":"#);
            self.list(legend.nodes.iter().filter(shown), |out, node| out.object(&legend.nodes, node));
            self.key(r#","edges":"#);
            self.list(legend.edges.iter(), |out, edge| out.edge(&legend.nodes, edge));
            self.0.push('}');
        }
        self.0.push('}');
    }

    fn object(&mut self, nodes: &IdVec<NodeId, Node>, node: &Node) {
        self.entry(r#"{"id":"#, &node.id);
        self.key(r#","parent":"#);
        match node.parent {
            Some(parent) => self.text(&nodes[parent].id),
            None => self.0.push_str("null"),
        }
        self.entry(r#","label":"#, &node.label.text);
        self.entry(r#","shape":"#, node.shape.keyword());
        self.key(r#","attrs":"#);
        self.attrs(&node.attrs, "");
        if let Some(block) = &node.label.block {
            self.entry(r#","language":"#, block.language());
        }
        if node.shape == Shape::SqlTable {
            self.key(r#","columns":"#);
            self.list(node.columns.iter(), |out, column| {
                out.entry(r#"{"name":"#, &column.name);
                out.entry(r#","type":"#, &column.data_type);
                out.key(r#","constraint":"#);
                out.texts(&column.constraints);
                out.0.push('}');
            });
        }
        if node.shape == Shape::Class {
            self.key(r#","fields":"#);
            self.list(node.fields.iter(), |out, field| {
                out.entry(r#"{"name":"#, &field.name);
                out.entry(r#","type":"#, &field.data_type);
                out.member(field.visibility, field.underline);
            });
            self.key(r#","methods":"#);
            self.list(node.methods.iter(), |out, method| {
                out.entry(r#"{"name":"#, &method.name);
                out.entry(r#","return":"#, &method.returns);
                out.member(method.visibility, method.underline);
            });
        }
        self.0.push('}');
    }

    /// What fields and methods share, to the end.
    fn member(&mut self, visibility: Visibility, underline: bool) {
        let visibility = match visibility {
            Visibility::Public => "public",
            Visibility::Private => "private",
            Visibility::Protected => "protected",
        };
        self.entry(r#","visibility":"#, visibility);
        if underline {
            self.key(r#","underline":"#);
            self.0.push_str("true");
        }
        self.0.push('}');
    }

    fn edge(&mut self, nodes: &IdVec<NodeId, Node>, edge: &Edge) {
        self.entry(r#"{"src":"#, &nodes[edge.src].id);
        self.entry(r#","dst":"#, &nodes[edge.dst].id);
        for (key, arrow) in [(r#","src_arrow":"#, edge.src_arrow), (r#","dst_arrow":"#, edge.dst_arrow)] {
            self.key(key);
            self.0.push_str(if arrow { "true" } else { "false" });
        }
        self.key(r#","index":"#);
        _ = write!(self.0, "{}", edge.index);
        self.entry(r#","label":"#, &edge.label.text);
        self.key(r#","attrs":"#);
        self.attrs(&edge.attrs, "");
        if let Some(block) = &edge.label.block {
            self.entry(r#","language":"#, block.language());
        }
        for (key, head) in
            [(r#","src_arrowhead":"#, &edge.src_arrowhead), (r#","dst_arrowhead":"#, &edge.dst_arrowhead)]
        {
            if let Some(head) = head {
                self.key(key);
                self.arrowhead(head);
            }
        }
        for (key, column) in [(r#","src_column":"#, edge.src_column), (r#","dst_column":"#, edge.dst_column)]
        {
            if let Some(column) = column {
                self.key(key);
                _ = write!(self.0, "{column}");
            }
        }
        self.0.push('}');
    }

    fn arrowhead(&mut self, head: &Arrowhead) {
        self.entry(r#"{"label":"#, &head.label);
        let shape = head.attrs.text("shape").or(head.shape.map(spandrel_graph::ArrowheadShape::keyword));
        self.entry(r#","shape":"#, shape.unwrap_or(""));
        self.key(r#","attrs":"#);
        self.attrs(&head.attrs, "shape");
        self.0.push('}');
    }

    /// All attributes but `without`.
    fn attrs(&mut self, attrs: &Attrs, without: &str) {
        let mut sign = '{';
        for (keyword, value) in attrs.iter().filter(|&(keyword, _)| keyword != without) {
            self.0.push(sign);
            sign = ',';
            self.text(keyword);
            self.0.push(':');
            match value {
                AttrValue::Text(text) => self.text(text),
                AttrValue::List(items) => self.texts(items),
            }
        }
        self.end(sign, '{', '}');
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn what_is_written_is_json_whatever_the_texts() {
        let mut found = Diagram::default();
        found.root.root.label = "a \"quoted\" \\ \n\r\t\u{1}\u{7f} ü 🐢".to_owned();
        found.root.root.attrs.set("class", AttrValue::List(vec!["x".into(), "y\u{0}".into()]));
        found.config = Some(BTreeMap::from([("pad".to_owned(), ConfigValue::Text("5".into()))]));
        let value: Value = serde_json::from_str(&write(&found)).unwrap();
        assert_eq!(value["root"]["label"], found.root.root.label);
        assert_eq!(value["root"]["attrs"]["class"][1], "y\u{0}");
        assert_eq!(value["config"]["pad"], "5");
        assert_eq!(value["objects"], serde_json::json!([]));
    }
}
