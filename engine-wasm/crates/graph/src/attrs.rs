//! Attributes as the source sets them.

use std::collections::BTreeMap;

/// What a source explicitly sets on an object, an edge, an arrowhead or a board: from the full keyword
/// (`style.fill`, `icon.style.opacity`, `label.near`, `grid-rows`…) to the value as it was spelled.
///
/// Defaults never appear. The typed reading is [`crate::Style`] and the methods below; nobody else
/// parses these strings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attrs {
    entries: BTreeMap<String, Value>,
}

/// The value of one attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// As spelled.
    Text(String),
    /// `class` and `constraint`: in order, repetitions included.
    List(Vec<String>),
}

impl Attrs {
    /// Sets `keyword`, replacing what was there.
    pub fn set(&mut self, keyword: impl Into<String>, value: Value) {
        self.entries.insert(keyword.into(), value);
    }

    /// Sets `keyword` to a text.
    pub fn set_text(&mut self, keyword: impl Into<String>, value: impl Into<String>) {
        self.set(keyword, Value::Text(value.into()));
    }

    /// Takes `keyword` out.
    pub fn remove(&mut self, keyword: &str) -> Option<Value> {
        self.entries.remove(keyword)
    }

    /// The value, whatever its form.
    pub fn get(&self, keyword: &str) -> Option<&Value> {
        self.entries.get(keyword)
    }

    /// The value as text; `None` where it is unset or a list.
    pub fn text(&self, keyword: &str) -> Option<&str> {
        match self.entries.get(keyword)? {
            Value::Text(text) => Some(text),
            Value::List(_) => None,
        }
    }

    /// The value as a list; a text counts as a list of one.
    pub fn list(&self, keyword: &str) -> &[String] {
        match self.entries.get(keyword) {
            Some(Value::List(items)) => items,
            Some(Value::Text(text)) => std::slice::from_ref(text),
            None => &[],
        }
    }

    /// The value as a finite number.
    pub fn number(&self, keyword: &str) -> Option<f64> {
        self.text(keyword)?.trim().parse().ok().filter(|n: &f64| n.is_finite())
    }

    /// The value as `true` or `false`.
    pub fn boolean(&self, keyword: &str) -> Option<bool> {
        match self.text(keyword)? {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        }
    }

    /// All that is set, sorted by keyword.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.entries.iter().map(|(keyword, value)| (keyword.as_str(), value))
    }

    /// Whether nothing is set.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}
