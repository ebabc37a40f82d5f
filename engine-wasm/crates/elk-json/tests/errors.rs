//! What a graph is refused for, and in which words.

use serde_json::{Value, json};
use spandrel_base::Budget;

/// The message with which `graph` is refused; empty where it is laid out.
fn refused(mut graph: Value) -> String {
    let answer = spandrel_elk_json::layout_value(&mut graph, &Value::Null, &Budget::default());
    answer.map_or_else(|error| error.to_string(), |_| String::new())
}

/// A ring of nodes with the layer constraint `word`.
fn ring(word: &str, algorithm: &str) -> Value {
    let node = |id: &str| json!({ "id": id, "layoutOptions": { "layerConstraint": word } });
    let edge = |id: &str, a: &str, b: &str| json!({ "id": id, "sources": [a], "targets": [b] });
    json!({
        "id": "root", "layoutOptions": { "algorithm": algorithm },
        "children": [node("a"), node("b"), node("c")],
        "edges": [edge("ab", "a", "b"), edge("bc", "b", "c"), edge("ca", "c", "a")],
    })
}

#[test]
fn nodes_of_one_layer_cannot_be_connected() {
    for word in ["FIRST", "LAST", "LAST_SEPARATE"] {
        let message = refused(ring(word, "layered"));
        assert!(message.starts_with("org.eclipse.elk.core.UnsupportedConfigurationException: "), "{message}");
        for part in ["'a'", "'b'", "'ab'", word] {
            assert!(message.contains(part), "{message}");
        }
    }
    for word in ["NONE", "FIRST_SEPARATE"] {
        assert_eq!(refused(ring(word, "layered")), "");
    }
    assert_eq!(refused(ring("FIRST", "stress")), "", "other algorithms have no layers");
}

#[test]
fn an_unknown_algorithm_is_named() {
    let message = refused(json!({ "id": "r", "layoutOptions": { "algorithm": "foo" } }));
    assert!(
        message
            .contains("UnsupportedConfigurationException: Layout algorithm 'foo' not found for Root Node r")
    );
}
