//! The options of one element.

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::keys::Keys;

/// Values by option id (without `org.eclipse.elk.`).
#[derive(Clone, Debug, Default)]
pub(crate) struct Bag<'a> {
    entries: Vec<(&'static str, Cow<'a, str>)>,
}

impl<'a> Bag<'a> {
    /// Reads `layoutOptions`, or the older `properties` where that is absent. What `defaults` set holds
    /// where the element sets nothing.
    pub(crate) fn of(element: &'a Map<String, Value>, defaults: &Self, keys: &mut Keys) -> Self {
        let mut bag = Self::default();
        for member in ["layoutOptions", "properties"] {
            if let Some(Value::Object(options)) = element.get(member) {
                bag.read(options, keys);
            }
        }
        for (id, value) in &defaults.entries {
            if bag.get(id).is_none() {
                bag.entries.push((id, value.clone()));
            }
        }
        bag
    }

    /// Adds what is not set yet.
    pub(crate) fn read(&mut self, options: &'a Map<String, Value>, keys: &mut Keys) {
        for (key, value) in options {
            let text = match value {
                Value::String(text) => Cow::Borrowed(text.as_str()),
                Value::Number(number) => number.to_string().into(),
                Value::Bool(flag) => (if *flag { "true" } else { "false" }).into(),
                _ => continue,
            };
            let Some(id) = keys.resolve(key) else { continue };
            if self.get(id).is_none() {
                self.entries.push((id, text));
            }
        }
    }

    pub(crate) fn get(&self, id: &str) -> Option<&str> {
        self.entries.iter().find(|(known, _)| *known == id).map(|(_, value)| value.as_ref())
    }
}
