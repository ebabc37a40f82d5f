//! The algorithms besides the layered one, through ELK JSON.

use serde_json::{Value, json};
use spandrel_base::Budget;

fn lay_out(mut graph: Value) -> Value {
    spandrel_elk_json::layout_value(&mut graph, &Value::Null, &Budget::default()).expect("a layout");
    graph
}

fn node<'a>(graph: &'a Value, path: &[usize]) -> &'a Value {
    path.iter().fold(graph, |node, &child| &node["children"][child])
}

fn corner(node: &Value) -> (f64, f64) {
    (node["x"].as_f64().unwrap(), node["y"].as_f64().unwrap())
}

/// Two boxes 10 wide, and an edge from the one to the other.
fn pair(options: Value, a: (f64, f64), b: (f64, f64)) -> Value {
    json!({
        "id": "root", "layoutOptions": options,
        "children": [
            { "id": "a", "x": a.0, "y": a.1, "width": 10, "height": 10 },
            { "id": "b", "x": b.0, "y": b.1, "width": 10, "height": 10 },
        ],
        "edges": [{ "id": "e", "sources": ["a"], "targets": ["b"] }],
    })
}

#[test]
fn spore_meets_the_distances_exactly() {
    let compaction = json!({
        "algorithm": "elk.sporeCompaction", "elk.spacing.nodeNode": 14,
        "elk.padding": "[left=2, top=2, right=2, bottom=2]",
    });
    let graph = lay_out(pair(compaction, (20.0, 20.0), (50.0, 50.0)));
    assert_eq!((corner(node(&graph, &[0])), corner(node(&graph, &[1]))), ((2.0, 2.0), (26.0, 26.0)));
    let overlap = json!({
        "algorithm": "elk.sporeOverlap", "elk.spacing.nodeNode": 13,
        "elk.padding": "[left=3, top=3, right=3, bottom=3]",
    });
    let graph = lay_out(pair(overlap, (20.0, 20.0), (25.0, 25.0)));
    assert_eq!((corner(node(&graph, &[0])), corner(node(&graph, &[1]))), ((3.0, 3.0), (26.0, 26.0)));
}

#[test]
fn fixed_keeps_positions_and_bend_points() {
    let mut graph = pair(json!({ "algorithm": "fixed" }), (-5.0, 0.0), (95.0, 3.0));
    graph["children"][1]["layoutOptions"] = json!({ "position": "(23, 43)" });
    graph["edges"][0]["layoutOptions"] = json!({ "bendPoints": "( {1,2}, {3,4}, {5,6} )" });
    let graph = lay_out(graph);
    assert_eq!((corner(node(&graph, &[0])), corner(node(&graph, &[1]))), ((-5.0, 0.0), (23.0, 43.0)));
    assert_eq!((&graph["width"], &graph["height"]), (&json!(63), &json!(83)));
    let section = &graph["edges"][0]["sections"][0];
    assert_eq!(section["startPoint"], json!({ "x": 1, "y": 2 }));
    assert_eq!(section["bendPoints"], json!([{ "x": 3, "y": 4 }]));
    assert_eq!(section["endPoint"], json!({ "x": 5, "y": 6 }));
}

#[test]
fn packings_leave_edges_without_sections() {
    for algorithm in ["box", "elk.box", "org.eclipse.elk.rectpacking"] {
        let graph = lay_out(pair(json!({ "algorithm": algorithm }), (0.0, 0.0), (0.0, 0.0)));
        assert_eq!(graph["edges"][0]["sections"], Value::Null, "{algorithm}");
        assert_eq!(graph["edges"][0]["container"], "root");
        assert_eq!(corner(node(&graph, &[0])), (15.0, 15.0));
    }
}

#[test]
fn trees_go_down_unless_told_otherwise() {
    let down = lay_out(pair(json!({ "algorithm": "mrtree" }), (0.0, 0.0), (0.0, 0.0)));
    assert_eq!((corner(node(&down, &[0])), corner(node(&down, &[1]))), ((20.0, 20.0), (20.0, 50.0)));
    let right = json!({ "algorithm": "mrtree", "elk.direction": "RIGHT", "elk.spacing.nodeNode": 70 });
    let right = lay_out(pair(right, (0.0, 0.0), (0.0, 0.0)));
    assert_eq!(corner(node(&right, &[1])), (100.0, 20.0));
    let section = &right["edges"][0]["sections"][0];
    assert_eq!((&section["startPoint"]["x"], &section["endPoint"]["x"]), (&json!(30), &json!(100)));
}

#[test]
fn containers_may_each_have_an_algorithm_of_their_own() {
    let leaf = |id: &str| json!({ "id": id, "width": 30, "height": 20 });
    let graph = lay_out(json!({
        "id": "root", "layoutOptions": { "algorithm": "stress", "hierarchyHandling": "INCLUDE_CHILDREN" },
        "children": [
            { "id": "rows", "layoutOptions": { "algorithm": "box" }, "children": [leaf("a"), leaf("b"), leaf("c")] },
            { "id": "tree", "layoutOptions": { "algorithm": "mrtree" }, "children": [leaf("d"), leaf("e")],
              "edges": [{ "id": "de", "sources": ["d"], "targets": ["e"] }] },
            leaf("f"),
        ],
        "edges": [
            { "id": "ad", "sources": ["a"], "targets": ["d"] },
            { "id": "fe", "sources": ["f"], "targets": ["e"] },
        ],
    }));
    for container in [0, 1] {
        let outer = node(&graph, &[container]);
        for child in outer["children"].as_array().unwrap() {
            let (x, y) = corner(child);
            assert!(x >= 15.0 && y >= 15.0 && x + 30.0 <= outer["width"].as_f64().unwrap() - 15.0);
        }
    }
    let tree = node(&graph, &[1]);
    assert_eq!(corner(&tree["children"][1]).1, 60.0);
    // Edges into containers end at the node inside.
    let end = &graph["edges"][1]["sections"][0]["endPoint"];
    let (x, y) = (end["x"].as_f64().unwrap(), end["y"].as_f64().unwrap());
    let (left, top) =
        (corner(tree).0 + corner(&tree["children"][1]).0, corner(tree).1 + corner(&tree["children"][1]).1);
    assert!(
        x >= left - 0.01 && x <= left + 30.01 && y >= top - 0.01 && y <= top + 20.01,
        "{x},{y} {left},{top}"
    );
}

#[test]
fn edges_end_at_their_ports() {
    let port = |id: &str, side: &str| json!({ "id": id, "width": 6, "height": 6, "layoutOptions": { "port.side": side } });
    for algorithm in ["stress", "force", "radial", "mrtree", "sporeOverlap", "random"] {
        let graph = lay_out(json!({
            "id": "root", "layoutOptions": { "algorithm": algorithm },
            "children": [
                { "id": "a", "width": 60, "height": 40, "ports": [port("out", "EAST")] },
                { "id": "b", "width": 60, "height": 40, "ports": [port("in", "WEST")] },
            ],
            "edges": [{ "id": "e", "sources": ["out"], "targets": ["in"] }],
        }));
        let section = &graph["edges"][0]["sections"][0];
        for (child, end) in [(0, "startPoint"), (1, "endPoint")] {
            let owner = node(&graph, &[child]);
            let port = &owner["ports"][0];
            let (x, y) = (corner(owner).0 + corner(port).0, corner(owner).1 + corner(port).1);
            let (ex, ey) = (section[end]["x"].as_f64().unwrap(), section[end]["y"].as_f64().unwrap());
            let inside = ex >= x - 0.01 && ex <= x + 6.01 && ey >= y - 0.01 && ey <= y + 6.01;
            assert!(inside, "{algorithm}: {end} {ex},{ey} is off the port at {x},{y}");
        }
    }
}

#[test]
fn every_algorithm_lays_out_anything() {
    for algorithm in [
        "fixed",
        "box",
        "rectpacking",
        "mrtree",
        "radial",
        "force",
        "stress",
        "sporeOverlap",
        "sporeCompaction",
        "disco",
        "random",
    ] {
        for children in
            [json!([]), json!([{ "id": 1 }]), json!([{ "id": 1 }, { "id": 2, "width": 1e300, "height": 7 }])]
        {
            let edges = if children.as_array().unwrap().len() > 1 {
                json!([{ "id": "e", "sources": [1], "targets": [2] }, { "id": "loop", "sources": [2], "targets": [2] }])
            } else {
                json!([])
            };
            let graph = lay_out(json!({
                "id": "root", "layoutOptions": { "elk.algorithm": algorithm }, "children": children, "edges": edges,
            }));
            assert!(graph["width"].is_number() && graph["height"].is_number(), "{algorithm}: {graph}");
            for child in graph["children"].as_array().unwrap() {
                assert!(child["x"].is_number() && child["y"].is_number(), "{algorithm}: {child}");
            }
        }
    }
}
