//! Keys with values.

use spandrel_syntax::ast::{Array, ArrayItem, KeyPath, Value};

use super::Scoper;
use crate::ir::{BoardKind, Composite, CtxId, Element, FieldId, MapId, Scalar, ScalarValue};

impl<'a> Scoper<'a, '_> {
    /// Compiles `path: value` into `dst`.
    pub(super) fn field_key(&mut self, dst: MapId, path: &'a KeyPath, context: CtxId) {
        if self.ir.contexts[context].key.filter.is_some() {
            return;
        }
        match self.ensure(dst, path, Some(context), true) {
            Err(error) => self.report(error),
            Ok(fields) => {
                for field in fields.iter().copied() {
                    self.field_value(field, context);
                }
            }
        }
    }

    fn field_value(&mut self, field: FieldId, context: CtxId) {
        let crate::ir::Context { key, board, file, .. } = self.ir.contexts[context];
        if let Some(map) = key.map().filter(|map| map.has_filter()) {
            let own = self.ir.map_of_or_new(field);
            self.map_stack.push(context);
            let holds = self.filters_hold(own, map, board);
            self.map_stack.pop();
            if !holds {
                return;
            }
        }
        if key.edges.is_empty() && key.is_null() {
            let Some(parent) = self.ir.fields[field].parent else { return };
            // A variable that is null hides one of the same name further out.
            if !self.ir.is_var(parent) {
                self.delete_field(parent, field);
                return;
            }
        }
        if key.edges.is_empty()
            && let Some(on) = key.suspension()
        {
            if !self.lazy {
                self.ir.fields[field].suspended = on;
                self.suspends |= on;
            }
            return;
        }
        if let Some(primary) = &key.primary {
            if self.keeps_value(field) {
                return;
            }
            self.ir.fields[field].primary = Some(Self::scalar(primary, file));
            self.ir.touch(field);
        }
        match &key.value {
            Some(Value::Array(array)) => {
                let items = self.array(array, field, board);
                self.ir.fields[field].composite = Composite::Array(items);
                self.ir.touch(field);
            }
            Some(Value::Map(ast)) => {
                let kind = self.ir.board_of_field(field);
                let fresh = self.ir.map_of(field).is_none();
                if fresh {
                    self.ir.give_map(field);
                    self.start_board(field, kind);
                }
                let scope = if fresh && kind.is_some() { ast } else { board };
                let Some(map) = self.ir.map_of(field) else { return };
                self.map_stack.push(context);
                self.map(map, ast, scope);
                self.map_stack.pop();
                if matches!(kind, Some(BoardKind::Scenario | BoardKind::Step))
                    && let Some(map) = self.ir.map_of(field)
                {
                    self.overlay_classes(map);
                }
            }
            Some(Value::Import(import)) => self.import_value(field, import),
            Some(scalar) => {
                if self.keeps_value(field) {
                    return;
                }
                self.ir.fields[field].primary = Some(Self::scalar(scalar, file));
                self.ir.touch(field);
                if self.ir.fields[field].name.as_ref().is_some_and(|n| n.is("link")) {
                    self.board_link(field, context);
                }
            }
            None => {}
        }
    }

    /// Whether a glob that comes back leaves a value alone that the source set otherwise.
    fn keeps_value(&self, field: FieldId) -> bool {
        self.lazy
            && self.ir.fields[field].primary.is_some()
            && self.ir.last_primary(field).is_some_and(|reference| !reference.lazy)
    }

    fn array(
        &mut self,
        array: &'a Array,
        field: FieldId,
        board: &'a spandrel_syntax::ast::Map,
    ) -> Vec<Element<'a>> {
        let file = self.file();
        let mut items = Vec::new();
        for item in &array.items {
            match item {
                ArrayItem::Comment(_) | ArrayItem::BlockComment(_) | ArrayItem::Error(_) => {}
                ArrayItem::Substitution(substitution) => {
                    items.push(Element::Scalar(Scalar {
                        value: ScalarValue::Spread(substitution, None),
                        file,
                    }));
                }
                ArrayItem::Value(Value::Array(array)) => {
                    let inner = self.array(array, field, board);
                    items.push(Element::Array(inner));
                }
                ArrayItem::Value(Value::Map(ast)) => {
                    let map = self.ir.new_map(crate::ir::Holder::Field(field));
                    self.map(map, ast, board);
                    items.push(Element::Map(map));
                }
                ArrayItem::Value(Value::Import(import)) => self.import_element(field, import, &mut items),
                ArrayItem::Value(value) => items.push(Element::Scalar(Self::scalar(value, file))),
            }
        }
        items
    }
}
