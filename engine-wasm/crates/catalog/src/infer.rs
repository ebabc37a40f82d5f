//! What a node is: from its shape, its classes, its label and its icon.

use crate::{COMPONENTS, Component, Kind, KindInfo, Word, find, has_icon, lookup, tokens};

/// What is known about a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Inferred {
    /// What it is.
    pub kind: &'static KindInfo,
    /// The component that its class or label names.
    pub component: Option<&'static Component>,
    /// `iconifyId`: the node's own icon where that is bundled, else its kind's.
    pub icon: &'static str,
}

/// Infers a leaf. What a person says outright wins: a class named like a kind or a component, then a shape
/// that means one thing only, then the label's head words, then the icon, then what the shape suggests.
///
/// `shape` is D2's keyword in lower case, `icon` the attribute as written.
pub fn infer(shape: &str, classes: &[String], label: &str, icon: Option<&str>) -> Inferred {
    let own_icon = icon.and_then(bundled);
    if let Some((kind, component)) = by_class(classes) {
        return inferred(kind, component, own_icon);
    }
    let (label_kind, component) = by_label(label);
    let kind = match shape {
        "person" | "c4-person" => Kind::Person,
        "queue" => Kind::Queue,
        "sql_table" => Kind::Database,
        "cylinder" | "stored_data" => match label_kind {
            Some(kind @ (Kind::Cache | Kind::Storage | Kind::Queue | Kind::Security)) => kind,
            _ => Kind::Database,
        },
        _ => label_kind.or_else(|| own_icon.and_then(by_icon)).unwrap_or(match shape {
            "cloud" => Kind::External,
            "page" | "document" => Kind::Storage,
            _ => Kind::Default,
        }),
    };
    inferred(kind, component.filter(|component| component.kind == kind), own_icon)
}

/// Infers a container: a group, unless a class says otherwise.
pub fn infer_container(classes: &[String], icon: Option<&str>) -> Inferred {
    let (kind, component) = by_class(classes).unwrap_or((Kind::Group, None));
    inferred(kind, component, icon.and_then(bundled))
}

fn inferred(kind: Kind, component: Option<&'static Component>, icon: Option<&'static str>) -> Inferred {
    let kind = kind.info();
    Inferred { kind, component, icon: icon.unwrap_or(kind.icon) }
}

fn bundled(icon: &str) -> Option<&'static str> {
    has_icon(icon).then(|| crate::ICONS[crate::ICONS.partition_point(|&known| known < icon)])
}

/// The last class that means something: later classes override earlier ones in D2 too.
fn by_class(classes: &[String]) -> Option<(Kind, Option<&'static Component>)> {
    classes.iter().rev().find_map(|class| {
        let class = class.to_lowercase().replace('-', "_");
        let by_kind = Kind::from_name(&class).map(|kind| (kind, None));
        by_kind.or_else(|| find(&class).map(|component| (component.kind, Some(component))))
    })
}

fn by_icon(icon: &str) -> Option<Kind> {
    // A logo is named like its product: `logos:mysql-icon`.
    if let Some(logo) = icon.strip_prefix("logos:") {
        return by_label(&logo.trim_end_matches("-icon").replace('-', " ")).0;
    }
    let of_kind = crate::KINDS.iter().find(|info| info.icon == icon).map(|info| info.kind);
    of_kind.or_else(|| {
        COMPONENTS.iter().find(|component| component.icon == icon).map(|component| component.kind)
    })
}

/// English puts the head last ("payment cache" is a cache), and says what it is for after a preposition
/// ("queue for orders") or on a further line or in brackets: of the first phrase the known words that end
/// last decide, and of those the longest.
fn by_label(label: &str) -> (Option<Kind>, Option<&'static Component>) {
    let first_line =
        label.split(['\n', '(', '[', ',', ';', '|']).find(|part| !part.trim().is_empty()).unwrap_or("");
    let mut words = tokens(first_line);
    if let Some(end) =
        words.iter().position(|word| PREPOSITIONS.contains(&word.as_str())).filter(|&end| end > 0)
    {
        words.truncate(end);
    }
    let mut best: Option<(usize, usize, Word)> = None;
    for start in 0..words.len() {
        let Some((word, length)) = lookup(&words[start..]) else { continue };
        if best.is_none_or(|(end, longest, _)| (start + length, length) > (end, longest)) {
            best = Some((start + length, length, word));
        }
    }
    match best {
        Some((_, _, word)) => (Some(word.kind()), word.component()),
        None => (None, None),
    }
}

const PREPOSITIONS: &[&str] = &["for", "of", "in", "on", "with", "from", "to", "at", "via", "by", "per"];

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(shape: &str, label: &str) -> &'static str {
        infer(shape, &[], label, None).kind.name
    }

    #[test]
    fn the_head_of_the_label_decides() {
        let cases = [
            ("Orders DB", "database"),
            ("Payment Cache", "cache"),
            ("Redis", "cache"),
            ("Kafka", "queue"),
            ("User Service", "process"),
            ("Auth Service", "security"),
            ("Queue for Orders", "queue"),
            ("API Gateway", "network"),
            ("Web App", "client"),
            ("S3 Bucket", "storage"),
            ("Stripe", "external"),
            ("Customer", "person"),
            ("LLM", "ai"),
            ("Vector DB", "database"),
            ("Payment system", "process"),
            ("Zebra", "default"),
            ("", "default"),
            ("PostgreSQL (primary)", "database"),
            ("Web Application Firewall", "security"),
        ];
        for (label, expected) in cases {
            assert_eq!(kind("rectangle", label), expected, "{label}");
        }
    }

    #[test]
    fn shapes_that_mean_one_thing_win_over_words() {
        assert_eq!(kind("cylinder", "Orders"), "database");
        assert_eq!(kind("cylinder", "Redis Cache"), "cache");
        assert_eq!(kind("queue", "Jobs"), "queue");
        assert_eq!(kind("person", "Support Service"), "person");
        assert_eq!(kind("cloud", "Somewhere"), "external");
        assert_eq!(kind("sql_table", "users"), "database");
    }

    #[test]
    fn classes_and_icons_are_heard() {
        let class = |name: &str| infer("rectangle", &[name.to_owned()], "Zebra", None);
        assert_eq!(class("database").kind.name, "database");
        assert_eq!(class("api_gateway").kind.name, "network");
        assert_eq!(class("fancy").kind.name, "default");
        let icon = infer("rectangle", &[], "Zebra", Some("mdi:kubernetes"));
        assert_eq!((icon.kind.name, icon.icon), ("process", "mdi:kubernetes"));
        let logo = infer("rectangle", &[], "Zebra", Some("logos:mysql-icon"));
        assert_eq!((logo.kind.name, logo.icon), ("database", "logos:mysql-icon"));
        assert_eq!(infer("rectangle", &[], "Zebra", Some("https://x/y.png")).icon, crate::DEFAULT_ICON);
        assert_eq!(infer_container(&[], None).kind.name, "group");
    }
}
