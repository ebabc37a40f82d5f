//! Words for how parts and lines look: colours, shapes, strokes.

use crate::generate::tokens::Token;

/// How a line is to look, in a word.
pub(super) fn line_style(token: &Token) -> Option<(&'static str, String)> {
    match token.lower.as_str() {
        "dashed" => Some(("style.stroke-dash", "4".to_owned())),
        "dotted" => Some(("style.stroke-dash", "2".to_owned())),
        "solid" => Some(("style.stroke-dash", "0".to_owned())),
        "bold" | "thick" | "thicker" => Some(("style.stroke-width", "4".to_owned())),
        "animated" => Some(("style.animated", "true".to_owned())),
        _ => Some(("style.stroke", colour(std::slice::from_ref(token))?)),
    }
}

/// A colour by its name, with a shade before it, or by its six digits.
pub(super) fn colour(tokens: &[Token]) -> Option<String> {
    const COLOURS: &[&str] = &[
        "red", "green", "blue", "orange", "yellow", "purple", "grey", "gray", "teal", "pink", "black",
        "white", "brown", "cyan", "magenta", "gold", "navy", "lime", "violet",
    ];
    let words: Vec<&str> =
        tokens.iter().filter(|token| token.is_word()).map(|token| token.lower.as_str()).collect();
    let joined = words.concat();
    let known = COLOURS.contains(&joined.as_str())
        || ["light", "dark"]
            .iter()
            .any(|shade| joined.strip_prefix(shade).is_some_and(|rest| COLOURS.contains(&rest)));
    let hex = joined.len() == 6
        && joined.chars().all(|c| c.is_ascii_hexdigit())
        && joined.chars().any(|c| c.is_ascii_digit());
    if hex { Some(format!("#{joined}")) } else { known.then_some(joined) }
}

/// D2's name of the shape that words mean.
pub(super) fn shape(tokens: &[Token]) -> Option<String> {
    let words: Vec<&str> = tokens
        .iter()
        .filter(|t| t.is_word() && !t.is(&["a", "an", "the", "shape"]))
        .map(|t| t.lower.as_str())
        .collect();
    let keyword = words.join("_");
    let keyword = if keyword == "people" { "person".to_owned() } else { keyword };
    const SHAPES: &[&str] = &[
        "rectangle",
        "square",
        "page",
        "parallelogram",
        "document",
        "cylinder",
        "queue",
        "package",
        "step",
        "callout",
        "stored_data",
        "person",
        "diamond",
        "oval",
        "circle",
        "hexagon",
        "cloud",
    ];
    SHAPES.contains(&keyword.as_str()).then_some(keyword)
}
