//! Links between boards: kept where the board exists, dropped where it does not.

use spandrel_base::LeanCollect;
use std::collections::BTreeSet;

use spandrel_graph::Board;
use spandrel_syntax::{parse_key_path, print};

use super::{Builder, Draft};
use crate::url;

/// Kept for later diagnostics about links that lead nowhere.
#[derive(Clone, Debug)]
pub(super) struct BoardLink {
    /// The board on which it stands, as an absolute path.
    pub(super) board: String,
    /// What the source says.
    pub(super) target: String,
    pub(super) place: super::Loc,
}

impl Builder<'_, '_, '_> {
    pub(super) fn note_links(&mut self, draft: &Draft<'_>, board: &str) {
        for object in draft.objects.iter().skip(1) {
            if let Some(target) = object.set.attrs.text("link")
                && !url::is_remote(target)
            {
                self.links.push(BoardLink {
                    board: board.to_owned(),
                    target: target.to_owned(),
                    place: object.set.place("link"),
                });
            }
        }
    }

    /// Takes out links to boards that do not exist, and of a board to itself, with a warning.
    pub(super) fn check_links(&mut self, root: &mut Board) {
        let boards: BTreeSet<String> = root
            .walk()
            .into_iter()
            .map(|(path, _)| if path.is_empty() { "root".to_owned() } else { format!("root.{path}") })
            .lean_set();
        let boards: BTreeSet<String> = boards.iter().filter_map(|path| normal(path)).lean_set();
        for link in std::mem::take(&mut self.links) {
            let reaches = normal(&link.target).is_some_and(|target| boards.contains(&target));
            if !reaches {
                let text =
                    format!("`{}` is neither an address nor a board: the link is left out", link.target);
                let mut diagnostic = self.scoper.diagnostic(link.place.file, "C170", link.place.span, text);
                diagnostic.severity = spandrel_base::Severity::Warning;
                let _ = &link.board;
                self.scoper.report(diagnostic);
            }
        }
        drop_links(root, "root", &boards);
    }
}

fn drop_links(board: &mut Board, path: &str, boards: &BTreeSet<String>) {
    for node in &mut board.nodes {
        let Some(link) = node.attrs.text("link") else { continue };
        if url::is_remote(link) || parse_key_path(link).is_none() {
            continue;
        }
        let target = normal(link).unwrap_or_default();
        if !boards.contains(&target) || normal(path).as_deref() == Some(&*target) {
            node.attrs.remove("link");
        }
    }
    let Board { layers, scenarios, steps, .. } = board;
    for (group, children) in [("layers", layers), ("scenarios", scenarios), ("steps", steps)] {
        for child in children {
            let path = format!("{path}.{group}.{}", print::key_part(&child.name));
            drop_links(child, &path, boards);
        }
    }
}

/// A path printed one way, whatever its quotes.
fn normal(path: &str) -> Option<String> {
    let path = parse_key_path(path)?;
    Some(print::key_path(path.parts.iter().map(spandrel_syntax::ast::Str::text)))
}
