//! Safety rules: what must not be shown, followed or passed on. Errors always, and without an off switch.
//!
//! They judge addresses, markup and style values where the compiled diagram has them, never words of labels.

mod characters;
mod icons;
mod links;
mod markup;
mod style_values;
mod url;

use crate::Rule;

pub use url::{Address, address};

/// All safety rules, by code.
pub const ALL: &[Rule] = &[
    Rule { code: "U001", name: "unsafe-link", style_pack: false, check: links::check },
    Rule { code: "U002", name: "unsafe-icon", style_pack: false, check: icons::check },
    Rule { code: "U003", name: "unsafe-markup", style_pack: false, check: markup::check },
    Rule { code: "U004", name: "hidden-characters", style_pack: false, check: characters::check },
    Rule { code: "U005", name: "unsafe-style", style_pack: false, check: style_values::check },
];
