//! What Spandrel knows about architecture, as data: kinds, components, layers, icons, colours, style pack.
//!
//! The tables stand in `data/*.toml` and become statics when the crate is built: adding a component, a word
//! or an icon needs no code. Validation, export, the assistant and the web app read the same tables.
//!
//! - [`infer`]: what a node is, from its shape, classes, label and icon;
//! - [`find`] and [`lookup`]: components by id and by the words of a request;
//! - [`StylePack`]: what a project wants otherwise;
//! - [`icons`]: every icon that a diagram can name, from which the web app's icon set is made.

mod infer;
mod style;
mod words;

pub use infer::{Inferred, infer, infer_container};
pub use style::{IdStyle, LabelCase, StylePack};
pub use words::{Word, lookup, normalise, phrases, singular, tokens};

include!(concat!(env!("OUT_DIR"), "/tables.rs"));

/// How a kind looks.
#[derive(Debug, PartialEq, Eq)]
pub struct KindInfo {
    /// Which one.
    pub kind: Kind,
    /// Its word in `data.nodeType` and in D2 classes.
    pub name: &'static str,
    /// For people.
    pub title: &'static str,
    /// `set:glyph`.
    pub icon: &'static str,
    /// Accent on light ground: outline and icon, `#RRGGBB`.
    pub colour: &'static str,
    /// Accent on dark ground.
    pub colour_dark: &'static str,
    /// Inside on light ground.
    pub fill: &'static str,
    /// Inside on dark ground.
    pub fill_dark: &'static str,
    /// D2's keyword of the shape it usually has.
    pub shape: &'static str,
}

/// A thing that architectures are made of.
#[derive(Debug, PartialEq, Eq)]
pub struct Component {
    /// snake_case; also its usual key in D2.
    pub id: &'static str,
    /// Usual label, Title Case.
    pub name: &'static str,
    /// What it is.
    pub kind: Kind,
    /// Index into [`LAYERS`].
    pub layer: usize,
    /// `set:glyph`; the kind's where it has none of its own.
    pub icon: &'static str,
    /// D2's keyword of its usual shape.
    pub shape: &'static str,
    /// How it is usually reached; `""` where nothing is usual.
    pub protocol: &'static str,
    /// Usual TCP or UDP port; 0 where none is usual.
    pub port: u16,
    /// Names under which it is sold or installed; they become labels as they stand.
    pub products: &'static [&'static str],
}

/// Where components stand in the way of a request.
#[derive(Debug, PartialEq, Eq)]
pub struct Layer {
    /// `client`, `edge`, `app`, …
    pub name: &'static str,
    /// Trust zone: `public`, `dmz`, `private`, `restricted` or `management`.
    pub zone: &'static str,
    /// Key of the container that usually holds it.
    pub group_id: &'static str,
    /// Label of that container.
    pub group_label: &'static str,
}

/// A pattern of the style pack for AI systems.
#[derive(Debug, PartialEq, Eq)]
pub struct AiPattern {
    /// Key of its container.
    pub id: &'static str,
    /// When to use it.
    pub when: &'static str,
    /// Its nodes in the order of flow.
    pub flow: &'static [&'static str],
    /// What else to know.
    pub note: &'static str,
}

/// What a new diagram can begin with.
#[derive(Debug, PartialEq, Eq)]
pub struct Template {
    /// snake_case.
    pub id: &'static str,
    /// For people.
    pub title: &'static str,
    /// Where it stands in a gallery.
    pub category: &'static str,
    /// What it shows, in one line.
    pub description: &'static str,
    /// D2.
    pub source: &'static str,
}

impl Kind {
    /// How it looks.
    pub fn info(self) -> &'static KindInfo {
        &KINDS[self as usize]
    }

    /// The kind with this name (lower case).
    pub fn from_name(name: &str) -> Option<Self> {
        KINDS.iter().find(|info| info.name == name).map(|info| info.kind)
    }
}

impl Component {
    /// Its layer.
    pub fn layer(&self) -> &'static Layer {
        &LAYERS[self.layer]
    }
}

/// All kinds.
pub fn kinds() -> &'static [KindInfo] {
    KINDS
}

/// The component with this id.
pub fn find(id: &str) -> Option<&'static Component> {
    COMPONENTS.binary_search_by(|component| component.id.cmp(id)).ok().map(|index| &COMPONENTS[index])
}

/// What a new diagram can begin with, in the order of the gallery.
pub fn templates() -> &'static [Template] {
    TEMPLATES
}

/// Every icon of kinds and components, `set:glyph`, sorted, without repetition.
pub fn icons() -> &'static [&'static str] {
    ICONS
}

/// Whether an icon of this name is bundled.
pub fn has_icon(name: &str) -> bool {
    ICONS.binary_search(&name).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_in_the_order_of_the_enum() {
        for (index, info) in KINDS.iter().enumerate() {
            assert_eq!(info.kind as usize, index, "{}", info.name);
            assert_eq!(Kind::from_name(info.name), Some(info.kind));
        }
    }

    #[test]
    fn templates_have_names_of_their_own_and_stand_by_category() {
        let mut ids: Vec<&str> = templates().iter().map(|template| template.id).collect();
        assert!(ids.len() >= 24, "only {} templates", ids.len());
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), templates().len());
        let mut categories: Vec<&str> = templates().iter().map(|template| template.category).collect();
        categories.dedup();
        let sections = categories.len();
        categories.sort_unstable();
        categories.dedup();
        assert_eq!(categories.len(), sections, "a category stands in two places");
    }

    #[test]
    fn components_are_found_by_id_and_keep_to_the_style_pack() {
        assert!(COMPONENTS.len() >= 250, "only {} components", COMPONENTS.len());
        for component in COMPONENTS {
            assert_eq!(find(component.id).map(|found| found.name), Some(component.name));
            assert!(component.id.len() <= ID_MAX, "{}", component.id);
            assert!(component.name.chars().count() <= LABEL_MAX, "{}", component.name);
            assert!(has_icon(component.icon), "{}", component.icon);
        }
    }
}
