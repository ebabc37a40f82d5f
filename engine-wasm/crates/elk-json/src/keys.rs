//! Which option a key means.
//!
//! A key matches an option when it equals its id or is a suffix of it that begins after a dot, and no
//! other option of ELK has that suffix. Matching is against ELK's whole list, honoured or not, else a
//! suffix that is ambiguous there would seem unique here.

use std::collections::BTreeMap;

/// Ids of all options of ELK 0.12, without the common prefix, sorted.
const IDS: &str = include_str!("option-ids.txt");
const PREFIX: &str = "org.eclipse.elk.";

/// Remembers what keys mean; a graph uses few different ones.
#[derive(Debug, Default)]
pub(crate) struct Keys {
    known: BTreeMap<String, Option<&'static str>>,
    /// Keys that mean nothing, in order of appearance.
    pub(crate) unknown: Vec<String>,
}

impl Keys {
    /// The option's id without `org.eclipse.elk.`, or `None` where no option or more than one fits.
    pub(crate) fn resolve(&mut self, key: &str) -> Option<&'static str> {
        if let Some(&known) = self.known.get(key) {
            return known;
        }
        let found = find(key);
        if found.is_none() {
            self.unknown.push(key.to_owned());
        }
        self.known.insert(key.to_owned(), found);
        found
    }
}

/// Ids of all options of ELK 0.12, in full.
pub fn option_ids() -> impl Iterator<Item = String> {
    IDS.lines().map(|id| format!("{PREFIX}{id}"))
}

fn find(key: &str) -> Option<&'static str> {
    // Our own options have a prefix of their own and are spelled in full.
    for own in OWN {
        if key == *own {
            return Some(own);
        }
    }
    let mut found = None;
    for id in IDS.lines() {
        if matches(id, key) {
            if id.len() + PREFIX.len() == key.len() {
                return Some(id);
            }
            if found.is_some() {
                return None;
            }
            found = Some(id);
        }
    }
    found
}

/// Options that ELK does not have.
pub(crate) const OWN: &[&str] = &["spandrel.pin"];

/// Whether `key` is `org.eclipse.elk.` + `id` or a suffix of it that begins after a dot.
fn matches(id: &str, key: &str) -> bool {
    if key.len() <= id.len() {
        return id.strip_suffix(key).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    }
    key.strip_suffix(id)
        .and_then(|rest| PREFIX.strip_suffix(rest))
        .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

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
}
