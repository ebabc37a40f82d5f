//! What a request to see the diagram otherwise asks the canvas to do.
//!
//! Words decide: which verb, and which part of the canvas or of the diagram it is said of. What is hidden stays in
//! the text; nothing here changes a source.

use spandrel_base::Budget;
use spandrel_catalog::{lookup, singular, tokens};
use spandrel_graph::Board;

use crate::generate::tokens::tokenize;
use crate::update::target;

/// An order to the canvas.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// `switch`, `show`, `hide`, `only`, `highlight`, `focus`, `collapse`, `expand`, `zoom`, `fit`, `theme`, `reset`.
    pub action: &'static str,
    /// What it is done to. `switch`: `architecture`, `data_flow`, `trust_zones` or a board; `theme`: `dark` or `light`;
    /// `zoom`: `in`, `out` or `actual`; else ids of the diagram or names of kinds separated by commas, or a part of the
    /// studio (`grid`, `minimap`, `legend`, `labels`, `panel`, `icons`, `editor`, `versions`, `problems`, `assistant`,
    /// `outline`); empty: the whole canvas.
    pub target: String,
}

/// Verbs by what they ask for; the first that fits counts.
const ACTIONS: &[(&str, &[&str])] = &[
    ("collapse", &["collapse", "fold", "minimize", "minimise", "einklappen", "zuklappen"]),
    ("expand", &["expand", "unfold", "uncollapse", "ausklappen", "aufklappen"]),
    ("highlight", &["highlight", "trace", "emphasize", "emphasise", "mark", "hervorheben", "markiere"]),
    ("only", &["only", "just", "isolate", "solo", "filter", "nur", "filtere", "solo", "seulement"]),
    ("focus", &["focus", "center", "centre", "jump", "find", "locate", "scroll", "fokussiere", "zentriere"]),
    (
        "hide",
        &[
            "hide",
            "remove",
            "off",
            "without",
            "disable",
            "blend",
            "dim",
            "close",
            "mute",
            "declutter",
            "verstecke",
            "ausblenden",
            "aus",
            "oculta",
            "ocultar",
            "masque",
            "masquer",
        ],
    ),
    (
        "show",
        &[
            "show",
            "unhide",
            "on",
            "display",
            "reveal",
            "enable",
            "bring",
            "see",
            "open",
            "zeige",
            "zeig",
            "einblenden",
            "muestra",
            "mostrar",
            "affiche",
            "afficher",
        ],
    ),
];

/// Parts of the studio, by the words that name them.
const PARTS: &[(&str, &[&str])] = &[
    ("minimap", &["minimap", "mini", "overview", "übersichtskarte"]),
    ("grid", &["grid", "raster", "gitter", "dots"]),
    ("legend", &["legend", "legende", "key"]),
    ("labels", &["label", "labels", "caption", "captions", "beschriftung", "beschriftungen"]),
    ("icons", &["icon", "icons"]),
    ("editor", &["editor", "code", "source"]),
    ("versions", &["versions", "versionen"]),
    ("problems", &["problems", "warnings", "probleme", "warnungen"]),
    ("assistant", &["assistant", "assistent"]),
    ("outline", &["outline", "gliederung"]),
    ("panel", &["panel", "panels", "sidebar", "inspector", "drawer", "seitenleiste"]),
];

/// Words that say nothing of what is meant.
const EMPTY: &[&str] = &[
    "me",
    "please",
    "bitte",
    "for",
    "now",
    "again",
    "later",
    "view",
    "layer",
    "layers",
    "everything",
    "all",
    "else",
    "rest",
    "in",
    "out",
    "back",
    "turn",
    "switch",
    "put",
    "make",
    "can",
    "you",
    "could",
    "want",
    "to",
    "see",
    "i",
    "im",
    "of",
    "my",
    "way",
    "is",
    "and",
    "components",
    "component",
    "parts",
    "elements",
    "nodes",
    "on",
    "off",
    "canvas",
    "screen",
    "during",
    "demo",
    "let",
    "s",
    "up",
    "down",
    "too",
    "it",
    "leave",
    "with",
    "at",
    "from",
    "path",
];

/// What `query`, which asks for a view, asks the canvas to do; `source` is the open diagram.
pub fn view(query: &str, source: Option<&str>) -> View {
    let words = tokens(query);
    let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    let order = |action, target: &str| View { action, target: target.to_owned() };
    if has(&["dark", "night", "dunkel", "dunkles", "dunkler", "oscuro", "sombre", "black"]) {
        return order("theme", "dark");
    }
    if has(&["light", "bright", "hell", "helles", "claro", "clair", "white", "daylight"])
        && has(&["mode", "theme", "modus", "design", "background", "modo", "canvas", "screen"])
    {
        return order("theme", "light");
    }
    let board = source
        .filter(|source| !source.trim().is_empty())
        .map(|source| spandrel_compile::compile(source, &(), &Budget::default()).diagram.root);
    if let Some(switched) = perspective(&words, board.as_ref()) {
        return View { action: "switch", target: switched };
    }
    if has(&["reset", "restore", "normal", "default", "zurücksetzen"]) {
        return order("reset", "");
    }
    if has(&["actual", "original", "100"]) && has(&["size", "zoom", "percent", "größe", "prozent"]) {
        return order("zoom", "actual");
    }
    if has(&["zoom", "magnify", "closer", "vergrößern", "verkleinern"]) {
        let outwards = has(&["out", "verkleinern", "smaller", "raus"]);
        // "Zoom in on payments" is about payments.
        let target = named(query, &words, board.as_ref());
        if !outwards && !target.is_empty() {
            return View { action: "focus", target };
        }
        return order("zoom", if outwards { "out" } else { "in" });
    }
    if has(&["fit", "fits", "fullscreen", "anpassen"]) {
        return order("fit", "");
    }
    let action = ACTIONS.iter().find(|(_, verbs)| has(verbs)).map_or("show", |(action, _)| action);
    let action = if has(&["way", "clutter", "cluttered", "distracting"]) { "hide" } else { action };
    if let Some((part, _)) = PARTS.iter().find(|(_, names)| has(names)) {
        return order(action, part);
    }
    let target = named(query, &words, board.as_ref());
    if target.is_empty() && action == "show" {
        // "Show me everything".
        return order("reset", "");
    }
    View { action, target }
}

/// The perspective or board that the words name.
fn perspective(words: &[String], board: Option<&Board>) -> Option<String> {
    let pair = |a: &str, b: &str| words.windows(2).any(|two| two[0] == a && singular(&two[1]) == b);
    let has = |word: &str| words.iter().any(|known| singular(known) == word);
    if pair("data", "flow") || has("dataflow") || has("dfd") || has("datenfluss") {
        return Some("data_flow".to_owned());
    }
    let asks =
        ["switch", "view", "show", "open", "display", "go", "change", "see", "zeige", "wechsle", "ansicht"];
    let asks = words.iter().any(|word| asks.contains(&word.as_str()));
    if asks && (pair("trust", "zone") || pair("trust", "boundary") || pair("security", "zone")) {
        return Some("trust_zones".to_owned());
    }
    if asks && (has("architecture") || has("architektur") || pair("component", "view")) {
        return Some("architecture".to_owned());
    }
    let boards = board?.walk();
    let of = |path: &str| path.rsplit('.').next().map(tokens).unwrap_or_default();
    let is_named = |path: &str| {
        let name = of(path);
        !name.is_empty() && words.windows(name.len()).any(|window| window == name.as_slice())
    };
    let boardish = ["layer", "scenario", "step", "board", "tab"];
    let speaks_of_boards = words.iter().any(|word| boardish.contains(&singular(word).as_str()));
    boards
        .into_iter()
        .map(|(path, _)| path)
        .find(|path| !path.is_empty() && (asks || speaks_of_boards) && is_named(path))
}

/// What of the diagram the words name: ids, else kinds, else the words themselves.
fn named(query: &str, words: &[String], board: Option<&Board>) -> String {
    if let Some(board) = board {
        let mut ids: Vec<String> = Vec::new();
        let all = tokenize(query);
        // Parts that stand in the request by their whole name, longest names first in the text's order.
        for id in board.nodes.ids() {
            let label = tokens(&target::label(board, id));
            let name = tokens(&board.nodes[id].name.replace('_', " "));
            let stands = |own: &[String]| {
                !own.is_empty()
                    && words.windows(own.len()).any(|window| {
                        window.iter().zip(own).all(|(a, b)| a == b || singular(a) == singular(b))
                    })
            };
            if stands(&label) || stands(&name) {
                ids.push(board.nodes[id].id.clone());
            }
        }
        if ids.is_empty() {
            let rest: Vec<_> = all.into_iter().filter(|token| !is_empty(&token.lower)).collect();
            ids = target::find_all(board, &rest).into_iter().map(|id| board.nodes[id].id.clone()).collect();
        }
        if !ids.is_empty() {
            return ids.join(",");
        }
    }
    let rest: Vec<&str> = words.iter().map(String::as_str).filter(|word| !is_empty(word)).collect();
    let kind = (0..rest.len()).find_map(|at| lookup(&rest[at..])).map(|(word, _)| word.kind().info().name);
    kind.map_or_else(|| rest.join(" "), str::to_owned)
}

fn is_empty(word: &str) -> bool {
    EMPTY.contains(&word)
        || target::FILLERS.contains(&word)
        || ACTIONS.iter().any(|(_, verbs)| verbs.contains(&word))
        || ["zoom", "fit", "closer", "magnify"].contains(&word)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHOP: &str = "vpc: VPC {\n  payments: Payments API\n  db: Orders {shape: cylinder}\n  cache: Redis\n}\n\
                        user: User {shape: person}\nuser -> vpc.payments -> vpc.db\nlayers: {\n  rollout: {\n    a\n  }\n}\n";

    #[test]
    fn requests_become_orders() {
        for (query, action, target) in [
            ("dark mode please", "theme", "dark"),
            ("switch to the light theme", "theme", "light"),
            ("switch to the data flow view", "switch", "data_flow"),
            ("show the trust zones", "switch", "trust_zones"),
            ("back to the architecture view", "switch", "architecture"),
            ("open the rollout layer", "switch", "layers.rollout"),
            ("zoom in on payments", "focus", "vpc.payments"),
            ("zoom out", "zoom", "out"),
            ("zoom to 100 percent", "zoom", "actual"),
            ("show the problems", "show", "problems"),
            ("fit everything on the screen", "fit", ""),
            ("hide the databases", "hide", "vpc.db"),
            ("remove the grid", "hide", "grid"),
            ("turn off the edge labels", "hide", "labels"),
            ("the side panel is in my way", "hide", "panel"),
            ("collapse the VPC", "collapse", "vpc"),
            ("highlight the user", "highlight", "user"),
            ("show only Redis", "only", "vpc.cache"),
            ("show me everything again", "reset", ""),
        ] {
            assert_eq!(view(query, Some(SHOP)), View { action, target: target.to_owned() }, "{query}");
        }
    }

    #[test]
    fn kinds_are_named_where_the_diagram_is_not_known() {
        assert_eq!(view("hide the databases", None).target, "database");
        assert_eq!(view("", None), View { action: "reset", target: String::new() });
    }
}
