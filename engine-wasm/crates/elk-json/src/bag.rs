//! The options of one element.

use serde_json::{Map, Value};

use crate::keys::Keys;

/// Values by option id (without `org.eclipse.elk.`).
#[derive(Clone, Debug, Default)]
pub(crate) struct Bag {
    entries: Vec<(&'static str, String)>,
}

impl Bag {
    /// Reads `layoutOptions`, or the older `properties` where that is absent. What `defaults` set holds
    /// where the element sets nothing.
    pub(crate) fn of(element: &Map<String, Value>, defaults: &Self, keys: &mut Keys) -> Self {
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
    pub(crate) fn read(&mut self, options: &Map<String, Value>, keys: &mut Keys) {
        for (key, value) in options {
            let text = match value {
                Value::String(text) => text.clone(),
                Value::Number(number) => number.to_string(),
                Value::Bool(flag) => flag.to_string(),
                _ => continue,
            };
            let Some(id) = keys.resolve(key) else { continue };
            if self.get(id).is_none() {
                self.entries.push((id, text));
            }
        }
    }

    pub(crate) fn get(&self, id: &str) -> Option<&str> {
        self.entries.iter().find(|(known, _)| *known == id).map(|(_, value)| value.as_str())
    }
}
