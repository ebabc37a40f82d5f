//! What changed between two drawings, so that a page touches nothing else.

use spandrel_base::LeanCollect;
use std::collections::BTreeMap;

use serde::Serialize;

use super::wire::{Area, Edge, Flow, Node};

/// The way from one [`Flow`] to another.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields, rename = "FlowPatch"))]
pub struct Patch {
    /// Changes of nodes.
    pub nodes: Changes<Node>,
    /// Changes of edges.
    pub edges: Changes<Edge>,
    /// The new bounds, where they changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bounds: Option<Area>,
}

/// What came, what became different, what went.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, optional_fields))]
pub struct Changes<T> {
    /// New items, in the order of the new list.
    pub added: Vec<T>,
    /// Items that are different now, whole.
    pub changed: Vec<T>,
    /// Ids of items that are gone.
    pub removed: Vec<String>,
    /// All ids in their new order, where those that stayed changed places or something came between them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<Vec<String>>,
}

impl<T> Default for Changes<T> {
    fn default() -> Self {
        Self { added: Vec::new(), changed: Vec::new(), removed: Vec::new(), order: None }
    }
}

impl Patch {
    /// Whether nothing changed.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// What leads from `previous` to `now`.
pub fn patch(previous: &Flow, now: &Flow) -> Patch {
    Patch {
        nodes: changes(&previous.nodes, &now.nodes, |node| &node.id),
        edges: changes(&previous.edges, &now.edges, |edge| &edge.id),
        bounds: (previous.bounds != now.bounds).then_some(now.bounds),
    }
}

fn changes<T: Clone + PartialEq>(previous: &[T], now: &[T], id: impl Fn(&T) -> &String) -> Changes<T> {
    let before: BTreeMap<&String, &T> = previous.iter().map(|item| (id(item), item)).lean_map();
    let after: BTreeMap<&String, &T> = now.iter().map(|item| (id(item), item)).lean_map();
    let mut changes = Changes::default();
    for item in now {
        match before.get(id(item)) {
            None => changes.added.push(item.clone()),
            Some(old) if *old != item => changes.changed.push(item.clone()),
            Some(_) => {}
        }
    }
    changes.removed = previous.iter().map(&id).filter(|id| !after.contains_key(id)).cloned().collect();
    // Without an order, the new list is what stayed, in its old order, and then what came.
    let stayed = previous.iter().map(&id).filter(|id| after.contains_key(id));
    let plain: Vec<&String> = stayed.chain(changes.added.iter().map(&id)).collect();
    let real: Vec<&String> = now.iter().map(&id).collect();
    if plain != real {
        changes.order = Some(real.into_iter().cloned().collect());
    }
    changes
}
