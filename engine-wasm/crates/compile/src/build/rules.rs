//! Rules that need the whole board.

use spandrel_syntax::{keywords, print};

use super::values::suggest;
use super::{Builder, Loc, Set};
use crate::ir::{FieldId, MapId};

/// From so many errors on, nobody is told what a `near` was most likely to name.
const MOST_PLACES: usize = 20;

impl Builder<'_, '_, '_> {
    /// An object without a shape gets the one that its label asks for.
    pub(super) fn default_shapes(&mut self) {
        for index in 1..self.draft.objects.len() {
            if self.draft.objects[index].set.shape.is_some() {
                continue;
            }
            let in_sequence = self.sequence_around(index).is_some();
            let set = &mut self.draft.objects[index].set;
            let shape = match set.language.as_str() {
                _ if in_sequence => "rectangle",
                "" => "rectangle",
                "latex" | "markdown" => "text",
                _ => "code",
            };
            set.shape = Some(shape.into());
        }
    }

    /// Keywords that fit the shape of what they stand on.
    pub(super) fn check_keys(&mut self, object: usize, map: MapId) {
        for at in 0..self.scoper.ir.maps[map].fields.len() {
            let field = self.scoper.ir.maps[map].fields[at];
            let Some(name) = self.scoper.ir.fields[field].name else { continue };
            if name.unquoted && keywords::is_board(name.text) {
                continue;
            }
            if name.unquoted && name.reserved {
                self.check_keyword(object, field, name.text);
                continue;
            }
            if self.draft.objects[object].set.is_shape("image") && self.sequence_around(object).is_none() {
                let at = self.last_place(field);
                self.error(at, "C150", "an image has nothing inside");
                continue;
            }
            // D2 looks names up as they are written, but keeps them as they are printed: those in quotes
            // are not found.
            let child = self.draft.child(object, name.folded).filter(|_| name.bare);
            if let (Some(child), Some(below)) = (child, self.scoper.ir.map_of(field)) {
                self.check_keys(child, below);
            }
        }
    }

    fn check_keyword(&mut self, object: usize, field: FieldId, word: &str) {
        let lower = word.to_ascii_lowercase();
        if !matches!(&*lower, "style" | "shape" | "constraint" | "width" | "height") {
            return;
        }
        let set = std::mem::take(&mut self.draft.objects[object].set);
        self.check_set(&set, field, word);
        self.draft.objects[object].set = set;
    }

    /// What an object sets, as far as one of its keywords is concerned.
    fn check_set(&mut self, set: &Set, field: FieldId, word: &str) {
        let lower = word.to_ascii_lowercase();
        let shape = set.shape.as_deref().unwrap_or_default();
        if matches!(shape, "circle" | "square")
            && matches!(&*lower, "width" | "height")
            && let (Some(width), Some(height)) = (set.attrs.text("width"), set.attrs.text("height"))
            && width != height
        {
            let at = self.key_place(field);
            let text = format!("a {shape} is as wide as it is high: {width} and {height} differ");
            self.error(at, "C151", text);
        }
        match word {
            "style" => {
                if set.attrs.get("style.3d").is_some() && !matches!(shape, "square" | "rectangle" | "hexagon")
                {
                    let at = set.place("style.3d");
                    self.error(at, "C152", "`3d` is for rectangles, squares and hexagons");
                }
                let double = ["", "square", "rectangle", "circle", "oval"];
                if set.attrs.get("style.double-border").is_some() && !double.contains(&shape) {
                    let at = set.place("style.double-border");
                    self.error(at, "C153", "`double-border` is for rectangles, squares, circles and ovals");
                }
            }
            "shape" => {
                if shape == "image" && set.attrs.get("icon").is_none() {
                    let at = self.key_place(field);
                    self.error(at, "C154", "an image needs an `icon`").help =
                        Some("add `icon: address-of-the-image`".into());
                }
                if !shape.is_empty() && spandrel_graph::Shape::from_keyword(shape).is_none() {
                    let at = self.key_place(field);
                    self.error(at, "C155", format!("`{shape}` is a shape for arrowheads only"));
                }
            }
            "constraint" if shape != "sql_table" => {
                let at = self.key_place(field);
                self.error(at, "C156", "`constraint` is for the rows of a `sql_table`");
            }
            _ => {}
        }
    }

    /// Labels, places and connections that contradict what they belong to.
    pub(super) fn check_board(&mut self) {
        self.check_labels();
        self.check_near();
        self.check_connections();
        self.check_positions();
    }

    fn check_labels(&mut self) {
        for index in self.live() {
            let object = &self.draft.objects[index];
            let label = object.set.label.as_deref().unwrap_or(object.name);
            let at = object.set.label_place.unwrap_or_default();
            if object.set.is_shape("text") {
                if object.set.language.is_empty() && label.trim().is_empty() {
                    self.error(at, "C160", "a text needs a label that is not empty");
                }
            } else if object.set.is_shape("sql_table") && label.contains('\n') {
                self.error(at, "C161", "the title of a `sql_table` is one line");
            }
        }
    }

    /// Objects that are on the board, without the board itself and without rows and members.
    fn live(&self) -> Vec<usize> {
        (1..self.draft.objects.len()).filter(|&index| !self.draft.objects[index].absorbed).collect()
    }

    /// The object at a path.
    pub(super) fn find(&self, path: &[String]) -> Option<usize> {
        let mut at = 0;
        for (index, part) in path.iter().enumerate() {
            if index + 1 == path.len() && part != "style" && keywords::is_reserved(part) {
                return Some(at);
            }
            at = self.draft.child(at, self.scoper.ir.names.folded(part)?)?;
        }
        Some(at)
    }

    fn is_inside(&self, inner: usize, outer: usize) -> bool {
        let mut at = inner;
        loop {
            if at == outer {
                return true;
            }
            if at == 0 {
                return false;
            }
            at = self.draft.objects[at].parent;
        }
    }

    fn is_in_grid(&self, object: usize) -> bool {
        let mut at = object;
        loop {
            if self.draft.objects[at].set.is_grid() {
                return true;
            }
            if at == 0 {
                return false;
            }
            at = self.draft.objects[at].parent;
        }
    }

    /// The absolute id of an object.
    fn full_id(&self, object: usize) -> String {
        let mut parts = Vec::new();
        let mut at = object;
        while at != 0 {
            parts.push(&*self.draft.objects[at].id);
            at = self.draft.objects[at].parent;
        }
        parts.reverse();
        parts.join(".")
    }

    /// The path that an object's `near` names.
    fn near_path(&self, object: usize) -> Option<Vec<String>> {
        let near = self.draft.objects[object].set.near.as_ref()?;
        Some(near.parts.iter().map(|part| part.text().to_owned()).collect())
    }

    /// Whether an object stands at a fixed place of the board.
    fn has_constant_near(&self, object: usize) -> bool {
        let Some(path) = self.near_path(object) else { return false };
        self.find(&path).is_none() && keywords::NEAR.contains(&path[0].as_str())
    }

    /// What an object's `near` was most likely to name. `ids`: those of all objects, once they are made.
    fn nearest_place(&mut self, found: &str, ids: &mut Vec<String>) -> Option<String> {
        // Every object is a candidate: among many the search is dear, and nobody reads many suggestions.
        let objects = self.draft.objects.len() as u64;
        if self.scoper.errors.count() > MOST_PLACES || !self.scoper.spend(objects * 8) {
            return None;
        }
        if ids.is_empty() {
            *ids = self.live().into_iter().map(|object| self.full_id(object)).collect();
        }
        let words = keywords::NEAR.iter().copied().chain(ids.iter().map(String::as_str));
        self.meant(found, words).map(str::to_owned)
    }

    fn check_near(&mut self) {
        let mut ids = Vec::new();
        for index in self.live() {
            let Some(path) = self.near_path(index) else { continue };
            let at = self.draft.objects[index].set.place("near");
            let constant = keywords::NEAR.contains(&path[0].as_str());
            let target = self.find(&path);
            let mistake = match target {
                Some(target) if self.is_inside(index, target) => {
                    Some("an object cannot be near what it lies in")
                }
                Some(target) if self.is_inside(target, index) => {
                    Some("an object cannot be near what lies in it")
                }
                Some(target) if self.sequence_around(target).is_some() => {
                    Some("an object cannot be near what lies in a sequence diagram")
                }
                Some(target)
                    if self.near_path(target).is_some_and(|p| keywords::NEAR.contains(&p[0].as_str())) =>
                {
                    Some("an object cannot be near one that itself stands at a fixed place")
                }
                Some(target) if self.is_in_grid(target) => Some("an object cannot be near a cell of a grid"),
                None if constant && self.draft.objects[index].parent != 0 => {
                    Some("only objects at the top of the board can stand at a fixed place")
                }
                None if !constant => Some(""),
                _ => None,
            };
            match mistake {
                None => {}
                Some("") => {
                    let found = print::key_path(path.iter().map(String::as_str));
                    let meant = self.nearest_place(&found, &mut ids);
                    let error = self.error(at, "C162", format!("`{found}` is neither an object nor a place"));
                    error.help =
                        Some("name an object by its full path, or a place such as `top-center`".into());
                    suggest(error, meant.as_deref());
                    error.expected = Some(keywords::NEAR.join(", "));
                }
                Some(text) => {
                    self.error(at, "C163", text);
                }
            }
        }
        for index in 0..self.draft.connections.len() {
            let (src, dst) = (self.draft.connections[index].src, self.draft.connections[index].dst);
            let enters = (self.has_constant_near(src) && self.is_inside(dst, src))
                || (self.has_constant_near(dst) && self.is_inside(src, dst));
            if enters {
                let at = self.connection_place(index);
                self.error(
                    at,
                    "C164",
                    "what stands at a fixed place cannot be connected with its own inside",
                );
            }
        }
    }

    fn connection_place(&self, index: usize) -> Loc {
        self.link_end_place(self.draft.connections[index].link)
    }

    fn check_connections(&mut self) {
        for index in 0..self.draft.connections.len() {
            let (src, dst) = (self.draft.connections[index].src, self.draft.connections[index].dst);
            let objects = &self.draft.objects;
            let enters = |outer: usize, inner: usize, test: &dyn Fn(usize) -> bool| {
                test(outer) && self.is_inside(inner, outer)
            };
            let both = |test: &dyn Fn(usize) -> bool| enters(src, dst, test) || enters(dst, src, test);
            let is_grid = |object: usize| objects[object].set.is_grid();
            let is_cell = |object: usize| object != 0 && objects[objects[object].parent].set.is_grid();
            let is_sequence = |object: usize| objects[object].set.is_shape("sequence_diagram");
            let text = if both(&is_grid) {
                "a grid cannot be connected with its own cells"
            } else if both(&is_cell) {
                "a cell of a grid cannot be connected with its own inside"
            } else if both(&is_sequence) {
                "a sequence diagram cannot be connected with its own inside"
            } else {
                continue;
            };
            let at = self.connection_place(index);
            self.error(at, "C165", text);
        }
    }

    fn check_positions(&mut self) {
        for index in self.live() {
            for keyword in ["top", "left"] {
                if self.draft.objects[index].set.attrs.get(keyword).is_none() {
                    continue;
                }
                let at = self.draft.objects[index].set.place(keyword);
                let parent = &self.draft.objects[self.draft.objects[index].parent].set;
                if parent.is_shape("hierarchy") {
                    self.error(at, "C166", format!("`{keyword}` has no effect in a `hierarchy`"));
                } else if self.sequence_around(index).is_some() {
                    self.error(at, "C166", format!("`{keyword}` has no effect in a sequence diagram"));
                } else if parent.is_grid() {
                    self.error(at, "C166", format!("`{keyword}` has no effect in a grid"));
                }
            }
        }
    }
}
