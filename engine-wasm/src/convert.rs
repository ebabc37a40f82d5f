//! Between JavaScript values and the engine's: options in by serde, answers out as one JSON string each.

use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::JsValue;

/// Options; `undefined` and `null` are the defaults. A wrong one is the caller's mistake: a `TypeError`.
pub(crate) fn options<T: DeserializeOwned + Default>(value: JsValue) -> Result<T, JsValue> {
    if value.is_undefined() || value.is_null() { Ok(T::default()) } else { required(value) }
}

/// An argument that must be there.
pub(crate) fn required<T: DeserializeOwned>(value: JsValue) -> Result<T, JsValue> {
    serde_wasm_bindgen::from_value(value).map_err(|error| js_sys::TypeError::new(&error.to_string()).into())
}

/// An answer. One string crosses the boundary once, which a benchmark found cheaper than building objects
/// call by call.
pub(crate) fn json<T: Serialize>(value: &T) -> Result<String, JsValue> {
    serde_json::to_string(value).map_err(|error| js_sys::Error::new(&error.to_string()).into())
}
