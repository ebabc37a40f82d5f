//! Between JavaScript values and the engine's: one JSON string each way. Reading objects member by member is a
//! call across the boundary each, which for a stored drawing costs more than laying out.

use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::JsValue;

/// Options; `undefined` and `null` are the defaults. A wrong one is the caller's mistake: a `TypeError`.
pub(crate) fn options<T: DeserializeOwned + Default>(value: JsValue) -> Result<T, JsValue> {
    if value.is_undefined() || value.is_null() { Ok(T::default()) } else { required(value) }
}

/// An argument that must be there.
pub(crate) fn required<T: DeserializeOwned>(value: JsValue) -> Result<T, JsValue> {
    // What JSON has no text for (`undefined`, a function) is as good as nothing.
    let text = js_sys::JSON::stringify(&value)?.as_string().unwrap_or_else(|| "null".to_owned());
    serde_json::from_str(&text).map_err(|error| {
        let told = error.to_string();
        // The place is one in a text that the caller never saw.
        let told = told.rsplit_once(" at line ").map_or(told.as_str(), |(told, _)| told);
        js_sys::TypeError::new(told).into()
    })
}

/// An answer. One string crosses the boundary once, which a benchmark found cheaper than building objects
/// call by call.
pub(crate) fn json<T: Serialize>(value: &T) -> Result<String, JsValue> {
    serde_json::to_string(value).map_err(|error| js_sys::Error::new(&error.to_string()).into())
}
