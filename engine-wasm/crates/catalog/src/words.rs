//! Words to components: the lookup that labels and requests share.

use crate::{COMPONENTS, Component, Kind, LONGEST_PHRASE, WORDS};

/// What a phrase of the tables means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    /// A component, by its index in [`COMPONENTS`].
    Component(usize),
    /// A product: index of its component, and index in [`Component::products`].
    Product(usize, usize),
    /// Only a kind is known: the head word of a label.
    Kind(Kind),
}

impl Word {
    /// The component it names.
    pub fn component(self) -> Option<&'static Component> {
        match self {
            Self::Component(index) | Self::Product(index, _) => COMPONENTS.get(index),
            Self::Kind(_) => None,
        }
    }

    /// The product's name as it is spelled.
    pub fn product(self) -> Option<&'static str> {
        match self {
            Self::Product(index, product) => COMPONENTS.get(index)?.products.get(product).copied(),
            _ => None,
        }
    }

    /// What it is.
    pub fn kind(self) -> Kind {
        match self {
            Self::Kind(kind) => kind,
            Self::Component(index) | Self::Product(index, _) => COMPONENTS[index].kind,
        }
    }
}

/// Every phrase of the tables, normalised, in order.
pub fn phrases() -> impl Iterator<Item = &'static str> {
    WORDS.iter().map(|(phrase, _)| *phrase)
}

/// The words of a text: runs of letters and digits in lower case.
pub fn tokens(text: &str) -> Vec<String> {
    let lower = text.to_lowercase();
    lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// [`tokens`] with one blank between.
pub fn normalise(text: &str) -> String {
    tokens(text).join(" ")
}

/// The singular of an English word, as far as its ending tells; words without a plural ending stay.
pub fn singular(word: &str) -> String {
    if let Some(stem) = word.strip_suffix("ies").filter(|stem| stem.len() > 1) {
        return format!("{stem}y");
    }
    for ending in ["sses", "ches", "shes", "xes"] {
        if word.ends_with(ending) {
            return word[..word.len() - 2].to_owned();
        }
    }
    let keeps = word.ends_with("ss") || word.ends_with("us") || word.ends_with("is") || word.len() < 3;
    match word.strip_suffix('s') {
        Some(stem) if !keeps => stem.to_owned(),
        _ => word.to_owned(),
    }
}

/// The longest known phrase that begins at `words[0]`: its meaning and its number of words.
/// The last word may stand in the plural.
pub fn lookup<S: AsRef<str>>(words: &[S]) -> Option<(Word, usize)> {
    for length in (1..=words.len().min(LONGEST_PHRASE)).rev() {
        let mut phrase = String::new();
        for word in &words[..length] {
            if !phrase.is_empty() {
                phrase.push(' ');
            }
            phrase.push_str(word.as_ref());
        }
        if let Some(meaning) = exact(&phrase) {
            return Some((meaning, length));
        }
        let last = words[length - 1].as_ref();
        let stem = phrase.len() - last.len();
        // "caches" is one "cache" although "patches" are one "patch": both readings are tried.
        for one in [Some(singular(last)), last.strip_suffix('s').map(str::to_owned)].into_iter().flatten() {
            if one != last {
                phrase.truncate(stem);
                phrase.push_str(&one);
                if let Some(meaning) = exact(&phrase) {
                    return Some((meaning, length));
                }
            }
        }
    }
    None
}

fn exact(phrase: &str) -> Option<Word> {
    WORDS.binary_search_by(|(known, _)| (*known).cmp(phrase)).ok().map(|index| WORDS[index].1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plurals_come_down_to_the_singular() {
        let cases = [
            ("queues", "queue"),
            ("caches", "cach"),
            ("proxies", "proxy"),
            ("boxes", "box"),
            ("dns", "dn"),
            ("bus", "bus"),
            ("access", "access"),
            ("patches", "patch"),
        ];
        for (plural, expected) in cases {
            assert_eq!(singular(plural), expected, "{plural}");
        }
    }

    #[test]
    fn the_longest_phrase_wins() {
        let (word, length) = lookup(&tokens("API gateway for all")).unwrap();
        assert_eq!((word.component().unwrap().id, length), ("api_gateway", 2));
        let (word, length) = lookup(&tokens("Load Balancers")).unwrap();
        assert_eq!((word.component().unwrap().id, length), ("load_balancer", 2));
        let (word, _) = lookup(&tokens("postgresql primary")).unwrap();
        assert_eq!(word.product(), Some("PostgreSQL"));
        assert_eq!(lookup(&tokens("caches")).map(|(word, _)| word.kind()), Some(Kind::Cache));
        assert_eq!(lookup(&tokens("zebra")), None);
        assert_eq!(lookup::<&str>(&[]), None);
    }
}
