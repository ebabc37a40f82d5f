//! Lint rules. To add one: a file here, and a line in [`ALL`].

mod contradictory_pins;
mod duplicate_connection;
mod empty_container;
mod id_style;
mod label_case;
mod label_length;
mod near_duplicate;

use crate::Rule;

/// All lint rules, by code.
pub const ALL: &[Rule] = &[
    Rule { code: "L001", name: "id-style", style_pack: true, check: id_style::check },
    Rule { code: "L002", name: "label-length", style_pack: true, check: label_length::check },
    Rule { code: "L003", name: "label-case", style_pack: true, check: label_case::check },
    Rule { code: "L004", name: "near-duplicate", style_pack: false, check: near_duplicate::check },
    Rule {
        code: "L005",
        name: "duplicate-connection",
        style_pack: false,
        check: duplicate_connection::check,
    },
    Rule { code: "L006", name: "empty-container", style_pack: false, check: empty_container::check },
    Rule { code: "L007", name: "contradictory-pins", style_pack: false, check: contradictory_pins::check },
];

#[cfg(test)]
pub(crate) mod testing;
