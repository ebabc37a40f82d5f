//! A JSON object whose members can be replaced while the others stay, byte for byte, as they came.
//!
//! Tools, schemas and images pass through the relay untouched: their key order and number formats matter to
//! models and to prompt caches, and a parsed value would lose both.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

/// Members in their order. A name that came twice keeps its last value, as JSON readers do.
#[derive(Clone, Debug, Default)]
pub(super) struct RawObject(Vec<(String, Box<RawValue>)>);

impl RawObject {
    /// Nothing unless `bytes` are one JSON object.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, serde_json::Error> {
        serde_json::from_slice(bytes)
    }

    pub(super) fn get(&self, name: &str) -> Option<Value> {
        serde_json::from_str(self.0.iter().find(|(key, _)| key == name)?.1.get()).ok()
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(key, _)| key == name)
    }

    pub(super) fn set(&mut self, name: &str, value: &Value) {
        let Ok(raw) = serde_json::value::to_raw_value(value) else { return };
        match self.0.iter_mut().find(|(key, _)| key == name) {
            Some((_, old)) => *old = raw,
            None => self.0.push((name.to_owned(), raw)),
        }
    }

    pub(super) fn remove(&mut self, name: &str) {
        self.0.retain(|(key, _)| key != name);
    }

    pub(super) fn rename(&mut self, from: &str, to: &str) {
        if self.has(to) {
            return self.remove(from);
        }
        if let Some((key, _)) = self.0.iter_mut().find(|(key, _)| key == from) {
            to.clone_into(key);
        }
    }

    /// Bytes of all values.
    pub(super) fn len(&self) -> usize {
        self.0.iter().map(|(_, raw)| raw.get().len()).sum()
    }

    /// The object as text.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let size = self.0.iter().map(|(key, raw)| key.len() + raw.get().len() + 4).sum::<usize>() + 2;
        let mut out = Vec::with_capacity(size);
        out.push(b'{');
        for (i, (key, raw)) in self.0.iter().enumerate() {
            if i > 0 {
                out.push(b',');
            }
            out.extend_from_slice(Value::from(key.as_str()).to_string().as_bytes());
            out.push(b':');
            out.extend_from_slice(raw.get().as_bytes());
        }
        out.push(b'}');
        out
    }

    /// The object as one value.
    pub(super) fn to_value(&self) -> Result<Value, serde_json::Error> {
        self.0
            .iter()
            .map(|(key, raw)| Ok((key.clone(), serde_json::from_str(raw.get())?)))
            .collect::<Result<serde_json::Map<_, _>, _>>()
            .map(Value::Object)
    }
}

impl<'de> Deserialize<'de> for RawObject {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;
        impl<'de> Visitor<'de> for Members {
            type Value = RawObject;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<RawObject, A::Error> {
                let mut members: Vec<(String, Box<RawValue>)> = Vec::new();
                while let Some((key, value)) = map.next_entry::<String, Box<RawValue>>()? {
                    if members.len() >= 256 {
                        return Err(serde::de::Error::custom("more than 256 members"));
                    }
                    members.retain(|(name, _)| *name != key);
                    members.push((key, value));
                }
                Ok(RawObject(members))
            }
        }
        deserializer.deserialize_map(Members)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_not_replaced_stays_as_it_came() {
        let text = r#"{"model":"a","tools":[{"z":1.0,"a":12345678901234567890123}],"x\n":  {"b" : 1e2 } }"#;
        let mut object = RawObject::parse(text.as_bytes()).unwrap();
        object.set("model", &json!("b"));
        object.set("stream", &json!(true));
        assert_eq!(
            String::from_utf8(object.to_bytes()).unwrap(),
            r#"{"model":"b","tools":[{"z":1.0,"a":12345678901234567890123}],"x\n":{"b" : 1e2 },"stream":true}"#
        );
    }

    #[test]
    fn a_member_that_came_twice_is_sent_once() {
        let mut object = RawObject::parse(br#"{"model":"a","model":"b","n":1}"#).unwrap();
        assert_eq!(object.get("model"), Some(json!("b")));
        object.rename("n", "m");
        assert_eq!(object.to_bytes(), br#"{"model":"b","m":1}"#);
    }

    #[test]
    fn deep_or_wide_bodies_do_no_harm() {
        let deep = format!(r#"{{"a":{}{}}}"#, "[".repeat(100_000), "]".repeat(100_000));
        assert!(
            RawObject::parse(deep.as_bytes()).is_err()
                || RawObject::parse(deep.as_bytes()).unwrap().to_value().is_err()
        );
        let wide: Vec<String> = (0..1000).map(|i| format!(r#""k{i}":1"#)).collect();
        assert!(RawObject::parse(format!("{{{}}}", wide.join(",")).as_bytes()).is_err());
        assert!(RawObject::parse(b"[1]").is_err());
    }
}
