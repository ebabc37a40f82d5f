//! The methods that a worker answers: the exports of this crate by name, and documents by handle.

use std::cell::RefCell;
use std::collections::BTreeMap;

use js_sys::{Array, Error};
use wasm_bindgen::prelude::*;

use crate::{DocumentHandle, browser};

thread_local! {
    /// Open documents by the handle that the client chose.
    static DOCUMENTS: RefCell<BTreeMap<u32, DocumentHandle>> = const { RefCell::new(BTreeMap::new()) };
}

/// Installs the worker's message loop: requests `{id, method, args}`, answers `{id, value}` or
/// `{id, error: {message}}`; `{cancel: id}` drops a request that has not started.
#[wasm_bindgen(js_name = serveWorker)]
pub fn serve_worker() -> Result<(), JsValue> {
    browser::serve(call)
}

fn call(method: &str, args: &Array) -> Result<JsValue, JsValue> {
    if let Some(method) = method.strip_prefix("document.") {
        return call_document(method, args);
    }
    let text = |index: u32| args.get(index).as_string().unwrap_or_default();
    let answer = match method {
        "version" => crate::version(),
        "compile" => crate::compile(&text(0), args.get(1))?,
        "canonical" => crate::canonical(&text(0), args.get(1))?,
        "validate" => crate::validate(&text(0), args.get(1))?,
        "format" => crate::format(&text(0)),
        "edit" => crate::edit(&text(0), args.get(1), args.get(2))?,
        "diff" => crate::diff(&text(0), &text(1), args.get(2))?,
        "diagram" => crate::diagram(&text(0), args.get(1))?,
        "render" => crate::render(&text(0), args.get(1))?,
        "layout" => crate::layout(&text(0), &text(1))?,
        "repair" => crate::repair(&text(0))?,
        "answer" => crate::answer(&text(0), args.get(1))?,
        "view" => crate::view(&text(0), args.get(1))?,
        "checkRequest" => crate::check_request(&text(0), args.get(1))?,
        "classify" => crate::classify(&text(0), args.get(1))?,
        "clarify" => crate::clarify(&text(0), args.get(1))?,
        "generate" => crate::generate(&text(0), args.get(1))?,
        "loadAssist" => {
            crate::load_assist(&js_sys::Uint8Array::new(&args.get(0)).to_vec())?;
            return Ok(JsValue::UNDEFINED);
        }
        _ => return Err(Error::new(&format!("the engine has no method `{method}`")).into()),
    };
    Ok(JsValue::from_str(&answer))
}

/// The first argument is the document's handle, a number of the client's choice.
fn call_document(method: &str, args: &Array) -> Result<JsValue, JsValue> {
    let handle = number(&args.get(0)) as u32;
    let text = |index: u32| args.get(index).as_string().unwrap_or_default();
    let at = |index: u32| number(&args.get(index));
    DOCUMENTS.with_borrow_mut(|documents| {
        if method == "open" {
            documents.insert(handle, DocumentHandle::new(&text(1), args.get(2))?);
            return Ok(JsValue::UNDEFINED);
        }
        if method == "free" {
            documents.remove(&handle);
            return Ok(JsValue::UNDEFINED);
        }
        let document =
            documents.get_mut(&handle).ok_or_else(|| Error::new(&format!("no document {handle} is open")))?;
        let answer = match method {
            "source" => document.source(),
            "replace" => {
                document.replace(at(1), at(2), &text(3));
                return Ok(JsValue::UNDEFINED);
            }
            "setBoard" => {
                document.set_board(&text(1));
                return Ok(JsValue::UNDEFINED);
            }
            "relayout" => {
                document.relayout(args.get(1))?;
                return Ok(JsValue::UNDEFINED);
            }
            "edit" => document.edit(args.get(1))?,
            "diagnostics" => document.diagnostics()?,
            "diagram" => document.diagram()?,
            "patch" => document.patch()?,
            "rangeOf" => document.range_of(&text(1))?,
            "idAt" => document.id_at(at(1))?,
            "tokens" => document.tokens(at(1), at(2))?,
            "complete" => document.complete(at(1))?,
            "hover" => document.hover(at(1))?,
            "definition" => document.definition(at(1))?,
            "references" => document.references(at(1))?,
            "outline" => document.outline()?,
            "folding" => document.folding()?,
            "rename" => document.rename(at(1), &text(2))?,
            "drawing" => document.drawing()?,
            _ => return Err(Error::new(&format!("a document has no method `{method}`")).into()),
        };
        Ok(JsValue::from_str(&answer))
    })
}

/// A number that came as one; anything else is 0.
fn number(value: &JsValue) -> usize {
    value.as_f64().filter(|n| n.is_finite() && *n >= 0.0).unwrap_or(0.0) as usize
}
