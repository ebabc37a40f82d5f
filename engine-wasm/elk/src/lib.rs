//! The slim boundary: layout of ELK JSON and nothing else, for `spandrel-elk`.
#![allow(missing_docs, reason = "the public documentation is that of the npm package, pkg/elk")]

use js_sys::Error;
use spandrel_base::{Budget, Limits};
use wasm_bindgen::prelude::*;

/// In place of the standard library's: smaller and faster.
#[cfg(target_family = "wasm")]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

/// How long one layout may take where the caller sets no time.
const DEFAULT_TIME_MS: f64 = 60_000.0;

#[wasm_bindgen]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}

/// `options`, `algorithms` or `categories`, as JSON.
#[wasm_bindgen]
pub fn known(what: &str) -> String {
    spandrel_elk_json::known(what)
}

/// ELK JSON in and out; `arguments` are options for every element that does not set them itself. `time_ms`
/// of 0 or less means the default.
#[wasm_bindgen]
pub fn layout(graph: &str, arguments: &str, time_ms: f64) -> Result<String, JsValue> {
    let limit = if time_ms > 0.0 { time_ms } else { DEFAULT_TIME_MS };
    let deadline = js_sys::Date::now() + limit;
    let is_over = || js_sys::Date::now() > deadline;
    let budget = Budget::interruptible(Limits::default(), &is_over);
    spandrel_elk_json::layout_logged(graph, arguments, &budget)
        .map_err(|error| Error::new(&error.to_string()).into())
}
