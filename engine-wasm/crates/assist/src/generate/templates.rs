//! Whole designs to begin with: each known architecture, drawn as it stands.

use super::{compose, write};
use crate::Data;

/// A design to begin with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Template {
    /// Stable, of letters, digits and `_`.
    pub id: String,
    /// Title Case.
    pub title: String,
    /// What it is, one sentence.
    pub summary: String,
    /// D2 in the style pack.
    pub source: String,
}

/// All of them, in the order of the data. Cost: a few hundred microseconds each.
pub fn templates(data: &Data) -> Vec<Template> {
    data.patterns
        .iter()
        .map(|pattern| Template {
            id: pattern.id.clone(),
            title: pattern.title.clone(),
            summary: pattern.story.first().cloned().unwrap_or_default(),
            source: write::write(&compose::whole(pattern)),
        })
        .collect()
}

#[cfg(all(test, feature = "embedded-data"))]
mod tests {
    use super::*;

    #[test]
    fn each_is_a_diagram_without_errors_that_says_what_it_is() {
        let all = templates(&Data::embedded());
        assert!(all.len() >= 24, "{}", all.len());
        for template in all {
            assert!(template.source.starts_with(&format!("# {}\n", template.title)), "{}", template.id);
            assert!(!template.summary.is_empty(), "{}", template.id);
            let repaired = crate::repair(&template.source);
            assert!(repaired.ok && repaired.changes.is_empty(), "{}: {:?}", template.id, repaired.changes);
        }
    }
}
