//! The document that an editor holds on to.

use spandrel_engine::wire::{Op, Options, Relayout};
use spandrel_engine::{Document, Engine};
use wasm_bindgen::prelude::*;

use crate::convert::{json, options, required};
use crate::with_engine;

#[wasm_bindgen]
pub struct DocumentHandle {
    document: Document,
    options: Options,
}

impl DocumentHandle {
    fn with<T>(&mut self, call: impl FnOnce(&mut Document, &Engine<'_>) -> T) -> T {
        let document = &mut self.document;
        with_engine(&self.options, |engine| call(document, engine))
    }
}

#[wasm_bindgen]
impl DocumentHandle {
    #[wasm_bindgen(constructor)]
    pub fn new(source: &str, opts: JsValue) -> Result<DocumentHandle, JsValue> {
        let options: Options = options(opts)?;
        Ok(Self { document: Document::open(source, &options), options })
    }

    pub fn source(&self) -> String {
        self.document.source().to_owned()
    }

    pub fn replace(&mut self, from: usize, to: usize, text: &str) {
        self.with(|document, engine| document.replace(engine, from, to, text));
    }

    #[wasm_bindgen(js_name = setBoard)]
    pub fn set_board(&mut self, path: &str) {
        self.document.set_board(path);
    }

    pub fn edit(&mut self, op: JsValue) -> Result<String, JsValue> {
        let op: Op = required(op)?;
        json(&self.with(|document, engine| document.edit(engine, &op)))
    }

    pub fn diagnostics(&mut self) -> Result<String, JsValue> {
        json(&self.with(Document::diagnostics))
    }

    pub fn diagram(&mut self) -> Result<String, JsValue> {
        json(&self.with(Document::diagram))
    }

    pub fn patch(&mut self) -> Result<String, JsValue> {
        json(&self.with(Document::patch))
    }

    pub fn relayout(&mut self, opts: JsValue) -> Result<(), JsValue> {
        let how: Relayout = crate::convert::options(opts)?;
        self.document.relayout(&how);
        Ok(())
    }

    #[wasm_bindgen(js_name = rangeOf)]
    pub fn range_of(&mut self, id: &str) -> Result<String, JsValue> {
        json(&self.with(|document, engine| document.range_of(engine, id)))
    }

    #[wasm_bindgen(js_name = idAt)]
    pub fn id_at(&mut self, offset: usize) -> Result<String, JsValue> {
        json(&self.with(|document, engine| document.id_at(engine, offset)))
    }

    pub fn tokens(&mut self, from: usize, to: usize) -> Result<String, JsValue> {
        json(&self.with(|document, engine| document.tokens(engine, from, to)))
    }

    pub fn complete(&mut self, offset: usize) -> Result<String, JsValue> {
        json(&self.with(|document, engine| document.complete(engine, offset)))
    }

    pub fn hover(&mut self, offset: usize) -> Result<String, JsValue> {
        json(&self.with(|document, engine| document.hover(engine, offset)))
    }

    pub fn definition(&mut self, offset: usize) -> Result<String, JsValue> {
        json(&self.with(|document, engine| document.definition(engine, offset)))
    }

    pub fn references(&mut self, offset: usize) -> Result<String, JsValue> {
        json(&self.with(|document, engine| document.references(engine, offset)))
    }

    pub fn outline(&mut self) -> Result<String, JsValue> {
        json(&self.with(Document::outline))
    }

    pub fn folding(&mut self) -> Result<String, JsValue> {
        json(&self.with(Document::folding))
    }

    pub fn rename(&mut self, offset: usize, name: &str) -> Result<String, JsValue> {
        json(&self.with(|document, engine| document.rename(engine, offset, name)))
    }

    pub fn drawing(&mut self) -> Result<String, JsValue> {
        json(&self.with(Document::drawing))
    }
}
