//! Which option a key means.
//!
//! A key matches an option when it equals its id or is a suffix of it that begins after a dot, and no
//! other option of ELK has that suffix. Matching is against ELK's whole list, honoured or not, else a
//! suffix that is ambiguous there would seem unique here.
//!
//! A line of the list is the id, what kind of value it takes and what it is set on (one letter each), and a
//! dash where it is accepted but changes nothing yet.

use std::sync::OnceLock;

use spandrel_base::LeanSort;

/// All options of ELK 0.12, sorted by id, the common prefix left out.
const OPTIONS: &str = include_str!("option-ids.txt");
const PREFIX: &str = "org.eclipse.elk.";

/// Remembers what keys mean; a graph uses few different ones.
#[derive(Debug, Default)]
pub(crate) struct Keys {
    known: Vec<(String, Option<&'static str>)>,
    /// Keys that mean nothing, in order of appearance.
    pub(crate) unknown: Vec<String>,
    /// Options that were set and change nothing, in order of appearance.
    pub(crate) idle: Vec<&'static str>,
}

impl Keys {
    /// The option's id without `org.eclipse.elk.`, or `None` where no option or more than one fits.
    pub(crate) fn resolve(&mut self, key: &str) -> Option<&'static str> {
        if let Some((_, known)) = self.known.iter().find(|(known, _)| known == key) {
            return *known;
        }
        let found = find(key);
        match found {
            None => self.unknown.push(key.to_owned()),
            Some((id, false)) if !self.idle.contains(&id) => self.idle.push(id),
            Some(_) => {}
        }
        let found = found.map(|(id, _)| id);
        self.known.push((key.to_owned(), found));
        found
    }
}

/// Ids of all options of ELK 0.12, in full.
pub fn option_ids() -> impl Iterator<Item = String> {
    options().map(|option| format!("{PREFIX}{}", option.id))
}

/// What is known of an option.
#[derive(Clone, Copy)]
pub(crate) struct Known {
    /// Without the common prefix.
    pub(crate) id: &'static str,
    /// The kind of its value, then what it is set on, as letters.
    pub(crate) letters: &'static str,
    /// Whether it changes anything.
    pub(crate) honoured: bool,
}

/// All options, sorted by id.
pub(crate) fn options() -> impl Iterator<Item = Known> {
    OPTIONS.lines().filter_map(|line| {
        let mut words = line.split(' ');
        Some(Known { id: words.next()?, letters: words.next()?, honoured: words.next().is_none() })
    })
}

/// The option that a key means, and whether it changes anything.
fn find(key: &str) -> Option<(&'static str, bool)> {
    // Our own options have a prefix of their own and are spelled in full.
    for own in OWN {
        if key == *own {
            return Some((own, true));
        }
    }
    let list = by_end();
    let full =
        ["org.eclipse.elk.", "eclipse.elk.", "elk."].iter().find_map(|prefix| key.strip_prefix(prefix));
    let end = full.unwrap_or(key);
    let first = list.partition_point(|option| option.id.bytes().rev().lt(end.bytes().rev()));
    let mut fitting = list[first..].iter().take_while(|option| option.id.ends_with(end)).filter(|option| {
        let rest = &option.id[..option.id.len() - end.len()];
        rest.is_empty() || full.is_none() && rest.ends_with('.')
    });
    let found = fitting.next()?;
    fitting.next().is_none().then_some((found.id, found.honoured))
}

/// All options, sorted by their ids read backwards: those with a common end stand together.
fn by_end() -> &'static [Known] {
    static LIST: OnceLock<Vec<Known>> = OnceLock::new();
    LIST.get_or_init(|| {
        let mut list: Vec<Known> = options().collect();
        list.lean_sort_by(|a, b| a.id.bytes().rev().cmp(b.id.bytes().rev()));
        list
    })
}

/// Options that ELK does not have.
pub(crate) const OWN: &[&str] = &["spandrel.pin"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suffixes_match_where_they_are_unique() {
        let mut keys = Keys::default();
        for key in [
            "org.eclipse.elk.layered.spacing.nodeNodeBetweenLayers",
            "elk.layered.spacing.nodeNodeBetweenLayers",
            "spacing.nodeNodeBetweenLayers",
            "nodeNodeBetweenLayers",
        ] {
            assert_eq!(keys.resolve(key), Some("layered.spacing.nodeNodeBetweenLayers"), "{key}");
        }
        assert_eq!(keys.resolve("elk.direction"), Some("direction"));
        assert_eq!(keys.resolve("side"), Some("port.side"));
        assert_eq!(keys.resolve("algorithm"), Some("algorithm"));
        assert_eq!(keys.resolve("spacing.baseValue"), Some("layered.spacing.baseValue"));
        for key in ["strategy", "placement", "elk.spacing.baseValue", "odeNodeBetweenLayers", "", "nope"] {
            assert_eq!(keys.resolve(key), None, "{key}");
        }
        assert_eq!(keys.unknown.len(), 6);
    }

    #[test]
    fn options_that_change_nothing_are_told_once() {
        let mut keys = Keys::default();
        for key in ["elk.hypernode", "hypernode", "elk.direction"] {
            assert!(keys.resolve(key).is_some());
        }
        assert_eq!(keys.idle, ["hypernode"]);
    }

    #[test]
    fn the_page_names_what_changes_nothing() {
        let page = include_str!("../../../../docs/elk-options.md");
        let (_, list) = page.split_once("## Accepted, without effect").unwrap();
        for option in options() {
            let row = format!("- `{}`\n", option.id);
            assert_eq!(list.contains(&row), !option.honoured, "{}: docs/elk-options.md", option.id);
        }
    }
}
