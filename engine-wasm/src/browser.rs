//! What touches the browser: the worker's message loop, the clock, the console, canvas text metrics.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use js_sys::{Array, Object, Reflect};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

/// Milliseconds since some fixed time. The core has no clock; deadlines are made of this one.
pub(crate) fn now_ms() -> f64 {
    js_sys::Date::now()
}

/// Sends panics to the console with their place, once. A panic is a defect of the engine: it traps the
/// instance, and whoever holds it makes a new one.
pub(crate) fn report_panics() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        std::panic::set_hook(Box::new(|info| {
            web_sys::console::error_1(&JsValue::from_str(&format!("spandrel: {info}")));
        }));
    });
}

/// A request that waits for its turn.
struct Request {
    id: JsValue,
    method: String,
    args: Array,
}

/// Installs the message loop of a dedicated worker.
///
/// Requests are `{id, method, args}`; answers `{id, value}` or `{id, error: {message}}`. One request runs
/// a turn of the event loop, so that a `{cancel: id}` which arrives meanwhile is seen before the request
/// it names has started; what is cancelled gets no answer.
pub(crate) fn serve(call: fn(&str, &Array) -> Result<JsValue, JsValue>) -> Result<(), JsValue> {
    let scope: DedicatedWorkerGlobalScope = js_sys::global()
        .dyn_into()
        .map_err(|_| js_sys::Error::new("serveWorker() runs in a dedicated worker only"))?;
    let queue: Rc<RefCell<VecDeque<Request>>> = Rc::default();
    let answering = scope.clone();
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        let data = event.data();
        let member = |name: &str| Reflect::get(&data, &JsValue::from_str(name)).unwrap_or(JsValue::UNDEFINED);
        let cancelled = member("cancel");
        if !cancelled.is_undefined() {
            queue.borrow_mut().retain(|request| request.id != cancelled);
            return;
        }
        let args = member("args").dyn_into().unwrap_or_default();
        queue.borrow_mut().push_back(Request {
            id: member("id"),
            method: member("method").as_string().unwrap_or_default(),
            args,
        });
        let queue = Rc::clone(&queue);
        let scope = answering.clone();
        Timeout::new(0, move || {
            let next = queue.borrow_mut().pop_front();
            if let Some(request) = next {
                answer(&scope, &request, call(&request.method, &request.args));
            }
        })
        .forget();
    });
    scope.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    // The loop lives as long as the worker.
    on_message.forget();
    Ok(())
}

fn answer(scope: &DedicatedWorkerGlobalScope, request: &Request, result: Result<JsValue, JsValue>) {
    let message = Object::new();
    let set = |name: &str, value: &JsValue| {
        let _ = Reflect::set(&message, &JsValue::from_str(name), value);
    };
    set("id", &request.id);
    match result {
        Ok(value) => set("value", &value),
        Err(error) => {
            let text = Reflect::get(&error, &JsValue::from_str("message")).ok().and_then(|m| m.as_string());
            let inner = Object::new();
            let text = JsValue::from_str(&text.unwrap_or_else(|| format!("{error:?}")));
            let _ = Reflect::set(&inner, &JsValue::from_str("message"), &text);
            set("error", &inner);
        }
    }
    if let Err(error) = scope.post_message(&message) {
        web_sys::console::error_2(&JsValue::from_str("spandrel: an answer could not be sent"), &error);
    }
}
