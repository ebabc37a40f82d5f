//! The style pack of a project: how keys and labels are written, which colours and icons kinds have, and rules in words.
//!
//! As data, so that a project says what it wants otherwise and nothing else: the generator writes by it, prompts carry it,
//! and the rules of style judge by it.

use crate::{ID_MAX, LABEL_MAX};

/// How keys are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum IdStyle {
    /// `order_service`.
    #[default]
    Snake,
    /// `order-service`.
    Kebab,
    /// `orderService`.
    Camel,
    /// As people like.
    Any,
}

/// How labels of objects are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LabelCase {
    /// `Order Service`.
    #[default]
    Title,
    /// As people like.
    Any,
}

/// What a project says of style; what it leaves out is Spandrel's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StylePack {
    /// How keys are written.
    pub id_style: IdStyle,
    /// Most characters of a key.
    pub id_max: usize,
    /// How labels are written.
    pub label_case: LabelCase,
    /// Most characters of a label.
    pub label_max: usize,
    /// Kind → its colour here, `#RRGGBB`.
    pub colours: Vec<(String, String)>,
    /// Kind or component → its icon here, `set:glyph`.
    pub icons: Vec<(String, String)>,
    /// More rules, a sentence each: for whatever the project cares about. For language models; nothing else reads them.
    pub rules: Vec<String>,
    /// Patterns beside those for AI systems, a sentence each; for language models as well.
    pub patterns: Vec<String>,
}

impl Default for StylePack {
    fn default() -> Self {
        Self {
            id_style: IdStyle::default(),
            id_max: ID_MAX,
            label_case: LabelCase::default(),
            label_max: LABEL_MAX,
            colours: Vec::new(),
            icons: Vec::new(),
            rules: Vec::new(),
            patterns: Vec::new(),
        }
    }
}

impl IdStyle {
    /// By the name that project files use.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Snake, Self::Kebab, Self::Camel, Self::Any].into_iter().find(|style| style.name() == name)
    }

    /// `snake_case`, `kebab-case`, `camelCase` or `any`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Snake => "snake_case",
            Self::Kebab => "kebab-case",
            Self::Camel => "camelCase",
            Self::Any => "any",
        }
    }

    /// Whether a key is written so.
    pub fn accepts(self, key: &str) -> bool {
        let sign = match self {
            Self::Any => return true,
            Self::Snake => Some('_'),
            Self::Kebab => Some('-'),
            Self::Camel => None,
        };
        let letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || Some(c) == sign;
        let humps = self == Self::Camel && !key.starts_with(|c: char| c.is_ascii_uppercase());
        key.chars().all(|c| letter(c) || (humps && c.is_ascii_uppercase()))
    }

    /// The nearest key written so, of at most `most` characters; empty where no letter of it can stay.
    pub fn of(self, name: &str, most: usize) -> String {
        let mut key = String::new();
        let mut apart = false;
        let mut before = '_';
        for c in name.chars() {
            let hump = c.is_ascii_uppercase() && (before.is_ascii_lowercase() || before.is_ascii_digit());
            if !c.is_ascii_alphanumeric() || hump {
                apart = !key.is_empty();
            }
            before = c;
            if !c.is_ascii_alphanumeric() {
                continue;
            }
            let sign = match self {
                Self::Kebab => Some('-'),
                Self::Camel => None,
                Self::Snake | Self::Any => Some('_'),
            };
            if let Some(sign) = sign.filter(|_| apart) {
                key.push(sign);
            }
            let upper = self == Self::Camel && apart;
            key.push(if upper { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() });
            apart = false;
        }
        key.truncate(most);
        key.trim_end_matches(['_', '-']).to_owned()
    }
}

impl LabelCase {
    /// By the name that project files use: `title` or `any`.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "title" => Some(Self::Title),
            "any" => Some(Self::Any),
            _ => None,
        }
    }
}

impl StylePack {
    /// The colour that this project gives a kind.
    pub fn colour(&self, kind: &str) -> Option<&str> {
        find(&self.colours, kind).filter(|colour| Self::is_colour(colour))
    }

    /// The icon that this project gives a component, or else its kind.
    pub fn icon(&self, component: &str, kind: &str) -> Option<&str> {
        find(&self.icons, component).or_else(|| find(&self.icons, kind)).filter(|icon| Self::is_icon(icon))
    }

    /// Whether a text is a colour as a pack has them: `#RRGGBB`.
    pub fn is_colour(text: &str) -> bool {
        text.strip_prefix('#').is_some_and(|hex| hex.len() == 6 && hex.bytes().all(|b| b.is_ascii_hexdigit()))
    }

    /// Whether a text names an icon: `set:glyph`, in small letters, digits and hyphens, as Iconify names them.
    pub fn is_icon(text: &str) -> bool {
        let part = |part: &str| {
            !part.is_empty()
                && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        };
        text.split_once(':').is_some_and(|(set, glyph)| part(set) && part(glyph))
    }
}

fn find<'p>(pairs: &'p [(String, String)], name: &str) -> Option<&'p str> {
    pairs.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_change_from_one_style_to_another() {
        for (style, key) in [
            (IdStyle::Snake, "order_service_2"),
            (IdStyle::Kebab, "order-service-2"),
            (IdStyle::Camel, "orderService2"),
        ] {
            assert_eq!(style.of("Order Service 2", 30), key);
            assert!(style.accepts(key), "{key}");
        }
        assert_eq!(IdStyle::Snake.of("OrderService", 30), "order_service");
        assert_eq!(IdStyle::Snake.of("order_service", 6), "order");
        assert_eq!(IdStyle::Kebab.of("数据", 30), "");
        assert!(!IdStyle::Snake.accepts("order-service") && !IdStyle::Camel.accepts("OrderService"));
    }

    #[test]
    fn what_is_no_colour_and_no_icon_is_left_out() {
        let pairs =
            |list: &[(&str, &str)]| list.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
        let style = StylePack {
            colours: pairs(&[("database", "#12aB9f"), ("queue", "red; x: y")]),
            icons: pairs(&[("queue", "mdi:tray"), ("kafka", "no icon"), ("cache", "a:b\nx")]),
            ..StylePack::default()
        };
        assert_eq!(style.colour("database"), Some("#12aB9f"));
        assert_eq!(style.colour("queue"), None);
        assert_eq!(style.icon("topic", "queue"), Some("mdi:tray"));
        assert_eq!(style.icon("cache", "cache"), None);
    }
}
