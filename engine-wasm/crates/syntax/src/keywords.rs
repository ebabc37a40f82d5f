//! Reserved words of D2, by what they may hold.

/// Keywords with a plain value, or a small map beside it.
pub const SIMPLE: &[&str] = &[
    "label",
    "shape",
    "icon",
    "constraint",
    "tooltip",
    "link",
    "near",
    "width",
    "height",
    "direction",
    "top",
    "left",
    "grid-rows",
    "grid-columns",
    "grid-gap",
    "vertical-gap",
    "horizontal-gap",
    "class",
    "vars",
];

/// Keywords that may only stand below `style`.
pub const STYLE: &[&str] = &[
    "opacity",
    "stroke",
    "fill",
    "fill-pattern",
    "stroke-width",
    "stroke-dash",
    "border-radius",
    "font",
    "font-size",
    "font-color",
    "bold",
    "italic",
    "underline",
    "text-transform",
    "shadow",
    "multiple",
    "double-border",
    "3d",
    "animated",
    "filled",
];

/// Keywords that open a board each.
pub const BOARDS: &[&str] = &["layers", "scenarios", "steps"];

/// Keywords that may stand before the last part of a key.
pub const COMPOSITE: &[&str] = &[
    "source-arrowhead",
    "target-arrowhead",
    "classes",
    "constraint",
    "label",
    "icon",
    "tooltip",
    "style",
    "layers",
    "scenarios",
    "steps",
];

/// Places for a `near` of an object on its board.
pub const NEAR: &[&str] = &[
    "top-left",
    "top-center",
    "top-right",
    "center-left",
    "center-right",
    "bottom-left",
    "bottom-center",
    "bottom-right",
];

/// Places for `label.near` and `icon.near`.
pub const LABEL_NEAR: &[&str] = &[
    "top-left",
    "top-center",
    "top-right",
    "center-left",
    "center-center",
    "center-right",
    "bottom-left",
    "bottom-center",
    "bottom-right",
    "outside-top-left",
    "outside-top-center",
    "outside-top-right",
    "outside-left-top",
    "outside-left-center",
    "outside-left-bottom",
    "outside-right-top",
    "outside-right-center",
    "outside-right-bottom",
    "outside-bottom-left",
    "outside-bottom-center",
    "outside-bottom-right",
    "border-top-left",
    "border-top-center",
    "border-top-right",
    "border-left-top",
    "border-left-center",
    "border-left-bottom",
    "border-right-top",
    "border-right-center",
    "border-right-bottom",
    "border-bottom-left",
    "border-bottom-center",
    "border-bottom-right",
];

/// Whether `word` (lower case) is a simple keyword.
pub fn is_simple(word: &str) -> bool {
    SIMPLE.contains(&word)
}

/// Whether `word` (lower case) is a style keyword.
pub fn is_style(word: &str) -> bool {
    STYLE.contains(&word)
}

/// Whether `word` opens boards.
pub fn is_board(word: &str) -> bool {
    BOARDS.contains(&word)
}

/// Whether `word` (lower case) may stand before the last part of a key.
pub fn is_composite(word: &str) -> bool {
    COMPOSITE.contains(&word)
}

/// Whether `word` (lower case) is reserved at all.
pub fn is_reserved(word: &str) -> bool {
    // Most keys are no keywords: first letter and length tell.
    let Some(&first) = word.as_bytes().first() else { return false };
    word.len() < 32
        && LENGTHS[usize::from(first)] & 1 << word.len() != 0
        && (is_simple(word) || is_style(word) || is_composite(word))
}

/// By first letter: a bit for each length that a reserved word with it has.
const LENGTHS: [u32; 256] = {
    let mut lengths = [0; 256];
    let tables = [SIMPLE, STYLE, COMPOSITE];
    let mut table = 0;
    while table < tables.len() {
        let mut at = 0;
        while at < tables[table].len() {
            let word = tables[table][at].as_bytes();
            lengths[word[0] as usize] |= 1 << word.len();
            at += 1;
        }
        table += 1;
    }
    lengths
};

/// Whether `word` is reserved in any case.
pub fn is_reserved_any_case(word: &str) -> bool {
    (2..=16).contains(&word.len()) && is_reserved(&word.to_ascii_lowercase())
}
