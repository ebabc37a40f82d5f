//! When two mentions are the same glob.

use spandrel_syntax::ast::{Edge, Key, KeyPath, Value};

use super::Scoper;
use crate::ir::CtxId;

impl Scoper<'_, '_> {
    /// Whether two mentions are the same key in the same place of the source; the map into which it is
    /// compiled does not matter.
    pub(super) fn same_context(&self, a: CtxId, b: CtxId) -> bool {
        if a == b {
            return true;
        }
        let (a, b) = (&self.ir.contexts[a], &self.ir.contexts[b]);
        std::ptr::eq(a.scope, b.scope)
            && std::ptr::eq(a.board, b.board)
            && a.file == b.file
            && same_key(a.key, b.key)
            && a.key.suspension() == b.key.suspension()
    }
}

fn same_path(a: Option<&KeyPath>, b: Option<&KeyPath>) -> bool {
    match (a, b) {
        (None, None) => true,
        (Some(a), Some(b)) => a.same(b),
        _ => false,
    }
}

fn same_edge(a: &Edge, b: &Edge) -> bool {
    same_path(a.src.as_ref(), b.src.as_ref())
        && same_path(a.dst.as_ref(), b.dst.as_ref())
        && a.src_arrow == b.src_arrow
        && a.dst_arrow == b.dst_arrow
}

/// Whether two keys say the same.
pub(crate) fn same_key(a: &Key, b: &Key) -> bool {
    if std::ptr::eq(a, b) {
        return true;
    }
    a.filter == b.filter
        && same_path(a.path.as_ref(), b.path.as_ref())
        && a.index.map(|i| i.number) == b.index.map(|i| i.number)
        && same_path(a.edge_path.as_ref(), b.edge_path.as_ref())
        && a.edges.len() == b.edges.len()
        && a.edges.iter().zip(&b.edges).all(|(a, b)| same_edge(a, b))
        && same_value(a.value.as_ref(), b.value.as_ref())
        && a.primary.as_ref().map(Value::text) == b.primary.as_ref().map(Value::text)
}

fn same_value(a: Option<&Value>, b: Option<&Value>) -> bool {
    match (a, b) {
        (None, None) => true,
        (Some(Value::Map(a)), Some(Value::Map(b))) => {
            let (mut a, mut b) = (a.keys(), b.keys());
            loop {
                match (a.next(), b.next()) {
                    (None, None) => return true,
                    (Some(a), Some(b)) if same_key(a, b) => {}
                    _ => return false,
                }
            }
        }
        (Some(a), Some(b)) => a.is_scalar() == b.is_scalar() && a.text() == b.text(),
        _ => false,
    }
}
