//! U005 `unsafe-style`: style values that could break out of a style sheet or an SVG attribute.
//!
//! The compiler checks the domains of style keywords; this is the second lock on the door, for diagrams that
//! reach validation by another way (variables, classes, imports).

use spandrel_base::{Diagnostic, Severity};
use spandrel_graph::Attrs;

use crate::Context;
use crate::context::at;

pub(super) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let things = context.shown().map(|shown| (shown.attrs, shown.origins));
    let heads = context.edges().flat_map(|(_, edge)| {
        let heads = edge.src_arrowhead.iter().chain(&edge.dst_arrowhead);
        heads.map(|head| (&head.attrs, &*edge.origins))
    });
    for (attrs, origins) in things.chain(heads) {
        if let Some(keyword) = broken(attrs) {
            found.push(
                at(
                    origins,
                    Severity::Error,
                    "U005",
                    format!("the value of `{keyword}` is not a plain style value"),
                )
                .help("write a colour name or `#RRGGBB`"),
            );
        }
    }
    let none: &[spandrel_graph::Origin] = &[];
    for (_, board) in &context.boards {
        if let Some(keyword) = broken(&board.root.attrs) {
            found.push(at(
                none,
                Severity::Error,
                "U005",
                format!("the value of `{keyword}` is not a plain style value"),
            ));
        }
    }
}

/// The first style keyword whose value is no plain value.
fn broken(attrs: &Attrs) -> Option<&str> {
    attrs
        .iter()
        .map(|(keyword, _)| keyword)
        .filter(|keyword| keyword.contains("style."))
        .find(|keyword| !attrs.text(keyword).is_none_or(is_plain))
}

/// Colours, numbers, words and gradients: letters, digits, `#%.,()-` and blanks, with no function but those of
/// colours and gradients.
fn is_plain(value: &str) -> bool {
    let letters = value.chars().all(|c| {
        c.is_alphanumeric() || matches!(c, '#' | '%' | '.' | ',' | '(' | ')' | '-' | '_' | ' ' | '/' | '+')
    });
    let mut before = value;
    while let Some(open) = before.rfind('(') {
        let name: String =
            before[..open].chars().rev().take_while(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
        let name: String = name.chars().rev().collect::<String>().to_ascii_lowercase();
        let known = [
            "rgb",
            "rgba",
            "hsl",
            "hsla",
            "hwb",
            "lab",
            "lch",
            "oklab",
            "oklch",
            "linear-gradient",
            "radial-gradient",
            "conic-gradient",
            "",
        ];
        if !known.contains(&name.as_str()) {
            return false;
        }
        before = &before[..open];
    }
    letters
}

#[cfg(test)]
mod tests {
    use super::is_plain;

    #[test]
    fn plain_values() {
        for fine in [
            "#F43F5E",
            "rebeccapurple",
            "rgba(0, 0, 0, .5)",
            "linear-gradient(#fff 0%, #000 100%)",
            "0.4",
            "dots",
            "-1",
        ] {
            assert!(is_plain(fine), "{fine}");
        }
        for bad in [
            "url(https://x)",
            "red;background:url(x)",
            "\"/><script>",
            "expression(alert(1))",
            "red}",
            "var(--x)",
            "a:b",
        ] {
            assert!(!is_plain(bad), "{bad}");
        }
    }
}
