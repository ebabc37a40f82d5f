//! Optional text measurement by the browser, for pages that show labels in a font of their own.

use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use web_sys::{OffscreenCanvas, OffscreenCanvasRenderingContext2d};

/// Advance width in CSS pixels of `text` in a CSS `font` (`600 14px Inter`), by OffscreenCanvas; works in a
/// window and in a worker. Absent where the browser has none.
#[wasm_bindgen(js_name = measureText)]
pub fn measure_text(text: &str, font: &str) -> Option<f64> {
    let canvas = OffscreenCanvas::new(1, 1).ok()?;
    let context: OffscreenCanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
    context.set_font(font);
    Some(context.measure_text(text).ok()?.width())
}
