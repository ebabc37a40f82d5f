//! U001 `unsafe-link`: links lead to the web, to mail, to a board or to a relative place, and nowhere else.

use spandrel_base::{Diagnostic, Severity};

use super::url::{Address, address};
use crate::context::at;
use crate::{Context, Shown};

pub(super) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for Shown { attrs, origins, .. } in context.shown() {
        let Some(link) = attrs.text("link") else { continue };
        let scheme = match address(link) {
            Address::Other(scheme) => Some(scheme),
            // To a link, the name of an icon set is a scheme like any other.
            Address::IconName => link.trim().split(':').next().map(str::to_owned),
            _ => None,
        };
        if let Some(scheme) = scheme {
            let message = format!("a link must not use `{scheme}:`");
            let diagnostic = at(origins, Severity::Error, "U001", message)
                .expected("http, https, mailto, a board, or a relative address", format!("{scheme}:"))
                .help("link to a web page or to a board (`layers.name`)");
            found.push(diagnostic);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{found, node};
    use spandrel_graph::Diagram;

    #[test]
    fn what_links_may_lead_to() {
        let source = "a";
        let count = |link: &str| {
            let mut diagram = Diagram::default();
            let id = node(&mut diagram, source, "a", "exec system import", None);
            diagram.root.nodes[id].attrs.set_text("link", link);
            found(&diagram, source, "U001").len()
        };
        for fine in
            ["https://example.com/exec", "http://x", "mailto:a@b.c", "root.layers.x", "../up", "#part"]
        {
            assert_eq!(count(fine), 0, "{fine}");
        }
        for bad in [
            "javascript:alert(1)",
            "java\tscript:x()",
            "vbscript:x",
            "file:///etc/passwd",
            "data:text/html,x",
        ] {
            assert_eq!(count(bad), 1, "{bad}");
        }
    }
}
