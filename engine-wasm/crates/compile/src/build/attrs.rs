//! Attributes: what each keyword takes.

use spandrel_graph::{ArrowheadShape, Shape, Value as AttrValue};
use spandrel_syntax::{keywords, parse_key_path};

use super::values::{integer, style_mistake, suggest, suggest_at};
use super::{Builder, Loc, Set};
use crate::ir::{Composite, Element, FieldId, LinkId, MapId, Scalar};
use crate::url;

/// The smallest value of each keyword that takes a whole number.
const INTEGERS: &[(&str, i64)] = &[
    ("width", i64::MIN),
    ("height", i64::MIN),
    ("top", 0),
    ("left", 0),
    ("grid-rows", 1),
    ("grid-columns", 1),
    ("grid-gap", 0),
    ("vertical-gap", 0),
    ("horizontal-gap", 0),
];

impl Builder<'_, '_, '_> {
    fn value_place(scalar: &Scalar<'_>) -> Loc {
        Loc { file: scalar.file, span: scalar.span() }
    }

    /// The value of an object, board or arrowhead: its label.
    pub(super) fn label_of_field(&mut self, set: &mut Set, field: FieldId) {
        let place = self.key_place(field);
        if let Some(primary) = self.scoper.ir.fields[field].primary.clone() {
            self.label(set, &primary, place);
        }
    }

    /// The value of a connection: its label.
    pub(super) fn label_of_link(&mut self, set: &mut Set, link: LinkId) {
        let place = self.link_place(link);
        if let Some(primary) = self.scoper.ir.links[link].primary.clone() {
            self.label(set, &primary, place);
        }
    }

    fn label(&mut self, set: &mut Set, scalar: &Scalar<'_>, place: Loc) {
        if let Some(tag) = scalar.block_tag() {
            if scalar.text().trim().is_empty() {
                self.error(place, "C130", "a block of text cannot be empty");
            }
            long_language(tag).clone_into(&mut set.language);
            if set.language == "latex" {
                let mut hint = self.scoper.diagnostic(
                    place.file,
                    "C190",
                    place.span,
                    "formulas are shown as their source",
                );
                hint.severity = spandrel_base::Severity::Hint;
                self.scoper.errors.push_once(hint);
            }
            if set.language == "markdown" {
                self.check_markdown(scalar.text(), place);
            }
        }
        // A variable that could not be found says nothing; the name stands.
        if !scalar.is_unresolved() {
            set.label = Some(scalar.text().to_owned());
        }
        set.label_place = Some(place);
    }

    fn check_markdown(&mut self, text: &str, place: Loc) {
        if let Some(mistake) = crate::markdown::html_mistake(text) {
            self.error(place, "C131", format!("the Markdown does not become a page: {mistake}")).help =
                Some("close every HTML tag, or write `&lt;` for the sign".into());
        }
    }

    /// A simple keyword.
    pub(super) fn reserved(&mut self, set: &mut Set, field: FieldId) {
        let node = &self.scoper.ir.fields[field];
        let Some(name) = node.name else { return };
        let Some(scalar) = node.primary.clone() else {
            self.reserved_composite(set, field, name.text);
            return;
        };
        let value = scalar.text().to_owned();
        let at = Self::value_place(&scalar);
        let place = self.key_place(field);
        match name.text {
            "label" => {
                self.label_of_field(set, field);
                self.position(set, field, "label");
            }
            "shape" => self.shape(set, &value, at, place),
            "icon" => {
                let Some(address) = url::icon(&value) else {
                    self.error(at, "C132", format!("`{value}` is no address of an icon"));
                    return;
                };
                set.attrs.set_text("icon", address);
                self.position(set, field, "icon");
                self.icon_style(set, field);
            }
            "near" => {
                if let Some(path) = parse_key_path(&value) {
                    set.near = Some(Box::new(path));
                    set.set_place("near", at);
                } else {
                    self.error(at, "C133", format!("`{value}` is neither a place nor an object"));
                    return;
                }
            }
            "tooltip" => {
                set.attrs.set_text("tooltip", &*value);
                self.check_markdown(&value, place);
                self.position(set, field, "tooltip");
            }
            "link" => {
                set.attrs.set_text("link", &*value);
                set.set_place("link", at);
            }
            "direction" => {
                let lower = value.to_lowercase();
                let known = ["up", "down", "right", "left"];
                if !known.contains(&lower.as_str()) {
                    let meant = self.meant(&value, known);
                    let error = self.error(at, "C134", format!("`{value}` is no direction"));
                    suggest(error, meant);
                    error.expected = Some("up, down, right or left".into());
                    return;
                }
                set.attrs.set_text("direction", lower);
            }
            "constraint" => {
                if !scalar.is_string() {
                    self.error(place, "C135", "a constraint is a word");
                    return;
                }
                set.constraint.push(value);
                set.set_place("constraint", place);
            }
            "class" => set.classes.push(value),
            word => {
                if let Some(&(keyword, least)) = INTEGERS.iter().find(|(keyword, _)| *keyword == word)
                    && !self.whole_number(set, keyword, least, &value, at, place)
                {
                    return;
                }
            }
        }
        self.check_link_texts(set, at);
    }

    fn whole_number(
        &mut self,
        set: &mut Set,
        keyword: &str,
        least: i64,
        value: &str,
        at: Loc,
        place: Loc,
    ) -> bool {
        if integer(value).is_none_or(|number| number < least) {
            let expected = match least {
                i64::MIN => "a whole number".to_owned(),
                _ => format!("a whole number from {least}"),
            };
            let error = self.error(at, "C136", format!("`{keyword}` takes {expected}, not `{value}`"));
            error.expected = Some(expected);
            error.found = Some(value.to_owned());
            return false;
        }
        set.attrs.set_text(keyword, value);
        set.set_place(keyword, place);
        true
    }

    fn shape(&mut self, set: &mut Set, value: &str, at: Loc, place: Loc) {
        let lower = value.to_lowercase();
        let arrowhead = matches!(
            lower.as_str(),
            "none"
                | "arrow"
                | "triangle"
                | "diamond"
                | "circle"
                | "box"
                | "cf-one"
                | "cf-many"
                | "cf-one-required"
                | "cf-many-required"
                | "cross"
        );
        if Shape::from_keyword(&lower).is_none() && !arrowhead && !lower.is_empty() {
            let shapes = Shape::ALL.iter().map(|s| s.keyword()).filter(|s| Shape::from_keyword(s).is_some());
            let words = shapes.chain(ArrowheadShape::ALL.iter().map(|a| a.keyword()));
            let meant = self.meant(&lower, words);
            let error = self.error(at, "C137", format!("there is no shape `{value}`"));
            suggest(error, meant);
            error.found = Some(value.to_owned());
            return;
        }
        if lower == "code" {
            // Said by the source, it is plain text in a fixed-width face, whatever the block's tag.
            set.language = "text".into();
        }
        set.shape = Some(lower.into());
        set.set_place("shape", place);
    }

    fn reserved_composite(&mut self, set: &mut Set, field: FieldId, word: &str) {
        let composite = self.scoper.ir.fields[field].composite.clone();
        if matches!(composite, Composite::None) {
            let at = self.last_place(field);
            self.error(at, "C138", format!("`{word}` needs a value"));
            return;
        }
        match (word, composite) {
            ("class", Composite::Array(items)) => {
                set.classes.extend(texts(&items));
            }
            ("constraint", Composite::Array(items)) => {
                for item in &items {
                    if let Element::Scalar(scalar) = item {
                        let text = if scalar.is_null() { "null" } else { scalar.text() };
                        set.constraint.push(text.to_owned());
                    }
                }
                let place = self.key_place(field);
                set.set_place("constraint", place);
            }
            ("class" | "constraint", _) => {}
            ("label" | "icon" | "tooltip", _) => self.position(set, field, word),
            _ => {
                let at = self.key_place(field);
                self.error(at, "C139", format!("`{word}` takes one value, not a map or an array"));
            }
        }
    }

    /// `near` inside `label`, `icon` and `tooltip`.
    fn position(&mut self, set: &mut Set, field: FieldId, word: &str) {
        let Some(map) = self.scoper.ir.map_of(field) else { return };
        for inner in self.scoper.ir.maps[map].fields.clone() {
            let Some(name) = self.scoper.ir.fields[inner].name else { continue };
            let at = self.key_place(inner);
            if !name.is("near") {
                if !(word == "icon" && name.is("style")) && self.scoper.ir.last_primary(inner).is_some() {
                    self.error(at, "C140", format!("`{word}` has no `{}`", name.text));
                }
                continue;
            }
            let known = if word == "tooltip" { keywords::NEAR } else { keywords::LABEL_NEAR };
            let value = self.scoper.ir.fields[inner].primary.clone();
            let key = format!("{word}.near");
            match value {
                Some(value) if value.is_null() => {
                    set.attrs.remove(&key);
                }
                Some(value) if known.contains(&value.text()) => set.attrs.set_text(key, value.text()),
                value => {
                    let found = value.as_ref().map_or("", Scalar::text).to_owned();
                    let near = self.meant(&found, known.iter().copied());
                    let span = value.as_ref().map_or(at.span, Scalar::span);
                    let error = self.error(at, "C141", format!("`{found}` is no place for a {word}"));
                    suggest_at(error, span, near);
                    error.expected = Some(known.join(", "));
                }
            }
        }
        if !self.scoper.ir.maps[map].links.is_empty() {
            let at = self.key_place(field);
            self.error(at, "C142", format!("there are no connections in `{word}`"));
        }
    }

    fn icon_style(&mut self, set: &mut Set, field: FieldId) {
        let Some(map) = self.scoper.ir.map_of(field) else { return };
        let Some(style) = self.scoper.ir.keyword(map, "style") else { return };
        if let Some(map) =
            self.scoper.ir.map_of(style).filter(|&map| !self.scoper.ir.maps[map].fields.is_empty())
        {
            self.style(set, map, "icon.style.");
        } else {
            let at = self.last_place(field);
            self.error(at, "C116", "`style` needs a map or a further keyword");
        }
    }

    /// The keywords below `style`.
    pub(super) fn style(&mut self, set: &mut Set, map: MapId, prefix: &str) {
        for field in self.scoper.ir.maps[map].fields.clone() {
            let Some(name) = self.scoper.ir.fields[field].name else { continue };
            let lower = name.text.to_lowercase();
            if !(name.unquoted && keywords::is_style(&lower)) {
                let at = self.last_place(field);
                let meant = self.meant(&lower, keywords::STYLE.iter().copied());
                let error = self.error(at, "C143", format!("there is no style `{}`", name.text));
                suggest(error, meant);
                continue;
            }
            let Some(scalar) = self.scoper.ir.fields[field].primary.clone() else { continue };
            let at = Self::value_place(&scalar);
            let value = scalar.text();
            if lower != name.text {
                self.error(at, "C144", format!("keywords are written in lower case: `{lower}`"));
                continue;
            }
            if let Some(expected) = style_mistake(&lower, value) {
                let error = self.error(at, "C145", format!("`{lower}` takes {expected}, not `{value}`"));
                error.expected = Some(expected);
                error.found = Some(value.to_owned());
                continue;
            }
            let value = if lower == "font" { value.to_lowercase() } else { value.to_owned() };
            let key = format!("{prefix}{lower}");
            let place = self.key_place(field);
            set.set_place(&key, place);
            set.attrs.set_text(key, value);
        }
    }

    /// Beside a link, a label or tooltip that is itself an address would deceive.
    fn check_link_texts(&mut self, set: &Set, at: Loc) {
        if set.attrs.text("link").is_none() {
            return;
        }
        let text = "an address, beside a link that leads elsewhere, deceives the reader";
        if set.label.as_deref().is_some_and(url::has_host) {
            self.error(at, "C146", format!("the label is {text}"));
        }
        if set.attrs.text("tooltip").is_some_and(url::has_host) {
            self.error(at, "C146", format!("the tooltip is {text}"));
        }
    }
}

fn texts(items: &[Element<'_>]) -> Vec<String> {
    let text = |item: &Element<'_>| match item {
        Element::Scalar(scalar) => Some(scalar.text().to_owned()),
        _ => None,
    };
    items.iter().filter_map(text).collect()
}

/// The long form of a block's tag.
pub(super) fn long_language(tag: &str) -> &str {
    match tag {
        "md" => "markdown",
        "tex" => "latex",
        "js" => "javascript",
        "go" => "golang",
        "py" => "python",
        "rb" => "ruby",
        "ts" => "typescript",
        other => other,
    }
}

/// Lists as attributes, where there are any.
pub(super) fn add_lists(set: &mut Set, row: bool) {
    if !set.classes.is_empty() {
        let classes = std::mem::take(&mut set.classes);
        set.attrs.set("class", AttrValue::List(classes));
    }
    if !set.constraint.is_empty() && !row {
        let constraint = std::mem::take(&mut set.constraint);
        set.attrs.set("constraint", AttrValue::List(constraint));
    }
}
