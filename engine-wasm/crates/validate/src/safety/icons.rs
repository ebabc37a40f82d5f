//! U002 `unsafe-icon`: icons are bundled names, pictures of the web, relative files or raster data.

use spandrel_base::{Diagnostic, Severity};

use super::url::{Address, address};
use crate::context::at;
use crate::{Context, Shown};

pub(super) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for Shown { attrs, origins, .. } in context.shown() {
        let Some(icon) = attrs.text("icon") else { continue };
        let why = match address(icon) {
            Address::Other(scheme) => format!("an icon must not use `{scheme}:`"),
            Address::Mail => "an icon must not use `mailto:`".to_owned(),
            _ => continue,
        };
        let diagnostic = at(origins, Severity::Error, "U002", why)
            .expected(
                "a bundled name such as `mdi:server`, http, https, or a PNG, JPEG, GIF or WebP as `data:`",
                icon.chars().take(40).collect::<String>(),
            )
            .help("name a bundled icon (`mdi:server`) or give the address of a picture");
        found.push(diagnostic);
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{found, node};
    use spandrel_graph::Diagram;

    #[test]
    fn what_icons_may_be() {
        let source = "a";
        let count = |icon: &str| {
            let mut diagram = Diagram::default();
            let id = node(&mut diagram, source, "a", "a", None);
            diagram.root.nodes[id].attrs.set_text("icon", icon);
            found(&diagram, source, "U002").len()
        };
        for fine in ["mdi:server", "https://x/y.svg", "./local.png", "data:image/png;base64,AA"] {
            assert_eq!(count(fine), 0, "{fine}");
        }
        for bad in ["javascript:x", "file:///etc/shadow", "data:image/svg+xml,<svg onload=x>", "mailto:x@y"] {
            assert_eq!(count(bad), 1, "{bad}");
        }
    }
}
