use std::collections::BTreeSet;

use spandrel_graph::{NodeId, Shape};

use super::*;
use crate::scenes::{Scene, gallery, heads, shop};

#[test]
fn parents_come_first_and_positions_are_relative() {
    let scene = shop();
    let (_, drawing) = scene.lay_out();
    let flow = scene.flow();
    let mut seen = BTreeSet::new();
    for (index, node) in flow.nodes.iter().enumerate() {
        let mut absolute = (node.position.x, node.position.y);
        if let Some(parent) = &node.parent_id {
            assert!(seen.contains(parent), "{parent} comes after {}", node.id);
        }
        let mut above = node.parent_id.clone();
        while let Some(id) = above {
            let parent = flow.nodes.iter().find(|node| node.id == id).unwrap();
            absolute = (absolute.0 + parent.position.x, absolute.1 + parent.position.y);
            above = parent.parent_id.clone();
        }
        let rect = drawing.nodes[NodeId(index as u32)].rect;
        assert_eq!(absolute, (rect.x, rect.y));
        assert_eq!((node.width, node.height), (node.measured.width, node.measured.height));
        seen.insert(node.id.clone());
    }
}

#[test]
fn every_edge_has_its_handles_where_it_ends() {
    for scene in [shop(), heads()] {
        let (_, drawing) = scene.lay_out();
        let flow = scene.flow();
        for (edge, placed) in flow.edges.iter().zip(&drawing.edges) {
            for (id, handle, end) in [
                (&edge.source, &edge.source_handle, placed.route.points.first()),
                (&edge.target, &edge.target_handle, placed.route.points.last()),
            ] {
                let at = flow.nodes.iter().position(|node| node.id == *id).unwrap();
                let found =
                    flow.nodes[at].handles.iter().filter(|known| known.id == *handle).collect::<Vec<_>>();
                assert_eq!(found.len(), 1);
                let rect = drawing.nodes[NodeId(at as u32)].rect;
                if rect.contains(*end.unwrap()) {
                    assert!((rect.x + found[0].x - end.unwrap().x).abs() < 0.01);
                    assert!((rect.y + found[0].y - end.unwrap().y).abs() < 0.01);
                }
            }
        }
    }
}

#[test]
fn a_node_as_json() {
    let flow = shop().flow();
    let node = flow.nodes.iter().find(|node| node.id == "region.vpc.db").unwrap();
    insta::assert_snapshot!(serde_json::to_string_pretty(node).unwrap());
    let edge = flow.edges.iter().find(|edge| edge.label.is_some()).unwrap();
    insta::assert_snapshot!(serde_json::to_string_pretty(edge).unwrap());
}

#[test]
fn only_rectangles_have_no_outline() {
    for node in gallery().flow().nodes {
        let shape = Shape::ALL.iter().find(|shape| shape.keyword() == node.data.shape).unwrap();
        assert_eq!(node.data.outline.is_none(), shape.is_rectangular(), "{}", node.data.shape);
    }
}

#[test]
fn what_stands_in_a_grid_is_not_draggable() {
    let mut scene = Scene::default();
    let grid = scene.node(None, "g", Shape::Rectangle, (0.0, 0.0), &[("grid-rows", "2")]);
    scene.node(Some(grid), "g.a", Shape::Rectangle, (9.0, 9.0), &[]);
    scene.node(None, "t", Shape::Text, (0.0, 90.0), &[("near", "top-center")]);
    let draggable: Vec<bool> = scene.flow().nodes.iter().map(|node| node.draggable).collect();
    assert_eq!(draggable, [true, false, false]);
}

#[test]
fn patches_touch_only_what_changed() {
    let before = shop().flow();
    assert!(patch(&before, &before).is_empty());
    let mut scene = shop();
    scene.board.nodes[NodeId(0)].label.text = "Shopper".into();
    scene.node(None, "new", Shape::Oval, (0.0, 300.0), &[]);
    let now = scene.flow();
    let change = patch(&before, &now);
    assert_eq!(change.nodes.added.len(), 1);
    assert_eq!(change.nodes.changed.iter().map(|node| node.id.as_str()).collect::<Vec<_>>(), ["user"]);
    assert!(change.nodes.removed.is_empty() && change.nodes.order.is_none());
    let back = patch(&now, &before);
    assert_eq!(back.nodes.removed, ["new"]);
}
