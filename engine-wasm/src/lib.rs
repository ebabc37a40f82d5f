//! The JavaScript boundary of the engine: decode, call the façade, encode. Nothing is decided here.
//!
//! Answers are JSON strings (the TypeScript around this parses them); options are plain objects. Offsets
//! are UTF-16 code units.
#![allow(missing_docs, reason = "the public documentation is that of the npm package, pkg/src/api.ts")]
#![allow(clippy::must_use_candidate, clippy::needless_pass_by_value, reason = "what wasm-bindgen asks for")]

mod browser;
mod convert;
mod document;
mod measure;
mod worker;

use convert::{json, options, required};
use js_sys::Error;
use spandrel_engine::wire::{Encoding, Op, Options};
use spandrel_engine::{Engine, VERSION};
use wasm_bindgen::prelude::*;

pub use document::DocumentHandle;
pub use measure::measure_text;
pub use worker::serve_worker;

/// In place of the standard library's: smaller, and faster at the small objects that compiling makes.
#[cfg(target_family = "wasm")]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

/// How long one call may take where the caller sets no time: long enough for any diagram, short enough
/// that a page is not lost.
const DEFAULT_TIME_MS: f64 = 20_000.0;

/// Runs `call` with an engine that stops at the caller's time limit.
pub(crate) fn with_engine<T>(options: &Options, call: impl FnOnce(&Engine<'_>) -> T) -> T {
    browser::report_panics();
    let limit = options.limits.and_then(|limits| limits.time_ms).map_or(DEFAULT_TIME_MS, f64::from);
    let deadline = browser::now_ms() + limit;
    let is_over = || browser::now_ms() > deadline;
    call(&Engine::new(Encoding::Utf16, &is_over))
}

#[wasm_bindgen]
pub fn version() -> String {
    VERSION.to_owned()
}

#[wasm_bindgen]
pub fn compile(source: &str, opts: JsValue) -> Result<String, JsValue> {
    let opts: Options = options(opts)?;
    let (graph, diagnostics) = with_engine(&opts, |engine| engine.compile_json(source, &opts));
    Ok(["{\"graph\":", &graph, ",\"diagnostics\":", &diagnostics, "}"].concat())
}

/// The two parts of [`compile`]: the graph is read by those who ask for it.
#[wasm_bindgen(js_name = compileParts)]
pub fn compile_parts(source: &str, opts: JsValue) -> Result<Vec<String>, JsValue> {
    let opts: Options = options(opts)?;
    let (graph, diagnostics) = with_engine(&opts, |engine| engine.compile_json(source, &opts));
    Ok(vec![graph, diagnostics])
}

#[wasm_bindgen]
pub fn canonical(source: &str, opts: JsValue) -> Result<String, JsValue> {
    let opts: Options = options(opts)?;
    Ok(with_engine(&opts, |engine| engine.canonical_json(source, &opts)))
}

#[wasm_bindgen]
pub fn validate(source: &str, opts: JsValue) -> Result<String, JsValue> {
    let opts: Options = options(opts)?;
    json(&with_engine(&opts, |engine| engine.validate(source, &opts)))
}

#[wasm_bindgen]
pub fn format(source: &str) -> String {
    with_engine(&Options::default(), |engine| engine.format(source))
}

#[wasm_bindgen]
pub fn edit(source: &str, op: JsValue, opts: JsValue) -> Result<String, JsValue> {
    let (op, opts): (Op, Options) = (required(op)?, options(opts)?);
    json(&with_engine(&opts, |engine| engine.edit(source, &op, &opts)))
}

#[wasm_bindgen]
pub fn diff(before: &str, after: &str, opts: JsValue) -> Result<String, JsValue> {
    let opts: Options = options(opts)?;
    json(&with_engine(&opts, |engine| engine.diff(before, after, &opts)))
}

#[wasm_bindgen]
pub fn diagram(source: &str, opts: JsValue) -> Result<String, JsValue> {
    let opts: Options = options(opts)?;
    json(&with_engine(&opts, |engine| engine.diagram(source, &opts)))
}

#[wasm_bindgen]
pub fn render(source: &str, opts: JsValue) -> Result<String, JsValue> {
    let opts: Options = options(opts)?;
    with_engine(&opts, |engine| engine.render(source, &opts)).map_err(|error| Error::new(&error).into())
}

/// ELK JSON in and out.
#[wasm_bindgen]
pub fn layout(graph: &str, arguments: &str) -> Result<String, JsValue> {
    with_engine(&Options::default(), |engine| engine.layout(graph, arguments))
        .map_err(|error| Error::new(&error).into())
}

/// The same for elkjs's class: notes on the options are in the root's `logging`.
#[wasm_bindgen(js_name = layoutLogged)]
pub fn layout_logged(graph: &str, arguments: &str) -> Result<String, JsValue> {
    with_engine(&Options::default(), |engine| engine.layout_logged(graph, arguments))
        .map_err(|error| Error::new(&error).into())
}

/// ELK's `options`, `algorithms` or `categories`, as JSON.
#[wasm_bindgen(js_name = elkKnown)]
pub fn elk_known(what: &str) -> String {
    spandrel_engine::elk_known(what)
}

#[wasm_bindgen]
pub fn repair(text: &str) -> Result<String, JsValue> {
    json(&with_engine(&Options::default(), |engine| engine.repair(text)))
}

#[wasm_bindgen]
pub fn answer(query: &str, context: JsValue) -> Result<String, JsValue> {
    let context: spandrel_engine::wire::AssistContext = options(context)?;
    json(&with_engine(&Options::default(), |engine| engine.answer(query, &context)))
}

#[wasm_bindgen]
pub fn view(query: &str, context: JsValue) -> Result<String, JsValue> {
    let context: spandrel_engine::wire::AssistContext = options(context)?;
    json(&with_engine(&Options::default(), |engine| engine.view(query, &context)))
}

#[wasm_bindgen(js_name = checkRequest)]
pub fn check_request(query: &str, opts: JsValue) -> Result<String, JsValue> {
    let request: spandrel_engine::wire::Request = options(opts)?;
    json(&with_engine(&Options::default(), |engine| engine.check_request(query, &request)))
}

#[wasm_bindgen]
pub fn classify(query: &str, context: JsValue) -> Result<String, JsValue> {
    let context: spandrel_engine::wire::AssistContext = options(context)?;
    json(&with_engine(&Options::default(), |engine| engine.classify(query, &context)))
}

#[wasm_bindgen]
pub fn clarify(query: &str, context: JsValue) -> Result<String, JsValue> {
    let context: spandrel_engine::wire::AssistContext = options(context)?;
    json(&with_engine(&Options::default(), |engine| engine.clarify(query, &context)))
}

#[wasm_bindgen]
pub fn generate(query: &str, context: JsValue) -> Result<String, JsValue> {
    let context: spandrel_engine::wire::AssistContext = options(context)?;
    json(&with_engine(&Options::default(), |engine| engine.generate(query, &context)))
}

/// Gives the assistant its data file. Idempotent.
#[wasm_bindgen(js_name = loadAssist)]
pub fn load_assist(bytes: &[u8]) -> Result<(), JsValue> {
    spandrel_engine::load_assist(bytes).map_err(|error| Error::new(&error).into())
}
