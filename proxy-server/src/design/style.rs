//! What a project adds to the style pack, or says otherwise: for the prompts of language models, and for the drawings of the
//! offline generator.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use spandrel_engine::wire;
use utoipa::ToSchema;

use crate::engine::prompts::StylePack;
use crate::error::{Error, Field};
use crate::state::AppState;

/// Entries of each list at most.
const MOST: usize = 50;
/// Characters of a rule or a pattern.
const SENTENCE: usize = 300;
/// Characters of the name of a kind or a part, and of an icon.
const NAME: usize = 64;

/// A project's own style.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(as = ProjectStyle)]
pub(crate) struct Style {
    /// Rules for keys, labels or whatever the project cares about: up to 50 of 300 characters.
    #[schema(max_items = 50)]
    rules: Vec<String>,
    /// Kind (`service`, `database`, …) → its colour here, `#RRGGBB`.
    colours: BTreeMap<String, String>,
    /// Kind or part → its icon here, `set:glyph`.
    icons: BTreeMap<String, String>,
    /// How such systems are built here, a sentence each: up to 50 of 300 characters.
    #[schema(max_items = 50)]
    patterns: Vec<String>,
}

/// The style of a project.
pub(crate) async fn of(state: &AppState, project_id: &str) -> Result<Style, Error> {
    let text = state.storage.style(project_id).await?;
    text.map_or(Ok(Style::default()), |text| serde_json::from_str(&text).map_err(Error::internal))
}

/// Keeps another one, if it is one.
pub(crate) async fn replace(state: &AppState, project_id: &str, style: &Style) -> Result<(), Error> {
    let fields = style.faults();
    if !fields.is_empty() {
        return Err(Error::Validation(fields));
    }
    let text = serde_json::to_string(style).map_err(Error::internal)?;
    state.storage.set_style(project_id, (*style != Style::default()).then_some(&*text)).await?;
    Ok(())
}

impl Style {
    /// What is wrong with it, a line for each field.
    fn faults(&self) -> Vec<Field> {
        let is_text = |text: &str, most: usize| {
            (1..=most).contains(&text.trim().chars().count()) && !text.chars().any(char::is_control)
        };
        let sentences = |list: &[String]| list.iter().all(|text| is_text(text, SENTENCE));
        let map = |map: &BTreeMap<String, String>, fits: fn(&str) -> bool| {
            map.iter().all(|(name, value)| is_text(name, NAME) && fits(value))
        };
        let parts = [
            ("rules", self.rules.len(), sentences(&self.rules), "a sentence of 1 to 300 characters"),
            (
                "colours",
                self.colours.len(),
                map(&self.colours, StylePack::is_colour),
                "a kind with its `#RRGGBB`",
            ),
            ("icons", self.icons.len(), map(&self.icons, is_icon), "a kind or part with its `set:glyph`"),
            ("patterns", self.patterns.len(), sentences(&self.patterns), "a sentence of 1 to 300 characters"),
        ];
        let wrong = parts.into_iter().filter(|(_, count, fits, _)| *count > MOST || !fits);
        wrong
            .map(|(field, _, _, what)| Field {
                field: field.to_owned(),
                message: format!("each of its entries, {MOST} at most, is {what}"),
            })
            .collect()
    }

    /// As the prompts of language models take it.
    pub(crate) fn of_prompts(self) -> StylePack {
        StylePack {
            rules: self.rules,
            colours: self.colours.into_iter().collect(),
            icons: self.icons.into_iter().collect(),
            patterns: self.patterns,
            ..StylePack::default()
        }
    }

    /// As the offline generator takes it, which reads no sentences.
    pub(crate) fn of_drawings(self) -> wire::StylePack {
        wire::StylePack { colours: self.colours, icons: self.icons, ..wire::StylePack::default() }
    }
}

fn is_icon(text: &str) -> bool {
    text.len() <= NAME && StylePack::is_icon(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_wrong_part_is_named() {
        let pair = |name: &str, value: &str| BTreeMap::from([(name.to_owned(), value.to_owned())]);
        let good = Style {
            rules: vec!["Use the names of the cloud.".to_owned()],
            colours: pair("database", "#0aF0ff"),
            icons: pair("Orders API", "tabler:shopping-cart"),
            patterns: vec![],
        };
        assert!(good.faults().is_empty());
        let bad = Style {
            rules: vec!["two\nlines".to_owned()],
            colours: pair("database", "red"),
            icons: pair("x", "http://evil/x.svg"),
            patterns: vec!["x".to_owned(); MOST + 1],
        };
        let named: Vec<String> = bad.faults().into_iter().map(|fault| fault.field).collect();
        assert_eq!(named, ["rules", "colours", "icons", "patterns"]);
    }
}
