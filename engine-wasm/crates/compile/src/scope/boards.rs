//! Boards: what each starts from, and links between them.

use spandrel_syntax::{keywords, parse_key_path, print};

use super::Scoper;
use crate::ir::{BoardKind, CtxId, FieldId, Holder, Made, MapId, Path, Scalar, ScalarValue};

impl Scoper<'_, '_> {
    /// A scenario starts from the board around it, a step from the step before it.
    pub(super) fn start_board(&mut self, field: FieldId, kind: Option<BoardKind>) {
        let base = match kind {
            Some(BoardKind::Scenario) => self.ir.board_around(field).and_then(|board| self.ir.map_of(board)),
            Some(BoardKind::Step) => {
                let steps = self.ir.fields[field].parent.map(|map| self.ir.maps[map].fields.clone());
                let steps = steps.unwrap_or_default();
                match steps.iter().position(|&f| f == field) {
                    Some(at) if at > 0 => self.ir.map_of(steps[at - 1]),
                    _ => self.ir.board_around(field).and_then(|board| self.ir.map_of(board)),
                }
            }
            _ => return,
        };
        self.start_from(base, field);
    }

    /// Gives `field` a copy of `base` without its boards and label, with the field's own map over it.
    pub(super) fn start_from(&mut self, base: Option<MapId>, field: FieldId) {
        let Some(own) = self.ir.map_of(field) else { return };
        let cost = base.map_or(0, |base| self.ir.maps[base].fields.len());
        if !self.spend(cost as u64) {
            return;
        }
        let skip = ["layers", "scenarios", "steps", "label"];
        let holder = Holder::Field(field);
        let map = match base {
            Some(base) => self.ir.copy_map(base, holder, &skip),
            None => self.ir.new_map(holder),
        };
        self.ir.overlay_map(map, own);
        self.ir.fields[field].composite = crate::ir::Composite::Map(map);
    }

    /// Turns `link: layers.x` into the absolute path of that board, from where it is written.
    pub(super) fn board_link(&mut self, field: FieldId, context: CtxId) {
        let Some(value) = self.ir.fields[field].primary.clone() else { return };
        let Some(link) = parse_key_path(value.text()) else { return };
        let Some(first) = link.parts.first().filter(|part| part.is_unquoted()) else { return };
        let word = first.text().to_lowercase();
        if !keywords::is_board(&word) && word != "_" {
            return;
        }
        let map = self.ir.contexts[context].map;
        let Some(around) = self.ir.field_around(map) else { return };
        let mut scope = self.ir.path(around, true);
        cut_to_board(&mut scope);
        let mut parts = link.parts.as_slice();
        while let Some(part) = parts.first().filter(|part| part.is_parent()) {
            let _ = part;
            if scope.len() < 2 {
                // It may find its board where the file is imported.
                break;
            }
            scope.truncate(scope.len() - 2);
            parts = &parts[1..];
        }
        if scope.is_empty() {
            scope.push(self.ir.names.make("root", true, value.span()));
        }
        let path = scope.iter().map(|n| n.text).chain(parts.iter().map(spandrel_syntax::ast::Str::text));
        let text = print::key_path(path);
        let made = Made { text, span: value.span(), block: None };
        self.ir.fields[field].primary =
            Some(Scalar { value: ScalarValue::Made(made.into()), file: value.file });
    }

    /// Classes of a board hold in its layers too; what a layer says of a class wins.
    pub(crate) fn overlay_classes(&mut self, board: MapId) {
        let Some(classes) = self.ir.keyword(board, "classes") else { return };
        if self.ir.map_of(classes).is_none() {
            return;
        }
        let Some(layers) = self.ir.keyword_map(board, "layers") else { return };
        for layer in self.ir.maps[layers].fields.clone() {
            let Some(map) = self.ir.map_of(layer) else { continue };
            if self.ir.fields[layer].primary.is_some() {
                continue;
            }
            if !self.spend(1) {
                return;
            }
            match self.ir.keyword(map, "classes") {
                None => {
                    self.ir.copy_field(classes, map);
                }
                Some(own) => {
                    if let Some(own_map) = self.ir.map_of(own) {
                        let base = self.ir.copy_field_loose(classes, map);
                        if let Some(base_map) = self.ir.map_of(base) {
                            self.ir.overlay_map(base_map, own_map);
                        }
                        if let Some(at) = self.ir.maps[map].fields.iter().position(|&f| f == own) {
                            self.ir.remove_field(map, at);
                        }
                        let end = self.ir.maps[map].fields.len();
                        self.ir.insert_fields(map, end, vec![base]);
                    }
                }
            }
            self.overlay_classes(map);
        }
    }
}

/// Shortens an absolute path to that of the board in which it lies.
fn cut_to_board(path: &mut Path<'_>) {
    for at in (1..path.len()).rev() {
        let before = &path[at - 1];
        if before.unquoted && keywords::is_board(&before.text.to_lowercase()) {
            path.truncate(at + 1);
            return;
        }
        if before.unquoted && before.text == "root" {
            path.truncate(at);
            return;
        }
    }
}
