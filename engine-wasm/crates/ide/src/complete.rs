//! Completion: what may stand at the caret.

use spandrel_base::{Budget, Span};
use spandrel_graph::{ArrowheadShape, Shape};
use spandrel_syntax::keywords;

use crate::Document;

/// What a completion inserts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompletionKind {
    /// An attribute's name.
    Keyword,
    /// A value out of a fixed set.
    Value,
    /// An object of this source.
    Object,
    /// A class of this source.
    Class,
}

/// One thing that may stand at the caret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// What it would replace: the word that is being typed.
    pub span: Span,
    /// What it inserts.
    pub insert: String,
    /// What it is.
    pub kind: CompletionKind,
    /// A word on it.
    pub detail: String,
}

const BOOLEANS: &[&str] = &["true", "false"];
const DIRECTIONS: &[&str] = &["up", "down", "left", "right"];
const COLOURS: &[&str] =
    &["black", "white", "gray", "red", "orange", "gold", "green", "teal", "blue", "purple", "transparent"];

impl Document {
    /// What may stand at `offset`, most likely first. Works on the words of the line before the caret, so
    /// that it answers in a half-written source too.
    pub fn complete(&mut self, offset: usize, budget: &Budget<'_>) -> Vec<Completion> {
        let source = self.source().to_owned();
        let Some(before) = source.get(..offset.min(source.len())) else { return Vec::new() };
        let line = &before[before.rfind(['\n', ';', '{', '}']).map_or(0, |at| at + 1)..];
        if line.trim_start().starts_with('#') {
            return Vec::new();
        }
        let word_start = before
            .rfind(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '_')))
            .map_or(0, |at| at + before[at..].chars().next().map_or(1, char::len_utf8));
        let span = Span::new(word_start, before.len());
        let lead = line.get(..line.len().saturating_sub(span.len())).unwrap_or("");
        let words = |kind: CompletionKind, detail: &str, words: Vec<String>| -> Vec<Completion> {
            words
                .into_iter()
                .map(|insert| Completion { span, insert, kind, detail: detail.to_owned() })
                .collect()
        };
        // Inside `${…}` only variables mean anything, by their whole path.
        if let Some(open) = before.rfind("${").filter(|&open| !before[open..].contains(['}', '\n'])) {
            let span = Span::new(open + 2, before.len());
            let variable = |insert: String| Completion {
                span,
                insert,
                kind: CompletionKind::Value,
                detail: "variable".to_owned(),
            };
            return self.variables(budget).into_iter().map(variable).collect();
        }
        let described_keywords = |list: &[&str]| -> Vec<Completion> {
            let described = |&word: &&str| Completion {
                span,
                insert: word.to_owned(),
                kind: CompletionKind::Keyword,
                detail: keyword_help(word).unwrap_or("attribute").to_owned(),
            };
            list.iter().map(described).collect()
        };
        // An icon's name holds a colon itself.
        if let Some((key, _)) = line.split_once(':')
            && key.rsplit('.').next().is_some_and(|last| last.trim() == "icon")
        {
            return icons(before);
        }
        if let Some((key, _)) = lead.rsplit_once(':') {
            let keyword = key.rsplit(['.', ' ', '\t']).next().unwrap_or(key).trim().to_ascii_lowercase();
            if keyword == "class" {
                return words(CompletionKind::Class, "class", self.classes(budget));
            }
            let values = values_of(&keyword, key.contains("arrowhead"));
            return words(CompletionKind::Value, "value", values.into_iter().map(str::to_owned).collect());
        }
        if lead.trim_end().ends_with("style.") {
            return described_keywords(keywords::STYLE);
        }
        let after_arrow = lead.trim_end().ends_with(['>', '-', '<']);
        let container = lead.strip_suffix('.').and_then(|path| path.rsplit([' ', '\t', '>', '-']).next());
        let mut found = words(CompletionKind::Object, "object", self.objects(container, budget));
        if !after_arrow {
            found.extend(described_keywords(keywords::SIMPLE));
            found.extend(described_keywords(&["style", "source-arrowhead", "target-arrowhead"]));
        }
        found
    }

    fn objects(&mut self, container: Option<&str>, budget: &Budget<'_>) -> Vec<String> {
        let path = self.config().board.clone();
        let diagram = self.diagram(budget);
        let Some(board) = diagram.root.board(&path) else { return Vec::new() };
        match container {
            None => board.nodes.iter().map(|node| node.id.clone()).collect(),
            Some(container) => {
                let Some(parent) = board.node_by_id(container) else { return Vec::new() };
                let name = |&child: &spandrel_graph::NodeId| {
                    spandrel_syntax::print::key_part(&board.nodes[child].name)
                };
                board.nodes[parent].children.iter().map(name).collect()
            }
        }
    }

    /// The paths of the variables that the source declares at its top.
    fn variables(&mut self, budget: &Budget<'_>) -> Vec<String> {
        let root = self.analyse(budget).tree.root();
        let mut found = Vec::new();
        for key in root.keys() {
            let is_vars =
                key.path.as_ref().is_some_and(|path| path.parts.len() == 1 && path.parts[0].text() == "vars");
            if let Some(map) = key.map().filter(|_| is_vars) {
                paths_of(map, "", &mut found);
            }
        }
        found
    }

    /// Classes that the source declares at its top.
    fn classes(&mut self, budget: &Budget<'_>) -> Vec<String> {
        let root = self.analyse(budget).tree.root();
        let is_classes = |key: &&spandrel_syntax::ast::Key| {
            key.path.as_ref().is_some_and(|path| path.parts.len() == 1 && path.parts[0].text() == "classes")
        };
        let maps = root.keys().filter(is_classes).filter_map(spandrel_syntax::ast::Key::map);
        let names = maps.flat_map(|map| {
            map.keys().filter_map(|key| Some(key.path.as_ref()?.parts.first()?.text().to_owned()))
        });
        names.collect()
    }
}

/// The paths of everything in a map of variables; what configures D2 itself is none.
fn paths_of(map: &spandrel_syntax::ast::Map, before: &str, found: &mut Vec<String>) {
    for key in map.keys() {
        let Some(path) = &key.path else { continue };
        let names: Vec<&str> = path.parts.iter().map(spandrel_syntax::ast::Str::text).collect();
        let name = format!("{before}{}", names.join("."));
        if name == "d2-config" || name == "d2-legend" {
            continue;
        }
        match key.map() {
            Some(inner) => paths_of(inner, &format!("{name}."), found),
            None => found.push(name),
        }
    }
}

/// The bundled icons. A name holds a colon and dashes, so the word that is being typed begins after the key's own colon.
fn icons(before: &str) -> Vec<Completion> {
    let start = before.rfind(|c: char| c.is_whitespace()).map_or(0, |at| at + 1).max(typed_from(before));
    let span = Span::new(start, before.len());
    let named = |name: &&str| Completion {
        span,
        insert: (*name).to_owned(),
        kind: CompletionKind::Value,
        detail: "icon".to_owned(),
    };
    spandrel_catalog::icons().iter().map(named).collect()
}

/// Where the value of `icon:` begins, should nothing stand between it and the colon.
fn typed_from(before: &str) -> usize {
    before.rfind("icon:").map_or(0, |at| at + "icon:".len())
}

/// The values that a keyword takes, where they are few.
fn values_of(keyword: &str, arrowhead: bool) -> Vec<&'static str> {
    match keyword {
        "shape" if arrowhead => ArrowheadShape::ALL.iter().map(|shape| shape.keyword()).collect(),
        "shape" => Shape::ALL
            .iter()
            .map(|shape| shape.keyword())
            .filter(|keyword| Shape::from_keyword(keyword).is_some())
            .collect(),
        "direction" => DIRECTIONS.to_vec(),
        "near" => keywords::NEAR.to_vec(),
        "shadow" | "multiple" | "3d" | "animated" | "bold" | "italic" | "underline" | "filled"
        | "double-border" => BOOLEANS.to_vec(),
        "fill-pattern" => vec!["dots", "lines", "grain", "paper", "none"],
        "text-transform" => vec!["uppercase", "lowercase", "capitalize", "none"],
        "font" => vec!["mono"],
        "constraint" => vec!["primary_key", "foreign_key", "unique"],
        "stroke" | "fill" | "font-color" => COLOURS.to_vec(),
        _ => Vec::new(),
    }
}

/// One line on a keyword.
pub(crate) fn keyword_help(word: &str) -> Option<&'static str> {
    Some(match word {
        "label" => "what is shown; the key itself where it is unset",
        "shape" => "what it looks like",
        "icon" => "a picture by name or address",
        "tooltip" => "text shown when pointed at",
        "link" => "where a click leads: an address or a board",
        "near" => "a fixed place on the board, or beside another object",
        "width" | "height" => "size in pixels",
        "top" | "left" => "fixed place in pixels from the container's corner: a pin",
        "direction" => "where connections flow: up, down, left, right",
        "class" => "classes whose attributes it takes",
        "classes" => "attributes under a name, for use by `class`",
        "vars" => "values for `${…}`",
        "style" => "colours, lines and fonts",
        "constraint" => "key constraints of a table's row",
        "grid-rows" | "grid-columns" => "lays the children out in a grid",
        "grid-gap" | "vertical-gap" | "horizontal-gap" => "pixels between the cells of a grid",
        "source-arrowhead" | "target-arrowhead" => "label, shape and style of an end of a connection",
        "layers" => "boards that start empty",
        "scenarios" => "boards that start from this one",
        "steps" => "boards that start from the step before",
        "opacity" => "0 to 1",
        "stroke" => "colour of the line",
        "fill" => "colour of the inside",
        "fill-pattern" => "dots, lines, grain, paper",
        "stroke-width" => "0 to 15 pixels",
        "stroke-dash" => "0 to 10",
        "border-radius" => "0 to 20 pixels",
        "font" => "`mono` for the fixed-width face",
        "font-size" => "8 to 100 pixels",
        "font-color" => "colour of the label",
        "bold" | "italic" | "underline" => "true or false",
        "text-transform" => "letter case of the label",
        "shadow" | "multiple" | "3d" | "double-border" => "true or false: how the shape is drawn",
        "animated" => "moving dashes on a connection",
        "filled" => "whether an arrowhead is filled",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use spandrel_base::Limits;

    use super::*;
    use crate::Config;

    /// What is offered at `|`.
    fn offered(source: &str) -> (String, Vec<String>) {
        let caret = source.find('|').unwrap();
        let source = source.replacen('|', "", 1);
        let mut document =
            Document::open(source.clone(), Config::default(), std::collections::BTreeMap::new());
        let found = document.complete(caret, &Budget::new(Limits::default()));
        let replaced = found.first().map_or("", |first| first.span.of(&source)).to_owned();
        (replaced, found.into_iter().map(|completion| completion.insert).collect())
    }

    #[test]
    fn variables_are_offered_by_their_paths() {
        let (word, found) = offered(
            "vars: {\n  region: eu\n  db: {\n    name: orders\n  }\n  d2-config: {\n    pad: 1\n  }\n}\na: ${db.|}\n",
        );
        assert_eq!(word, "db.");
        assert_eq!(found, ["region", "db.name"]);
    }

    #[test]
    fn icons_are_offered_whole_however_much_is_typed() {
        let (word, found) = offered("a.icon: mdi:data|\n");
        assert_eq!(word, "mdi:data");
        assert!(found.contains(&"mdi:database".to_owned()), "{found:?}");
        assert_eq!(offered("a: {icon:mdi|}\n").0, "mdi");
    }

    #[test]
    fn shapes_attributes_ids_and_classes_are_offered() {
        assert!(offered("a.shape: cy|\n").1.contains(&"cylinder".to_owned()));
        assert!(offered("a.style.|\n").1.contains(&"stroke-dash".to_owned()));
        assert!(offered("gateway: {\n  api\n}\nx -> |\n").1.contains(&"gateway.api".to_owned()));
        assert!(
            offered("classes: {\n  hot: {style.fill: red}\n}\na.class: |\n").1.contains(&"hot".to_owned())
        );
    }
}
